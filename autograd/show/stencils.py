"""Deduplicates the cards of a page: each distinct shape is stored once, with a position for each card of that shape.

Of the hundreds of cards on a page most look alike, but for the numbers, which the page writes itself. So a card is drawn at the
origin, as in any picture, and taken apart: a *stencil* is a tree of elements, each a kind of element (its tag, the attributes
it has, the values that many share) with the values that are its own. Edges are the places where they change their height.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from autograd.show import svg
from autograd.show.cards import Card, widths

_OWN = frozenset(["x", "y", "width", "height", "class"])
"""Attributes whose values belong to the element and not to its kind."""


class Interned(dict[str, int]):
    """A list without repetitions: `place` of a thing that JSON can hold."""

    def place(self, thing: Any) -> int:
        """Where in the list it stands, at the end if it is new."""
        return self.setdefault(json.dumps(thing, ensure_ascii=False), len(self))

    def things(self) -> list[Any]:
        """All of them."""
        return [json.loads(text) for text in self]


@dataclass(slots=True)
class Place:
    """Where a card stands, and its edges: `at` is the stencil and the corner, the rest by the position of the operand."""

    at: list[int]
    edges: dict[int, list[float]] = field(default_factory=dict)  # for each bend its gap and the height behind it
    rows: dict[int, int] = field(default_factory=dict)  # of the pins that are alone in their row
    widths: dict[int, float] = field(default_factory=dict)  # of edges that are not as usual; negative where dashed


def picture(
    cards: Sequence[Card], theme: Mapping[str, str], show: frozenset[str], attributes: str
) -> tuple[str, dict[str, Any], list[Place]]:
    """The `<svg>` element without cards and edges, what these share, and their places."""
    shapes, links, placed = svg.arrange(cards, show, roomy=True)
    kinds, stencils, gaps = Interned(), Interned(), Interned()
    places = []
    for k, (card, shape, (x, y)) in enumerate(zip(cards, shapes, placed.corners, strict=True)):
        text = "".join(svg.drawn(k, card, shape, (0.0, 0.0), theme, show, live=True))
        group = ElementTree.fromstring(text)  # noqa: S314 - a text of our own
        del group.attrib["id"]
        stencil = [_tenths(shape.width), _tenths(shape.height), _taken_apart(group, kinds)]
        places.append(Place([stencils.place(stencil), round(x), round(y)]))
    thick = widths(cards)
    for (k, j, pin), points in zip(links, placed.routes, strict=True):
        card, shape, place = cards[k], shapes[k], places[k]
        bends = list(svg.bends([*points[:-1], (points[-1][0] - svg.TIP, points[-1][1])]))
        route: list[float] = []
        for x0, x1, y in bends:
            route += gaps.place([round(x0), round(x1)]), round(y)
        if route:  # ends at the pin, whatever was rounded
            route[-1] = _tenths(place.at[2] + shape.height / 2 + shape.pin(card, pin.row))
        place.edges[pin.position] = route
        if not (card.more and pin.row == card.rows[-1].row):
            place.rows[pin.position] = pin.row
        if pin.flow is not None:
            place.widths[pin.position] = round(-thick[k, j] if pin.flow == 0.0 else thick[k, j], 2)
    shared = {"kinds": kinds.things(), "stencils": stencils.things(), "gaps": gaps.things()}
    return svg.framed(svg.borders(placed, theme), placed.width, placed.height, theme, attributes=attributes), shared, places


def _taken_apart(element: ElementTree.Element, kinds: Interned) -> list[Any]:
    """[its kind, values of the attributes that are its own, text, elements in it]; what is empty at the end is left out."""
    own = [key for key in element.attrib if key in _OWN]
    kind = kinds.place([element.tag, own, {key: value for key, value in element.attrib.items() if key not in _OWN}])
    text = "" if _is_live(element) else (element.text or "")
    inner = [_taken_apart(child, kinds) for child in element]
    return [kind, [_number(element.attrib[key]) for key in own], *([text, *inner] if text or inner else [])]


def _is_live(element: ElementTree.Element) -> bool:
    """Whether the page writes the text itself: a value, a gradient, a local derivative."""
    kind = element.get("class", "")
    return kind in {"value", "gradient"} or (kind.startswith("pin ") and (element.text or "").startswith("∂ "))


def _number(text: str) -> float | str:
    try:
        return _tenths(float(text))
    except ValueError:
        return text


def _tenths(x: float) -> float:
    return int(x) if x == int(x) else round(x, 1)
