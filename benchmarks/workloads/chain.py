"""Nanoseconds and bytes a node: one long graph of +, × and exp over ten leaves.

    y ← y + exp(a · y) · 0.00001

a goes round the leaves. Each step is four nodes, one of them with a constant, as programs have them. Its derivative ∂y/∂y is
close to 1, and so adjoints neither vanish nor overflow however long the chain: one whose adjoint underflows to 0 would time a
sweep that has nothing to do.
"""

import random
from itertools import cycle, islice

from benchmarks.engines import load
from benchmarks.workloads import Stopwatch, collector


def leaves():
    """Ten small numbers."""
    rng = random.Random(0)
    return [rng.uniform(-0.001, 0.001) for _ in range(10)]


def program(n):
    """The function of ten leaves that takes n nodes."""

    def f(xs, exp):
        y = xs[0]
        for a in islice(cycle(xs), n // 4):
            y = y + exp(a * y) * 0.00001
        return y

    return f


def record(engine, n):
    """(y, sweep) of the chain of n nodes."""
    module, numbers = load(engine), leaves()
    return module.chain(n, numbers) if hasattr(module, "chain") else module.record(program(n), numbers)


def measure(engine, n, state):
    """Nanoseconds a node, forward and backward, with the collector on or off; the check is the value and the gradient."""
    with collector(state):
        watch = Stopwatch()
        y, sweep = record(engine, n)
        forward = watch.lap()
        gradient = sweep() if sweep else []
        backward = watch.lap()
        del sweep
    return {"forward": forward / n * 1e9, "backward": backward / n * 1e9, "check": [y, *gradient]}


def memory(engine, n):
    """Bytes a node: how much the process has grown, in pages that are in memory, while the graph is alive.

    To be asked of a new process, which has no free memory of its own to build the graph in.
    """
    record(engine, 400)
    before = resident()
    kept = record(engine, n)
    bytes_ = resident() - before
    del kept
    return {"bytes": bytes_ / n}


def resident():
    """Bytes of this process that are in memory."""
    with open("/proc/self/statm", encoding="ascii") as statm:
        pages = int(statm.read().split()[1])
    return pages * 4096
