"""`Value` as a Python object: what it holds, what it refuses, and its manners among other numbers."""

import copy
import math
import operator
import pickle
import statistics
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import GraphError, RangeError, Value


class FloatLike:
    def __float__(self) -> float:
        return 2.5


class MyFloat(float):
    pass


class MyInt(int):
    pass


# ---- the constructor

ACCEPTED = [
    (3, 3.0),
    (3.5, 3.5),
    (True, 1.0),
    (False, 0.0),
    (-0.0, -0.0),
    (math.nan, math.nan),
    (math.inf, math.inf),
    (-math.inf, -math.inf),
    (5e-324, 5e-324),
    (2**53 + 1, 2.0**53),
    (10**308, 1e308),
    (Fraction(1, 3), 1 / 3),
    (Decimal("0.1"), 0.1),
    (Decimal("NaN"), math.nan),
    (Decimal("-Infinity"), -math.inf),
    (MyFloat(1.5), 1.5),
    (MyInt(7), 7.0),
    (FloatLike(), 2.5),
    (np.float64(0.1), 0.1),
    (np.float32(0.1), float(np.float32(0.1))),
    (np.float16(0.1), float(np.float16(0.1))),
    (np.longdouble(0.5), 0.5),
    (np.int8(-3), -3.0),
    (np.uint8(255), 255.0),
    (np.int16(-3), -3.0),
    (np.uint16(3), 3.0),
    (np.int32(-3), -3.0),
    (np.uint32(3), 3.0),
    (np.int64(-3), -3.0),
    (np.uint64(2**63), 2.0**63),
    (np.bool_(True), 1.0),
    (np.array(4.5), 4.5),
    (np.array(4), 4.0),
    (np.array(True), 1.0),
]


@pytest.mark.parametrize(("x", "expected"), ACCEPTED, ids=[f"{i}-{type(x).__name__}" for i, (x, _) in enumerate(ACCEPTED)])
def test_holds_every_real_number_as_a_float(x, expected):
    v = Value(x)
    assert type(v.data) is float, f"Value({x!r}).data is a {type(v.data).__name__}"
    assert v.data.hex() == expected.hex(), f"Value({x!r}).data = {v.data!r}, not {expected!r}"
    assert type(v) is Value
    assert v.is_leaf


REFUSED = [
    ("1.5", "str", "float(text)"),
    (b"1.5", "bytes", "float(text)"),
    (bytearray(b"1"), "bytearray", "float(text)"),
    (None, "NoneType", "give a number"),
    (1j, "complex", "real part"),
    (np.complex128(1), "complex128", "real part"),
    (np.complex64(1), "complex64", "real part"),
    (np.array(1j), "ndarray", "real part"),
    (Value(1.0), "Value", "v.detach()"),
    (np.array([1.0]), "ndarray", "[Value(x) for x in"),
    (np.zeros((2, 2)), "ndarray", "[Value(x) for x in"),
    ([1.0], "list", "[Value(x) for x in"),
    ((1.0,), "tuple", "[Value(x) for x in"),
    ({1.0}, "set", "[Value(x) for x in"),
    ({}, "dict", "float()"),
    (object(), "object", "float()"),
    (float, "type", "float()"),
    (np.str_("1"), "str_", "float(text)"),
    (np.datetime64(1, "s"), "datetime64", "float()"),
    (np.timedelta64(1, "s"), "timedelta64", "float()"),
    (np.array("1"), "ndarray", "float()"),
    (np.array(None), "ndarray", "float()"),
]
REFUSED_IDS = [f"{i}-{type(x).__name__}" for i, (x, _, _) in enumerate(REFUSED)]


@pytest.mark.parametrize(("x", "name", "fix"), REFUSED, ids=REFUSED_IDS)
def test_refuses_what_is_no_real_number_and_names_type_and_fix(x, name, fix):
    leaf = Value(1.0)
    leaf.grad = 2.0
    for attempt in (lambda: Value(x), lambda: setattr(leaf, "data", x), lambda: setattr(leaf, "grad", x)):
        with pytest.raises(TypeError) as caught:
            attempt()
        assert f"not {name};" in str(caught.value)
        assert fix in str(caught.value)
    assert (leaf.data, leaf.grad) == (1.0, 2.0), "a refused assignment changed the leaf"


