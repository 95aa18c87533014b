"""How an operation is recorded: from a row of the table to a function that takes Values and returns a Value.

`define` makes that function. Each has a quick path for the common case, Values and floats in no special mode, and leaves
the rest to `_careful`: other numbers, NumPy arrays, active modes, errors. The trick of the quick path is that a local
derivative is computed at once where it is plain arithmetic on numbers already at hand (b and a for a·b); any other one is
left to the backward pass, which may never need it, or may not be able to evaluate it (√ at 0).
"""

import math
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any, NoReturn

from autograd import modes as _modes
from autograd import tracing
from autograd.errors import AnomalyError, AutogradError, DivisionByZeroError, DomainError, RangeError
from autograd.ops import CONSTANTS, FLOATS, TABLE, Op, lift, lifted
from autograd.special import LISTS
from autograd.value import Note, Value, accelerator, describe, is_array, number, tick

MATH_ERRORS = (ValueError, ZeroDivisionError, OverflowError)
modes = 0  # how many modes are active anywhere; kept by modes.py
_modes.counters.append(globals())

new = object.__new__

GENERIC: dict[str, Any] = CONSTANTS | LISTS
"""The globals of the lifted partials: every operation by name, over Values and numbers alike."""


# ---- the careful way


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


def _careful(op: Op, function: Callable[..., Any], operands: Sequence[Any]) -> Any:
    """The operation for any mix of Values, plain numbers and arrays; `NotImplemented` for what is no number."""
    traced = tracing.tracer(operands)
    if traced is not None and not any(is_array(x) for x in operands):
        return traced.record(op, operands)
    xs = [x if type(x) is Value else number(x) for x in operands]
    if any(x is NotImplemented for x in xs):
        return _elementwise(function, operands) if any(is_array(x) for x in operands) else NotImplemented
    return record(op, tuple(xs)) if any(type(x) is Value for x in xs) else evaluate(op, xs)


def _checked(op: Op, function: Callable[..., Any], operands: Sequence[Any]) -> Any:
    """As `_careful`, with a `TypeError` for what is no number."""
    y = _careful(op, function, operands)
    if y is NotImplemented:
        refuse(op.name, next(x for x in operands if type(x) is not Value and number(x) is NotImplemented))
    return y


def refuse(name: str, x: Any) -> NoReturn:
    """The `TypeError` for an operand that is no number."""
    raise TypeError(f"{name}() takes Values and real numbers, not {type(x).__name__}")


def _elementwise(function: Callable[..., Any], operands: Sequence[Any]) -> Any:
    """`function` for each element of NumPy arrays, broadcast, as an object array."""
    import numpy as np

    def boxed(x: Any) -> Any:
        box = np.empty((), dtype=object)
        box[()] = x
        return box

    return np.frompyfunc(function, len(operands), 1)(*(x if is_array(x) else boxed(x) for x in operands))


# ---- the quick ways


def _unary(op: Op) -> Callable[[Any], Any]:
    value, da = op.value, op.partials[0]
    is_own_derivative = op.text[1:] == ("y",)

    def unary(x: Any) -> Any:
        if type(x) is not Value or modes:
            return _checked(op, unary, (x,))
        try:
            y = value(x._data)
        except MATH_ERRORS as error:
            raise failure(op, (x,), error) from None
        v: Value = new(Value)
        v._data = y
        v._op = op
        v._a = x
        v._da = y if is_own_derivative else da
        v._b = v._db = v._mark = None
        v._seq = tick()
        return v

    return unary


def _binary(op: Op) -> Callable[[Any, Any], Any]:
    value, (da, db) = op.value, op.partials

    def binary(a: Any, b: Any) -> Any:
        if modes or (type(a) is not Value and type(a) is not float) or (type(b) is not Value and type(b) is not float):
            return _checked(op, binary, (a, b))
        p, edge_a = (a._data, da) if type(a) is Value else (a, None)
        q, edge_b = (b._data, db) if type(b) is Value else (b, None)
        try:
            y = value(p, q)
        except MATH_ERRORS as error:
            raise failure(op, (a, b), error) from None
        if edge_a is None and edge_b is None:
            return y
        v: Value = new(Value)
        v._data = y
        v._op = op
        v._a = a
        v._da = edge_a
        v._b = b
        v._db = edge_b
        v._mark = None
        v._seq = tick()
        return v

    return binary


