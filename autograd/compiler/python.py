"""The executor that needs nothing: a machine program as the source of one Python function.

Each operation is a local variable, so no object is made for it but its float. The functions are those of `math`: an operation
that fails raises an error by itself, and one in a branch that may not be taken gives NaN instead.
"""

import math
from array import array
from collections.abc import Callable, Sequence
from typing import Any

from autograd.compiler.machine import OPERATIONS, Machine
from autograd.compiler.passes import Regions

_NEVER_RAISING = {
    name: op.python.format(**{x: f"{{{k}}}" for k, x in enumerate(op.operands)}).format
    for name, op in OPERATIONS.items()
    if op.python
}
"""By kind, the expressions as functions of their operands' texts; without those that can raise an error, and with them."""
_EXPRESSIONS = _NEVER_RAISING | {"div!": _NEVER_RAISING.pop("div")}
_EXPRESSIONS["div"] = _EXPRESSIONS["div!"]


def _total(f: Callable[..., float], name: str) -> Callable[..., float]:
    """The function where it raises nothing: poles and overflow give infinity as IEEE 754 has it, the rest NaN."""

    def total(*xs: float) -> float:
        try:
            return f(*xs)
        except OverflowError:
            return math.copysign(math.inf, xs[0]) if name == "sinh" else math.inf
        except (ValueError, ArithmeticError):
            if name == "div":
                signs = math.copysign(1.0, xs[0]) * math.copysign(1.0, xs[1])
                return math.copysign(math.inf, signs) if xs[0] and xs[0] == xs[0] else math.nan
            poles = OPERATIONS[name].poles if name in OPERATIONS else {}
            return poles.get(xs[0], math.nan)

    return total


def source(machine: Machine, name: str = "run", *, total: bool = False) -> str:
    """The program as Python: a function of its inputs that returns the list of its results; if `total`, it never raises."""
    text = {i: f"({x!r})" if x == x and abs(x) < math.inf else f"float('{x}')" for i, x in machine.consts.items()}
    lines = [f"def {name}({', '.join(f'x{i}' for i in range(machine.inputs))}):"]
    expressions = _NEVER_RAISING if total else _EXPRESSIONS
    bodies = _Bodies(machine, text, lines) if machine.regions else None
    for i, (kind, args) in enumerate(zip(machine.kinds, machine.args, strict=True)):
        if kind in {"input", "const"}:
            text.setdefault(i, f"x{i}")
            continue
        if bodies is not None and bodies.write(i):
            continue
        if kind in expressions:
            y = expressions[kind](*[text[a] for a in args])
        elif kind == "dot" and bodies is not None and (run := bodies.regions.products(args)):
            bodies.sum(i, text[args[0]], run)
            continue
        elif kind == "dot":
            xs = [text[a] if a >= 0 else "" for a in args]
            y = " + ".join([xs[0], *(f"{a} * {b}" if b else a for a, b in zip(xs[1::2], xs[2::2], strict=True))])
        else:
            name_ = kind.rstrip("!?").replace(".", "_") + "_total" * (total or kind[-1] == "?")
            y = f"{name_}({', '.join([text[a] for a in args])})"
        text[i] = f"x{i}"
        lines.append(f"{' ' if bodies is None else bodies.indent}x{i} = {y}")
    results = ", ".join(f"float({text[i]})" for i in machine.outputs)
    return "\n".join([*lines, f" return [{results}]\n"])


