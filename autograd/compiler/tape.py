"""The tape: what a traced function did, as two flat lists, and `Traced`, the number that writes to it.

A node is its place on the tape: `ops[i]` is a row of the table, or the name of one of the few operations that only the tape has
(below); `args[i]` are its operands, where an int is a node and a float is a constant. No object is kept per operation, and what
a node depends on always stands before it, so every walk of the tape is a loop over integers.

    input            a number given at each call
    lt le gt ge eq ne and or    comparisons, and both or one of two conditions
    select           the branch that a condition in a rule picks: its adjoint goes straight to the branch
    take             the entry of a table that an index picks: operands are the index and the entries
    largest, detach  the largest operand, and the operand, as constants
    bar, grad        sums of products: −0.0 + a₁·b₁ + a₂·b₂ + …, and from 0.0; −0.0 is what changes no number it is added to

A traced number knows no value. What asks for one (`if x > 0`, `float(x)`, `max(x, y)`) raises a `TraceError` that names the
user's line; nothing is decided in silence for all later calls. A Value from outside that meets a traced number becomes an
input of the program, read anew at each call.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from autograd import elementwise, functions
from autograd import modes as _modes
from autograd._engine import tracing
from autograd._engine.lifting import GENERIC
from autograd._engine.numbers import is_array, number
from autograd._engine.special import LISTS
from autograd._engine.structures import flatten
from autograd._engine.tracing import TraceError
from autograd._engine.walks import ancestors, operands
from autograd.compiler.machine import CONDITIONS
from autograd.operators import Operators
from autograd.table import OPERATORS, TABLE, Op
from autograd.value import Value

Operand = int | float
_Operators: Any = object  # the operators are made from the table, below

CONSTANT = CONDITIONS | {"input", "largest", "detach", "carry", "element", "loop", "branch", "else"}  # no adjoint passes these
FROM_BODIES = frozenset({"final", "trail", "merge"})  # what may use a node of a body that has ended

modes = 0  # how many modes are active anywhere; kept by modes.py
_modes.counters.append(globals())


class Region:
    """A loop or a branch on a tape (see `regions`): its first and its last node, and for a loop its steps and direction."""

    __slots__ = ("backward", "begin", "end", "middle", "steps", "tape")
    tape: "Tape"

    def __init__(self, steps: int, *, backward: bool = False) -> None:
        self.steps, self.backward = steps, backward
        self.begin = self.middle = self.end = -1

    def other_side(self) -> None:
        """Begin the other side of a branch."""
        self.middle = self.tape.write("else", ())
        self.tape.forget(self.begin)

    def close(self, outs: tuple[Operand, ...]) -> int:
        """Write the end; its node."""
        self.end = self.tape.write("end", outs)
        return self.end

    def carries(self) -> list[int]:
        """The carries of a loop, which stand first."""
        ops, i = self.tape.ops, self.begin + 1
        while ops[i] == "carry":
            i += 1
        return [*range(self.begin + 1, i)]


class Tape:
    """The operations of one traced function, in order; `depth` counts the transforms whose function is running."""

    __slots__ = (
        "args", "captured", "closed", "copies", "depth", "derivatives", "known", "ops", "picked", "regions", "replaced",
        "rolls", "selects", "stopped",
    )  # fmt: skip

    def __init__(self, *, rolls: bool = False) -> None:
        self.rolls = rolls  # whether plain loops are to be found
        self.ops: list[Op | str] = []
        self.args: list[tuple[Operand, ...]] = []
        self.stopped: set[int] = set()  # nodes that no adjoint passes: computed within no_grad
        self.selects: set[int] = set()  # the nodes that are `select`
        self.captured: dict[Value, int] = {}  # Values from outside, by node
        self.known: dict[Value, int] = {}  # what they were computed from, too
        self.picked: dict[Operand, list[int]] = {}  # for the index of a `take`: the nodes that tell whether it is 0, 1, 2, …
        self.derivatives: set[int] = set()  # nodes that are results of transforms
        self.regions: dict[int, Region] = {}  # by their first and by their last node
        self.closed: list[tuple[int, int]] = []  # from where to where nodes are of use to nothing that is written from here on
        self.replaced: list[tuple[int, int]] = []  # from where to where nodes stand that loops have replaced
        self.copies: set[int] = set()  # nodes that compute again what the engine computes once
        self.depth = 0

    def node(self, op: Op | str, args: tuple[Operand, ...]) -> int:
        """Write one operation, in the current mode; its node."""
        if modes and not _modes.current().recording:
            self.stopped.add(len(self.ops))
        if self.closed and op not in FROM_BODIES:
            self._reachable(args)
        return self.write(op, args)

    def _reachable(self, args: tuple[Operand, ...]) -> None:
        for x in args:
            k = bisect_left(self.closed, (x, x)) - 1 if type(x) is int else -1
            if k >= 0 and x <= self.closed[k][1]:
                raise TraceError(
                    "a number from the body of a loop or branch was used outside of it (was it kept in a list or an attribute?)"
                    f": return it from the body instead\n  at {_modes.users_line()}"
                )

    @contextmanager
    def region(self, region: Region, args: tuple[Operand, ...] | None = None) -> Iterator[Region]:
        """Write the loop, or with the condition as `args` the branch, whose nodes are written within."""
        region.tape = self
        begin = region.begin = self.write("loop" if args is None else "branch", args or ())
        try:
            yield region
        except BaseException:  # the function may go on without it
            del self.ops[begin:], self.args[begin:]
            self.captured = {v: i for v, i in self.captured.items() if i < begin}
            raise
        finally:
            self.forget(begin)
        self.regions[begin] = self.regions[region.end] = region

    def forget(self, begin: int) -> None:
        """What stands from here on is of use to nothing that is written later."""
        n = len(self.ops)
        self.closed = [(a, b) for a, b in self.closed if a < begin] + [(begin, n - 1)] * (n > begin)
        self.known = {v: i for v, i in self.known.items() if i < begin or (i < n and self.ops[i] == "input")}
        self.picked = {x: nodes for x, nodes in self.picked.items() if not nodes or nodes[-1] < begin}

    def write(self, op: Op | str, args: tuple[Operand, ...]) -> int:
        """Write one operation; its node."""
        self.ops.append(op)
        self.args.append(args)
        return len(self.ops) - 1

    def select(self, args: tuple[Operand, ...]) -> int:
        """Write a `select`."""
        self.selects.add(len(self.ops))
        return self.write("select", args)

    def inputs(self, n: int) -> "list[Traced]":
        """That many new inputs."""
        first = len(self.ops)
        self.ops += ["input"] * n
        self.args += [()] * n
        return self.traced(range(first, first + n))

    def traced(self, xs: Iterable[Operand]) -> list[Any]:
        """Operands as what a user's function computes with."""
        return [_traced(self, x) if type(x) is int else x for x in xs]

    def operands(self, xs: Iterable[Any], name: str = "") -> tuple[Operand, ...]:
        """These numbers as operands; a `TypeError` of the operation of that name for what is no number."""
        found = tuple([
            x.id if type(x) is Traced and x.tape is self else x if type(x) is float else self._number(x, name) for x in xs
        ])  # fmt: skip
        if self.closed:
            self._reachable(found)
        return found

    def _number(self, x: Any, name: str) -> Operand:
        y: Any = self.operand(x)
        if y is NotImplemented:
            raise TypeError(f"{name}() takes Values and real numbers, not {type(x).__name__}")
        return y  # type: ignore[no-any-return]

    def operand(self, x: Any) -> Any:
        """`x` as an operand, or `NotImplemented`."""
        kind = type(x)
        if kind is Traced:
            if x.tape is not self:
                raise TraceError(
                    "a traced number was used outside the call that traced it (was it kept in a list or an attribute?): "
                    f"return it from the compiled function instead\n  at {_modes.users_line()}"
                )
            return x.id
        if kind is float:
            return x
        return self.capture(x) if kind is Value else number(x)

    def capture(self, value: Value) -> int:
        """The node of a Value from outside; the leaves it was computed from become inputs."""
        if value not in self.known:
            for v in ancestors(value):
                if v not in self.known:
                    args = tuple(self.known[x] if type(x) is Value else x for x in operands(v))
                    i = self.known[v] = len(self.ops)
                    self.ops.append(v._op or "input")
                    self.args.append(args)
                    if v._op is None:
                        self.captured[v] = i
        return self.known[value]

    def bind(self, leaves: Sequence[Value], numbers: "Sequence[Traced]") -> None:
        """From here on these leaves stand for these numbers of the tape, wherever the traced function meets them."""
        self.known.update(zip(leaves, [x.id for x in numbers], strict=True))

    def __repr__(self) -> str:
        return f"<tape of {len(self.ops)} nodes>"