@pytest.mark.parametrize("x", [10**400, -(10**400), MyInt(10**309), Fraction(10**400), 2**1024], ids=lambda x: type(x).__name__)
def test_a_number_too_large_for_a_float_is_a_range_error(x):
    for attempt in (Value, lambda n: Value(1.0) + n, lambda n: n * Value(1.0), autograd.exp):
        with pytest.raises(RangeError, match=type(x).__name__):
            attempt(x)
    with pytest.raises(OverflowError):
        Value(x)


def test_the_constructor_takes_one_number_and_a_keyword():
    for wrong in (Value, lambda: Value(1.0, "x"), lambda: Value(1.0, name="x")):
        with pytest.raises(TypeError):
            wrong()


numbers = st.one_of(
    st.floats(),
    st.integers(),
    st.integers(min_value=-(10**320), max_value=10**320),
    st.booleans(),
    st.fractions(),
    st.decimals(allow_nan=False),
    st.sampled_from([np.float64, np.float32, np.float16, np.int64, np.int8, np.bool_]).flatmap(
        lambda kind: st.integers(-100, 100).map(kind)
    ),
)


@given(numbers)
def test_a_value_holds_what_float_makes_of_the_number(x):
    try:
        expected = float(x)
    except OverflowError:
        with pytest.raises(RangeError):
            Value(x)
    else:
        assert Value(x).data.hex() == expected.hex(), f"Value({x!r})"


not_numbers = st.one_of(
    st.text(), st.binary(), st.none(), st.complex_numbers(), st.lists(st.floats()), st.dictionaries(st.text(), st.floats())
)


@given(not_numbers)
def test_no_text_container_or_complex_number_becomes_a_value(x):
    with pytest.raises(TypeError, match=type(x).__name__):
        Value(x)


ERRORS = [
    ValueError("no"),
    TypeError("no"),
    ZeroDivisionError("no"),
    KeyboardInterrupt(),
    SystemExit(3),
    MemoryError(),
    RecursionError(),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("base", [object, float, int])
def test_an_exception_of_float_passes_through(error, base):
    class Hostile(base):
        def __float__(self):
            raise error

        __add__ = __radd__ = None

    leaf = Value(1.0)
    for attempt in (Value, lambda x: setattr(leaf, "data", x), lambda x: setattr(leaf, "grad", x)):
        with pytest.raises(type(error)):
            attempt(Hostile())
    assert (leaf.data, leaf.grad) == (1.0, 0.0)


def test_a_float_method_that_returns_no_float_is_a_type_error():
    class Hostile:
        def __float__(self):
            return "1.0"

    with pytest.raises(TypeError):
        Value(Hostile())


def test_cannot_be_subclassed():
    with pytest.raises(TypeError, match="Value cannot be subclassed"):

        class Mine(Value):
            pass


def test_refuses_attributes_it_does_not_have():
    with pytest.raises(AttributeError):
        Value(1.0).requires_grad = True


# ---- data, grad, label, scope


def test_data_of_a_leaf_can_be_assigned_any_real_number():
    v = Value(1.0)
    for x, expected in ACCEPTED:
        v.data = x
        assert v.data.hex() == expected.hex(), f"v.data = {x!r}"
        assert type(v.data) is float
    v.data = 2.0
    v.data -= 0.5
    assert v.data == 1.5


def test_data_of_a_computed_value_cannot_be_assigned():
    y = Value(2.0, label="w") * 3
    y.label = "loss"
    with pytest.raises(GraphError, match=r"loss = 6\.0 was computed by mul; only the data of a leaf") as caught:
        y.data = 1.0
    assert "v.detach()" in str(caught.value)
    assert y.data == 6.0


def test_grad_is_zero_until_a_pass_reaches_the_value():
    x, other = Value(2.0), Value(3.0)
    y = x * 2
    for v in (x, y, other):
        assert v.grad == 0.0
        assert type(v.grad) is float
        assert not v.reached
    y.backward()
    assert x.reached
    assert y.reached
    assert not other.reached
    assert (x.grad, y.grad, other.grad) == (2.0, 1.0, 0.0)


def test_grad_can_be_assigned_and_deleted():
    x = Value(2.0)
    x.grad = 5
    assert (x.grad, type(x.grad), x.reached) == (5.0, float, True)
    x.grad += 1
    assert x.grad == 6.0
    x.grad = np.float32(1.5)
    assert type(x.grad) is float
    del x.grad
    assert (x.grad, x.reached) == (0.0, False)
    del x.grad
    y = x * x
    y.grad = 7.0
    assert y.grad == 7.0
    y.backward()
    assert (y.grad, x.grad) == (1.0, 4.0)


def test_labels():
    v = Value(1.0)
    assert v.label == ""
    v.label = "weight"
    assert v.label == "weight"
    assert repr(v) == "Value(data=1.0, grad=0.0, label='weight')"
    assert Value(1.0, label="b").label == "b"
    assert (v + 1).label == ""
    y = v + 1
    y.label = "sum"
    assert y.label == "sum"
    for wrong in (None, 3, b"x", v):
        with pytest.raises(TypeError, match=f"a label is a str, not {type(wrong).__name__}"):
            v.label = wrong
        with pytest.raises(TypeError, match=f"a label is a str, not {type(wrong).__name__}"):
            Value(1.0, label=wrong)
    assert v.label == "weight"


def test_detach_makes_a_leaf_with_the_same_data():
    x = Value(3.0, label="x")
    y = x * x
    d = y.detach()
    assert d.is_leaf
    assert not y.is_leaf
    assert (d.data, d.grad) == (9.0, 0.0)
    assert x.detach() is not x
    assert x.detach().label == "x"
    d.data = 1.0
    assert y.data == 9.0
    (d * x).backward()
    assert x.grad == 1.0


# ---- operators

BINARY = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod, operator.pow]
INPLACE = [operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.ifloordiv, operator.imod, operator.ipow]
UNARY = [operator.neg, operator.pos, abs, round, math.floor, math.ceil, math.trunc]
OTHERS = [
    2,
    2.5,
    True,
    Fraction(5, 2),
    Decimal("2.5"),
    np.float64(2.5),
    np.float32(2.5),
    np.int64(2),
    np.bool_(1),
    np.array(2.5),
    FloatLike(),
]


