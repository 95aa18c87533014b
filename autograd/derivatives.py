"""Each operation's value, and its derivative for each operand, as functions of floats.

Written by `python -m autograd.generate` from the table in table.py: edit the table, not this file.

A partial takes the operands and the value y. The same code with the library's operations as globals computes with Values
(`_engine/lifting.py`).
"""

from math import (  # fmt: skip
    fabs, inf, pi, acos as acos, acosh as acosh, asin as asin, asinh as asinh, atan as atan, atan2 as atan2, atanh as
    atanh, cbrt as cbrt, copysign as copysign, cos as cos, cosh as cosh, erf as erf, erfc as erfc, exp as exp, exp2 as
    exp2, expm1 as expm1, fmod as fmod, gamma as gamma, lgamma as lgamma, log as log, log10 as log10, log1p as log1p,
    log2 as log2, sin as sin, sinh as sinh, sqrt as sqrt, tan as tan, tanh as tanh,
)
from typing import Any

from autograd._engine.special import (  # fmt: skip
    but_largest as but_largest, c_pow as c_pow, ceil as ceil, erfcinv as erfcinv, erfinv as erfinv, floor as floor, fma
    as fma, ierfcx as ierfcx, largest as largest, length as length, others as others, polygamma as polygamma, product as
    product, products as products, rint as rint, round_digits as round_digits, sinc_slope as sinc_slope, swapped as
    swapped, total as total, trunc as trunc, undefined as undefined,
)
from autograd.table import bind

abs = fabs
ln2 = 0.6931471805599453
ln10 = 2.302585092994046
sqrt2 = 1.4142135623730951
sqrtpi = 1.7724538509055159
sqrt2pi = 2.5066282746310002


def softmax(xs: Any) -> Any:
    m = largest(xs)
    z = sumexp([m, *xs])
    return [softmax_term(x, z, m) for x in xs]


# −x
def neg(x: Any) -> Any:
    return -x


def neg_x(x: Any, y: Any) -> Any:
    return -1.0


# x itself, as a Value of its own
def identity(x: Any) -> Any:
    return x


def identity_x(x: Any, y: Any) -> Any:
    return 1.0


# |x|; abs′(0) = 0
def abs_x(x: Any, y: Any) -> Any:
    return sign(x)


def abs_kink(x: Any) -> Any:
    return x


# square root
def sqrt_x(x: Any, y: Any) -> Any:
    return 0.5 / y


# cube root, negative for negative x
def cbrt_x(x: Any, y: Any) -> Any:
    return y / x / 3.0


# e to the power x
def exp_x(x: Any, y: Any) -> Any:
    return y


# 2 to the power x
def exp2_x(x: Any, y: Any) -> Any:
    return y * ln2


# exp(x) − 1, accurate near 0
def expm1_x(x: Any, y: Any) -> Any:
    return exp(x)


# natural logarithm
def log_x(x: Any, y: Any) -> Any:
    return 1.0 / x


# logarithm to base 2
def log2_x(x: Any, y: Any) -> Any:
    return 1.0 / ln2 / x


# logarithm to base 10
def log10_x(x: Any, y: Any) -> Any:
    return 1.0 / ln10 / x


# log(1 + x), accurate near 0
def log1p_x(x: Any, y: Any) -> Any:
    return 1.0 / (1.0 + x)


# sine of x radians
def sin_x(x: Any, y: Any) -> Any:
    return cos(x)


# cosine of x radians
def cos_x(x: Any, y: Any) -> Any:
    return -sin(x)


# tangent of x radians
def tan_x(x: Any, y: Any) -> Any:
    return 1.0 + y * y


# inverse sine, in radians
def asin_x(x: Any, y: Any) -> Any:
    return 1.0 / sqrt((1.0 - x) * (1.0 + x))


# inverse cosine, in radians
def acos_x(x: Any, y: Any) -> Any:
    return -1.0 / sqrt((1.0 - x) * (1.0 + x))


# inverse tangent, in radians
def atan_x(x: Any, y: Any) -> Any:
    return 1.0 / (1.0 + x * x) if -1e100 < x < 1e100 else 1.0 / x / x


