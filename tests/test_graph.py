"""Walks of a graph: operands, order, leaves; depth; and that graphs are freed without the collector."""

import gc

import pytest

import autograd
from autograd import StaleValueError, Value, detect_anomaly, scope
from autograd._engine.numbers import tick
from autograd._engine.walks import ancestors, leaves, operands
from autograd.chain import forward, reverse

DEEP = 1_000_000


def test_operands_are_in_order_and_constants_stay_floats():
    a, b = Value(2.0), Value(3.0)
    cases = [
        (a, ()),
        (a + b, (a, b)),
        (b - a, (b, a)),
        (a * a, (a, a)),
        (a + 1, (a, 1.0)),
        (1 - a, (1.0, a)),
        (2**b, (2.0, b)),
        (-a, (a,)),
        (autograd.exp(a), (a,)),
        (autograd.maximum(1, b), (1.0, b)),
        (autograd.fma(a, 2, b), (a, 2.0, b)),
        (autograd.sum([a, 1, b, a]), (a, 1.0, b, a)),
        (autograd.dot([a, b], [3, b], 1), (1.0, a, 3.0, b, b)),
        (autograd.where(a > b, a, b), (0.0, a, b)),
    ]
    for y, expected in cases:
        got = operands(y)
        assert type(got) is tuple
        assert len(got) == len(expected), f"{y!r}: {got}"
        for x, e in zip(got, expected, strict=True):
            assert x is e if type(e) is Value else (type(x) is float and x == e), f"{y!r}: {got}, not {expected}"


def test_ancestors_are_in_order_of_recording_each_once():
    a, b = Value(2.0), Value(3.0)
    s = a * b
    t = s + a
    other = t * 5
    y = s * t
    assert [id(v) for v in ancestors(y)] == [id(v) for v in (a, b, s, t, y)]
    assert [id(v) for v in ancestors(other, y)] == [id(v) for v in (a, b, s, t, other, y)]
    assert [id(v) for v in ancestors(y, y, a)] == [id(v) for v in (a, b, s, t, y)]
    assert ancestors(a) == [a]
    assert ancestors() == []


def test_ancestors_since_a_moment():
    a = Value(2.0)
    b = a * 3.0
    moment = tick()
    c = Value(5.0)
    y = b * c + a
    assert [id(v) for v in ancestors(y, since=moment)] == [id(v) for v in (c, operands(y)[0], y)]
    assert ancestors(b, since=moment) == []


def test_equal_values_are_not_one():
    a, b = Value(1.0), Value(1.0)
    assert len(ancestors(a + b)) == 3
    assert len(leaves(a + b)) == 2


def test_leaves():
    a, b, c = Value(2.0), Value(3.0), Value(4.0)
    assert [id(v) for v in leaves(c * 2 + a, b)] == [id(v) for v in (a, b, c)]
    assert [id(v) for v in leaves(a)] == [id(a)]


# ---- stale leaves: a gradient is never taken at a point other than the one recorded


def grad_of_closure(x, y):
    def f(t):
        z = x * t
        x.data = 5.0
        return z

    return autograd.grad(f)(1.0)


def jvp_of_closure(x, y):
    def f(t):
        z = x * t
        x.data = 5.0
        return z

    return autograd.jvp(f, (1.0,), (1.0,))


def anomalous_backward(x, y):
    with detect_anomaly():
        y.backward()


STALE = {
    "backward": lambda x, y: y.backward(),
    "backward, anomaly": anomalous_backward,
    "reverse": lambda x, y: reverse({y: 1.0}),
    "reverse, lifted": lambda x, y: reverse({y: Value(1.0)}, lifted=True),
    "forward": lambda x, y: forward([y], {x: 1.0}),
    "ancestors": lambda x, y: ancestors(y),
    "leaves": lambda x, y: leaves(y),
    "grad": grad_of_closure,
    "jvp": jvp_of_closure,
}


