"""Mutation testing of the table and of the chain rule: small faults put in one at a time, and whether anything notices.

    python -m benchmarks.mutation              all, half an hour of processor time; writes docs/mutation.md
    python -m benchmarks.mutation table        only the rules of the table
    python -m benchmarks.mutation chain        only autograd/chain.py

A mutant changes one thing in the text of a rule, or in one function of the chain rule: an operator for its neighbour, a
comparison for another, a constant by 1 + 10⁻⁵ or by 1, a condition for its opposite, a branch or a statement for none.
Mutants of the table must be named by `gradcheck` at points of the domain, kinks and edges included; mutants of the chain
rule must fail the tests of that file, in the pure-Python engine.
"""

import ast
import contextlib
import copy
import math
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

from autograd.check import gradcheck
from autograd.derivatives import FLOATS
from autograd.table import TABLE
from autograd.testing import finite
from benchmarks.kill_table import SKIPPED, expression, flat, points

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "mutation.md"
TESTS = tuple(f"tests/test_{name}.py" for name in ("chain", "graph", "transforms", "fuzz", "modes", "errors", "value"))

UNEXPLAINED = "**not explained**"

_KINK = "the choice on the kink: any value between the one-sided derivatives is right, and tests of the table of kinks decide"
_TINY = "a derivative below 10⁻²⁰⁰, which no difference of floats can show; it is tested against 50 digits"
TABLE_REASONS = {
    ("atan for x", "1.0 → 1.00001"): _TINY,
    ("atan for x", "1.0 → 2.0"): _TINY,
    ("relu for x", "x <= 0.0 → x < 0.0"): _KINK,
    ("maximum for a", "a >= b → a > b"): _KINK,
    ("maximum for b", "a >= b → a > b"): _KINK,
    ("minimum for a", "a <= b → a < b"): _KINK,
    ("minimum for b", "a <= b → a < b"): _KINK,
    ("leaky_relu for a", "a <= 0.0 → a < 0.0"): _KINK,
    ("elu for a", "a <= 0.0 → a < 0.0"): _KINK,
    ("hypot for xs", "0.0 → 1.0"): _KINK,
}
_ABSENT = "the engine in Python, on which mutants run, has no accelerator to ask"
_NUMBERS = "no two recordings, assignments and passes have the same number"
_GENERAL = "the general way in place of the quick one: the same numbers, later"
_RECORDED = "a Value that is not finite was named when it was recorded; the check is for floats"
CHAIN_REASONS = {
    ("reverse", "x._seq > since → x._seq >= since"): _NUMBERS,
    ("reverse", "if lifted and accelerator.module is not None: → if False:"): _ABSENT,
    ("forward", "if accelerator.module is not None: → if False:"): _ABSENT,
    ("adjoints", "if not lifted: → if not (not lifted):"): _ABSENT,
    ("adjoints", "if not lifted: → if True:"): _ABSENT,
    ("adjoints", "if not lifted: → if False:"): _ABSENT,
    ("adjoints", "if bars is not NotImplemented: → if False:"): _ABSENT,
    ("gradient", "if bars is NotImplemented: → if True:"): _ABSENT,
    (
        "forward",
        "dots.get(x) if type(x) is not float else None → dots.get(x) if True else None",
    ): "a number is no key of the mapping",
    ("_flows_nowhere", "g if type(g) is float else g._data → g if True else g._data"): "abs and < take Values too",
    ("_check_finite", "t = t if type(t) is float else t._data → pass"): _RECORDED,
    ("_check_finite", "t if type(t) is float else t._data → t if True else t._data"): _RECORDED,
    ("backward", "if modes.current().anomaly or not _sweeping.acquire(blocking=False): → if True:"): _GENERAL,
    ("backward", "_sweeping.release() → pass"): "passes after the first go the careful way: the same numbers, later",
    ("_sweep", "v = y → pass"): "the loop has set v before anything can fail",
    ("_sweep", "if type(db) is float: → if False:"): _GENERAL,
    ("_sweep", "if da is not None: → if True:"): _GENERAL,
    (
        "_sweep",
        "(False, True) if da is not None else None → (False, True) if True else None",
    ): "the first operand is a constant there",
    ("_sweep", "x._b > v._seq → x._b >= v._seq"): _NUMBERS,
    (
        "_raise_stale",
        "raise AssertionError('the leaf was found stale before') → pass",
    ): "never comes there: the line before raises",
    ("_contribute", "if v._b is None and type(a) is not tuple: → if False:"): _GENERAL,
    ("_add", "v._b > started → v._b >= started"): _NUMBERS,
}
"""Why survivors of the table and of the chain rule survive; a run that finds one without a reason fails."""

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
            before = _shown(node) if hasattr(node, "lineno") else ""
            if _mutated(node, change, statements=statements):
                yield f"{before} → {_shown(node)}", ast.fix_missing_locations(mutant)


