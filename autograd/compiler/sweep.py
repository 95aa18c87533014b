"""Transforms on the tape: the chain rule of `chain.py` and `transforms.py`, where adjoints are nodes.

The sweeps are those of the engine, contribution by contribution: in reverse order of recording, within an operation in
the order of its operands, the first one assigned. So a compiled gradient has eager's bits. Two things differ, for nothing is
known yet.

*A condition in a rule becomes `select`*, and both its branches are written. An adjoint that arrives at a `select` goes on at
once to the branches, as it does in eager, where a rule returns the branch itself. To the branch not taken goes −0.0, the one
number that changes no sum.

*Whether this gradient is differentiated again* decides how it is written. While the function of an enclosing transform runs
(`tape.depth`), every product and every sum is an operation, for the enclosing sweep adds in their order. Otherwise no one will
ever ask, and the contributions to one number are one node: a sum of products. For a neuron with a hundred weights those are a
hundred nodes in place of two hundred, and the loops of `roll.py` see them as they are.

Eager skips a node whose adjoint is 0, which matters where its partial is infinite or NaN; here the result is NaN then, and
`function.py` asks eager. A gradient that is zero is +0.0.
"""

import math
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from autograd import modes
from autograd.compiler.rules import rule
from autograd.compiler.tape import Operand, Tape, Traced
from autograd.ops import CONSTANTS, FLOATS, SOFTMAX, TABLE, Op
from autograd.record import GENERIC
from autograd.special import LISTS
from autograd.trees import Rebuild, flatten

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
    return Traced(tape, tape.node("select", (c.id, tape.operand(x), tape.operand(y))))


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


def _operation(op: Op) -> Callable[..., Any]:
    def operation(*operands: Any) -> Any:
        xs = operands[0] if op.nary and len(operands) == 1 and isinstance(operands[0], (list, tuple)) else operands
        traced = next((x for x in xs if type(x) is Traced), None)
        if traced is None:
            return op.value(list(xs)) if op.nary else op.value(*xs)
        return traced.record(op, xs)

    return operation


SPACE: dict[str, Any] = FLOATS | CONSTANTS | LISTS | {name: _operation(op) for name, op in TABLE.items()}
SPACE |= {"select": _select, "both": _both, "either": _either, "largest": GENERIC["largest"], "undefined": lambda: math.nan}
SPACE["softmax"] = rule(SOFTMAX, ("xs",), SPACE)
_OF_STRUCTURE = {"cofactors(xs)", "[1.0] * len(xs)", "[1.0 / len(xs)] * len(xs)"}  # no arithmetic on operands in these

_plans: dict[Op, list[Any]] = {}


def _plan(op: Op) -> list[Any]:
    """How each partial is had: a number, the place of an operand (−1 for the result), or a function."""
    if op not in _plans:
        places = {name: i for i, name in enumerate(op.inputs)} | {"y": -1}
        custom: list[Any] = [(None, f) for f in op.lifted] if not op.text else []
        _plans[op] = custom or [
            places[text] if text in places else float(text) if text in {"1.0", "-1.0", "0.0"} else
            (text, rule(text, (*op.inputs, "y"), SPACE))
            for text in op.text[1:]
        ]  # fmt: skip
    return _plans[op]


