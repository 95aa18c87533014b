"""The complex step: f′(x) = Im f(x + ih) / h, with no difference to cancel in, and so with nearly all digits.

With h as small as 10⁻¹⁰⁰ the truncation error, h²f‴/6, is gone (Squire and Trapp, Using complex variables to estimate
derivatives of real functions, SIAM Review 40, 1998). It needs f continued into the complex plane. An
operation's value is a text in the table, and the text runs on any numbers: here on `Complex`, with the functions of
`cmath` as globals. The derivative it gives owes nothing to the row's partials.

A condition in the text asks the real part. At a tie, where the answer would depend on which side the point is
moved to, and for functions that have no continuation here, `Unsupported` is raised: another oracle must speak.
"""

import cmath
import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd._engine.lifting import lifted
from autograd._engine.special import LISTS
from autograd.check.differences import Estimate
from autograd.derivatives import FLOATS
from autograd.table import CONSTANTS, TABLE, Op

_UNDERFLOW = 1e-300  # the smallest imaginary part that has all its digits
_WIDEST = 2.0**-50


class Unsupported(Exception):  # noqa: N818 - not an error: this oracle abstains
    """The complex step has nothing to say here."""


class Complex:
    """A complex number that compares by its real part, as the branch of a real function does."""

    __slots__ = ("z",)

    def __init__(self, z: complex) -> None:
        self.z = z

    def __add__(self, other: Any) -> "Complex":
        return Complex(self.z + of(other))

    def __sub__(self, other: Any) -> "Complex":
        return Complex(self.z - of(other))

    def __mul__(self, other: Any) -> "Complex":
        return Complex(self.z * of(other))

    def __truediv__(self, other: Any) -> "Complex":
        return Complex(self.z / of(other))

    def __rsub__(self, other: Any) -> "Complex":
        return Complex(of(other) - self.z)

    def __rtruediv__(self, other: Any) -> "Complex":
        return Complex(of(other) / self.z)

    __radd__, __rmul__ = __add__, __mul__

    def __pow__(self, other: Any) -> Any:
        return _pow(self, other)

    def __rpow__(self, other: Any) -> Any:
        return _pow(other, self)

    def __floordiv__(self, other: Any) -> float:
        return _piecewise(math.floor)(self / other)

    def __rfloordiv__(self, other: Any) -> float:
        return _piecewise(math.floor)(other / self)

    def __mod__(self, other: Any) -> Any:
        return self - (self // other) * other

    def __rmod__(self, other: Any) -> Any:
        return other - (other // self) * self

    def __neg__(self) -> "Complex":
        return Complex(-self.z)

    def __pos__(self) -> "Complex":
        return self

    def __abs__(self) -> "Complex":
        return self if self > 0.0 else -self

    def __bool__(self) -> bool:
        return self != 0.0

    def __lt__(self, other: Any) -> bool:
        return self.z.real < _clear(self, other)

    def __le__(self, other: Any) -> bool:
        return self.z.real <= _clear(self, other)

    def __gt__(self, other: Any) -> bool:
        return self.z.real > _clear(self, other)

    def __ge__(self, other: Any) -> bool:
        return self.z.real >= _clear(self, other)

    def __eq__(self, other: object) -> bool:
        return other is self or self.z.real == _clear(self, other)

    __hash__ = None  # type: ignore[assignment]  # compares by value and is never a key


def of(x: Any) -> complex:
    """The complex number in `x`."""
    return x.z if type(x) is Complex else complex(x)


def _clear(a: Complex, b: Any) -> float:
    """The real part of `b`; `Unsupported` if that of `a` is the same, for then the point is on a border."""
    right = of(b).real
    if a.z.real == right and b is not a:
        raise Unsupported
    return right


def _pow(a: Any, b: Any) -> Any:
    p, q = of(a), of(b)
    if q.imag == 0.0 and q.real == round(q.real) and abs(q.real) <= 64.0:
        return Complex(p ** int(q.real)) if p.real or q.real >= 1.0 else _abstain()
    if p.real > 0.0:
        return Complex(cmath.exp(q * cmath.log(p)))
    if p.real < 0.0 and q.imag == 0.0 and q.real == math.floor(q.real):
        return Complex((-1.0) ** (q.real % 2.0) * cmath.exp(q * cmath.log(-p)))
    return _abstain()


def _abstain(*_: Any) -> Any:
    raise Unsupported


def _piecewise(rounding: Callable[[float], float]) -> Callable[[Any], float]:
    """A function constant between its jumps; at a jump, and half-way, where rounding has one, it abstains."""

    def constant(x: Any) -> float:
        real = of(x).real
        return float(rounding(real)) if real * 2.0 != math.floor(real * 2.0) else float(_abstain())

    return constant


def _expm1(z: complex) -> complex:
    half = math.sin(z.imag / 2.0)
    return complex(math.expm1(z.real) * math.cos(z.imag) - 2.0 * half * half, math.exp(z.real) * math.sin(z.imag))


def _log1p(z: complex) -> complex:
    return complex(math.log1p(z.real), math.atan2(z.imag, 1.0 + z.real))  # for a tiny imaginary part


def _cbrt(z: complex) -> complex:
    if z.real == 0.0:
        _abstain()
    return cmath.exp(cmath.log(z) / 3.0) if z.real > 0.0 else -cmath.exp(cmath.log(-z) / 3.0)


def _erf(z: complex) -> complex:
    """2/√π · exp(−z²) · Σ 2ⁿ z²ⁿ⁺¹ / (1·3·…·(2n + 1)), DLMF 7.6.2: no term cancels another."""
    if abs(z.real) > 2.0:
        return 1.0 - _erfc(z) if z.real > 0.0 else _erfc(-z) - 1.0
    term = total = z
    for n in range(1, 60):
        term *= 2.0 * z * z / (2 * n + 1)
        total += term
    return 2.0 / math.sqrt(math.pi) * cmath.exp(-z * z) * total


def _erfc(z: complex) -> complex:
    """1 − erf, or beyond 2 the continued fraction DLMF 7.9.1, evaluated from its tail."""
    if z.real <= 2.0:
        return 1.0 - _erf(z)
    tail: complex = z
    for n in range(120, 0, -1):
        tail = z + n / 2.0 / tail
    return cmath.exp(-z * z) / math.sqrt(math.pi) / tail


def _length(xs: Sequence[Any]) -> Complex:
    size = max(abs(of(x).real) for x in xs) or _abstain()
    return Complex(size * cmath.sqrt(sum((of(x) / size) ** 2 for x in xs)))


def _atan2(a: Any, b: Any) -> Complex:
    """The inverse tangent of the smaller over the larger, turned to the quadrant of the real parts."""
    y, x = of(a), of(b)
    if x.real == 0.0 == y.real:
        _abstain()
    z = cmath.atan(y / x) if abs(x.real) >= abs(y.real) else -cmath.atan(x / y)
    return Complex(complex(math.atan2(y.real, x.real), z.imag))


def _largest(xs: Sequence[Any]) -> Any:
    return max(xs, key=lambda x: of(x).real)


def _copysign(a: Any, b: Any) -> Any:
    if type(b) is Complex and b.z.real == 0.0:
        _abstain()
    return abs(a) if math.copysign(1.0, of(b).real) > 0.0 else -abs(a)


_EDGES: dict[str, tuple[float, float]] = {
    "sqrt": (0.0, math.inf), "log": (0.0, math.inf), "log10": (0.0, math.inf), "acosh": (1.0, math.inf),
    "asin": (-1.0, 1.0), "acos": (-1.0, 1.0), "atanh": (-1.0, 1.0),
}  # fmt: skip
"""Where the functions of `cmath` are the continuations of real ones."""


def _inside(f: Callable[[complex], complex], low: float = -math.inf, high: float = math.inf) -> Callable[[Any], Complex]:
    """`f` within its real domain; on its edge, where the derivative is infinite, and beyond, it abstains."""
    return lambda x: Complex(f(of(x))) if low < of(x).real < high else _abstain()


_cm = {
    name: _inside(getattr(cmath, name), *_EDGES.get(name, ()))
    for name in ("sqrt exp log log10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh".split())  # noqa: SIM905
}

COMPLEX: dict[str, Any] = CONSTANTS | LISTS | dict.fromkeys(FLOATS.keys() - CONSTANTS.keys() - LISTS.keys(), _abstain) | _cm | {
    "abs": abs, "exp2": _inside(lambda z: cmath.exp(z * math.log(2.0))), "expm1": _inside(_expm1),
    "log1p": _inside(_log1p, -1.0), "log2": _inside(lambda z: cmath.log(z) / math.log(2.0), 0.0), "cbrt": _inside(_cbrt),
    "erf": _inside(_erf), "erfc": _inside(_erfc), "atan2": _atan2, "length": _length, "c_pow": _pow, "copysign": _copysign,
    "floor": _piecewise(math.floor), "ceil": _piecewise(math.ceil), "trunc": _piecewise(math.trunc),
    "rint": _piecewise(round), "fma": lambda a, b, c: a * b + c, "fmod": lambda a, b: a - _piecewise(math.trunc)(a / b) * b,
    "largest": _largest, "__builtins__": FLOATS["__builtins__"],
}  # fmt: skip
"""The globals of the table's texts over `Complex`."""


def _continued(op: Op) -> Callable[..., Any]:
    """The value of a row over `Complex`: its text, or the function that is the whole text."""
    whole = op.text[0].split("(")[0]
    if op.value is FLOATS.get(whole):
        function: Callable[..., Any] = COMPLEX[whole]
        return function
    return lifted(op.value, COMPLEX) if getattr(op.value, "__globals__", None) is FLOATS else _abstain


_values = {name: _continued(op) for name, op in TABLE.items()}
COMPLEX.update(_values)


def value(op: Op, xs: Sequence[Any]) -> Any:
    """The operation's value at complex operands; `Unsupported` where it has none."""
    function = _values[op.name] if TABLE.get(op.name) is op else op.value
    return call(function, op, xs)


def partial(op: Op, i: int, xs: Sequence[Any], y: Any) -> Any:
    """The operation's partial for operand `i` at complex operands, for second derivatives."""
    function = op.partials[0 if op.nary else i]
    known = TABLE.get(op.name) is op
    d = call(lifted(function, COMPLEX) if known else function, op, xs, y)
    return d[i] if op.nary else d


def call(function: Callable[..., Any], op: Op, xs: Sequence[Any], *more: Any) -> Any:
    """`function` of these operands; whatever fails because of complex operands is `Unsupported`."""
    try:
        y = function(list(xs), *more) if op.nary else function(*xs, *more)
    except (TypeError, AttributeError, ArithmeticError, ValueError, KeyError):
        raise Unsupported from None
    if type(y) is Complex and not cmath.isfinite(y.z):
        raise Unsupported
    return y


def bound(d: float, h: float, size: float = 0.0) -> float:
    """What the derivative found by a complex step h may be off by: rounding, of terms of this size, and underflow."""
    return max(1e-10 * max(abs(d), size), _UNDERFLOW / h)


def derivative(function: Callable[[Sequence[Any]], Any], xs: Sequence[float], i: int) -> Estimate:
    """Im f(…, xᵢ + ih, …) / h and its error, of a function of a list of numbers. Raises `Unsupported`.

    >>> from autograd.check import complexstep
    >>> from autograd.table import TABLE
    >>> d, bound = complexstep.derivative(lambda xs: complexstep.value(TABLE["sin"], xs), [0.5], 0)
    >>> d == TABLE["cos"].value(0.5), bound < 1e-9
    (True, True)
    """
    h = tiny(xs[i])
    d = _step(function, xs, i, h)
    if abs(d * h) <= _UNDERFLOW or h > 2.0**-40 * abs(xs[i]):
        # A step for the size of x underflows, or there is none: one for the size of 1, if half of it finds the same.
        h = _WIDEST
        d = _step(function, xs, i, h)
        apart = abs(_step(function, xs, i, h / 2.0) - d)
        if any(0.0 < abs(x) < h * h for j, x in enumerate(xs) if j != i):
            _abstain()  # beside so small an operand this step is no small one
        return Estimate(d, max(bound(d, h), 4.0 * apart))
    # Something on the way may underflow though the result does not, if what follows is large: then another step tells.
    apart = abs(_step(function, xs, i, 0.375 * h) - d)
    return Estimate(d, max(bound(d, h), 4.0 * apart))


def _step(function: Callable[[Sequence[Any]], Any], xs: Sequence[float], i: int, h: float) -> float:
    moved: list[Any] = list(xs)
    moved[i] = Complex(complex(xs[i], h))
    y = function(moved)
    d = y.z.imag / h if type(y) is Complex else 0.0
    return d if math.isfinite(d) else float(_abstain())


def tiny(x: float) -> float:
    """A step so small that its square vanishes beside 1, and beside x."""
    h = _WIDEST * min(1.0, abs(x) or 1.0)
    return h if h > 2.0**-1000 else float(_abstain())
