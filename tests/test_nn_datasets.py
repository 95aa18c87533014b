"""Data sets: their shapes, their sizes, and that a seed decides everything."""

import math
import random

import pytest

from nn import datasets

MADE = [datasets.moons, datasets.circles, datasets.spirals]


def test_xor():
    xs, ys = datasets.xor()
    assert [float(a != b) for a, b in xs] == ys
    xs[0][0] = 9.0
    assert datasets.xor()[0][0][0] == 0.0


@pytest.mark.parametrize("make", MADE)
@pytest.mark.parametrize("n", [1, 2, 7, 100])
def test_sizes_types_and_seeds(make, n):
    xs, ys = data = make(n, seed=3)
    assert len(xs) == len(ys) == n
    assert ys.count(0.0) == n // 2
    assert ys.count(1.0) == n - n // 2
    assert all(type(x) is float for row in [*xs, ys] for x in row)
    assert data == make(n, seed=3) == make(n, seed=random.Random(3))
    if n > 1:
        assert data != make(n, seed=4)
    random.seed(3)
    assert make(n) == data


def test_without_noise_the_points_are_on_their_curves():
    for (x, y), c in zip(*datasets.moons(40, noise=0.0, seed=0)):
        assert math.hypot(x, y) == pytest.approx(1.0) if c == 0.0 else math.hypot(x - 1.0, y - 0.5) == pytest.approx(1.0)
        assert y >= -1e-12 if c == 0.0 else y <= 0.5 + 1e-12
    for (x, y), c in zip(*datasets.circles(40, noise=0.0, factor=0.25, seed=0)):
        assert math.hypot(x, y) == pytest.approx(0.25 if c else 1.0)
    for (x, y), c in zip(*datasets.spirals(60, noise=0.0, classes=3, turns=2.0, seed=0)):
        r = math.hypot(x, y)
        assert 0.0 < r <= 1.0 + 1e-12
        angle = 2 * math.pi * (2.0 * r + c / 3)
        assert (x, y) == pytest.approx((r * math.cos(angle), r * math.sin(angle)), abs=1e-9)


def test_noise_is_a_standard_deviation_and_points_are_shuffled():
    xs, ys = datasets.circles(2000, noise=0.5, factor=0.0, seed=0)
    center = [x for x, c in zip(xs, ys) if c == 1.0]
    assert math.sqrt(sum(x * x + y * y for x, y in center) / 2000) == pytest.approx(0.5, rel=0.05)
    assert 350 < sum(ys[:1000]) < 650


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: datasets.moons(0), ValueError, "n must be a positive int, not 0"),
        (lambda: datasets.moons(1.5), TypeError, "n must be a positive int, not 1.5"),
        (lambda: datasets.moons(5, noise=-0.1), ValueError, "noise must be at least 0.0"),
        (lambda: datasets.circles(5, factor=1.0), ValueError, "factor must be at least 0.0 and less than 1.0"),
        (lambda: datasets.spirals(5, classes=0), ValueError, "classes must be a positive int"),
        (lambda: datasets.moons(5, seed="a"), TypeError, "seed must be an int, a random.Random or None, not 'a'"),
        (lambda: datasets.moons(5, seed=True), TypeError, "seed must be an int"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
