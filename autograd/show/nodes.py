"""A recorded graph as plain data: what pictures and pages are made from, once the numbers are as they were.

A `Node` is a copy: numbers, names, and the places of its operands in the list of nodes, no `Value`. So a picture stays what it
was when training goes on, and no later step needs the engine.
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from autograd._engine.walks import ancestors, operands
from autograd.chain import partials
from autograd.errors import AutogradError
from autograd.show.ink import name
from autograd.table import Op
from autograd.value import Value


class Node(NamedTuple):
    """One Value: `operands` are places in the list, or floats for constants; "…" where what it came from was left out."""

    kind: str  # input, parameter or operation
    op: Op | None
    operands: tuple[int | float | str, ...]
    locals: tuple[float | None, ...]
    data: float
    grad: float | None
    label: str
    scope: tuple[str, ...]
    sources: tuple[int, ...] = ()  # the operands that are places


_WEIGHT = re.compile(r"([wWθΘ]|weights?|theta)([\W_\d].*)?", re.DOTALL)
_BIAS = re.compile(r"(b|bias|beta|gamma)([\W_\d].*)?", re.DOTALL)
_MODULES = re.compile(r"(\w+\.\d+)(\.\w+\.\d+)*")
_PARAMETER = re.compile(r"(?:\w+\.)*(w|b)(?:eights?|ias)?(?:\.(\d{1,4}))?")


def scopes(names: Sequence[str]) -> tuple[str, ...]:
    """Scopes as pictures name them: a module's path becomes one scope for each module in it.

    >>> scopes(("layers.0.neurons.3", "loss"))
    ('layer 1', 'neuron 4', 'loss')
    """
    found: list[str] = []
    for scope in names:
        if not _MODULES.fullmatch(scope):
            found.append(scope)
            continue
        parts = scope.split(".")
        found += [f"{kind.removesuffix('s')} {int(k) + 1}" for kind, k in zip(parts[::2], parts[1::2], strict=True)]
    return tuple(found)


def short(label: str) -> str:
    """A leaf's label as pictures show it: a parameter's path in its module becomes w1, w2, … and b.

    >>> short("layers.0.neurons.3.weights.1"), short("layers.0.neurons.3.bias"), short("x1")
    ('w2', 'b', 'x1')
    """
    if "." not in label or not (match := _PARAMETER.fullmatch(label)):
        return label
    return f"{match[1]}{int(match[2]) + 1}" if match[2] else match[1]


def trace(
    values: Sequence[Value],
    parameters: Collection[Value] | None = None,
    *,
    locals: bool = True,
    grads: Mapping[Value, float] | None = None,
) -> list[Node]:
    """The nodes of these Values, which are in order of recording; operands outside them are cut off.

    Without `parameters`, a leaf is one if it carries a scope, as those of modules do, or is called like a weight: `w`, `w1`,
    `theta`; `b` and `bias` where there is such a weight too. Without `locals` no local derivative is computed. `grads` are
    shown in place of what the last backward pass left.
    """
    places = {v: i for i, v in enumerate(values)}
    chosen = set(parameters) if parameters is not None else _parameters([v for v in values if v.is_leaf])
    return [_node(v, places, chosen, grads, locals=locals) for v in values]


def _parameters(leaves: list[Value]) -> set[Value]:
    names = {v: short(v.label) for v in leaves}
    weights = {v for v, label in names.items() if v.scope or _WEIGHT.fullmatch(label)}
    return weights | {v for v, label in names.items() if weights and _BIAS.fullmatch(label)}


def _node(
    v: Value, places: dict[Value, int], parameters: set[Value], grads: Mapping[Value, float] | None, *, locals: bool
) -> Node:
    grad = (v.grad if v.reached else None) if grads is None else grads.get(v, 0.0)
    if v.is_leaf:
        kind = "parameter" if v in parameters else "input"
        return Node(kind, None, (), (), v.data, grad, short(v.label), scopes(v.scope))
    xs: tuple[Any, ...] = tuple(places.get(x, "…") if type(x) is Value else x for x in operands(v))
    sources = tuple([x for x in xs if type(x) is int])
    if not locals:
        return Node("operation", v._op, xs, (None,) * len(xs), v.data, grad, v.label, scopes(v.scope), sources)
    try:
        local = tuple(partials(v))
    except AutogradError:  # a derivative that does not exist is drawn as one, not raised
        local = tuple(math.nan if type(x) is not float else None for x in xs)
    return Node("operation", v._op, xs, local, v.data, grad, v.label, scopes(v.scope), sources)


def nearest(y: Value, count: int) -> list[Value]:
    """The `count` Values nearest to `y`, by the number of steps, in order of recording."""
    found, seen = [y], {y}
    for v in found:
        if len(found) >= count:
            break
        for x in operands(v):
            if type(x) is Value and x not in seen and len(found) < count:
                seen.add(x)
                found.append(x)
    chosen = set(found)
    return [v for v in ancestors(y) if v in chosen]


def title(node: Node, place: int) -> str:
    """What to call a node in a sentence: its label, or v and its place."""
    return name(node.label) or f"v{place}"
