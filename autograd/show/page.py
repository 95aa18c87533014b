"""The page that steps through a computation: one HTML file that holds all it needs and loads nothing.

Its policy allows one script and one style, each by its hash; whatever a label holds, nothing else can run. The graph goes in as
JSON without a `<`, the operations as JavaScript made from their rows, the picture as the library's own layout draws it.
"""

import base64
import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from autograd.show.cards import SHOWN, Card, build
from autograd.show.formulas import TEXT, constant, lines, slope
from autograd.show.ink import DARK, LIGHT, clean
from autograd.show.nodes import Node
from autograd.show.nodes import title as called
from autograd.show.script import script, translatable
from autograd.show.stencils import Interned, Place, picture
from autograd.table import Op

MOST_NODES = 1_000
"""Cards on a page; with more, it would be slow and nobody would step through it."""

_LETTER = 0x4E00  # in rules this letter stands for the name of the node, those after it for the names of its operands
_LONGEST = 120  # characters of a formula that a heading holds
VARIABLES = {key: f"var(--{key})" for key in LIGHT}
_INFIX = {"add": "+", "sub": "−", "mul": "·", "div": "/", "pow": "^", "mod": "%", "floordiv": "//"}


def page(nodes: Sequence[Node], *, title: str = "") -> str:
    """The page for a trace. Raises `ValueError` if it has more than a thousand nodes."""
    if len(nodes) > MOST_NODES:
        raise ValueError(
            f"a page of {len(nodes):,} nodes is too large to step through; draw(y, max_nodes=300) takes the 300 nearest to y, "
            "draw(v) of an inner Value the part before it"
        )
    cards = build(nodes, "full", fuse=False)
    formula = lines(nodes, TEXT)
    expression = formula[0][1] if len(formula) == 1 and len(formula[0][1]) <= _LONGEST else ""
    attributes = ' id="graph" role="group" aria-label="cards and arrows of the computation"'
    svg, shared, places = picture(cards, VARIABLES, frozenset(SHOWN), attributes)
    shapes = Interned()
    entries = list(_entries(nodes, cards, places, shapes))
    spec = {"expression": expression, "ops": shapes.things(), **shared, "nodes": entries}
    ops = [node.op for node in nodes if node.op is not None and translatable(node.op)]
    title = clean(title) or (f"{called(nodes[-1], len(nodes) - 1)}, step by step" if nodes[-1].label else "Step by step")
    return assemble(
        "page",
        title,
        spec,
        script(ops),
        svg=svg,
        expression=escape(f"{called(nodes[-1], 0) if nodes[-1].label else 'y'} = {expression}" if expression else ""),
    )


def assemble(name: str, title: str, spec: Any, operations: str, **parts: str) -> str:
    """A page from its template, its script and its style, with the policy that allows these and nothing else."""
    folder = Path(__file__).parent
    body, code, style = ((folder / f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("html", "js", "css"))
    code = f'\n"use strict";\n(() => {{\n{operations}\n{code}\n}})();\n'
    style = f"\n{_themes()}{style}"
    return Template(body).substitute(
        parts,
        title=escape(title),
        script=code,
        style=style,
        script_hash=_hash(code),
        style_hash=_hash(style),
        spec=json.dumps(spec, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c"),
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _themes() -> str:
    """The colours as variables: light, dark where the reader's system is dark, and either when asked for."""
    light, dark = ("".join(f"--{key}:{value};" for key, value in theme.items()) for theme in (LIGHT, DARK))
    light, dark = f"{{{light}--dark:0;color-scheme:light}}", f"{{{dark}--dark:1;color-scheme:dark}}"
    return f":root{light}\n@media(prefers-color-scheme:dark){{:root:not(.light){dark}}}\n:root.dark{dark}\n"


def _number(x: float | None) -> float | str | None:
    return x if x is None or math.isfinite(x) else "NaN" if x != x else "Infinity" if x > 0 else "-Infinity"


def _entries(nodes: Sequence[Node], cards: Sequence[Card], places: Sequence[Place], ops: Interned) -> Iterator[dict[str, Any]]:
    """What the script must know of each node, in order of recording; operands that are constants are texts.

    What can be told from the rest is left out: numbers that the page computes, names that are the place, what is false.
    """
    order = {card.place: k for k, card in enumerate(cards)}
    names = _names([nodes[card.place] for card in cards])
    used = _before([node for node in nodes if _fixed(node)], nodes)
    for k, (card, place) in enumerate(zip(cards, places, strict=True)):
        node = nodes[card.place]
        entry: dict[str, Any] = {"at": place.at} if names[k] == f"v{k}" else {"at": place.at, "name": names[k]}
        if node.op is None:
            entry |= {"kind": card.kind, "data": _number(node.data)}
            yield entry | ({"locked": True} if card.place in used else {})
            continue
        entry["op"] = ops.place(_operation(node.op, node.operands, card))
        entry["operands"] = [order[x] if isinstance(x, int) else str(_number(x)) if isinstance(x, float) else "NaN"
                             for x in node.operands]  # fmt: skip
        entry["edges"] = edges = [place.edges.get(k) for k in range(len(node.operands))]
        rows = [place.rows.get(k) for k in range(len(edges))]
        if rows != [None if edge is None else k for k, edge in enumerate(edges)]:
            entry["rows"] = rows
        if place.widths:
            entry["widths"] = [place.widths.get(k) for k in range(len(edges))]
        if _fixed(node):
            entry |= {"data": _number(node.data), "fixed": [_number(x) for x in node.locals]}
        yield entry


def _operation(op: Op, operands: Sequence[int | float | str], card: Card) -> dict[str, Any]:
    """What nodes of one operation share; in its rules, the local derivatives in symbols, letters stand for names."""
    letters = map(chr, range(_LETTER + 1, _LETTER + 1 + MOST_NODES))
    xs = [constant(x) if isinstance(x, float) else (x if isinstance(x, str) else next(letters), 4) for x in operands]
    rules = [slope(op, k, xs, (chr(_LETTER), 4), TEXT)[0] for k in range(len(xs))]
    return {"op": clean(op.name), "sign": card.symbol, "infix": _INFIX.get(op.name, ""), "plain": card.plain, "rules": rules}


def _fixed(node: Node) -> bool:
    """Whether the page cannot compute the node: the operation is a user's own, or an operand was left out."""
    return node.op is not None and (not translatable(node.op) or any(x == "…" for x in node.operands))


def _before(found: list[Node], nodes: Sequence[Node]) -> set[int]:
    """The places of all that these nodes were computed from."""
    seen: set[int] = set()
    todo = [x for node in found for x in node.sources]
    while todo:
        x = todo.pop()
        if x not in seen:
            seen.add(x)
            todo += nodes[x].sources
    return seen


def _names(nodes: Sequence[Node]) -> list[str]:
    """A name for each node: its label, or v and a number; where two have one label, the second gets a number too."""
    taken: set[str] = set()
    names = []
    for k, node in enumerate(nodes):
        text = called(node, k)
        names.append(text if text not in taken else f"{text} ({k})")
        taken.add(names[-1])
    return names
