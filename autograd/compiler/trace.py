"""Tracing: a function is run once on traced numbers, and what it did is a program.

What a program depends on is its *signature*: the structure of the arguments, the shapes of arrays, and every argument that is
no float (`int`, `bool`, `str`, a function, …), which is static: known while tracing, part of the program. Floats, Values and
arrays are data. The trick is to take arguments apart into a hashable signature and a flat list of floats, so that finding the
program of a call is one look into a dictionary, and building arguments and results is the same walk backwards.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any

from autograd._engine import tracing
from autograd._engine.numbers import is_array, tick
from autograd._engine.tracing import TraceError
from autograd.compiler.sweep import Recorded
from autograd.compiler.tape import Tape, Traced
from autograd.value import Value

Signature = Any
_FLOAT = "float"
_NUMBERS = {float, Value, Traced}


def take_apart(x: Any, leaves: list[Any]) -> Signature:
    """The signature of a structure; its numbers are appended to `leaves`.

    >>> from autograd.compiler.trace import take_apart
    >>> leaves = []
    >>> take_apart({"w": [1.0, 2.0], "n": 3}, leaves), leaves
    (('dict', ('w', 'n'), (<class 'str'>, <class 'str'>), (('floats', 2), ('static', <class 'int'>, 3))), [1.0, 2.0])
    """
    kind = type(x)
    if kind is float or kind is Value or kind is Traced:
        leaves.append(x)
        return _FLOAT
    if kind is list:
        kinds = set(map(type, x))
        if kinds <= _NUMBERS and kinds:
            leaves += x
            return ("floats", len(x)) if kinds == {float} else ("list", (_FLOAT,) * len(x))
        return ("list", tuple([take_apart(y, leaves) for y in x]))
    if is_array(x) and x.dtype.kind in "fiub":
        leaves += map(float, x.ravel().tolist())
        return ("array", x.shape)
    if is_array(x) and x.dtype.kind == "O":
        items = x.ravel().tolist()
        if _NUMBERS.issuperset(map(type, items)):
            leaves += items
        elif {take_apart(y, leaves) for y in items} != {_FLOAT}:
            raise TypeError("an array of objects holds floats and Values here; use lists for anything else")
        return ("array", x.shape)
    if isinstance(x, tuple):
        return ("tuple", kind, tuple([take_apart(y, leaves) for y in x]))
    if isinstance(x, dict):
        return ("dict", tuple(x), tuple(map(type, x)), tuple([take_apart(y, leaves) for y in x.values()]))
    if isinstance(x, list):
        return ("list", tuple([take_apart(y, leaves) for y in x]))
    if isinstance(x, float) or (getattr(getattr(x, "dtype", None), "kind", "") == "f" and getattr(x, "ndim", 1) == 0):
        leaves.append(float(x))
        return _FLOAT
    try:
        hash(x)
    except TypeError:
        raise TypeError(
            f"an argument of type {kind.__name__} is neither numbers (floats, Values, arrays, and lists, tuples and dicts of "
            "them) nor hashable, so it cannot be a static argument"
        ) from None
    return ("static", kind, x)


def build(signature: Signature, leaves: Iterator[Any]) -> Any:
    """The structure of a signature around these numbers."""
    if signature == _FLOAT:
        return next(leaves)
    kind, *parts = signature
    if kind == "floats":
        return list(islice(leaves, parts[0]))
    if kind == "array":
        return _array(parts[0], leaves)
    if kind == "list":
        return [build(part, leaves) for part in parts[0]]
    if kind == "tuple":
        children = [build(part, leaves) for part in parts[1]]
        return parts[0](*children) if hasattr(parts[0], "_fields") else parts[0](children)
    if kind == "dict":
        return {key: build(part, leaves) for key, part in zip(parts[0], parts[-1], strict=True)}
    return parts[1]


def _array(shape: tuple[int, ...], leaves: Iterator[Any]) -> Any:
    import numpy as np

    flat = list(islice(leaves, math.prod(shape)))
    result = np.empty(len(flat), dtype=np.float64 if {float}.issuperset(map(type, flat)) else object)
    result[:] = flat
    return result.reshape(shape)


class Trace:
    """What tracing a call gave: the tape, its inputs (arguments first, then Values from outside), the results.

    `derived` says that some Value from outside was computed there, so its graph is part of what the result depends on.
    """

    __slots__ = ("captured", "derived", "inputs", "outputs", "result", "tape")

    def __init__(self, f: Callable[..., Any], signature: Signature, n: int) -> None:
        tape = self.tape = Tape()
        inputs = tape.inputs(n)
        args, kwargs = build(signature, iter(inputs))
        since = tick()
        with _recording(tape):
            y = f(*args, **kwargs)
        leaves: list[Any] = []
        self.result = take_apart(_checked(y), leaves)
        self.outputs = tape.operands(leaves)
        self.captured = list(tape.captured)
        self.derived = any(v._op is not None and v._seq <= since for v in tape.known)
        self.inputs = [x.id for x in inputs] + list(tape.captured.values())


def _checked(y: Any) -> Any:
    if hasattr(y, "__next__") or hasattr(y, "__await__"):
        raise TraceError(f"a compiled function returns numbers, or structures of them, not a {type(y).__name__}")
    return y


@contextmanager
def _recording(tape: Tape) -> Iterator[None]:
    token, outer = tracing.recorder.set(partial(Recorded, tape)), tracing.within.set(True)
    try:
        yield
    finally:
        tracing.within.reset(outer)
        tracing.recorder.reset(token)
