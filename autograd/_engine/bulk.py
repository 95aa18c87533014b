"""Many leaves in one call: what an optimiser reads and assigns at every step.

These lines of Python are the definitions. Where the accelerator runs, its functions replace them: they run no Python code in
between, so a step of thousands of parameters is quick, and an interrupt finds all of them assigned or none.
"""

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from autograd.value import Value, accelerator

__all__ = ["assign", "assign_grads", "columns", "grads", "numbers", "put"]


def numbers(leaves: Sequence[Value]) -> list[float]:
    """The `data` of each.

    >>> from autograd import Value
    >>> from autograd._engine.bulk import numbers
    >>> numbers([Value(1.0), Value(2.0)])
    [1.0, 2.0]
    """
    return [v._data for v in leaves]


def grads(leaves: Sequence[Value]) -> list[float]:
    """The `grad` of each."""
    return [v.grad for v in leaves]


def columns(leaves: list[Value]) -> tuple[Sequence[float], Sequence[float]]:
    """The `data` of each and the `grad` of each, in the form that `update_rules` runs fastest: the accelerator's are arrays."""
    return numbers(leaves), grads(leaves)


def put(xs: Sequence[Any], view: Any, first: int, n: int, width: int) -> bool:
    """Write n floats into a view of doubles, from place `first` on; or, with a width, those of n lists of that length.

    False, and anything written, where `xs` is not that.

    >>> from array import array
    >>> from autograd._engine.bulk import put
    >>> x = array("d", [0.0, 0.0, 0.0])
    >>> put([2.0, 3.0], memoryview(x), 1, 2, 0), x.tolist()
    (True, [0.0, 2.0, 3.0])
    """
    if type(xs) not in {list, tuple} or len(xs) != n or first + n * (width or 1) > len(view):
        return False
    if width:
        if any(type(x) is not list or len(x) != width for x in xs):
            return False
        xs = list(chain.from_iterable(xs))
    if not {float}.issuperset(map(type, xs)):
        return False
    view[first : first + len(xs)] = array("d", xs)
    return True


def assign(leaves: Sequence[Value], data: Iterable[float]) -> None:
    """Assign the `data` of each leaf: of all, or on an error or an interrupt of none. Raises `ValueError` if lengths differ.

    >>> from autograd import Value
    >>> from autograd._engine.bulk import assign
    >>> x = Value(1.0)
    >>> assign([x], [3.0])
    >>> x.data
    3.0
    """
    data, before = list(data), numbers(leaves)
    if len(data) != len(before):
        raise ValueError(f"{len(before)} leaves take {len(before)} numbers, not {len(data)}")
    try:
        for v, x in zip(leaves, data):
            v.data = x
    except BaseException:
        for v, x in zip(leaves, before):
            if v.is_leaf:
                v.data = x
        raise


def assign_grads(leaves: Sequence[Value], grad: float) -> None:
    """Give each the same `grad`: 0.0 before a step."""
    for v in leaves:
        v.grad = grad


if accelerator is not None:
    columns, numbers, grads, put, assign, assign_grads = (
        getattr(accelerator, name) for name in ("columns", "numbers", "grads", "put", "assign", "assign_grads")
    )
