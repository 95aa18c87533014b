"""From the tape to machine operations: each row's value written out, nothing computed twice, nothing dead.

A machine program is two flat lists again, like the tape, but of operations that a processor or the C library has (`MACHINE`).
A row gets there by its text, evaluated with `Number` in place of floats: sigmoid becomes abs, neg, exp, a comparison, … An
operation with the same operands as an earlier one is that one, which is what makes rules cheap: tanh′ and its two sigmoids
need one exponential, not three.

*Errors.* Machine operations never raise; where the engine would, they give NaN or infinity. So what can fail is checked: an
operation whose name ends in `!` tells the caller if its result is not finite, and the caller asks eager, which raises or knows
better. An operation in a branch that may not be
taken ends in `?` and must not sound the alarm; `_Lowering.guards` makes it a `check!` of its own. And much
needs no check, as simple bounds tell: exp(−|x|) cannot overflow, and 1 + that is no zero to divide by.

*Only what keeps every bit is simplified*: 1·x, −1·x, −(−x), a + (−b), constants. 0 + x is not x where x is −0.0.

Last, chains of + and · whose parts nobody else needs are joined into one `dot`, start + a₁·b₁ + a₂·b₂ + …, evaluated in the
same order: what loops are later made of.
"""

import math
import operator
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from autograd.compiler.rules import rule
from autograd.compiler.tape import Operand, Tape
from autograd.ops import CONSTANTS, PRIMITIVES, TABLE, Op
from autograd.special import LISTS

LIBM = ["exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh",
        "tanh", "asinh", "acosh", "atanh", "cbrt", "erf", "erfc"]  # fmt: skip
LIBM2 = ["atan2", "fmod", "pow"]
PYTHON = {"gamma": 1, "lgamma": 1, "polygamma": 2, "round_digits": 2, "hypot": 2}
"""What CPython's `math` or this library computes without the C library: called back."""

_FUNCTIONS: dict[str, Any] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "neg": operator.neg,
    "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge, "eq": operator.eq, "ne": operator.ne,
    "and": lambda a, b: float(a and b), "or": lambda a, b: float(a or b), "select": lambda c, a, b: a if c else b,
    "muladd": lambda a, b, c: a * b + c,
    "largest": lambda *xs: LISTS["largest"](xs),
    "max": lambda a, b: a if a >= b or a != a else b, "min": lambda a, b: a if a <= b or a != a else b,
    "copysign": math.copysign, "hypot": math.hypot, "pow": PRIMITIVES["c_pow"],
}  # fmt: skip
_ROUND = ("floor", "ceil", "trunc", "rint")
MACHINE: dict[str, Callable[..., float]] = _FUNCTIONS | {
    name: PRIMITIVES[name] for name in (*LIBM, *LIBM2[:2], *PYTHON, "sqrt", "abs", *_ROUND, "fma") if name != "hypot"
}
"""The machine's operations as functions of floats; besides these there are input, const, take and dot."""

_SAFE = frozenset({"atan", "tanh", "asinh", "cbrt", "erf", "erfc", "atan2", "abs", "floor", "ceil", "trunc", "rint",
                   "copysign", "add", "sub", "mul", "neg", "select", "muladd", "lt", "le", "gt", "ge", "eq", "ne", "and", "or",
                   "largest", "max", "min"})  # fmt: skip
_SIMPLER = frozenset({"select", "neg", "abs", "add", "sub"})  # these without constants too
_BOUNDED = frozenset({"abs", "neg", "exp", "add", "mul", "select"})
_INFINITE = (-math.inf, math.inf)
_COMPARE = frozenset({"lt", "le", "gt", "ge", "eq", "ne", "and", "or"})


_Operators: Any = object  # most operators are made in loops, below


