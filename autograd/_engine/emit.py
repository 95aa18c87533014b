"""A row's text in another language: expressions of the table as C or JavaScript.

The texts are a small subset of Python whose arithmetic C and JavaScript share, so one walk over the syntax tree serves both;
a `Dialect` says how functions are called there, and how it spells lists. Every operation is parenthesised, so that the order
of rounding, and with it the last bit, is that of the table. What has no form in a dialect raises `ValueError`.
"""

import ast
from collections.abc import Callable, Mapping
from typing import NamedTuple

from autograd.table import CONSTANTS


class Dialect(NamedTuple):
    """How a language spells what the table uses: `call` gives the name of a function, `none` stands for "no derivative"."""

    call: Callable[[str], str]
    none: str
    constants: Mapping[str, float] = CONSTANTS
    lists: Callable[[ast.expr, Callable[[ast.expr], str]], str | None] | None = None
    """How it spells an expression over lists, given how it spells the parts; None for an expression that is none."""


def emit(text: str, dialect: Dialect) -> tuple[list[tuple[str, str]], str]:
    """The named subexpressions of a row's text, in order, and its result, as expressions of the dialect.

    >>> from autograd._engine.emit import Dialect, emit
    >>> emit("e = exp(-abs(x)); e / (1.0 + e)", Dialect(call=lambda name: "Math." + name, none="null"))
    ([('e', 'Math.exp((-Math.abs(x)))')], '(e / (1.0 + e))')
    """
    *steps, result = text.split("; ")
    named = []
    for step in steps:
        name, _, text = step.partition(" = ")
        named.append((name, expression(parse(text), dialect)))
    return named, expression(parse(result), dialect)


def parse(text: str) -> ast.expr:
    """The syntax tree of an expression."""
    return ast.parse(text, mode="eval").body


_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_CALLED = {ast.Mod: "mod", ast.FloorDiv: "floordiv", ast.Pow: "pow"}
_COMPARED = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


def expression(node: ast.expr, dialect: Dialect) -> str:
    """One expression; the depth of recursion is that of a text in the table."""

    def of(child: ast.expr) -> str:
        return expression(child, dialect)

    if dialect.lists is not None and (spelled := dialect.lists(node, of)) is not None:
        return spelled
    match node:
        case ast.Constant(value=None):
            return dialect.none
        case ast.Constant(value=int() | float() as number):
            return repr(float(number))
        case ast.Name(id=name):
            return repr(dialect.constants[name]) if name in dialect.constants else name
        case ast.UnaryOp(op=ast.USub(), operand=x):
            return f"(-{of(x)})"
        case ast.BinOp(left=a, op=op, right=b) if type(op) in _BINARY:
            return f"({of(a)} {_BINARY[type(op)]} {of(b)})"
        case ast.BinOp(left=a, op=op, right=b) if type(op) in _CALLED:
            return f"{dialect.call(_CALLED[type(op)])}({of(a)}, {of(b)})"
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return f"({condition(test, dialect)} ? {of(body)} : {of(orelse)})"
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return f"{dialect.call(name)}({', '.join(of(x) for x in arguments)})"
    raise ValueError(f"{ast.unparse(node)} has no form outside Python")


def condition(node: ast.expr, dialect: Dialect) -> str:
    """One condition, as the language tests it."""
    match node:
        case ast.BoolOp(op=op, values=values):
            return "(" + (" && " if isinstance(op, ast.And) else " || ").join(condition(v, dialect) for v in values) + ")"
        case ast.Compare(left=left, ops=ops, comparators=rights):
            terms = [left, *rights]
            pairs = [
                f"{expression(a, dialect)} {_COMPARED[type(op)]} {expression(b, dialect)}"
                for a, op, b in zip(terms, ops, rights, strict=False)
            ]
            return "(" + " && ".join(pairs) + ")"
    return f"({expression(node, dialect)} != 0.0)"  # a bare number: NaN is true, as in Python
