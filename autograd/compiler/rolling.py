"""Plain `for` loops found again: what a traced function did over and over becomes a loop, before it is differentiated.

A trace has a loop's body as often as it ran. A *run* is a stretch of the tape with the same operations every p nodes, where
each operand is, in each repetition: a node at one distance (of this repetition, or of one before: a carry), the same node or
constant from before the run, or any node or constant from before it (an entry of a series). A run is a loop of `regions`; runs
of runs are loops of loops. This is the recognition of nested loops in a trace (A. Ketterlin, P. Clauss, Prediction and trace
compression of data access addresses through nested loop recognition, CGO 2008), on operations in place of addresses.

The search is bounded: a start is compared with the next few places that look alike, and all comparisons together take a time
that grows with the trace. What does not become much smaller, and what recurs nowhere, is left as it is: `loop_finder` finds
parallel loops.
"""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain, pairwise
from typing import Any, NamedTuple

from autograd.compiler.bodies import all_one, whole_series
from autograd.compiler.tape import Operand, Region, Tape

MIN_NODES = 1_000
"""Shorter traces are left as they are: straight code serves them well."""
MIN_STEPS = 8
"""Fewer repetitions are no loop."""
MAX_BODY = 2_000
"""No body may have more nodes."""
MAX_DEPTH = 3
"""How deep loops may be nested."""
MAX_INVARIANTS = 100
"""No body may use more numbers from before it: the adjoint of each is carried along."""
MAX_LAG = 4
"""From how many repetitions before an operand may come."""
GAIN = 8
"""By what factor a trace must shrink."""
WINDOW = 6
"""How many operations must be alike at two places for these to be compared further."""
MAX_CANDIDATES = 6
"""With how many places that look alike a start is compared."""
WORK = 8
"""How many comparisons there may be, for each operand of the trace."""

Locator = tuple[Any, ...]
"""Which result of an item: of a loop (item of the body, repetition, which result of that); of an operation ()."""


class Inside(NamedTuple):
    """An operand from the run itself, so many items and repetitions before; `inits` are the places of what comes first."""

    item: int
    which: Locator
    lag: int
    inits: tuple[int, ...]


class Entry(NamedTuple):
    """An operand that is another in each repetition: the places of all."""

    places: tuple[int, ...]


class Same(NamedTuple):
    """An operand that is one and the same: its place."""

    place: int


Slot = Inside | Entry | Same


class Loop(NamedTuple):
    """A run: its repetitions, its body (a node for an operation, or a loop), and where the body's operands come from."""

    steps: int
    body: tuple[Any, ...]
    slots: tuple[tuple[Slot, ...], ...]

    def size(self) -> int:
        """How many nodes it will be."""
        return sum(x.size() if isinstance(x, Loop) else 1 for x in self.body) + sum(map(len, self.slots))

    def recurs(self) -> bool:
        """Whether a repetition needs what one before gave."""
        return any(isinstance(slot, Inside) and slot.lag for row in self.slots for slot in row)


