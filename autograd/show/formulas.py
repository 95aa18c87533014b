"""Graphs written as mathematics: `formula`, and the derivative of one operation in symbols.

A graph may be far larger than its formula should be. So nothing recurses: nodes are spelled in order of recording, each from
the spelling of its operands, and a part that is used twice or has grown long gets a name and a line of its own under
"where". The derivatives are the texts of the table's rows with the operands put in; where a row's text is no formula to
read (conditions, several calls), the prime of the function stands for it: σ′(u).
"""

import ast
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from autograd._engine.walks import ancestors
from autograd.show.ink import clean, name, superscript
from autograd.show.nodes import Node, trace
from autograd.table import TABLE, Op
from autograd.value import Value

Spelling = tuple[str, int]
"""A text and how tightly it binds: 1 a sum, 2 a product, 3 a power, 4 anything in brackets."""

_LONGEST = 160  # characters; a longer part gets a name
_MOST_LINES = 30
_LATEX = {"σ": r"\sigma", "√": r"\sqrt", "Γ": r"\Gamma", "ψ": r"\psi", "∛": r"\sqrt[3]"}
_FUNCTIONS = frozenset("exp log sin cos tan sinh cosh tanh max min".split())  # noqa: SIM905 - that LaTeX knows by name


class Formula:
    """A formula: prints as text, shows itself as mathematics in notebooks."""

    def __init__(self, lines: Sequence[tuple[str, str]], latex: Sequence[tuple[str, str]], more: int) -> None:
        self._lines, self._latex, self._more = lines, latex, more

    def __str__(self) -> str:
        (left, right), *where = self._lines
        width = max((len(a) for a, _ in where), default=0)
        texts = [f"{left} = {right}"]
        texts += [f"  {'where' if k == 0 else '     '} {a:<{width}} = {b}" for k, (a, b) in enumerate(where)]
        return "\n".join([*texts, *([f"        … and {self._more:,} more parts"] if self._more else [])])

    __repr__ = __str__

    def latex(self) -> str:
        """The formula in LaTeX, without delimiters."""
        lines = [rf"{a} &= {b}" for a, b in self._latex]
        body = r" \\ ".join(lines)
        return body.replace("&", "", 1) if len(lines) == 1 else rf"\begin{{aligned}} {body} \end{{aligned}}"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def formula(y: Any, *at: float) -> Formula:
    """The expression that computed `y`; of a function, what it computes at a point, by default 0.5 for every parameter.

    What is used more than once, or is long, gets a line of its own. A function is called with one labelled Value for each
    of its parameters; its branches are those taken at that point. Raises `TypeError` for anything else, or for a function
    that returns no Value.

    >>> import autograd
    >>> autograd.formula(lambda w, x, b: autograd.sigmoid(w * x + b))
    y = σ(w·x + b)
    >>> x = autograd.Value(2.0, label="x")
    >>> z = x**2 + 1
    >>> autograd.formula(z / (z + x))
    y = v2 / (v2 + x)
      where v2 = x² + 1
    """
    if type(y) is not Value:
        if not callable(y):
            raise TypeError(f"formula() takes a Value or a function, not {type(y).__name__}")
        y = _called(y, at)
        if type(y) is not Value:
            raise TypeError(f"formula() needs a function that returns a Value; this one returned {type(y).__name__}")
    nodes = trace(ancestors(y))
    text, latex = lines(nodes, TEXT), lines(nodes, LATEX)
    return Formula(text[: _MOST_LINES + 1], latex[: _MOST_LINES + 1], max(0, len(text) - _MOST_LINES - 1))


def _called(f: Callable[..., Any], at: Sequence[float]) -> Any:
    import inspect

    parameters = [
        p.name
        for p in inspect.signature(f).parameters.values()
        if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD} and (p.default is p.empty or at)
    ]
    point = at or [0.5] * len(parameters)
    names = parameters[: len(point)] + [f"x{k}" for k in range(len(parameters), len(point))]
    return f(*(Value(x, label=label) for x, label in zip(point, names, strict=True)))


# ---- two ways to write: text and LaTeX


