"""The cards of a picture: what to show of a graph, whatever shows it.

A card stands for one Value with its operation, or for several: a chain of sums is one Σ, a parameter used once is a row of
the card that uses it, a whole module is one card with its table of parameters. One map covers them all: `owner`, for
every node the node whose card shows it. Edges run between owners, whatever was merged.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from autograd.show.ink import name, number, symbol
from autograd.show.nodes import Node
from autograd.show.order import on_cycles, topological

LEVELS = ("full", "inline", "module")
KINDS = ("input", "parameter", "constant", "operation", "output")
SHOWN = ("value", "gradient", "local")
WORDS = (
    ("value", "ink", "value"),
    ("gradient", "gradient", "∇ gradient of the output"),
    ("local", "mute", "∂ local derivative"),
    ("gradient", "mute", "line width = gradient flow"),
)
"""The words of the legend: what they belong to, their colour, and the text."""
MOST_ROWS = 24  # pins beyond share the last row
_MODULE = 6  # a scope without parameters becomes a card if it has more operations than this


@dataclass(slots=True)
class Pin:
    """Where an operand enters a card: an edge from the card `source`, a row for a folded operand, or both."""

    source: int | None = None
    local: float | None = None
    flow: float | None = None  # what the backward pass sends through the edge: local derivative times gradient
    kind: str = ""
    name: str = ""
    data: float | None = None
    grad: float | None = None
    cut: bool = False  # what it came from was left out of the picture
    leaf: int | None = None  # the place of the folded operand
    position: int = 0  # which operand it is
    row: int = 0  # pins of one row share it: a parameter that meets many inputs, and all that find no row of their own

    @property
    def text(self) -> str:
        """The local derivative as the pin shows it; "" where it is 1."""
        return "…" if self.cut else "" if self.local is None or self.local == 1.0 else f"∂ {number(self.local)}"


@dataclass(slots=True)
class Card:
    """One card; `pins` stand in the order of the operands, `place` is that of its node in the trace."""

    place: int
    kind: str  # input, parameter, operation, output
    symbol: str
    name: str
    data: float | None
    grad: float | None
    scope: tuple[str, ...]
    pins: list[Pin] = field(default_factory=list)
    mark: str = ""
    count: int = 1
    title: str = ""
    more: int = 0  # pins that share the last row, "… and so many more"

    @property
    def plain(self) -> bool:
        """Whether its local derivatives are 1 wherever it is computed."""
        return self.symbol in {"+", "Σ", "="}

    @property
    def rows(self) -> list[Pin]:
        """The pins that are shown, one a row."""
        return list({pin.row: pin for pin in reversed(self.pins)}.values())[::-1]


def build(nodes: Sequence[Node], level: str, *, fuse: bool = True, depth: int | None = None) -> list[Card]:
    """The cards of a trace in topological order; sources of pins are places in the list.

    With `depth`, scopes are cut to that many names before a module becomes a card.
    """
    users: list[list[int]] = [[] for _ in nodes]
    for i, node in enumerate(nodes):
        for x in node.sources:
            users[x].append(i)
    owner = list(range(len(nodes)))
    modules = _modules(nodes, depth) if level == "module" else {}
    for members in modules.values():
        for i in members:
            owner[i] = members[-1]
    shown = {members[-1]: (key, members) for key, members in modules.items()}
    for i in range(len(nodes) - 2, -1, -1):
        owners = {owner[u] for u in users[i]}
        if owner[i] != i or i in shown or len(owners) != 1:
            continue
        (only,) = owners
        once = len(users[i]) == 1
        if (fuse and once and _in_chain(nodes[i], nodes[users[i][0]])) or (
            level != "full" and nodes[i].kind == "parameter" and (once or only in shown)
        ):
            owner[i] = only
    cards: dict[int, Card] = {}
    for i in range(len(nodes)):
        if owner[i] == i:
            key, members = shown.get(i, ((), [i]))
            cards[i] = _card(nodes, i, members, key, users, owner)
    return _numbered(cards, nodes, users, owner)


def _in_chain(node: Node, user: Node) -> bool:
    """Whether the node is a sum that only the next sum uses."""
    return (
        node.op is not None and node.op.name == "add" and not node.label
        and user.op is not None and user.op.name in {"add", "sum"} and node.scope == user.scope
    )  # fmt: skip


def _modules(nodes: Sequence[Node], depth: int | None) -> dict[tuple[str, ...], list[int]]:
    """The scopes that become one card, with the places of their operations."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for i, node in enumerate(nodes):
        if node.op is not None and node.scope:
            groups.setdefault(node.scope[:depth], []).append(i)
    outer = {key[:k] for key in groups for k in range(len(key))}
    for key, members in list(groups.items()):
        trained = any(nodes[x].kind == "parameter" for i in members for x in nodes[i].sources)
        if key in outer or not (trained or len(members) > _MODULE):
            del groups[key]
    group_of = {i: key for key, members in groups.items() for i in members}
    items: list[object] = [group_of.get(i, i) for i in range(len(nodes))]
    edges = {(items[x], items[i]) for i, node in enumerate(nodes) for x in node.sources if items[x] is not items[i]}
    for item in on_cycles(dict.fromkeys(items), edges):
        groups.pop(item, None)  # type: ignore[call-overload]  # as one card it would feed itself
    return groups


