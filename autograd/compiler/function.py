"""`compile`: the compiled function, from the call to the executor and back.

A call is: find the program of its signature (or trace one), put the numbers into a block of memory, run, build the result. The
trick is that exactness costs next to nothing: machine operations never raise, and a program only reports that something was
not finite. Then the call is repeated by the engine, which raises its error at the user's line or knows the right number.
The engine also makes every call whose result a gradient may be asked of: a program gives floats, and these have no graph.
"""

import gc
import math
import warnings
from array import array
from collections.abc import Callable, Sequence
from functools import cached_property, update_wrapper
from typing import Any

from autograd import graph, modes, tracing
from autograd.compiler import roll
from autograd.compiler.lower import lower
from autograd.compiler.python import PythonExecutor
from autograd.compiler.trace import Signature, Trace, build, take_apart
from autograd.value import Value, tick

MANY = 8
"""From this number of programs on, one function is suspected to take as static what should be data."""
KEPT = 256
"""So many programs of one function are kept."""

_hinted: list[bool] = []


class Program:
    """The program of one signature: where arguments go, what runs, how the result is built."""

    def __init__(self, f: Callable[..., Any], signature: Signature, n: int, executor: str) -> None:
        collecting = gc.isenabled()
        gc.disable()  # a tape is many objects and no cycle: looking for some took a third of the time
        try:
            traced = Trace(f, signature, n)
            self.captured: list[Value] = traced.captured
            self.derived = traced.derived
            self.machine = lower(traced.tape, traced.inputs, traced.outputs)
            self.signature, self.result, self.n = signature, traced.result, n
            self.operations = len(traced.tape.ops)
            self.executor = choose(self.machine, executor)
        finally:
            if collecting:
                gc.enable()
        self.out = self.executor.out
        self.memories: list[Any] = []
        self.fill = [_filler(part) for part in signature[2][0][2]] if not signature[2][1][1] and not self.derived else None
        self.rebuild = _rebuilder(self.result, [self.out])

    @cached_property
    def state(self) -> int:
        """How many leading results take the place of the first argument, in `repeat`."""
        first = self.signature[2][0][2][0]
        if _plain(first) != _plain(self.result):
            raise TypeError(
                "repeat(n, state, …) needs a function that returns a new state of the structure of its first argument: "
                f"it takes {_shown(first)} and returns {_shown(self.result)}"
            )
        return len(self.machine.outputs)

    def call(self, args: Sequence[Any], leaves: Sequence[float] | None, times: int, *, check: bool) -> tuple[bool, Any]:
        """(whether it is sure, the result) for these arguments, or with `leaves`, for these numbers."""
        memories = self.memories
        memory = memories.pop() if memories else self.executor.memory()
        view = memory.view
        if leaves is not None:
            view[: self.n] = array("d", leaves)
        else:
            at = 0
            for arg, (kind, shape, size) in zip(args, self.fill, strict=True):  # type: ignore[arg-type]
                if type(arg) is not kind or (shape is not None and arg.shape != shape):
                    memories.append(memory)
                    raise LookupError
                if shape is None:
                    view[at] = arg
                else:
                    view[at : at + size] = arg if len(shape) == 1 else arg.reshape(-1)
                at += size
        if self.captured:
            view[self.n : self.n + len(self.captured)] = array("d", [v.data for v in self.captured])
        sure = self.executor.run(memory, times, self.state if times != 1 else 0)
        result = self.rebuild(view) if sure or not check else None
        memories.append(memory)
        return sure, result


def _filler(part: Signature) -> tuple[Any, Any, int]:
    """For a quick call: the type of an argument, the shape of an array, and how many numbers it is."""
    if part == "float":
        return float, None, 1
    if part[0] == "array":
        import numpy as np

        return np.ndarray, part[1], math.prod(part[1])
    return Program, None, 0  # nothing is of that type: take the careful way


def _rebuilder(signature: Signature, at: list[int]) -> Callable[[Any], Any]:
    """A function from memory to the result; `at` is where its numbers begin."""
    first = at[0]
    if signature == "float":
        at[0] += 1
        return lambda view: view[first]
    kind, *parts = signature
    if kind == "floats":
        at[0] += parts[0]
        return lambda view: view[first : first + parts[0]].tolist()
    if kind == "array":
        import numpy as np

        (shape,) = parts
        at[0] = last = first + math.prod(shape)
        if len(shape) == 1:
            return lambda view: np.array(view[first:last])
        return lambda view: np.array(view[first:last]).reshape(shape)
    if kind in {"list", "tuple", "dict"}:
        children = [_rebuilder(part, at) for part in parts[-1]]
        if kind == "list":
            if all(part == "float" for part in parts[0]):
                return lambda view: view[first : first + len(children)].tolist()
            return lambda view: [child(view) for child in children]
        if kind == "dict":
            keys = parts[0]
            return lambda view: {key: child(view) for key, child in zip(keys, children, strict=True)}
        cls = parts[0]
        if cls is tuple and len(children) == 2:
            left, right = children
            return lambda view: (left(view), right(view))
        if hasattr(cls, "_fields"):
            return lambda view: cls(*[child(view) for child in children])
        return lambda view: cls([child(view) for child in children])
    return lambda _: parts[1]


def _plain(signature: Signature) -> Signature:
    """A signature in which lists of floats are written in one way."""
    if isinstance(signature, tuple) and signature[0] == "floats":
        return ("list", ("float",) * signature[1])
    if isinstance(signature, tuple) and signature[0] in {"list", "tuple", "dict"}:
        return (*signature[:-1], tuple(_plain(part) for part in signature[-1]))
    return signature