class Style:
    """How the parts of a formula are written; the text style, which LaTeX changes."""

    times = "·"

    def name(self, text: str) -> str:
        """A name."""
        return text

    def group(self, spelling: Spelling, least: int) -> str:
        """The spelling, in brackets if it binds less tightly than that."""
        return spelling[0] if spelling[1] >= least else f"({spelling[0]})"

    def fraction(self, a: Spelling, b: Spelling) -> Spelling:
        """a / b."""
        if a[0].startswith("−") and " " not in a[0]:
            return f"{a[0]} / {self.group(b, 3)}", 1
        return f"{self.group(a, 2)} / {self.group(b, 3)}", 2

    def power(self, a: Spelling, b: str) -> Spelling:
        """a to the power b."""
        raised = superscript(b.replace("−", "-"))
        simple = all(c in "0123456789-" for c in b.replace("−", "-"))
        return (f"{self.group(a, 4)}{raised}" if simple else f"{self.group(a, 4)}^{b if b.isalnum() else f'({b})'}"), 3

    def call(self, function: str, arguments: Sequence[str]) -> Spelling:
        """A function of arguments."""
        fences = {"abs": "||", "⌊⌋": "⌊⌋", "⌈⌉": "⌈⌉", "‖‖": "‖‖"}.get(function)
        if fences:
            return f"{fences[0]}{', '.join(arguments)}{fences[1]}", 4
        return f"{function}({', '.join(arguments)})", 4

    def prime(self, function: str, arguments: Sequence[str]) -> Spelling:
        """The derivative of a function."""
        return f"{function}′({', '.join(arguments)})", 4


class _Latex(Style):
    times = r" \cdot "

    def name(self, text: str) -> str:
        base = text.rstrip("₀₁₂₃₄₅₆₇₈₉")
        index = text[len(base) :].translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
        marks = {"\\": r"\backslash ", "^": r"\hat{}", "~": r"\sim "}
        safe = "".join(marks.get(c, f"\\{c}" if c in "{}_$%&#" else c) for c in base)
        return (safe if len(base) == 1 else rf"\mathrm{{{safe}}}") + (f"_{{{index}}}" if index else "")

    def group(self, spelling: Spelling, least: int) -> str:
        return spelling[0] if spelling[1] >= least else rf"\left({spelling[0]}\right)"

    def fraction(self, a: Spelling, b: Spelling) -> Spelling:
        return rf"\frac{{{a[0]}}}{{{b[0]}}}", 2

    def power(self, a: Spelling, b: str) -> Spelling:
        return f"{{{self.group(a, 4)}}}^{{{b}}}", 3

    def _function(self, function: str) -> str:
        if function in _LATEX:
            return _LATEX[function]
        return f"\\{function}" if function in _FUNCTIONS else rf"\operatorname{{{self.name(function)}}}"

    def call(self, function: str, arguments: Sequence[str]) -> Spelling:
        inner = ", ".join(arguments)
        if function in {"√", "∛"}:
            return f"{_LATEX[function]}{{{inner}}}", 4
        fences = {"abs": ("|", "|"), "⌊⌋": (r"\lfloor ", r"\rfloor "), "⌈⌉": (r"\lceil ", r"\rceil "), "‖‖": (r"\|", r"\|")}
        before, behind = fences.get(function, (self._function(function) + r"\left(", r"\right)"))
        return f"{before}{inner}{behind}", 4

    def prime(self, function: str, arguments: Sequence[str]) -> Spelling:
        return rf"{self._function(function)}'\left({', '.join(arguments)}\right)", 4


TEXT, LATEX = Style(), _Latex()


# ---- operations


def constant(x: float) -> Spelling:
    """A number as formulas show it."""
    text = f"{x:.6g}".replace("-", "−")
    return text, 1 if x < 0 else 4


def spell(op: Op, xs: Sequence[Spelling], style: Style) -> Spelling:
    """An operation of operands that have been spelled."""
    g = style.group
    match op.name:
        case "add":
            return _total(xs), 1
        case "sub":
            return f"{g(xs[0], 1)} − {g(xs[1], 2)}", 1
        case "mul":
            return style.times.join(g(x, 2) for x in xs), 2
        case "div":
            return style.fraction(xs[0], xs[1])
        case "neg":
            return f"−{g(xs[0], 2)}", 1
        case "pow":
            return style.power(xs[0], xs[1][0])
        case "sum":
            return _total(xs), 1
        case "dot":
            products = [(style.times.join(g(x, 2) for x in pair), 2) for pair in zip(xs[1::2], xs[2::2], strict=True)]
            return _total([*products, *([] if xs[0][0] == "0" else [xs[0]])]), 1
        case "identity":
            return xs[0]
    return style.call(_sign(op), [text for text, _ in xs])


def _sign(op: Op) -> str:
    return op.symbol if op.symbol not in {"w·x", "Σ", "·", "="} else op.name


def _total(xs: Sequence[Spelling]) -> str:
    text = xs[0][0] if xs else "0"
    for x, _ in xs[1:]:
        text += f" − {x[1:]}" if x.startswith("−") and " + " not in x and " − " not in x else f" + {x}"
    return text


