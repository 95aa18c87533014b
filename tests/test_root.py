"""Roots of equations, and the derivatives of the implicit functions that they are."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import ConvergenceError, DerivativeError, DomainError, Value, grad, gradcheck, hessian, jacobian, root, taylor


def square_root(a, **options):
    return root(lambda x, a: x * x - a, 1.0, a, **options)


def test_roots_of_one_and_several_unknowns():
    assert root(lambda x: autograd.cos(x) - x, 1.0) == pytest.approx(0.7390851332151607, rel=1e-15)
    assert root(lambda x: x - 1.0, 1) == 1.0
    assert root(autograd.atan, 3.0) == 0.0  # plain Newton runs away from 3
    found = root(lambda x: [x[0] ** 2 + x[1] ** 2 - 2.0, x[0] - x[1]], [2.0, 0.5])
    assert found == pytest.approx([1.0, 1.0], rel=1e-14)
    with pytest.raises(ConvergenceError, match="after 100 steps"):
        root(lambda x: x**3, 1.0)  # of a triple root each step takes a third off


def test_the_derivative_is_that_of_the_implicit_function():
    derivative, exact = square_root, 2.0**0.5
    for k in range(7):
        assert derivative(2.0) == pytest.approx(exact, rel=1e-9), k
        derivative, exact = grad(derivative), exact * (0.5 - k) / 2.0
    assert autograd.jvp(square_root, (2.0,), (1.0,))[1] == pytest.approx(0.5 / 2.0**0.5)
    assert gradcheck(square_root, 2.0)
    w = Value(2.0)
    root(lambda x: x**3 - w, 1.0).backward()  # what f closes over
    assert w.grad == pytest.approx(2.0 ** (-2 / 3) / 3)
    assert grad(lambda p: root(lambda x, p: x * p["b"] - p["a"], 1.0, p))({"a": 6.0, "b": 2.0}) == {"a": 0.5, "b": -1.5}


def test_the_derivative_of_several_unknowns():
    def f(x, p):
        return [x[0] ** 2 + x[1] ** 2 - p[0], x[0] - p[1] * x[1]]

    def closed(p):
        y = autograd.sqrt(p[0] / (1.0 + p[1] ** 2))
        return [p[1] * y, y]

    p = [2.0, 0.7]
    assert root(f, [1.0, 1.0], p) == pytest.approx(closed(p))
    assert np.array(jacobian(lambda p: root(f, [1.0, 1.0], p))(p)) == pytest.approx(np.array(jacobian(closed)(p)))
    second = hessian(lambda p: root(f, [1.0, 1.0], p)[0])(p)
    assert np.array(second) == pytest.approx(np.array(hessian(lambda p: closed(p)[0])(p)), rel=1e-9)


def test_roots_are_floats_where_nothing_is_to_be_differentiated():
    assert type(root(lambda x, a: x - a, 0.0, 2.0)) is float
    w = Value(3.0)
    assert root(lambda x: x - w, 0.0).data == 3.0
    for a in (2.0, 3.0, 5.0, 7.0):  # the same bits, recorded or not
        assert root(lambda x, a: x * x - a, 1.0, Value(a)).data == root(lambda x, a: x * x - a, 1.0, a)
    with autograd.no_grad():
        assert root(lambda x: x * w - 6.0, 1.0) == 2.0


# ---- orders


def test_orders_beyond_those_recorded_are_refused():
    """They would be wrong by parts in a thousand, and nothing would show it."""
    assert taylor(square_root, 2.0, 7) == pytest.approx(taylor(autograd.sqrt, 2.0, 7), rel=1e-12)
    with pytest.raises(DerivativeError, match=r"up to the order 7 here; root\(…, order=8\) gives more"):
        taylor(square_root, 2.0, 8)
    found = taylor(lambda a: square_root(a, order=20), 2.0, 20)
    assert found == pytest.approx(taylor(autograd.sqrt, 2.0, 20), rel=1e-12)


@pytest.mark.parametrize("second", [
    lambda f: grad(grad(f))(2.0),
    lambda f: hessian(f)(2.0),
    lambda f: autograd.hvp(f, (2.0,), (1.0,)),
    lambda f: autograd.jvp(lambda a: autograd.jvp(f, (a,), (1.0,))[1], (2.0,), (1.0,))[1],
    lambda f: 2.0 * taylor(f, 2.0, 2)[2],
])  # fmt: skip
def test_every_way_of_differentiating_keeps_to_the_order(second):
    assert second(lambda a: square_root(a, order=2)) == pytest.approx(-0.25 * 2.0**-1.5)
    with pytest.raises(DerivativeError, match="up to the order 1 here"):
        second(lambda a: square_root(a, order=1))
    assert grad(lambda a: square_root(a, order=1))(2.0) == pytest.approx(0.5 / 2.0**0.5)


def test_several_unknowns_keep_to_the_order():
    def f(a):
        return root(lambda x: [x[0] * x[1] - a, x[0] - x[1]], [1.0, 2.0], order=1)[0]

    assert grad(f)(2.0) == pytest.approx(0.5 / 2.0**0.5)
    with pytest.raises(DerivativeError, match="up to the order 1"):
        grad(grad(f))(2.0)


# ---- nesting, against many digits


def test_kepler_s_equation_in_fifty_digits():
    def anomaly(e, m):
        return root(lambda x: x - e * autograd.sin(x) - m, m)

    with mpmath.workdps(50):

        def exact(e, m):
            return mpmath.findroot(lambda x: x - e * mpmath.sin(x) - m, m)

        for e, m in ((0.1, 1.0), (0.7, 2.5), (0.9, 0.3)):
            assert anomaly(e, m) == pytest.approx(float(exact(e, m)), rel=1e-15)
            slopes = grad(anomaly, (0, 1))(e, m)
            assert slopes == pytest.approx([float(mpmath.diff(exact, (e, m), n)) for n in ((1, 0), (0, 1))], rel=1e-12)
            (ee, em), (me, mm) = hessian(anomaly, (0, 1))(e, m)
            assert em == pytest.approx(me)
            assert [ee, em, mm] == pytest.approx(
                [float(mpmath.diff(exact, (e, m), n)) for n in ((2, 0), (1, 1), (0, 2))], rel=1e-10
            )
            assert gradcheck(anomaly, e, m)


def test_a_root_within_a_root_and_of_a_gradient():
    def cube(a):
        return root(lambda x: root(lambda y: y**3 - x, 1.0) - a, 1.0)

    assert cube(2.0) == pytest.approx(8.0)
    assert grad(cube)(2.0) == pytest.approx(12.0)
    assert grad(grad(cube))(2.0) == pytest.approx(12.0)

    def minimum(a):  # of x⁴/4 − a·x
        return root(grad(lambda x: x**4 / 4.0 - a * x), 1.0)

    assert grad(minimum)(8.0) == pytest.approx(1.0 / 12.0)
    assert gradcheck(minimum, 8.0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 4))
def test_linear_and_bent_systems_have_the_derivative_of_the_theorem(seed, n):
    rng = np.random.default_rng(seed)
    a, c = (np.eye(n) * 3.0 + 0.5 * rng.normal(size=(n, n))).tolist(), rng.normal(size=n).tolist()

    def f(x, c):
        return [autograd.dot(row, x) + autograd.sin(v) / 4.0 - b for row, v, b in zip(a, x, c, strict=True)]

    try:
        x = root(f, [0.0] * n, c)
    except ConvergenceError:
        assert np.linalg.cond(np.array(a)) > 10.0
        return
    assert f(x, c) == pytest.approx([0.0] * n, abs=1e-13)
    slope = np.linalg.inv(np.array(a) + np.diag(np.cos(x)) / 4.0)
    assert np.array(jacobian(lambda c: root(f, [0.0] * n, c))(c)) == pytest.approx(slope, rel=1e-9, abs=1e-11)
    by_jvp = autograd.jvp(lambda c: root(f, [0.0] * n, c), (c,), ([1.0] * n,))[1]
    assert by_jvp == pytest.approx(list(slope.sum(axis=1)), rel=1e-9, abs=1e-11)


def test_sparse_second_derivatives_see_a_root():
    p = [1.0, 2.0, 3.0]
    found = hessian(lambda p: root(lambda x, p: x * x - p[0] * p[1], 1.0, p) + p[2] ** 2, sparsity="auto")(p)
    exact = hessian(lambda p: autograd.sqrt(p[0] * p[1]) + p[2] ** 2)(p)
    assert np.array(found) == pytest.approx(np.array(exact))


def test_parameters_are_any_structure():
    assert grad(lambda p: root(lambda x, p, _: x * x - p.sum(), 1.0, p, None))(np.array([1.0, 3.0])) == pytest.approx(
        [0.25, 0.25]
    )
    assert grad(lambda x0: root(lambda x: x * x - 2.0, x0) + x0)(3.0) == 1.0  # none by way of x0


def test_where_steps_fail_it_bisects():
    assert root(lambda x: x**3 - 2.0 * x + 2.0, 0.0) == pytest.approx(
        -1.7692923542386314, rel=1e-15
    )  # Newton cycles 0, 1, 0, …
    assert root(autograd.cbrt, 0.5) == 0.0  # each step of Newton's doubles the distance

    def f(x):
        return x**3 - 2.0 * x + 2.01

    x = root(f, 0.0)
    assert abs(f(x)) <= min(abs(f(math.nextafter(x, -math.inf))), abs(f(math.nextafter(x, math.inf))))
    for jump in (lambda x: 1.0 / x, lambda x: autograd.where(x > 0.3, 1.0, -1.0) + 0.1 * x):  # no root
        with pytest.raises(ConvergenceError):
            root(jump, 0.5)


def test_steps_stay_where_f_is_defined_and_end_in_time():
    assert root(autograd.log, 10.0) == 1.0  # the whole first step leads to −13
    assert root(lambda x: (x + 1e6) - 1e6 - 1.0 / 3.0, 0.0) == pytest.approx(1.0 / 3.0, abs=1e-10)  # f is rounding there
    assert root(lambda x: x * x - 2.0, 1.0, tol=0.5) == 1.5


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: root(lambda x: x * x + 1.0, 3.0), ConvergenceError, r"root\(\): no step makes"),
        (lambda: root(lambda x: autograd.atan(x) - 5.0, 1.0), ConvergenceError, r"root\(\): no step makes"),
        (lambda: root(lambda x: x * x - 1.0, 0.0), DomainError, "derivative is 0 at x = 0.0"),
        (lambda: root(lambda x: [x], 0.5), TypeError, "real numbers|a number|float"),
        (lambda: root(lambda x: [x[0]], [0.5, 1.0]), TypeError, "returns 2 numbers"),
        (lambda: root(lambda x: x, "a"), TypeError, "not str"),
        (lambda: root(lambda x: x, []), ValueError, "at least one"),
        (lambda: root(autograd.log, -1.0), DomainError, "log"),
        (lambda: root(3.0, 1.0), TypeError, "takes a function, not float"),
        (lambda: root(lambda x: x, 1.0, order=0), ValueError, "order of at least 1, not 0"),
        (lambda: root(lambda x: x, math.nan), DomainError, "starts from finite numbers, not nan"),
        (
            lambda: root(lambda x: [x[0] + x[1], x[0] + x[1] - 1.0], [0.5, 0.5]),
            DomainError,
            r"root.*singular.* at x = \[0.5, 0.5\]",
        ),
        (lambda: root(lambda x: 1 / 0, 1.0), ZeroDivisionError, "division by zero"),  # f's own error
        (lambda: root(lambda x: x * x - 2.0, 2.0, maxiter=1), ConvergenceError, r"after 1 steps: at x = 1.5 \|f\| is 0.25"),
        (lambda: grad(lambda a: root(lambda x: a * x * x, 0.0))(2.0), DomainError, "derivative is 0 at x = 0.0"),
        (lambda: autograd.compile(square_root)(2.0), autograd.TraceError, "while a function is traced"),
        (lambda: autograd.compile(lambda x: root(lambda y: y, x))(2.0), autograd.TraceError, "while a function is traced"),
    ],
)
def test_refusals(call, error, words):
    with pytest.raises(error, match=words):
        call()
