"""Arguments to memory, memory to results: one function each, made once for a program from its signature.

Taking a call apart as tracing does costs a look at every number. A program knows what to expect, so its functions only
check that it is so, and copy. The trick for large arrays is not to copy either: where a program's executor has *segments*,
it is told the address of the caller's array, and reads there; results are written straight into a new array.
"""

import ctypes
import math
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

from autograd._engine.numbers import is_array
from autograd.compiler.trace import Signature

LARGE = 4_000
"""Arrays of so many numbers are read and written where they are: asking for an address costs as much as copying fewer."""

Memory = Any
"""What an executor gives for one call at a time: `view`, a memoryview of doubles, and if it has segments, their addresses."""
Segments = dict[int, tuple[int, tuple[int, int]]]
"""By the first place of a large array: its segment, and which part of it the memory needs all the same."""
_address: Any = ctypes.c_char.from_buffer


def sketch(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """What arguments look like from far away: to find the program that probably is theirs.

    >>> from autograd.compiler.structure import sketch
    >>> sketch((1.5, [1.0, 2.0], 3))
    (<class 'float'>, 2, 3)
    """
    return tuple(
        [
            len(x)
            if kind is list or kind is tuple or kind is dict
            else x
            if kind in _STATIC
            else x.shape
            if is_array(x)
            else kind
            for x, kind in zip(args, map(type, args), strict=True)
        ]
    )


_STATIC = {int, bool, str, type(None)}


def leaves(part: Signature, at: int = 0) -> Iterator[tuple[Signature, int]]:
    """The parts of a signature that have numbers, with the place of their first one."""
    if part == "float" or part[0] in {"floats", "array"}:
        yield part, at
    elif part[0] != "static":
        for child in part[-1]:
            yield from leaves(child, at)
            at += size(child)


def size(part: Signature) -> int:
    """How many numbers a structure of this signature has."""
    if part == "float":
        return 1
    if part[0] == "floats":
        return int(part[1])
    if part[0] == "array":
        return math.prod(part[1])
    return 0 if part[0] == "static" else sum(map(size, part[-1]))


def arrays(part: Signature, at: int) -> list[tuple[int, int]]:
    """The large arrays of a structure: first place and size."""
    return [(first, size(x)) for x, first in leaves(part, at) if x[0] == "array" and size(x) >= LARGE]


def filler(part: Signature, first: int, memory: Memory, segments: Segments) -> Callable[[Any], None]:
    """A function that puts a structure's numbers into memory, from place `first` on.

    It raises `LookupError` for another structure.
    """
    view, last = memory.view, first + size(part)
    if part == "float":

        def fill_float(x: Any) -> None:
            if type(x) is not float:
                raise LookupError
            view[first] = x

        return fill_float
    kind, *parts = part
    if kind == "floats":

        def fill_floats(x: Any) -> None:
            if type(x) is not list or set(map(type, x)) != {float}:
                raise LookupError
            view[first:last] = array("d", x)

        return fill_floats
    if kind == "array":
        return _array_filler(parts[0], first, last, memory, *segments.get(first, (0, (first, last))))
    if kind == "static":

        def fill_static(x: Any) -> None:
            if x is not parts[1] and (type(x) is not parts[0] or x != parts[1]):
                raise LookupError

        return fill_static
    cls = {"list": list, "dict": dict}.get(kind) or parts[0]
    keys, kinds = parts[:2] if kind == "dict" else (None, None)
    rows = set(parts[-1])
    if keys is None and (rows == {"float"} or (len(rows) == 1 and len(parts[-1]) > 1 and rows.pop()[0] == "floats")):
        return _rows_filler(cls, parts[-1], view, first, last)
    children = []
    for child in parts[-1]:
        children.append(filler(child, first, memory, segments))
        first += size(child)
    n = len(children)
    if n == 1 and keys is None:
        (only,) = children

        def fill_one(x: Any) -> None:
            if type(x) is not cls or len(x) != 1:
                raise LookupError
            only(x[0])

        return fill_one

    def fill(x: Any) -> None:
        if type(x) is not cls or len(x) != n or (keys is not None and (tuple(x) != keys or tuple(map(type, x)) != kinds)):
            raise LookupError
        for child, y in zip(children, x if keys is None else x.values(), strict=True):
            child(y)

    return fill


def _rows_filler(cls: Any, parts: Sequence[Signature], view: Any, first: int, last: int) -> Callable[[Any], None]:
    """Numbers, or lists of numbers as long as each other, by one copy."""
    flat, n, width = parts[0] == "float", len(parts), size(parts[0])

    def fill_rows(x: Any) -> None:
        if type(x) is not cls or len(x) != n:
            raise LookupError
        if not flat:
            if set(map(type, x)) != {list} or set(map(len, x)) != {width}:
                raise LookupError
            numbers = list(chain.from_iterable(x))
        else:
            numbers = x
        if set(map(type, numbers)) != {float}:
            raise LookupError
        view[first:last] = array("d", numbers)

    return fill_rows


def _array_filler(
    shape: tuple[int, ...], first: int, last: int, memory: Memory, segment: int, needed: tuple[int, int]
) -> Callable[[Any], None]:
    import numpy as np

    view, (low, high), several = memory.view, needed, len(shape) != 1
    ndarray, double = np.ndarray, np.dtype(np.float64)

    def fill(x: Any) -> None:
        if type(x) is not ndarray or x.shape != shape:
            raise LookupError
        flat = x.reshape(-1) if several else x
        if segment and x.dtype is double:
            try:
                exported = _address(x)
            except (TypeError, ValueError, BufferError):  # it is not contiguous, or not to be written to
                pass
            else:
                memory.segments[segment] = ctypes.addressof(exported)
                memory.read.append(exported)  # another thread may let go of the array, or resize it
                if low < high:
                    view[low:high] = flat[low - first : high - first]
                return
        view[first:last] = flat

    return fill


def maker(segment: int, n: int, memory: Memory) -> Callable[[], None]:
    """A function that makes a new array of n results, for a call to write into."""
    import numpy as np

    def make() -> None:
        memory.made[segment] = y = np.empty(n)
        memory.segments[segment] = ctypes.addressof(_address(y))

    return make


def builder(part: Signature, first: int, memory: Memory, segments: dict[int, int]) -> Callable[[], Any]:
    """A function from memory to the structure whose numbers stand there from place `first` on.

    `segments` are those of large arrays by their first places; such an array was made for the call, or not.
    """
    view, last = memory.view, first + size(part)
    if part == "float":
        return lambda: view[first]
    kind, *parts = part
    if kind == "floats" or (kind == "list" and parts[0] and {*parts[0]} == {"float"}):
        numbers: memoryview = view[first:last]
        return numbers.tolist
    if kind == "array":
        import numpy as np

        shape = parts[0]
        here = np.frombuffer(view[first:last]).reshape(shape) if first < last else np.empty(shape)
        segment = segments.get(first)

        def build_large() -> Any:
            y = memory.made.pop(segment, None)
            return here.copy() if y is None else y if len(shape) == 1 else y.reshape(shape)

        return here.copy if segment is None else build_large
    if kind == "static":
        return lambda: parts[1]
    children = []
    for child in parts[-1]:
        children.append(builder(child, first, memory, segments))
        first += size(child)
    if kind == "list":
        return lambda: [child() for child in children]
    if kind == "dict":
        return lambda: {key: child() for key, child in zip(parts[0], children, strict=True)}
    cls = parts[0]
    if hasattr(cls, "_fields"):
        return lambda: cls(*[child() for child in children])
    if cls is tuple and len(children) == 2:
        left, right = children
        return lambda: (left(), right())
    return lambda: cls([child() for child in children])
