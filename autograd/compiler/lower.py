"""Lowering: from the tape to a machine program, each value of the table written out, nothing computed twice.

An operation of the table is lowered by evaluating its text with `Number` in place of floats: sigmoid becomes abs, neg, exp, a
comparison, … That is slow, and gives the same whenever as much is known of the operands (which are constants, which are
positive). So it is done once; the result is a `_Template`, of which copies are written. An operation with the same operands as
an earlier one is that one, which makes derivatives cheap: tanh′ and its two sigmoids need one exponential.

*Errors.* Machine operations never raise; where the engine would, they give NaN or infinity. So what can fail is checked: an
operation whose name ends in `!` reports that its result is not finite; the caller then runs the function by the engine, which
raises the proper error or returns the proper value. An operation in a branch that may not be taken ends in `?` and must not
report anything; `_Lowering.guards` makes it a `check!` of its own. Much needs no check, as simple bounds show: exp(−|x|) cannot
overflow, and 1 + that cannot be 0, so it is safe to divide by.

*Only what keeps every bit is simplified*: 1·x, −1·x, −(−x), a + (−b), constants. 0 + x is not x where x is −0.0.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice
from typing import Any, NamedTuple

from autograd._engine.special import LISTS
from autograd.compiler.machine import COMMUTATIVE, CONDITIONS, OF_BODIES, OPERATIONS, UNBOUNDED, Bounds, Machine
from autograd.compiler.passes import join_sums
from autograd.compiler.symbolic import Number, both, either, select, truth
from autograd.compiler.tape import Operand, Tape
from autograd.compiler.texts import branches, rule
from autograd.table import CONSTANTS, TABLE, Op

_PLAIN = {name: name if op.safe is True else name + "!" for name, op in OPERATIONS.items()}
"""How an operation is written if nothing is known of its operands."""
for _kind in ("neg", "abs", "exp", "or", "select"):
    del _PLAIN[_kind]  # of these something is known even then
_SIMPLER = frozenset({"select", "neg", "abs", "add", "sub"})  # it depends on their operands what they are
MAX_TEMPLATE_OPERANDS = 64
"""Operations of the table with more operands are written without a template."""


def _always(x: Any) -> Callable[[], Any]:
    return lambda: x


class _Lowering:
    """A machine program while it is being written."""

    def __init__(self, inputs: int = 0) -> None:
        self.machine = Machine(inputs)
        self.write = self.machine.write
        self.tables: dict[str, dict[tuple[int, ...], int]] = defaultdict(dict)  # of each kind, the operations already there
        self.numbers: dict[float | str, int] = {}  # of constants, by value; zeros by their text, which has a sign
        self.known: dict[int, Bounds] = {}  # of constants, negations and some more: between what they lie
        self.guards: list[tuple[Number, bool]] = []  # the conditions under which what is written counts
        self.checks: dict[int, list[int]] = {}  # for an operation that can fail in a branch only: what to check
        self.plans: dict[Any, Any] = {}
        self.templates: dict[tuple[Op, Any], _Template | None] = {}
        self.aside: _Lowering | None = None  # where templates are written
        self.open: list[int] = []  # the loops and branches that the next operation stands in

    @cached_property
    def space(self) -> dict[str, Any]:
        """What the texts of rows find by name."""
        space: dict[str, Any] = CONSTANTS | {
            "select": select, "both": both, "either": either, "len": len, "length": self.length,
            "total": lambda xs, start=0.0: self.fold("add", xs, start), "product": lambda xs: self.fold("mul", xs, 1.0),
            "largest": self.largest, "but_largest": self.but_largest,
            "c_pow": lambda a, b: self.call("pow", a, b), "pow": lambda a, b: self.row(TABLE["pow"], (a, b)),
            "undefined": lambda: self.call("log", -1.0),
        }  # fmt: skip
        for name, function in LISTS.items():
            space.setdefault(name, function)
        for name, operation in OPERATIONS.items():
            if operation.operands:
                space.setdefault(name, lambda *xs, name=name: self.call(name, *xs))
        for name, op in TABLE.items():
            space.setdefault(name, lambda *xs, op=op: self.row(op, xs[0] if op.nary and len(xs) == 1 else xs))
        return space

    # ---- writing

    def place(self, x: float) -> int:
        """The place of a constant."""
        i = self.numbers.get(x or str(x))
        if i is None:
            i = self.numbers[x or str(x)] = self.write("const", ())
            self.machine.consts[i] = x
            self.known[i] = (x, x)
        return i

    def number(self, x: Any) -> Number:
        return x if type(x) is Number else Number(self, self.place(float(x)))

    def emit(self, kind: str, args: tuple[int, ...]) -> int:
        """The place of an operation: found, or simplified, or written anew, with its check if it can fail."""
        table = self.tables[kind]
        i = table.get(args)
        if i is None:
            if kind in _PLAIN and self.known.keys().isdisjoint(args) and not self.guards:
                i = table[args] = self.write(_PLAIN[kind], args)
                if kind == "mul" and args[0] == args[1]:
                    self.known[i] = (0.0, math.inf)
            else:
                i = table[args] = self.considered(kind, args)
        elif self.checks and i in self.checks:  # written in a branch, now needed elsewhere too
            self.guarded(i)
        return i

    def considered(self, kind: str, args: tuple[int, ...]) -> int:
        """The place of an operation of whose operands something is known."""
        i = self.simple(kind, args)
        if i is None:
            op = OPERATIONS.get(kind)
            if op is not None and (op.safe is True or op.cannot_fail(*self.known.get(args[-1], UNBOUNDED))):
                i = self.write(kind, args)
            elif self.guards:
                i = self.write(kind + "?", args)
                self.guarded(i)
            else:
                i = self.write(kind + "!", args)
            if kind == "mul" and args[0] == args[1]:
                self.known[i] = (0.0, math.inf)
            elif op is not None and op.bounds is not None:
                bounds = op.bounds(*[self.known.get(x, UNBOUNDED) for x in args])
                if bounds != UNBOUNDED or kind == "neg":
                    self.known[i] = bounds
            elif kind == "or":
                self.known[i] = UNBOUNDED
        return i

    def guarded(self, i: int) -> None:
        """Check the operation only where the conditions hold that it was written under."""
        x = i
        zero = self.place(0.0)
        for condition, holds in self.guards:
            x = self.emit("select", (condition.place, x, zero) if holds else (condition.place, zero, x))
        self.checks.setdefault(i, []).append(x)

    def simple(self, kind: str, args: tuple[int, ...]) -> int | None:
        """A place that already holds what this operation gives, bit by bit."""
        consts, kinds, arguments = self.machine.consts, self.machine.kinds, self.machine.args
        a, b = args[0], args[1] if len(args) > 1 else -1
        x: Any = consts.get(a)
        y: Any = consts.get(b)
        if kind == "select":
            return b if b == args[2] else self.extreme(*args)
        if kind in {"neg", "abs"} and x is None:
            if kinds[a] == "neg":
                (b,) = arguments[a]
                return b if kind == "neg" else self.emit("abs", (b,))
            return a if kind == "abs" == kinds[a] else None
        if x is None and y is None:
            if kind in {"add", "sub"} and kinds[b] == "neg":
                return self.emit("sub" if kind == "add" else "add", (a, arguments[b][0]))
            return None
        if kind in OPERATIONS and all(map(consts.__contains__, args)):
            try:
                return self.place(float(OPERATIONS[kind].function(*(consts[i] for i in args))))
            except (ValueError, ArithmeticError):
                return None
        if kind == "mul":
            c, other = (x, b) if x is not None else (y, a)
            if c == 1.0:
                return other
            if c == -1.0:
                return self.emit("neg", (other,))
            if c < 0.0 and -c in self.numbers:  # −2·x is −(2·x), if that is there
                positive = self.numbers[-c]
                product = self.tables["mul"].get((positive, b) if other == b else (a, positive))
                if product is not None:
                    return self.emit("neg", (product,))
        elif kind == "muladd" and 1.0 in {x, y}:
            return self.emit("add", (args[2], a if y == 1.0 else b))
        elif kind in {"div", "pow"} and y == 1.0:
            return a
        return None

    def extreme(self, c: int, p: int, q: int) -> int | None:
        """`p if p >= q or p != p else q`, the text of `maximum`, is one operation; with <= it is `minimum`."""
        kinds, arguments = self.machine.kinds, self.machine.args
        if kinds[c] == "or":
            first, second = arguments[c]
            test = kinds[first], arguments[first], kinds[second], arguments[second]
            for comparison, kind in (("ge", "max"), ("le", "min")):
                if test == (comparison, (p, q), "ne", (p, p)):
                    return self.emit(kind, (p, q))
        return None

    # ---- rows

    def call(self, name: str, *xs: Any) -> Number:
        """An operation of the machine with any mix of numbers."""
        return Number(self, self.emit(name, tuple([self.number(x).place for x in xs])))

    def custom(self, function: Callable[..., float], name: str, xs: Sequence[Any]) -> Number:
        """What only Python computes."""
        kind = next((k for k, f in self.machine.functions.items() if f is function), f"{name}.{len(self.machine.functions)}")
        self.machine.functions[kind] = function
        return Number(self, self.emit(kind, tuple([self.number(x).place for x in xs])))

    def fold(self, kind: str, xs: Sequence[Any], start: Any) -> Number:
        total = self.number(start).place
        for x in xs:
            total = self.emit(kind, (total, self.number(x).place))
        return Number(self, total)

    def dot(self, args: tuple[int, ...]) -> int:
        """start + a₁·b₁ + …: one operation, whatever its length; with no product, the start."""
        kind = "dot"
        if len(args) <= 3:
            if len(args) == 1:
                return args[0]
            start, a, b = args
            kind, args = "muladd", (a, b, start)
            if a in self.known or b in self.known or self.guards:
                return self.emit(kind, args)
        table = self.tables[kind]
        i = table.get(args)
        if i is None:
            i = table[args] = self.write(kind, args)
        return i

    def largest(self, xs: Sequence[Any]) -> Number:
        return self.call("largest", *xs)

    def but_largest(self, xs: Sequence[Any]) -> list[Any]:
        """The list with −∞ in place of the first of the largest numbers: its exponential is 0, which changes no sum."""
        m, found, rest = self.largest(xs), self.number(0.0), []
        for x in xs:
            here = both(m == x, _always(found == 0.0))
            rest.append(select(here, _always(-math.inf), _always(x)))
            found = self.number(select(here, _always(1.0), _always(found)))
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

    def template(self, op: Op, places: tuple[int, ...]) -> "_Template | None":
        """The row as a little program for operands of which as much is known; None where a branch in it can fail."""
        low = self.aside = self.aside or _Lowering()
        start, consts = len(low.machine.kinds), self.machine.consts
        operands = [low.place(consts[x]) if x in consts else low.write("input", ()) for x in places]
        low.known |= {i: self.known[x] for i, x in zip(operands, places, strict=True) if x in self.known}
        result = low.number(low.row(op, [Number(low, i) for i in operands])).place
        kinds, arguments = low.machine.kinds, low.machine.args
        needed, todo = set(operands), [result, *(i for i in range(start, len(kinds)) if kinds[i][-1] == "!")]
        while todo:
            i = todo.pop()
            if i not in needed:
                needed.add(i)
                todo += arguments[i]
        if low.machine.functions or any(kinds[i][-1] == "?" for i in needed):
            low.machine.functions, low.checks = {}, {}
            return None
        order = sorted(needed.difference(operands), key=lambda i: (kinds[i] != "const", i))
        local = {i: k for k, i in enumerate([*operands, *order])}
        fixed = [self.place(low.machine.consts[i]) for i in order if kinds[i] == "const"]
        outer, steps = set(operands), []
        for i in order[len(fixed) :]:
            base, args = kinds[i].rstrip("!"), arguments[i]
            simpler = base if base in _SIMPLER and outer.intersection(args) else ""
            steps.append((self.tables[base], kinds[i], simpler, tuple([local[x] for x in args])))
        return _Template(fixed, steps, local[result], low.known.get(result))

    def instance(self, template: "_Template", places: tuple[int, ...], *, plain: bool) -> int:
        """The place of a row's result, written by its template; `plain` if nothing is known of the operands."""
        local, kinds, arguments = [*places, *template.fixed], self.machine.kinds, self.machine.args
        there = local.__getitem__
        for table, kind, base, at in template.steps:
            args = tuple(map(there, at))
            i = table.get(args)
            if i is None:
                if plain or not base:
                    i = table[args] = len(kinds)
                    kinds.append(kind)
                    arguments.append(args)
                else:
                    i = self.emit(base, args)
            elif self.checks and i in self.checks:
                self.guarded(i)
            local.append(i)
        i = local[template.result]
        if template.known is not None:
            self.known.setdefault(i, template.known)
        return i

    # ---- loops and branches

    def begin(self, kind: str, args: tuple[int, ...], steps: int) -> None:
        """Begin a loop, or a branch."""
        i = self.write(kind, args)
        self.machine.regions = True
        if kind == "loop":
            self.machine.steps[i] = steps
        self.open.append(i)

    def leave(self, kind: str, args: tuple[int, ...]) -> int:
        """Write `else` or `end`: what was written since the region began is there for nothing that follows, but by name."""
        begin = self.open[-1]
        for i in [i for i in self.checks if i > begin]:
            for x in self.checks.pop(i):
                self.write("check!", (x,))
        for table in self.tables.values():
            for key in [key for key, i in table.items() if i > begin and i not in self.machine.consts]:
                del table[key]
        if kind == "end":
            self.open.pop()
        return self.write(kind, args)

    def plain(self, kind: str, args: tuple[int, ...]) -> int:
        """An operation of loops and branches: found, or written anew."""
        table = self.tables[kind]
        i = table.get(args)
        if i is None:
            i = table[args] = self.write(kind, args)
        return i

    def node(self, op: Op | str, places: tuple[int, ...]) -> int:
        """A node of the tape; its operands are places."""
        if op == "select":
            return self.emit("select", (truth(Number(self, places[0])).place, *places[1:]))
        if isinstance(op, str):
            return self.emit(op, places)
        if op.text and len(places) <= MAX_TEMPLATE_OPERANDS:
            known, consts = self.known, self.machine.consts
            plain = known.keys().isdisjoint(places)
            key = (op, len(places) if plain else tuple([x if x in consts else known.get(x) for x in places]))
            template = self.templates.get(key)
            if template is None and key not in self.templates:
                template = self.templates[key] = self.template(op, places)
            if template is not None:
                return self.instance(template, places, plain=plain)
        return self.number(self.row(op, [Number(self, i) for i in places])).place


