"""Losses: one number that says how far predictions are from their targets.

Each takes predictions and targets, sequences of one length whose entries are Values or floats (or rows of them, compared
entry by entry; for a single number the target may be a row of one), and returns a Value, or a float if there is no Value.
`reduction` is "mean", over all entries, or "sum". Names and conventions are PyTorch's; where a formula is known that neither
overflows nor cancels, it is the one used.
"""

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

import autograd
from autograd import Value, dot, log1p, logsumexp, maximum, minimum, relu, softplus, where
from nn.checks import TRACED, listed, same_length

__all__ = ["binary_cross_entropy", "binary_cross_entropy_with_logits", "cross_entropy", "half_squared_error", "hinge", "huber",
           "mae", "mse"]  # fmt: skip

LEAST_PROBABILITY = 3.720075976020836e-44
"""exp(−100): `binary_cross_entropy` takes logarithms of nothing smaller."""

NUMBERS = frozenset({Value, float, int, bool})
"""The usual types of entries that are not rows: a quick first test."""


def mse(predictions: Any, targets: Any, *, reduction: str = "mean") -> Any:
    """The mean squared error, Σ (p − t)² / n. Raises `ValueError` where lengths differ or there is nothing to compare.

    >>> import nn
    >>> nn.mse([1.0, 2.0], [0.0, 4.0])
    2.5
    """
    errors = _errors(predictions, targets)
    return _reduced_sum(dot(errors, errors), len(errors), reduction)


def half_squared_error(predictions: Any, targets: Any) -> Any:
    """½ Σ (p − t)², whose derivative for a prediction is the plain error p − t. Raises as `mse` does.

    >>> import nn
    >>> nn.half_squared_error([1.0, 2.0], [0.0, 4.0])
    2.5
    """
    errors = _errors(predictions, targets)
    return 0.5 * dot(errors, errors)


def mae(predictions: Any, targets: Any, *, reduction: str = "mean") -> Any:
    """The mean absolute error, Σ |p − t| / n; its derivative is 0 where p = t. Raises as `mse` does.

    >>> import nn
    >>> nn.mae([1.0, 2.0], [0.0, 4.0])
    1.5
    """
    return _reduced([abs(e) for e in _errors(predictions, targets)], reduction)


def huber(predictions: Any, targets: Any, *, delta: float = 1.0, reduction: str = "mean") -> Any:
    """e²/2 where the error e is at most `delta`, and δ·(|e| − δ/2) beyond (P. J. Huber, 1964; PyTorch's HuberLoss).

    Raises `ValueError` unless delta > 0, and as `mse` does.

    >>> import nn
    >>> nn.huber([0.5, 3.0], [0.0, 0.0], reduction="sum")
    2.625
    """
    if not delta > 0.0:
        raise ValueError(f"huber() needs delta > 0, not {delta}")
    sizes = [abs(e) for e in _errors(predictions, targets)]
    near = [minimum(size, delta) for size in sizes]
    return _reduced_sum(dot(near, [size - 0.5 * m for size, m in zip(sizes, near)]), len(sizes), reduction)


def hinge(scores: Any, targets: Any, *, reduction: str = "mean") -> Any:
    """max(0, 1 − t·s) for targets of −1 and 1: 0 where a score is on the right side by a margin of 1.

    Raises `ValueError` for other targets, and as `mse` does.

    >>> import nn
    >>> nn.hinge([2.0, 0.5], [1, 1])
    0.25
    """
    scores, targets = _paired(scores, targets, "scores")
    if set(map(type, targets)) != {float} or targets.count(-1.0) + targets.count(1.0) < len(targets):
        for i, t in enumerate(targets):
            if type(t) not in TRACED and _data(t) not in {-1.0, 1.0}:
                raise ValueError(f"hinge() takes targets of -1 and 1, not targets[{i}] = {_data(t)}; of 0 and 1 make 2 * t - 1")
        targets = [_or_nan(t, lambda t: t * t == 1.0) for t in targets]
    return _reduced([relu(1.0 - t * s) for s, t in zip(scores, targets)], reduction)


