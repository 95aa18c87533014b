"""The programs that `benchmarks.compile` measures, written over scalars as one writes them for `Value`."""

import random
from itertools import pairwise

import numpy as np

import autograd
from autograd import dot, relu, sigmoid, softmax, take, tanh


def mlp(w, x, sizes, activation):
    """A net of full layers: weights of a layer row by row, then its biases."""
    k = 0
    for layer, (i, o) in enumerate(pairwise(sizes)):
        rows = [w[k + j * i : k + (j + 1) * i] for j in range(o)]
        k += i * o
        x = [dot(row, x, bias) for row, bias in zip(rows, w[k : k + o], strict=True)]
        k += o
        if layer < len(sizes) - 2:
            x = [activation(v) for v in x]
    return x


def parameters(sizes):
    """How many weights and biases a net has."""
    return sum((i + 1) * o for i, o in pairwise(sizes))


XOR = [((0.0, 0.0), 0.0), ((0.0, 1.0), 1.0), ((1.0, 0.0), 1.0), ((1.0, 1.0), 0.0)]


def xor_loss(w):
    """The squared errors of a 2-4-1 net of sigmoids on XOR."""
    total = 0.0
    for x, y in XOR:
        (z,) = mlp(w, x, (2, 4, 1), sigmoid)
        total = total + (sigmoid(z) - y) ** 2
    return total


def xor_step(w):
    """One epoch of gradient descent."""
    return [a - 0.5 * g for a, g in zip(w, autograd.grad(xor_loss)(w), strict=True)]


def moons_loss(w, xs, ys):
    """The squared errors of a 2-16-16-1 net of tanh on all points."""
    total = 0.0
    for x, y in zip(xs, ys, strict=True):
        (z,) = mlp(w, list(x), (2, 16, 16, 1), tanh)
        total = total + (z - y) ** 2
    return total


def digit_loss(w, x, y):
    """The squared error of a 784-128-10 net of tanh on one sample."""
    zs = mlp(w, x, (784, 128, 10), tanh)
    return autograd.sum([(z - t) ** 2 for z, t in zip(zs, y, strict=True)])


def rosenbrock(x):
    """The chained Rosenbrock function."""
    return autograd.sum([100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x)])


# ---- a small GPT (the shape of A. Karpathy's microgpt): 16 wide, 4 heads, one layer, 27 tokens, context 16

WIDTH, HEADS, VOCABULARY, CONTEXT = 16, 4, 27, 16
GPT_SHAPES = [(VOCABULARY, 16), (CONTEXT, 16), (VOCABULARY, 16), (16, 16), (16, 16), (16, 16), (16, 16), (64, 16), (16, 64)]
GPT_SIZE = sum(rows * columns for rows, columns in GPT_SHAPES)


def gpt_loss(w, tokens, targets):
    """The mean negative log-likelihood of the targets; tokens are data, their number is not."""
    matrices, k = [], 0
    for rows, columns in GPT_SHAPES:
        matrices.append([w[k + r * columns : k + (r + 1) * columns] for r in range(rows)])
        k += rows * columns
    embedding, position, head, wq, wk, wv, wo, fc1, fc2 = matrices

    def linear(matrix, x):
        return [dot(row, x) for row in matrix]

    def normalised(x):
        scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
        return [v * scale for v in x]

    keys, values, losses = [], [], []
    for here, (token, target) in enumerate(zip(tokens, targets, strict=True)):
        x = normalised([a + b for a, b in zip(take(embedding, token), position[here], strict=True)])
        xn = normalised(x)
        q = linear(wq, xn)
        keys.append(linear(wk, xn))
        values.append(linear(wv, xn))
        mixed = []
        for h in range(0, WIDTH, WIDTH // HEADS):
            part = slice(h, h + WIDTH // HEADS)
            weights = softmax([dot(q[part], key[part]) * 0.5 for key in keys])
            mixed += [dot(weights, [v[j] for v in values]) for j in range(h, h + WIDTH // HEADS)]
        x = [a + b for a, b in zip(linear(wo, mixed), x, strict=True)]
        hidden = [relu(v) for v in linear(fc1, normalised(x))]
        x = [a + b for a, b in zip(linear(fc2, hidden), x, strict=True)]
        losses.append(-autograd.log(take(softmax(linear(head, x)), target)))
    return autograd.sum(losses) / len(losses)


def adam(w, g, m, v, size, correction):
    """One update of Adam; what depends on the step, size = lr / (1 − β₁ᵗ) and correction = √(1 − β₂ᵗ), is data."""
    m = [a + 0.1 * (b - a) for a, b in zip(m, g, strict=True)]
    v = [0.999 * a + 0.001 * b * b for a, b in zip(v, g, strict=True)]
    w = [p - size * a / (autograd.sqrt(b) / correction + 1e-8) for p, a, b in zip(w, m, v, strict=True)]
    return w, m, v


def gpt_step(w, m, v, tokens, targets, size, correction):
    """One step of training: the loss before it, and what Adam makes of weights and moments."""
    loss, g = autograd.value_and_grad(gpt_loss)(w, tokens, targets)
    return loss, *(np.array(x) for x in adam(w, g, m, v, size, correction))


def uniform(n, width, seed=0):
    """n numbers within ±width."""
    rng = random.Random(seed)
    return [rng.uniform(-width, width) for _ in range(n)]
