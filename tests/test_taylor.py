"""Taylor coefficients of every row, and of programs, against mpmath and nested gradients."""

import math

import mpmath
import pytest
from support import reference

import autograd
import autograd.compiler.tape  # the compiler's numbers use the same seam
import autograd.series
from autograd import DerivativeError, DomainError, Value, grad, taylor
from autograd.series import Series
from autograd.table import TABLE

ORDER = 12
ORDINARY = [0.7, 0.45, 0.3]
POINTS = {
    "acosh": [1.7], "polygamma": [2.0, 1.6], "ierfcx": [1.0, 1.6], "sinc_slope": [1.0, 1.6],
    "round_digits": [0.7, 1.0], "where": [1.0, 0.45, 0.3], "hypot": [0.7, -0.4, 0.3],
    "leaky_relu": [-0.7, 0.45], "elu": [-0.7, 0.45], "dot": [0.7, 0.45, 0.3],
}  # fmt: skip
CONSTANT = {("polygamma", 0), ("ierfcx", 0), ("sinc_slope", 0), ("round_digits", 1), ("where", 0)}


ELSEWHERE = {
    "abs": [-0.6], "acos": [-0.3], "asin": [-0.3], "atan": [-1.7], "atan2": [-2.9, 0.8],
    "cbrt": [-1.2], "copysign": [-0.6, 0.45],
    "erf": [-0.6], "erfc": [1.7], "fma": [1.7, -2.3, 0.6], "gelu": [-1.3], "hypot": [3.4, -2.6, 1.2], "ierfcx": [0.0, 3.4],
    "log_ndtr": [-2.9], "logaddexp": [0.11, 1.9], "logit": [0.11], "logsumexp": [1.7, 2.3, 0.6], "maximum": [-0.6, 0.45],
    "mod": [5.5, 2.3], "ndtri": [0.11], "pow": [1.7, 2.3], "prod": [0.0, 1.9, -2.2], "relu": [-0.6], "sigmoid": [-1.3],
    "silu": [-1.3], "sinc": [0.0], "softplus": [-1.3], "sqrt": [3.4], "tanh": [-1.3], "where": [0.0, 0.45, 0.3],
}  # fmt: skip
"""A second point, on the other branch of the row or of its partials, if they have one."""


@pytest.mark.parametrize(
    ("name", "points"), [*((name, POINTS) for name in sorted(TABLE)), *((name, ELSEWHERE) for name in ELSEWHERE)]
)
def test_every_row(name, points):
    """Along the line xᵢ + cᵢ·t, so that all operands take part."""
    op = TABLE[name]
    xs = points.get(name, ORDINARY if op.nary else ORDINARY[: op.arity])
    steps = [0.0 if (name, i) in CONSTANT else (1.0, -0.5, 0.75)[i] for i in range(len(xs))]

    def f(t):
        operands = [x + c * t if c else x for x, c in zip(xs, steps, strict=True)]
        return op.function(operands) if op.nary else op.function(*operands)

    exactly = reference(op)
    with mpmath.workdps(60):
        line = lambda t: exactly(*[mpmath.mpf(x) + c * t for x, c in zip(xs, steps, strict=True)])
        true = [float(c) for c in mpmath.taylor(line, 0, ORDER)]
    assert taylor(f, 0.0, ORDER) == pytest.approx(true, rel=1e-12, abs=1e-13)


PROGRAMS = [
    (lambda x: autograd.sin(autograd.exp(x)) / (1.0 + x * x), lambda x: mpmath.sin(mpmath.exp(x)) / (1 + x * x), 0.3),
    (lambda x: x**2.5 - 3 / x + 2**x, lambda x: x**mpmath.mpf(2.5) - 3 / x + 2**x, 1.3),
    (lambda x: autograd.softmax([x, 2 * x])[1], lambda x: mpmath.exp(2 * x) / (mpmath.exp(x) + mpmath.exp(2 * x)), 0.4),
    (lambda x: autograd.prod([x, x + 1, x - 2]), lambda x: x * (x + 1) * (x - 2), 0.4),
    (lambda x: autograd.tanh(x) * autograd.sigmoid(-x), lambda x: mpmath.tanh(x) / (1 + mpmath.exp(x)), -0.8),
]  # fmt: skip