class Machine:
    """A machine program: `kinds[i]` and `args[i]`, operands being places; constants by place; the places of the results.

    `functions` are what only Python computes: custom operations, and hypot of many operands. `parts` are the operations that a
    short dot was cut into, but for the last.
    """

    __slots__ = ("args", "consts", "functions", "inputs", "kinds", "outputs", "parts")

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.args: list[tuple[int, ...]] = []
        self.consts: dict[int, float] = {}
        self.inputs = 0
        self.outputs: list[int] = []
        self.functions: dict[str, Callable[..., float]] = {}
        self.parts: set[int] = set()


class Number(_Operators):  # type: ignore[misc]
    """A machine operation as a number that the text of a rule computes with."""

    __slots__ = ("low", "place")

    def __init__(self, low: "_Lowering", place: int) -> None:
        self.low, self.place = low, place

    def __neg__(self) -> "Number":
        return Number(self.low, self.low.emit("neg", self.place))

    def __mod__(self, b: Any) -> Any:
        """As CPython's float_rem: C's fmod, moved to the sign of b."""
        low: Any = self.low
        m: Any = low.call("fmod", self, b)
        moved = _select((low.number(b) < 0.0).differs(m < 0.0), lambda: m + b, lambda: m)
        return _select(m != 0.0, lambda: moved, lambda: low.call("copysign", 0.0, b))

    def __rmod__(self, a: Any) -> Any:
        return self.low.number(a) % self

    def __floordiv__(self, b: Any) -> Any:
        """As CPython's float_floor_div."""
        low: Any = self.low
        m, b = low.call("fmod", self, b), low.number(b)
        plain = (self - m) / b
        quotient = _select(_both(m != 0.0, lambda: (b < 0.0).differs(m < 0.0)), lambda: plain - 1.0, lambda: plain)
        whole = low.call("floor", quotient)
        nearest = _select(quotient - whole > 0.5, lambda: whole + 1.0, lambda: whole)
        return _select(quotient != 0.0, lambda: nearest, lambda: low.call("copysign", 0.0, self / b))

    def __rfloordiv__(self, a: Any) -> Any:
        return self.low.number(a) // self

    def differs(self, other: "Number") -> "Number":
        """Whether two conditions differ."""
        return Number(self.low, self.low.emit("ne", self.place, other.place))


def _binary(kind: str, *, reflected: bool = False) -> Callable[[Number, Any], Number]:
    def method(a: Number, b: Any) -> Number:
        x, y = a.place, a.low.number(b).place
        return Number(a.low, a.low.emit(kind, y, x) if reflected else a.low.emit(kind, x, y))

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


def _truth(c: Any) -> Any:
    return c if c.low.machine.kinds[c.place] in _COMPARE else c != 0.0


def _select(c: Any, p: Callable[[], Any], q: Callable[[], Any]) -> Any:
    known = _known(c)
    if known is not None:
        return p() if known else q()
    low, c = c.low, _truth(c)
    low.guards.append((c, True))
    x = low.number(p())
    low.guards[-1] = (c, False)
    y = low.number(q())
    low.guards.pop()
    return Number(low, low.emit("select", c.place, x.place, y.place))


def _both(c: Any, d: Callable[[], Any]) -> Any:
    if _known(c) is not None:
        return d() if _known(c) else False
    e = d()
    if _known(e) is not None:
        return c if _known(e) else False
    return Number(c.low, c.low.emit("and", _truth(c).place, _truth(e).place))


def _either(c: Any, d: Callable[[], Any]) -> Any:
    if _known(c) is not None:
        return True if _known(c) else d()
    e = d()
    if _known(e) is not None:
        return True if _known(e) else c
    return Number(c.low, c.low.emit("or", _truth(c).place, _truth(e).place))


def _always(x: Any) -> Callable[[], Any]:
    return lambda: x


