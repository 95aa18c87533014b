"""Cards as Graphviz draws them: the DOT source, and `dot` run so that it cannot hang.

A card is an HTML-like table whose cells are ports, so that edges end at the pin of their operand. Names are escaped as XML
and never reach a field in which Graphviz would interpret a backslash.
"""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from html import escape

from autograd.show.cards import KINDS, WORDS, Card, Pin, widths
from autograd.show.ink import FONT, name, number

TIMEOUT = 10.0
"""Seconds that `dot` may take; then the library's own layout takes over."""

INSTALL = "install Graphviz (apt install graphviz, brew install graphviz, winget install graphviz)"


def installed() -> bool:
    """Whether there is a `dot` to run."""
    return shutil.which("dot") is not None


def run(source: str, kind: str, timeout: float = TIMEOUT) -> bytes:
    """What `dot -Tkind` makes of the source. Raises `TimeoutError` if it takes too long, `RuntimeError` if it fails."""
    dot = shutil.which("dot")
    if dot is None:
        raise RuntimeError(f"a .{kind} file is drawn by Graphviz: {INSTALL}, or save .svg, .html or .txt, which need nothing")
    process = subprocess.Popen(  # noqa: S603 - no shell, and the source goes through a pipe
        [dot, f"-T{kind}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # so that what a wrapper script started can be stopped too
    )
    try:
        out, err = process.communicate(source.encode(), timeout=timeout)
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"dot took more than {timeout:g} s") from None
    finally:
        if process.poll() is None:
            _stop(process)
    if process.returncode or not out:
        first = (err.decode(errors="replace").strip().splitlines() or ["no output"])[0]
        raise RuntimeError(f"dot failed ({first})")
    return out