def _partials(tape: Tape, i: int, wanted: Sequence[bool]) -> list[Any]:
    """∂i/∂operand for each operand that is wanted: an operand, a `Branch`, or None."""
    op, args = tape.ops[i], tape.args[i]
    if op == "take":
        index: Any = Traced(tape, args[0])  # type: ignore[arg-type]
        return [None, *((index == float(r)).id if want else None for r, want in enumerate(wanted[1:]))]
    if isinstance(op, str):  # a sum of products, met by a transform that is applied to another one's function
        return [x if want else None for x, want in zip(_others(args), wanted, strict=True)]
    if op.nary:
        text, function = _plan(op)[0]
        if text in _OF_STRUCTURE:
            given = function(list(args), None)
        else:
            given = [tape.operand(d) for d in function([tape.wrap(x) for x in args], Traced(tape, i))]
        return [d if want else None for d, want in zip(given, wanted, strict=True)]
    partials: list[Any] = []
    for plan, want in zip(_plan(op), wanted, strict=True):
        if not want:
            partials.append(None)
        elif type(plan) is int:
            partials.append(i if plan < 0 else args[plan])
        elif type(plan) is float:
            partials.append(plan)
        else:
            d = plan[1](*(tape.wrap(x) for x in args), Traced(tape, i))
            partials.append(d if d is None or type(d) is Branch else tape.operand(d))
    return partials


def _others(args: Sequence[Operand]) -> list[Operand]:
    return [args[k ^ 1] for k in range(len(args))]


# ---- the sweeps


def _times(tape: Tape, g: Operand, d: Operand) -> Operand:
    return g * d if type(g) is float and type(d) is float else tape.node(_MUL, (g, d))


def _plus(tape: Tape, a: Operand, b: Operand) -> Operand:
    return a + b if type(a) is float and type(b) is float else tape.node(_ADD, (a, b))


def _sum(tape: Tape, terms: list[Operand], name: str = "bar") -> Operand:
    """A sum of products of operands, given as a₁, b₁, a₂, b₂, …"""
    if len(terms) == 2:
        g, d = terms
        if type(g) is float and type(d) is float:
            return g * d if name == "bar" else g * d + 0.0
        if name == "bar" and (d == 1.0 or g == 1.0) and not (d == g == 1.0):
            return g if type(d) is float and d == 1.0 else d if type(g) is float and g == 1.0 else tape.node(_MUL, (g, d))
        if name == "bar":
            return tape.node(_MUL, (g, d))
    return tape.node(name, tuple(terms))


def reverse(tape: Tape, seeds: dict[int, Operand], wanted: Sequence[int], since: int) -> list[Operand]:
    """The adjoints of the nodes wanted, given those of the seeds; only nodes from `since` on take part."""
    again = tape.depth > 0
    terms: dict[int, Any] = {i: g if again else [g, 1.0] for i, g in seeds.items()}  # adjoints, or terms of their sums
    ops, arguments, stopped = tape.ops, tape.args, tape.stopped

    def contribute(x: int, g: Operand, d: Operand) -> None:
        if again:
            bar = terms.get(x)
            t = _times(tape, g, d)
            terms[x] = t if bar is None else _plus(tape, bar, t)
        elif x in terms:
            terms[x] += (g, d)
        else:
            terms[x] = [g, d]

    def send(x: int, g: Operand, d: Any) -> None:
        """The contribution g·d to x, and through a `select` on to its branches."""
        if type(d) is Branch:
            c, t = d.condition.id, _times(tape, g, tape.operand(d.partial))
            send(x, tape.node("select", (c, t, -0.0) if d.when else (c, -0.0, t)), 1.0)
        elif ops[x] == "select":
            (condition, p, q), t = arguments[x], _times(tape, g, d)
            for branch, to in ((p, (condition, t, -0.0)), (q, (condition, -0.0, t))):
                if type(branch) is int and branch >= since:
                    send(branch, tape.node("select", to), 1.0)
        else:
            contribute(x, g, d)

    ends = set(wanted)
    for i in range(max(seeds, default=since - 1), since - 1, -1):
        given = terms.get(i)
        if given is None or i in ends or i in stopped or ops[i] in _ENDS:
            continue
        g = given if again else _sum(tape, given)
        if type(g) is float and g == 0.0:
            continue
        args = arguments[i]
        flags = [type(x) is int and x >= since for x in args]
        for x, d in zip(args, _partials(tape, i, flags), strict=True):
            if d is not None:
                send(x, g, d)  # type: ignore[arg-type]
    none: Any = None if again else []
    found = [terms.get(i, none) for i in wanted]
    if again:
        return [0.0 if g is None else g for g in found]
    return [_sum(tape, given, "grad") if given else 0.0 for given in found]


