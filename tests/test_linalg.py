"""Solving and factorising, and the derivatives of these, against NumPy, mpmath and closed forms."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import DomainError, RangeError, Value, grad, gradcheck, hessian, hvp, jacobian, jvp, linalg, taylor

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
    except (DomainError, RangeError):
        assert np.linalg.cond(np.array(a)) > 1e6
        return
    rest = abs(np.array(a) @ np.array(x) - np.array(b)).max()
    assert rest <= 1e-12 * (abs(np.array(a)).max() * abs(np.array(x)).max() + 10.0)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: linalg.solve([[1.0, 2.0], [2.0, 4.0]], [1.0, 1.0]), DomainError, "2 rows is singular"),
        (lambda: linalg.inv([[0.0]]), DomainError, "singular"),
        (lambda: linalg.solve([[1.0, 0.0], [2.0, 1e-308]], [1.0, 4.0]), RangeError, "too large"),
        (lambda: linalg.solve([[1.0, 2.0]], [1.0]), ValueError, "square matrix, not rows of length .2."),
        (lambda: linalg.solve([], []), ValueError, "square matrix"),
        (lambda: linalg.inv([[1.0, 2.0], [3.0]]), ValueError, "rows of length .2, 1."),
        (lambda: linalg.solve([[1.0]], [1.0, 2.0]), ValueError, "not 2 for 1"),
        (lambda: linalg.solve([[2.0]], 3.0), TypeError, "sequence of numbers, or of rows, not float"),
        (lambda: linalg.solve([[2.0, 1.0], [0.0, 1.0]], [[1.0, 2.0], [1.0]]), ValueError, "of one length"),
        (lambda: linalg.solve([[2.0, 1.0], [0.0, 1.0]], [[1.0], 1.0]), ValueError, "of one length"),
        (lambda: linalg.inv([1.0, 2.0]), TypeError, "sequence of rows"),
        (lambda: linalg.inv(3.0), TypeError, "sequence of rows, not float"),
        (lambda: linalg.inv(np.array(3.0)), TypeError, "sequence of rows, not ndarray"),
        (lambda: linalg.inv(np.zeros((2, 2, 2))), TypeError, "real numbers, not ndarray"),
        (lambda: linalg.solve([[2.0]], [math.nan]), DomainError, "finite numbers, not nan"),
        (
            lambda: linalg.solve([[1e308, 1e308], [-1e308, 1e308]], [1.0, 2.0]),
            RangeError,
            "row 1 is too large for a float; scale",
        ),
        (lambda: linalg.slogdet([[1e308, 1e308], [-1e308, 1e308]]), RangeError, r"slogdet.*scale"),
        (lambda: linalg.inv([["a"]]), TypeError, "real numbers, not str"),
        (lambda: linalg.inv([[math.nan]]), DomainError, "finite numbers, not nan"),
        (lambda: linalg.det([[math.inf]]), DomainError, "finite numbers, not inf"),
        (lambda: linalg.cholesky([[1.0, 2.0], [2.0, 1.0]]), DomainError, "not positive definite, row 1"),
        (lambda: grad(linalg.det)([[0.0]]), DomainError, "singular"),
        (lambda: grad(lambda a: linalg.slogdet(a)[1])([[0.0]]), DomainError, "singular"),
        (lambda: autograd.compile(linalg.inv)([[2.0]]), autograd.TraceError, "cholesky"),
    ],
)
def test_refusals(call, error, words):
    with pytest.raises(error, match=words):
        call()


# ---- against closed forms and many digits


FORMS = {
    "inverse": (lambda a: linalg.inv(a)[0][1], lambda a: -a[0][1] / (a[0][0] * a[1][1] - a[0][1] * a[1][0])),
    "solution": (
        lambda a: linalg.solve(a, [3.0, 5.0])[0],
        lambda a: (3.0 * a[1][1] - 5.0 * a[0][1]) / (a[0][0] * a[1][1] - a[0][1] * a[1][0]),
    ),
    "log of the determinant": (
        lambda a: linalg.slogdet(a)[1],
        lambda a: autograd.log(abs(a[0][0] * a[1][1] - a[0][1] * a[1][0])),
    ),
    "determinant": (linalg.det, lambda a: a[0][0] * a[1][1] - a[0][1] * a[1][0]),
    "factor": (lambda a: linalg.cholesky(a)[1][1], lambda a: autograd.sqrt(a[1][1] - a[1][0] ** 2 / a[0][0])),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("a", [[[2.0, 0.5], [0.7, 3.0]], [[0.4, 0.5], [0.7, 3.0]]])  # without and with an exchange of rows
def test_two_by_two_is_the_closed_form_to_fourth_order(name, a):
    ours, closed = FORMS[name]
    e = [[0.3, -0.2], [0.5, 0.1]]
    assert ours(a) == pytest.approx(closed(a))
    assert np.array(grad(ours)(a)) == pytest.approx(np.array(grad(closed)(a)))
    assert np.array(hessian(ours)(a)) == pytest.approx(np.array(hessian(closed)(a)), abs=1e-12)
    assert np.array(hvp(ours, (a,), (e,))) == pytest.approx(np.array(hvp(closed, (a,), (e,))), abs=1e-12)

    def along(f):
        return taylor(lambda t: f([[x + t * d for x, d in zip(*rows, strict=True)] for rows in zip(a, e, strict=True)]), 0.0, 4)

    assert along(ours) == pytest.approx(along(closed), abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_forward_and_backward_are_the_matrix_calculus(seed, n):
    """Giles 2008: dA⁻¹ = −A⁻¹·dA·A⁻¹, d²log|A| = −tr((A⁻¹·dA)²). Murray 2016: dL = L·Φ(L⁻¹·dA·L⁻ᵀ), Φ the lower half."""
    rng = np.random.default_rng(seed)
    a, e, w = rng.normal(size=(3, n, n))
    a += 3.0 * np.sign(np.linalg.det(a)) * np.eye(n)
    if np.linalg.cond(a) > 1e4:
        return
    inverse = np.linalg.inv(a)
    _, found = jvp(linalg.inv, (a,), (e,))
    assert found == pytest.approx(-inverse @ e @ inverse, rel=1e-8, abs=1e-8)
    back = grad(lambda a: (np.array(w) * linalg.inv(a)).sum())(a)
    assert back == pytest.approx(-inverse.T @ w @ inverse.T, rel=1e-8, abs=1e-8)
    second = (hvp(lambda a: linalg.slogdet(a)[1], (a,), (e,)) * e).sum()
    assert second == pytest.approx(-np.trace(inverse @ e @ inverse @ e), rel=1e-8, abs=1e-8)
    positive, symmetric = a @ a.T, e + e.T
    l = np.linalg.cholesky(positive)  # noqa: E741 - L
    phi = np.tril(np.linalg.solve(l, np.linalg.solve(l, symmetric).T))
    phi[np.diag_indices(n)] /= 2
    _, found = jvp(linalg.cholesky, (positive,), (symmetric,))
    assert found == pytest.approx(l @ phi, rel=1e-6, abs=1e-7)


def test_a_hilbert_matrix_is_as_right_as_its_condition_allows():
    n = 6
    a, b = [[1.0 / (i + j + 1) for j in range(n)] for i in range(n)], [1.0] * n
    with mpmath.workdps(50):
        exact = [float(x) for x in mpmath.lu_solve(mpmath.matrix(a), mpmath.matrix(b))]
        log_det = float(mpmath.log(mpmath.det(mpmath.matrix(a))))
        inverse = [[float(x) for x in row] for row in (mpmath.matrix(a) ** -1).tolist()]
    condition = 1.5e7
    assert linalg.solve(a, b) == pytest.approx(exact, rel=condition * 2**-52)
    assert linalg.slogdet(a) == pytest.approx((1.0, log_det), rel=1e-9)
    slopes = np.array(grad(lambda a: linalg.slogdet(a)[1])(a))
    assert slopes == pytest.approx(np.array(inverse).T, rel=condition * 2**-52)


def test_derivatives_of_values_by_differences():
    a, b = matrix(4).tolist(), matrix(4, 1)[0].tolist()
    assert gradcheck(lambda a, b: autograd.norm(linalg.solve(a, b)), a, b)
    assert gradcheck(lambda a: linalg.slogdet(a)[1], a)
    assert gradcheck(linalg.det, a)
    w = [Value(x) for x in b]
    autograd.sum(linalg.solve(a, w)).backward()  # Values in one operand only
    assert [x.grad for x in w] == pytest.approx(list(np.linalg.inv(np.array(a)).sum(axis=0)))


def test_a_matrix_that_is_known_is_solved_in_compiled_functions():
    a, b = matrix(5).tolist(), matrix(5, 1)[0].tolist()

    def f(b):
        return autograd.norm(linalg.solve(a, b))

    assert autograd.compile(autograd.value_and_grad(f))(b) == autograd.value_and_grad(f)(b)
    both = autograd.compile(lambda b: linalg.solve(a, b))
    assert both(b) == linalg.solve(a, b)
    assert both.traces == 1
    assert both([2.0 * x for x in b]) == linalg.solve(a, [2.0 * x for x in b])


def test_positive_definite_equations_are_solved_by_cholesky_in_compiled_functions():
    a, b = positive(4).tolist(), matrix(4, 1)[0].tolist()

    def solved(a, b):
        l = linalg.cholesky(a)  # noqa: E741
        y = []
        for i, row in enumerate(l):
            y.append((b[i] - autograd.dot(row[:i], y)) / row[i] if i else b[0] / row[0])
        return autograd.dot(y, y)  # bᵀ·A⁻¹·b

    fast = autograd.compile(autograd.value_and_grad(solved, (0, 1)))
    assert fast(a, b) == autograd.value_and_grad(solved, (0, 1))(a, b)
    assert fast(a, b)[0] == pytest.approx(np.dot(b, np.linalg.solve(np.array(a), b)))
