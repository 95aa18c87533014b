"""Numbers that stand for machine operations: what the texts of the table compute with while they are lowered.

Python's `%` and `//` are written out here in machine operations, as CPython computes them.
"""

from collections.abc import Callable
from typing import Any

from autograd.compiler.machine import CONDITIONS

_Operators: Any = object  # most operators are made in loops, below


class Number(_Operators):  # type: ignore[misc]
    """A machine operation as a number that the text of a rule computes with."""

    __slots__ = ("low", "place")

    def __init__(self, low: Any, place: int) -> None:
        self.low, self.place = low, place

    def __neg__(self) -> "Number":
        return Number(self.low, self.low.emit("neg", (self.place,)))

    def __mod__(self, b: Any) -> Any:
        """As CPython's float_rem: C's fmod, moved to the sign of b."""
        low: Any = self.low
        m: Any = low.call("fmod", self, b)
        moved = select((low.number(b) < 0.0).differs(m < 0.0), lambda: m + b, lambda: m)
        return select(m != 0.0, lambda: moved, lambda: low.call("copysign", 0.0, b))

    def __floordiv__(self, b: Any) -> Any:
        """As CPython's float_floor_div."""
        low: Any = self.low
        m, b = low.call("fmod", self, b), low.number(b)
        plain = (self - m) / b
        quotient = select(both(m != 0.0, lambda: (b < 0.0).differs(m < 0.0)), lambda: plain - 1.0, lambda: plain)
        whole = low.call("floor", quotient)
        nearest = select(quotient - whole > 0.5, lambda: whole + 1.0, lambda: whole)
        return select(quotient != 0.0, lambda: nearest, lambda: low.call("copysign", 0.0, self / b))

    def differs(self, other: "Number") -> "Number":
        """Whether two conditions differ."""
        return Number(self.low, self.low.emit("ne", (self.place, other.place)))


def _binary(kind: str, *, reflected: bool = False) -> Callable[[Number, Any], Number]:
    def method(a: Number, b: Any) -> Number:
        x, y = a.place, a.low.number(b).place
        return Number(a.low, a.low.emit(kind, (y, x) if reflected else (x, y)))

    return method


for _kind, _name in (("add", "add"), ("sub", "sub"), ("mul", "mul"), ("div", "truediv")):
    setattr(Number, f"__{_name}__", _binary(_kind))
    setattr(Number, f"__r{_name}__", _binary(_kind, reflected=True))
for _kind in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Number, f"__{_kind}__", _binary(_kind))


def _known(c: Any) -> Any:
    """A condition as a bool, if it is a constant."""
    if type(c) is not Number:
        return bool(c)
    x = c.low.machine.consts.get(c.place)
    return None if x is None else x != 0.0


def truth(c: Any) -> Any:
    """A number as a condition: itself, or whether it is not 0."""
    return c if c.low.machine.kinds[c.place] in CONDITIONS else c != 0.0


def select(c: Any, p: Callable[[], Any], q: Callable[[], Any]) -> Any:
    """p() if the condition holds, else q(): both are written, unless the condition is known."""
    known = _known(c)
    if known is not None:
        return p() if known else q()
    low, c = c.low, truth(c)
    low.guards.append((c, True))
    x = low.number(p())
    low.guards[-1] = (c, False)
    y = low.number(q())
    low.guards.pop()
    return Number(low, low.emit("select", (c.place, x.place, y.place)))


def both(c: Any, d: Callable[[], Any]) -> Any:
    """Whether c and d() hold."""
    if _known(c) is not None:
        return d() if _known(c) else False
    e = d()
    if _known(e) is not None:
        return c if _known(e) else False
    return Number(c.low, c.low.emit("and", (truth(c).place, truth(e).place)))


def either(c: Any, d: Callable[[], Any]) -> Any:
    """Whether c or d() holds."""
    if _known(c) is not None:
        return True if _known(c) else d()
    e = d()
    if _known(e) is not None:
        return True if _known(e) else c
    return Number(c.low, c.low.emit("or", (truth(c).place, truth(e).place)))
