"""SciPy's minimisers, root finders and stiff integrators, with derivatives of this library, on problems everybody knows.

The problems are the 35 of J. J. Moré, B. S. Garbow and K. E. Hillstrom, "Testing unconstrained optimization software", ACM
Transactions on Mathematical Software 7 (1981), pages 17 to 41: formulas, data, starting points and minima are the paper's.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from mpmath import mp

import autograd
from autograd import atan, cos, exp, grad, hessian, hvp, jacobian, prod, sin, sqrt, value_and_grad, vjp, where

np = pytest.importorskip("numpy")
optimize = pytest.importorskip("scipy.optimize")
integrate = pytest.importorskip("scipy.integrate")


@dataclass(frozen=True)
class Problem:
    """To make f(x) = r₁(x)² + … + rₘ(x)² small: where to start, the values of f at its minima, the residuals."""

    start: list[float]
    minima: list[float]
    residuals: Callable[[list], list]

    def f(self, x):
        return sum(r * r for r in self.residuals(x))

    def reached(self, x):
        """Whether x is at a minimum, to four digits of f."""
        found = self.f(x.tolist())
        return any(abs(found - m) <= (1e-4 * m or 1e-8) for m in self.minima)


# ---- residuals that take more than a line; i, j and t are the paper's


def helical_valley(x):
    turn = atan(x[1] / x[0]) / (2 * math.pi) + where(x[0] > 0, 0.0, 0.5)
    return [10 * (x[2] - 10 * turn), 10 * (sqrt(x[0] ** 2 + x[1] ** 2) - 1), x[2]]


def biggs_exp6(x):
    data = [(t, math.exp(-t) - 5 * math.exp(-10 * t) + 3 * math.exp(-4 * t)) for t in (i / 10 for i in range(1, 14))]
    return [x[2] * exp(-t * x[0]) - x[3] * exp(-t * x[1]) + x[5] * exp(-t * x[4]) - y for t, y in data]


def osborne_2(x):
    def model(t):
        return x[0] * exp(-t * x[4]) + sum(x[k] * exp(-((t - x[k + 7]) ** 2) * x[k + 4]) for k in (1, 2, 3))

    return [y - model(i / 10) for i, y in enumerate(OSBORNE_2)]


def watson(x):
    def residual(t):
        return sum(j * x[j] * t ** (j - 1) for j in range(1, len(x))) - sum(a * t**j for j, a in enumerate(x)) ** 2 - 1

    return [*(residual(i / 29) for i in range(1, 30)), x[0], x[1] - x[0] ** 2 - 1]


def penalty_2(x):
    n, scale, powers = len(x), 1e-5**0.5, [exp(a / 10) for a in x]
    pairs = [powers[i] + powers[i - 1] - math.exp((i + 1) / 10) - math.exp(i / 10) for i in range(1, n)]
    singles = [p - math.exp(-0.1) for p in powers[1:]]
    return [x[0] - 0.2, *(scale * r for r in pairs + singles), sum((n - j) * a**2 for j, a in enumerate(x)) - 1]


def variably_dimensioned(x):
    total = sum(j * (a - 1) for j, a in enumerate(x, 1))
    return [*(a - 1 for a in x), total, total**2]


def trigonometric(x):
    total = sum(cos(a) for a in x)
    return [len(x) - total + i * (1 - cos(a)) - sin(a) for i, a in enumerate(x, 1)]


def discrete_boundary_value(x):
    n, padded = len(x), [0.0, *x, 0.0]
    cubes = [(a + i / (n + 1) + 1) ** 3 / (2 * (n + 1) ** 2) for i, a in enumerate(padded)]
    return [2 * padded[i] - padded[i - 1] - padded[i + 1] + cubes[i] for i in range(1, n + 1)]


def discrete_integral_equation(x):
    h = 1 / (len(x) + 1)
    cubes = [(h * j, (a + h * j + 1) ** 3) for j, a in enumerate(x, 1)]

    def integral(i, t):
        return (1 - t) * sum(s * c for s, c in cubes[:i]) + t * sum((1 - s) * c for s, c in cubes[i:])

    return [a + h * integral(i, h * i) / 2 for i, a in enumerate(x, 1)]


def broyden_tridiagonal(x):
    return [(3 - 2 * a) * a - before - 2 * after + 1 for before, a, after in zip([0.0, *x], x, [*x[1:], 0.0])]


def broyden_banded(x):
    bands = [[a for j, a in enumerate(x) if i - 5 <= j <= i + 1 and j != i] for i in range(len(x))]
    return [a * (2 + 5 * a**2) + 1 - sum(b * (1 + b) for b in band) for a, band in zip(x, bands)]


def linear_full_rank(x, m=10):
    total = 2 / m * sum(x)
    return [*(a - total - 1 for a in x), *[-total - 1] * (m - len(x))]


def linear_rank_1(x, m=10):
    total = sum(j * a for j, a in enumerate(x, 1))
    return [i * total - 1 for i in range(1, m + 1)]


def chebyquad(x):
    shifted, residuals = [2 * a - 1 for a in x], []
    before, now = [1.0] * len(x), shifted
    for i in range(1, len(x) + 1):
        residuals.append(sum(now) / len(x) + (0 if i % 2 else 1 / (i * i - 1)))
        before, now = now, [2 * s * b - a for s, a, b in zip(shifted, before, now)]
    return residuals


# ---- the problems

# fmt: off
BARD = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39]
GAUSSIAN = [
    0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989, 0.3521, 0.2420, 0.1295, 0.0540, 0.0175, 0.0044, 0.0009,
]
MEYER = [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872]
KOWALIK = [(0.1957, 4.0), (0.1947, 2.0), (0.1735, 1.0), (0.1600, 0.5), (0.0844, 0.25), (0.0627, 0.167), (0.0456, 0.125),
           (0.0342, 0.1), (0.0323, 0.0833), (0.0235, 0.0714), (0.0246, 0.0625)]
OSBORNE_1 = [
    0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628, 0.603, 0.580,
    0.558, 0.538, 0.522, 0.506, 0.490, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.420, 0.414, 0.411, 0.406,
]
OSBORNE_2 = [
    1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608, 0.655, 0.616, 0.606, 0.602,
    0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661, 0.612, 0.558, 0.533, 0.495, 0.500, 0.423, 0.395, 0.375,
    0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653, 0.672, 0.708, 0.633, 0.668, 0.645, 0.632, 0.591,
    0.559, 0.597, 0.625, 0.739, 0.710, 0.729, 0.720, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098, 0.054,
]
GRID = [t * (t - 1) for t in (j / 11 for j in range(1, 11))]

PROBLEMS = {
    "rosenbrock": Problem([-1.2, 1.0], [0.0], lambda x: [10 * (x[1] - x[0] ** 2), 1 - x[0]]),
    "freudenstein_roth": Problem([0.5, -2.0], [0.0, 48.9842], lambda x: [
        -13 + x[0] + ((5 - x[1]) * x[1] - 2) * x[1], -29 + x[0] + ((x[1] + 1) * x[1] - 14) * x[1]]),
    "powell_badly_scaled": Problem([0.0, 1.0], [0.0], lambda x: [1e4 * x[0] * x[1] - 1, exp(-x[0]) + exp(-x[1]) - 1.0001]),
    "brown_badly_scaled": Problem([1.0, 1.0], [0.0], lambda x: [x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2]),
    "beale": Problem([1.0, 1.0], [0.0], lambda x: [y - x[0] * (1 - x[1] ** i) for i, y in ((1, 1.5), (2, 2.25), (3, 2.625))]),
    "jennrich_sampson": Problem([0.3, 0.4], [124.362], lambda x: [
        2 + 2 * i - (exp(i * x[0]) + exp(i * x[1])) for i in range(1, 11)]),
    "helical_valley": Problem([-1.0, 0.0, 0.0], [0.0], helical_valley),
    "bard": Problem([1.0, 1.0, 1.0], [8.21487e-3, 17.4286], lambda x: [  # at (0.8406, −∞, −∞)
        y - (x[0] + i / ((16 - i) * x[1] + min(i, 16 - i) * x[2])) for i, y in enumerate(BARD, 1)]),
    "gaussian": Problem([0.4, 1.0, 0.0], [1.12793e-8], lambda x: [
        x[0] * exp(-x[1] * ((8 - i) / 2 - x[2]) ** 2 / 2) - y for i, y in enumerate(GAUSSIAN, 1)]),
    "meyer": Problem([0.02, 4000.0, 250.0], [87.9458], lambda x: [
        x[0] * exp(x[1] / (45 + 5 * i + x[2])) - y for i, y in enumerate(MEYER, 1)]),
    "gulf": Problem([5.0, 2.5, 0.15], [0.0], lambda x: [  # the paper's "yᵢ m i x₂" is read as yᵢ − x₂, as all do
        exp(-(abs(25 + (-50 * math.log(i / 100)) ** (2 / 3) - x[1]) ** x[2]) / x[0]) - i / 100 for i in range(1, 11)]),
    "box": Problem([0.0, 10.0, 20.0], [0.0], lambda x: [
        exp(-t * x[0]) - exp(-t * x[1]) - x[2] * (math.exp(-t) - math.exp(-10 * t)) for t in (i / 10 for i in range(1, 11))]),
    "powell_singular": Problem([3.0, -1.0, 0.0, 1.0], [0.0], lambda x: [
        x[0] + 10 * x[1], 5**0.5 * (x[2] - x[3]), (x[1] - 2 * x[2]) ** 2, 10**0.5 * (x[0] - x[3]) ** 2]),
    "wood": Problem([-3.0, -1.0, -3.0, -1.0], [0.0], lambda x: [
        10 * (x[1] - x[0] ** 2), 1 - x[0], 90**0.5 * (x[3] - x[2] ** 2), 1 - x[2], 10**0.5 * (x[1] + x[3] - 2),
        (x[1] - x[3]) / 10**0.5]),
    "kowalik_osborne": Problem([0.25, 0.39, 0.415, 0.39], [3.07505e-4, 1.02734e-3], lambda x: [  # at (∞, −14.07, −∞, −∞)
        y - x[0] * (u * u + u * x[1]) / (u * u + u * x[2] + x[3]) for y, u in KOWALIK]),
    "brown_dennis": Problem([25.0, 5.0, -5.0, -1.0], [85822.2], lambda x: [
        (x[0] + t * x[1] - math.exp(t)) ** 2 + (x[2] + x[3] * math.sin(t) - math.cos(t)) ** 2
        for t in (i / 5 for i in range(1, 21))]),
    "osborne_1": Problem([0.5, 1.5, -1.0, 0.01, 0.02], [5.46489e-5], lambda x: [
        y - (x[0] + x[1] * exp(-10 * i * x[3]) + x[2] * exp(-10 * i * x[4])) for i, y in enumerate(OSBORNE_1)]),
    "biggs_exp6": Problem([1.0, 2.0, 1.0, 1.0, 1.0, 1.0], [0.0, 5.65565e-3], biggs_exp6),
    "osborne_2": Problem([1.3, 0.65, 0.65, 0.7, 0.6, 3.0, 5.0, 7.0, 2.0, 4.5, 5.5], [4.01377e-2], osborne_2),
    "watson": Problem([0.0] * 6, [2.28767e-3], watson),
    "extended_rosenbrock": Problem([-1.2, 1.0] * 5, [0.0], lambda x: [
        r for i in range(0, len(x), 2) for r in PROBLEMS["rosenbrock"].residuals(x[i : i + 2])]),
    "extended_powell": Problem([3.0, -1.0, 0.0, 1.0] * 3, [0.0], lambda x: [
        r for i in range(0, len(x), 4) for r in PROBLEMS["powell_singular"].residuals(x[i : i + 4])]),
    "penalty_1": Problem([1.0, 2.0, 3.0, 4.0], [2.24997e-5], lambda x: [
        *(1e-5**0.5 * (a - 1) for a in x), sum(a**2 for a in x) - 0.25]),
    "penalty_2": Problem([0.5] * 4, [9.37629e-6], penalty_2),
    "variably_dimensioned": Problem([1 - j / 10 for j in range(1, 11)], [0.0], variably_dimensioned),
    "trigonometric": Problem([0.1] * 10, [0.0, 2.79506e-5], trigonometric),
    "brown_almost_linear": Problem([0.5] * 10, [0.0, 1.0], lambda x: [
        *(a + sum(x) - (len(x) + 1) for a in x[:-1]), prod(x) - 1]),
    "discrete_boundary_value": Problem(GRID, [0.0], discrete_boundary_value),
    "discrete_integral_equation": Problem(GRID, [0.0], discrete_integral_equation),
    "broyden_tridiagonal": Problem([-1.0] * 10, [0.0], broyden_tridiagonal),
    "broyden_banded": Problem([-1.0] * 10, [0.0, 3.05728], broyden_banded),  # the second is not in the paper; see below
    "linear_full_rank": Problem([1.0] * 5, [5.0], linear_full_rank),  # m − n
    "linear_rank_1": Problem([1.0] * 5, [90 / 42], linear_rank_1),  # m (m − 1) / 2 (2m + 1)
    "linear_rank_1_with_zeros": Problem([1.0] * 5, [124 / 34], lambda x: [  # (m² + 3m − 6) / 2 (2m − 3)
        -1.0, *(i * sum(j * a for j, a in enumerate(x[1:-1], 2)) - 1 for i in range(1, 9)), -1.0]),
    "chebyquad": Problem([j / 9 for j in range(1, 9)], [3.51687e-3], chebyquad),
}
# fmt: on


# ---- derivatives where the search starts


def slopes(f, x, v, h):
    """The derivative of a list of numbers in a direction, by a central difference."""
    above, below = (f([a + step * b for a, b in zip(x, v)]) for step in (h, -h))
    return [(a - b) / (2 * h) for a, b in zip(above, below)]


def by_differences(residuals, x):
    """The Jacobian, its columns first."""
    return [slopes(residuals, x, [float(i == j) for i in range(len(x))], mp.mpf(10) ** -20) for j in range(len(x))]


def near(got, true, sizes, tolerance):
    """Whether numbers agree, relative to the sizes of what was added up to get them."""
    return bool(np.all(np.abs(np.array(got) - np.array(true, dtype=float)) <= tolerance * np.array(sizes, dtype=float)))


@pytest.mark.parametrize("name", PROBLEMS)
def test_derivatives_are_those_of_60_digits(monkeypatch, name):
    """By differences, of the same formulas over mpmath's numbers: no digit that a float has is lost to them."""
    f, residuals, x = PROBLEMS[name].f, PROBLEMS[name].residuals, PROBLEMS[name].start
    v = [(-1) ** j / (j + 1) for j in range(len(x))]
    r, j, h = np.array(residuals(x)), np.array(jacobian(residuals)(x)), np.array(hessian(f)(x))
    gradient, product = grad(f)(x), hvp(f, (x,), (v,))
    pulled = vjp(residuals, x)[1]([2.0 * a for a in r])[0]
    for other in ("exp", "cos", "sin", "atan", "sqrt"):
        monkeypatch.setitem(globals(), other, getattr(mp, other))
    monkeypatch.setitem(globals(), "prod", mp.fprod)
    monkeypatch.setitem(globals(), "where", lambda condition, a, b: a if condition else b)
    with mp.workdps(60):
        true = np.array(by_differences(residuals, list(map(mp.mpf, x)))).T
        moved = slopes(
            lambda y: [2 * mp.fdot(column, residuals(y)) for column in by_differences(residuals, y)],
            list(map(mp.mpf, x)), v, mp.mpf(10) ** -10,
        )  # fmt: skip
    assert near(j, true, np.abs(true).max(axis=1, keepdims=True), 1e-12)
    sizes = 2 * np.abs(j).T @ np.abs(r)
    assert near(gradient, 2 * j.T @ r, sizes, 1e-12)
    assert near(pulled, gradient, sizes, 1e-12)
    sizes = np.abs(h) @ np.abs(v) + 1e-3 * np.abs(h).max()
    assert near(product, moved, sizes, 1e-10)
    assert near(h @ v, product, sizes, 1e-12)
    assert near(h, h.T, np.abs(h).max(), 1e-12)


