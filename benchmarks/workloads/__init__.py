"""What is measured, one module each: `measure(engine, …)` runs in the engine's own process and returns seconds and a check.

The check is a few of the numbers computed. The driver compares them between engines: who computes something else is not timed.
"""

import gc
from contextlib import contextmanager
from time import process_time


class Stopwatch:
    """Seconds between laps, of processor time: what other programs of a shared machine take is not in it.

    All engines compute in one thread but JAX, whose other threads count too.
    """

    def __init__(self):
        self.last = process_time()

    def lap(self):
        """Seconds since the last lap, or since the start."""
        now = process_time()
        seconds, self.last = now - self.last, now
        return seconds


@contextmanager
def collector(state):
    """The garbage collector on or off, with nothing left to collect at the start."""
    gc.collect()
    (gc.enable if state == "on" else gc.disable)()
    try:
        yield
    finally:
        gc.enable()
