"""Structures of numbers: lists, tuples, dicts, arrays, dataclasses and registered classes, nested, as JAX's pytrees.

`Kind` says how objects of one class are taken apart and built; `register_pytree_node` adds one. `take_apart` walks a structure
into its numbers and a `TreeDef`, a flat and hashable description of the rest, and `build` walks back. Transforms use these by
`flatten`, the compiler also as the key of a program. Nothing here recurses, so nesting is bounded by memory only.
"""

import math
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import Any

from autograd._engine import tracing
from autograd._engine.numbers import is_array, number
from autograd.value import Value

Children = Sequence[Any]


class Kind:
    """How objects of a class are taken apart, into children and what else is needed to build them again."""

    __slots__ = ("cls", "flatten", "names", "unflatten")

    def __init__(
        self,
        cls: type,
        flatten: Callable[[Any], tuple[Children, Hashable]],
        unflatten: Callable[[Any, Children], Any],
        names: Callable[[Any, int], str] = lambda _, k: f"[{k}]",
    ) -> None:
        self.cls: Any = cls
        self.flatten, self.unflatten = flatten, unflatten
        self.names = names  # how child k is written in an error message

    def __repr__(self) -> str:
        return f"<kind {self.cls.__name__}>"


Step = tuple[Kind, Any, int, bool]
"""(kind, what else is needed, number of children, whether all children are numbers)."""
TreeDef = tuple[Step, ...]
"""A structure without its numbers, children before parents: equal and of one hash for structures alike."""
Rebuild = Callable[[Sequence[Any]], Any]


def _dict_names(aux: Any, k: int) -> str:
    return f"[{aux[0][k]!r}]"


def _build_array(shape: tuple[int, ...], parts: Children) -> Any:
    import numpy as np

    flat = np.empty(math.prod(shape), dtype=np.float64 if {float}.issuperset(map(type, parts)) else object)
    flat[:] = parts
    return flat.reshape(shape)


def _flatten_array(x: Any) -> tuple[list[Any], tuple[int, ...]]:
    items = x.ravel().tolist()
    return list(map(float, items)) if x.dtype.kind in "iub" else items, x.shape


LEAF = Kind(float, lambda x: ([x], None), lambda _, parts: parts[0])
LIST = Kind(list, lambda x: (x, None), lambda _, parts: parts)  # parts are a new list each time
TUPLE = Kind(tuple, lambda x: (x, None), lambda _, parts: tuple(parts))
DICT = Kind(
    dict,
    lambda x: (list(x.values()), (tuple(x), tuple(map(type, x)))),  # keys that are equal may differ: 1 and True
    lambda aux, parts: dict(zip(aux[0], parts, strict=True)),
    _dict_names,
)
NONE = Kind(type(None), lambda _: ((), None), lambda _, __: None)
ARRAY = Kind(object, _flatten_array, _build_array)
NUMBER: Step = (LEAF, None, 1, True)

_registered: dict[type, Kind] = {list: LIST, tuple: TUPLE, dict: DICT, type(None): NONE}
_kinds: dict[type, Kind | None] = {**_registered}  # found for classes met so far


def register_pytree_node(
    cls: type, flatten: Callable[[Any], tuple[Children, Hashable]], unflatten: Callable[[Any, Children], Any]
) -> None:
    """Let objects of this class be arguments and results of transforms and of compiled functions, as lists are.

    `flatten(x)` returns (children, aux): the parts that are differentiated, numbers or structures of them, and whatever else is
    needed to build the object again; for `compile`, aux must be hashable. `unflatten(aux, children)` builds it. Names and order
    are those of JAX. Dataclasses and classes of attrs need no registration: their fields are the children. Raises
    `TypeError` for what is no class, `ValueError` for one that is registered already.

    >>> import autograd
    >>> class Line:
    ...     def __init__(self, slope, offset):
    ...         self.slope, self.offset = slope, offset
    >>> autograd.register_pytree_node(Line, lambda x: ((x.slope, x.offset), None), lambda aux, children: Line(*children))
    >>> gradient = autograd.grad(lambda line: line.slope * 3.0 + line.offset)(Line(2.0, 1.0))
    >>> gradient.slope, gradient.offset
    (3.0, 1.0)
    """
    if not isinstance(cls, type):
        raise TypeError(f"register_pytree_node() takes a class, not {cls!r}")
    if cls in _registered or issubclass(cls, (Value, int, float, complex, str, bytes)) or hasattr(cls, "__array__"):
        raise ValueError(f"{cls.__name__} is registered already, or a number, a text or an array")

    def listed(x: Any) -> tuple[Children, Hashable]:
        children, aux = flatten(x)
        return list(children), aux

    _kinds[cls] = _registered[cls] = Kind(cls, listed, unflatten)


