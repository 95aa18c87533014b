"""How sweeps pass loops and branches: the derivative of a loop is a loop, that of a branch a branch.

*Reverse.* A loop's adjoints are a loop in the other direction. It carries the adjoint of each carry, and that of each number
from outside that the body uses, to which every step adds; what it gives for an entry of a series goes to the series. The order
of additions is the engine's: what comes from later operations first, then the steps, from the last to the first.

*Forward.* A loop's tangents are a loop in the same direction, which carries tangents.
"""

from collections.abc import Sequence
from typing import Any

from autograd.compiler.bodies import SERIES, Local, active, all_one, length, own_nodes, reached, whole_series
from autograd.compiler.partials import plus
from autograd.compiler.tape import Operand, Region, Tape
from autograd.table import TABLE

_ADD, _MUL = TABLE["add"], TABLE["mul"]
MIN_SERIES = 32
"""So many gradients that are entries of one series are written as a loop."""


def sum_of_series(tape: Tape, a: Operand, b: Operand) -> Operand:
    """The sums of their entries, as a series."""
    with tape.region(Region(length(tape, a))) as loop:  # type: ignore[arg-type]
        y = tape.write(_ADD, (tape.write("element", (a,)), tape.write("element", (b,))))
        end = loop.close(())
    return tape.write("trail", (y, end))


def as_series(tape: Tape, xs: Sequence[Operand]) -> int:
    """A series of these numbers: the one that they are entries of, products and sums of entries as a loop, or a stack."""
    whole = whole_series(tape, xs)
    if whole is not None:
        return whole
    nodes = [int(x) for x in xs if type(x) is int]
    kinds = {tape.ops[x] for x in nodes}
    if len(nodes) < max(len(xs), MIN_SERIES) or len(kinds) > 1 or all_one(xs) or kinds.isdisjoint({_ADD, _MUL}):
        return tape.write("stack", tuple(xs))
    (op,) = kinds
    columns: list[tuple[Operand, ...]] = [*zip(*(tape.args[x] for x in nodes), strict=True)]
    found = [None if all_one(column) else as_series(tape, column) for column in columns]
    with tape.region(Region(len(xs))) as loop:
        parts = [column[0] if x is None else tape.write("element", (x,)) for x, column in zip(found, columns, strict=True)]
        y = tape.write(op, tuple(parts))
        end = loop.close(())
    return tape.write("trail", (y, end))


def _item(tape: Tape, series: Operand, k: int) -> Operand:
    return series if type(series) is float else tape.write("item", (series, float(k)))


# ---- reverse


def reverse(sweep: Any, i: int, local: Local | None) -> None:
    """Pass on what has arrived at a series, at what a body gives, or at its end."""
    tape, args = sweep.tape, sweep.tape.args[i]
    op = tape.ops[i]
    if op == "end":
        region, given = tape.regions[i], sweep.terms[i - sweep.since]
        (_branch if region.middle > 0 else _loop)(sweep, region, given, local)
    elif op in {"final", "merge"}:
        sweep.hand(args[-1], (i, sweep.total(i)))
    elif op == "trail":
        sweep.hand(args[-1], (i, sweep.series(i)))
    elif op == "item":
        if sweep.takes(args[0]):
            sweep.hand(args[0], (int(args[1]), sweep.total(i)))
    elif op == "stack":
        _stack(sweep, i, local)
    else:
        back, series = args[2] < 0.0, sweep.series(i)
        n = length(tape, i)
        if sweep.takes(args[0]):
            sweep.send(args[0], _item(tape, series, n - 1 if back else 0), 1.0, local)
        if sweep.takes(args[1]):
            sweep.hand(args[1], tape.write("shift", (-0.0, series, -args[2])))


def _stack(sweep: Any, i: int, local: Local | None) -> None:
    tape, args, given = sweep.tape, sweep.tape.args[i], sweep.terms[i - sweep.since]
    if all(type(what) is tuple for what in given):
        entries = given
    else:
        series = sweep.series(i)
        wanted = [k for k in range(len(args) - 1, -1, -1) if sweep.takes(args[k])]
        entries = [(k, _item(tape, series, k)) for k in wanted]
    for k, g in entries:
        if sweep.takes(args[k]):
            sweep.send(args[k], g, 1.0, local)


