"""Compiled = eager, to the last bit, in every executor: every operation, random programs, transforms of any order."""

import math
import random
import struct
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd._engine.lifting import GENERIC
from autograd.table import TABLE

llvm = pytest.mark.skipif(find_spec("llvmlite") is None, reason="needs llvmlite")
EXECUTORS = ["python", *(pytest.param(name, marks=llvm) for name in ("native", "kernel", "rolled"))]
each_executor = pytest.mark.parametrize("executor", EXECUTORS)

POINTS = [-2.25, -1.0, -0.5, -0.0, 0.0, 0.3, 0.75, 1.0, 1.7, 2.0, 20.5]


def numbers(x):
    """The numbers of a nested result; a Value's data, and zeros without their sign."""
    if isinstance(x, (list, tuple)):
        return [y for part in x for y in numbers(part)]
    return [getattr(x, "data", x)]


def bits(x):
    """What must agree: every bit, except the sign of a zero derivative and which NaN it is."""
    return ["nan" if y != y else struct.pack("d", y) if y else b"0" for y in numbers(x)]


def outcome(f, *args):
    try:
        return bits(f(*args))
    except (ValueError, ArithmeticError) as error:
        return type(error).__name__, str(error)


def first_order(f):
    return autograd.value_and_grad(f)


def second_order(f):
    return autograd.grad(lambda ys: autograd.sum(autograd.grad(f)(ys)))


def forward(f):
    return lambda xs: autograd.jvp(f, (xs,), ([1.0, -0.5, 2.0][: len(xs)],))


def forward_over_reverse(f):
    return lambda xs: autograd.hvp(f, (xs,), ([1.0, -0.5, 2.0][: len(xs)],))


def points(op):
    n = op.arity or 3
    return [[POINTS[(i * (3 + 2 * k) + k) % len(POINTS)] for k in range(n)] for i in range(2 * len(POINTS))]


@each_executor
@pytest.mark.parametrize("name", TABLE)
def test_every_operation(name, executor):
    op = TABLE[name]
    operation = GENERIC[name]

    def f(xs):
        return operation(xs) if op.nary else operation(*xs)

    for order in (lambda f: f, first_order, second_order):
        eager = order(f)
        fast = autograd.compile(eager, executor=executor)
        for xs in points(op):
            assert outcome(fast, xs) == outcome(eager, xs), f"{name} at {xs}, {eager}"


# ---- random programs: each step takes two earlier numbers

STEPS = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "square": lambda a, b: a**2 + b,
    "power": lambda a, b: autograd.abs(a) ** 1.5 - b,
    "tanh": lambda a, b: autograd.tanh(a) * b,
    "exp": lambda a, b: autograd.exp(autograd.sin(a)) + b,
    "sigmoid": lambda a, b: autograd.sigmoid(a - b),
    "relu": lambda a, b: autograd.relu(a) - autograd.relu(b),
    "maximum": autograd.maximum,
    "where": lambda a, b: autograd.where(a > b, a * b, b),
    "constants": lambda a, b: autograd.where(a, 1.0, 2.0) * b,
    "root": lambda a, b: (a * a + 1.0) ** -0.5 - autograd.atan(b),
    "dot": lambda a, b: autograd.dot([a, b, 0.5], [b, 2.0, a], a),
    "sum": lambda a, b: autograd.sum([a, b, a, 1.0]),
    "softmax": lambda a, b: autograd.softmax([a, b, 0.1])[1],
    "logsumexp": lambda a, b: autograd.logsumexp([a, b, a]),
    "leaky": autograd.leaky_relu,
    "elu": lambda a, b: autograd.elu(a) * b,
    "take": lambda a, b: autograd.take([a, b, a * b], 1.0 * (a > b)),
    "constant": lambda a, b: 3.0 - a,
    "detach": lambda a, b: (a.detach() if hasattr(a, "detach") else a) * b,
    "inner": lambda a, b: autograd.grad(lambda x: x * autograd.tanh(x * b))(a),
}

programs = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=12)
inputs = st.lists(st.floats(-3, 3).filter(lambda x: x == 0 or abs(x) > 1e-6), min_size=3, max_size=3)


def program(steps):
    def f(xs):
        numbers = list(xs)
        for name, i, j in steps:
            numbers.append(STEPS[name](numbers[i % len(numbers)], numbers[j % len(numbers)]))
        return autograd.sum(numbers[-3:])

    return f


@each_executor
@settings(max_examples=40, deadline=None)
@given(steps=programs, xs=inputs, orders=st.sampled_from([(first_order, second_order), (forward, forward_over_reverse)]))
def test_random_programs(executor, steps, xs, orders):
    f = program(steps)
    for order in orders:
        assert outcome(autograd.compile(order(f), executor=executor), xs) == outcome(order(f), xs)


