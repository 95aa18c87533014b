"""Graphs that the tests of pictures, pages and explanations share, and a measure of work that is the same on every machine."""

import random
import sys

import autograd
from autograd import Value, scope

HOSTILE = [
    "<b>bold</b>",
    "a & b | c {d} [e] \"f\" 'g'",
    "back\\slash \\N \\G \\l",
    "two\nlines\r\nand\ttab",
    "\u202eright to left\u202c \u200fmark",
    "emoji 🙂 and 漢字",
    "x" * 10_000,
    "</script><script>alert(1)</script>",
    "javascript:alert(1)",
    "<img src=x onerror=alert(1)>",
    "]]> --> <!-- %s {0} ${title} $$",
    "\x00\x07\x1b[31m",
    "\ud800",
    "<",
    "",
]


def neuron() -> Value:
    """One sigmoid neuron with two inputs."""
    x1, x2 = Value(-1.0, label="x1"), Value(-2.0, label="x2")
    w1, w2, b = Value(2.0, label="w1"), Value(-3.0, label="w2"), Value(-3.0, label="b")
    with scope("neuron"):
        y = autograd.sigmoid(w1 * x1 + w2 * x2 + b)
    y.label = "y"
    return y


def tanh_twice() -> Value:
    """A leaf used twice, a constant, and a named inner Value."""
    w, x = Value(0.5, label="w"), Value(2.0, label="x")
    h = (w * x - 0.3).tanh()
    h.label = "h"
    y = h * x + h**2
    y.label = "f"
    return y


def network(sizes: tuple[int, ...] = (2, 4, 1), *, fused: bool = False) -> Value:
    """The squared loss of tanh layers on one example, with the scopes that modules set."""
    weight = random.Random(7).uniform
    values = [Value(weight(-1, 1), label=f"x{k}") for k in range(1, sizes[0] + 1)]
    for layer, size in enumerate(sizes[1:], 1):
        inputs, values = values, []
        for place in range(1, size + 1):
            weights = [Value(weight(-1, 1), label=f"w{k}") for k in range(1, len(inputs) + 1)]
            b = Value(weight(-0.3, 0.3), label="b")
            with scope(f"layer {layer}"), scope(f"neuron {place}"):
                if fused:
                    total = autograd.dot(weights, inputs, b)
                else:
                    total = sum((w * x for w, x in zip(weights[1:], inputs[1:], strict=True)), weights[0] * inputs[0]) + b
                values.append(total.tanh())
    (result,) = values
    result.label = "ŷ"
    with scope("loss"):
        loss = (result - 1.0) ** 2
    loss.label = "loss"
    return loss


def expression(count: int, seed: int = 0, leaves: int = 8) -> Value:
    """About `count` nodes of many operations, none of which leaves its domain."""
    draw = random.Random(seed)
    values = [Value(draw.uniform(0.5, 1.5), label=f"x{k}") for k in range(leaves)]
    used: set[int] = set()
    while len(values) < count - 1:
        i, j = (draw.randrange(max(0, len(values) - 30), len(values)) for _ in range(2))
        a, b = values[i], values[j]
        used |= {i, j}
        makers = [
            lambda a=a, b=b: a * b * 0.5,
            lambda a=a, b=b: a + b,
            lambda a=a, b=b: a - b,
            lambda a=a: a.tanh(),
            lambda a=a: a.sin(),
            lambda a=a, b=b: autograd.maximum(a, b),
            lambda a=a: a.sigmoid(),
            lambda a=a, b=b: autograd.dot([a, b], [0.5, a], 0.1),
            lambda a=a, b=b: a / (abs(b) + 1.0),
            lambda a=a: a.softplus().log1p(),
        ]
        values.append(draw.choice(makers)())
    y = autograd.mean([v for k, v in enumerate(values) if k not in used])
    y.label = "y"
    return y


def chain(count: int) -> Value:
    """A chain of operations as long as asked for."""
    y = x = Value(0.5, label="x")
    for _ in range(count - 1):
        y = y * 1.0
    return y if count > 1 else x


def work(f) -> int:
    """How many calls `f()` makes, in Python and in C: a cost without a clock."""
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        f()
    finally:
        sys.setprofile(before)
    return calls
