"""Transforms on the tape: the chain rule of `chain.py` and `transforms.py`, where adjoints are nodes.

The sweeps are those of the engine, contribution by contribution: in reverse order of recording, within an operation in
the order of its operands, the first one assigned. So a compiled gradient has eager's bits. Two things differ, for nothing is
known yet.

*A condition in a rule becomes `select`*, and both its branches are written. An adjoint that arrives at a `select` goes on at
once to the branches, as it does in eager, where a rule returns the branch itself. To the branch not taken goes −0.0, the one
number that changes no sum.

*Whether this gradient is differentiated again* decides how it is written. While the function of an enclosing transform runs
(`tape.depth`), every product and every sum is an operation, for the enclosing sweep adds in their order. If no outer transform
differentiates this gradient, the contributions to one number are one node: a sum of products. A neuron with a hundred weights
then needs a hundred nodes in place of two hundred, and `loop_finder` sees them as they are. A partial is one node, too: an
operation of its own, whose text is the partial's, for `lower` to write out.

Eager skips a node whose adjoint is 0, which matters where its partial is infinite or NaN; here the result is NaN then, and
`function.py` asks eager. A gradient that is zero is +0.0.
"""

import math
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from itertools import chain, islice
from typing import Any, NamedTuple

from autograd import modes
from autograd._engine.lifting import GENERIC
from autograd._engine.slow_path import MATH_ERRORS
from autograd._engine.special import LISTS
from autograd._engine.structures import flatten
from autograd.compiler.tape import CONSTANT, Operand, Tape, Traced
from autograd.compiler.texts import names, rule
from autograd.derivatives import FLOATS
from autograd.table import CONSTANTS, SOFTMAX, TABLE, Op

_ADD, _MUL, _IDENTITY = TABLE["add"], TABLE["mul"], TABLE["identity"]


class Branch:
    """A partial that exists only where a condition holds (`None` elsewhere): of `where`."""

    __slots__ = ("condition", "partial", "when")

    def __init__(self, condition: Traced, partial: Any, *, when: bool) -> None:
        self.condition, self.partial, self.when = condition, partial, when


# ---- rules over traced numbers


def _select(c: Any, p: Callable[[], Any], q: Callable[[], Any]) -> Any:
    if type(c) is not Traced:
        return p() if c else q()
    x, y = p(), q()
    if x is None or y is None:
        return None if x is y else Branch(c, y if x is None else x, when=y is None)
    tape = c.tape
    return Traced(tape, tape.select((c.id, tape.operand(x), tape.operand(y))))


def _both(c: Any, d: Callable[[], Any]) -> Any:
    if type(c) is not Traced:
        return c and d()
    e = d()
    return (c & e) if type(e) is Traced else c if e else False


def _either(c: Any, d: Callable[[], Any]) -> Any:
    if type(c) is not Traced:
        return c or d()
    e = d()
    return (c | e) if type(e) is Traced else True if e else c


def _number(f: Callable[[], Any]) -> Any:
    """What it gives; of constants outside the domain NaN, so that eager is asked."""
    try:
        return f()
    except MATH_ERRORS:
        return math.nan


def _operation(op: Op) -> Callable[..., Any]:
    def operation(*operands: Any) -> Any:
        xs = operands[0] if op.nary and len(operands) == 1 and isinstance(operands[0], (list, tuple)) else operands
        traced = next((x for x in xs if type(x) is Traced), None)
        if traced is None:
            return _number(lambda: op.value(list(xs)) if op.nary else op.value(*xs))
        return traced.record(op, xs)

    return operation


SPACE: dict[str, Any] = FLOATS | CONSTANTS | LISTS | {name: _operation(op) for name, op in TABLE.items()}
SPACE |= {"select": _select, "both": _both, "either": _either, "largest": GENERIC["largest"], "undefined": lambda: math.nan}
SPACE["softmax"] = rule(SOFTMAX, ("xs",), SPACE)


class _Partial(NamedTuple):
    """A partial that is computed: by a function of traced numbers, or as an operation of its own, of these operands."""

    function: Callable[..., Any]
    row: Op | None  # None for what an operation cannot give: None, or whatever a custom operation does
    places: tuple[int, ...]


