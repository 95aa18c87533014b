"""Machine programs, and the one table of the operations they are made of.

A machine operation is one that a processor or the C library has. Its row says all there is to know of it: how floats compute
it, how LLVM and Python spell it, whether the engine can raise an error there, what is known of its result. `lower` writes
programs of these operations; the executors, the loop finder and the interpreter of loops read the same rows.
"""

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from autograd._engine.special import LISTS
from autograd.table import PRIMITIVES

Bounds = tuple[float, float]
"""Between what two numbers a result lies, if it is not NaN."""

UNBOUNDED: Bounds = (-math.inf, math.inf)


class UnsureError(ArithmeticError):
    """A check failed: only the engine knows what is to happen."""


def _entry(index: float, *table: float) -> float:
    if not 0.0 <= index < len(table) or index != int(index):
        raise UnsureError
    return table[int(index)]


def _finite(x: float) -> float:
    if not abs(x) < math.inf:
        raise UnsureError
    return x


class Operation(NamedTuple):
    """One machine operation.

    `operands` names them: c and d are conditions, x, y and z numbers; "" stands for any number of numbers. `llvm` are the
    instructions, which refer to the operands by name and to the results of earlier instructions by number; none where each
    executor has its own. `python` is an expression; without it the function is called.

    `safe` tells whether the engine never raises an error here: always, never, or a function of the bounds of the last operand.
    `bounds` computes those of the result from those of the operands. `calls` names who computes it, if that is a function:
    "llvm", the C library ("libm"), or Python.
    """

    operands: str
    function: Callable[..., float]
    llvm: tuple[str, ...] = ()
    python: str = ""
    safe: bool | Callable[[float, float], bool] = False
    condition: bool = False
    bounds: Callable[..., Bounds] | None = None
    calls: str = ""
    poles: Mapping[float, float] = {}  # where Python raises an error and IEEE 754 has an infinity
    steps: tuple[str, ...] = ()  # steps of operands for which the interpreter has code that LLVM vectorises

    def cannot_fail(self, low: float, high: float) -> bool:
        """Whether the engine never raises an error here, if the last operand lies between these bounds."""
        return self.safe if isinstance(self.safe, bool) else self.safe(low, high)


def _called(by: str, name: str, operands: str, function: Any = None, symbol: str = "", **rest: Any) -> Operation:
    """A function: an intrinsic of LLVM, or one that is linked under a name of our own."""
    symbol = f"@llvm.{symbol or name}.f64" if by == "llvm" else f"@m_{name}"
    call = f"call double {symbol}({', '.join(f'double {{{x}}}' for x in operands)})"
    return Operation(operands, function or PRIMITIVES[name], (call,), calls=by, **rest)


def _compared(test: str, sign: str, function: Any, steps: str = "") -> Operation:
    llvm = (f"fcmp {test} double {{x}}, {{y}}",)
    return Operation("xy", function, llvm, f"{{x}} {sign} {{y}}", safe=True, condition=True, steps=tuple(steps.split()))


def _extreme(test: str, function: Any) -> Operation:
    steps = (f"fcmp {test} double {{x}}, {{y}}", "fcmp uno double {x}, {x}", "or i1 {0}, {1}")
    return Operation("xy", function, (*steps, "select i1 {2}, double {x}, double {y}"), safe=True)


def _exponential_bounds(x: Bounds) -> Bounds:
    low, high = x
    return math.exp(max(low, -745.0)) if low > -math.inf else 0.0, math.exp(high) if high <= 709.0 else math.inf


def _no_overflow(_: float, high: float) -> bool:
    return high <= 709.0


def _positive(low: float, _: float) -> bool:
    return low > 0.0


_POLE_AT_0 = {0.0: -math.inf}

