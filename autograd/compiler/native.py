"""Straight machine code, by LLVM: every operation of a small program one instruction, the loop of `repeat` around them.

The trick that keeps every bit is to give LLVM nothing it may bend: no fast-math flag, no contraction, and the C library's
functions under names of our own (`m_exp`), so that it cannot know that pow(x, 2) is x·x. The addresses they are linked to are
those CPython's `math` calls, which is tried at a few points; where it fails, and for what `math` computes itself (gamma), the
code calls Python back.

A large block of straight code is slow to compile, so this serves programs of up to `SMALL` operations; see `kernel`.
"""

import ctypes
import math
import os
import struct
import threading
from array import array
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import count
from typing import Any

from autograd.compiler import cache as disk
from autograd.compiler.lower import LIBM, LIBM2, MACHINE, PYTHON, Machine

SMALL = 2_000
"""How many operations straight code may have."""

INTRINSICS = {"sqrt": "sqrt", "abs": "fabs", "floor": "floor", "ceil": "ceil", "trunc": "trunc", "rint": "rint",
              "copysign": "copysign", "fma": "fma"}  # fmt: skip
INFIX = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv"}
COMPARE = {"lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge", "eq": "oeq", "ne": "une"}
EXTREMES = {"max": "oge", "min": "ole"}
CALLED = dict.fromkeys(LIBM, 1) | dict.fromkeys(LIBM2, 2) | PYTHON
"""What is called under a name of our own, and how many arguments it has."""

DECLARATIONS = "".join(
    f"declare double @m_{name}({', '.join(['double'] * n)}) nounwind willreturn memory(none)\n" for name, n in CALLED.items()
) + "".join(
    f"declare double @llvm.{name}.f64({', '.join(['double'] * {'copysign': 2, 'fma': 3}.get(name, 1))})\n"
    for name in INTRINSICS.values()
)  # fmt: skip


def hexadecimal(x: float) -> str:
    """A constant as LLVM writes it, to the last bit."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', x))[0]:016X}"


# ---- LLVM


@cache
def llvm() -> Any:
    """llvmlite's binding, ready for this machine. Raises `ImportError` without it."""
    from llvmlite import binding  # type: ignore[import-untyped,unused-ignore]

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return binding


@cache
def _machine(level: int) -> Any:
    binding = llvm()
    return binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(),
        features=binding.get_host_cpu_features().flatten(),
        opt=level,
        codemodel="jitdefault",
        jit=True,
    )


@cache
def _addresses() -> dict[str, int]:
    """The addresses of the functions called, by our names for them."""
    try:
        process: ctypes.CDLL | None = ctypes.CDLL(None)
    except (OSError, TypeError):  # not on Windows: there Python's own functions are called
        process = None
    found = {}
    for name, n in CALLED.items():
        kind = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * n)
        ours = MACHINE[name]
        try:
            theirs = kind((name, process)) if name not in PYTHON and process is not None else None
        except AttributeError:
            theirs = None
        points = [(x, 1.7)[:n] for x in (0.3, 0.9999, 1.5, 7.25, 30.1)]
        if theirs is None or any(theirs(*p) != _quiet(ours)(*p) for p in points if _quiet(ours)(*p) == _quiet(ours)(*p)):
            theirs = kind(_quiet(ours))
        _kept.append(theirs)
        found[f"m_{name}"] = ctypes.cast(theirs, ctypes.c_void_p).value or 0
    return found


_kept: list[Any] = []  # functions that machine code calls
_linking = threading.Lock()
_programs = count()  # names of what is linked
if hasattr(os, "register_at_fork"):  # a child must not inherit the lock from a thread that is not in it
    os.register_at_fork(before=_linking.acquire, after_in_child=_linking.release, after_in_parent=_linking.release)


def _quiet(f: Callable[..., float]) -> Callable[..., float]:
    def quiet(*xs: float) -> float:
        try:
            return f(*xs)
        except Exception:  # noqa: BLE001 - what machine code calls must not raise
            return math.nan

    return quiet


class Code:
    """Machine code: the addresses of its functions, and what must live as long as it is to run.

    All that is done with LLVM is done under one lock: a fork waits for it, so that a child does not inherit a lock of LLVM's
    from a thread that it does not have. So code that is not needed any more goes when the next program is compiled.
    """

    def __init__(self, addresses: dict[str, int], keep: Any) -> None:
        self.addresses, self.keep = addresses, keep

    def __del__(self) -> None:
        _gone.append(self.keep)

    def function(self, kind: Any) -> Any:
        """The function `run`, which keeps its code."""
        run = kind(self.addresses["run"])
        run.code = self
        return run


