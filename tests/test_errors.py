"""The exceptions: one small tree, each also the built-in one expects, and raised alike in every mode."""

import math

import pytest

import autograd
from autograd import (
    AnomalyError,
    AutogradError,
    DerivativeError,
    DivisionByZeroError,
    DomainError,
    GradcheckError,
    GraphError,
    RangeError,
    StaleValueError,
    Value,
    detect_anomaly,
    no_grad,
    scope,
)

TREE = {
    DomainError: ValueError,
    DivisionByZeroError: ZeroDivisionError,
    RangeError: OverflowError,
    DerivativeError: ArithmeticError,
    autograd.ConvergenceError: ArithmeticError,
    StaleValueError: RuntimeError,
    GraphError: RuntimeError,
    AnomalyError: ArithmeticError,
    GradcheckError: AssertionError,
}


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_every_exception_is_an_autograd_error_and_a_builtin(kind):
    assert issubclass(kind, AutogradError)
    assert issubclass(kind, TREE[kind])
    assert getattr(autograd, kind.__name__) is kind
    assert kind.__doc__


def test_the_public_exceptions_are_the_tree():
    assert {getattr(autograd.errors, name) for name in autograd.errors.__all__} == {*TREE, AutogradError}


def test_a_failed_check_holds_its_report():
    assert GradcheckError("wrong", report=3).report == 3
    assert GradcheckError("wrong").report is None


# ---- outside the domain

w, zero, big = (lambda: Value(-1.0, label="w")), (lambda: Value(0.0, label="z")), (lambda: Value(1000.0))

OUTSIDE = [
    # the operation, its operands, what is raised, what the message says
    (autograd.log, (w,), DomainError, "log(w = -1.0) is undefined; the domain is x > 0"),
    (autograd.log, (zero,), DomainError, "log(z = 0.0) is undefined"),
    (autograd.sqrt, (w,), DomainError, "sqrt(w = -1.0) is undefined; the domain is x >= 0"),
    (autograd.asin, (lambda: Value(1.5),), DomainError, "asin(1.5) is undefined; the domain is -1 <= x <= 1"),
    (autograd.acosh, (lambda: Value(0.5),), DomainError, "acosh(0.5) is undefined"),
    (autograd.atanh, (lambda: Value(1.0),), DomainError, "atanh(1.0) is undefined"),
    (autograd.log1p, (w,), DomainError, "log1p(w = -1.0) is undefined"),
    (autograd.gamma, (zero,), DomainError, "gamma(z = 0.0) is undefined"),
    (autograd.div, (w, zero), DivisionByZeroError, "div(w = -1.0, z = 0.0) divides by zero"),
    (autograd.div, (w, lambda: 0), DivisionByZeroError, "div(w = -1.0, 0.0) divides by zero"),
    (autograd.div, (lambda: 1, zero), DivisionByZeroError, "div(1.0, z = 0.0) divides by zero"),
    (autograd.mod, (w, zero), DivisionByZeroError, "mod(w = -1.0, z = 0.0) divides by zero"),
    (autograd.floordiv, (w, zero), DivisionByZeroError, "floordiv(w = -1.0, z = 0.0) divides by zero"),
    (autograd.pow, (zero, lambda: -1), DivisionByZeroError, "pow(z = 0.0, -1.0) divides by zero"),
    (autograd.pow, (w, lambda: 0.5), DomainError, "pow(w = -1.0, 0.5) is undefined"),
    (autograd.pow, (lambda: -8, lambda: Value(1 / 3)), DomainError, "pow(-8.0, 0.333"),
    (autograd.exp, (big,), RangeError, "exp(1000.0) is too large for a float"),
    (autograd.cosh, (big,), RangeError, "cosh(1000.0) is too large for a float"),
    (autograd.pow, (big, lambda: 1000), RangeError, "pow(1000.0, 1000.0) is too large for a float"),
    (autograd.fmod, (w, zero), DomainError, "fmod(w = -1.0, z = 0.0) is undefined"),
    (lambda x: autograd.logsumexp([]), (w,), ValueError, "logsumexp() needs at least one number"),
    (lambda x: autograd.mean([]), (w,), ValueError, "mean() needs at least one number"),
]


def plainly(f, xs):
    f(*xs)


def unrecorded(f, xs):
    with no_grad():
        f(*xs)


def anomalous(f, xs):
    with detect_anomaly():
        f(*xs)


def scoped(f, xs):
    with scope("layer"):
        f(*xs)