def _card(
    nodes: Sequence[Node], i: int, members: list[int], key: tuple[str, ...], users: list[list[int]], owner: list[int]
) -> Card:
    node = nodes[i]
    last = i == len(nodes) - 1
    card = Card(i, "output" if last else node.kind, "", name(node.label), node.data, node.grad, key[:-1] if key else node.scope)
    if node.op is None:
        card.symbol, card.name = card.name or ("x" if node.kind == "input" else "w"), ""
        card.title = f"{node.kind} {card.symbol}"
        return card
    inside = set(members)
    for m in members:
        card.pins += _pins(nodes, m, inside, owner)
    if key:
        card.pins = _one_row_a_leaf(card.pins)
        outputs = sum(1 for m in members if m == i or any(owner[u] != i for u in users[m]))
        card.count = len(members)
        if outputs > 1:
            card.data = card.grad = None
            card.name = f"{outputs} outputs"
    else:
        if node.op.name == "dot" and len(card.pins) > 1 and len(node.operands) > 2 and node.operands[0] != 0.0:
            card.pins.append(card.pins.pop(0))  # the bias is added first and read last
        for row, pin in enumerate(card.pins):
            pin.row = row
    rows = 1 + max((pin.row for pin in card.pins), default=-1)
    if rows > MOST_ROWS:
        card.more = rows - MOST_ROWS + 1
        for pin in card.pins:
            pin.row = min(pin.row, MOST_ROWS - 1)
    second = node.operands[1] if len(node.operands) == 2 else None
    card.symbol = symbol(node.op.name, node.op.symbol, second if isinstance(second, float) else None)
    if node.op.name == "add" and len(card.pins) > 2:
        card.symbol = "Σ"
    card.title = " / ".join(key) or node.op.name
    slope = node.locals[0]
    if node.op.name in {"sigmoid", "tanh"} and slope is not None and abs(slope) < 0.01:
        card.mark = "saturated"
    elif node.op.name == "relu" and slope == 0.0:
        card.mark = "dead"
    return card


def _pins(nodes: Sequence[Node], i: int, inside: set[int], owner: list[int]) -> list[Pin]:
    """The pins of one node's operands; those of sums merged into it stand where the sum stood."""
    module = len(inside) > 1
    if module and inside.issuperset(nodes[i].sources):
        return []
    pins: list[Pin] = []
    factors: dict[tuple[int, int], Pin] = {}
    todo = [(i, k) for k in reversed(range(len(nodes[i].operands)))]
    while todo:
        n, k = todo.pop()
        node, x, local = nodes[n], nodes[n].operands[k], nodes[n].locals[k]
        op = node.op.name if node.op else ""
        flow = None if local is None or node.grad is None else 0.0 if node.grad == 0.0 else local * node.grad
        if isinstance(x, float):
            if not (module or op == "pow" or (op == "dot" and k == 0 and x == 0.0)):
                pins.append(Pin(kind="constant", data=x, position=k))
            continue
        if isinstance(x, str):
            pins.append(Pin(local=local, flow=flow, cut=True, position=k))
            continue
        if x in inside:
            continue
        if owner[x] != owner[n]:
            pin = Pin(owner[x], local, flow, position=k)
        elif nodes[x].op is not None:
            todo += [(x, j) for j in reversed(range(len(nodes[x].operands)))]
            continue
        else:
            leaf = nodes[x]
            pin = Pin(None, local, flow, leaf.kind, name(leaf.label, 8) or "w", leaf.data, leaf.grad, leaf=x)
        factors[n, k] = pin
        partner = factors.get((n, _partner(op, k))) if op == "dot" or (op == "mul" and module) else None
        if partner is not None and (partner.leaf is None) != (pin.leaf is None):  # w·x: the row of w is where x enters
            row, factor = (pin, partner) if partner.leaf is None else (partner, pin)
            row.source, row.flow = factor.source, factor.flow
            if factor is partner:
                pins[pins.index(factor)] = row
        else:
            pins.append(pin)
    return pins


