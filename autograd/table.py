"""The table: every operation of the library, declared once.

A row gives an operation's value and its partial derivatives as text, in a small language that is a subset of Python:

    x | a, b | a, b, c     the operands (one, two or three); xs, the list of them, where there may be any number
    y                      the value of the operation, for the partials
    + - * /  comparisons   arithmetic; `p if condition else q` evaluates one side only
    exp(…), sigmoid(…)     any other row of the table, or a primitive of `PRIMITIVES`
    e = exp(x); …          a name for a subexpression
    over xs                total(…), product(…), largest(xs), len(xs), [… for x in xs]: see `_engine/lists_in_c.py`

One text serves every purpose. `python -m autograd.generate` writes from it the functions of floats (`derivatives.py`), the
operators and methods of `Value` (`operators.py`), the functions of the library (`elementwise.py`) and the C kernels. The same
code with the library's own operations as globals computes with Values, so that a derivative is itself a graph, to any order.
Recording, the sweeps, the checker and the pictures read the row too: a new operation is one row, and `generate` run once.

Three rules keep a row right. A *value* may use `abs` and conditions freely, for it is never differentiated. A *partial* is
differentiated again for second order: where the function is smooth, its partials must be written in smooth operations
(|x| inside tanh′ would be invisible in tanh″ and wrong in tanh‴ at 0). And partials must survive the whole range: 1 − y²
for tanh′ is 4% wrong at x = 18 and 0 from 19 on, hence the products of sigmoids.

The domain is for messages and tests, and is not checked: where a value is undefined, its text has to raise in Python and to come
to NaN or an infinity in C. So no infinity on the way may become a number again: exp(log(0)) is an error in Python, 0 in C.

Sources of the formulas: NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov, chapters 4 (elementary
functions), 5 (gamma), 7 (error functions); the kinks follow Python's `max` and PyTorch's `relu`.
"""

import math
import sys
import warnings
from collections.abc import Callable
from typing import Any
from zlib import crc32

from autograd._engine import special

PRIMITIVES: dict[str, Callable[..., float]] = {
    name: getattr(math, name)
    for name in (  # noqa: SIM905 - easier to read
        "sqrt cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh "
        "erf erfc gamma lgamma copysign fmod"
    ).split()
} | {
    "abs": math.fabs,
    "c_pow": special.c_pow,
    "floor": special.floor,
    "ceil": special.ceil,
    "trunc": special.trunc,
    "rint": special.rint,
    "round_digits": special.round_digits,
    "fma": special.fma,
    "length": special.length,
    "polygamma": special.polygamma,
    "erfinv": special.erfinv,
    "erfcinv": special.erfcinv,
    "ierfcx": special.ierfcx,
    "sinc_slope": special.sinc_slope,
    "undefined": special.undefined,
}
"""What a row may call besides other rows: the functions of the C library, and those of `special`."""

CONSTANTS = {
    "inf": math.inf,
    "pi": math.pi,
    "ln2": math.log(2.0),
    "ln10": math.log(10.0),
    "sqrt2": math.sqrt(2.0),
    "sqrtpi": math.sqrt(math.pi),
    "sqrt2pi": math.sqrt(2.0 * math.pi),
}


class Op:
    """One row: what it is called, what it computes, how it differentiates, where it is defined.

    `value(x)`, `value(a, b)` … takes floats. `partials` has one function per operand, called with the operands and the
    value; `lifted` are the same functions over Values, and `function` is the operation itself, over Values and numbers (both
    filled in by `_engine/lifting.py`). Of an n-ary row, whose `inputs` are `("xs",)`, `value` takes a list, and `partials` and
    `lifted` hold one function that returns the list of all partials.
    """

    __slots__ = (
        "about", "arity", "domain", "function", "inputs", "kink", "lifted", "name", "nary", "partials", "symbol", "text", "value",
    )  # fmt: skip

    value: Callable[..., float]
    partials: tuple[Callable[..., Any], ...]
    lifted: tuple[Callable[..., Any], ...]
    function: Callable[..., Any]

    def __init__(
        self,
        name: str,
        symbol: str,
        inputs: tuple[str, ...],
        *text: str,
        domain: str = "",
        kink: str = "",
        about: str = "",
    ) -> None:
        self.name, self.symbol, self.inputs, self.text = name, symbol, inputs, text
        self.domain, self.kink, self.about = domain, kink, about
        self.nary = inputs == ("xs",)
        self.arity = 0 if self.nary else len(inputs)

    @property
    def shown(self) -> tuple[str, ...]:
        """The formulas of the partials that people are shown: the texts, unless these are recipes against rounding."""
        return SHOWN.get(self.name) or self.text[1:]

    def __repr__(self) -> str:
        return f"<operation {self.name}({', '.join(self.inputs)})>"


