"""`compile` and `take`: the doors to the compiler, which is imported when the first of them opens."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from autograd._engine import tracing
from autograd._engine.lifting import GENERIC
from autograd._engine.numbers import number
from autograd._engine.structures import flatten
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.compiler.function import Compiled

EXECUTORS = ("auto", "native", "kernel", "rolled", "python")


def compile(
    f: Callable[..., Any], *, check: bool = True, executor: str = "auto", fast: Literal["reassoc"] | None = None
) -> "Compiled":
    """The same function, traced once for each signature and then run as native code: floats in, floats out.

    `f` takes and returns floats, NumPy arrays, and lists, tuples, dicts and dataclasses of them (`register_pytree_node` adds
    other classes), and computes with the operations of this library; transforms compose, inside (`f` calls `grad`) and
    outside (`compile(value_and_grad(f))`). Arguments that are `int`, `bool` or `str` are static: a new value traces again.
    Results are eager's to the last bit, but a derivative that is zero is +0.0.

    No gradient is lost: where an argument is a Value, and inside a function that is being differentiated, `f` itself runs. So
    `grad(compile(f))` is right, `compile(grad(f))` is fast. Leaves that `f` closes over, or finds in `nn` modules, are data.

    The result has `repeat(n, state, *data)`, which runs `state = f(state, *data)` n times as one program; `program`, the loops
    that were found, as text; `traces`, the number of programs. It can be called from several threads, and pickled if `f` can,
    or if it stands in the place of `f`, as after `@autograd.compile`. It may be a method of a dataclass.

    With `check`, a call that meets a NaN or an infinity is repeated by the engine, which raises its error at its line; without,
    such results are returned as they are. `executor` is one of "auto", "native" (straight machine code, for small programs),
    "kernel" (one prebuilt interpreter of the loops of large ones), "rolled" (these loops compiled, as "auto" does once it
    pays) and "python"; all but the last need `llvmlite`, the extra `compile`; "auto" does without as well as it can.

    With `fast="reassoc"` sums of 128 terms and more are added in another order, eight side by side: their last bits may differ
    from eager's. Nothing else is given up; NaN and infinity are what they are.

    Raises `TraceError` where `f` needs a number that is known only later (`if x > 0`), naming the line and what to use instead;
    `TypeError` for arguments that are neither numbers nor hashable; `ValueError` for an unknown executor or `fast`.

    >>> import autograd
    >>> fast = autograd.compile(autograd.value_and_grad(lambda x: x[0] * autograd.exp(x[1])))
    >>> fast([2.0, 0.0])
    (2.0, [1.0, 2.0])
    """
    if not callable(f):
        raise TypeError(f"compile() takes a function, not {type(f).__name__}")
    if executor not in EXECUTORS:
        raise ValueError(f"unknown executor: {executor!r} (must be one of {', '.join(map(repr, EXECUTORS))})")
    if fast not in {None, "reassoc"}:
        raise ValueError(f"unknown fast: {fast!r} (must be None or 'reassoc')")
    from autograd.compiler.function import Compiled

    return Compiled(f, check=check, executor=executor, fast=fast)


def take(table: Sequence[Any], index: Any) -> Any:
    """`table[index]`, where the index is a float, and in a compiled function may be data: one program for all indices.

    The entries may be numbers or structures of them, all alike. The index is a whole number from 0 to len(table) − 1: anything
    else is an `IndexError`.

    >>> import autograd
    >>> autograd.take([10.0, 20.0, 30.0], 1.0)
    20.0
    """
    if tracing.tracer((index,)) is not None:
        from autograd.compiler.tape import take

        return take(table, index)
    i = number(index.data if type(index) is Value else index)
    if i is NotImplemented:
        raise TypeError(f"take() takes an index that is a number, not {type(index).__name__}")
    if not (0.0 <= i < len(table) and i == int(i)):
        raise IndexError(f"take() from a table of {len(table)}: the index is {i!r}")
    leaves, rebuild = flatten(table[int(i)], "the entry")
    return rebuild([x if type(x) is float else GENERIC["identity"](x) for x in leaves])