class _Lowering:
    """A machine program while it is being written."""

    def __init__(self) -> None:
        self.machine = Machine()
        self.places: dict[Any, int] = {}  # of operations already there
        self.numbers: dict[tuple[float, float], int] = {}  # of constants, by value and sign
        self.bounds: dict[int, tuple[float, float]] = {}
        self.guards: list[tuple[Number, bool]] = []  # the conditions under which what is written counts
        self.checks: dict[int, list[int]] = {}  # for an operation that can fail in a branch only: what to check
        self.space: dict[str, Any] = CONSTANTS | {
            "select": _select, "both": _both, "either": _either, "len": len, "total": lambda xs: self.fold("add", xs, 0.0),
            "product": lambda xs: self.fold("mul", xs, 1.0), "total_products": self.total_products, "largest": self.largest,
            "but_largest": self.but_largest, "length": self.length,
            "c_pow": lambda a, b: self.call("pow", a, b), "pow": lambda a, b: self.row(TABLE["pow"], (a, b)),
            "undefined": lambda: self.call("log", -1.0),
        }  # fmt: skip
        for name in MACHINE:
            self.space.setdefault(name, lambda *xs, name=name: self.call(name, *xs))
        for name, op in TABLE.items():
            self.space.setdefault(name, lambda *xs, op=op: self.row(op, xs[0] if op.nary and len(xs) == 1 else xs))
        self.plans: dict[Any, Any] = {}

    # ---- writing

    def place(self, x: Operand) -> int:
        """The place of a constant."""
        key = (x, math.copysign(1.0, x))
        i = self.numbers.get(key) if x == x else None
        if i is None:
            i = self.numbers[key] = self.write("const", ())
            self.machine.consts[i] = float(x)
        return i

    def number(self, x: Any) -> Number:
        return x if type(x) is Number else Number(self, self.place(float(x)))

    def write(self, kind: str, args: tuple[int, ...]) -> int:
        machine = self.machine
        machine.kinds.append(kind)
        machine.args.append(args)
        return len(machine.kinds) - 1

    def emit(self, kind: str, *args: int) -> int:
        """The place of an operation: simplified, or found, or written anew, with its check if it can fail."""
        key = (kind, args)
        i = self.places.get(key)
        if i is None:
            i = self.simple(kind, args)
            if i is None:
                if kind in _SAFE or self.harmless(kind, args):
                    i = self.write(kind, args)
                elif self.guards:
                    i = self.write(kind + "?", args)
                    self.guarded(i)
                else:
                    i = self.write(kind + "!", args)
                if kind in _BOUNDED:
                    self.bound(i, kind, args)
            self.places[key] = i
        elif self.checks and i in self.checks:  # written in a branch, now needed elsewhere too
            self.guarded(i)
        return i

    def guarded(self, i: int) -> None:
        """Check the operation only where the conditions hold that it was written under."""
        x = i
        zero = self.place(0.0)
        for condition, holds in self.guards:
            c = condition.place
            x = self.emit("select", c, x, zero) if holds else self.emit("select", c, zero, x)
        self.checks.setdefault(i, []).append(x)

    def simple(self, kind: str, args: tuple[int, ...]) -> int | None:
        """A place that already holds what this operation gives, bit by bit."""
        consts = self.machine.consts
        if kind not in _SIMPLER and consts.keys().isdisjoint(args):
            return None
        a = args[0]
        x = consts.get(a)
        if kind == "select":
            if x is not None:
                return args[1] if x != 0.0 else args[2]
            return args[1] if args[1] == args[2] else self.extreme(*args)
        if kind in {"neg", "abs"} and x is None:
            inner = self.machine.kinds[a]
            if inner == "neg":
                b = self.machine.args[a][0]
                return b if kind == "neg" else self.emit("abs", b)
            return a if kind == "abs" == inner else None
        y = consts.get(args[1]) if len(args) > 1 else None
        if x is None and y is None:
            kinds = self.machine.kinds
            if kind in {"add", "sub"} and kinds[args[1]] == "neg":
                return self.emit("sub" if kind == "add" else "add", a, self.machine.args[args[1]][0])
            return None
        if kind == "mul":
            for c, other in ((x, args[1]), (y, a)):
                if c == 1.0:
                    return other
                if c == -1.0:
                    return self.emit("neg", other)
        if kind == "muladd" and 1.0 in {x, y}:
            return self.emit("add", args[2], a if y == 1.0 else args[1])
        if kind in {"div", "pow"} and y == 1.0:
            return a
        if kind in MACHINE and all(i in consts for i in args):
            try:
                z = float(MACHINE[kind](*(consts[i] for i in args)))
            except (ValueError, ArithmeticError):
                return None
            return self.place(z)
        return None

    def extreme(self, c: int, p: int, q: int) -> int | None:
        """`p if p >= q or p != p else q`, the text of `maximum`, is one operation; with <= it is `minimum`."""
        kinds, arguments = self.machine.kinds, self.machine.args
        if kinds[c] == "or":
            first, second = arguments[c]
            if (
                kinds[first] in {"ge", "le"}
                and arguments[first] == (p, q)
                and kinds[second] == "ne"
                and arguments[second] == (p, p)
            ):
                return self.emit("max" if kinds[first] == "ge" else "min", p, q)
        return None

    def harmless(self, kind: str, args: tuple[int, ...]) -> bool:
        """Whether the engine would never raise here."""
        lo, hi = self.bounds.get(args[0], _INFINITE)
        if kind == "div":
            lo, hi = self.bounds.get(args[1], _INFINITE)
            c = self.machine.consts.get(args[1])
            return lo > 0.0 or hi < 0.0 or (c is not None and c != 0.0)
        if kind in {"exp", "expm1", "exp2"}:
            return hi <= 709.0
        if kind in {"log", "log2", "log10"}:
            return lo > 0.0
        return (kind == "log1p" and lo > -1.0) or (kind == "sqrt" and lo >= 0.0)

    def bound(self, i: int, kind: str, args: tuple[int, ...]) -> None:
        """Between what numbers a result lies, where that is simple (and it is not NaN)."""
        consts, bounds = self.machine.consts, self.bounds
        if kind == "mul":
            if args[0] == args[1]:
                bounds[i] = (0.0, math.inf)
            return
        if kind == "add" and not (args[0] in bounds or args[1] in bounds):
            return
        of = [(consts[a], consts[a]) if a in consts else bounds.get(a, _INFINITE) for a in args]
        if kind == "abs":
            bounds[i] = (0.0, max(abs(of[0][0]), abs(of[0][1])))
        elif kind == "neg" and of[0] != _INFINITE:
            bounds[i] = (-of[0][1], -of[0][0])
        elif kind == "exp":
            bounds[i] = (math.exp(max(of[0][0], -745.0)) if of[0][0] > -math.inf else 0.0, math.exp(min(of[0][1], 709.0)))
            if of[0][1] > 709.0:
                bounds[i] = (bounds[i][0], math.inf)
        elif kind == "add" and (of[0][0] + of[1][0] > -math.inf or of[0][1] + of[1][1] < math.inf):
            bounds[i] = (of[0][0] + of[1][0], of[0][1] + of[1][1])
        elif kind == "select" and of[1] != _INFINITE and of[2] != _INFINITE:
            bounds[i] = (min(of[1][0], of[2][0]), max(of[1][1], of[2][1]))

    # ---- rows

    def call(self, name: str, *xs: Any) -> Number:
        """An operation of the machine with any mix of numbers."""
        return Number(self, self.emit(name, *(self.number(x).place for x in xs)))

    def custom(self, function: Callable[..., float], name: str, xs: Sequence[Any]) -> Number:
        """What only Python computes."""
        kind = next((k for k, f in self.machine.functions.items() if f is function), f"{name}.{len(self.machine.functions)}")
        self.machine.functions[kind] = function
        return Number(self, self.emit(kind, *(self.number(x).place for x in xs)))

    def fold(self, kind: str, xs: Sequence[Any], start: float) -> Number:
        total = self.place(start)
        for x in xs:
            total = self.emit(kind, total, self.number(x).place)
        return Number(self, total)

    def total_products(self, xs: Sequence[Any]) -> Number:
        return Number(self, self.dot([self.number(x).place for x in xs]))

    def dot(self, args: Sequence[int]) -> int:
        """start + a₁·b₁ + …: one operation, or if it is short, its parts."""
        if len(args) == 3:
            start, a, b = args
            return self.emit("muladd", a, b, start)
        key = ("dot", tuple(args))
        i = self.places.get(key)
        if i is None:
            i = self.places[key] = self.write("dot", tuple(args)) if len(args) > 1 else args[0]
        return i

    def largest(self, xs: Sequence[Any]) -> Number:
        return Number(self, self.emit("largest", *(self.number(x).place for x in xs)))

    def but_largest(self, xs: Sequence[Any]) -> list[Any]:
        """The list with −∞ in place of the first of the largest numbers: its exponential is 0, which changes no sum."""
        m, found, rest = self.largest(xs), self.number(0.0), []
        for x in xs:
            here = _both(m == x, _always(found == 0.0))
            rest.append(_select(here, _always(-math.inf), _always(x)))
            found = self.number(_select(here, _always(1.0), _always(found)))
        return rest

    def length(self, xs: Sequence[Any]) -> Number:
        return self.call("hypot", *xs) if len(xs) == 2 else self.custom(math.hypot, "hypot", xs)

    def row(self, op: Op, xs: Sequence[Any]) -> Any:
        """The value of a row of the table, for any mix of numbers."""
        if not op.text:
            return self.custom(op.value, op.name, xs)
        plan = self.plans.get(op)
        if plan is None:
            plan = self.plans[op] = rule(op.text[0], op.inputs, self.space)
        return plan(list(xs)) if op.nary else plan(*xs)

    def node(self, op: Op | str, places: list[int]) -> int:
        """A node of the tape; its operands are places."""
        if isinstance(op, str):
            return self.internal(op, places)
        direct = _DIRECT.get(op.text[:1])
        if direct is not None:
            return places[0] if direct == "same" else self.emit(direct, *places)
        if op.name == "dot":
            return self.dot(places)
        return self.number(self.row(op, [Number(self, i) for i in places])).place

    def internal(self, name: str, places: list[int]) -> int:
        if name == "detach":
            return places[0]
        if name in {"bar", "grad"}:
            return self.dot([self.place(-0.0 if name == "bar" else 0.0), *places])
        if name == "largest":
            return self.largest([Number(self, i) for i in places]).place
        if name == "select":
            places[0] = _truth(Number(self, places[0])).place
        if name == "take":
            key = ("take!", tuple(places))
            if key not in self.places:
                self.places[key] = self.write(*key)
            return self.places[key]
        return self.emit(name, *places)


