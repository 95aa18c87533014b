"""Small seeded data sets, each a pair of lists (xs, ys): xs of points [x₁, x₂], ys of their classes 0.0 and 1.0 (2.0, …).

With the same seed, an int or a `random.Random`, they are the same on every machine and version of Python but for the last
bits of sine and cosine. Without one the module `random` draws. For hinge losses, which take −1 and 1: [2 * y - 1 for y in ys].
"""

import math
from random import Random

from nn.checks import generator, positive_int, within

__all__ = ["circles", "moons", "spirals", "xor"]

Data = tuple[list[list[float]], list[float]]


def xor() -> Data:
    """Exclusive or: the four pairs of 0 and 1, and whether the two differ.

    >>> import nn
    >>> nn.datasets.xor()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0])
    """
    return [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]


def moons(n: int = 100, *, noise: float = 0.1, seed: int | Random | None = None) -> Data:
    """Two half circles of radius 1 that reach into each other, as in scikit-learn; `noise` is a standard deviation.

    The classes have ⌊n / 2⌋ and ⌈n / 2⌉ points, shuffled. Raises `ValueError` for a negative noise or n below 1.

    >>> import nn
    >>> xs, ys = nn.datasets.moons(5, seed=0)
    >>> len(xs), sum(ys)
    (5, 3.0)
    """
    halves = _halves(n)
    points = [([math.cos(a), math.sin(a)], 0.0) for a in _spread(0.0, math.pi, halves[0])]
    points += [([1.0 - math.cos(a), 0.5 - math.sin(a)], 1.0) for a in _spread(0.0, math.pi, halves[1])]
    return _scattered(points, noise, seed)


def circles(n: int = 100, *, noise: float = 0.05, factor: float = 0.5, seed: int | Random | None = None) -> Data:
    """A circle of radius 1 (class 0) and one of radius `factor` inside it (class 1), as in scikit-learn.

    Raises `ValueError` unless 0 <= factor < 1, for a negative noise, or n below 1.

    >>> import nn
    >>> xs, ys = nn.datasets.circles(8, noise=0.0, seed=0)
    >>> {(round(x * x + y * y, 6), c) for (x, y), c in zip(xs, ys)} == {(1.0, 0.0), (0.25, 1.0)}
    True
    """
    factor = within("factor", factor, 0.0, 1.0)
    points = []
    for radius, label, k in ((1.0, 0.0, _halves(n)[0]), (factor, 1.0, _halves(n)[1])):
        angles = (2.0 * math.pi * i / k for i in range(k))
        points += [([radius * math.cos(a), radius * math.sin(a)], label) for a in angles]
    return _scattered(points, noise, seed)


def spirals(
    n: int = 100, *, noise: float = 0.02, classes: int = 2, turns: float = 1.0, seed: int | Random | None = None
) -> Data:
    """Arms of a spiral around the origin, one for each class, out to radius 1 in `turns` turns.

    Raises `ValueError` for a negative noise, or n or classes below 1.

    >>> import nn
    >>> xs, ys = nn.datasets.spirals(9, classes=3, seed=0)
    >>> sorted(ys)
    [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0]
    """
    n, classes = positive_int("n", n), positive_int("classes", classes)
    points = []
    for c in range(classes):
        k = (n + c) // classes
        for r in _spread(1.0 / (k + 1), 1.0, k):
            angle = 2.0 * math.pi * (turns * r + c / classes)
            points.append(([r * math.cos(angle), r * math.sin(angle)], float(c)))
    return _scattered(points, noise, seed)


def _halves(n: int) -> tuple[int, int]:
    n = positive_int("n", n)
    return n // 2, n - n // 2


def _spread(low: float, high: float, n: int) -> list[float]:
    """`n` numbers from low to high in equal distances."""
    return [low + (high - low) * i / max(n - 1, 1) for i in range(n)]


def _scattered(points: list[tuple[list[float], float]], noise: float, seed: int | Random | None) -> Data:
    noise, rng = within("noise", noise), generator(seed)
    points = [([x + rng.normalvariate(0.0, noise) if noise else x for x in point], label) for point, label in points]
    rng.shuffle(points)
    return [point for point, _ in points], [label for _, label in points]
