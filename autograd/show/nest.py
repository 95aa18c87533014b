"""A layout with scopes: boxes in boxes, none of which overlap, and arrows that enter and leave them.

The innermost scopes are laid out first, each on its own; then each is one item of the scope around it. Where an arrow crosses
the border, both layouts know: inside, a way in or out of no size keeps a lane free; outside, the box has a port at the height
that the inside found. An arrow's route is then the pieces found at each level, joined.

A scope that the arrows leave and enter again could not be one box without going round in circles; its border is not drawn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from autograd.show.order import on_cycles, topological
from autograd.show.ranks import Arrow, Item, Point, layout

Scope = tuple[str, ...]
SIDE, TOP, BOTTOM = 14.0, 28.0, 14.0


class Edge(NamedTuple):
    """From a card to the pin of another, `enters` above (−) or below (+) its middle."""

    start: int
    stop: int
    enters: float


class Box(NamedTuple):
    """The border of a scope."""

    scope: Scope
    x: float
    y: float
    width: float
    height: float


class Nested(NamedTuple):
    """Left upper corners of the cards, the points of each edge, the borders from the outside in, and the size.

    `scopes` are those of the cards, without the ones whose borders are not drawn.
    """

    corners: list[Point]
    routes: list[list[Point]]
    boxes: list[Box]
    width: float
    height: float
    scopes: list[Scope]


@dataclass(slots=True)
class _Level:
    """One scope, laid out: what stands where in it, in its own coordinates."""

    cards: list[int] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    edges: list[int] = field(default_factory=list)  # those that start, stop or pass here
    corners: dict[object, Point] = field(default_factory=dict)
    pieces: dict[tuple[int, object], list[Point]] = field(default_factory=dict)
    ways_in: dict[int, float] = field(default_factory=dict)  # by card the edge comes from: the height of the port
    ways_out: dict[int, float] = field(default_factory=dict)
    width: float = 0.0
    height: float = 0.0


def nest(
    sizes: Sequence[tuple[float, float]], scopes: Sequence[Scope], edges: Sequence[Edge], title: Callable[[str], float]
) -> Nested:
    """Place cards of these sizes; `title` tells how wide the name of a scope is."""
    scopes = _without_cycles(list(scopes), edges)
    levels = _levels(scopes, edges)
    for scope in sorted(levels, key=len, reverse=True):
        _lay_out(scope, levels, sizes, scopes, edges, title)
    origins: dict[Scope, Point] = {(): (0.0, 0.0)}
    boxes = []
    for scope in sorted(levels, key=len):
        if scope:
            x, y = origins[scope[:-1]]
            dx, dy = levels[scope[:-1]].corners[scope]
            origins[scope] = (x + dx, y + dy)
            boxes.append(Box(scope, x + dx, y + dy, levels[scope].width, levels[scope].height))
    corners = []
    for card, scope in enumerate(scopes):
        (x, y), (dx, dy) = origins[scope], levels[scope].corners[card]
        corners.append((x + dx, y + dy))
    routes = [_route(k, edge, scopes, levels, origins) for k, edge in enumerate(edges)]
    return Nested(corners, routes, boxes, levels[()].width, levels[()].height, scopes)


def _common(a: Scope, b: Scope) -> int:
    k = 0
    while k < min(len(a), len(b)) and a[k] == b[k]:
        k += 1
    return k


def _without_cycles(scopes: list[Scope], edges: Sequence[Edge]) -> list[Scope]:
    """The scopes, without the borders that arrows leave and enter again."""
    for _ in range(20):
        levels: dict[Scope, list[tuple[object, object]]] = {}
        for edge in edges:
            a, b = scopes[edge.start], scopes[edge.stop]
            k = _common(a, b)
            ends = (a[: k + 1] if len(a) > k else edge.start, b[: k + 1] if len(b) > k else edge.stop)
            levels.setdefault(a[:k], []).append(ends)
        borders = {
            item
            for pairs in levels.values()
            for item in on_cycles(dict.fromkeys(x for pair in pairs for x in pair), pairs)
            if isinstance(item, tuple)
        }
        if not borders:
            return scopes
        scopes = [tuple(s for k, s in enumerate(scope) if scope[: k + 1] not in borders) for scope in scopes]
    return [() for _ in scopes]


def _levels(scopes: Sequence[Scope], edges: Sequence[Edge]) -> dict[Scope, _Level]:
    levels: dict[Scope, _Level] = {(): _Level()}
    for card, scope in enumerate(scopes):
        for k in range(1, len(scope) + 1):
            if scope[:k] not in levels:
                levels[scope[:k]] = _Level()
                levels[scope[: k - 1]].scopes.append(scope[:k])
        levels[scope].cards.append(card)
    for k, edge in enumerate(edges):
        a, b = scopes[edge.start], scopes[edge.stop]
        shared = _common(a, b)
        levels[a[:shared]].edges.append(k)
        for scope in (a, b):
            for depth in range(shared + 1, len(scope) + 1):
                levels[scope[:depth]].edges.append(k)
    return levels


def _lay_out(
    scope: Scope,
    levels: dict[Scope, _Level],
    sizes: Sequence[tuple[float, float]],
    scopes: Sequence[Scope],
    edges: Sequence[Edge],
    title: Callable[[str], float],
) -> None:
    level = levels[scope]
    depth = len(scope)
    things: dict[object, Item] = {card: Item(*sizes[card]) for card in level.cards}
    things |= {inner: Item(levels[inner].width, levels[inner].height) for inner in level.scopes}
    links: dict[tuple[int, object], tuple[object, float, object, float]] = {}
    for k in level.edges:
        start, stop, enters = edges[k]
        a, b = scopes[start], scopes[stop]
        leaves = 0.0
        source: object = start
        if a[:depth] != scope:
            source = ("in", start)
            things.setdefault(source, Item(0.0, 0.0, -1))
        elif len(a) > depth:
            source = a[: depth + 1]
            leaves = levels[a[: depth + 1]].ways_out[start]
        goal: object = ("pin", k)
        end: object = stop
        if b[:depth] != scope:
            goal = end = ("out", start)
            enters = 0.0
            things.setdefault(end, Item(0.0, 0.0, 1))
        elif len(b) > depth:
            goal = end = b[: depth + 1]
            enters = levels[b[: depth + 1]].ways_in[start]
        links.setdefault((start, goal), (source, leaves, end, enters))
    order = topological(list(things), [(source, end) for source, _, end, _ in links.values()])
    place = {thing: i for i, thing in enumerate(order)}
    arrows = [Arrow(place[source], leaves, place[end], enters) for source, leaves, end, enters in links.values()]
    found = layout([things[thing] for thing in order], arrows)
    side, top, bottom = (SIDE, TOP, BOTTOM) if scope else (0.0, 0.0, 0.0)
    level.width = max(found.width + 2 * side, title(scope[-1]) + 2 * side if scope else 0.0)
    level.height = found.height + top + bottom
    shift = (level.width - found.width) / 2
    for thing, (x, y) in zip(order, found.corners, strict=True):
        level.corners[thing] = (x + shift, y + top)
        if isinstance(thing, tuple) and len(thing) == 2 and isinstance(thing[1], int):
            ways = level.ways_in if thing[0] == "in" else level.ways_out
            ways[thing[1]] = y + top - level.height / 2
    for (start, goal), points in zip(links, found.routes, strict=True):
        piece = [(x + shift, y + top) for x, y in points]
        if links[start, goal][0] == ("in", start):
            piece.insert(0, (0.0, piece[0][1]))
        if goal == ("out", start):
            piece.append((level.width, piece[-1][1]))
        level.pieces[start, goal] = piece


def _route(
    k: int, edge: Edge, scopes: Sequence[Scope], levels: dict[Scope, _Level], origins: dict[Scope, Point]
) -> list[Point]:
    a, b = scopes[edge.start], scopes[edge.stop]
    shared = _common(a, b)
    parts: list[tuple[Scope, object]] = [(a[:depth], ("out", edge.start)) for depth in range(len(a), shared, -1)]
    parts += [(b[:depth], b[: depth + 1] if len(b) > depth else ("pin", k)) for depth in range(shared, len(b) + 1)]
    points: list[Point] = []
    for scope, goal in parts:
        x, y = origins[scope]
        points += [(x + dx, y + dy) for dx, dy in levels[scope].pieces[edge.start, goal]]
    return list(dict.fromkeys(points))
