"""From a row of the table to a function that takes Values and returns a Value.

`define` makes that function: the accelerator's, where there is one for the row; else the quick way of the pure-Python engine.
Every function made from the table is a global of the lifted partials, which is how derivatives come to be graphs.
"""

import math
from collections.abc import Callable
from types import FunctionType
from typing import Any

from autograd import modes
from autograd._engine import fast_path as quick
from autograd._engine.slow_path import MATH_ERRORS, careful, checked
from autograd._engine.special import LISTS
from autograd.table import CONSTANTS, FLOATS, TABLE, Op, lift, lifted
from autograd.value import Value, accelerator

GENERIC: dict[str, Any] = CONSTANTS | LISTS
"""The globals of the lifted partials: every operation by name, over Values and numbers alike."""

OPERATORS = {
    "neg": "neg", "abs": "abs", "floor": "floor", "ceil": "ceil", "trunc": "trunc",
    "add": "add", "sub": "sub", "mul": "mul", "div": "truediv", "pow": "pow", "mod": "mod", "floordiv": "floordiv",
}  # fmt: skip
"""Which rows are operators of Python, and the names of their special methods."""


def define(op: Op, *, public: bool = True) -> Callable[..., Any]:
    """The function of a row: takes Values, numbers and NumPy arrays, raises a `TypeError` for anything else.

    That of a public row becomes a global of the lifted partials, and where it is an operator, a special method of `Value`.
    """
    function: Callable[..., Any]
    special = OPERATORS.get(op.name) if public else None
    if accelerator is not None and public and op.name in accelerator.operations:
        function = accelerator.operations[op.name]
        if special in {"floor", "ceil", "trunc"}:
            setattr(Value, f"__{special}__", vars(Value)[op.name])
    elif accelerator is not None:
        function = _checked_function(op)
    elif special and op.arity == 2:
        operator, reflected, function = quick.operator(op)
        setattr(Value, f"__{special}__", operator)
        setattr(Value, f"__r{special}__", reflected)
    else:
        makers: tuple[Callable[[Op], Callable[..., Any]], ...] = (quick.nary, quick.unary, quick.binary, quick.ternary)
        function = makers[op.arity](op)
        if special:
            setattr(Value, f"__{special}__", function)
    lift(op, GENERIC if public else None)
    if public:
        GENERIC[op.name] = function
    if isinstance(function, FunctionType):
        function.__name__ = function.__qualname__ = op.name
        if public:
            function.__module__, function.__doc__ = "autograd.functions", docstring(op)
    return function


def _checked_function(op: Op) -> Callable[..., Any]:
    """The careful way and no other: for rows and custom operations that the accelerator leaves to Python."""

    def operation(*operands: Any) -> Any:
        if len(operands) != op.arity:
            raise TypeError(f"{op.name}() takes {op.arity} operands, not {len(operands)}")
        return checked(op, operation, operands)

    operation.__wrapped__ = op.value  # type: ignore[attr-defined] # for its signature
    return operation


def docstring(op: Op) -> str:
    """What the row says, in words, with an example that runs; plain float in, plain float out."""
    parameters = ", ".join(op.inputs)
    _, *partials = op.text
    lines = [f"{op.name}({parameters}): {op.about}.", ""]
    lines += [f"∂y/∂{x} = {text}" for x, text in zip(op.inputs, partials, strict=True)]
    if op.domain:
        lines.append(f"Raises DomainError or DivisionByZeroError outside the domain {op.domain}.")
    samples: dict[int, list[tuple[float, ...]]] = {1: [(0.5,), (2.0,)], 2: [(3.0, 2.0)], 3: [(3.0, 2.0, 1.0)]}
    for sample in samples.get(op.arity, []):
        try:
            y = op.value(*sample)
        except MATH_ERRORS:
            continue
        lines += ["", ">>> import autograd", f">>> autograd.{op.name}({', '.join(map(str, sample))})", repr(y)]
        break
    return "\n".join(lines)


if accelerator is not None:
    modes.listeners.append(accelerator.count_modes)
    accelerator.setup(
        rows=TABLE,
        hypot=math.hypot,
        careful=lambda op, *operands: careful(op, GENERIC[op.name], operands),
        checked=lambda op, operands: checked(op, GENERIC[op.name], operands),
        docs={name: f"{name}({', '.join(op.inputs)}, /)\n--\n\n{docstring(op)}" for name, op in TABLE.items()},
    )

for _op in TABLE.values():
    define(_op)

GENERIC["softmax"] = lifted(FLOATS["softmax"], GENERIC)