def _shown(signature: Signature) -> str:
    if signature == "float":
        return "a float"
    if signature[0] == "floats":
        return f"a list of {signature[1]} floats"
    if signature[0] == "array":
        return f"an array of shape {signature[1]}"
    if signature[0] == "static":
        return repr(signature[2])
    return f"a {signature[0]} of {len(signature[-1])}"


def choose(machine: Any, executor: str) -> Any:
    """The executor for a program: by its size, or the one asked for."""
    operations = sum(max(len(args) // 2, 1) for args in machine.args) - machine.inputs - len(machine.consts)
    if executor == "python" or machine.functions or not operations:
        return PythonExecutor(machine)
    try:
        from autograd.compiler.native import SMALL, NativeExecutor

        if executor == "native" or (executor == "auto" and operations <= SMALL):
            return NativeExecutor(machine)
        from autograd.compiler.kernel import KernelExecutor

        return KernelExecutor(machine)
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
    return build(signature, iter(graph.data(found)))


class Compiled:
    """A compiled function; see `autograd.compile`. `traces` counts its programs."""

    def __init__(self, f: Callable[..., Any], *, check: bool, executor: str) -> None:
        self._f, self._check, self._executor = f, check, executor
        self._programs: dict[Signature, Program] = {}
        self._last: Program | None = None
        self.traces = 0
        update_wrapper(self, f)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program of these arguments; trace it first if there is none."""
        program = None if kwargs or tracing.within.get() else self._last
        if program is not None and program.fill is not None and len(args) == len(program.fill):
            try:
                sure, result = program.call(args, None, 1, check=self._check)
            except (LookupError, ValueError, TypeError):
                pass
            else:
                return result if sure or not self._check else self._eagerly(args, kwargs)
        leaves: list[Any] = []
        signature = take_apart((args, kwargs), leaves)
        if _followed(leaves):
            return self._on_values(signature, leaves)
        program = self._program(signature, len(leaves))
        if program.derived and modes.current().recording:
            return self._on_values(signature, leaves)
        sure, result = program.call(args, graph.data(leaves), 1, check=self._check)
        return result if sure or not self._check else self._eagerly(args, kwargs)

    def repeat(self, n: int, state: Any, *data: Any) -> Any:
        """The state after n calls `state = f(state, *data)`; the loop itself is part of the program.

        Raises `TypeError` if the function does not return a state of the structure it takes, `ValueError` for a negative n.
        """
        if isinstance(n, bool) or not isinstance(n, int):
            raise TypeError(f"repeat() takes the number of times as an int, not {type(n).__name__}")
        if n < 0:
            raise ValueError(f"repeat() takes a number of times that is not negative, not {n}")
        args = (state, *data)
        leaves: list[Any] = []
        signature = take_apart((args, {}), leaves)
        if not _followed(leaves):
            program = self._program(signature, len(leaves))
            program.state  # noqa: B018 - raises where it is none
            if n == 0:
                return state
            if not (program.derived and modes.current().recording):
                sure, result = program.call(args, graph.data(leaves), n, check=self._check)
                if sure or not self._check:
                    return result
                for _ in range(n):
                    state = self._eagerly((state, *data), {})
                return state
        for _ in range(n):
            leaves = []
            signature = take_apart(((state, *data), {}), leaves)
            state = self._on_values(signature, leaves)
        return state

    def _program(self, signature: Signature, n: int) -> Program:
        """The program of arguments with this signature and so many numbers, traced if need be."""
        program = self._programs.get(signature)
        if program is None:
            program = Program(self._f, signature, n, self._executor)
            while len(self._programs) >= KEPT:
                self._programs.pop(next(iter(self._programs)), None)
            self._programs[signature] = program
            self.traces += 1
            if self.traces == MANY:
                warnings.warn(
                    f"{getattr(self._f, '__name__', 'a function')} was traced {MANY} times: each new shape, and each new value "
                    "of an argument that is an int, bool or str, traces again; pass as float what is data",
                    RuntimeWarning,
                    stacklevel=3,
                )
        self._last = program
        return program

    def _eagerly(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The call by the engine: raises its error, or gives the number that the program was not sure of."""
        leaves: list[Any] = []
        signature = take_apart((args, kwargs), leaves)
        # On Values: with floats, 1 / x would raise Python's error, and x**0.5 be a complex number.
        args, kwargs = build(signature, map(Value, graph.data(leaves)))
        with modes.no_grad():
            y = self._f(*args, **kwargs)
        return _numbers(y)

    def _on_values(self, signature: Signature, leaves: list[Any]) -> Any:
        """The call by the engine, or on an enclosing tape: its result is Values if it depends on any; no gradient is lost."""
        since = tick()
        args, kwargs = build(signature, (Value(x) if type(x) is float else x for x in leaves))
        y = self._f(*args, **kwargs)
        if not set(map(type, leaves)) <= {float}:
            return y
        found: list[Any] = []
        take_apart(y, found)
        values = [x for x in found if type(x) is not float]
        if not set(map(type, values)) <= {Value} or graph.reaches_before(values, since):
            return y
        return _numbers(y)

    @property
    def program(self) -> str:
        """The program of the last call, as loops of machine operations. "" before the first."""
        return "" if self._last is None else roll.show(self._last.machine)

    def __repr__(self) -> str:
        return f"<compiled {getattr(self._f, '__qualname__', self._f)!s}, {self.traces} program(s)>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _compiled, (self._f, self._check, self._executor)


def _compiled(f: Callable[..., Any], check: bool, executor: str) -> Compiled:  # noqa: FBT001
    return Compiled(f, check=check, executor=executor)
