"""`Value`: a number that remembers how it was computed.

A computed Value holds its operation (a row of the table), its operands, and for each operand the edge back to it: the
local derivative where recording it is cheaper than remembering to compute it, or else the row's function for it. How
operations fill these slots is `record.py`; how the chain rule walks them is `chain.py`.

The trick is in what is *not* there. A node has no closure, no set, and no container for one or two operands: slots hold
them (a tuple serves `sum`, `dot` and the like), and a constant operand stays a plain float instead of becoming a node.
Operands are always older than the Value computed from them, so graphs hold no cycles and are freed without the garbage
collector. `Value` cannot be subclassed, so one comparison of types tells an operand from a number.
"""

import operator
import os
import warnings
from itertools import count
from typing import TYPE_CHECKING, Any, NoReturn
from zlib import crc32

from autograd._engine.tracing import kinds
from autograd.errors import GraphError, RangeError
from autograd.table import FINGERPRINT, Op

if TYPE_CHECKING:
    from autograd._methods import Methods
else:
    Methods = object

tick = count(1).__next__  # numbers Values in order of recording


class Note:
    """What few Values carry: a label, the scope and the source line they were recorded in."""

    __slots__ = ("label", "line", "scope")

    def __init__(self, label: str = "", scope: tuple[str, ...] = (), line: str = "") -> None:
        self.label, self.scope, self.line = label, scope, line


class Value(Methods):
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

    __array_ufunc__ = None  # NumPy leaves operators to us: 30 times quicker for np.float64(2) * v
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

    # ---- Python manners

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self._data!r}, grad={self.grad!r}{label})"

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)

    def __bool__(self) -> bool:
        return self._data != 0.0

    def __pos__(self) -> "Value":
        return self

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


def describe(x: Any) -> str:
    """A Value or number as errors show it: `w = 0.5`, or `0.5` if it has no label."""
    if type(x) is not Value:
        return repr(x)
    return f"{x.label} = {x._data!r}" if x.label else repr(x._data)


# ---- numbers


def number(x: Any) -> Any:
    """`x` as a float if it is a real number other than a Value, else `NotImplemented`."""
    kind = type(x)
    if not isinstance(x, (int, float)):
        dtype = getattr(x, "dtype", None)
        if dtype is not None:  # NumPy's real scalars and 0-d arrays
            if getattr(dtype, "kind", "") not in "biuf" or getattr(x, "ndim", 1) != 0:
                return NotImplemented
        elif kind is Value or kind in kinds or not hasattr(kind, "__float__"):  # Fraction and Decimal have it
            return NotImplemented
    try:
        return float(x)
    except OverflowError:
        raise RangeError(f"this {kind.__name__} is too large for a float") from None


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


# ---- comparisons: of the numbers, giving bool


def _comparison(name: str) -> Any:
    of_floats = getattr(operator, name)

    def compare(a: Value, b: Any) -> Any:
        if type(b) is Value:
            return of_floats(a._data, b._data)
        if type(b) is float:
            return of_floats(a._data, b)
        if is_array(b):
            return of_floats(a._data, b)
        if hasattr(type(b), "__float__") or type(b) is complex:  # as float does: exactly, for int, Fraction and Decimal
            return bool(of_floats(a._data, b))
        return NotImplemented

    compare.__name__ = f"__{name}__"
    return compare


for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Value, f"__{_name}__", _comparison(_name))


def is_array(x: Any) -> bool:
    """Whether `x` is a NumPy array (of at least one dimension); does not import NumPy."""
    return getattr(x, "ndim", 0) > 0 and hasattr(x, "__array__")


# ---- the accelerator: the same Value in C, where it was built


def _refuse_data(v: Value) -> NoReturn:
    name = v._op.name if v._op is not None else ""
    raise GraphError(
        f"{describe(v)} was computed by {name}; only the data of a leaf can be assigned: "
        "assign the leaves and compute it again, or take v.detach()"
    )


def _find_accelerator() -> Any:
    if os.environ.get("AUTOGRAD_PURE_PYTHON", "0") not in {"", "0"}:
        return None
    try:
        from autograd._engine import _value
    except ImportError:
        return None
    stale = getattr(_value, "rows", 0) != FINGERPRINT or _value.source not in {0, _checksum(_value)}
    if stale:
        warnings.warn(
            "the accelerator in C was built from other sources, so the pure-Python engine runs; to build it again: "
            "python -m autograd.generate && pip install -e .",
            RuntimeWarning,
            stacklevel=2,
        )
    return None if stale else _value


def _checksum(built: Any) -> int:
    """Of the sources beside the build, as setup.py computes it; what the build says itself where it stands without sources."""
    folder = os.path.dirname(built.__file__)
    names = sorted(name for name in os.listdir(folder) if name.endswith((".c", ".h")))
    total = 0
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            total = crc32(file.read(), total)
    return total if names else int(built.source)


accelerator = _find_accelerator()
"""The module in C, or None."""

engine = "python" if accelerator is None else "c"
"""Which of the two engines runs: "c" or "python"."""

if accelerator is not None:
    PythonValue = Value
    Value = accelerator.Value  # type: ignore[misc]
    tick = accelerator.tick
    for _name, _attribute in vars(PythonValue).items():
        # What the type in C does not do itself: labels, copying, conversions, and the words of every refusal.
        if _name not in vars(Value) and _name not in {*PythonValue.__slots__, "__slots__", "__annotations__"}:
            setattr(Value, _name, _attribute)
    for _name in ("__repr__", "__format__", "__init_subclass__", "__reduce__", "__doc__"):
        setattr(Value, _name, vars(PythonValue)[_name])
    accelerator.setup(
        leaf_number=_leaf_number,
        set_computed=_refuse_data,
        compare=tuple(vars(PythonValue)[f"__{name}__"] for name in ("lt", "le", "eq", "ne", "gt", "ge")),
    )