# hyperbolic sine
def sinh_x(x: Any, y: Any) -> Any:
    return cosh(x)


# hyperbolic cosine
def cosh_x(x: Any, y: Any) -> Any:
    return sinh(x)


# hyperbolic tangent
def tanh_x(x: Any, y: Any) -> Any:
    return 4.0 * sigmoid(2.0 * x) * sigmoid(-2.0 * x)


# inverse hyperbolic sine
def asinh_x(x: Any, y: Any) -> Any:
    return 1.0 / sqrt(1.0 + x * x) if -1e100 < x < 1e100 else 1.0 / abs(x)


# inverse hyperbolic cosine
def acosh_x(x: Any, y: Any) -> Any:
    return 1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0))


# inverse hyperbolic tangent
def atanh_x(x: Any, y: Any) -> Any:
    return 1.0 / ((1.0 - x) * (1.0 + x))


# error function
def erf_x(x: Any, y: Any) -> Any:
    return 2.0 / sqrtpi * exp(-x * x)


# 1 − erf(x), accurate for large x
def erfc_x(x: Any, y: Any) -> Any:
    return -2.0 / sqrtpi * exp(-x * x)


# inverse of erf
def erfinv_x(x: Any, y: Any) -> Any:
    return 0.5 * sqrtpi * exp(y * y)


# the normal distribution: the probability of a value up to x
def ndtr(x: Any) -> Any:
    return 0.5 * erfc(-x / sqrt2)


def ndtr_x(x: Any, y: Any) -> Any:
    return exp(-0.5 * x * x) / sqrt2pi


# inverse of ndtr: the quantile of the normal distribution
def ndtri(x: Any) -> Any:
    return -sqrt2 * erfcinv(2.0 * x)


def ndtri_x(x: Any, y: Any) -> Any:
    return sqrt2pi * exp(0.5 * y * y) if -1.0 < y < 1.0 else 0.5 * sqrt2pi * ierfcx(0.0, abs(y) / sqrt2) / (x if y < 0.0 else 1.0 - x)


# log(ndtr(x)), accurate on both sides
def log_ndtr(x: Any) -> Any:
    return log1p(-0.5 * erfc(x / sqrt2)) if x > 0.0 else log(0.5 * erfc(-x / sqrt2)) if x > -1.0 else log(0.5 * ierfcx(0.0, -x / sqrt2)) - 0.5 * x * x if x > -1e160 else -0.5 * x * x


def log_ndtr_x(x: Any, y: Any) -> Any:
    return exp(-0.5 * x * x) / (sqrt2pi * ndtr(x)) if x > -1.0 else 2.0 / sqrt2pi / ierfcx(0.0, -x / sqrt2) if x > -1e10 else -x


# gamma function, (x − 1)! for whole x
def gamma_x(x: Any, y: Any) -> Any:
    return y * polygamma(0.0, x)


# log |Γ(x)|
def lgamma_x(x: Any, y: Any) -> Any:
    return polygamma(0.0, x)


# sin(πx) / (πx), 1 at 0
def sinc(x: Any) -> Any:
    return sinc_slope(0.0, x)


def sinc_x(x: Any, y: Any) -> Any:
    return sinc_slope(1.0, x)


# 1 / (1 + exp(−x))
def sigmoid(x: Any) -> Any:
    e = exp(-abs(x))
    return (1.0 if x >= 0.0 else e) / (1.0 + e)


def sigmoid_x(x: Any, y: Any) -> Any:
    return y * sigmoid(-x)


# log(1 + exp(x))
def softplus(x: Any) -> Any:
    return log1p(exp(-abs(x))) + (0.0 if x <= 0.0 else x)


def softplus_x(x: Any, y: Any) -> Any:
    return sigmoid(x)


# x·sigmoid(x), also called swish
def silu(x: Any) -> Any:
    return x * sigmoid(x)


def silu_x(x: Any, y: Any) -> Any:
    return sigmoid(x) * (1.0 + x * sigmoid(-x))


# x·Φ(x), Φ the normal distribution (exact, not the tanh approximation)
def gelu(x: Any) -> Any:
    return 0.5 * x * erfc(-x / sqrt2)


