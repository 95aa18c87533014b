"""The operations of the table in JavaScript, made from their rows, so that a page computes what Python computes.

A row's text is spelled by `emit`; what JavaScript's `Math` lacks stands in operations.js, of which a page gets the
functions it uses and no others.
"""

import ast
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from autograd._engine.emit import Dialect, emit
from autograd._engine.special import LISTS
from autograd.table import PRIMITIVES, SOFTMAX, TABLE, Op

_MATH = frozenset(
    ["abs", "sqrt", "cbrt", "exp", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan",
     "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "floor", "ceil", "trunc"]
)  # fmt: skip


@cache
def helpers() -> dict[str, str]:
    """The functions of operations.js by name."""
    text = Path(__file__).with_name("operations.js").read_text(encoding="utf-8")
    return {match[1]: match[0] for match in re.finditer(r"^function (\w+)\(.*?^}$", text, re.DOTALL | re.MULTILINE)}


def _call(name: str) -> str:
    """The function of JavaScript that a row's text calls by this name."""
    name = {"undefined": "no_derivative"}.get(name, name)  # a word of JavaScript's own
    if name in helpers():
        return name
    if name in PRIMITIVES or name in LISTS:
        if name in _MATH:
            return f"Math.{name}"
        raise ValueError(f"{name}() is not in operations.js")
    return f"F.{name}"


def _lists(node: ast.expr, of: Callable[[ast.expr], str]) -> str | None:
    match node:
        case ast.List(elts=elements):
            return f"[{', '.join(of(x) for x in elements)}]"
        case ast.Starred(value=x):
            return f"...{of(x)}"
        case ast.BinOp(left=ast.List(elts=[x]), op=ast.Mult(), right=n):
            return f"Array({of(n)}).fill({of(x)})"
        case ast.BinOp(left=ast.List() as a, op=ast.Add(), right=b):
            return f"{of(a)}.concat({of(b)})"
        case ast.ListComp(elt=element, generators=[ast.comprehension(target=ast.Name(id=x), iter=xs, ifs=[])]):
            return f"{of(xs)}.map({x} => {of(element)})"
        case ast.ListComp(
            elt=element, generators=[ast.comprehension(target=ast.Tuple(elts=names), iter=ast.Call(args=[xs, ys]), ifs=[])]
        ):
            return f"zip({of(xs)}, {of(ys)}).map(([{', '.join(of(x) for x in names)}]) => {of(element)})"
        case ast.Subscript(value=xs, slice=ast.Slice(lower=lower, upper=None, step=step)):
            every = "" if step is None else f".filter((_, i) => i % {of(step)} === 0)"
            return f"{of(xs)}.slice({of(lower) if lower else 0}){every}"
        case ast.Subscript(value=xs, slice=ast.Constant(value=int() as k)):
            return f"{of(xs)}[{k}]"
        case ast.Call(func=ast.Name(id="len"), args=[xs]):
            return f"{of(xs)}.length"
    return None


_DIALECT = Dialect(_call, "null", lists=_lists)


def function(parameters: Iterable[str], text: str) -> str:
    """A row's text as a function.

    >>> from autograd.show.script import function
    >>> function(["x"], "e = exp(x); e / (1.0 + e)")
    '(x) => { const e = Math.exp(x); return (e / (1.0 + e)); }'
    """
    named, result = emit(text, _DIALECT)
    head = f"({', '.join(parameters)}) => "
    steps = "".join(f"const {name} = {value}; " for name, value in named)
    return f"{head}{{ {steps}return {result}; }}" if steps else head + (f"({result})" if result[0] == "{" else result)


def translatable(op: Op) -> bool:
    """Whether the row can be spelled in JavaScript: all of the table can, operations of a user's own cannot."""
    if not op.text or TABLE.get(op.name) is not op:
        return False
    try:
        _row(op)
    except ValueError:
        return False
    return True


def _row(op: Op) -> tuple[str, str]:
    """The value and the partials of a row."""
    value = function(op.inputs, op.text[0])
    partials = [function((*op.inputs, "y"), text) for text in op.text[1:]]
    return value, partials[0] if op.nary else f"[{', '.join(partials)}]"


def _helpers(text: str) -> dict[str, str]:
    """The functions of operations.js that the text calls, and those that they call."""
    used: dict[str, str] = {}
    todo = [text]
    for part in todo:  # grows while it is walked
        for name, source in helpers().items():
            if name not in used and re.search(rf"(?<!\w)(?<!Math\.)(?<!F\.){name}\(", part):
                used[name] = source
                todo.append(source)
    return used


def script(ops: Iterable[Op]) -> str:
    """JavaScript that defines `F`, the values of these operations by name, and `D`, their partials."""
    rows: dict[str, tuple[str, str]] = {}
    used: dict[str, str] = {}
    todo = [op.name for op in ops]
    for name in todo:  # grows while it is walked
        if name not in rows:
            rows[name] = (function(["xs"], SOFTMAX), "null") if name == "softmax" else _row(TABLE[name])
            text = " ".join(rows[name])
            todo += re.findall(r"\bF\.(\w+)\(", text)
            used |= _helpers(text)
    values = ",\n".join(f"  {name}: {value}" for name, (value, _) in rows.items())
    partials = ",\n".join(f"  {name}: {partial}" for name, (_, partial) in rows.items())
    return "\n".join([*used.values(), f"const F = {{\n{values}\n}};", f"const D = {{\n{partials}\n}};"])