# ---- least squares

NOT_BY_LEAST_SQUARES = {
    ("lm", "gulf"): "creeps along a curved valley: f is 3e-5 after 1,000 evaluations",
    ("dogbox", "gulf"): "steps to x₁ = 0, by which the residuals divide",
    ("dogbox", "biggs_exp6"): "creeps along a curved valley: f is 5e-3 after 1,000 evaluations",
}


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("method", ["trf", "dogbox", "lm"])
def test_least_squares_reaches_a_minimum(method, name):
    """All 35 are solved by the first method; where the search ends the gradient is 0 and no direction leads down."""
    problem = PROBLEMS[name]
    options = {"method": method, "x_scale": "jac", "max_nfev": 1000, "xtol": 1e-14, "ftol": 1e-14, "gtol": 1e-14}
    jac = jacobian(problem.residuals)
    try:
        found = optimize.least_squares(lambda x: problem.residuals(x.tolist()), problem.start, jac=jac, **options)
    except ZeroDivisionError:
        found = None
    reached = found is not None and problem.reached(found.x)
    assert reached or (method, name) in NOT_BY_LEAST_SQUARES, found
    if reached:
        sizes = np.abs(found.jac).T @ (np.abs(found.fun) + 1e-6)
        assert near(grad(problem.f)(found.x), 0.0, sizes.max(), 1e-4)
        curvatures = np.linalg.eigvalsh(hessian(problem.f)(found.x))
        assert curvatures[0] >= -1e-10 * curvatures[-1]


