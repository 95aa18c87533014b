"""Rosenbrock's function of n variables, value and gradient, as an optimiser of SciPy asks for them.

    f(x) = Σ 100·(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²

Scalar engines run the loop over numbers; the others have it written for whole vectors, as their manuals advise.
"""

from itertools import pairwise

from benchmarks.engines import load
from benchmarks.workloads import Stopwatch, collector


def point(n):
    """Where it is evaluated."""
    return [1.0 + 0.5 * ((i * 7) % 11 - 5) / 5.0 for i in range(n)]


def measure(engine, n, state="off"):
    """Microseconds for a value and its gradient: the mean of as many as take a tenth of a second; the check is both."""
    module = load(engine)
    f = module.rosenbrock(n) if hasattr(module, "rosenbrock") else _scalar(module)
    x = _argument(n)
    f(x)
    with collector(state):
        watch, seconds, times = Stopwatch(), 0.0, 0
        while seconds < 0.1:
            y, gradient = f(x)
            seconds += watch.lap()
            times += 1
    return {"microseconds": seconds / times * 1e6, "check": [float(y), *(float(g) for g in gradient[:3])]}


def _argument(n):
    """SciPy's x is a NumPy array, where there is NumPy."""
    try:
        import numpy as np
    except ImportError:
        return point(n)
    return np.array(point(n))


def _scalar(module):
    if not hasattr(module, "autograd"):  # micrograd and the like: no more than numbers and backward()
        return lambda x: _by_hand(module, x)
    add = module.autograd.sum
    return module.autograd.value_and_grad(lambda x: add([100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x)]))


def _by_hand(module, x):
    y, sweep = module.record(lambda xs, _: sum(100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(xs)), x)
    return y, sweep()