def name(x):
    return getattr(x, "__name__", type(x).__name__)


@pytest.mark.parametrize("op", BINARY, ids=name)
@pytest.mark.parametrize("other", OTHERS, ids=name)
def test_operators_mix_with_every_number_on_both_sides(op, other):
    v, x = Value(3.25), float(other)
    for y, expected in ((op(v, other), op(3.25, x)), (op(other, v), op(x, 3.25))):
        assert type(y) is Value, f"{op.__name__}({other!r}) is a {type(y).__name__}"
        assert y.data.hex() == expected.hex(), f"{op.__name__} of {v!r} and {other!r}: {y.data!r}, not {expected!r}"
        assert type(y.data) is float
    y.backward()
    assert v.grad == autograd.grad(lambda t: op(x, t))(3.25)


@pytest.mark.parametrize(("op", "inplace"), [*zip(BINARY, INPLACE, strict=True)], ids=map(name, INPLACE))
def test_in_place_operators_make_a_new_value(op, inplace):
    for other in (2.0, 3, Value(2.0)):
        v = old = Value(3.25)
        v = inplace(v, other)
        assert type(v) is Value
        assert v is not old
        assert old.data == 3.25
        assert v.data == op(3.25, float(other.data if type(other) is Value else other))
        v.backward()
        assert old.reached


def test_in_place_on_a_number_gives_a_value():
    total = 0
    for v in (Value(1.0), Value(2.0)):
        total += v
    assert type(total) is Value
    assert total.data == 3.0


@pytest.mark.parametrize("op", UNARY, ids=name)
@pytest.mark.parametrize("x", [2.5, -2.5, 3.5, 0.0, -0.0])
def test_unary_operators_give_values(op, x):
    y = op(Value(x))
    assert type(y) is Value
    assert y.data == op(x), f"{name(op)}(Value({x})) = {y.data}, not {op(x)}"
    assert type(y.data) is float


def test_round_takes_digits_and_stays_a_value():
    for x in (2.675, -1234.5678, 0.5, 1.5):
        for digits in (None, 0, 1, 2, -2):
            y = round(Value(x), digits)
            assert type(y) is Value
            assert y.data == float(round(x, digits)), f"round({x}, {digits})"


