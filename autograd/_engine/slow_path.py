"""The slow path of recording: any operands, any mode, every error. Both engines come here from their fast paths.

The fast paths (the methods of `operators.py`, or the accelerator in C) serve Values and floats where no mode is active. They
leave the rest to this: other numbers, NumPy arrays, operands that a compiler traces, `no_grad`, anomalies, scopes, and values
outside a domain.
"""

from collections.abc import Sequence
from typing import Any

from autograd import modes as _modes
from autograd._engine import accelerator, tracing
from autograd._engine.numbers import describe, is_array, number, refuse, tick, value_types
from autograd.errors import AnomalyError, AutogradError, DivisionByZeroError, DomainError, RangeError
from autograd.table import Op

MATH_ERRORS = (ValueError, ZeroDivisionError, OverflowError)


class Note:
    """What few Values carry: a label, the scope and the source line they were recorded in."""

    __slots__ = ("label", "line", "scope")

    def __init__(self, label: str = "", scope: tuple[str, ...] = (), line: str = "") -> None:
        self.label, self.scope, self.line = label, scope, line


def failure(op: Op, operands: Sequence[Any], error: Exception) -> AutogradError:
    """The error for a value outside the domain: what `math` raised, with the operation, the operands and the domain."""
    if isinstance(error, AutogradError):
        return error  # of an operation inside a custom one
    where = shown(op, operands)
    if isinstance(error, ZeroDivisionError):
        return DivisionByZeroError(f"{where} divides by zero")
    if isinstance(error, OverflowError):
        return RangeError(f"{where} is too large for a float")
    return DomainError(f"{where} is undefined" + (f"; the domain is {op.domain}" if op.domain else ""))


def shown(op: Op, operands: Sequence[Any]) -> str:
    """An operation at its operands, as errors show it: `log(w = -1.0)`."""
    return f"{op.name}({', '.join(describe(x) for x in operands[:8])}{', …' if len(operands) > 8 else ''})"


def evaluate(op: Op, operands: Sequence[Any]) -> float:
    """The operation's value at these operands, Values or floats."""
    xs = [x._data if type(x) in value_types else x for x in operands]
    try:
        return float(op.value(xs) if op.nary else op.value(*xs))
    except AutogradError:
        raise
    except MATH_ERRORS as error:
        raise failure(op, operands, error) from None


def record(op: Op, operands: tuple[Any, ...]) -> Any:
    """A new Value computed by `op` from these operands (Values or floats, at least one Value), in the current mode."""
    y = evaluate(op, operands)
    mode = _modes.current()
    line = _modes.users_line() if mode.lines else ""
    if mode.anomaly and not abs(y) < float("inf"):
        raise AnomalyError(f"{shown(op, operands)} produced {y!r}\n  recorded at {line}")
    if not mode.recording:
        [value_type] = value_types
        return value_type(y)
    v = make(op, operands, y)
    if mode.scope or line:
        v._note = Note("", mode.scope, line)
    return v


def make(op: Op, operands: tuple[Any, ...], y: float) -> Any:
    """A new Value, computed by `op` from these operands (Values or floats, at least one Value), whatever the mode."""
    [value_type] = value_types
    v: Any = object.__new__(value_type)
    v._data, v._op, v._seq = y, op, tick()
    v._b = v._db = v._mark = None
    if op.arity == 1:
        v._a, v._da = operands[0], op.partials[0]
    elif op.arity == 2:
        v._a, v._b = operands
        v._da, v._db = (f if type(x) in value_types else None for x, f in zip(operands, op.partials, strict=True))
    else:
        v._a, v._da = operands, op.partials
    return v


def careful(op: Op, operands: Sequence[Any]) -> Any:
    """The operation for any mix of Values, plain numbers and arrays; `NotImplemented` for what is no number."""
    kinds = set(map(type, operands))
    if kinds - {float} == value_types:  # Values and floats: here because of a mode, or of an error
        return record(op, tuple(operands))
    traced = tracing.tracer(operands)
    if traced is not None and ({float, type(traced)}.issuperset(map(type, operands)) or not any(map(is_array, operands))):
        return traced.record(op, operands)
    xs = [x if type(x) in value_types else number(x) for x in operands]
    if any(x is NotImplemented for x in xs):
        return _elementwise(op, operands) if any(is_array(x) for x in operands) else NotImplemented
    return record(op, tuple(xs)) if any(type(x) in value_types for x in xs) else evaluate(op, xs)


def checked(op: Op, operands: Sequence[Any]) -> Any:
    """As `careful`, with a `TypeError` for what is no number."""
    y = careful(op, operands)
    if y is NotImplemented:
        refuse(op.name, next(x for x in operands if type(x) not in value_types and number(x) is NotImplemented))
    return y


def _elementwise(op: Op, operands: Sequence[Any]) -> Any:
    """The operation for each element of NumPy arrays, broadcast, as an object array."""
    import numpy as np

    def boxed(x: Any) -> Any:
        box = np.empty((), dtype=object)
        box[()] = x
        return box

    each = (lambda *xs: checked(op, xs)) if op.nary else op.function
    return np.frompyfunc(each, len(operands), 1)(*(x if is_array(x) else boxed(x) for x in operands))


if accelerator.module is not None:
    make = accelerator.module.make
