"""The functions of floats that the table builds on, each against an exact or a high-precision definition."""

import math
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from mpmath import mp
from support import HUGE, REFERENCES, TINY, report, same_bits, ulps

from autograd._engine import special

inf, nan = math.inf, math.nan
finite = st.floats(allow_nan=False, allow_infinity=False)
moderate = st.floats(-1e3, 1e3)


# ---- rounding to whole numbers, as C does it: floats in, floats out, −0 and NaN kept

WHOLE = [
    # x, floor, ceil, trunc, rint
    (2.5, 2.0, 3.0, 2.0, 2.0),
    (3.5, 3.0, 4.0, 3.0, 4.0),
    (-2.5, -3.0, -2.0, -2.0, -2.0),
    (-0.5, -1.0, -0.0, -0.0, -0.0),
    (0.5, 0.0, 1.0, 0.0, 0.0),
    (-0.0, -0.0, -0.0, -0.0, -0.0),
    (0.49999999999999994, 0.0, 1.0, 0.0, 0.0),
    (TINY, 0.0, 1.0, 0.0, 0.0),
    (-TINY, -1.0, -0.0, -0.0, -0.0),
    (4503599627370495.5, 4503599627370495.0, 4503599627370496.0, 4503599627370495.0, 4503599627370496.0),
    (HUGE, HUGE, HUGE, HUGE, HUGE),
    (inf, inf, inf, inf, inf),
    (-inf, -inf, -inf, -inf, -inf),
    (nan, nan, nan, nan, nan),
]


@pytest.mark.parametrize("row", WHOLE, ids=lambda row: repr(row[0]))
def test_rounding(row: tuple[float, ...]) -> None:
    x, *true = row
    got = [f(x) for f in (special.floor, special.ceil, special.trunc, special.rint)]
    assert all(map(same_bits, got, true)), f"{x!r}: {got}, true {true}"


@given(finite)
def test_rounding_is_that_of_math(x: float) -> None:
    assert special.floor(x) == math.floor(x)
    assert special.ceil(x) == math.ceil(x)
    assert special.trunc(x) == math.trunc(x)
    assert special.rint(x) == round(x)


# ---- power


@pytest.mark.parametrize(("a", "b"), [(0.0, -1.0), (-0.0, -1.0), (0.0, -0.5), (0.0, -TINY)])
def test_zero_to_a_negative_power_divides_by_zero(a: float, b: float) -> None:
    with pytest.raises(ZeroDivisionError):
        special.c_pow(a, b)


@pytest.mark.parametrize(("a", "b", "error"), [(-1.0, 0.5, ValueError), (10.0, 400.0, OverflowError)])
def test_power_fails_as_math_does(a: float, b: float, error: type[Exception]) -> None:
    with pytest.raises(error):
        special.c_pow(a, b)


# ---- fma

FMA = [special._exact_fma] + ([math.fma] if hasattr(math, "fma") else [])  # CPython has it from 3.13 on
fmas = pytest.mark.parametrize("fma", FMA, ids=lambda f: f.__name__)


@fmas
@given(finite, finite, finite)
@example(1.0 + 2.0**-52, 1.0 - 2.0**-53, -1.0)
@example(0.1, 10.0, -1.0)
@example(TINY, 0.5, TINY)
@example(1e308, 10.0, -HUGE)
@example(TINY, TINY, -TINY)
def test_fma_rounds_once(fma, a: float, b: float, c: float) -> None:
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    try:
        true = float(exact)
    except OverflowError:
        with pytest.raises(OverflowError):
            fma(a, b, c)
        return
    got = fma(a, b, c)
    assert got == true, report(f"fma({a!r}, {b!r}, {c!r})", got, true, ulps(got, mp.mpf(true)), 0)


FMA_EDGES = [
    (inf, 1.0, 1.0, inf),
    (inf, -1.0, 1.0, -inf),
    (1e300, 1e300, -inf, -inf),
    (2.0, 3.0, inf, inf),
    (inf, 0.0, 1.0, ValueError),
    (0.0, -inf, 1.0, ValueError),
    (inf, 1.0, -inf, ValueError),
    (nan, 0.0, 1.0, nan),
    (inf, 0.0, nan, nan),
    (1.0, nan, inf, nan),
    (0.0, 1.0, -0.0, 0.0),
    (-0.0, 1.0, -0.0, -0.0),
    (1.0, 1.0, -1.0, 0.0),
]


@fmas
@pytest.mark.parametrize("row", FMA_EDGES, ids=repr)
def test_fma_edges(fma, row) -> None:
    *point, true = row
    if isinstance(true, type):
        with pytest.raises(true):
            fma(*point)
    else:
        assert same_bits(fma(*point), true)