@pytest.mark.parametrize(("a", "b"), [(7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (0.0, 3.0), (1e300, 7.0)])
def test_divmod(a, b):
    for q, r in (divmod(Value(a), b), divmod(a, Value(b)), divmod(Value(a), Value(b))):
        assert type(q) is type(r) is Value
        assert (q.data, r.data) == divmod(a, b)


def test_the_tools_of_python_work_on_values():
    vs = [Value(3.0), Value(1.0), Value(2.0)]
    assert type(sum(vs)) is Value
    assert sum(vs).data == 6.0
    assert sum(vs, start=Value(1.0)).data == 7.0
    assert math.prod(vs).data == 6.0
    assert max(vs) is vs[0]
    assert min(vs) is vs[1]
    assert [v.data for v in sorted(vs)] == [1.0, 2.0, 3.0]
    assert [v.data for v in sorted(vs, reverse=True)] == [3.0, 2.0, 1.0]
    assert max(vs, key=lambda v: -v.data) is vs[1]
    assert statistics.median([v.data for v in vs]) == 2.0
    s = sum(v * v for v in vs)
    s.backward()
    assert [v.grad for v in vs] == [6.0, 2.0, 4.0]


NO_NUMBERS = ["s", b"s", None, [1.0], (1.0,), {}, 1j, object(), np.complex128(1), np.datetime64(1, "s")]


@pytest.mark.parametrize("op", BINARY, ids=name)
@pytest.mark.parametrize("other", NO_NUMBERS, ids=name)
def test_operators_refuse_what_is_no_number(op, other):
    v = Value(2.0)
    if not (op is operator.mod and isinstance(other, (str, bytes))):  # formatting
        with pytest.raises(TypeError):
            op(other, v)
    with pytest.raises(TypeError):
        op(v, other)


def test_operators_it_does_not_have():
    v = Value(2.0)
    for op in (operator.matmul, operator.lshift, operator.and_, operator.or_, operator.xor):
        with pytest.raises(TypeError):
            op(v, v)
    for f in (operator.invert, operator.index, len, iter, list, range):
        with pytest.raises(TypeError):
            f(v)
    with pytest.raises(TypeError):
        pow(v, 2, 3)


class Reflecting:
    def __radd__(self, other):
        return "theirs"

    def __gt__(self, other):
        return "theirs"


def test_other_classes_get_their_turn():
    assert Value(1.0) + Reflecting() == "theirs"
    assert (Value(1.0) < Reflecting()) == "theirs"


# ---- comparisons, hash, truth

COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]
COMPARED = [
    1, 0.1, True, 0, -0.0, math.nan, math.inf, 2**53 + 1, 10**400, -(10**400), Fraction(1, 10), Fraction(10**400),
    Decimal("0.1"), Decimal("Infinity"), np.float64(0.1), np.float32(0.1), np.int64(1), np.bool_(True), np.array(0.1),
]  # fmt: skip


@pytest.mark.parametrize("op", COMPARISONS, ids=name)
@pytest.mark.parametrize("x", [0.1, 0.0, 1.0, 2.0**53, math.inf, math.nan])
def test_comparisons_are_those_of_the_numbers(op, x):
    v = Value(x)
    for other in COMPARED:
        if x != x and type(other) is Decimal and op not in (operator.eq, operator.ne):
            continue  # Decimal signals where a NaN is ordered, for float and Value alike
        for got, expected in ((op(v, other), op(x, other)), (op(other, v), op(other, x))):
            assert type(got) is bool, f"{op.__name__}({x!r}, {other!r}) is a {type(got).__name__}"
            assert got == bool(expected), f"{op.__name__} of Value({x!r}) and {other!r}: {got}"
    for other in (0.1, 1.0, math.nan):
        assert op(v, Value(other)) is op(x, other)


def test_equality_with_what_is_no_number_is_false_and_order_is_a_type_error():
    v = Value(1.0)
    for other in ("1.0", None, [1.0], object()):
        assert v != other
        assert not v == other  # noqa: SIM201
        with pytest.raises(TypeError):
            operator.lt(v, other)
        with pytest.raises(TypeError):
            operator.ge(other, v)
    assert v == 1 + 0j
    with pytest.raises(TypeError):
        operator.lt(v, 1j)