def _unwritten(function: Callable[..., Any], n: int, *, nary: bool) -> tuple[Any, Any] | None:
    """What a partial gives for n operands and a result, and these as traced numbers, if it computes nothing with them.

    Found by evaluating it on a tape of its own: what matters is what it does, not how its text is spelled.
    """
    tape = Tape()
    numbers = tape.inputs(n + 1)
    *xs, y = numbers
    given = function(xs, y) if nary else function(*numbers)
    return None if len(tape.ops) > n + 1 else (given, numbers)


@cache
def _plan(op: Op) -> list[Any]:
    """How each partial is had: a number, the place of an operand (−1 for the result), or computed."""
    if not op.text:
        return [_Partial(f, None, ()) for f in op.lifted]
    places = {name: i for i, name in enumerate(op.inputs)} | {"y": -1}
    plan: list[Any] = []
    for text in op.text[1:]:
        function = rule(text, (*op.inputs, "y"), SPACE)
        found = None if op.nary else _unwritten(function, op.arity, nary=False)
        if found is not None and type(found[0]) is float:
            plan.append(found[0])
        elif found is not None and type(found[0]) is Traced:
            plan.append(found[0].id if found[0].id < op.arity else -1)
        else:
            mentioned = names(text)
            used = tuple(name for name in places if name in mentioned)
            row = None if op.nary or "None" in mentioned else Op(f"{op.name}′", "", used, text)
            plan.append(_Partial(function, row, tuple(places[name] for name in used)))
    return plan


@lru_cache(maxsize=1024)
def _known(op: Op | str, n: int) -> Callable[[tuple[Operand, ...], None], Sequence[Operand]] | None:
    """The function that gives all partials of an operation of n operands, if these are numbers and operands as they are."""
    if isinstance(op, str) or not op.nary or not op.text:
        return None
    function = _plan(op)[0].function
    found = _unwritten(function, n, nary=True)
    known = found is not None and all(type(d) is float or (type(d) is Traced and d.id < n) for d in found[0])
    return function if known else None


def _partials(tape: Tape, i: int, wanted: Sequence[bool]) -> Sequence[Any]:
    """∂i/∂operand for each operand that is wanted: an operand, a `Branch`, or None; of others, anything."""
    op, args = tape.ops[i], tape.args[i]
    known = _known(op, len(args))
    if known is not None:
        return known(args, None)
    if isinstance(op, str):  # "take"
        picked: Any = tape.picked.setdefault(args[0], [])
        while len(picked) < len(args) - 1:
            picked.append(tape.write("eq", (args[0], float(len(picked)))))
        return [None, *picked[: len(args) - 1]]
    if op.nary:
        return tape.operands(_plan(op)[0].function(tape.traced(args), Traced(tape, i)))
    partials: list[Any] = []
    for plan, want in zip(_plan(op), wanted, strict=True):
        if not want:
            partials.append(None)
        elif type(plan) is float:
            partials.append(plan)
        elif type(plan) is int:
            partials.append(i if plan < 0 else args[plan])
        elif plan.row is not None and not tape.depth:
            partials.append(tape.write(plan.row, tuple([i if k < 0 else args[k] for k in plan.places])))
        else:
            xs = [*tape.traced(args), Traced(tape, i)]
            d = _number(partial(plan.function, *xs))
            partials.append(d if d is None or type(d) is Branch else tape.operand(d))
    return partials


# ---- the sweeps


def _times(tape: Tape, g: Operand, d: Operand) -> Operand:
    return g * d if type(g) is float and type(d) is float else tape.write(_MUL, (g, d))


def _plus(tape: Tape, a: Operand, b: Operand) -> Operand:
    return a + b if type(a) is float and type(b) is float else tape.write(_ADD, (a, b))


def _sum(tape: Tape, terms: list[Operand]) -> Operand:
    """A sum of products of operands, given as a₁, b₁, a₂, b₂, …"""
    if len(terms) > 2:
        return tape.write("bar", tuple(terms))
    g, d = terms
    if type(d) is float and d == 1.0:
        return g
    return d if type(g) is float and g == 1.0 else _times(tape, g, d)


