"""Modes of recording: `no_grad`, `detect_anomaly`, `scope`, one state per context (thread or task).

A mode costs nothing while none is active. An operation reads one global, `modes`, the number of modes active anywhere; only
when that is not 0 does it take the slow path, which looks up the state of its own context.
"""

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from functools import wraps
from os.path import dirname, sep
from threading import Lock
from typing import Any, NamedTuple, TypeVar, overload

_F = TypeVar("_F", bound=Callable[..., Any])
_GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x20, 0x80, 0x200  # flags of code; importing inspect for them takes too long


class Mode(NamedTuple):
    """How operations are recorded in one context: at all? with the user's line? refusing NaN? inside which scope?"""

    recording: bool = True
    anomaly: bool = False
    lines: bool = False
    scope: tuple[str, ...] = ()


active = 0
"""How many modes are active anywhere, in any context."""

_counting = Lock()
_packages = (dirname(__file__) + sep, dirname(dirname(__file__)) + sep + "nn" + sep)
listeners: list[Callable[[int], None]] = []
"""Called with +1 when a mode begins somewhere and −1 when it ends."""

counters: list[dict[str, Any]] = []
"""The globals of the operations: in each, `modes` counts the modes active anywhere."""


class _Entry:
    """One active `with` block: its owner and what it changes. Marked over on exit, so contexts that copied it ignore it."""

    __slots__ = ("changes", "over", "owner")

    def __init__(self, owner: "Block", changes: dict[str, Any]) -> None:
        self.owner, self.changes, self.over = owner, changes, False


_PLAIN = Mode()
_open: ContextVar[tuple[Mode, tuple[_Entry, ...]]] = ContextVar("autograd modes", default=(_PLAIN, ()))
"""The active blocks of a context, in the order they were entered, and the mode that they make together."""


def current() -> Mode:
    """The mode of this context."""
    mode, entries = _open.get()
    for entry in entries:
        if entry.over:  # ended in another context, the one that this one was copied from, say
            return _set([e for e in entries if not e.over])
    return mode


def here() -> int:
    """How the accelerator runs operations in this context: 0 records, 1 makes leaves, 2 leaves all to the slow path."""
    mode = current()
    return 1 if not mode.recording and not mode.anomaly else 0 if mode == _PLAIN else 2


def _set(entries: Sequence[_Entry]) -> Mode:
    mode = _PLAIN
    for entry in entries:
        mode = mode._replace(**entry.changes | {"scope": mode.scope + entry.changes.get("scope", ())})
    _open.set((mode, tuple(entries)))
    return mode


def _count(step: int) -> None:
    global active  # noqa: PLW0603 - the count that the fast paths read
    active += step
    for space in counters:
        space["modes"] += step
    for listener in listeners:
        listener(step)


class Block:
    """A mode, as a context manager and as a decorator. One object may be entered again, inside itself and by several threads.

    Blocks may end in any order, as those of two generators do: each takes back what it changed, and nothing else.
    """

    __slots__ = ("_changes", "_entries", "_name")

    def __init__(self, name: str, **changes: Any) -> None:
        self._name, self._changes = name, changes
        self._entries: list[_Entry] = []

    def __enter__(self) -> None:
        entry = _Entry(self, self._changes)
        with _counting:
            self._entries.append(entry)
            _count(+1)
        _set([*(e for e in _open.get()[1] if not e.over), entry])

    def __exit__(self, *error: object) -> None:
        with _counting:
            here = [e for e in _open.get()[1] if e.owner is self and not e.over]
            mine = here or self._entries  # a generator may be closed in another context than it was started in
            if not mine:
                raise RuntimeError(f"{self._name}() ends, but has not begun")
            entry = mine[-1]
            entry.over = True
            self._entries.remove(entry)
            _count(-1)
        _set([e for e in _open.get()[1] if not e.over])

    def __call__(self, f: _F) -> _F:
        """The function, run within this mode."""
        if not callable(f):
            raise TypeError(f"{self._name}() is for a with statement or a function, not {type(f).__name__}")
        flags = getattr(getattr(f, "__code__", None), "co_flags", 0)
        if flags & (_GENERATOR | _ASYNC_GENERATOR):
            raise TypeError(f"{self._name}() cannot cover a generator, which others run between its steps: use with inside it")
        run: Callable[..., Any] = f

        async def coroutine(*args: Any, **kwargs: Any) -> Any:
            with self:
                return await run(*args, **kwargs)

        def function(*args: Any, **kwargs: Any) -> Any:
            with self:
                return run(*args, **kwargs)

        return wraps(f)(coroutine if flags & _COROUTINE else function)  # type: ignore[return-value]


@overload
def no_grad() -> Block: ...
@overload
def no_grad(f: _F, /) -> _F: ...
def no_grad(f: Any = None, /) -> Any:
    """Within it nothing is recorded: results are leaves, and no gradient flows through them.

    Also a decorator, with brackets or without, of functions and `async def` alike.

    >>> from autograd import Value, no_grad
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.backward()
    >>> y.data, x.grad
    (9.0, 0.0)
    """
    block = Block("no_grad", recording=False)
    return block if f is None else block(f)


def is_recording() -> bool:
    """Whether operations are recorded in this context."""
    return not active or current().recording


def recording() -> AbstractContextManager[None]:
    """Within it operations are recorded, whatever surrounds it: what a transform needs inside `no_grad`."""
    # Where recording is on already no mode is needed, and operations keep their fast path.
    return _NOTHING if is_recording() else Block("recording", recording=True)


_NOTHING = nullcontext()


@overload
def detect_anomaly() -> Block: ...
@overload
def detect_anomaly(f: _F, /) -> _F: ...
def detect_anomaly(f: Any = None, /) -> Any:
    """Within it the first operation, forward or backward, that produces NaN or infinity raises `AnomalyError`.

    The error names the operation, its operands with their labels, and the line of the program that recorded it. Recording
    is several times slower meanwhile. Also a decorator, with brackets or without.

    >>> from autograd import Value, detect_anomaly
    >>> x = Value(1e200, label="x")
    >>> with detect_anomaly():
    ...     y = x * x
    Traceback (most recent call last):
      ...
    autograd.errors.AnomalyError: mul(x = 1e+200, x = 1e+200) produced inf
      recorded at <doctest autograd.modes.detect_anomaly[2]>:2: y = x * x
    """
    block = Block("detect_anomaly", anomaly=True, lines=True)
    return block if f is None else block(f)


def scope(name: str) -> Block:
    """Within it recorded operations belong to a named group, inside any surrounding one: a neuron, a layer, a loss.

    Pictures draw a scope as a box. Also a decorator. Raises `TypeError` if `name` is not a `str`.

    >>> from autograd import Value, scope
    >>> with scope("loss"):
    ...     y = Value(2.0) * 3
    >>> y.scope
    ('loss',)
    """
    if not isinstance(name, str):
        raise TypeError(f"scope() takes a name, not {type(name).__name__}")
    return Block("scope", scope=(name,))


def lines() -> Block:
    """Within it each operation remembers the line of the user's program that recorded it."""
    return Block("lines", lines=True)


def users_line() -> str:
    """Where the program is, outside this library: "file.py:12: y = log(x)"."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_packages):
        frame = frame.f_back
    name, number = frame.f_code.co_filename, frame.f_lineno
    import linecache

    text = linecache.getline(name, number, frame.f_globals).strip()
    return f"{name}:{number}: {text}" if text else f"{name}:{number}"
