"""Writes demos/backprop.ipynb from demos/backprop.py: runs its cells, and keeps what they print and show.

    python demos/make_notebook.py            writes the notebook
    python demos/make_notebook.py --check    exits with 1 if it is out of date

A cell of the script starts with `# %%`, or with `# %% [markdown]` for text. The cells run here, in one namespace and without
a kernel; the notebook is the same for everyone who runs it, so a test can compare it with the committed one.
"""

import ast
import contextlib
import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def cells(script: str) -> list[tuple[str, str]]:
    """The kind ("markdown" or "code") and the text of each cell."""
    found = []
    for part in script.split("# %%")[1:]:
        head, _, body = part.partition("\n")
        body = body.strip("\n")
        if "[markdown]" in head:
            body = "\n".join(line.removeprefix("#").removeprefix(" ") for line in body.splitlines())
        found.append(("markdown" if "[markdown]" in head else "code", body))
    return found


def run(code: str, names: dict[str, Any]) -> list[dict[str, Any]]:
    """Run a code cell; what it prints, and what its last expression shows."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    value = None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102 - our own script
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)  # noqa: S307 - our own script
    outputs: list[dict[str, Any]] = []
    if printed.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": lines(printed.getvalue())})
    if value is not None:
        bundle = value._repr_mimebundle_() if hasattr(value, "_repr_mimebundle_") else {"text/plain": repr(value)}
        if hasattr(value, "_repr_latex_"):
            bundle["text/latex"] = value._repr_latex_()
        data = {kind: lines(text) for kind, text in sorted(bundle.items())}
        outputs.append({"data": data, "metadata": {}, "output_type": "display_data"})
    return outputs


def lines(text: str) -> list[str]:
    """The text as notebooks keep it."""
    return text.splitlines(keepends=True)


def notebook(script: str) -> str:
    """The notebook as JSON."""
    names: dict[str, Any] = {"__name__": "__notebook__"}
    entries = []
    for kind, text in cells(script):
        entry: dict[str, Any] = {"cell_type": kind, "id": hashlib.sha256(text.encode()).hexdigest()[:8], "metadata": {}}
        entry["source"] = lines(text)
        if kind == "code":
            entry |= {"execution_count": None, "outputs": run(text, names)}
        entries.append(entry)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return (
        json.dumps({"cells": entries, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False, indent=1)
        + "\n"
    )


def main(arguments: list[str]) -> int:
    """Write or check the notebook; the exit code."""
    made = notebook((HERE / "backprop.py").read_text(encoding="utf-8"))
    path = HERE / "backprop.ipynb"
    if "--check" in arguments:
        return 0 if path.exists() and path.read_text(encoding="utf-8") == made else 1
    path.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
