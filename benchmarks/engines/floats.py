"""Plain floats and no derivative at all: what CPython itself takes for the program, the limit of any engine it calls."""

import math
import platform

version = platform.python_version()


def record(program, numbers):
    """See `benchmarks.engines`; there is no gradient."""
    return program(list(numbers), math.exp), None
