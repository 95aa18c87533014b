"""The kill table: each rule of the table broken in several ways, and whether the checker names exactly that rule.

    python -m benchmarks.kill_table            writes docs/kill-table.md

Breaking a rule changes one partial of one row: its sign, its size by 1 + 10⁻⁵, a term of it, the branch it takes, its
arguments, or the whole of it for its neighbour's. The operation stands in an expression with others, at points drawn from
its domain. A kill is a report whose first wrong rule is that operation, for that argument; nothing else counts.
"""

import ast
import math
import random
import sys
from collections import defaultdict
from pathlib import Path

import autograd
from autograd._engine.lifting import GENERIC
from autograd.check import gradcheck
from autograd.derivatives import FLOATS
from autograd.table import TABLE
from autograd.testing import finite

PAGE = Path(__file__).resolve().parent.parent / "docs" / "kill-table.md"
WAYS = ("sign", "× (1 + 1e-5)", "dropped", "term dropped", "other branch", "arguments swapped", "neighbour's rule")
OF_ORDER = ("polygamma", "ierfcx", "sinc_slope")  # whose a is a whole number
SKIPPED = {**dict.fromkeys(OF_ORDER, "a"), "round_digits": "b", "where": "a"}  # arguments that have no derivative


def points(op, count, seed=0):
    """Points of the operation's domain, away from kinks, where its value and partials are of ordinary size."""
    rng = random.Random(f"{op.name} {seed}")
    found = []
    while len(found) < count:
        n = 5 if op.name == "dot" else 3 if op.nary else op.arity
        xs = [rng.choice((-1.0, 1.0)) * 2.0 ** rng.uniform(-2.0, 1.2) for _ in range(n)]
        if op.name in (*OF_ORDER, "round_digits"):
            xs[op.name == "round_digits"] = float(rng.randint(0, 3))
        if op.name == "pow":
            xs[0] = abs(xs[0])
        if finite(op, xs):
            found.append(xs)
    return found


def expression(op):
    """The operation among others."""
    function, constant = GENERIC[op.name], SKIPPED.get(op.name)

    def f(*xs):
        given = [x.data if name == constant else x for name, x in zip(op.inputs, xs)] if constant else list(xs)
        y = function(given) if op.nary else function(*given)
        return autograd.sum([y * 0.5, xs[-1], y])

    return f


def rewritten(op, i, change):
    """The partial with its text changed by `change`, a function of its tree; None if that changes nothing."""
    text = op.text[1 + i].split("; ")
    tree = ast.parse(text[-1], mode="eval")
    changed = change(tree)
    if not changed:
        return None
    space = dict(FLOATS)
    steps = "".join(f" {step}\n" for step in text[:-1])
    source = f"def partial({', '.join((*op.inputs, 'y'))}):\n{steps} return {ast.unparse(tree)}\n"
    exec(compile(source, "<broken rule>", "exec"), space)
    return space["partial"]


def drop_term(tree):
    """The first sum without its second term."""
    for parent in ast.walk(tree):
        for name, child in ast.iter_fields(parent):
            if isinstance(child, ast.BinOp) and isinstance(child.op, (ast.Add, ast.Sub)):
                setattr(parent, name, child.left)
                return True
    return False


def other_branch(tree):
    """The first condition with its branches exchanged."""
    for node in ast.walk(tree):
        if isinstance(node, ast.IfExp):
            node.body, node.orelse = node.orelse, node.body
            return True
    return False


def broken(op, i):
    """Pairs of way and broken partial for operand `i`."""
    right = op.partials[i]

    def scaled(k):
        return lambda *given: scale(right(*given), k)

    yield "sign", scaled(-1.0)
    yield "× (1 + 1e-5)", scaled(1.0 + 1e-5)
    yield "dropped", scaled(0.0)
    for way, change in (("term dropped", drop_term), ("other branch", other_branch)):
        partial = rewritten(op, i, change)
        if partial:
            yield way, partial
    if op.arity == 2:
        yield "arguments swapped", op.partials[1 - i]
    family = [other for other in TABLE.values() if other.inputs == op.inputs]
    yield "neighbour's rule", family[(family.index(op) + 1) % len(family)].partials[i]


