"""Bodies of loops and branches on the tape, as sweeps see them: what depends on what, and their nodes seen from another body.

The derivative of a loop is a loop, and needs numbers that the first one had. Of a node of the first loop's body, the second one
reads the *trail*, the numbers it had in each step, or computes it again where that costs no more than reading it. Of a loop in
a loop the numbers of all steps are kept, up to a bound; above it, and in a branch, everything is computed again.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from autograd.compiler.machine import CONDITIONS
from autograd.compiler.tape import FROM_BODIES, Operand, Region, Tape
from autograd.compiler.texts import branches, names
from autograd.table import Op

SERIES = frozenset({"trail", "stack", "shift", "row"})
MAX_KEPT = 4_000_000
"""Of a loop in a loop the numbers of all steps are kept, if they are no more than this; else it runs again."""
_NO_TRAIL = SERIES | CONDITIONS | {"end", "else", "input", "element"}


def length(tape: Tape, x: int) -> int:
    """How many entries a series has."""
    op, args = tape.ops[x], tape.args[x]
    if op == "stack":
        return len(args)
    if op == "row":
        return tape.regions[int(tape.args[int(args[0])][-2])].steps
    return length(tape, int(args[1])) if op == "shift" else tape.regions[int(args[-1])].steps


def all_one(values: Sequence[Operand]) -> bool:
    """Whether all are one node, or one constant."""
    x = values[0]
    if any(y != x or type(y) is not type(x) for y in values):
        return False
    return type(x) is int or x != 0.0 or len({math.copysign(1.0, y) for y in values}) == 1


def whole_series(tape: Tape, xs: Sequence[Operand]) -> int | None:
    """The series of which these numbers are all entries, in order; None if they are not that."""
    args = [tape.args[x] for x in xs if type(x) is int and tape.ops[x] == "item"]
    if not args or len(args) < len(xs):
        return None
    series = int(args[0][0])
    return series if args == [(series, float(k)) for k in range(length(tape, series))] else None


@cache
def _cheap(op: Op | str) -> bool:
    """Whether it is as cheap to compute as to read: sums, products, comparisons."""
    if isinstance(op, str):
        return op in CONDITIONS or op == "select"
    if op.nary or not op.text:
        return False
    text = op.text[0]
    return names(text) <= {*op.inputs} and not branches(text) and not set("/%") & {*text} and "**" not in text


def own_nodes(tape: Tape, region: Region) -> Iterator[int]:
    """The nodes of a body, without those of bodies in it."""
    i = region.begin + 1
    while i < region.end:
        inner = tape.regions.get(i)
        if inner is not None:
            i = inner.end
        yield i
        i += 1


def _loops_within(tape: Tape, region: Region) -> Iterator[tuple[Region, tuple[int, ...]]]:
    """The loops in a loop, but those in branches, and the ends that they stand before, from their own to the outer one's."""
    for i in own_nodes(tape, region):
        inner = tape.regions.get(i)
        if inner is not None and inner.middle < 0:
            yield inner, (inner.end, region.end)
            for loop, ends in _loops_within(tape, inner):
                yield loop, (*ends, region.end)


def _sources(tape: Tape, i: int) -> Iterator[Operand]:
    """What a node's number comes from: for a carry, also what a step gives for it."""
    op, args = tape.ops[i], tape.args[i]
    yield from args[:-1] if op in FROM_BODIES else args
    if op == "carry":
        region = _loop_of(tape, i)
        if region is not None:
            yield tape.args[region.end][i - region.begin - 1]


def _loop_of(tape: Tape, carry: int) -> Region | None:
    while tape.ops[carry] == "carry":
        carry -= 1
    return tape.regions.get(carry)  # None while the loop is open


def active(tape: Tape, region: Region, outside: Callable[[Operand], bool]) -> set[int]:
    """The nodes of a body that depend on what stands before it and is `outside`, and these."""
    found: set[int] = set()
    before = -1
    while before != len(found):  # once more for each carry that another carry makes active
        before = len(found)
        for i in range(region.begin + 1, region.end):
            op = tape.ops[i]
            if i in found or i in tape.stopped or (op in _PASSED and op not in {"carry", "element"}):
                continue
            for x in _sources(tape, i):
                if type(x) is int and (x in found or (x < region.begin and outside(x))):
                    found.add(i)
                    if x < region.begin:
                        found.add(x)
    return found


_PASSED = CONDITIONS | {"input", "largest", "detach", "loop", "branch", "else", "end"}


def reached(tape: Tape, region: Region, among: set[int], seeds: Iterable[Operand]) -> set[int]:
    """Those nodes that an adjoint reaches from the seeds, but what a carry begins with and the series of an entry."""
    found: set[int] = set()
    own = {i for i in own_nodes(tape, region) if tape.ops[i] in {"carry", "element"}}
    todo = [*seeds]
    while todo:
        i = todo.pop()
        if type(i) is int and i in among and i not in found:
            found.add(i)
            if i in own:
                todo += [*_sources(tape, i)][1:]
            elif i > region.begin:
                todo += _sources(tape, i)
    return found