def _shown(node):
    """The source of a node; of a statement with a body, its first line."""
    return ast.unparse(node).splitlines()[0]


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
    elif isinstance(node, ast.Constant) and type(node.value) is float and change < (2 if node.value else 1):
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
    tree = ast.parse((ROOT / "autograd" / "chain.py").read_text(encoding="utf-8"))
    places = [i for i, node in enumerate(tree.body) if isinstance(node, ast.FunctionDef)]
    todo = []
    for place in places:
        for what, function in mutants(tree.body[place], statements=True):
            mutant = copy.deepcopy(tree)
            mutant.body[place] = function
            todo.append((tree.body[place].name, what, ast.unparse(mutant)))
    if limit:
        todo = random.Random(0).sample(todo, limit)
    workers = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as home, ThreadPoolExecutor(workers) as pool:
        copies = Queue()
        try:
            for copied in pool.map(_copied, (Path(home, str(k)) for k in range(workers))):
                copies.put(copied)
            for k, fate in enumerate(pool.map(lambda mutant: _tested(copies, mutant[-1]), todo)):
                print(f"\r{k + 1} of {len(todo)} mutants of the chain rule", end="", file=sys.stderr)
                yield *todo[k][:2], fate
        finally:
            print(file=sys.stderr)
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(_running):  # none is left, unless this was interrupted
                _stop(process)


def _copied(home):
    """A copy of the tree at `home`, where mutants run, and how long its tests may take: five times as long as unchanged."""
    for part in ("autograd", "nn", "tests", "benchmarks"):
        shutil.copytree(ROOT / part, home / part, ignore=shutil.ignore_patterns("__pycache__", ".peers", "*.so"))
    shutil.copy(ROOT / "pyproject.toml", home)
    started = time.perf_counter()
    if not _passes(home, None):
        raise RuntimeError("the tests fail without any mutant")
    for cached in home.rglob("chain.*.pyc"):  # would serve mutants written in the same second
        cached.unlink()
    return home, 5 * (time.perf_counter() - started)


def _tested(copies, source):
    home, limit = copies.get()
    try:
        (home / "autograd" / "chain.py").write_text(source, encoding="utf-8")
        return "survived" if _passes(home, limit) else "killed"
    finally:
        copies.put((home, limit))


_RUN = """if True:
    import sys
    try:
        import resource
    except ImportError:
        pass
    else:  # a mutant can ask for memory without end
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    import pytest
    sys.exit(pytest.main(sys.argv[1:]))
"""


def _passes(home, limit):
    """Whether the tests pass in this copy, on the engine in Python, within so many seconds."""
    command = [sys.executable, "-c", _RUN, "-x", "-q", "-p", "no:cacheprovider", *TESTS]
    variables = os.environ | {"PYTHONPATH": str(home), "AUTOGRAD_PURE_PYTHON": "1", "HYPOTHESIS_PROFILE": "ci"}
    if limit is not None:
        variables["PYTHONDONTWRITEBYTECODE"] = "1"
    process = subprocess.Popen(
        command, cwd=home, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    _running.add(process)
    try:
        return process.wait(limit) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        _stop(process)
        process.wait()
        _running.discard(process)


_running: set[subprocess.Popen] = set()


def _stop(process):
    """End the tests of a mutant, and what they started."""
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)


# ---- the page


def page(table, chain):
    """Kill rates and survivors as Markdown."""
    faults = [row for row in table if row[-1] != "equal"]
    named = [row for row in faults if row[-1] == "named"]
    lines = ["# Mutation testing", "", "Written by `python -m benchmarks.mutation`: small faults put in one at a time.", ""]
    if table:
        lines += [
            f"**The table**: {len(table):,} mutants of its rules. {len(table) - len(faults):,} give the same numbers as the",
            f"right rule at all points tried. Of the other {len(faults):,}, `gradcheck` names **{len(named):,}**",
            f"({len(named) / len(faults):.1%}); a mutant that raises another error counts as named.", "",
        ]  # fmt: skip
        survived = [(f"{op} for {x}", what) for op, x, what, fate in faults if fate == "survived"]
        lines += _survivors(survived, "rule", TABLE_REASONS)
    if chain:
        survived = [(name, what) for name, what, fate in chain if fate == "survived"]
        killed = len(chain) - len(survived)
        lines += [
            f"**The chain rule**: {len(chain):,} mutants of `chain.py`; the tests kill **{killed:,}**",
            f"({killed / len(chain):.1%}).",
            "",
        ]
        lines += _survivors(survived, "function", CHAIN_REASONS)
    return "\n".join(lines).rstrip("\n") + "\n"


def _survivors(rows, where, reasons):
    """The table of survivors with the reason of each."""
    lines = [f"| {where} | change | why it survives |", "|---|---|---|"] if rows else []
    for place, what in rows:
        change = what.replace("|", "\\|")
        lines.append(f"| {place} | `{change}` | {reasons.get((place, what), UNEXPLAINED)} |")
    return [*lines, ""]


if __name__ == "__main__":
    wanted = sys.argv[1:]
    text = page(
        list(table_mutants()) if not wanted or "table" in wanted else [],
        list(chain_mutants(int(wanted[1]) if len(wanted) > 1 else None)) if not wanted or "chain" in wanted else [],
    )
    print(text)
    if not wanted:
        PAGE.write_text(text, encoding="utf-8")
    sys.exit(UNEXPLAINED in text)