def know(kind: Kind) -> None:
    """Let objects of one more class of the library be structures."""
    _kinds[kind.cls] = kind


def kind_of(cls: type) -> Kind | None:
    """How objects of a class are taken apart; None for those that are no structure (and for arrays)."""
    try:
        return _kinds[cls]
    except KeyError:
        kind = _kinds[cls] = _found(cls)
        return kind


def _found(cls: type) -> Kind | None:
    fields = _fields(cls)
    for base in (dict, list, tuple, BaseException):
        if fields is not None and issubclass(cls, base):
            raise TypeError(
                f"{cls.__name__} has fields and is a {base.__name__} besides: say with autograd.register_pytree_node how it is "
                "taken apart and built"
            )
    if issubclass(cls, dict):
        return DICT
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return Kind(cls, TUPLE.flatten, lambda _, parts: cls(*parts))
    if issubclass(cls, (list, tuple)):
        return Kind(cls, LIST.flatten, lambda _, parts: cls(parts))
    return None if fields is None else _of_fields(cls, fields)


def _fields(cls: Any) -> list[str] | None:
    """The names of the fields of a dataclass or a class of attrs."""
    if hasattr(cls, "__dataclass_fields__"):
        import dataclasses  # whoever has such a class has it imported

        return [field.name for field in dataclasses.fields(cls)]
    return [field.name for field in cls.__attrs_attrs__] if hasattr(cls, "__attrs_attrs__") else None


def _of_fields(cls: type, fields: list[str]) -> Kind:
    """Built without `__init__` and `__post_init__`: these may expect numbers, and a frozen object is filled all the same."""

    def unflatten(_: Any, parts: Children) -> Any:
        x: Any = object.__new__(cls)
        for name, part in zip(fields, parts, strict=True):
            object.__setattr__(x, name, part)
        return x

    several = attrgetter(*fields) if len(fields) > 1 else lambda x: [getattr(x, name) for name in fields]
    return Kind(cls, lambda x: (several(x), None), unflatten, lambda _, k: f".{fields[k]}")


def take_apart(tree: Any, leaves: list[Any], what: str, atom: Callable[[Any, str], Step | float]) -> TreeDef:
    """The structure of `tree`; its numbers, floats and Values and whatever records itself, are appended to `leaves`.

    For what is neither a structure nor such a number, `atom(x, place)` returns a number to take in its place, or a step of the
    structure. Raises `ValueError` for a structure that contains itself; `what` is the tree's name in messages.
    """
    steps: list[Step] = []
    numbers = {Value, float, *tracing.kinds}
    entered: set[int] = set()
    todo: list[tuple[Any, Any, Step | None]] = [(tree, what, None)]  # a structure is put back, under its children
    while todo:
        node, path, finished = todo.pop()
        if finished is not None:
            steps.append(finished)
            entered.discard(id(node))
            continue
        cls = type(node)
        if cls in numbers:
            leaves.append(node)
            steps.append(NUMBER)
            continue
        kind = kind_of(cls) or (ARRAY if is_array(node) else None)
        if kind is None:
            found = atom(node, _place(path) if type(path) is tuple else path)
            if type(found) is float:
                leaves.append(found)
                found = NUMBER
            steps.append(found)  # type: ignore[arg-type]
            continue
        children, aux = kind.flatten(node)
        if numbers.issuperset(map(type, children)):
            leaves += children
            steps.append((kind, aux, len(children), True))
            continue
        if id(node) in entered:
            raise ValueError(f"{_place(path)} contains itself")
        entered.add(id(node))
        todo.append((node, path, (kind, aux, len(children), False)))
        todo += [(child, (path, kind, aux, k), None) for k, child in enumerate(children)][::-1]
    return tuple(steps)