_gone: list[Any] = []


def machine_code(
    text: str, level: int, *, passes: bool = False, names: Sequence[str] = ("run",), symbols: Mapping[str, int] | None = None
) -> Code:
    """The functions of a program in LLVM's language, compiled or from the disk; `symbols` are what it calls."""
    with _linking:
        _gone.clear()
        jit, linked = _linked(text, level, passes, names, symbols or {})
        return Code({name: linked[name] for name in names}, (jit, linked))


def _linked(text: str, level: int, passes: bool, names: Sequence[str], symbols: Mapping[str, int]) -> tuple[Any, Any]:  # noqa: FBT001
    binding = llvm()
    target = _machine(level)
    version = ".".join(map(str, binding.llvm_version_info))
    key = disk.key(text, f"{level} {passes}", version, target.triple, binding.get_host_cpu_name(), _features())
    code = disk.load(key)
    if code is None:
        module = binding.parse_assembly(text)
        module.triple, module.data_layout = target.triple, str(target.target_data)
        if passes:
            options = binding.create_pipeline_tuning_options(speed_level=2)
            options.loop_vectorization, options.loop_unrolling = True, False
            builder = binding.create_pass_builder(target, options)
            builder.getModulePassManager().run(module, builder)
        code = target.emit_object(module)
        disk.store(key, code)
    library = binding.JITLibraryBuilder().add_object_img(code).add_current_process()
    for name in names:
        library.export_symbol(name)
    for symbol, place in {**_addresses(), **symbols}.items():
        library.import_symbol(symbol, place)
    jit = binding.create_lljit_compiler(_machine(level))
    return jit, library.link(jit, f"program{next(_programs)}")


@cache
def _features() -> str:
    features: str = llvm().get_host_cpu_features().flatten()
    return features


# ---- straight code