def scale(d, k):
    """A partial times a number: of one operand, of a list of them, or None."""
    return None if d is None else [x * k for x in d] if isinstance(d, list) else d * k


def differs(op, i, partial, xs):
    """Whether the broken rule gives another number here: −0 for 0 is no fault, nor is another rounding."""
    y = op.value(xs) if op.nary else op.value(*xs)
    given = (xs, y) if op.nary else (*xs, y)
    try:
        wrong, right = (flat(f(*given)) for f in (partial, op.partials[i]))
        return any(not math.isclose(a, b, rel_tol=1e-9) for a, b in zip(wrong, right, strict=True))
    except (ValueError, ArithmeticError, TypeError, IndexError):
        return False


def flat(d):
    """A partial, or a list of them, as a list of numbers."""
    return [0.0 if x is None else x for x in (d if isinstance(d, list) else [d])]


def trials(names=None, count=3, seed=0):
    """For each broken rule: (operation, argument, way, kills, points at which it is broken)."""
    for op in TABLE.values():
        if names is not None and op.name not in names:
            continue
        f, places = expression(op), points(op, count, seed)
        yield op.name, "", "correct", sum(bool(gradcheck(f, *xs, raise_exception=False)) for xs in places), len(places)
        for i in range(len(op.partials)):
            if SKIPPED.get(op.name) == op.inputs[i]:
                continue
            for way, partial in broken(op, i):
                spots = [xs for xs in places if differs(op, i, partial, xs)]
                if spots:
                    yield op.name, op.inputs[i], way, sum(named(op, i, partial, f, xs) for xs in spots), len(spots)


def named(op, i, partial, f, xs):
    """Whether the checker, with the rule broken, names this operation and argument."""
    kept = op.partials
    op.partials = (*kept[:i], partial, *kept[i + 1 :])
    try:
        first = gradcheck(f, *xs, raise_exception=False).first
    finally:
        op.partials = kept
    return (
        first is not None
        and first.finding.verdict == "FAIL"
        and first.operation.split("(")[0] == op.name
        and first.argument == op.inputs[i]
    )


def page(rows):
    """The table as Markdown."""
    cells, total = defaultdict(lambda: [0, 0]), [0, 0]
    for name, _, way, kills, spots in rows:
        cells[name, way][0] += kills
        cells[name, way][1] += spots
        if way != "correct":
            total[0] += kills
            total[1] += spots
    right = [sum(cell[k] for (_, way), cell in cells.items() if way == "correct") for k in (0, 1)]
    lines = [
        "# The kill table", "",
        "Written by `python -m benchmarks.kill_table`. Each rule of the table was broken in the ways of the columns, at points",
        "of its domain, inside an expression with other operations. A cell counts the points at which `gradcheck` named",
        "exactly that operation and argument, of those where the broken rule gives another number than the right one.", "",
        f"Broken rules named: **{total[0]:,} of {total[1]:,}**. Right ones that passed: **{right[0]:,} of {right[1]:,}**.", "",
        "| operation | correct | " + " | ".join(WAYS) + " |", "|---|" + "---|" * (len(WAYS) + 1),
    ]  # fmt: skip
    for name in dict.fromkeys(name for name, _ in cells):
        shown = [f"{cells[name, way][0]}/{cells[name, way][1]}" if (name, way) in cells else "" for way in ("correct", *WAYS)]
        lines.append(f"| `{name}` | " + " | ".join(shown) + " |")
    lines += [
        "",
        "A blank cell: the rule has no such term, branch or argument, or breaking it so changes no number (the sign of 0).",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    rows = list(trials())
    PAGE.write_text(page(rows), encoding="utf-8")
    missed = [row for row in rows if row[3] != row[4]]
    for row in missed:
        print("missed:", *row)
    print(f"wrote {PAGE.name}")
    sys.exit(1 if missed else 0)
