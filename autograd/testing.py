"""Tools for tests of code that differentiates: Hypothesis strategies, and `assert_gradients`.

`floats()` draws numbers of every magnitude, zeros and subnormals included; `points(name)` operands at which an operation of
the table is defined, often near its kink; `programs()` random expressions with shared parts. Needs the package
`hypothesis`; nothing else of this library imports it.

>>> import autograd
>>> from hypothesis import given, settings
>>> from autograd.testing import assert_gradients, points
>>> @settings(max_examples=5, derandomize=True, database=None)
... @given(points("tanh"))
... def test_tanh(point):
...     assert_gradients(autograd.tanh, *point)
>>> test_tanh()
"""

import math
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import strategies as st

from autograd._engine.lifting import GENERIC
from autograd.check import Report, gradcheck
from autograd.derivatives import FLOATS
from autograd.table import TABLE, Op

__all__ = ["Program", "assert_gradients", "floats", "points", "programs"]

_SMALLEST = sys.float_info.min
_SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 5e-324, -5e-324, 1e-310, _SMALLEST, -_SMALLEST)


def assert_gradients(f: Callable[..., Any], *inputs: Any, order: int = 1, rtol: float = 0.0, atol: float = 0.0) -> Report:
    """Assert that `gradcheck` finds all derivatives of `f` right at this point, and return its report.

    The failure is a `GradcheckError`, an `AssertionError` whose message is the report; pytest shows it at the caller's line.

    >>> import autograd
    >>> from autograd.testing import assert_gradients
    >>> assert_gradients(lambda x: autograd.exp(x) * x, 0.5).verdict
    'PASS'
    """
    __tracebackhide__ = True
    return gradcheck(f, *inputs, order=order, rtol=rtol, atol=atol)


# ---- numbers


def floats(low: int = -40, high: int = 40) -> st.SearchStrategy[float]:
    """Finite floats of magnitudes log-uniform from 2**low to 2**high, of both signs, with ±0 and subnormals among them."""
    return st.one_of(_spread(low, high), st.floats(-4.0, 4.0), st.sampled_from(_SPECIAL))


def _spread(low: int, high: int) -> st.SearchStrategy[float]:
    magnitudes = st.builds(math.ldexp, st.floats(1.0, 2.0, exclude_max=True), st.integers(low, high - 1))
    return st.builds(math.copysign, magnitudes, st.sampled_from((1.0, -1.0)))


_STEPS = (0.0, 5e-324, -5e-324, 2.0**-52, -(2.0**-52), 1e-9, -1e-9, 1e-3, -1e-3)
"""How far beside a kink points are drawn, in units of the operand, or absolute where that is 0."""


def _beside_kink(op: Op, xs: list[float], step: float) -> list[float]:
    """The operands, the first of them moved to where the kink's function is 0, and `step` beyond; unmoved if that is nowhere.

    Tried are the numbers that most kinks are at (0, ±1, whole numbers and halves, another operand and multiples of it), then
    bisection between numbers at which the function has opposite signs.
    """
    kink, (x, *others) = FLOATS[f"{op.name}_kink"], xs

    def at(t: float) -> float:
        try:
            return float(kink(t, *others))
        except (ValueError, ArithmeticError):
            return math.nan

    whole = float(math.floor(x)) if abs(x) < 2.0**52 else 0.0
    near = [*(y * others[0] for y in (whole, 1.0, -1.0) if others), whole, whole + 0.5, 0.0, 1.0, -1.0]
    found = next((t for t in near if at(t) == 0.0), None)
    if found is None:
        found = _root(at, [x, *(x + d for d in (-3.0, -1.0, 1.0, 3.0)), *(2.0**k * s for k in range(-4, 5) for s in (-1, 1))])
    return xs if found is None else [found + step * (abs(found) or 1.0), *others]


def _root(f: Callable[[float], float], starts: Sequence[float]) -> float | None:
    """Where f changes its sign between two neighbouring starts, to the last bit; None if it does so nowhere."""
    for start, end in pairwise(sorted(starts)):
        low, high = start, end
        if not f(low) * f(high) < 0.0:
            continue
        while low < (middle := low + (high - low) / 2.0) < high:
            if f(middle) == 0.0:
                return middle
            low, high = (low, middle) if f(low) * f(middle) < 0.0 else (middle, high)
        return high
    return None


_INSIDE: tuple[Callable[[float], float], ...] = (
    lambda x: x,
    abs,
    lambda x: 1.0 / x,
    lambda x: abs(1.0 / x),
    lambda x: 1.0 + abs(x),
    lambda x: float(math.floor(math.fmod(abs(x), 5.0))),
    lambda _: 0.5,
    lambda _: 2.0,
)
"""Ways into the domain, tried in turn."""


def points(name: str, size: int | None = None) -> st.SearchStrategy[tuple[float, ...]]:
    """Operands at which the operation of this name is defined and finite; now and then on its kink, or a hair beside it.

    `size` is the number of operands of a row that takes any number of them; by default from 1 to 6. Raises `ValueError` for a
    name that is not in the table.

    >>> from hypothesis import find
    >>> from autograd.testing import points
    >>> find(points("log"), lambda point: point[0] > 1)[0] > 1
    True
    """
    if name not in TABLE:
        raise ValueError(f"unknown operation {name!r}; the table has {', '.join(sorted(TABLE))}")
    op = TABLE[name]
    count = st.integers(1, 6) if size is None else st.just(size)
    several = count.map(lambda n: 2 * n + 1 if name == "dot" else n)
    drawn = several.flatmap(lambda n: st.lists(floats(), min_size=n, max_size=n)) if op.nary else _fixed(op.arity)
    if op.kink:
        drawn = st.one_of(drawn, st.builds(_beside_kink, st.just(op), drawn, st.sampled_from(_STEPS)))
    return drawn.map(lambda xs: _into_domain(op, xs)).filter(lambda xs: xs is not None)  # type: ignore[return-value]


