"""What the accelerator has from the table and from Python: `autograd.generate` writes these files of C.

`_kernels.h`, `_sweeps.h` and `_lifted.h` are the rows, `_updates.h` the formulas of optimisers, `_docs.h` the docstrings.
"""

import ast
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from autograd._engine import lifted_in_c
from autograd._engine.emit import Dialect, condition, emit, expression
from autograd._engine.lists_in_c import Writer
from autograd._engine.update_rules import FORMULAS
from autograd._engine.write_python import HEADER, docstring
from autograd.table import FINGERPRINT, PRIMITIVES, TABLE, Op

PYTHON_ROWS = frozenset(
    {"erfinv", "gamma", "ierfcx", "lgamma", "log_ndtr", "ndtri", "polygamma", "round_digits", "sinc", "sinc_slope"}
)
"""Rows without a form in C: CPython computes them by itself, not by the C library, or this library does, in Python."""

_C_NAMES = {"abs": "fabs", "c_pow": "pow", "mod": "py_mod", "floordiv": "py_floordiv"}


def _rows(*arities: int) -> list[Op]:
    return [op for op in TABLE.values() if op.name not in PYTHON_ROWS and (op.arity in arities or not arities)]


def _of_row(op: Op, write: Callable[[Op], list[str]]) -> list[str]:
    """What `write` makes of a row; an error tells which row it is."""
    try:
        return write(op)
    except ValueError as error:
        raise ValueError(f"the row {op.name}: {error}; rewrite it, or add it to PYTHON_ROWS") from None


def _call(name: str) -> str:
    if name in PYTHON_ROWS:
        raise ValueError(f"{name}() has no form in C")
    return _C_NAMES.get(name) or (name if name in PRIMITIVES else f"v_{name}")


# ---- _kernels.h: values, and the partials of rows of one and two operands


def kernels() -> str:
    """The rows in C: value and partials of each as functions of doubles, of n-ary rows the value, and lists of the rows."""
    rows = _rows()
    lines = [f"/* {HEADER} */", ""]
    lines += [f"#define ROWS {FINGERPRINT}u", ""]
    lines += ["enum {", "    OP_LEAF,", *(f"    OP_{op.name}," for op in rows), "    OP_COUNT", "};", ""]
    lines += ["static const char *const op_names[] = {", '    "",', *(f'    "{op.name}",' for op in rows), "};", ""]
    for arity, name in ((1, "UNARY"), (2, "BINARY"), (3, "TERNARY"), (0, "NARY")):
        lines += [f"#define {name}_ROWS(X) {' '.join(f'X({op.name})' for op in _rows(arity))}", ""]
    functions = [line for op in rows for line in _of_row(op, _value_of_list if op.nary else _functions)]
    lines += [line.split(" {")[0] + ";" for line in functions if line.startswith("static")] + ["", *functions]
    return "\n".join(lines) + "\n"


def _functions(op: Op) -> list[str]:
    lines = []
    for i, text in enumerate(op.text if op.arity < 3 else op.text[:1]):
        name, inputs = (f"v_{op.name}", op.inputs) if i == 0 else (f"d{i - 1}_{op.name}", (*op.inputs, "y"))
        steps, result = emit(text, Dialect(_call, none="NAN"))
        lines.append(f"static inline double {name}({', '.join(f'double {x}' for x in inputs)}) {{")
        lines += [f"    (void){x};" for x in inputs if not re.search(rf"\b{x}\b", text)]
        lines += [f"    double {step} = {expression};" for step, expression in steps]
        lines += [f"    return {result};", "}"]
    return lines


def _value_of_list(op: Op) -> list[str]:
    writer, partials = Writer(_call), Writer(_call)
    result = writer.number(op.text[0])
    partials.partials(partials.steps(op.text[1]))
    least = max(writer.least, partials.least)
    return [
        f"static double v_{op.name}(const Operand *xs, Py_ssize_t count) {{",
        *([f"    if (count < {least}) return NAN;"] if least else []),
        *_indented(writer.lines),
        f"    return {result};",
        "}",
    ]


# ---- _sweeps.h: what flows back through rows of three and of any number of operands


def sweeps() -> str:
    """For each such row a function that gives the operands their partials times the adjoint, in the order of operands."""
    lines = [f"/* {HEADER} */"]
    for op in _rows(3, 0):
        lines += _of_row(op, _sweep)
    return "\n".join(lines) + "\n"


def _sweep(op: Op) -> list[str]:
    writer = Writer(_call)
    if op.nary:
        writer.partials(writer.steps(op.text[1]))
    else:
        for i, text in enumerate(op.text[1:]):
            writer.partial(i, text)
    words = set(re.findall(r"\w+", " ".join(writer.lines)))
    numbers = [f"double {x} = xs[{i}].constant;" for i, x in enumerate(op.inputs) if not op.nary and x in words]
    numbers += ["double y = node->data;"] if "y" in words else []
    if op.nary and writer.least:  # the slow path may record fewer, and raises what the row raises
        numbers += [f"if (count < {writer.least}) {{", "    FAIL();", "    return;", "}"]
    return ["", f"static void SWEEP({op.name})(SWEEP_PARAMETERS) {{", *_indented([*numbers, *writer.lines]), "}"]