# ---- erfinv


@given(st.floats(-1.0, 1.0, exclude_min=True, exclude_max=True))
@example(1.0 - 2.0**-53)
@example(-0.5)
@example(0.1)
@example(TINY)
@example(1e-308)
def test_erfinv(x: float) -> None:
    with mp.workdps(50):
        got, true = special.erfinv(x), mp.erfinv(x)
        assert abs(got - true) <= 6 * abs(true) * 2.0**-53 + TINY, f"erfinv({x!r}): {got}, true {true}"


def test_erfinv_edges() -> None:
    assert math.isnan(special.erfinv(nan))
    assert same_bits(special.erfinv(-0.0), -0.0)
    for x in (1.0, -1.0, 1.5, inf, -inf):
        with pytest.raises(ValueError):
            special.erfinv(x)


@given(st.floats(TINY, 2.0, exclude_max=True))
@example(TINY)
@example(1e-300)
@example(3.5e-273)
@example(0.5)
@example(1.5)
@example(2.0 - 2.0**-52)
def test_erfcinv(x: float) -> None:
    with mp.workdps(50):
        true = got = mp.mpf(special.erfcinv(x))
        for _ in range(3 if x != 1.0 else 0):  # Newton's method, from what is right to 15 digits or is not
            true += mp.log(mp.erfc(true) / x) * mp.erfc(true) * mp.exp(true * true) * mp.sqrt(mp.pi) / 2
        assert abs(got - true) <= 2 * abs(true) * 2.0**-53, f"erfcinv({x!r}): {got}, true {true}"


def test_erfcinv_edges() -> None:
    assert math.isnan(special.erfcinv(nan))
    assert special.erfcinv(1.0) == 0.0
    for x in (0.0, 2.0, -1.0, inf, -inf):
        with pytest.raises(ValueError):
            special.erfcinv(x)


# ---- what polygamma, ierfcx and sinc_slope share: an order, which is whole and at most 100


@pytest.mark.parametrize("name", ["ierfcx", "sinc_slope"])
def test_the_order_is_whole(name: str) -> None:
    f = getattr(special, name)
    assert math.isnan(f(nan, 1.0))
    assert math.isnan(f(1.0, nan))
    for n in (0.5, -1.0, 101.0, inf):
        with pytest.raises(ValueError):
            f(n, 1.0)


@given(st.integers(0, 8) | st.just(100), st.floats(0.7, 1e3))
@example(0, 0.7)
@example(100, 0.7)
def test_ierfcx(n: int, x: float) -> None:
    with mp.workdps(50):
        true = REFERENCES["ierfcx"](mp.mpf(n), mp.mpf(x))
    got = special.ierfcx(float(n), x)
    error = ulps(got, true) if true > 1e-290 else 0.0
    assert error <= 4 + n, report(f"ierfcx({n}, {x!r})", got, true, error, 4 + n)


def test_ierfcx_edges() -> None:
    assert special.ierfcx(0.0, inf) == special.ierfcx(1.0, 1e300) == 0.0
    assert ulps(special.ierfcx(0.0, HUGE), 1 / (mp.sqrt(mp.pi) * mp.mpf(HUGE))) <= 1
    for x in (0.69, 0.0, -1.0, -inf):
        with pytest.raises(ValueError):
            special.ierfcx(0.0, x)


@given(st.integers(0, 8) | st.just(100), st.floats(-40.0, 40.0) | st.floats(-1e300, 1e300))
@example(1, TINY)
@example(1, 1e-8)
@example(2, 0.0)
@example(1, HUGE)
@example(0, 0.4)
def test_sinc_slope(n: int, x: float) -> None:
    """To some ulps, or in absolute terms to some of the largest that this derivative can be, πⁿ / (n + 1)."""
    with mp.workdps(400):
        true = REFERENCES["sinc_slope"](mp.mpf(n), mp.mpf(x))
    got = special.sinc_slope(float(n), x)
    size = float(abs(true)) if n < 2 and abs(x) < 1.0 else math.pi**n / max(n + 1, math.pi * abs(x))
    assert abs(got - true) <= (4 + n) * 2.0**-52 * size + TINY, report(f"sinc_slope({n}, {x!r})", got, true, ulps(got, true), 4)


def test_sinc_slope_edges() -> None:
    assert [special.sinc_slope(float(n), 0.0) for n in range(4)] == [1.0, 0.0, pytest.approx(-(math.pi**2) / 3, rel=2e-16), 0.0]
    assert [special.sinc_slope(0.0, x) for x in (1.0, -2.0, 3.0, 1e300)] == [0.0] * 4
    assert special.sinc_slope(1.0, 3.0) == -1 / 3
    for x in (inf, -inf):
        with pytest.raises(ValueError):
            special.sinc_slope(0.0, x)


