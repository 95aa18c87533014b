"""The pure-Python engine against micrograd: nanoseconds per node, forward and backward, in one interleaved run.

    python -m benchmarks.pure_python

Installs micrograd 0.1.0 into benchmarks/.peers on the first run. Two measurements: with the garbage collector off, and
with it on at 200,000 live nodes, where micrograd's three containers per node make each collection long. Ratios are what
to quote; the absolute times are of one machine.
"""

import gc
import math
import random
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

PEERS = Path(__file__).parent / ".peers"


def micrograd_engine():
    """The `Value` of micrograd as published, with an `exp` written as its own operations are."""
    if not (PEERS / "micrograd").exists():
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(PEERS), "micrograd==0.1.0"], check=True
        )
    sys.path.append(str(PEERS))
    from micrograd.engine import Value

    def exp(x):
        y = Value(math.exp(x.data), (x,), "exp")

        def _backward():
            x.grad += y.data * y.grad

        y._backward = _backward
        return y

    return Value, exp


def our_engine():
    """`Value` and `exp` of this library."""
    import autograd

    return autograd.Value, autograd.exp


def chain(value, exp, n):
    """`n` nodes of mixed + × exp over ten shared leaves."""
    rng = random.Random(0)
    xs = [value(rng.uniform(-1, 1)) for _ in range(10)]
    y = xs[0]
    for i in range(0, n, 4):
        y = exp((xs[i % 10] * y + xs[(i + 3) % 10]) * -0.1)
    return y


def measure(engines, n, repeats):
    """Median (forward, backward) ns per node of each engine, the engines taking turns."""
    times = {name: [] for name in engines}
    for _ in range(repeats):
        for name, (value, exp) in engines.items():
            gc.collect()
            start = time.perf_counter()
            y = chain(value, exp, n)
            middle = time.perf_counter()
            y.backward()
            end = time.perf_counter()
            del y
            times[name].append(((middle - start) / n * 1e9, (end - middle) / n * 1e9))
    return {name: tuple(map(statistics.median, zip(*pairs, strict=True))) for name, pairs in times.items()}


def report(n=200_000):
    """Print both tables."""
    engines = {"micrograd": micrograd_engine(), "autograd (pure Python)": our_engine()}
    for collector, repeats, goal in (("off", 5, 2.5), ("on", 3, 12.0)):
        (gc.enable if collector == "on" else gc.disable)()
        rows = measure(engines, n, repeats)
        gc.enable()
        print(f"\ngarbage collector {collector}, {n:,} nodes; ns per node, median of {repeats}")
        for name, (forward, backward) in rows.items():
            print(f"  {name:24}{forward:8.0f} forward {backward:8.0f} backward {forward + backward:8.0f} together")
        theirs, ours = (sum(rows[name]) for name in engines)
        print(f"  ratio {theirs / ours:.1f} (goal: at least {goal})")


if __name__ == "__main__":
    # micrograd recurses over the graph: give it the stack.
    sys.setrecursionlimit(10**7)
    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=report)
    thread.start()
    thread.join()
