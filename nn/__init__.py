"""Neural networks of scalar Values: modules, layers, losses, optimisers and a training loop, in plain Python.

No rule of calculus is in here: everything is an expression over `autograd`'s operations.

>>> import nn
>>> xs, ys = nn.datasets.moons(20, seed=1)
>>> model = nn.MLP(2, [8, 1], seed=1)
>>> optimizer = nn.Adam(model.parameters(), lr=0.05)
>>> history = nn.fit(model, xs, ys, loss=nn.binary_cross_entropy_with_logits, optimizer=optimizer, epochs=60)
>>> history.losses[-1] < 0.5 * history.losses[0]
True
"""

from nn import datasets, init, losses, optim, rules, schedules
from nn.files import load, save
from nn.fit import History, fit
from nn.layers import ACTIVATIONS, MLP, Layer, Neuron, Sequential
from nn.losses import *  # noqa: F403
from nn.module import Module, annotate
from nn.optim import *  # noqa: F403
from nn.step import compile_step

__all__ = [
    "ACTIVATIONS", "MLP", "History", "Layer", "Module", "Neuron", "Sequential", "annotate", "compile_step", "datasets", "fit",
    "init", "load", "losses", "optim", "rules", "save", "schedules", *losses.__all__, *optim.__all__,
]  # fmt: skip