# The normal distribution Φ and its density φ: 1 / φ(y) for ndtri, φ / Φ for log_ndtr. In the tails, where exp(y²/2) would
# lose digits, Φ(y) / φ(y) is √(π/2)·exp(t²)·erfc(t), t = |y| / √2 (7.8.1), which has none to lose.
_NDTRI = (
    "sqrt2pi * exp(0.5 * y * y) if -1.0 < y < 1.0 "
    "else 0.5 * sqrt2pi * ierfcx(0.0, abs(y) / sqrt2) / (x if y < 0.0 else 1.0 - x)"
)
_LOG_NDTR = (
    "log1p(-0.5 * erfc(x / sqrt2)) if x > 0.0 else log(0.5 * erfc(-x / sqrt2)) if x > -1.0 "
    "else log(0.5 * ierfcx(0.0, -x / sqrt2)) - 0.5 * x * x if x > -1e160 else -0.5 * x * x"
)
_MILLS = "exp(-0.5 * x * x) / (sqrt2pi * ndtr(x)) if x > -1.0 else 2.0 / sqrt2pi / ierfcx(0.0, -x / sqrt2) if x > -1e10 else -x"

# fmt: off
# name, symbol,   value,                         partials,                                       domain, kink, what it is
UNARY = (
 ("neg",     "−",  "-x",                         "-1.0",                                         "", "", "−x"),
 ("identity", "=", "x",                          "1.0",                                          "", "", "x itself, as a Value of its own"),
 ("abs",     "abs", "abs(x)",                    "sign(x)",                                      "", "x", "|x|; abs′(0) = 0"),
 ("sqrt",    "√",  "sqrt(x)",                    "0.5 / y",                                      "x >= 0", "", "square root"),
 ("cbrt",    "∛",  "cbrt(x)",                    "y / x / 3.0",                                  "", "", "cube root, negative for negative x"),
 ("exp",     "exp", "exp(x)",                    "y",                                            "", "", "e to the power x"),
 ("exp2",    "exp2", "exp2(x)",                  "y * ln2",                                      "", "", "2 to the power x"),
 ("expm1",   "expm1", "expm1(x)",                "exp(x)",                                       "", "", "exp(x) − 1, accurate near 0"),
 ("log",     "log", "log(x)",                    "1.0 / x",                                      "x > 0", "", "natural logarithm"),
 ("log2",    "log2", "log2(x)",                  "1.0 / ln2 / x",                                "x > 0", "", "logarithm to base 2"),
 ("log10",   "log10", "log10(x)",                "1.0 / ln10 / x",                               "x > 0", "", "logarithm to base 10"),
 ("log1p",   "log1p", "log1p(x)",                "1.0 / (1.0 + x)",                              "x > -1", "", "log(1 + x), accurate near 0"),
 ("sin",     "sin", "sin(x)",                    "cos(x)",                                       "-inf < x < inf", "", "sine of x radians"),
 ("cos",     "cos", "cos(x)",                    "-sin(x)",                                      "-inf < x < inf", "", "cosine of x radians"),
 ("tan",     "tan", "tan(x)",                    "1.0 + y * y",                                  "-inf < x < inf", "", "tangent of x radians"),
 ("asin",    "asin", "asin(x)",                  "1.0 / sqrt((1.0 - x) * (1.0 + x))",            "-1 <= x <= 1", "", "inverse sine, in radians"),
 ("acos",    "acos", "acos(x)",                  "-1.0 / sqrt((1.0 - x) * (1.0 + x))",           "-1 <= x <= 1", "", "inverse cosine, in radians"),
 ("atan",    "atan", "atan(x)",                  "1.0 / (1.0 + x * x) if -1e100 < x < 1e100 else 1.0 / x / x", "", "", "inverse tangent, in radians"),
 ("sinh",    "sinh", "sinh(x)",                  "cosh(x)",                                      "", "", "hyperbolic sine"),
 ("cosh",    "cosh", "cosh(x)",                  "sinh(x)",                                      "", "", "hyperbolic cosine"),
 ("tanh",    "tanh", "tanh(x)",                  "4.0 * sigmoid(2.0 * x) * sigmoid(-2.0 * x)",   "", "", "hyperbolic tangent"),
 ("asinh",   "asinh", "asinh(x)",                "1.0 / sqrt(1.0 + x * x) if -1e100 < x < 1e100 else 1.0 / abs(x)", "", "", "inverse hyperbolic sine"),
 ("acosh",   "acosh", "acosh(x)",                "1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0))",        "x >= 1", "", "inverse hyperbolic cosine"),
 ("atanh",   "atanh", "atanh(x)",                "1.0 / ((1.0 - x) * (1.0 + x))",                "-1 < x < 1", "", "inverse hyperbolic tangent"),
 ("erf",     "erf", "erf(x)",                    "2.0 / sqrtpi * exp(-x * x)",                   "", "", "error function"),
 ("erfc",    "erfc", "erfc(x)",                  "-2.0 / sqrtpi * exp(-x * x)",                  "", "", "1 − erf(x), accurate for large x"),
 ("erfinv",  "erf⁻¹", "erfinv(x)",               "0.5 * sqrtpi * exp(y * y)",                    "-1 < x < 1", "", "inverse of erf"),
 ("ndtr",    "Φ",  "0.5 * erfc(-x / sqrt2)",     "exp(-0.5 * x * x) / sqrt2pi",                   "", "", "the normal distribution: the probability of a value up to x"),
 ("ndtri",   "Φ⁻¹", "-sqrt2 * erfcinv(2.0 * x)", _NDTRI,                                         "0 < x < 1", "", "inverse of ndtr: the quantile of the normal distribution"),
 ("log_ndtr", "lnΦ", _LOG_NDTR,                  _MILLS,                                         "", "", "log(ndtr(x)), accurate on both sides"),
 ("gamma",   "Γ",  "gamma(x)",                   "y * polygamma(0.0, x)",                        "x > 0 or x != floor(x)", "", "gamma function, (x − 1)! for whole x"),
 ("lgamma",  "lnΓ", "lgamma(x)",                 "polygamma(0.0, x)",                            "x > 0 or x - floor(x) != 0", "", "log |Γ(x)|"),
 ("sinc",    "sinc", "sinc_slope(0.0, x)",       "sinc_slope(1.0, x)",                           "-inf < x < inf", "", "sin(πx) / (πx), 1 at 0"),
 ("sigmoid", "σ",  "e = exp(-abs(x)); (1.0 if x >= 0.0 else e) / (1.0 + e)", "y * sigmoid(-x)",  "", "", "1 / (1 + exp(−x))"),
 ("softplus", "softplus", "log1p(exp(-abs(x))) + (0.0 if x <= 0.0 else x)",  "sigmoid(x)",       "", "", "log(1 + exp(x))"),
 ("silu",    "silu", "x * sigmoid(x)",           "sigmoid(x) * (1.0 + x * sigmoid(-x))",         "", "", "x·sigmoid(x), also called swish"),
 ("gelu",    "gelu", "0.5 * x * erfc(-x / sqrt2)", "0.5 * erfc(-x / sqrt2) + x * exp(-0.5 * x * x) / sqrt2pi", "", "", "x·Φ(x), Φ the normal distribution (exact, not the tanh approximation)"),
 ("relu",    "relu", "0.0 if x <= 0.0 else x",   "0.0 if x <= 0.0 else 1.0",                     "", "x", "maximum(0, x); relu′(0) = 0"),
 ("logit",   "logit", "2.0 * atanh(2.0 * x - 1.0) if x > 0.25 else log(x) - log1p(-x)",  "1.0 / (x * (1.0 - x))",                        "0 < x < 1", "", "log(x / (1 − x)), the inverse of sigmoid"),
 ("floor",   "⌊⌋", "floor(x)",                   "0.0",                                          "", "x - rint(x)", "largest whole number ≤ x; derivative 0"),
 ("ceil",    "⌈⌉", "ceil(x)",                    "0.0",                                          "", "x - rint(x)", "smallest whole number ≥ x; derivative 0"),
 ("round",   "round", "rint(x)",                 "0.0",                                          "", "x - floor(x) - 0.5", "nearest whole number, half to even; derivative 0"),
 ("trunc",   "trunc", "trunc(x)",                "0.0",                                          "", "x - rint(x)", "x without its fraction; derivative 0"),
 ("sign",    "sign", "1.0 if x > 0.0 else -1.0 if x < 0.0 else x", "0.0",                        "", "x", "−1, 0 or 1; derivative 0"),
 ("degrees", "deg", "x * (180.0 / pi)",          "180.0 / pi",                                   "", "", "radians to degrees"),
 ("radians", "rad", "x * (pi / 180.0)",          "pi / 180.0",                                   "", "", "degrees to radians"),
)

