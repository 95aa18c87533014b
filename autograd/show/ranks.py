"""A layered layout of boxes and arrows from left to right: what pictures use where Graphviz is not installed.

The steps are Sugiyama's: ranks by the longest path; lanes that keep room in every rank an arrow passes through; an order
in each rank with few crossings, by sweeps of barycentres (Sugiyama, Tagawa, Toda, 1981); then heights that keep the order
and come as near as they can to what each box is connected to.

All arrows from one box share one lane, so a value used a hundred times costs one lane and not a hundred. And the
heights of a rank are a weighted isotonic regression, solved exactly in one pass by pooling neighbours that would overlap
(Ayer and others, 1955).
"""

from collections.abc import Sequence
from typing import NamedTuple

GAP = 12.0  # between boxes of a rank
LANE = 7.0  # between lanes
BETWEEN = 46.0  # between ranks
_MANY = 2_000  # items and pieces of lanes; beyond, fewer sweeps
_FULL = 30_000  # lanes' pieces; beyond, long arrows run straight


class Item(NamedTuple):
    """A box to place; `end` pins it to the first (-1) or the last (+1) rank, as the ways in and out of a scope are."""

    width: float
    height: float
    end: int = 0


class Arrow(NamedTuple):
    """From the right side of one box to the left side of another, at these heights from their middles."""

    start: int
    leaves: float
    stop: int
    enters: float


Point = tuple[float, float]


class Layout(NamedTuple):
    """Left upper corners of the boxes, the points of each arrow, and the size of it all."""

    corners: list[Point]
    routes: list[list[Point]]
    width: float
    height: float


def layout(items: Sequence[Item], arrows: Sequence[Arrow]) -> Layout:
    """Place the items, which stand in topological order."""
    if not items:
        return Layout([], [], 0.0, 0.0)
    ranks = _ranks(items, arrows)
    net = _Net(items, arrows, ranks)
    net.order()
    net.place()
    return net.result()


def _ranks(items: Sequence[Item], arrows: Sequence[Arrow]) -> list[int]:
    """The rank of each item: behind all it depends on; what depends on nothing stands just before its first use."""
    n = len(items)
    before: list[list[int]] = [[] for _ in range(n)]
    after: list[list[int]] = [[] for _ in range(n)]
    for arrow in arrows:
        before[arrow.stop].append(arrow.start)
        after[arrow.start].append(arrow.stop)
    first = 1 if any(item.end < 0 for item in items) else 0
    rank = [0] * n
    for i, item in enumerate(items):
        rank[i] = 0 if item.end < 0 else max((rank[p] + 1 for p in before[i]), default=first)
    for i in reversed(range(n)):
        if after[i] and not before[i] and not items[i].end:
            rank[i] = max(first, min(rank[s] for s in after[i]) - 1)
    last = max((rank[i] for i in range(n) if items[i].end <= 0), default=0)
    return [last + 1 if item.end > 0 else r for item, r in zip(items, rank, strict=True)]