OPERATIONS: dict[str, Operation] = {
    "add": Operation("xy", operator.add, ("fadd double {x}, {y}",), "{x} + {y}", safe=True, steps=("11", "01", "10"),
                     bounds=lambda x, y: (x[0] + y[0], x[1] + y[1])),
    "sub": Operation("xy", operator.sub, ("fsub double {x}, {y}",), "{x} - {y}", safe=True, steps=("11", "01", "10")),
    "mul": Operation("xy", operator.mul, ("fmul double {x}, {y}",), "{x} * {y}", safe=True, steps=("11", "01", "10")),
    "div": Operation("xy", operator.truediv, ("fdiv double {x}, {y}",), "{x} / {y}", steps=("11", "10"),
                     safe=lambda low, high: low > 0.0 or high < 0.0),
    "neg": Operation("x", operator.neg, ("fneg double {x}",), "-{x}", safe=True, steps=("1",),
                     bounds=lambda x: (-x[1], -x[0])),
    "muladd": Operation("xyz", lambda x, y, z: x * y + z, ("fmul double {x}, {y}", "fadd double {0}, {z}"),
                        "{x} * {y} + {z}", safe=True, steps=("111", "010", "100", "110")),
    "copy": Operation("x", float, ("bitcast double {x} to double",), "{x}", safe=True),
    "check": Operation("x", _finite, ("fadd double {x}, 0.0",)),

    "lt": _compared("olt", "<", operator.lt), "gt": _compared("ogt", ">", operator.gt, "10"),
    "le": _compared("ole", "<=", operator.le, "10"), "ge": _compared("oge", ">=", operator.ge, "10"),
    "eq": _compared("oeq", "==", operator.eq), "ne": _compared("une", "!=", operator.ne),
    "and": Operation("cd", lambda c, d: float(c and d), ("and i1 {c}, {d}",), "{c} and {d}", safe=True, condition=True),
    "or": Operation("cd", lambda c, d: float(c or d), ("or i1 {c}, {d}",), "{c} or {d}", safe=True, condition=True),
    "select": Operation("cxy", lambda c, x, y: x if c else y, ("select i1 {c}, double {x}, double {y}",),
                        "{x} if {c} else {y}", safe=True, steps=("111", "110"),
                        bounds=lambda _, x, y: (min(x[0], y[0]), max(x[1], y[1]))),
    "max": _extreme("oge", lambda x, y: x if x >= y or x != x else y),
    "min": _extreme("ole", lambda x, y: x if x <= y or x != x else y),

    "abs": _called("llvm", "abs", "x", symbol="fabs", safe=True, steps=("1",),
                   bounds=lambda x: (0.0, max(abs(x[0]), abs(x[1])))),
    "sqrt": _called("llvm", "sqrt", "x", safe=lambda low, _: low >= 0.0, steps=("1",)),
    **{name: _called("llvm", name, "x", safe=True) for name in ("floor", "ceil", "trunc", "rint")},
    "copysign": _called("llvm", "copysign", "xy", safe=True),
    "fma": _called("llvm", "fma", "xyz"),

    "exp": _called("libm", "exp", "x", safe=_no_overflow, bounds=_exponential_bounds),
    "exp2": _called("libm", "exp2", "x", safe=_no_overflow),
    "expm1": _called("libm", "expm1", "x", safe=_no_overflow),
    "log": _called("libm", "log", "x", safe=_positive, poles=_POLE_AT_0),
    "log2": _called("libm", "log2", "x", safe=_positive, poles=_POLE_AT_0),
    "log10": _called("libm", "log10", "x", safe=_positive, poles=_POLE_AT_0),
    "log1p": _called("libm", "log1p", "x", safe=lambda low, _: low > -1.0, poles={-1.0: -math.inf}),
    **{name: _called("libm", name, "x") for name in ("sin", "cos", "tan", "asin", "acos", "sinh", "cosh", "acosh")},
    **{name: _called("libm", name, "x", safe=True) for name in ("atan", "tanh", "asinh", "cbrt", "erf", "erfc")},
    "atanh": _called("libm", "atanh", "x", poles={1.0: math.inf, -1.0: -math.inf}),
    "atan2": _called("libm", "atan2", "xy", safe=True),
    "fmod": _called("libm", "fmod", "xy"),
    "pow": _called("libm", "pow", "xy", PRIMITIVES["c_pow"]),
    **{name: _called("python", name, "x") for name in ("gamma", "lgamma", "erfinv", "erfcinv")},
    **{name: _called("python", name, "xy") for name in ("polygamma", "round_digits", "ierfcx", "sinc_slope")},
    "hypot": _called("python", "hypot", "xy", math.hypot),

    # Of any number of operands: start, a₁, b₁, a₂, b₂, …; numbers; an index and the numbers it picks from.
    "dot": Operation("", lambda start, *xs: LISTS["total"](LISTS["products"](xs[::2], xs[1::2]), start), safe=True),
    "largest": Operation("", lambda *xs: LISTS["largest"](xs), safe=True),
    "take": Operation("", _entry),
}  # fmt: skip
"""Every machine operation by name; in a program there are inputs and constants besides."""

OF_BODIES = frozenset({
    "loop", "carry", "element", "end", "final", "trail", "branch", "else", "merge", "stack", "item", "shift", "row",
})  # fmt: skip
"""What a program has of loops and branches, which stand in line as on the tape: see `regions`."""
CONDITIONS = frozenset(name for name, op in OPERATIONS.items() if op.condition)
COMMUTATIVE = frozenset({"add", "mul"})  # exchanging operands changes no bit, but which NaN of two comes out


class Machine:
    """A machine program: `kinds[i]` and `args[i]`, operands being places; constants by place; the places of the results.

    A kind is the name of an operation, "input" or "const"; one that ends in "!" is checked: the caller is told if its result is
    not finite; one that ends in "?" stands in a branch that may not be taken, and is not. `functions` are what only Python
    computes: custom operations, and hypot of many operands. `parts` are the operations that a short dot was cut into, but for
    the last. Loops and branches stand in line, as on the tape (see `regions`); `steps` are those of each loop, by its first
    place, negative if it goes backward.
    """

    __slots__ = ("args", "consts", "functions", "inputs", "kinds", "outputs", "parts", "regions", "steps")

    def __init__(self, inputs: int = 0) -> None:
        self.inputs = inputs
        self.kinds: list[str] = ["input"] * inputs
        self.args: list[tuple[int, ...]] = [()] * inputs
        self.consts: dict[int, float] = {}
        self.outputs: list[int] = []
        self.functions: dict[str, Callable[..., float]] = {}
        self.parts: set[int] = set()
        self.steps: dict[int, int] = {}
        self.regions = False  # whether there is any loop or branch

    def write(self, kind: str, args: tuple[int, ...]) -> int:
        """Append an operation; its place."""
        self.kinds.append(kind)
        self.args.append(args)
        return len(self.kinds) - 1