def slope(op: Op, k: int, xs: Sequence[Spelling], y: Spelling, style: Style) -> Spelling:
    """The derivative for the operand at `k` in symbols, of spelled operands; ("", 4) where there is none to read."""
    if op.name == "pow" and k == 0:
        exponent = xs[1][0].replace("−", "-")
        try:
            n = float(exponent)
        except ValueError:
            return style.times.join([style.group(xs[1], 2), style.power(xs[0], f"{xs[1][0]} − 1")[0]]), 2
        lower = xs[0] if n == 2.0 else style.power(xs[0], constant(n - 1)[0])
        return (style.times.join([constant(n)[0], style.group(lower, 2)]), 2) if n != 1.0 else ("1", 4)
    if op.name == "dot":
        return ("1", 4) if k == 0 else xs[k + 1 if k % 2 else k - 1]
    if op.name in {"sum", "mean"}:
        return ("1", 4) if op.name == "sum" else style.fraction(("1", 4), (str(len(xs)), 4))
    if op.nary or not op.text:
        return "", 4
    tree, primed, undefined = _read(op.shown[k])
    if undefined:
        return "", 4
    if primed:
        return style.prime(_sign(op), [x for x, _ in xs]) if op.arity == 1 else ("", 4)
    return _render(tree, dict(zip(op.inputs, xs, strict=True)) | {"y": y}, style)


@cache
def _read(text: str) -> tuple[ast.expr, bool, bool]:
    """A row's derivative: its last expression; whether the text is no formula to read; whether there is no derivative."""
    tree = ast.parse(text.rsplit("; ", maxsplit=1)[-1], mode="eval").body
    parts = list(ast.walk(tree))
    calls = [part.func for part in parts if isinstance(part, ast.Call)]
    own = any(isinstance(part, ast.Name) and part.id == "y" for part in parts)
    conditions = any(isinstance(part, ast.IfExp) or (isinstance(part, ast.Constant) and part.value is None) for part in parts)
    undefined = any(isinstance(f, ast.Name) and f.id == "undefined" for f in calls)
    return tree, bool(";" in text or conditions or len(calls) > 1 or (own and calls)), undefined


_CONSTANTS = {"pi": "π", "ln2": "ln 2", "ln10": "ln 10", "sqrtpi": "√π", "sqrt2": "√2", "sqrt2pi": "√(2π)"}


def _render(tree: ast.expr, names: dict[str, Spelling], style: Style) -> Spelling:
    """A row's expression with the operands put in; the depth of recursion is that of a text in the table."""
    match tree:
        case ast.Constant(value=int() | float() as number):
            return constant(float(number))
        case ast.Name(id=x):
            return names.get(x) or (_CONSTANTS.get(x, x), 4)
        case ast.UnaryOp(operand=x):
            return f"−{style.group(_render(x, names, style), 2)}", 1
        case ast.BinOp(left=a, op=op, right=b):
            left, right = _render(a, names, style), _render(b, names, style)
            if isinstance(op, ast.Div):
                return style.fraction(left, right)
            if isinstance(op, ast.Mult):
                return style.times.join([style.group(left, 2), style.group(right, 2)]), 2
            if isinstance(op, ast.Add):
                return f"{left[0]} + {right[0]}", 1
            sign = "−" if isinstance(op, ast.Sub) else "//"
            return f"{style.group(left, 1 if sign == '−' else 2)} {sign} {style.group(right, 2)}", 1
        case ast.Call(func=ast.Name(id=f), args=xs):
            return style.call(_sign(TABLE[f]) if f in TABLE else f, [_render(x, names, style)[0] for x in xs])
    return ast.unparse(tree), 1


# ---- graphs


def spellings(nodes: Sequence[Node], style: Style) -> tuple[list[Spelling], dict[int, str]]:
    """How each node is referred to, and the definitions of those that are referred to by a name."""
    uses = [0] * len(nodes)
    for node in nodes:
        for x in node.sources:
            uses[x] += 1
    called: list[Spelling] = []
    defined: dict[int, str] = {}
    for i, node in enumerate(nodes):
        label = clean(node.label)
        if node.op is None:
            called.append((style.name(name(label, 24) or f"v{i}"), 4))
            continue
        spelling = spell(node.op, [_operand(x, called) for x in node.operands], style)
        last = i == len(nodes) - 1
        if last or label or (uses[i] > 1 and len(spelling[0]) > 3) or len(spelling[0]) > _LONGEST:
            defined[i] = spelling[0]
            spelling = style.name(name(label, 24) or ("y" if last else f"v{i}")), 4
        called.append(spelling)
    return called, defined


def _operand(x: float | str, called: Sequence[Spelling]) -> Spelling:
    return called[x] if isinstance(x, int) else constant(x) if isinstance(x, float) else ("…", 4)


def lines(nodes: Sequence[Node], style: Style) -> list[tuple[str, str]]:
    """The result and its expression, then the named parts, those nearest to the result first."""
    called, defined = spellings(nodes, style)
    if len(nodes) == 1:
        return [("y", called[0][0])]
    return [(called[i][0], defined[i]) for i in sorted(defined, reverse=True)]