class _Sums:
    """The adjoints of what a body uses from outside, while a body adds to them: of numbers, and of each entry of a series."""

    def __init__(self, sweep: Any, nodes: Sequence[int]) -> None:
        self.sweep, self.nodes = sweep, nodes
        self.n: dict[int, int] = {}
        self.starts: list[Operand] = []
        for x in nodes:
            if sweep.tape.ops[x] in SERIES:
                n = self.n[x] = length(sweep.tape, x)
                series = sweep.series(x)
                self.starts += [-0.0 if series is None else _item(sweep.tape, series, k) for k in range(n)]
            else:
                g = sweep.total(x)
                self.starts.append(-0.0 if g is None else g)

    def begin(self, given: Sequence[Operand]) -> None:
        """Let these be the sums so far."""
        left = iter(given)
        for x in self.nodes:
            if x in self.n:
                stack = self.sweep.tape.write("stack", tuple([next(left) for _ in range(self.n[x])]))
                self.sweep.terms[x - self.sweep.since] = [stack]
            else:
                self.sweep.put(x, next(left))

    def hand(self, given: Sequence[Operand], local: Local | None) -> None:
        """Let these be the adjoints, after the body."""
        self.begin(given)
        for x in self.nodes:
            if x in self.sweep.tape.selects:
                g = self.sweep.total(x)
                self.sweep.put(x, None)
                self.sweep.send(x, g, 1.0, local)

    def now(self) -> list[Operand]:
        """The sums."""
        found: list[Operand] = []
        for x in self.nodes:
            if x in self.n:
                series = self.sweep.series(x)
                found += [_item(self.sweep.tape, series, k) for k in range(self.n[x])]
            else:
                found.append(self.sweep.total(x))
        return found


def _within(sweep: Any, region: Region, seeds: Sequence[Operand]) -> tuple[set[int], list[int]]:
    """The nodes of a body that adjoints reach, and those from outside; and of these, those that stand before it."""
    tape = sweep.tape

    def outside(x: Operand) -> bool:
        """Whether it takes part; a stack of data does not, whose numbers all are older."""
        return bool(sweep.takes(x)) and (tape.ops[int(x)] != "stack" or max(tape.args[int(x)]) >= sweep.since)

    nodes = reached(tape, region, active(tape, region, outside), seeds)
    return nodes, sorted(x for x in nodes if x < region.begin)


