"""A program as a file of C99, for where there is no Python: `Compiled.to_c`.

Operations, their order and their functions are those of the other executors, so results have the same bits where the compiler
keeps to the standard (no -ffast-math, no contraction of a·b + c) and the C library is the same one.
"""

import math
import re
from typing import Any

from autograd._engine.structures import ARRAY, LEAF, LIST, TUPLE, TreeDef, children_of
from autograd.compiler.machine import OPERATIONS, Machine
from autograd.compiler.passes import Regions
from autograd.compiler.trace import STATIC

_KEYWORDS = """
    auto break case char const continue default do double else enum extern float for goto if inline int long register restrict
    return short signed sizeof static struct switch typedef union unsigned void volatile while
"""
TAKEN = {*_KEYWORDS.split(), "in", "out", "work", "bad", "main", "fabs", "isfinite", *OPERATIONS}
"""Names that the function in C cannot have: keywords of C99, its own names, functions of the C library that it may call."""
_FUNCTIONS = {"abs": "fabs", "and": "&&", "or": "||"}
_EXPRESSIONS = {
    "select": "{0} != 0.0 ? {1} : {2}", "and": "{0} != 0.0 && {1} != 0.0", "or": "{0} != 0.0 || {1} != 0.0",
    "max": "{0} >= {1} || {0} != {0} ? {0} : {1}", "min": "{0} <= {1} || {0} != {0} ? {0} : {1}",
}  # fmt: skip
for _name, _op in OPERATIONS.items():
    if _op.python and _name not in _EXPRESSIONS:
        _EXPRESSIONS[_name] = _op.python.format(**{x: f"{{{k}}}" for k, x in enumerate(_op.operands)})


def _number(x: float) -> str:
    """A constant, to the last bit."""
    if x != x:
        return "NAN"
    return f"({x.hex()})" if abs(x) < math.inf else "INFINITY" if x > 0.0 else "(-INFINITY)"