class _Template(NamedTuple):
    """A row written out: constants, and steps whose operands are counted from the row's operands and the constants on."""

    fixed: list[int]
    steps: list[tuple[dict[tuple[int, ...], int], str, str, tuple[int, ...]]]
    result: int
    known: Bounds | None


_SAME = "same"
_TAPE_ONLY = {"detach": _SAME, "bar": "dot", "grad": "dot"}
_direct: dict[Op | str, str] = {}


def direct(op: Op | str, low: _Lowering) -> str:
    """The one machine operation that an operation of the tape is, of the same operands; "same" for an operand itself; or "".

    Found by lowering its text once: what matters is what it computes, not how it is spelled.
    """
    kind = _direct.get(op)
    if kind is None:
        kind = _direct[op] = _TAPE_ONLY.get(op, "") if isinstance(op, str) else _one_operation(op, low)
    return kind


def _one_operation(op: Op, low: _Lowering) -> str:
    if op is TABLE["dot"]:
        return "dot"
    if op.nary or not op.text:
        return ""
    operands = tuple(range(op.arity))
    template = low.templates[op, op.arity] = low.template(op, tuple(range(-op.arity, 0)))  # places of which nothing is known
    if template is None or template.fixed or len(template.steps) > 1:
        return ""
    if not template.steps:
        return _SAME if op.arity == 1 else ""
    ((_, kind, _, args),) = template.steps
    base = kind.rstrip("!")
    return base if args == operands or (base in COMMUTATIVE and args == operands[::-1]) else ""