def test_equal_by_value_hashed_by_identity():
    a, b = Value(1.0), Value(1.0)
    assert a == b
    assert a == 1
    assert hash(a) == hash(a)
    assert len({a, b}) == 2
    assert {a: "a", b: "b"}[a] == "a"
    assert a in [Value(3.0), b]
    assert 1.0 in [Value(3.0), a]
    assert Value(math.nan) != Value(math.nan)
    a.data = 5.0
    assert {a: 1}[a] == 1


def test_truth_is_that_of_the_number():
    for x in (0.0, -0.0, 1.0, -1.0, math.nan, math.inf, 5e-324):
        assert bool(Value(x)) is bool(x)


# ---- conversions and text


@pytest.mark.parametrize(
    ("convert", "fix"),
    [
        (float, "v.data"),
        (math.exp, "autograd.exp(v)"),
        (math.sqrt, "autograd.exp(v) and the like"),
        (math.isnan, "v.data"),
        (lambda v: math.fsum([v]), "v.data"),
        (int, "int(v.data)"),
        (complex, "complex(v.data)"),
        (lambda v: np.array([v], dtype=float), "v.data"),
        (lambda v: np.array([v]).astype(float), "v.data"),
        (lambda v: "%f" % v, "v.data"),  # noqa: UP031
    ],
)
def test_no_conversion_loses_a_gradient_in_silence(convert, fix):
    for v in (Value(1.0), Value(1.0) + 1):
        with pytest.raises(TypeError) as caught:
            convert(v)
        assert "would lose its gradient" in str(caught.value)
        assert fix in str(caught.value)


def test_text():
    v = Value(3.14159, label="pi")
    assert f"{v:.3f}" == "3.142"
    assert f"{v:>8.2f}" == "    3.14"
    assert f"{v:e}" == "3.141590e+00"
    assert f"{v}" == str(v) == repr(v) == "Value(data=3.14159, grad=0.0, label='pi')"
    assert repr(Value(2) + 1) == "Value(data=3.0, grad=0.0)"
    assert repr(Value(math.nan)) == "Value(data=nan, grad=0.0)"
    with pytest.raises(ValueError, match="format"):
        f"{v:s}"


# ---- NumPy

ARRAYS = [np.array([1.5, 2.0]), np.array([1, 2]), np.array([[1.0], [2.0]]), np.float32([1.5, 2.5]), np.array([])]


@pytest.mark.parametrize("op", BINARY, ids=name)
@pytest.mark.parametrize("array", ARRAYS, ids=lambda a: f"{a.dtype}{a.shape}")
def test_arrays_on_both_sides_give_object_arrays(op, array):
    v = Value(3.25)
    for got, expected in ((op(v, array), op(3.25, array.astype(float))), (op(array, v), op(array.astype(float), 3.25))):
        assert got.dtype == object
        assert got.shape == array.shape
        assert all(type(y) is Value for y in got.flat)
        assert np.allclose([y.data for y in got.flat], expected.ravel(), rtol=1e-15)
    total = sum(op(array, v).flat, start=Value(0.0))
    total.backward()
    assert v.reached == bool(array.size)


def test_arrays_of_values():
    a, b = Value(2.0), Value(3.0)
    xs = np.array([a, b])
    assert xs.dtype == object
    assert xs[0] is a
    y = (xs * xs).sum() + xs @ np.array([1.0, 10.0]) + np.dot(xs, xs) + a * xs[1]
    assert type(y) is Value
    y.backward()
    assert (a.grad, b.grad) == (4.0 + 1.0 + 4.0 + 3.0, 6.0 + 10.0 + 6.0 + 2.0)
    assert np.mean(xs).data == 2.5
    assert np.prod(xs).data == 6.0
    assert np.max(xs) is b
    assert np.sort(xs[::-1])[0] is a
    assert np.var(xs).data == 0.25
    xs += 1
    assert xs[0].data == 3.0
    matrix = np.array([[1.0, 2.0], [3.0, 4.0]]) @ np.array([a, b])
    assert [y.data for y in matrix] == [8.0, 18.0]


