"""Functions of floats that the table uses as primitives and `math` does not have in the form it needs.

Each returns a float, keeps NaN, and keeps the sign of zero as C does, so that every engine can agree to the last bit.
"""

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from math import copysign, fsum, isfinite, tan
from typing import Any


def _whole(rounding: Callable[[float], int]) -> Callable[[float], float]:
    """`math`'s rounding functions return `int`, refuse NaN and infinity and lose −0.0; C's do not."""

    def rounded(x: float) -> float:
        return copysign(float(rounding(x)), x) if isfinite(x) else x

    return rounded


floor = _whole(math.floor)
ceil = _whole(math.ceil)
trunc = _whole(math.trunc)
rint = _whole(round)  # half to even


def round_digits(x: float, digits: float) -> float:
    """`round(x, digits)`, correctly rounded in decimal as Python's is."""
    return round(x, int(digits))


def c_pow(a: float, b: float) -> float:
    """`math.pow`, with the exception that `float` raises for 0 to a negative power."""
    try:
        return math.pow(a, b)
    except ValueError:
        if a == 0.0:
            raise ZeroDivisionError from None
        raise


def _exact_fma(a: float, b: float, c: float) -> float:
    """a·b + c with one rounding, by exact rational arithmetic (`math.fma` came with Python 3.13)."""
    plain = a * b + c
    if not (isfinite(a) and isfinite(b) and isfinite(c)):
        if isfinite(a) and isfinite(b):  # whatever a·b rounds to, it is finite
            return c
        if plain != plain and a == a and b == b and c == c:
            raise ValueError
        return plain
    from fractions import Fraction

    exact = Fraction(a) * Fraction(b) + Fraction(c)
    return float(exact) if exact else plain  # an exact zero has the sign that IEEE addition gives it


fma: Callable[[float, float, float], float] = getattr(math, "fma", _exact_fma)


def undefined() -> float:
    """What a partial that no formula gives evaluates to: an error, never a silent 0."""
    raise ValueError


def total(xs: Iterable[Any], start: Any = 0.0) -> Any:
    """The sum from left to right; the built-in `sum` compensates its rounding from Python 3.12 on, so its bits vary."""
    return reduce(operator.add, xs, start)


def product(xs: Sequence[Any]) -> Any:
    """The product from left to right."""
    return reduce(operator.mul, xs, 1.0)


def others(xs: Sequence[Any]) -> list[Any]:
    """For each operand the product of the other ones, right where one is 0: what stands before times what stands behind."""
    before: list[Any] = [1.0]
    behind: list[Any] = [1.0]
    for x in xs[:-1]:
        before.append(before[-1] * x)
    for x in xs[:0:-1]:
        behind.append(behind[-1] * x)
    return [a * b for a, b in zip(before, reversed(behind), strict=True)][: len(xs)]


def products(xs: Sequence[Any], ys: Sequence[Any]) -> Iterable[Any]:
    """x·y for each pair of entries: `[x * y for x, y in zip(xs, ys)]`, in the form that CPython runs fastest."""
    return map(operator.mul, xs, ys)


def swapped(xs: Sequence[Any]) -> list[Any]:
    """The list with its entries swapped in pairs: x₂, x₁, x₄, x₃, …"""
    ys: list[Any] = [None] * len(xs)
    ys[::2], ys[1::2] = xs[1::2], xs[::2]
    return ys


def length(xs: Sequence[float]) -> float:
    """The Euclidean length of a vector of floats, without overflow."""
    return math.hypot(*xs)


def largest(xs: Sequence[Any]) -> float:
    """The largest number, as a constant; NaN if one is NaN."""
    y = -math.inf
    for x in xs:
        number = getattr(x, "_data", x)
        y = y if y >= number or y != y else number
    return y


def but_largest(xs: Sequence[Any]) -> list[Any]:
    """The list without the first of its largest numbers."""
    at = max(range(len(xs)), key=xs.__getitem__)
    return [*xs[:at], *xs[at + 1 :]]


