"""Tracing: a function is run once on traced numbers, and what it did is a program.

A program depends on its *signature*: the structure of the arguments, the shapes of arrays, and every argument that is neither a
number nor a structure (`int`, `bool`, `str`, a function, …): these are static, known while tracing and part of the program.
Floats, Values and arrays are data. A signature is hashable, so finding the program of a call is one look into a dictionary.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from autograd._engine import structures, tracing
from autograd._engine.numbers import tick
from autograd._engine.structures import Kind, Step, TreeDef, build
from autograd._engine.tracing import TraceError
from autograd.compiler.regions import Recorder
from autograd.compiler.rolling import roll
from autograd.compiler.tape import Tape

Signature = tuple[TreeDef, TreeDef]
"""Of a call: the structures of its positional and of its keyword arguments."""

STATIC = Kind(object, lambda x: ((), (type(x), x)), lambda aux, _: aux[1])
"""What is no structure and no number: part of the structure. Its type is, too, for 1, 1.0 and True are equal."""


def take_apart(x: Any, leaves: list[Any], what: str = "an argument") -> TreeDef:
    """The structure of an argument or result; its numbers are appended to `leaves`.

    >>> from autograd.compiler.trace import take_apart
    >>> leaves = []
    >>> take_apart({"w": [1.0, 2.0], "n": 3}, leaves) == take_apart({"w": [4.0, 5.0], "n": 3}, leaves), leaves
    (True, [1.0, 2.0, 4.0, 5.0])
    """
    return structures.take_apart(x, leaves, what, _static)


def _static(x: Any, place: str) -> Step | float:
    if isinstance(x, float) or (getattr(getattr(x, "dtype", None), "kind", "") == "f" and getattr(x, "ndim", 1) == 0):
        return float(x)
    try:
        hash(x)
    except TypeError:
        raise TypeError(
            f"{place} is of type {type(x).__name__}, which is neither numbers (floats, Values, arrays, and lists, tuples, "
            "dicts and dataclasses of them) nor hashable, so it cannot be a static argument"
        ) from None
    return STATIC, (type(x), x), 0, True


def signature_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Signature, list[Any]]:
    """The signature of a call, and its numbers."""
    leaves: list[Any] = []
    return (take_apart(args, leaves), take_apart(kwargs, leaves)), leaves


def arguments(signature: Signature, numbers: Iterator[Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of a call with these numbers."""
    args, kwargs = signature
    return build(args, numbers), build(kwargs, numbers)


class Trace:
    """What tracing a call gave: the tape, its inputs (arguments first, then Values from outside), the results.

    `derived` says that some Value from outside was computed there, so its graph is part of what the result depends on.
    """

    __slots__ = ("captured", "derived", "inputs", "outputs", "result", "tape")

    def __init__(self, f: Callable[..., Any], signature: Signature, n: int, *, rolls: bool = True) -> None:
        tape = self.tape = Tape(rolls=rolls)
        inputs = tape.inputs(n)
        args, kwargs = arguments(signature, iter(inputs))
        since = tick()
        with _recording(tape) as refused:
            y = f(*args, **kwargs)
        if refused:
            raise refused[0]
        leaves: list[Any] = []
        self.result = take_apart(_checked(y), leaves, "the result")
        operands = tape.operands(leaves)
        # A transform has looked for the loops of its function; what its sweep wrote has none that are left to be found.
        self.outputs = operands if tape.derivatives else roll(tape, n, 0, operands)
        self.captured = list(tape.captured)
        self.derived = any(v._op is not None and v._seq <= since for v in tape.known)
        self.inputs = [x.id for x in inputs] + list(tape.captured.values())


def _checked(y: Any) -> Any:
    if hasattr(y, "__next__") or hasattr(y, "__await__"):
        raise TraceError(f"a compiled function returns numbers, or structures of them, not a {type(y).__name__}")
    return y


@contextmanager
def _recording(tape: Tape) -> Iterator[list[Any]]:
    token, outer = tracing.recorder.set(Recorder(tape)), tracing.within.set(True)
    refused: list[Any] = []
    errors = tracing.refused.set(refused)
    try:
        yield refused
    finally:
        tracing.refused.reset(errors)
        tracing.within.reset(outer)
        tracing.recorder.reset(token)
