"""The loop finder: from a machine program to loops of operations that differ only in where their numbers stand.

Operations of one kind and one *level* (the length of the longest chain of operations they wait for) do not depend on each
other, so they may run together, in any order, and with the same bits. What is left to find is how their places in memory follow
from counters:

    for i in 100: for j in 16: v[800 + 16·i + j] = tanh(v[200 + 16·i + j])

This is the recognition of nested loops in a trace of addresses (A. Ketterlin, P. Clauss, Prediction and trace compression of
data access addresses through nested loop recognition, CGO 2008): the longest stretch with constant steps is the inner loop, and
stretches that follow each other at constant steps the outer one. Three things keep it linear and its result small:

- levels come first: only operations of one group, of one kind and level, are compared;
- memory is handed out group by group, so what is computed together stands together, and later groups find constant steps;
- steps are data of an instruction, not part of its kind, and what follows no steps is first gathered through a table of places.
"""

from array import array
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from autograd.compiler.machine import Machine

Steps = tuple[int, int, int]
"""Where an operand stands: its first place, its step in the outer and its step in the inner loop."""

NOWHERE = (0, 0, 0)
WITH_STRIDES = {"dot", "largest"}
"""Operations whose many operands stand at constant steps."""
MAX_UNROLLED_TERMS = 8
"""Dots with at most this many terms become loops of multiplications and additions, if there are many that need gathering."""
LEVEL_STEP = 8
"""Levels are multiples of this: in between there is room for the parts of a dot."""
MIN_LOOP_LENGTH = 24
"""Shorter loops are gathered into one."""
MIN_COPY_REUSE = 4
"""Factors that stand apart are copied together if at least this many sums use them."""
GOOD_LOOP_LENGTH = 64
"""No better order is looked for once loops have this many operations on average."""
MIN_INNER_LENGTH = 8
"""Shorter inner loops are exchanged with longer outer ones."""


class Loop(NamedTuple):
    """One instruction: an operation for i in range(outer) for j in range(inner).

    `n` is the number of products of a dot, or of entries of a table; a and b of a dot move by `ka` and `kb` from one product to
    the next; `table` is where its places begin in the program's table.
    """

    kind: str
    outer: int
    inner: int
    out: Steps
    a: Steps = NOWHERE
    b: Steps = NOWHERE
    c: Steps = NOWHERE
    n: int = 0
    ka: int = 0
    kb: int = 0
    table: int = 0


class Loops:
    """A program as loops over one block of memory: inputs, results, constants, then everything else."""

    __slots__ = ("code", "inputs", "numbers", "outputs", "size", "table")

    def __init__(self, inputs: int, outputs: int) -> None:
        self.code: list[Loop] = []
        self.table = array("i")
        self.numbers: list[tuple[int, float]] = []  # constants and where they stand
        self.inputs, self.outputs, self.size = inputs, outputs, inputs + outputs

    def allot(self, n: int) -> int:
        """The first of n new places."""
        first = self.size
        self.size += n
        return first


