"""Properties of every row of the table: a new row is tested by all of them, with no new test.

What is particular to a row (its edges, its kinks, where NaN may be lost) stands in tables, one line per fact.
"""

import math
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
import references
from hypothesis import assume, given
from hypothesis import strategies as st
from mpmath import mp
from support import (
    EXCEPTIONS,
    HUGE,
    OPS,
    STEPS,
    TINY,
    NotSmooth,
    Point,
    caught,
    compute_derivative,
    compute_value,
    derivative,
    expression,
    failures,
    inside,
    kink,
    partial,
    partial_errors,
    points,
    report,
    same_bits,
    smooth,
    true_value,
    ulps,
    unit,
    value_errors,
)

import autograd
from autograd import DerivativeError, DivisionByZeroError, DomainError, RangeError, Value, chain
from autograd._engine import accelerator
from autograd._engine.lifting import GENERIC
from autograd._engine.write_python import rules
from autograd.derivatives import FLOATS
from autograd.table import SHOWN, TABLE, Op

inf, nan = math.inf, math.nan
rows = pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)


def function(op: Op) -> Callable[..., Any]:
    """The row's function of Values and floats alike, one parameter for each operand."""
    f = GENERIC[op.name]
    return (lambda *xs: f(list(xs))) if op.nary else f


def outcome(f: Callable[[], Any]) -> tuple[Any, str]:
    """What a call gives: (the number, ""), or (the type of the error, its message)."""
    try:
        y = f()
    except Exception as error:  # the error is the outcome
        return type(error), str(error)
    return (y.data if type(y) is Value else y), ""


# ---- accuracy


@rows
def test_values_are_within_2_ulps(op: Op) -> None:
    assert not (wrong := failures(value_errors(op))), wrong


@rows
def test_partials_are_within_4_ulps(op: Op) -> None:
    assert not (wrong := failures(partial_errors(op))), wrong


@rows
def test_kept_references_are_those_computed(op: Op) -> None:
    """At a few points of each row; the nightly test computes all of them again."""
    for point in some(op, 4):
        assert references.same(true_value(op, point), compute_value(op, point)), f"{expression(op, point)}: see references.py"
        try:
            now = compute_derivative(op, point, unit(len(point), 0))
        except NotSmooth:
            now = None
        found = references.kept(op, point, unit(len(point), 0), lambda now=now: now)
        assert references.same(found, now), f"{expression(op, point, 0)}: see references.py"


@pytest.mark.nightly
def test_all_kept_references_are_those_computed() -> None:
    now = references.compute_all()
    assert not (wrong := references.differences(now)), wrong[:10]
    assert now.keys() == references.load().keys(), "run python tests/references.py"


def test_most_references_are_kept() -> None:
    """A file that is missing or has another key would cost time only, which nobody would see."""
    kept = references.load()
    found = [point for op in OPS for point in points(op) if (op.name, references.fingerprint(op)) in kept
             and references.key(point, None) in kept[op.name, references.fingerprint(op)]]  # fmt: skip
    assert len(found) > 10_000, "run python tests/references.py"


def test_exceptions_name_rows_of_the_table() -> None:
    assert set(EXCEPTIONS) <= set(TABLE)


