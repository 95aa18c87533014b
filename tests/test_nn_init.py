"""Initialisers: the distributions they say they draw from, and reproducible draws."""

import math
import random
import statistics

import pytest

import nn
from nn import init

N = 4000
FAN_IN, FAN_OUT = 12, 4

# initialiser, mean, standard deviation, bound
DISTRIBUTIONS = [
    (init.uniform(), 0.0, 1 / math.sqrt(3), 1.0),
    (init.uniform(0.0, 1.0), 0.5, 1 / math.sqrt(12), 1.0),
    (init.xavier_uniform(), 0.0, math.sqrt(2 / 16), math.sqrt(6 / 16)),
    (init.xavier_uniform(5 / 3), 0.0, 5 / 3 * math.sqrt(2 / 16), 5 / 3 * math.sqrt(6 / 16)),
    (init.xavier_normal(), 0.0, math.sqrt(2 / 16), math.inf),
    (init.he_uniform(), 0.0, math.sqrt(2 / 12), math.sqrt(6 / 12)),
    (init.he_normal(), 0.0, math.sqrt(2 / 12), math.inf),
    (init.he_normal(1.0), 0.0, math.sqrt(1 / 12), math.inf),
    (init.constant(0.25), 0.25, 0.0, 0.25),
    (init.zeros(), 0.0, 0.0, 0.0),
]


@pytest.mark.parametrize(("draw", "mean", "deviation", "bound"), DISTRIBUTIONS)
def test_distributions(draw, mean, deviation, bound):
    rng = random.Random(7)
    xs = [draw(rng, FAN_IN, FAN_OUT) for _ in range(N)]
    assert all(type(x) is float and abs(x) <= bound for x in xs)
    assert statistics.fmean(xs) == pytest.approx(mean, abs=4 * deviation / math.sqrt(N))
    assert statistics.pstdev(xs) == pytest.approx(deviation, rel=0.05)
    again = random.Random(7)
    assert xs[:9] == [draw(again, FAN_IN, FAN_OUT) for _ in range(9)]


def test_a_layer_tells_the_initialiser_its_sizes():
    seen = []

    def draw(rng, fan_in, fan_out):
        seen.append((fan_in, fan_out))
        return rng.random()

    nn.MLP(3, [2, 1], init=draw, bias_init=draw, seed=0)
    assert seen == [(3, 2)] * 8 + [(2, 1)] * 3


@pytest.mark.parametrize("bounds", [(1.0, 0.0), (math.nan, 1.0)])
def test_uniform_needs_an_interval(bounds):
    with pytest.raises(ValueError, match=r"uniform\(\) needs low <= high"):
        init.uniform(*bounds)
