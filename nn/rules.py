"""Update rules: how parameters move, as pure functions of lists of numbers.

Each takes the parameters, their gradients and its own state, and returns new parameters and new state. Nothing is changed in
place, and floats and Values serve alike: with floats it is what an optimiser's `step()` runs; with Values the steps are
recorded, and a loss after training can be differentiated for the learning rate.

The formulas are those of PyTorch's documentation (torch.optim.SGD, RMSprop, Adam, AdamW), in PyTorch's order of operations.
What does not depend on the parameter, a bias correction for example, is computed once per call.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import autograd

__all__ = ["adam_update", "adamw_update", "rmsprop_update", "sgd_update"]

Numbers = Sequence[Any]


def sgd_update(
    params: Numbers,
    grads: Numbers,
    momentum_buffer: Numbers,
    *,
    lr: Any,
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
    if _used(weight_decay):
        grads = [g + weight_decay * p for p, g in zip(params, grads)]
    if _used(momentum):
        momentum_buffer = [momentum * b + g for b, g in zip(momentum_buffer, grads)]
        grads = [g + momentum * b for b, g in zip(momentum_buffer, grads)] if nesterov else momentum_buffer
    return [p - lr * g for p, g in zip(params, grads)], momentum_buffer


def rmsprop_update(
    params: Numbers,
    grads: Numbers,
    square_avg: Numbers,
    momentum_buffer: Numbers,
    *,
    lr: Any,
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
    if _used(weight_decay):
        grads = [g + weight_decay * p for p, g in zip(params, grads)]
    rest = 1.0 - alpha
    square_avg = [alpha * s + rest * g * g for s, g in zip(square_avg, grads)]
    root = _sqrt_for(square_avg)
    steps = [g / (root(s) + eps) for s, g in zip(square_avg, grads)]
    if _used(momentum):
        steps = momentum_buffer = [momentum * b + step for b, step in zip(momentum_buffer, steps)]
    return [p - lr * step for p, step in zip(params, steps)], square_avg, momentum_buffer


def adam_update(
    params: Numbers,
    grads: Numbers,
    exp_avg: Numbers,
    exp_avg_sq: Numbers,
    *,
    step: int,
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
    if step < 1:
        raise ValueError(f"the first step of Adam is 1, not {step}: the bias corrections of step 0 are 0")
    if _used(weight_decay):
        grads = [g + weight_decay * p for p, g in zip(params, grads)]
    beta1, beta2 = betas
    rest1, rest2 = 1.0 - beta1, 1.0 - beta2
    exp_avg = [m + rest1 * (g - m) for m, g in zip(exp_avg, grads)]
    exp_avg_sq = [beta2 * v + rest2 * g * g for v, g in zip(exp_avg_sq, grads)]
    size = lr / (1.0 - beta1**step)
    correction = 1.0 - beta2**step
    correction = _sqrt_for([correction])(correction)
    root = _sqrt_for(exp_avg_sq)
    new = [p - size * m / (root(v) / correction + eps) for p, m, v in zip(params, exp_avg, exp_avg_sq)]
    return new, exp_avg, exp_avg_sq


def adamw_update(
    params: Numbers,
    grads: Numbers,
    exp_avg: Numbers,
    exp_avg_sq: Numbers,
    *,
    step: int,
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


def _used(option: Any) -> bool:
    """Whether an option takes part: a Value does at 0 too, for its gradient."""
    return type(option) is not float or option != 0.0


def _sqrt_for(xs: Numbers) -> Callable[[Any], Any]:
    """The square root for these numbers: that of `math` where all are floats, for its speed."""
    return math.sqrt if set(map(type, xs)) == {float} else autograd.sqrt
