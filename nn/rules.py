"""Update rules: how parameters move, as pure functions of lists of numbers.

Each takes the parameters, their gradients and its own state, and returns new parameters and new state. Nothing is changed in
place, and floats and Values serve alike: with floats it is what an optimiser's `step()` runs; with Values the steps are
recorded, and a loss after training can be differentiated for the learning rate.

Each rule is a formula of one parameter, in `autograd._engine.update_rules`. Where all numbers are floats and the accelerator
was built, it is a loop in C over all parameters; otherwise the formula is called for each parameter.

The formulas are those of PyTorch's documentation (torch.optim.SGD, RMSprop, Adam, AdamW), in PyTorch's order of operations.
What does not depend on the parameter, a bias correction for example, is computed once per call. All rules take `step`, the
number of the step from 1 on, so that an optimiser calls them alike; only Adam and AdamW need it.
"""

import math
from typing import Any

import autograd
from autograd._engine.update_rules import Numbers, apply, root, used
from nn.checks import TRACED

__all__ = ["adam_update", "adamw_update", "clip_grad_norm", "clip_grad_value", "rmsprop_update", "sgd_update"]

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
) -> tuple[Numbers, ...]:
    """Stochastic gradient descent: (new parameters, new momentum buffer). The buffer starts with zeros.

    g ← g + weight_decay·p;  b ← momentum·b + g;  p ← p − lr·b, with Nesterov p − lr·(g + momentum·b).

    >>> from nn.rules import sgd_update
    >>> sgd_update([1.0], [0.5], [0.0], lr=0.1, momentum=0.9)
    ([0.95], [0.5])
    """
    columns, options = (params, grads, momentum_buffer), (lr, momentum, weight_decay, nesterov)
    return apply("sgd", columns, options)


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
) -> tuple[Numbers, ...]:
    """RMSprop: (new parameters, new mean of squared gradients, new momentum buffer). Both start with zeros.

    s ← alpha·s + (1 − alpha)·g²;  p ← p − lr·g/(√s + eps), or with momentum b ← momentum·b + g/(√s + eps), p ← p − lr·b
    (T. Tieleman, G. Hinton, lecture 6.5 of Neural Networks for Machine Learning, 2012).

    >>> from nn.rules import rmsprop_update
    >>> rmsprop_update([1.0], [2.0], [0.0], [0.0], lr=0.1, alpha=0.75, eps=0.0)
    ([0.8], [1.0], [0.0])
    """
    options = (lr, alpha, 1.0 - alpha, eps, weight_decay, momentum)
    return apply("rmsprop", (params, grads, square_avg, momentum_buffer), options)


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
) -> tuple[Numbers, ...]:
    """Adam: (new parameters, new mean of gradients, new mean of squared gradients). Both means start with zeros.

    g ← g + weight_decay·p;  m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²;
    p ← p − lr·m/(1 − β₁ᵗ) / (√v/√(1 − β₂ᵗ) + eps), where t = `step` counts from 1
    (D. P. Kingma, J. Ba, Adam, ICLR 2015, algorithm 1). Raises `ValueError` for a step below 1.

    >>> from nn.rules import adam_update
    >>> adam_update([1.0], [0.5], [0.0], [0.0], step=1, lr=0.1, eps=0.0)[0]
    [0.9]
    """
    return _adam(params, grads, exp_avg, exp_avg_sq, step, lr, betas, eps, weight_decay, 0.0)


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
) -> tuple[Numbers, ...]:
    """Adam with weights that decay by themselves and not through the gradient: p ← p·(1 − lr·weight_decay), then `adam_update`.

    Source: I. Loshchilov, F. Hutter, Decoupled weight decay regularization, ICLR 2019, algorithm 2.

    >>> from nn.rules import adamw_update
    >>> adamw_update([1.0], [0.0], [0.0], [0.0], step=1, lr=0.5, weight_decay=0.5)[0]
    [0.75]
    """
    return _adam(params, grads, exp_avg, exp_avg_sq, step, lr, betas, eps, 0.0, weight_decay)


def _adam(
    params: Numbers, grads: Numbers, exp_avg: Numbers, exp_avg_sq: Numbers,
    step: Any, lr: Any, betas: tuple[Any, Any], eps: Any, weight_decay: Any, decoupled: Any,
) -> tuple[Numbers, ...]:  # fmt: skip
    """Adam with both kinds of weight decay."""
    if type(step) not in TRACED and step < 1:
        raise ValueError(f"the first step of Adam is 1, not {step}: the bias corrections of step 0 are 0")
    beta1, beta2 = betas
    keep = 1.0 - lr * decoupled if used(decoupled) else 1.0
    # `autograd.pow` and not `**`: a compiled step computes the power with that function, and the bits must be the same.
    size = lr / (1.0 - autograd.pow(beta1, step))
    correction = root(1.0 - autograd.pow(beta2, step))
    options = (size, correction, 1.0 - beta1, beta2, 1.0 - beta2, eps, weight_decay, decoupled, keep)
    return apply("adam", (params, grads, exp_avg, exp_avg_sq), options)


def clip_grad_norm(grads: Numbers, max_norm: Any) -> tuple[list[Any], Any]:
    """Gradients scaled so that their Euclidean norm is at most `max_norm`, and the norm they had.

    The factor is max_norm / (norm + 1e-6), as in PyTorch. Where the norm is not finite no factor helps: all are NaN.

    >>> from nn.rules import clip_grad_norm
    >>> clip_grad_norm([0.0, 4.0], 8.0)
    ([0.0, 4.0], 4.0)
    """
    unit = _largest([LEAST_NORMAL, *map(abs, grads)])  # divided by it, no gradient's square overflows or vanishes
    scaled = [g / unit for g in grads]
    norm = unit * root(autograd.dot(scaled, scaled))
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