# ---- minimisation

METHODS = {
    "CG": (None, {"gtol": 1e-9, "maxiter": 2500}),
    "BFGS": (None, {"gtol": 1e-10, "maxiter": 1000}),
    "Newton-CG": ("hessp", {"xtol": 1e-12, "maxiter": 300}),
    "L-BFGS-B": (None, {"ftol": 0.0, "gtol": 1e-10, "maxls": 50, "maxiter": 2000, "maxfun": 4000}),
    "TNC": (None, {"ftol": 0.0, "gtol": 1e-10, "xtol": 0.0, "maxfun": 2000}),
    "SLSQP": (None, {"ftol": 1e-20, "maxiter": 1000}),
    "dogleg": ("hess", {"gtol": 1e-10, "maxiter": 300}),
    "trust-ncg": ("hessp", {"gtol": 1e-10, "maxiter": 500, "max_trust_radius": 1e8}),
    "trust-krylov": ("hessp", {"gtol": 1e-8, "maxiter": 500, "max_trust_radius": 1e8}),
    "trust-exact": ("hess", {"gtol": 1e-10, "maxiter": 500, "max_trust_radius": 1e8}),
    "trust-constr": ("hess", {"gtol": 1e-10, "xtol": 1e-12, "maxiter": 1200}),
}
"""Every method of `minimize` that takes derivatives: which second ones, and its options."""

