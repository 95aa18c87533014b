"""Arguments to memory, memory to results: one function each, made once for a program from its signature.

Taking a call apart as tracing does costs a look at every number. A program knows what to expect, so its functions only
check that it is so, and copy. The trick for large arrays is not to copy either: where a program's executor has *segments*,
it is told the address of the caller's array, and reads there; results are written straight into a new array.
"""

import ctypes
import math
from array import array
from collections.abc import Callable, Iterator
from typing import Any

from autograd.compiler.trace import Signature

LARGE = 512
"""Arrays of at least so many numbers are read and written where they are."""

Fill = Callable[[Any, Any], None]
Build = Callable[[Any], Any]
_address: Any = ctypes.c_char.from_buffer


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


def filler(part: Signature, first: int, segments: dict[int, tuple[int, tuple[int, int]]]) -> Fill:
    """A function that puts a structure's numbers into memory, from place `first` on; `LookupError` if it is another structure.

    `segments` are those of large arrays by their first places, and which part of them the memory needs all the same.
    """
    last = first + size(part)
    if part == "float":

        def fill_float(x: Any, memory: Any) -> None:
            if type(x) is not float:
                raise LookupError
            memory.view[first] = x

        return fill_float
    kind, *parts = part
    if kind == "floats":

        def fill_floats(x: Any, memory: Any) -> None:
            if type(x) is not list or set(map(type, x)) != {float}:
                raise LookupError
            memory.view[first:last] = array("d", x)

        return fill_floats
    if kind == "array":
        return _array_filler(parts[0], first, last, *segments.get(first, (0, (first, last))))
    if kind == "static":

        def fill_static(x: Any, _: Any) -> None:
            if x is not parts[1] and (type(x) is not parts[0] or x != parts[1]):
                raise LookupError

        return fill_static
    cls = {"list": list, "dict": dict}.get(kind) or parts[0]
    keys = parts[0] if kind == "dict" else None
    children = []
    for child in parts[-1]:
        children.append(filler(child, first, segments))
        first += size(child)

    def fill(x: Any, memory: Any) -> None:
        if type(x) is not cls or len(x) != len(children) or (keys is not None and tuple(x) != keys):
            raise LookupError
        for child, y in zip(children, x if keys is None else x.values(), strict=True):
            child(y, memory)

    return fill


def _array_filler(shape: tuple[int, ...], first: int, last: int, segment: int, needed: tuple[int, int]) -> Fill:
    import numpy as np

    low, high = needed
    double = np.dtype(np.float64)

    def fill(x: Any, memory: Any) -> None:
        if type(x) is not np.ndarray or x.shape != shape:
            raise LookupError
        flat = x if len(shape) == 1 else x.reshape(-1)
        if segment and x.dtype is double:
            try:
                memory.segments[segment] = ctypes.addressof(_address(x))
            except (TypeError, ValueError, BufferError):  # it is not contiguous, or not to be written to
                pass
            else:
                if low < high:
                    memory.view[low:high] = flat[low - first : high - first]
                return
        memory.view[first:last] = flat

    return fill


def maker(segment: int, n: int) -> Callable[[Any], None]:
    """A function that makes a new array of n results, for a call to write into."""
    import numpy as np

    def make(memory: Any) -> None:
        memory.made[segment] = y = np.empty(n)
        memory.segments[segment] = ctypes.addressof(_address(y))

    return make


def builder(part: Signature, first: int, segments: dict[int, int]) -> Build:
    """A function from memory to the structure whose numbers stand there from place `first` on.

    `segments` are those of large arrays by their first places; such an array was made for the call, or not.
    """
    last = first + size(part)
    if part == "float":
        return lambda memory: memory.view[first]
    kind, *parts = part
    if kind == "floats" or (kind == "list" and parts[0] and {*parts[0]} == {"float"}):
        return lambda memory: memory.view[first:last].tolist()
    if kind == "array":
        import numpy as np

        (shape,) = parts
        segment = segments.get(first, 0)
        if segment:

            def build_large(memory: Any) -> Any:
                y = memory.made.pop(segment, None)
                return (np.array(memory.view[first:last]) if y is None else y).reshape(shape)

            return build_large
        if len(shape) == 1:
            return lambda memory: np.array(memory.view[first:last])
        return lambda memory: np.array(memory.view[first:last]).reshape(shape)
    if kind == "static":
        return lambda _: parts[1]
    children = []
    for child in parts[-1]:
        children.append(builder(child, first, segments))
        first += size(child)
    if kind == "list":
        return lambda memory: [child(memory) for child in children]
    if kind == "dict":
        return lambda memory: {key: child(memory) for key, child in zip(parts[0], children, strict=True)}
    cls = parts[0]
    if hasattr(cls, "_fields"):
        return lambda memory: cls(*[child(memory) for child in children])
    if cls is tuple and len(children) == 2:
        left, right = children
        return lambda memory: (left(memory), right(memory))
    return lambda memory: cls([child(memory) for child in children])
