"""The executor that needs nothing: a machine program as the source of one Python function.

Locals in place of nodes are what makes it quick: no object is made for an operation but its float. The functions are those of
`math`, so an operation that can fail raises by itself; one in a branch that may not be taken gives NaN instead.
"""

import math
from array import array
from collections.abc import Callable
from typing import Any

from autograd.compiler.lower import MACHINE, Machine

_INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!=",
          "and": "and", "or": "or"}  # fmt: skip


class UnsureError(ArithmeticError):
    """A check failed: only eager knows what is to happen."""


def _take(index: float, *table: float) -> float:
    if not 0.0 <= index < len(table) or index != int(index):
        raise UnsureError
    return table[int(index)]


def _check(x: float) -> float:
    if not abs(x) < math.inf:
        raise UnsureError
    return x


def _total(f: Callable[..., float]) -> Callable[..., float]:
    def total(*xs: float) -> float:
        try:
            return f(*xs)
        except (ValueError, ArithmeticError):
            return math.nan

    return total


def source(machine: Machine, name: str = "run") -> str:
    """The program as Python: a function of its inputs that returns the list of its results."""
    text = {i: f"({x!r})" if x == x and abs(x) < math.inf else f"float('{x}')" for i, x in machine.consts.items()}
    lines = [f"def {name}({', '.join(f'x{i}' for i in range(machine.inputs))}):"]
    for i, (kind, args) in enumerate(zip(machine.kinds, machine.args, strict=True)):
        if kind in {"input", "const"}:
            text.setdefault(i, f"x{i}")
            continue
        xs = [text[a] if a >= 0 else "" for a in args]
        base = kind.rstrip("!")
        if base in _INFIX:
            y = f"{xs[0]} {_INFIX[base]} {xs[1]}"
        elif base == "neg":
            y = f"-{xs[0]}"
        elif base == "select":
            y = f"{xs[1]} if {xs[0]} else {xs[2]}"
        elif base == "muladd":
            y = f"{xs[0]} * {xs[1]} + {xs[2]}"
        elif base == "dot":
            pairs = zip(xs[1::2], xs[2::2], strict=True)
            y = " + ".join([xs[0], *(f"{a} * {b}" if b else a for a, b in pairs)])
        else:
            y = f"{base.replace('?', '_total').replace('.', '_')}({', '.join(xs)})"
        text[i] = f"x{i}"
        lines.append(f" x{i} = {y}")
    results = ", ".join(f"float({text[i]})" for i in machine.outputs)
    return "\n".join([*lines, f" return [{results}]\n"])


def _space(machine: Machine) -> dict[str, Any]:
    plain = {name: f for name, f in MACHINE.items() if name not in _INFIX} | machine.functions
    space = {name.replace(".", "_"): f for name, f in plain.items()}
    return space | {f"{name}_total": _total(f) for name, f in (space | {"div": MACHINE["div"]}).items()} | {
        "take": _take, "check": _check,
    }  # fmt: skip


class PythonMemory:
    """Where one call's numbers are: `view[:inputs]`, and from `out` on the results."""

    def __init__(self, size: int) -> None:
        self.view: Any = memoryview(array("d", bytes(8 * size)))


class PythonExecutor:
    """Runs a machine program in Python."""

    name = "python"
    borders = copied = outputs = ()  # it has no segments

    def __init__(self, machine: Machine) -> None:
        space = _space(machine)
        exec(compile(source(machine), "<compiled function>", "exec"), space)  # noqa: S102 - from our own emitter
        self.function: Callable[..., list[float]] = space["run"]
        self.inputs, self.out = machine.inputs, machine.inputs
        self.size = machine.inputs + len(machine.outputs)

    def memory(self) -> PythonMemory:
        """Fresh memory for one call at a time."""
        return PythonMemory(self.size)

    def run(self, memory: PythonMemory, times: int, state: int) -> bool:
        """Run it that many times, the first `state` results becoming inputs of the next; False if a check failed."""
        view, function = memory.view, self.function
        xs: list[float] = view[: self.inputs].tolist()
        ys: list[float] = []
        try:
            for _ in range(times):
                ys = function(*xs)
                xs[:state] = ys[:state]
        except (ValueError, ArithmeticError):
            return False
        view[self.out :] = array("d", ys)
        return all(map(math.isfinite, ys))
