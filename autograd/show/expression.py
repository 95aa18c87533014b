"""Expressions typed on a command line, turned into functions of Values: parsed, checked against a list, never evaluated.

Python's own parser reads the text into a tree, and only what is on a short list of nodes is walked: numbers, names, the
arithmetic operators, and calls of this library's functions by name. Everything else is refused with a caret under it:

    tanh(x * w).__class__
    ^ attributes are not part of an expression

There is no `eval`: the tree becomes a list of steps for a stack, so depth is bounded by the length of the text and not by
Python's recursion. Sizes are bounded too: a text of 10,000 characters, numbers of 400 digits.
"""

import ast
import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograd import elementwise, functions
from autograd._engine.lifting import GENERIC
from autograd.errors import AutogradError
from autograd.table import HIDDEN, TABLE

__all__ = ["Expression", "ExpressionError", "parse"]

_LONGEST = 10_000
_DIGITS = 400


class ExpressionError(AutogradError, ValueError):
    """A text that is not an expression of numbers, names, operators and functions; its message points at the place."""

    def __init__(self, reason: str, text: str = "", offset: int = 0) -> None:
        self.reason, self.text, self.offset = reason, text, offset
        super().__init__(f"{_pointed(text, offset)}{reason}" if text else reason)


def _pointed(text: str, offset: int) -> str:
    """A line of the text around the place, and the caret under it."""
    line = "".join(c if c.isprintable() else " " for c in text)
    start = max(0, offset - 50)
    shown = ("…" if start else "") + line[start : offset + 28] + ("…" if len(line) > offset + 28 else "")
    return f"{shown}\n{' ' * (offset - start + bool(start))}^ "


def _clip(x: Any, *bounds: Any) -> Any:
    return functions.clip(x, *bounds)