@pytest.mark.parametrize("mode", [plainly, unrecorded, anomalous, scoped], ids=lambda mode: mode.__name__)
@pytest.mark.parametrize(
    ("f", "operands", "kind", "message"), OUTSIDE, ids=[m.split(" is ")[0].split(" divides")[0] for *_, m in OUTSIDE]
)
def test_outside_the_domain_every_mode_raises_the_same(mode, f, operands, kind, message):
    with pytest.raises(kind) as caught:
        mode(f, [make() for make in operands])
    assert message in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    ("f", "operands", "kind", "message"), OUTSIDE[:-2], ids=[m.split(" is ")[0].split(" divides")[0] for *_, m in OUTSIDE[:-2]]
)
def test_outside_the_domain_transforms_and_plain_numbers_raise_the_same(f, operands, kind, message):
    xs = [x.data if type(x) is Value else float(x) for x in (make() for make in operands)]
    everything = tuple(range(len(xs)))
    for attempt in (
        lambda: f(*xs),
        lambda: autograd.grad(f, everything)(*xs),
        lambda: autograd.hessian(f)(*xs),
        lambda: autograd.jvp(f, xs, [1.0] * len(xs)),
    ):
        with pytest.raises(kind, match=f.__name__):
            attempt()


def test_nothing_is_infinite_that_float_makes_infinite_without_error():
    for y in (Value(1e308) * 10, Value(1e308) + 1e308, Value(-1e308) - 1e308, Value(math.inf) - 1):
        assert math.isinf(y.data)


# ---- derivatives that do not exist

NO_DERIVATIVE = [
    (autograd.sqrt, 0.0, "infinite"),
    (autograd.asin, 1.0, "infinite"),
    (autograd.asin, -1.0, "infinite"),
    (autograd.acos, 1.0, "infinite"),
    (autograd.acosh, 1.0, "infinite"),
    (autograd.cbrt, 0.0, "infinite"),
    (lambda x: x**0.5, 0.0, "infinite"),
]


def by_backward(f, x):
    v = Value(x, label="p")
    f(v).backward()
    return v.grad


def by_backward_twice(f, x):
    v = Value(x, label="p")
    y = f(v)
    with pytest.raises(DerivativeError):
        y.backward()
    y.backward()


def by_anomalous_backward(f, x):
    with detect_anomaly():
        return by_backward(f, x)


def by_nested_grad(f, x):
    return autograd.grad(f)(Value(x, label="p"))


PASSES = [
    by_backward,
    by_backward_twice,
    by_anomalous_backward,
    by_nested_grad,
    lambda f, x: autograd.grad(f)(x),
    lambda f, x: autograd.jvp(f, (x,), (1.0,)),
    lambda f, x: autograd.vjp(f, x)[1](1.0),
    lambda f, x: autograd.jacobian(lambda t: [f(t)])(x),
    lambda f, x: autograd.hessian(f)(x),
]


@pytest.mark.parametrize(
    "differentiate", PASSES, ids=["backward", "again", "anomaly", "nested", "grad", "jvp", "vjp", "jacobian", "hessian"]
)
@pytest.mark.parametrize(("f", "x", "kind"), NO_DERIVATIVE)
def test_a_derivative_that_does_not_exist_names_the_point_in_every_mode(differentiate, f, x, kind):
    value = f(x)
    assert math.isfinite(value)
    with pytest.raises(DerivativeError, match=rf"the derivative of \w+\((p = )?{x}.*\) is {kind} there"):
        differentiate(f, x)


@pytest.mark.parametrize(("f", "x", "kind"), NO_DERIVATIVE)
def test_where_it_is_not_needed_it_is_not_missed(f, x, kind):
    v = Value(x)
    y = f(v) * 0.0 + v * 3.0
    y.backward()
    assert v.grad == 3.0
    assert autograd.grad(lambda t: f(t) * 0.0 + t * 3.0)(x) == 3.0
    assert autograd.jvp(lambda a, t: f(a) + 3.0 * t, (x, 1.0), (0.0, 1.0))[1] == 3.0


def test_operations_refuse_what_is_no_number_by_name():
    for f in (autograd.exp, autograd.relu, lambda x: autograd.maximum(Value(1.0), x), lambda x: autograd.sum([x, Value(1.0)])):
        for wrong in ("s", None, [1.0], 1j, object()):
            with pytest.raises(TypeError, match=rf"\w+\(\) takes Values and real numbers, not {type(wrong).__name__}"):
                f(wrong)
