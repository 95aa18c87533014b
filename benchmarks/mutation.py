"""Mutation testing of the table and of the chain rule: small faults put in one at a time, and whether anything notices.

    python -m benchmarks.mutation              all, some minutes; writes docs/mutation.md
    python -m benchmarks.mutation table        only the rules of the table
    python -m benchmarks.mutation chain        only autograd/chain.py

A mutant changes one thing in the text of a rule, or in one function of the chain rule: an operator for its neighbour, a
comparison for another, a constant by 1 + 10⁻⁵ or by 1, a condition for its opposite, a branch or a statement for none.
Mutants of the table must be named by `gradcheck` at points of the domain, kinks and edges included; mutants of the chain
rule must fail the tests of that file, in the pure-Python engine.
"""

import ast
import copy
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from autograd.check import gradcheck
from autograd.ops import FLOATS, TABLE
from autograd.testing import finite
from benchmarks.kill_table import SKIPPED, expression, flat, points

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "mutation.md"
TESTS = tuple(f"tests/test_{name}.py" for name in ("chain", "graph", "transforms", "fuzz", "modes", "errors", "value"))

_OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
_COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


def mutants(tree, *, statements=False):
    """Pairs of (what was changed, the changed tree)."""
    count = sum(1 for _ in ast.walk(tree))
    for at in range(count):
        for change in range(4):
            mutant = copy.deepcopy(tree)
            node = next(node for i, node in enumerate(ast.walk(mutant)) if i == at)
            before = f"line {node.lineno}: {ast.unparse(node)}" if hasattr(node, "lineno") else ""
            if _mutated(node, change, statements=statements):
                yield " ".join(f"{before[:70]} → {ast.unparse(node)[:50]}".split()), ast.fix_missing_locations(mutant)


def _mutated(node, change, *, statements):
    """Change this node in the way of this number, if there is one."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and change == 0 and type(node.op) in _OPERATORS:
        node.op = _OPERATORS[type(node.op)]()
    elif isinstance(node, ast.Compare) and change == 0:
        node.ops[0] = _COMPARISONS[type(node.ops[0])]()
    elif isinstance(node, (ast.IfExp, ast.If, ast.While)) and change < (1 if isinstance(node, ast.While) else 3):
        node.test = [ast.UnaryOp(ast.Not(), node.test), ast.Constant(value=True), ast.Constant(value=False)][change]
    elif isinstance(node, ast.BoolOp) and change == 0:
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and change == 0:
        node.op = ast.UAdd()
    elif isinstance(node, ast.Constant) and type(node.value) is float and change < 2:
        node.value = node.value * (1 + 1e-5) if change == 0 and node.value else node.value + 1.0
    elif statements and isinstance(node, (ast.Expr, ast.Assign, ast.AugAssign, ast.Continue, ast.Raise)) and change == 0:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return False  # a docstring
        node.__class__, node.__dict__ = ast.Pass, {"lineno": node.lineno, "col_offset": node.col_offset}
    else:
        return False
    return True


# ---- the table


def table_mutants():
    """For each mutant of a rule: (operation, argument, what was changed, "named" | "survived" | "equal")."""
    for op in TABLE.values():
        f, places = expression(op), [*points(op, 6, seed=3), *edges(op)]
        for i in range(len(op.partials)):
            if SKIPPED.get(op.name) == op.inputs[i]:
                continue
            *steps, result = op.text[1 + i].split("; ")
            lines = [f" {step}" for step in steps] + [f" return {result}"]
            source = f"def partial({', '.join((*op.inputs, 'y'))}):\n" + "\n".join(lines)
            for what, tree in mutants(ast.parse(source)):
                space = dict(FLOATS)
                exec(compile(tree, "<mutant>", "exec"), space)
                yield op.name, op.inputs[i], what, _fate(op, i, space["partial"], f, places)


def edges(op):
    """Points on and beside the row's kink, far out, and where two operands are equal."""
    rng = random.Random(op.name)
    n = 5 if op.name == "dot" else 3 if op.nary else op.arity
    given = [[0.0] * n, [1.0] * n, [-1.0] * n, [2.0] * n, [20.0] * n, [-20.0] * n, [1e-3] * n, [0.0, 2.0, 1.0, 3.0, 1.0][:n]]
    given += [[rng.choice((0.0, 3.0, -2.0, 150.0)) for _ in range(n)] for _ in range(6)]
    given += [[x] * n for x in (1e150, -1e150, 0.75)]
    return [xs for xs in given if finite(op, xs)]


