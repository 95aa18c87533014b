"""Loops and branches of a machine program in LLVM's language: blocks, and series as parts of the program's memory."""

import operator
from collections.abc import Sequence
from itertools import accumulate, islice, pairwise
from typing import Any

from autograd.compiler.passes import Regions

MIN_COPIED = 16
"""Shorter runs of results are stored one by one."""

Address = tuple[tuple[tuple[str, int], ...], int, tuple[int, ...]]
"""Where a series stands: counters and how far they move it, its first place in memory, the steps from entry to entry."""


class _Frame:
    """A loop or branch that is being written."""

    def __init__(self, begin: int, e: Any) -> None:
        self.begin, self.header = begin, len(e.lines)
        self.before, self.alarms, self.conditions = e.block, e.alarms, dict(e.conditions)
        self.sides: list[tuple[str, str, list[str]]] = []  # of a branch: its last block, its alarm, what it gives
        e.alarms = []


class Bodies:
    """Writes loops and branches for straight code `e`; `size` is how much memory it needs, `numbers` what is there at first."""

    def __init__(self, e: Any) -> None:
        self.e, self.machine = e, e.machine
        machine = self.machine
        self.regions = Regions(machine)
        self.size = machine.inputs + len(machine.outputs)
        self.numbers: list[tuple[int, float]] = []  # constants in memory, and where
        self.open: list[_Frame] = []
        self.where: dict[int, Any] = {}  # of a series its `Address`; of one that is shifted, what it is made of
        kinds, args = machine.kinds, machine.args
        self.views: dict[int, Address | None] = {}
        plain = {*machine.outputs}  # inputs that are operands, and not only entries of a series in memory
        self.items = set()
        for i in range(machine.inputs, len(kinds)):
            kind = kinds[i]
            if kind == "item":
                self.items.add(i)
            if kind != "stack" or self.view(i) is None:
                plain.update(args[i])
        self.inputs = sorted(i for i in plain if 0 <= i < machine.inputs)

    def view(self, i: int) -> Address | None:
        """Where the numbers of a stack stand already, if at constant steps: inputs, or entries of series."""
        kinds, args = self.machine.kinds, self.machine.args[i]
        if max(args) < self.machine.inputs:
            step = args[1] - args[0] if len(args) > 1 else 1
            if i not in self.views:
                evenly = args == tuple(range(args[0], args[0] + step * len(args), step or 1))
                self.views[i] = ((), args[0], (step,)) if evenly else None
            return self.views[i]
        if all(kinds[x] == "element" for x in args) and len({self.regions.home[x] for x in args}) == 1:
            found = [self.where.get(self.machine.args[x][0]) for x in args]
            if all(type(x) is tuple and len(x) == 3 and type(x[0]) is tuple for x in found):
                steps = {b[1] - a[1] for a, b in pairwise(found)}  # type: ignore[index]
                alike = len({(x[0], x[2]) for x in found}) == 1  # type: ignore[index]
                if alike and len(steps) <= 1:
                    counters, first, (step,) = found[0]  # type: ignore[misc]
                    counter = f"%k{self.regions.loop_of(args[0])}"
                    return (*counters, (counter, step)), first, (steps.pop() if steps else 1,)
        return None

    def pointer(self, counters: Sequence[tuple[str, int]], place: int) -> str:
        """The address of a place that counters move."""
        e = self.e
        total = str(place)
        for counter, step in counters:
            total = e.new(f"add nsw i64 {total}, {e.new(f'mul nsw i64 {counter}, {step}') if step != 1 else counter}")
        return e.new(f"getelementptr inbounds double, ptr %v, i64 {total}")  # type: ignore[no-any-return]

    def entry(self, series: int, counter: str, ahead: int = 0) -> str:
        """An entry of a series, whose number is a counter, or "" and `ahead`."""
        e, where = self.e, self.where.get(series)
        if where is None:  # the same number again and again
            return str(e.names[series])
        if len(where) == 4:
            scalar, inner, first, back = where
            if not counter:
                return str(e.number_at(scalar)) if ahead == first else self.entry(inner, "", ahead - back)
            here = e.new(f"icmp eq i64 {counter}, {first}")
            moved = e.new(f"sub nsw i64 {counter}, {back}")
            inside = e.new(f"select i1 {here}, i64 {counter}, i64 {moved}")
            return e.new(f"select i1 {here}, double {e.number_at(scalar)}, double {self.entry(inner, inside)}")  # type: ignore[no-any-return]
        counters, place, (step, *_) = where
        at = self.pointer([*counters, (counter, step)], place) if counter else self.pointer(counters, place + ahead * step)
        return e.new(f"load double, ptr {at}")  # type: ignore[no-any-return]

    def item(self, i: int) -> str:
        """One entry of a series."""
        series, k = self.machine.args[i]
        return self.entry(series, "", int(self.machine.consts[k]))

    def write(self, i: int) -> None:
        """An operation of loops and branches."""
        kind, args, e = self.machine.kinds[i], self.machine.args[i], self.e
        if kind == "element":
            e.names[i] = self.entry(args[0], f"%k{self.regions.loop_of(i)}")
        elif kind == "stack" and len({*args}) == 1:
            e.names[i] = e.number_at(args[0])
        elif kind == "stack":
            self.where[i] = self.view(i) or self.stored(args)
        elif kind == "row":
            counters, place, (step, *inner) = self.where[args[0]]
            self.where[i] = ((*counters, (f"%k{self.regions.loop_of(i)}", step)), place, tuple(inner))
        elif kind == "shift":
            back = int(self.machine.consts[args[2]])
            self.where[i] = (args[0], args[1], 0 if back > 0 else self.regions.length(args[1]) - 1, back)
        elif kind in {"loop", "branch", "else", "end"}:
            getattr(self, "begin_" + kind if kind in {"loop", "branch"} else kind if kind == "end" else "other")(i)

    def stored(self, args: Sequence[int]) -> Address:
        """Numbers, put into memory one after the other."""
        first, self.size = self.size, self.size + len(args)
        consts = self.machine.consts
        self.numbers += [(first + k, consts[x]) for k, x in enumerate(args) if x in consts]
        runs = self.runs(args)
        for k, x in enumerate(args):
            if run := runs.get(k):
                self.copy(run, first + k, checked=False)
            elif x not in consts and k not in runs:
                name = self.e.number_at(x)
                self.e.lines.append(f" store double {name}, ptr {self.pointer((), first + k)}\n")
        return (), first, (1,)

    # ---- loops

    def begin_loop(self, i: int) -> None:
        """Begin a loop."""
        e = self.e
        last = self.regions.last[i]
        starts = [e.number_at(self.machine.args[c][0]) for c in self.regions.carries[last]]
        e.lines.append(f" br label %loop{i}\nloop{i}:\n")
        frame = _Frame(i, e)
        frame.sides.append(("", "", starts))
        self.open.append(frame)
        e.block = f"loop{i}"
        for c in self.regions.carries[last]:
            e.names[c] = f"%c{c}"

    def end(self, i: int) -> None:
        """End a loop or a branch."""
        frame, e = self.open.pop(), self.e
        if self.machine.kinds[frame.begin] == "branch":
            self.end_branch(i, frame)
            return
        b, n = frame.begin, self.machine.steps[frame.begin]
        carries, outs = self.regions.carries[i], [e.number_at(x) for x in self.machine.args[i]]
        for trail in self.regions.series(i):
            begins = [self.regions.begins[x] for x in self.machine.args[trail][1:]]
            strides = list(accumulate([1, *[abs(self.machine.steps[x]) for x in begins]], operator.mul))
            first, self.size = self.size, self.size + strides.pop()
            self.where[trail] = ((), first, tuple(reversed(strides)))
            name = e.number_at(self.machine.args[trail][0])
            counters = [(f"%k{x}", stride) for x, stride in zip(begins, strides, strict=True)]
            e.lines.append(f" store double {name}, ptr {self.pointer(counters, first)}\n")
        bad = e.any_alarm(f"%bad{b}")
        step, more = (1, f"icmp slt i64 %next{b}, {n}") if n > 0 else (-1, f"icmp sge i64 %next{b}, 0")
        e.lines.append(
            f" br label %latch{b}\nlatch{b}:\n %next{b} = add nsw i64 %k{b}, {step}\n %more{b} = {more}\n"
            f" br i1 %more{b}, label %loop{b}, label %past{b}\npast{b}:\n"
        )
        phis = "".join(
            f" %c{c} = phi double [{x}, %{frame.before}], [{y}, %latch{b}]\n"
            for c, x, y in zip(carries, frame.sides[0][2], outs, strict=True)
        )
        e.lines.insert(
            frame.header,
            f" %k{b} = phi i64 [{0 if n > 0 else -n - 1}, %{frame.before}], [%next{b}, %latch{b}]\n{phis}"
            f" %bad{b} = phi i1 [false, %{frame.before}], [{bad}, %latch{b}]\n",
        )
        e.block = f"past{b}"
        self.leave(frame)
        e.alarms.append(bad)
        given = dict(zip(carries, outs, strict=True))
        for j in self.regions.asked.get(i, ()):
            if self.machine.kinds[j] == "final":
                e.names[j] = given[self.machine.args[j][0]]

    def leave(self, frame: _Frame) -> None:
        """Forget what was written of numbers from outside: it does not stand where it can be used."""
        e = self.e
        e.conditions = {x: name for x, name in e.conditions.items() if x in frame.conditions}
        for x in (*frame.conditions, *(x for x in self.items if x < frame.begin)):
            e.names[x] = ""
        e.alarms = frame.alarms

    # ---- branches

    def begin_branch(self, i: int) -> None:
        """Begin a branch."""
        e = self.e
        c = e.condition_at(self.machine.args[i][0])
        e.lines.append(f" br i1 {c}, label %then{i}, label %else{i}\nthen{i}:\n")
        self.open.append(_Frame(i, e))
        e.block = f"then{i}"

    def side(self, frame: _Frame, k: int) -> None:
        """End a side of a branch."""
        e = self.e
        given = [e.number_at(self.machine.args[x][k]) for x in self.regions.asked.get(self.regions.last[frame.begin], ())]
        bad = e.any_alarm("false")
        frame.sides.append((e.block, bad, given))
        e.lines.append(f" br label %both{frame.begin}\n")
        alarms = frame.alarms
        self.leave(frame)
        frame.alarms, e.alarms = alarms, []

    def other(self, _: int) -> None:
        """The other side of a branch begins."""
        frame = self.open[-1]
        self.side(frame, 0)
        self.e.lines.append(f"else{frame.begin}:\n")
        self.e.block = f"else{frame.begin}"

    def end_branch(self, i: int, frame: _Frame) -> None:
        """End a branch."""
        e = self.e
        self.side(frame, 1)
        (left, bad, given), (right, worse, others) = frame.sides
        e.lines.append(f"both{frame.begin}:\n")
        e.block, e.alarms = f"both{frame.begin}", frame.alarms
        for j, x, y in zip(self.regions.asked.get(i, ()), given, others, strict=True):
            e.names[j] = e.new(f"phi double [{x}, %{left}], [{y}, %{right}]")
        e.alarms.append(e.new(f"phi i1 [{bad}, %{left}], [{worse}, %{right}]"))

    # ---- results

    def runs(self, outputs: Sequence[int]) -> dict[int, tuple[int, int, int] | None]:
        """Runs of numbers that are entries of a series, by the first: series, first entry, number; None for the rest of it."""
        found: dict[int, tuple[int, int, int] | None] = {}
        kinds, args, consts = self.machine.kinds, self.machine.args, self.machine.consts
        k = 0
        while k < len(outputs):
            n, x = 1, outputs[k]
            if kinds[x] == "item":
                series, at = args[x][0], int(consts[args[x][1]])
                for y in islice(outputs, k + 1, None):
                    if kinds[y] != "item" or args[y][0] != series or consts[args[y][1]] != at + n:
                        break
                    n += 1
                if n >= MIN_COPIED:
                    found |= {k: (series, at, n), **dict.fromkeys(range(k + 1, k + n))}
            k += n
        return found

    def sum(self, start: str, run: tuple[int, int, int, int, int]) -> str:
        """start + a₁·b₁ + … over entries of series, or of one: as a loop."""
        (a, i, b, j, n), e, name, header = run, self.e, self.new_name(), len(self.e.lines)
        y = self.entry(a, e.new(f"add nsw i64 %{name}.k, {i}"))
        if b >= 0:
            y = e.operation("mul", (y, self.entry(b, e.new(f"add nsw i64 %{name}.k, {j}"))))
        total = str(e.operation("add", (f"%{name}.y", y)))
        self.counted(name, header, n, f"%{name}.y = phi double [{start}, %{e.block}], [{total}, %{name}]")
        return total

    def copy(self, run: tuple[int, int, int], to: int, *, checked: bool = True) -> None:
        """Store so many entries of a series, from a place on."""
        (series, at, n), e, name, header = run, self.e, self.new_name(), len(self.e.lines)
        alarms, e.alarms = e.alarms, []
        y = self.entry(series, e.new(f"add nsw i64 %{name}.k, {at}"))
        e.lines.append(f" store double {y}, ptr {self.pointer([(f'%{name}.k', 1)], to)}\n")
        if checked:
            e.check(y)
        bad = e.any_alarm(f"%{name}.bad")
        self.counted(name, header, n, f"%{name}.bad = phi i1 [false, %{e.block}], [{bad}, %{name}]")
        e.alarms = [*alarms, bad]

    def new_name(self) -> str:
        """A name for a block."""
        self.e.count += 1
        return f"run{self.e.count}"

    def counted(self, name: str, header: int, n: int, carried: str) -> None:
        """Make a loop of n rounds of what was written from line `header` on; the counter is %name.k."""
        e = self.e
        phi = f"%{name}.k = phi i64 [0, %{e.block}], [%{name}.next, %{name}]"
        e.lines.insert(header, f" br label %{name}\n{name}:\n {phi}\n {carried}\n")
        e.lines.append(f" %{name}.next = add nsw i64 %{name}.k, 1\n %{name}.more = icmp slt i64 %{name}.next, {n}\n"
                       f" br i1 %{name}.more, label %{name}, label %past.{name}\npast.{name}:\n")  # fmt: skip
        e.block = f"past.{name}"