_ENDS = {"input", "lt", "le", "gt", "ge", "eq", "ne", "and", "or", "largest", "detach"}


def forward(tape: Tape, seeds: dict[int, Operand], roots: Sequence[int], since: int) -> list[Operand]:
    """The tangents of the roots, given those of the seeds."""
    needed = set(roots)
    for i in range(max(needed, default=since - 1), since - 1, -1):
        if i in needed:
            needed.update(x for x in tape.args[i] if type(x) is int and x >= since)
    dots: dict[int, Operand] = dict(seeds)
    for i in sorted(needed):
        if i in dots or i < since or i in tape.stopped or tape.ops[i] in _ENDS:
            continue
        args = tape.args[i]
        tangents = [dots.get(x) if type(x) is int else None for x in args]
        if tape.ops[i] in {"select", "take"}:
            if any(t is not None for t in tangents):
                rest = tuple(0.0 if t is None else t for t in tangents[1:])
                dots[i] = tape.node(tape.ops[i], (args[0], *rest))
            continue
        flags = [t is not None and not (type(t) is float and t == 0.0) for t in tangents]
        if not any(flags):
            continue
        total: Operand | None = None
        for t, d in zip(tangents, _partials(tape, i, flags), strict=True):
            if t is None or d is None:
                continue
            if type(d) is Branch:
                s, c = _times(tape, t, tape.operand(d.partial)), d.condition.id
                term: Operand = tape.node("select", (c, s, -0.0) if d.when else (c, -0.0, s))
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
        self.inputs: list[list[int]] = []
        self.rebuilds: list[Rebuild] = []
        with modes.recording():
            taken = [flatten(args[i], f"argument {i}") for i in argnums]
            self.since = len(tape.ops)
            for i, (leaves, rebuild) in zip(argnums, taken, strict=True):
                mine = [tape.node(_IDENTITY, (tape.operand(x),)) for x in leaves]
                self.inputs.append(mine)
                self.rebuilds.append(rebuild)
                fresh[i] = rebuild([Traced(tape, x) for x in mine])
            tape.depth += 1
            try:
                self.outputs, self.rebuild = flatten(f(*fresh, **kwargs), "the result")
            finally:
                tape.depth -= 1
        self.roots = [tape.operand(y) for y in self.outputs]

    def adjoints(self, seeds: Sequence[Any]) -> list[list[Any]]:
        """For each argument its adjoints, given those of the outputs."""
        tape = self.tape
        total: dict[int, Operand] = {}
        with modes.recording():
            for y, given in zip(self.roots, seeds, strict=True):
                seed = tape.operand(given)
                if type(y) is int and y >= self.since:
                    total[y] = _plus(tape, total[y], seed) if y in total else seed
            bars = iter(reverse(tape, total, [*chain.from_iterable(self.inputs)], self.since))
        return [[self._result(next(bars)) for _ in mine] for mine in self.inputs]

    def tangents(self, dots: Sequence[Sequence[Any]]) -> list[Any]:
        """The tangents of the outputs, given those of the arguments."""
        tape = self.tape
        given = [tape.operand(x) for x in chain.from_iterable(dots)]
        seeds = dict(zip(chain.from_iterable(self.inputs), given, strict=True))
        roots = [y for y in self.roots if type(y) is int and y >= self.since]
        with modes.recording():
            found = dict(zip(roots, forward(tape, seeds, roots, self.since), strict=True))
        return [self._result(found.get(y, 0.0) if type(y) is int else 0.0) for y in self.roots]

    def values(self) -> Any:
        """The function's result."""
        return self.rebuild([self._result(y) for y in self.roots])

    def _result(self, x: Operand) -> Any:
        y = self.tape.wrap(x)
        return y if modes.current().recording or type(y) is not Traced else y.detach()
