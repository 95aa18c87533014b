"""`root`: where a function is 0, by Newton's method, with the derivative that the implicit function theorem gives.

If f(x, p) = 0 for x = x(p), then dx/dp = −(∂f/∂p) / (∂f/∂x): it takes one Newton step from the root, computed with Values, for
x − f/f′ has just this derivative. The steps on the way to the root are not recorded. Each further step from there doubles the
orders that are right, as it doubles digits: after three, derivatives up to the seventh.
"""

import math
from collections.abc import Callable
from typing import Any

from autograd import modes
from autograd._engine.numbers import number
from autograd._engine.structures import flatten
from autograd.errors import ConvergenceError, DomainError
from autograd.linalg import solve
from autograd.transforms import jacobian, value_and_grad
from autograd.value import Value

STEPS = 3  # that are recorded: derivatives are right up to the order 2³ − 1
HALVINGS = 40


def root(f: Callable[..., Any], x0: Any, *args: Any, tol: float = 1e-14, maxiter: int = 100) -> Any:
    """The x with f(x, *args) = 0 that Newton's method finds from x0: a number, or a list of n numbers, if f returns n.

    Derivatives for `args`, and for Values that f closes over, are those of the implicit function, up to the seventh order; x0
    has none. A step that does not make |f| smaller is halved. `tol` is how small a step must be beside x for the end.

    Raises `ConvergenceError` if there is no end after `maxiter` steps, or no step makes |f| smaller; `DomainError` where f or
    its derivative does not exist on the way, or f′ is 0; `TypeError` if f does not return what x0 is.

    >>> import autograd
    >>> round(autograd.root(lambda x, a: x * x - a, 1.0, 2.0), 12)
    1.414213562373
    >>> round(autograd.grad(lambda a: autograd.root(lambda x: x * x - a, 1.0))(2.0), 12)  # 1 / (2 √2)
    0.353553390593
    """
    several = isinstance(x0, (list, tuple))
    start = [_plain(x) for x in x0] if several else [_plain(x0)]
    if several and not start:
        raise ValueError("root() takes at least one number to start from")
    constant = [rebuild([x.data if type(x) is Value else x for x in leaves]) for leaves, rebuild in map(flatten, args)]

    def equations(x: list[Any], *args: Any) -> list[Any]:
        y = f(x, *args) if several else [f(x[0], *args)]
        if not isinstance(y, (list, tuple)) or len(y) != len(x):
            raise TypeError(f"root() takes a function that returns {f'{len(x)} numbers' if several else 'a number'} for x0")
        return list(y)

    with modes.no_grad():
        x = _newton(equations, start, constant, tol, maxiter)
    y = equations(list(x), *args)
    if any(type(v) is Value for v in y) and modes.is_recording():
        at: list[Any] = list(x)
        for _ in range(STEPS):
            at = _step(equations, at, args)
        found = [a + (v - v.data) if type(v) is Value else v for a, v in zip(x, at, strict=True)]  # the number stays a
        return found if several else found[0]
    return x if several else x[0]


def _plain(x: Any) -> float:
    y = number(x.data if type(x) is Value else x)
    if y is NotImplemented:
        raise TypeError(f"root() starts from a number or a list of numbers, not {type(x).__name__}")
    return float(y)


def _step(equations: Callable[..., list[Any]], x: list[Any], args: Any) -> list[Any]:
    """x − J⁻¹·f, recorded."""
    if len(x) == 1:
        y, slope = value_and_grad(lambda t: equations([t], *args)[0])(x[0])
        return [x[0] - y / slope]
    y, rows = equations(x, *args), jacobian(lambda t: equations(t, *args))(x)
    return [a - d for a, d in zip(x, solve(rows, y), strict=True)]


def _newton(equations: Callable[..., list[Any]], x: list[float], args: Any, tol: float, maxiter: int) -> list[float]:
    """Newton's method on floats, with halved steps."""
    size = _size(equations, x, args)
    for _ in range(maxiter):
        if size == 0.0:
            return x
        with modes.recording():
            try:
                new = [float(v.data if type(v) is Value else v) for v in _step(equations, x, args)]
            except ArithmeticError:
                raise DomainError(f"root(): the derivative is 0 at x = {_shown(x)}") from None
        step = [b - a for a, b in zip(x, new, strict=True)]
        small = all(abs(d) <= tol * max(abs(a), 1e-300) for a, d in zip(x, step, strict=True))
        for k in range(HALVINGS):
            trial = [a + d * 0.5**k for a, d in zip(x, step, strict=True)]
            then = _size(equations, trial, args)
            if then < size:
                break
        else:
            if small or all(abs(d) <= 1e-9 * max(abs(a), 1e-300) for a, d in zip(x, step, strict=True)):
                return x  # f is nothing but rounding here
            raise ConvergenceError(f"root(): no step makes f smaller at x = {_shown(x)}, where |f| is {size:.3g}")
        x, size = trial, then
        if small:
            return x
    raise ConvergenceError(f"root() has not converged after {maxiter} steps: at x = {_shown(x)} |f| is {size:.3g}")


def _size(equations: Callable[..., list[Any]], x: list[float], args: Any) -> float:
    """|f| at x; infinite where it is undefined."""
    try:
        y = math.hypot(*[float(v.data if type(v) is Value else v) for v in equations(list(x), *args)])
    except (DomainError, ArithmeticError):
        return math.inf
    return y if y == y else math.inf


def _shown(x: list[float]) -> str:
    return repr(x[0] if len(x) == 1 else x)