class Traced(_Operators):  # type: ignore[misc]
    """A number of a function being traced: writes what is done to it on the tape. It has the operations of `Value`."""

    __slots__ = ("id", "tape")
    __array_priority__ = 1e6  # as of Value

    def __init__(self, tape: Tape, id: int) -> None:
        self.tape, self.id = tape, id

    @property  # type: ignore[misc]
    def __class__(self) -> type:  # a program that asks isinstance(x, Value) goes the way it goes eagerly
        return Value

    def record(self, op: Op, operands: Sequence[Any]) -> "Traced":
        """Write an operation of the table on this number's tape; the seam of `autograd._engine.tracing`."""
        tape = self.tape
        return Traced(tape, tape.node(op, tape.operands(operands, op.name)))

    def largest(self, xs: Sequence[Any]) -> "Traced":
        """The largest of these numbers, as a constant."""
        return Traced(self.tape, self.tape.node("largest", self.tape.operands(xs)))

    def detach(self) -> "Traced":
        """The same number, as a constant: no gradient flows back through it."""
        return Traced(self.tape, self.tape.node("detach", (self.id,)))

    def __pos__(self) -> "Traced":
        return self

    def __repr__(self) -> str:
        op = self.tape.ops[self.id]
        return f"<traced {op if isinstance(op, str) else op.name}>"

    # ---- what a traced number cannot do

    def __bool__(self) -> bool:  # noqa: PLE0304 - it has none
        _unknown("if, while, and, or, not, max(), min(), sorted() and chained comparisons need the truth of a traced number")

    def __float__(self) -> float:
        _unknown("float(v), and so the functions of math, need the value of a traced number")

    def __int__(self) -> int:
        _unknown("int(v) needs the value of a traced number")

    def __hash__(self) -> int:  # noqa: PLE0309 - it has none
        _unknown("a key of a dict or set needs the value of a traced number")

    def __index__(self) -> int:  # noqa: PLE0305
        _unknown("an index or a range needs the value of a traced number")

    def __format__(self, spec: str) -> str:
        if spec:
            _unknown("a format needs the value of a traced number")
        return repr(self)

    @property
    def data(self) -> float:
        """Raises `TraceError`: a traced number has no value yet."""
        _unknown("v.data needs the value of a traced number")

    @property
    def grad(self) -> float:
        """Raises `TraceError`: gradients are results of `autograd.value_and_grad`, not attributes."""
        _unknown("v.grad is not there while tracing; autograd.value_and_grad(f)(…) gives gradients as a result")

    def backward(self) -> NoReturn:
        """Raises `TraceError`: use `autograd.value_and_grad` inside a compiled function."""
        _unknown("v.backward() leaves gradients behind in attributes; autograd.value_and_grad(f)(…) gives them as a result")

    def __reduce__(self) -> NoReturn:
        _unknown("a copy or pickle needs the value of a traced number")