@each_executor
@pytest.mark.parametrize(
    "f",
    [
        lambda x: (-2.0) ** x,  # its partial is the logarithm of a constant that has none
        lambda x: x / 0.0,
        lambda x: autograd.dot([], [], x),
        lambda x: autograd.sum([]) * x,
        lambda x: autograd.where(x, 2.0, 3.0),
        lambda x: autograd.sigmoid(-x) + autograd.sigmoid(x) - autograd.sigmoid(autograd.abs(-x)),
        lambda x: -2.0 * x + 2.0 * x + x * -2.0 + autograd.tanh(-x) + (0.0 - -x),
        lambda x: autograd.maximum(x, 1.0) - autograd.minimum(1.0, x),
        lambda x: autograd.logsumexp([x * i for i in range(70)]),
        lambda x: autograd.log(x) + autograd.where(x > 0, autograd.log(x), x),
    ],
)
def test_constants_and_what_is_known_of_operands(f, executor):
    for order in (first_order, lambda f: autograd.grad(autograd.grad(f))):
        for x in (-1.5, -0.0, 0.0, 1.0, 2.0):
            assert outcome(autograd.compile(order(f), executor=executor), x) == outcome(order(f), x)


@each_executor
def test_a_net_of_many_alike_operations(executor):
    def loss(w, rows):
        total = 0.0
        for row in rows:
            hidden = [autograd.tanh(autograd.dot(w[3 * j : 3 * j + 2], row, w[3 * j + 2])) for j in range(5)]
            y = sum(w[15 + j] * h for j, h in enumerate(hidden))
            total = total + (y - row[0] * row[1]) ** 2
        return total / len(rows)

    w = [math.sin(i) for i in range(20)]
    rows = [[math.cos(i), math.sin(3 * i)] for i in range(7)]
    for f in (autograd.value_and_grad(loss), lambda w, rows: autograd.hvp(lambda v: loss(v, rows), (w,), (w,))):
        assert bits(autograd.compile(f, executor=executor)(w, rows)) == bits(f(w, rows))


@each_executor
def test_take_scatters_its_gradient(executor):
    def f(table, tokens):
        rows = [autograd.take(table, t) for t in tokens]
        return autograd.sum([a * b for row in rows for a, b in zip(row, rows[0], strict=True)])

    table = [[math.sin(3 * i + j) for j in range(3)] for i in range(5)]
    eager, fast = autograd.value_and_grad(f), autograd.compile(autograd.value_and_grad(f), executor=executor)
    for tokens in ([0.0, 4.0, 2.0], [1.0, 1.0, 1.0]):
        assert bits(fast(table, tokens)) == bits(eager(table, tokens))
    assert fast.traces == 1
    with pytest.raises(IndexError, match="table of 5"):
        fast(table, [0.0, 5.0, 0.0])


@each_executor
def test_repeat_is_the_loop(executor):
    def step(w, x, y):
        _, gradient = autograd.value_and_grad(lambda w: (autograd.tanh(w[0] * x + w[1]) - y) ** 2)(w)
        return [a - 0.1 * g for a, g in zip(w, gradient, strict=True)]

    fast = autograd.compile(step, executor=executor)
    w = [0.3, -0.2]
    for _ in range(50):
        w = step(w, 0.7, 0.5)
    assert bits(fast.repeat(50, [0.3, -0.2], 0.7, 0.5)) == bits(w)
    assert fast.repeat(0, [1.0, 2.0], 0.7, 0.5) == [1.0, 2.0]
    with pytest.raises(TypeError, match="structure of its first argument"):
        autograd.compile(lambda w: (w, 1.0), executor=executor).repeat(2, [1.0])


@each_executor
def test_a_repeat_that_fails_raises_what_the_loop_raises(executor):
    fast = autograd.compile(autograd.log, executor=executor)
    with pytest.raises(autograd.DomainError, match=r"log\("):
        fast.repeat(10, 2.0)


@each_executor
def test_odd_results(executor):
    x = 1.5
    assert autograd.compile(lambda x: x, executor=executor)(x) == x
    assert autograd.compile(lambda x: 2.0, executor=executor)(x) == 2.0
    assert autograd.compile(lambda x: (y := x * x, y, None, "text", 3), executor=executor)(x) == (2.25, 2.25, None, "text", 3)
    assert autograd.compile(lambda x: None, executor=executor)(x) is None
    assert autograd.compile(lambda x: {"a": [x, ()]}, executor=executor)(x) == {"a": [1.5, ()]}
    assert autograd.compile(lambda: 7.0, executor=executor)() == 7.0


# ---- another order of summation, if one asks for it


def _long(x, y):
    return autograd.dot(x, y) + autograd.sum(x[:200]) + autograd.dot(x[:3], y[:3])


