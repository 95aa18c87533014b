"""`Value`: a number that remembers how it was computed.

A computed Value holds its operation (a row of the table), its operands, and for each operand the edge back to it: the
local derivative where it is plain arithmetic on numbers at hand, or else the row's function that computes it. The operators
and methods that fill these slots are in `operators.py`, written from the table; `chain.py` walks them backward.

A node has no closure, no set, and no container for one or two operands: slots hold them (a tuple serves `sum`, `dot` and the
like), and a constant operand stays a plain float instead of becoming a node. Operands are always older than the Value computed
from them, so graphs hold no cycles and are freed without the garbage collector. `Value` cannot be subclassed, so one comparison
of types tells an operand from a number.
"""

import math
import operator
from array import array
from collections.abc import Callable
from operator import index
from typing import TYPE_CHECKING, Any, NoReturn

from autograd import chain, modes
from autograd._engine import accelerator as _accelerator
from autograd._engine.numbers import describe, is_array, number, tick, value_types
from autograd._engine.slow_path import Note, careful, checked
from autograd._engine.tracing import kinds
from autograd.errors import GraphError
from autograd.operators import Operators
from autograd.table import SIGNATURES, TABLE, Op


class Value(Operators):
    """A float64 that records the operations applied to it, so that `backward()` can tell its influence on a result.

    `data` is any real number: int, float, bool, Fraction, Decimal, a NumPy real scalar. Anything else is a `TypeError`.
    `label` names it in pictures and errors. Every operation of the table is a method (`x.exp()`) and a function
    (`autograd.exp(x)`), and mixes with plain numbers. `==` compares by value, `hash` goes by identity, as in PyTorch.

    >>> from autograd import Value
    >>> x = Value(3.0, label="x")
    >>> y = x * x + 1
    >>> y.backward()
    >>> y.data, x.grad
    (10.0, 6.0)
    """

    # _op, the row, is None for a leaf. _a and _b are the operands: Values or floats; _a is a tuple where there may be
    # more than two. _da and _db are the edges back: a float, the row's function that computes it, or None for a constant.
    # _b of a leaf is the tick at which its data was last assigned. _grad and _note are unset until needed. _mark and _bar
    # belong to a running backward pass.
    __slots__ = ("_a", "_b", "_bar", "_da", "_data", "_db", "_grad", "_mark", "_note", "_op", "_seq")

    __array_priority__ = 1e6  # NumPy leaves operators to us, and asks the methods for its functions
    __hash__ = object.__hash__

    _data: float
    _grad: float
    _op: Op | None
    _a: Any
    _da: Any
    _b: Any
    _db: Any
    _seq: int
    _mark: object
    _bar: Any
    _note: Note

    def __init__(self, data: Any, *, label: str = "") -> None:
        if type(data) is not float:
            data = _leaf_number(data)
        self._data = data
        self._op = self._a = self._da = self._b = self._db = self._mark = None
        self._seq = tick()
        if label != "":
            self.label = label

    def __init_subclass__(cls, **_: Any) -> NoReturn:
        raise TypeError("Value cannot be subclassed: the type of every result is Value; wrap it, or use a label")

    # ---- the number, its gradient, its name

    @property
    def data(self) -> float:
        """The number. Assigning it steps a leaf; on a computed Value it raises `GraphError`."""
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        if self._op is not None:
            _refuse_data(self)
        self._data = data if type(data) is float else _leaf_number(data)
        self._b = tick()

    @property
    def grad(self) -> float:
        """The gradient the last `backward()` found here; on a leaf, the sum over all since it was last reset. 0.0 before."""
        try:
            return self._grad
        except AttributeError:
            return 0.0

    @grad.setter
    def grad(self, grad: Any) -> None:
        self._grad = grad if type(grad) is float else _leaf_number(grad)

    @grad.deleter
    def grad(self) -> None:
        if self.reached:
            del self._grad

    @property
    def reached(self) -> bool:
        """Whether a backward pass has reached this Value (or its `grad` was assigned)."""
        return hasattr(self, "_grad")

    @property
    def label(self) -> str:
        """The name shown in pictures and errors; "" if it has none."""
        note: Note = getattr(self, "_note", _NO_NOTE)
        return note.label

    @label.setter
    def label(self, label: str) -> None:
        if not isinstance(label, str):
            raise TypeError(f"a label is a str, not {type(label).__name__}")
        _note(self).label = "".join([label])  # a subclass of str could refer back to this Value

    @property
    def scope(self) -> tuple[str, ...]:
        """The names of the scopes it was recorded in, outermost first."""
        note: Note = getattr(self, "_note", _NO_NOTE)
        return note.scope

    @scope.setter
    def scope(self, scope: tuple[str, ...]) -> None:
        _note(self).scope = tuple("".join([name]) for name in scope)

    @property
    def is_leaf(self) -> bool:
        """True for a Value that no operation computed."""
        return self._op is None

    def detach(self) -> "Value":
        """A new leaf with the same data: what is computed from it sends no gradient back to this Value.

        >>> from autograd import Value
        >>> x = Value(3.0)
        >>> y = x * x.detach()
        >>> y.backward()
        >>> x.grad
        3.0
        """
        return Value(self._data, label=self.label)

    def backward(self) -> None:
        """Set `.grad` of every Value that this one was computed from to ∂self/∂that, and *add* it to the `.grad` of leaves.

        Calling it twice on one graph adds exactly one more gradient to the leaves; `zero_grad()` of modules and optimisers, or
        `x.grad = 0`, resets. Raises `StaleValueError` if a leaf's data was assigned since the graph was recorded, and
        `DerivativeError` where a derivative that is needed does not exist; then no leaf's gradient has changed.

        >>> from autograd import Value
        >>> a, b = Value(2.0), Value(-3.0)
        >>> (a * b + a.tanh()).backward()
        >>> round(a.grad, 4), b.grad
        (-2.9293, 2.0)
        """
        chain.backward(self)

    # ---- methods of more than one row, and those whose row has other operands

    def clip(self, lo: "Value | float" = -math.inf, hi: "Value | float" = math.inf) -> "Value":
        """At least lo and at most hi; the derivative is 1 on the bounds themselves."""
        return self.maximum(lo).minimum(hi)

    def round(self, digits: int | None = None) -> "Value":
        """The nearest whole number, half to even, or rounded to `digits` decimals; derivative 0."""
        if digits is None:
            return self.rint()
        rounded: Value = checked(TABLE["round_digits"], (self, index(digits)))
        return rounded

    __round__ = round

    def __divmod__(self, other: "Value | float") -> "tuple[Value, Value]":
        return self // other, self % other

    def __rdivmod__(self, other: "Value | float") -> "tuple[Value, Value]":
        return other // self, other % self

    # ---- comparisons: of the numbers, giving bool; and what else Python asks of a number

    def __lt__(self, other: "Value | float") -> bool:
        return _compare(operator.lt, self, other)

    def __le__(self, other: "Value | float") -> bool:
        return _compare(operator.le, self, other)

    def __gt__(self, other: "Value | float") -> bool:
        return _compare(operator.gt, self, other)

    def __ge__(self, other: "Value | float") -> bool:
        return _compare(operator.ge, self, other)

    def __eq__(self, other: object) -> bool:
        return _compare(operator.eq, self, other)

    def __ne__(self, other: object) -> bool:
        return _compare(operator.ne, self, other)

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self._data!r}, grad={self.grad!r}{label})"

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)

    def __bool__(self) -> bool:
        return self._data != 0.0

    def __pos__(self) -> "Value":
        return self

    conjugate = __pos__  # NumPy's name

    def __float__(self) -> float:
        raise TypeError(
            "float(v) of a Value would lose its gradient; use v.data for the number, or autograd.exp(v) and the like "
            "instead of math.exp(v) to keep the gradient"
        )

    def __int__(self) -> int:
        raise TypeError("int(v) of a Value would lose its gradient; use int(v.data) for the number, or autograd.trunc(v)")

    def __complex__(self) -> complex:
        raise TypeError("complex(v) of a Value would lose its gradient; use complex(v.data)")

    def __reduce__(self) -> tuple[Any, ...]:
        if self._op is not None:
            raise GraphError(
                f"{describe(self)} was computed by {self._op.name}; a copy of it would have lost its graph and with it "
                "its gradient: copy the leaves, or v.detach()"
            )
        return _leaf, (self._data, getattr(self, "_grad", None), self.label)


