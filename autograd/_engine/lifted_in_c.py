"""Partials over Values in C: `_lifted.h`, by which the accelerator sweeps a graph whose derivative is a graph again.

A text becomes a sequence of calls of the functions that record operations, as Python would make them: the same nodes in the
same order. Numbers that a condition asks for are read from the operands.
"""

import ast

from autograd._engine.emit import Dialect, condition, parse
from autograd.table import CONSTANTS, Op

_NUMBERS = {
    ast.Add: "PyNumber_Add", ast.Sub: "PyNumber_Subtract", ast.Mult: "PyNumber_Multiply", ast.Div: "PyNumber_TrueDivide",
    ast.Mod: "PyNumber_Remainder", ast.FloorDiv: "PyNumber_FloorDivide",
}  # fmt: skip


class _Writer:
    """Writes one partial: statements that fill the temporaries `t`."""

    def __init__(self, inputs: tuple[str, ...], dialect: Dialect, functions: frozenset[str]) -> None:
        self.lines: list[str] = []
        self.count = 0
        self._names = {x: f"in[{i}]" for i, x in enumerate(inputs)}
        self._dialect = dialect._replace(lists=self._number)
        self._functions = functions

    def write(self, text: str) -> str:
        """Write a text; what holds its result."""
        *steps, result = text.split("; ")
        for step in steps:
            name, _, value = step.partition(" = ")
            self._names[name] = self._value(parse(value))
        return self._value(parse(result))

    def _number(self, node: ast.expr, _: object) -> str | None:
        """How a condition reads a name."""
        return f"real({self._names[node.id]})" if isinstance(node, ast.Name) and node.id in self._names else None

    def _temporary(self, value: str) -> str:
        name = f"t[{self.count}]"
        self.count += 1
        self.lines.append(f"if (!({name} = {value})) goto done;")
        return name

    def _value(self, node: ast.expr) -> str:
        match node:
            case ast.Constant(value=None):
                return "Py_None"
            case ast.Constant(value=int() | float() as number):
                return self._temporary(f"PyFloat_FromDouble({float(number)!r})")
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return self._temporary(f"PyFloat_FromDouble({-float(number)!r})")
            case ast.Name(id=name) if name in self._names:
                return self._names[name]
            case ast.Name(id=name) if name in CONSTANTS:
                return self._temporary(f"PyFloat_FromDouble({CONSTANTS[name]!r})")
            case ast.UnaryOp(op=ast.USub(), operand=x):
                return self._temporary(f"PyNumber_Negative({self._value(x)})")
            case ast.BinOp(left=a, op=op, right=b) if type(op) in _NUMBERS:
                left, right = self._value(a), self._value(b)
                return self._temporary(f"{_NUMBERS[type(op)]}({left}, {right})")
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._either(condition(test, self._dialect), body, orelse)
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in self._functions:
                given = [self._value(x) for x in arguments]
                if len(given) == 1:
                    return self._temporary(f"f_{name}(NULL, {given[0]})")
                return self._temporary(f"f_{name}(NULL, (PyObject *[]){{{', '.join(given)}}}, {len(given)})")
        raise ValueError(f"{ast.unparse(node)} has no form over Values in C")

    def _either(self, test: str, body: ast.expr, orelse: ast.expr) -> str:
        name = f"t[{self.count}]"
        self.count += 1
        for head, branch in ((f"if ({test}) {{", body), ("} else {", orelse)):
            outer, self.lines = self.lines, []
            value = self._value(branch)
            inner, self.lines = self.lines, outer
            self.lines += [head, *(f"    {line}" for line in inner), f"    {name} = Py_NewRef({value});"]
        self.lines.append("}")
        return name


def lifted(rows: list[Op], dialect: Dialect, header: str) -> str:
    """For each row of one to three operands its partials as functions of Values and floats: operands first, then the result.

    A partial that has no form in C, for it calls what only Python computes, is left out: NULL in the table at the end.
    """
    functions = frozenset(op.name for op in rows if not op.nary)
    lines, table = [f"/* {header} */", ""], []
    for op in rows:
        entries = []
        for i, text in enumerate(op.text[1:] if not op.nary else ()):
            writer = _Writer((*op.inputs, "y"), dialect, functions)
            try:
                result = writer.write(text)
            except ValueError:
                entries.append("NULL")
                continue
            name = f"lifted{i}_{op.name}"
            entries.append(name)
            body = [f"return Py_NewRef({result});"]
            if writer.count:
                body = [f"PyObject *t[{writer.count}] = {{NULL}}, *result = NULL;", *writer.lines,
                        f"result = Py_NewRef({result});", "done:",
                        f"for (int k = 0; k < {writer.count}; k++) Py_XDECREF(t[k]);", "return result;"]  # fmt: skip
            lines += [f"static PyObject *{name}(PyObject *const *in) {{", *(f"    {line}" for line in body), "}", ""]
        if entries:
            table.append(f"    [OP_{op.name}] = {{{', '.join(entries)}}},")
    lines += ["typedef PyObject *Lifted(PyObject *const *in);", "static Lifted *const lifted[OP_COUNT][3] = {", *table, "};"]
    return "\n".join(lines) + "\n"