class _Level:
    """A trace as items, nodes or loops, with operands; `where` tells for a node its item, and which of its results it is."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self.keys: list[int] = []
        self.operands: list[tuple[Operand, ...]] = []
        self.where: dict[int, tuple[int, Locator]] = {}

    def add(self, item: Any, key: int, operands: tuple[Operand, ...]) -> None:
        self.items.append(item)
        self.keys.append(key)
        self.operands.append(operands)


class _Search:
    """Runs of a level, from left to right, the shortest first."""

    def __init__(self, level: _Level, interned: dict[Any, int]) -> None:
        self.level, self.interned = level, interned
        self.work = WORK * sum(map(len, level.operands))

    def next(self) -> _Level | None:
        """The level with its runs as loops; None if there are none."""
        old, new = self.level, _Level()
        moved: list[tuple[int, Locator]] = []
        keys, n = old.keys, len(old.keys)
        after: list[int] = [n] * n
        seen: dict[tuple[int, ...], int] = {}
        for i in range(n - WINDOW, -1, -1):
            window = tuple(keys[i : i + WINDOW])
            after[i] = seen.get(window, n)
            seen[window] = i
        i = found = 0
        while i < n:
            loop = self.at(i, after)
            if isinstance(loop, int):
                for k in range(i, i + loop):
                    moved.append((len(new.items), ()))
                    new.add(old.items[k], keys[k], old.operands[k])
                i += loop
                continue
            run, operands = loop
            found += 1
            p = len(run.body)
            moved += [(len(new.items), (j, k)) for k in range(run.steps) for j in range(p)]
            new.add(run, self.interned.setdefault(self.key(run, i), len(self.interned)), operands)
            i += run.steps * p
        if not found:
            return None
        for x, (at, which) in old.where.items():
            item, more = moved[at]
            new.where[x] = item, (*more, which) if more else which
        return new

    def key(self, run: Loop, i: int) -> Any:
        p = len(run.body)
        return run.steps, tuple(self.level.keys[i : i + p]), run.slots

    def at(self, i: int, after: list[int]) -> tuple[Loop, tuple[Operand, ...]] | int:
        """The run that begins here, and its operands; or how many items are to stay as they are."""
        keys, n, c = self.level.keys, len(self.level.keys), after[i]
        for _ in range(MAX_CANDIDATES):
            p = c - i
            if c >= n or p > MAX_BODY or i + MIN_STEPS * p > n or self.work <= 0:
                return 1
            body, steps = keys[i:c], 1
            while keys[i + steps * p : i + steps * p + p] == body:
                steps += 1
            self.work -= p * (steps + 1)
            if steps >= MIN_STEPS:
                found = self.run(i, p, steps)
                if found is not None:
                    return found
            c = after[c]
        return 1

    def run(self, i: int, p: int, steps: int) -> tuple[Loop, tuple[Operand, ...]] | int | None:
        """The run of at most so many repetitions of p items; p, if it can only begin after the first; or None."""
        operands = self.level.operands
        same = {
            x for j in range(p) for x, y in zip(operands[i + j], operands[i + j + p], strict=True) if x == y and type(x) is int
        }
        self.work -= sum(map(len, operands[i : i + p]))
        if len(same) > MAX_INVARIANTS:
            return None
        columns = [[operands[i + j + k * p] for k in range(steps)] for j in range(p)]
        self.work -= steps * sum(len(column[0]) for column in columns)
        relations: list[list[Any]] = []
        for column in columns:
            mine: list[Any] = []
            for slot in zip(*column, strict=True):
                valid, relation = self.relation(slot, i, p)
                steps = min(steps, valid)
                if steps < MIN_STEPS:
                    return None
                mine.append(relation)
            relations.append(mine)
        given: list[Operand] = []
        slots: list[tuple[Slot, ...]] = []
        for column, mine in zip(columns, relations, strict=True):
            row: list[Slot] = []
            for s, relation in enumerate(mine):
                at = len(given)
                if relation is not None and relation[2] < steps:
                    lag = relation[2]
                    given += [column[k][s] for k in range(lag)]
                    row.append(Inside(relation[0], relation[1], lag, tuple(range(at, at + lag))))
                    continue
                values = [column[k][s] for k in range(steps)]
                if all_one(values):
                    given.append(values[0])
                    row.append(Same(at))
                else:
                    given += values
                    row.append(Entry(tuple(range(at, at + steps))))
            slots.append(tuple(row))
        flat = [slot for row in slots for slot in row]
        firsts = {given[k] for slot in flat if isinstance(slot, Inside) for k in slot.inits if type(given[k]) is int}
        if any(type(x) is int and x in firsts for x in (given[slot.place] for slot in flat if isinstance(slot, Same))):
            return p  # a number both carried and used as it is gets what the steps contribute in an order of its own
        return Loop(steps, tuple(self.level.items[i : i + p]), tuple(slots)), tuple(given)

    def relation(self, slot: Sequence[Operand], i: int, p: int) -> tuple[int, Any]:
        """For how many repetitions an operand is of one kind; if inside, its item, which result, and how many before it is."""
        where = self.level.where
        found: Any = None
        for k, x in enumerate(slot):
            at = where.get(x) if type(x) is int else None
            if at is None or at[0] < i:
                if found is not None:
                    return k, found
                continue
            before, item = divmod(at[0] - i, p)
            now = item, at[1], k - before
            if found is None:
                if now[2] != k or k > MAX_LAG:  # it must have been from outside until there was one inside
                    return k, None
                found = now
            elif now != found:
                return k, found
        return len(slot), found


class _Writer:
    """Writes the items of the last level to the tape again."""

    def __init__(self, tape: Tape, level: _Level, results: Sequence[Operand]) -> None:
        self.tape, self.level = tape, level
        self.wanted: dict[int, dict[Locator, None]] = {}  # by item, what of a loop is asked for
        self.values: dict[int, Operand] = {}
        self.given: dict[int, Callable[[Locator], Operand]] = {}
        for x in (*results, *chain.from_iterable(level.operands)):
            at = level.where.get(x) if type(x) is int else None
            if at is not None and at[1]:
                self.wanted.setdefault(at[0], {})[at[1]] = None
        for i, (item, operands) in enumerate(zip(level.items, level.operands, strict=True)):
            given = [self.value(x) for x in operands]
            if isinstance(item, Loop):
                self.given[i] = self.loop(item, given, self.wanted.get(i, {}))
            else:
                self.values[item] = self.again(item, given)

    def value(self, x: Operand) -> Operand:
        """A node of the trace, as it is written now."""
        if type(x) is float:
            return x
        y = self.values.get(int(x))
        if y is None:
            at = self.level.where.get(int(x))
            y = self.values[int(x)] = x if at is None else self.given[at[0]](at[1])
        return y

    def again(self, node: int, given: Sequence[Operand]) -> int:
        """Write a node of the trace again."""
        tape = self.tape
        y = tape.write(tape.ops[node], tuple(given))
        for flags in (tape.stopped, tape.selects, tape.derivatives):
            if node in flags:
                flags.add(y)
        return y

    def series(self, given: Sequence[Operand]) -> Operand:
        """A series of these numbers: one that is there, or a stack."""
        series = whole_series(self.tape, given)
        return self.tape.write("stack", tuple(given)) if series is None else series

    def loop(self, loop: Loop, given: Sequence[Operand], wanted: dict[Locator, None]) -> Callable[[Locator], Operand]:
        """Write a loop; the function that gives its results."""
        tape, n = self.tape, loop.steps
        asked: list[dict[Locator, None]] = [{} for _ in loop.body]  # of each item of the body
        for row in loop.slots:
            for slot in row:
                if isinstance(slot, Inside) and slot.which:
                    asked[slot.item][slot.which] = None
        for j, _, which in wanted:
            if which:
                asked[j][which] = None
        chains: dict[tuple[Any, ...], list[int]] = {}
        entries: dict[int, Operand] = {slot.places[0]: self.series([given[k] for k in slot.places])
                                       for row in loop.slots for slot in row if isinstance(slot, Entry)}  # fmt: skip
        last = {(j, which) for j, k, which in wanted if k == n - 1}
        for row in loop.slots:
            for slot in row:
                if isinstance(slot, Inside) and slot.lag:
                    chains[slot.item, slot.which, slot.lag, tuple([given[k] for k in slot.inits])] = []
                    if slot.lag == 1:
                        last.discard((slot.item, slot.which))
        with tape.region(Region(n)) as region:
            for key, links in chains.items():
                links += [tape.write("carry", (x,)) for x in key[3]]  # the oldest first
            ends = {of: tape.write("carry", (-0.0,)) for of in last}
            read = {place: tape.write("element", (series,)) for place, series in entries.items()}
            made: list[Callable[[Locator], Operand]] = []
            for j, (item, row) in enumerate(zip(loop.body, loop.slots, strict=True)):
                xs: list[Operand] = []
                for slot in row:
                    if isinstance(slot, Same):
                        xs.append(given[slot.place])
                    elif isinstance(slot, Entry):
                        xs.append(read[slot.places[0]])
                    elif slot.lag:
                        xs.append(chains[slot.item, slot.which, slot.lag, tuple([given[k] for k in slot.inits])][0])
                    else:
                        xs.append(made[slot.item](slot.which))
                if isinstance(item, Loop):
                    made.append(self.loop(item, xs, asked[j]))
                else:
                    made.append(_always(self.again(item, xs)))
            outs = [x for (j, which, _, __), links in chains.items() for x in (*links[1:], made[j](which))]
            inside = {(j, which): made[j](which) for j, _, which in wanted}
            end = region.close((*outs, *[inside[of] for of in ends]))
        finals = {(j, which): links[-1] for (j, which, lag, _), links in chains.items() if lag == 1} | ends
        trails: dict[Any, int] = {}

        @cache  # what is one number is one node
        def result(locator: Locator) -> Operand:
            j, k, which = locator
            if k == n - 1 and (j, which) in finals:
                return tape.write("final", (finals[j, which], end))
            if (j, which) not in trails:
                trails[j, which] = tape.write("trail", (inside[j, which], end))
            return tape.write("item", (trails[j, which], float(k)))

        return result


def _always(x: Operand) -> Callable[[Locator], Operand]:
    return lambda _: x


def _size(level: _Level, since: int, results: Sequence[Operand]) -> int:
    """About how many nodes it takes to write the items, and what goes into loops and comes out one by one."""
    size, used = len(level.items), {*results}
    for item, given in zip(level.items, level.operands, strict=True):
        one_by_one = {*range(len(given))}
        if isinstance(item, Loop):
            size += item.size()
            for slot in (slot for row in item.slots for slot in row if isinstance(slot, Entry)):
                entries: list[Any] = [given[k] for k in slot.places]
                step = entries[1] - entries[0]
                data = all(type(x) is float or x < since for x in entries)
                at = [level.where.get(x, (0, ())) for x in entries if type(x) is int]
                whole = [(at[0][0], (*at[0][1][:1], k)) for k in range(len(entries))] if at else []
                series = [(item, which[:2]) for item, which in at] == whole
                if series or (data and all(b - a == step for a, b in pairwise(entries))):
                    one_by_one.difference_update(slot.places)
                    size += 2
        size += len(one_by_one)
        used.update([given[k] for k in one_by_one])
    return size + sum(1 for x in used if type(x) is int and level.where.get(x, (0, ()))[1])


def roll(tape: Tape, since: int, inputs: int, results: Sequence[Operand]) -> Sequence[Operand]:
    """The results of the nodes from `since` on, with loops in their place, if that makes the tape much shorter.

    So many nodes, from `since` on, are inputs that are differentiated.
    """
    first, n = since + inputs, len(tape.ops)
    if not tape.rolls or n - first < MIN_NODES or any(first <= begin for begin in tape.regions):
        return results
    nodes = [i for i in range(first, n) if tape.ops[i] != "input"]
    interned: dict[Any, int] = {}
    best = _Level()
    for k, i in enumerate(nodes):
        key = tape.ops[i], len(tape.args[i]), i in tape.stopped, i in tape.derivatives
        best.add(i, interned.setdefault(key, len(interned)), tape.args[i])
        best.where[i] = k, ()
    for _ in range(MAX_DEPTH):
        found = _Search(best, interned).next()
        if found is None:
            break
        best = found
    if not any(isinstance(x, Loop) and x.recurs() for x in best.items):
        return results
    if _size(best, since, results) * GAIN > len(nodes):
        return results
    written = _Writer(tape, best, results)
    values = [written.value(x) for x in results]
    tape.replaced.append((first, n))
    return values