@pytest.mark.parametrize(("f", "exactly", "x"), PROGRAMS)
def test_programs(f, exactly, x):
    with mpmath.workdps(80):
        true = [float(c) for c in mpmath.taylor(exactly, mpmath.mpf(x), 20)]
    assert taylor(f, x, 20) == pytest.approx(true, rel=1e-11, abs=1e-15)
    derivative, found = f, taylor(f, x, 4)
    for k in range(4):
        y = derivative(Value(x))
        assert found[k] * math.factorial(k) == pytest.approx(y.data, rel=1e-12, abs=1e-14)
        derivative = grad(derivative)


def multiplications(f, order, monkeypatch):
    """How many series are made for this order: their number must not grow with it, or work would grow as its cube."""
    made = []
    start = Series.__init__
    monkeypatch.setattr(Series, "__init__", lambda self, *xs: made.append(1) or start(self, *xs))
    taylor(f, 0.4, order)
    monkeypatch.undo()
    return len(made)


@pytest.mark.parametrize(
    "name", ["sin", "cos", "exp", "tanh", "sigmoid", "sqrt", "log", "atan", "asin", "erf", "gelu", "softplus"]
)
def test_a_rule_ends_where_it_began(name, monkeypatch):
    f = getattr(autograd, name)
    assert multiplications(f, 30, monkeypatch) == multiplications(f, 6, monkeypatch)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: autograd.tanh(autograd.sin(x) * autograd.exp(-x)),
        lambda x: autograd.softmax([x, x * x, 0.5])[0] / autograd.sqrt(1.0 + x),
        lambda x: autograd.gelu(x) + x**2.5 + autograd.atan2(x, 1.0 + x),
    ],
)
def test_work_grows_as_the_square(f, monkeypatch):
    """Counted in products of coefficients: no time is measured."""

    def products(order):
        done = []
        monkeypatch.setattr(autograd.series, "mul", lambda a, b: done.append(1) or a * b)
        taylor(f, 0.4, order)
        monkeypatch.undo()
        return len(done)

    assert products(20) < 4.3 * products(10)
    assert products(80) < 4.3 * products(40)


def test_long_programs_do_not_recurse():
    def f(x):
        y = x
        for _ in range(5_000):
            y = y * 0.5 + autograd.sin(y) * 0.1
        return y

    assert taylor(f, 0.5, 2)[1] == pytest.approx(grad(f)(0.5), rel=1e-9)
    many = taylor(lambda x: autograd.prod([1.0 + x * 1e-3] * 3_000), 0.0, 2)
    assert many == pytest.approx([1.0, 3.0, 3.0 * 2.999 / 2])


def test_structures_and_constants():
    assert taylor(lambda x: {"a": x * x, "b": [1.0, 3 * x]}, 2.0, 2) == {
        "a": [4.0, 4.0, 1.0],
        "b": [[1.0, 0.0, 0.0], [6.0, 3.0, 0.0]],
    }
    assert taylor(lambda x: x, 2, 0) == [2.0]
    assert taylor(lambda x: x, 2.0, 3) == [2.0, 1.0, 0.0, 0.0]
    w = Value(3.0)
    assert taylor(lambda x: w * x * w, 2.0, 1) == [18.0, 9.0]
    assert taylor(lambda x: w, 2.0, 1) == [3.0, 0.0]
    with autograd.no_grad():
        assert taylor(lambda x: x * x, 3.0, 2) == [9.0, 6.0, 1.0]


def test_custom_operations():
    square = autograd.custom_op(lambda x: x * x, lambda x, y: 2.0 * x)
    assert taylor(lambda x: square(autograd.exp(x)), 0.0, 3) == pytest.approx([1.0, 2.0, 2.0, 8 / 6])
    shifted = autograd.custom_op(
        lambda a, b: a / (b + 1.0), lambda a, b: 1.0 / (b + 1.0), lambda a, b, y: -y / (b + 1.0), name="div"
    )
    assert taylor(lambda x: shifted(1.0, x), 1.0, 3) == [0.5, -0.25, 0.125, -0.0625]  # not what the row of this name does
    opposite = autograd.custom_op(lambda a: a * a, lambda a: 2.0 * a, name="neg")
    assert taylor(lambda x: opposite(opposite(x)), 1.0, 4) == [1.0, 4.0, 6.0, 4.0, 1.0]
    by_math = autograd.custom_op(math.sin, lambda x, y: math.cos(x))
    with pytest.raises(TypeError, match="functions of math"):
        taylor(by_math, 0.5, 2)


