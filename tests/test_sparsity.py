"""Sparse Jacobians and Hessians against dense ones: patterns, colours, formats, refusals."""

import random
from itertools import pairwise

import pytest

import autograd
from autograd import Value, grad, hessian, jacobian
from autograd._engine import sparsity
from autograd.compiler import tape  # noqa: F401 - traced numbers are known from here on

np = pytest.importorskip("numpy")


def chain(x):
    """Each entry meets its neighbour: a tridiagonal Hessian."""
    return autograd.sum(100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x))


def arrow(x):
    """The first entry meets all others: two colours of a star colouring, where columns need n."""
    return autograd.sum(autograd.exp(x[0] * v) + v**3 for v in x[1:])


def apart(x):
    return autograd.sum(autograd.sin(v) for v in x)


def one_block(x):
    return autograd.prod(x) + autograd.logsumexp(x)


def linear(x):
    return autograd.dot(x, range(len(x)))


SCALAR = [chain, arrow, apart, one_block, linear]


@pytest.mark.parametrize("f", SCALAR, ids=lambda f: f.__name__)
@pytest.mark.parametrize("n", [2, 3, 9])
def test_a_sparse_hessian_is_the_dense_one(f, n):
    x = [0.3 + 0.1 * k for k in range(n)]
    dense = hessian(f)(x)
    for given in ("auto", (np.array(dense) != 0.0), np.ones((n, n)).tolist()):
        found = hessian(f, sparsity=given)(x)
        assert [len(row) for row in found] == [n] * n
        assert np.array(found) == pytest.approx(np.array(dense), rel=1e-13, abs=1e-13)


def sweeps(f, x, monkeypatch, symmetric=True):
    counted = []
    true = sparsity._sweeps
    monkeypatch.setattr(sparsity, "_sweeps", lambda colours, sweep: counted.append(max(colours) + 1) or true(colours, sweep))
    (hessian if symmetric else jacobian)(f, sparsity="auto")(x)
    return counted[-1]


def test_how_many_sweeps_it_takes(monkeypatch):
    x = [0.3 + 0.01 * k for k in range(60)]
    assert sweeps(chain, x, monkeypatch) == 3
    assert sweeps(arrow, x, monkeypatch) == 2
    assert sweeps(apart, x, monkeypatch) == 1
    assert sweeps(lambda x: [autograd.sum(x), x[0]], x, monkeypatch, symmetric=False) == 2  # by rows
    assert sweeps(lambda x: [x[0] * v for v in x], x, monkeypatch, symmetric=False) == 2  # by columns


