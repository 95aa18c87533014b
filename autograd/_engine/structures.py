"""Nested lists, tuples, dicts and NumPy arrays of numbers, taken apart to a flat list and put together again.

The trick is that a structure is taken apart once, into its leaves and a function that rebuilds the same structure around any
other leaves of that number. An array comes back as an array: of floats where all leaves are floats, else of objects.
"""

import math
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from autograd._engine import tracing
from autograd._engine.numbers import is_array, number
from autograd.value import Value

Rebuild = Callable[[Sequence[Any]], Any]


def flatten(tree: Any, what: str = "argument") -> tuple[list[Any], Rebuild]:
    """The leaves of `tree`, Values and floats from left to right, and the function that rebuilds the structure.

    Structures are lists, tuples (named ones too), dicts and NumPy arrays; `None` is an empty one. Raises `TypeError` that names
    the place of a leaf that is no number, `ValueError` for a structure that contains itself.

    >>> from autograd._engine.structures import flatten
    >>> leaves, rebuild = flatten({"w": [1, 2], "b": (3.5,)})
    >>> leaves, rebuild([10, 20, 30])
    ([1.0, 2.0, 3.5], {'w': [10, 20], 'b': (30,)})
    """
    leaves: list[Any] = []
    # No recursion: a structure is put back, to be finished, under its children.
    # Its maker takes so many parts: of what is finished, or where all are numbers, of the leaves themselves.
    finished: list[tuple[Callable[[Sequence[Any]], Any], int, bool]] = []
    numbers = {Value, float, *tracing.kinds}
    entered: set[int] = set()
    todo: list[tuple[Any, Any, bool]] = [(tree, what, False)]
    while todo:
        node, path, done = todo.pop()
        if done:
            maker, n, key = node
            finished.append((maker, n, False))
            entered.discard(key)
            continue
        if id(node) in entered:
            raise ValueError(f"{_place(path)} contains itself")
        maker, children = _parts(node, path)
        if maker is _leaf or numbers.issuperset(map(type, children)):
            leaves += children
            finished.append((maker, len(children), True))
            continue
        todo.append(((maker, len(children), id(node)), path, True))
        entered.add(id(node))
        keys = node if isinstance(node, dict) else range(len(children))
        todo += reversed([(child, (path, key), False) for key, child in zip(keys, children, strict=True)])

    def rebuild(new: Sequence[Any]) -> Any:
        if len(new) != len(leaves):
            raise ValueError(f"the structure has {len(leaves)} leaves, not {len(new)}")
        left = iter(new)
        stack: list[Any] = []
        for maker, n, flat in finished:
            parts = list(islice(left, n)) if flat else stack[len(stack) - n :]
            if not flat:
                del stack[len(stack) - n :]
            stack.append(maker(parts))
        return stack[0]

    return leaves, rebuild


def _leaf(parts: Sequence[Any]) -> Any:
    return parts[0]


def _place(path: Any) -> str:
    """Where in the structure, as an expression: (("argument 0", "w"), 1) is argument 0['w'][1]."""
    keys = []
    while type(path) is tuple:
        path, key = path
        keys.append(f"[{key!r}]")
    return "".join([path, *reversed(keys)])


def _parts(node: Any, path: Any) -> tuple[Callable[[Sequence[Any]], Any], list[Any]]:
    """How to rebuild a structure from its children, and the children; of a leaf, the number itself."""
    if type(node) is Value or type(node) is float or type(node) in tracing.kinds:
        return _leaf, [node]
    if node is None:
        return (lambda _: None), []
    if isinstance(node, dict):
        keys = list(node)
        return (lambda parts: dict(zip(keys, parts, strict=True))), list(node.values())
    if isinstance(node, tuple) and hasattr(node, "_fields"):
        return (lambda parts: type(node)(*parts)), list(node)
    if isinstance(node, (list, tuple)):
        return type(node), list(node)
    if is_array(node):
        return _array_maker(node.shape), node.ravel().tolist()
    x = number(node)
    if x is NotImplemented:
        raise TypeError(
            f"{_place(path)} is of type {type(node).__name__}: only floats, Values, and lists, tuples, dicts and NumPy arrays "
            "of them can be differentiated"
        )
    return _leaf, [x]


def _array_maker(shape: tuple[int, ...]) -> Callable[[Sequence[Any]], Any]:
    def array(parts: Sequence[Any]) -> Any:
        import numpy as np

        kind = np.float64 if {float}.issuperset(map(type, parts)) else object
        flat = np.empty(math.prod(shape), dtype=kind)
        flat[:] = parts
        return flat.reshape(shape)

    return array
