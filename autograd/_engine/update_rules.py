"""How an optimiser moves one parameter: the formulas of `nn.rules`, and `apply`, which runs one for every parameter.

Each formula takes the numbers of one parameter, its own state among them, then options; it returns the new parameter and the
new state. It is plain arithmetic, so Values and traced numbers serve as well as floats. `python -m autograd.generate` writes
the same statements as loops in C over arrays of floats: assignments, `if used(option)`, and one `return` at the end.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd import elementwise
from autograd._engine import accelerator

Numbers = Sequence[Any]

_update: Callable[..., Any] | None = None if accelerator.module is None else accelerator.module.update
"""`apply` in C; None from it where the formula has to be called in Python."""


def sgd(p: Any, g: Any, b: Any, lr: Any, momentum: Any, weight_decay: Any, nesterov: Any) -> tuple[Any, ...]:
    """Gradient descent; b is the momentum buffer."""
    if used(weight_decay):
        g = g + weight_decay * p
    step = g
    if used(momentum):
        b = momentum * b + g
        step = g + momentum * b if nesterov else b
    return p - lr * step, b


def rmsprop(
    p: Any, g: Any, s: Any, b: Any, lr: Any, alpha: Any, rest: Any, eps: Any, weight_decay: Any, momentum: Any
) -> tuple[Any, ...]:
    """RMSprop; s is the mean of squared gradients, b the momentum buffer, rest is 1 − alpha."""
    if used(weight_decay):
        g = g + weight_decay * p
    s = alpha * s + rest * g * g
    step = g / (root(s) + eps)
    if used(momentum):
        b = momentum * b + step
        step = b
    return p - lr * step, s, b


def adam(
    p: Any, g: Any, m: Any, v: Any,
    size: Any, correction: Any, rest1: Any, beta2: Any, rest2: Any, eps: Any, weight_decay: Any, decoupled: Any, keep: Any,
) -> tuple[Any, ...]:  # fmt: skip
    """Adam and AdamW; m is the mean of gradients, v that of their squares, rest1 and rest2 are 1 − β₁ and 1 − β₂.

    Weight decay is in the gradient, or decoupled from it: then the parameter is multiplied by `keep`.
    """
    if used(decoupled):
        p = p * keep
    if used(weight_decay):
        g = g + weight_decay * p
    m = m + rest1 * (g - m)
    v = beta2 * v + rest2 * g * g
    return p - size * m / (root(v) / correction + eps), m, v


FORMULAS: dict[str, Callable[..., tuple[Any, ...]]] = {"sgd": sgd, "rmsprop": rmsprop, "adam": adam}
"""By the names they have in C."""


def used(option: Any) -> bool:
    """Whether an option has an effect: a number other than 0, or a Value, whose gradient is wanted at 0 too."""
    return not isinstance(option, (int, float)) or option != 0


def root(x: Any) -> Any:
    """The square root of a number or Value."""
    return math.sqrt(x) if type(x) is float else elementwise.sqrt(x)


def apply(name: str, columns: tuple[Numbers, ...], options: tuple[Any, ...]) -> tuple[Numbers, ...]:
    """(New parameters, *new state): a formula's results for each parameter. `columns` are parameters, gradients and state.

    The results are lists, or arrays of the accelerator's if the parameters are one. Raises `ValueError` where lengths differ.

    >>> from autograd._engine.update_rules import apply
    >>> apply("sgd", ([1.0, 2.0], [0.5, 0.0], [0.0, 1.0]), (0.1, 0.5, 0.0, False))
    ([0.95, 1.95], [0.5, 0.5])
    """
    results: tuple[Numbers, ...] | None = None if _update is None else _update(name, columns, options)
    if results is None:
        formula = FORMULAS[name]
        each = [formula(*entries, *options) for entries in zip(*columns, strict=True)]
        results = tuple(map(list, zip(*each))) if each else tuple([] for _ in columns[1:])
    return results
