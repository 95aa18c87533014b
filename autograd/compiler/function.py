"""`compile`: the compiled function, from the call to the executor and back.

A call is: find the program of its signature (or trace one), put the numbers into a block of memory, run, build the result.
Machine operations never raise an error; a program only reports that some number was not finite. Then the engine repeats the
call, and raises its error at the user's line or computes the right number. The engine also makes every call whose result a
gradient may be asked of: a program returns floats, and these have no graph.
"""

import gc
import sys
import warnings
from array import array
from collections.abc import Callable, Sequence
from functools import cached_property, update_wrapper
from types import MethodType
from typing import Any

from autograd import modes
from autograd._engine import tracing, walks
from autograd._engine.numbers import tick
from autograd._engine.structures import ARRAY, LEAF, TreeDef, build, children_of, kind_of
from autograd.compiler import loop_finder, memory
from autograd.compiler.captures import Captures
from autograd.compiler.lower import lower
from autograd.compiler.passes import listing, reassociate
from autograd.compiler.python import PythonExecutor
from autograd.compiler.trace import STATIC, Signature, Trace, arguments, signature_of, take_apart
from autograd.value import Value

TRACES_BEFORE_WARNING = 8
"""At this many programs of one function there is a warning: a static argument probably changes from call to call."""
MAX_CACHED_PROGRAMS = 256
"""How many programs of one function are kept."""

Arrays = Sequence[tuple[int, int]]

NO_KEYWORDS = take_apart({}, [])

UNSURE = object()
"""Returned in place of a result that only the engine can compute."""

_OTHER_ARGUMENTS = (LookupError, ValueError, TypeError, RecursionError)
"""What filling memory raises where arguments are not those of the program, or nested too deep for it."""

_hinted: list[bool] = []
_within = tracing.within.get


class Program:
    """The program of one signature: where arguments go, what runs, how the result is built."""

    def __init__(self, f: Callable[..., Any], signature: Signature, n: int, executor: str, fast: str | None) -> None:
        self.found_outside = Captures(f, Compiled)  # before the trace reads them
        collecting = gc.isenabled()
        gc.disable()  # a tape is many objects and no cycle: looking for some took a third of the time
        try:
            traced = Trace(f, signature, n, rolls=fast is None)
            self.captured: list[Value] = traced.captured
            self.derived = traced.derived
            machine = lower(traced.tape, traced.inputs, traced.outputs)
            self.machine = reassociate(machine) if fast == "reassoc" and not machine.regions else machine
            self.signature, self.result, self.n = signature, traced.result, n
            self.operations = len(traced.tape.ops)
            inputs, results = memory.large_arrays(signature[0], 0), memory.large_arrays(self.result, self.machine.inputs)
            self.executor = choose(self.machine, executor, inputs, results)
            del traced, machine  # or the collector would walk through what is of no use any more
        finally:
            if collecting:
                gc.enable()
        self.places: list[_Place] = []
        self.quick = signature[1] == NO_KEYWORDS and not self.derived

    @cached_property
    def state(self) -> int:
        """How many leading results take the place of the first argument, in `repeat`."""
        first = children_of(self.signature[0])[0]
        if first != self.result:
            raise TypeError(
                "repeat(n, state, …) needs a function that returns a new state of the structure of its first argument: "
                f"it takes {_shown(first)} and returns {_shown(self.result)}"
            )
        return len(self.machine.outputs)

    def call(self, leaves: Sequence[float], times: int, *, check: bool) -> Any:
        """The result for these numbers; `UNSURE` if only the engine knows it."""
        place = self.places.pop() if self.places else _Place(self)
        try:
            place.view[: self.n] = array("d", leaves)
            return self.run(place, times, check=check)
        finally:
            self.places.append(place)

    def quickly(self, args: Sequence[Any], times: int, *, check: bool) -> Any:
        """The result for these arguments, or `UNSURE`; raises `LookupError` where they are not those of this program."""
        place = self.places.pop() if self.places else _Place(self)
        try:
            if times == 1:
                place.fill(args)
                for make in place.make:
                    make()
            else:
                place.copy(args)
            return self.run(place, times, check=check)
        finally:
            if place.make or self.executor.borders:
                place.memory.reset()
            self.places.append(place)

    def run(self, place: "_Place", times: int, *, check: bool) -> Any:
        """The result for the arguments in memory."""
        if self.captured:
            place.view[self.n : self.n + len(self.captured)] = array("d", [v.data for v in self.captured])
        sure = self.executor.run(place.memory, times, self.state if times != 1 else 0)
        return place.build() if sure or not check else UNSURE


