"""Programs that are loops, compiled, against the same by hand in C: value and gradient, in one interleaved run.

    python -m benchmarks.loops [--rounds 15] [--write]

Filters, simulations and likelihoods, each written as plain Python loops and with `autograd.scan` and `autograd.map`. C is built
with gcc -O3 -march=native -ffp-contract=off and called through ctypes with its arrays ready; ours is called from Python with
lists of floats, so reading these is part of it. A figure is the median of its rounds; results agree with C's to rounding, and
with the engine's to the bit. `--write` writes docs/loop-benchmarks.md.
"""

import argparse
import ctypes
import math
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import autograd
from autograd import exp, log, relu, scan, sin
from benchmarks.report import table

PAGE = """# Loops, measured

Written by `python -m benchmarks.loops --write` on {date}, {rounds} rounds; not to be edited by hand. Value and gradient of
programs that are loops, compiled, beside the same written by hand in C (`benchmarks/loops.c`, gcc -O3 -march=native
-ffp-contract=off). All took part in one run, asked in turn; a figure is a median. **Ratios are what to quote**: times are
of one machine with other work on it. C is called with its arrays ready, ours with lists of floats, so reading these is part
of it. *Plain* are Python's own `for` loops, found again in the trace; *scan* are the same programs with `autograd.scan` and
`autograd.map`. A first result has everything in it: tracing, differentiating, compiling, with nothing in the cache. Results
are the engine's to the last bit, and C's to rounding.

{table}

Kalman: 2,000 steps of a filter's likelihood; GARCH: 5,000 returns; Lotka–Volterra: 1,000 Runge–Kutta steps, ten points
seen; Monte Carlo: a call option, 1,000 paths of 50 steps; Holt: level and trend of 3,000 values; pendulum: 3,000 steps. The
last two were written when all else was done, and nothing was tuned for them.
"""
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


class Program(NamedTuple):
    """A program in both forms, with the C function of its name, and its arguments."""

    name: str
    plain: Callable[..., Any]
    looped: Callable[..., Any]
    parameters: list[float]
    data: list[Any]
    tuned: bool = True


def kalman_step(p, carry, x):
    """A local level with decay: prediction, then correction by what is seen."""
    m, v, total = carry
    m, v = p[0] * m, p[0] * p[0] * v + p[1]
    s = v + p[2]
    gain, e = v / s, x - m
    return m + gain * e, (1.0 - gain) * v, total - 0.5 * (log(s) + e * e / s)


def garch_step(p, carry, x):
    """A variance that depends on the last return and on itself."""
    s, total = carry
    s = p[0] + p[1] * x * x + p[2] * s
    return s, total + 0.5 * (log(s) + x * x / s)


def lotka_volterra_step(p, carry, _):
    """One step of the classical Runge–Kutta method for prey and predators."""

    def field(x, y):
        return p[0] * x - p[1] * x * y, p[2] * x * y - p[3] * y

    h, (x, y) = 0.01, carry
    a = field(x, y)
    b = field(x + 0.5 * h * a[0], y + 0.5 * h * a[1])
    c = field(x + 0.5 * h * b[0], y + 0.5 * h * b[1])
    d = field(x + h * c[0], y + h * c[1])
    return tuple(u + h / 6.0 * (k + 2.0 * m + 2.0 * n + o) for u, k, m, n, o in zip(carry, a, b, c, d, strict=True))


def holt_step(p, carry, x):
    """Level and trend, smoothed: the squared error of the prediction before each value."""
    level, trend, total = carry
    e = x - (level + trend)
    new = p[0] * x + (1.0 - p[0]) * (level + trend)
    return new, p[1] * (new - level) + (1.0 - p[1]) * trend, total + e * e


def pendulum_step(p, carry, x):
    """A damped pendulum by the symplectic Euler method, and the squared error of its angle."""
    a, v, total = carry
    v = v + 0.01 * (-p[0] * sin(a) - p[1] * v)
    a = a + 0.01 * v
    return a, v, total + (a - x) * (a - x)


def both(step, init, tail=lambda xs: xs):
    """A program whose result is the last carry's last number: plain, and as a scan."""

    def plain(p, xs):
        carry = init(xs)
        for x in tail(xs):
            carry = step(p, carry, x)
        return carry[-1]

    def looped(p, xs):
        return scan(lambda c, x: (step(p, c, x), None), init(xs), tail(xs))[0][-1]

    return plain, looped


