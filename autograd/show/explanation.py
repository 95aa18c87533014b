"""`explain`: one gradient, path by path.

The chain rule says that ∂y/∂x is a sum over all paths from x to y, of the products of the local derivatives along each. A graph
of a few dozen nodes can have billions of paths, so they are counted first, by the same sweep that adds gradients up; listed are
they only where they are few, and otherwise gathered by the step that they take out of x.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from autograd._engine.walks import ancestors
from autograd.chain import reverse
from autograd.show.formulas import LATEX, TEXT, Style, _operand, slope, spellings
from autograd.show.ink import clean, name, number
from autograd.show.nodes import Node, trace
from autograd.value import Value

_MOST = 20  # steps of a path, or factors of a product, that are shown; of more, both ends
_WORD = re.compile(r"[^\W⁰¹²³⁴⁵⁶⁷⁸⁹]+")  # an exponent does not belong to the name before it

Step = tuple[int, int]
"""A use of a node: the node that uses it, and as which operand."""


@dataclass(frozen=True, slots=True)
class Path:
    """Some of the paths from x to y: one, or all that begin with the same step; the factors stand from y to x."""

    names: tuple[str, ...]
    factors: tuple[float, ...]
    symbols: tuple[str, ...]
    contribution: float
    count: int = 1


class Explanation:
    """What `explain` found: `value`, the derivative; `paths`; `count`, how many paths there are. Prints as text."""

    def __init__(
        self,
        y: str,
        x: str,
        value: float,
        paths: Sequence[Path],
        count: int,
        where: Sequence[tuple[str, str]],
        *,
        symbolic: bool,
    ) -> None:
        self.y, self.x, self.value, self.paths, self.count = y, x, value, tuple(paths), count
        self._where, self._symbolic = tuple(where), symbolic

    @property
    def collapsed(self) -> bool:
        """Whether there were too many paths to list them one by one."""
        return len(self.paths) != self.count

    @property
    def symbolic(self) -> str:
        """The derivative as a formula."""
        return " + ".join(_product(path.symbols, TEXT) for path in self.paths).replace("+ −", "− ") or "0"

    def __str__(self) -> str:
        head = f"∂{self.y}/∂{self.x}"
        where = [f"  {'where' if k == 0 else '     '} {a} = {b}" for k, (a, b) in enumerate(self._where)]
        if self._symbolic:
            return "\n".join([f"{head} = {self.symbolic}", *where])
        if not self.paths:
            return f"{head} = 0: {self.y} does not depend on {self.x}"
        how = f"{_many(self.count)} path{'s' * (self.count != 1)}"
        if self.collapsed:
            how += f", too many to list: gathered here by the step out of {self.x}"
        lines = [f"{head} = {_exact(self.value)}, the sum over {how}"]
        rows = [
            (
                " ← ".join(_abridged(path.names)) + (f"  ({_many(path.count)} paths)" if path.count > 1 else ""),
                " · ".join(_numbers(path.factors)),
                number(path.contribution),
                _product([_short(symbol) for symbol in path.symbols], TEXT),
            )
            for path in self.paths
        ]
        widths = [max(len(row[k]) for row in rows) for k in range(3)]
        lines += [f"  {a:<{widths[0]}}  {b:<{widths[1]}} = {c:>{widths[2]}}  {d}".rstrip() for a, b, c, d in rows]
        if len(rows) > 1:
            lines.append(f"  {'sum':<{widths[0]}}  {'':<{widths[1]}} = {number(self.value):>{widths[2]}}")
        return "\n".join([*lines, *where])

    __repr__ = __str__

    def latex(self) -> str:
        """The sum of products in LaTeX, in numbers."""
        y, x = LATEX.name(self.y), LATEX.name(self.x)
        terms = " + ".join(r" \cdot ".join(_numbers(path.factors, r"\cdots")) for path in self.paths) or "0"
        return rf"\frac{{\partial {y}}}{{\partial {x}}} = {terms} = {number(self.value)}".replace("−", "-")

    def html(self) -> str:
        """The paths as an HTML table."""
        rows = "".join(
            f"<tr><td>{escape(' ← '.join(_abridged(path.names)))}</td>"
            f"<td>{' · '.join(_numbers(path.factors))}</td>"
            f"<td>{number(path.contribution)}</td><td>{escape(_product(path.symbols, TEXT))}</td></tr>"
            for path in self.paths
        )
        head = f"∂{escape(self.y)}/∂{escape(self.x)} = {_exact(self.value)}"
        columns = "<th>path</th><th>local derivatives</th><th>product</th><th>in symbols</th>"
        gathered = f", {_many(self.count)} paths, gathered by their last step" if self.collapsed else ""
        return f"<table><caption>{head}{gathered}</caption><tr>{columns}</tr>{rows}</table>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002 - IPython's protocol
        return {"text/plain": str(self), "text/html": self.html()}


def explain(y: Value, x: Value, *, symbolic: bool = False, max_paths: int = 16) -> Explanation:
    """Why ∂y/∂x is what it is: every path from x to y, with the product of its local derivatives, and their sum.

    With more than `max_paths` paths, those that leave `x` by the same step are gathered in one line. With `symbolic=True` it
    prints the derivative as a formula. Changes no gradient. Raises `TypeError` if `y` or `x` is no Value, and
    `DerivativeError` if a local derivative that is needed does not exist.

    >>> import autograd
    >>> x, w = autograd.Value(3.0, label="x"), autograd.Value(-2.0, label="w")
    >>> y = w * x + x**2
    >>> autograd.explain(y, x)
    ∂y/∂x = 4, the sum over 2 paths
      y ← v2 ← x  1 · −2 = −2  w
      y ← v3 ← x  1 · 6  =  6  2·x
      sum                =  4
    >>> autograd.explain(y, x, symbolic=True)
    ∂y/∂x = w + 2·x
    """
    for what, v in (("y", y), ("x", x)):
        if type(v) is not Value:
            raise TypeError(f"explain(y, x) takes two Values; {what} is {type(v).__name__}")
    values = ancestors(y)
    bars = reverse({y: 1.0})
    nodes = trace(values)
    places = {v: i for i, v in enumerate(values)}
    if x not in places:
        return Explanation(_name(nodes, len(nodes) - 1), name(x.label) or "x", 0.0, [], 0, [], symbolic=symbolic)
    adjoints = [float(bars.get(v, 0.0)) for v in values]
    return _Explainer(nodes, places[x], adjoints).explanation(max_paths, symbolic=symbolic)


class _Explainer:
    """The paths of one trace from the node `start` to the last one."""

    def __init__(self, nodes: list[Node], start: int, adjoints: list[float]) -> None:
        self.nodes, self.start, self.end, self.adjoints = nodes, start, len(nodes) - 1, adjoints
        self.uses: list[list[Step]] = [[] for _ in nodes]
        for i, node in enumerate(nodes):
            for k, source in enumerate(node.operands):
                if isinstance(source, int):
                    self.uses[source].append((i, k))
        self.counts = [0] * len(nodes)  # paths from each node to the end
        self.counts[self.end] = 1
        for i in range(self.end - 1, start - 1, -1):
            self.counts[i] = sum(self.counts[user] for user, _ in self.uses[i])
        self.texts, self.defined = spellings(nodes, TEXT)

    def explanation(self, most: int, *, symbolic: bool) -> Explanation:
        count = self.counts[self.start]
        steps = self._each() if count <= most else [[step] for step in self.uses[self.start] if self.counts[step[0]]]
        paths = [self._path(path, gathered=count > most) for path in steps]
        shown = " ".join(part for path in paths for part in (_product(path.symbols, TEXT), *_abridged(path.names)))
        words = set(_WORD.findall(shown))
        named = {self.texts[i][0]: text for i, text in self.defined.items() if i != self.end}
        where = [(a, _clipped(b)) for a, b in named.items() if (a in words if _WORD.fullmatch(a) else a in shown)]
        names = _name(self.nodes, self.end), _name(self.nodes, self.start)
        return Explanation(*names, self.adjoints[self.start], paths, count, where[:20], symbolic=symbolic)

    def _each(self) -> list[list[Step]]:
        """Every path, as the steps from x on; depth first, in order of recording."""
        found = []
        # A path being walked is its last step and the path before, so that long ones share what they have in common.
        todo: list[tuple[int, Any]] = [(self.start, None)]
        while todo:
            at, walked = todo.pop()
            if at == self.end:
                path = []
                while walked:
                    step, walked = walked
                    path.append(step)
                found.append(path[::-1])
            else:
                todo += [(step[0], (step, walked)) for step in reversed(self.uses[at]) if self.counts[step[0]]]
        return found

    def _path(self, path: list[Step], *, gathered: bool) -> Path:
        names = [_name(self.nodes, self.start), *(_name(self.nodes, user) for user, _ in path)]
        factors = [self.nodes[user].locals[k] or 0.0 for user, k in path]
        symbols = [self._symbol(user, k, TEXT) for user, k in path]
        if gathered:
            ((user, _),) = path
            factors.append(self.adjoints[user])
            symbols.append(f"∂{_name(self.nodes, self.end)}/∂{_name(self.nodes, user)}")
            if user != self.end:
                names += ["…", _name(self.nodes, self.end)]
        product = 1.0
        for factor in reversed(factors):
            product = product * factor if product and factor else 0.0
        order = slice(None, None, -1)
        count = self.counts[path[0][0]] if gathered else 1
        return Path(tuple(names[order]), tuple(factors[order]), tuple(symbols[order]), product, count)

    def _symbol(self, user: int, k: int, style: Style) -> str:
        node = self.nodes[user]
        if node.op is None:
            return ""
        operands = [_operand(x, self.texts) for x in node.operands]
        text, binds = slope(node.op, k, operands, self.texts[user], style)
        return style.group((text, binds), 2) if text else number(node.locals[k] or 0.0)


def _product(symbols: Sequence[str], style: Style) -> str:
    """The factors that are not 1, the shorter ones first; of very many only the first and the last, in the path's order."""
    kept = [s for s in symbols if s != "1"]
    if any(s == "0" for s in kept):
        return "0"
    minus = sum(s == "(−1)" for s in kept) % 2
    parts = [s for s in kept if s != "(−1)"]
    text = style.times.join(_abridged(parts) if len(parts) > _MOST else sorted(parts, key=len)) or "1"
    return f"−{text}" if minus else text