def _partner(op: str, k: int) -> int:
    """The position of the factor that the one at `k` is multiplied by."""
    return 1 - k if op == "mul" else k + 1 if k % 2 else k - 1


def _one_row_a_leaf(pins: list[Pin]) -> list[Pin]:
    """The pins of a module: a row for each parameter, biases last, and one for each input that meets no parameter."""
    pins.sort(key=lambda pin: pin.name.startswith("b") and pin.kind == "parameter")
    rows: dict[tuple[str, int | None], int] = {}
    kept: dict[tuple[int, int | None], Pin] = {}
    for pin in pins:
        key = ("leaf", pin.leaf) if pin.leaf is not None else ("source", pin.source)
        if key == ("source", None):
            continue
        pin.row = rows.setdefault(key, len(rows))
        first = kept.setdefault((pin.row, pin.source), pin)
        if first is not pin and first.flow is not None and pin.flow is not None:
            first.flow += pin.flow
    return list(kept.values())


def _numbered(cards: dict[int, Card], nodes: Sequence[Node], users: list[list[int]], owner: list[int]) -> list[Card]:
    """The cards in topological order, their pins referring to places in that order, leaves in the scope of their users."""
    edges = [(pin.source, i) for i, card in cards.items() for pin in card.pins if pin.source is not None]
    order = topological(list(cards), edges)
    places = {i: k for k, i in enumerate(order)}
    for card in cards.values():
        for pin in card.pins:
            if pin.source is not None:
                pin.source = places[pin.source]
    scoped = any(card.scope for card in cards.values())
    for i, card in cards.items():
        if nodes[i].op is None and not card.scope and scoped:
            scopes = [cards[owner[u]].scope for u in users[i]]
            card.scope = ("inputs",) if card.kind == "input" else _common(scopes)
    return [cards[i] for i in order]


def _common(scopes: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The longest scope that holds them all."""
    first, last = min(scopes, default=()), max(scopes, default=())
    k = 0
    while k < min(len(first), len(last)) and first[k] == last[k]:
        k += 1
    return first[:k]


def widths(cards: Sequence[Card]) -> dict[tuple[int, int], float]:
    """For each edge, (card, pin) → its width: it grows with the square root of the gradient that flows back, from 0.8 to 3."""
    flows = {(k, j): pin.flow for k, card in enumerate(cards) for j, pin in enumerate(card.pins) if pin.source is not None}
    sizes = [abs(f) for f in flows.values() if f is not None and math.isfinite(f)]
    largest = max(sizes, default=0.0) or 1.0
    return {
        edge: 1.2 if f is None else 0.8 + 2.2 * (min(1.0, abs(f) / largest) ** 0.5 if math.isfinite(f) else 1.0)
        for edge, f in flows.items()
    }


def reach(cards: Sequence[Card]) -> int:
    """How many ranks the edges cross in all: what a layered layout costs, whoever computes it."""
    rank = [0] * len(cards)
    total = 0
    for k, card in enumerate(cards):
        sources = [pin.source for pin in card.pins if pin.source is not None]
        rank[k] = max((rank[s] + 1 for s in sources), default=0)
        total += sum(rank[k] - rank[s] for s in sources)
    return total