LISTS: dict[str, Callable[..., Any]] = {
    f.__name__: f for f in (total, product, products, swapped, others, largest, but_largest, undefined)
}
"""What rows call with floats and Values alike: the functions of lists, and `undefined`."""

# B₂ₖ / (2k)!, k = 1 … 8, the coefficients of the Euler–Maclaurin formula.
_BERNOULLI = (
    1 / 12,
    -1 / 720,
    1 / 30240,
    -1 / 1209600,
    1 / 47900160,
    -691 / 1307674368000,
    1 / 74724249600,
    -3617 / 10670622842880000,
)
_FAR = 16.0  # from here on eight terms of the asymptotic series reach full precision


def polygamma(n: float, x: float) -> float:
    """ψ⁽ⁿ⁾(x), the n-th derivative of digamma, for whole n up to 100.

    Recurrence up to a large argument, then the asymptotic series; reflection for x far below 0
    (NIST Digital Library of Mathematical Functions, 5.5.2, 5.5.4, 5.11.2, 5.15.5 to 5.15.9).
    """
    if n != n or x != x:
        return math.nan
    if not 0.0 <= n <= 100.0 or n != math.floor(n) or x == -math.inf or (x <= 0.0 and x == math.floor(x)):
        raise ValueError
    order = int(n)
    if x < -_FAR:
        return _reflected(order, x)
    if x == math.inf:
        return x if order == 0 else 0.0 if order % 2 else -0.0
    steps = max(0, math.ceil(_FAR + order - x))
    terms = [_factorial_over_power(order, order + 1, x + k) for k in range(steps)]
    x += steps
    terms.append(_factorial_over_power(order - 1, order, x) if order else -math.log(x))
    terms.append(_factorial_over_power(order, order + 1, x) / 2.0)
    for k, coefficient in enumerate(_BERNOULLI, 1):
        terms.append(coefficient * _factorial_over_power(2 * k + order - 1, 2 * k + order, x))
    y = fsum(terms)
    return y if order % 2 else -y


def _factorial_over_power(n: int, power: int, x: float) -> float:
    """n! / x**power, where neither of the two need be in the range of floats; an `OverflowError` if the quotient is not."""
    mantissa, exponent = math.frexp(x)
    return math.ldexp(math.factorial(n) / mantissa**power, -exponent * power)


def _reflected(order: int, x: float) -> float:
    """ψ⁽ⁿ⁾(x) = (−1)ⁿ ψ⁽ⁿ⁾(1−x) − π dⁿ/dxⁿ cot(πx): derivatives of cot are polynomials in cot."""
    from_whole = math.remainder(x, 1.0)
    near_pole = abs(from_whole) <= 0.25
    cot = 1.0 / tan(math.pi * from_whole) if near_pole else copysign(tan(math.pi * (0.5 - abs(from_whole))), from_whole)
    polynomial = [0.0, 1.0]  # coefficients in c = cot(πx); d/dx c = −π(1 + c²)
    for _ in range(order):
        slope = [k * p for k, p in enumerate(polynomial)][1:]
        polynomial = [-a - b for a, b in zip([*slope, 0.0, 0.0], [0.0, 0.0, *slope], strict=True)]
    cotangent = math.pi ** (order + 1) * fsum(p * cot**k for k, p in enumerate(polynomial))
    mirrored = polygamma(float(order), 1.0 - x)
    return (-mirrored if order % 2 else mirrored) - cotangent


# Error functions. Formulas: the same library, chapter 7. _HALF is √π / 2, the slope of erfinv at 0.
_HALF = 0.5 * math.sqrt(math.pi)