def _traced(tape: Tape, x: int) -> Traced:
    """`Traced(tape, x)`, in half the time."""
    y = _new(Traced)
    y.tape, y.id = tape, x
    return y


_new = object.__new__


def _unknown(what: str) -> NoReturn:
    error = TraceError(
        f"{what}, which is known only when the compiled function runs.\n"
        "  Use autograd.where(v > 0, a, b), cond(v > 0, f, g), maximum(a, b), minimum(a, b), clip(v, lo, hi), relu(v) or "
        "take(table, index), or pass what decides as an int, bool or str: those are known while tracing.\n"
        f"  at {_modes.users_line()}"
    )
    refused = tracing.refused.get()
    if refused is not None:  # the function may catch it, and go on as it does for other types: its trace is of no use
        refused.append(error)
    raise error


def _method(op: Op | str, *, reflected: bool = False) -> Callable[[Traced, Any], Any]:
    """An operator of two operands."""

    def method(a: Traced, b: Any) -> Any:
        tape = a.tape
        x = b if type(b) is float else tape.operand(b)
        if x is NotImplemented:
            return _elementwise(method, a, b) if is_array(b) else NotImplemented
        return Traced(tape, tape.node(op, (x, a.id) if reflected else (a.id, x)))

    return method


def _elementwise(method: Callable[..., Any], a: Traced, b: Any) -> Any:
    """An operator of a traced number and an array, as an object array."""
    import numpy as np

    result = np.empty(b.shape, dtype=object)
    result.reshape(-1)[:] = [method(a, x) for x in b.ravel().tolist()]
    return result


