"""`custom_op`: a user's own operation, checked when it is made, and usable wherever a row of the table is."""

import math

import numpy as np
import pytest

import autograd
from autograd import DerivativeError, DomainError, Value, custom_op, no_grad
from autograd._engine.walks import operands


def squareplus(x, b):
    """A smooth relu."""
    return (x + math.sqrt(x * x + b)) / 2.0


smooth = custom_op(
    squareplus,
    lambda x, b, y: y / autograd.sqrt(x * x + b),
    lambda x, b: 0.25 / autograd.sqrt(x * x + b),
    symbol="sq+",
)
cube = custom_op(lambda x: x**3, lambda x: 3.0 * x * x, name="cube")
weigh = custom_op(
    lambda a, b, c: a * b * c, lambda a, b, c: b * c, lambda a, b, c: a * c, lambda a, b, c, y: a * b, name="weigh"
)


def by_hand(x, b):
    return (x + autograd.sqrt(x * x + b)) / 2.0


def test_values_floats_and_numbers_mix():
    assert smooth(3.0, 16.0) == 4.0
    assert type(smooth(3, 16)) is float
    for x, b in ((Value(3.0), 16.0), (3.0, Value(16.0)), (Value(3), Value(16)), (Value(3), 16), (np.float32(3), Value(16))):
        y = smooth(x, b)
        assert type(y) is Value
        assert y.data == 4.0
        assert len(operands(y)) == 2
    assert cube(Value(2.0)).data == 8.0
    assert weigh(Value(2.0), 3, 4).data == 24.0


def test_gradients():
    x, b = Value(3.0), Value(16.0)
    y = smooth(x, b)
    y.backward()
    assert (x.grad, b.grad) == (0.8, 0.05)
    x = Value(2.0)
    (cube(x) * x).backward()
    assert x.grad == 32.0
    a, b, c = (Value(v) for v in (2.0, 3.0, 4.0))
    weigh(a, b, c).backward()
    assert (a.grad, b.grad, c.grad) == (12.0, 8.0, 6.0)
    a = Value(2.0)
    weigh(a, 3.0, a).backward()
    assert a.grad == 12.0


@pytest.mark.parametrize("point", [(3.0, 16.0), (-0.5, 1.0), (0.0, 4.0)])
def test_every_transform_agrees_with_the_formula_by_hand(point):
    both = (0, 1)
    x, b = point
    assert autograd.grad(smooth, both)(*point) == pytest.approx(autograd.grad(by_hand, both)(*point))
    assert autograd.value_and_grad(smooth)(*point)[0] == by_hand(*point)
    assert autograd.jvp(smooth, point, (1.0, 2.0)) == pytest.approx(autograd.jvp(by_hand, point, (1.0, 2.0)))
    assert autograd.vjp(smooth, *point)[1](3.0) == pytest.approx(autograd.vjp(by_hand, *point)[1](3.0))
    mine, theirs = (autograd.hessian(lambda p, f=f: f(p[0], p[1]))([x, b]) for f in (smooth, by_hand))
    assert np.allclose(mine, theirs, rtol=1e-12)
    third = autograd.grad(autograd.grad(autograd.grad(smooth)))
    assert third(*point) == pytest.approx(autograd.grad(autograd.grad(autograd.grad(by_hand)))(*point))
    assert autograd.hvp(lambda p: smooth(p[0], p[1]), ([x, b],), ([1.0, 2.0],)) == pytest.approx(
        autograd.hvp(lambda p: by_hand(p[0], p[1]), ([x, b],), ([1.0, 2.0],))
    )
    assert autograd.gradcheck(smooth, *point)


def test_arrays_are_taken_elementwise():
    x = Value(2.0)
    ys = cube(np.array([x, 3.0]))
    assert ys.shape == (2,)
    assert ys[0].data == 8.0
    assert ys[1] == 27.0
    assert smooth(np.array([1.0, 2.0]), x).shape == (2,)
    assert smooth(x, np.array([[1.0], [2.0]])).shape == (2, 1)


