"""Seconds and bytes against the number of nodes, from 10² to 10⁷: is it a straight line?"""

from benchmarks.engines import load
from benchmarks.workloads import Stopwatch, collector
from benchmarks.workloads.chain import leaves, program, resident


def measure(engine, n):
    """Seconds of forward and backward together, in one graph of n nodes; small graphs are repeated up to 10⁵ nodes."""
    module, times = load(engine), max(1, 100_000 // n)
    f, numbers = program(n), leaves()
    with collector("off"):
        watch = Stopwatch()
        for _ in range(times):
            _, sweep = module.record(f, numbers)
            sweep()
            del sweep
        seconds = watch.lap() / times
    return {"seconds": seconds}


def memory(engine, n):
    """Bytes that the graph takes, of a new process."""
    module = load(engine)
    module.record(program(100), leaves())
    before = resident()
    kept = module.record(program(n), leaves())
    bytes_ = resident() - before
    del kept
    return {"bytes": bytes_}
