"""The native executor: every operation of a small program one instruction, the loop of `repeat` around them.

A large block of straight code is slow to compile, so this serves programs of up to `MAX_OPERATIONS`; see `loop_executor`.
"""

import ctypes
import math
from array import array
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any

from autograd.compiler.bodies_in_llvm import Bodies
from autograd.compiler.llvm import DECLARATIONS, OF_NUMBERS, Writer, hexadecimal, load, machine_code
from autograd.compiler.machine import OF_BODIES, OPERATIONS, Machine

MAX_OPERATIONS = 2_000
"""How many operations straight code may have, without loops."""
PIECE = 0.03
"""For about how many seconds machine code runs without a look at interrupts, in `repeat`."""
MAX_OPTIMISED = 60_000
"""Programs of more lines are compiled as they are, in a quarter of the time."""

_ONE, _INFINITY, _MINUS_ZERO = map(hexadecimal, (1.0, math.inf, -0.0))


class _StraightCode(Writer):
    """The instructions of a program; `names` are those of its numbers, `conditions` those of conditions, by place."""

    def __init__(self, machine: Machine) -> None:
        super().__init__()
        self.machine = machine
        self.names: list[str] = [""] * len(machine.kinds)
        self.conditions: dict[int, str] = {}
        self.alarms: list[str] = []
        self.block = "entry"  # the label of the block that is being written
        self.bodies = Bodies(self) if machine.regions else None

    def number_at(self, i: int) -> str:
        name = self.names[i]
        if not name:
            if i in self.conditions:
                name = self.names[i] = self.number(self.conditions[i])
            else:
                name = self.names[i] = self.bodies.item(i)  # type: ignore[union-attr]
        return name

    def condition_at(self, i: int) -> str:
        if i not in self.conditions:
            self.conditions[i] = self.condition(self.number_at(i))
        return self.conditions[i]

    def check(self, x: str) -> None:
        size = self.new(f"call double @llvm.fabs.f64(double {x})")
        self.alarms.append(self.new(f"fcmp uge double {size}, {_INFINITY}"))

    def any_alarm(self, start: str) -> str:
        for alarm in self.alarms:
            start = self.new(f"or i1 {start}, {alarm}")
        self.alarms = []
        return start

    def write(self, i: int) -> None:
        """The operation at this place of the program."""
        kind, args = self.machine.kinds[i], self.machine.args[i]
        base = kind.rstrip("!?")
        names = self.names
        if base == "check":
            self.check(self.number_at(args[0]))
            return
        if base in OF_BODIES:
            self.bodies.write(i)  # type: ignore[union-attr]
            return
        if base in OF_NUMBERS:
            y = self.operation(base, [names[a] or self.number_at(a) for a in args])
        elif base == "dot" and self.bodies is not None and (run := self.bodies.regions.products(args)):
            y = self.bodies.sum(self.number_at(args[0]), run)
        elif not (op := OPERATIONS[base]).llvm:
            y = getattr(self, base)(*[(names[a] or self.number_at(a)) if a >= 0 else _ONE for a in args])
        else:
            kinds = zip(op.operands, args, strict=True)
            y = self.operation(base, [self.condition_at(a) if x in "cd" else self.number_at(a) for x, a in kinds])
            if op.condition:
                self.conditions[i] = y
                return
        names[i] = y
        if kind[-1] == "!" and base != "take":
            self.check(y)

    def take(self, index: str, *table: str) -> str:
        y, found = table[0], "false"
        for k, x in enumerate(table):
            here = self.new(f"fcmp oeq double {index}, {hexadecimal(float(k))}")
            y = self.new(f"select i1 {here}, double {x}, double {y}")
            found = self.new(f"or i1 {found}, {here}")
        self.alarms.append(self.new(f"xor i1 {found}, true"))
        return y

    def dot(self, start: str, *factors: str) -> str:
        y = start
        for a, b in zip(factors[::2], factors[1::2], strict=True):
            product = a if b == _ONE else b if a == _ONE else self.operation("mul", (a, b))
            y = product if y == _MINUS_ZERO else self.operation("add", (y, product))
        return y

    def largest(self, y: str, *xs: str) -> str:
        for x in xs:
            y = self.operation("max", (y, x))
        return y