class Local:
    """What nodes of a body that ended are in a body that is open; in a loop, `trails` are those of its own nodes."""

    def __init__(self, tape: Tape, region: Region, outer: "Local | None", *, every: bool) -> None:
        self.tape, self.region, self.outer, self.every = tape, region, outer, every
        self.found: dict[int, Operand] = {}
        self.trails: dict[int, int] = {}
        self.deep: dict[int, int] = {}  # the same for nodes of loops within: series of series
        self.kept: set[int] = set()  # the ends of these loops
        if outer is not None:  # what is outside must be found before this body is open
            for i in range(region.begin, region.end + 1):
                for x in tape.args[i]:
                    if type(x) is int and x < region.begin:
                        outer(x)

    def keep(self) -> None:
        """Let the trails of nodes be read, in place of computing them again."""
        tape, region = self.tape, self.region
        at: dict[int, Operand] = {}
        above: dict[int, int] = {}
        if self.outer is not None and region.end in self.outer.kept:
            above = self.outer.deep
        elif self.outer is not None:  # the loop is one of a body that ended: have it once more
            self.outer.copy(region)
            at = self.outer.found

        def kept(loop: Region, ends: tuple[int, ...]) -> dict[int, int]:
            nodes = [i for i in own_nodes(tape, loop) if tape.ops[i] not in _NO_TRAIL]
            if above:
                return {i: tape.write("row", (above[i],)) for i in nodes}
            return {i: tape.write("trail", (at.get(i, i), *[at.get(x, x) for x in ends])) for i in nodes}

        self.trails = kept(region, (region.end,))
        for inner, ends in () if self.every else _loops_within(tape, region):
            size = math.prod(tape.regions[x].steps for x in ends)
            if size <= MAX_KEPT and (not above or inner.end in self.outer.kept):  # type: ignore[union-attr]
                self.deep |= kept(inner, ends)
                self.kept.add(inner.end)

    def __call__(self, x: Operand) -> Operand:
        """What stands for a node."""
        if type(x) is float:
            return x
        found, tape = self.found, self.tape
        todo: list[Any] = [x]
        while todo:
            i = todo[-1]
            if i not in found:
                easy = self._easy(i)
                if easy is None:
                    args = tape.args[i]
                    if tape.ops[i] in FROM_BODIES:
                        self.copy(tape.regions[int(args[-1])])
                    missing = [a for a in args if type(a) is int and a not in found]
                    if missing:
                        todo += missing
                        continue
                    easy = self._again(i)
                found[i] = easy
            todo.pop()
        return found[int(x)]

    def _easy(self, i: int) -> Operand | None:
        """The node itself, or an entry of its trail; None for what must be computed again."""
        tape, region = self.tape, self.region
        op = tape.ops[i]
        if not region.begin < i <= region.end:
            return i if self.outer is None else self.outer(i)
        if op == "input":
            return i
        if op == "trail" and tape.args[i][0] in self.deep:
            return tape.write("row", (self.deep[int(tape.args[i][0])],))
        trail = self.trails.get(i)
        if trail is None or (_cheap(op) and not self.every):
            return None
        return tape.write("element", (trail,))

    def _again(self, i: int) -> int:
        """Write a node once more."""
        tape = self.tape
        y = tape.write(tape.ops[i], self._mapped(tape.args[i]))
        tape.copies.add(y)
        if i in tape.stopped:
            tape.stopped.add(y)
        if i in tape.selects:
            tape.selects.add(y)
        self.found[i] = y
        return y

    def _mapped(self, xs: Iterable[Operand]) -> tuple[Operand, ...]:
        return tuple([x if type(x) is float else self.found[int(x)] for x in xs])

    def copy(self, region: Region) -> None:
        """Write a loop or branch once more, with everything in it."""
        tape, found = self.tape, self.found
        if region.end in found:
            return
        for i in range(region.begin, region.end + 1):
            for x in tape.args[i]:
                if type(x) is int and x < region.begin:
                    self(x)
        condition = self._mapped(tape.args[region.begin])
        with tape.region(Region(region.steps, backward=region.backward), condition if region.middle > 0 else None) as new:
            i = region.begin + 1
            while i < region.end:
                inner = tape.regions.get(i)
                if inner is not None:
                    self.copy(inner)
                    i = inner.end
                elif tape.ops[i] == "else":
                    new.other_side()
                elif tape.ops[i] == "input":
                    found[i] = i
                else:
                    self._again(i)
                i += 1
            found[region.end] = new.close(self._mapped(tape.args[region.end]))
        found[region.begin] = new.begin
        tape.copies.update((new.begin, new.end))
