"""Learning-rate schedules: pure functions of the number of steps taken so far, 0 at the first.

An optimiser takes one in place of a number: `nn.Adam(params, lr=nn.schedules.cosine(0.1, 1000))`. Since the rate is a function
of the step and of nothing else, a schedule has no state to save. Names and formulas follow torch.optim.lr_scheduler.
"""

import math
from collections.abc import Callable

from nn.checks import positive_int, within

__all__ = ["Schedule", "cosine", "exponential", "linear", "step"]

Schedule = Callable[[int], float]


def step(lr: float, every: int, gamma: float = 0.1) -> Schedule:
    """lr·gamma^⌊t / every⌋: a drop by `gamma` after each `every` steps. Raises `ValueError` unless every ≥ 1.

    >>> from nn.schedules import step
    >>> [step(1.0, every=2, gamma=0.5)(t) for t in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """
    lr, every = within("lr", lr), positive_int("every", every)
    return lambda t: lr * gamma ** (t // every)


def exponential(lr: float, gamma: float) -> Schedule:
    """lr·gamma^t.

    >>> from nn.schedules import exponential
    >>> [exponential(1.0, 0.5)(t) for t in range(3)]
    [1.0, 0.5, 0.25]
    """
    lr = within("lr", lr)
    return lambda t: lr * gamma**t


def linear(lr: float, steps: int, end: float = 0.0) -> Schedule:
    """From `lr` to `end` in equal differences over `steps` steps, and `end` from then on. Raises `ValueError` unless steps ≥ 1.

    >>> from nn.schedules import linear
    >>> [linear(1.0, 4)(t) for t in range(6)]
    [1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    """
    lr, end, steps = within("lr", lr), within("end", end), positive_int("steps", steps)
    return lambda t: lr + (end - lr) * t / steps if t < steps else end


def cosine(lr: float, steps: int, end: float = 0.0) -> Schedule:
    """From `lr` to `end` along half a cosine over `steps` steps, and `end` from then on. Raises `ValueError` unless steps ≥ 1.

    Source: I. Loshchilov, F. Hutter, SGDR: stochastic gradient descent with warm restarts, ICLR 2017, equation 5.

    >>> from nn.schedules import cosine
    >>> [round(cosine(1.0, 4)(t), 3) for t in range(6)]
    [1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """
    lr, end, steps = within("lr", lr), within("end", end), positive_int("steps", steps)
    return lambda t: end + (lr - end) * 0.5 * (1.0 + math.cos(math.pi * t / steps)) if t < steps else end