def _condition(name: str) -> Callable[[Traced, Any], Any]:
    def condition(a: Traced, b: Any) -> Any:
        for x in (a, b):
            if type(x) is not bool and not (type(x) is Traced and x.tape.ops[x.id] in CONDITIONS):
                return NotImplemented
        return Traced(a.tape, a.tape.node(name, (a.id, a.tape.operand(b))))

    return condition


for _name, _special in OPERATORS.items():
    if TABLE[_name].arity == 1:
        setattr(Traced, f"__{_special}__", lambda x, op=TABLE[_name]: Traced(x.tape, x.tape.node(op, (x.id,))))
    else:
        setattr(Traced, f"__{_special}__", _method(TABLE[_name]))
        setattr(Traced, f"__r{_special}__", _method(TABLE[_name], reflected=True))
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Traced, f"__{_name}__", _method(_name))
for _name, _symbol in (("and", "and"), ("or", "or")):
    setattr(Traced, f"__{_name}__", _condition(_symbol))
    setattr(Traced, f"__r{_name}__", _condition(_symbol))
for _name, _written in vars(Operators).items():
    _row = getattr(_written, "__name__", "")  # NumPy's names are second names of methods
    if not _name.startswith("_") and _row in TABLE:
        _function = vars(functions).get(_row) or vars(elementwise)[_row]
        setattr(Traced, _name, lambda *xs, f=_function: f(*xs))
Traced.clip = functions.clip
Traced.conjugate = Traced.__pos__
Traced.__round__ = functions.round
Traced.__divmod__ = lambda a, b: (a // b, a % b)
Traced.__rdivmod__ = lambda b, a: (a // b, a % b)

tracing.kinds.add(Traced)


def largest(xs: Sequence[Any]) -> Any:
    """The largest number, as a constant: what the rules of the table call, of traced numbers or any."""
    traced = tracing.tracer(xs)
    return LISTS["largest"](xs) if traced is None else traced.largest(xs)


GENERIC["largest"] = largest


def take(table: Sequence[Any], index: Traced) -> Any:
    """`table[index]` with an index that is not known yet: each number of the result is one operation `take`."""
    tape, rows = index.tape, [flatten(row, f"table[{i}]") for i, row in enumerate(table)]
    if len({len(row) for row, _ in rows}) != 1:
        raise ValueError("take() needs a table whose entries all have one structure, and at least one entry")
    columns = zip(*(tape.operands(row) for row, _ in rows), strict=True)
    return rows[0][1]([Traced(tape, tape.node("take", (index.id, *column))) for column in columns])