@pytest.mark.parametrize(
    "partial",
    [
        lambda x: 2.0 * x if isinstance(x, Value) else 2.0 * float(x),
        lambda x: +x + x.clip(0.0, 5.0),
        lambda x: divmod(x, 4.0)[1] + divmod(2.0 * x, 4.0)[1] / 2.0,
        lambda x: x + round(x) + (x - x.data) - round(x.data) + x.data,
        lambda x: autograd.sum([x, autograd.maximum(x, 0.0)]),
        lambda x: autograd.log(autograd.exp(x)) + x**2 / x,
    ],
)
def test_partials_are_written_as_for_values(partial):
    square = autograd.custom_op(lambda x: x * x, partial)
    assert taylor(square, 0.7, 4) == pytest.approx([0.49, 1.4, 1.0, 0.0, 0.0], abs=1e-15)
    assert taylor(square, 0.7, 2)[2] == pytest.approx(grad(grad(square))(0.7) / 2)


def test_a_branch_left_aside_does_no_harm():
    """√ has no derivative at 0: what the constant 0 multiplies is not asked for it, what happens to be 0 may not hide it."""
    root = autograd.sqrt
    for f, true in [
        (lambda x: autograd.where(x > 0.0, root(x), x), [0.0, 1.0, 0.0]),
        (lambda x: autograd.relu(-root(x) - 1.0), [0.0, 0.0, 0.0]),
        (lambda x: autograd.maximum(2.0 - x, root(x)), [2.0, -1.0, 0.0]),
        (lambda x: 0.0 * root(x) + x, [0.0, 1.0, 0.0]),
    ]:
        assert taylor(f, 0.0, 2) == true
        assert taylor(f, 0.0, 1)[1] == grad(f)(0.0)
    # The derivatives at 0 are 1, 1, 1 and −½, and 0 for the last: an error where it is not known beats a wrong number.
    for f in (
        lambda x: root(x) ** 2,
        lambda x: root(x) * root(x),
        lambda x: autograd.cbrt(x) ** 3,
        lambda x: autograd.cos(root(x)),
        lambda x: x * x * root(x),
    ):
        with pytest.raises(DerivativeError, match=r"\(0.0\) is infinite"):
            taylor(f, 0.0, 1)

    def long(x):
        y = root(x)
        for _ in range(3_000):
            y = y * 0.5 + 0.1
        return autograd.where(x > 0.0, y, x)

    assert taylor(long, 0.0, 2) == [0.0, 1.0, 0.0]


def test_anomalies_are_named():
    assert not all(map(math.isfinite, taylor(lambda x: 1.0 / x, 1e-200, 2)))
    with autograd.detect_anomaly():
        with pytest.raises(autograd.AnomalyError, match=r"(?s)derivative of div\(1.0, 1e-200\) produced -inf.*test_taylor"):
            taylor(lambda x: 1.0 / x, 1e-200, 2)
        assert taylor(lambda x: 1.0 / x, 0.5, 2) == [2.0, -4.0, 8.0]


def test_kinks_follow_the_first_derivative():
    assert taylor(abs, 0.0, 2) == [0.0, 0.0, 0.0]
    assert taylor(autograd.relu, -1.0, 2) == [0.0, 0.0, 0.0]
    assert taylor(lambda x: autograd.where(x > 1.0, x * x, x), 2.0, 2) == [4.0, 4.0, 1.0]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: taylor(autograd.sqrt, 0.0, 1), DerivativeError, "sqrt.0.0. is infinite"),
        (lambda: taylor(autograd.log, -1.0, 1), DomainError, "log"),
        (lambda: taylor(autograd.exp, 0.0, -1), ValueError, "order of 0 or more, not -1"),
        (lambda: taylor(autograd.exp, 0.0, 1.5), TypeError, "integer"),
        (lambda: taylor(autograd.exp, "1", 1), TypeError, "a plain number"),
        (lambda: taylor(autograd.exp, Value(1.0), 1), TypeError, "a plain number"),
        (lambda: taylor(3, 0.0, 1), TypeError, "takes a function, not int"),
        (lambda: grad(lambda a: taylor(lambda x: a * x, 1.0, 1)[1])(2.0), TypeError, "a gradient would be lost"),
        (lambda: autograd.compile(lambda a: taylor(autograd.exp, a, 1))(2.0), TypeError, "a plain number"),
    ],
)
def test_refusals(call, error, words):
    with pytest.raises(error, match=words):
        call()
    assert taylor(autograd.exp, 0.0, 1) == [1.0, 1.0]
