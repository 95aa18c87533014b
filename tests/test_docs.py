"""The documentation says what is so: its table of kinks, its row, its commands, its links, its list of errors.

Its code blocks are run by pytest itself, as doctests.
"""

import math
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
from autograd import Value, errors

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def rows(page, heading):
    """The cells of the first table after a heading."""
    table = re.search(rf"^#+ {heading}\n(?:[^|\n].*\n|\n)*((?:\|.*\n)+)", page, re.MULTILINE)[1]
    _, _, *lines = table.splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


# ---- the table of kinks and edges


def outcome(f):
    """What `f()` gives, or the class of the library's error that it raises."""
    try:
        return f()
    except autograd.AutogradError as error:
        return type(error)


def stated(cell):
    return getattr(errors, cell, None) or float(cell)


def same(found, expected):
    return found is expected or (
        isinstance(found, float)
        and isinstance(expected, float)
        and (found == expected or (math.isnan(found) and math.isnan(expected)))
    )


@pytest.mark.parametrize(("expression", "at", "value", "derivative", "_reason"), rows(README, "Kinks and edges"))
def test_a_row_of_the_table_of_kinks(expression, at, value, derivative, _reason):
    code = compile(expression.strip("`"), "README.md", "eval")

    def f(x):
        return eval(code, vars(autograd) | {"x": x})

    def by_backward():
        x = Value(float(at))
        f(x).backward()
        return x.grad

    ways = {
        "value": lambda: f(Value(float(at))).data,
        "backward": by_backward,
        "grad": lambda: autograd.grad(f)(float(at)),
        "jvp": lambda: autograd.jvp(f, (float(at),), (1.0,))[1],
    }
    found = {name: outcome(way) for name, way in ways.items()}
    expected = {name: stated(value if name == "value" else derivative) for name in ways}
    for name, result in found.items():
        assert same(result, expected[name]), f"{name} of {expression} at {at} is {result!r}, the table says {expected[name]!r}"


# ---- a new operation is a row


def test_the_row_in_the_readme_is_all_an_operation_needs(tmp_path):
    row = re.search(r"<!-- a row of UNARY -->\n```text\n(.*)\n```", README)[1]
    package = tmp_path / "autograd"
    shutil.copytree(ROOT / "autograd", package, ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__"))
    ops = package / "table.py"
    ops.write_text(ops.read_text(encoding="utf-8").replace("UNARY = (\n", f"UNARY = (\n {row}\n"), encoding="utf-8")
    (tmp_path / "docs").mkdir()
    generate = [sys.executable, "-m", "autograd.generate"]
    written = subprocess.run(generate, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "wrote autograd/operators.py" in written
    program = """if True:
        import autograd
        from autograd import Value
        x = Value(0.5)
        x.cot().backward()
        print(autograd.cot(0.5), x.grad, autograd.grad(autograd.grad(autograd.cot))(0.5))
        print(bool(autograd.gradcheck(autograd.cot, 0.5)))
        try: autograd.cot(Value(0.0, label="x"))
        except autograd.AutogradError as error: print(error)
        print("otangent" in autograd.cot.__doc__)
    """
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    numbers, checked, message, documented = done.stdout.splitlines()
    y, first, second = map(float, numbers.split())
    assert math.isclose(y, 1 / math.tan(0.5), rel_tol=1e-15)
    assert math.isclose(first, -1 / math.sin(0.5) ** 2, rel_tol=1e-15)
    assert math.isclose(second, 2 * y / math.sin(0.5) ** 2, rel_tol=1e-14)
    assert checked == "True"
    assert "cot(x = 0.0)" in message
    assert documented == "True"


def test_the_row_in_contributing_is_one_that_is_tried():
    """`test_one_row.py` adds it to a copy of the tree and asks for all that follows from it."""
    import ast

    import test_one_row

    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    kind, row = re.search(r"<!-- a row of (\w+) -->\n *```text\n *(.*),\n", page).groups()
    assert ast.literal_eval(row) in test_one_row.ROWS[kind]
    readme = re.search(r"<!-- a row of (\w+) -->\n```text\n(.*),\n```", README).groups()
    assert ast.literal_eval(readme[1]) in test_one_row.ROWS[readme[0]]
    for command in test_one_row.COMMANDS:
        assert f"python {' '.join(command)}\n" in page


@pytest.mark.parametrize(
    "name", sorted(set(re.findall(r"`(autograd/[\w/]+\.\w+)`", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))))
)
def test_files_named_by_contributing_are_there(name):
    assert (ROOT / name).exists()


def test_contributing_finds_the_fast_path_of_a_product():
    engine = ROOT / "autograd" / "_engine"
    assert "{Py_nb_multiply, nb_mul}" in (engine / "type.h").read_text(encoding="utf-8")
    assert "OPERATOR(mul)" in (engine / "record.h").read_text(encoding="utf-8")
    assert "case OP_mul" in (engine / "sweep.h").read_text(encoding="utf-8")
    assert "double v_mul(" in (engine / "_kernels.h").read_text(encoding="utf-8")
    assert "return careful(MUL" in (ROOT / "autograd" / "operators.py").read_text(encoding="utf-8")


def test_the_version_is_one():
    version = autograd.__version__
    assert f'\nversion = "{version}"\n' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


# ---- commands, options, errors, links


def test_the_commands_are_where_ci_finds_them():
    commands = dict(re.findall(r"<!-- command: (\w+) -->\n```sh\n(.*)\n```", README))
    assert commands.keys() == {"demo", "tests"}
    for command in commands.values():
        setup, install, work = command.split(" && ")
        assert setup == "python3 -m venv .venv"
        assert install.startswith(".venv/bin/pip install -q -e ")
        assert work.startswith(".venv/bin/python ")


def test_every_error_is_in_the_table_of_errors():
    page = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")
    table = {name.strip("`"): kind.strip("`") for name, kind, _ in rows(page, "Errors")}
    assert table.keys() == set(errors.__all__) - {"AutogradError"}
    for name, kind in table.items():
        assert [base.__name__ for base in getattr(errors, name).__bases__] == ["AutogradError", kind]


def anchors(page):
    """The anchors of the headings of a page, as the usual viewers of Markdown make them."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", page, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|srcset|href)="([^"]+)"', text):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name} links to {link}, which is not there"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{page.name} links to {link}: no such heading"


def test_what_is_typed_is_ascii():
    """What a reader copies from a code block; quotes and dashes that a shell or Python does not know stay in the prose."""
    for block in re.findall(r"```\w*\n(.*?)```", README, re.DOTALL):
        typed = [line for line in block.splitlines() if ">>>" not in block or line.startswith((">>> ", "... "))]
        assert "\n".join(typed).isascii(), typed
