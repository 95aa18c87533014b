"""Derivatives as graphs: the partials of the table over Values, and operations of a user's own.

The partials in `derivatives.py` compute floats, with the functions of `math` as globals. The same code with the library's own
operations as globals, `GENERIC`, computes Values: so a derivative can be differentiated again, to any order.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any

from autograd import derivatives, elementwise
from autograd._engine.slow_path import checked
from autograd._engine.special import LISTS
from autograd.table import CONSTANTS, SIGNATURES, TABLE, Op

GENERIC: dict[str, Any] = (
    CONSTANTS | LISTS | {name: f for name in TABLE if (f := vars(elementwise).get(f"_{name}" if name in SIGNATURES else name))}
)  # a row not yet generated is missing
"""The globals of the lifted partials: every operation by name, over Values and numbers alike."""


def lifted(function: Any, generic: dict[str, Any]) -> Any:
    """The same function with other globals: written for floats, it computes with Values."""
    return FunctionType(function.__code__, generic, function.__name__) if isinstance(function, FunctionType) else function


def define(op: Op) -> Callable[..., Any]:
    """The function of a custom operation: takes Values, numbers and NumPy arrays, raises a `TypeError` for anything else."""

    def operation(*operands: Any) -> Any:
        if len(operands) != op.arity:
            raise TypeError(f"{op.name}() takes {op.arity} operands, not {len(operands)}")
        return checked(op, operands)

    operation.__wrapped__ = op.value  # type: ignore[attr-defined] # for its signature
    operation.__name__ = operation.__qualname__ = op.name
    op.function, op.lifted = operation, op.partials
    return operation


for _name, _op in TABLE.items():
    if _name in GENERIC:
        _op.function = GENERIC[_name]
        _op.lifted = tuple(lifted(f, GENERIC) for f in _op.partials)
GENERIC["softmax"] = lifted(derivatives.softmax, GENERIC)
