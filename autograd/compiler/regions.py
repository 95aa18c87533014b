"""Loops and branches on the tape: a body is traced once and stands in line, between the nodes that begin and end it.

    loop             begins a loop; `tape.regions` has its number of steps
    carry            what a step starts with; its operand is what the first one starts with
    element          the entry of a series that belongs to the step
    end              ends a loop, operands are what a step gives for each carry; or ends a branch, without operands
    final            what the last step gives for a carry: operands are the carry and the end
    trail            the series of what a node of the body is in each step: operands are the node and the end; in a loop within
                     loops, their ends, from within: a series of series
    row              the entry of a series of series that belongs to the step

    branch           begins a branch on a condition; `else` begins its other side
    merge            what one side or the other gives: operands are a node of each, and the end

    stack            a series of these numbers
    item             one entry of a series: operands are the series and the place, a constant
    shift            a series moved by a step: operands are what comes in, the series, and 1.0 (entry k is entry k − 1) or −1.0

A series is as many numbers as its loop has steps; it is no operand of any other operation. A body uses what stands before it
as it uses its own nodes, so nothing needs to be handed in; what stands in a body cannot be used after it, but by `final`,
`trail` and `merge`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from autograd import loops
from autograd._engine import structures, tracing
from autograd._engine.structures import Kind, TreeDef, build
from autograd.compiler.sweep import Recorded
from autograd.compiler.tape import Operand, Region, Tape, Traced


class Series(Sequence[Any]):
    """What a loop gave in each step: a sequence of numbers or structures, of which only entries asked for are written out."""

    __slots__ = ("n", "operands", "tape", "treedef")

    def __init__(self, tape: Tape, n: int, treedef: TreeDef, operands: Sequence[Operand]) -> None:
        self.tape, self.n, self.treedef, self.operands = tape, n, treedef, operands  # for each number of an entry its series

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, k: Any) -> Any:
        if isinstance(k, slice):
            return [self[i] for i in range(self.n)[k]]
        at = float(range(self.n)[k])
        tape = self.tape
        return build(self.treedef, iter([Traced(tape, tape.node("item", (x, at))) for x in self.operands]))

    def __add__(self, other: Any) -> list[Any]:
        return [*self, *other]

    def __radd__(self, other: Any) -> list[Any]:
        return [*other, *self]

    def __repr__(self) -> str:
        return f"<traced sequence of {self.n}>"


tracing.sequences.add(Series)
structures.know(Kind(Series, lambda x: ([*x], None), lambda _, parts: parts))


def _taken(tape: Tape, x: Any, what: str) -> tuple[TreeDef, tuple[Operand, ...]]:
    leaves: list[Any] = []
    treedef = structures.shape(x, leaves, what)
    return treedef, tape.operands(leaves)


def _series(tape: Tape, rows: Sequence[Any]) -> tuple[Callable[[list[Any]], Any], list[Operand]]:
    """How an entry of a sequence is built of its numbers, and the series of each."""
    if type(rows) is Series:
        return lambda parts: build(rows.treedef, iter(parts)), [*rows.operands]
    if type(rows) is loops.Together:
        found = [_series(tape, part) for part in rows.parts]

        def together(parts: list[Any]) -> Any:
            left = iter(parts)
            return rows.build([make([next(left) for _ in series]) for make, series in found])

        return together, [x for _, series in found for x in series]
    if {Traced, float}.issuperset(map(type, rows)):
        return lambda parts: parts[0], [tape.write("stack", tape.operands(rows))]
    taken = [_taken(tape, row, f"entry {k}") for k, row in enumerate(rows)]
    first = taken[0][0]
    for k, (treedef, _) in enumerate(taken):
        if treedef != first:
            raise ValueError(
                f"the entries of a sequence that a loop goes through must be alike: entry {k} has another structure"
            )
    columns = zip(*(numbers for _, numbers in taken), strict=True)
    return lambda parts: build(first, iter(parts)), [tape.write("stack", column) for column in columns]


class Recorder:
    """What records transforms, loops and branches of the function being traced, on its tape."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape

    def __call__(self, *args: Any) -> Recorded:
        """A function that a transform differentiates."""
        return Recorded(self.tape, *args)

    def loop(self, f: Callable[[Any, Any], Any], init: Any, rows: Sequence[Any], *, backward: bool) -> tuple[Any, Series]:
        """The loop of `autograd.scan`."""
        tape = self.tape
        treedef, inits = _taken(tape, init, "the carry")
        make, series = _series(tape, rows)
        with tape.region(Region(len(rows), backward=backward)) as region:
            carries = [tape.write("carry", (x,)) for x in inits]
            elements = [tape.write("element", (x,)) for x in series]
            carry, y = loops.pair(f(build(treedef, iter(tape.traced(carries))), make(tape.traced(elements))))
            given, outs = _taken(tape, carry, "the carry")
            if given != treedef:
                loops.same_structure(init, carry)
            shape, ys = _taken(tape, y, "y")
            end = region.close(outs)
        finals = [tape.node("final", (x, end)) for x in carries]
        trails = [tape.node("trail", (x, end)) for x in ys]
        return build(treedef, iter(tape.traced(finals))), Series(tape, len(rows), shape, trails)

    def branch(self, c: Traced, f: Callable[..., Any], g: Callable[..., Any], operands: Sequence[Any]) -> Any:
        """The branch of `autograd.cond`."""
        tape = self.tape
        with tape.region(Region(0), (tape.operand(c),)) as region:
            treedef, xs = _taken(tape, f(*operands), "the result of the first function")
            region.other_side()
            other, ys = _taken(tape, g(*operands), "the result of the second function")
            if treedef != other:
                raise TypeError("cond() takes two functions whose results have one structure: the same lists, keys and lengths")
            end = region.close(())
        return build(treedef, iter(tape.traced([tape.node("merge", (x, y, end)) for x, y in zip(xs, ys, strict=True)])))
