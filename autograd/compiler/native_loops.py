"""A program's loops as machine code of their own: what the interpreter does for any program, compiled for one.

Loops over the same counters become one loop (*fusion*), if what one of them reads of another it reads in the same round. A
number that only its own loop needs then never reaches memory, and LLVM sees steps, lengths and constants as they are. Each
place is written by one loop only, so comparing places is all the analysis that fusion needs.

    for i in 999: v[a+i] = v[x+i] · v[x+i]
    for i in 999: v[b+i] = v[x+i+1] − v[a+i]        is        for i in 999: v[b+i] = v[x+i+1] − v[x+i] · v[x+i]

Long sums, searches and tables stay calls of the interpreter, whose code for them is as good as any.
"""

from bisect import bisect_left
from collections.abc import Callable
from typing import Any, NamedTuple

from autograd.compiler import interpreter
from autograd.compiler.interpreter import CALLS, INSTRUCTION_SIZE, not_finite
from autograd.compiler.llvm import DECLARATIONS, Writer, hexadecimal, machine_code
from autograd.compiler.loop_finder import Loop, Steps
from autograd.compiler.machine import OPERATIONS
from autograd.compiler.shared_arrays import Segments, spans

MAX_UNROLLED_TERMS = 16
"""Dots with at most this many products are written out in their loop; longer ones are calls of the interpreter."""
MAX_FUSED_LOOPS = 64
"""How many loops may become one."""

_NOTES = 10  # numbers below are those of the interpreter's notes to LLVM


class _Flat(NamedTuple):
    """A loop of one operation: its counters, and where result and operands stand; one counter, if nothing needs two."""

    outer: int
    inner: int
    out: Steps
    operands: tuple[Steps, ...]

    def span(self, steps: Steps) -> tuple[int, int]:
        """The lowest and the highest place of an operand."""
        first, jump, step = steps
        ends = jump * (self.outer - 1), step * (self.inner - 1)
        return first + sum(min(x, 0) for x in ends), first + sum(max(x, 0) for x in ends)


def _flat(loop: Loop) -> _Flat | None:
    """The loop, if it is compiled: of one operation, or of a sum of few products."""
    kind, outer, inner = loop.kind.rstrip("!"), loop.outer, loop.inner
    if kind == "dot" and loop.n <= MAX_UNROLLED_TERMS:
        factors = [(x[0] + k * step, *x[1:]) for k in range(loop.n) for x, step in ((loop.a, loop.ka), (loop.b, loop.kb))]
        steps = [loop.out, loop.c, *factors]
    elif kind in CALLS:
        return None
    else:
        steps = [loop.out, loop.a, loop.b, loop.c][: 1 + len(OPERATIONS[kind].operands)]
    if outer == 1 or all(jump == step * inner for _, jump, step in steps):
        outer, inner, steps = 1, outer * inner, [(first, 0, step) for first, _, step in steps]
    return _Flat(outer, inner, steps[0], tuple(steps[1:]))


class _Nest:
    """Loops over the same counters, which run as one; or a single one, if it calls a function."""

    def __init__(self, i: int, flat: _Flat | None, *, calls: bool) -> None:
        self.members = [i]
        self.shape = None if flat is None or calls else flat[:2]

    def takes(self, flat: _Flat) -> bool:
        """Whether a loop over these counters may join."""
        return self.shape == flat[:2] and len(self.members) < MAX_FUSED_LOOPS


class _Fusion:
    """The nests of a program, in an order in which each reads only what is there, and which results others need."""

    def __init__(self, segments: Segments) -> None:
        loops = segments.loops
        self.code, self.segments = loops.code, segments
        self.spans = [spans(loop) for loop in loops.code]
        self.flat = [_flat(loop) for loop in loops.code]
        self.nests: list[_Nest] = []
        self.at: list[int] = []  # the nest of each loop
        self.needed: set[int] = set()  # loops whose result is read outside of their nest
        looked_up = sorted({*loops.table})
        for i, ((low, high), *_) in enumerate(self.spans):
            k = bisect_left(looked_up, low)
            result = low < loops.inputs + loops.outputs and high >= loops.inputs
            if result or (k < len(looked_up) and looked_up[k] <= high):
                self.needed.add(i)
            self.add(i)

    def add(self, i: int) -> None:
        """Put a loop into the first nest that has its counters and comes late enough, or into a new one."""
        flat, kind = self.flat[i], self.code[i].kind.rstrip("!")
        calls = flat is None or OPERATIONS[kind].calls in {"libm", "python"}
        reads = self.spans[i][1:] if flat is None else [flat.span(steps) for steps in flat.operands]
        sources: set[int] = set()
        earliest = len(self.nests) if kind in {"gather", "take"} else 0  # these may read anything
        for k, (low, high) in enumerate(reads):
            for j in range(i):
                first, last = self.spans[j][0]
                if low <= last and high >= first:
                    other = self.flat[j]
                    same = flat is not None and other is not None and flat.operands[k] == other.out and flat[:2] == other[:2]
                    earliest = max(earliest, self.at[j] + (not same))
                    sources.add(j)
        place = len(self.nests)
        if flat is not None and not calls:
            fitting = (
                n
                for n in range(earliest, place)
                if self.nests[n].shape == flat[:2] and len(self.nests[n].members) < MAX_FUSED_LOOPS
            )
            place = next(fitting, place)
        if place == len(self.nests):
            self.nests.append(_Nest(i, flat, calls=calls))
        else:
            self.nests[place].members.append(i)
        self.at.append(place)
        self.needed.update(j for j in sources if self.at[j] != place)


