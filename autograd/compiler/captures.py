"""Numbers that a traced function finds outside of its arguments: constants of its program, so a new value traces again.

A float or int that the function, or one that it calls, closes over or reads as a global variable is remembered, and compared at
each call. What stands in lists, attributes and other objects is not.
"""

from collections.abc import Callable, Iterator
from functools import partial
from types import CodeType, FunctionType, MethodType
from typing import Any

MAX_FUNCTIONS = 500
"""How many functions are looked at, from one to those it names."""
_NUMBERS = {float, int}
_OURS = {"autograd", "nn"}


class Captures:
    """The numbers that a function finds outside; `changed()` tells whether one is another now. `compiled` are its wrappers."""

    __slots__ = ("cells", "variables")

    def __init__(self, f: Callable[..., Any], compiled: type) -> None:
        self.cells: list[tuple[Any, Any]] = []
        self.variables: list[tuple[dict[str, Any], str, Any]] = []
        seen: set[int] = set()
        ways: dict[type, str] = {compiled: "__wrapped__", MethodType: "__func__", partial: "func"}
        todo: list[Any] = [f]
        while todo and len(seen) < MAX_FUNCTIONS:
            g = todo.pop()
            while type(g) in ways:
                g = getattr(g, ways[type(g)])
            if type(g) is not FunctionType or id(g) in seen:  # nothing is asked of other objects: they may answer anything
                continue
            seen.add(id(g))
            for cell in g.__closure__ or ():
                try:
                    x = cell.cell_contents
                except ValueError:  # it is empty yet
                    continue
                if type(x) in _NUMBERS:
                    self.cells.append((cell, x))
                else:
                    todo.append(x)
            space = g.__globals__
            if str(space.get("__name__")).partition(".")[0] in _OURS:
                continue
            for name in {name for part in _codes(g.__code__) for name in part.co_names} & space.keys():
                x = space[name]
                if type(x) in _NUMBERS:
                    self.variables.append((space, name, x))
                else:
                    todo.append(x)

    def changed(self) -> bool:
        """Whether one of the numbers is not what it was."""
        try:
            for cell, x in self.cells:
                if cell.cell_contents is not x and not _alike(cell.cell_contents, x):
                    return True
        except ValueError:
            return True
        for space, name, x in self.variables:
            y = space.get(name)
            if y is not x and not _alike(y, x):
                return True
        return False


def _alike(x: Any, y: Any) -> bool:
    return type(x) is type(y) and (x == y or (x != x and y != y)) and str(x) == str(y)  # 0.0 and −0.0 differ


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A function's code, and that of functions written within it."""
    yield code
    for x in code.co_consts:
        if isinstance(x, CodeType):
            yield from _codes(x)
