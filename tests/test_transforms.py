"""`grad` and its kin: against an independent forward evaluation, against each other, nested, over structures, under SciPy."""

import math
import operator
import re
from collections import namedtuple
from functools import reduce
from itertools import pairwise

import numpy as np
import pytest
import scipy.optimize
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd
from autograd import (
    DerivativeError,
    Value,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    maximum,
    no_grad,
    sin,
    sqrt,
    value_and_grad,
    vjp,
    where,
)
from autograd.chain import forward, reverse

# ---- dual numbers: derivatives forward, by rules of their own


class Dual:
    """A number, its derivative, and a bound on the size of what was added up to get it (the error is relative to that)."""

    def __init__(self, x, d=0.0, size=None):
        self.x, self.d, self.size = x, d, abs(d) if size is None else size

    def chain(self, y, slope):
        return Dual(y, slope * self.d, abs(slope) * self.size)

    def __add__(self, o):
        return Dual(self.x + o.x, self.d + o.d, self.size + o.size)

    def __sub__(self, o):
        return Dual(self.x - o.x, self.d - o.d, self.size + o.size)

    def __mul__(self, o):
        return Dual(self.x * o.x, self.d * o.x + self.x * o.d, self.size * abs(o.x) + abs(self.x) * o.size)

    def __truediv__(self, o):
        q = self.x / o.x
        return Dual(q, (self.d - q * o.d) / o.x, (self.size + abs(q) * o.size) / abs(o.x))

    def __neg__(self):
        return Dual(-self.x, -self.d, self.size)


DUAL = {
    "sin": lambda a: a.chain(math.sin(a.x), math.cos(a.x)),
    "cos": lambda a: a.chain(math.cos(a.x), -math.sin(a.x)),
    "tanh": lambda a: a.chain(math.tanh(a.x), 1.0 / math.cosh(a.x) ** 2 if abs(a.x) < 300 else 0.0),
    "atan": lambda a: a.chain(math.atan(a.x), 1.0 / (1.0 + a.x * a.x)),
    "sigmoid": lambda a: a.chain(1.0 / (1.0 + math.exp(-a.x)), 1.0 / (2.0 + math.exp(a.x) + math.exp(-a.x))),
    "softplus": lambda a: a.chain(math.log1p(math.exp(a.x)), 1.0 / (1.0 + math.exp(-a.x))),
    "relu": lambda a: a.chain(max(a.x, 0.0), float(a.x > 0.0)),
    "abs": lambda a: a.chain(abs(a.x), float(a.x > 0.0) - float(a.x < 0.0)),
    "square": lambda a: a.chain(a.x * a.x, 2.0 * a.x),
    "expsq": lambda a: a.chain(math.exp(-a.x * a.x), -2.0 * a.x * math.exp(-a.x * a.x)),
    "sqrt1": lambda a: a.chain(math.sqrt(1.0 + a.x * a.x), a.x / math.sqrt(1.0 + a.x * a.x)),
    "maximum": lambda a, b: a if a.x >= b.x else b,
    "minimum": lambda a, b: a if a.x <= b.x else b,
    "sum": lambda *xs: reduce(operator.add, xs),
    "dot": lambda a, b, c, d: a * b + c * d,
}

OURS = {name: getattr(autograd, name, None) for name in DUAL} | {
    "square": lambda a: a**2,
    "expsq": lambda a: autograd.exp(-a * a),
    "sqrt1": lambda a: autograd.sqrt(1.0 + a * a),
    "sum": lambda *xs: autograd.sum(xs),
    "dot": lambda a, b, c, d: autograd.dot([a, c], [b, d]),
}

ARITY = {"maximum": 2, "minimum": 2, "sum": 3, "dot": 4}
OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul}
NAMES = [*OPERATORS, "/", *DUAL]
N = 3


@st.composite
def programs(draw):
    """A list of steps, each an operation and the places of its operands among what was computed before: a shared graph."""
    steps = []
    for k in range(draw(st.integers(1, 12))):
        name = draw(st.sampled_from(NAMES))
        n = 2 if name in OPERATORS or name == "/" else ARITY.get(name, 1)
        steps.append((name, [draw(st.integers(0, N + k - 1)) for _ in range(n)]))
    return steps