class _Writer:
    """Lines of C; series are parts of `work`."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.regions = machine, Regions(machine)
        self.lines: list[str] = []
        self.indent = "    "
        self.text = {i: _number(x) for i, x in machine.consts.items()}
        self.text |= {i: f"in[{i}]" for i in range(machine.inputs)}
        self.size = 0
        self.where: dict[int, tuple[str, tuple[int, ...]]] = {}  # of a series a pointer, and its steps
        for i in range(machine.inputs, len(machine.kinds)):
            if machine.kinds[i] != "const":
                self.operation(i, machine.kinds[i].rstrip("!?"), machine.args[i])

    def line(self, text: str) -> None:
        """Write a line."""
        self.lines.append(f"{self.indent}{text}\n")

    def let(self, i: int, value: str) -> None:
        """Write the value of a place."""
        self.line(f"double x{i} = {value};")
        self.text[i] = f"x{i}"

    def operation(self, i: int, base: str, args: tuple[int, ...]) -> None:
        """Write one operation of the program."""
        xs = [self.text.get(x, "") for x in args]
        if (method := getattr(self, "write_" + base, None)) is not None:
            method(i, *args)
        elif base == "check":
            self.line(f"bad |= !isfinite({xs[0]});")
        elif base == "dot" and (run := self.regions.products(args)):
            a, first, b, second, n = run
            self.let(i, xs[0])
            factor = "" if b < 0 else f" * {self.entry(b, f'(k + {second})')}"
            self.line(f"for (long k = 0; k < {n}; k++) x{i} += {self.entry(a, f'(k + {first})')}{factor};")
        else:
            if base == "dot":
                value = " + ".join([xs[0], *(f"{a} * {b}" if b else a for a, b in zip(xs[1::2], xs[2::2], strict=True))])
            elif base in _EXPRESSIONS:
                value = _EXPRESSIONS[base].format(*xs)
            elif base not in OPERATIONS or OPERATIONS[base].calls == "python":
                raise TypeError(f"to_c() has no C for {base.partition('.')[0]}, which only Python computes")
            else:
                value = f"{_FUNCTIONS.get(base, base)}({', '.join(xs)})"
            self.let(i, value)
            if self.machine.kinds[i][-1] == "!":
                self.line(f"bad |= !isfinite(x{i});")

    def write_largest(self, i: int, first: int, *rest: int) -> None:
        """The largest of many numbers."""
        self.let(i, self.text[first])
        for x in rest:
            self.line(f"x{i} = {_EXPRESSIONS['max'].format(f'x{i}', self.text[x])};")

    def write_take(self, i: int, index: int, *table: int) -> None:
        """The entry of a table."""
        at = self.text[index]
        self.let(i, "0.0")
        for k, x in enumerate(table):
            self.line(f"if ({at} == {k}.0) x{i} = {self.text[x]};")
        self.line(f"bad |= !({at} >= 0.0 && {at} < {len(table)}.0 && {at} == trunc({at}));")

    # ---- loops and branches

    def begin(self, text: str) -> None:
        """Open a block."""
        self.line(text)
        self.indent += "    "

    def close(self, text: str = "}") -> None:
        """Close a block."""
        self.indent = self.indent[4:]
        self.line(text)

    def write_loop(self, i: int) -> None:
        end, n = self.regions.last[i], self.machine.steps[i]
        for c in self.regions.carries[end]:
            self.let(c, self.text[self.machine.args[c][0]])
        self.begin(
            f"for (long k{i} = 0; k{i} < {n}; k{i}++) {{" if n > 0 else f"for (long k{i} = {-n - 1}; k{i} >= 0; k{i}--) {{"
        )

    def write_carry(self, i: int, _: int) -> None:
        self.text[i] = f"x{i}"

    def entry(self, series: int, k: str) -> str:
        """An entry of a series."""
        if series not in self.where:  # the same number again and again
            return self.text[series]
        pointer, (step, *_) = self.where[series]
        return f"{pointer}[{k}]" if step == 1 else f"{pointer}[{step} * {k}]"

    def write_element(self, i: int, series: int) -> None:
        self.let(i, self.entry(series, f"k{self.regions.loop_of(i)}"))

    def write_row(self, i: int, series: int) -> None:
        pointer, (step, *inner) = self.where[series]
        self.where[i] = f"({pointer} + {step} * k{self.regions.loop_of(i)})", tuple(inner)

    def write_item(self, i: int, series: int, k: int) -> None:
        self.text[i] = self.entry(series, str(int(self.machine.consts[k])))

    def room(self, n: int) -> str:
        """A pointer to so many numbers of `work`."""
        first, self.size = self.size, self.size + n
        return f"(work + {first})"

    def write_stack(self, i: int, *xs: int) -> None:
        step = xs[1] - xs[0] if len(xs) > 1 else 1
        if len({*xs}) == 1:
            self.text[i] = self.text[xs[0]]
        elif max(xs) < self.machine.inputs and xs == tuple(range(xs[0], xs[0] + step * len(xs), step)):
            self.where[i] = f"(in + {xs[0]})", (step,)
        else:
            self.where[i] = self.room(len(xs)), (1,)
            for k, x in enumerate(xs):
                self.line(f"{self.where[i][0]}[{k}] = {self.text[x]};")

    def write_shift(self, i: int, first: int, series: int, back: int) -> None:
        n, b = self.regions.length(series), int(self.machine.consts[back])
        self.where[i] = self.room(n), (1,)
        self.line(f"for (long k = 0; k < {n}; k++) {self.where[i][0]}[k] = "
                  f"k == {0 if b > 0 else n - 1} ? {self.text[first]} : {self.entry(series, f'(k - {b})')};")  # fmt: skip

    def write_end(self, i: int, *outs: int) -> None:
        begin, args = self.regions.begins[i], self.machine.args
        if self.machine.kinds[begin] == "branch":
            self.side(i, 1)
            self.close()
            return
        for trail in self.regions.series(i):
            x, *ends = args[trail]
            begins, steps, size = [self.regions.begins[e] for e in ends], [], 1
            for b in begins:
                steps.append(size)
                size *= abs(self.machine.steps[b])
            self.where[trail] = self.room(size), tuple(reversed(steps))
            at = " + ".join([f"{step} * k{b}" for b, step in zip(begins, steps, strict=True)])
            self.line(f"{self.where[trail][0]}[{at}] = {self.text[x]};")
        new = {c: self.text[x] for c, x in zip(self.regions.carries[i], outs, strict=True)}
        for c, out in new.items():
            self.line(f"double y{c} = {out};")
        for c in new:
            self.line(f"x{c} = y{c};")
        self.close()

    def write_final(self, i: int, carry: int, _: int) -> None:
        self.text[i] = f"x{carry}"

    def write_trail(self, i: int, *_: int) -> None:
        """It stands where the loop put it."""

    def write_branch(self, i: int, condition: int) -> None:
        for x in self.regions.asked.get(self.regions.last[i], ()):
            self.line(f"double x{x};")
            self.text[x] = f"x{x}"
        self.begin(f"if ({self.text[condition]} != 0.0) {{")

    def side(self, end: int, k: int) -> None:
        """What a side of a branch gives."""
        for x in self.regions.asked.get(end, ()):
            self.line(f"x{x} = {self.text[self.machine.args[x][k]]};")

    def write_else(self, i: int) -> None:
        self.side(self.regions.last[self.regions.home[i]], 0)
        self.close("} else {")
        self.indent += "    "

    def write_merge(self, *_: int) -> None:
        """It has been assigned."""


def _layout(treedef: TreeDef, path: str, first: int, name: str) -> list[str]:
    """Where the numbers of a structure stand, a line for each part that is flat."""
    kind, aux, n, flat = treedef[-1]
    if kind is STATIC or not n:
        return []
    if flat and kind in {LEAF, LIST, TUPLE, ARRAY}:
        last = first + n - 1
        what = f", an array of shape {aux}" if kind is ARRAY else ""
        return [
            f"{name}[{first}]: {path}" if n == 1 and kind is not ARRAY else f"{name}[{first}] to {name}[{last}]: {path}{what}"
        ]
    lines: list[str] = []
    for k, child in enumerate(children_of(treedef)):
        lines += _layout(child, path + kind.names(aux, k), first, name)
        first += sum(size for _, _, size, whole in child if whole)
    return lines


def to_c(program: Any, name: str) -> str:
    """The program of a compiled function in C; see `Compiled.to_c`."""
    machine: Machine = program.machine
    arguments, named = program.signature
    writer = _Writer(machine)
    for k, x in enumerate(machine.outputs):
        writer.line(f"out[{k}] = {writer.text[x]};")
        writer.line(f"bad |= !isfinite(out[{k}]);")
    size = writer.size
    inputs = [
        x
        for k, child in enumerate(children_of(arguments))
        for x in _layout(child, f"argument {k}", _before(arguments, k), "in")
    ]
    inputs += _layout(named, "argument ", _before(arguments, len(children_of(arguments))), "in")
    inputs += [
        f"in[{program.n + k}]: a leaf that the function closes over, now {v.data!r}" for k, v in enumerate(program.captured)
    ]
    lines = [*inputs, *_layout(program.result, "result", 0, "out")]
    layout = "".join(f"   {line}\n" for line in lines).replace("*/", "* /").replace("/*", "/ *")  # keys may hold anything
    unused = "".join(f"    (void){x};\n" for x in ("in", "work") if not re.search(rf"\b{x}\b", "".join(writer.lines)))
    return (
        f"/* int {name}(const double *in, double *out, double *work);\n\n{layout}\n"
        f"   work is room for {name}_WORK doubles. Returns 0, or 1 if something was not finite, or outside of its domain;\n"
        "   then the results are not to be used. To keep the bits, compile without -ffast-math and with -ffp-contract=off. */\n"
        f"#include <math.h>\n\nenum {{ {name}_WORK = {max(size, 1)} }};\n\n"
        f"int {name}(const double *in, double *out, double *work) {{\n    int bad = 0;\n{unused}"
        f"{''.join(writer.lines)}    return bad;\n}}\n"
    )


def _before(treedef: TreeDef, k: int) -> int:
    """How many numbers stand before the k-th child."""
    return sum(n for child in children_of(treedef)[:k] for _, _, n, flat in child if flat)