_NO_NOTE = Note()


def _note(v: Value) -> Note:
    """The note of this Value, to be changed."""
    try:
        return v._note
    except AttributeError:
        v._note = Note()
        return v._note


def _leaf(data: float, grad: float | None, label: str) -> Value:
    v = Value(data, label=label)
    if grad is not None:
        v._grad = grad
    return v


def _leaf_number(x: Any) -> float:
    y: float = number(x)
    if y is NotImplemented:
        fix = "convert it with float() first"
        if isinstance(x, (str, bytes, bytearray)):
            fix = "convert it first: Value(float(text))"
        elif isinstance(x, complex) or getattr(getattr(x, "dtype", None), "kind", "") == "c":
            fix = "take its real part, or its modulus"
        elif isinstance(x, (list, tuple, set)) or is_array(x):
            fix = "use [Value(x) for x in …], one for each number"
        elif type(x) is Value:
            fix = "use v.detach() for a copy without history, or v itself"
        elif x is None:
            fix = "give a number"
        elif type(x) in kinds:
            fix = "compute with it as it is, in a compiled function"
        raise TypeError(f"a Value holds one real number, not {type(x).__name__}; {fix}")
    return y


def _compare(of_floats: Callable[[Any, Any], bool], a: Value, b: Any) -> bool:
    if type(b) is Value:
        return of_floats(a._data, b._data)
    if type(b) is float or is_array(b):
        return of_floats(a._data, b)
    if hasattr(type(b), "__float__") or type(b) is complex:  # as float does: exactly, for int, Fraction and Decimal
        return bool(of_floats(a._data, b))
    return NotImplemented  # type: ignore[no-any-return] # what Python asks of a comparison


