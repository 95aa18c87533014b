"""Taylor mode: the coefficients of a function's Taylor series at a point, all in one pass, by arithmetic of power series.

Nested `grad` differentiates derivatives, so its work doubles with each order. Here every Value of the recorded graph becomes a
power series, and no operation needs a rule of its own: if y = φ(a, b), the table has ∂φ/∂a and ∂φ/∂b, the chain rule along the
series says y′ = ∂φ/∂a · a′ + ∂φ/∂b · b′, and comparing coefficients, with p = ∂φ/∂a,

    n · yₙ = Σ j · aⱼ · pₙ₋ⱼ + …,    j = 1 … n

The partials are series as well, computed from the rows by the same rule, as far as needed: of p only coefficients below n are,
so y may itself occur in p (exp′ = exp), and sin may need cos and cos need sin. A series that was made before is found again, or
that pair would never end. (Griewank and Walther, Evaluating Derivatives, 2nd edition 2008, chapter 13.)

Where a coefficient does not exist, a series keeps the error in its place, and what has the constant 0 as partial goes on: the
branch that `where` or `maximum` leaves aside does no harm. A partial that only happens to be 0 there may not hide an infinite
one: √x·√x has the derivative 1 at 0, though both terms of its sum are 0·∞.
"""

import math
from collections.abc import Callable, Sequence
from operator import index, mul
from typing import Any

from autograd import functions, modes
from autograd._engine import tracing
from autograd._engine.numbers import number
from autograd._engine.slow_path import MATH_ERRORS, evaluate
from autograd._engine.special import largest
from autograd._engine.structures import flatten
from autograd._engine.walks import ancestors, operands, reaches_before
from autograd.chain import check_finite, no_derivative
from autograd.errors import DerivativeError
from autograd.operators import Operators
from autograd.table import OPERATORS, TABLE, Op
from autograd.value import Value

_Operators: Any = object  # the operators are made from the table, below


class Series(_Operators):  # type: ignore[misc]
    """A power series, extended as far as it is asked for; it compares by its value, which is its first coefficient."""

    __slots__ = ("error", "made", "of", "op", "operands", "rule", "slopes", "span", "weighted")

    def __init__(self, made: "_Made", op: Op | None, operands: Sequence[Any], value: float) -> None:
        self.made, self.op, self.operands = made, op, operands
        self.of = [value]
        self.rule = _ARITHMETIC.get(op, _by_partials)  # computes the next coefficient
        self.error: DerivativeError | None = None  # why there are no more coefficients
        self.weighted: list[float] = []  # 1·a₁, 2·a₂, 3·a₃, …
        self.slopes: list[tuple[Series, Any]] | None = None  # operands, and the partials for them
        self.span: Sequence[Series] = ()  # what was made for the partials

    @property  # type: ignore[misc]
    def __class__(self) -> type:  # a partial that asks isinstance(x, Value) goes the way it goes for Values
        return Value

    @property
    def data(self) -> float:
        """The number at the point, a constant."""
        return self.of[0]

    _data = data

    def record(self, op: Op, operands: Sequence[Any]) -> Any:
        """What a rule does with this series; the seam of `autograd._engine.tracing`."""
        return self.made.series(op, operands)

    def largest(self, xs: Sequence[Any]) -> float:
        """The largest of these, as a constant."""
        return largest(xs)

    def __bool__(self) -> bool:
        return self.of[0] != 0.0

    def __float__(self) -> float:
        raise TypeError("a partial written with functions of math has no Taylor series: use those of autograd")

    def upto(self, n: int) -> list[float]:
        """The coefficients, extended so that number n is there."""
        found = self.of
        while len(found) <= n:
            k = len(found)
            y = self.rule(self, k)
            found.append(y)
            self.weighted.append(k * y)
        return found

    def extend(self, n: int) -> None:
        """The same, as far as the coefficients exist; `error` tells why there are no more."""
        for rule in (self.rule, _by_partials):  # arithmetic does not tell which of its factors are constant zeros
            self.rule, self.error = rule, None
            try:
                self.upto(n)
            except DerivativeError as error:
                self.error = error.with_traceback(None)
            else:
                return
        self.rule = _no_more

    def __pos__(self) -> "Series":
        return self

    def __divmod__(self, other: Any) -> tuple[Any, Any]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Any, Any]:
        return other // self, other % self

    __round__ = functions.round
    clip = functions.clip


