"""`draw` and the `Graph` it returns: chooses what to show, and writes it in the format asked for."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from autograd._engine.walks import ancestors
from autograd.show import cards as cards_
from autograd.show import dot, svg, text
from autograd.show.cards import LEVELS, SHOWN, Card
from autograd.show.ink import THEMES, name
from autograd.show.nodes import Node, nearest, trace
from autograd.value import Value

MOST_CARDS = 2_000
"""A picture of more cards needs `max_nodes`."""

MOST_EDGES = 4_000
"""A picture of modules with more edges between them is drawn by their outer scopes."""

_FULL, _INLINE = 60, 300  # cards up to which a level is chosen
_DOT = 1_000  # cards up to which Graphviz answers in a few seconds


def draw(
    y: Value,
    *,
    level: str | None = None,
    theme: str = "light",
    show: Iterable[str] = SHOWN,
    max_nodes: int | None = None,
    legend: bool = True,
    title: str = "",
    parameters: Collection[Value] | None = None,
    engine: str | None = None,
) -> "Graph":
    """A picture of how `y` was computed, with the gradients that the last `backward()` left; shows itself in notebooks.

    `level` is "full" (a card for every Value), "inline" (parameters used once are rows of the card that uses them) or
    "module" (a card for each scope of a module); by default it depends on the size. `theme` is "light" or "dark", `show`
    any of "value", "gradient", "local". `parameters` are the leaves drawn as such; by default those that carry a scope or
    are called like a weight. `engine` is "dot" for Graphviz, "own" for the layout that needs nothing installed; by default
    Graphviz where it is installed. A larger graph than 2,000 cards is drawn only with `max_nodes`: then that many nodes
    nearest to `y`.

    Raises `TypeError` if `y` is no Value, `ValueError` for an unknown option or a graph too large, and `StaleValueError` if
    a leaf was assigned after `y` was computed.

    >>> import autograd
    >>> w, x = autograd.Value(2.0, label="w"), autograd.Value(-3.0, label="x")
    >>> y = w * x + 1
    >>> y.backward()
    >>> print(autograd.draw(y))
    +      −5   ∇ 1
    ├─ ×   −6   ∇ 1   ∂ 1
    │  ├─ w  2  ∇ −3  ∂ −3
    │  └─ x −3  ∇ 2   ∂ 2
    └─ 1
    """
    if type(y) is not Value:
        raise TypeError(f"draw() takes a Value, not {type(y).__name__}; draw(f(x)) of one result, not of a list of them")
    shown = frozenset(show.split() if isinstance(show, str) else show)
    _choice("level", level, [None, *LEVELS])
    _choice("theme", theme, list(THEMES))
    _choice("engine", engine, [None, "dot", "own"])
    for what in shown:
        _choice("show", what, list(SHOWN))
    if max_nodes is not None and max_nodes < 1:
        raise ValueError(f"max_nodes must be at least 1, not {max_nodes!r}")
    nodes, found, level, note = _select(y, level, max_nodes, parameters)
    return Graph(nodes, found, level, theme=theme, show=shown, note=note, legend=legend, title=title, engine=engine)


def _choice(option: str, value: Any, known: list[Any]) -> None:
    if value not in known:
        raise ValueError(f"unknown {option} {value!r}: must be one of {', '.join(map(repr, known))}")


def _select(
    y: Value, level: str | None, max_nodes: int | None, parameters: Collection[Value] | None
) -> tuple[list[Node], list[Card], str, str]:
    """The nodes to show, their cards, the level, and a note on what was left out."""
    values = ancestors(y)
    limit = max_nodes or MOST_CARDS
    total, note = len(values), ""
    scoped = level in {None, "module"} and any(v.scope for v in values)
    if total > limit and not scoped and (level is not None or max_nodes is not None or total > 4 * limit):
        if max_nodes is None:
            raise _too_large(total)
        values = nearest(y, max_nodes)
    tight = len(values) > 10 * MOST_CARDS
    nodes = trace(values, parameters, locals=not tight)
    found: list[Card] = []
    for level, depth in _levels(level, nodes, scoped=scoped):  # noqa: B020, PLR1704 - the level asked for becomes the one chosen
        if tight and level == "module" and depth != 1 and _crossing(nodes, depth) > MOST_EDGES:
            continue
        found = cards_.build(nodes, level, depth=depth)
        if len(found) <= (
            limit if level == "module" or max_nodes is not None or not scoped else {"full": _FULL}.get(level, _INLINE)
        ):
            break
    if len(found) > limit:
        if max_nodes is None:
            raise _too_large(total)
        nodes = trace(nearest(y, max_nodes), parameters)
        found = cards_.build(nodes, level or "full")
    if len(nodes) < total:
        note = f"the {len(nodes):,} of {total:,} nodes nearest to {name(y.label) or 'the result'}; … marks where it was cut"
    elif level == "module" and total > _INLINE:
        note = f"{total:,} nodes in {len(found):,} cards, one a module"
    return nodes, found, level or "full", note


def _levels(level: str | None, nodes: list[Node], *, scoped: bool) -> Iterable[tuple[str, int | None]]:
    """The levels to try, in order, and to how many names scopes are cut."""
    if level in {"full", "inline"}:
        yield level, None
        return
    if level is None:
        size = sum(node.op is None or node.op.name != "add" for node in nodes)
        yield from [
            (lv, None) for lv, most in (("full", _FULL), ("inline", _INLINE)) if size <= most or (lv == "inline" and not scoped)
        ]
    if scoped or level == "module":
        deepest = max(len(node.scope) for node in nodes)
        yield "module", None
        yield from (("module", depth) for depth in range(deepest - 1, 0, -1))


def _crossing(nodes: list[Node], depth: int | None) -> int:
    """How many edges lead from one scope, cut to that depth, to another."""
    scopes = [node.scope[:depth] for node in nodes]
    return sum(scopes[x] != scopes[i] and nodes[x].op is not None for i, node in enumerate(nodes) for x in node.sources)


def _too_large(total: int) -> ValueError:
    return ValueError(
        f"a graph of {total:,} nodes is too large to draw; draw(y, max_nodes=300) shows the 300 nodes nearest to y, draw(v) "
        "of an inner Value the part before it, and autograd.scope(...) or nn modules become one card each"
    )


class Graph:
    """A picture: shows itself in notebooks, prints as a tree, and saves itself in the format of a file's name."""

    def __init__(
        self,
        nodes: list[Node],
        cards: list[Card],
        level: str,
        *,
        theme: str,
        show: frozenset[str],
        note: str,
        legend: bool,
        title: str,
        engine: str | None,
    ) -> None:
        self.nodes, self.cards, self.level, self.note = nodes, cards, level, note
        self.theme, self.show, self.legend, self.title, self.engine = theme, show, legend, title, engine
        self._svg = ""

    def __repr__(self) -> str:
        return f"<Graph of {len(self.nodes):,} nodes in {len(self.cards):,} cards, level {self.level!r}>"

    def __str__(self) -> str:
        return text.draw(self.cards, self.show, self.note)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002 - IPython's protocol
        return {"image/svg+xml": self.svg(), "text/plain": str(self)}

    def svg(self) -> str:
        """The picture as SVG: by Graphviz where it is installed and quick enough, else by the library's own layout."""
        if not self._svg:
            self._svg = self._by_dot() or svg.draw(self.cards, THEMES[self.theme], self.show, self.note, legend=self.legend)
        return self._svg

    def _by_dot(self) -> str:
        """What Graphviz makes of it; "" if it is not there, fails, or takes too long, unless it was asked for."""
        heavy = len(self.cards) > _DOT or cards_.reach(self.cards) > 50 * _DOT
        if self.engine == "own" or (self.engine is None and (heavy or not dot.installed())):
            return ""
        try:
            picture = dot.run(self.dot(), "svg").decode()
        except (ImportError, OSError, RuntimeError):  # TimeoutError is an OSError
            if self.engine == "dot":
                raise
            return ""
        return picture[picture.index("<svg") :]

    def dot(self) -> str:
        """The picture in the DOT language, for Graphviz."""
        return dot.source(self.cards, THEMES[self.theme], self.show, self.note, legend=self.legend)

    def html(self) -> str:
        """A page that steps through the computation forward and backward; one file that needs nothing else."""
        from autograd.show.page import page

        return page(self.nodes, title=self.title)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file: .svg, .png, .pdf, .dot, .html (the page that steps through it) or .txt.

        Raises `ValueError` for another ending, `RuntimeError` if a .png or .pdf needs Graphviz and it is not installed, and
        `OSError` if the file cannot be written. A file that was there is replaced only when the new one is complete.

        >>> import autograd, tempfile, pathlib
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "y.svg"
        >>> autograd.draw(autograd.Value(2.0) * 3).save(path)
        >>> "<svg" in path.read_text(encoding="utf-8")
        True
        """
        kind = Path(path).suffix.lower()
        makers: dict[str, Callable[[], str | bytes]] = {
            ".svg": self.svg, ".dot": self.dot, ".gv": self.dot, ".html": self.html, ".txt": lambda: f"{self}\n",
            ".png": lambda: self._image("png"), ".pdf": lambda: self._image("pdf"),
        }  # fmt: skip
        if kind not in makers:
            raise ValueError(f"cannot save {os.fspath(path)!r}: the name must end in .svg, .png, .pdf, .dot, .html or .txt")
        made = makers[kind]()
        write(path, made if isinstance(made, bytes) else made.encode())

    def _image(self, kind: str) -> bytes:
        if not dot.installed():
            raise RuntimeError(f"saving .{kind} needs Graphviz: {dot.INSTALL}; .svg, .html and .txt need nothing")
        source = self.dot()
        return dot.run(source.replace("digraph {", "digraph {\n\tdpi=144", 1) if kind == "png" else source, kind)


def write(path: str | os.PathLike[str], content: bytes) -> None:
    """Replace the file by the content, all at once: what was there stays until the new file is complete."""
    target = Path(os.path.realpath(path))
    unfinished = ""
    try:
        if target.is_dir():
            raise IsADirectoryError(f"{target} is a folder")
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name[:40]}.", delete=False) as file:
            unfinished = file.name
            file.write(content)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        os.chmod(unfinished, mode)
        os.replace(unfinished, target)
        unfinished = ""
    except OSError as error:
        reason = error.strerror or error
        raise type(error)(f"cannot write {os.fspath(path)!r}: {reason}; choose another place") from None
    finally:
        if unfinished:
            with contextlib.suppress(OSError):
                os.unlink(unfinished)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