class _Emitter:
    """The text of a straight program."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.lines: list[str] = []
        self.names: list[str] = [""] * len(machine.kinds)  # of doubles
        self.truths: dict[int, str] = {}  # of conditions
        self.alarms: list[str] = []
        self.count = 0

    def new(self, text: str) -> str:
        self.count += 1
        self.lines.append(f" %t{self.count} = {text}")
        return f"%t{self.count}"

    def number(self, i: int) -> str:
        name = self.names[i]
        if not name:
            name = self.names[i] = self.new(f"uitofp i1 {self.truths[i]} to double")
        return name

    def truth(self, i: int) -> str:
        if i not in self.truths:
            self.truths[i] = self.new(f"fcmp une double {self.number(i)}, 0.0")
        return self.truths[i]

    def check(self, x: str) -> None:
        size = self.new(f"call double @llvm.fabs.f64(double {x})")
        self.alarms.append(self.new(f"fcmp uge double {size}, {hexadecimal(math.inf)}"))

    def any_alarm(self, start: str) -> str:
        for alarm in self.alarms:
            start = self.new(f"or i1 {start}, {alarm}")
        self.alarms = []
        return start

    def operation(self, i: int) -> None:
        kind, args = self.machine.kinds[i], self.machine.args[i]
        base = kind.rstrip("!?")
        if base in COMPARE:
            self.truths[i] = self.new(f"fcmp {COMPARE[base]} double {self.number(args[0])}, {self.number(args[1])}")
            return
        if base in {"and", "or"}:
            self.truths[i] = self.new(f"{base} i1 {self.truth(args[0])}, {self.truth(args[1])}")
            return
        if base == "select":
            c = self.truth(args[0])
            self.names[i] = self.new(f"select i1 {c}, double {self.number(args[1])}, double {self.number(args[2])}")
            return
        xs = [self.number(a) if a >= 0 else "" for a in args]
        if base == "check":
            self.check(xs[0])
        elif base == "take":
            y, found = xs[1], []
            for r, x in enumerate(xs[1:]):
                found.append(self.new(f"fcmp oeq double {xs[0]}, {hexadecimal(float(r))}"))
                y = self.new(f"select i1 {found[-1]}, double {x}, double {y}") if r else y
            any_ = "false"
            for x in found:
                any_ = self.new(f"or i1 {any_}, {x}")
            self.alarms.append(self.new(f"xor i1 {any_}, true"))
            self.names[i] = y
        elif base == "dot":
            y = xs[0]
            for a, b in zip(xs[1::2], xs[2::2], strict=True):
                t = self.product(a, b)
                y = t if y == hexadecimal(-0.0) else self.new(f"fadd double {y}, {t}")
            self.names[i] = y
        elif base == "muladd":
            self.names[i] = self.new(f"fadd double {self.product(xs[0], xs[1])}, {xs[2]}")
        elif base == "largest":
            y = xs[0]
            for x in xs[1:]:
                y = self.extreme("oge", y, x)
            self.names[i] = y
        elif base in EXTREMES:
            self.names[i] = self.extreme(EXTREMES[base], *xs)
        elif base == "neg":
            self.names[i] = self.new(f"fneg double {xs[0]}")
        elif base in INFIX:
            self.names[i] = self.new(f"{INFIX[base]} double {xs[0]}, {xs[1]}")
        else:
            name = f"llvm.{INTRINSICS[base]}.f64" if base in INTRINSICS else f"m_{base}"
            self.names[i] = self.new(f"call double @{name}({', '.join(f'double {x}' for x in xs)})")
        if kind[-1] == "!" and base not in {"check", "take"}:
            self.check(self.names[i])

    def extreme(self, test: str, x: str, y: str) -> str:
        p, q = self.new(f"fcmp {test} double {x}, {y}"), self.new(f"fcmp uno double {x}, {x}")
        return self.new(f"select i1 {self.new(f'or i1 {p}, {q}')}, double {x}, double {y}")

    def product(self, a: str, b: str) -> str:
        one = hexadecimal(1.0)
        return a if b in {"", one} else b if a == one else self.new(f"fmul double {a}, {b}")


def straight(machine: Machine, state: int) -> str:
    """The program as LLVM's language: `run(v, times)` returns whether a check failed.

    Inputs are v[0], v[1], …, behind them the results; the first `state` results are inputs of the next round.
    """
    e = _Emitter(machine)
    n, loop = machine.inputs, state > 0
    for i in range(n):
        pointer = e.new(f"getelementptr double, ptr %v, i64 {i}")
        e.names[i] = e.new(f"load double, ptr {pointer}")
    for i, x in machine.consts.items():
        e.names[i] = hexadecimal(x)
    first, e.lines = e.lines, []
    loaded = e.names[:state]
    e.names[:state] = [f"%s{i}" for i in range(state)]
    for i, kind in enumerate(machine.kinds):
        if kind not in {"input", "const"}:
            e.operation(i)
    results = [e.number(i) for i in machine.outputs]
    bad = e.any_alarm("%bad" if loop else "false")
    if loop:
        head = [" br label %again", "again:", " %k = phi i64 [0, %entry], [%next, %again]"]
        head += [
            f" {name} = phi double [{x}, %entry], [{y}, %again]"
            for name, x, y in zip(e.names[:state], loaded, results[:state], strict=True)
        ]
        head.append(f" %bad = phi i1 [false, %entry], [{bad}, %again]")
        e.lines = [*head, *e.lines, " %next = add i64 %k, 1", " %more = icmp ult i64 %next, %times",
                   " br i1 %more, label %again, label %done", "done:"]  # fmt: skip
    for k, result in enumerate(results):
        pointer = e.new(f"getelementptr double, ptr %v, i64 {n + k}")
        e.lines.append(f" store double {result}, ptr {pointer}")
        e.check(result)
    bad = e.any_alarm(bad)
    end = [f" %result = zext i1 {bad} to i64", " ret i64 %result", "}"]
    return "\n".join([DECLARATIONS, "define i64 @run(ptr noalias %v, i64 %times) {", "entry:", *first, *e.lines, *end])


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
        self.functions: dict[int, Any] = {}
        llvm()

    def memory(self) -> NativeMemory:
        """Fresh memory for one call at a time."""
        return NativeMemory(self.size)

    def run(self, memory: NativeMemory, times: int, state: int) -> bool:
        """Run it that many times, the first `state` results becoming inputs of the next; False if a check failed."""
        function = self.functions.get(state)
        if function is None:
            kind = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64)
            function = self.functions[state] = machine_code(straight(self.machine, state), 2).function(kind)
        return not function(memory.address, times)