def shape(tree: Any, leaves: list[Any], what: str) -> TreeDef:
    """The same for numbers of any kind: structures that are alike have one description, be their numbers ints or floats."""
    at = len(leaves)
    treedef = take_apart(tree, leaves, what, only_numbers)
    if any(step is NUMBER for step in treedef):  # of a structure that holds ints, say
        treedef = take_apart(build(treedef, iter([0.0] * (len(leaves) - at))), [], what, only_numbers)
    return treedef


def _place(path: Any) -> str:
    """Where in the structure, as an expression: argument 0['w'][1]."""
    keys = []
    while type(path) is tuple:
        path, kind, aux, k = path
        keys.append(kind.names(aux, k))
    return "".join([path, *reversed(keys)])


def build(treedef: TreeDef, numbers: Iterator[Any]) -> Any:
    """The structure around these numbers."""
    stack: list[Any] = []
    for kind, aux, n, flat in treedef:
        if flat:
            stack.append(kind.unflatten(aux, list(islice(numbers, n))))
        else:
            at = len(stack) - n
            stack[at:] = [kind.unflatten(aux, stack[at:])]
    return stack[0]


def children_of(treedef: TreeDef) -> list[TreeDef]:
    """The structures of the children, each by itself."""
    *steps, (_, _, n, flat) = treedef
    if flat:
        return [(NUMBER,)] * n
    starts: list[int] = []
    for i, (_, _, n, flat) in enumerate(steps):
        at = len(starts) if flat else len(starts) - n
        starts[at:] = [starts[at] if at < len(starts) else i]
    return [tuple(steps[a:b]) for a, b in zip(starts, [*starts[1:], len(steps)], strict=True)]


def flatten(tree: Any, what: str = "argument") -> tuple[list[Any], Rebuild]:
    """The leaves of `tree`, Values and floats from left to right, and the function that rebuilds the structure.

    `None` is an empty structure. Raises `TypeError` that names the place of a leaf that is no number, `ValueError` for a
    structure that contains itself.

    >>> from autograd._engine.structures import flatten
    >>> leaves, rebuild = flatten({"w": [1, 2], "b": (3.5,)})
    >>> leaves, rebuild([10, 20, 30])
    ([1.0, 2.0, 3.5], {'w': [10, 20], 'b': (30,)})
    """
    kind = type(tree)
    if kind is Value or kind is float:
        return [tree], partial(_rebuilt, None, 1)
    if kind is list and tree and _VALUES_AND_FLOATS.issuperset(map(type, tree)):
        return tree.copy(), partial(_rebuilt, list, len(tree))
    leaves: list[Any] = []
    treedef = take_apart(tree, leaves, what, only_numbers)
    return leaves, partial(_rebuilt, treedef, len(leaves))


_VALUES_AND_FLOATS = {Value, float}


def _rebuilt(treedef: TreeDef | type[list[Any]] | None, n: int, numbers: Sequence[Any]) -> Any:
    """The structure around these numbers: a number itself, a flat list, which are the most frequent, or any other."""
    if len(numbers) != n:
        raise ValueError(f"the structure has {n} leaves, not {len(numbers)}")
    if treedef is None:
        return numbers[0]
    return list(numbers) if treedef is list else build(treedef, iter(numbers))  # type: ignore[arg-type]


def only_numbers(x: Any, place: str) -> float:
    """What is no structure, as a float. Raises `TypeError` that names its place if it is no number."""
    y = number(x)
    if y is NotImplemented:
        raise TypeError(
            f"{place} is of type {type(x).__name__}: only floats, Values, and lists, tuples, dicts, NumPy arrays and "
            "dataclasses of them can be differentiated (autograd.register_pytree_node makes a class one of these)"
        )
    return y  # type: ignore[no-any-return]
