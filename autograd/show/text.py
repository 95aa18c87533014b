"""Cards as text, for terminals: a tree from the result to the leaves, with its numbers in columns.

Walked with a list and not by recursion; a card that several others use is drawn once, and pointed at with ↑ from then on.
"""

import unicodedata
from collections.abc import Sequence

from autograd.show.cards import Card, Pin
from autograd.show.ink import number

_DEEPEST = 24  # levels of indentation; deeper ones are counted instead


def draw(cards: Sequence[Card], show: frozenset[str], note: str = "") -> str:
    """The tree; each line: the card, its value, its gradient, and the derivative of the line above it that uses it."""
    lines: list[tuple[str, str, str, str]] = []
    seen: set[int] = set()
    # Each entry: the pin that leads here (None for the root), what its line starts with, what those below it start with.
    todo: list[tuple[Pin | None, int | None, str, str, int]] = [(None, len(cards) - 1, "", "", 0)]
    while todo:
        pin, k, head, below, depth = todo.pop()
        local = f"∂ {number(pin.local)}" if pin is not None and pin.local is not None else ""
        if k is None or (pin is not None and pin.name):
            lines.append((head + _folded(pin), _value(pin), _gradient(pin), local))
            if k is None:
                continue
            head = below + "└─ "
            local = ""
        card = cards[k]
        if k in seen:
            lines.append((f"{head}{_called(card)} ↑", "", "", local))
            continue
        seen.add(k)
        mark = f" ({card.mark})" if card.mark else ""
        value = "" if card.data is None else number(card.data)
        lines.append((head + _called(card) + mark, value, "∇ " + number(card.grad), local))
        if depth == _DEEPEST:
            below = ""
        for j, inner in reversed(list(enumerate(card.pins))):
            last = j == len(card.pins) - 1
            start = f"⋯{depth + 1} " if depth >= _DEEPEST else below + ("└─ " if last else "├─ ")
            rest = "" if depth >= _DEEPEST else below + ("   " if last else "│  ")
            todo.append((inner, inner.source, start, rest, depth + 1))
    shown = [True, "value" in show, "gradient" in show, "local" in show]
    return "\n".join(
        [*_columns([[c for c, keep in zip(line, shown, strict=True) if keep] for line in lines]), *([note] if note else [])]
    )


def _called(card: Card) -> str:
    return (
        f"{card.name} = {card.symbol}"
        if card.name and card.data is not None
        else " ".join(filter(None, [card.symbol, card.name]))
    )


def _folded(pin: Pin | None) -> str:
    if pin is None or pin.cut:
        return "…"
    return pin.name or number(pin.data)


def _value(pin: Pin | None) -> str:
    return number(pin.data) if pin is not None and pin.name else ""


def _gradient(pin: Pin | None) -> str:
    return f"∇ {number(pin.grad)}" if pin is not None and pin.name else ""


def _columns(lines: list[list[str]]) -> list[str]:
    """The lines with their columns aligned: names to the left, numbers by their first digit."""
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    texts = []
    for line in lines:
        cells = [cell + " " * (size - _width(cell)) for cell, size in zip(line, widths, strict=True)]
        if len(cells) > 1:
            cells[1] = f"{'' if line[1].startswith('−') else ' '}{cells[1]}{' ' if line[1].startswith('−') else ''}"
        texts.append("  ".join(cells).rstrip())
    return texts


def _width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in {"W", "F"} else 1 for c in text)