# ---- the accelerator: the same Value in C, where it was built


def _refuse_data(v: Value) -> NoReturn:
    name = v._op.name if v._op is not None else ""
    raise GraphError(
        f"{describe(v)} was computed by {name}; only the data of a leaf can be assigned: "
        "assign the leaves and compute it again, or take v.detach()"
    )


accelerator = _accelerator.module
"""The module in C, or None."""

engine = "python" if accelerator is None else "c"
"""Which of the two engines runs: "c" or "python"."""

if not TYPE_CHECKING and accelerator is not None:
    PythonValue, Value = Value, accelerator.Value
    own = {*PythonValue.__slots__, "__slots__", "__annotations__"}
    for _name in set(accelerator.operations) & set(vars(Value)) - set(vars(Operators)):
        delattr(Value, _name)
    for _class in (Operators, PythonValue):
        for _name, _attribute in vars(_class).items():
            # What the type in C does not do itself: labels, copying, conversions, and the words of every refusal.
            if _name not in vars(Value) and _name not in own:
                setattr(Value, _name, getattr(Value, getattr(_attribute, "__name__", ""), _attribute))
    for _name in ("__repr__", "__format__", "__init_subclass__", "__reduce__", "__doc__", "round", "__round__"):
        setattr(Value, _name, vars(PythonValue)[_name])
    for _name in SIGNATURES:  # these have a default
        setattr(Value, _name, vars(Operators)[_name])
    modes.listeners.append(accelerator.count_modes)
    accelerator.setup(
        leaf_number=_leaf_number,
        set_computed=_refuse_data,
        compare=tuple(vars(PythonValue)[f"__{name}__"] for name in ("lt", "le", "eq", "ne", "gt", "ge")),
        careful=lambda op, *operands: careful(op, operands),
        checked=checked,
        hypot=math.hypot,
        rows=TABLE,
        open_modes=modes._open,
        mode_here=modes.here,
        zero=array("d", [0.0]),
    )

value_types.add(Value)