def _fixed(n: int) -> st.SearchStrategy[list[float]]:
    return st.lists(floats(), min_size=n, max_size=n)


def _into_domain(op: Op, xs: Sequence[float]) -> tuple[float, ...] | None:
    """The operands, the last of them or all changed by the first way that leads into the domain; None if none does."""
    for way in _INSIDE:
        for changed in (
            [*xs[:-1], *map(_safely(way), xs[-1:])],
            [*map(_safely(way), xs)],
            [*map(_safely(way), xs[:1]), *xs[1:]],
        ):
            if finite(op, changed):
                return tuple(changed)
    return None


def _safely(way: Callable[[float], float]) -> Callable[[float], float]:
    def safe(x: float) -> float:
        try:
            return way(x)
        except (ZeroDivisionError, OverflowError):
            return 0.5

    return safe


def finite(op: Op, xs: Sequence[float]) -> bool:
    """Whether the operation is defined at these operands, and its value a finite float."""
    try:
        y = op.value(list(xs)) if op.nary else op.value(*xs)
    except (ValueError, ArithmeticError):
        return False
    return math.isfinite(y)


# ---- expressions


class Step(NamedTuple):
    """One operation of a program: its operands are numbers, or places of earlier results."""

    name: str
    operands: tuple[float | int, ...]  # int: a place; float: a constant


class Program(NamedTuple):
    """A random expression: call it with a list of numbers or Values, as many as `point` has.

    >>> from autograd.testing import Program, Step
    >>> program = Program((2.0,), (Step("mul", (0, 0)), Step("add", (1, 3.0))))
    >>> program([2.0]), program
    (7.0, v0 = 2.0; v1 = mul(v0, v0); v2 = add(v1, 3.0))
    """

    point: tuple[float, ...]
    steps: tuple[Step, ...]

    def __call__(self, xs: Sequence[Any]) -> Any:
        """The value of the last step."""
        known = list(xs)
        for name, operands in self.steps:
            given = [known[x] if type(x) is int else x for x in operands]
            known.append(GENERIC[name](given) if TABLE[name].nary else GENERIC[name](*given))
        return known[-1]

    def __repr__(self) -> str:
        lines = [f"v{i} = {x!r}" for i, x in enumerate(self.point)]
        for i, (name, operands) in enumerate(self.steps, len(self.point)):
            lines.append(f"v{i} = {name}({', '.join(f'v{x}' if type(x) is int else repr(x) for x in operands)})")
        return "; ".join(lines)


_TAMED = 1e6  # values beyond which a program's next steps would overflow
_RARE = frozenset({"polygamma", "ierfcx", "sinc_slope", "round_digits", "where", "softmax_term", "sumexp"})
_NAMES = tuple(name for name in TABLE if name not in _RARE)


@st.composite
def programs(draw: st.DrawFn, *, smooth: bool = False, most: int = 25) -> Program:
    """Random expressions of up to `most` operations over one to four inputs, with shared parts, defined at their point.

    With `smooth`, no operation has a kink.

    >>> from hypothesis import Phase, find, settings
    >>> from autograd.testing import programs
    >>> unshrunk = settings(phases=[Phase.generate])
    >>> len(find(programs(), lambda program: len(program.steps) > 2, settings=unshrunk).steps) > 2
    True
    """
    names = [name for name in _NAMES if not (smooth and TABLE[name].kink)]
    point = tuple(draw(st.lists(_tame(), min_size=1, max_size=4)))
    values, steps = list(point), []
    for _ in range(draw(st.integers(1, most))):
        op = TABLE[draw(st.sampled_from(names))]
        n = {"dot": 5}.get(op.name, draw(st.integers(1, 4))) if op.nary else op.arity
        operands = [_operand(draw, len(values)) for _ in range(n)]
        numbers = [values[x] if type(x) is int else float(x) for x in operands]
        if not finite(op, numbers) or abs(_value(op, numbers)) > _TAMED:
            op, operands, numbers = TABLE["tanh"], operands[:1], numbers[:1]
        if all(type(x) is float for x in operands):
            operands[0], numbers[0] = 0, values[0]
            if not finite(op, numbers) or abs(_value(op, numbers)) > _TAMED:
                op, operands, numbers = TABLE["tanh"], operands[:1], numbers[:1]
        steps.append(Step(op.name, tuple(operands)))
        values.append(_value(op, numbers))
    ends = range(max(len(point), len(values) - 3), len(values))
    return Program(point, (*steps, Step("sum", (*ends, 0))))


def _tame() -> st.SearchStrategy[float]:
    return st.one_of(_spread(-12, 3), st.sampled_from((0.0, 1.0, -1.0, 0.5, 2.0, -2.0)))


def _operand(draw: st.DrawFn, n: int) -> int | float:
    """An earlier place, or now and then a constant."""
    return draw(_tame()) if draw(st.integers(0, 5)) == 0 else draw(st.integers(0, n - 1))


def _value(op: Op, numbers: Sequence[float]) -> float:
    return op.value(list(numbers)) if op.nary else op.value(*numbers)