def straight(machine: Machine, state: int) -> tuple[str, Bodies | None]:
    """The program as LLVM's language, and what wrote its loops, if it has any: `run(v, times)` returns whether a check failed.

    Inputs are v[0], v[1], …, behind them the results; the first `state` results are inputs of the next round.
    """
    e = _StraightCode(machine)
    n, loop = machine.inputs, state > 0
    for i, x in machine.consts.items():
        e.names[i] = hexadecimal(x)
    for i in range(n) if e.bodies is None else e.bodies.inputs:
        pointer = e.new(f"getelementptr double, ptr %v, i64 {i}")
        e.names[i] = e.new(f"load double, ptr {pointer}")
    first: list[str] = []
    loaded = e.names[:state]
    if loop:
        e.block = "again"
        if e.bodies is None:  # the state stays in registers
            first, e.lines = e.lines, []
            e.names[:state] = [f"%s{i}" for i in range(state)]
    for i, kind in enumerate(machine.kinds):
        if kind not in {"input", "const"}:
            e.write(i)
    runs = {} if e.bodies is None else e.bodies.runs(machine.outputs)
    results = {k: e.number_at(i) for k, i in enumerate(machine.outputs) if k not in runs}
    for k in range(len(machine.outputs)):
        if (run := runs.get(k)) and e.bodies is not None:
            e.bodies.copy(run, n + k)
        elif k in results:
            pointer = e.new(f"getelementptr double, ptr %v, i64 {n + k}")
            e.lines.append(f" store double {results[k]}, ptr {pointer}\n")
    bad = e.any_alarm("%bad" if loop else "false")
    if loop:
        phis = "".join(
            f" %s{i} = phi double [{x}, %entry], [{results[i]}, %{e.block}]\n" for i, x in enumerate(loaded) if e.bodies is None
        )
        e.lines.insert(
            0,
            f" br label %again\nagain:\n %k = phi i64 [0, %entry], [%next, %{e.block}]\n{phis}"
            f" %bad = phi i1 [false, %entry], [{bad}, %{e.block}]\n",
        )
        if e.bodies is not None:  # the state is read where arguments stand
            pointer = e.new(f"getelementptr double, ptr %v, i64 {n}")
            e.lines.append(f" call void @llvm.memmove.p0.p0.i64(ptr %v, ptr {pointer}, i64 {8 * state}, i1 false)\n")
        e.lines.append(" %next = add i64 %k, 1\n %more = icmp ult i64 %next, %times\n"
                       " br i1 %more, label %again, label %done\ndone:\n")  # fmt: skip
    for result in results.values():
        e.check(result)
    bad = e.any_alarm(bad)
    head = [DECLARATIONS, "declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)\n"]
    head.append("define i64 @run(ptr noalias %v, i64 %times) {\nentry:\n")
    text = "".join([*head, *first, *e.lines, f" %result = zext i1 {bad} to i64\n ret i64 %result\n}}\n"])
    return text, e.bodies


def in_pieces(run: Callable[[int], int], view: Any, times: int, state: int, out: int) -> bool:
    """Run so many rounds, in calls of at most about `PIECE` seconds, between which an interrupt is seen; False on an alarm."""
    bad, rounds = 0, 1
    while times > rounds:
        start = perf_counter()
        bad |= run(rounds)
        times -= rounds
        view[:state] = view[out : out + state]
        rounds = min(max(int(rounds * PIECE / max(perf_counter() - start, 1e-7)), 1), 1_000 * rounds)
    return not (run(times) | bad)


class NativeMemory:
    """Where one call's numbers are, and its address."""

    __slots__ = ("address", "keep", "view")

    def __init__(self, size: int, numbers: Sequence[tuple[int, float]] = ()) -> None:
        self.keep = array("d", bytes(8 * size))
        for i, x in numbers:
            self.keep[i] = x
        self.view: Any = memoryview(self.keep)
        self.address = self.keep.buffer_info()[0]


class NativeExecutor:
    """Runs a machine program as straight code; one version for single calls, one with the loop of `repeat`."""

    name = "native"
    borders = copied = outputs = ()  # it has no segments

    def __init__(self, machine: Machine) -> None:
        self.machine, self.out = machine, machine.inputs
        self.size = machine.inputs + len(machine.outputs)
        self.numbers: list[tuple[int, float]] = []
        self.functions: dict[int, Any] = {}
        load()
        if machine.regions:
            self.function(0)

    def function(self, state: int) -> Any:
        """Machine code in which the first `state` results become inputs of the next round."""
        text, bodies = straight(self.machine, state)
        if bodies is not None:
            self.size, self.numbers = bodies.size, bodies.numbers
        kind = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64)
        level = 0 if text.count("\n") > MAX_OPTIMISED else 2
        function = self.functions[state] = machine_code(text, level).function(kind)
        return function

    def memory(self) -> NativeMemory:
        """Fresh memory for one call at a time."""
        return NativeMemory(self.size, self.numbers)

    def run(self, memory: NativeMemory, times: int, state: int) -> bool:
        """Run it that many times, the first `state` results becoming inputs of the next; False if a check failed."""
        function = self.functions.get(state) or self.function(state)
        if times == 1:
            return not function(memory.address, 1)
        return in_pieces(lambda rounds: function(memory.address, rounds), memory.view, times, state, self.out)
