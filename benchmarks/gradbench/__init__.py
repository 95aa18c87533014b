"""The library as a tool of GradBench (github.com/gradbench/gradbench), a suite of programs for differentiators."""