class _NestWriter(Writer):
    """The function of one nest, which tells if a check failed."""

    def __init__(self, fusion: _Fusion, number: int) -> None:
        super().__init__()
        self.fusion, self.nest = fusion, number
        self.group = _NOTES + 2 * number
        self.constants = dict(fusion.segments.loops.numbers)
        self.known: dict[Steps, str] = {}  # by where they stand, the numbers that this round has already
        self.bases: dict[int, str] = {}

    def pointer(self, flat: _Flat, steps: Steps) -> str:
        """The address of a number in this round."""
        segments = self.fusion.segments
        i = segments.usable(*flat.span(steps))
        base = self.bases.setdefault(i, f"%base{i}")
        (first, jump, step), p = steps, f"%at{len(self.lines)}"
        self.lines.append(
            f" {p}.j = mul nsw i64 %j, {jump}\n {p}.i = mul nsw i64 %i, {step}\n {p}.s = add nsw i64 {p}.j, {p}.i\n"
            f" {p}.k = add nsw i64 {p}.s, {first - segments.borders[i][0]}\n"
            f" {p} = getelementptr inbounds double, ptr {base}, i64 {p}.k\n"
        )
        return p

    def operand(self, flat: _Flat, steps: Steps) -> str:
        """A number to compute with: known, a constant, or loaded."""
        if steps not in self.known:
            first, jump, step = steps
            if jump == step == 0 and first in self.constants:
                self.known[steps] = hexadecimal(self.constants[first])
            else:
                load = f"load double, ptr {self.pointer(flat, steps)}, align 8, !llvm.access.group !{self.group}"
                self.known[steps] = self.new(load)
        return self.known[steps]

    def result(self, kind: str, operands: list[str]) -> str:
        """The result of one operation, or of one dot."""
        if kind != "dot":
            return self.of_numbers(kind, operands)
        total, *factors = operands
        for x, y in zip(factors[::2], factors[1::2], strict=True):
            total = self.operation("add", (total, self.operation("mul", (x, y))))
        return total

    def text(self) -> str:
        """The function, and a note that its rounds do not depend on each other."""
        fusion, bad, outer, inner = self.fusion, "%bad", 1, 1
        for i in fusion.nests[self.nest].members:
            flat, kind = fusion.flat[i], fusion.code[i].kind.rstrip("!")
            if flat is None:
                continue
            outer, inner = flat.outer, flat.inner
            result = self.known[flat.out] = self.result(kind, [self.operand(flat, steps) for steps in flat.operands])
            if i in fusion.needed and kind != "check":
                p = self.pointer(flat, flat.out)
                self.lines.append(f" store double {result}, ptr {p}, align 8, !llvm.access.group !{self.group}\n")
            if fusion.code[i].kind[-1] == "!":
                self.lines.append(not_finite(result, f"off{i}"))
                bad = self.new(f"or i64 {bad}, %off{i}")
        body = "".join(self.lines) + f" %bad.next = or i64 {bad}, 0\n"
        carried = " %{} = phi i64 [{}, %{}.head], [%bad.next, %{}.latch]\n".format
        rounds = interpreter.loop("i", str(inner), body, carried=carried("bad", "%worse", "i", "i"), note=self.group + 1)
        nest = interpreter.loop("j", str(outer), rounds, carried=carried("worse", "0", "j", "j"), note=None)
        bases = "".join(
            f" {name}.p = getelementptr ptr, ptr %segments, i64 {i}\n {name} = load ptr, ptr {name}.p\n"
            for i, name in self.bases.items()
        )
        return (
            f"define internal i64 @nest{self.nest}(ptr %segments) noinline {{\nentry:\n{bases}{nest} ret i64 %bad.next\n}}\n"
            f"!{self.group} = distinct !{{}}\n"
            f'!{self.group + 1} = distinct !{{!{self.group + 1}, !{{!"llvm.loop.parallel_accesses", !{self.group}}}}}\n'
        )


def text(segments: Segments) -> str:
    """The program in LLVM's language; `run(block)` is that of the interpreter."""
    fusion = _Fusion(segments)
    parts = [DECLARATIONS, *(f"declare i64 @{name}(ptr, ptr, ptr)\n" for name in CALLS)]
    program, told = "", "%sofar"
    for n, nest in enumerate(fusion.nests):
        i = nest.members[0]
        if fusion.flat[i] is None:
            kind = fusion.code[i].kind.rstrip("!")
            program += f" %instruction{n} = getelementptr i64, ptr %code, i64 {INSTRUCTION_SIZE * i}\n"
            program += f" %now{n} = call i64 @{kind}(ptr %segments, ptr %instruction{n}, ptr %tab)\n"
        else:
            parts.append(_NestWriter(fusion, n).text())
            program += f" %now{n} = call i64 @nest{n}(ptr %segments)\n"
        program += f" %told{n} = or i64 {told}, %now{n}\n"
        told = f"%told{n}"
    return "".join([*parts, interpreter.run_text(f"{program} %all.next = or i64 {told}, 0\n")])


def function(segments: Segments) -> Callable[[Any], int]:
    """The program as machine code, in the interpreter's place."""
    addresses = interpreter.library().addresses
    code = machine_code(text(segments), 2, passes=True, symbols={name: addresses[name] for name in CALLS})
    function: Callable[[Any], int] = code.function(interpreter.FUNCTION)
    return function
