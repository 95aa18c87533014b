"""Compiled functions against hand-written C, NumPy, JAX, PyTorch, CasADi and a microgpt-style Value, in one interleaved run.

    python -m benchmarks.compile [--rounds 7] [--no-peers] [--dry]

Each round measures every competitor once, in turn, so that a busy machine is busy for all; a figure is the best of its
rounds, a ratio that of two figures of one run. C is built with gcc -O3 -march=native -ffp-contract=off and called through
ctypes with its arrays ready. Times of compiling are processor time, those of running are elapsed time. A large program is
measured twice: as it runs at first, by the kernel, and once it has proved hot and its loops are compiled. The peers run in
environments of their own, see `benchmarks.peers`. Writes docs/compile-benchmarks.md and its figures, unless told `--dry`.
"""

import argparse
import ctypes
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np

import autograd
from benchmarks import compile_models as models
from benchmarks.compile_peers import seconds
from benchmarks.goals import verdict
from benchmarks.report import table

HERE = os.path.dirname(os.path.abspath(__file__))
SIZES = (2, 10, 100, 1000)


def c_library(where):
    """compile.c, built."""
    path = os.path.join(where, "compile.so")
    flags = ["-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC"]
    subprocess.run(["gcc", *flags, os.path.join(HERE, "compile.c"), "-o", path, "-lm"], check=True)
    library = ctypes.CDLL(path)
    for name in ("moons", "digit", "rosenbrock", "gpt", "gpt_step"):
        getattr(library, name).restype = ctypes.c_double
    return library


def pointer(array):
    """The address of an array's numbers, for C; it keeps the array."""
    address = ctypes.c_void_p(array.ctypes.data)
    address.array = array
    return address


class Work:
    """One row of the table: its competitors, functions that return seconds, and by how much results differ."""

    def __init__(self, name, difference, **competitors):
        self.name, self.competitors, self.difference = name, competitors, difference


def cold(f, *args):
    """(seconds of this processor's time that the first call took, the compiled function)."""
    fast = autograd.compile(f)
    start = time.process_time()
    fast(*args)
    return time.process_time() - start, fast


def hot(f, *args):
    """The compiled function when it has been called so often that its loops are compiled, and what that took."""
    fast = autograd.compile(f, executor="rolled")
    start = time.process_time()
    fast(*args)
    return time.process_time() - start, fast


def workloads(c, report):
    """The rows; also reports what compiling took."""
    w = models.uniform(17, 1.0)
    step = autograd.compile(models.xor_step)
    start = time.process_time()
    ours = step.repeat(10_000, w)
    report("XOR: compile and first 10,000 epochs", time.process_time() - start, "s")
    theirs, again = np.array(w), np.array(w)
    c.xor_epochs(pointer(theirs), ctypes.c_long(10_000))
    yield Work(
        "XOR 2-4-1, 10,000 epochs",
        max(abs(a - b) for a, b in zip(ours, theirs, strict=True)),
        ours=lambda: seconds(lambda: step.repeat(10_000, w)),
        c=lambda: seconds(lambda: c.xor_epochs(pointer(again), ctypes.c_long(10_000))),
    )
    rng = np.random.default_rng(0)
    moons = np.array(models.uniform(337, 0.5)), rng.normal(size=(100, 2)), rng.choice([-1.0, 1.0], size=100)
    digit = np.array(models.uniform(101_770, 0.05)), rng.random(784), np.eye(10)[3]
    gradient = autograd.value_and_grad
    rows = [
        ("two-moons step, 100 samples", gradient(models.moons_loss), moons),
        ("784-128-10 sample", gradient(models.digit_loss), digit),
    ]
    for n in (8, 16):
        tokens = np.array([float(7 * i % 27) for i in range(n)])
        args = np.array(models.uniform(models.GPT_SIZE, 0.3)), tokens, np.array([*tokens[1:], 3.0])
        moments = np.zeros(models.GPT_SIZE), np.zeros(models.GPT_SIZE)
        rows.append((f"GPT-shaped gradient, {n} tokens", gradient(models.gpt_loss), args))
        rows.append((f"GPT-shaped step with Adam, {n} tokens", models.gpt_step, (args[0], *moments, *args[1:], 0.01, 0.5)))
    for name, f, args in rows:
        first, fast = cold(f, *args)
        report(f"{name}: first result", first, "s")
        both, hotter = hot(f, *args)
        report(f"{name}: compiled loops", both - first, "s more")
        call, result = by_hand(c, name, args)
        call()
        yield Work(
            name,
            np.abs(fast(*args)[1] - result).max(),
            first=lambda fast=fast, args=args: seconds(lambda: fast(*args)),
            ours=lambda fast=hotter, args=args: seconds(lambda: fast(*args)),
            c=lambda call=call: seconds(call),
        )
    for n in SIZES:
        x, result = np.array(models.uniform(n, 1.0)), np.empty(n)
        _, fast = hot(gradient(models.rosenbrock), x) if n == 1000 else cold(gradient(models.rosenbrock), x)
        addresses = pointer(x), ctypes.c_long(n), pointer(result)
        c.rosenbrock(*addresses)
        yield Work(
            f"Rosenbrock {n}",
            np.abs(fast(x)[1] - result).max(),
            ours=lambda fast=fast, x=x: seconds(lambda: fast(x)),
            c=lambda addresses=addresses: seconds(lambda: c.rosenbrock(*addresses)),
        )