def _loop(sweep: Any, region: Region, given: Sequence[tuple[int, Operand]], local: Local | None) -> None:
    tape, terms, since = sweep.tape, sweep.terms, sweep.since
    own = region.carries()
    outs = dict(zip(own, tape.args[region.end], strict=True))
    finals: dict[Any, Operand] = {}
    for i, g in given:
        if tape.ops[i] == "final":  # of one carry there may be several
            c = tape.args[i][0]
            finals[c] = plus(tape, finals[c], g) if c in finals else g
    trails = [(tape.args[i][0], series) for i, series in given if tape.ops[i] == "trail"]
    nodes, captured = _within(sweep, region, [*finals, *(outs[c] for c in finals), *(x for x, _ in trails)])
    carries = [c for c in own if c in nodes]
    scope = Local(tape, region, local, every=sweep.again)
    scope.keep()
    last = 0 if region.backward else region.steps - 1
    sums = _Sums(sweep, captured)
    elements = [i for i in own_nodes(tape, region) if tape.ops[i] == "element" and i in nodes]
    earlier: dict[int, Operand] = {}  # of carries and elements: what their adjoints in a step begin with
    for i in elements:
        series = tape.args[i][0]
        so_far = sweep.series(series) if series not in captured else None
        if so_far is not None:
            earlier[i], terms[series - since] = so_far, None
    starts: list[Operand] = []
    for c in carries:
        init, start = tape.args[c][0], finals.get(c)
        so_far = sweep.total(init) if init not in captured and _plain(sweep, init) else None
        mine = [series for x, series in trails if x == outs[c]]
        if mine:  # what a step gives is what the next begins with: one number, one adjoint
            whole = mine[0]
            for series in mine[1:]:
                whole = sum_of_series(tape, whole, series)
            trails = [(x, series) for x, series in trails if x != outs[c]]
            end = _item(tape, whole, last)
            start = end if start is None else plus(tape, end, start)
        if outs[c] == c and so_far is not None:  # it stays what it begins with: one number, one adjoint
            start = so_far if start is None else plus(tape, so_far, start)
            terms[init - since] = so_far = None
        if mine or so_far is not None:
            before = whole if mine else tape.write("stack", (-0.0,) * region.steps)
            back = -1.0 if region.backward else 1.0
            earlier[c] = tape.write("shift", (-0.0 if so_far is None else so_far, before, back))
            if so_far is not None:
                terms[init - since] = None
        starts.append(-0.0 if start is None else start)
    with tape.region(Region(region.steps, backward=not region.backward)) as loop, sweep.body(region, nodes):
        bars = [tape.write("carry", (x,)) for x in starts]
        sums.begin([tape.write("carry", (x,)) for x in sums.starts])
        for i in (*carries, *elements):
            sweep.put(i, tape.write("element", (earlier[i],)) if i in earlier else None)
        for x, series in trails:
            if sweep.takes(x):
                sweep.send(x, series if type(series) is float else tape.write("element", (series,)), 1.0, scope)
        for c, bar in zip(carries, bars, strict=True):
            if sweep.takes(outs[c]):
                sweep.send(outs[c], bar, 1.0, scope)
        sweep.walk(region.end - 1, region.begin + 1, scope)
        ends = [sweep.total(c) for c in carries]
        parts = [(tape.args[i][0], sweep.total(i)) for i in elements]
        adjoints = [-0.0 if g is None else g for g in (*ends, *sums.now())]
        end = loop.close(tuple(adjoints))
    for i in (*carries, *elements):
        terms[i - since] = None
    new = [tape.write("final", (c, end)) for c in loop.carries()]
    sums.hand(new[len(carries) :], local)
    for c, g in zip(carries, new, strict=False):
        if sweep.takes(tape.args[c][0]):
            sweep.send(tape.args[c][0], g, 1.0, local)
    passed = [(x, tape.write("trail", (g, end))) for x, g in parts if g is not None and sweep.takes(x)]
    stacks = [(x, series) for x, series in passed if tape.ops[x] == "stack"]
    numbers = [x for stack, _ in stacks for x in tape.args[stack] if sweep.takes(x)]
    if len({*numbers}) < len(numbers):  # in the order of the steps, for there are numbers that several of them use
        for k in range(region.steps) if region.backward else range(region.steps - 1, -1, -1):
            for stack, series in reversed(stacks):
                x = tape.args[stack][k]
                if sweep.takes(x):
                    sweep.send(x, _item(tape, series, k), 1.0, local)
        passed = [(x, series) for x, series in passed if tape.ops[x] != "stack"]
    for x, series in passed:
        sweep.hand(x, series)


def _plain(sweep: Any, x: Operand) -> bool:
    return type(x) is int and x not in sweep.tape.selects and sweep.takes(x)


def _branch(sweep: Any, region: Region, given: Sequence[tuple[int, Operand]], local: Local | None) -> None:
    tape = sweep.tape
    merges = [(tape.args[i], g) for i, g in given]
    nodes, captured = _within(sweep, region, [x for args, _ in merges for x in args[:2]])
    sums = _Sums(sweep, captured)
    scopes = [Local(tape, region, local, every=False) for _ in range(2)]
    (condition,) = tape.args[region.begin]
    found = []
    with tape.region(Region(0), (condition if local is None else local(condition),)) as branch, sweep.body(region, nodes):
        for side, top, bottom in ((0, region.middle - 1, region.begin + 1), (1, region.end - 1, region.middle + 1)):
            if side == 1:
                branch.other_side()
            sums.begin(sums.starts)
            for args, g in merges:
                if sweep.takes(args[side]):
                    sweep.send(args[side], g, 1.0, scopes[side])
            sweep.walk(top, bottom, scopes[side])
            found.append(sums.now())
        end = branch.close(())
    sums.hand([tape.write("merge", (x, y, end)) for x, y in zip(*found, strict=True)], local)


