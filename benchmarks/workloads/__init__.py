"""What is measured, one module each: `measure(engine, …)` runs in the engine's own process and returns seconds and a check.

The check is a few of the numbers computed. The driver compares them between engines: who computes something else is not timed.
"""

import gc
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Seconds between laps."""

    def __init__(self):
        self.last = perf_counter()

    def lap(self):
        """Seconds since the last lap, or since the start."""
        now = perf_counter()
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
