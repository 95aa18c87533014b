"""`root`: where a function is 0, by Newton's method, with the derivative that the implicit function theorem gives.

If f(x, p) = 0 for x = x(p), then dx/dp = −(∂f/∂p) / (∂f/∂x): it takes one Newton step from the root, computed with Values, for
x − f/f′ has just this derivative. The steps on the way to the root are not recorded. Each further step from there doubles the
orders that are right, as it doubles digits: k steps give derivatives up to the order 2ᵏ − 1. (Griewank and Walther, Evaluating
Derivatives, 2nd edition 2008, chapter 15.)
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

from autograd import modes
from autograd._engine import tracing
from autograd._engine.numbers import number
from autograd._engine.structures import flatten
from autograd.custom import custom_op
from autograd.errors import ConvergenceError, DerivativeError, DomainError
from autograd.linalg import solve
from autograd.transforms import jacobian, value_and_grad
from autograd.value import Value

HALVINGS = 40
BISECTIONS = 2200  # more than there are from one end of the floats to the other

Equations = Callable[..., list[Any]]


def root(f: Callable[..., Any], x0: Any, *args: Any, tol: float = 1e-14, maxiter: int = 100, order: int = 7) -> Any:
    """The x with f(x, *args) = 0 that Newton's method finds from x0: a number, or a list of n numbers, if f returns n.

    Derivatives for `args`, and for Values that f closes over, are those of the implicit function; x0 has none. They are right
    up to `order`, and at least a further one is refused with `DerivativeError`: what is recorded grows with log₂ of it.

    A step that does not make |f| smaller is halved; where that leads nowhere, and f of one unknown has been met on both sides
    of 0, it is bisected. `tol` is how small a step must be beside x for the end, `maxiter` is for the steps of Newton's method.

    Raises `ConvergenceError`, with x and |f|, if there is no end or no step makes |f| smaller; `DomainError` where f′ is
    0, or its matrix singular; the errors of f where it is undefined; `TypeError` if f does not return what x0 is; `TraceError`
    in compiled functions.

    >>> import autograd
    >>> round(autograd.root(lambda x, a: x * x - a, 1.0, 2.0), 12)
    1.414213562373
    >>> round(autograd.grad(lambda a: autograd.root(lambda x: x * x - a, 1.0))(2.0), 12)  # 1 / (2 √2)
    0.353553390593
    """
    if not callable(f):
        raise TypeError(f"root() takes a function, not {type(f).__name__}")
    if order < 1:
        raise ValueError(f"root() takes an order of at least 1, not {order}")
    several = isinstance(x0, (list, tuple))
    start = [_plain(x) for x in x0] if several else [_plain(x0)]
    if not start:
        raise ValueError("root() takes at least one number to start from")
    constant = [rebuild([x.data if type(x) is Value else x for x in leaves]) for leaves, rebuild in map(flatten, args)]

    def equations(x: list[Any], *args: Any) -> list[Any]:
        y = f(x, *args) if several else [f(x[0], *args)]
        if not isinstance(y, (list, tuple)) or len(y) != len(x):
            raise TypeError(f"root() takes a function that returns {f'{len(x)} numbers' if several else 'a number'} for x0")
        if tracing.tracer(y) is not None:
            raise _traced()
        return list(y)

    with modes.no_grad():
        x = _newton(equations, start, constant, tol, maxiter)
    if modes.is_recording() and any(type(v) is Value for v in equations(list(x), *args)):
        at: list[Any] = list(x)
        steps = int(order).bit_length()
        for _ in range(steps):
            at = _step(equations, at, args)
        limited = _limited(2**steps - 1)
        x = [limited(a + (v - v.data)) if type(v) is Value else a for a, v in zip(x, at, strict=True)]  # the number stays a
    return x if several else x[0]


@cache
def _limited(order: int) -> Callable[..., Any]:
    """The identity, but derivatives beyond that order are refused."""

    def refuse(_: Any) -> float:
        raise DerivativeError(f"root() gives derivatives up to the order {order} here; root(…, order={order + 1}) gives more")

    slope: Callable[..., Any] = refuse
    for k in reversed(range(order)):
        slope = custom_op(lambda _, k=k: 0.0 if k else 1.0, slope, name="root")
    return custom_op(lambda v: v, slope, name="root")


def _plain(x: Any) -> float:
    if type(x) in tracing.kinds:
        raise _traced()
    y = number(x.data if type(x) is Value else x)
    if y is NotImplemented:
        raise TypeError(f"root() starts from a number or a list of numbers, not {type(x).__name__}")
    if not math.isfinite(y):
        raise DomainError(f"root() starts from finite numbers, not {y!r}")
    return float(y)


def _traced() -> tracing.TraceError:
    return tracing.TraceError(
        "root() goes on until the numbers say that it is at the end, and they are not known while a function is traced; "
        "leave it out of the compiled function, or take a fixed number of steps"
    )


def _step(equations: Equations, x: list[Any], args: Any) -> list[Any]:
    """x − J⁻¹·f, recorded."""
    if len(x) == 1:
        y, slope = value_and_grad(lambda t: equations([t], *args)[0])(x[0])
        if slope == 0.0:
            raise DomainError(f"root(): the derivative is 0 at x = {_shown(x)}")
        return [x[0] - y / slope]
    y, rows = equations(x, *args), jacobian(lambda t: equations(t, *args))(x)
    try:
        return [a - d for a, d in zip(x, solve(rows, y), strict=True)]
    except DomainError:
        raise DomainError(f"root(): the matrix of derivatives is singular, or not finite, at x = {_shown(x)}") from None


def _newton(equations: Equations, x: list[float], args: Any, tol: float, maxiter: int) -> list[float]:
    """Newton's method on floats; for one unknown, bisection where it fails."""
    ends: dict[bool, tuple[float, float]] = {}  # the last places where f was negative and positive, and |f| there

    def size(x: list[float]) -> float:
        """|f| at x; infinite where it is undefined."""
        try:
            y = [float(v.data if type(v) is Value else v) for v in equations(list(x), *args)]
        except (ValueError, ArithmeticError):
            return math.inf
        found = math.hypot(*y)
        if len(x) == 1 and 0.0 < found < math.inf:
            ends[y[0] > 0.0] = x[0], found
        return found if found == found else math.inf

    try:
        return _damped(equations, size, x, args, tol, maxiter)
    except (ConvergenceError, DomainError):
        if len(ends) < 2:
            raise
        (low, before), (high, also) = ends[False], ends[True]
        then = before, also
        for _ in range(BISECTIONS):
            middle = low / 2 + high / 2
            if middle in (low, high) or (now := size([middle])) == math.inf:
                break
            if now == 0.0:
                return [middle]
            (low, before), (high, also) = ends[False], ends[True]
        if max(before, also) > 1e-6 * min(then):  # the sign changes at a pole, or a jump
            raise
        return [low if before < also else high]


