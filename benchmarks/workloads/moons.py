"""Two moons, 100 points, by a 2-16-16-1 network of relus: hinge loss and L2 regularisation, full batch, as in micrograd's demo.

Each library trains its own network, from the same parameters on the same points. Data and parameters are made here, so
that an environment needs nothing but its engine.
"""

import math
import random

from benchmarks.engines import load
from benchmarks.workloads import Stopwatch, collector

ALPHA = 1e-4
RATE = 0.1


def data():
    """100 points, and −1 or 1 for each."""
    rng = random.Random(1)
    points = []
    for i in range(50):
        a = math.pi * i / 49
        points.append(([math.cos(a), math.sin(a)], -1.0))
        points.append(([1.0 - math.cos(a), 0.5 - math.sin(a)], 1.0))
    return [[x + rng.gauss(0.0, 0.1) for x in point] for point, _ in points], [t for _, t in points]


def start():
    """The 337 parameters: for each neuron its weights, then its bias."""
    rng = random.Random(2)
    parameters = []
    for inputs, neurons in ((2, 16), (16, 16), (16, 1)):
        for _ in range(neurons):
            parameters += [rng.uniform(-1.0, 1.0) for _ in range(inputs)] + [0.0]
    return parameters


def measure(engine, steps, state):
    """Milliseconds a step, over the first `steps` steps; the check is the loss at the third."""
    module = load(engine)
    run = _micrograd() if engine == "micrograd" else _nn(module)
    with collector(state):
        watch = Stopwatch()
        losses = run(steps)
        seconds = watch.lap()
    return {"milliseconds": seconds / steps * 1e3, "check": losses[2:3]}


def _micrograd():
    from micrograd.nn import MLP

    xs, ts = data()
    model = MLP(2, [16, 16, 1])
    parameters = model.parameters()
    for p, x in zip(parameters, start()):
        p.data = x

    def run(steps):
        losses = []
        for _ in range(steps):
            scores = [model(x) for x in xs]
            margins = [(1 + -t * score).relu() for t, score in zip(ts, scores)]
            loss = sum(margins) * (1.0 / len(margins)) + ALPHA * sum(p * p for p in parameters)
            model.zero_grad()
            loss.backward()
            for p in parameters:
                p.data -= RATE * p.grad
            losses.append(loss.data)
        return losses

    return run


def _nn(module):
    import nn

    xs, ts = data()
    model = nn.MLP(2, [16, 16, 1])
    parameters = model.parameters()
    for p, x in zip(parameters, start()):
        p.data = x
    optimizer = nn.SGD(parameters, lr=RATE)
    dot = module.autograd.dot

    def run(steps):
        losses = []
        for _ in range(steps):
            optimizer.zero_grad()
            loss = nn.hinge([model(x) for x in xs], ts) + ALPHA * dot(parameters, parameters)
            loss.backward()
            optimizer.step()
            losses.append(loss.data)
        return losses

    return run
