"""Checks of arguments: each returns what it checked, or raises an error that names the argument and what is allowed."""

import operator
import random
from collections.abc import Sized
from math import inf, isfinite
from typing import Any, cast

from autograd import Value
from autograd._engine.tracing import kinds as TRACED  # noqa: N812 - a constant here

__all__ = ["TRACED", "finite", "generator", "listed", "number", "positive_int", "same_length", "within"]

NO_LIST = (str, bytes, dict, set, frozenset)
"""What Python iterates over, but is no list of numbers."""


def positive_int(name: str, n: Any) -> int:
    """`n` as an int of at least 1; `TypeError` for what is no int (a bool is none), `ValueError` below 1.

    >>> from nn.checks import positive_int
    >>> positive_int("epochs", 3)
    3
    """
    i = _index(n, f"{name} must be a positive int")
    if i < 1:
        raise ValueError(f"{name} must be a positive int, not {i}")
    return i


def _index(n: Any, demand: str) -> int:
    if isinstance(n, bool) or not hasattr(n, "__index__"):
        raise TypeError(f"{demand}, not {n!r} of type {type(n).__name__}")
    return operator.index(n)


def within(name: str, x: Any, low: float = 0.0, below: float = inf) -> float:
    """`x` as a float with low <= x < below; `ValueError` otherwise, NaN included.

    >>> from nn.checks import within
    >>> within("lr", 1)
    1.0
    """
    y = number(name, x)
    if not low <= y < below:
        raise ValueError(f"{name} must be at least {low} and less than {below}, not {y}")
    return y


def number(name: str, x: Any) -> float:
    """Any real number as a float, NaN and infinities too; `TypeError` that names it for anything else.

    >>> from nn.checks import number
    >>> number("an input", 1)
    1.0
    """
    if type(x) in TRACED:
        return cast("float", x)  # its number is not known yet
    try:
        return float(Value(x).data)
    except TypeError as error:
        raise TypeError(f"{name} is no number: {error}") from None


def listed(name: str, data: Any) -> list[Any]:
    """Any sequence, array or data frame as a list, of lists where it has rows; `TypeError` that names it for anything else.

    >>> from nn.checks import listed
    >>> listed("xs", range(3))
    [0, 1, 2]
    """
    if type(data) is list:
        return data
    if hasattr(data, "to_numpy"):  # iterating over a data frame gives the names of its columns
        data = data.to_numpy()
    data = data.tolist() if hasattr(data, "tolist") else data
    if isinstance(data, NO_LIST) or not hasattr(data, "__iter__"):
        raise TypeError(f"{name} must be a sequence of numbers, not {type(data).__name__}; for one number write [x]")
    return list(data)


def finite(name: str, data: list[Any]) -> None:
    """Raise `ValueError` that names the place of the first NaN or infinity in a list of numbers or of lists of them.

    >>> from nn.checks import finite
    >>> finite("xs", [[0.0, 1.0], [float("nan"), 1.0]])
    Traceback (most recent call last):
      ...
    ValueError: xs[1][0] is nan: training needs finite numbers, so leave entry 1 out or put a number there
    """
    for i, entry in enumerate(data):
        entries = entry.tolist() if hasattr(entry, "tolist") else entry
        is_row = isinstance(entries, (list, tuple))
        for j, x in enumerate(entries if is_row else [entries]):
            if (isinstance(x, float) or _is_numpy_float(x)) and not isfinite(x):
                place = f"{name}[{i}][{j}]" if is_row else f"{name}[{i}]"
                raise ValueError(f"{place} is {x}: training needs finite numbers, so leave entry {i} out or put a number there")


def _is_numpy_float(x: Any) -> bool:
    return getattr(getattr(x, "dtype", None), "kind", "") == "f" and x.ndim == 0


def generator(seed: int | random.Random | None) -> random.Random:
    """The source of random numbers: a new one for an int, one given as it is, for None that of the module `random`.

    So `random.seed(1337)` makes a model reproducible, as in micrograd, and `seed=1337` does without touching anything else.

    >>> from nn.checks import generator
    >>> generator(7).random() == generator(7).random()
    True
    """
    shared = cast("random.Random", random)  # the module has the methods of a generator
    if seed is None or seed is shared:
        return shared
    if isinstance(seed, random.Random):
        return seed
    return random.Random(_index(seed, "seed must be an int, a random.Random or None"))  # noqa: S311 - these are no secrets


def same_length(xs: Sized, ys: Sized, what: str, other: str) -> int:
    """The one length of both, at least 1; `ValueError` that names both otherwise.

    >>> from nn.checks import same_length
    >>> same_length([1.0], [2.0], "predictions", "targets")
    1
    """
    if len(xs) != len(ys):
        raise ValueError(f"{what} and {other} must be of one length, not {len(xs)} and {len(ys)}")
    if not len(xs):
        raise ValueError(f"{what} and {other} are empty: there is nothing to compute from")
    return len(xs)