def binary_cross_entropy(predictions: Any, targets: Any, *, reduction: str = "mean") -> Any:
    """−t·log p − (1 − t)·log(1 − p), for probabilities p and targets t between 0 and 1.

    As in PyTorch, logarithms are at least −100: a prediction that is certain and wrong costs 100 instead of infinity. Its
    derivative is then p − t, towards the target. Prefer `binary_cross_entropy_with_logits`, which needs no such bound. Raises
    `ValueError` for predictions or targets outside [0, 1], and as `mse` does.

    >>> import nn
    >>> round(nn.binary_cross_entropy([0.5, 0.75], [0, 1]), 4), nn.binary_cross_entropy([0.0], [1])
    (0.4904, 100.0)
    """
    predictions, targets = _paired(predictions, targets)
    predictions = _unit(predictions, "predictions", "; for scores take binary_cross_entropy_with_logits")
    targets = _unit(targets, "targets")
    return _reduced([_entropy(p, t) for p, t in zip(predictions, targets)], reduction)


def _entropy(p: Any, t: Any) -> Any:
    """−t·log p − (1 − t)·log(1 − p), where −log p is log(1 + (1 − p)/p), accurate for p near 0 and near 1."""
    q = 1.0 - p
    if _is_constant(t) and t in (0, 1):
        return log1p(q / maximum(p, LEAST_PROBABILITY)) if t else log1p(p / maximum(q, LEAST_PROBABILITY))
    at_least_p, at_least_q = maximum(p, LEAST_PROBABILITY), maximum(q, LEAST_PROBABILITY)
    # Where p is 0 and t is not, the second term must not pull p further from t: there it is a constant. So with p = 1.
    if type(t) in TRACED:
        p, q = where(t > 0.0, at_least_p, p), where(t < 1.0, at_least_q, q)
    else:
        p, q = at_least_p if t > 0.0 else p, at_least_q if t < 1.0 else q
    return t * log1p(q / at_least_p) + (1.0 - t) * log1p(p / at_least_q)


def binary_cross_entropy_with_logits(logits: Any, targets: Any, *, reduction: str = "mean") -> Any:
    """The binary cross-entropy of sigmoid(logit), t·softplus(−z) + (1 − t)·softplus(z), for targets between 0 and 1.

    All terms are positive, so nothing cancels: values and derivatives are right for any logit. Raises `ValueError` for targets
    outside [0, 1], and as `mse` does.

    >>> import nn
    >>> round(nn.binary_cross_entropy_with_logits([0.0, 800.0], [0, 1]), 4)
    0.3466
    """
    logits, targets = _paired(logits, targets, "logits")
    targets = _unit(targets, "targets", "; of -1 and 1 make (t + 1) / 2")
    return _reduced([_logit_entropy(z, t) for z, t in zip(logits, targets)], reduction)


def _logit_entropy(z: Any, t: Any) -> Any:
    if _is_constant(t) and t in (0, 1):
        return softplus(-z) if t else softplus(z)
    return t * softplus(-z) + (1.0 - t) * softplus(z)


def cross_entropy(logits: Any, targets: Any, *, reduction: str = "mean") -> Any:
    """−log softmax(z)[class] for each row z of logits: targets are class numbers, or rows of probabilities (one-hot ones too).

    For a class k it is softplus(logsumexp(zⱼ, j ≠ k) − zₖ), which is right to the last digits even where the prediction is
    almost certain; the usual logsumexp(z) − zₖ is 0 there. One row and one target may stand for lists of one. Raises
    `ValueError` for a class that is not there, probabilities that do not sum to 1, rows of fewer than two logits, and as `mse`.

    >>> import nn
    >>> nn.cross_entropy([[0.0, 40.0], [0.0, 40.0]], [1, [0.0, 1.0]])
    4.248354255291589e-18
    """
    logits = listed("logits", logits)
    if logits and not _is_row(logits[0]):
        logits, targets = [logits], [targets]
    targets = listed("targets", targets)
    same_length(logits, targets, "logits", "targets")
    terms = [_row_cross_entropy(listed(f"logits[{i}]", z), t, i) for i, (z, t) in enumerate(zip(logits, targets))]
    return _reduced(terms, reduction)