def _stop(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.communicate()


def source(
    cards: Sequence[Card], theme: Mapping[str, str], show: frozenset[str], note: str = "", *, legend: bool = True
) -> str:
    """The picture in the DOT language."""
    from graphviz import Digraph  # type: ignore[import-untyped]

    graph = Digraph(
        graph_attr={
            "rankdir": "LR", "newrank": "true", "nodesep": ".13", "ranksep": ".55", "splines": "spline", "pad": ".3",
            "outputorder": "edgesfirst", "bgcolor": theme["ground"], "fontname": FONT, "fontcolor": theme["ink"],
            "tooltip": " ",
        },
        node_attr={"shape": "plain", "fontname": FONT, "fontsize": "11", "fontcolor": theme["ink"]},
        edge_attr={"fontname": FONT, "arrowsize": ".5", "color": theme["line"]},
    )  # fmt: skip
    if len(cards) > 200:  # a better picture of many cards is not worth minutes
        graph.attr(nslimit="0.1", nslimit1="0.1", mclimit="0.05", splines="line")
    texts = [*_card_lines(cards, theme, show), *_edge_lines(cards)]
    graph.body.extend(f"\t{line}\n" for line in texts)
    if legend or note:
        graph.attr(label=f"<{_legend(theme, show, note, legend=legend)}>", labelloc="b")
    return str(graph.source)


def _card_lines(cards: Sequence[Card], theme: Mapping[str, str], show: frozenset[str]) -> list[str]:
    """The nodes, in clusters for their scopes; walks the scopes in sorted order, opening and closing brackets."""
    scopes: dict[tuple[str, ...], list[int]] = {}
    for k, card in enumerate(cards):
        scopes.setdefault(card.scope, []).append(k)
    lines: list[str] = []
    opened: list[str] = []
    first_seen = {scope: i for i, scope in enumerate(scopes)}
    for i, scope in enumerate(sorted(scopes, key=lambda s: [(first_seen.get(s[: d + 1], 0), s[d]) for d in range(len(s))])):
        shared = 0
        while shared < min(len(opened), len(scope)) and opened[shared] == scope[shared]:
            shared += 1
        lines += ["}"] * (len(opened) - shared)
        for depth in range(shared, len(scope)):
            lines += [
                f"subgraph cluster_{i}_{depth} {{",
                f"label=<{_font(escape(name(scope[depth], 40)), theme['mute'], 11)}> labeljust=l margin=10 penwidth=1",
                f'style="rounded,filled" color="{theme["border"]}" fillcolor="{theme["inner" if depth else "scope"]}"',
                'tooltip=" "',
            ]
        opened = list(scope)
        lines += [
            f'{k} [id=n{k} class="{cards[k].kind}" tooltip={_tooltip(cards[k])} label=<{_table(cards[k], theme, show)}>]'
            for k in scopes[scope]
        ]
    return lines + ["}"] * len(opened)


def _edge_lines(cards: Sequence[Card]) -> list[str]:
    lines = []
    thick = widths(cards)
    for k, card in enumerate(cards):
        for j, pin in enumerate(card.pins):
            if pin.source is None:
                continue
            dashed = " style=dashed" if pin.flow == 0.0 else ""
            weight = 8 if cards[pin.source].scope == card.scope else 1
            tip = f"{number(pin.local)} × {number(card.grad)} = {number(pin.flow)}"
            look = f'class="edge" penwidth={thick[k, j]:.2f} weight={weight}{dashed} tooltip="{tip}"'
            lines.append(f"{pin.source}:o:e -> {k}:i{pin.row}:w [id=e{k}_{j} {look}]")
    return lines + _columns(cards)


def _columns(cards: Sequence[Card]) -> list[str]:
    """Invisible edges: a leaf in a scope must not start left of what feeds the scope, so that scopes become columns."""
    feeds: dict[str, dict[int, None]] = {}
    for card in cards:
        for pin in card.pins:
            if pin.source is not None and card.scope and cards[pin.source].scope[:1] != card.scope[:1]:
                feeds.setdefault(card.scope[0], {})[pin.source] = None
    return [
        f"{source} -> {k} [style=invis weight=0]"
        for k, card in enumerate(cards)
        if not card.pins and card.scope
        for source in list(feeds.get(card.scope[0], ()))[:4]
    ]


def _font(text: str, colour: str, size: int, *, bold: bool = False) -> str:
    return f'<font color="{colour}" point-size="{size}">{f"<b>{text}</b>" if bold else text}</font>' if text else ""


def _tooltip(card: Card) -> str:
    text = f"{card.title}: {card.data!r}, gradient {card.grad!r}".replace("\\", "\\\\").replace('"', "'")
    return f'"{text}"'


def _table(card: Card, theme: Mapping[str, str], show: frozenset[str]) -> str:
    colour = theme[card.kind]
    pins = "".join(_row(card, pin, theme, show) for pin in card.rows)
    left = f'<td cellpadding="0">{_grid(pins, 2)}</td>' if pins else ""
    size = 17 if len(card.symbol) == 1 else 15 if len(card.symbol) == 2 else 12
    symbol = f'<tr><td width="32" height="30">{_font(escape(card.symbol), theme["badge"], size, bold=True)}</td></tr>'
    badge = _grid(symbol, 3, f' style="rounded" bgcolor="{colour}"')
    right = f'<td port="o" width="62" align="right" balign="right">{_numbers(card, theme, show)}</td>'
    style = "rounded,dashed" if card.mark else "rounded"
    frame = f' color="{colour}" bgcolor="{theme[card.kind + "-card"]}" style="{style}"'
    return _grid(f"<tr>{left}<td>{badge}</td>{right}</tr>", 4, frame, border=1)


def _grid(rows: str, padding: int, attributes: str = "", *, border: int = 0) -> str:
    return f'<table border="{border}" cellborder="0" cellspacing="0" cellpadding="{padding}"{attributes}>{rows}</table>'


def _numbers(card: Card, theme: Mapping[str, str], show: frozenset[str]) -> str:
    """The right side of a card: name and value, gradient, mark."""
    named = "" if not card.name else card.name if card.data is None else f"{card.name} = "
    lines = []
    if named or "value" in show:
        value = _font(number(card.data), theme["ink"], 12, bold=True) if "value" in show and card.data is not None else ""
        lines.append(_font(escape(named), theme[card.kind + "-text"], 11, bold=True) + value)
    if "gradient" in show and card.data is not None:
        lines.append(_font("∇ " + number(card.grad), theme["gradient"], 11))
    if card.mark:
        lines.append(_font(card.mark, theme["warning"], 9))
    return "".join(f'{line}<br align="right"/>' for line in lines) or " "


def _row(card: Card, pin: Pin, theme: Mapping[str, str], show: frozenset[str]) -> str:
    port = f'<td port="i{pin.row}" width="3"></td>'
    if card.more and pin is card.rows[-1]:
        return f'<tr>{port}<td align="left" colspan="3">{_font(f"… {card.more} more", theme["mute"], 9)}</td></tr>'
    if pin.data is None:
        text = pin.text if "local" in show or pin.cut else ""
        return f'<tr>{port}<td align="left" colspan="3">{_font(text or " ", theme["mute"], 9)}</td></tr>'
    value = _font(number(pin.data), theme["ink"], 10) if "value" in show else ""
    if pin.kind == "constant":
        return f'<tr>{port}<td align="left" colspan="3">{_font(number(pin.data), theme["constant-text"], 10)}</td></tr>'
    grad = _font("∇ " + number(pin.grad), theme["gradient"], 9) if "gradient" in show else ""
    return (
        f'<tr>{port}<td align="left" width="16">{_font(escape(pin.name), theme[pin.kind + "-text"], 10, bold=True)}</td>'
        f'<td align="right" width="44">{value}</td><td align="right" width="54">{grad}</td></tr>'
    )


def _legend(theme: Mapping[str, str], show: frozenset[str], note: str, *, legend: bool) -> str:
    cells = "".join(
        "<td>"
        + _grid(
            f"<tr><td>{_font(f' {kind} ', theme[kind + '-text'], 11)}</td></tr>",
            3,
            f' color="{theme[kind]}" bgcolor="{theme[kind + "-card"]}" style="rounded"',
            border=1,
        )
        + "</td>"
        for kind in KINDS
    )
    cells += "".join(
        f"<td>{_font(text, theme[colour], 11, bold=text == 'value')}</td>" for what, colour, text in WORDS if what in show
    )
    rows = f"<tr>{cells}</tr>" if legend else ""
    told = f'<tr><td colspan="9">{_font(escape(note), theme["warning"], 11)}</td></tr>' if note else ""
    return f'<table border="0" cellspacing="6" cellborder="0">{rows}{told}</table>'
