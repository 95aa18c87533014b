"""The own layout: nothing overlaps, boxes hold what belongs to them, arrows end where they should; and it is quick."""

import random
import re
from itertools import combinations

import pytest
from graphs import chain, expression, network, neuron, work
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import draw
from autograd.show.nest import Edge, nest
from autograd.show.ranks import Arrow, Item, layout

NAMES = ["a", "b", "c"]


@st.composite
def nested_graphs(build):
    """Cards in scopes, with edges from older to newer ones."""
    n = build(st.integers(1, 14))
    scopes = [tuple(build(st.lists(st.sampled_from(NAMES), max_size=3))) for _ in range(n)]
    sizes = [(build(st.integers(40, 200)), build(st.integers(30, 90))) for _ in range(n)]
    pairs = [
        build(st.tuples(st.integers(0, k - 1), st.integers(-10, 10)))
        for k in range(1, n)
        for _ in range(build(st.integers(0, 3)))
    ]
    stops = [k for k in range(1, n) for _ in range(3)]
    edges = [Edge(start, stop, enters) for (start, enters), stop in zip(pairs, stops, strict=False) if start < stop]
    return sizes, scopes, edges


def overlap(a, b):
    (x, y, w, h), (u, v, p, q) = a, b
    return x < u + p - 1e-6 and u < x + w - 1e-6 and y < v + q - 1e-6 and v < y + h - 1e-6


@given(nested_graphs())
@settings(max_examples=100)
def test_nothing_overlaps_and_every_box_holds_its_cards(graph):
    sizes, scopes, edges = graph
    found = nest(sizes, scopes, edges, lambda title: 8.0 * len(title))
    cards = [(x, y, w, h) for (x, y), (w, h) in zip(found.corners, sizes, strict=True)]
    for a, b in combinations(cards, 2):
        assert not overlap(a, b), "two cards overlap"
    boxes = {box.scope: (box.x, box.y, box.width, box.height) for box in found.boxes}
    for (s, a), (t, b) in combinations(boxes.items(), 2):
        if s[: len(t)] != t and t[: len(s)] != s:
            assert not overlap(a, b), "two scopes overlap that are not nested"
    for scope, (x, y, w, h) in boxes.items():
        for (u, v, p, q), own in zip(cards, found.scopes, strict=True):
            if own[: len(scope)] == scope:
                assert x <= u and y <= v and u + p <= x + w + 1e-6 and v + q <= y + h + 1e-6, "a card sticks out of its scope"
    for x, y, w, h in cards:
        assert x >= -1e-6 and y >= -1e-6 and x + w <= found.width + 1e-6 and y + h <= found.height + 1e-6
    for (start, stop, enters), route in zip(edges, found.routes, strict=True):
        (x, y, w, h), (u, v, _, q) = cards[start], cards[stop]
        assert route[0] == pytest.approx((x + w, y + h / 2))
        assert route[-1] == pytest.approx((u, v + q / 2 + enters))
        xs = [p[0] for p in route]
        assert xs == pytest.approx(sorted(xs)), "an arrow never turns back"


def test_an_arrow_past_a_rank_has_a_lane_of_its_own():
    items = [Item(50, 40)] * 3
    found = layout(items, [Arrow(0, 0, 1, 0), Arrow(1, 0, 2, 0), Arrow(0, 0, 2, 0)])
    (x, y), route = found.corners[1], found.routes[2]
    assert all(not (x <= px <= x + 50 and y <= py <= y + 40) for px, py in route)


def test_nothing_to_lay_out():
    assert layout([], []) == ([], [], 0.0, 0.0)


def svg_boxes(svg, kind):
    pattern = rf'<rect x="([-\d.]+)" y="([-\d.]+)" width="([-\d.]+)" height="([-\d.]+)" class="{kind}"'
    return [tuple(map(float, found)) for found in re.findall(pattern, svg)]


@pytest.mark.parametrize("make", [neuron, network, lambda: expression(80), lambda: network((3, 5, 4, 1))])
@pytest.mark.parametrize("level", ["full", "inline", "module"])
def test_cards_of_real_graphs_do_not_overlap(make, level):
    y = make()
    y.backward()
    svg = draw(y, level=level, engine="own").svg()
    frames = svg_boxes(svg, "frame")
    assert frames
    for a, b in combinations(frames, 2):
        assert not overlap(a, b)
    left, top, wide, high = map(float, re.search(r'viewBox="([^"]+)"', svg)[1].split())
    assert all(x > left and y > top and x + w < left + wide and y + h < top + high for x, y, w, h in frames)


@pytest.mark.parametrize(
    ("small", "large"),
    [(expression(250), expression(1000)), (network((2, 7, 8, 1)), network((2, 16, 16, 1))), (chain(250), chain(1000))],
    ids=["expression", "network", "chain"],
)
def test_four_times_the_nodes_are_four_times_the_work(small, large):
    assert len(draw(large, level="full").nodes) > 3.5 * len(draw(small, level="full").nodes)
    costs = [work(lambda y=y: draw(y, level="full", engine="own").svg()) for y in (small, large)]
    assert costs[1] < 6 * costs[0], f"{costs[1]:,} calls for a thousand nodes, {costs[0]:,} for a quarter of them"


def test_the_same_graph_gives_the_same_picture():
    random.seed(1)
    first = draw(network(), engine="own").svg()
    random.seed(2)
    assert draw(network(), engine="own").svg() == first
