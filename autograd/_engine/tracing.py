"""The interface between engine and compiler: operands that record operations themselves, on a tape of the compiler.

Only the slow path asks for them, after an operand was neither a Value nor a number, so the engine pays nothing. Such an operand
has a method `record(op, operands)`; while a function is being traced, its transforms are recorded by the tracer too.
"""

from contextvars import ContextVar
from typing import Any

from autograd.errors import AutogradError

kinds: set[Any] = set()
"""The types of operands that record themselves."""

sequences: set[Any] = set()
"""The types of sequences of such operands: the results of loops."""

recorder: ContextVar[Any] = ContextVar("recorder", default=None)
"""What records transforms, loops and branches while this context traces a function; None for the engine itself."""

within: ContextVar[bool] = ContextVar("within", default=False)
"""Whether this context runs a function that a transform differentiates, or a compiler traces."""


def tracer(operands: Any) -> Any:
    """The first operand that records itself, or None."""
    return next((x for x in operands if type(x) in kinds), None) if kinds else None


refused: ContextVar[list[Any] | None] = ContextVar("refused", default=None)
"""The errors of the trace that this context makes, caught by the function or not."""


class TraceError(AutogradError, TypeError):
    """A function being traced needs a number that is known only when the compiled function runs: `if x > 0`, `float(x)`."""