STEEP = "a curved valley with curvatures that are many powers of ten apart: steps get too small"
SCALE = "the unknowns are of sizes 1e-5 and 10, or 1e6 and 1e-6, and this method knows no scale: steps get too small"
FLAT = "goes to where f is flat in every digit, far from any minimum"
LARGE = "steps to where exp is too large for a float: RangeError"
LINE = "its line search finds no step it likes"
TINY = "takes curvatures below 3 ulps of 1 for 0, whatever the scale of f: ends with three digits of the minimum"
BROKEN = "ends before the minimum: 'a bad approximation caused failure to predict improvement'"
SADDLE = "stays near the saddle with f = 7.87"

UNSOLVED = {
    "CG": {"meyer": STEEP, "gulf": LINE, "variably_dimensioned": LINE},
    "BFGS": {},
    "Newton-CG": {"meyer": STEEP, "gulf": STEEP, "wood": SADDLE, "penalty_1": TINY, "penalty_2": TINY},
    "L-BFGS-B": {"powell_badly_scaled": SCALE, "jennrich_sampson": LARGE, "meyer": STEEP},
    "TNC": {"powell_badly_scaled": SCALE, "brown_badly_scaled": SCALE, "meyer": STEEP, "gulf": STEEP},
    "SLSQP": {"jennrich_sampson": FLAT, "meyer": FLAT, "gulf": FLAT, "box": LARGE, "osborne_1": LARGE},
    "dogleg": dict.fromkeys(
        ["powell_badly_scaled", "brown_badly_scaled", "beale", "helical_valley", "meyer", "gulf", "box", "wood",
         "kowalik_osborne", "osborne_1", "biggs_exp6", "osborne_2", "trigonometric", "brown_almost_linear",
         "linear_rank_1", "linear_rank_1_with_zeros", "chebyquad"],
        "comes to a Hessian that is not positive definite, mostly that of the start",
    ),
    "trust-ncg": {"meyer": STEEP},
    "trust-krylov": {"meyer": BROKEN, "gulf": STEEP, "penalty_1": BROKEN},
    "trust-exact": {},
    "trust-constr": {"osborne_1": STEEP},
}  # fmt: skip
"""What a method does not solve from the standard start, with exact derivatives, and why; it solves all others."""