def _stretch(xs: Sequence[int], i: int, step: int, most: int) -> int:
    """How many numbers from `xs[i]` on rise by `step`, at most `most`; found by comparing ever longer pieces."""
    length, piece = 1, 1
    while length < most:
        piece = min(2 * piece, most - length)
        first = xs[i + length - 1] + step
        if xs[i + length : i + length + piece] == _evenly(first, step, piece):
            length += piece
        elif piece == 1:
            break
        else:
            piece = max(piece // 4, 0)
            if piece == 0:
                piece = 1
                if xs[i + length] != first:
                    break
                length += 1
    return length


def _step(xs: Sequence[int]) -> int | None:
    """The step of numbers that rise evenly; None if they do not."""
    if len(xs) == 1:
        return 0
    first, step, n = xs[0], xs[1] - xs[0], len(xs)
    return step if xs[-1] - first == step * (n - 1) and xs == _evenly(first, step, n) else None


def _evenly(first: int, step: int, n: int) -> list[int]:
    return list(range(first, first + step * n, step)) if step else [first] * n


def nests(fields: Sequence[Sequence[int]], n: int) -> Iterator[tuple[int, int, int, list[Steps]]]:
    """Cut n operations into nested loops: (first operation, outer, inner, steps of each field).

    A field has the place of one operand, or of the result, for each operation.
    """
    i = 0
    while i < n:
        left = n - i
        steps = [f[i + 1] - f[i] if left > 1 else 0 for f in fields]
        inner = most = 1
        while inner == most < left:  # all fields in step: one that goes on for long is not asked again at every operation
            inner = most = min(8 * most, left)
            for f, step in zip(fields, steps, strict=True):
                inner = _stretch(f, i, step, inner)
        outer, jumps = 1, [0] * len(fields)
        if i + 2 * inner <= n:
            jumps = [f[i + inner] - f[i] for f in fields]
            while i + (outer + 1) * inner <= n:
                at = i + outer * inner
                if any(
                    f[at] != f[i] + outer * jump or f[at : at + inner] != _evenly(f[at], step, inner)
                    for f, jump, step in zip(fields, jumps, steps, strict=True)
                ):
                    break
                outer += 1
        yield i, outer, inner, [(f[i], jump, step) for f, step, jump in zip(fields, steps, jumps, strict=True)]
        i += outer * inner


class _LoopFinder:
    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.loops = Loops(machine.inputs, len(machine.outputs))
        self.slots = [-1] * len(machine.kinds)
        self.copied: dict[tuple[int, ...], int] = {}  # of factors, and where the copies stand
        self.lists: dict[tuple[int, ...], int] = {}  # of places to gather: their numbers
        self.listed: list[tuple[int, ...]] = []  # and the lists by number
        places = range(machine.inputs, machine.inputs + len(machine.outputs))
        given = {"input", "const"}
        self.fixed = {  # of results: where they belong, the first place of several
            i: place
            for place, i in zip(reversed(places), reversed(machine.outputs), strict=True)
            if machine.kinds[i] not in given
        }

    def constant(self, x: float) -> int:
        place = self.loops.allot(1)
        self.loops.numbers.append((place, x))
        return place

    def aligned(self, groups: list[tuple[str, int, list[int]]]) -> None:
        """Places for the sums of one level, in order of recording whatever their lengths: one array to what follows."""
        parts, arguments = self.machine.parts, self.machine.args
        places = [i for kind, _, group in groups for i in group if kind == "dot" and i not in self.fixed]
        if not places:
            return
        places += [
            i
            for kind, _, group in groups
            if kind in {"add", "muladd"}
            for i in group
            if arguments[i][-1] in parts and i not in parts and i not in self.fixed
        ]
        places.sort()
        one, other = (arguments[places[k]] for k in (0, min(1, len(places) - 1)))
        steps = [self.slots[y] - self.slots[x] for x, y in zip(one[1:3], other[1:3], strict=False)]
        to = self.loops.allot(len(places))
        for k, i in enumerate(places if sum((step > 0) - (step < 0) for step in steps) >= 0 else reversed(places)):
            self.fixed[i] = to + k

    def levels(self) -> Iterator[list[tuple[str, int, list[int]]]]:
        """Level by level the operations by kind, and by the levels of their operands: (kind, number of operands, places).

        Levels are multiples of `LEVEL_STEP`, and all parts of a dot are within one step, so short and long dots stay level.
        """
        arguments, parts = self.machine.args, self.machine.parts
        levels = [0] * (len(arguments) + 1)  # the last one is that of −1, no operand
        level_of = levels.__getitem__
        found: dict[Any, list[int]] = {}
        before: Any = None  # mostly the next operation belongs to the same group
        group: list[int] = []
        for i, (kind, args) in enumerate(zip(self.machine.kinds, arguments, strict=True)):
            if kind != "input" and kind != "const":  # noqa: PLR1714 - twice as quick
                n = len(args)
                key: tuple[Any, ...]
                if n == 3:
                    a, b, c = args
                    key = kind, 3, levels[a], levels[b], levels[c]
                elif n == 2:
                    a, b = args
                    key = kind, 2, levels[a], levels[b]
                else:
                    key = kind, n, *map(level_of, args[:3]), max(map(level_of, args))
                part = i in parts
                if key != before or part:
                    top = max(key[2:])
                    level = top + 1 if part else top // LEVEL_STEP * LEVEL_STEP + LEVEL_STEP
                    before = None if part else key
                    group = found.setdefault((key, level), [])
                levels[i] = level
                group.append(i)
        for _, keys in groupby(sorted(found, key=itemgetter(1)), key=itemgetter(1)):
            yield [(key[0], key[1], found[key, level]) for key, level in keys]

    def find(self) -> Loops:
        machine, slots = self.machine, self.slots
        slots[: machine.inputs] = range(machine.inputs)
        for i, x in machine.consts.items():
            slots[i] = self.constant(x)
        slots.append(self.constant(1.0))  # a factor that is not there
        self.computed = self.loops.size
        for groups in self.levels():
            self.aligned(groups)
            for kind, n, places in groups:
                base = kind.rstrip("?")
                if base == "dot":
                    self.dots(places, n)
                elif base == "largest":
                    self.largest(places, n)
                elif base == "take!":
                    self.takes(places, n)
                else:
                    fields = [[slots[machine.args[i][k]] for i in places] for k in range(n)]
                    self.emit(base, places, fields)
        self.results()
        return self.loops

    def dots(self, places: list[int], n: int) -> None:
        """Dots of one length: those whose factors stand at constant steps, by steps; the others gather them."""
        slots, arguments = self.slots, self.machine.args
        terms, slot_of = n // 2, slots.__getitem__
        groups: dict[tuple[int | None, int | None], tuple[list[int], list[int], list[int]]] = {}
        known: dict[tuple[int, ...], tuple[int | None, int]] = {}  # of factors, which many dots share: the stride, the first
        for i in places:
            args = arguments[i]
            found = []
            for factors in (args[1::2], args[2::2]):
                if factors not in known:
                    xs = list(map(slot_of, factors))
                    stride = _step(xs)
                    known[factors] = stride, self.number(tuple(xs)) if stride is None else xs[0]
                found.append(known[factors])
            (ka, a), (kb, b) = found
            group = groups.setdefault((ka, kb), ([], [], []))
            group[0].append(i)
            group[1].append(a)
            group[2].append(b)
        for strides_of_both, (group_places, first, second) in groups.items():
            lists = sum(len({*xs}) for xs, stride in zip((first, second), strides_of_both, strict=True) if stride is None)
            if lists > len(group_places) // 4 and terms <= MAX_UNROLLED_TERMS and len(group_places) >= 2 * MAX_UNROLLED_TERMS:
                self.unrolled(group_places, terms)
                continue
            (x, kx), (y, ky) = (self.gathered(of, k, terms) for of, k in zip((first, second), strides_of_both, strict=True))
            start = [slots[arguments[i][0]] for i in group_places]
            self.emit("dot", group_places, [x, y, start], n=terms, ka=kx, kb=ky)

    def unrolled(self, places: list[int], terms: int) -> None:
        """Short dots at irregular steps, but many: term by term, a loop of a·b + c each, where neighbours stand together."""
        slots, arguments = self.slots, self.machine.args
        sums = [slots[arguments[i][0]] for i in places]
        for term in range(terms):
            factors = [[slots[arguments[i][k + 2 * term]] for i in places] for k in (1, 2)]
            to = places
            if term < terms - 1:
                first = len(slots) - 1  # new ones, before the last: that is the factor that is not there
                slots[first:first] = [-1] * len(places)
                to = list(range(first, first + len(places)))
            self.emit("muladd", to, [*factors, sums])
            sums = [slots[i] for i in to]

    def largest(self, places: list[int], n: int) -> None:
        """The largest of n numbers, which are gathered unless they stand at constant steps."""
        slots, arguments = self.slots, self.machine.args
        operands = [[slots[x] for x in arguments[i]] for i in places]
        strides = {*map(_step, operands)}
        stride = strides.pop() if len(strides) == 1 else None
        firsts = [self.number(tuple(xs)) if stride is None else xs[0] for xs in operands]
        a, ka = self.gathered(firsts, stride, n)
        self.emit("largest", places, [a], n=n, ka=ka)

    def number(self, xs: tuple[int, ...]) -> int:
        """The number of a list of places to gather."""
        n = self.lists.setdefault(xs, len(self.listed))
        if n == len(self.listed):
            self.listed.append(xs)
        return n

    def gathered(self, firsts: list[int], stride: int | None, n: int) -> tuple[list[int], int]:
        """Factors of dots at constant steps: as they are, or if they are lists of places, gathered first, each list once."""
        if stride is not None:
            return firsts, stride
        starts = dict.fromkeys(firsts, 0)
        to, table = self.loops.allot(n * len(starts)), self.loops.table
        self.loops.code.append(Loop("gather", 1, n * len(starts), (to, 0, 1), table=len(table)))
        for k, number in enumerate(starts):
            table.extend(self.listed[number])
            starts[number] = to + n * k
        return [starts[number] for number in firsts], 1

    def takes(self, places: list[int], n: int) -> None:
        slots, arguments, table = self.slots, self.machine.args, self.loops.table
        start = len(table)
        for i in places:
            table.extend([slots[x] for x in arguments[i][1:]])
        lanes = list(range(start, start + len(places) * (n - 1), n - 1))
        self.emit("take!", places, [[slots[arguments[i][0]] for i in places], lanes], n=n - 1)

    def emit(self, kind: str, places: list[int], fields: list[list[int]], n: int = 0, ka: int = 0, kb: int = 0) -> None:
        """Instructions for operations of one kind, whose operands stand at `fields`, in whatever order gives the fewest."""
        fixed, slots, code = self.fixed, self.slots, self.loops.code
        m = len(places)
        if m == 1:
            (i,) = places
            to = slots[i] = fixed[i] if i in fixed else self.loops.allot(1)
            code.append(_loop(kind, 1, 1, (to, 0, 1), [(f[0], 0, 0) for f in fields], n, ka, kb))
            return
        outs = [fixed.get(i, -1) for i in places]
        final = min(outs) >= 0
        constant = [] if kind in WITH_STRIDES or kind == "take!" else [k for k, f in enumerate(fields) if self.constants(f)]
        varying = [f for k, f in enumerate(fields) if k not in constant]
        if final:
            varying.append(outs)
        order, pieces = self.order(varying, m)
        if order is not None:
            places, outs = [places[k] for k in order], [outs[k] for k in order]
            fields = [[f[k] for k in order] for f in fields]
        for k in constant:
            fields[k] = self.copies(fields[k])
        if constant:
            pieces = list(nests([*fields, outs] if final else fields, m))
        rest: list[int] = []
        for first, outer_, inner_, steps_ in pieces:
            outer, inner, steps = outer_, inner_, steps_
            count = outer * inner
            if count * max(n, 1) < MIN_LOOP_LENGTH and count < m and kind != "take!":
                rest.extend(range(first, first + count))
                continue
            last = first + count
            turned = sum((step > 0) - (step < 0) for _, _, step in (steps[-1:] if final else steps)) < 0
            if turned:  # from its end, so that operands rise
                steps = [(x + step * (inner - 1), jump, -step) for x, jump, step in steps]
            if final:
                out, steps = steps[-1], steps[:-1]
                for k in range(first, last):
                    slots[places[k]] = outs[k]
            elif inner < MIN_INNER_LENGTH and outer > inner:  # the long loop inside, and results in its order
                to = self.loops.allot(count)
                for k in range(count):
                    column = inner - 1 - k % inner if turned else k % inner
                    slots[places[first + k]] = to + column * outer + k // inner
                out, steps = (to, outer, 1), [(x, step, jump) for x, jump, step in steps]
                outer, inner = inner, outer
            else:
                to = self.loops.allot(count)
                for k in range(count):
                    slots[places[first + k]] = to + (k - k % inner + inner - 1 - k % inner if turned else k)
                out = (to, inner, 1)
            if kind == "dot" and outer >= MIN_COPY_REUSE and inner >= MIN_INNER_LENGTH:
                steps[0], ka2 = self.transposed(steps[0], ka, steps[1], inner, n)
                steps[1], kb2 = self.transposed(steps[1], kb, steps[0], inner, n)
                code.append(_loop(kind, outer, inner, out, steps, n, ka2, kb2))
            else:
                code.append(_loop(kind, outer, inner, out, steps, n, ka, kb))
        if rest:
            self.pooled(kind, [places[k] for k in rest], [[f[k] for k in rest] for f in fields], n, ka, kb)

    def transposed(self, x: Steps, k: int, other: Steps, inner: int, n: int) -> tuple[Steps, int]:
        """Factors that stand apart in the inner loop, but are those of every outer one: a copy of them together."""
        first, outer_step, step = x
        if outer_step or step in {0, 1} or other[2] != 0:
            return x, k
        key = first, step, k, inner, n
        to = self.copied.get(key)
        if to is None:
            to = self.copied[key] = self.loops.allot(n * inner)
            self.loops.code.append(Loop("copy", n, inner, (to, inner, 1), (first, k, step)))
        return (to, 0, 1), inner

    def constants(self, field: list[int]) -> bool:
        """Whether these are different constants, and nothing else."""
        low, high = self.loops.inputs + self.loops.outputs, self.computed
        return len({*field}) > 1 and all(low <= x < high for x in field)

    def copies(self, field: list[int]) -> list[int]:
        """The same constants, as they are needed: memory is cheaper than looking for them."""
        first = self.loops.inputs + self.loops.outputs
        return [self.constant(self.loops.numbers[x - first][1]) for x in field]

    def order(self, fields: list[list[int]], m: int) -> tuple[Sequence[int] | None, list[Any]]:
        """An order in which operations are few nests, and these: by the last field (of results, if they are fixed), by any."""
        best: tuple[Sequence[int] | None, list[Any]] = None, list(nests(fields, m))
        for by in reversed(fields):
            if len(best[1]) * GOOD_LOOP_LENGTH <= m or len(best[1]) == 1:
                break
            order = sorted(range(m), key=by.__getitem__)
            found = list(nests([[f[k] for k in order] for f in fields], m))
            if len(found) < len(best[1]):
                best = order, found
        return best

    def pooled(self, kind: str, places: list[int], fields: list[list[int]], n: int, ka: int, kb: int) -> None:
        """Operations that stand anywhere, as one instruction over operands gathered first."""
        m = len(places)
        steps: list[Steps] = []
        for k, f in enumerate(fields):
            step = f[1] - f[0] if m > 1 else 0
            if _stretch(f, 0, step, m) == m:
                steps.append((f[0], 0, step))
                continue
            stride = (ka, kb, 0)[k] if kind in WITH_STRIDES else 0
            width = n if kind in WITH_STRIDES and k < 2 else 1
            to, start = self.loops.allot(m * width), len(self.loops.table)
            if width == 1:
                self.loops.table.extend(f)
            else:
                for x in f:
                    self.loops.table.extend(range(x, x + stride * n, stride) if stride else [x] * n)
                ka, kb = (1, kb) if k == 0 else (ka, 1)
            self.loops.code.append(Loop("gather", 1, m * width, (to, 0, 1), table=start))
            steps.append((to, 0, width))
        to = self.loops.allot(m)
        for k, i in enumerate(places):
            self.slots[i] = to + k
        self.loops.code.append(_loop(kind, 1, m, (to, 0, 1), steps, n, ka, kb))

    def results(self) -> None:
        """Copy what is not where results belong: inputs, constants, results asked for twice."""
        outputs, first = self.machine.outputs, self.machine.inputs
        wrong = [k for k, i in enumerate(outputs) if self.slots[i] != first + k]
        sources, to = [self.slots[outputs[k]] for k in wrong], [first + k for k in wrong]
        for k, outer, inner, (out, _) in nests([to, sources], len(wrong)):
            count = outer * inner
            self.loops.code.append(Loop("gather", outer, inner, out, table=len(self.loops.table)))
            self.loops.table.extend(sources[k : k + count])


def _loop(kind: str, outer: int, inner: int, out: Steps, steps: list[Steps], n: int, ka: int, kb: int) -> Loop:
    if kind == "take!":
        index, table = steps
        return Loop(kind, outer, inner, out, c=index, n=n, table=table[0], ka=table[1], kb=table[2])
    a, b, c = (*steps, NOWHERE, NOWHERE)[:3]
    return Loop(kind, outer, inner, out, a, b, c, n, ka, kb)


def find_loops(machine: Machine) -> Loops:
    """The loops of a machine program."""
    return _LoopFinder(machine).find()


def show(machine: Machine) -> str:
    """The program as text, a line an instruction: "for 100: for 16: dot 2"."""
    loops = find_loops(machine)
    lines = [f"{loops.inputs} inputs, {loops.outputs} results, {len(loops.code)} instructions"]
    for loop in loops.code:
        counts = [k for k in (loop.outer, loop.inner) if k > 1]
        name = loop.kind.rstrip("!") + (f" {loop.n}" if loop.n else "")
        lines.append("".join(f"for {k}: " for k in counts) + name)
    return "\n".join(lines)
