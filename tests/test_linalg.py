"""Solving, factorising and finding roots, and the derivatives of these, against NumPy and closed forms."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import ConvergenceError, DomainError, Value, grad, gradcheck, hessian, jacobian, linalg, root

SIZES = [1, 2, 3, 7]
sized = pytest.mark.parametrize("n", SIZES)


def matrix(n, seed=0):
    return np.random.default_rng(seed).normal(size=(n, n))


def positive(n):
    return matrix(n) @ matrix(n).T + np.eye(n)


@sized
def test_values_are_numpy_s(n):
    a, b = matrix(n), matrix(n, 1)
    assert np.array(linalg.solve(a.tolist(), b[0].tolist())) == pytest.approx(np.linalg.solve(a, b[0]))
    assert np.array(linalg.solve(a.tolist(), b.tolist())) == pytest.approx(np.linalg.solve(a, b))
    assert np.array(linalg.inv(a.tolist())) == pytest.approx(np.linalg.inv(a))
    assert linalg.slogdet(a.tolist()) == pytest.approx(tuple(np.linalg.slogdet(a)))
    assert linalg.det(a.tolist()) == pytest.approx(np.linalg.det(a))
    assert np.array(linalg.cholesky(positive(n).tolist())) == pytest.approx(np.linalg.cholesky(positive(n)))
    for found in (linalg.inv(a), linalg.solve(a, b), linalg.solve(a, b[0]), linalg.cholesky(positive(n))):
        assert type(found) is np.ndarray
        assert found.dtype == float
    assert linalg.inv(np.array([[Value(2.0)]]))[0, 0].data == 0.5


@sized
def test_derivatives_are_those_of_the_matrix_calculus(n):
    """d log|det A| = A⁻ᵀ; dx = −A⁻¹·dA·x and A⁻¹·db; dA⁻¹ = −A⁻¹·dA·A⁻¹."""
    a, b = matrix(n), matrix(n, 1)[0]
    inverse, x = np.linalg.inv(a), np.linalg.solve(a, b)
    assert np.array(grad(lambda a: linalg.slogdet(a)[1])(a.tolist())) == pytest.approx(inverse.T)
    assert np.array(grad(linalg.det)(a.tolist())) == pytest.approx(np.linalg.det(a) * inverse.T)
    by_a, by_b = jacobian(linalg.solve, (0, 1))(a.tolist(), b.tolist())
    assert np.array(by_b) == pytest.approx(inverse, abs=1e-13)
    assert np.array(by_a) == pytest.approx(-np.einsum("ij,k->ijk", inverse, x), abs=1e-12)
    found = np.array(jacobian(linalg.inv)(a.tolist()))
    assert found == pytest.approx(-np.einsum("ik,lj->ijkl", inverse, inverse), abs=1e-11)
    second = np.array(hessian(lambda a: linalg.slogdet(a)[1])(a.tolist()))
    assert second == pytest.approx(-np.einsum("li,jk->ijkl", inverse, inverse), abs=1e-11)


def test_cholesky_is_checked_and_compiled():
    a = positive(3).tolist()
    assert gradcheck(lambda a: autograd.sum(x * (i + 1.0) for row in linalg.cholesky(a) for i, x in enumerate(row)), a)
    whole = autograd.compile(autograd.value_and_grad(lambda a: linalg.cholesky(a)[2][0]))
    assert whole(a) == autograd.value_and_grad(lambda a: linalg.cholesky(a)[2][0])(a)
    assert gradcheck(lambda a: linalg.inv(a)[0][1], a)


def test_pivots_make_small_and_zero_ones_harmless():
    assert linalg.solve([[0.0, 1.0], [1.0, 0.0]], [2.0, 3.0]) == [3.0, 2.0]
    assert linalg.solve([[1e-20, 1.0], [1.0, 1.0]], [1.0, 2.0]) == pytest.approx([1.0, 1.0])
    assert grad(lambda a: linalg.solve([[a, 1.0], [1.0, 0.0]], [2.0, 3.0])[1])(0.0) == -3.0
    assert linalg.slogdet([[1e-200, 0.0], [0.0, 1e-200]])[1] == pytest.approx(-400 * math.log(10.0))
    assert linalg.slogdet([[1.0, 2.0], [2.0, 4.0]]) == (0.0, -math.inf)
    assert linalg.det([[1.0, 2.0], [2.0, 4.0]]) == 0.0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.floats(-10, 10), min_size=3, max_size=3), min_size=3, max_size=3), st.lists(st.floats(-10, 10), min_size=3, max_size=3))  # fmt: skip # noqa: E501
def test_what_solve_finds_solves(a, b):
    try:
        x = linalg.solve(a, b)
    except (DomainError, autograd.RangeError):
        assert np.linalg.cond(np.array(a)) > 1e6
        return
    rest = abs(np.array(a) @ np.array(x) - np.array(b)).max()
    assert rest <= 1e-12 * (abs(np.array(a)).max() * abs(np.array(x)).max() + 10.0)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: linalg.solve([[1.0, 2.0], [2.0, 4.0]], [1.0, 1.0]), DomainError, "2 rows is singular"),
        (lambda: linalg.inv([[0.0]]), DomainError, "singular"),
        (lambda: linalg.solve([[1.0, 0.0], [2.0, 1e-308]], [1.0, 4.0]), autograd.RangeError, "too large"),
        (lambda: linalg.solve([[1.0, 2.0]], [1.0]), ValueError, "square matrix, not rows of length .2."),
        (lambda: linalg.solve([], []), ValueError, "square matrix"),
        (lambda: linalg.inv([[1.0, 2.0], [3.0]]), ValueError, "rows of length .2, 1."),
        (lambda: linalg.solve([[1.0]], [1.0, 2.0]), ValueError, "not 2 for 1"),
        (lambda: linalg.solve([[2.0]], 3.0), TypeError, "sequence of numbers, or of rows, not float"),
        (lambda: linalg.solve([[2.0, 1.0], [0.0, 1.0]], [[1.0, 2.0], [1.0]]), ValueError, "of one length"),
        (lambda: linalg.solve([[2.0, 1.0], [0.0, 1.0]], [[1.0], 1.0]), ValueError, "of one length"),
        (lambda: linalg.inv([1.0, 2.0]), TypeError, "sequence of rows"),
        (lambda: linalg.inv(3.0), TypeError, "sequence of rows, not float"),
        (lambda: linalg.inv([["a"]]), TypeError, "real numbers, not str"),
        (lambda: linalg.inv([[math.nan]]), DomainError, "finite numbers, not nan"),
        (lambda: linalg.det([[math.inf]]), DomainError, "finite numbers, not inf"),
        (lambda: linalg.cholesky([[1.0, 2.0], [2.0, 1.0]]), DomainError, "not positive definite, row 1"),
        (lambda: grad(linalg.det)([[0.0]]), DomainError, "singular"),
        (lambda: grad(lambda a: linalg.slogdet(a)[1])([[0.0]]), DomainError, "singular"),
        (lambda: autograd.compile(linalg.inv)([[2.0]]), autograd.TraceError, "cholesky"),
        (lambda: root(lambda x: x * x + 1.0, 3.0), ConvergenceError, r"root\(\): no step makes"),
        (lambda: root(lambda x: autograd.atan(x) - 5.0, 1.0), ConvergenceError, r"root\(\): no step makes"),
        (lambda: root(lambda x: x * x - 1.0, 0.0), DomainError, "derivative is 0 at x = 0.0"),
        (lambda: root(lambda x: [x], 0.5), TypeError, "real numbers|a number|float"),
        (lambda: root(lambda x: [x[0]], [0.5, 1.0]), TypeError, "returns 2 numbers"),
        (lambda: root(lambda x: x, "a"), TypeError, "not str"),
        (lambda: root(lambda x: x, []), ValueError, "at least one"),
        (lambda: root(autograd.log, -1.0), DomainError, "log"),
    ],
)
def test_refusals(call, error, words):
    with pytest.raises(error, match=words):
        call()


# ---- roots


def test_roots_of_one_and_several_unknowns():
    assert root(lambda x: autograd.cos(x) - x, 1.0) == pytest.approx(0.7390851332151607, rel=1e-15)
    assert root(lambda x: x - 1.0, 1) == 1.0
    assert root(autograd.atan, 3.0) == 0.0  # plain Newton runs away from 3
    found = root(lambda x: [x[0] ** 2 + x[1] ** 2 - 2.0, x[0] - x[1]], [2.0, 0.5])
    assert found == pytest.approx([1.0, 1.0], rel=1e-14)
    with pytest.raises(ConvergenceError, match="after 100 steps"):
        root(lambda x: x**3, 1.0)  # of a triple root each step takes a third off


def test_the_derivative_is_that_of_the_implicit_function():
    def square_root(a):
        return root(lambda x, a: x * x - a, 1.0, a)

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