points = st.lists(st.floats(-2.0, 2.0).map(lambda x: round(x, 3)), min_size=N, max_size=N)


def evaluate(steps, xs, functions, constant):
    """The results of all steps; numbers stay small, for what grows is divided by what is at least 1."""
    nodes = list(xs)
    for name, places in steps:
        operands = [nodes[i] for i in places]
        if name in OPERATORS:
            y = OPERATORS[name](*operands)
        elif name == "/":
            y = operands[0] / (constant(1.5) + operands[1] * operands[1])
        else:
            y = functions[name](*operands)
        nodes.append(y)
    return nodes[N:]


def text(steps):
    """The program as one reads it."""
    lines = []
    for k, (name, places) in enumerate(steps):
        xs = [f"v{i}" if i >= N else "abc"[i] for i in places]
        if name in OPERATORS:
            right = f"{xs[0]} {name} {xs[1]}"
        else:
            right = f"{xs[0]} / (1.5 + {xs[1]}²)" if name == "/" else f"{name}({', '.join(xs)})"
        lines.append(f"v{N + k} = {right}")
    return "; ".join(lines)


def last(steps):
    return lambda *xs: evaluate(steps, xs, OURS, float)[-1]


def dual_gradient(steps, xs):
    """For each input its derivative and its size; no example where a value is out of hand or on a kink."""
    pairs = []
    for k in range(N):
        nodes = evaluate(steps, [Dual(x, float(i == k)) for i, x in enumerate(xs)], DUAL, Dual)
        assume(all(abs(v.x) < 50.0 and v.size < 1e12 for v in nodes))
        pairs.append((nodes[-1].d, nodes[-1].size))
    return pairs


def check(steps, xs, got, pairs, how):
    for name, g, (d, size) in zip("abc", got, pairs, strict=True):
        allowed = 2e-14 * len(steps) * size + 1e-300
        assert abs(g - d) <= allowed, (
            f"\n  {text(steps)}\n  at a, b, c = {xs}\n  by {how}: d/d{name} = {g!r}\n  by dual numbers:  {d!r}\n"
            f"  error {abs(g - d):.2g} = {abs(g - d) / math.ulp(d or 1e-300):.3g} ulps, allowed {allowed:.2g}"
        )


@given(programs(), points)
def test_the_gradient_of_any_program_is_that_of_dual_numbers(steps, xs):
    pairs = dual_gradient(steps, xs)
    vs = [Value(x) for x in xs]
    y = last(steps)(*vs)
    y.backward()
    check(steps, xs, [v.grad for v in vs], pairs, "backward")
    forward_mode = [jvp(last(steps), xs, [float(i == k) for i in range(N)])[1] for k in range(N)]
    check(steps, xs, forward_mode, pairs, "jvp")


def number(x):
    return x.data if type(x) is Value else x


@given(programs(), points)
def test_every_way_to_the_gradient_gives_the_same_bits(steps, xs):
    f, everything = last(steps), tuple(range(N))
    dual_gradient(steps, xs)
    vs = [Value(x) for x in xs]
    y = f(*vs)
    y.backward()
    expected = [v.grad.hex() for v in vs]
    swept = reverse({y: 1.0})
    value, by_value_and_grad = value_and_grad(f, everything)(*xs)
    assert value == y.data
    ways = {
        "grad": grad(f, everything)(*xs),
        "value_and_grad": by_value_and_grad,
        "grad of Values": grad(f, everything)(*vs),
        "grad of a list": grad(lambda p: f(*p))(xs),
        "grad of an array": grad(lambda p: f(*p))(np.array(xs)),
        "vjp": vjp(f, *xs)[1](1.0),
        "reverse": [swept.get(v, 0.0) for v in vs],
    }
    ways["jacobian"] = [column[0] for column in jacobian(lambda *p: [f(*p)], everything)(*xs)]
    for how, got in ways.items():
        assert [(number(g) + 0.0).hex() for g in got] == expected, f"{text(steps)} at {xs} by {how}: {got}"


def smooth(steps):
    return not any(name in {"relu", "abs", "maximum", "minimum"} for name, _ in steps)


