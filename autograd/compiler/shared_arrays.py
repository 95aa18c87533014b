"""Large arrays of the caller that a program reads and writes where they are, without copies.

All numbers of a program have a place in one memory. Where an executor may read and write a large array of the caller instead,
that array is a *segment*, and its places are counted from its own beginning; segment 0 is the memory.
"""

from array import array
from bisect import bisect_right
from collections.abc import Sequence

from autograd.compiler.interpreter import FUNCTIONS
from autograd.compiler.loop_finder import WITH_STRIDES, Loop, Loops

Arrays = Sequence[tuple[int, int]]
"""The first places and sizes of arrays."""


class Segments:
    """Which operands of a program stand in large arrays of the caller, and where.

    The numbers of such an array are read and written where they are. `inputs` and `outputs` are the arrays' first places and
    sizes. What goes through the table of places, or across the border of an array, needs the numbers in the program's memory:
    of an input this part is copied, too (`copied`); an output is none then.
    """

    def __init__(self, loops: Loops, inputs: Arrays, outputs: Arrays) -> None:
        self.loops = loops
        self.borders = [(0, 0), *inputs, *outputs]
        self.number = {first: i for i, (first, size) in enumerate(self.borders) if size}
        self.firsts = sorted(self.number)
        self.copied = [(loops.size, 0)] * len(self.borders)
        for place in set(loops.table) if self.number else ():
            self.through(place, place)
        for loop in loops.code if self.number else ():
            for span in spans(loop):
                if not self.segment(*span):
                    self.through(*span)
        whole = 1 + len(inputs)
        self.outputs = [i for i in range(whole, len(self.borders)) if not self.copied[i][1]]
        self.inputs = range(1, whole)

    def segment(self, low: int, high: int) -> int:
        """The segment in which these places are, or 0."""
        k = bisect_right(self.firsts, low) - 1
        if k < 0:
            return 0
        i = self.number[self.firsts[k]]
        return i if high < sum(self.borders[i]) else 0

    def usable(self, low: int, high: int) -> int:
        """The segment in which an operand at these places is read or written, or 0."""
        i = self.segment(low, high)
        return i if i <= len(self.inputs) or i in self.outputs else 0

    def through(self, low: int, high: int) -> None:
        """Note that these places are those of the program's memory."""
        for i, (first, size) in enumerate(self.borders):
            if size and low < first + size and high >= first:
                was = self.copied[i]
                self.copied[i] = min(was[0], max(low, first)), max(was[1], min(high + 1, first + size))

    def encoded(self) -> "array[int]":
        """The program as the interpreter reads it."""
        code = array("q")
        for loop in self.loops.code:
            kind, outer, inner, out, a, b, c, n, ka, kb, table = loop
            told = n or kind[-1] == "!"  # of an operation that has no n, whether its check is to be told
            places, segments = [*out, *a, *b, *c], [0, 0, 0, 0]
            if self.number:
                segments = [self.usable(*span) for span in spans(loop)]
                for k, i in enumerate(segments):
                    places[3 * k] -= self.borders[i][0]
            code.extend([FUNCTIONS[kind.rstrip("!")], outer, inner, *places, told, ka, kb, table, *segments])
        return code


def spans(loop: Loop) -> list[tuple[int, int]]:
    """The lowest and the highest place of each operand."""
    spans = []
    for (first, jump, step), n, k in zip(loop[3:7], (1, loop.n, loop.n, 1), (0, loop.ka, loop.kb, 0), strict=True):
        ends = jump * (loop.outer - 1), step * (loop.inner - 1), k * (n - 1) if loop.kind in WITH_STRIDES else 0
        spans.append((first + sum(min(x, 0) for x in ends), first + sum(max(x, 0) for x in ends)))
    return spans