def test_no_grad_and_wrong_operands():
    with no_grad():
        assert cube(Value(2.0)).is_leaf
    for wrong in ("s", None, [1.0], 1j):
        with pytest.raises(TypeError, match=rf"cube\(\) takes Values and real numbers, not {type(wrong).__name__}"):
            cube(wrong)
    for wrong in ((), (1.0, 2.0), (Value(1.0), Value(1.0))):
        with pytest.raises(TypeError):
            cube(*wrong)


# ---- checked when it is made


def takes_x(x):
    return x


MISTAKES = [
    (lambda: custom_op(3, takes_x), "the value of 'custom' must be a function, not int"),
    (lambda: custom_op(takes_x), "custom_op 'takes_x': 1 operand(s) x need as many partials, got 0"),
    (lambda: custom_op(takes_x, takes_x, takes_x), "1 operand(s) x need as many partials, got 2"),
    (lambda: custom_op(squareplus, takes_x), "custom_op 'squareplus': 2 operand(s) x, b need as many partials, got 1"),
    (lambda: custom_op(takes_x, 3), "custom_op 'takes_x': the partial for 'x' must be a function, not int"),
    (
        lambda: custom_op(takes_x, lambda: 1.0),
        "the partial for 'x' takes 0 parameters; it is called with x, and with the result too",
    ),
    (lambda: custom_op(takes_x, lambda a, b, c: 1.0), "the partial for 'x' takes 3 parameters"),
    (lambda: custom_op(squareplus, takes_x, takes_x), "the partial for 'x' takes 1 parameters; it is called with x, b"),
    (lambda: custom_op(lambda: 1.0), "an operation takes one to three operands, its value takes 0"),
    (lambda: custom_op(lambda a, b, c, d: 1.0, *[takes_x] * 4), "one to three operands, its value takes 4"),
    (lambda: custom_op(lambda *xs: 1.0, takes_x), "must take a fixed number of positional operands, not *xs"),
    (lambda: custom_op(takes_x, lambda *xs: 1.0), "must take a fixed number of positional operands, not *xs"),
    (lambda: custom_op(lambda x, *, k: x, takes_x), "must take a fixed number of positional operands, not k"),
    (lambda: custom_op(max, takes_x), "the value of 'max' has no signature to check; wrap it"),
    (lambda: custom_op(lambda x: x, takes_x, name="mine", symbol=3) and custom_op(lambda: 1, name="mine"), "custom_op 'mine'"),
]


@pytest.mark.parametrize(("make", "message"), MISTAKES, ids=[m for _, m in MISTAKES])
def test_a_mistake_is_found_when_the_operation_is_made(make, message):
    with pytest.raises(TypeError) as caught:
        make()
    assert message in str(caught.value)


def test_defaults_and_builtins_with_a_signature_are_taken():
    half = custom_op(lambda x, k=0.5: x * k, lambda x: 0.5, name="half")
    assert half(Value(4.0)).data == 2.0
    exp = custom_op(math.exp, lambda x, y: y)
    x = Value(0.5)
    exp(x).backward()
    assert x.grad == math.exp(0.5)
    assert exp.__name__ == "exp"
    assert autograd.exp(Value(1.0)).data == math.e, "the operation of the table is untouched"


def test_one_function_can_be_two_partials():
    def one(a, b):
        return 1.0

    add = custom_op(lambda a, b: a + b, one, one, name="plus")
    a, b = Value(1.0), Value(2.0)
    add(a, b).backward()
    assert (a.grad, b.grad) == (1.0, 1.0)
    x = Value(2.0)
    add(x, x).backward()
    assert x.grad == 2.0


def test_two_operations_of_one_name_are_two():
    first = custom_op(lambda x: 2 * x, lambda x: 2.0, name="same")
    second = custom_op(lambda x: 3 * x, lambda x: 3.0, name="same")
    x = Value(1.0)
    (first(x) + second(x)).backward()
    assert x.grad == 5.0