class _Place:
    """Memory for one call of a program at a time, what fills it and what makes the result; `copy` reads no array in place."""

    def __init__(self, program: Program) -> None:
        executor, self.program = program.executor, program
        self.memory = executor.memory()
        self.view, borders, outputs = self.memory.view, executor.borders, executor.outputs
        self.fill = self.filler({borders[i][0]: (i, executor.copied[i]) for i in range(1, len(borders))})
        self.make = [memory.maker(i, borders[i][1], self.memory) for i in outputs]
        self.build = memory.builder(program.result, executor.out, self.memory, {borders[i][0]: i for i in outputs})

    def filler(self, segments: memory.Segments) -> Callable[[Any], None]:
        """A function that puts arguments into memory."""
        return memory.filler(self.program.signature[0], 0, self.memory, segments)

    @cached_property
    def copy(self) -> Callable[[Any], None]:
        """The same, but that every array is copied: a loop writes its state where arguments stand."""
        return self.filler({})


def _shown(treedef: TreeDef) -> str:
    kind, aux, n, flat = treedef[-1]
    if kind is LEAF:
        return "a float"
    if kind is STATIC:
        return repr(aux[1])
    if kind is ARRAY:
        return f"an array of shape {aux}"
    return f"a {kind.cls.__name__} of {n}{' floats' if flat else ''}"


def choose(machine: Any, executor: str, inputs: Arrays = (), outputs: Arrays = ()) -> Any:
    """The executor for a program: by its size, or the one asked for. `inputs` and `outputs` are where large arrays stand."""
    operations = len(machine.kinds) - machine.inputs - len(machine.consts)
    if executor == "python" or machine.functions or not operations:
        return PythonExecutor(machine)
    try:
        from autograd.compiler.native import MAX_OPERATIONS, NativeExecutor

        small = operations <= MAX_OPERATIONS and sum(map(len, machine.args)) <= 2 * MAX_OPERATIONS
        if executor == "native" or machine.regions or (executor == "auto" and small):
            return NativeExecutor(machine)
        from autograd.compiler.loop_executor import LoopExecutor

        return LoopExecutor(machine, inputs, outputs, compiled={"kernel": False, "rolled": True}.get(executor))
    except ImportError:
        if executor != "auto":
            raise
        _hint()
    return PythonExecutor(machine)


def _hint() -> None:
    """Say once how to get more."""
    if not _hinted:
        _hinted.append(True)
        warnings.warn(
            "autograd.compile runs in Python: for native code, install llvmlite (pip install 'scalar-autograd[compile]')",
            RuntimeWarning,
            stacklevel=6,
        )


def _followed(leaves: Sequence[Any]) -> bool:
    """Whether something follows what this call does: a graph, a transform around it, a tape. Then no program may run."""
    if tracing.recorder.get() is not None:
        return True
    return modes.current().recording and (tracing.within.get() or Value in set(map(type, leaves)))


def _numbers(y: Any) -> Any:
    """A result with floats in place of Values."""
    found: list[Any] = []
    signature = take_apart(y, found)
    return build(signature, iter(walks.data(found)))


