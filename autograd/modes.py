"""Modes of recording: `no_grad`, `detect_anomaly`, `scope`, one state per context (thread or task).

The trick is that a mode costs nothing while no one uses it. An operation asks one global, `modes`, how many modes
are active anywhere; only when that is not 0 does it look up the state of its own context and take the careful path.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from os.path import dirname, sep
from threading import Lock
from typing import Any, NamedTuple


class Mode(NamedTuple):
    """How operations are recorded in one context: at all? with the user's line? refusing NaN? inside which scope?"""

    recording: bool = True
    anomaly: bool = False
    lines: bool = False
    scope: tuple[str, ...] = ()


_mode: ContextVar[Mode] = ContextVar("autograd mode", default=Mode())  # noqa: B039 - a tuple
_counting = Lock()
_packages = (dirname(__file__) + sep, dirname(dirname(__file__)) + sep + "nn" + sep, "<operator ", "<table of operations>")
listeners: list[Callable[[int], None]] = []
"""Called with +1 when a mode begins somewhere and −1 when it ends."""

counters: list[dict[str, Any]] = []
"""The globals of the operations: in each, `modes` counts the modes active anywhere."""


def current() -> Mode:
    """The mode of this context."""
    return _mode.get()


@contextmanager
def _with(**changes: Any) -> Iterator[None]:
    token = _mode.set(_mode.get()._replace(**changes))
    _count(+1)
    try:
        yield
    finally:
        _count(-1)
        _mode.reset(token)


def _count(step: int) -> None:
    with _counting:
        for space in counters:
            space["modes"] += step
        for listener in listeners:
            listener(step)


@contextmanager
def no_grad() -> Iterator[None]:
    """Within it nothing is recorded: results are leaves, and no gradient flows through them. Also a decorator.

    >>> from autograd import Value, no_grad
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.backward()
    >>> y.data, x.grad
    (9.0, 0.0)
    """
    with _with(recording=False):
        yield


@contextmanager
def recording() -> Iterator[None]:
    """Within it operations are recorded, whatever surrounds it: what a transform needs inside `no_grad`."""
    if current().recording:  # no mode to begin: operations keep their quick way
        yield
        return
    with _with(recording=True):
        yield


@contextmanager
def detect_anomaly() -> Iterator[None]:
    """Within it the first operation, forward or backward, that produces NaN or infinity raises `AnomalyError`.

    The error names the operation, its operands with their labels, and the line of the program that recorded it. Recording
    is several times slower meanwhile. Also a decorator.

    >>> from autograd import Value, detect_anomaly
    >>> x = Value(1e200, label="x")
    >>> with detect_anomaly():
    ...     y = x * x
    Traceback (most recent call last):
      ...
    autograd.errors.AnomalyError: mul(x = 1e+200, x = 1e+200) produced inf
      recorded at <doctest autograd.modes.detect_anomaly[2]>:2: y = x * x
    """
    with _with(anomaly=True, lines=True):
        yield


@contextmanager
def scope(name: str) -> Iterator[None]:
    """Within it recorded operations belong to a named group, inside any surrounding one: a neuron, a layer, a loss.

    Pictures draw a scope as a box. Raises `TypeError` if `name` is not a `str`.

    >>> from autograd import Value, scope
    >>> with scope("loss"):
    ...     y = Value(2.0) * 3
    >>> y.scope
    ('loss',)
    """
    if not isinstance(name, str):
        raise TypeError(f"scope() takes a name, not {type(name).__name__}")
    with _with(scope=(*_mode.get().scope, name)):
        yield


@contextmanager
def lines() -> Iterator[None]:
    """Within it each operation remembers the line of the user's program that recorded it."""
    with _with(lines=True):
        yield


def users_line() -> str:
    """Where the program is, outside this library: "file.py:12: y = log(x)"."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_packages):
        frame = frame.f_back
    name, number = frame.f_code.co_filename, frame.f_lineno
    import linecache

    text = linecache.getline(name, number, frame.f_globals).strip()
    return f"{name}:{number}: {text}" if text else f"{name}:{number}"