# ---- what values and partials may return

NUMBERS = [2, 2.0, True, np.float64(2.0), np.float32(2.0), np.int64(2), np.array(2.0)]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda x: type(x).__name__)
def test_any_real_number_becomes_a_float(number):
    op = custom_op(lambda x: number, lambda x: number, name="op")
    x = Value(1.0)
    y = op(x)
    assert type(y.data) is float
    assert y.data == float(number)
    assert type(op(1.0)) is float
    (y * 1.0).backward()
    assert type(x.grad) is float
    assert x.grad == float(number)
    assert type(autograd.grad(op)(1.0)) is float
    assert autograd.hessian(op)(1.0) == 0.0


@pytest.mark.parametrize("wrong", [None, "2", 1j, [2.0], np.array([2.0]), object()], ids=lambda x: type(x).__name__)
def test_anything_else_is_a_type_error_that_names_the_operation(wrong):
    of_value = custom_op(lambda x: wrong, lambda x: 1.0, name="odd")
    for attempt in (lambda: of_value(1.0), lambda: of_value(Value(1.0)), lambda: autograd.grad(of_value)(1.0)):
        with pytest.raises(TypeError, match=f"custom_op 'odd': the value must be a number, not {type(wrong).__name__}"):
            attempt()
    of_partial = custom_op(lambda x: x, lambda x: wrong, name="odd")
    x = Value(1.0)
    for attempt in (
        lambda: of_partial(x).backward(),
        lambda: autograd.grad(of_partial)(1.0),
        lambda: autograd.grad(of_partial)(x),
        lambda: autograd.jvp(of_partial, (1.0,), (1.0,)),
    ):
        with pytest.raises(
            TypeError, match=f"custom_op 'odd': the partial for 'x' must be a number, not {type(wrong).__name__}"
        ):
            attempt()
    assert not x.reached


def test_what_an_operation_depends_on_must_be_an_operand():
    w = Value(2.0)
    of_value = custom_op(lambda x: x * w, lambda x: 2.0, name="hidden")
    of_partial = custom_op(lambda x: 2 * x, lambda x: w, name="hidden")
    for attempt in (lambda: of_value(1.0), lambda: of_value(Value(1.0)), lambda: of_partial(Value(1.0)).backward()):
        with pytest.raises(TypeError, match="returned a Value for plain numbers; what it depends on must be an operand"):
            attempt()


# ---- errors

rooted = custom_op(lambda x: math.sqrt(x - 1.0), lambda x, y: 0.5 / y, name="rooted", domain="x >= 1")


def test_outside_its_domain():
    with pytest.raises(DomainError, match=r"rooted\(w = 0\.5\) is undefined; the domain is x >= 1"):
        rooted(Value(0.5, label="w"))
    with pytest.raises(DomainError, match=r"rooted\(0\.5\) is undefined"):
        rooted(0.5)
    with pytest.raises(DerivativeError, match=r"the derivative of rooted\(1\.0\) is infinite there"):
        rooted(Value(1.0)).backward()
    with pytest.raises(DerivativeError):
        autograd.hessian(rooted)(1.0)


def test_other_exceptions_pass_through():
    def broken(x):
        raise LookupError("mine")

    for op in (custom_op(broken, lambda x: 1.0), custom_op(lambda x: x, broken)):
        x = Value(1.0)
        with pytest.raises(LookupError, match="mine"):
            op(x).backward()
        assert not x.reached


def test_an_error_of_the_library_in_a_value_stays_what_it_is():
    op = custom_op(lambda x: 2.0 * autograd.log(x), lambda x: 1.0, name="outer")
    for attempt in (lambda: op(Value(-1.0)), lambda: op(-1.0), lambda: autograd.grad(op)(-1.0)):
        with pytest.raises(DomainError, match=r"log\(-1\.0\) is undefined; the domain is x > 0"):
            attempt()
