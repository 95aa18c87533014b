"""Operands of operations: what is a number, what is a Value, how errors show them; and the count of what is recorded."""

from itertools import count
from typing import Any, NoReturn

from autograd._engine import accelerator
from autograd._engine.tracing import kinds
from autograd.errors import RangeError

tick = count(1).__next__ if accelerator.module is None else accelerator.module.tick
"""Numbers Values in the order of their recording."""

value_types: set[Any] = set()
"""The type `Value`, the only one: it is defined later, from operators that need to tell its instances from numbers."""


def number(x: Any) -> Any:
    """`x` as a float if it is a real number other than a Value, else `NotImplemented`."""
    kind = type(x)
    if not isinstance(x, (int, float)):
        dtype = getattr(x, "dtype", None)
        if dtype is not None:  # NumPy's real scalars and 0-d arrays
            if getattr(dtype, "kind", "") not in "biuf" or getattr(x, "ndim", 1) != 0:
                return NotImplemented
        elif kind in value_types or kind in kinds or not hasattr(kind, "__float__"):  # Fraction and Decimal have it
            return NotImplemented
    try:
        return float(x)
    except OverflowError:
        raise RangeError(f"this {kind.__name__} is too large for a float") from None


def is_array(x: Any) -> bool:
    """Whether `x` is a NumPy array (of at least one dimension); does not import NumPy."""
    return getattr(x, "ndim", 0) > 0 and hasattr(x, "__array__")


def describe(x: Any) -> str:
    """A Value or number as errors show it: `w = 0.5`, or `0.5` if it has no label."""
    if type(x) not in value_types:
        return repr(x)
    return f"{x.label} = {x._data!r}" if x.label else repr(x._data)


def refuse(name: str, x: Any) -> NoReturn:
    """The `TypeError` for an operand that is no number."""
    raise TypeError(f"{name}() takes Values and real numbers, not {type(x).__name__}")
