"""Layers of dot products in one call: what a network computes of its inputs.

The definition is a few lines of Python. In the accelerator nodes share their operands: all nodes of one layer in one call hold
one list of its inputs, and all nodes of one neuron, in all calls, hold one list of its weights.
"""

from collections.abc import Callable
from typing import Any

from autograd._engine.numbers import is_array
from autograd.functions import dot
from autograd.value import accelerator

__all__ = ["dense", "through"]

Layer = tuple[list[list[Any]], list[Any], Callable[[Any], Any] | None, Any]


def dense(rows: list[list[Any]], starts: list[Any], function: Callable[[Any], Any] | None) -> Layer:
    """What `through` takes for a layer: a row of factors and a start for each output, and what is applied to that, or None.

    The lists are read at each call. The fourth entry is the accelerator's.
    """
    return rows, starts, function, None


def through(x: list[Any], layers: tuple[Layer, ...]) -> Any:
    """The outputs of the last layer, of which the first has the inputs `x` and each one those of the one before.

    An output is `function(dot(row, inputs, start))`; all dot products of a layer are recorded before its functions. A list, but
    for a layer of width 1 its one output. Raises `ValueError` where lengths differ.

    >>> from autograd import Value, relu
    >>> from autograd._engine.fused_layers import dense, through
    >>> hidden, last = dense([[Value(1.0), 2.0], [3.0, 4.0]], [0.5, -9.0], relu), dense([[Value(2.0), 1.0]], [0.0], None)
    >>> [y.data for y in through([1.0, 1.0], (hidden, hidden))], through([1.0, 1.0], (hidden, last)).data
    ([4.0, 1.5], 7.0)
    """
    for rows, starts, function, _ in layers:
        x = [dot(row, x, start) for row, start in zip(rows, starts, strict=True)]
        if function is not None:
            x = list(map(function, x))
        if any(map(is_array, x)):
            raise TypeError("through() takes Values and real numbers, not arrays")
    return x[0] if len(x) == 1 else x


if accelerator is not None:
    accelerator.setup(through=through)
    dense, through = accelerator.dense, accelerator.through