@pytest.mark.parametrize("mode", STALE)
@pytest.mark.parametrize(
    ("name", "f"),
    {
        "mul": lambda x: x * 3.0,
        "add": lambda x: 2.0 + x,
        "exp": autograd.exp,
        "sum": lambda x: autograd.sum([1.0, x]),
        "fma": lambda x: autograd.fma(2.0, 3.0, x),
    }.items(),
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_an_assigned_leaf_is_named(mode, name, f):
    x = Value(2.0, label="w")
    y = autograd.tanh(f(x) * 0.1)
    if mode not in ("grad", "jvp"):
        x.data = 5.0
    with pytest.raises(
        StaleValueError, match=r"the leaf w = 5\.0 was assigned after .* was computed from it; compute the result again"
    ):
        STALE[mode](x, y)
    assert not x.reached
    f(x).backward()
    assert x.reached


def test_even_the_same_number_makes_a_graph_stale_but_only_a_later_assignment():
    x = Value(2.0)
    x.data = 3.0
    y = x * x
    y.backward()
    assert x.grad == 6.0
    x.data = 3.0
    with pytest.raises(StaleValueError):
        y.backward()
    (x * x).backward()
    assert x.grad == 12.0
    x.grad = 0.0  # a gradient is no data
    (x * x).backward()
    assert x.grad == 6.0


def test_a_leaf_alone_is_never_stale():
    x = Value(2.0)
    x.data = 3.0
    x.backward()
    assert x.grad == 1.0
    assert reverse({x: 1.0})[x] == 1.0


def test_a_stale_leaf_elsewhere_does_no_harm():
    x, other = Value(2.0), Value(3.0)
    unused = other * x
    y = x * x
    other.data = 7.0
    y.backward()
    assert x.grad == 4.0
    with pytest.raises(StaleValueError):
        unused.backward()


# ---- depth


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_a_chain_of_a_million_operations(no_collector):
    x = y = Value(1.0)
    before = count_values()
    for _ in range(DEEP // 2):
        y = (y + 1.0) * 1.0
    assert y.data == 1.0 + DEEP // 2
    y.backward()
    assert x.grad == 1.0
    assert len(ancestors(y)) == DEEP + 1
    y.backward()
    assert x.grad == 2.0
    del y  # freed without recursion
    assert count_values() == before


def chain(step, n=100_000):
    x = Value(1.0, label="x")
    y = x
    for _ in range(n):
        y = step(y)
    return x, y


halve = autograd.custom_op(lambda a, b: a * b, lambda a, b: b, lambda a, b: a, name="halve")

STEPS = {
    "unary": autograd.sin,
    "shared": lambda y: y * 0.5 + y * 0.5,
    "squares": lambda y: y * y,
    "sum": lambda y: autograd.sum([y, 0.0]),
    "dot": lambda y: autograd.dot([y, y], [0.5, 0.5]),
    "ternary": lambda y: autograd.fma(y, 1.0, 0.0),
    "custom": lambda y: halve(y, 1.0),
    "in place": lambda y: y.__mul__(1.0),
}


@pytest.mark.parametrize("step", STEPS)
def test_every_kind_of_chain_is_walked_and_freed_without_recursion(step):
    x, y = chain(STEPS[step], 20_000)
    y.backward()
    bars = reverse({y: 1.0})
    dots = forward([y], {x: 1.0})
    assert bars[x].hex() == x.grad.hex()
    assert dots[y] == pytest.approx(x.grad, rel=1e-6)
    lifted = reverse({y: 1.0}, lifted=True)[x]
    assert lifted == x.grad
    del y, bars, dots, lifted


def test_deep_graphs_in_scopes_and_anomaly_mode():
    with scope("deep"), detect_anomaly():
        x, y = chain(lambda y: y + 1.0, 2_000)
        y.backward()
    assert x.grad == 1.0
    assert y.scope == ("deep",)


def test_deep_transforms():
    def deep(x):
        y = x
        for _ in range(20_000):
            y = y * 1.0 + 0.0
        return y * y

    assert autograd.grad(deep)(3.0) == 6.0
    assert autograd.grad(autograd.grad(deep))(3.0) == 2.0
    assert autograd.jvp(deep, (3.0,), (1.0,)) == (9.0, 6.0)


# ---- freed without the collector


def count_values():
    return sum(type(x) is Value for x in gc.get_objects())


def build_and_differentiate(x):
    y = x
    for _ in range(200):
        y = autograd.tanh(y * x + autograd.exp(-y)) + autograd.sum([y, x, 1.0])
    y.backward()
    return y


def failing_backward(x):
    y = autograd.sqrt((x - x) * 2.0) + x
    with pytest.raises(autograd.DerivativeError):
        y.backward()


def stale_backward(x):
    w = Value(1.0)
    y = w * x
    w.data = 2.0
    with pytest.raises(StaleValueError):
        y.backward()


USES = {
    "backward": build_and_differentiate,
    "reverse": lambda x: reverse({build_and_differentiate(x): 1.0}),
    "lifted": lambda x: reverse({build_and_differentiate(x): 1.0}, lifted=True),
    "forward": lambda x: forward([build_and_differentiate(x)], {x: 1.0}),
    "grad": lambda x: autograd.grad(build_and_differentiate)(0.5),
    "grad of a Value": lambda x: autograd.grad(lambda t: t * t * x)(x),
    "hessian": lambda x: autograd.hessian(lambda t: t[0] ** 2 * t[1])([1.0, 2.0]),
    "jacobian": lambda x: autograd.jacobian(lambda t: [t[0] * t[1], t[0]])([1.0, 2.0]),
    "softmax": lambda x: autograd.softmax([x, x * 2, 1.0])[1].backward(),
    "derivative that does not exist": failing_backward,
    "stale": stale_backward,
}


@pytest.mark.parametrize("use", USES)
def test_dropping_the_last_reference_frees_the_whole_graph(use, no_collector):
    x = Value(0.5)
    USES[use](x)  # anything kept for good is kept the first time
    before = count_values()
    for _ in range(3):
        USES[use](x)
    assert count_values() == before, f"{use}: {count_values() - before} Values are still alive without the collector"