@given(programs().filter(smooth), points)
def test_second_derivatives_agree_in_every_combination(steps, xs):
    dual_gradient(steps, xs)
    f = last(steps)

    def g(p):
        return f(*p)

    h = np.array(hessian(g)(xs), dtype=float)
    assume(np.all(np.abs(h) < 1e8))
    scale = 1e-9 * (1.0 + np.abs(h).max())
    others = {
        "symmetry": h.T,
        "hvp": np.array([hvp(g, (xs,), ([float(i == k) for i in range(N)],)) for k in range(N)], dtype=float),
        "reverse over reverse": np.array([grad(lambda p, k=k: grad(g)(p)[k])(xs) for k in range(N)], dtype=float),
        "forward over forward": np.array(
            [
                [jvp(lambda p, u=u: jvp(g, (p,), (u,))[1], (xs,), (v,))[1] for u in np.eye(N).tolist()]
                for v in np.eye(N).tolist()
            ],
            dtype=float,
        ),
        "reverse over forward": np.array(
            [grad(lambda p, u=u: jvp(g, (p,), (u,))[1])(xs) for u in np.eye(N).tolist()], dtype=float
        ),
    }
    for how, other in others.items():
        assert np.all(np.abs(other - h) <= scale), f"{text(steps)} at {xs}: {how}\n{other}\n{h}"
    eps = 1e-5
    for k in range(N):
        step = [eps * (i == k) for i in range(N)]
        above, below = (np.array(grad(g)([x + s * e for x, e in zip(xs, step, strict=True)])) for s in (1, -1))
        difference = (above - below) / (2 * eps)
        assert np.allclose(difference, h[k], rtol=1e-3, atol=1e-3 * (1 + np.abs(h).max())), f"{text(steps)} at {xs}, row {k}"


@given(programs(), points, points, st.floats(-3, 3))
def test_jvp_vjp_and_jacobian_are_one_linear_map(steps, xs, direction, weight):
    dual_gradient(steps, xs)

    def f(*p):
        return evaluate(steps, p, OURS, float)[-3:]

    rows = np.array(jacobian(lambda p: f(*p))(xs), dtype=float)
    ys, dots = jvp(f, xs, direction)
    y, pull = vjp(f, *xs)
    assert ys == y
    scale = 1e-11 * (1.0 + np.abs(rows).max()) * 10
    assert np.allclose(dots, rows @ direction, rtol=1e-10, atol=scale), f"{text(steps)} at {xs}"
    cotangent = [weight, 1.0, -0.5][: len(ys)]
    assert np.allclose(pull(cotangent), cotangent @ rows, rtol=1e-10, atol=scale), f"{text(steps)} at {xs}"


def test_a_forward_jacobian_and_a_reverse_one_agree():
    def f(p):
        return [autograd.sin(p[0] * k) * p[1] for k in range(5)]

    tall = jacobian(f)([0.3, 0.7])  # five results, two inputs: forward
    wide = [grad(lambda p, k=k: f(p)[k])([0.3, 0.7]) for k in range(5)]
    assert np.allclose(tall, wide, rtol=1e-15)


# ---- nesting


def test_perturbation_confusion():
    assert grad(lambda x: x * grad(lambda y: x + y)(x))(1.0) == 1.0
    for x in (-2.0, 0.0, 1.0, 3.7):
        for outer in (grad, by_jvp):
            for inner in (grad, by_jvp):
                assert outer(lambda x, inner=inner: x * inner(lambda y: x + y)(x))(x) == 1.0, (outer, inner)
                assert outer(lambda x, inner=inner: x * inner(lambda y: x * y)(2.0))(x) == 2 * x
                assert outer(lambda x, inner=inner: inner(lambda y: inner(lambda z: x * y * z)(y))(x))(x) == 1.0
                assert outer(lambda x, inner=inner: inner(lambda y: x)(x))(x) == 0.0


def by_jvp(f):
    return lambda x: jvp(f, (x,), (1.0,))[1]