def lower(tape: Tape, inputs: Sequence[int], outputs: Sequence[Operand]) -> Machine:
    """The machine program of what the outputs need."""
    low = _Lowering(len(inputs))
    place, node, emit, dot, numbers, kinds = low.place, low.node, low.emit, low.dot, low.numbers, _direct
    machine = low.machine
    at = [-1] * len(tape.ops)
    there: Any = at.__getitem__
    x: Any
    rest: Any
    for i, x in enumerate(inputs):
        at[x] = i
    for i in _replaced(tape, outputs):
        at[i] = 0
    starts: dict[Any, tuple[int, ...]] = {"bar": (place(-0.0),), "grad": (place(0.0),)}
    dot_row = TABLE["dot"]
    compared, copies = {*_compared(tape)}, tape.copies
    first = next((i for i, x in enumerate(inputs) if i != x), len(inputs))  # the arguments, which stand first
    for i, (op, operands) in enumerate(islice(zip(tape.ops, tape.args, strict=True), first, None), first):
        if at[i] >= 0:
            continue
        if op in OF_BODIES:
            at[i] = _of_body(low, tape, i, at)
            continue
        kind = kinds[op] if op in kinds else direct(op, low)
        if kind == _SAME:
            (x,) = operands
            at[i] = at[x] if type(x) is int else place(x)
            continue
        start, rest = starts.get(op, ()), operands
        if op is dot_row:  # most often it starts at 0, and all others are numbers of the tape
            x, *rest = operands
            start = (at[x] if type(x) is int else place(x),)
        if len(rest) < 5 or float in map(type, rest):
            places = (*start, *[at[x] if type(x) is int else numbers.get(x) or place(x) for x in rest])
        else:
            places = (*start, *map(there, rest))
        n = len(machine.kinds)
        at[i] = node(op, places) if not kind else dot(places) if kind == "dot" else emit(kind, places)
        if i in copies:  # what it computes again was checked before
            machine.kinds[n:] = [name.replace("!", "?") for name in machine.kinds[n:]]
        if low.open and i in compared:
            low.write("check!", (at[i],))
            compared.discard(i)
    machine.outputs = [at[x] if type(x) is int else place(x) for x in outputs]
    wanted = {at[x] for x in compared if at[x] > 0}
    return join_sums(machine, [*chain.from_iterable(low.checks.values()), *sorted(wanted)], place(-0.0))


