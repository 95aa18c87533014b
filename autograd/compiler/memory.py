"""Arguments into memory, and results out of it: functions made once for a program, from the structure of its arguments.

Taking a call apart as tracing does costs a look at every number. A program knows what to expect, so its functions only check
that it is so, and copy. Large arrays are not even copied: where a program's executor has *segments*, it is told the address of
the caller's array, and reads there; results are written straight into a new array.
"""

import ctypes
from array import array
from collections.abc import Callable
from typing import Any

from autograd._engine.bulk import put
from autograd._engine.numbers import is_array
from autograd._engine.structures import ARRAY, LEAF, LIST, TUPLE, Step, TreeDef
from autograd.compiler.trace import STATIC

MIN_SHARED = 4_000
"""Arrays of at least this many numbers are read and written where they are: for fewer, asking for an address takes longer."""

Memory = Any
"""What an executor gives for one call at a time: `view`, a memoryview of doubles, and if it has segments, their addresses."""
Segments = dict[int, tuple[int, tuple[int, int]]]
"""By the first place of a large array: its segment, and which part of it the memory needs all the same."""
Fill = Callable[[Any], None]
_address: Any = ctypes.c_char.from_buffer
_FLOATS = frozenset({float})
_STATIC_TYPES = {int, bool, str, type(None)}


def sketch(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """A cheap cache key: type, length or shape of each argument. Arguments of equal sketches may still differ.

    >>> from autograd.compiler.memory import sketch
    >>> sketch((1.5, [1.0, 2.0], 3))
    (<class 'float'>, 2, 3)
    """
    return tuple([
        len(x) if kind is list or kind is tuple or kind is dict
        else x if kind in _STATIC_TYPES
        else x.shape if is_array(x)
        else kind
        for x, kind in zip(args, map(type, args), strict=True)
    ])  # fmt: skip


def size(treedef: TreeDef) -> int:
    """How many numbers a structure has."""
    return sum(n for _, _, n, flat in treedef if flat)


def large_arrays(treedef: TreeDef, at: int) -> list[tuple[int, int]]:
    """First place and size of each large array of a structure, whose numbers stand from place `at` on."""
    found = []
    for kind, _, n, flat in treedef:
        if flat:
            if kind is ARRAY and n >= MIN_SHARED:
                found.append((at, n))
            at += n
    return found


# ---- arguments


def filler(treedef: TreeDef, first: int, memory: Memory, segments: Segments) -> Fill:
    """A function that puts a structure's numbers into memory, from place `first` on.

    It raises `LookupError` or `ValueError` for another structure.
    """
    stack: list[tuple[Step, Fill, int]] = []
    for step in treedef:
        _, _, n, flat = step
        if flat:
            stack.append((step, _number_filler(step, first, memory, segments), first))
            first += n
        else:
            at = len(stack) - n
            steps, fills, firsts = zip(*stack[at:], strict=True)
            stack[at:] = [(step, _rows_filler(step, steps, firsts[0], memory) or _filler(step, fills), firsts[0])]
    return stack[0][1]


def _number_filler(step: Step, first: int, memory: Memory, segments: Segments) -> Fill:
    """Of a structure whose children all are numbers."""
    (kind, aux, n, _), view = step, memory.view
    last, cls, flatten = first + n, kind.cls, kind.flatten

    def fill_float(x: Any) -> None:
        if type(x) is not float:
            raise LookupError
        view[first] = x

    def fill_sequence(x: Any) -> None:
        if type(x) is not cls or not put(x, view, first, n, 0):
            raise LookupError

    def fill_static(x: Any) -> None:
        if x is not aux[1] and (type(x) is not aux[0] or x != aux[1]):
            raise LookupError

    def fill_any(x: Any) -> None:
        if type(x) is not cls:
            raise LookupError
        numbers, given = flatten(x)
        if given != aux or not _FLOATS.issuperset(map(type, numbers)):
            raise LookupError
        view[first:last] = array("d", numbers)

    if kind is ARRAY:
        return _array_filler(aux, first, last, memory, *segments.get(first, (0, (first, last))))
    if kind is TUPLE and n == 1:  # the arguments of a call, mostly
        return _filler(step, (fill_float,))
    return {LEAF: fill_float, LIST: fill_sequence, TUPLE: fill_sequence, STATIC: fill_static}.get(kind, fill_any)


def _filler(step: Step, children: tuple[Fill, ...]) -> Fill:
    (kind, aux, n, _), only = step, children[0]
    cls, flatten = kind.cls, kind.flatten

    def fill_one(x: Any) -> None:
        if type(x) is not cls or len(x) != 1:
            raise LookupError
        only(x[0])

    def fill(x: Any) -> None:
        if type(x) is not cls:
            raise LookupError
        parts, given = flatten(x)
        if len(parts) != n or given != aux:
            raise LookupError
        for child, part in zip(children, parts, strict=True):
            child(part)

    return fill_one if n == 1 and kind in {LIST, TUPLE} else fill


def _rows_filler(step: Step, children: tuple[Step, ...], first: int, memory: Memory) -> Fill | None:
    """Of lists of numbers as long as each other: by one copy."""
    (kind, _, n, _), (inner, _, width, flat), view = step, children[0], memory.view
    cls = kind.cls

    def fill_rows(x: Any) -> None:
        if type(x) is not cls or not put(x, view, first, n, width):
            raise LookupError

    alike = flat and width > 0 and n > 1 and set(children) == {children[0]}
    return fill_rows if kind in {LIST, TUPLE} and inner is LIST and alike else None


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


# ---- results


def maker(segment: int, n: int, memory: Memory) -> Callable[[], None]:
    """A function that makes a new array of n results, for a call to write into."""
    import numpy as np

    def make() -> None:
        memory.made[segment] = y = np.empty(n)
        memory.segments[segment] = ctypes.addressof(_address(y))

    return make


def builder(treedef: TreeDef, first: int, memory: Memory, segments: dict[int, int]) -> Callable[[], Any]:
    """A function from memory to the structure whose numbers stand there from place `first` on.

    `segments` are those of large arrays by their first places; such an array was made for the call, or not.
    """
    stack: list[Callable[[], Any]] = []
    for step in treedef:
        _, _, n, flat = step
        if flat:
            stack.append(_number_builder(step, first, memory, segments.get(first)))
            first += n
        else:
            at = len(stack) - n
            stack[at:] = [_builder(step, stack[at:])]
    return stack[0]


def _number_builder(step: Step, first: int, memory: Memory, segment: int | None) -> Callable[[], Any]:
    (kind, aux, n, _), view = step, memory.view
    unflatten, numbers = kind.unflatten, view[first : first + n]
    if kind is LEAF:
        return lambda: view[first]
    if kind is STATIC:
        return lambda: aux[1]
    if kind is not ARRAY:
        tolist: Callable[[], list[float]] = numbers.tolist
        return tolist if kind is LIST else lambda: unflatten(aux, tolist())
    import numpy as np

    here = np.frombuffer(numbers).reshape(aux) if n else np.empty(aux)

    def build_large() -> Any:
        y = memory.made.pop(segment, None)
        return here.copy() if y is None else y if len(aux) == 1 else y.reshape(aux)

    return here.copy if segment is None else build_large


def _builder(step: Step, children: list[Callable[[], Any]]) -> Callable[[], Any]:
    kind, aux, n, _ = step
    unflatten = kind.unflatten
    if kind is TUPLE and n == 2:  # a value and its gradient, mostly
        left, right = children
        return lambda: (left(), right())
    if kind is LIST:
        return lambda: [child() for child in children]
    return lambda: unflatten(aux, [child() for child in children])
