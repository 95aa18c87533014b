"""Gradient checkers compared: how often each accepts a right derivative, and a wrong one.

    python -m benchmarks.gradcheck            all, writes docs/gradcheck-comparison.md
    python -m benchmarks.gradcheck ours       one column, printed

18 functions at 400 points each, near the edges of their domains too, in double precision. To each checker, with its defaults,
goes the function and a rule that returns the derivative (by mpmath, to the last bit), or its negative, or 1.001 or
1 + 10⁻⁵ times it. PyTorch, JAX and HIPS autograd run in environments of their own under benchmarks/.peers, installed on
the first run. `scipy.optimize.check_grad` returns an error and leaves the verdict to the user: it accepts here what is
within 10⁻⁴ of the derivative, which is a common choice.
"""

import json
import math
import random
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "gradcheck-comparison.md"
PEERS = {
    "torch": ("PyTorch gradcheck", ["torch==2.13.0", "numpy"]),
    "jax": ("JAX check_grads", ["jax"]),
    "hips": ("HIPS check_grads", ["autograd", "scipy"]),
    "scipy": ("SciPy check_grad", ["autograd", "scipy"]),
}
FACTORS = {"right": 1.0, "sign": -1.0, "× 1.001": 1.001, "× (1 + 1e-5)": 1.0 + 1e-5}

# name: (text, lowest, highest, edge): points lie log-uniformly around the edge, or 0, and uniformly between
FUNCTIONS = {
    "sin": ("sin(x)", -10, 10, 0), "cos": ("cos(x)", -10, 10, 0), "tan": ("tan(x)", -1.5, 1.5, 0),
    "exp": ("exp(x)", -10, 10, 0),
    "log": ("log(x)", 0, 100, 0), "sqrt": ("sqrt(x)", 0, 100, 0), "cube": ("x * x * x", -10, 10, 0),
    "reciprocal": ("1.0 / x", -10, 10, 0), "tanh": ("tanh(x)", -5, 5, 0), "atan": ("atan(x)", -10, 10, 0),
    "asin": ("asin(x)", -1, 1, 1), "sigmoid": ("1.0 / (1.0 + exp(-x))", -10, 10, 0), "softplus": ("log1p(exp(x))", -10, 10, 0),
    "bump": ("x * exp(-x * x)", -4, 4, 0), "hypot": ("sqrt(1.0 + x * x)", -10, 10, 0), "expsin": ("exp(sin(x))", -10, 10, 0),
    "entropy": ("x * log(x)", 0, 10, 0), "power": ("exp(1.5 * log(x))", 0, 10, 0),
}  # fmt: skip


def cases():
    """For each function its 400 points and the derivatives there."""
    import mpmath

    mpmath.mp.dps = 60
    names = ["sin", "cos", "tan", "exp", "log", "sqrt", "tanh", "atan", "asin", "log1p"]
    space = {name: getattr(mpmath, name) for name in names}
    result = {}
    for name, (text, low, high, edge) in FUNCTIONS.items():
        rng, f = random.Random(name), eval(f"lambda x: {text}", space)
        rows = []
        while len(rows) < 400:
            if rng.random() < 0.5:
                x = edge + rng.choice((-1.0, 1.0)) * 10.0 ** rng.uniform(-5.0, 0.0)
            else:
                x = rng.uniform(low, high)
            if low < x < high:
                rows.append((x, float(mpmath.diff(f, mpmath.mpf(x)))))
        result[name] = rows
    return result


def ours(data):
    """How often `autograd.gradcheck` accepts, labels as a kink or an edge, and refuses, for each factor."""
    import autograd

    space = {name: getattr(math, name) for name in ("sin", "cos", "tan", "exp", "log", "sqrt", "tanh", "atan", "asin", "log1p")}
    counts = {}
    for factor_name, factor in FACTORS.items():
        accepted, labels = 0, {}
        for name, rows in data.items():
            value = eval(f"lambda x: {FUNCTIONS[name][0]}", space)
            for x, d in rows:
                op = autograd.custom_op(value, lambda _, d=d, factor=factor: d * factor, name=name)
                report = autograd.gradcheck(op, x, raise_exception=False)
                accepted += bool(report)
                labels[report.verdict] = labels.get(report.verdict, 0) + 1
        counts[factor_name] = (accepted, labels)
    return counts


def peer(name, data):
    """What one peer accepts, run by its own Python."""
    home = HERE / ".peers" / f"{'hips' if name == 'scipy' else name}-venv"
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PEERS[name][1]], check=True)
    texts = {function: row[0] for function, row in FUNCTIONS.items()}
    question = json.dumps({"peer": name, "data": data, "factors": FACTORS, "functions": texts})
    script = HERE / "gradcheck_peer.py"
    answer = subprocess.run([python, "-I", script], input=question, capture_output=True, text=True, check=True)
    return json.loads(answer.stdout.splitlines()[-1])


def page(total, columns):
    """The comparison as Markdown; each column is (title, accepted by factor)."""
    lines = [
        "# Gradient checkers compared", "",
        f"Written by `python -m benchmarks.gradcheck`: {len(FUNCTIONS)} functions × 400 points = {total:,} derivatives, each",
        "given right, with the wrong sign, and wrong by a factor. The numbers are what each checker *accepts*, with its",
        "defaults (SciPy returns an error; accepted is what is within 10⁻⁴ of the derivative).", "",
        "| | should be | " + " | ".join(title for title, _ in columns) + " |", "|---|---|" + "---|" * len(columns),
    ]  # fmt: skip
    for factor in FACTORS:
        cells = [f"{accepted[factor] / total:.2%}" for _, accepted in columns]
        lines.append(f"| {factor} | {'100%' if factor == 'right' else '0%'} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(wanted):
    """Print, and for all columns write, the comparison."""
    data = cases()
    total = sum(map(len, data.values()))
    columns, labels = [], {}
    if not wanted or "ours" in wanted:
        counts = ours(data)
        columns.append(("autograd.gradcheck", {factor: n for factor, (n, _) in counts.items()}))
        labels = {factor: verdicts for factor, (_, verdicts) in counts.items()}
    for name, (title, _) in PEERS.items():
        if not wanted or name in wanted:
            answer = peer(name, data)
            columns.append((f"{title} {answer['version']}", answer["accepted"]))
    text = page(total, columns)
    if labels:
        text += "\n\nThe verdicts of `autograd.gradcheck`:\n"
        for factor, verdicts in labels.items():
            text += f"\n- {factor}: " + ", ".join(f"{n:,} {verdict}" for verdict, n in sorted(verdicts.items()))
    print(text)
    if not wanted:
        PAGE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