_BASE = "b * pow(a, b - 1.0) if 0.5 <= b < 1e15 or (a == 0.0 and b != 0.0) else b * y / a if a != 0.0 else 0.0"
_EXPONENT = "y * log(a) if a != 0.0 or b <= 0.0 else 0.0"

# Of the two quotients of atan2's operands, r is the one that is at most 1; halves keep 1 / b in range.
_BY_A = "r = a / b if abs(a) <= abs(b) else b / a; (0.5 / b if abs(a) <= abs(b) else 0.5 * r / a) / (0.5 + 0.5 * r * r)"
_BY_B = "r = a / b if abs(a) <= abs(b) else b / a; (-0.5 * r / b if abs(a) <= abs(b) else -0.5 / a) / (0.5 + 0.5 * r * r)"

# name, symbol,   value,                         partial for a, partial for b,                   domain, kink, what it is
BINARY = (
 ("add",     "+",  "a + b",                      "1.0", "1.0",                                   "", "", "a + b"),
 ("sub",     "−",  "a - b",                      "1.0", "-1.0",                                  "", "", "a − b"),
 ("mul",     "×",  "a * b",                      "b", "a",                                       "", "", "a·b"),
 ("div",     "÷",  "a / b",                      "1.0 / b", "-y / b",                            "b != 0", "", "a / b"),
 ("mod",     "%",  "a % b",                      "1.0", "-(a // b)",                             "b != 0", "a / b - rint(a / b)", "remainder with the sign of b, as Python's %"),
 ("floordiv", "//", "a // b",                    "0.0", "0.0",                                   "b != 0", "a / b - rint(a / b)", "floor(a / b); derivative 0"),
 ("pow",     "^",  "a * a if b == 2.0 else c_pow(a, b)", _BASE, _EXPONENT,                       "a > 0 or a == 0 and b >= 0 or a < 0 and b == floor(b) or a == -inf or b == -inf", "", "a to the power b"),
 ("atan2",   "atan2", "atan2(a, b)",             _BY_A, _BY_B, "", "", "the angle of the point (b, a), in radians"),
 ("fmod",    "fmod", "fmod(a, b)",               "1.0", "-round((a - y) / b)",                   "b != 0 and -inf < a < inf", "a / b - rint(a / b)", "remainder with the sign of a, as C's fmod"),
 ("copysign", "copysign", "copysign(a, b)",      "sign(a) * copysign(1.0, b)", "0.0",            "", "a * b", "|a| with the sign of b"),
 ("maximum", "max", "a if a >= b or a != a else b", "1.0 if a >= b or a != a else 0.0", "0.0 if a >= b or a != a else 1.0", "", "a - b", "the larger; on a tie the first"),
 ("minimum", "min", "a if a <= b or a != a else b", "1.0 if a <= b or a != a else 0.0", "0.0 if a <= b or a != a else 1.0", "", "a - b", "the smaller; on a tie the first"),
 ("leaky_relu", "leaky", "b * a if a <= 0.0 else a", "b if a <= 0.0 else 1.0", "a if a <= 0.0 else 0.0", "", "a", "a if a > 0 else b·a"),
 ("elu",     "elu", "b * expm1(a) if a <= 0.0 else a", "b * exp(a) if a <= 0.0 else 1.0", "expm1(a) if a <= 0.0 else 0.0", "", "a", "a if a > 0 else b·(exp(a) − 1)"),
 ("logaddexp", "logaddexp", "a + ln2 if a == b else (b if a <= b else a) + log1p(exp(-abs(a - b)))", "sigmoid(a - b)", "sigmoid(b - a)", "", "", "log(exp(a) + exp(b))"),
 ("xlogy",   "xlogy", "a * log(b) if a != 0.0 or b != b else 0.0", "log(b)", "a / b if a != 0.0 or b != 0.0 else 0.0","b > 0 or a == 0", "", "a·log(b), 0 where a = 0"),
 ("polygamma", "ψ", "polygamma(a, b)",           "undefined()", "polygamma(a + 1.0, b)",                "0 <= a <= 100 and a == floor(a) and (b > 0 or b != floor(b))", "", "the a-th derivative of digamma; a is a whole constant"),
 ("ierfcx",  "ierfcx", "ierfcx(a, b)",           "undefined()", "-2.0 * (a + 1.0) * ierfcx(a + 1.0, b)", "0 <= a <= 100 and a == floor(a) and b >= 0.7", "", "exp(b²) times the a-th integral of erfc; a is a whole constant"),
 ("sinc_slope", "sinc⁽ⁿ⁾", "sinc_slope(a, b)",  "undefined()", "sinc_slope(a + 1.0, b)",                "0 <= a <= 100 and a == floor(a) and -inf < b < inf", "", "the a-th derivative of sinc; a is a whole constant"),
 ("round_digits", "round", "round_digits(a, b)", "0.0", "0.0",                               "", "", "a rounded to b decimal digits; derivative 0"),
)