def _abridged(parts: Sequence[str]) -> Sequence[str]:
    """The parts, or of many the first and the last."""
    return parts if len(parts) <= _MOST else [*parts[:10], "…", *parts[-6:]]


def _numbers(factors: Sequence[float], dots: str = "…") -> list[str]:
    """The factors as texts, or of many the first and the last."""
    if len(factors) <= _MOST:
        return [number(x) for x in factors]
    return [*map(number, factors[:10]), dots, *map(number, factors[-6:])]


def _clipped(text: str) -> str:
    """A definition, or of a very long one both ends."""
    return text if len(text) <= 400 else f"{text[:240]} … {text[-120:]}"


def _many(count: int) -> str:
    """A count in digits, or as a power of two: Python writes no number of more than 4300 digits."""
    return f"{count:,}" if count.bit_length() <= 1000 else f"more than 2^{count.bit_length() - 1:,}"


def _short(symbol: str) -> str:
    """A factor as a line has room for: σ′(…)."""
    head, bracket, _ = symbol.partition("(")
    return f"{head}(…)" if bracket and len(symbol) > 24 else symbol


def _exact(x: float) -> str:
    return f"{x:.10g}".replace("-", "−")


def _name(nodes: Sequence[Node], i: int) -> str:
    return name(clean(nodes[i].label), 24) or ("y" if i == len(nodes) - 1 else f"v{i}")
