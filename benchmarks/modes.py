"""What a mode costs: nanoseconds an operation while it is active, beside recording in no mode.

    python -m benchmarks.modes                            # the engine that runs; AUTOGRAD_PURE_PYTHON=1 for the one in Python

Processor time of a chain of products, sums and tanh, forward only, medians of interleaved rounds. The network is one call of
`nn.MLP(64, [32, 10])` for each of 100 rows, in microseconds a row.
"""

import random
import statistics
import time
from contextlib import nullcontext

import autograd
import nn
from autograd import Value, detect_anomaly, no_grad, scope

MODES = {"no mode": nullcontext, "no_grad": no_grad, "scope": lambda: scope("a"), "detect_anomaly": detect_anomaly}
OPERATIONS, ROWS, ROUNDS = 3_000, 100, 9


def chain():
    """The operations."""
    x, w = Value(0.5), Value(0.3)
    y = x
    for _ in range(OPERATIONS // 3):
        y = (y * w + x).tanh()


def main():
    """Print the table."""
    model, rng = nn.MLP(64, [32, 10], seed=1), random.Random(0)
    rows = [[rng.random() for _ in range(64)] for _ in range(ROWS)]
    work = {"chain": (chain, OPERATIONS, 1e9), "network": (lambda: [model(row) for row in rows], ROWS, 1e6)}
    print(f"engine: {autograd.engine}\n\n| mode | an operation, ns | a row through the network, µs |\n|---|---|---|")
    times = {(name, mode): [] for name in work for mode in MODES}
    for _ in range(ROUNDS):
        for name, (f, n, unit) in work.items():
            for mode, block in MODES.items():
                with block():
                    start = time.process_time()
                    f()
                    times[name, mode].append((time.process_time() - start) / n * unit)
    for mode in MODES:
        print(f"| {mode} | {statistics.median(times['chain', mode]):.0f} | {statistics.median(times['network', mode]):.1f} |")


if __name__ == "__main__":
    main()
