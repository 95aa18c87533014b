"""Random programs over Values, for comparing engines: prints every number to the last bit, and every error in words.

    python tests/engine_script.py FIRST_SEED PROGRAMS

Run with and without AUTOGRAD_PURE_PYTHON=1, the output must be the same.
"""

import math
import random
import sys

import autograd
from autograd import Value
from autograd._engine.lifting import GENERIC
from autograd._engine.walks import ancestors, operands
from autograd.chain import forward, partials, reverse
from autograd.table import TABLE

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0, -2.0, math.inf, -math.inf, math.nan, 5e-324, 1e-310, 1e308, -1e308, 709.9, 1e17]


def number(rng):
    kind = rng.randrange(8)
    if kind == 0:
        return rng.choice(SPECIAL)
    if kind == 1:
        return rng.randrange(-4, 5)
    if kind == 2:
        return rng.choice([True, False, 2**60, -(2**53) - 1])
    return rng.choice([-1.0, 1.0]) * math.exp(rng.uniform(-3.0, 3.0))


def shown(x):
    if type(x) is Value:
        return f"V({x.data.hex()} {x.grad.hex()} {x.reached})"
    if isinstance(x, float):
        return x.hex()
    if isinstance(x, (list, tuple)):
        return "[" + ", ".join(shown(t) for t in x) + "]"
    return repr(x)


OPERATORS = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / b,
    lambda a, b: a**b,
    lambda a, b: a % b,
    lambda a, b: a // b,
    lambda a, b: divmod(a, b)[0],
    lambda a, b: -a,
    lambda a, b: abs(a),
    lambda a, b: a**2,
    lambda a, b: (a < b, a <= b, a == b, a != b, a > b, a >= b),
    lambda a, b: round(a),
]
LISTS = ["sum", "prod", "mean", "logsumexp", "norm"]


def pick(rng, values):
    return rng.choice(values) if rng.random() < 0.8 else number(rng)


def step(rng, values):
    """One random operation; its result."""
    kind = rng.randrange(12)
    if kind < 4:
        return rng.choice(OPERATORS)(rng.choice(values), pick(rng, values)), "operator"
    if kind < 5:
        return rng.choice(OPERATORS[:7])(number(rng), rng.choice(values)), "reflected"
    if kind < 9:
        op = TABLE[rng.choice([name for name in TABLE if not TABLE[name].nary])]
        return GENERIC[op.name](*(pick(rng, values) for _ in range(op.arity))), op.name
    xs = [pick(rng, values) for _ in range(rng.randrange(5))]
    if kind == 9:
        return getattr(autograd, name := rng.choice(LISTS))(xs), name
    if kind == 10:
        ys = [pick(rng, values) for _ in range(len(xs))]
        return autograd.dot(xs, ys, pick(rng, values)), "dot"
    return (autograd.softmax(xs) if rng.random() < 0.5 else autograd.hypot(*xs)), "softmax or hypot"


def attempt(name, f):
    """The result of `f`, or its error; printed."""
    try:
        result = f()
    except Exception as error:
        print(name, type(error).__name__, error)
        return None
    print(name, shown(result))
    return result


def program(seed):
    rng = random.Random(seed)
    print("program", seed)
    leaves = [Value(number(rng), label=rng.choice(["", "x", "w"])) for _ in range(4)]
    values = list(leaves)
    for _ in range(rng.randrange(1, 25)):
        if rng.random() < 0.03:
            leaf = rng.choice(leaves)
            leaf.data = number(rng)
        mode = rng.random()
        if mode < 0.03:
            with autograd.no_grad():
                result = attempt("no_grad", lambda: step(rng, values)[0])
        elif mode < 0.06:
            with autograd.detect_anomaly(), autograd.scope("s"):
                try:
                    result = step(rng, values)[0]
                    print("anomaly", shown(result))
                except Exception as error:
                    print("anomaly", type(error).__name__, str(error).splitlines()[0])
                    result = None
        else:
            done = attempt("step", lambda: step(rng, values))
            result = done[0] if done else None
        for v in result if isinstance(result, (list, tuple)) else [result]:
            if type(v) is Value:
                values.append(v)  # noqa: PERF401 - two statements read better
    for _ in range(rng.randrange(1, 4)):
        y = rng.choice(values[len(leaves) :] or values)
        attempt("backward", y.backward)
        print("grads", shown(values))
    attempt("ancestors", lambda: ancestors(y))
    attempt("operands", lambda: [operands(v) for v in values])
    attempt("partials", lambda: [partials(v) for v in values])
    attempt("reverse", lambda: [bars.get(x) for bars in [reverse({y: 1.0})] for x in values])
    attempt("lifted", lambda: [bars.get(x) for bars in [reverse({y: 1.0}, lifted=True)] for x in leaves])
    attempt("forward", lambda: forward([y], {leaves[0]: 1.0}).get(y))
    attempt("forward to all", lambda: [dots.get(v) for dots in [forward(values, {leaves[0]: 1.0})] for v in values])

    def again(x):
        inner = random.Random(seed + 1)
        mine = [leaves[1].data, *x]
        for _ in range(6):
            try:
                result = step(inner, [v for v in mine if type(v) is Value])[0]
            except (ArithmeticError, ValueError):
                continue
            mine += [v for v in (result if isinstance(result, (list, tuple)) else [result]) if type(v) is Value]
        return autograd.sum(mine)

    point = [rng.uniform(-2.0, 2.0), rng.uniform(0.1, 2.0)]
    attempt("grad", lambda: autograd.value_and_grad(again)(point))
    attempt("jacobian", lambda: autograd.jacobian(lambda x: [again(x), x[0] * x[1]])(point))
    attempt("hvp", lambda: autograd.hvp(again, (point,), ([1.0, 0.5],)))


if __name__ == "__main__":
    first, count = map(int, sys.argv[1:])
    for seed in range(first, first + count):
        program(seed)