def _replaced(tape: Tape, outputs: Sequence[Operand]) -> Iterator[int]:
    """The nodes that loops have replaced, and that nothing else uses."""
    if not tape.replaced:
        return
    needed = {*outputs}
    old = {i for first, last in tape.replaced for i in range(first, last)}
    for i in range(len(tape.ops) - 1, -1, -1):
        if i not in old or i in needed:
            needed.update(tape.args[i])
        elif tape.ops[i] != "input":
            yield i


def _of_body(low: _Lowering, tape: Tape, i: int, at: list[int]) -> int:
    """What stands for an operation of loops and branches in a machine program."""
    op: Any = tape.ops[i]
    args = tuple([at[x] if type(x) is int else low.place(x) for x in tape.args[i]])
    if op in {"loop", "branch"}:
        region = tape.regions[i]
        if op == "branch":
            args = (truth(Number(low, args[0])).place,)
        low.begin(op, args, -region.steps if region.backward else region.steps)
        return low.open[-1]
    if op in {"else", "end"}:
        return low.leave(op, args)
    if op in {"element", "item"}:
        if args[0] in low.machine.consts:
            return args[0]
        alike = {*low.machine.args[args[0]]} if low.machine.kinds[args[0]] == "stack" else ()
        if len(alike) == 1:  # entries are all the same number
            return alike.pop()
    return low.write(op, args) if op == "carry" else low.plain(op, args)


def _compared(tape: Tape) -> Iterator[int]:
    """Derivatives, and what is computed of them, where a comparison would swallow that they are NaN.

    Eager skips what an adjoint of 0 would multiply; a program multiplies, and NaN that reaches a result makes it ask eager.
    """
    known = {*tape.derivatives}
    first = min(known, default=len(tape.ops))
    for i in range(first + 1, len(tape.ops)):
        operands = tape.args[i]
        if not known.isdisjoint(operands):
            op = tape.ops[i]
            if op in _SWALLOWING if isinstance(op, str) else not op.text or branches(op.text[0]):
                yield from (x for x in operands if type(x) is int and x in known)
            known.add(i)


_SWALLOWING = CONDITIONS | {"largest", "take"}  # of what only the tape has