UNDECIDED = {("SLSQP", "powell_badly_scaled"), ("SLSQP", "brown_badly_scaled")}
"""Solved by the SLSQP of SciPy 1.11 and 1.14, not by that of 1.17, which calls a subproblem rank-deficient."""


QUICK = {"BFGS", "SLSQP", "dogleg", "trust-exact"} if autograd.engine == "c" else set()
LONG = {"meyer", "gulf", "osborne_1", "biggs_exp6", "osborne_2", "watson", "penalty_2"}
PAIRS = [
    pytest.param(method, name, marks=pytest.mark.nightly if name in LONG and method not in QUICK else ())
    for method in METHODS
    for name in PROBLEMS
]


@pytest.mark.parametrize(("method", "name"), PAIRS)
def test_minimize_reaches_a_minimum(method, name):
    """With our gradients, Hessians and their products, from the standard start; what may not be reached is in the table."""
    problem = PROBLEMS[name]
    second, options = METHODS[method]
    ways = {"hess": hessian(problem.f), "hessp": lambda x, v: hvp(problem.f, (x,), (v,))}
    more = {second: ways[second]} if second else {}
    start = np.array(problem.start)
    why = UNSOLVED[method].get(name)
    try:
        with np.errstate(all="ignore"):  # SciPy's own arithmetic overflows here and there
            found = optimize.minimize(value_and_grad(problem.f), start, jac=True, method=method, options=options, **more)
    except autograd.RangeError:
        assert why == LARGE
        return
    if (method, name) not in UNDECIDED:
        assert problem.reached(found.x) or why, found


