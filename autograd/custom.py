"""`custom_op`: a user's own row of the table, from Python functions in place of text."""

from collections.abc import Callable
from typing import Any

from autograd._engine import tracing
from autograd._engine.lifting import define
from autograd._engine.numbers import number
from autograd.table import Op
from autograd.value import Value


def custom_op(
    value: Callable[..., float], *partials: Callable[..., Any], name: str = "", symbol: str = "", domain: str = ""
) -> Callable[..., Any]:
    """An operation of your own: its value, and for each operand the partial derivative.

    `value` takes one to three floats and returns a float. Each of `partials`, one for each operand, takes the operands and, if
    it has one more parameter, the result. Write them in the library's functions (`autograd.exp`, not `math.exp`) and `+ - * /`:
    called with Values they then serve derivatives of any order. The result is a function like those of the table: of Values
    and numbers, elementwise on arrays, checked by `gradcheck`, drawn under `symbol` or its name.

    `name` is what errors and pictures call it; by default the name of `value`. Raises `TypeError` if the number of partials or
    of their parameters does not fit; errors of `value` outside its domain should be `ValueError`, `ZeroDivisionError` or
    `OverflowError`, and are reported with `domain`, a text.

    >>> import autograd
    >>> def squareplus(x, b):
    ...     return (x + (x * x + b) ** 0.5) / 2
    >>> op = autograd.custom_op(
    ...     squareplus,
    ...     lambda x, b, y: y / autograd.sqrt(x * x + b),
    ...     lambda x, b: 0.25 / autograd.sqrt(x * x + b),
    ... )
    >>> x = autograd.Value(3.0)
    >>> y = op(x, 16.0)
    >>> y.backward()
    >>> y.data, x.grad
    (4.0, 0.8)
    """
    import inspect  # slow to import, and few programs come here

    name = name or getattr(value, "__name__", "custom").strip("<>")
    inputs = _parameters(value, f"the value of {name!r}")
    if not 1 <= len(inputs) <= 3:
        raise TypeError(f"custom_op {name!r}: an operation takes one to three operands, its value takes {len(inputs)}")
    if len(partials) != len(inputs):
        raise TypeError(
            f"custom_op {name!r}: {len(inputs)} operand(s) {', '.join(inputs)} need as many partials, got {len(partials)}"
        )
    op = Op(name, symbol or name, inputs, domain=domain, about=inspect.getdoc(value) or "an operation of the user's")
    op.value = _number(value, f"custom_op {name!r}: the value")
    op.partials = tuple(_partial(f, x, inputs, name) for f, x in zip(partials, inputs, strict=True))
    return define(op)


def _number(f: Callable[..., Any], what: str) -> Callable[..., Any]:
    """`f`, whose result is a float; a Value only if it is called with Values, for otherwise a gradient would be lost."""

    def checked(*operands: Any) -> Any:
        y = f(*operands)
        if type(y) is float or type(y) in tracing.kinds:
            return y
        if type(y) is Value:
            if any(type(x) is Value for x in operands):
                return y
            raise TypeError(f"{what} returned a Value for plain numbers; what it depends on must be an operand")
        x = number(y)
        if x is NotImplemented:
            raise TypeError(f"{what} must be a number, not {type(y).__name__}")
        return x

    checked.__wrapped__ = f  # type: ignore[attr-defined] # for its signature
    return checked


def _parameters(f: Callable[..., Any], what: str) -> tuple[str, ...]:
    """The names of the positional parameters of `f`."""
    import inspect

    if not callable(f):
        raise TypeError(f"{what} must be a function, not {type(f).__name__}")
    try:
        parameters = inspect.signature(f).parameters.values()
    except ValueError:
        raise TypeError(f"{what} has no signature to check; wrap it: lambda x: f(x)") from None
    for p in parameters:
        if p.kind is p.VAR_POSITIONAL or (p.kind is p.KEYWORD_ONLY and p.default is p.empty):
            raise TypeError(f"{what} must take a fixed number of positional operands, not {p}")
    return tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty)


def _partial(f: Callable[..., Any], x: str, inputs: tuple[str, ...], name: str) -> Callable[..., Any]:
    """`f` as a partial of the table is called: with the operands and the result."""
    n, given = len(inputs), len(_parameters(f, f"custom_op {name!r}: the partial for {x!r}"))
    what = f"custom_op {name!r}: the partial for {x!r}"
    if given == n + 1:
        return _number(f, what)
    if given == n:
        return _number(lambda *operands_and_y: f(*operands_and_y[:-1]), what)
    raise TypeError(
        f"custom_op {name!r}: the partial for {x!r} takes {given} parameters; it is called with {', '.join(inputs)}, and "
        "with the result too if it takes one more"
    )