def _fate(op, i, partial, f, places):
    kept, fate = op.partials, "equal"
    for xs in places:
        y = op.value(xs) if op.nary else op.value(*xs)
        given = (xs, y) if op.nary else (*xs, y)
        wrong, right = _number(partial, given), _number(kept[i], given)
        if wrong == right or (len(wrong) == len(right) and all(map(_close, wrong, right))):
            continue
        op.partials = (*kept[:i], partial, *kept[i + 1 :])
        try:
            report = gradcheck(f, *xs, raise_exception=False)
        except Exception:  # noqa: BLE001 - a rule that gives no number at all shows itself
            return "named"
        finally:
            op.partials = kept
        if report.first is not None and report.first.operation.split("(")[0] == op.name:
            return "named"
        fate = "survived"
    return fate


def _close(a, b):
    if type(a) is str or type(b) is str:  # the name of an error
        return a == b
    return math.isclose(a, b, rel_tol=1e-9) or (a != a and b != b)


def _number(partial, given):
    try:
        return flat(partial(*given))
    except (ValueError, ArithmeticError, TypeError, AttributeError, IndexError) as error:
        return [type(error).__name__]


# ---- the chain rule


def chain_mutants(limit=None):
    """For each mutant of autograd/chain.py: (function, what was changed, "killed" | "survived")."""
    source = (ROOT / "autograd" / "chain.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    places = [i for i, node in enumerate(tree.body) if isinstance(node, ast.FunctionDef)]
    todo = []
    for place in places:
        for what, function in mutants(tree.body[place], statements=True):
            mutant = copy.deepcopy(tree)
            mutant.body[place] = function
            todo.append((tree.body[place].name, what, ast.unparse(mutant)))
    if limit:
        todo = random.Random(0).sample(todo, limit)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(_tested, todo)


def _tested(mutant):
    function, what, source = mutant
    with tempfile.TemporaryDirectory() as home:
        for part in ("autograd", "nn", "tests", "benchmarks"):
            shutil.copytree(ROOT / part, Path(home) / part, ignore=shutil.ignore_patterns("__pycache__", ".peers", "*.so"))
        shutil.copy(ROOT / "pyproject.toml", home)
        (Path(home) / "autograd" / "chain.py").write_text(source, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *TESTS]
        variables = os.environ | {"PYTHONPATH": home, "AUTOGRAD_PURE_PYTHON": "1", "HYPOTHESIS_PROFILE": "ci"}
        try:
            done = subprocess.run(command, cwd=home, env=variables, capture_output=True, timeout=180, check=False)
        except subprocess.TimeoutExpired:
            return function, what, "killed"
    return function, what, "killed" if done.returncode else "survived"


# ---- the page


def page(table, chain):
    """Kill rates and survivors as Markdown."""
    faults = [row for row in table if row[-1] != "equal"]
    named = [row for row in faults if row[-1] == "named"]
    lines = ["# Mutation testing", "", "Written by `python -m benchmarks.mutation`.", ""]
    if table:
        lines += [
            f"**The table**: {len(table):,} mutants of its rules. {len(table) - len(faults):,} give the same numbers as the",
            f"right rule at all points tried. Of the other {len(faults):,}, `gradcheck` names **{len(named):,}**",
            f"({len(named) / len(faults):.1%}); a mutant that raises another error counts as named.", "",
        ]  # fmt: skip
        lines += ["| survivor | argument | change |", "|---|---|---|"] if len(named) < len(faults) else []
        lines += [f"| {op} | {x} | `{what}` |".replace("||", "") for op, x, what, fate in faults if fate == "survived"]
    if chain:
        killed = sum(fate == "killed" for *_, fate in chain)
        lines += ["", (f"**The chain rule**: {len(chain):,} mutants of `chain.py`; the tests kill **{killed:,}**"
                  f" ({killed / len(chain):.1%})."), ""]  # fmt: skip
        lines += ["| survivor | change |", "|---|---|"] if killed < len(chain) else []
        lines += [f"| {name} | `{what}` |" for name, what, fate in chain if fate == "survived"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    wanted = sys.argv[1:]
    text = page(
        list(table_mutants()) if not wanted or "table" in wanted else [],
        list(chain_mutants(int(wanted[1]) if len(wanted) > 1 else None)) if not wanted or "chain" in wanted else [],
    )
    print(text)
    if not wanted:
        PAGE.write_text(text, encoding="utf-8")
