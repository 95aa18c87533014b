"""Every operation as a function of Values and plain numbers alike, and the few that are made of others.

The functions of the rows are in `elementwise.py`; those written out here take a sequence, have a start, or are one line over
other operations. Given no Value at all, a function returns a plain float. Given NumPy arrays, it works elementwise.
"""

import math
from collections.abc import Iterable, Sequence
from operator import index
from typing import Any

from autograd import elementwise
from autograd._engine.lifting import GENERIC
from autograd.elementwise import maximum, minimum, polygamma
from autograd.value import accelerator

__all__ = [
    "clip",
    "digamma",
    "dot",
    "hypot",
    "logsumexp",
    "mean",
    "norm",
    "prod",
    "round",
    "softmax",
    "sum",
    "trigamma",
]


def sum(xs: Iterable[Any], start: Any = 0.0) -> Any:
    """start + x₁ + x₂ + …, from left to right, as one node: ten times cheaper than a chain of `+`.

    Takes any iterable of Values and numbers. The rounding error is that of recursive summation, at most (n − 1)·2⁻⁵³·Σ|xᵢ|
    (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 4.2).

    >>> import autograd
    >>> from autograd import Value
    >>> autograd.sum([Value(1.0), 2, 3.5])
    Value(data=6.5, grad=0.0)
    """
    xs = _listed(xs, "sum")
    return elementwise.sum(xs if type(start) is float and start == 0.0 else [start, *xs])


def prod(xs: Iterable[Any], start: Any = 1.0) -> Any:
    """start · x₁ · x₂ · …, as one node; its derivatives are right where operands are 0.

    >>> import autograd
    >>> from autograd import Value
    >>> x = Value(0.0)
    >>> autograd.prod([x, 3.0, 4.0]).backward()
    >>> x.grad
    12.0
    """
    xs = _listed(xs, "prod")
    return elementwise.prod(xs if type(start) is float and start == 1.0 else [start, *xs])


def dot(a: Iterable[Any], b: Iterable[Any], start: Any = 0.0) -> Any:
    """start + a₁·b₁ + a₂·b₂ + …, from left to right, as one node: what a neuron computes, `dot(w, x, bias)`.

    Raises `ValueError` if the lengths differ.

    >>> import autograd
    >>> from autograd import Value
    >>> autograd.dot([Value(1.0), Value(2.0)], [3, 4], 0.5)
    Value(data=11.5, grad=0.0)
    """
    a, b = _listed(a, "dot"), _listed(b, "dot")
    if len(a) != len(b):
        raise ValueError(f"dot() takes two sequences of one length, not of {len(a)} and {len(b)}")
    operands = [start] * (2 * len(a) + 1)
    operands[1::2], operands[2::2] = a, b
    return elementwise.dot(operands)


def mean(xs: Iterable[Any]) -> Any:
    """The arithmetic mean, as one node. Raises `ValueError` if there is nothing to average.

    >>> import autograd
    >>> autograd.mean([1.0, 2.0, 6.0])
    3.0
    """
    return elementwise.mean(_some(xs, "mean"))


def logsumexp(xs: Iterable[Any]) -> Any:
    """log Σ exp(xᵢ), as one node, without overflow; its derivative is `softmax(xs)`. Raises `ValueError` if `xs` is empty.

    >>> import autograd
    >>> round(autograd.logsumexp([1000.0, 1000.0]), 6)
    1000.693147
    """
    return elementwise.logsumexp(_some(xs, "logsumexp"))


def softmax(xs: Iterable[Any]) -> list[Any]:
    """exp(xᵢ) / Σ exp(xⱼ) for each i, without overflow; n + 1 nodes. Raises `ValueError` if `xs` is empty.

    >>> import autograd
    >>> autograd.softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    result: list[Any] = GENERIC["softmax"](_some(xs, "softmax"))
    return result


def _listed(xs: Iterable[Any], name: str) -> list[Any]:
    try:
        items = iter(xs)
    except TypeError:
        wanted = "two iterables" if name == "dot" else "an iterable"
        raise TypeError(f"{name}() takes {wanted} of Values and numbers, not {type(xs).__name__}") from None
    return list(items)


def _some(xs: Iterable[Any], name: str) -> Sequence[Any]:
    xs = _listed(xs, name)
    if not xs:
        raise ValueError(f"{name}() needs at least one number")
    return xs


def hypot(*xs: Any) -> Any:
    """√(x₁² + x₂² + …), without overflow, as one node; its derivative is 0 where all are 0.

    >>> import autograd
    >>> autograd.hypot(3.0, 4.0)
    5.0
    """
    return elementwise.hypot(xs)


def norm(xs: Iterable[Any]) -> Any:
    """The Euclidean length of a vector, `hypot(*xs)`.

    >>> import autograd
    >>> autograd.norm([3.0, 4.0])
    5.0
    """
    return elementwise.hypot(_listed(xs, "norm"))


def clip(x: Any, lo: Any = -math.inf, hi: Any = math.inf) -> Any:
    """x, but at least lo and at most hi; its derivative is 1 on the bounds themselves.

    >>> import autograd
    >>> autograd.clip(5.0, 0.0, 1.0)
    1.0
    """
    return minimum(maximum(x, lo), hi)


def round(x: Any, digits: int | None = None) -> Any:
    """The nearest whole number, half to even, or x rounded to `digits` decimals; derivative 0. Stays a Value.

    Raises `TypeError` if `digits` is no int.

    >>> import autograd
    >>> autograd.round(2.5), autograd.round(3.14159, 2)
    (2.0, 3.14)
    """
    return elementwise.round(x) if digits is None else elementwise.round_digits(x, index(digits))


def digamma(x: Any) -> Any:
    """ψ(x), the derivative of lgamma: `polygamma(0, x)`.

    >>> import autograd
    >>> round(autograd.digamma(1.0), 6)
    -0.577216
    """
    return polygamma(0.0, x)


def trigamma(x: Any) -> Any:
    """ψ′(x), the derivative of digamma: `polygamma(1, x)`.

    >>> import autograd
    >>> round(autograd.trigamma(1.0), 6)
    1.644934
    """
    return polygamma(1.0, x)


if accelerator is not None:
    accelerator.setup(sum=sum, dot=dot)
    sum, dot = accelerator.sum, accelerator.dot
