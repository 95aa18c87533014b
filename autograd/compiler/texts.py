"""The texts of the table for numbers that are not known yet.

A row's text is a small subset of Python (see `ops`), so it can be evaluated with any kind of number as its operands; but a
condition on a number that is not known has no truth value to branch on. So a text's syntax tree is rewritten once:

    p if c else q    becomes    select(c, lambda: p, lambda: q)
    c and d          becomes    both(c, lambda: d); `or` and a < b < c alike

What `select` then does is up to the globals the text is evaluated with: a condition that is a plain bool picks its branch as
Python does, and one that is not known becomes an operation. Two modules use this: `sweep` evaluates partials with the
operations of the tape, `lower` evaluates values with machine operations.
"""

import ast
from collections.abc import Callable
from functools import cache
from types import CodeType, FunctionType
from typing import Any, cast


class _Conditions(ast.NodeTransformer):
    """Conditions as calls, their branches as functions."""

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        test, body, orelse = (self.visit(x) for x in (node.test, node.body, node.orelse))
        return _call("select", test, _later(body), _later(orelse))

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        terms = [self.visit(x) for x in (node.left, *node.comparators)]
        first: Any
        first, *rest = (ast.Compare(a, [op], [b]) for a, op, b in zip(terms[:-1], node.ops, terms[1:], strict=True))
        for x in rest:
            first = _call("both", first, _later(x))
        return cast("ast.AST", first)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        name = "both" if isinstance(node.op, ast.And) else "either"
        first: Any
        first, *rest = (self.visit(x) for x in node.values)
        for x in rest:
            first = _call(name, first, _later(x))
        return cast("ast.AST", first)


def _call(name: str, *arguments: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def _later(x: ast.expr) -> ast.expr:
    return ast.Lambda(ast.arguments([], [], None, [], [], None, []), x)


def _tree(text: str, parameters: tuple[str, ...] = ()) -> ast.Module:
    *steps, result = text.split("; ")
    return ast.parse(f"def rule({', '.join(parameters)}):\n" + "".join(f" {x}\n" for x in steps) + f" return {result}\n")


@cache
def names(text: str) -> frozenset[str]:
    """What a text refers to by name, and "None" if it may give None.

    >>> from autograd.compiler.texts import names
    >>> sorted(names("1.0 if a else None"))
    ['None', 'a']
    """
    nodes = [*ast.walk(_tree(text))]
    none = {"None" for node in nodes if isinstance(node, ast.Constant) and node.value is None}
    return frozenset(none | {node.id for node in nodes if isinstance(node, ast.Name)})


@cache
def branches(text: str) -> bool:
    """Whether a text compares numbers, so that its value may not depend on one that is NaN.

    >>> from autograd.compiler.texts import branches
    >>> branches("0.0 if x <= 0.0 else x"), branches("x * sigmoid(x)")
    (True, False)
    """
    compares = any(isinstance(node, (ast.IfExp, ast.Compare, ast.BoolOp)) for node in ast.walk(_tree(text)))
    return compares or not names(text).isdisjoint({"largest", "but_largest"})


@cache
def _code(text: str, parameters: tuple[str, ...]) -> CodeType:
    tree = ast.fix_missing_locations(_Conditions().visit(_tree(text, parameters)))
    module = compile(tree, "<table of operations>", "exec")
    return next(c for c in module.co_consts if isinstance(c, CodeType))


def rule(text: str, parameters: tuple[str, ...], space: dict[str, Any]) -> Callable[..., Any]:
    """The function of a text, with `space` as its globals.

    >>> from autograd.compiler.texts import rule
    >>> rule("x if x > 0.0 else 0.0", ("x",), {"select": lambda c, p, q: p() if c else q()})(-2.0)
    0.0
    """
    return FunctionType(_code(text, parameters), space, "rule")
