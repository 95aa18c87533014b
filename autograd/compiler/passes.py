"""Passes over a machine program: from one to another that computes the same.

`join_sums` ends every lowering: it drops dead operations and joins sums of products. `reassociate` is done for
`fast="reassoc"` only.
"""

from collections.abc import Sequence
from itertools import chain, islice
from typing import Any

from autograd.compiler.machine import Machine

MIN_REASSOCIATED_TERMS = 128
"""Shorter sums are not cut: where there are any, there are mostly many, which run side by side as they are."""
LANES = 8
"""Into how many sums a long one is cut."""
MAX_LISTED = 6
"""Of an operation with more operands a listing shows the first and the last."""
MIN_SUMMED = 64
"""A sum over a series is a loop if it has at least so many operands."""
MAX_UNROLLED_OPERANDS = 7
"""A dot with at most this many operands becomes single operations, of which longer loops can be made."""


def join_sums(old: Machine, checked: list[int], minus_zero: int) -> Machine:
    """The program without dead operations, and with chains of sums of products as one `dot` each.

    A chain of + and · whose parts nothing else needs becomes start + a₁·b₁ + a₂·b₂ + …, evaluated in the same order. `checked`
    are places whose numbers must be finite, `minus_zero` is the place of the constant −0.0.
    """
    kinds, arguments, n = old.kinds, old.args, len(old.kinds)
    regions = Regions(old) if old.regions else None
    uses = [0] * n  # only those by live operations
    for x in (*old.outputs, *checked):
        uses[x] += 2
    if regions is not None:
        regions.count(uses)
    else:
        for i in range(n - 1, old.inputs - 1, -1):
            if not uses[i] and kinds[i][-1] == "!":  # eager computes it, whether anything needs it or not, and may raise
                uses[i] = 1
            if uses[i]:
                for x in arguments[i]:
                    uses[x] += 1
    dots = _chains(kinds, arguments, uses)
    new = Machine(old.inputs)
    new.functions, new.regions = old.functions, old.regions
    place = [*range(old.inputs), *([-1] * (n + 1 - old.inputs))]  # the last one is that of −1, no factor
    written, write, add, there = new.kinds, new.kinds.append, new.args.append, place.__getitem__
    for i in range(old.inputs, n):
        if not uses[i]:
            continue
        kind, args = kinds[i], arguments[i]
        if i in dots:
            args = tuple(map(there, dots[i]))
            if len(args) > MAX_UNROLLED_OPERANDS:
                kind = "dot"
            else:
                kind, args = _unrolled(new, args, from_nothing=len(args) > 3 and args[0] == place[minus_zero])
        elif kind == "end" and regions is not None:
            args = tuple([place[x] for x, c in zip(args, regions.carries[i], strict=True) if uses[c]])
        else:
            args = tuple(map(there, args))
        place[i] = len(written)
        write(kind)
        add(args)
        if i in old.steps:
            new.steps[place[i]] = old.steps[i]
    new.consts = {place[i]: x for i, x in old.consts.items() if uses[i]}
    new.outputs = [place[x] for x in old.outputs]
    for x in checked:
        new.write("check!", (place[x],))
    return new