def _row_cross_entropy(z: list[Any], target: Any, i: int) -> Any:
    if len(z) < 2:
        raise ValueError(f"logits[{i}] has {len(z)} entries: cross_entropy() needs one for each of two or more classes")
    t = listed(f"targets[{i}]", target) if _is_row(target) else [target]
    if len(t) != 1:
        same_length(z, t, f"logits[{i}]", f"targets[{i}]")
        p = [_data(x) for x in t]
        if not (min(p) >= 0.0 and abs(sum(p) - 1.0) <= 1e-6):
            raise ValueError(f"targets[{i}] must be probabilities that sum to 1, not {p}")
        if p.count(0.0) < len(p) - 1 or any(type(x) is Value for x in t):
            return logsumexp(z) * autograd.sum(t) - dot(t, z)
        t = [p.index(max(p))]
    target = t[0]
    if type(target) in TRACED:
        rest = [where(target == float(j), -math.inf, x) for j, x in enumerate(z)]  # exp(−∞) changes no sum
        return softplus(logsumexp(rest) - autograd.take(z, target))
    k = _class_number(target, len(z), i)
    return softplus(logsumexp(z[:k] + z[k + 1 :]) - z[k])


def _class_number(target: Any, n: int, i: int) -> int:
    try:
        k = operator.index(target)
    except TypeError:
        if not getattr(target, "is_integer", bool)():
            raise TypeError(f"targets[{i}] must be a class number or a row of probabilities, not {target!r}") from None
        k = int(target)
    if not 0 <= k < n:
        raise ValueError(f"targets[{i}] is class {k}; there are {n} logits, so classes 0 to {n - 1}")
    return k


# ---- what the losses share


def _reduced(terms: list[Any], reduction: str) -> Any:
    return autograd.sum(terms) if _is_sum(reduction) else autograd.mean(terms)


def _reduced_sum(total: Any, n: int, reduction: str) -> Any:
    return total if _is_sum(reduction) else total / n


def _is_sum(reduction: str) -> bool:
    if reduction not in ("mean", "sum"):
        raise ValueError(f"unknown reduction: {reduction!r} (must be 'mean' or 'sum')")
    return reduction == "sum"


def _errors(predictions: Any, targets: Any) -> list[Any]:
    return list(map(operator.sub, *_paired(predictions, targets)))


def _paired(predictions: Any, targets: Any, what: str = "predictions") -> tuple[list[Any], list[Any]]:
    """Both as flat lists of one length."""
    xs, ts = predictions, targets
    if not (type(xs) is type(ts) is list and len(xs) == len(ts) > 0):  # the usual case needs no more checks
        xs, ts = listed(what, xs), listed("targets", ts)
        same_length(xs, ts, what, "targets")
    if NUMBERS.issuperset(map(type, xs + ts)) or not any(map(_is_row, (*xs, *ts))):
        return xs, ts
    flat: tuple[list[Any], list[Any]] = ([], [])
    for i, (x, t) in enumerate(zip(xs, ts)):
        target = listed(f"targets[{i}]", t)
        entries = listed(f"{what}[{i}]", x) if _is_row(x) else [x]
        same_length(entries, target, f"{what}[{i}]", f"targets[{i}]")
        flat[0].extend(entries)
        flat[1].extend(target)
    return flat


def _is_row(x: Any) -> bool:
    return isinstance(x, Sequence) or getattr(x, "ndim", 0) > 0


def _is_constant(x: Any) -> bool:
    return type(x) is not Value and type(x) not in TRACED


def _data(x: Any) -> float:
    return x.data if type(x) is Value else float(x)


def _unit(xs: list[Any], what: str, fix: str = "") -> list[Any]:
    """The numbers, checked to be in [0, 1]."""
    for i, x in enumerate(xs):
        if type(x) not in TRACED and (_data(x) < 0.0 or _data(x) > 1.0):
            raise ValueError(f"{what}[{i}] = {_data(x)} is outside [0, 1]{fix}")
    return [_or_nan(x, lambda x: (x >= 0.0) & (x <= 1.0)) for x in xs]


def _or_nan(x: Any, legal: Callable[[Any], Any]) -> Any:
    """A traced number as NaN where it is not legal: the compiled step then asks the engine, which raises the error."""
    return where(legal(x), x, math.nan) if type(x) in TRACED else x
