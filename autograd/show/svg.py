"""Cards as SVG, placed by the library's own layout: needs nothing installed.

Everything that a page must find again has a class: `card`, `value`, `gradient`, `pin`, `edge`. Colours are attributes and never
styles, so that the picture keeps them under a strict content security policy; a page passes variables in place of colours.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from autograd.show.cards import KINDS, WORDS, Card, Pin, widths
from autograd.show.ink import FAMILY, name, number, width
from autograd.show.nest import Edge, Nested, nest
from autograd.show.ranks import Point

Link = tuple[int, int, Pin]  # a card, the place of a pin on it, the pin

_ROW, _THIN_ROW, _LEAST = 17.0, 9.0, 46.0
_MARGIN = 16.0
TIP = 6.0  # what the line of an edge leaves to its tip
_COLUMN = 46.0  # as wide as most numbers, so that cards in a column are of one width


@dataclass(slots=True)
class Shape:
    """The size of a card and where in it the columns stand: rows, badge, numbers."""

    width: float
    height: float
    left: float
    badge: float
    row: float
    columns: tuple[float, float, float]  # of a row for a folded parameter: name, value, gradient

    def pin(self, card: Card, row: int) -> float:
        """The height of a row below the middle of the card."""
        return (row - (len(card.rows) - 1) / 2) * self.row


def shape(card: Card, show: frozenset[str], *, roomy: bool = False) -> Shape:
    """Measure a card; `roomy` leaves space for numbers that will change."""
    rows = card.rows
    folded = [pin for pin in rows if pin.name]
    spare = 8.0 if roomy else 0.0
    columns = (
        max((width(pin.name, 10, bold=True) for pin in folded), default=0.0),
        max([_COLUMN, *(width(number(pin.data), 10) for pin in folded)]) if "value" in show else 0.0,
        max([_COLUMN + 8.0, *(width("∇ " + number(pin.grad), 9) for pin in folded)]) if "gradient" in show else 0.0,
    )
    texts = [width(_pin_text(card, pin, show), 10) for pin in rows]
    left = max([*texts, sum(columns) + 14.0 if folded else 0.0], default=0.0)
    if roomy and not card.plain and any(pin.source is not None for pin in rows):
        left = max(left, width("∂ −0.0123", 9))
    bare = left == 0.0
    row = _THIN_ROW if bare else _ROW
    badge = max(34.0, width(card.symbol, _badge_size(card.symbol), bold=True) + 14.0)
    right = max(
        width(_named(card), 11, bold=True) + (width(number(card.data), 12, bold=True) if "value" in show else 0.0) + spare,
        width("∇ " + number(card.grad), 11) + spare if "gradient" in show else 0.0,
        width(card.mark, 9) if card.mark else 0.0,
        64.0,
    )
    height = max(_LEAST + (11.0 if card.mark else 0.0), len(rows) * row + 12.0)
    edge = (0.0 if not rows else 14.0 if bare else 10.0) + left
    return Shape(edge + 8.0 + badge + 12.0 + right + 11.0, height, edge, badge, row, columns)


def _pin_text(card: Card, pin: Pin, show: frozenset[str]) -> str:
    if card.more and pin is card.rows[-1]:
        return f"… {card.more} more"
    if pin.kind == "constant":
        return number(pin.data)
    return "" if pin.name or not ("local" in show or pin.cut) else pin.text


def _named(card: Card) -> str:
    return "" if not card.name else card.name if card.data is None else f"{card.name} = "


def _badge_size(symbol: str) -> int:
    return 17 if len(symbol) == 1 else 15 if len(symbol) == 2 else 12


def draw(
    cards: Sequence[Card],
    theme: Mapping[str, str],
    show: frozenset[str],
    note: str = "",
    *,
    legend: bool = True,
    roomy: bool = False,
    attributes: str = "",
) -> str:
    """The picture as an `<svg>` element; `attributes` go into its opening tag."""
    shapes, links, placed = arrange(cards, show, roomy=roomy)
    body = [*borders(placed, theme), *_edges(cards, links, placed, theme, live=roomy)]
    for k, card in enumerate(cards):
        body += drawn(k, card, shapes[k], placed.corners[k], theme, show, live=roomy)
    wide, high = placed.width, placed.height
    if legend or note:
        lines, legend_width, high = _legend(theme, show, note, wide, high + 26.0, legend=legend)
        body += lines
        wide = max(wide, legend_width)
    return framed(body, wide, high, theme, left=(placed.width - wide) / 2, attributes=attributes)


def arrange(cards: Sequence[Card], show: frozenset[str], *, roomy: bool) -> tuple[list[Shape], list[Link], Nested]:
    """What the cards measure, the pins that edges enter, and where all of it stands."""
    shapes = [shape(card, show, roomy=roomy) for card in cards]
    links = [(k, j, pin) for k, card in enumerate(cards) for j, pin in enumerate(card.pins) if pin.source is not None]
    edges = [Edge(pin.source, k, shapes[k].pin(cards[k], pin.row)) for k, _, pin in links if pin.source is not None]
    sizes = [(s.width, s.height) for s in shapes]
    return shapes, links, nest(sizes, [card.scope for card in cards], edges, lambda t: width(name(t, 40), 11))


def framed(
    body: Sequence[str], wide: float, high: float, theme: Mapping[str, str], *, left: float = 0.0, attributes: str = ""
) -> str:
    """The `<svg>` element around a picture of this size, with a margin and a ground."""
    total = (wide + 2 * _MARGIN, high + 2 * _MARGIN)
    left -= _MARGIN
    frame = f"{left:.0f} {-_MARGIN:.0f} {total[0]:.0f} {total[1]:.0f}"
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{frame}" width="{total[0]:.0f}" height="{total[1]:.0f}" '
        f'font-family="{FAMILY}"{attributes}>'
    )
    ground = f'<rect x="{left:.0f}" y="{-_MARGIN:.0f}" width="100%" height="100%" fill="{theme["ground"]}"/>'
    return "\n".join([opening, ground, *body, "</svg>"])


def borders(placed: Nested, theme: Mapping[str, str]) -> list[str]:
    """The boxes of the scopes, with their names."""
    lines = []
    for scope, x, y, wide, high in placed.boxes:
        fill = theme["scope" if len(scope) == 1 else "inner"]
        lines += [
            _rect(x, y, wide, high, f'class="scope" rx="12" fill="{fill}" stroke="{theme["border"]}"'),
            _text(x + 12, y + 18, name(scope[-1], 40), 11, theme["mute"]),
        ]
    return lines


def _edges(cards: Sequence[Card], links: Sequence[Link], placed: Nested, theme: Mapping[str, str], *, live: bool) -> list[str]:
    thick = widths(cards)
    lines = []
    for (k, j, pin), points in zip(links, placed.routes, strict=True):
        x, y = points[-1]
        dashes = ' stroke-dasharray="4 3"' if pin.flow == 0.0 else ""
        tip = "" if live else f"<title>{number(pin.local)} × {number(cards[k].grad)} = {number(pin.flow)}</title>"
        lines.append(
            f'<g id="e{k}_{j}" class="edge">{tip}<path d="{_curve([*points[:-1], (x - TIP, y)])}" fill="none" '
            f'stroke="{theme["line"]}" stroke-width="{thick[k, j]:.2f}"{dashes}/>'
            f'<path d="M{x:.1f},{y:.1f}l-8,-3.4v6.8z" fill="{theme["line"]}"/></g>'
        )
    return lines


def bends(points: Sequence[Point]) -> Iterator[tuple[float, float, float]]:
    """Where an edge through the points changes its height: from x, to x, the height from there on.

    It is level at each point; between the ends, a lane need not follow every pixel.
    """
    height = points[0][1]
    last = len(points) - 2
    for k, ((x0, _), (x1, y1)) in enumerate(pairwise(points)):
        if abs(y1 - height) >= (2.5 if k < last - 2 else 0.1):
            yield x0, x1, y1
            height = y1


def _curve(points: Sequence[Point]) -> str:
    """The path of an edge."""
    x, y = points[0]
    parts = [f"M{_short(x)},{_short(y)}"]
    for x0, x1, y1 in bends(points):
        middle = _short((x0 + x1) / 2)
        level = f"H{_short(x0)}" if x0 > x else ""
        parts.append(f"{level}C{middle},{_short(y)} {middle},{_short(y1)} {_short(x1)},{_short(y1)}")
        x, y = x1, y1
    return "".join(parts) + (f"H{_short(points[-1][0])}" if points[-1][0] != x else "")


def _short(x: float) -> str:
    return f"{x:.1f}".removesuffix(".0")


def _text(
    x: float, y: float, text: str, size: float, colour: str, *, bold: bool = False, anchor: str = "", kind: str = ""
) -> str:
    more = "".join(
        f' {key}="{value}"'
        for key, value in {"font-weight": "700" if bold else "", "text-anchor": anchor, "class": kind}.items()
        if value
    )
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}"{more}>{escape(text)}</text>'


def _rect(x: float, y: float, wide: float, high: float, attributes: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" {attributes}/>'


def drawn(
    k: int, card: Card, s: Shape, corner: Point, theme: Mapping[str, str], show: frozenset[str], *, live: bool
) -> list[str]:
    """The card with its left upper corner there."""
    x, y = corner
    middle = y + s.height / 2
    colour, fill = theme[card.kind], theme[card.kind + "-card"]
    dashes = ' stroke-dasharray="5 3"' if card.mark else ""
    tip = f"{card.title}: {card.data!r}, gradient {'none' if card.grad is None else repr(card.grad)}"
    lines = [
        f'<g id="n{k}" class="card {card.kind}">' + ("" if live else f"<title>{escape(tip)}</title>"),
        _rect(x, y, s.width, s.height, f'class="frame" rx="12" fill="{fill}" stroke="{colour}" stroke-width="1.2"{dashes}'),
    ]
    for pin in card.rows:
        lines += _row(card, pin, s, x, middle + s.pin(card, pin.row), theme, show, live=live)
    badge_height = min(s.height - 12.0, 56.0)
    left = x + s.left + 8.0
    size = _badge_size(card.symbol)
    lines += [
        _rect(left, middle - badge_height / 2, s.badge, badge_height, f'rx="9" fill="{colour}"'),
        _text(left + s.badge / 2, middle + size * 0.36, card.symbol, size, theme["badge"], bold=True, anchor="middle"),
        *_numbers(card, x + s.width - 11.0, middle, theme, show),
        "</g>",
    ]
    return lines


def _numbers(card: Card, right: float, middle: float, theme: Mapping[str, str], show: frozenset[str]) -> list[str]:
    """Name, value, gradient and mark, set right; centred as a block."""
    colour = theme[card.kind + "-text"]
    value = number(card.data) if "value" in show and card.data is not None else ""
    gradient = "gradient" in show and card.data is not None
    block = (1 if value or card.name else 0) + gradient + (0.7 if card.mark else 0)
    y = middle - (block - 1) * 8.5 + 4.0
    lines = []
    if value or card.name:
        named = _named(card)
        if named and value:  # one text, so that the name stands before the number whatever its width
            lines.append(
                f'<text x="{right:.1f}" y="{y:.1f}" text-anchor="end" font-weight="700" font-size="11" fill="{colour}">'
                f'{escape(named)} <tspan class="value" font-size="12" fill="{theme["ink"]}">{value}</tspan></text>'
            )
        else:
            text = value or card.name
            lines.append(_text(right, y, text, 12, theme["ink"] if value else colour, bold=True, anchor="end", kind="value"))
        y += 17.0
    if gradient:
        lines.append(_text(right, y, "∇ " + number(card.grad), 11, theme["gradient"], anchor="end", kind="gradient"))
        y += 13.0
    if card.mark:
        lines.append(_text(right, y, card.mark, 9, theme["warning"], anchor="end", kind="mark"))
    return lines


def _row(
    card: Card, pin: Pin, s: Shape, x: float, y: float, theme: Mapping[str, str], show: frozenset[str], *, live: bool
) -> list[str]:
    text = _pin_text(card, pin, show)
    if not pin.name or text:
        colour = theme["constant-text"] if pin.kind == "constant" else theme["mute"]
        size = 10 if pin.kind == "constant" else 9
        return [_text(x + 10, y + 3.5, text, size, colour, kind=f"pin p{pin.row}")] if text or live else []
    first, second, third = s.columns
    lines = [_text(x + 10, y + 3.5, pin.name, 10, theme[pin.kind + "-text"], bold=True)]
    if "value" in show:
        lines.append(
            _text(
                x + 17 + first + second,
                y + 3.5,
                number(pin.data),
                10,
                theme["ink"],
                anchor="end",
                kind=f"rv{pin.row}" if live else "",
            )
        )
    if "gradient" in show:
        at = x + 24 + first + second + third
        lines.append(
            _text(at, y + 3.5, "∇ " + number(pin.grad), 9, theme["gradient"], anchor="end", kind=f"rg{pin.row}" if live else "")
        )
    return lines


def _legend(
    theme: Mapping[str, str], show: frozenset[str], note: str, wide: float, top: float, *, legend: bool
) -> tuple[list[str], float, float]:
    """The legend in rows, centred below; returns the lines, how wide they are and where they end."""
    parts: list[tuple[str, str, float]] = []  # kind of part, text, width
    if legend:
        parts += [("chip " + kind, kind, width(kind, 11) + 20.0) for kind in KINDS]
        parts += [("word " + colour, text, width(text, 11)) for what, colour, text in WORDS if what in show]
    rows: list[list[tuple[str, str, float]]] = [[]]
    for part in parts:
        if rows[-1] and sum(p[2] + 12.0 for p in rows[-1]) + part[2] > max(wide, 480.0):
            rows.append([])
        rows[-1].append(part)
    if note:
        rows.append([("word warning", note, width(note, 11))])
    lines, widest, y = [], 0.0, top
    for row in filter(None, rows):
        long = sum(p[2] + 12.0 for p in row) - 12.0
        widest = max(widest, long)
        x = (wide - long) / 2
        for what, text, size in row:
            kind, colour = what.split()
            if kind == "chip":
                fill = theme[colour + "-card"]
                lines.append(_rect(x, y - 11, size, 22, f'rx="8" fill="{fill}" stroke="{theme[colour]}"'))
            middle = x + size / 2
            ink = theme[colour + "-text" if kind == "chip" else colour]
            lines.append(_text(middle, y + 4, text, 11, ink, anchor="middle", bold=text == "value"))
            x += size + 12.0
        y += 30.0
    return lines, widest, y - 14.0
