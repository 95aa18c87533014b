"""The executor of large programs: their loops are interpreted at first, and compiled to machine code once that pays.

A program whose loops have been interpreted for as long as compiling them would take gets them compiled. Whatever follows, that
costs at most twice what the better choice would have.
"""

from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import perf_counter
from typing import Any

from autograd.compiler import interpreter, native_loops
from autograd.compiler.loop_finder import find_loops
from autograd.compiler.machine import Machine
from autograd.compiler.native import NativeMemory, in_pieces
from autograd.compiler.shared_arrays import Arrays, Segments

COMPILE_SECONDS_PER_LOOP = 0.004
"""About how long it takes to compile a loop."""
MAX_COMPILED_LOOPS = 600
"""Programs with more loops than this are never compiled; the interpreter keeps running them."""


class LoopMemory(NativeMemory):
    """Memory, and where the segments are: at first, all of them in it."""

    def __init__(self, size: int, numbers: Sequence[tuple[int, float]], header: Sequence[int], borders: Arrays) -> None:
        super().__init__(size, numbers)
        self.here = array("q", [self.address + 8 * first for first, _ in borders])
        self.block = array("q", header) + self.here
        self.segments: Any = memoryview(self.block)[len(header) :]
        self.where = self.block.buffer_info()[0]
        self.made: dict[int, Any] = {}
        self.read: list[Any] = []  # the caller's arrays, which must live as long as the call

    def reset(self) -> None:
        """Forget the caller's arrays."""
        self.segments[:] = self.here
        self.made.clear()
        self.read.clear()


class LoopExecutor:
    """Interprets a machine program's loops, or runs them `compiled`; by default, it compiles them once that pays."""

    name = "kernel"

    def __init__(self, machine: Machine, inputs: Arrays = (), outputs: Arrays = (), *, compiled: bool | None = None) -> None:
        self.function: Callable[[Any], int] = interpreter.library().function(interpreter.FUNCTION)
        loops = find_loops(machine)
        self.out, self.size, self.numbers = loops.inputs, loops.size, loops.numbers
        self.segments = segments = Segments(loops, inputs, outputs)
        self.borders, self.copied, self.outputs = segments.borders, segments.copied, segments.outputs
        checks = array("q")
        at, end = self.out, self.out + loops.outputs
        for i in self.outputs:
            first, size = self.borders[i]
            checks.extend([0, at, first - at, i, 0, size] if first > at else [i, 0, size])
            at = first + size
        if at < end or not checks:
            checks.extend([0, at, end - at] if at < end else [0, self.size, 1])
        self.data = segments.encoded(), loops.table, checks
        n = len(checks) // 3
        for data in self.data:
            data.append(0)  # an empty one has no address
        code, table, checks_ = (data.buffer_info()[0] for data in self.data)
        self.header = [1, 0, code, len(loops.code), table, self.out, checks_, n]
        # Seconds that the loops are still to be interpreted; at 0 they are compiled.
        self.patience = (
            COMPILE_SECONDS_PER_LOOP * len(loops.code) if compiled is None and len(loops.code) <= MAX_COMPILED_LOOPS else 0.0
        )
        self.rounds = 1  # how many rounds are run before the time left is looked at again
        self.claims = [True]  # one token: the thread that pops it compiles
        if compiled:
            self.compile()

    def compile(self) -> None:
        """Put machine code of the program's own in the interpreter's place."""
        self.patience = 0.0
        self.function = native_loops.function(self.segments)
        self.name = "rolled"

    def claim(self) -> bool:
        """Whether this thread is the one to compile."""
        try:
            return self.claims.pop()
        except IndexError:
            return False

    def memory(self) -> LoopMemory:
        """Fresh memory for one call at a time, with the constants in it."""
        return LoopMemory(self.size + 1, self.numbers, self.header, self.borders)

    def run(self, memory: LoopMemory, times: int, state: int) -> bool:
        """Run it that many times, the first `state` results becoming inputs of the next; False if a check failed."""
        block, bad = memory.block, 0
        block[1] = state
        while self.patience > 0.0:
            block[0] = rounds = min(times, self.rounds)
            start = perf_counter()
            bad |= self.function(memory.where)
            taken = perf_counter() - start
            self.patience = max(self.patience - taken, 0.0)
            self.rounds = int(self.patience / max(taken, 1e-7) * rounds) + 1
            if not self.patience and self.claims and self.claim():
                with suppress(RuntimeError):  # the interpreter goes on
                    self.compile()
            times -= rounds
            if not times:
                return not bad
            memory.view[:state] = memory.view[self.out : self.out + state]

        def rounds_of(n: int) -> int:
            block[0] = n
            return self.function(memory.where)

        return in_pieces(rounds_of, memory.view, times, state, self.out) and not bad
