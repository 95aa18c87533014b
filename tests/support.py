"""What the tests of the table share: reference values to 50 digits and more, sample points for each row, errors in ulps.

A row is compared with mpmath: with its function of the same name, or a definition in `REFERENCES`, or, where a new row has
neither, the row's own value text evaluated in high precision. Derivatives are differences of that *value* in high precision;
the text of the rules is never used. So a new row is tested with no new test.
"""

import math
import random
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import product
from typing import Any

import mpmath
from mpmath import mp, mpf
from references import kept

from autograd._engine import special
from autograd.table import TABLE, Op

Point = tuple[float, ...]

DIGITS = 50
_LARGEST = mpf(2) ** 1024 * (1 - mpf(2) ** -54)  # from here on a number rounds to infinity


# ---- reference values


def _trunc(x: mpf) -> mpf:
    return mp.sign(x) * mp.floor(abs(x))


def _round_digits(a: mpf, digits: mpf) -> mpf:
    shift = mpf(10) ** int(digits)
    return mp.nint(a * shift) / shift


def _elu(a: mpf, alpha: mpf) -> mpf:
    return a if a > 0 else alpha * mp.expm1(a)


def _sumexp(shift: mpf, *xs: mpf) -> mpf:
    return mp.fsum(mp.exp(x - shift) for x in xs)


def _erfc(x: mpf) -> mpf:
    return mp.erfc(x) if abs(x) < 40 else 1 - mp.sign(x)  # less than 1e-690 away; mpmath refuses large x


def _log_ndtr(x: mpf) -> mpf:
    if x > 0:
        return mp.log1p(-_erfc(x / mp.sqrt(2)) / 2)
    scaled = mp.hyperu(mpf(1) / 2, mpf(1) / 2, x * x / 2) / mp.sqrt(mp.pi)  # exp(x²/2)·erfc(−x/√2)
    return mp.log(scaled / 2) - x * x / 2