def reverse(tape: Tape, seeds: dict[int, Operand], n: int, since: int) -> list[Operand]:
    """The adjoints of the n nodes from `since` on, given those of the seeds; no node before takes part."""
    again = tape.depth > 0
    ops, arguments, stopped, selects = tape.ops, tape.args, tape.stopped, tape.selects
    top = max(seeds, default=since)
    terms: list[Any] = [None] * (max(top + 1, since + n) - since)  # adjoints, or terms of their sums
    for i, g in seeds.items():
        terms[i - since] = g if again else [g, 1.0]

    def send(x: int, g: Operand, d: Any) -> None:
        """The contribution g·d to x, and through a `select` on to its branches."""
        if type(d) is Branch:
            c, t = d.condition.id, _times(tape, g, tape.operand(d.partial))
            send(x, tape.select((c, t, -0.0) if d.when else (c, -0.0, t)), 1.0)
        elif x in selects:
            (condition, p, q), t = arguments[x], _times(tape, g, d)
            for branch, to in ((p, (condition, t, -0.0)), (q, (condition, -0.0, t))):
                if type(branch) is int and branch >= since:
                    send(branch, tape.select(to), 1.0)
        elif again:
            bar, t = terms[x - since], _times(tape, g, d)
            terms[x - since] = t if bar is None else _plus(tape, bar, t)
        elif terms[x - since] is None:
            terms[x - since] = [g, d]
        else:
            terms[x - since] += (g, d)

    for i in range(top, since + n - 1, -1):
        given = terms[i - since]
        if given is None or i in stopped or ops[i] in CONSTANT:
            continue
        terms[i - since] = None
        g = given if again else _sum(tape, given)
        if type(g) is float and g == 0.0:
            continue
        args = arguments[i]
        known = _known(ops[i], len(args))
        partials = known(args, None) if known else _partials(tape, i, [type(x) is int and x >= since for x in args])
        if again or (not known and Branch in map(type, partials)) or (selects and not selects.isdisjoint(args)):
            for x, d in zip(args, partials, strict=True):
                if type(x) is int and x >= since and d is not None:
                    send(x, g, d)
        else:  # the same, in less time
            for x, d in zip(args, partials, strict=True):
                if type(x) is int and x >= since and d is not None:
                    mine = terms[x - since]
                    if mine is None:
                        terms[x - since] = [g, d]
                    else:
                        mine += (g, d)
    if again:
        return [0.0 if g is None else g for g in terms[:n]]
    return [0.0 if given is None else tape.write("grad", tuple(given)) for given in terms[:n]]


def forward(tape: Tape, seeds: dict[int, Operand], roots: Sequence[int], since: int) -> list[Operand]:
    """The tangents of the roots, given those of the seeds."""
    needed = set(roots)
    for i in range(max(needed, default=since - 1), since - 1, -1):
        if i in needed:
            needed.update(x for x in tape.args[i] if type(x) is int and x >= since)
    dots: dict[int, Operand] = dict(seeds)
    for i in sorted(needed):
        if i in dots or i < since or i in tape.stopped or tape.ops[i] in CONSTANT:
            continue
        args = tape.args[i]
        tangents = [dots.get(x) if type(x) is int else None for x in args]
        if tape.ops[i] in {"select", "take"}:
            if any(t is not None for t in tangents):
                rest = tuple(0.0 if t is None else t for t in tangents[1:])
                dots[i] = tape.select((args[0], *rest)) if i in tape.selects else tape.write("take", (args[0], *rest))
            continue
        flags = [t is not None and not (type(t) is float and t == 0.0) for t in tangents]
        if not any(flags):
            continue
        total: Operand | None = None
        for t, d in zip(tangents, _partials(tape, i, flags), strict=True):
            if d is None or t is None or (type(t) is float and t == 0.0):
                continue
            if type(d) is Branch:
                s, c = _times(tape, t, tape.operand(d.partial)), d.condition.id
                term: Operand = tape.select((c, s, -0.0) if d.when else (c, -0.0, s))
            else:
                term = _times(tape, t, d)
            total = term if total is None else _plus(tape, total, term)
        if total is not None:
            dots[i] = total
    return [dots.get(i, 0.0) for i in roots]


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
        self.roots = tape.operands(self.outputs)

    def adjoints(self, seeds: Sequence[Any]) -> list[list[Any]]:
        """For each argument its adjoints, given those of the outputs."""
        tape, start = self.tape, len(self.tape.ops)
        total: dict[int, Operand] = {}
        with modes.recording():
            for y, seed in zip(self.roots, tape.operands(seeds), strict=True):
                if type(y) is int and y >= self.since:
                    total[y] = _plus(tape, total[y], seed) if y in total else seed
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