def _by_partials(y: Series, n: int) -> float:
    """Coefficient n by the chain rule, as above."""
    if y.slopes is None:
        y.made.differentiate(y)
    for x in y.span:
        x.upto(n - 1)
    total = 0.0
    for a, p in y.slopes or ():
        if type(p) is float:
            if p != 0.0:  # else it is left aside, and not asked
                a.upto(n)
                total += a.weighted[n - 1] * p
        else:
            a.upto(n)
            total += sum(map(mul, a.weighted, p.upto(n - 1)[n - 1 :: -1]))
    return total / n


def _no_more(y: Series, n: int) -> float:
    raise y.error or DerivativeError(f"coefficient {n} does not exist")


def _coefficient(x: Any, n: int) -> float:
    return x.upto(n)[n] if type(x) is Series else 0.0


def _product(y: Series, n: int) -> float:
    a, b = y.operands
    if type(a) is Series and type(b) is Series:
        a.upto(n)
        return float(sum(map(mul, a.of, b.upto(n)[n::-1])))
    return float(a.upto(n)[n] * b if type(a) is Series else a * b.upto(n)[n])


def _quotient(y: Series, n: int) -> float:
    a, b = y.operands
    if type(b) is not Series:
        return float(a.upto(n)[n] / b)
    return float((_coefficient(a, n) - sum(map(mul, y.of, b.upto(n)[n:0:-1]))) / b.of[0])


_NEG = TABLE["neg"]
_ARITHMETIC: dict[Op | None, Callable[[Series, int], float]] = {
    None: lambda _, n: 1.0 if n == 1 else 0.0,  # x itself
    TABLE["add"]: lambda y, n: _coefficient(y.operands[0], n) + _coefficient(y.operands[1], n),
    TABLE["sub"]: lambda y, n: _coefficient(y.operands[0], n) - _coefficient(y.operands[1], n),
    _NEG: lambda y, n: -_coefficient(y.operands[0], n),
    TABLE["mul"]: _product,
    TABLE["div"]: _quotient,
}
"""What the chain rule would say as well, in fewer steps. The keys are rows: a custom operation may have any name."""


class _Made:
    """The series of one call, by operation and operands."""

    def __init__(self) -> None:
        self.all: list[Series] = []
        self.known: dict[Any, Any] = {}

    def series(self, op: Op, given: Sequence[Any], value: float | None = None) -> Any:
        """The operation of series and numbers; a number if there is no series among them."""
        xs = [x if type(x) is Series else float(x) for x in given]
        key = (op, *[id(x) if type(x) is Series else (x, math.copysign(1.0, x)) for x in xs])
        found = self.known.get(key)
        if found is None:
            y = evaluate(op, [x.of[0] if type(x) is Series else x for x in xs]) if value is None else value
            if not any(type(x) is Series for x in xs):
                return y
            found = self.known[key] = Series(self, op, xs, y)
            self.all.append(found)
            if op is _NEG:
                self.known[op, id(found)] = xs[0]  # −(−x) is x, so that a rule of sigmoid(−x) ends at sigmoid(x)
        return found

    def differentiate(self, y: Series) -> None:
        """Find the partials of the operation that a series is."""
        start, xs = len(self.all), y.operands
        op: Any = y.op
        try:
            if op.nary:
                partials = op.lifted[0](xs, y)
            else:
                partials = [f(*xs, y) if type(x) is Series else None for x, f in zip(xs, op.lifted, strict=True)]
        except MATH_ERRORS as error:
            raise no_derivative(op, [x.of[0] if type(x) is Series else x for x in xs], error) from None
        pairs = zip(xs, partials, strict=True)
        y.slopes = [(x, p if type(p) is Series else float(p)) for x, p in pairs if type(x) is Series and p is not None]
        y.span = self.all[start:]