def _damped(
    equations: Equations, size: Callable[..., float], x: list[float], args: Any, tol: float, maxiter: int
) -> list[float]:
    """Newton's method with halved steps."""
    now = size(x)
    for _ in range(maxiter):
        if now == 0.0:
            return x
        with modes.recording():
            new = [float(v.data if type(v) is Value else v) for v in _step(equations, x, args)]
        step = [b - a for a, b in zip(x, new, strict=True)]
        small, tiny = (all(abs(d) <= t * max(abs(a), 1e-300) for a, d in zip(x, step, strict=True)) for t in (tol, 1e-9))
        for k in range(HALVINGS):
            trial = [a + d * 0.5**k for a, d in zip(x, step, strict=True)]
            if (then := size(trial)) < now:
                break
        else:
            if small or tiny:
                return x  # f is nothing but rounding here
            raise ConvergenceError(f"root(): no step makes f smaller at x = {_shown(x)}, where |f| is {now:.3g}")
        x, now = trial, then
        if small:
            return x
    raise ConvergenceError(f"root() has not converged after {maxiter} steps: at x = {_shown(x)} |f| is {now:.3g}")


def _shown(x: list[Any]) -> str:
    numbers = [v.data if type(v) is Value else v for v in x]
    return repr(numbers[0] if len(numbers) == 1 else numbers)