def gelu_x(x: Any, y: Any) -> Any:
    return 0.5 * erfc(-x / sqrt2) + x * exp(-0.5 * x * x) / sqrt2pi


# maximum(0, x); relu′(0) = 0
def relu(x: Any) -> Any:
    return 0.0 if x <= 0.0 else x


def relu_x(x: Any, y: Any) -> Any:
    return 0.0 if x <= 0.0 else 1.0


def relu_kink(x: Any) -> Any:
    return x


# log(x / (1 − x)), the inverse of sigmoid
def logit(x: Any) -> Any:
    return 2.0 * atanh(2.0 * x - 1.0) if x > 0.25 else log(x) - log1p(-x)


def logit_x(x: Any, y: Any) -> Any:
    return 1.0 / (x * (1.0 - x))


# largest whole number ≤ x; derivative 0
def floor_x(x: Any, y: Any) -> Any:
    return 0.0


def floor_kink(x: Any) -> Any:
    return x - rint(x)


# smallest whole number ≥ x; derivative 0
def ceil_x(x: Any, y: Any) -> Any:
    return 0.0


def ceil_kink(x: Any) -> Any:
    return x - rint(x)


# nearest whole number, half to even; derivative 0
round = rint


def round_x(x: Any, y: Any) -> Any:
    return 0.0


def round_kink(x: Any) -> Any:
    return x - floor(x) - 0.5


# x without its fraction; derivative 0
def trunc_x(x: Any, y: Any) -> Any:
    return 0.0


def trunc_kink(x: Any) -> Any:
    return x - rint(x)


# −1, 0 or 1; derivative 0
def sign(x: Any) -> Any:
    return 1.0 if x > 0.0 else -1.0 if x < 0.0 else x


def sign_x(x: Any, y: Any) -> Any:
    return 0.0


def sign_kink(x: Any) -> Any:
    return x


# radians to degrees
def degrees(x: Any) -> Any:
    return x * (180.0 / pi)


def degrees_x(x: Any, y: Any) -> Any:
    return 180.0 / pi


# degrees to radians
def radians(x: Any) -> Any:
    return x * (pi / 180.0)


def radians_x(x: Any, y: Any) -> Any:
    return pi / 180.0


# a + b
def add(a: Any, b: Any) -> Any:
    return a + b


def add_a(a: Any, b: Any, y: Any) -> Any:
    return 1.0


def add_b(a: Any, b: Any, y: Any) -> Any:
    return 1.0


# a − b
def sub(a: Any, b: Any) -> Any:
    return a - b


def sub_a(a: Any, b: Any, y: Any) -> Any:
    return 1.0


def sub_b(a: Any, b: Any, y: Any) -> Any:
    return -1.0


# a·b
def mul(a: Any, b: Any) -> Any:
    return a * b


def mul_a(a: Any, b: Any, y: Any) -> Any:
    return b


def mul_b(a: Any, b: Any, y: Any) -> Any:
    return a


# a / b
def div(a: Any, b: Any) -> Any:
    return a / b


def div_a(a: Any, b: Any, y: Any) -> Any:
    return 1.0 / b


def div_b(a: Any, b: Any, y: Any) -> Any:
    return -y / b


# remainder with the sign of b, as Python's %
def mod(a: Any, b: Any) -> Any:
    return a % b


def mod_a(a: Any, b: Any, y: Any) -> Any:
    return 1.0