def test_in_place_on_a_float_array_never_drops_the_gradient():
    v, xs = Value(2.0), np.array([1.0, 2.0])
    try:
        xs *= v
    except TypeError:
        assert xs.dtype == float
    else:
        assert xs.dtype == object


UFUNCS = {
    np.exp: 0.5, np.exp2: 0.5, np.expm1: 0.5, np.log: 0.5, np.log2: 0.5, np.log10: 0.5, np.log1p: 0.5, np.sqrt: 0.5,
    np.cbrt: 0.5, np.sin: 0.5, np.cos: 0.5, np.tan: 0.5, np.arcsin: 0.5, np.arccos: 0.5, np.arctan: 0.5, np.sinh: 0.5,
    np.cosh: 0.5, np.tanh: 0.5, np.arcsinh: 0.5, np.arccosh: 1.5, np.arctanh: 0.5, np.floor: 0.5, np.ceil: 0.5,
    np.trunc: 0.5, np.rint: 0.75, np.fabs: -0.5, np.absolute: -0.5, np.negative: 0.5, np.positive: 0.5, np.square: 0.5,
    np.reciprocal: 0.5, np.degrees: 0.5, np.radians: 0.5, np.deg2rad: 0.5, np.rad2deg: 0.5, np.conjugate: 0.5,
    np.round: 0.75,
}  # fmt: skip


@pytest.mark.parametrize("f", UFUNCS, ids=name)
def test_numpy_functions_work_on_object_arrays(f):
    x = UFUNCS[f]
    v = Value(x)
    (y,) = f(np.array([v]))
    assert type(y) is Value
    assert y.data == pytest.approx(float(f(x)), rel=1e-14), f"{f.__name__}({x})"


@pytest.mark.parametrize(
    "f",
    [
        np.add,
        np.subtract,
        np.multiply,
        np.divide,
        np.power,
        np.mod,
        np.fmod,
        np.floor_divide,
        np.maximum,
        np.minimum,
        np.arctan2,
        np.hypot,
    ],
    ids=name,
)
def test_numpy_functions_of_two_object_arrays(f):
    (y,) = f(np.array([Value(0.75)]), np.array([Value(0.5)]))
    assert type(y) is Value
    assert y.data == pytest.approx(float(f(0.75, 0.5)), rel=1e-14)


@pytest.mark.parametrize("f", UFUNCS, ids=name)
def test_numpy_functions_work_on_a_value_itself(f):
    x = UFUNCS[f]
    y = f(Value(x))
    assert type(y) is Value
    assert y.data == pytest.approx(float(f(x)), rel=1e-14)
    assert autograd.compile(f)(x) == y.data
    assert type(autograd.grad(f)(x)) is float


def test_numpy_functions_of_a_list_of_values():
    xs = [3.0, 4.0, 8.0]
    for f in (np.std, np.var, np.mean, np.sum, np.prod, np.linalg.norm, np.cumsum):
        y = np.atleast_1d(f([*map(Value, xs)]))
        assert [v.data for v in y] == pytest.approx(np.atleast_1d(f(xs)), rel=1e-14)
        assert np.array(autograd.compile(lambda xs, f=f: f(xs))(xs)) == pytest.approx(f(xs), rel=1e-14)
    assert autograd.grad(np.linalg.norm)([3.0, 4.0]) == pytest.approx([0.6, 0.8])
    assert autograd.grad(np.std)([1.0, 3.0]) == [-0.5, 0.5]


def test_operators_of_numpy_s_numbers_and_arrays_come_to_us():
    v = Value(2.0)
    for kind in (np.float64, np.float32, np.int64):
        for op in (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.mod, operator.floordiv):
            y = op(kind(3), v)
            assert type(y) is Value
            assert y.data == op(3.0, 2.0)
        for op in COMPARISONS:
            assert op(kind(3), v) is op(3.0, 2.0)
    assert [y.data for y in np.array([1.0, 3.0]) * v] == [2.0, 6.0]
    with pytest.raises(TypeError):
        np.exp(v, out=np.array(0.0))  # no gradient is lost in an array of floats


