"""What is written from the table and kept in files: operators, functions and derivatives in Python, kernels in C, a page.

    python -m autograd.generate            writes the files
    python -m autograd.generate --check    exits with 1, and names them, if any is out of date

A test runs the check, so that a row is still the one place where an operation is stated.
"""

import sys
from pathlib import Path

from autograd._engine import write_c
from autograd._engine.write_python import derivatives, elementwise, operators
from autograd.table import BINARY, HIDDEN, NARY, TABLE, TERNARY, UNARY

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
        rules = "<br>".join(f"∂y/∂{x} = `{text}`" for x, text in zip(names, op.shown, strict=True))
        cells = (f"`{op.name}({', '.join(op.inputs)})`", op.about, rules, f"`{op.domain}`" if op.domain else "all")
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


FILES = {
    "autograd/derivatives.py": derivatives,
    "autograd/operators.py": operators,
    "autograd/elementwise.py": elementwise,
    "autograd/_engine/_kernels.h": write_c.kernels,
    "autograd/_engine/_sweeps.h": write_c.sweeps,
    "autograd/_engine/_lifted.h": write_c.lifted,
    "autograd/_engine/_updates.h": write_c.updates,
    "autograd/_engine/_docs.h": write_c.docs,
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