@each_executor
def test_reassoc_reorders_long_sums_only(executor):
    rng = random.Random(1)
    x, y = ([rng.uniform(-1.0, 1.0) for _ in range(1001)] for _ in range(2))
    f = autograd.value_and_grad(_long, argnums=(0, 1))
    exact, fast = (autograd.compile(f, executor=executor, fast=how)(x, y) for how in (None, "reassoc"))
    assert fast == autograd.compile(f, executor="python", fast="reassoc")(x, y)  # the same bits everywhere
    assert fast[0] != exact[0]
    assert math.isclose(fast[0], exact[0], rel_tol=1e-12)
    assert fast[1] == exact[1]  # no long sum in these
    short = autograd.compile(autograd.dot, executor=executor, fast="reassoc")
    assert short(x[:127], y[:127]) == autograd.dot(x[:127], y[:127])


@each_executor
@pytest.mark.parametrize("odd", [math.inf, -math.inf, math.nan])
def test_reassoc_keeps_nan_and_infinity(executor, odd):
    x = [0.5] * 300
    x[77] = odd
    y = autograd.compile(autograd.sum, executor=executor, fast="reassoc", check=False)(x)
    assert y == odd or (math.isnan(y) and math.isnan(odd))


def test_reassoc_is_all_there_is():
    with pytest.raises(ValueError, match="'reassoc'"):
        autograd.compile(_long, fast="math")


# ---- what goes wrong without a trace in the result


SWALLOWING = {
    "where": lambda g: autograd.where(g >= 0.0, 1.0, 2.0),
    "where, of what is computed of it": lambda g: autograd.where(3.0 * g + 1.0 > 0.5, 1.0, 2.0),
    "where, in another transform": lambda g: autograd.grad(lambda x: autograd.where(g == 0.0, x * x, x))(3.0),
    "take": lambda g: autograd.take([5.0, 6.0], g),
}


@each_executor
@pytest.mark.parametrize("name", SWALLOWING)
def test_nan_that_a_comparison_would_swallow(executor, name):
    """Eager skips b·b = inf, for the adjoint is 0; a program has 0·inf = NaN, and every comparison with that is false."""

    def f(a, b):
        return SWALLOWING[name](autograd.grad(lambda a: autograd.relu(-(a * (b * b))))(a))

    fast = autograd.compile(f, executor=executor)
    assert fast(1.0, 2.0) == f(1.0, 2.0)
    assert fast(1.0, 1e200) == f(1.0, 1e200)


@each_executor
def test_a_program_that_is_not_checked_gives_what_ieee_754_does(executor):
    def f(x):
        return (
            1.0 / x,
            x + 1.0,
            autograd.exp(400.0 * (x + 2.0)),
            autograd.log(abs(x)),
            autograd.sqrt(x - 1.0),
            autograd.sinh(x - 800.0),
        )

    fast = autograd.compile(f, executor=executor, check=False)
    fast(2.0)
    y = fast(0.0)
    assert y[:4] == (math.inf, 1.0, math.inf, -math.inf)
    assert math.isnan(y[4])
    assert y[5] == -math.inf
    assert fast(-0.0)[0] == -math.inf
    halved = autograd.compile(lambda x: 0.5 * x / (x - 1.0), executor=executor, check=False)
    assert [halved.repeat(n, 2.0) for n in (1, 2)] == [1.0, math.inf]
    assert math.isnan(halved.repeat(3, 2.0))


@each_executor
def test_take_with_an_index_that_is_known(executor):
    """What it gives is a node of its own, as in the engine, or contributions to its operand would add up in another order."""

    def f(x):
        y = autograd.take(x, 1)
        return y * y * 0.3 + y * x[0] * 0.7 + x[1] * x[2]

    rng, g = random.Random(2), autograd.value_and_grad(f)
    fast = autograd.compile(g, executor=executor)
    for _ in range(50):
        x = [rng.uniform(-1.0, 1.0) for _ in range(3)]
        assert fast(x) == g(x)


@each_executor
@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: autograd.exp(autograd.log(autograd.abs(x))), 0.0),
        (lambda x: autograd.exp(autograd.log2(autograd.abs(x))), 0.0),
        (lambda x: 1.0 / (1.0 / autograd.abs(x)), 0.0),
        (lambda x: 1.0 / autograd.exp(autograd.abs(x)), 1000.0),
        (lambda x: autograd.atan(autograd.log1p(-autograd.abs(x))), 1.0),
        (lambda x: autograd.atan(autograd.expm1(autograd.abs(x))), 1000.0),
        (lambda x: autograd.maximum(autograd.sqrt(-autograd.abs(x)), 1.0), 1.0),
    ],
)
def test_errors_are_raised_where_the_result_would_not_show_them(f, x, executor):
    """The bounds of an operand tell whether an operation can fail; at their edge it can."""
    expected = outcome(f, autograd.Value(x))
    assert expected[0] in {"DomainError", "RangeError", "DivisionByZeroError"}
    assert outcome(autograd.compile(f, executor=executor), x) == expected