@pytest.mark.parametrize("op", COMPARISONS, ids=name)
def test_comparisons_with_arrays_are_elementwise(op):
    xs = np.array([1.0, 2.0, 3.0])
    v = Value(2.0)
    assert op(v, xs).tolist() == op(2.0, xs).tolist()
    assert op(xs, v).tolist() == op(xs, 2.0).tolist()
    boxed = np.array([Value(x) for x in xs])
    assert op(v, boxed).tolist() == op(2.0, xs).tolist()
    assert op(boxed, v).tolist() == op(xs, 2.0).tolist()
    assert op(boxed, 2.0).tolist() == op(xs, 2.0).tolist()


def test_values_among_arrays_and_lists():
    v = Value(2.0)
    assert v in [Value(1.0), v]
    assert v in np.array([1.0, 2.0])
    assert v not in np.array([1.0, 3.0])
    assert [Value(1.0), v].index(v) == 1
    assert np.array([v, 1.0]).dtype == object
    assert np.asarray(v).dtype == object


# ---- copies


COPIES = [copy.copy, copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))]


@pytest.mark.parametrize("duplicate", COPIES, ids=["copy", "deepcopy", "pickle"])
def test_leaves_can_be_copied(duplicate):
    v = Value(2.5, label="w")
    v.grad = 7.0
    c = duplicate(v)
    assert c is not v
    assert (c.data, c.grad, c.label, c.is_leaf, type(c)) == (2.5, 7.0, "w", True, Value)
    c.data = 1.0
    c.grad = 0.0
    assert (v.data, v.grad) == (2.5, 7.0)
    assert not duplicate(Value(1.0)).reached
    (c * 2).backward()
    assert c.grad == 2.0
    assert math.isnan(duplicate(Value(math.nan)).data)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_pickle_protocol(protocol):
    v = pickle.loads(pickle.dumps(Value(0.1, label="x"), protocol))
    assert (v.data, v.label) == (0.1, "x")


@pytest.mark.parametrize("duplicate", COPIES[1:], ids=["deepcopy", "pickle"])
def test_a_leaf_shared_in_a_structure_stays_shared(duplicate):
    w, b = Value(2.0), Value(2.0)
    model = {"layers": [w, w], "bias": (b, [w])}
    other = duplicate(model)
    assert other["layers"][0] is other["layers"][1] is other["bias"][1][0]
    assert other["layers"][0] is not w
    assert other["bias"][0] is not other["layers"][0]


@pytest.mark.parametrize("duplicate", COPIES, ids=["copy", "deepcopy", "pickle"])
def test_a_computed_value_is_not_copied_without_its_graph(duplicate):
    y = Value(2.0) * 3
    for v in (y, autograd.exp(y), autograd.sum([y, y])):
        with pytest.raises(GraphError, match=r"was computed by .*v\.detach\(\)"):
            duplicate(v)
    assert duplicate(y.detach()).data == 6.0


def test_the_type_of_every_result_is_value():
    v = Value(0.5)
    results = [v + 1, 1 - v, v**2, 2**v, -v, abs(v), v.exp(), round(v), v % 2, v // 2, np.float64(2) * v, v.detach()]
    results += [autograd.sum([v]), autograd.dot([v], [v]), *autograd.softmax([v, 1]), autograd.where(v > 0, v, 1.0)]
    results += [autograd.clip(v, 0, 1), autograd.maximum(1, v), autograd.fma(1, 2, v)]
    assert {type(y) for y in results} == {Value}


# ---- what is no number, no digits, nothing to add up


@pytest.mark.parametrize("digits", [1.5, Value(1.0), "1"])
def test_digits_are_an_int_as_pythons_are(digits):
    for call in (round, autograd.round, Value.round):
        with pytest.raises(TypeError, match=f"'{type(digits).__name__}' object cannot be interpreted as an integer"):
            call(Value(1.234), digits)
    assert round(Value(1.234), MyInt(1)).data == 1.2


@pytest.mark.parametrize("name", ["sum", "prod", "mean", "softmax", "logsumexp", "norm", "dot"])
def test_what_adds_up_takes_iterables(name):
    f = getattr(autograd, name)
    wanted = "two iterables" if name == "dot" else "an iterable"
    for x in (1, Value(1.0)):
        with pytest.raises(TypeError, match=rf"^{name}\(\) takes {wanted} of Values and numbers, not {type(x).__name__}$"):
            f(*[x] * (1 + (name in {"sum", "prod", "dot"})))
