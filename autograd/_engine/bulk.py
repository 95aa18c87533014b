"""Many leaves in one call: what an optimiser reads and assigns at every step.

These lines of Python are the definitions. Where the accelerator runs, its functions replace them: they run no Python code in
between, so a step of thousands of parameters is quick, and an interrupt finds all of them assigned or none.
"""

from collections.abc import Iterable, Sequence

from autograd.value import Value, accelerator

__all__ = ["assign", "assign_grads", "columns", "grads", "numbers"]


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
    columns, numbers, grads, assign, assign_grads = (
        getattr(accelerator, name) for name in ("columns", "numbers", "grads", "assign", "assign_grads")
    )