def test_a_minimum_that_is_not_in_the_paper():
    """Two methods end here: the gradient is 0, and the Hessian positive definite."""
    f = PROBLEMS["broyden_banded"].f
    start = [0.21, 0.26, 0.23, 0.2, 0.2, 0.22, 0.16, 0.05, -0.08, -0.15]
    x = optimize.minimize(f, start, jac=grad(f), hess=hessian(f), method="dogleg", options={"gtol": 1e-12}).x
    assert f(x.tolist()) == pytest.approx(3.05728, rel=1e-5)
    assert np.linalg.norm(grad(f)(x)) < 1e-8
    assert np.linalg.eigvalsh(hessian(f)(x))[0] > 0.2


# ---- systems of equations

SQUARE = {name: (p.residuals, p.start) for name, p in PROBLEMS.items() if len(p.residuals(p.start)) == len(p.start)}
SQUARE["chebyquad"] = (chebyquad, [j / 10 for j in range(1, 10)])  # of eight there is no root
SQUARE["linear_full_rank"] = (lambda x: linear_full_rank(x, len(x)), [1.0] * 5)


@pytest.mark.parametrize("name", SQUARE)
@pytest.mark.parametrize("method", ["hybr", "lm"])
def test_root_solves_square_systems(method, name):
    """But for two that lead to a minimum other than 0, from the standard start, and are known for it."""
    residuals, start = SQUARE[name]
    options = {"xtol": 1e-12}
    found = optimize.root(lambda x: residuals(x.tolist()), start, jac=jacobian(residuals), method=method, options=options)
    solved = np.abs(found.fun).max() < 1e-10
    assert solved == (name not in {"freudenstein_roth", "trigonometric"}), found


# ---- stiff differential equations


def robertson(t, y):
    slow, fast = 0.04 * y[0] - 1e4 * y[1] * y[2], 3e7 * y[1] ** 2
    return [-slow, slow - fast, fast]


def robertson_by_hand(y):
    return [[-0.04, 1e4 * y[2], 1e4 * y[1]], [0.04, -1e4 * y[2] - 6e7 * y[1], -1e4 * y[1]], [0.0, 6e7 * y[1], 0.0]]


def van_der_pol(t, y):
    return [y[1], ((1 - y[0] ** 2) * y[1] - y[0]) * 1e6]


def van_der_pol_by_hand(y):
    return [[0.0, 1.0], [(-2 * y[0] * y[1] - 1) * 1e6, (1 - y[0] ** 2) * 1e6]]


STIFF = [
    (robertson, robertson_by_hand, [1.0, 0.0, 0.0], 1e11, [0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050]),
    (van_der_pol, van_der_pol_by_hand, [2.0, 0.0], 2.0, [1.706167732170483, -0.8928097010247975]),
]
"""Problems, and solutions at the end, of F. Mazzia and C. Magherini, Test Set for Initial Value Problem Solvers 2.4 (2008)."""


@pytest.mark.parametrize(("f", "by_hand", "start", "end", "true"), STIFF, ids=[row[0].__name__ for row in STIFF])
@pytest.mark.parametrize("method", ["Radau", "BDF", "LSODA"])
def test_stiff_equations_are_integrated(method, f, by_hand, start, end, true):
    jac = jacobian(f, 1)
    options = {"method": method, "rtol": 1e-8, "atol": 1e-10 * np.abs(true)}
    found = integrate.solve_ivp(lambda t, y: f(t, y.tolist()), (0.0, end), start, jac=jac, **options)
    assert found.success and found.njev
    assert found.y[:, -1] == pytest.approx(true, rel=1e-6)
    for y in found.y.T[:: len(found.t) // 20]:
        assert near(jac(0.0, y), by_hand(y), np.abs(by_hand(y)), 1e-14)