# name, symbol,   value,                         three partials,                                 domain, kink, what it is
TERNARY = (
 ("fma",     "fma", "fma(a, b, c)",              "b", "a", "1.0",                                "abs(a) < inf > abs(b) or a * b + c == a * b + c", "", "a·b + c with one rounding"),
 ("where",   "where", "b if a else c",           "None", "1.0 if a else None", "None if a else 1.0", "", "a", "b where the condition a holds, else c; the other one's derivative is never touched"),
 ("softmax_term", "softmax", "exp(a - c) / b",       "y", "-y / b", "-y",                            "b != 0", "", "one component of softmax: exp(a − c) / b"),
)
# name, symbol,   value,                         the list of partials,                           domain, kink, what it is
NARY = (
 ("sum",     "Σ",  "total(xs)",                  "[1.0] * len(xs)",                              "", "", "sum, from left to right"),
 ("prod",    "∏",  "product(xs)",                "others(xs)",                                   "", "", "product, from left to right"),
 ("dot",     "·",  "total(products(xs[1::2], xs[2::2]), xs[0])", "[1.0] + swapped(xs[1:])",      "", "", "start + a₁·b₁ + a₂·b₂ + …, from left to right; the operands are start, a₁, b₁, a₂, b₂, …"),
 ("mean",    "mean", "total(xs) / len(xs)",      "[1.0 / len(xs)] * len(xs)",                    "len(xs) > 0", "", "arithmetic mean"),
 ("hypot",   "‖‖", "length(xs)",                 "[x / y if y != 0.0 else 0.0 for x in xs]",     "", "", "√(x₁² + x₂² + …), without overflow; derivative 0 where all are 0"),
 ("sumexp",  "Σexp", "total([exp(x - xs[0]) for x in xs[1:]])", "[-y] + [exp(x - xs[0]) for x in xs[1:]]", "", "", "Σ exp(xᵢ − x₀), the denominator of softmax; the shift x₀ comes first"),
 ("logsumexp", "lse", "m = largest(xs); m if m - m != 0.0 else m + log1p(sumexp([m, *but_largest(xs)]))", "softmax(xs)", "len(xs) > 0", "", "log Σ exp(xᵢ)"),
)
# fmt: on

