"""XOR by a 2-4-1 network of sigmoids: full batch, ½ Σ error², plain gradient descent with learning rate 1.

All trainers start from the same numbers and take the same steps. micrograd has no sigmoid: its network is its own `nn` with
1 / (1 + exp(−x)) of its own operations, as its users write it, and in a second row with a sigmoid of one node, which is kinder.
The tutorial's program is one sigmoid neuron of two inputs, which cannot learn XOR, in NumPy, with learning rate 0.1.
"""

import math
import random

from benchmarks.engines import load
from benchmarks.workloads import Stopwatch, collector

XS, TS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]


def start(n):
    """The first n parameters, uniform in [−1, 1)."""
    rng = random.Random(0)
    return [rng.uniform(-1.0, 1.0) for _ in range(n)]


def measure(engine, epochs, state="off", variant=""):
    """Seconds for 10,000 epochs, from those for `epochs`; the check is the loss at the last one."""
    name = variant or {"c": "nn", "python": "nn"}.get(engine, engine)
    run = globals()[f"_{name}"](engine)
    with collector(state):
        watch = Stopwatch()
        loss = run(epochs)
        seconds = watch.lap()
    return {"seconds": seconds / epochs * 10_000, "check": [float(loss)]}


def _nn(engine):
    load(engine)
    import nn

    model = nn.MLP(2, [4, 1], activation="sigmoid", output="sigmoid")
    return _train_nn(nn, model, 1.0)


def _nn_neuron(engine):
    load(engine)
    import nn

    return _train_nn(nn, nn.Neuron(2), 0.1)


def _train_nn(nn, model, lr):
    parameters = model.parameters()
    for p, x in zip(parameters, start(len(parameters))):
        p.data = x
    optimizer = nn.SGD(parameters, lr=lr)

    def run(epochs):
        for _ in range(epochs):
            optimizer.zero_grad()
            loss = nn.half_squared_error([model(x) for x in XS], TS)
            loss.backward()
            optimizer.step()
        return loss.data

    return run


def _nn_fit(engine):
    load(engine)
    import nn

    model = nn.MLP(2, [4, 1], activation="sigmoid", output="sigmoid")
    for p, x in zip(model.parameters(), start(17)):
        p.data = x
    optimizer = nn.SGD(model.parameters(), lr=1.0)

    def run(epochs):
        history = nn.fit(model, XS, TS, loss=nn.half_squared_error, optimizer=optimizer, epochs=epochs, progress=False)
        return history.losses[-1]

    return run


def _numpy(_engine):
    import numpy as np

    p, x, t = start(17), np.array(XS), np.array(TS).reshape(4, 1)
    hidden = np.array(p[:12]).reshape(4, 3)
    w1, b1 = hidden[:, :2].T.copy(), hidden[:, 2].copy()
    w2, b2 = np.array(p[12:16]).reshape(4, 1), np.array(p[16:])

    def run(epochs):
        nonlocal w1, b1, w2, b2
        for _ in range(epochs):
            h = 1.0 / (1.0 + np.exp(-(x @ w1 + b1)))
            y = 1.0 / (1.0 + np.exp(-(h @ w2 + b2)))
            error = y - t
            loss = 0.5 * (error * error).sum()
            d = error * y * (1.0 - y)
            e = (d @ w2.T) * h * (1.0 - h)
            w2 -= h.T @ d
            b2 -= d.sum(axis=0)
            w1 -= x.T @ e
            b1 -= e.sum(axis=0)
        return loss

    return run


def _numpy_neuron(_engine):
    import numpy as np

    x, t, p = np.array(XS), np.array(TS), start(3)
    w, b = np.array(p[:2]), p[2]

    def run(epochs):
        nonlocal w, b
        for _ in range(epochs):
            y = 1.0 / (1.0 + np.exp(-(np.dot(x, w) + b)))
            error = t - y
            adjustment = error * y * (1.0 - y)
            w += 0.1 * np.dot(x.T, adjustment)
            b += 0.1 * np.sum(adjustment)
        return 0.5 * np.sum(error * error)

    return run


def _micrograd(engine):
    exp = load(engine).exp
    return _train_micrograd(lambda x: 1.0 / (1.0 + exp(-x)))


def _micrograd_sigmoid(engine):
    value = load(engine).Value

    def sigmoid(x):
        out = value(1.0 / (1.0 + math.exp(-x.data)), (x,), "sigmoid")

        def _backward():
            x.grad += out.data * (1.0 - out.data) * out.grad

        out._backward = _backward
        return out

    return _train_micrograd(sigmoid)


def _train_micrograd(sigmoid):
    from micrograd.nn import Layer

    hidden, last = Layer(2, 4, nonlin=False), Layer(4, 1, nonlin=False)
    parameters = hidden.parameters() + last.parameters()
    for p, x in zip(parameters, start(17)):
        p.data = x

    def run(epochs):
        for _ in range(epochs):
            errors = [sigmoid(last([sigmoid(h) for h in hidden(x)])) - t for x, t in zip(XS, TS)]
            loss = 0.5 * sum(e * e for e in errors)
            hidden.zero_grad()
            last.zero_grad()
            loss.backward()
            for p in parameters:
                p.data -= p.grad
        return loss.data

    return run


def _limit(engine):
    library, p = load(engine), start(17)
    return lambda epochs: library.xor(p, epochs, 1.0)