class Compiled:
    """A compiled function; see `autograd.compile`. `traces` counts its programs."""

    def __init__(self, f: Callable[..., Any], *, check: bool, executor: str, fast: str | None) -> None:
        self._f, self._check, self._executor, self._fast = f, check, executor, fast
        self._programs: dict[Signature, Program] = {}
        self._likely: dict[Any, Program] = {}  # by sketch
        self._last: Program | None = None
        self.traces = 0
        update_wrapper(self, f)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program of these arguments; trace it first if there is none."""
        if not kwargs:
            y = self._quickly(args, 1)
            if y is not UNSURE:
                return y
        signature, leaves = signature_of(args, kwargs)
        if _followed(leaves):
            return self._on_values(signature, leaves)
        program = self._program(signature, len(leaves))
        if program.derived and modes.current().recording:
            return self._on_values(signature, leaves)
        if program.quick:
            self._likely[memory.sketch(args)] = program
        y = program.call(walks.data(leaves), 1, check=self._check)
        return self._eagerly(args, kwargs) if y is UNSURE else y

    def _quickly(self, args: tuple[Any, ...], times: int) -> Any:
        """The result by the last program, or the last that served arguments like these; `UNSURE` if it is none of them."""
        program = self._last
        if program is None or not program.quick or _within() or program.found_outside.changed():
            return UNSURE
        try:
            return program.quickly(args, times, check=self._check)
        except _OTHER_ARGUMENTS:
            pass
        try:
            program = self._likely[memory.sketch(args)]
            if program.found_outside.changed():
                return UNSURE
            y = program.quickly(args, times, check=self._check)
        except _OTHER_ARGUMENTS:
            return UNSURE
        self._last = program
        return y

    def repeat(self, n: int, state: Any, *data: Any) -> Any:
        """The state after n calls `state = f(state, *data)`; the loop itself is part of the program.

        Raises `TypeError` if the function does not return a state of the structure it takes, `ValueError` for a negative n.
        """
        if isinstance(n, bool) or not isinstance(n, int):
            raise TypeError(f"repeat() takes the number of times as an int, not {type(n).__name__}")
        if n < 0:
            raise ValueError(f"repeat() takes a number of times that is not negative, not {n}")
        args = (state, *data)
        y = self._quickly(args, n) if n > 1 else UNSURE
        if y is not UNSURE:
            return y
        signature, leaves = signature_of(args, {})
        if not _followed(leaves):
            program = self._program(signature, len(leaves))
            program.state  # noqa: B018 - raises where it is none
            if n == 0:
                return state
            if not (program.derived and modes.current().recording):
                y = program.call(walks.data(leaves), n, check=self._check)
                if y is not UNSURE:
                    return y
                for _ in range(n):
                    state = self._eagerly((state, *data), {})
                return state
        for _ in range(n):
            signature, leaves = signature_of((state, *data), {})
            state = self._on_values(signature, leaves)
        return state

    def _program(self, signature: Signature, n: int) -> Program:
        """The program of arguments with this signature and so many numbers, traced if need be."""
        program = self._programs.get(signature)
        if program is not None and program.found_outside.changed():
            self._programs.pop(signature, None)
            program = None
        if program is None:
            traced = Program(self._f, signature, n, self._executor, self._fast)
            while len(self._programs) >= MAX_CACHED_PROGRAMS:
                self._programs.pop(next(iter(self._programs)), None)
                self._likely.clear()
            program = self._programs.setdefault(signature, traced)  # another thread may have traced it meanwhile
            self.traces += program is traced
            if program is traced and self.traces == TRACES_BEFORE_WARNING:
                warnings.warn(
                    f"{getattr(self._f, '__name__', 'a function')} was traced {self.traces} times: each new shape, and each "
                    "new value of an argument that is an int, bool or str, or of a number that the function closes over or "
                    "reads as a global, traces again; pass as a float argument what is data",
                    RuntimeWarning,
                    stacklevel=3,
                )
        self._last = program
        return program

    def _eagerly(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The call by the engine: raises its error, or gives the number that the program was not sure of."""
        signature, leaves = signature_of(args, kwargs)
        # On Values: with floats, 1 / x would raise Python's error, and x**0.5 be a complex number.
        args, kwargs = arguments(signature, map(Value, walks.data(leaves)))
        with modes.no_grad():
            y = self._f(*args, **kwargs)
        return _numbers(y)

    def _on_values(self, signature: Signature, leaves: list[Any]) -> Any:
        """The call by the engine, or on an enclosing tape: its result is Values if it depends on any; no gradient is lost."""
        since = tick()
        args, kwargs = arguments(signature, (Value(x) if type(x) is float else x for x in leaves))
        y = self._f(*args, **kwargs)
        if not set(map(type, leaves)) <= {float}:
            return y
        found: list[Any] = []
        take_apart(y, found)
        values = [x for x in found if type(x) is not float]
        if not set(map(type, values)) <= {Value} or walks.reaches_before(values, since):
            return y
        return _numbers(y)

    @property
    def program(self) -> str:
        """The program of the last call, as loops of machine operations. "" before the first."""
        if self._last is None:
            return ""
        machine = self._last.machine
        return listing(machine) if machine.regions else loop_finder.show(machine)

    def to_c(self, name: str = "f") -> str:
        """The program of the last call as a file of C99 with one function, which needs nothing but the C library.

        A comment tells where arguments and results stand. Results have the same bits, if it is compiled with the same C library
        and with -ffp-contract=off. Raises `ValueError` before the first call and for a name that is none, `TypeError` for what
        only Python computes (custom operations, gamma, lgamma, polygamma, erfinv, ndtri, log_ndtr, sinc, hypot, rounding to
        decimals).

        >>> import autograd
        >>> fast = autograd.compile(lambda x: x * x)
        >>> fast(3.0)
        9.0
        >>> "double x1 = in[0] * in[0];" in fast.to_c("square")
        True
        """
        if self._last is None:
            raise ValueError("to_c() writes the program of the last call: call the function first")
        from autograd.compiler.c_source import TAKEN, to_c

        if not (name.isascii() and name.isidentifier()) or name in TAKEN:
            raise ValueError(f"to_c() takes a name that C can use for a new function, not {name!r}")

        return to_c(self._last, name)

    def __repr__(self) -> str:
        return f"<compiled {getattr(self._f, '__qualname__', self._f)!s}, {self.traces} program(s)>"

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        """As a method, with the numbers in `self` as data. Raises `TypeError` where they would be constants of the program."""
        if instance is None:
            return self
        if kind_of(type(instance)) is None:
            name = type(instance).__name__
            raise TypeError(
                f"a compiled method takes the numbers of its object as data, and {name} is no structure of numbers: make it a "
                f"dataclass, register it with autograd.register_pytree_node, or compile a function of the numbers it uses"
            )
        return MethodType(self, instance)

    def __reduce__(self) -> Any:
        # A function that was decorated is found by its name, under which this stands; any other is pickled itself.
        place: Any = sys.modules.get(getattr(self._f, "__module__", None) or "")
        name = getattr(self._f, "__qualname__", "")
        for part in name.split("."):
            place = getattr(place, part, None)
        if place is self:
            return name
        return _compiled, (self._f, self._check, self._executor, self._fast)


def _compiled(f: Callable[..., Any], check: bool, executor: str, fast: str | None) -> Compiled:  # noqa: FBT001
    return Compiled(f, check=check, executor=executor, fast=fast)