@pytest.mark.parametrize("seed", range(60))
def test_random_patterns(seed):
    """Entries in random places of a Jacobian and of a symmetric Hessian, all found, in whatever group."""
    rng = random.Random(seed)
    m, n = rng.randrange(1, 12), rng.randrange(1, 12)
    rows = [[j for j in range(n) if rng.random() < rng.choice([0.1, 0.4])] for _ in range(m)]

    def f(x):
        return [autograd.sin(autograd.sum(x[j] * (i + j + 1) for j in row)) if row else 1.0 for i, row in enumerate(rows)]

    x = [rng.uniform(-1.0, 1.0) for _ in range(n)]
    found = jacobian(f, sparsity="auto")(x)
    assert np.array(found) == pytest.approx(np.array(jacobian(f)(x)), rel=1e-13, abs=1e-14)
    square = hessian(lambda x: autograd.sum(f(x)), sparsity="auto")(x)
    assert np.array(square) == pytest.approx(np.array(hessian(lambda x: autograd.sum(f(x)))(x)), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("seed", range(200))
def test_star_colours_never_meet(seed):
    """By definition: neighbours differ, and a path of four has three colours or more; so each entry stands alone somewhere."""
    rng = random.Random(seed)
    n = rng.randrange(1, 14)
    edges = {(i, j) for i in range(n) for j in range(i) if rng.random() < 0.3}
    pattern = [sorted({j for j in range(n) if (i, j) in edges or (j, i) in edges} | {i}) for i in range(n)]
    colours = sparsity.star_colours(pattern)
    near = [[j for j in row if j != i] for i, row in enumerate(pattern)]
    for a in range(n):
        for b in near[a]:
            assert colours[a] != colours[b]
            for c in near[b]:
                for d in near[c]:
                    assert len({a, b, c, d}) < 4 or len({colours[k] for k in (a, b, c, d)}) > 2


def test_patterns_over_more_inputs_than_a_walk_looks_at(monkeypatch):
    x = [0.3 + 0.1 * k for k in range(9)]
    whole = hessian(chain, sparsity="auto")(x)
    monkeypatch.setattr(sparsity, "BLOCK", 2)
    assert hessian(chain, sparsity="auto")(x) == whole


def test_structures_come_back_as_without_sparsity():
    def f(p):
        return {"a": p["w"][0] * p["b"], "c": [p["w"][1] ** 2]}

    p = {"w": [2.0, 3.0], "b": 5.0}
    assert jacobian(f, sparsity="auto")(p) == jacobian(f)(p)
    xs = np.array([1.0, 2.0, 3.0])
    found = jacobian(lambda x: x * x, sparsity="auto")(xs)
    assert type(found) is np.ndarray
    assert found.tolist() == np.diag(2.0 * xs).tolist()
    assert jacobian(lambda a, x: [a * v for v in x], 1, sparsity="auto")(2.0, [1.0, 5.0]) == [[2.0, 0.0], [0.0, 2.0]]


@pytest.mark.parametrize("format", ["csr", "csc", "coo"])
def test_matrices_of_scipy(format):
    sparse = pytest.importorskip("scipy.sparse")
    x = [0.3 + 0.1 * k for k in range(7)]
    for given in (None, "auto", sparse.csr_array(np.array(hessian(chain)(x)) != 0.0)):
        found = hessian(chain, sparsity=given, format=format)(x)
        assert (found.format, found.shape, found.nnz) == (format, (7, 7), 19)
        assert found.toarray() == pytest.approx(np.array(hessian(chain)(x)))
    assert jacobian(lambda x: [1.0], sparsity="auto", format=format)(x).nnz == 0


def test_scipy_minimises_with_a_sparse_hessian():
    optimize = pytest.importorskip("scipy.optimize")
    f, h = autograd.value_and_grad(chain), hessian(chain, format="csr")
    found = optimize.minimize(
        lambda x: f(x.tolist()), [0.5] * 40, jac=True, hess=lambda x: h(x.tolist()), method="trust-constr"
    )
    assert found.x == pytest.approx(np.ones(40), abs=1e-5)


def test_sparse_derivatives_are_differentiated_and_compiled():
    x = [0.3, 0.5, 0.8]
    third = jacobian(hessian(chain))(x)
    assert np.array(jacobian(hessian(chain, sparsity="auto"))(x)) == pytest.approx(np.array(third))
    w = Value(2.0)
    (first, _), _ = hessian(lambda x: x[0] * x[0] * w + x[1], sparsity="auto")([3.0, 1.0])
    first.backward()
    assert (first.data, w.grad) == (4.0, 2.0)
    pattern = [[1, 1, 0], [1, 1, 1], [0, 1, 1]]
    for given in ("auto", pattern):
        assert autograd.compile(hessian(chain, sparsity=given))(x) == hessian(chain, sparsity=given)(x)
    scanned = hessian(lambda x: autograd.scan(lambda c, v: (c + v * v * v, None), 0.0, x)[0], sparsity="auto")
    assert np.array(autograd.compile(scanned)(x)) == pytest.approx(np.diag([6.0 * v for v in x]))


def test_a_pattern_is_for_one_shape():
    second = hessian(chain, sparsity=np.ones((2, 2)))
    assert len(second([0.3, 0.5])) == 2
    with pytest.raises(ValueError, match="the derivative 3 of 3"):
        second([0.3, 0.5, 0.8])
    assert len(second([0.3, 0.5])) == 2


def test_a_pattern_that_misses_an_entry_is_refused():
    x = [0.3, 0.5, 0.8]
    with pytest.raises(ValueError, match="misses an entry of row 0"):
        hessian(chain, sparsity=np.eye(3))(x)
    with pytest.raises(ValueError, match="misses an entry of row 1"):
        jacobian(lambda x: [x[0], x[0] * x[2]], sparsity=[[1, 0, 0], [1, 0, 0]])(x)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: hessian(chain, sparsity="sparse")([1.0, 2.0]), ValueError, '"auto" or a matrix'),
        (lambda: hessian(chain, sparsity=3)([1.0, 2.0]), TypeError, "not int"),
        (lambda: hessian(chain, sparsity=[[1, 1]])([1.0, 2.0]), ValueError, "1 rows of .2. entries, the derivative 2 of 2"),
        (lambda: hessian(chain, sparsity=np.ones((3, 3)))([1.0, 2.0]), ValueError, "the derivative 2 of 2"),
        (lambda: hessian(chain, format="matrix")([1.0, 2.0]), ValueError, "format is one of dense, csr"),
        (lambda: jacobian(chain, (0, 1), sparsity="auto"), ValueError, "one argument"),
        (lambda: grad(lambda a: hessian(lambda x: x[0] ** 3 * a, format="csr")([2.0])[0, 0])(1.0), TypeError, "holds floats"),
    ],
)
def test_refusals(call, error, words):
    if "csr" in words or error is TypeError:
        pytest.importorskip("scipy")
    with pytest.raises(error, match=words):
        call()