def taylor(f: Callable[[Any], Any], x: float, order: int) -> Any:
    """The Taylor coefficients of `f` at x up to this order: [f(x), f′(x), f″(x)/2!, …, f⁽ⁿ⁾(x)/n!], in one pass.

    `f` takes one number and returns one, or lists, tuples and dicts of them: then each number becomes its list of coefficients.
    The k-th derivative is `math.factorial(k)` times the k-th coefficient. The work for each operation grows as order², where
    that of nested `grad` grows as 2ⁿ; as order³ for `gamma`, `lgamma`, `polygamma`, `sinc`, the tails of `log_ndtr` and
    `ndtri`, which go up to order 100, and for large exponents. Values that `f` closes over count as constants, and the results
    are floats. At a kink every derivative is that of the side which `grad` takes.

    Raises `TypeError` if `x` is no plain number, or inside a function that is being differentiated, if `f` depends on more than
    `x`; `ValueError` for a negative order; `DerivativeError` where a derivative does not exist; `AnomalyError` within
    `detect_anomaly()`, if a coefficient of an operation is not finite.

    >>> import autograd
    >>> autograd.taylor(autograd.exp, 0.0, 4)
    [1.0, 1.0, 0.5, 0.16666666666666666, 0.041666666666666664]
    >>> autograd.taylor(lambda x: 1.0 / (1.0 - x), 0.5, 3)
    [2.0, 4.0, 8.0, 16.0]
    """
    if not callable(f):
        raise TypeError(f"taylor() takes a function, not {type(f).__name__}")
    given: Any = x
    at = NotImplemented if type(given) is Value else number(given)
    if at is NotImplemented:
        raise TypeError(f"taylor() takes a plain number, for its results are floats, not {type(x).__name__}")
    order = index(order)
    if order < 0:
        raise ValueError(f"taylor() takes an order of 0 or more, not {order}")
    token = tracing.within.set(True)
    try:
        with modes.recording():
            start = Value(at)
            outputs, rebuild = flatten(f(start), "the result")
    finally:
        tracing.within.reset(token)
    roots = [y for y in outputs if type(y) is Value]
    if tracing.within.get() and reaches_before(roots, start._seq - 1):
        raise TypeError(
            "taylor() inside a function that is differentiated: its results are floats, so a gradient would be lost"
        )
    found = _expand(start, roots, order)
    coefficients = [found[y] if type(y) is Value else [float(y), *[0.0] * order] for y in outputs]
    result = rebuild(coefficients)
    if hasattr(result, "dtype"):
        raise TypeError("taylor() takes a function that returns a number, or lists, tuples and dicts of them, not an array")
    return result


def _expand(start: Value, roots: Sequence[Value], order: int) -> dict[Value, list[float]]:
    """The coefficients of the roots. Nodes are extended in order of recording, so that none has to wait for its operands."""
    made = _Made()
    of: dict[Value, Any] = {start: Series(made, None, (), start.data)}
    for v in ancestors(*roots):
        if v in of:
            continue
        xs = [x if type(x) is float else of[x] for x in operands(v)]
        if any(type(x) is Series for x in xs):
            of[v] = made.series(v._op, xs, v.data)
            of[v].extend(order)
            if modes.current().anomaly:
                for y in of[v].of:
                    check_finite(v, y)
        else:
            of[v] = v.data
    return {y: of[y].upto(order)[: order + 1] if type(of[y]) is Series else [of[y], *[0.0] * order] for y in roots}


def _operator(op: Op, *, reflected: bool = False) -> Callable[..., Any]:
    def operator(a: Series, *b: Any) -> Any:
        xs = (*b, a) if reflected else (a, *b)
        return a.record(op, xs) if all(type(x) in _NUMBERS for x in b) else NotImplemented

    return operator


def _comparison(name: str) -> Callable[[Series, Any], Any]:
    compare: Any = getattr(float, name)
    return lambda a, b: compare(a.of[0], b.of[0] if type(b) is Series else b)


_NUMBERS = {Series, float, int}
for _name, _special in OPERATORS.items():
    setattr(Series, f"__{_special}__", _operator(TABLE[_name]))
    if TABLE[_name].arity == 2:
        setattr(Series, f"__r{_special}__", _operator(TABLE[_name], reflected=True))
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Series, f"__{_name}__", _comparison(f"__{_name}__"))
Series.__hash__ = object.__hash__  # type: ignore[method-assign]
for _name in TABLE.keys() & vars(Operators).keys():
    setattr(Series, _name, lambda *xs, op=TABLE[_name]: op.function(*xs))
tracing.kinds.add(Series)
