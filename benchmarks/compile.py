"""Compiled functions against hand-written C, NumPy, JAX, PyTorch, CasADi and a microgpt-style Value, in one interleaved run.

    python -m benchmarks.compile [--rounds 7] [--no-peers] [--results FILE]

Each round measures every competitor once, in turn, so that a busy machine is busy for all; a figure is the best of its
rounds, a ratio that of two figures of one run. C is built with gcc -O3 -march=native
-ffp-contract=off and called through ctypes with its arrays ready. Times of compiling are processor time, those of running are
elapsed time. The peers run in environments of their own, see `benchmarks.peers`.
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

HERE = os.path.dirname(os.path.abspath(__file__))
SIZES = (2, 10, 100, 1000)


def c_library(where):
    """compile.c, built."""
    path = os.path.join(where, "compile.so")
    flags = ["-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC"]
    subprocess.run(["gcc", *flags, os.path.join(HERE, "compile.c"), "-o", path, "-lm"], check=True)
    library = ctypes.CDLL(path)
    for name in ("moons", "digit", "rosenbrock", "gpt"):
        getattr(library, name).restype = ctypes.c_double
    return library


def pointer(array):
    """The address of an array's numbers, for C; it keeps the array."""
    address = ctypes.c_void_p(array.ctypes.data)
    address.array = array
    return address


def seconds(f, least=0.0005, batches=15):
    """The time of one call: the best of some batches, each so short that a busy machine leaves one of them alone."""
    n, best = 1, math.inf
    while True:
        start = time.perf_counter()
        for _ in range(n):
            f()
        taken = time.perf_counter() - start
        if taken >= least:
            break
        n = max(2 * n, int(n * least / max(taken, 1e-7)))
    for _ in range(batches if taken < 0.1 else 1):
        start = time.perf_counter()
        for _ in range(n):
            f()
        best = min(best, time.perf_counter() - start)
    return min(best, taken) / n


class Work:
    """One row of the table: its competitors, functions that return seconds, and what they compute."""

    def __init__(self, name, ours, c, check):
        self.name, self.competitors, self.check = name, {"ours": ours, "C": c}, check


def cold(f, *args):
    """(seconds of this processor's time that the first call took, the compiled function)."""
    fast = autograd.compile(f)
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
        lambda: seconds(lambda: step.repeat(10_000, w)),
        lambda: seconds(lambda: c.xor_epochs(pointer(again), ctypes.c_long(10_000))),
        max(abs(a - b) for a, b in zip(ours, theirs, strict=True)),
    )
    rng = np.random.default_rng(0)
    moons = np.array(models.uniform(337, 0.5)), rng.normal(size=(100, 2)), rng.choice([-1.0, 1.0], size=100)
    digit = np.array(models.uniform(101_770, 0.05)), rng.random(784), np.eye(10)[3]
    rows = [
        ("two-moons step, 100 samples", models.moons_loss, moons, c.moons),
        ("784-128-10 sample", models.digit_loss, digit, c.digit),
    ]
    for n in (8, 16):
        tokens = np.array([float(7 * i % 27) for i in range(n)])
        args = np.array(models.uniform(models.GPT_SIZE, 0.3)), tokens, np.array([*tokens[1:], 3.0])
        rows.append((f"GPT-shaped step, {n} tokens", models.gpt_loss, args, c.gpt))
    for name, f, args, function in rows:
        first, fast = cold(autograd.value_and_grad(f), *args)
        report(f"{name}: first result", first, "s")
        gradient = np.empty(len(args[0]))
        addresses = [*map(pointer, args), *([ctypes.c_long(len(args[1]))] if f is models.gpt_loss else []), pointer(gradient)]
        function(*addresses)
        yield Work(
            name,
            lambda fast=fast, args=args: seconds(lambda: fast(*args)),
            lambda function=function, addresses=addresses: seconds(lambda: function(*addresses)),
            np.abs(fast(*args)[1] - gradient).max(),
        )
    for n in SIZES:
        x, gradient = np.array(models.uniform(n, 1.0)), np.empty(n)
        _, fast = cold(autograd.value_and_grad(models.rosenbrock), x)
        addresses = pointer(x), ctypes.c_long(n), pointer(gradient)
        c.rosenbrock(*addresses)
        yield Work(
            f"Rosenbrock {n}",
            lambda fast=fast, x=x: seconds(lambda: fast(x)),
            lambda addresses=addresses: seconds(lambda: c.rosenbrock(*addresses)),
            np.abs(fast(x)[1] - gradient).max(),
        )


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

    works = {"numpy": ["xor"], "jax": ["xor"], "torch": [], "casadi": []}
    for name, taken in works.items():
        if name != "numpy":
            taken += [f"rosenbrock {n}" for n in SIZES]
        yield Peer(name, python_for(name)), taken


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

    for n in (150, 1_500, 15_000, 150_000, 1_000_000):
        first, _ = cold(chain, 0.5, n)
        report(f"compile {n:,} operations", first, f"s   {first / n * 1e6:.1f} µs an operation")


def main():
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--results")
    options = parser.parse_args()
    lines = {}
    warnings.simplefilter("ignore", RuntimeWarning)  # of many traces: the lengths are meant

    def report(name, value, unit):
        lines[name] = value
        print(f"{name:44}{value:12.4g} {unit}", flush=True)

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
        times = {}
        for _ in range(options.rounds):
            for row in rows:
                for name, measure in row.competitors.items():
                    times.setdefault((row.name, name), []).append(measure())
            for peer, taken in others:
                for work in taken:
                    times.setdefault((work, peer.name), []).append(peer(work))
        for peer, _ in others:
            peer.close()
    best = {key: min(values) for key, values in times.items()}
    print(f"\nbest of {options.rounds} interleaved rounds; µs")
    for row in rows:
        ours, theirs = best[row.name, "ours"], best[row.name, "C"]
        print(f"{row.name:30}{ours * 1e6:10.2f}   C {theirs * 1e6:10.2f}   ratio {ours / theirs:6.2f}   off by {row.check:.0e}")
    for (work, name), value in best.items():
        if name not in {"ours", "C"}:
            print(f"{work:20}{name:10}{value * 1e6:14.2f}")
    if options.results:
        with open(options.results, "w", encoding="utf-8") as file:
            json.dump({**lines, **{f"{work} / {name}": value for (work, name), value in best.items()}}, file, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
