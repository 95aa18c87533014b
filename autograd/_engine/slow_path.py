"""The careful way to record an operation: any operands, any mode, every error. Both engines come here when it matters.

The quick ways (`quick.py`, or the accelerator in C) serve Values and floats in no special mode and leave the rest to this:
other numbers, NumPy arrays, traced operands, `no_grad`, anomalies, scopes, and whatever lies outside a domain.
"""

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from autograd import modes as _modes
from autograd._engine import tracing
from autograd.errors import AnomalyError, AutogradError, DivisionByZeroError, DomainError, RangeError
from autograd.table import Op
from autograd.value import Note, Value, accelerator, describe, is_array, number, tick

MATH_ERRORS = (ValueError, ZeroDivisionError, OverflowError)

new = object.__new__


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
    xs = [x._data if type(x) is Value else x for x in operands]
    try:
        return float(op.value(xs) if op.nary else op.value(*xs))
    except AutogradError:
        raise
    except MATH_ERRORS as error:
        raise failure(op, operands, error) from None


def record(op: Op, operands: tuple[Any, ...]) -> Value:
    """A new Value computed by `op` from these operands (Values or floats, at least one Value), in the current mode."""
    y = evaluate(op, operands)
    mode = _modes.current()
    line = _modes.users_line() if mode.lines else ""
    if mode.anomaly and not abs(y) < float("inf"):
        raise AnomalyError(f"{shown(op, operands)} produced {y!r}\n  recorded at {line}")
    if not mode.recording:
        return Value(y)
    v = make(op, operands, y)
    if mode.scope or line:
        v._note = Note("", mode.scope, line)
    return v


def make(op: Op, operands: tuple[Any, ...], y: float) -> Value:
    """A new Value, computed by `op` from these operands (Values or floats, at least one Value), whatever the mode."""
    v: Value = new(Value)
    v._data, v._op, v._seq = y, op, tick()
    v._b = v._db = v._mark = None
    if op.arity == 1:
        v._a, v._da = operands[0], op.partials[0]
    elif op.arity == 2:
        v._a, v._b = operands
        v._da, v._db = (f if type(x) is Value else None for x, f in zip(operands, op.partials, strict=True))
    else:
        v._a, v._da = operands, op.partials
    return v


def careful(op: Op, function: Callable[..., Any], operands: Sequence[Any]) -> Any:
    """The operation for any mix of Values, plain numbers and arrays; `NotImplemented` for what is no number."""
    traced = tracing.tracer(operands)
    if traced is not None and ({float, type(traced)}.issuperset(map(type, operands)) or not any(map(is_array, operands))):
        return traced.record(op, operands)
    xs = [x if type(x) is Value else number(x) for x in operands]
    if any(x is NotImplemented for x in xs):
        return _elementwise(op, function, operands) if any(is_array(x) for x in operands) else NotImplemented
    return record(op, tuple(xs)) if any(type(x) is Value for x in xs) else evaluate(op, xs)


def checked(op: Op, function: Callable[..., Any], operands: Sequence[Any]) -> Any:
    """As `careful`, with a `TypeError` for what is no number."""
    y = careful(op, function, operands)
    if y is NotImplemented:
        refuse(op.name, next(x for x in operands if type(x) is not Value and number(x) is NotImplemented))
    return y


def refuse(name: str, x: Any) -> NoReturn:
    """The `TypeError` for an operand that is no number."""
    raise TypeError(f"{name}() takes Values and real numbers, not {type(x).__name__}")


def _elementwise(op: Op, function: Callable[..., Any], operands: Sequence[Any]) -> Any:
    """`function` for each element of NumPy arrays, broadcast, as an object array."""
    import numpy as np

    def boxed(x: Any) -> Any:
        box = np.empty((), dtype=object)
        box[()] = x
        return box

    each = (lambda *xs: function(xs)) if op.nary else function
    return np.frompyfunc(each, len(operands), 1)(*(x if is_array(x) else boxed(x) for x in operands))


if accelerator is not None:
    make = accelerator.make
