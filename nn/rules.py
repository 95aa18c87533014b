"""Update rules: how parameters move, as pure functions of lists of numbers.

Each takes the parameters, their gradients and its own state, and returns new parameters and new state. Nothing is changed in
place, and floats and Values serve alike: with floats it is what an optimiser's `step()` runs; with Values the steps are
recorded, and a loss after training can be differentiated for the learning rate.

Each rule is a formula of one parameter, in arithmetic alone. Where all numbers are floats and the accelerator was built, the
formula is called once, with columns that hold the numbers of all parameters; otherwise it is called for each parameter.

The formulas are those of PyTorch's documentation (torch.optim.SGD, RMSprop, Adam, AdamW), in PyTorch's order of operations.
What does not depend on the parameter, a bias correction for example, is computed once per call. All rules take `step`, the
number of the step from 1 on, so that an optimiser calls them alike; only Adam and AdamW need it.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import autograd
from autograd.value import accelerator
from nn.checks import TRACED

__all__ = ["adam_update", "adamw_update", "clip_grad_norm", "clip_grad_value", "rmsprop_update", "sgd_update"]

Numbers = Sequence[Any]

LEAST_NORMAL = 2.0**-1022
"""The least positive float of full precision."""


def sgd_update(
    params: Numbers,
    grads: Numbers,
    momentum_buffer: Numbers,
    *,
    lr: Any,
    step: Any = None,  # noqa: ARG001 - this rule does not count
    momentum: Any = 0.0,
    weight_decay: Any = 0.0,
    nesterov: bool = False,
) -> tuple[list[Any], Numbers]:
    """Stochastic gradient descent: (new parameters, new momentum buffer). The buffer starts with zeros.

    g ← g + weight_decay·p;  b ← momentum·b + g;  p ← p − lr·b, with Nesterov p − lr·(g + momentum·b).

    >>> from nn.rules import sgd_update
    >>> sgd_update([1.0], [0.5], [0.0], lr=0.1, momentum=0.9)
    ([0.95], [0.5])
    """
    columns, options = (params, grads, momentum_buffer), (lr, momentum, weight_decay, nesterov)
    result: tuple[list[Any], Numbers] = _for_each(_sgd, columns, options)
    return result


def _sgd(p: Any, g: Any, b: Any, lr: Any, momentum: Any, weight_decay: Any, nesterov: Any) -> tuple[Any, Any]:
    if _used(weight_decay):
        g = g + weight_decay * p
    if not _used(momentum):
        return p - lr * g, b
    b = momentum * b + g
    return p - lr * (g + momentum * b if nesterov else b), b


def rmsprop_update(
    params: Numbers,
    grads: Numbers,
    square_avg: Numbers,
    momentum_buffer: Numbers,
    *,
    lr: Any,
    step: Any = None,  # noqa: ARG001 - this rule does not count
    alpha: Any = 0.99,
    eps: Any = 1e-8,
    weight_decay: Any = 0.0,
    momentum: Any = 0.0,
) -> tuple[list[Any], Numbers, Numbers]:
    """RMSprop: (new parameters, new mean of squared gradients, new momentum buffer). Both start with zeros.

    s ← alpha·s + (1 − alpha)·g²;  p ← p − lr·g/(√s + eps), or with momentum b ← momentum·b + g/(√s + eps), p ← p − lr·b
    (T. Tieleman, G. Hinton, lecture 6.5 of Neural Networks for Machine Learning, 2012).

    >>> from nn.rules import rmsprop_update
    >>> rmsprop_update([1.0], [2.0], [0.0], [0.0], lr=0.1, alpha=0.75, eps=0.0)
    ([0.8], [1.0], [0.0])
    """
    options = (lr, alpha, 1.0 - alpha, eps, weight_decay, momentum)
    result: tuple[list[Any], Numbers, Numbers] = _for_each(_rmsprop, (params, grads, square_avg, momentum_buffer), options)
    return result


def _rmsprop(
    p: Any, g: Any, s: Any, b: Any, lr: Any, alpha: Any, rest: Any, eps: Any, weight_decay: Any, momentum: Any
) -> tuple[Any, Any, Any]:
    if _used(weight_decay):
        g = g + weight_decay * p
    s = alpha * s + rest * g * g
    step = g / (_root(s) + eps)
    if _used(momentum):
        step = b = momentum * b + step
    return p - lr * step, s, b


def adam_update(
    params: Numbers,
    grads: Numbers,
    exp_avg: Numbers,
    exp_avg_sq: Numbers,
    *,
    step: Any,
    lr: Any,
    betas: tuple[Any, Any] = (0.9, 0.999),
    eps: Any = 1e-8,
    weight_decay: Any = 0.0,
) -> tuple[list[Any], Numbers, Numbers]:
    """Adam: (new parameters, new mean of gradients, new mean of squared gradients). Both means start with zeros.

    g ← g + weight_decay·p;  m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²;
    p ← p − lr·m/(1 − β₁ᵗ) / (√v/√(1 − β₂ᵗ) + eps), where t = `step` counts from 1
    (D. P. Kingma, J. Ba, Adam, ICLR 2015, algorithm 1). Raises `ValueError` for a step below 1.

    >>> from nn.rules import adam_update
    >>> adam_update([1.0], [0.5], [0.0], [0.0], step=1, lr=0.1, eps=0.0)[0]
    [0.9]
    """
    if type(step) not in TRACED and step < 1:
        raise ValueError(f"the first step of Adam is 1, not {step}: the bias corrections of step 0 are 0")
    beta1, beta2 = betas
    # `autograd.pow` and not `**`: a compiled step computes the power with that function, and the bits must be the same.
    size = lr / (1.0 - autograd.pow(beta1, step))
    correction = _root(1.0 - autograd.pow(beta2, step))
    options = (size, correction, 1.0 - beta1, beta2, 1.0 - beta2, eps, weight_decay)
    result: tuple[list[Any], Numbers, Numbers] = _for_each(_adam, (params, grads, exp_avg, exp_avg_sq), options)
    return result


def _adam(
    p: Any, g: Any, m: Any, v: Any, size: Any, correction: Any, rest1: Any, beta2: Any, rest2: Any, eps: Any, weight_decay: Any
) -> tuple[Any, Any, Any]:
    if _used(weight_decay):
        g = g + weight_decay * p
    m = m + rest1 * (g - m)
    v = beta2 * v + rest2 * g * g
    return p - size * m / (_root(v) / correction + eps), m, v


def adamw_update(
    params: Numbers,
    grads: Numbers,
    exp_avg: Numbers,
    exp_avg_sq: Numbers,
    *,
    step: Any,
    lr: Any,
    betas: tuple[Any, Any] = (0.9, 0.999),
    eps: Any = 1e-8,
    weight_decay: Any = 0.01,
) -> tuple[list[Any], Numbers, Numbers]:
    """Adam with weights that decay by themselves and not through the gradient: p ← p·(1 − lr·weight_decay), then `adam_update`.

    Source: I. Loshchilov, F. Hutter, Decoupled weight decay regularization, ICLR 2019, algorithm 2.

    >>> from nn.rules import adamw_update
    >>> adamw_update([1.0], [0.0], [0.0], [0.0], step=1, lr=0.5, weight_decay=0.5)[0]
    [0.75]
    """
    if _used(weight_decay):
        keep = 1.0 - lr * weight_decay
        params = [p * keep for p in params]
    return adam_update(params, grads, exp_avg, exp_avg_sq, step=step, lr=lr, betas=betas, eps=eps)


def clip_grad_norm(grads: Numbers, max_norm: Any) -> tuple[list[Any], Any]:
    """Gradients scaled so that their Euclidean norm is at most `max_norm`, and the norm they had.

    The factor is max_norm / (norm + 1e-6), as in PyTorch. Where the norm is not finite no factor helps: all are NaN.

    >>> from nn.rules import clip_grad_norm
    >>> clip_grad_norm([0.0, 4.0], 8.0)
    ([0.0, 4.0], 4.0)
    """
    unit = _largest([LEAST_NORMAL, *map(abs, grads)])  # divided by it, no gradient's square overflows or vanishes
    scaled = [g / unit for g in grads]
    norm = unit * _root(autograd.dot(scaled, scaled))
    factor = autograd.where(norm < math.inf, autograd.minimum(max_norm / (norm + 1e-6), 1.0), math.nan)
    return [g * factor for g in grads], norm


def clip_grad_value(grads: Numbers, clip_value: float) -> list[Any]:
    """Gradients held within [−clip_value, clip_value].

    >>> from nn.rules import clip_grad_value
    >>> clip_grad_value([0.5, -30.0], 3.0)
    [0.5, -3.0]
    """
    return [autograd.clip(g, -clip_value, clip_value) for g in grads]


def _largest(xs: list[Any]) -> Any:
    """The largest number, as a tree of pairs: a compiled step does each level of the tree as one loop."""
    while len(xs) > 1:
        xs = [*map(autograd.maximum, xs[::2], xs[1::2]), *xs[len(xs) & ~1 :]]
    return xs[0]


def _used(option: Any) -> bool:
    """Whether an option has an effect. A Value has one at 0 too: its gradient is wanted."""
    return type(option) is not float or option != 0.0


def _root(x: Any) -> Any:
    """The square root of a float, a Value, or each entry of a column."""
    kind = type(x)
    return math.sqrt(x) if kind is float else x.sqrt() if kind is _Column else autograd.sqrt(x)


_Column = None if accelerator is None else accelerator.Column


def _for_each(formula: Callable[..., tuple[Any, ...]], columns: tuple[Numbers, ...], options: tuple[Any, ...]) -> Any:
    """(New parameters, *new state): the formula's results for each parameter. `columns` are parameters, gradients and state.

    The results are lists, or the accelerator's columns if the parameters are one. Raises `ValueError` where lengths differ.
    """
    results = None if accelerator is None else accelerator.each(formula, columns, options)
    if results is None:
        each = [formula(*entries, *options) for entries in zip(*columns, strict=True)]
        results = tuple(map(list, zip(*each))) if each else tuple([] for _ in columns[1:])
    return results