@pytest.mark.parametrize("n", range(1, 6))
@pytest.mark.parametrize("d", [grad, by_jvp, "mixed"])
def test_derivatives_of_any_order(n, d):
    def nth(f):
        for k in range(n):
            f = (grad, by_jvp)[k % 2](f) if d == "mixed" else d(f)
        return f

    x = 0.7
    assert nth(autograd.sin)(x) == pytest.approx([math.sin, math.cos, lambda t: -math.sin(t), lambda t: -math.cos(t)][n % 4](x))
    assert nth(autograd.exp)(x) == pytest.approx(math.exp(x))
    assert nth(lambda t: t**4)(x) == pytest.approx(math.perm(4, n) * x ** (4 - n) if n <= 4 else 0.0)
    assert nth(lambda t: 1.0 / t)(x) == pytest.approx((-1) ** n * math.factorial(n) / x ** (n + 1))


def test_a_derivative_of_a_derivative_through_backward():
    x = Value(3.0)
    g = grad(lambda t: t**3)(x)
    assert type(g) is Value
    assert g.data == 27.0
    assert not x.reached
    g.backward()
    assert x.grad == 18.0


def test_closing_over_values_gives_values_and_within_no_grad_floats():
    w = Value(2.0, label="w")

    def f(x):
        return w * w * x * x

    y, g = value_and_grad(f)(3.0)
    assert (type(y), type(g)) == (Value, Value)
    assert (y.data, g.data) == (36.0, 24.0)
    (y + g).backward()
    assert w.grad == 36.0 + 24.0
    assert jvp(f, (3.0,), (1.0,))[1].data == 24.0
    assert hessian(f)(3.0).data == 8.0
    assert type(vjp(f, 3.0)[1](1.0)[0]) is Value
    with no_grad():
        assert value_and_grad(f)(3.0) == (36.0, 24.0)
        assert type(value_and_grad(f)(3.0)[1]) is float
        assert type(hessian(f)(3.0)) is float
    assert w.grad == 60.0, "a transform touches no gradient"


def test_with_values_from_outside_constant_derivatives_are_values_too():
    w, x = Value(2.0), Value(3.0)
    assert type(grad(lambda t: 5.0 * t)(x)) is Value
    assert type(grad(lambda t: 5.0 * t + w)(1.0)) is Value
    assert [type(g) for g in grad(lambda t: t[0] * w)([1.0, 2.0])] == [Value, Value]
    assert type(jvp(lambda t: 5.0 * t + w, (1.0,), (1.0,))[1]) is Value
    assert {type(y) for row in hessian(lambda t: t[0] * w)([1.0, 2.0]) for y in row} == {Value}
    _, pull = vjp(lambda t: 5.0 * t + w, 1.0)
    assert type(pull(1.0)[0]) is Value
    with no_grad():
        assert pull(1.0) == (5.0,)
        assert type(pull(1.0)[0]) is float
    ((grad(lambda t: 5.0 * t + w)(1.0) - 1.0) ** 2).backward()
    assert w.grad == 0.0


def test_a_gradient_penalty():
    w, b = Value(0.5), Value(0.1)

    def model(x):
        return autograd.tanh(w * x + b)

    loss = model(0.3) ** 2 + (grad(model)(0.3) - 1.0) ** 2
    loss.backward()
    for p, name in ((w, "w"), (b, "b")):
        x, h = p.data, 1e-6

        def at(value, p=p):
            p.data = value
            with no_grad():
                return (model(0.3) ** 2 + (grad(model)(0.3) - 1.0) ** 2).data

        expected = (at(x + h) - at(x - h)) / (2 * h)
        p.data = x
        assert p.grad == pytest.approx(expected, rel=1e-6), f"d/d{name}"


def test_the_cotangent_can_be_a_value():
    c = Value(2.0)
    _, pull = vjp(lambda x: x * x, 3.0)
    (g,) = pull(c)
    assert g.data == 12.0
    g.backward()
    assert c.grad == 6.0
    t = Value(1.0)
    _, dot = jvp(lambda x: x**3, (2.0,), (t,))
    dot.backward()
    assert t.grad == 12.0


def test_pull_can_be_called_again():
    y, pull = vjp(lambda a, b: [a * b, a + b], 3.0, 4.0)
    assert y == [12.0, 7.0]
    for _ in range(2):
        assert pull([1.0, 0.0]) == (4.0, 3.0)
        assert pull([0.0, 1.0]) == (1.0, 1.0)
        assert pull([0.0, 0.0]) == (0.0, 0.0)