class Regions:
    """Which carries, first and last places belong together in a program."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.carries: dict[int, list[int]] = {}  # by the end
        self.begins: dict[int, int] = {}  # by the end
        self.home = [-1] * machine.inputs  # for each place the beginning of what it stands in, or −1
        self.parents: dict[int, int] = {}  # for a beginning, the one that it stands in, or −1
        self.last: dict[int, int] = {}  # by the beginning
        self.middle: dict[int, int] = {}  # of a branch, by the beginning
        self.given: dict[int, int] = {}  # for each carry what a step gives for it
        self.asked: dict[int, list[int]] = {}  # by the end, of a loop within loops the innermost, what is asked of it
        self.begun: dict[int, list[int]] = {}  # by the end of the outermost loop, the series that begin with it
        open_, carries = [-1], [[]]  # type: ignore[var-annotated]
        for i, kind in enumerate(islice(machine.kinds, machine.inputs, None), machine.inputs):
            self.home.append(open_[-1])
            if kind in {"loop", "branch"}:
                self.parents[i] = open_[-1]
                open_.append(i)
                carries.append([])
            elif kind == "carry":
                carries[-1].append(i)
            elif kind in {"trail", "merge", "final"}:
                args = machine.args[i]
                self.asked.setdefault(args[2] if kind == "merge" else args[1], []).append(i)
                if kind == "trail":
                    self.begun.setdefault(args[-1], []).append(i)
            elif kind == "else":
                self.middle[open_[-1]] = i
            elif kind == "end":
                self.begins[i] = open_.pop()
                self.last[self.begins[i]] = i
                self.carries[i] = carries.pop()
                self.given |= zip(self.carries[i], machine.args[i], strict=True)

    def series(self, end: int) -> list[int]:
        """The series asked of a loop."""
        return [x for x in self.asked.get(end, ()) if self.machine.kinds[x] == "trail"]

    def length(self, series: int) -> int:
        """How many entries a series has."""
        kind, args = self.machine.kinds[series], self.machine.args[series]
        if kind == "stack":
            return len(args)
        if kind == "row":
            return abs(self.machine.steps[self.begins[self.machine.args[args[0]][-2]]])
        return self.length(args[1]) if kind == "shift" else abs(self.machine.steps[self.begins[args[-1]]])

    def products(self, args: Sequence[int]) -> tuple[int, int, int, int, int] | None:
        """Of a dot over entries of series, in order: the first ones' series and place, the second ones' or −1, how many."""
        kinds, arguments, consts = self.machine.kinds, self.machine.args, self.machine.consts
        if len(args) < MIN_SUMMED or kinds[args[1]] != "item":
            return None
        found: list[int] = []
        for factors in (args[1::2], args[2::2]):
            if all(x == -1 for x in factors):
                found += [-1, 0]
                continue
            if any(x < 0 or kinds[x] != "item" for x in factors):
                return None
            series, first = arguments[factors[0]][0], int(consts[arguments[factors[0]][1]])
            at = [(arguments[x][0], consts[arguments[x][1]]) for x in factors]
            if at != [(series, first + k) for k in range(len(at))]:
                return None
            found += [series, first]
        a, b, c, d = found
        return a, b, c, d, len(args) // 2

    def loop_of(self, i: int) -> int:
        """The innermost loop that a place is in."""
        i = self.home[i]
        while self.machine.kinds[i] != "loop":
            i = self.parents[i]
        return i

    def count(self, uses: list[int]) -> None:
        """Count how often each operation is used by those that are live, from the outputs on."""
        kinds, arguments, inputs = self.machine.kinds, self.machine.args, self.machine.inputs
        todo = [i for i in range(inputs, len(kinds)) if uses[i] or kinds[i][-1] == "!"]
        seen = set(todo)
        while todo:
            i = todo.pop()
            uses[i] = max(uses[i], 1)
            used = [] if kinds[i] == "end" else [x for x in arguments[i] if x >= inputs]
            if i in self.given:
                used += [self.given[i]] * 2
            region = self.begins.get(i, i if i in self.last else self.home[i])
            if region >= 0:
                used += [x for x in (region, self.middle.get(region), self.last[region]) if x is not None]
            for x in used:
                uses[x] += 1 if self.home[x] == self.home[i] else 2
                if x not in seen:
                    seen.add(x)
                    todo.append(x)


def _chains(kinds: list[str], arguments: list[tuple[int, ...]], uses: list[int]) -> dict[int, Any]:
    """The sums that take in what only they use: (start, a₁, b₁, …), with −1 for no factor; what is taken in has no more use."""
    found: dict[int, Any] = {}
    for i, kind in enumerate(kinds):
        if (kind != "add" and kind != "dot") or not uses[i]:  # noqa: PLR1714 - twice as quick
            continue
        terms = arguments[i]
        spine = terms[0]
        if kind == "add":
            other = terms[1]
            if not (spine in found and uses[spine] == 1) and other in found and uses[other] == 1 and kinds[spine] != "const":
                spine, other = other, spine
            terms = spine, other, -1
            if kinds[other] == "mul" and uses[other] == 1:
                terms = spine, *arguments[other]
                uses[other] = 0
        # All terms of a chain have factors, or none has.
        if spine in found and uses[spine] == 1 and (found[spine][-1] < 0) == (terms[-1] < 0):
            before = found.pop(spine)
            longer = before if isinstance(before, list) else [*before]
            longer += terms[1:]
            found[i] = longer
            uses[spine] = 0
        else:
            found[i] = terms
    return found


def _unrolled(new: Machine, args: tuple[int, ...], *, from_nothing: bool) -> tuple[str, tuple[int, ...]]:
    """A short dot as single operations: all but the last are written, and that one is returned."""
    part: tuple[str, tuple[int, ...]] = "", ()
    last, *terms = args
    for k in range(0, len(terms), 2):
        if k:  # the part before
            last = new.write(*part)
            new.parts.add(last)
        a, b = terms[k : k + 2]
        if b < 0:
            part = "add", (last, a)
        elif from_nothing and k == 0:
            part = "mul", (a, b)
        else:
            part = "muladd", (a, b, last)
    return part


def reassociate(machine: Machine) -> Machine:
    """The program with each long sum cut into eight, of every eighth term, which are summed side by side.

    A sum waits for each addition before the next; eight shorter ones wait an eighth as long. The result may differ from the
    engine's in its last bits, as with any other order of summation; NaN and infinity stay what they are. It is done on machine
    operations, so every executor gives the same bits.
    """
    new = Machine()
    new.inputs, new.functions = machine.inputs, machine.functions
    place = [-1] * (len(machine.kinds) + 1)  # the last one is that of −1, no factor
    zero = -1
    for i, (kind, args) in enumerate(zip(machine.kinds, machine.args, strict=True)):
        moved = tuple([place[x] for x in args])
        if kind == "dot" and len(args) >= 1 + 2 * MIN_REASSOCIATED_TERMS:
            if zero < 0:
                zero = new.write("const", ())
                new.consts[zero] = -0.0  # what changes no sum
            start, *terms = moved
            pairs = list(zip(terms[::2], terms[1::2], strict=True))
            whole = len(pairs) // LANES * LANES  # sums of one length can run side by side
            lanes = [new.write("dot", (zero, *chain.from_iterable(pairs[k:whole:LANES]))) for k in range(LANES)]
            moved = (start, *(x for lane in lanes for x in (lane, -1)), *chain.from_iterable(pairs[whole:]))
        place[i] = new.write(kind, moved)
        if i in machine.parts:
            new.parts.add(place[i])
        if kind == "const":
            new.consts[place[i]] = machine.consts[i]
    new.outputs = [place[x] for x in machine.outputs]
    return new


def listing(machine: Machine) -> str:
    """A program with loops as text, an operation a line: what `Compiled.program` shows."""
    kinds, consts = machine.kinds, machine.consts
    lines = [f"{machine.inputs} inputs, {len(machine.outputs)} results"]
    depth = 0

    def name(x: int) -> str:
        return f"in[{x}]" if x < machine.inputs else repr(consts[x]) if x in consts else f"%{x}"

    for i in range(machine.inputs, len(kinds)):
        kind, args = kinds[i].rstrip("!?"), machine.args[i]
        if kind in {"const", "item"}:
            continue
        names = [
            f"%{machine.args[x][0]}[{consts[machine.args[x][1]]:.0f}]" if kinds[x] == "item" else name(x)
            for x in args
            if x >= 0
        ]
        if len(names) > MAX_LISTED:
            names = [*names[:2], "…", names[-1]]
        depth -= kind in {"end", "else"}
        text = f"%{i} = {kind} {', '.join(names)}"
        if kind == "loop":
            n = machine.steps[i]
            text = f"for {n}:" if n > 0 else f"for {-n}, backward:"
        elif kind in {"branch", "else"}:
            text = f"if {names[0]}:" if kind == "branch" else "else:"
        elif kind == "end":
            text = f"next {', '.join(names)}" if names else ""
        if text:
            lines.append("    " * (depth + (kind == "end")) + text)
        depth += kind in {"loop", "branch", "else"}
    return "\n".join(lines)