def ierfcx(n: float, x: float) -> float:
    """exp(x²)·iⁿerfc(x), where iⁿerfc is the n-th integral of erfc from x to ∞, for whole n up to 100 and x ≥ 0.7.

    All derivatives of exp(x²)·erfc(x), n = 0, come from those of higher n, and none of them cancels (7.18.7, 7.18.4). The
    ratio of one to the one before is a continued fraction with positive terms, from the back (7.18.13).
    """
    if n != n or x != x:
        return math.nan
    if not 0.0 <= n <= 100.0 or n != math.floor(n) or not x >= 0.7:
        raise ValueError
    last = int(n + 6.0 + (40.0 + 20.0 * math.sqrt(n)) / x + 110.0 / x / x)
    ratio, y = 1.0 / (x + math.sqrt(x * x + 2.0 * last + 2.0)), 1.0 / _HALF
    for k in range(last, -1, -1):
        ratio = 0.5 / (x + (k + 1) * ratio)
        if k <= n:
            y *= ratio
    return y


def erfinv(x: float) -> float:
    """The inverse of erf: near 0 by Halley's method, elsewhere from 1 − |x|, which loses no digits."""
    if x != x:
        return x
    if abs(x) > 0.5:
        return copysign(erfcinv(1.0 - abs(x)), x)
    if abs(x) < 1e-8:
        return x * _HALF
    y = copysign(_near_erfinv(math.log1p(-x * x)), x)
    for _ in range(2):
        step = (math.erf(y) - x) * _HALF * math.exp(y * y)
        y -= step / (1.0 + y * step)
    return y


def erfcinv(x: float) -> float:
    """The inverse of erfc; below 0.5 by Newton's method for log erfc, whose slope is −2 / √π / (exp(y²)·erfc(y))."""
    if x != x:
        return x
    if not 0.0 < x < 2.0:
        raise ValueError
    if x > 1.5:
        return -erfcinv(2.0 - x)
    if x >= 0.5:
        return erfinv(1.0 - x)
    y = _near_erfinv(math.log(x) + math.log(2.0 - x))
    for _ in range(3):
        if y < 25.0:
            tail = math.erfc(y)
            scaled, ratio = tail * math.exp(y * y), tail / x
        else:  # erfc(y) may be subnormal; the square of `high` is exact
            scaled, high = ierfcx(0.0, y), math.floor(64.0 * y) / 64.0
            half = math.exp(-0.5 * high * high)
            ratio = scaled * math.exp((high - y) * (high + y)) * (half / x * half)
        y += math.log(ratio) * scaled * _HALF
    return y


def _near_erfinv(log: float) -> float:
    """|erfinv(x)| to 0.3%, given log(1 − x²): S. Winitzki, A handy approximation for the error function, 2008."""
    a, b = -log / 0.147, 2.0 / (math.pi * 0.147) + 0.5 * log
    return math.sqrt(a / (math.sqrt(b * b + a) + b))


def sinc_slope(n: float, x: float) -> float:
    """The n-th derivative of sin(πx) / (πx), for whole n up to 100.

    n times differentiated, x·sinc(x) = sin(πx) / π says x·yₙ + n·yₙ₋₁ = πⁿ⁻¹·sin⁽ⁿ⁾(πx). Upward this recurrence forgets its
    errors where πx > n, and downward, started with 0 far above, where πx < n.
    """
    if n != n or x != x:
        return math.nan
    if not 0.0 <= n <= 100.0 or n != math.floor(n) or not isfinite(x):
        raise ValueError
    order, r = int(n), math.remainder(x, 2.0)  # exact: so are the zeros of the sine
    sin = math.sin(math.pi * (r if abs(r) <= 0.5 else copysign(1.0 - abs(r), r)))
    cos = math.sin(math.pi * (0.5 - abs(r)))
    turned = (sin, cos, -sin, -cos)
    y = sin / (math.pi * x) if x else 1.0
    if order == 0:
        return y
    if math.pi * abs(x) > order + 1.5:
        for k in range(1, order + 1):
            y = (math.pi ** (k - 1) * turned[k % 4] - k * y) / x
        return y
    y = 0.0
    for k in range(order + 25 + int(7.0 * math.sqrt(order)), order, -1):
        y = (math.pi ** (k - 1) * turned[k % 4] - x * y) / k
    return y