def lifted() -> str:
    """The partials over Values, for sweeps whose result is a graph."""
    return lifted_in_c.lifted(_rows(), Dialect(_call, none="NAN"), HEADER)


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]


# ---- _updates.h: the formulas of optimisers as loops


def updates() -> str:
    """Each formula of update_rules.py as a loop over the parameters, and a table of them."""
    lines, table = [f"/* {HEADER.replace('the table in table.py: edit the table', 'update_rules.py: edit that')} */"], []
    for name, function in _definitions("_engine/update_rules.py").items():
        if name not in FORMULAS or not isinstance(function, ast.FunctionDef):
            continue
        inputs = [argument.arg for argument in function.args.args]
        *statements, result = function.body[1:]
        returned = result.value.elts if isinstance(result, ast.Return) and isinstance(result.value, ast.Tuple) else []
        columns = len(returned) + 1  # of results there is one for each column but the gradients
        options, body = inputs[columns:], [f"double {x} = columns[{i}][i];" for i, x in enumerate(inputs[:columns])]
        body += _statements(statements, set(inputs))
        body += [f"results[{i}][i] = {expression(x, _UPDATES)};" for i, x in enumerate(returned)]
        lines += ["", f"static int update_{name}(UPDATE_PARAMETERS) {{", "    int refused = 0;"]
        lines += [f"    const double {x} = options[{i}];" for i, x in enumerate(options)]
        lines += ["    for (Py_ssize_t i = 0; i < n; i++) {", *_indented(_indented(body)), "    }", "    return !refused;", "}"]
        table.append(f'    {{"{name}", {columns}, {len(options)}, {len(returned)}, update_{name}}},')
    return "\n".join([*lines, "", "static const Formula formulas[] = {", *table, "};"]) + "\n"


def _of_update(node: ast.expr, of: Callable[[ast.expr], str]) -> str | None:
    match node:
        case ast.BinOp(left=a, op=ast.Div(), right=b):
            return f"divided({of(a)}, {of(b)}, &refused)"
        case ast.Call(func=ast.Name(id="root"), args=[x]):
            return f"root({of(x)}, &refused)"
        case ast.Call(func=ast.Name(id="used"), args=[x]):
            return of(x)
    return None


_UPDATES = Dialect(_call, none="NAN", lists=_of_update)


def _statements(body: Iterable[ast.stmt], known: set[str]) -> list[str]:
    lines: list[str] = []
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                lines.append(f"{'' if name in known else 'double '}{name} = {expression(value, _UPDATES)};")
                known.add(name)
            case ast.If(test=test, body=inner, orelse=[]):
                lines += [f"if ({condition(test, _UPDATES)}) {{", *_indented(_statements(inner, set(known))), "}"]
            case _:
                raise ValueError(f"{ast.unparse(statement)} has no form in C")
    return lines


# ---- _docs.h: docstrings


_PACKAGE = Path(__file__).resolve().parent.parent
_TWINS = {
    "functions.py": ("sum", "dot"),
    "_engine/walks.py": ("operands", "ancestors", "reaches_before"),
    "_engine/bulk.py": ("columns", "numbers", "grads", "put", "assign", "assign_grads"),
    "_engine/fused_layers.py": ("dense", "through"),
}
"""Functions that are in C as well, by the file of their definition in Python."""


def docs() -> str:
    """The docstrings of what is in C, from the rows, and with their signatures from the definitions in Python."""
    texts = {op.name: docstring(op) for op in _rows()}
    for node in ast.walk(_definitions("value.py")["Value"]):
        if isinstance(node, ast.FunctionDef) and node.name in {"data", "grad", "is_leaf", "reached", "backward"}:
            texts.setdefault(f"Value_{node.name}", _doc(node))
    for file, names in _TWINS.items():
        definitions = _definitions(file)
        texts |= {f"function_{name}": f"{_signature(definitions[name])}\n--\n\n{_doc(definitions[name])}" for name in names}
    lines = ["/* Written by `python -m autograd.generate`: docstrings, from the table and from the definitions in Python. */"]
    for name, text in texts.items():
        lines += ["", f"#define DOC_{name} \\", " \\\n".join(_literal(line) for line in text.splitlines(keepends=True))]
    return "\n".join(lines) + "\n"


def _definitions(file: str) -> dict[str, ast.AST]:
    """The functions and classes of a module by name: of its text, for the accelerator's may have replaced them."""
    tree = ast.parse((_PACKAGE / file).read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def _doc(node: Any) -> str:
    return ast.get_docstring(node) or ""


def _signature(node: Any) -> str:
    for argument in (*node.args.args, *node.args.kwonlyargs, *filter(None, (node.args.vararg, node.args.kwarg))):
        argument.annotation = None
    return f"{node.name}({ast.unparse(node.args)})"


def _literal(line: str) -> str:
    """A line of text as a string in C."""
    escaped = line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'    "{escaped}"'
