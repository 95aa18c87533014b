"""Derivatives from differences of values, each with a bound on its error, and no step or tolerance to choose.

A difference quotient errs by truncation, which grows with its step h, and by round-off, which grows with 1/h. Ridders
(Accurate computation of F′(x), Advances in Engineering Software 4, 1982) extrapolates quotients of several steps to
h = 0, as Richardson does, and reads the truncation error off how well neighbours in the tableau agree. Alone, that
estimate is sometimes far too small: where sin(10⁸) is sampled with steps of many periods, or a bump is stepped over,
neighbours agree on a wrong number. So steps *ascend* here, from a few roundings
of x, and an estimate may replace the best one so far only if it lies within the bounds of both (Lepski's principle):
who contradicts all smaller steps has left the neighbourhood of the point.

How much f jitters is measured, not assumed: fourth differences of close values show it (Hamming, Numerical Methods for
Scientists and Engineers, 1973; Moré and Wild, Estimating computational noise, SIAM J. Sci. Comput. 33, 2011).

Quotients to either side come from the same values. They serve at the edges of a domain, and at kinks.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

EPS = 2.0**-52
_SAFETY = 4.0  # a bound is this many times the estimated error
_ENOUGH = 1e-11  # a relative error below which larger steps are not tried
_RATIO = 4.0  # of one step to the next
_CUSP_STEPS = 6  # steps over which a slope has to grow to be called infinite
_TINIEST = 5e-324
NONE = math.nan


class Estimate(NamedTuple):
    """A derivative and a bound on its error; of one that was not found the bound is infinite."""

    value: float = NONE
    bound: float = math.inf


class Differences(NamedTuple):
    """What differences of f say about f′(x): from both sides, from the left, from the right."""

    central: Estimate
    left: Estimate
    right: Estimate
    flat: bool  # all values met were one number
    noise: float  # the round-off of f near x
    moves: tuple[tuple[float, float], ...] = ()  # (step, f(x + step) − f(x)), steps ascending
    falls: tuple[tuple[float, float], ...] = ()  # the same to the left

    @property
    def best(self) -> Estimate:
        """The estimate with the smallest bound; at an edge of the domain that of one side."""
        return min(self.central, self.left, self.right, key=lambda e: e.bound) if self.kink is None else self.central

    @property
    def kink(self) -> tuple[float, float] | None:
        """The one-sided derivatives, smaller first, if they differ beyond doubt."""
        (a, e), (b, d) = self.left, self.right
        if abs(a - b) > 4.0 * (e + d) + 1e-5 * max(abs(a), abs(b)):
            return min(a, b), max(a, b)
        return None

    @property
    def jump(self) -> str:
        """The side, "left" or "right", on which f jumps; "" if on neither, "both" if f has a value of its own at x."""
        sides = [name for name, moves in (("left", self.falls), ("right", self.moves)) if _jumps(moves, self.noise)]
        return "both" if len(sides) == 2 else "".join(sides)

    @property
    def cusp(self) -> str:
        """The side, "left", "right" or "both", on which the slope grows without bound towards x; "" if on neither."""
        sides = [name for name, moves in (("left", self.falls), ("right", self.moves)) if self._steepens(moves)]
        return "both" if len(sides) == 2 else "".join(sides)

    def _steepens(self, moves: tuple[tuple[float, float], ...]) -> bool:
        """Whether the quotients of the smallest steps that are seen all grow, at least as h⁻⁰·² does, as the step shrinks."""
        seen = [(h, abs(move)) for h, move in moves if abs(move) > 64.0 * self.noise][:_CUSP_STEPS]
        if len(seen) < _CUSP_STEPS:
            return False
        return all(s / k * (k / h) ** 0.2 <= r / h for (h, r), (k, s) in pairwise(seen))

    def slope(self, claim: float) -> float:
        """The order at which |f(x + h) − f(x) − claim·h| vanishes with h: 2 if the claim is right, 1 if not; NaN if unseen."""
        rests = [(h, abs(move - claim * h)) for h, move in self.moves]
        seen = [(h, r) for h, r in rests if r > 64.0 * max(self.noise, EPS * abs(claim * h))][:4]
        if len(seen) < 2:
            return NONE
        (h, r), (k, s) = seen[0], seen[-1]
        return math.log(s / r) / math.log(k / h) if s > 0.0 else NONE


def differences(f: Callable[[float], float], x: float) -> Differences:
    """Estimate f′(x). `f` returns a finite float, or NaN outside its domain.

    >>> import math
    >>> from autograd.check.differences import differences
    >>> found = differences(math.sin, 0.5)
    >>> abs(found.central.value - math.cos(0.5)) < found.central.bound < 1e-9
    True
    """
    f = _remembered(f)
    y = f(x)
    if not math.isfinite(y):
        return Differences(Estimate(), Estimate(), Estimate(), flat=False, noise=math.inf)
    noise = _noise(f, x, y)
    central, left, right = _Ladder(4.0), _Ladder(2.0), _Ladder(2.0)
    moves: list[tuple[float, float]] = []
    falls: list[tuple[float, float]] = []
    flat = True
    relative = min(noise / abs(y), 2.0**-36) if y else 2.0**-36
    for h in _steps(f, x):
        above, below = x + h, x - h
        high, low = f(above), f(below)
        jitter = max(noise, relative * max(abs(high), abs(low)))
        flat = flat and high == low == y
        if high == high:
            moves.append((above - x, high - y))
            right.climb(h, (high - y) / (above - x), jitter / (above - x))
        if low == low:
            falls.append((x - below, low - y))
            left.climb(h, (y - low) / (x - below), jitter / (x - below))
        if high == high and low == low:
            # The two steps differ by a rounding of x: the curvature sees it.
            skew = abs((above - x) - (x - below)) / h
            skew *= abs(high - 2.0 * y + low) / h if skew else 0.0
            central.climb(h, (high - low) / (above - below), jitter / h + skew)
        elif high != high and low != low:
            break
        if central.settled or (not central.table and left.settled | right.settled):
            break
        if central.broken and (left.broken or left.settled) and (right.broken or right.settled):
            break
    quantum = _quantum(moves, y)
    return Differences(
        central.found(quantum), left.found(quantum), right.found(quantum), flat, noise, tuple(moves), tuple(falls)
    )


class _Ladder:
    """One tableau of extrapolated quotients, steps ascending."""

    def __init__(self, gain: float) -> None:
        self.gain = _RATIO**2 if gain == 4.0 else _RATIO  # central quotients have even powers of h only
        self.table: list[list[tuple[float, float]]] = []  # rows of (estimate, round-off)
        self.best = Estimate()
        self.broken = self.settled = False
        self.last = 0.0

    def climb(self, h: float, quotient: float, rounding: float) -> None:
        """Take the quotient of the next step."""
        if self.broken or self.settled:
            return
        if not math.isfinite(quotient) or (self.last and h > 1.01 * _RATIO * self.last):
            self.broken = bool(self.table) and not math.isfinite(quotient)
            self.table = []  # steps that are no longer in ratio cannot be extrapolated together
        self.last = h
        row = [(quotient, rounding)]
        candidates = []
        if self.table:
            above = self.table[-1]
            factor = 1.0
            for j in range(min(len(above), 4)):
                factor *= self.gain
                (a, ra), (b, rb) = above[j], row[j]
                v = a + (a - b) / (factor - 1.0)
                rounding = (factor * ra + rb) / (factor - 1.0)
                row.append((v, rounding))
                candidates.append(Estimate(v, max(abs(v - a), abs(v - b)) + rounding))
        self.table.append(row)
        if not candidates:
            return
        new = min(candidates, key=lambda e: e.bound)
        if self.best.bound < math.inf and abs(new.value - self.best.value) > 2.0 * (new.bound + self.best.bound):
            self.broken = True
        elif new.bound < self.best.bound:
            self.best = new
            self.settled = len(self.table) > 3 and new.bound <= _ENOUGH * abs(new.value)
        elif len(self.table) > 5 and new.bound > 1e4 * self.best.bound:
            self.broken = True

    def found(self, quantum: float) -> Estimate:
        """The best estimate; if that is 0 because f stood still, f may yet have moved by less than it can show."""
        value, error = self.best
        error += quantum if value == 0.0 else 0.0
        return Estimate(value, _SAFETY * error + _ENOUGH * abs(value)) if error < math.inf else Estimate()


def _jumps(moves: Sequence[tuple[float, float]], noise: float) -> bool:
    """Whether the moves do not shrink with the steps: the first is seen clearly, and the next ones are much the same."""
    first = [abs(move) for _, move in moves[:3]]
    return len(first) == 3 and first[0] > 1e3 * noise and first[2] < 2.0 * first[0] and first[1] < 2.0 * first[0]


def _quantum(moves: Sequence[tuple[float, float]], y: float) -> float:
    """The slope below which f, standing still at first, would not have been seen to move; 0 if it then jumps or never moves."""
    still = 0.0
    for h, move in moves:
        if move:
            return abs(move) / still if still and abs(move) < 2.0**-20 * max(abs(y + m) for _, m in moves) else 0.0
        still = h
    return 0.0


def _steps(f: Callable[[float], float], x: float) -> Iterator[float]:
    """The steps to try, ascending: powers of two, from a few roundings of x to the size of x, or of 1."""
    size = abs(x) if x else 1.0
    least = _power(abs(x) * 2.0**-48)
    h = max(_power(size * 2.0**-44), least)
    while h > least and not (f(x + h) == f(x + h) and f(x - h) == f(x - h)):
        h = max(h / 16.0, least)  # near an edge of the domain
    while h <= max(size, 1.0):
        yield h
        h = 2.0**-48 if size < h < 2.0**-48 else h * _RATIO


def _remembered(f: Callable[[float], float]) -> Callable[[float], float]:
    known: dict[float, float] = {}

    def remembered(x: float) -> float:
        y = known.get(x)
        if y is None:
            y = known[x] = f(x)
        return y

    return remembered


def _power(x: float) -> float:
    """The power of two at or below x, or the smallest normal one."""
    return math.ldexp(0.5, math.frexp(max(x, 2.0**-1022))[1])


def _noise(f: Callable[[float], float], x: float, y: float) -> float:
    """The round-off of f near x, at least 2ε|f|.

    Fourth differences of values a tiny step apart are all round-off; but where a part of f rounds to the same number all
    along, they miss it. Wider steps see that, unless they are so wide that f bends: then they grow like its fourth power.
    """
    size = abs(x) or 1.0
    floor = max(2.0 * EPS * abs(y), _TINIEST)
    close, wider, wide = (max(floor, _jitter(f, x, y, _power(size * d))) for d in (2.0**-41, 2.0**-36, 2.0**-30))
    if wide <= 1e3 * wider:
        return max(close, wider, wide)
    return max(close, wider) if wider <= 1e3 * close else close


def _jitter(f: Callable[[float], float], x: float, y: float, d: float) -> float:
    """Three times the root mean square of fourth differences, in units of the round-off of one value.

    Of values to the left and to the right of x; where x is a kink or a jump, each side by itself knows nothing of it.
    """
    sides = []
    for step in (-d, d):
        values = [v for v in (f(x + k * step) for k in range(1, 7)) if math.isfinite(v)]
        for _ in range(4):
            values = [b - a for a, b in pairwise(values)]
        if values:
            sides.append(3.0 * math.hypot(*values) / math.sqrt(70.0 * len(values)))
    if not sides:
        return 32.0 * EPS * abs(y)
    low, high = min(sides), max(sides)
    return high if high <= 100.0 * max(low, 2.0 * EPS * abs(y)) else low
