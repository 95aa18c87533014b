"""`scan`, `map` and `cond`: loops and branches that stay loops and branches when they are compiled.

Called as they are, they are the plain Python loop or branch, to the bit. While `autograd.compile` traces a function, the body
is run once, and the program has a loop; its derivatives are loops, too. The names and the order of arguments are those of
JAX's `jax.lax`.
"""

import builtins
from collections.abc import Callable, Sequence
from typing import Any

from autograd._engine import tracing
from autograd._engine.numbers import is_array
from autograd._engine.structures import kind_of, shape
from autograd.value import Value


def scan(
    f: Callable[[Any, Any], tuple[Any, Any]], init: Any, xs: Any = None, length: int | None = None, *, reverse: bool = False
) -> tuple[Any, Sequence[Any]]:
    """Run `carry, y = f(carry, x)` for each x in turn; returns (the last carry, the list of all y).

    `xs` is a sequence (a list, an array) of numbers or of structures; or a tuple, dict or dataclass of sequences of one
    length: then x is a tuple, dict or dataclass of their elements. Without `xs`, x is None, `length` times. The carry may be
    any structure of numbers, and keeps it. With `reverse` the last x comes first, and y stands where its x does.

    Raises `TypeError` if f returns no pair or the carry's structure changes, `ValueError` for sequences of different lengths.
    An error in the body has a note that names the step.

    >>> import autograd
    >>> autograd.scan(lambda total, x: (total + x, total * x), 0.0, [1.0, 2.0, 3.0])
    (6.0, [0.0, 2.0, 9.0])
    """
    rows = _rows(f, xs, length, "scan")
    n = len(rows)
    if n and (recorder := tracing.recorder.get()) is not None:
        found: tuple[Any, Sequence[Any]] = recorder.loop(f, init, rows, backward=reverse)
        return found
    carry, ys = init, []
    for k in range(n - 1, -1, -1) if reverse else range(n):
        try:
            carry, y = pair(f(carry, rows[k]))
        except Exception as error:
            error.add_note(f"in step {k} of {n} of autograd.scan")
            raise
        ys.append(y)
    same_structure(init, carry)
    return carry, ys[::-1] if reverse else ys


def map(f: Callable[..., Any], *xs: Any) -> Sequence[Any]:
    """The list of f(x) for each x, or of f(x, y, …) for several sequences of one length.

    Each sequence is what `scan` takes. Raises `TypeError` without one, `ValueError` for different lengths.

    >>> import autograd
    >>> autograd.map(lambda x, y: x * y, [1.0, 2.0], [3.0, 4.0])
    [3.0, 8.0]
    """
    if not xs:
        raise TypeError("map() takes a function and at least one sequence")
    rows = _rows(f, xs, None, "map")
    if rows and (recorder := tracing.recorder.get()) is not None:
        found: Sequence[Any] = recorder.loop(lambda _, x: (None, f(*x)), None, rows, backward=False)[1]
        return found
    ys = []
    for k, row in enumerate(rows):
        try:
            ys.append(f(*row))
        except Exception as error:
            error.add_note(f"in step {k} of {len(rows)} of autograd.map")
            raise
    return ys


def cond(c: Any, f: Callable[..., Any], g: Callable[..., Any], *operands: Any) -> Any:
    """f(*operands) if the condition holds, else g(*operands): only one of them runs, which `where` cannot promise.

    The condition is a bool, a comparison, or a number, which holds if it is not 0. Compiled, the results of f and g must have
    one structure. Raises `TypeError` where f or g is no function.

    >>> import autograd
    >>> autograd.cond(-1.0 > 0.0, autograd.log, lambda x: 0.0, -1.0)
    0.0
    """
    for side in (f, g):
        if not callable(side):
            raise TypeError(f"cond() takes two functions, not {type(side).__name__}")
    if type(c) in tracing.kinds and (recorder := tracing.recorder.get()) is not None:
        return recorder.branch(c, f, g, operands)
    return (f if (c.data if type(c) is Value else c) else g)(*operands)


class Together(Sequence[Any]):
    """Sequences of one length, read together: entry k is the structure of their entries k."""

    def __init__(self, parts: Sequence[Sequence[Any]], build: Callable[[list[Any]], Any], name: str) -> None:
        self.parts, self.build = parts, build
        lengths = sorted({len(part) for part in parts})
        if len(lengths) != 1:
            what = f"sequences of different lengths: {', '.join(builtins.map(str, lengths))}" if lengths else "no sequence"
            raise ValueError(f"{name}() got {what}")
        self.n = lengths[0]

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, k: Any) -> Any:
        return self.build([part[k] for part in self.parts])


def _rows(f: object, xs: Any, length: int | None, name: str) -> Sequence[Any]:
    """What each step works with; see `scan` for what may be wrong."""
    if not callable(f):
        raise TypeError(f"{name}() takes a function, not {type(f).__name__}")
    if length is not None and type(length) is not int:
        raise TypeError(f"{name}() takes its length as an int, which is known while tracing, not {type(length).__name__}")
    if xs is None:
        if length is None or length < 0:
            raise ValueError(f"{name}() without xs takes a length of at least 0, not {length}")
        return [None] * length
    rows = _sequence(xs, name)
    if length is not None and length != len(rows):
        raise ValueError(f"{name}() got sequences of length {len(rows)}, and length={length}")
    return rows


def _sequence(xs: Any, name: str) -> Sequence[Any]:
    """A sequence, or a structure of sequences, as one sequence."""
    if is_array(xs):
        rows: Sequence[Any] = xs.tolist() if xs.ndim == 1 else xs
        return rows
    if isinstance(xs, (list, range)) or type(xs) in tracing.sequences:
        return xs  # type: ignore[no-any-return]
    kind = kind_of(type(xs))
    if kind is None:
        raise TypeError(f"{name}() goes through a list, an array, or a structure of them, not {type(xs).__name__}")
    children, aux = kind.flatten(xs)
    return Together([_sequence(x, name) for x in children], lambda parts: kind.unflatten(aux, parts), name)


def pair(result: Any) -> tuple[Any, Any]:
    """What the body of `scan` returned, if it is a pair."""
    if type(result) is not tuple or len(result) != 2:
        raise TypeError(f"scan() takes a function that returns a pair (carry, y), not {type(result).__name__}")
    return result


def same_structure(init: Any, carry: Any) -> None:
    """Raises `TypeError` where the carry of `scan` has not the structure it began with."""
    if shape(init, [], "the carry") != shape(carry, [], "the carry"):
        raise TypeError(
            "scan() takes a function that returns a carry of the structure it takes: the same lists, keys and lengths"
        )