# ---- structures

Point = namedtuple("Point", "x y")  # noqa: PYI024

GRADIENTS = [
    (lambda p: p[0] * p[1], [3.0, 4.0], [4.0, 3.0]),
    (lambda p: p[0] * p[1], (3, 4), (4.0, 3.0)),
    (lambda p: p["w"][0] * p["b"], {"w": [3.0], "b": 4.0}, {"w": [4.0], "b": 3.0}),
    (lambda p: p.x * p.y, Point(3.0, 4.0), Point(4.0, 3.0)),
    (lambda p: p[1][0] ** 2, [None, (3.0, None)], [None, (6.0, None)]),
    (lambda p: 3.0, [1.0], [0.0]),
    (lambda p: p[0], [1.0, 2.0], [1.0, 0.0]),
    (lambda p: p, 5.0, 1.0),
    (lambda p: p * p, np.float32(3.0), 6.0),
    (lambda p: p * p, np.array(3.0), 6.0),
    (lambda p: p * p, True, 2.0),
]


@pytest.mark.parametrize(("f", "x", "expected"), GRADIENTS, ids=[repr(x) for _, x, _ in GRADIENTS])
def test_the_gradient_has_the_structure_of_the_argument(f, x, expected):
    got = grad(f)(x)
    assert got == expected
    assert type(got) is type(expected)
    value, again = value_and_grad(f)(x)
    assert again == expected
    assert type(value) is float


@pytest.mark.parametrize("shape", [(3,), (2, 2), (1, 2, 3), (0,)])
def test_arrays_give_arrays(shape):
    x = np.arange(math.prod(shape), dtype=float).reshape(shape)
    value, g = value_and_grad(lambda a: autograd.sum((a * a).ravel()))(x)
    assert type(g) is np.ndarray
    assert g.dtype == np.float64
    assert g.shape == shape
    assert np.array_equal(g, 2 * x)
    assert value == float((x * x).sum())
    of_int = grad(lambda a: autograd.sum((a * a).ravel()))(x.astype(int))
    assert of_int.dtype == np.float64
    assert np.array_equal(of_int, 2 * x)


def test_array_functions_within_a_gradient():
    a = np.array([[2.0, 1.0], [1.0, 3.0]])
    x = np.array([0.3, 0.7])
    assert np.allclose(grad(lambda v: v @ a @ v)(x), 2 * a @ x)
    assert np.allclose(hessian(lambda v: v @ a @ v)(x), 2 * a)
    assert np.allclose(grad(lambda v: np.sum(np.exp(v)))(x), np.exp(x))
    assert np.allclose(jacobian(lambda v: a @ v)(x), a)
    assert jacobian(lambda v: np.outer(v, v))(x).shape == (2, 2, 2)
    assert jacobian(lambda t: t * x)(2.0).tolist() == x.tolist()


def test_jacobians_of_structures():
    f = jacobian(lambda p: {"u": p[0] * p[1], "v": [p[0], 7.0]})
    assert f((2.0, 3.0)) == {"u": (3.0, 2.0), "v": [(1.0, 0.0), (0.0, 0.0)]}
    assert jacobian(lambda a, b: [a * b, a], (0, 1))(2.0, 3.0) == ([3.0, 1.0], [2.0, 0.0])
    assert jacobian(lambda x: x * x)(3.0) == 6.0
    assert jacobian(lambda p: p)([]) == []
    assert jacobian(lambda p: [])([1.0]) == []
    assert hessian(lambda p: p["a"] ** 2 * p["b"])({"a": 1.0, "b": 2.0}) == {
        "a": {"a": 4.0, "b": 2.0},
        "b": {"a": 2.0, "b": 0.0},
    }
    assert hessian(lambda p: 3.0 * p[0])([1.0, 2.0]) == [[0.0, 0.0], [0.0, 0.0]]


