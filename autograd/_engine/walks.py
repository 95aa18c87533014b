"""Walks of a recorded graph: operands, order of recording, leaves. None of them recurses.

A Value is always recorded after its operands, and carries its number in that order; so any set of Values, sorted by that
number, is in topological order. What reaches a node is found first, then sorted. An operand that is no Value is a float.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from autograd._engine import accelerator
from autograd._engine.numbers import describe
from autograd.errors import StaleValueError

Node = Any
"""A `Value`, whose class is made later, of operators that need this module."""

recorded_at = attrgetter("_seq")


def operands(v: Node) -> tuple[Any, ...]:
    """What `v` was computed from, in order: Values, and floats for constants; () for a leaf.

    >>> from autograd import Value
    >>> from autograd._engine.walks import operands
    >>> operands(Value(2.0) * 3)
    (Value(data=2.0, grad=0.0), 3.0)
    """
    if v._op is None:
        return ()
    if v._op.arity == 1:
        return (v._a,)
    return (v._a, v._b) if v._op.arity == 2 else v._a


def ancestors(*roots: Node, since: int = 0) -> list[Node]:
    """The roots and every Value they were computed from, leaves included, in order of recording.

    With `since`, only those recorded after that number. Raises `StaleValueError` if a leaf's data was assigned after
    something was computed from it; the error names the latest such computation.

    >>> from autograd import Value
    >>> from autograd._engine.walks import ancestors
    >>> x = Value(2.0)
    >>> [v.data for v in ancestors(x * x + 1)]
    [2.0, 4.0, 5.0]
    """
    found = [v for v in dict.fromkeys(roots) if v._seq > since]
    seen = set(found)
    changed: tuple[Node, Node] | None = None
    for v in found:
        for x in operands(v):
            if type(x) is not float:
                if x._op is None and x._b is not None and x._b > v._seq and (changed is None or changed[1]._seq < v._seq):
                    changed = x, v
                if x not in seen and x._seq > since:
                    seen.add(x)
                    found.append(x)
    if changed is not None:
        raise stale(*changed)
    found.sort(key=recorded_at)
    return found


def reaches_before(roots: Sequence[Node], since: int) -> bool:
    """Whether the roots depend on anything recorded up to the number `since`."""
    return any(
        type(x) is not float and x._seq <= since for v in (*roots, *ancestors(*roots, since=since)) for x in (v, *operands(v))
    )


def leaves(*roots: Node) -> list[Node]:
    """The leaves that the roots were computed from, in order of creation."""
    return [v for v in ancestors(*roots) if v._op is None]


def stale(leaf: Node, v: Node) -> StaleValueError:
    """The error for a leaf that has changed under the graph: its gradient would be taken at the wrong point."""
    return StaleValueError(
        f"the data of the leaf {describe(leaf)} was assigned after {v._op.name if v._op else 'a graph'} was computed from "
        "it; compute the result again before asking for its gradient"
    )


def data(xs: Iterable[Any]) -> list[float]:
    """The numbers of Values and floats."""
    return [x._data if type(x) is not float else x for x in xs]


if accelerator.module is not None:
    operands, ancestors, reaches_before = (
        getattr(accelerator.module, name) for name in ("operands", "ancestors", "reaches_before")
    )
    accelerator.module.setup(stale=stale)
