"""HIPS autograd (the package `autograd` on PyPI, of another project)."""

from importlib.metadata import version as version_of

import autograd.numpy as anp
import numpy as np

from autograd import make_vjp, value_and_grad

version = version_of("autograd")


def record(program, numbers):
    """See `benchmarks.engines`."""
    pull, y = make_vjp(lambda xs: program(xs, anp.exp))(list(numbers))
    return float(y), lambda: [float(x) for x in pull(1.0)]


def rosenbrock(_n):
    """x ↦ (f, gradient), written for whole vectors."""

    def f(x):
        a, b = x[:-1], x[1:]
        return anp.sum(100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2)

    both = value_and_grad(f)

    def value_and_gradient(x):
        y, gradient = both(np.array(x))
        return float(y), gradient.tolist()

    return value_and_gradient