def test_results_of_every_kind():
    def f(x):
        return [x, x, 5, None, {"y": x * x}, (x,)]

    assert jvp(f, (2.0,), (3.0,)) == ([2.0, 2.0, 5.0, None, {"y": 4.0}, (2.0,)], [3.0, 3.0, 0.0, None, {"y": 12.0}, (3.0,)])
    y, pull = vjp(f, 2.0)
    assert y == [2.0, 2.0, 5.0, None, {"y": 4.0}, (2.0,)]
    assert pull([1.0, 10.0, 100.0, None, {"y": 1000.0}, (10000.0,)]) == (1.0 + 10.0 + 4000.0 + 10000.0,)
    assert jacobian(f)(2.0) == [1.0, 1.0, 0.0, None, {"y": 4.0}, (1.0,)]


def test_a_result_that_is_a_value_from_outside():
    w = Value(2.0)
    y = w * w
    assert number(grad(lambda x: y)(3.0)) == 0.0
    value, g = value_and_grad(lambda x: y)(3.0)
    assert value is y
    assert number(g) == 0.0


def test_argnums_and_keywords():
    def f(a, b, c=10.0, *, k=1.0):
        return a * b * b * c * k

    assert grad(f)(2.0, 3.0) == 90.0
    assert grad(f, 1)(2.0, 3.0) == 120.0
    assert grad(f, -1)(2.0, 3.0) == 120.0
    assert grad(f, 2)(2.0, 3.0, 10.0) == 18.0
    assert grad(f, (1, 0))(2.0, 3.0) == (120.0, 90.0)
    assert grad(f, [0])(2.0, 3.0, k=2.0) == (180.0,)
    assert grad(f, range(2))(2.0, 3.0, c=1.0) == (9.0, 12.0)
    assert grad(f, np.int64(1))(2.0, 3.0) == 120.0
    assert grad(f, ())(2.0, 3.0) == ()
    assert hessian(f, 1)(2.0, 3.0) == 40.0
    assert grad(lambda s, x: x * len(s), 1)("text", 3.0) == 4.0, "other arguments may be anything"


ARGNUMS_ERRORS = [
    (1, ValueError, "argnums 1: the function was called with 1 positional argument"),
    (-2, ValueError, "argnums -2"),
    ((0, 3), ValueError, "argnums 3"),
    ((0, 0), ValueError, "names an argument twice"),
    ((0, -1), ValueError, "names an argument twice"),
    (1.0, TypeError, "argnums is an int or a sequence of int, not 1.0"),
    (True, TypeError, "argnums is an int or a sequence of int, not True"),
    ("x", TypeError, "not 'x'"),
    (None, TypeError, "not None"),
    ((0, "x"), TypeError, "argnums is an int"),
]


@pytest.mark.parametrize(("argnums", "kind", "message"), ARGNUMS_ERRORS, ids=[repr(a) for a, _, _ in ARGNUMS_ERRORS])
@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian])
def test_wrong_argnums(transform, argnums, kind, message):
    with pytest.raises(kind) as caught:
        transform(lambda x: x * x, argnums)(2.0)
    assert message in str(caught.value)


MISUSES = [
    (
        lambda: grad(lambda x: [x])(1.0),
        TypeError,
        "grad needs a function that returns one number, not a list: use jacobian, or vjp",
    ),
    (lambda: grad(lambda x: None)(1.0), TypeError, "returns one number, not a NoneType"),
    (lambda: grad(lambda x: np.array([x, x]))(1.0), TypeError, "returns one number, not a ndarray"),
    (lambda: hessian(lambda x: [x])(1.0), TypeError, "returns one number, not a list"),
    (lambda: grad(lambda x: "s")(1.0), TypeError, "the result is of type str"),
    (lambda: grad(lambda x: x)("s"), TypeError, "argument 0 is of type str"),
    (lambda: grad(lambda a, b: a, 1)(1.0, {"w": [object()]}), TypeError, "argument 1['w'][0] is of type object"),
    (grad(lambda x: x), ValueError, "called with 0 positional argument"),
    (lambda: grad(lambda x: x)(1j), TypeError, "argument 0 is of type complex"),
    (lambda: jvp(lambda x: x, (1.0,), ()), ValueError, "jvp() takes one tangent for each primal, not 0 for 1"),
    (lambda: jvp(lambda x: x, ([1.0],), ([1.0, 2.0],)), ValueError, "the tangent 0 has 2 number(s), the primal 0 1"),
    (lambda: vjp(lambda x: [x, x], 1.0)[1]([1.0]), ValueError, "the cotangent has 1 number(s), the result 2"),
    (lambda: vjp(lambda x: x, 1.0)[1]("s"), TypeError, "the cotangent is of type str"),
]


