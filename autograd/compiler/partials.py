"""Partials on the tape: the texts of the table, evaluated with operations of the tape, as operands of it.

*A condition in a rule becomes `select`*, and both its branches are written. *Whether a gradient is differentiated again*
decides how a partial is written: while the function of an enclosing transform runs (`tape.depth`), as the operations it is made
of; else as one node, an operation of its own, whose text is the partial's, for `lower` to write out.
"""

import math
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from autograd._engine.lifting import GENERIC
from autograd._engine.slow_path import MATH_ERRORS
from autograd._engine.special import LISTS
from autograd.compiler.tape import Operand, Tape, Traced
from autograd.compiler.texts import names, rule
from autograd.derivatives import FLOATS
from autograd.table import CONSTANTS, SOFTMAX, TABLE, Op

_ADD, _MUL = TABLE["add"], TABLE["mul"]


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
def as_they_are(op: Op | str, n: int) -> Callable[[tuple[Operand, ...], None], Sequence[Operand]] | None:
    """The function that gives all partials of an operation of n operands, if these are numbers and operands as they are."""
    if isinstance(op, str) or not op.nary or not op.text:
        return None
    function = _plan(op)[0].function
    found = _unwritten(function, n, nary=True)
    known = found is not None and all(type(d) is float or (type(d) is Traced and d.id < n) for d in found[0])
    return function if known else None


def partials(tape: Tape, op: Op | str, args: tuple[Operand, ...], y: Operand, wanted: Sequence[bool]) -> Sequence[Any]:
    """∂y/∂operand for each operand that is wanted: an operand, a `Branch`, or None; of others, anything."""
    known = as_they_are(op, len(args))
    if known is not None:
        return known(args, None)
    if isinstance(op, str):  # "take"
        picked: Any = tape.picked.setdefault(args[0], [])
        while len(picked) < len(args) - 1:
            picked.append(tape.write("eq", (args[0], float(len(picked)))))
        return [None, *picked[: len(args) - 1]]
    if op.nary:
        return tape.operands(_plan(op)[0].function(tape.traced(args), *tape.traced((y,))))
    found: list[Any] = []
    for plan, want in zip(_plan(op), wanted, strict=True):
        if not want:
            found.append(None)
        elif type(plan) is float:
            found.append(plan)
        elif type(plan) is int:
            found.append(y if plan < 0 else args[plan])
        elif plan.row is not None and not tape.depth:
            found.append(tape.write(plan.row, tuple([y if k < 0 else args[k] for k in plan.places])))
        else:
            xs = tape.traced((*args, y))
            d = _number(partial(plan.function, *xs))
            found.append(d if d is None or type(d) is Branch else tape.operand(d))
    return found


# ---- products and sums


def times(tape: Tape, g: Operand, d: Operand) -> Operand:
    """g · d."""
    return g * d if type(g) is float and type(d) is float else tape.write(_MUL, (g, d))


def plus(tape: Tape, a: Operand, b: Operand) -> Operand:
    """a + b."""
    return a + b if type(a) is float and type(b) is float else tape.write(_ADD, (a, b))