def _checked_function(op: Op) -> Callable[..., Any]:
    """The careful way and no other: for rows and custom operations that the accelerator leaves to Python."""

    def operation(*operands: Any) -> Any:
        if len(operands) != op.arity:
            raise TypeError(f"{op.name}() takes {op.arity} operands, not {len(operands)}")
        return _checked(op, operation, operands)

    return operation


def _ternary(op: Op) -> Callable[..., Any]:
    def ternary(a: Any, b: Any, c: Any) -> Any:
        return _checked(op, ternary, (a, b, c))

    return ternary


def _nary(op: Op) -> Callable[[Sequence[Any]], Any]:
    value, partials = op.value, op.partials

    def nary(operands: Sequence[Any]) -> Any:
        """Of a list or tuple of operands."""
        kinds = set(map(type, operands))
        if modes or not kinds <= _VALUES_AND_FLOATS:
            return _checked(op, lambda *xs: nary(xs), operands)
        try:
            y = value([x._data if type(x) is Value else x for x in operands])
        except MATH_ERRORS as error:
            raise failure(op, operands, error) from None
        if Value not in kinds:
            return y
        v: Value = new(Value)
        v._data = y
        v._op = op
        v._a = tuple(operands)
        v._da = partials
        v._b = v._db = v._mark = None
        v._seq = tick()
        return v

    return nary


_VALUES_AND_FLOATS = {Value, float}

# The operators of two operands are where programs spend their time, so the row's text is put into this template: a rule is
# stated once, in the table, and runs as fast as if it stood here. A, B are the operands as given, a, b their numbers.
_OPERATOR = """
def operator(A, B):
    if modes: return other(A, B)
    a = A._data
    if type(B) is Value:
        b = B._data{both}
    b = B if type(B) is float else number(B)
    if b is NotImplemented: return other(A, B)
    B = b{left}

def reflected(B, A):
    if modes: return other(A, B)
    a = A if type(A) is float else number(A)
    if a is NotImplemented: return other(A, B)
    A = a; b = B._data{right}
"""

_MAKE = """
{indent}try: y = {value}
{indent}except MATH_ERRORS as error: raise failure(op, (A, B), error) from None
{indent}v = new(Value); v._data = y; v._op = op; v._a = A; v._da = {da}; v._b = B; v._db = {db}; v._seq = tick(); v._mark = None
{indent}return v"""


def _operator(op: Op) -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    """From a row of two operands: the operator, its reflected form, and the function, which refuses what is no number."""
    da, db = (text if "(" not in text and "/" not in text else f"partial{i}" for i, text in enumerate(op.text[1:]))
    source = _OPERATOR.format(
        both=_MAKE.format(indent=" " * 8, value=op.text[0], da=da, db=db),
        left=_MAKE.format(indent=" " * 4, value=op.text[0], da=da, db="None"),
        right=_MAKE.format(indent=" " * 4, value=op.text[0], da="None", db=db),
    )
    space = FLOATS | {
        "Value": Value, "new": new, "tick": tick, "number": number, "failure": failure, "MATH_ERRORS": MATH_ERRORS,
        "op": op, "modes": 0, "partial0": op.partials[0], "partial1": op.partials[1],
        "other": lambda a, b: _careful(op, function, (a, b)),
    }  # fmt: skip
    exec(compile(source, f"<operator {op.name}>", "exec"), space)  # noqa: S102 - our own rows
    _modes.counters.append(space)
    operator, reflected = space["operator"], space["reflected"]

    def function(a: Any, b: Any) -> Any:
        if type(a) is Value:
            y = operator(a, b)
        elif type(b) is Value:
            y = reflected(b, a)
        else:
            y = _careful(op, function, (a, b))
        return _checked(op, function, (a, b)) if y is NotImplemented else y

    return operator, reflected, function


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
        operator, reflected, function = _operator(op)
        setattr(Value, f"__{special}__", operator)
        setattr(Value, f"__r{special}__", reflected)
    else:
        makers: tuple[Callable[[Op], Callable[..., Any]], ...] = (_nary, _unary, _binary, _ternary)
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
    make = accelerator.make
    _modes.listeners.append(accelerator.count_modes)
    accelerator.setup(
        rows=TABLE,
        hypot=math.hypot,
        careful=lambda op, *operands: _careful(op, GENERIC[op.name], operands),
        checked=lambda op, operands: _checked(op, GENERIC[op.name], operands),
        docs={name: docstring(op) for name, op in TABLE.items()},
    )

for _op in TABLE.values():
    define(_op)

GENERIC["softmax"] = lifted(FLOATS["softmax"], GENERIC)