# ---- polygamma


def assert_polygamma(n: int, x: float) -> None:
    """Within 4 ulps of the sum of the sizes of what has to cancel: near its zeros, an absolute error is all there is."""
    with mp.workdps(60):
        true, slope = mp.psi(n, mp.mpf(x)), mp.psi(n + 1, mp.mpf(x))
        condition = max(1.0, float(abs(x * slope / true)))
    try:
        got = special.polygamma(float(n), x)
    except OverflowError:
        got = math.copysign(inf, true)
    error = ulps(got, true)
    assert error <= 4 * condition, report(f"polygamma({n}, {x!r})", got, true, error, 4 * condition)


@given(st.integers(0, 6), st.floats(TINY, 1e100))
@example(0, 1.4616321449683622)  # the zero of digamma
@example(0, TINY)
@example(6, 1e-60)
@example(5, 1e60)
def test_polygamma(n: int, x: float) -> None:
    assert_polygamma(n, x)


@given(st.integers(0, 6), st.floats(0.0, 60.0))
def test_polygamma_where_it_is_used(n: int, x: float) -> None:
    assume(x > 0.0)
    assert_polygamma(n, x)


@given(st.integers(0, 6), st.floats(-400.0, -1e-300))
@example(0, -0.5040830082644554)  # a zero
@example(1, -1e-160)
@example(2, -15.5)
@example(2, -16.5)
@example(3, math.nextafter(-17.0, 0.0))
def test_polygamma_of_negative_numbers(n: int, x: float) -> None:
    assume(x != math.floor(x))
    assert_polygamma(n, x)


@pytest.mark.parametrize("n", [10, 30, 100])
@pytest.mark.parametrize("x", [1e-3, 0.5, 1.0, 7.25, 100.5, 1e4, -0.5, -3.75])
def test_polygamma_of_high_order(n: int, x: float) -> None:
    assert_polygamma(n, x)


def test_polygamma_recurs() -> None:
    for n in range(7):
        for x in (0.25, 1.5, 15.75, 40.0):
            step = (-1) ** n * math.factorial(n) / x ** (n + 1)
            got = special.polygamma(n, x) + step
            assert got == pytest.approx(special.polygamma(n, x + 1.0), rel=1e-14, abs=1e-15 * abs(step))


POLYGAMMA_EDGES = [
    (0.0, inf, inf),
    (1.0, inf, 0.0),
    (2.0, inf, -0.0),
    (nan, 1.0, nan),
    (0.0, nan, nan),
    (0.0, -inf, ValueError),
    (0.0, 0.0, ValueError),
    (1.0, -3.0, ValueError),
    (0.5, 1.0, ValueError),
    (-1.0, 1.0, ValueError),
    (101.0, 1.0, ValueError),
    (inf, 1.0, ValueError),
    (0.0, TINY, OverflowError),
    (0.0, -TINY, OverflowError),
    (1.0, 1e-200, OverflowError),
]


@pytest.mark.parametrize("row", POLYGAMMA_EDGES, ids=repr)
def test_polygamma_edges(row) -> None:
    n, x, true = row
    if isinstance(true, type):
        with pytest.raises(true):
            special.polygamma(n, x)
    else:
        assert same_bits(special.polygamma(n, x), true)


# ---- lists


@given(st.lists(st.floats(-9.0, 9.0) | st.just(0.0), max_size=8))
def test_others_is_each_product_without_one(xs: list[float]) -> None:
    for i, got in enumerate(special.others(xs)):
        true = math.prod(map(Fraction, xs[:i] + xs[i + 1 :]), start=Fraction(1))
        underflows = 0 < abs(true) < 1e-290
        assert underflows or ulps(got, mp.mpf(true.numerator) / true.denominator) <= len(xs)
    assert len(special.others(xs)) == len(xs)


@given(st.lists(finite, min_size=1, max_size=8))
def test_largest_and_the_rest(xs: list[float]) -> None:
    largest, rest = special.largest(xs), special.but_largest(xs)
    assert largest == max(xs)
    assert sorted([largest, *rest]) == sorted(xs)


def test_largest_keeps_nan() -> None:
    for xs in ([nan, 1.0], [1.0, nan], [inf, nan], [nan, inf], [1.0, nan, 2.0]):
        assert math.isnan(special.largest(xs))


def test_total_does_not_compensate() -> None:
    assert special.total([1.0, 1e100, 1.0, -1e100]) == 0.0  # the built-in sum gives 2.0 from Python 3.12 on


def test_undefined_is_an_error() -> None:
    with pytest.raises(ValueError):
        special.undefined()