def lotka_volterra(steps):
    """The squared errors of ten points of a solution."""

    def errors(us, seen):
        at = [us[i * (steps // 10)] for i in range(10)]
        return autograd.sum([(u[0] - s[0]) ** 2 + (u[1] - s[1]) ** 2 for u, s in zip(at, seen, strict=True)])

    def plain(p, seen):
        u, us = (1.0, 1.0), []
        for _ in range(steps):
            us.append(u)
            u = lotka_volterra_step(p, u, None)
        return errors(us, seen)

    def looped(p, seen):
        return errors(scan(lambda u, _: (lotka_volterra_step(p, u, None), u), (1.0, 1.0), length=steps)[1], seen)

    return plain, looped


def factor(p, z):
    """By what a price changes in one of fifty steps of a year: geometric Brownian motion."""
    return exp((p[1] - 0.5 * p[2] * p[2]) / 50.0 + p[2] * math.sqrt(1.0 / 50.0) * z)


def monte_carlo_plain(p, zs):
    """The price of a call option: the mean over paths."""
    total = 0.0
    for row in zs:
        s = p[0]
        for z in row:
            s = s * factor(p, z)
        total = total + relu(s - 1.0)
    return exp(-p[1]) * total / len(zs)


def monte_carlo_looped(p, zs):
    """The same, as a map of scans."""
    ends = autograd.map(lambda row: scan(lambda s, z: (s * factor(p, z), None), p[0], row)[0], zs)
    return exp(-p[1]) * scan(lambda total, s: (total + relu(s - 1.0), None), 0.0, ends)[0] / len(zs)


def programs() -> list[Program]:
    """What is measured. The last two were written when all else was done, and nothing was tuned for them."""
    rng = random.Random(1)
    xs = [rng.gauss(0.0, 1.0) for _ in range(5_000)]
    zs = [[rng.gauss(0.0, 1.0) for _ in range(50)] for _ in range(1_000)]
    seen = [[1.0 + 0.1 * i, 1.0] for i in range(10)]
    return [
        Program("kalman", *both(kalman_step, lambda _: (0.0, 1.0, 0.0)), [0.9, 0.3, 0.5], xs[:2_000]),
        Program("garch", *both(garch_step, lambda _: (1.0, 0.0)), [0.1, 0.1, 0.8], xs),
        Program("lotka_volterra", *lotka_volterra(1_000), [0.7, 0.5, 0.3, 0.4], seen),
        Program("monte_carlo", monte_carlo_plain, monte_carlo_looped, [1.0, 0.05, 0.2], zs),
        Program("holt", *both(holt_step, lambda xs: (xs[0], 0.0, 0.0), lambda xs: xs[1:]), [0.3, 0.1], xs[:3_000], tuned=False),
        Program("pendulum", *both(pendulum_step, lambda _: (1.0, 0.0, 0.0)), [9.81, 0.2], xs[:3_000], tuned=False),
    ]


def by_hand(library: Any, program: Program) -> tuple[Callable[[], Any], Callable[[], tuple[float, list[float]]]]:
    """The call in C, and what it gives."""
    flat = [x for row in program.data for x in row] if isinstance(program.data[0], list) else program.data
    n = len(program.data) if program.name != "lotka_volterra" else 1_000
    arrays = [(ctypes.c_double * len(x))(*x) for x in (program.parameters, flat, [0.0] * len(program.parameters))]
    memory = (ctypes.c_double * (20 * 5_000))()
    function = getattr(library, program.name)
    function.restype = ctypes.c_double
    call = lambda: function(arrays[0], arrays[1], ctypes.c_long(n), arrays[2], memory)  # noqa: E731
    return call, lambda: (call(), [*arrays[2]])


def seconds(call: Callable[[], Any], times: int = 20) -> float:
    """How long one call takes, of so many."""
    start = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - start) / times


def measured(library: Any, program: Program, rounds: int) -> dict[str, float]:
    """Medians; checks that all agree."""
    args = program.parameters, program.data
    figures: dict[str, float] = {}
    compiled = {}
    for form in ("looped", "plain"):
        f = autograd.value_and_grad(getattr(program, form))
        compiled[form] = autograd.compile(f)
        start = time.perf_counter()
        found = compiled[form](*args)
        figures[f"{form}, first"] = time.perf_counter() - start
        assert found == f(*args), program.name
    call, result = by_hand(library, program)
    value, gradient = result()
    theirs = compiled["plain"](*args)
    assert math.isclose(theirs[0], value, rel_tol=1e-9), (program.name, theirs, value)
    assert all(map(lambda a, b: math.isclose(a, b, rel_tol=1e-7), theirs[1], gradient)), (program.name, theirs, gradient)
    taken: dict[str, list[float]] = {"c": [], "plain": [], "looped": []}
    for _ in range(rounds):
        taken["c"].append(seconds(call))
        for form, fast in compiled.items():
            taken[form].append(seconds(lambda fast=fast: fast(*args)))
    return figures | {name: statistics.median(xs) for name, xs in taken.items()}


def main() -> None:
    """Measure, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    os.environ["AUTOGRAD_CACHE"] = "0"
    autograd.compile(autograd.grad(lambda p: scan(lambda c, x: (c * x, None), p, [1.0, 2.0])[0]))(2.0)  # LLVM is loaded
    rows = []
    with tempfile.TemporaryDirectory() as where:
        path = os.path.join(where, "loops.so")
        flags = ["-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC"]
        subprocess.run(["gcc", *flags, os.path.join(HERE, "loops.c"), "-o", path, "-lm"], check=True)
        library = ctypes.CDLL(path)
        for program in programs():
            m = measured(library, program, options.rounds)
            name = program.name.replace("_", " ") + ("" if program.tuned else " (not tuned for)")
            rows.append([
                name, f"{m['c'] * 1e6:,.0f} µs", f"{m['looped'] / m['c']:.2f}×", f"{m['plain'] / m['c']:.2f}×",
                f"{m['looped, first']:.2f} s", f"{m['plain, first']:.2f} s",
            ])  # fmt: skip
    head = ["", "C by hand", "scan / C", "plain loops / C", "first result, scan", "first result, plain"]
    text = table(head, rows)
    print(text)
    if options.write:
        page = PAGE.format(date=time.strftime("%Y-%m-%d"), rounds=options.rounds, table=text)
        with open(os.path.join(ROOT, "docs", "loop-benchmarks.md"), "w", encoding="utf-8") as file:
            file.write(page)


if __name__ == "__main__":
    main()
