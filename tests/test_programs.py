"""Programs in the manner of micrograd and of microgpt's `Value` run with only the import changed."""

import math
import random
from itertools import pairwise

import pytest

import nn
from autograd import Value


def test_the_example_of_micrograds_readme():
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    assert f"{g.data:.4f}" == "24.7041"
    g.backward()
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


def moons(n, rng):
    points, labels = [], []
    for i in range(n):
        t = math.pi * rng.random()
        upper = i % 2 == 0
        x, y = (math.cos(t), math.sin(t)) if upper else (1 - math.cos(t), 0.5 - math.sin(t))
        points.append([x + rng.gauss(0, 0.1), y + rng.gauss(0, 0.1)])
        labels.append(1 if upper else -1)
    return points, labels


def test_a_training_loop_in_the_manner_of_micrograd():
    random.seed(1337)
    rng = random.Random(7)
    xs, ys = moons(40, rng)
    model = nn.MLP(2, [8, 8, 1])
    inputs = [list(map(Value, row)) for row in xs]

    def loss():
        scores = [model(row) for row in inputs]
        losses = [(1 + -yi * score).relu() for yi, score in zip(ys, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        reg_loss = 1e-4 * sum(p * p for p in model.parameters())
        accuracy = [(yi > 0) == (score.data > 0) for yi, score in zip(ys, scores, strict=True)]
        return data_loss + reg_loss, sum(accuracy) / len(accuracy)

    first, _ = loss()
    for k in range(25):
        total, accuracy = loss()
        model.zero_grad()
        total.backward()
        learning_rate = 1.0 - 0.9 * k / 25
        for p in model.parameters():
            p.data -= learning_rate * p.grad
    assert total.data < 0.6 * first.data
    assert accuracy >= 0.8


class Neuron:
    """As one writes it against micrograd's engine, without any module of the library."""

    def __init__(self, n, nonlin=True):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(n)]
        self.b = Value(0)
        self.nonlin = nonlin

    def __call__(self, x):
        act = sum((wi * xi for wi, xi in zip(self.w, x, strict=True)), self.b)
        return act.relu() if self.nonlin else act

    def parameters(self):
        return [*self.w, self.b]


def test_a_network_written_by_hand_over_the_engine():
    random.seed(3)
    hidden = [Neuron(2) for _ in range(8)]
    out = Neuron(8, nonlin=False)
    parameters = [p for n in [*hidden, out] for p in n.parameters()]
    data = [([0.0, 0.0], 0.0), ([0.0, 1.0], 1.0), ([1.0, 0.0], 1.0), ([1.0, 1.0], 0.0)]
    history = []
    for _ in range(300):
        total = sum((out([h(x) for h in hidden]) - y) ** 2 for x, y in data)
        for p in parameters:
            p.grad = 0
        total.backward()
        for p in parameters:
            p.data += -0.05 * p.grad
        history.append(total.data)
    assert history[-1] < 1e-2 < 0.5 < history[0]


# ---- a small transformer over Values: attention, normalisation, log-likelihood, Adam


def softmax(logits):
    top = max(val.data for val in logits)
    exps = [(val - top).exp() for val in logits]
    total = sum(exps)
    return [e / total for e in exps]


def linear(x, w):
    return [sum(wi * xi for wi, xi in zip(row, x, strict=True)) for row in w]


def rmsnorm(x):
    scale = (sum(xi * xi for xi in x) / len(x) + 1e-5) ** -0.5
    return [xi * scale for xi in x]


class Transformer:
    def __init__(self, vocabulary, width=4, heads=2, context=8):
        def matrix(rows, columns, std=0.3):
            return [[Value(random.gauss(0, std)) for _ in range(columns)] for _ in range(rows)]

        self.heads, self.size = heads, width // heads
        self.state = {
            "token": matrix(vocabulary, width), "position": matrix(context, width), "head": matrix(vocabulary, width),
            "query": matrix(width, width), "key": matrix(width, width), "value": matrix(width, width),
            "out": matrix(width, width), "up": matrix(2 * width, width), "down": matrix(width, 2 * width),
        }  # fmt: skip
        self.parameters = [p for rows in self.state.values() for row in rows for p in row]

    def __call__(self, token, position, keys, values):
        s = self.state
        x = rmsnorm([t + p for t, p in zip(s["token"][token], s["position"][position], strict=True)])
        residual, x = x, rmsnorm(x)
        q = linear(x, s["query"])
        keys.append(linear(x, s["key"]))
        values.append(linear(x, s["value"]))
        attended = []
        for h in range(self.heads):
            part = slice(h * self.size, (h + 1) * self.size)
            scores = [sum(qj * kj for qj, kj in zip(q[part], k[part], strict=True)) / self.size**0.5 for k in keys]
            weights = softmax(scores)
            attended += [sum(w * v[part][j] for w, v in zip(weights, values, strict=True)) for j in range(self.size)]
        x = [a + b for a, b in zip(linear(attended, s["out"]), residual, strict=True)]
        residual = x
        x = [xi.relu() ** 2 for xi in linear(rmsnorm(x), s["up"])]
        x = [a + b for a, b in zip(linear(x, s["down"]), residual, strict=True)]
        return linear(x, s["head"])


def loss_of(model, tokens):
    keys, values, losses = [], [], []
    for position, (token, target) in enumerate(pairwise(tokens)):
        probabilities = softmax(model(token, position, keys, values))
        losses.append(-probabilities[target].log())
    return (1 / len(losses)) * sum(losses)


def test_a_small_transformer_learns_a_sequence():
    random.seed(42)
    model = Transformer(vocabulary=4)
    tokens = [0, 2, 1, 3, 0, 2]
    m = [0.0] * len(model.parameters)
    v = [0.0] * len(model.parameters)
    history = []
    for step in range(25):
        loss = loss_of(model, tokens)
        loss.backward()
        for i, p in enumerate(model.parameters):
            m[i] = 0.85 * m[i] + 0.15 * p.grad
            v[i] = 0.99 * v[i] + 0.01 * p.grad**2
            p.data -= 0.1 * (m[i] / (1 - 0.85 ** (step + 1))) / ((v[i] / (1 - 0.99 ** (step + 1))) ** 0.5 + 1e-8)
            p.grad = 0
        history.append(loss.data)
    assert history[0] == pytest.approx(math.log(4), rel=0.5)
    assert history[-1] < 0.3 * history[0], history


def test_its_gradient_agrees_with_differences():
    random.seed(42)
    model = Transformer(vocabulary=4)
    tokens = [0, 2, 1]
    loss_of(model, tokens).backward()
    for p in random.Random(1).sample(model.parameters, 12):
        x, h = p.data, 1e-6
        p.data = x + h
        high = loss_of(model, tokens).data
        p.data = x - h
        low = loss_of(model, tokens).data
        p.data = x
        assert p.grad == pytest.approx((high - low) / (2 * h), rel=1e-4, abs=1e-8), f"{p!r}"


def test_sampling_in_its_manner():
    random.seed(0)
    logits = [Value(0.1), Value(2.0), Value(-1.0)]
    probabilities = softmax([val / 0.5 for val in logits])
    counts = random.choices(range(3), weights=[p.data for p in probabilities], k=1000)
    assert max(range(3), key=counts.count) == 1
    assert sum(p.data for p in probabilities) == pytest.approx(1.0)