_DIRECT: dict[tuple[str, ...], str] = {
    (f"a {symbol} b",): kind for symbol, kind in (("+", "add"), ("-", "sub"), ("*", "mul"), ("/", "div"))
}
_DIRECT[("-x",)] = "neg"
_DIRECT[("x",)] = "same"
for _name in (*LIBM, "sqrt", "abs"):
    _DIRECT[(f"{_name}(x)",)] = _name


def lower(tape: Tape, inputs: Sequence[int], outputs: Sequence[Operand]) -> Machine:
    """The machine program of what the outputs need."""
    ops, arguments = tape.ops, tape.args
    low = _Lowering()
    place = low.place
    low.machine.inputs = len(inputs)
    at = [-1] * len(ops)
    for x in inputs:
        at[x] = low.write("input", ())
    node = low.node
    for i, op in enumerate(ops):
        if at[i] < 0:
            at[i] = node(op, [at[x] if type(x) is int else place(x) for x in arguments[i]])
    low.machine.outputs = [at[x] if type(x) is int else place(x) for x in outputs]
    return _joined(low)


def _parts(new: Machine, args: tuple[int, ...], place: list[int], minus_zero: int) -> tuple[str, Any]:
    """A short dot as its parts: all but the last are written, and that one is returned."""
    kind, last = "", args[0]
    parts: Any = ()
    for a, b in zip(args[1::2], args[2::2], strict=True):
        if kind:  # the part before
            last = len(place)
            new.parts.add(len(new.kinds))
            place.append(len(new.kinds))
            new.kinds.append(kind)
            new.args.append(tuple([place[x] for x in parts]))
        if last == minus_zero:
            kind, parts = ("mul", (a, b)) if b >= 0 else ("add", (last, a))
        else:
            kind, parts = ("muladd", (a, b, last)) if b >= 0 else ("add", (last, a))
    return kind, parts


