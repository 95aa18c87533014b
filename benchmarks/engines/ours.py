"""This library, in C or in Python as the environment variable AUTOGRAD_PURE_PYTHON says."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

import autograd
from autograd import Value, value

if value.engine != ("python" if os.environ.get("AUTOGRAD_PURE_PYTHON") == "1" else "c"):
    raise ImportError("the C accelerator is not built: pip install -e .")

exp = autograd.exp
version = f"{autograd.__version__} ({value.engine})"


def record(program, numbers):
    """See `benchmarks.engines`."""
    xs = [Value(x) for x in numbers]
    y = program(xs, exp)

    def sweep():
        y.backward()
        return [x.grad for x in xs]

    return y.data, sweep