@pytest.mark.parametrize(("misuse", "kind", "message"), MISUSES, ids=[m for _, _, m in MISUSES])
def test_misuse_is_told_in_words(misuse, kind, message):
    with pytest.raises(kind) as caught:
        misuse()
    assert message in str(caught.value)


def test_exceptions_of_the_function_pass_through():
    def f(x):
        raise LookupError("mine")

    for attempt in (grad(f), value_and_grad(f), jacobian(f), hessian(f), lambda x: jvp(f, (x,), (1.0,)), lambda x: vjp(f, x)):
        with pytest.raises(LookupError, match="mine"):
            attempt(1.0)


def test_a_transform_keeps_name_and_docstring():
    def f(x):
        """The square."""
        return x * x

    for transform in (grad, value_and_grad, jacobian, hessian):
        assert transform(f).__name__ == "f"
        assert transform(f).__doc__ == "The square."


def test_transforms_leave_the_gradients_of_arguments_alone():
    x = Value(2.0)
    x.grad = 5.0
    grad(lambda t: t * t)(x)
    jvp(lambda t: t * t, (x,), (1.0,))
    hessian(lambda t: t * t)(x)
    assert x.grad == 5.0
    assert forward([x * 1.0], {x: 1.0})
    assert x.grad == 5.0


def test_control_flow_is_followed():
    def f(x):
        while x < 100:
            x = x * x if x > 1.5 else x + 1.0
        return x

    x = 1.2
    assert f(x) == pytest.approx((x + 1) ** 8)
    assert grad(f)(x) == pytest.approx(8 * (x + 1) ** 7)


# ---- what is refused


@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian, hessian, vjp, jvp, hvp], ids=lambda f: f.__name__)
def test_a_transform_takes_a_function(transform):
    arguments = ((1.0,), (1.0,)) if transform in (jvp, hvp) else ()
    with pytest.raises(TypeError, match=f"^{transform.__name__} takes a function, not int$"):
        transform(3, *arguments)


@pytest.mark.parametrize("transform", [jvp, hvp])
def test_primals_and_tangents_are_tuples(transform):
    message = rf"{transform.__name__}\(\) takes primals and tangents as tuples with one entry for each argument; %s is %s"
    for wrong in (3.0, Value(3.0), np.array([3.0])):
        kind = type(wrong).__name__
        with pytest.raises(TypeError, match=message % ("primals", kind)):
            transform(lambda x: x * x, wrong, 1.0)
        with pytest.raises(TypeError, match=message % ("tangents", kind)):
            transform(lambda x: x * x, (3.0,), wrong)


def test_hvp_takes_one_tangent():
    for primals, tangents in (((), ()), ((1.0, 2.0), (1.0, 0.0))):
        with pytest.raises(ValueError, match=r"hvp\(\) takes one tangent, for the first primal"):
            hvp(lambda x, y: x * y, primals, tangents)


# ---- under SciPy


def rosenbrock(x):
    return autograd.sum(100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x))


@pytest.mark.parametrize("method", ["BFGS", "L-BFGS-B", "CG"])
@pytest.mark.parametrize(
    "f", [rosenbrock, lambda x: np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)], ids=["list", "array"]
)
def test_minimize_takes_value_and_grad(method, f):
    result = scipy.optimize.minimize(value_and_grad(f), np.array([-1.2, 1.0, 0.5]), jac=True, method=method, tol=1e-9)
    assert np.allclose(result.x, 1.0, atol=1e-4), result
    assert type(result.fun) in (float, np.float64)


