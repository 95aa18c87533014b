"""`gradcheck`: the gradient of a function against finite differences of its values.

A central difference (f(x+h) − f(x−h)) / 2h errs by two terms that pull against each other: truncation, h²·f‴/6, and
round-off, ε·|f|/h. The step that balances them is about ε^(1/3) times the size of x (Press et al., Numerical Recipes,
3rd edition, section 5.7), and leaves some ε^(2/3) of relative error; the tolerances are set from that.
"""

import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd.errors import AutogradError, GradcheckError
from autograd.transforms import grad
from autograd.trees import flatten

_EPS = sys.float_info.epsilon


class Row(NamedTuple):
    """One derivative: where it stands in the inputs, the gradient, the difference quotient, and whether they agree."""

    place: str
    gradient: float
    difference: float
    agrees: bool


class Report:
    """The outcome of `gradcheck`: truthy if all derivatives agree; prints as a table."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        self.rows = rows

    def __bool__(self) -> bool:
        return all(row.agrees for row in self.rows)

    def __str__(self) -> str:
        width = max([len("derivative"), *(len(row.place) for row in self.rows)])
        lines = [f"{'derivative':{width}}  {'gradient':>24}  {'difference quotient':>24}"]
        lines += [
            f"{row.place:{width}}  {row.gradient:>24.16g}  {row.difference:>24.16g}{'' if row.agrees else '  WRONG'}"
            for row in self.rows
        ]
        return "\n".join(lines)


def gradcheck(
    f: Callable[..., Any],
    *inputs: Any,
    order: int = 1,
    rtol: float = 1e-6,
    atol: float = 1e-8,
    raise_exception: bool = True,
) -> Report:
    """Compare the gradient of `f` with central differences of `f`; with `order=2`, its Hessian with those of the gradient.

    Inputs are floats, or lists, tuples, dicts and NumPy arrays of them; `f` returns one number. `rtol` is relative to the
    larger of the two numbers, `atol` to the size of f over that of x. Returns a `Report`, truthy when all agree; otherwise
    raises `GradcheckError` with the table, unless `raise_exception` is False. Near a kink of `f` the two may rightly differ;
    where a step leaves the domain, the error says so.

    >>> import autograd
    >>> bool(autograd.gradcheck(lambda x, y: autograd.sin(x) * y, 0.5, 2.0))
    True
    """
    if order not in {1, 2}:
        raise ValueError(f"order is 1 (gradient) or 2 (Hessian), not {order!r}")
    leaves, rebuild = flatten(inputs, "inputs")
    point = [float(getattr(x, "data", x)) for x in leaves]

    def value(xs: Sequence[float]) -> Any:
        return f(*rebuild(xs))

    gradient = grad(value)
    rows: list[Row] = []
    if order == 1:
        rows += _compare("d/d", gradient(point), value, point, rtol, atol)
    else:
        for i in range(len(point)):
            second = grad(lambda xs, i=i: gradient(xs)[i])(point)  # type: ignore[misc]
            rows += _compare(f"d²/d{i} d", second, lambda xs, i=i: gradient(xs)[i], point, rtol, atol)  # type: ignore[misc]
    report = Report(tuple(rows))
    if raise_exception and not report:
        raise GradcheckError(f"the gradient disagrees with finite differences\n{report}", report)
    return report


def _compare(
    prefix: str,
    gradient: Sequence[float],
    f: Callable[[Sequence[float]], Any],
    point: list[float],
    rtol: float,
    atol: float,
) -> list[Row]:
    rows = []
    for i, (x, exact) in enumerate(zip(point, gradient, strict=True)):
        h = _EPS ** (1 / 3) * max(abs(x), 0.1)
        above, below = x + h, x - h
        try:
            high, low = (
                float(getattr(y, "data", y)) for y in (f([*point[:i], moved, *point[i + 1 :]]) for moved in (above, below))
            )
        except AutogradError as error:
            raise GradcheckError(f"input {i} = {x!r} is too near the edge of the domain to step by {h:.2g}: {error}") from error
        difference = (high - low) / (above - below)
        allowed = rtol * max(abs(exact), abs(difference)) + atol * max(abs(high), abs(low), 1.0) / max(abs(x), 0.1)
        rows.append(Row(f"{prefix}{i}", float(exact), difference, abs(exact - difference) <= allowed))
    return rows
