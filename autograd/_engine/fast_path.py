"""The quick ways of the pure-Python engine: one closure per operation, for Values and floats in no special mode.

The trick is that a local derivative is computed at once where it is plain arithmetic on numbers already at hand (b and a for
a·b); any other one is left to the backward pass, which may never need it, or may not be able to evaluate it (√ at 0).
"""

from collections.abc import Callable, Sequence
from typing import Any

from autograd import modes as _modes
from autograd._engine.slow_path import MATH_ERRORS, careful, checked, failure, new
from autograd.table import FLOATS, Op
from autograd.value import Value, number, tick

modes = 0  # how many modes are active anywhere; kept by modes.py
_modes.counters.append(globals())


def unary(op: Op) -> Callable[[Any], Any]:
    """The function of a row of one operand."""
    value, da = op.value, op.partials[0]
    is_own_derivative = op.text[1:] == ("y",)

    def unary(x: Any) -> Any:
        if type(x) is not Value or modes:
            return checked(op, unary, (x,))
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


def binary(op: Op) -> Callable[[Any, Any], Any]:
    """The function of a row of two operands."""
    value, (da, db) = op.value, op.partials

    def binary(a: Any, b: Any) -> Any:
        if modes or (type(a) is not Value and type(a) is not float) or (type(b) is not Value and type(b) is not float):
            return checked(op, binary, (a, b))
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


def ternary(op: Op) -> Callable[..., Any]:
    """The function of a row of three operands; there is no quicker way than the careful one."""

    def ternary(a: Any, b: Any, c: Any) -> Any:
        return checked(op, ternary, (a, b, c))

    return ternary


def nary(op: Op) -> Callable[[Sequence[Any]], Any]:
    """The function of a row of any number of operands: it takes them as one list or tuple."""
    value, partials = op.value, op.partials

    def nary(operands: Sequence[Any]) -> Any:
        """Of a list or tuple of operands."""
        kinds = set(map(type, operands))
        if modes or not kinds <= _VALUES_AND_FLOATS:
            return checked(op, nary, operands)
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


def operator(op: Op) -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
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
        "other": lambda a, b: careful(op, function, (a, b)),
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
            y = careful(op, function, (a, b))
        return checked(op, function, (a, b)) if y is NotImplemented else y

    return operator, reflected, function
