"""LLVM: its language, written from the table of machine operations, and machine code made of it.

Nothing is given to LLVM that it may bend: no fast-math flag, no contraction, and the C library's functions under names of our
own (`m_exp`), so that it cannot know that pow(x, 2) is x·x. That keeps every bit. The addresses they are linked to are those
CPython's `math` calls, which is tried at a few points; where it fails, and for what `math` computes itself (gamma), the code
calls Python back.
"""

import ctypes
import math
import os
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import count
from typing import Any

from autograd.compiler import cache as disk
from autograd.compiler.machine import OPERATIONS, Operation


def _declarations() -> str:
    lines = []
    for op in OPERATIONS.values():
        if op.calls:
            symbol = op.llvm[0].split()[2].partition("(")[0]
            pure = " nounwind willreturn memory(none)" * (op.calls != "llvm")
            lines.append(f"declare double {symbol}({', '.join(['double'] * len(op.operands))}){pure}\n")
    return "".join(lines)


DECLARATIONS = _declarations()
"""Of the functions that operations call."""


def _by_position(op: Operation) -> list[Callable[..., str]]:
    """The instructions as functions of the operands, followed by the results of the instructions before."""
    n = len(op.operands)
    names = {x: f"{{{k}}}" for k, x in enumerate(op.operands)}
    return [text.format(*[f"{{{n + k}}}" for k in range(len(op.llvm))], **names).format for text in op.llvm]


OF_NUMBERS = frozenset(
    name for name, op in OPERATIONS.items() if op.llvm and not op.condition and not {"c", "d"} & {*op.operands}
)
"""The operations in which no condition takes part."""
_INSTRUCTIONS = {name: _by_position(op) for name, op in OPERATIONS.items()}


def hexadecimal(x: float) -> str:
    """A constant as LLVM writes it, to the last bit."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', x))[0]:016X}"


class Writer:
    """Lines of LLVM's language, each of which computes one new name."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.count = 0

    def new(self, text: str) -> str:
        """Write an instruction; the name of its result."""
        self.count += 1
        self.lines.append(f" %t{self.count} = {text}\n")
        return f"%t{self.count}"

    def condition(self, x: str) -> str:
        """A number as a condition."""
        return self.new(f"fcmp une double {x}, 0.0")

    def number(self, c: str) -> str:
        """A condition as a number."""
        return self.new(f"uitofp i1 {c} to double")

    def operation(self, name: str, operands: Sequence[str]) -> str:
        """A machine operation; of its operands, those that are conditions are of LLVM's type i1, and so is such a result."""
        instructions = _INSTRUCTIONS[name]
        if len(instructions) == 1:
            return self.new(instructions[0](*operands))
        given = [*operands]
        for instruction in instructions:
            given.append(self.new(instruction(*given)))
        return given[-1]

    def of_numbers(self, name: str, operands: Sequence[str]) -> str:
        """The same, but that all operands and the result are numbers."""
        if name in OF_NUMBERS:
            return self.operation(name, operands)
        op = OPERATIONS[name]
        xs = [self.condition(x) if kind in "cd" else x for kind, x in zip(op.operands, operands, strict=True)]
        y = self.operation(name, xs)
        return self.number(y) if op.condition else y


@cache
def llvm() -> Any:
    """llvmlite's binding, ready for this machine. Raises `ImportError` without it."""
    from llvmlite import binding  # type: ignore[import-untyped,unused-ignore]

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return binding


def load() -> None:
    """Find out whether LLVM is there, under the lock; raises `ImportError` without it."""
    with _linking:
        llvm()


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
    for name, op in OPERATIONS.items():
        if op.calls not in {"libm", "python"}:
            continue
        n, ours = len(op.operands), op.function
        kind = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * n)
        try:
            theirs = kind((name, process)) if op.calls == "libm" and process is not None else None
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
    from a thread that it does not have. So code that is not needed any more goes when the next program is compiled; until then
    LLVM's objects stand in a dictionary, for what belongs to a cycle is finalised by the collector, in any thread.
    """

    def __init__(self, addresses: dict[str, int], keep: Any) -> None:
        self.addresses, self.key = addresses, next(_programs)
        _kept_code[self.key] = keep

    def __del__(self) -> None:
        _gone.append(self.key)

    def function(self, kind: Any) -> Any:
        """The function `run`, which keeps its code."""
        run = kind(self.addresses["run"])
        run.code = self
        return run


_kept_code: dict[int, Any] = {}
_gone: list[int] = []


def machine_code(
    text: str, level: int, *, passes: bool = False, names: Sequence[str] = ("run",), symbols: Mapping[str, int] | None = None
) -> Code:
    """The functions of a program in LLVM's language, compiled or from the disk; `symbols` are what it calls."""
    with _linking:
        while _gone:
            del _kept_code[_gone.pop()]
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
        module.verify()
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
