"""Derivatives as graphs: the partials of the table over Values, and operations of a user's own.

The partials in `derivatives.py` compute floats, with the functions of `math` as globals. The same code with the library's own
operations as globals, `GENERIC`, computes Values: so a derivative can be differentiated again, to any order.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any

from autograd import derivatives, elementwise, modes
from autograd._engine.slow_path import MATH_ERRORS, checked, failure, make
from autograd._engine.special import LISTS
from autograd.elementwise import VALUES_AND_FLOATS
from autograd.table import CONSTANTS, SIGNATURES, TABLE, Op
from autograd.value import Value

GENERIC: dict[str, Any] = (
    CONSTANTS | LISTS | {name: f for name in TABLE if (f := vars(elementwise).get(f"_{name}" if name in SIGNATURES else name))}
)  # a row not yet generated is missing
"""The globals of the lifted partials: every operation by name, over Values and numbers alike."""


def lifted(function: Any, generic: dict[str, Any]) -> Any:
    """The same function with other globals: written for floats, it computes with Values."""
    return FunctionType(function.__code__, generic, function.__name__) if isinstance(function, FunctionType) else function


def define(op: Op) -> Callable[..., Any]:
    """The function of a custom operation: takes Values, numbers and NumPy arrays, raises a `TypeError` for anything else."""

    value, arity = op.value, op.arity

    def operation(*operands: Any) -> Any:
        if len(operands) != arity:
            raise TypeError(f"{op.name}() takes {arity} operands, not {len(operands)}")
        kinds = set(map(type, operands))
        if modes.active or not kinds <= VALUES_AND_FLOATS or Value not in kinds:
            return checked(op, operands)
        try:
            y = value(*[x._data if type(x) is Value else x for x in operands])
        except MATH_ERRORS as error:
            raise failure(op, operands, error) from None
        return make(op, operands, y)

    operation.__wrapped__ = op.value  # type: ignore[attr-defined] # for its signature
    operation.__name__ = operation.__qualname__ = op.name
    op.function, op.lifted = operation, op.partials
    return operation


for _name, _op in TABLE.items():
    if _name in GENERIC:
        _op.function = GENERIC[_name]
        _op.lifted = tuple(lifted(f, GENERIC) for f in _op.partials)
GENERIC["softmax"] = lifted(derivatives.softmax, GENERIC)