def _ndtri(p: mpf) -> mpf:
    """By Newton's method from the float, on the logarithm of the smaller tail."""
    if p > 0.5:
        return -_ndtri(1 - p)
    y = mpf(-mp.sqrt(2)) * special.erfcinv(float(2 * p))
    for _ in range((mp.prec // 40).bit_length()):
        tail = mp.erfc(-y / mp.sqrt(2)) / 2
        y -= mp.log(tail / p) * tail * mp.sqrt(2 * mp.pi) * mp.exp(y * y / 2)
    return y


def _sinc_slope(n: mpf, x: mpf) -> mpf:
    """By the power series, beyond 1 by Leibniz's rule."""
    n = int(n)
    if abs(x) > 1:
        sines = (mp.sinpi(x), mp.cospi(x), -mp.sinpi(x), -mp.cospi(x))
        terms = ((-1) ** k * mp.ff(n, k) * sines[(n - k) % 4] / (mp.pi * x) ** (k + 1) for k in range(n + 1))
    else:
        ks = range((n + 1) // 2, n + mp.dps + 20)
        terms = ((-1) ** k * (mp.pi * x) ** (2 * k - n) / (mp.factorial(2 * k - n) * (2 * k + 1)) for k in ks)
    return mp.pi**n * mp.fsum(terms)


REFERENCES: dict[str, Callable[..., mpf]] = {
    "neg": lambda x: -x,
    "identity": lambda x: x,
    "abs": abs,
    "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
    "exp2": lambda x: mpf(2) ** x,
    "log2": lambda x: mp.log(x) / mp.ln2,
    "log10": lambda x: mp.log(x) / mp.ln10,
    "erf": lambda x: mp.erf(x) if abs(x) < 40 else mp.sign(x),
    "erfc": _erfc,
    "lgamma": lambda x: mp.re(mp.loggamma(x)),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log1p(mp.exp(x)),
    "silu": lambda x: x / (1 + mp.exp(-x)),
    "ndtr": lambda x: _erfc(-x / mp.sqrt(2)) / 2,
    "gelu": lambda x: x * _erfc(-x / mp.sqrt(2)) / 2,
    "relu": lambda x: max(mpf(0), x),
    "logit": lambda x: mp.log(x) - mp.log1p(-x),
    "round": mp.nint,
    "trunc": _trunc,
    "degrees": lambda x: x * 180 / mp.pi,
    "radians": lambda x: x * mp.pi / 180,
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "mod": lambda a, b: a - b * mp.floor(a / b),
    "floordiv": lambda a, b: mp.floor(a / b),
    "fmod": lambda a, b: a - b * _trunc(a / b),
    "pow": lambda a, b: mpf(1) if b == 0 else mp.power(a, b),
    "copysign": lambda a, b: abs(a) if b >= 0 else -abs(a),
    "maximum": max,
    "minimum": min,
    "leaky_relu": lambda a, slope: a if a > 0 else slope * a,
    "elu": _elu,
    "logaddexp": lambda a, b: max(a, b) + mp.log1p(mp.exp(-abs(a - b))),
    "xlogy": lambda a, b: mpf(0) if a == 0 else a * mp.log(b),
    "polygamma": lambda n, x: mp.psi(int(n), x),
    "ndtri": _ndtri,
    "log_ndtr": _log_ndtr,
    "ierfcx": lambda n, x: mp.hyperu((n + 1) / 2, mpf(1) / 2, x * x) / (mpf(2) ** n * mp.sqrt(mp.pi)),
    "sinc": mp.sincpi,
    "sinc_slope": _sinc_slope,
    "round_digits": _round_digits,
    "fma": lambda a, b, c: a * b + c,
    "where": lambda a, b, c: b if a else c,
    "softmax_term": lambda a, b, c: mp.exp(a - c) / b,
    "sum": lambda *xs: mp.fsum(xs),
    "prod": lambda *xs: mp.fprod(xs),
    "dot": lambda start, *xs: start + mp.fdot(xs[::2], xs[1::2]),
    "mean": lambda *xs: mp.fsum(xs) / len(xs),
    "hypot": lambda *xs: mp.sqrt(mp.fsum(xs, squared=True)),
    "sumexp": _sumexp,
    "logsumexp": lambda *xs: max(xs) + mp.log1p(_sumexp(max(xs), *xs) - 1),
}
"""What mpmath has not, or has under another name."""

_SPACE: dict[str, Any] = {
    name: getattr(mpmath, name)
    for name in (  # noqa: SIM905 - easier to read
        "sqrt exp expm1 log log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh erf erfc erfinv gamma "
        "sign floor ceil degrees radians pi"
    ).split()
}
_SPACE |= REFERENCES | special.LISTS | {"rint": mp.nint, "c_pow": mp.power, "inf": mp.inf, "ln2": mp.ln2, "ln10": mp.ln10}
_SPACE |= {"sqrt2": mp.sqrt(2), "sqrtpi": mp.sqrt(mp.pi), "sqrt2pi": mp.sqrt(2 * mp.pi)}


@cache
def _text(text: str, inputs: tuple[str, ...]) -> Callable[..., Any]:
    """A text of the table as a function in high precision."""
    *steps, result = text.split("; ")
    body = "".join(f" {step}\n" for step in steps) + f" return {result}\n"
    space = dict(_SPACE)
    exec(f"def f({', '.join('*xs' if name == 'xs' else name for name in inputs)}):\n{body}", space)
    f: Callable[..., Any] = space["f"]
    return f


def reference(op: Op) -> Callable[..., mpf]:
    """The row's value in high precision, as a function of numbers of mpmath."""
    named = REFERENCES.get(op.name) or (getattr(mpmath, op.name, None) if op.name in _SPACE else None)
    return named or _text(op.text[0], op.inputs)


def inside(op: Op, point: Sequence[Any]) -> bool:
    """Whether the row's domain, a text, is true of a point, of floats or of numbers of mpmath."""
    return not op.domain or bool(_text(op.domain, op.inputs)(*point))


def kink(op: Op, point: Sequence[Any]) -> Any:
    """0 where the row has a kink or a step; None if it has none."""
    return _text(op.kink, op.inputs)(*point) if op.kink else None


@cache
def true_value(op: Op, point: Point) -> mpf:
    """The value, from the file of references or computed: true to more digits than a float has."""
    return kept(op, point, None, lambda: compute_value(op, point))


def compute_value(op: Op, point: Point) -> mpf:
    """The value to 50 digits or more."""
    with mp.workdps(DIGITS + _spread(point)):
        return reference(op)(*map(mpf, point))


def _spread(point: Iterable[Any], *others: Any) -> int:
    """How many digits lie between the largest and the smallest of these numbers and 1."""
    sizes = [0.0, *(float(mp.log10(abs(x))) for x in (*point, *others) if x)]
    return int(max(sizes) - min(sizes)) + 1


class NotSmooth(Exception):
    """The point is on an end of the domain, on a kink or on a cut: differences say nothing there."""


@cache
def derivative(op: Op, point: Point, orders: tuple[int, ...]) -> mpf:
    """∂ⁿ of the reference value at a point, `orders` times in each operand, from the file of references or computed."""

    def compute() -> mpf | None:
        try:
            return compute_derivative(op, point, orders)
        except NotSmooth:
            return None

    found = kept(op, point, orders, compute)
    if found is None:
        raise NotSmooth
    return found


def compute_derivative(op: Op, point: Point, orders: tuple[int, ...]) -> mpf:
    """The same by differences in high precision."""
    if any(n and (op.name, i) in STEPS for i, n in enumerate(orders)):
        raise NotSmooth
    with mp.workdps(2 * DIGITS + _spread(point)):
        exact = tuple(map(mpf, point))
        distance = kink(op, exact)
        if distance is not None and distance == 0:
            raise NotSmooth
        marks = [(x, m) for x in exact for m in (0, 1, -1, mp.nint(x))]
        gaps = [abs(x - m) for x, m in marks if x != m] + ([abs(distance)] if distance is not None else [])
        gaps += [abs(x - y) for x, y in product(exact, exact) if x != y] if 1 < len(exact) <= 3 else []
        scale = min([*gaps, mpf(1)])
        if op.name in _STIFF:
            scale = scale**2 / max(1, *map(abs, exact))
        h = scale * mpf(10) ** -40
    near = _quotient(op, exact, orders, h)
    if not all(point) and near:  # at 0 a derivative may be 0, and what is left of h² is not it
        nearer = _quotient(op, exact, orders, h / 1000)
        if abs(nearer) > 2 * abs(near):
            raise NotSmooth
        if abs(nearer) < abs(near) / 2:
            return mpf(0)
    return near


_STIFF = {"mod", "fmod", "floordiv", "pow"}  # may change within much less than the distance of their operands from 0 and 1


def _quotient(op: Op, exact: tuple[mpf, ...], orders: tuple[int, ...], h: mpf) -> mpf:
    """The difference quotient, with as many digits as cancellation asks for."""
    start = digits = 90 + _spread(exact, h) + 40 * (sum(orders) - 1)
    while True:
        with mp.workdps(digits):
            terms = _differences(op, exact, orders, h)
            total = mp.fsum(terms)
            most = max(map(abs, terms))
            lost = int(mp.log10(most / abs(total))) if total else digits if most else 0
            if digits - lost >= 35 or digits > start + 450:
                return total / (2 * h) ** sum(orders) if digits - lost >= 20 else mpf(0)
        digits = digits + max(lost, 60) if lost < 300 else start + 451


def _differences(op: Op, point: tuple[mpf, ...], orders: tuple[int, ...], h: mpf) -> list[mpf]:
    """The terms of the central difference of these orders."""
    f = reference(op)
    terms = []
    for steps in product(*(range(n + 1) for n in orders)):
        shifted = tuple(x + (n - 2 * k) * h if n else x for x, n, k in zip(point, orders, steps, strict=True))
        if not inside(op, shifted):
            raise NotSmooth
        weight = math.prod(math.comb(n, k) * (-1) ** k for n, k in zip(orders, steps, strict=True))
        terms.append(weight * f(*shifted))
    return terms


STEPS = {("polygamma", 0), ("ierfcx", 0), ("sinc_slope", 0), ("round_digits", 1), ("where", 0)}
"""Operands that are whole numbers or conditions."""

_CUTS: dict[str, Callable[..., bool]] = {
    "atan2": lambda a, b: a == 0 and b <= 0,  # ±π meet here: the derivative is smooth, differences are not
    "xlogy": lambda a, b: b <= 0,
    "hypot": lambda *xs: not any(xs),
    "logsumexp": lambda *xs: False,
}


def smooth(op: Op, point: Point) -> bool:
    """Whether differences of the reference say something at this point."""
    return not (op.name in _CUTS and _CUTS[op.name](*point)) and not (op.kink and kink(op, point) == 0)


# ---- errors


def ulps(got: float, true: mpf) -> float:
    """|got − true| in units of the last place of a float next to the true number."""
    with mp.workdps(DIGITS):
        if abs(true) >= _LARGEST:
            return 0.0 if math.isinf(got) and (got > 0) == (true > 0) else _in_units(got, true, 2.0**971)
        if not math.isfinite(got):
            return math.inf
        _, exponent = mp.frexp(true)
        return _in_units(got, true, mpf(2) ** max(int(exponent) - 53, -1074))


def _in_units(got: float, true: mpf, unit: Any) -> float:
    return float(abs(mpf(got) - true) / unit) if math.isfinite(got) else math.inf


def value(op: Op, point: Point) -> float:
    """The row's value, of floats."""
    result: float = op.value(list(point)) if op.nary else op.value(*point)
    return result


def partial(op: Op, i: int, point: Point) -> Any:
    """The row's i-th partial, of floats; infinite where it is too large for one."""
    y = value(op, point)
    return op.partials[0](list(point), y)[i] if op.nary else op.partials[i](*point, y)


def report(expression: str, got: Any, true: Any, error: float | str, allowed: float | str) -> str:
    """A failure as one reads it: the expression with its point, both numbers, the error in ulps."""
    true = mp.nstr(true, 25) if isinstance(true, mpf) else repr(true)
    error = f"{error:.4g}" if isinstance(error, float) else error
    allowed = f"{allowed:.4g}" if isinstance(allowed, float) else allowed
    return f"{expression} = {got!r}, true {true}: {error} ulps, {allowed} allowed"


def expression(op: Op, point: Point, i: int | None = None) -> str:
    """`log(0.5)`, or `∂log(0.5)/∂x`."""
    call = f"{op.name}({', '.join(map(repr, point))})"
    return call if i is None else f"∂{call}/∂{f'xs[{i}]' if op.nary else op.inputs[i]}"


def same_bits(a: float, b: float) -> bool:
    """Whether two floats are one: NaN is NaN, and −0.0 is not 0.0."""
    return struct.pack("d", a) == struct.pack("d", b) or (a != a and b != b)


# ---- sample points

TINY, NORMAL, HUGE = 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308
_BELOW_1, _ABOVE_1 = math.nextafter(1.0, 0.0), math.nextafter(1.0, 2.0)

# fmt: off
_ORDINARY = [0.1, 0.25, 0.3, 0.49999999999999994, 0.5, 0.75, 1.0, 1.25, 1.5, math.pi / 2, 2.0, 2.5, math.e, 3.0, math.pi, 5.0,
             6.25, 10.0]
_SMALL = [TINY, 1e-310, NORMAL, 1e-200, 1e-100, 1e-20, 1e-16, 1e-8, 1e-3]
_NEAR_1 = [_BELOW_1, _ABOVE_1, 1 - 1e-9, 1 + 1e-9]
_ZEROS = [1.2784645427610738, 1.4616321449683623, 0.7517915246935645]  # of the derivatives of silu, gamma and gelu
_LARGE = [18.4, 20.3, 26.5, 36.7, 37.5, 88.7, 100.25, 170.6, 171.5, 300.1, 354.9, 700.3, 709.7, 710.3, 745.2, 1e4, 1e5 + 0.1]
_VAST = [1e10, 2.0**52 + 0.5, 2.0**53, 1e16, 1e22, 1.3e154, 1e155, 1e160, 1e200, 1e300, HUGE]
_PAIRS = [(-1.0, 1e17), (-2.0, 3.0), (-2.0, -5.0), (-0.5, 100.0), (2.0, 0.5), (1e-300, 0.9), (1e300, 0.9),
          (1.0000001, 1e9), (0.0, 3.0)]
_LISTS = [[1.0], [0.0, 0.0], [3.0, 4.0], [1.0, 1e-17, -1.0], [0.0, 5.0, 7.0], [0.0, 0.0, 7.0], [0.5, -40.0], [-40.0, 0.5],
          [0.1] * 10, [1.0, 2.0, 3.0, -6.0, 1e-9], [-0.7, -0.7], [0.0, -0.6931471805599453, -50.0]]
_MORE_LISTS = {
    "hypot": [[1e200, 1e200], [1e-200, 1e-200, 3e-200], [HUGE / 4, 1.0, -HUGE / 4], [1e300, 1e-300], [TINY, 1.0]],
    "logsumexp": [[1000.0, 1000.0, 999.0], [-1000.0, -1001.0], [0.0, -745.0], [1e300, 0.0], [0.0, -800.0, -3.0]],
}
# fmt: on


def _signed(xs: Iterable[float]) -> list[float]:
    return [sign * x for x in xs for sign in (1.0, -1.0)]


def _log_uniform(rng: random.Random, low: float = -1070.0, high: float = 1023.9) -> float:
    return math.ldexp(rng.uniform(1.0, 2.0), math.floor(rng.uniform(low, high))) * rng.choice((1.0, -1.0))


@cache
def points(op: Op) -> list[Point]:
    """Points across the domain: its ends, ±0, subnormals, huge, near kinks, ordinary, and of random magnitude."""
    rng = random.Random(f"points of {op.name}")
    found = [p for p in _candidates(op, rng) if inside(op, p) and not _signed_zero(op, p)]
    assert found, f"no point lies in the domain of {op.name}"
    return list({repr(p): p for p in found}.values())  # 0.0 and −0.0 are two points


def _signed_zero(op: Op, point: Point) -> bool:
    """mpmath has no −0: where the sign matters, the table of edges looks at it."""
    return op.name in {"atan2", "copysign"} and any(same_bits(x, -0.0) for x in point)


def _candidates(op: Op, rng: random.Random) -> list[Point]:
    if op.name == "polygamma":
        xs = _signed([1e-300, 1e-10, 0.01, 0.5, 1.0, 1.4616321449683623, 2.5, 5.25, 15.9, 16.1, 40.0, 200.1])
        xs += [TINY, 1e8, 1e40, 1e100]
        return [(float(n), x) for n in range(7) for x in (*xs, rng.uniform(0.0, 30.0), rng.uniform(-30.0, 0.0))]
    if op.name == "ierfcx":
        xs = [0.7, 0.75, 1.0, 1.3, 2.5, 5.25, 9.9, 25.1, 40.0, 200.1, 1e8, 1e40, *(rng.uniform(0.7, 12.0) for _ in range(20))]
        return [(float(n), x) for n in range(5) for x in xs] + [(0.0, 1e300), (0.0, HUGE), (1.0, 1e100)]
    if op.name == "sinc_slope":
        xs = _signed([0.0, 1e-300, 1e-10, 0.01, 0.5, 1.0, 1.3, 2.5, 5.25, 40.0, 200.1, 1e8 + 0.25, 1e40, HUGE])
        return [(float(n), x) for n in range(5) for x in (*xs, *(rng.uniform(-4.0, 4.0) for _ in range(10)))]
    if op.name == "round_digits":
        xs = _signed([0.0, 0.05, 1.2345, 2.675, 12345.678, 1e15 / 3, 1e300])
        return [(x, digits) for x in xs for digits in (0.0, 1.0, 2.0, 5.0, -2.0)]
    if op.nary:
        return _lists(op, rng)
    if op.arity == 1:
        xs = [0.0, *_SMALL, *_ORDINARY, *_NEAR_1, *_ZEROS, *_LARGE, *_VAST]
        xs += [abs(_log_uniform(rng)) for _ in range(20)] + [rng.uniform(0.0, 1.0) for _ in range(12)]
        xs += [rng.uniform(0.0, 12.0) for _ in range(12)] + [rng.uniform(12.0, 750.0) for _ in range(12)]
        return [(x,) for x in _signed(xs)]
    if op.arity == 2:
        few = _signed([0.0, TINY, 1e-160, 1e-8, 0.3, 0.5, 1.0, 2.0, 3.0, 7.25, 40.1, 700.0, 1e17, 1e160, HUGE])
        pairs = list(product(few, few))
        rng.shuffle(pairs)
        pairs = pairs[:150]
        for _ in range(25):
            pairs += [(_log_uniform(rng), _log_uniform(rng)), (rng.uniform(-9.0, 9.0), rng.uniform(-9.0, 9.0))]
            pairs += [(rng.uniform(0.0, 40.0), rng.uniform(-9.0, 9.0)), (abs(_log_uniform(rng)), rng.uniform(-4.0, 4.0))]
        for x in (0.3, 2.0, 1e10, 1e-200, -5.7):
            pairs += [(x, x), (x, math.nextafter(x, math.inf)), (x, -x), (math.nextafter(x, -math.inf), x)]
        return [*pairs, *_PAIRS]
    few = _signed([0.0, 1e-200, 0.3, 1.0, 2.5, 30.1, 1e9])
    triples = [tuple(rng.choice(few) for _ in "abc") for _ in range(80)]
    triples += [tuple(rng.uniform(-9.0, 9.0) for _ in "abc") for _ in range(60)]
    triples += [(_BELOW_1, _ABOVE_1, -1.0), (1e200, 1e-200, -1.0), (0.1, 10.0, -1.0), (1e308, 10.0, -HUGE), (TINY, 0.5, TINY)]
    return triples  # type: ignore[return-value]


def _lists(op: Op, rng: random.Random) -> list[Point]:
    wide = op.name not in {"sumexp", "logsumexp"}
    found: list[list[float]] = [*_LISTS, *_MORE_LISTS.get(op.name, [])]
    for _ in range(12):
        n = rng.randrange(1, 12)
        found.append([rng.uniform(-9.0, 9.0) for _ in range(n)])
        found.append([rng.choice((0.0, rng.uniform(-2.0, 2.0))) for _ in range(n)])
        found.append([_log_uniform(rng, -60, 60) if wide else rng.uniform(-300.0, 300.0) for _ in range(n)])
        head = [rng.uniform(-1e8, 1e8) if wide else rng.uniform(-50.0, 50.0) for _ in range(n)]
        found.append([*head, *(-x + rng.uniform(-1.0, 1.0) for x in head)])  # cancellation
    if op.name == "sumexp":
        found = [[max(xs), *xs] for xs in found]
    return [tuple(xs if op.name != "dot" or len(xs) % 2 else [*xs, rng.uniform(-1.0, 1.0)]) for xs in found]


OPS = list(TABLE.values())


# ---- the check: values within 2 ulps, partials within 4, where well-conditioned

VALUE_ULPS, PARTIAL_ULPS = 2.0, 4.0

EXCEPTIONS: dict[str, tuple[float, str]] = {
    "cbrt": (4.0, "the C library's cbrt, of which glibc promises 4 ulps"),
    "gamma": (10.0, "CPython's own approximation"),
    "lgamma": (50.0, "CPython's own approximation: its absolute error stays small where its value does"),
    "ndtri": (3.0, "three roundings: erfcinv, which is within an ulp itself, √2 and the product"),
    "ierfcx": (4.0, "a product of n + 1 ratios"),
    "sinc_slope": (4.0, "a recurrence of n steps"),
    "silu": (3.0, "four roundings: exp, 1 + e, the quotient, the product"),
}
"""Rows whose *value* may be further off than 2 ulps: the ulps allowed instead, and why. No partial needs an exception."""

RECURSIVE = {"sum", "prod", "dot", "mean", "sumexp"}
"""Rows that add or multiply from left to right: n operands may cost n ulps (Higham 2002, section 4.2)."""


def _allowed(op: Op, point: Point, ulps: float) -> float:
    return max(ulps, float(len(point)) if op.name in RECURSIVE else 0.0)


def unit(n: int, *positions: int) -> tuple[int, ...]:
    """The orders of a derivative of n operands: once in each of these positions."""
    return tuple(positions.count(i) for i in range(n))


def conditioning(op: Op, point: Point, at: mpf, *positions: int) -> float:
    """max(1, Σ |xⱼ ∂ⱼg / g|), where g is the value, or its derivative in these positions: 1 is well-conditioned.

    One ulp of error in the operands, as any rounding on the way is, makes about this many ulps in the result.
    """
    weight = mpf(0)
    for j, x in enumerate(point):
        if x and (op.name, j) not in STEPS:
            try:
                weight += abs(x * derivative(op, point, unit(len(point), *positions, j)))
            except NotSmooth:
                return 1.0
    return max(1.0, float(weight / abs(at))) if at else math.inf if weight else 1.0


def value_error(op: Op, point: Point) -> tuple[float, float, str]:
    """The error of the value in ulps, those allowed, and the report of it."""
    true = true_value(op, point)
    try:
        got = value(op, point)
    except OverflowError:
        got = math.copysign(math.inf, true)
    error, allowed = ulps(got, true), _allowed(op, point, EXCEPTIONS.get(op.name, (VALUE_ULPS,))[0])
    if error > allowed:
        allowed *= conditioning(op, point, true)
    return error, allowed, report(expression(op, point), got, true, error, allowed)


def partial_error(op: Op, i: int, point: Point) -> tuple[float, float, str] | None:
    """The same for its i-th partial; None where there is none to compare."""
    try:
        true = derivative(op, point, unit(len(point), i))
        got = partial(op, i, point)
    except (NotSmooth, OverflowError):  # a value that overflows is never recorded
        return None
    if got is None:  # a partial of `where` that nobody asks for
        return None
    error, allowed = ulps(got, true), _allowed(op, point, PARTIAL_ULPS)
    if error > allowed:
        allowed *= conditioning(op, point, true, i)
    return error, allowed, report(expression(op, point, i), got, true, error, allowed)


def value_errors(op: Op) -> Iterator[tuple[float, float, str]]:
    return (value_error(op, point) for point in points(op))


def partial_errors(op: Op) -> Iterator[tuple[float, float, str]]:
    """At all points, of all operands (of long lists the first two and the last)."""
    for point in points(op):
        if smooth(op, point):
            n = len(point)
            for i in range(n) if n < 4 else (0, 1, n - 1):
                error = partial_error(op, i, point)
                if error is not None:
                    yield error


def failures(errors: Iterable[tuple[float, float, str]]) -> str:
    """The reports of those that are larger than allowed, worst first; "" if there are none."""
    wrong = sorted((e for e in errors if _fails(e)), key=lambda e: -e[0] / e[1])
    return "\n".join(text for _, _, text in wrong[:10]) + (f"\n… and {len(wrong) - 10} more" if len(wrong) > 10 else "")


def caught(errors: Iterable[tuple[float, float, str]]) -> bool:
    """Whether any is larger than allowed."""
    return any(map(_fails, errors))


def _fails(error: tuple[float, float, str]) -> bool:
    return not error[0] <= error[1]