def _listed(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of a sequence, called with its elements: `sum(x, y)`."""
    return lambda *xs: function(xs)


def _dot(*xs: Any) -> Any:
    if len(xs) % 2:
        raise TypeError
    return functions.dot(xs[: len(xs) // 2], xs[len(xs) // 2 :])


_ANY = range(1, 1000)
_OPTIONAL = {
    "leaky_relu": range(1, 3), "elu": range(1, 3), "round": range(1, 3), "clip": range(1, 4), "digamma": range(1, 2),
    "trigamma": range(1, 2),
}  # fmt: skip

FUNCTIONS: dict[str, tuple[Callable[..., Any], range]] = {
    name: (GENERIC[name], range(op.arity, op.arity + 1))
    for name, op in TABLE.items()
    if not op.nary and name not in HIDDEN and name not in _OPTIONAL
}
"""What may be called: each function by name, and how many operands it takes."""
FUNCTIONS |= {name: (vars(functions).get(name) or vars(elementwise)[name], count) for name, count in _OPTIONAL.items()}
FUNCTIONS |= {name: (_listed(getattr(functions, name)), _ANY) for name in ("sum", "prod", "mean", "logsumexp", "norm")}
FUNCTIONS |= {"hypot": (functions.hypot, _ANY), "dot": (_dot, range(2, 1000, 2))}
FUNCTIONS |= {"max": FUNCTIONS["maximum"], "min": FUNCTIONS["minimum"]}

CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "tau": math.tau}

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow", ast.Mod: "mod", ast.FloorDiv: "floordiv",
}  # fmt: skip

_REFUSED: dict[type[ast.AST], str] = {
    ast.Attribute: "attributes are not part of an expression",
    ast.Subscript: "indexing is not part of an expression",
    ast.Lambda: "an expression defines no functions",
    ast.Compare: "comparisons are not part of an expression; use maximum, minimum or where",
    ast.BoolOp: "and, or are not part of an expression; use where(condition, a, b)",
    ast.IfExp: "if is not part of an expression; use where(condition, a, b)",
    ast.JoinedStr: "strings are not part of an expression",
    ast.NamedExpr: "an expression assigns nothing",
    ast.Starred: "stars are not part of an expression",
}


class Expression:
    """A parsed expression: `names` are its variables in order of appearance; call it with a number or Value for each.

    >>> from autograd.show.expression import parse
    >>> f = parse("tanh(x * w + b)")
    >>> f.names, f(1.0, 0.5, -0.5)
    (('x', 'w', 'b'), 0.0)
    """

    def __init__(self, text: str, names: Sequence[str], steps: Sequence[tuple[str, Any, int]]) -> None:
        self.text, self.names, self._steps = text, tuple(names), tuple(steps)

    def __call__(self, *values: Any) -> Any:
        """The value, for one number or Value for each name, in the order of `names`."""
        if len(values) != len(self.names):
            raise TypeError(f"{self.text} takes {len(self.names)} values: {', '.join(self.names)}; got {len(values)}")
        known = dict(zip(self.names, values, strict=True))
        stack: list[Any] = []
        for kind, what, n in self._steps:
            if kind == "number":
                stack.append(what)
            elif kind == "name":
                stack.append(known[what])
            else:
                operands = stack[len(stack) - n :]
                del stack[len(stack) - n :]
                stack.append(what(*operands))
        return stack[0]

    def __repr__(self) -> str:
        return f"<expression {self.text}>"


def parse(text: str) -> Expression:
    """The expression in a text. Raises `ExpressionError`, with a caret under the place, for anything that is not one.

    Numbers, names, `+ - * / // % **`, parentheses, and calls of the library's functions by name, with `max`, `min`, and the
    constants pi, e, tau, inf, nan.

    >>> from autograd.show.expression import ExpressionError, parse
    >>> parse("x**2 + sin(y)").names
    ('x', 'y')
    >>> try:
    ...     parse("x + open('f')")
    ... except ExpressionError as error:
    ...     print(error)
    x + open('f')
        ^ there is no function 'open'
    """
    text = text.replace("\n", " ").strip()
    if len(text) > _LONGEST:
        raise ExpressionError(f"an expression of {len(text):,} characters is too long; the limit is {_LONGEST:,}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on the text is not for the user of an expression
            tree = ast.parse(text, mode="eval")
    except SyntaxError as error:
        line, offset = error.lineno or 1, max((error.offset or 1) - 1, 0)
        at = sum(len(part) + 1 for part in text.split("\n")[: line - 1]) + offset
        raise ExpressionError(f"this is not an expression: {error.msg}", text, min(at, len(text))) from None
    except (ValueError, RecursionError, MemoryError) as error:
        reason = "it is nested too deeply" if not isinstance(error, ValueError) else str(error)
        raise ExpressionError(f"this is not an expression: {reason}", text, 0) from None
    steps = list(_steps(tree.body, text))
    steps.reverse()
    names = dict.fromkeys(what for kind, what, _ in steps if kind == "name")
    return Expression(text, tuple(names), steps)


def _steps(body: ast.expr, text: str) -> Iterator[tuple[str, Any, int]]:
    """The steps of a stack machine, last one first, by a walk without recursion."""
    todo = [body]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Constant):
            yield "number", _number(node, text), 0
        elif isinstance(node, ast.Name):
            if node.id in FUNCTIONS:
                raise _error(node, text, f"{node.id} is a function: write {node.id}(…)")
            yield ("number", CONSTANTS[node.id], 0) if node.id in CONSTANTS else ("name", node.id, 0)
        elif isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            yield "call", GENERIC[_BINARY[type(node.op)]], 2
            todo += [node.left, node.right]
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
            if isinstance(node.op, ast.USub):
                yield "call", GENERIC["neg"], 1
            todo.append(node.operand)
        elif isinstance(node, ast.Call):
            yield "call", _function(node, text), len(node.args)
            todo += node.args
        else:
            raise _error(node, text, _REFUSED.get(type(node), "only numbers, names, + - * / // % ** and functions are allowed"))


def _number(node: ast.Constant, text: str) -> float:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _error(node, text, f"{type(value).__name__} constants are not part of an expression; only real numbers are")
    if node.end_col_offset is not None and node.end_col_offset - node.col_offset > _DIGITS:
        raise _error(node, text, f"a number of more than {_DIGITS} digits")
    try:
        return float(value)
    except OverflowError:
        raise _error(node, text, "this number is too large for a float") from None


def _function(node: ast.Call, text: str) -> Callable[..., Any]:
    if not isinstance(node.func, ast.Name):
        raise _error(node.func, text, _REFUSED.get(type(node.func), "only functions called by name are allowed"))
    name = node.func.id
    if name not in FUNCTIONS:
        close = _closest(name)
        raise _error(node.func, text, f"there is no function {name!r}" + (f"; did you mean {close}?" if close else ""))
    if node.keywords:
        raise _error(node.keywords[0], text, "functions are called without keywords here")
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            raise _error(argument, text, _REFUSED[ast.Starred])
    function, counts = FUNCTIONS[name]
    if len(node.args) not in counts:
        wanted = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} or more"
        raise _error(node.func, text, f"{name} takes {wanted} operands, not {len(node.args)}")
    return function


def _closest(name: str) -> str:
    """The function meant, if only the case or a common other name differs."""
    other = {"ln": "log", "arctan": "atan", "arcsin": "asin", "arccos": "acos", "arctanh": "atanh", "power": "pow"}
    lower = name.lower()
    return other.get(lower, lower if lower in FUNCTIONS else "")


def _error(node: ast.AST, text: str, reason: str) -> ExpressionError:
    """The error at a node. Python counts columns in bytes of UTF-8, per line."""
    lines = text.split("\n")
    line = getattr(node, "lineno", 1) - 1
    column = len(lines[line].encode()[: getattr(node, "col_offset", 0)].decode(errors="ignore"))
    return ExpressionError(reason, text, sum(len(part) + 1 for part in lines[:line]) + column)


def assignments(texts: Sequence[str]) -> dict[str, float]:
    """The numbers in texts such as "x=1" and "b=-0.5". Raises `ExpressionError` for anything else.

    >>> from autograd.show.expression import assignments
    >>> assignments(["x=1", "w=.5"])
    {'x': 1.0, 'w': 0.5}
    """
    numbers: dict[str, float] = {}
    for text in texts:
        name, equals, number = text.partition("=")
        name = name.strip()
        if not equals or not name.isidentifier():
            raise ExpressionError("a value is given as name=number, for example x=1.5", text or " ", 0)
        if name in numbers:
            raise ExpressionError(f"{name} has two values", text, 0)
        try:
            numbers[name] = float(number)
        except ValueError:
            raise ExpressionError("this is not a number", text, text.index("=") + 1) from None
    return numbers


def bind(expression: Expression, given: Mapping[str, float]) -> list[float]:
    """The given numbers in the order of the expression's names. Raises `ExpressionError` for one missing or left over."""
    for name in expression.names:
        if name not in given:
            at = expression.text.find(name)
            raise ExpressionError(f"{name} has no value: add {name}=1 to the command", expression.text, max(at, 0))
    for name in given:
        if name not in expression.names:
            raise ExpressionError(f"{name} is not in the expression {expression.text}")
    return [given[name] for name in expression.names]