class _Bodies:
    """Writes loops and branches; series are lists."""

    def __init__(self, machine: Machine, text: dict[int, str], lines: list[str]) -> None:
        self.machine, self.text, self.lines = machine, text, lines
        self.regions, self.indent = Regions(machine), " "

    def line(self, text: str) -> None:
        self.lines.append(self.indent + text)

    def write(self, i: int) -> bool:
        """Write what belongs to loops and branches; False for all else."""
        method = getattr(self, "write_" + self.machine.kinds[i], None)
        if method is not None:
            method(i, *self.machine.args[i])
        return method is not None

    def write_loop(self, i: int) -> None:
        end, n = self.regions.last[i], self.machine.steps[i]
        for trail in self.regions.begun.get(end, ()):
            inner, *outer = [abs(self.machine.steps[self.regions.begins[x]]) for x in self.machine.args[trail][1:]]
            self.line(
                f"x{trail} = "
                + "".join("[" for _ in outer)
                + f"[0.0] * {inner}"
                + "".join(f" for _ in range({k})]" for k in outer)
            )
        for c in self.regions.carries[end]:
            self.line(f"x{c} = {self.text[self.machine.args[c][0]]}")
        self.line(f"for k{i} in range({n}):" if n > 0 else f"for k{i} in range({-n - 1}, -1, -1):")
        self.indent += " "

    def write_carry(self, i: int, _: int) -> None:
        self.text[i] = f"x{i}"

    def write_element(self, i: int, series: int) -> None:
        self.text[i] = f"x{i}"
        self.line(f"x{i} = {self.text[series]}[k{self.regions.loop_of(i)}]")

    def write_end(self, i: int, *outs: int) -> None:
        begin, carries = self.regions.begins[i], self.regions.carries[i]
        if self.machine.kinds[begin] == "branch":
            self.side(i, 1)
        else:
            for trail in self.regions.series(i):
                x, *ends = self.machine.args[trail]
                at = "".join(f"[k{self.regions.begins[end]}]" for end in reversed(ends))
                self.line(f"x{trail}{at} = {self.text[x]}")
            if outs:
                self.line(f"{', '.join(f'x{c}' for c in carries)} = {', '.join([self.text[x] for x in outs])}")
        self.line("pass")
        self.indent = self.indent[:-1]

    def write_final(self, i: int, carry: int, _: int) -> None:
        self.text[i] = f"x{carry}"

    def write_trail(self, i: int, *_: int) -> None:
        self.text[i] = f"x{i}"

    def write_row(self, i: int, series: int) -> None:
        self.write_element(i, series)

    def write_branch(self, _: int, condition: int) -> None:
        self.line(f"if {self.text[condition]}:")
        self.indent += " "

    def side(self, end: int, k: int) -> None:
        """What a side of a branch gives."""
        for x in self.regions.asked.get(end, ()):
            self.line(f"x{x} = {self.text[self.machine.args[x][k]]}")

    def write_else(self, i: int) -> None:
        self.side(self.regions.last[self.regions.home[i]], 0)
        self.line("pass")
        self.indent = self.indent[:-1]
        self.line("else:")
        self.indent += " "

    def write_merge(self, i: int, *_: int) -> None:
        self.text[i] = f"x{i}"

    def write_stack(self, i: int, *xs: int) -> None:
        self.text[i] = f"x{i}"
        same = len({*xs}) == 1 and len(xs) > 1
        self.line(f"x{i} = [{self.text[xs[0]]}] * {len(xs)}" if same else f"x{i} = [{', '.join([self.text[x] for x in xs])}]")

    def write_item(self, i: int, series: int, k: int) -> None:
        self.text[i] = f"{self.text[series]}[{int(self.machine.consts[k])}]"

    def sum(self, i: int, start: str, run: tuple[int, int, int, int, int]) -> None:
        """Write a dot over entries of series as a loop."""
        a, first, b, second, n = run
        self.text[i] = f"x{i}"
        self.line(f"x{i} = {start}")
        factor = "" if b < 0 else f" * {self.text[b]}[k + {second}]"
        self.line(f"for k in range({n}): x{i} = x{i} + {self.text[a]}[k + {first}]{factor}")

    def write_shift(self, i: int, first: int, series: int, back: int) -> None:
        self.text[i] = f"x{i}"
        new, rest = f"[{self.text[first]}]", self.text[series]
        self.line(f"x{i} = {new} + {rest}[:-1]" if self.machine.consts[back] > 0 else f"x{i} = {rest}[1:] + {new}")


def _space(functions: dict[str, Callable[..., float]]) -> dict[str, Any]:
    space = {name.replace(".", "_"): f for name, f in functions.items()}
    return space | {f"{name}_total": _total(f, name) for name, f in space.items()}


_FUNCTIONS = _space({name: op.function for name, op in OPERATIONS.items()})


class PythonMemory:
    """Where one call's numbers are: `view[:inputs]`, and from `out` on the results."""

    def __init__(self, size: int) -> None:
        self.view: Any = memoryview(array("d", bytes(8 * size)))


class PythonExecutor:
    """Runs a machine program in Python."""

    name = "python"
    borders = copied = outputs = ()  # it has no segments

    def __init__(self, machine: Machine) -> None:
        self.machine, self.space = machine, _FUNCTIONS | _space(machine.functions)
        self.function = self.compiled(total=False)
        self.inputs, self.out = machine.inputs, machine.inputs
        self.size = machine.inputs + len(machine.outputs)

    def compiled(self, *, total: bool) -> Callable[..., list[float]]:
        """The program as a function; if `total`, as one that never raises."""
        text = source(self.machine, total=total)
        exec(compile(text, "<compiled function>", "exec"), self.space)  # noqa: S102 - from our own emitter
        function: Callable[..., list[float]] = self.space["run"]
        return function

    def memory(self) -> PythonMemory:
        """Fresh memory for one call at a time."""
        return PythonMemory(self.size)

    def run(self, memory: PythonMemory, times: int, state: int) -> bool:
        """Run it that many times, the first `state` results becoming inputs of the next; False if a check failed."""
        view = memory.view
        xs: list[float] = view[: self.inputs].tolist()
        sure = True
        try:
            ys = self.loop(self.function, xs, times, state)
        except (ValueError, ArithmeticError):
            sure = False  # for those who want the numbers all the same:
            ys = self.loop(self.compiled(total=True), xs, times, state)
        view[self.out :] = array("d", ys)
        return sure and all(map(math.isfinite, ys))

    def loop(self, function: Callable[..., list[float]], xs: Sequence[float], times: int, state: int) -> list[float]:
        """The results of the last of so many rounds."""
        ys, xs = [], [*xs]
        for _ in range(times):
            ys = function(*xs)
            xs[:state] = ys[:state]
        return ys
