"""Checks at the boundary: what they let through, and how they say no."""

import math
import random
from decimal import Decimal
from fractions import Fraction

import pytest

from nn import checks


class Index:
    def __index__(self):
        return 3


def test_what_passes():
    np = pytest.importorskip("numpy")
    assert [checks.positive_int("n", n) for n in (1, Index(), np.int8(3), 10**30)] == [1, 3, 3, 10**30]
    assert [checks.within("x", x) for x in (0, 1.5, Fraction(1, 4), Decimal("0.5"), np.float32(2))] == [
        0.0,
        1.5,
        0.25,
        0.5,
        2.0,
    ]
    assert [type(checks.number("x", x)) for x in (1, True, math.inf, np.float64(1))] == [float] * 4
    assert checks.generator(np.int64(4)).random() == random.Random(4).random()
    assert checks.generator(checks.generator(None)) is checks.generator(None)
    assert checks.same_length("abc", range(3), "these", "those") == 3


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: checks.positive_int("n", "3"), TypeError, "n must be a positive int, not '3' of type str"),
        (lambda: checks.positive_int("n", -(10**30)), ValueError, "n must be a positive int, not -1"),
        (lambda: checks.within("x", math.nan), ValueError, "x must be at least 0.0 and less than inf, not nan"),
        (lambda: checks.within("x", math.inf), ValueError, "less than inf, not inf"),
        (lambda: checks.within("x", 2.0, 3.0, 4.0), ValueError, "x must be at least 3.0 and less than 4.0, not 2.0"),
        (lambda: checks.number("x", "1"), TypeError, "x is no number: .* not str"),
        (lambda: checks.number("x", 1j), TypeError, "x is no number: .* not complex"),
        (lambda: checks.generator(1.5), TypeError, "seed must be an int, a random.Random or None, not 1.5 of type float"),
        (lambda: checks.same_length([], [], "xs", "ys"), ValueError, "xs and ys are empty"),
    ],
)
def test_what_does_not(call, error, message):
    with pytest.raises(error, match=message):
        call()
