"""Two walks of a small graph of things to be drawn: an order, and what stands on its cycles. Neither recurses."""

import heapq
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def topological(items: Sequence[T], edges: Iterable[tuple[T, T]]) -> list[T]:
    """The items with each edge leading forward, as near to the given order as that allows.

    >>> topological(["c", "a", "b"], [("a", "c"), ("b", "c")])
    ['a', 'b', 'c']
    """
    place = {item: k for k, item in enumerate(items)}
    after: dict[T, list[T]] = {item: [] for item in items}
    waiting = dict.fromkeys(items, 0)
    for a, b in edges:
        after[a].append(b)
        waiting[b] += 1
    ready = [place[item] for item in items if not waiting[item]]
    order = []
    while ready:
        item = items[heapq.heappop(ready)]
        order.append(item)
        for other in after[item]:
            waiting[other] -= 1
            if not waiting[other]:
                heapq.heappush(ready, place[other])
    return order


def on_cycles(items: Iterable[T], edges: Iterable[tuple[T, T]]) -> list[T]:
    """The items that stand on a cycle or between two: what is left when those without a way in or out are taken away.

    >>> on_cycles("abcd", [("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")])
    ['b', 'c']
    """
    left = dict.fromkeys(items)
    pairs = [(a, b) for a, b in dict.fromkeys(edges) if a != b]
    for forward in (True, False):
        after: dict[T, list[T]] = {item: [] for item in left}
        waiting = dict.fromkeys(left, 0)
        for a, b in pairs:
            if a in left and b in left:
                start, end = (a, b) if forward else (b, a)
                after[start].append(end)
                waiting[end] += 1
        free = [item for item in left if not waiting[item]]
        for item in free:  # grows while it is walked
            del left[item]
            for other in after[item]:
                waiting[other] -= 1
                if not waiting[other]:
                    free.append(other)
    return list(left)
