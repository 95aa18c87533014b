"""What is written from the table and kept in files: operators, functions and derivatives in Python, kernels in C, a page.

    python -m autograd.generate            writes the files
    python -m autograd.generate --check    exits with 1, and names them, if any is out of date

A test runs the check, so that a row is still the one place where an operation is stated.
"""

import ast
import re
import sys
from pathlib import Path
from typing import Any

from autograd._engine.emit import Dialect, emit
from autograd._engine.write_python import HEADER, derivatives, docstring, elementwise, operators
from autograd.table import BINARY, FINGERPRINT, HIDDEN, NARY, PRIMITIVES, TABLE, TERNARY, UNARY, Op

_ROOT = Path(__file__).resolve().parent.parent


# ---- the page of derivatives


def derivatives_page() -> str:
    """The table of derivatives as Markdown."""
    lines = ["# The table of derivatives", "",
             "Written by `python -m autograd.generate` from `autograd/table.py`; y is the value of the operation.", "",
             "| operation | what it is | derivatives | domain |", "|---|---|---|---|"]  # fmt: skip
    for row in (*UNARY, *BINARY, *TERNARY, *NARY):
        op = TABLE[row[0]]
        if op.name in HIDDEN:
            continue
        names = op.inputs if not op.nary else ("xs",)
        rules = "<br>".join(f"∂y/∂{x} = `{text}`" for x, text in zip(names, op.text[1:], strict=True))
        cells = (f"`{op.name}({', '.join(op.inputs)})`", op.about, rules, f"`{op.domain}`" if op.domain else "all")
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


# ---- the kernels in C


def kernels() -> str:
    """The rows in C, for the accelerator: value and partials of each as functions of doubles, and lists of the rows."""
    rows = [op for op in TABLE.values() if op.name not in PYTHON_ROWS]
    lines = [f"/* {HEADER} */", ""]
    lines += [f"#define ROWS {FINGERPRINT}u", ""]
    lines += ["enum {", "    OP_LEAF,", *(f"    OP_{op.name}," for op in rows), "    OP_COUNT", "};", ""]
    lines += ["static const char *const op_names[] = {", '    "",', *(f'    "{op.name}",' for op in rows), "};", ""]
    for arity, name in ((1, "UNARY"), (2, "BINARY"), (3, "TERNARY"), (0, "NARY")):
        members = " ".join(f"X({op.name})" for op in rows if op.arity == arity)
        lines += [f"#define {name}_ROWS(X) {members}", ""]
    functions = [line for op in rows if not op.nary for line in _row_in_c(op)]
    lines += [line.split(" {")[0] + ";" for line in functions if line.startswith("static")] + ["", *functions]
    return "\n".join(lines) + "\n"


PYTHON_ROWS = frozenset({"gamma", "lgamma", "polygamma", "round_digits"})
"""Rows without a form in C: CPython computes them by itself, not by the C library, or this library does, in Python."""

_C_NAMES = {"abs": "fabs", "c_pow": "pow", "mod": "py_mod", "floordiv": "py_floordiv"}


def _row_in_c(op: Op) -> list[str]:
    def call(name: str) -> str:
        return _C_NAMES.get(name) or (name if name in PRIMITIVES else f"v_{name}")

    lines = []
    for i, text in enumerate(op.text):
        name, inputs = (f"v_{op.name}", op.inputs) if i == 0 else (f"d{i - 1}_{op.name}", (*op.inputs, "y"))
        steps, result = emit(text, Dialect(call, none="NAN"))
        lines.append(f"static inline double {name}({', '.join(f'double {x}' for x in inputs)}) {{")
        lines += [f"    (void){x};" for x in inputs if not re.search(rf"\b{x}\b", text)]
        lines += [f"    double {step} = {expression};" for step, expression in steps]
        lines += [f"    return {result};", "}"]
    return lines


_TWINS = {
    "functions.py": ("sum", "dot"),
    "_engine/walks.py": ("operands", "ancestors", "reaches_before"),
    "_engine/bulk.py": ("columns", "numbers", "grads", "assign", "assign_grads"),
    "_engine/fused_layers.py": ("dense", "through"),
}
"""Functions that are in C as well, by the file of their definition in Python."""


def docs_in_c() -> str:
    """The docstrings of what is in C, from the rows, and with their signatures from the definitions in Python."""
    docs = {op.name: docstring(op) for op in TABLE.values() if op.name not in PYTHON_ROWS}
    for node in ast.walk(_definitions("value.py")["Value"]):
        if isinstance(node, ast.FunctionDef) and node.name in {"data", "grad", "is_leaf", "reached", "backward"}:
            docs.setdefault(f"Value_{node.name}", _doc(node))
    for file, names in _TWINS.items():
        definitions = _definitions(file)
        docs |= {f"function_{name}": f"{_signature(definitions[name])}\n--\n\n{_doc(definitions[name])}" for name in names}
    lines = ["/* Written by `python -m autograd.generate`: docstrings, from the table and from the definitions in Python. */"]
    for name, text in docs.items():
        lines += ["", f"#define DOC_{name} \\", " \\\n".join(_literal(line) for line in text.splitlines(keepends=True))]
    return "\n".join(lines) + "\n"


def _definitions(file: str) -> dict[str, ast.AST]:
    """The functions and classes of a module by name: of its text, for the accelerator's may have replaced them."""
    tree = ast.parse((_ROOT / "autograd" / file).read_text(encoding="utf-8"))
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


FILES = {
    "autograd/derivatives.py": derivatives,
    "autograd/operators.py": operators,
    "autograd/elementwise.py": elementwise,
    "autograd/_engine/_kernels.h": kernels,
    "autograd/_engine/_docs.h": docs_in_c,
    "docs/derivatives.md": derivatives_page,
}
"""Each file, and the function that writes its text."""


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` only compare; the exit code."""
    stale = [name for name, text in FILES.items() if not _same(_ROOT / name, text())]
    for name in stale:
        if "--check" in arguments:
            sys.stderr.write(f"{name} is out of date: run python -m autograd.generate\n")
        else:
            (_ROOT / name).write_text(FILES[name](), encoding="utf-8")
            sys.stdout.write(f"wrote {name}\n")
    return 1 if stale and "--check" in arguments else 0


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
