"""How operations are recorded: alike in every mode and for every kind of operand, with the semantics the page promises."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import AutogradError, Value, detect_anomaly, functions, no_grad, scope
from autograd._engine.walks import operands
from autograd.table import TABLE

LISTS = {"sum", "prod", "mean", "logsumexp", "norm"}  # of one list; softmax gives a list, dot takes two, hypot any number
ELEMENTWISE = [name for name in functions.__all__ if name not in {*LISTS, "softmax", "dot"}]
EVERY = [*ELEMENTWISE, *sorted(LISTS), "dot", "softmax"]
SPREAD = [0.5, 1.5, -0.5, 2.0, -2.0, 0.0, 3.0]


def call(name, xs):
    """The function by name at these operands, as one number: of a list, the first of what it gives."""
    f = getattr(autograd, name)
    if name in LISTS:
        return f(xs)
    if name == "dot":
        return f(xs, xs[::-1])
    if name == "softmax":
        return f(xs)[0]
    return f(*xs)


def arity(name):
    if name in {*LISTS, "dot", "softmax", "hypot"}:
        return 3
    if name in TABLE:
        return TABLE[name].arity
    parameters = inspect.signature(getattr(autograd, name)).parameters.values()
    return sum(p.default is p.empty for p in parameters)


def samples(name):
    """Points where the function has a value."""
    n = arity(name)
    points = [[SPREAD[(k + step * i) % 7] for i in range(n)] for k in range(7) for step in (1, 2)]
    points += [[1.0, *SPREAD[1:n]], [2.0, 0.25, 1.0][:n], [1.25] * n]
    found = []
    for xs in points:
        try:
            call(name, xs)
        except (AutogradError, ValueError):
            continue
        found.append(xs)
    assert found, f"no sample lies in the domain of {name}"
    return found


def outcome(attempt):
    """Value and gradients to the bit, or the error in words."""
    try:
        return attempt()
    except (AutogradError, ValueError) as error:
        return type(error), str(error)


def differentiated(name, xs, make=Value):
    vs = [make(x) for x in xs]
    y = call(name, vs)
    assert type(y) is Value, f"{name} of Values is a {type(y).__name__}"
    assert type(y.data) is float
    y.backward()
    return y.data.hex(), [v.grad.hex() for v in vs]


# ---- every function, in every mode


@pytest.mark.parametrize("name", EVERY)
def test_every_mode_records_the_same(name):
    for xs in samples(name):
        plain = outcome(lambda xs=xs: differentiated(name, xs))

        def anomalous(xs=xs):
            with detect_anomaly():
                return differentiated(name, xs)

        def scoped(xs=xs):
            with scope("s"):
                return differentiated(name, xs)

        def unrecorded(xs=xs):
            with no_grad():
                y = call(name, [Value(x) for x in xs])
            assert y.is_leaf
            return y.data.hex()

        assert outcome(scoped) == plain, f"{name}{tuple(xs)} in a scope"
        got = outcome(anomalous)
        if got[0] is not autograd.AnomalyError:
            assert got == plain, f"{name}{tuple(xs)} in anomaly mode"
        assert unrecorded() == float(call(name, xs)).hex(), f"{name}{tuple(xs)} in no_grad"


@pytest.mark.parametrize("name", EVERY)
def test_a_plain_number_gives_the_float_that_a_value_holds(name):
    for xs in samples(name):
        y = call(name, xs)
        assert type(y) is float, f"{name} of floats is a {type(y).__name__}"
        assert y.hex() == call(name, [Value(x) for x in xs]).data.hex(), f"{name}{tuple(xs)}"


@pytest.mark.parametrize("name", EVERY)
def test_constants_mix_in_at_every_place_without_a_change(name):
    for xs in samples(name):
        all_values = outcome(lambda xs=xs: differentiated(name, xs))
        for i in range(len(xs)):
            vs = [Value(x) if k == i else x for k, x in enumerate(xs)]
            y = call(name, vs)
            assert type(y) is Value
            assert y.data.hex() == call(name, xs).hex(), f"{name}{tuple(xs)} with a Value at {i}"
            if isinstance(all_values[0], str):
                y.backward()
                assert vs[i].grad.hex() == all_values[1][i], f"∂{name}{tuple(xs)}/∂x{i}"


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("kind", [np.float64, np.float32, np.array], ids=["float64", "float32", "0-d"])
def test_numpy_scalars_are_numbers(name, kind):
    xs = samples(name)[0]
    got = call(name, [kind(x) for x in xs])
    assert type(got) is float, f"{name} of {kind.__name__} is a {type(got).__name__}"
    assert got == call(name, xs)
    if len(xs) > 1:
        assert type(call(name, [Value(xs[0]), *map(kind, xs[1:])])) is Value


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_arrays_are_taken_elementwise_and_broadcast(name):
    points = samples(name)[:3]
    columns = [np.array(column) for column in zip(*points, strict=True)]
    ys = getattr(autograd, name)(*columns)
    assert ys.dtype == object
    assert ys.shape == (len(points),)
    assert [float(y) for y in ys] == [call(name, xs) for xs in points]
    first = Value(points[0][0])
    one = getattr(autograd, name)(first, *(np.array([[x]]) for x in points[0][1:])) if len(columns) > 1 else None
    if one is not None:
        assert one.shape == (1, 1)
        assert type(one[0, 0]) is Value
        assert one[0, 0].data == call(name, points[0])


@pytest.mark.parametrize("name", [name for name in EVERY if hasattr(Value, name)])
def test_methods_and_functions_are_one(name):
    for xs in samples(name):
        vs = [Value(x) for x in xs]
        assert getattr(Value, name)(*vs).data == float(call(name, xs)), f"{name}{tuple(xs)}"


@pytest.mark.parametrize("name", EVERY)
def test_every_function_is_documented_and_refuses_what_is_no_number(name):
    f = getattr(autograd, name)
    assert f.__doc__
    assert f.__name__ == name
    for wrong in ("s", None, 1j, object()):
        with pytest.raises(TypeError):
            call(name, [wrong] * arity(name))


def test_functions_of_sequences_take_any_iterable():
    vs = [Value(1.0), Value(2.0), Value(4.0)]
    for make in (list, tuple, iter, np.array, lambda xs: (x for x in xs), dict.fromkeys):
        assert autograd.sum(make(vs)).data == 7.0
        assert autograd.prod(make(vs)).data == 8.0
        assert autograd.mean(make(vs)).data == 7.0 / 3.0
        assert autograd.dot(make(vs), make([1, 2, 3])).data == 17.0
        assert autograd.norm(make(vs)).data == math.sqrt(21.0)
        assert len(autograd.softmax(make(vs))) == 3
        assert autograd.logsumexp(make(vs)).data == pytest.approx(math.log(math.e + math.e**2 + math.e**4))
    assert autograd.sum([]) == 0.0
    assert autograd.prod([]) == 1.0
    assert autograd.dot([], []) == 0.0
    assert autograd.sum(vs, Value(10.0)).data == 17.0
    assert autograd.prod(vs, 3).data == 24.0
    assert autograd.dot(vs, [1, 1, 1], Value(0.5)).data == 7.5
    with pytest.raises(ValueError, match="two sequences of one length, not of 3 and 2"):
        autograd.dot(vs, [1, 2])
    for f in (autograd.mean, autograd.logsumexp, autograd.softmax):
        with pytest.raises(ValueError, match="at least one number"):
            f([])
    for f in (autograd.sum, autograd.prod, autograd.mean):
        with pytest.raises(TypeError):
            f(3)


def test_sums_and_products_are_one_node():
    vs = [Value(float(x)) for x in range(1, 6)]
    for f in (autograd.sum, autograd.prod, autograd.mean, autograd.logsumexp, autograd.norm):
        assert operands(f(vs)) == tuple(vs), f.__name__
    assert len(operands(autograd.dot(vs, vs))) == 11


def test_a_list_changed_after_it_was_summed_changes_nothing():
    vs = [Value(1.0), Value(2.0)]
    y = autograd.sum(vs)
    first = vs[0]
    vs[0] = Value(100.0)
    vs.append(Value(3.0))
    y.backward()
    assert (y.data, first.grad, vs[0].grad) == (3.0, 1.0, 0.0)


def test_arrays_within_lists():
    a, b = Value(1.0), np.array([1.0, 2.0])
    ys = autograd.sum([a, b, 1.0])
    assert [y.data for y in ys] == [3.0, 4.0]
    assert [y.data for y in autograd.hypot(Value(3.0), np.array([4.0, 0.0]))] == [5.0, 3.0]


# ---- numbers that float has and forgets to keep: signs of zero, infinities, NaN


@given(st.floats(), st.floats())
def test_arithmetic_is_that_of_floats_to_the_bit(a, b):
    for text, f in {"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y, "/": lambda x, y: x / y}.items():
        try:
            expected = f(a, b)
        except ZeroDivisionError:
            with pytest.raises(ZeroDivisionError):
                f(Value(a), b)
            continue
        for y in (f(Value(a), Value(b)), f(Value(a), b), f(a, Value(b))):
            assert y.data.hex() == expected.hex(), f"{a!r} {text} {b!r} = {y.data!r}, not {expected!r}"


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_remainders_are_those_of_floats_to_the_bit(a, b):
    if b == 0.0:
        return
    assert (Value(a) % b).data.hex() == (a % b).hex(), f"{a!r} % {b!r}"
    assert (Value(a) // b).data.hex() == (a // b).hex(), f"{a!r} // {b!r}"


def test_nan_propagates_through_every_choice():
    nan = Value(math.nan)
    for y in (
        autograd.relu(nan),
        autograd.maximum(nan, 1.0),
        autograd.maximum(1.0, nan),
        autograd.minimum(nan, 1.0),
        autograd.minimum(1.0, nan),
        autograd.clip(nan, 0.0, 1.0),
        autograd.leaky_relu(nan),
        autograd.abs(nan),
        nan + 1,
        nan * 0,
        autograd.sum([nan, 1.0]),
    ):
        assert math.isnan(y.data), f"{y!r}"


# ---- kinks and powers, as the page on semantics lists them

KINKS = [
    ("maximum(a, b) on a tie", autograd.maximum, (2.0, 2.0), (1.0, 0.0)),
    ("minimum(a, b) on a tie", autograd.minimum, (2.0, 2.0), (1.0, 0.0)),
    ("relu at 0", autograd.relu, (0.0,), (0.0,)),
    ("relu at −0", autograd.relu, (-0.0,), (0.0,)),
    ("abs at 0", autograd.abs, (0.0,), (0.0,)),
    ("clip at its lower bound", lambda x: autograd.clip(x, 0.0, 1.0), (0.0,), (1.0,)),
    ("clip at its upper bound", lambda x: autograd.clip(x, 0.0, 1.0), (1.0,), (1.0,)),
    ("clip below", lambda x: autograd.clip(x, 0.0, 1.0), (-1.0,), (0.0,)),
    ("clip above", lambda x: autograd.clip(x, 0.0, 1.0), (2.0,), (0.0,)),
    ("floor", autograd.floor, (2.0,), (0.0,)),
    ("ceil", autograd.ceil, (2.5,), (0.0,)),
    ("round", autograd.round, (2.5,), (0.0,)),
    ("trunc", autograd.trunc, (-2.5,), (0.0,)),
    ("sign", autograd.sign, (0.0,), (0.0,)),
    ("hypot at (0, 0)", autograd.hypot, (0.0, 0.0), (0.0, 0.0)),
    ("x ** 0 at 0", lambda x: x**0, (0.0,), (0.0,)),
    ("x ** 1 at 0", lambda x: x**1, (0.0,), (1.0,)),
    ("x ** 2 at 0", lambda x: x**2, (0.0,), (0.0,)),
    ("x ** 3 at −2", lambda x: x**3, (-2.0,), (12.0,)),
    ("x ** −2 at −2", lambda x: x**-2, (-2.0,), (0.25,)),
    ("0 ** y at y > 0", lambda y: 0.0**y, (2.0,), (0.0,)),
    ("x ** y at (0, 2)", lambda x, y: x**y, (0.0, 2.0), (0.0, 0.0)),
    ("x ** y at (2, 0)", lambda x, y: x**y, (2.0, 0.0), (0.0, math.log(2.0))),
    ("2 ** y", lambda y: 2**y, (3.0,), (8.0 * math.log(2.0),)),
    ("where, condition true", lambda a, b: autograd.where(True, a, b), (2.0, 3.0), (1.0, 0.0)),
    ("where, condition false", lambda a, b: autograd.where(False, a, b), (2.0, 3.0), (0.0, 1.0)),
]


@pytest.mark.parametrize(("text", "f", "point", "expected"), KINKS, ids=[text for text, *_ in KINKS])
def test_kinks(text, f, point, expected):
    vs = [Value(x) for x in point]
    f(*vs).backward()
    by_backward = tuple(v.grad for v in vs)
    by_grad = autograd.grad(f, range(len(point)))(*point)
    unit = [[float(i == k) for i in range(len(point))] for k in range(len(point))]
    by_jvp = tuple(autograd.jvp(f, point, u)[1] for u in unit)
    for how, got in (("backward", by_backward), ("grad", by_grad), ("jvp", by_jvp)):
        assert got == pytest.approx(expected, rel=1e-15, abs=0), f"{text} by {how}: {got}, not {expected}"


def test_a_negative_base_with_a_whole_exponent_never_needs_a_logarithm():
    x = Value(-2.0)
    (x**3).backward()
    assert x.grad == 12.0
    assert autograd.grad(autograd.grad(lambda t: t**3))(-2.0) == -12.0
    assert autograd.hessian(lambda t: t**5)(-1.0) == -20.0


@given(st.floats(-1e150, 1e150))
def test_a_square_is_a_product_to_the_bit(x):
    v, w = Value(x), Value(x)
    y, z = v**2, w * w
    assert y.data.hex() == z.data.hex()
    y.backward()
    z.backward()
    assert v.grad.hex() == w.grad.hex(), f"at {x!r}"