def test_minimize_takes_gradients_and_hessians():
    result = scipy.optimize.minimize(
        lambda x: float(rosenbrock(list(x))),
        np.array([-1.2, 1.0]),
        jac=grad(rosenbrock),
        hess=hessian(rosenbrock),
        method="trust-exact",
    )
    assert np.allclose(result.x, 1.0, atol=1e-6)
    by_products = scipy.optimize.minimize(
        value_and_grad(rosenbrock),
        np.array([-1.2, 1.0]),
        jac=True,
        hessp=lambda x, p: hvp(rosenbrock, (x,), (p,)),
        method="Newton-CG",
    )
    assert np.allclose(by_products.x, 1.0, atol=1e-3)


def test_scipys_own_check_agrees():
    x = np.array([-1.2, 1.0, 0.5])
    error = scipy.optimize.check_grad(lambda v: float(rosenbrock(list(v))), grad(rosenbrock), x)
    assert error < 1e-4 * np.linalg.norm(grad(rosenbrock)(x))
    assert np.allclose(grad(rosenbrock)(x), scipy.optimize.rosen_der(x), rtol=1e-13)
    assert np.allclose(hessian(rosenbrock)(x), scipy.optimize.rosen_hess(x), rtol=1e-13)
    assert np.allclose(hvp(rosenbrock, (x,), (x,)), scipy.optimize.rosen_hess_prod(x, x), rtol=1e-13)


def test_least_squares_and_roots_take_jacobians():
    def residuals(x):
        return np.array([10.0 * (x[1] - x[0] ** 2), 1.0 - x[0]])

    result = scipy.optimize.least_squares(residuals, np.array([-1.2, 1.0]), jac=jacobian(residuals))
    assert np.allclose(result.x, 1.0)
    root = scipy.optimize.root_scalar(lambda x: x**3 - 2.0, fprime=grad(lambda x: x**3 - 2.0), x0=1.0, method="newton")
    assert root.root == pytest.approx(2 ** (1 / 3))


# ---- a derivative that does not exist, in a forward sweep

ROOT = "the derivative of sqrt(0.0) is infinite there"
WITH_A_ROOT = [
    ("times 0", lambda x: 0 * sqrt(x), 0.0, 0.0),
    ("times 0, long after", lambda x: 0.0 * sin(sqrt(x) + 1.0) + x * x, 0.0, 2.0),
    ("a branch not taken", lambda x: where(x > 0, sqrt(x), x), 1.0, 0.0),
    ("the smaller of two", lambda x: maximum(sqrt(x), 1.0) * x + x, 2.0, 0.0),
    ("one of many operands", lambda x: autograd.dot([sqrt(x), x], [0.0, x]), 0.0, 2.0),
    ("needed", lambda x: sqrt(x) + 0 * sqrt(x), ROOT, ROOT),
    ("needed beside what is not", lambda x: where(x > 0, sqrt(x), x) + sqrt(x), ROOT, ROOT),
    ("times a Value that is 0", lambda x: sqrt(x) * x, 0.0, ROOT),
]


@pytest.mark.parametrize(("f", "first", "second"), [row[1:] for row in WITH_A_ROOT], ids=[row[0] for row in WITH_A_ROOT])
def test_what_a_zero_discards_needs_no_derivative_in_any_mode(f, first, second):
    ways = {
        "grad": (lambda: grad(f)(0.0), first),
        "jvp": (lambda: jvp(f, (0.0,), (1.0,))[1], first),
        "jvp within no_grad": (lambda: without_recording(lambda: jvp(f, (0.0,), (1.0,))[1]), first),
        "hvp": (lambda: hvp(f, (0.0,), (1.0,)), second),
        "grad of jvp": (lambda: grad(by_jvp(f))(0.0), second),
        "jvp of jvp": (lambda: by_jvp(by_jvp(f))(0.0), second),
    }
    for name, (way, expected) in ways.items():
        if expected is ROOT:
            with pytest.raises(DerivativeError, match=re.escape(ROOT)):
                way()
        else:
            assert way() == expected, name


def without_recording(f):
    with no_grad():
        return f()


def test_an_error_that_no_root_needs_stays_out_of_the_other_roots():
    jacobian(lambda x: [0 * sqrt(x[0]), x[0], x[0] * x[0]])([0.0])  # three results of one number: forward
    with pytest.raises(DerivativeError):
        jacobian(lambda x: [x[0], sqrt(x[0]), x[0] * x[0]])([0.0])
