"""A training step of a tiny GPT: embeddings, RMS norm, attention with softmax, MLP, cross-entropy, then Adam.

16 dimensions, 4 heads, 1 layer, 27 tokens, 4,192 parameters, and a text of 8 tokens make about 60,000 nodes. `scalar` is the
program as microgpt has it, in + × ** exp log and relu alone, and runs on any engine. `whole` is the same mathematics in
operations of many operands, `dot`, `softmax` and `logsumexp`, which this library has as single nodes.
"""

import random
from itertools import pairwise, repeat

from benchmarks.engines import load
from benchmarks.workloads import Stopwatch, collector

SIZE, HEADS, VOCABULARY = 16, 4, 27
TEXT = [26, 4, 12, 12, 0, 17, 8, 0, 26]
LR, BETA1, BETA2, EPS = 0.01, 0.85, 0.99, 1e-8
SHAPES = {
    "token": (VOCABULARY, SIZE), "position": (SIZE, SIZE), "output": (VOCABULARY, SIZE),
    "query": (SIZE, SIZE), "key": (SIZE, SIZE), "value": (SIZE, SIZE), "mix": (SIZE, SIZE),
    "up": (4 * SIZE, SIZE), "down": (SIZE, 4 * SIZE),
}  # fmt: skip


def matrices(number):
    """The parameters by name, and all of them in a list."""
    rng = random.Random(3)
    state = {name: [[number(rng.gauss(0.0, 0.08)) for _ in range(m)] for _ in range(n)] for name, (n, m) in SHAPES.items()}
    return state, [p for matrix in state.values() for row in matrix for p in row]


# ---- the program in scalar operations


class Scalar:
    """The parts of the network in plain scalar operations."""

    @staticmethod
    def linear(x, w):
        """w·x."""
        return [sum(a * b for a, b in zip(row, x)) for row in w]

    @staticmethod
    def normed(x):
        """x over the root of its mean square."""
        scale = (sum(a * a for a in x) / len(x) + 1e-5) ** -0.5
        return [a * scale for a in x]

    @staticmethod
    def mixed(weights, rows, start):
        """The rows' columns start … start + 3, weighted."""
        return [sum(w * row[start + j] for w, row in zip(weights, rows)) for j in range(SIZE // HEADS)]

    @staticmethod
    def product(a, b):
        """Of two vectors."""
        return sum(x * y for x, y in zip(a, b))

    @staticmethod
    def softmax(xs):
        """As a list."""
        top = max(x.data for x in xs)
        powers = [(x - top).exp() for x in xs]
        total = sum(powers)
        return [p / total for p in powers]

    def surprise(self, logits, target):
        """The cross-entropy."""
        return -self.softmax(logits)[target].log()

    @staticmethod
    def mean(xs):
        """Of a list."""
        return sum(xs) * (1.0 / len(xs))


class Whole(Scalar):
    """The same in operations of many operands."""

    def __init__(self, library):
        self.dot, self.softmax, self.mean = library.dot, library.softmax, library.mean
        self.product, self.logsumexp = library.dot, library.logsumexp

    def linear(self, x, w):
        """w·x."""
        return list(map(self.dot, w, repeat(x)))

    def normed(self, x):
        """x over the root of its mean square."""
        scale = (self.dot(x, x) / len(x) + 1e-5) ** -0.5
        return [a * scale for a in x]

    def mixed(self, weights, rows, start):
        """The rows' columns start … start + 3, weighted."""
        return [self.dot(weights, [row[start + j] for row in rows]) for j in range(SIZE // HEADS)]

    def surprise(self, logits, target):
        """The cross-entropy."""
        return self.logsumexp(logits) - logits[target]


def loss_of(state, parts):
    """The mean cross-entropy of each next token, one position after the other."""
    keys, values, losses = [], [], []
    width = SIZE // HEADS
    for position, (token, target) in enumerate(pairwise(TEXT)):
        x = parts.normed([a + b for a, b in zip(state["token"][token], state["position"][position])])
        inner = parts.normed(x)
        query = parts.linear(inner, state["query"])
        keys.append(parts.linear(inner, state["key"]))
        values.append(parts.linear(inner, state["value"]))
        attended = []
        for start in range(0, SIZE, width):
            q = query[start : start + width]
            scores = [parts.product(q, key[start : start + width]) * width**-0.5 for key in keys]
            attended += parts.mixed(parts.softmax(scores), values, start)
        x = [a + b for a, b in zip(parts.linear(attended, state["mix"]), x)]
        hidden = [a.relu() for a in parts.linear(parts.normed(x), state["up"])]
        x = [a + b for a, b in zip(parts.linear(hidden, state["down"]), x)]
        losses.append(parts.surprise(parts.linear(x, state["output"]), target))
    return parts.mean(losses)


# ---- training


def measure(engine, steps, state, program="scalar"):
    """Milliseconds a step, and of them Adam's; the check is the loss at each of the first three."""
    module = load(engine)
    weights, parameters = matrices(module.Value)
    parts = Whole(module.autograd) if program == "whole" else Scalar()
    step = _nn_adam(parameters) if hasattr(module, "autograd") else _plain_adam(parameters)
    losses, optimising = [], 0.0
    with collector(state):
        watch, total = Stopwatch(), 0.0
        for _ in range(steps):
            loss = loss_of(weights, parts)
            loss.backward()
            total += watch.lap()
            step()
            optimising += watch.lap()
            losses.append(loss.data)
            del loss
            total += watch.lap()
    return {
        "milliseconds": (total + optimising) / steps * 1e3, "adam": optimising / steps * 1e3, "check": losses[:2],
    }  # fmt: skip


def nodes():
    """How many nodes the scalar program makes, leaves aside."""
    module = load("microgpt")
    weights, _ = matrices(module.Value)
    found, open_ = set(), [loss_of(weights, Scalar())]
    while open_:
        v = open_.pop()
        if v not in found and v.children:
            found.add(v)
            open_ += v.children
    return {"nodes": len(found)}


def _plain_adam(parameters):
    """Adam as microgpt has it, a loop over the parameters."""
    means, squares = [0.0] * len(parameters), [0.0] * len(parameters)
    count = 0

    def step():
        nonlocal count
        count += 1
        for i, p in enumerate(parameters):
            means[i] = BETA1 * means[i] + (1 - BETA1) * p.grad
            squares[i] = BETA2 * squares[i] + (1 - BETA2) * p.grad**2
            mean, square = means[i] / (1 - BETA1**count), squares[i] / (1 - BETA2**count)
            p.data -= LR * mean / (square**0.5 + EPS)
            p.grad = 0

    return step


def _nn_adam(parameters):
    import nn

    optimizer = nn.Adam(parameters, lr=LR, betas=(BETA1, BETA2), eps=EPS)

    def step():
        optimizer.step()
        optimizer.zero_grad()

    return step