# Not an operation but a small graph: n + 1 nodes that share one sum, where a node with n partials for each of n
# components would hold n². The shift m is a constant: softmax does not depend on it.
SOFTMAX = "m = largest(xs); z = sumexp([m, *xs]); [softmax_term(x, z, m) for x in xs]"


_FIELDS = {("x",): UNARY, ("a", "b"): BINARY, ("a", "b", "c"): TERNARY, ("xs",): NARY}


def _rows() -> dict[str, Op]:
    rows = {}
    for inputs, table in _FIELDS.items():
        for name, symbol, *text, domain, kink, about in table:
            rows[name] = Op(name, symbol, inputs, *text, domain=domain, kink=kink, about=about)
    return rows


TABLE: dict[str, Op] = _rows()
"""Every operation by name."""

HIDDEN = frozenset({"identity", "softmax_term", "sumexp", "round_digits", "ierfcx", "sinc_slope"})
"""Rows that are parts of other functions, and no public ones."""

OPERATORS = {
    "neg": "neg", "abs": "abs", "floor": "floor", "ceil": "ceil", "trunc": "trunc",
    "add": "add", "sub": "sub", "mul": "mul", "div": "truediv", "pow": "pow", "mod": "mod", "floordiv": "floordiv",
}  # fmt: skip
"""Which rows are operators of Python, and the names of their special methods."""

