"""Transforms on the tape: the chain rule of `chain.py` and `transforms.py`, where adjoints are nodes.

The sweeps are those of the engine, contribution by contribution: in reverse order of recording, within an operation in
the order of its operands, the first one assigned. So a compiled gradient has eager's bits. Two things differ, for nothing is
known yet.

*Conditions.* An adjoint that arrives at a `select` goes on at once to the branches, as it does in eager, where a rule returns
the branch itself. To the branch not taken goes −0.0, the one number that changes no sum.

*Whether this gradient is differentiated again* decides how it is written. While the function of an enclosing transform runs
(`tape.depth`), every product and every sum is an operation, for the enclosing sweep adds in their order. If no outer transform
differentiates this gradient, the contributions to one number are one node: a sum of products. A neuron with a hundred weights
then needs a hundred nodes in place of two hundred, and `loop_finder` sees them as they are.

Eager skips a node whose adjoint is 0, which matters where its partial is infinite or NaN; here the result is NaN then, and
`function.py` asks eager. A gradient that is zero is +0.0. How a loop or a branch is swept is in `body_sweeps`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from autograd import modes
from autograd._engine import sparsity
from autograd._engine.structures import flatten
from autograd.compiler import body_sweeps
from autograd.compiler.bodies import Local, length
from autograd.compiler.partials import Branch, as_they_are, partials, plus, times
from autograd.compiler.rolling import roll
from autograd.compiler.tape import CONSTANT, Operand, Region, Tape, Traced
from autograd.table import TABLE

_IDENTITY = TABLE["identity"]
_OF_BODIES = {"final", "trail", "merge", "end", "item", "stack", "shift"}


def _sum(tape: Tape, terms: list[Operand]) -> Operand:
    """A sum of products of operands, given as a₁, b₁, a₂, b₂, …"""
    if len(terms) > 2:
        return tape.write("bar", tuple(terms))
    g, d = terms
    if type(d) is float and d == 1.0:
        return g
    return d if type(g) is float and g == 1.0 else times(tape, g, d)


class Reverse:
    """A reverse sweep over the nodes from `since` on.

    `terms` has for each node its adjoint, or the terms of the sum that it will be; for a series, what it gets: series, and
    single entries as (place, operand). In the body of a loop or branch `active` are the nodes that anything is sent to.
    """

    def __init__(self, tape: Tape, since: int, n: int) -> None:
        self.tape, self.since, self.again = tape, since, tape.depth > 0
        self.terms: list[Any] = [None] * n  # by the node's distance from `since`
        self.active: set[int] | None = None
        self.floor = since

    @contextmanager
    def body(self, region: Region, active: set[int]) -> Iterator[None]:
        """Be in a body, of which these nodes are active."""
        was = self.active, self.floor
        self.active, self.floor = active, region.begin
        yield
        self.active, self.floor = was

    def takes(self, x: Operand) -> bool:
        """Whether anything is to be sent to an operand."""
        return type(x) is int and x >= self.since and (self.active is None or x in self.active)

    def send(self, x: int, g: Operand, d: Any, local: Local | None = None) -> None:
        """The contribution g·d to x, and through a `select` on to its branches."""
        tape, at = self.tape, x - self.since
        if type(d) is Branch:
            c, t = d.condition.id, times(tape, g, tape.operand(d.partial))
            self.send(x, tape.select((c, t, -0.0) if d.when else (c, -0.0, t)), 1.0, local)
        elif x in tape.selects and x >= self.floor:
            (condition, p, q), t = tape.args[x], times(tape, g, d)
            test = local(condition) if local else condition
            for y, to in ((p, (test, t, -0.0)), (q, (test, -0.0, t))):
                if self.takes(y):
                    self.send(int(y), tape.select(to), 1.0, local)
        elif self.again:
            bar, t = self.terms[at], times(tape, g, d)
            self.terms[at] = t if bar is None else plus(tape, bar, t)
        elif self.terms[at] is None:
            self.terms[at] = [g, d]
        else:
            self.terms[at] += (g, d)

    def hand(self, x: int, what: Any) -> None:
        """To a series or the end of a body, what it gets."""
        given = self.terms[x - self.since]
        if given is None:
            self.terms[x - self.since] = [what]
        else:
            given.append(what)

    def put(self, x: int, g: Operand | None) -> None:
        """Let the adjoint of a number be this, so far."""
        self.terms[x - self.since] = g if g is None or self.again else [g, 1.0]

    def total(self, x: int) -> Operand | None:
        """The adjoint of a number; None if nothing was sent to it."""
        given = self.terms[x - self.since]
        return given if given is None or self.again else _sum(self.tape, given)

    def series(self, x: int) -> Operand | None:
        """The adjoint of a series, as a series; None if nothing was sent to it."""
        found: Operand | None = None
        tape = self.tape
        single: dict[int, Operand] = {}
        for what in (*(self.terms[x - self.since] or ()), None):
            if type(what) is tuple:
                k, g = what
                single[k] = plus(tape, single[k], g) if k in single else g
                continue
            if single:
                more = body_sweeps.as_series(tape, [single.get(k, -0.0) for k in range(length(tape, x))])
                found, single = more if found is None else body_sweeps.sum_of_series(tape, found, more), {}
            if what is not None:
                found = what if found is None else body_sweeps.sum_of_series(tape, found, what)
        return found

    def walk(self, top: int, bottom: int, local: Local | None = None) -> None:
        """Sweep the nodes from `top` down to `bottom`."""
        tape, terms, since, active, again = self.tape, self.terms, self.since, self.active, self.again
        ops, arguments, stopped, selects = tape.ops, tape.args, tape.stopped, tape.selects
        for i in range(top, bottom - 1, -1):
            given = terms[i - since]
            if given is None or i in stopped or (op := ops[i]) in CONSTANT:
                continue
            if op in _OF_BODIES:
                body_sweeps.reverse(self, i, local)
                terms[i - since] = None
                continue
            terms[i - since] = None
            g = given if again else _sum(tape, given)
            if type(g) is float and g == 0.0:
                continue
            args = given = arguments[i]
            known = as_they_are(op, len(args))
            y: Operand = i
            if local is not None:
                given, y = tuple(map(local, args)), local(i)
            if known:
                slopes = known(given, None)
            elif active is None:
                slopes = partials(tape, op, given, y, [type(x) is int and x >= since for x in args])
            else:
                slopes = partials(tape, op, given, y, [type(x) is int and x in active for x in args])
            if (
                again
                or active is not None
                or (not known and Branch in map(type, slopes))
                or (selects and not selects.isdisjoint(args))
            ):
                for x, d in zip(args, slopes, strict=True):
                    if d is not None and self.takes(x):
                        self.send(x, g, d, local)  # type: ignore[arg-type]
            else:  # the same, in less time
                for x, d in zip(args, slopes, strict=True):
                    if type(x) is int and x >= since and d is not None:
                        mine = terms[x - since]
                        if mine is None:
                            terms[x - since] = [g, d]
                        else:
                            mine += (g, d)


def reverse(tape: Tape, seeds: dict[int, Operand], n: int, since: int) -> list[Operand]:
    """The adjoints of the n nodes from `since` on, given those of the seeds; no node before takes part."""
    top = max(seeds, default=since)
    sweep = Reverse(tape, since, max(top + 1, since + n) - since)
    for i, g in seeds.items():
        sweep.put(i, g)
    sweep.walk(top, since + n)
    terms = sweep.terms[:n]
    if sweep.again:
        return [0.0 if g is None else g for g in terms]
    series = body_sweeps.gradients_of_series(tape, terms) if tape.regions else {}
    return [
        0.0 if given is None else series[k] if k in series else tape.write("grad", tuple(given))
        for k, given in enumerate(terms)
    ]


class Forward:
    """A forward sweep: `dots` are the tangents of nodes, where they are not 0; of a series, a series."""

    def __init__(self, tape: Tape, seeds: dict[int, Operand]) -> None:
        self.tape = tape
        self.dots: dict[int, Operand] = dict(seeds)
        self.ends: dict[int, int] = {}  # for the end of a body, that of the one for its tangents

    def dot(self, x: Operand) -> Operand:
        """The tangent of an operand."""
        return self.dots.get(x, 0.0) if type(x) is int else 0.0

    def node(self, i: int, local: Local | None = None) -> None:
        """Find the tangent of a node."""
        tape, dots = self.tape, self.dots
        op = tape.ops[i]
        if i in dots or i in tape.stopped or op in CONSTANT:
            return
        if op in _OF_BODIES:
            body_sweeps.forward(self, i, local)
            return
        args = given = tape.args[i]
        tangents = [dots.get(x) if type(x) is int else None for x in args]
        if op in {"select", "take"}:
            if any(t is not None for t in tangents):
                first = args[0] if local is None else local(args[0])
                rest = (first, *(0.0 if t is None else t for t in tangents[1:]))
                dots[i] = tape.select(rest) if op == "select" else tape.write("take", rest)
            return
        flags = [t is not None and not (type(t) is float and t == 0.0) for t in tangents]
        if not any(flags):
            return
        y: Operand = i
        if local is not None:
            given, y = tuple(map(local, args)), local(i)
        total: Operand | None = None
        for t, d in zip(tangents, partials(tape, op, given, y, flags), strict=True):
            if d is None or t is None or (type(t) is float and t == 0.0):
                continue
            if type(d) is Branch:
                s, c = times(tape, t, tape.operand(d.partial)), d.condition.id
                term: Operand = tape.select((c, s, -0.0) if d.when else (c, -0.0, s))
            else:
                term = times(tape, t, d)
            total = term if total is None else plus(tape, total, term)
        if total is not None:
            dots[i] = total

    def nodes(self, which: Sequence[int], local: Local | None = None) -> None:
        """Find the tangents of these nodes, in order; a body is one step, at its end."""
        within = -1
        for i in which:
            if i > within:
                region = self.tape.regions.get(i)
                if region is not None and i == region.begin:
                    within = region.end - 1
                else:
                    self.node(i, local)


def forward(tape: Tape, seeds: dict[int, Operand], roots: Sequence[int], since: int) -> list[Operand]:
    """The tangents of the roots, given those of the seeds."""
    needed = set(roots)
    for i in range(max(needed, default=since - 1), since - 1, -1):
        if i in needed:
            needed.update(x for x in tape.args[i] if type(x) is int and x >= since)
            if tape.ops[i] == "end":
                needed.update(range(tape.regions[i].begin, i))
    sweep = Forward(tape, seeds)
    sweep.nodes([i for i in sorted(needed) if i >= since])
    return [sweep.dot(i) for i in roots]


class Recorded:
    """What `transforms` works with: a function's part of the tape, its fresh inputs by argument, and its outputs."""

    def __init__(
        self, tape: Tape, f: Callable[..., Any], args: Sequence[Any], argnums: Sequence[int], kwargs: dict[str, Any]
    ) -> None:
        self.tape, fresh = tape, list(args)
        with modes.recording():
            taken = [flatten(args[i], f"argument {i}") for i in argnums]
            given = [tape.operands(leaves) for leaves, _ in taken]
            self.rebuilds = [rebuild for _, rebuild in taken]
            self.since = first = len(tape.ops)
            for i, xs, rebuild in zip(argnums, given, self.rebuilds, strict=True):
                tape.ops += [_IDENTITY] * len(xs)
                tape.args += [(x,) for x in xs]
                fresh[i] = rebuild(tape.traced(range(first, first + len(xs))))
                first += len(xs)
            tape.depth += 1
            try:
                self.outputs, self.rebuild = flatten(f(*fresh, **kwargs), "the result")
            finally:
                tape.depth -= 1
        self.inputs = [range(len(xs)) for xs in given]
        self.roots = roll(tape, self.since, sum(map(len, given)), tape.operands(self.outputs))

    def adjoints(self, seeds: Sequence[Any]) -> list[list[Any]]:
        """For each argument its adjoints, given those of the outputs."""
        tape, start = self.tape, len(self.tape.ops)
        total: dict[int, Operand] = {}
        with modes.recording():
            for y, seed in zip(self.roots, tape.operands(seeds), strict=True):
                if type(y) is int and y >= self.since:
                    total[y] = plus(tape, total[y], seed) if y in total else seed
            bars = iter(self._derivatives(reverse(tape, total, sum(map(len, self.inputs)), self.since), start))
        return [list(islice(bars, len(mine))) for mine in self.inputs]

    def tangents(self, dots: Sequence[Sequence[Any]]) -> list[Any]:
        """The tangents of the outputs, given those of the arguments."""
        tape, start = self.tape, len(self.tape.ops)
        seeds = dict(enumerate(tape.operands(chain.from_iterable(dots)), self.since))
        roots = [y for y in self.roots if type(y) is int and y >= self.since]
        with modes.recording():
            found = dict(zip(roots, forward(tape, seeds, roots, self.since), strict=True))
        return self._derivatives([found.get(y, 0.0) if type(y) is int else 0.0 for y in self.roots], start)

    def pattern(self) -> sparsity.Pattern:
        """For each output the inputs that it was computed from; with loops and branches, all of them."""
        tape, n = self.tape, sum(map(len, self.inputs))
        span = range(self.since, len(tape.ops))
        if not _OF_BODIES.isdisjoint(x for x in tape.ops[self.since :] if type(x) is str):
            return [[*range(n)] for _ in self.roots]
        return sparsity.reached(span[:n], self.roots, [(i, tape.args[i]) for i in span])

    def values(self) -> Any:
        """The function's result."""
        return self.rebuild(self._results(self.roots))

    def _derivatives(self, xs: Sequence[Operand], start: int) -> list[Any]:
        """Results of a sweep, which wrote what the tape holds from `start` on."""
        self.tape.derivatives.update([x for x in xs if type(x) is int and x >= start])
        return self._results(xs)

    def _results(self, xs: Sequence[Operand]) -> list[Any]:
        ys = self.tape.traced(xs)
        return ys if modes.current().recording else [y.detach() if type(y) is Traced else y for y in ys]