MUTATIONS = {
    "1e-5 too large": lambda d: d * (1 + 1e-5),
    "of the wrong sign": lambda d: -d,
    "10 ulps off": lambda d: d * (1 + 10 * 2.0**-52),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("name", ["exp", "sqrt", "tanh", "gelu", "polygamma", "mul", "pow", "atan2", "fma", "logsumexp"])
def test_a_wrong_partial_is_caught(name: str, mutation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    op, change = TABLE[name], MUTATIONS[mutation]

    def mutated(f: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args: [change(d) for d in f(*args)] if op.nary else change(f(*args))

    monkeypatch.setattr(op, "partials", (*op.partials[:-1], mutated(op.partials[-1])))
    assert caught(partial_errors(op))


@pytest.mark.parametrize("name", ["cbrt", "exp", "sigmoid", "lgamma", "logaddexp", "dot"])
def test_a_wrong_value_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    op = TABLE[name]
    right = op.value
    monkeypatch.setattr(op, "value", lambda *args: right(*args) * (1 + 1e-13))
    assert caught(value_errors(op))


@pytest.mark.parametrize(("slope", "wrong"), [("tanh(x)", False), ("tanh(x) + 1e-9 * x", True), ("-tanh(x)", True)])
def test_a_new_row_needs_no_test_of_its_own(slope: str, wrong: bool) -> None:
    op = Op("logcosh", "", ("x",), "abs(x) + log1p(exp(-2.0 * abs(x))) - ln2 if abs(x) > 1.0 else log(cosh(x))", slope)
    space = dict(FLOATS) | {"Any": object}
    exec(rules(op), space)
    op.value, op.partials = space["logcosh"], (space["logcosh_x"],)
    assert caught(partial_errors(op)) is wrong


# ---- the same derivative by every way


def some(op: Op, n: int) -> list[Point]:
    """At most about n of the row's points, spread over all of them."""
    found = points(op)
    return found[:: max(1, len(found) // n)]


@rows
def test_lifted_partials_equal_float_partials_to_the_bit(op: Op) -> None:
    for point in some(op, 60):
        try:
            v = function(op)(*map(Value, point))
        except RangeError:
            continue
        for i in range(min(len(point), 4)):
            wanted = [j == i for j in range(len(point))]
            got, _ = outcome(lambda v=v, w=wanted, i=i: chain.partials(v, w, lifted=True)[i])
            plain, _ = outcome(lambda v=v, w=wanted, i=i: chain.partials(v, w)[i])
            same = same_bits(got, plain) if type(got) is type(plain) is float else got == plain
            assert same, report(expression(op, point, i) + " over Values", got, plain, "other", "no")


@rows
def test_forward_sweep_equals_reverse_sweep_to_the_bit(op: Op) -> None:
    f = function(op)
    for point in some(op, 40):
        for i in range(min(len(point), 3)):

            def alone(x: Any, point: Point = point, i: int = i) -> Any:
                return f(*point[:i], x, *point[i + 1 :])

            def backward(x: float, alone: Callable[[Any], Any] = alone) -> float:
                leaf = Value(x)
                alone(leaf).backward()
                return leaf.grad

            x = point[i]
            forward, message = outcome(lambda alone=alone, x=x: autograd.jvp(alone, (x,), (1.0,))[1])
            for reverse in (autograd.grad(alone), backward):
                if reverse is backward and type(forward) is float:
                    forward += 0.0  # a leaf adds to its gradient of 0.0, and −0.0 is lost
                got, other = outcome(lambda reverse=reverse, x=x: reverse(x))
                same = same_bits(got, forward) if type(got) is type(forward) is float else (got, other) == (forward, message)
                assert same, report(expression(op, point, i) + " in reverse", got, forward, "other", "no")


HIGHER = [0.0, 0.3, -0.3, 1.25, -1.3, 2.7, -4.5, 20.25, 1e-5]
HIGHER_LISTS = [(0.5, -1.2, 2.0), (0.0, 1.0, 0.0), (3.0, 0.0, -0.25), (0.1, 0.1, 0.1)]


def higher_points(op: Op) -> list[Point]:
    if op.nary:
        return HIGHER_LISTS
    if op.name == "polygamma":
        return [(float(n), x) for n in range(4) for x in HIGHER if x]
    if op.name in {"ierfcx", "sinc_slope"}:
        return [(float(n), x) for n in range(4) for x in HIGHER]
    if op.name == "round_digits":
        return [(1.234, 1.0)]
    axes = {1: HIGHER, 2: [0.0, 0.7, -1.3, 3.0], 3: [0.4, -1.5]}[op.arity]
    return list(product(axes, repeat=op.arity))


def higher_errors(op: Op, order: int) -> Iterator[tuple[float, float, str]]:
    """The errors of nested `grad` against mpmath at smooth points, in ulps of the largest of the derivatives up to this order.

    Rules of rules cancel where those of the first order do not: what counts is the size of the terms.
    """
    for point in higher_points(op):
        if not inside(op, point) or not smooth(op, point):
            continue
        for orders in sorted({unit(len(point), *at) for at in product(range(min(len(point), 2)), repeat=order)}):
            nested = function(op)
            for i, n in enumerate(orders):
                for _ in range(n):
                    nested = autograd.grad(nested, i)
            try:
                true = derivative(op, point, orders)
                size = max(abs(derivative(op, point, tuple(min(n, k) for n in orders))) for k in range(order + 1))
            except NotSmooth:
                continue
            got = nested(*point)
            error = float(abs(got - true) / size) / 2.0**-52 if size else abs(got)
            yield error, 500.0, report(f"∂^{orders} {expression(op, point)}", got, true, error, 500.0)


@pytest.mark.parametrize("order", [2, 3])
@rows
def test_higher_derivatives(op: Op, order: int) -> None:
    errors = list(higher_errors(op, order))
    assert errors
    assert not (wrong := failures(errors)), wrong


def test_a_rule_that_is_right_to_the_first_order_only_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def through_abs(x: Any, y: Any) -> Any:
        e = autograd.exp(-2.0 * autograd.abs(x))
        return 4.0 * e / ((1.0 + e) * (1.0 + e))

    op = TABLE["tanh"]
    assert ulps(through_abs(0.7, 0.0), derivative(op, (0.7,), (1,))) < 10
    monkeypatch.setattr(op, "lifted", (through_abs,))
    if accelerator.module is not None:  # whose rules are compiled
        monkeypatch.setattr(accelerator.module, "reverse_values", lambda *_: False)
    assert caught(higher_errors(op, 3))


def step(op: Op, point: Point, i: int) -> float | None:
    """A step for differences of floats; None where they say nothing: out of scale, at a kink or an end of the domain."""
    h = 2.0**-17
    ends = [(*point[:i], point[i] + k * h, *point[i + 1 :]) for k in (-2, -1, 1, 2)]
    if any(0.0 < abs(x - round(x)) < 4 * h for x in point):  # a pole of gamma may be between the two sides
        return None
    if not all(x == 0.0 or 0.01 < abs(x) < 20.0 for x in point) or not all(inside(op, end) for end in (point, *ends)):
        return None
    kinks = [kink(op, end) for end in (point, *ends)]
    return None if kinks[0] is not None and min(kinks) * max(kinks) <= 0 else h


@rows
def test_partials_agree_with_differences_of_floats(op: Op) -> None:
    """Coarse, but independent of mpmath and of everything else here."""
    f, seen = function(op), 0
    for point in points(op):
        for i in range(min(len(point), 3)):
            if (op.name, i) in STEPS or op.name == "round_digits" or (h := step(op, point, i)) is None:
                continue
            y = [f(*point[:i], point[i] + k * h, *point[i + 1 :]) for k in (-2, -1, 1, 2)]
            rough, difference = (y[3] - y[0]) / (4 * h), (y[2] - y[1]) / (2 * h)
            noise = 4 * abs(difference - rough) + 1e-9 * max(1.0, abs(difference), *map(abs, y))
            if noise > 1e-3 * max(1.0, abs(difference)) or (got := partial(op, i, point)) is None:
                continue
            seen += 1
            assert abs(got - difference) <= noise, report(
                expression(op, point, i), got, difference, f"{abs(got - difference):.2g} off, not", f"{noise:.2g}"
            )
    assert seen or op.name == "round_digits"  # all steps


# ---- outside the domain


OUTSIDE = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, -2.0, 2.0, -2.5, 1.5, TINY, -TINY, math.nextafter(1.0, 2.0), inf, -inf, 1e300, -7.0]


def every_point(op: Op) -> list[Point]:
    """Points in and out of the domain."""
    if op.nary:
        return [(1.0, 2.0, 3.0), (0.0, 0.0, 0.0), (inf, 1.0, 2.0), (-inf, -inf, -inf)]
    few = OUTSIDE if op.arity < 3 else [0.0, 1.0, -2.5, inf, -inf, 1e300]
    return list(product(few, repeat=op.arity))


def ways(op: Op, point: Point) -> dict[str, Callable[[], Any]]:
    """Every mode in which a value is computed."""
    f, n = function(op), len(point)
    values = [Value(x) for x in point]

    def under(mode: Callable[[], Any]) -> Any:
        with mode():
            return f(*values)

    found = {
        "floats": lambda: f(*point),
        "Values": lambda: f(*values),
        "no_grad": lambda: under(autograd.no_grad),
        "detect_anomaly": lambda: under(autograd.detect_anomaly),
        "scope": lambda: under(lambda: autograd.scope("here")),
        "grad": lambda: autograd.value_and_grad(lambda *xs: f(*xs) * 0.0, tuple(range(n)))(*point),
        "jvp": lambda: autograd.jvp(f, point, [0.0] * n),
        "second order": lambda: autograd.grad(autograd.grad(lambda *xs: f(*xs) * 0.0))(*point),
    }
    if n > 1:
        found |= {f"a Value only at {i}": lambda i=i: f(*point[:i], values[i], *point[i + 1 :]) for i in range(n)}
    if not op.nary and hasattr(Value, op.name) and op.name not in {"round", "elu", "leaky_relu"}:
        found["method"] = lambda: getattr(values[0], op.name)(*values[1:])
    return found


@rows
def test_every_mode_fails_alike_outside_the_domain(op: Op) -> None:
    for point in every_point(op):
        if inside(op, point):
            continue
        kind, message = outcome(ways(op, point)["floats"])
        if kind is RangeError and op.name == "softmax_term":
            continue  # exp is too large before anything is divided by 0
        assert kind in (DomainError, DivisionByZeroError), f"{expression(op, point)} gives {kind!r} outside {op.domain}"
        assert op.name in message
        assert all(repr(x) in message for x in point), message
        for way, call in ways(op, point).items():
            assert outcome(call) == (kind, message), f"{expression(op, point)}: {way} differs from floats: {kind}, {message}"


@rows
def test_nothing_fails_inside_the_domain_but_by_overflow(op: Op) -> None:
    for point in every_point(op):
        if inside(op, point):
            kind, message = outcome(lambda point=point: function(op)(*point))
            assert type(kind) is float or kind is RangeError, f"{expression(op, point)}: {message}, inside {op.domain or 'all'}"
            if kind is RangeError:
                for way, call in ways(op, point).items():
                    assert outcome(call) == (kind, message), f"{expression(op, point)}: {way}"


# ---- NaN and infinity


NAN_LOST: dict[tuple[str, int], str] = {
    ("where", 0): "a condition: NaN is true, as in Python",
    ("where", 2): "the branch not taken",
    ("copysign", 1): "only its sign is looked at",
    ("leaky_relu", 1): "a slope that is not used",
    ("elu", 1): "a scale that is not used",
}
"""Where a NaN operand does not make the result NaN, and why; of `pow` and `hypot` see the edges."""


@rows
def test_nan_in_nan_out(op: Op) -> None:
    ordinary = dict.fromkeys(("polygamma", "ierfcx", "sinc_slope"), (1.0, 2.5)) | {
        "round_digits": (2.5, 1.0),
        "where": (1.0, 2.0, 3.0),
    }
    point = ordinary.get(op.name, (0.5, 2.0, 3.0) if op.nary else (0.5, 2.25, 3.0)[: op.arity])
    for i in range(len(point)):
        spoilt = (*point[:i], nan, *point[i + 1 :])
        if op.name == "round_digits" and i == 1:
            continue  # digits are a whole constant
        for way, call in ways(op, spoilt).items():
            if way in {"floats", "Values", "no_grad", "scope", "method"} or way.startswith("a Value"):
                y, message = outcome(call)
                lost = (op.name, i) in NAN_LOST
                assert type(y) is float, f"{expression(op, spoilt)}, {way}: {message}"
                assert (y == y) is lost, f"{expression(op, spoilt)}, {way}: {y}"


@rows
def test_infinities_and_zeros_behave_as_maths(op: Op) -> None:
    of_math = getattr(math, op.name, None)
    if of_math is None or op.nary or op.name in {"floor", "ceil", "trunc"}:
        return
    xs = [inf, -inf, 0.0, -0.0, 1.0, -1.0, 3.0, 0.5] + [2.0] * (op.name != "pow")  # a square is a product: inf, no error
    for point in product(xs, repeat=op.arity):
        got, _ = outcome(lambda point=point: function(op)(*point))
        true, _ = outcome(lambda point=point: of_math(*point))
        same = (
            same_bits(got, true)
            if type(got) is type(true) is float
            else isinstance(got, type) and issubclass(got, ArithmeticError | ValueError) and isinstance(true, type)
        )
        assert same, f"{expression(op, point)} gives {got}, math {true}"


# ---- kinks and edges


def slope(name: str, *point: float, i: int = 0) -> float:
    """The derivative of a function of `autograd` in its i-th operand, by backward(), all operands being Values."""
    xs = [Value(x) for x in point]
    getattr(autograd, name)(*xs).backward()
    return xs[i].grad


def alone(name: str, *point: float, i: int = 0) -> float:
    """The same with all the other operands plain numbers."""
    xs: list[Any] = list(point)
    xs[i] = Value(point[i])
    getattr(autograd, name)(*xs).backward()
    return xs[i].grad


EDGES: list[tuple[str, Any]] = [
    # ties choose the first
    ("slope('maximum', 2.0, 2.0, i=0)", 1.0),
    ("slope('maximum', 2.0, 2.0, i=1)", 0.0),
    ("slope('minimum', 2.0, 2.0, i=0)", 1.0),
    ("slope('minimum', 2.0, 2.0, i=1)", 0.0),
    ("autograd.maximum(0.0, -0.0)", 0.0),
    ("autograd.maximum(-0.0, 0.0)", -0.0),
    ("autograd.minimum(0.0, -0.0)", 0.0),
    # kinks
    ("slope('relu', 0.0)", 0.0),
    ("slope('relu', -0.0)", 0.0),
    ("slope('relu', 5e-324)", 1.0),
    ("slope('abs', 0.0)", 0.0),
    ("slope('abs', -5e-324)", -1.0),
    ("slope('sign', 0.0)", 0.0),
    ("slope('leaky_relu', 0.0)", 0.01),
    ("slope('elu', 0.0)", 1.0),
    ("slope('clip', 0.0, 0.0, 1.0)", 1.0),
    ("slope('clip', 1.0, 0.0, 1.0)", 1.0),
    ("slope('clip', 1.5, 0.0, 1.0)", 0.0),
    ("slope('clip', -0.5, 0.0, 1.0)", 0.0),
    ("autograd.clip(5.0)", 5.0),
    # steps
    ("slope('floor', 2.0)", 0.0),
    ("slope('ceil', 2.5)", 0.0),
    ("slope('round', 2.5)", 0.0),
    ("slope('trunc', -2.5)", 0.0),
    ("[autograd.round(x) for x in (0.5, 1.5, 2.5, -0.5)]", [0.0, 2.0, 2.0, -0.0]),
    ("[autograd.floor(-0.5), autograd.ceil(-0.5), autograd.trunc(-0.5)]", [-1.0, -0.0, -0.0]),
    ("[autograd.floor(inf), autograd.ceil(-inf)]", [inf, -inf]),
    ("autograd.sign(-0.0)", -0.0),
    # hypot
    ("slope('hypot', 0.0, 0.0, i=0)", 0.0),
    ("slope('hypot', 0.0, 0.0, i=1)", 0.0),
    ("slope('hypot', 0.0, 3.0, i=0)", 0.0),
    ("autograd.hypot(inf, nan)", inf),
    ("autograd.hypot()", 0.0),
    # powers of a Value to a number
    ("alone('pow', 0.0, 0.0)", 0.0),
    ("alone('pow', 0.0, 1.0)", 1.0),
    ("alone('pow', 0.0, 2.0)", 0.0),
    ("alone('pow', 0.0, 3.0)", 0.0),
    ("alone('pow', 0.0, 1.5)", 0.0),
    ("alone('pow', 0.0, 0.5)", DerivativeError),
    ("alone('pow', 0.0, -1.0)", DivisionByZeroError),
    ("alone('pow', -2.0, 3.0)", 12.0),
    ("alone('pow', -2.0, -1.0)", -0.25),
    ("alone('pow', -2.0, 0.5)", DomainError),
    ("alone('pow', -8.0, 1/3)", DomainError),
    ("autograd.grad(autograd.grad(lambda x: x ** 3))(-2.0)", -12.0),
    ("autograd.grad(autograd.grad(lambda x: x ** 2))(0.0)", 2.0),
    ("autograd.grad(autograd.grad(lambda x: x ** 1))(0.0)", 0.0),
    ("autograd.grad(autograd.grad(autograd.grad(lambda x: x ** 2)))(0.0)", 0.0),
    # of a number to a Value
    ("alone('pow', 0.0, 2.0, i=1)", 0.0),
    ("alone('pow', 0.0, 5e-324, i=1)", 0.0),
    ("alone('pow', 0.0, 0.0, i=1)", DerivativeError),
    ("alone('pow', 1.0, 7.0, i=1)", 0.0),
    ("alone('pow', -2.0, 3.0, i=1)", DerivativeError),
    # of a Value to a Value
    ("slope('pow', 0.0, 2.0, i=0)", 0.0),
    ("slope('pow', 0.0, 2.0, i=1)", 0.0),
    ("slope('pow', 2.0, 0.0, i=0)", 0.0),
    ("slope('pow', 2.0, 0.0, i=1)", math.log(2.0)),
    ("slope('pow', -2.0, 3.0, i=0)", DerivativeError),
    ("slope('pow', -2.0, 0.5, i=0)", DomainError),
    # of a number to a number
    ("[autograd.pow(x, 0.0) for x in (0.0, -3.0, inf, nan)]", [1.0] * 4),
    ("[autograd.pow(1.0, y) for y in (inf, -inf, nan)]", [1.0] * 3),
    ("autograd.pow(-8.0, 1/3)", DomainError),
    ("autograd.pow(0.0, -1.0)", DivisionByZeroError),
    ("autograd.pow(1e200, 3.0)", RangeError),
    ("autograd.pow(1e200, 2.0)", inf),
    # derivatives that are infinite or do not exist, where they are needed
    ("slope('sqrt', 0.0)", DerivativeError),
    ("slope('cbrt', 0.0)", DerivativeError),
    ("slope('asin', 1.0)", DerivativeError),
    ("slope('asin', -1.0)", DerivativeError),
    ("slope('acos', 1.0)", DerivativeError),
    ("slope('acosh', 1.0)", DerivativeError),
    ("slope('atan2', 0.0, 0.0)", DerivativeError),
    ("slope('xlogy', 0.0, 0.0)", DerivativeError),
    ("alone('xlogy', 0.0, 0.0, i=1)", 0.0),
    ("autograd.polygamma(Value(1.0), 2.0).backward()", DerivativeError),
    ("slope('log', 0.0)", DomainError),
    ("autograd.grad(autograd.sqrt)(0.0)", DerivativeError),
    ("autograd.jvp(autograd.sqrt, (0.0,), (1.0,))", DerivativeError),
    ("autograd.grad(autograd.grad(autograd.sqrt))(0.0)", DerivativeError),
    # … and where they are not: an adjoint or a tangent of 0 asks for nothing
    ("autograd.grad(lambda x: autograd.sqrt(x) * 0.0)(0.0)", 0.0),
    ("autograd.grad(lambda x: autograd.asin(x) * 0.0)(1.0)", 0.0),
    ("autograd.jvp(autograd.sqrt, (0.0,), (0.0,))", (0.0, 0.0)),
    ("autograd.grad(lambda x: autograd.where(x > 0.0, autograd.sqrt(x), x))(0.0)", 1.0),
    ("autograd.grad(lambda x: autograd.where(False, autograd.sqrt(x), x * x))(0.0)", 0.0),
    ("autograd.grad(lambda x: autograd.relu(-autograd.sqrt(x)))(0.0)", 0.0),
    ("autograd.grad(lambda x: autograd.minimum(x, autograd.sqrt(x)))(0.0)", 1.0),
    # products and sums with zeros, and the empty ones
    ("autograd.grad(autograd.prod)([0.0, 3.0, 4.0])", [12.0, 0.0, 0.0]),
    ("autograd.grad(autograd.prod)([0.0, 0.0, 4.0])", [0.0, 0.0, 0.0]),
    ("[autograd.sum([]), autograd.prod([])]", [0.0, 1.0]),
    ("autograd.mean([])", ValueError),
    ("autograd.logsumexp([])", ValueError),
    ("autograd.logsumexp([-inf, -inf])", -inf),
    ("autograd.logsumexp([inf, 1.0])", inf),
    ("autograd.logaddexp(-inf, -inf)", -inf),
    ("autograd.softmax([0.0, -inf])", [1.0, 0.0]),
    # remainders, as Python's and C's
    ("[autograd.mod(x, y) for x, y in ((5.5, 3.0), (-5.5, 3.0), (5.5, -3.0))]", [2.5, 0.5, -0.5]),
    ("[autograd.fmod(x, y) for x, y in ((5.5, 3.0), (-5.5, 3.0), (5.5, -3.0))]", [2.5, -2.5, 2.5]),
    ("slope('mod', -5.5, 3.0, i=1)", 2.0),
    ("slope('fmod', -5.5, 3.0, i=1)", 1.0),
    ("autograd.fmod(5.0, inf)", 5.0),
    # signs of zero, and cuts
    ("[autograd.copysign(3.0, -0.0), autograd.copysign(-3.0, 0.0)]", [-3.0, 3.0]),
    ("slope('copysign', 3.0, -0.0)", -1.0),
    ("[autograd.atan2(0.0, -1.0), autograd.atan2(-0.0, -1.0)]", [math.pi, -math.pi]),
    ("[slope('atan2', y, -2.0) for y in (0.0, -0.0)]", [-0.5, -0.5]),
    ("[autograd.xlogy(0.0, y) for y in (0.0, -1.0, inf)]", [0.0, 0.0, 0.0]),
    # limits
    ("[autograd.sigmoid(x) for x in (inf, -inf, 1e308, -1e308)]", [1.0, 0.0, 1.0, 0.0]),
    ("[autograd.softplus(x) for x in (inf, -inf, 800.0)]", [inf, 0.0, 800.0]),
    ("[slope('tanh', x) for x in (inf, -inf, 400.0)]", [0.0, 0.0, 0.0]),
    ("[slope('atan', x) for x in (inf, -inf)]", [0.0, 0.0]),
    ("[slope('asinh', x) for x in (inf, -inf)]", [0.0, 0.0]),
    ("[autograd.gelu(inf), autograd.silu(inf), autograd.elu(-inf)]", [inf, inf, -1.0]),
    ("[autograd.silu(-1e308), autograd.gelu(-1e308)]", [-0.0, -0.0]),
    ("[slope('silu', -1e308), slope('gelu', -1e308), slope('silu', 1e308), slope('gelu', 1e308)]", [0.0, 0.0, 1.0, 1.0]),
    ("autograd.exp(710.0)", RangeError),
]  # fmt: skip


@pytest.mark.parametrize(("text", "true"), EDGES, ids=[text for text, _ in EDGES])
def test_edge(text: str, true: Any) -> None:
    if isinstance(true, type):
        with pytest.raises(true):
            eval(text)
        return
    got = eval(text)
    flat = [x for y in (got, true) for x in (y if isinstance(y, list | tuple) else [y])]
    n = len(flat) // 2
    same = all(
        same_bits(x, y) or (x == y == 0.0 and text.startswith(("slope", "autograd.grad", "alone", "[slope")))
        for x, y in zip(flat[:n], flat[n:], strict=True)
    )
    assert same, f"{text} = {got}, true {true}"


def test_a_missing_derivative_names_the_point() -> None:
    with pytest.raises(DerivativeError, match=r"sqrt\(w = 0\.0\)"):
        autograd.sqrt(Value(0.0, label="w")).backward()


# ---- identities


def floats(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False)


finite = st.floats(allow_nan=False, allow_infinity=False)


def assert_close(text: str, got: float, true: Any, allowed: float) -> None:
    error = ulps(got, mp.mpf(true))
    assert error <= allowed, report(text, got, true, error, allowed)


@given(st.floats())
def test_square_is_a_product_to_the_bit(x: float) -> None:
    v = Value(x)
    assert same_bits((v**2).data, x * x)
    assert same_bits((v**2.0).data, (v * v).data)
    assert same_bits(autograd.pow(x, 2.0), x * x)
    if math.isfinite(x):
        assert autograd.grad(lambda x: x**2)(x) == 2 * x


@given(finite, finite)
def test_commuting(a: float, b: float) -> None:
    for name in ("add", "mul", "hypot", "logaddexp"):
        f = getattr(autograd, name, None) or GENERIC[name]
        assert same_bits(f(a, b), f(b, a)), name
    assert autograd.maximum(a, b) == autograd.maximum(b, a) == -autograd.minimum(-a, -b)
    assert same_bits(autograd.sub(a, b), -autograd.sub(b, a)) or a == b


@given(finite)
def test_odd_and_even(x: float) -> None:
    for name in ("sin", "tan", "asinh", "atan", "tanh", "erf", "cbrt"):
        f = getattr(autograd, name)
        assert same_bits(f(-x), -f(x)), f"{name}({x!r})"
        assert same_bits(autograd.grad(f)(-x), autograd.grad(f)(x)) if x else True, f"{name}'({x!r})"
    assert same_bits(autograd.cos(-x), autograd.cos(x))


@given(floats(-700, 700))
def test_log_undoes_exp(x: float) -> None:
    # exp's error of 1 ulp is an absolute error of 2⁻⁵² in its logarithm
    assert abs(autograd.log(autograd.exp(x)) - x) <= 2.0**-52 * max(1.0, abs(x))


@given(floats(1e-300, 1e300))
def test_exp_undoes_log(x: float) -> None:
    assert_close(f"exp(log({x!r}))", autograd.exp(autograd.log(x)), x, 2 + abs(math.log(x)))


@given(floats(-1e9, 1e9))
def test_pythagoras(x: float) -> None:
    assert_close(f"sin² + cos² at {x!r}", autograd.sin(x) ** 2 + autograd.cos(x) ** 2, 1.0, 4)


@given(finite)
def test_sigmoid_and_its_mirror(x: float) -> None:
    assert_close(f"sigmoid({x!r}) + sigmoid(−x)", autograd.sigmoid(x) + autograd.sigmoid(-x), 1.0, 2)


@given(finite)
def test_derivatives_that_are_rows_themselves(x: float) -> None:
    assert same_bits(autograd.grad(autograd.softplus)(x), autograd.sigmoid(x))
    assert same_bits(autograd.grad(autograd.sin)(x), autograd.cos(x))
    if abs(x) < 700:
        assert same_bits(autograd.grad(autograd.exp)(x), autograd.exp(x))
        assert same_bits(autograd.grad(autograd.sinh)(x), autograd.cosh(x))


@given(floats(1e-15, 1.0))
def test_sigmoid_undoes_logit(x: float) -> None:
    assume(x < 1.0)
    z = autograd.logit(x)
    assert_close(f"sigmoid(logit({x!r}))", autograd.sigmoid(z), x, 4 + abs(z))


lists = st.lists(floats(-300, 300), min_size=1, max_size=12)


@given(lists, st.integers(-1000, 1000))
def test_logsumexp_shifts(xs: list[float], shift: int) -> None:
    moved = autograd.logsumexp([x + shift for x in xs])
    assert abs(moved - (autograd.logsumexp(xs) + shift)) <= 2.0**-52 * (4 * 1300 + len(xs))


@given(lists)
def test_softmax_sums_to_1_and_is_the_slope_of_logsumexp(xs: list[float]) -> None:
    terms = autograd.softmax(xs)
    assert_close(f"Σ softmax({xs})", math.fsum(terms), 1.0, len(xs) + 2)
    assert autograd.grad(autograd.logsumexp)(xs) == terms
    jacobian = autograd.jacobian(autograd.softmax)(xs)
    for row in jacobian:
        assert abs(math.fsum(row)) <= 2.0**-52 * (len(xs) + 2)  # a shift changes nothing


@given(lists)
def test_rows_of_lists_equal_their_chains(xs: list[float]) -> None:
    chain_sum, chain_product = 0.0, 1.0
    for x in xs:
        chain_sum, chain_product = chain_sum + x, chain_product * x
    assert same_bits(autograd.sum(xs), chain_sum)
    assert same_bits(autograd.prod(xs), chain_product)
    assert same_bits(autograd.dot(xs, xs), autograd.sum([x * x for x in xs]))


@given(floats(-HUGE, HUGE), floats(-HUGE, HUGE))
def test_division_and_remainder(a: float, b: float) -> None:
    assume(b != 0.0)
    assert same_bits(autograd.mod(a, b), a % b)
    assert same_bits(autograd.floordiv(a, b), a // b)
    assert divmod(Value(a), b)[1].data == a % b


@pytest.mark.parametrize("name", SHOWN)
def test_the_formulas_that_people_are_shown_are_those_of_the_partials(name: str) -> None:
    op = TABLE[name]
    given = {1: [(0.3,), (1.7,)], 2: [(0.7, 2.5), (2.5, 0.7)], 0: [([0.5, -2.0, 3.0],)]}[op.arity]
    tried = 0
    for point in given:
        xs = [point[0]] if op.nary else point
        try:
            y = op.value(*xs)
        except ValueError:
            continue  # outside the domain
        space = FLOATS | dict(zip(op.inputs, xs, strict=True)) | {"y": y}
        for text, rule in zip(op.shown, op.partials, strict=True):
            shown, true = eval(text, space), rule(*xs, y)
            assert np.allclose(shown, true, rtol=1e-13), f"{name}{point}: {text} is {shown}, the partial {true}"
            tried += 1
    assert tried