SIGNATURES = {"leaky_relu": {"a": "x", "b": "negative_slope=0.01"}, "elu": {"a": "x", "b": "alpha=1.0"}}
"""Where a function has other names for its operands than the row, or a default."""

SHOWN = {
    "ndtri": ("sqrt2pi * exp(0.5 * y * y)",),
    "sinc": ("(cos(pi * x) - y) / x",),
    "log_ndtr": ("exp(-0.5 * x * x) / (sqrt2pi * ndtr(x))",),
    "atan": ("1 / (1 + x * x)",),
    "asinh": ("1 / sqrt(1 + x * x)",),
    "tanh": ("1 - y * y",),
    "asin": ("1 / sqrt(1 - x * x)",),
    "acos": ("-1 / sqrt(1 - x * x)",),
    "acosh": ("1 / sqrt(x * x - 1)",),
    "atanh": ("1 / (1 - x * x)",),
    "cbrt": ("1 / (3 * y * y)",),
    "pow": ("b * pow(a, b - 1)", "y * log(a)"),
    "atan2": ("b / (a * a + b * b)", "-a / (a * a + b * b)"),
    "maximum": ("1 if a >= b else 0", "0 if a >= b else 1"),
    "minimum": ("1 if a <= b else 0", "0 if a <= b else 1"),
    "xlogy": ("log(b)", "a / b"),
    "prod": ("[y / x for x in xs]",),
    "hypot": ("[x / y for x in xs]",),
}
"""The textbook's formulas of partials that are computed otherwise: so as to survive cancellation, overflow, zeros and NaN."""

FINGERPRINT = crc32(repr([(op.name, op.inputs, op.text) for op in TABLE.values()]).encode())
"""Of what the rows compute; what is written from them carries it."""


GENERATING = "autograd.generate" in sys.orig_argv
"""Whether this process writes what is out of date: then nobody need be told to."""


def row(name: str) -> Op:
    """The row of this name; an empty one if there is none any more, so that generated code can be imported to be replaced."""
    return TABLE.get(name) or Op(name, "", ())


def bind(functions: dict[str, Any], fingerprint: int) -> None:
    """Give each row its functions of floats: its value `name`, and for each input `x` its partial `name_x`."""
    if fingerprint != FINGERPRINT and not GENERATING:
        warnings.warn(
            "the table has changed: run python -m autograd.generate && pip install -e .", RuntimeWarning, stacklevel=3
        )
    for name, op in TABLE.items():
        if name in functions:
            op.value = functions[name]
            op.partials = tuple(functions[f"{name}_{x}"] for x in op.inputs)