def gradients_of_series(tape: Tape, terms: Sequence[Any]) -> dict[int, int]:
    """The gradients of those numbers that are entries of one series, or of several at one place: as entries of a series."""
    together: dict[tuple[Operand, ...], dict[int, Operand]] = {}
    for i, given in enumerate(terms):
        gs = (given or ())[::2]
        if gs and all(type(g) is int and tape.ops[g] == "item" for g in gs) and {*given[1::2]} == {1.0}:
            at = [tape.args[g] for g in gs]
            if len({k for _, k in at}) == 1:
                together.setdefault(tuple([x for x, _ in at]), {})[i] = at[0][1]
    found: dict[int, int] = {}
    for series, places in together.items():
        steps = length(tape, int(series[0]))
        if len(places) < MIN_SERIES or any(length(tape, int(x)) != steps for x in series):
            continue
        with tape.region(Region(steps)) as loop:
            entries = [tape.write("element", (x,)) for x in series]
            g = tape.write("grad", tuple([y for x in entries for y in (x, 1.0)]))
            end = loop.close(())
        trail = tape.write("trail", (g, end))
        found |= {i: tape.write("item", (trail, k)) for i, k in places.items()}
    return found


# ---- forward


def forward(sweep: Any, i: int, local: Local | None) -> None:
    """The tangent of a series or of what a body gives; at its end, the body of the tangents."""
    tape, args, dots = sweep.tape, sweep.tape.args[i], sweep.dots
    op = tape.ops[i]
    if op == "end":
        region = tape.regions[i]
        (_forward_branch if region.middle > 0 else _forward_loop)(sweep, region, local)
    elif op == "final":
        if args[0] in dots:
            dots[i] = tape.write("final", (dots[args[0]], sweep.ends[args[1]]))
    elif op == "trail":
        if args[0] in dots:
            dots[i] = tape.write("trail", (dots[args[0]], sweep.ends[args[1]]))
    elif op == "merge":
        if args[0] in dots or args[1] in dots:
            dots[i] = tape.write("merge", (sweep.dot(args[0]), sweep.dot(args[1]), sweep.ends[args[2]]))
    elif any(x in dots for x in args if type(x) is int):
        if op == "item":
            dots[i] = _item(tape, dots[args[0]], int(args[1]))
        elif op == "stack":
            dots[i] = tape.write("stack", tuple([sweep.dot(x) for x in args]))
        else:
            series = dots[args[1]] if args[1] in dots else tape.write("stack", (0.0,) * length(tape, i))
            dots[i] = tape.write("shift", (sweep.dot(args[0]), series, args[2]))


def _forward_loop(sweep: Any, region: Region, local: Local | None) -> None:
    tape, dots = sweep.tape, sweep.dots
    nodes = active(tape, region, lambda x: x in dots)
    own = region.carries()
    carries = [c for c in own if c in nodes]
    scope = Local(tape, region, local, every=tape.depth > 0)
    scope.keep()
    with tape.region(Region(region.steps, backward=region.backward)) as loop:
        for c in carries:
            dots[c] = tape.write("carry", (sweep.dot(tape.args[c][0]),))
        for i in own_nodes(tape, region):
            if tape.ops[i] == "element" and i in nodes:
                dots[i] = tape.write("element", (dots[tape.args[i][0]],))
        sweep.nodes(range(region.begin + 1, region.end), scope)
        outs = dict(zip(own, tape.args[region.end], strict=True))
        sweep.ends[region.end] = loop.close(tuple([sweep.dot(outs[c]) for c in carries]))


def _forward_branch(sweep: Any, region: Region, local: Local | None) -> None:
    tape = sweep.tape
    (condition,) = tape.args[region.begin]
    scopes = [Local(tape, region, local, every=False) for _ in range(2)]
    with tape.region(Region(0), (condition if local is None else local(condition),)) as branch:
        sweep.nodes(range(region.begin + 1, region.middle), scopes[0])
        branch.other_side()
        sweep.nodes(range(region.middle + 1, region.end), scopes[1])
        sweep.ends[region.end] = branch.close(())