def _joined(low: _Lowering) -> Machine:
    """The program without dead operations, and with chains of sums of products as `dot`."""
    old = low.machine
    kinds, arguments = old.kinds, old.args
    n = len(kinds)
    uses = [0] * n  # only those by live operations
    for x in old.outputs:
        uses[x] += 2
    checks: dict[int, list[int]] = low.checks
    for x in chain.from_iterable(checks.values()):
        uses[x] += 2
    for i in range(n - 1, -1, -1):
        if kinds[i][-1] == "!":  # eager computes it, whether anything needs it or not, and may raise
            uses[i] += 1
        if uses[i]:
            for x in arguments[i]:
                uses[x] += 1
    joined = bytearray(n)  # parts of a later dot
    chains: dict[int, tuple[int, Any]] = {}  # what an add or dot amounts to: its start and its terms
    for i in range(n):
        if not uses[i] or kinds[i] not in {"add", "dot"}:
            continue
        args = arguments[i]
        if kinds[i] == "dot":
            spine = start = args[0]
            if spine not in chains or (chains[spine][1] or [0])[-1] == -1:
                chains[i] = (start, None)  # as it stands
                continue
            terms = list(args[1:])
        else:
            a, b = args
            spine, other = (
                (a, b)
                if a in chains and uses[a] == 1
                else (b, a)
                if b in chains and uses[b] == 1 and kinds[a] != "const"
                else (a, b)
            )
            if kinds[other] == "mul" and uses[other] == 1:
                terms = [*arguments[other]]
                joined[other] = 1
            else:
                terms = [other, -1]
            start = spine
        if (
            spine in chains and uses[spine] == 1 and ((chains[spine][1] or [0])[-1] == -1) == (terms[-1] == -1)
        ):  # all with factors, or none
            start, before = chains.pop(spine)
            joined[spine] = 1
            before = list(arguments[spine][1:]) if before is None else before
            before += terms
            terms = before
        chains[i] = (start, terms)
    new = Machine()
    new.inputs, new.functions, place = old.inputs, old.functions, [-1] * n
    minus_zero = low.numbers.get((-0.0, -1.0), -1)
    for i in range(n):
        if joined[i] or not (uses[i] or i < old.inputs):
            continue
        kind, args = kinds[i], arguments[i]
        if i in chains and chains[i][1] is not None:
            start, terms = chains[i]
            if len(terms) == 2 and terms[1] == -1:
                kind, args = "add", (start, terms[0])
            elif len(terms) == 2:
                kind, args = "muladd", (terms[0], terms[1], start)
            else:
                kind, args = "dot", (start, *terms)
        if kind == "dot" and len(args) <= 7:  # as short as this, its parts make longer rows
            kind, args = _parts(new, args, place, minus_zero)
        place[i] = len(new.kinds)
        new.kinds.append(kind)
        new.args.append(tuple([place[x] if x >= 0 else -1 for x in args]))
        if kind == "const":
            new.consts[place[i]] = old.consts[i]
    new.outputs = [place[x] for x in old.outputs]
    for x in chain.from_iterable(checks.values()):
        new.kinds.append("check!")
        new.args.append((place[x],))
    return new