def by_hand(c, name, args):
    """The call in C, and where it leaves what ours has as second result."""
    if "Adam" in name:
        w, m, v, tokens, targets, size, correction = args
        w, m, v, gradient = (np.array(x) for x in (w, m, v, w))
        addresses = [*map(pointer, (w, tokens, targets)), ctypes.c_long(len(tokens)), *map(pointer, (gradient, m, v))]
        return lambda: c.gpt_step(*addresses, ctypes.c_double(size), ctypes.c_double(correction)), w
    gradient = np.empty(len(args[0]))
    function = c.moons if "moons" in name else c.digit if "784" in name else c.gpt
    size = [ctypes.c_long(len(args[1]))] if function is c.gpt else []
    addresses = [*map(pointer, args), *size, pointer(gradient)]
    return lambda: function(*addresses), gradient


class Peer:
    """A peer's process: told what to measure, it answers with seconds."""

    def __init__(self, name, python):
        self.name = name
        command = [python, os.path.join(HERE, "compile_peers.py"), name]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, work):  # noqa: D102
        self.process.stdin.write(work + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        """End the process."""
        self.process.stdin.close()
        self.process.wait()


def peers():
    """The peers by the rows they take part in."""
    from benchmarks.peers import python_for

    works = {"numpy": ["xor"], "jax": ["xor"], "torch": [], "casadi": [], "casadi_buffers": []}
    for name, taken in works.items():
        if name != "numpy":
            taken += [f"rosenbrock {n}" for n in SIZES]
        yield Peer(name, python_for(name.partition("_")[0])), taken


def adam_from_cold(steps=1_000):
    """Seconds for that many Adam steps of the GPT over documents of 3 to 15 tokens, tracing and compiling included."""
    rng = random.Random(0)
    documents = [[float(rng.randrange(27)) for _ in range(rng.randint(4, 16))] for _ in range(steps)]
    w = np.array(models.uniform(models.GPT_SIZE, 0.3))
    m, v = np.zeros_like(w), np.zeros_like(w)
    start = time.process_time()
    loss = autograd.compile(autograd.value_and_grad(models.gpt_loss))
    update = autograd.compile(lambda *state: tuple(map(np.array, models.adam(*state))))
    for t, document in enumerate(documents, 1):
        tokens = np.array(document)
        _, g = loss(w, tokens[:-1], tokens[1:])
        w, m, v = update(w, g, m, v, 0.01 / (1.0 - 0.9**t), math.sqrt(1.0 - 0.999**t))
    return time.process_time() - start


class MicroValue:
    """A Value in the manner of microgpt: value, parents, local partials."""

    __slots__ = ("data", "grad", "parents", "partials")

    def __init__(self, data, parents=(), partials=()):
        self.data, self.grad, self.parents, self.partials = data, 0.0, parents, partials

    def __add__(self, other):
        other = other if isinstance(other, MicroValue) else MicroValue(other)
        return MicroValue(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, MicroValue) else MicroValue(other)
        return MicroValue(self.data * other.data, (self, other), (other.data, self.data))

    def backward(self):
        """Gradients of everything it was computed from."""
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            v, done = stack.pop()
            if done:
                order.append(v)
            elif v not in seen:
                seen.add(v)
                stack.append((v, True))
                stack += [(p, False) for p in v.parents]
        self.grad = 1.0
        for v in reversed(order):
            for p, d in zip(v.parents, v.partials, strict=True):
                p.grad += d * v.grad


def micro_value_seconds(operations=200_000):
    """Seconds a microgpt-style Value takes for an operation, forward and backward."""
    xs = [MicroValue(0.1 * i) for i in range(10)]
    start = time.perf_counter()
    y = xs[0]
    for i in range(operations // 2):
        y = xs[i % 10] * y + xs[(i + 3) % 10]
    y.backward()
    return (time.perf_counter() - start) / operations


def compile_times(report):
    """What compiling costs by the number of operations: a chain, and its gradient."""

    def chain(x, n):
        y = x
        for _ in range(n // 2):
            y = y * 0.5 + x
        return y

    for n in (150, 1_000, 10_000, 100_000, 1_000_000):
        first, _ = cold(chain, 0.5, n)
        report(f"compile {n:,} operations", first, f"s   {first / n * 1e6:.1f} µs an operation")


def measured(options):
    """All results: figures of compiling by what they are, and seconds of a call by work and competitor."""
    lines, times = {}, {}

    def report(name, value, unit):
        lines[name] = value
        print(f"{name:52}{value:12.4g} {unit}", flush=True)

    with tempfile.TemporaryDirectory() as where:
        os.environ["XDG_CACHE_HOME"] = where  # from cold
        c = c_library(where)
        start = time.process_time()
        autograd.compile(lambda x: x + 1.0, executor="kernel")(1.0)
        report("kernel, built once for a machine", time.process_time() - start, "s")
        rows = list(workloads(c, report))
        report("1,000 GPT-shaped Adam steps, from cold", adam_from_cold(), "s")
        report("an operation of a microgpt-style Value", micro_value_seconds() * 1e6, "µs")
        compile_times(report)
        others = [] if options.no_peers else list(peers())
        for _ in range(options.rounds):
            for row in rows:
                for name, measure in row.competitors.items():
                    times.setdefault((row.name, name), []).append(measure())
            for peer, taken in others:
                for work in taken:
                    times.setdefault((WORKS[work], peer.name), []).append(peer(work))
        for peer, _ in others:
            peer.close()
    table = {}
    for (work, name), values in times.items():
        table.setdefault(work, {})[name] = min(values)
    return {
        "date": time.strftime("%Y-%m-%d"),
        "rounds": options.rounds,
        "compiling": lines,
        "calls": table,
        "differences": {row.name: float(row.difference) for row in rows},
    }


WORKS = {"xor": "XOR 2-4-1, 10,000 epochs"} | {f"rosenbrock {n}": f"Rosenbrock {n}" for n in SIZES}


def goals(results):
    """(what, bound, "at least" or "at most", unit, figure) of each goal."""
    calls, compiling = results["calls"], results["compiling"]

    def ratio(work, theirs, ours="ours"):
        row = calls[work]
        return row[theirs] / row[ours] if theirs in row else None

    xor = WORKS["xor"]
    yield "XOR, 10,000 epochs, against C", 1.0, "at most", "×", 1.0 / ratio(xor, "c")
    yield "XOR, JAX's fori_loop against ours", 4.0, "at least", "×", ratio(xor, "jax")
    yield "XOR, NumPy against ours", 100.0, "at least", "×", ratio(xor, "numpy")
    for work in calls:
        if "moons" in work or "784" in work or "GPT" in work:
            yield f"{work}, against C", 1.15, "at most", "×", 1.0 / ratio(work, "c")
    for work, bound in (
        ("two-moons step, 100 samples", 0.5),
        ("784-128-10 sample", 0.5),
        ("GPT-shaped gradient, 8 tokens", 0.3),
    ):
        yield f"{work}: first result", bound, "at most", " s", compiling[f"{work}: first result"]
    yield "1,000 GPT-shaped Adam steps from cold", 2.5, "at most", " s", compiling["1,000 GPT-shaped Adam steps, from cold"]
    for n in SIZES:
        row = calls[f"Rosenbrock {n}"]
        yield f"Rosenbrock {n}, beyond 1.2 × C", 3.0, "at most", " µs", (row["ours"] - 1.2 * row["c"]) * 1e6
        for peer in ("torch", "jax", "casadi", "casadi_buffers"):
            if peer in row:
                yield f"Rosenbrock {n}, {PEERS[peer]} against ours", 1.0, "at least", "×", row[peer] / row["ours"]
    yield "compile 150 operations", 0.03, "at most", " s", compiling["compile 150 operations"]
    per = {n: compiling[f"compile {n:,} operations"] / n for n in (100_000, 1_000_000)}
    yield "compile, an operation: of a million against of 100,000", 1.5, "at most", "×", per[1_000_000] / per[100_000]


PEERS = {"ours": "ours", "first": "ours at first", "c": "C by hand", "numpy": "NumPy", "jax": "JAX", "torch": "PyTorch",
         "casadi": "CasADi", "casadi_buffers": "CasADi, into its own memory"}  # fmt: skip


TOP = """
Not to be edited by hand. All took part in one run, asked in turn; a figure is the best of its rounds. **Ratios are what to
quote**: times are of one machine with other work on it. C is compiled with `gcc -O3 -march=native -ffp-contract=off` and takes
derivatives in the short forms one writes by hand (1 − y² for tanh), ours those of the table, which are right to the last bits.
""".strip()
GOALS = """
What the project set itself to reach. A figure that is missed is shown as missed. A step of training is the gradient and the
update; the gradient alone is measured too, where copying numbers and Python's call weigh more.
""".strip()
CALLS = """
Microseconds. *ours at first* is the kernel, which runs any program at once; *ours* is the same program when it has proved hot.
CasADi is asked twice: as it is called, and by its buffers, which read and write memory given once.
""".strip()
COMPILING = """
Processor time, nothing in the cache. *Compiled loops* is what it takes in addition once a program is hot.
""".strip()


def page(results):
    """docs/compile-benchmarks.md."""
    rows = []
    for what, bound, sense, unit, figure in goals(results):
        word = verdict(bound, sense, figure)
        got = "–" if figure is None else f"{figure:.3g}{unit}"
        rows.append([what, f"{sense} {bound:g}{unit}", got, word if word == "reached" else f"**{word}**"])
    names = [name for name in PEERS if any(name in row for row in results["calls"].values())]
    calls = [
        [work, *(f"{row[name] * 1e6:,.2f}" if name in row else "" for name in names), f"{row['ours'] / row['c']:.2f}",
         f"{results['differences'][work]:.0e}"]
        for work, row in results["calls"].items()
    ]  # fmt: skip
    compiling = [
        [name, f"{value:.3g} {'µs' if 'microgpt-style' in name else 's'}"] for name, value in results["compiling"].items()
    ]
    top = f"Written by `python -m benchmarks.compile` on {results['date']}, in {results['rounds']} rounds. {TOP}"
    parts = [
        "# Compiled functions, measured", top,
        "## Goals", GOALS, table(["", "goal", "measured", ""], rows),
        "## A call", CALLS, table(["", *(PEERS[name] for name in names), "ours / C", "differs by"], calls),
        "## Compiling", COMPILING, table(["", ""], compiling),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def main():
    """Measure, print the page, and write it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--dry", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore", RuntimeWarning)  # of many traces: the lengths are meant
    results = measured(options)
    text = page(results)
    print(text)
    if not options.dry:
        docs = os.path.join(os.path.dirname(HERE), "docs")
        with open(os.path.join(docs, "benchmarks", f"compile-{results['date']}.json"), "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)
        with open(os.path.join(docs, "compile-benchmarks.md"), "w", encoding="utf-8") as file:
            file.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