class _Net:
    """Items and pieces of lanes, rank by rank; a piece is numbered behind the items."""

    def __init__(self, items: Sequence[Item], arrows: Sequence[Arrow], ranks: list[int]) -> None:
        self.items, self.arrows = items, arrows
        self.rank = list(ranks)
        self.heights = [item.height for item in items]
        self.layers: list[list[int]] = [[] for _ in range(max(ranks) + 1)]
        # For each item or piece: (neighbour, own height of the end, the neighbour's), to the left and to the right.
        self.left: list[list[tuple[int, float, float]]] = [[] for _ in items]
        self.right: list[list[tuple[int, float, float]]] = [[] for _ in items]
        self.chains: list[list[int]] = []  # the pieces each arrow runs through
        self._lanes(crowded=sum(max(0, ranks[a.stop] - ranks[a.start] - 1) for a in arrows) > _FULL)
        self._first_order()
        self.y = [0.0] * len(self.heights)

    def _lanes(self, *, crowded: bool) -> None:
        lanes: dict[int, list[int]] = {}
        for start, leaves, stop, enters in self.arrows:
            span = self.rank[stop] - self.rank[start]
            if crowded and span > 8:
                self.chains.append([])
                continue
            lane = lanes.setdefault(start, [])
            while len(lane) < span - 1:
                piece = len(self.heights)
                self.heights.append(0.0)
                self.rank.append(self.rank[start] + len(lane) + 1)
                self.left.append([])
                self.right.append([])
                self._join(lane[-1] if lane else start, leaves if not lane else 0.0, piece, 0.0)
                lane.append(piece)
            chain = lane[: max(0, span - 1)]
            self._join(chain[-1] if chain else start, leaves if not chain else 0.0, stop, enters)
            self.chains.append(chain)

    def _join(self, a: int, leaves: float, b: int, enters: float) -> None:
        self.right[a].append((b, leaves, enters))
        self.left[b].append((a, enters, leaves))

    def _first_order(self) -> None:
        """Depth first from the results back, operands in their order: close to what a reader expects."""
        seen = [False] * len(self.heights)
        todo = [i for i in reversed(range(len(self.heights))) if not self.right[i]]
        while todo:
            i = todo.pop()
            if not seen[i]:
                seen[i] = True
                self.layers[self.rank[i]].append(i)
                todo.extend(j for j, _, _ in reversed(self.left[i]))

    def order(self) -> None:
        """Few crossings: sort each rank by where its neighbours are, from left to right and back."""
        place = [0.0] * len(self.heights)
        for layer in self.layers:
            for k, i in enumerate(layer):
                place[i] = float(k)
        sweeps = 8 if len(self.heights) < _MANY else 4
        for sweep in range(sweeps):
            forward = sweep % 2 == 0  # back last: then operands stand in the order of their pins
            near, layers = (self.left, self.layers) if forward else (self.right, self.layers[::-1])
            for layer in layers:
                keys = {i: self._middle(near[i], place, place[i]) for i in layer}
                layer.sort(key=keys.__getitem__)
                for k, i in enumerate(layer):
                    place[i] = float(k)

    def _middle(self, near: list[tuple[int, float, float]], place: list[float], default: float) -> float:
        if not near:
            return default
        return sum(place[j] + theirs / (self.heights[j] + 1.0) for j, _, theirs in near) / len(near)

    def place(self) -> None:
        """Heights: each rank in turn as near as its order allows to its neighbours on both sides."""
        for layer in self.layers:
            top = 0.0
            for a, b in zip([None, *layer], layer, strict=False):
                top += self._apart(a, b) if a is not None else 0.0
                self.y[b] = top
        rounds = 12 if len(self.heights) < _MANY else 6
        for turn in range(rounds):
            forward = turn % 2 == 0
            for layer in self.layers if forward else self.layers[::-1]:
                self._settle(layer, both=turn >= rounds - 2, forward=forward)

    def _apart(self, a: int, b: int) -> float:
        """How far the middles of two neighbours in a rank must be apart."""
        gap = GAP if self.heights[a] and self.heights[b] else LANE
        return (self.heights[a] + self.heights[b]) / 2 + gap

    def _settle(self, layer: list[int], *, both: bool, forward: bool) -> None:
        blocks: list[list[float]] = []  # weight times wish, weight, members
        offset, offsets = 0.0, []
        for k, i in enumerate(layer):
            if k:
                offset += self._apart(layer[k - 1], i)
            offsets.append(offset)
            near = self.left[i] + self.right[i] if both else (self.left[i] if forward else self.right[i])
            near = near or self.left[i] or self.right[i]
            wish = sum(self.y[j] + theirs - own for j, own, theirs in near) / len(near) if near else self.y[i]
            weight = 1.0 if self.heights[i] else 4.0
            blocks.append([(wish - offset) * weight, weight, 1.0])
            while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] > blocks[-1][0] * blocks[-2][1]:
                total, weight, count = blocks.pop()
                blocks[-1] = [blocks[-1][0] + total, blocks[-1][1] + weight, blocks[-1][2] + count]
        k = 0
        for total, weight, count in blocks:
            for _ in range(int(count)):
                self.y[layer[k]] = total / weight + offsets[k]
                k += 1

    def result(self) -> Layout:
        n = len(self.items)
        top = min(y - h / 2 for y, h in zip(self.y, self.heights, strict=True))
        y = [v - top for v in self.y]
        columns: list[tuple[float, float]] = []
        x = 0.0
        widths = [max((self.items[i].width for i in layer if i < n), default=0.0) for layer in self.layers]
        for k, width in enumerate(widths):
            columns.append((x, x + width))
            x += width + (BETWEEN / 2 if not width else BETWEEN / 6 if not any(widths[k + 1 :]) else BETWEEN)
        corners = []
        for i, item in enumerate(self.items):
            left, right = columns[self.rank[i]]
            corners.append((left + (right - left - item.width) / 2, y[i] - item.height / 2))
        routes = []
        for arrow, chain in zip(self.arrows, self.chains, strict=True):
            start, stop = y[arrow.start] + arrow.leaves, y[arrow.stop] + arrow.enters
            points = [
                (corners[arrow.start][0] + self.items[arrow.start].width, start),
                (columns[self.rank[arrow.start]][1], start),
            ]
            for piece in chain:
                points += [(edge, y[piece]) for edge in columns[self.rank[piece]]]
            points += [(columns[self.rank[arrow.stop]][0], stop), (corners[arrow.stop][0], stop)]
            routes.append(list(dict.fromkeys(points)))
        bottom = max(v + h / 2 for v, h in zip(y, self.heights, strict=True))
        return Layout(corners, routes, columns[-1][1], bottom)
