"""Many dot products with one vector, in one call: what a layer computes, or a matrix times a vector."""

from collections.abc import Sequence
from typing import Any

from autograd.functions import dot
from autograd.value import accelerator

__all__ = ["dots"]


def dots(rows: Sequence[Sequence[Any]], x: Sequence[Any], starts: Sequence[Any]) -> list[Any]:
    """`[dot(row, x, start) for row, start in zip(rows, starts)]`, one node for each row.

    Raises `ValueError` where lengths differ.

    >>> from autograd import Value
    >>> from autograd.rows import dots
    >>> [y.data for y in dots([[Value(1.0), 2.0], [Value(3.0), 4.0]], [10.0, 1.0], [0.5, 0.0])]
    [12.5, 34.0]
    """
    return [dot(row, x, start) for row, start in zip(rows, starts, strict=True)]


if accelerator is not None:
    accelerator.setup(dots=dots, docs={"dots": dots.__doc__})
    dots = accelerator.dots