def mod_b(a: Any, b: Any, y: Any) -> Any:
    return -(a // b)


def mod_kink(a: Any, b: Any) -> Any:
    return a / b - rint(a / b)


# floor(a / b); derivative 0
def floordiv(a: Any, b: Any) -> Any:
    return a // b


def floordiv_a(a: Any, b: Any, y: Any) -> Any:
    return 0.0


def floordiv_b(a: Any, b: Any, y: Any) -> Any:
    return 0.0


def floordiv_kink(a: Any, b: Any) -> Any:
    return a / b - rint(a / b)


# a to the power b
def pow(a: Any, b: Any) -> Any:
    return a * a if b == 2.0 else c_pow(a, b)


def pow_a(a: Any, b: Any, y: Any) -> Any:
    return b * pow(a, b - 1.0) if 0.5 <= b < 1e15 or (a == 0.0 and b != 0.0) else b * y / a if a != 0.0 else 0.0


def pow_b(a: Any, b: Any, y: Any) -> Any:
    return y * log(a) if a != 0.0 or b <= 0.0 else 0.0


# the angle of the point (b, a), in radians
def atan2_a(a: Any, b: Any, y: Any) -> Any:
    r = a / b if abs(a) <= abs(b) else b / a
    return (0.5 / b if abs(a) <= abs(b) else 0.5 * r / a) / (0.5 + 0.5 * r * r)


def atan2_b(a: Any, b: Any, y: Any) -> Any:
    r = a / b if abs(a) <= abs(b) else b / a
    return (-0.5 * r / b if abs(a) <= abs(b) else -0.5 / a) / (0.5 + 0.5 * r * r)


# remainder with the sign of a, as C's fmod
def fmod_a(a: Any, b: Any, y: Any) -> Any:
    return 1.0


def fmod_b(a: Any, b: Any, y: Any) -> Any:
    return -round((a - y) / b)


def fmod_kink(a: Any, b: Any) -> Any:
    return a / b - rint(a / b)


# |a| with the sign of b
def copysign_a(a: Any, b: Any, y: Any) -> Any:
    return sign(a) * copysign(1.0, b)


def copysign_b(a: Any, b: Any, y: Any) -> Any:
    return 0.0


def copysign_kink(a: Any, b: Any) -> Any:
    return a * b


# the larger; on a tie the first
def maximum(a: Any, b: Any) -> Any:
    return a if a >= b or a != a else b


def maximum_a(a: Any, b: Any, y: Any) -> Any:
    return 1.0 if a >= b or a != a else 0.0


def maximum_b(a: Any, b: Any, y: Any) -> Any:
    return 0.0 if a >= b or a != a else 1.0


def maximum_kink(a: Any, b: Any) -> Any:
    return a - b


# the smaller; on a tie the first
def minimum(a: Any, b: Any) -> Any:
    return a if a <= b or a != a else b


def minimum_a(a: Any, b: Any, y: Any) -> Any:
    return 1.0 if a <= b or a != a else 0.0


def minimum_b(a: Any, b: Any, y: Any) -> Any:
    return 0.0 if a <= b or a != a else 1.0


def minimum_kink(a: Any, b: Any) -> Any:
    return a - b


# a if a > 0 else b·a
def leaky_relu(a: Any, b: Any) -> Any:
    return b * a if a <= 0.0 else a


def leaky_relu_a(a: Any, b: Any, y: Any) -> Any:
    return b if a <= 0.0 else 1.0


def leaky_relu_b(a: Any, b: Any, y: Any) -> Any:
    return a if a <= 0.0 else 0.0


def leaky_relu_kink(a: Any, b: Any) -> Any:
    return a


# a if a > 0 else b·(exp(a) − 1)
def elu(a: Any, b: Any) -> Any:
    return b * expm1(a) if a <= 0.0 else a


def elu_a(a: Any, b: Any, y: Any) -> Any:
    return b * exp(a) if a <= 0.0 else 1.0


def elu_b(a: Any, b: Any, y: Any) -> Any:
    return expm1(a) if a <= 0.0 else 0.0


def elu_kink(a: Any, b: Any) -> Any:
    return a


# log(exp(a) + exp(b))
def logaddexp(a: Any, b: Any) -> Any:
    return a + ln2 if a == b else (b if a <= b else a) + log1p(exp(-abs(a - b)))


def logaddexp_a(a: Any, b: Any, y: Any) -> Any:
    return sigmoid(a - b)


def logaddexp_b(a: Any, b: Any, y: Any) -> Any:
    return sigmoid(b - a)


# a·log(b), 0 where a = 0
def xlogy(a: Any, b: Any) -> Any:
    return a * log(b) if a != 0.0 or b != b else 0.0


def xlogy_a(a: Any, b: Any, y: Any) -> Any:
    return log(b)


def xlogy_b(a: Any, b: Any, y: Any) -> Any:
    return a / b if a != 0.0 or b != 0.0 else 0.0


# the a-th derivative of digamma; a is a whole constant
def polygamma_a(a: Any, b: Any, y: Any) -> Any:
    return undefined()


def polygamma_b(a: Any, b: Any, y: Any) -> Any:
    return polygamma(a + 1.0, b)


# exp(b²) times the a-th integral of erfc; a is a whole constant
def ierfcx_a(a: Any, b: Any, y: Any) -> Any:
    return undefined()


def ierfcx_b(a: Any, b: Any, y: Any) -> Any:
    return -2.0 * (a + 1.0) * ierfcx(a + 1.0, b)


# the a-th derivative of sinc; a is a whole constant
def sinc_slope_a(a: Any, b: Any, y: Any) -> Any:
    return undefined()


def sinc_slope_b(a: Any, b: Any, y: Any) -> Any:
    return sinc_slope(a + 1.0, b)


# a rounded to b decimal digits; derivative 0
def round_digits_a(a: Any, b: Any, y: Any) -> Any:
    return 0.0


def round_digits_b(a: Any, b: Any, y: Any) -> Any:
    return 0.0


# a·b + c with one rounding
def fma_a(a: Any, b: Any, c: Any, y: Any) -> Any:
    return b


def fma_b(a: Any, b: Any, c: Any, y: Any) -> Any:
    return a


def fma_c(a: Any, b: Any, c: Any, y: Any) -> Any:
    return 1.0


# b where the condition a holds, else c; the other one's derivative is never touched
def where(a: Any, b: Any, c: Any) -> Any:
    return b if a else c


def where_a(a: Any, b: Any, c: Any, y: Any) -> Any:
    return None


def where_b(a: Any, b: Any, c: Any, y: Any) -> Any:
    return 1.0 if a else None


def where_c(a: Any, b: Any, c: Any, y: Any) -> Any:
    return None if a else 1.0


def where_kink(a: Any, b: Any, c: Any) -> Any:
    return a


# one component of softmax: exp(a − c) / b
def softmax_term(a: Any, b: Any, c: Any) -> Any:
    return exp(a - c) / b


def softmax_term_a(a: Any, b: Any, c: Any, y: Any) -> Any:
    return y


def softmax_term_b(a: Any, b: Any, c: Any, y: Any) -> Any:
    return -y / b


def softmax_term_c(a: Any, b: Any, c: Any, y: Any) -> Any:
    return -y


# sum, from left to right
sum = total


def sum_xs(xs: Any, y: Any) -> Any:
    return [1.0] * len(xs)


# product, from left to right
prod = product


def prod_xs(xs: Any, y: Any) -> Any:
    return others(xs)


# start + a₁·b₁ + a₂·b₂ + …, from left to right; the operands are start, a₁, b₁, a₂, b₂, …
def dot(xs: Any) -> Any:
    return total(products(xs[1::2], xs[2::2]), xs[0])


def dot_xs(xs: Any, y: Any) -> Any:
    return [1.0] + swapped(xs[1:])


# arithmetic mean
def mean(xs: Any) -> Any:
    return total(xs) / len(xs)


def mean_xs(xs: Any, y: Any) -> Any:
    return [1.0 / len(xs)] * len(xs)


# √(x₁² + x₂² + …), without overflow; derivative 0 where all are 0
hypot = length


def hypot_xs(xs: Any, y: Any) -> Any:
    return [x / y if y != 0.0 else 0.0 for x in xs]


# Σ exp(xᵢ − x₀), the denominator of softmax; the shift x₀ comes first
def sumexp(xs: Any) -> Any:
    return total([exp(x - xs[0]) for x in xs[1:]])


def sumexp_xs(xs: Any, y: Any) -> Any:
    return [-y] + [exp(x - xs[0]) for x in xs[1:]]


# log Σ exp(xᵢ)
def logsumexp(xs: Any) -> Any:
    m = largest(xs)
    return m if m - m != 0.0 else m + log1p(sumexp([m, *but_largest(xs)]))


def logsumexp_xs(xs: Any, y: Any) -> Any:
    return softmax(xs)


FLOATS: dict[str, Any] = globals()
bind(FLOATS, 4131941951)
