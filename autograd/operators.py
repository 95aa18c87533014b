# mypy: disable-error-code="no-any-return"
"""The operators and methods of `Value`: what records a graph.

Written by `python -m autograd.generate` from the table in table.py: edit the table, not this file.

A method computes the number, and makes a new Value whose slots hold the row, the operands, and for each operand the edge back
to it: a number where the local derivative is at hand, else the function that computes it. Any other operand than a Value or a
float, an active mode, and every error take the slow path. Where the accelerator runs, its methods replace these, which stay
the definition; the few it does not have take the slow path too.
"""

from typing import Any, Self

from autograd import modes as _modes
from autograd._engine import accelerator
from autograd._engine.numbers import number, tick
from autograd._engine.slow_path import MATH_ERRORS, careful, checked, failure
from autograd._engine.special import c_pow
from autograd.derivatives import (  # fmt: skip
    abs as abs_value, abs_x, acos as acos_value, acos_x, acosh as acosh_value, acosh_x, asin as asin_value, asin_x,
    asinh as asinh_value, asinh_x, atan as atan_value, atan_x, atanh as atanh_value, atanh_x, cbrt as cbrt_value,
    cbrt_x, ceil as ceil_value, cos as cos_value, cos_x, cosh as cosh_value, cosh_x, degrees as degrees_value,
    degrees_x, div_a, div_b, erf as erf_value, erf_x, erfc as erfc_value, erfc_x, erfinv as erfinv_value, erfinv_x, exp
    as exp_value, exp2 as exp2_value, exp2_x, expm1 as expm1_value, expm1_x, floor as floor_value, gamma as gamma_value,
    gamma_x, gelu as gelu_value, gelu_x, lgamma as lgamma_value, lgamma_x, log as log_value, log10 as log10_value,
    log10_x, log1p as log1p_value, log1p_x, log2 as log2_value, log2_x, log_ndtr as log_ndtr_value, log_ndtr_x, log_x,
    logit as logit_value, logit_x, mod_b, ndtr as ndtr_value, ndtr_x, ndtri as ndtri_value, ndtri_x, neg as neg_value,
    pow_a, pow_b, radians as radians_value, radians_x, relu as relu_value, relu_x, round as round_value, sigmoid as
    sigmoid_value, sigmoid_x, sign as sign_value, silu as silu_value, silu_x, sin as sin_value, sin_x, sinc as
    sinc_value, sinc_x, sinh as sinh_value, sinh_x, softplus as softplus_value, softplus_x, sqrt as sqrt_value, sqrt_x,
    tan as tan_value, tan_x, tanh as tanh_value, tanh_x, trunc as trunc_value,
)
from autograd.table import row

NEG = row("neg")
ABS = row("abs")
SQRT = row("sqrt")
CBRT = row("cbrt")
EXP = row("exp")
EXP2 = row("exp2")
EXPM1 = row("expm1")
LOG = row("log")
LOG2 = row("log2")
LOG10 = row("log10")
LOG1P = row("log1p")
SIN = row("sin")
COS = row("cos")
TAN = row("tan")
ASIN = row("asin")
ACOS = row("acos")
ATAN = row("atan")
SINH = row("sinh")
COSH = row("cosh")
TANH = row("tanh")
ASINH = row("asinh")
ACOSH = row("acosh")
ATANH = row("atanh")
ERF = row("erf")
ERFC = row("erfc")
ERFINV = row("erfinv")
NDTR = row("ndtr")
NDTRI = row("ndtri")
LOG_NDTR = row("log_ndtr")
GAMMA = row("gamma")
LGAMMA = row("lgamma")
SINC = row("sinc")
SIGMOID = row("sigmoid")
SOFTPLUS = row("softplus")
SILU = row("silu")
GELU = row("gelu")
RELU = row("relu")
LOGIT = row("logit")
FLOOR = row("floor")
CEIL = row("ceil")
ROUND = row("round")
TRUNC = row("trunc")
SIGN = row("sign")
DEGREES = row("degrees")
RADIANS = row("radians")
ADD = row("add")
SUB = row("sub")
MUL = row("mul")
DIV = row("div")
MOD = row("mod")
FLOORDIV = row("floordiv")
POW = row("pow")
ATAN2 = row("atan2")
FMOD = row("fmod")
COPYSIGN = row("copysign")
MAXIMUM = row("maximum")
MINIMUM = row("minimum")
LEAKY_RELU = row("leaky_relu")
ELU = row("elu")
LOGADDEXP = row("logaddexp")
XLOGY = row("xlogy")
FMA = row("fma")
WHERE = row("where")
HYPOT = row("hypot")

new: Any = object.__new__
modes = 0 if accelerator.module is None else 1  # how many modes are active anywhere; kept by modes.py
_modes.counters.append(globals())


class Operators:
    """The operators and methods that come from the table, in its order; `Value` is made from this class."""

    __slots__ = ()
    _data: float

    def __neg__(self) -> Self:
        """−x."""
        if modes:
            return checked(NEG, (self,))
        try:
            y = neg_value(self._data)
        except MATH_ERRORS as error:
            raise failure(NEG, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = NEG; v._a = self; v._da = -1.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def __abs__(self) -> Self:
        """|x|; abs′(0) = 0."""
        if modes:
            return checked(ABS, (self,))
        try:
            y = abs_value(self._data)
        except MATH_ERRORS as error:
            raise failure(ABS, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = ABS; v._a = self; v._da = abs_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def abs(self) -> Self:
        """|x|; abs′(0) = 0."""
        if modes:
            return checked(ABS, (self,))
        try:
            y = abs_value(self._data)
        except MATH_ERRORS as error:
            raise failure(ABS, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = ABS; v._a = self; v._da = abs_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def sqrt(self) -> Self:
        """Square root."""
        if modes:
            return checked(SQRT, (self,))
        try:
            y = sqrt_value(self._data)
        except MATH_ERRORS as error:
            raise failure(SQRT, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = SQRT; v._a = self; v._da = sqrt_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def cbrt(self) -> Self:
        """Cube root, negative for negative x."""
        if modes:
            return checked(CBRT, (self,))
        try:
            y = cbrt_value(self._data)
        except MATH_ERRORS as error:
            raise failure(CBRT, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = CBRT; v._a = self; v._da = cbrt_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def exp(self) -> Self:
        """e to the power x."""
        if modes:
            return checked(EXP, (self,))
        try:
            y = exp_value(self._data)
        except MATH_ERRORS as error:
            raise failure(EXP, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = EXP; v._a = self; v._da = y; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def exp2(self) -> Self:
        """2 to the power x."""
        if modes:
            return checked(EXP2, (self,))
        try:
            y = exp2_value(self._data)
        except MATH_ERRORS as error:
            raise failure(EXP2, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = EXP2; v._a = self; v._da = exp2_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def expm1(self) -> Self:
        """exp(x) − 1, accurate near 0."""
        if modes:
            return checked(EXPM1, (self,))
        try:
            y = expm1_value(self._data)
        except MATH_ERRORS as error:
            raise failure(EXPM1, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = EXPM1; v._a = self; v._da = expm1_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def log(self) -> Self:
        """Natural logarithm."""
        if modes:
            return checked(LOG, (self,))
        try:
            y = log_value(self._data)
        except MATH_ERRORS as error:
            raise failure(LOG, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = LOG; v._a = self; v._da = log_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def log2(self) -> Self:
        """Logarithm to base 2."""
        if modes:
            return checked(LOG2, (self,))
        try:
            y = log2_value(self._data)
        except MATH_ERRORS as error:
            raise failure(LOG2, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = LOG2; v._a = self; v._da = log2_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def log10(self) -> Self:
        """Logarithm to base 10."""
        if modes:
            return checked(LOG10, (self,))
        try:
            y = log10_value(self._data)
        except MATH_ERRORS as error:
            raise failure(LOG10, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = LOG10; v._a = self; v._da = log10_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def log1p(self) -> Self:
        """log(1 + x), accurate near 0."""
        if modes:
            return checked(LOG1P, (self,))
        try:
            y = log1p_value(self._data)
        except MATH_ERRORS as error:
            raise failure(LOG1P, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = LOG1P; v._a = self; v._da = log1p_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def sin(self) -> Self:
        """Sine of x radians."""
        if modes:
            return checked(SIN, (self,))
        try:
            y = sin_value(self._data)
        except MATH_ERRORS as error:
            raise failure(SIN, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = SIN; v._a = self; v._da = sin_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def cos(self) -> Self:
        """Cosine of x radians."""
        if modes:
            return checked(COS, (self,))
        try:
            y = cos_value(self._data)
        except MATH_ERRORS as error:
            raise failure(COS, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = COS; v._a = self; v._da = cos_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def tan(self) -> Self:
        """Tangent of x radians."""
        if modes:
            return checked(TAN, (self,))
        try:
            y = tan_value(self._data)
        except MATH_ERRORS as error:
            raise failure(TAN, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = TAN; v._a = self; v._da = tan_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def asin(self) -> Self:
        """Inverse sine, in radians."""
        if modes:
            return checked(ASIN, (self,))
        try:
            y = asin_value(self._data)
        except MATH_ERRORS as error:
            raise failure(ASIN, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = ASIN; v._a = self; v._da = asin_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def acos(self) -> Self:
        """Inverse cosine, in radians."""
        if modes:
            return checked(ACOS, (self,))
        try:
            y = acos_value(self._data)
        except MATH_ERRORS as error:
            raise failure(ACOS, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = ACOS; v._a = self; v._da = acos_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def atan(self) -> Self:
        """Inverse tangent, in radians."""
        if modes:
            return checked(ATAN, (self,))
        try:
            y = atan_value(self._data)
        except MATH_ERRORS as error:
            raise failure(ATAN, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = ATAN; v._a = self; v._da = atan_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def sinh(self) -> Self:
        """Hyperbolic sine."""
        if modes:
            return checked(SINH, (self,))
        try:
            y = sinh_value(self._data)
        except MATH_ERRORS as error:
            raise failure(SINH, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = SINH; v._a = self; v._da = sinh_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def cosh(self) -> Self:
        """Hyperbolic cosine."""
        if modes:
            return checked(COSH, (self,))
        try:
            y = cosh_value(self._data)
        except MATH_ERRORS as error:
            raise failure(COSH, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = COSH; v._a = self; v._da = cosh_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def tanh(self) -> Self:
        """Hyperbolic tangent."""
        if modes:
            return checked(TANH, (self,))
        try:
            y = tanh_value(self._data)
        except MATH_ERRORS as error:
            raise failure(TANH, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = TANH; v._a = self; v._da = tanh_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def asinh(self) -> Self:
        """Inverse hyperbolic sine."""
        if modes:
            return checked(ASINH, (self,))
        try:
            y = asinh_value(self._data)
        except MATH_ERRORS as error:
            raise failure(ASINH, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = ASINH; v._a = self; v._da = asinh_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def acosh(self) -> Self:
        """Inverse hyperbolic cosine."""
        if modes:
            return checked(ACOSH, (self,))
        try:
            y = acosh_value(self._data)
        except MATH_ERRORS as error:
            raise failure(ACOSH, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = ACOSH; v._a = self; v._da = acosh_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def atanh(self) -> Self:
        """Inverse hyperbolic tangent."""
        if modes:
            return checked(ATANH, (self,))
        try:
            y = atanh_value(self._data)
        except MATH_ERRORS as error:
            raise failure(ATANH, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = ATANH; v._a = self; v._da = atanh_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def erf(self) -> Self:
        """Error function."""
        if modes:
            return checked(ERF, (self,))
        try:
            y = erf_value(self._data)
        except MATH_ERRORS as error:
            raise failure(ERF, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = ERF; v._a = self; v._da = erf_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def erfc(self) -> Self:
        """1 − erf(x), accurate for large x."""
        if modes:
            return checked(ERFC, (self,))
        try:
            y = erfc_value(self._data)
        except MATH_ERRORS as error:
            raise failure(ERFC, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = ERFC; v._a = self; v._da = erfc_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def erfinv(self) -> Self:
        """Inverse of erf."""
        if modes:
            return checked(ERFINV, (self,))
        try:
            y = erfinv_value(self._data)
        except MATH_ERRORS as error:
            raise failure(ERFINV, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = ERFINV; v._a = self; v._da = erfinv_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def ndtr(self) -> Self:
        """The normal distribution: the probability of a value up to x."""
        if modes:
            return checked(NDTR, (self,))
        try:
            y = ndtr_value(self._data)
        except MATH_ERRORS as error:
            raise failure(NDTR, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = NDTR; v._a = self; v._da = ndtr_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def ndtri(self) -> Self:
        """Inverse of ndtr: the quantile of the normal distribution."""
        if modes:
            return checked(NDTRI, (self,))
        try:
            y = ndtri_value(self._data)
        except MATH_ERRORS as error:
            raise failure(NDTRI, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = NDTRI; v._a = self; v._da = ndtri_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def log_ndtr(self) -> Self:
        """log(ndtr(x)), accurate on both sides."""
        if modes:
            return checked(LOG_NDTR, (self,))
        try:
            y = log_ndtr_value(self._data)
        except MATH_ERRORS as error:
            raise failure(LOG_NDTR, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = LOG_NDTR; v._a = self; v._da = log_ndtr_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def gamma(self) -> Self:
        """Gamma function, (x − 1)! for whole x."""
        if modes:
            return checked(GAMMA, (self,))
        try:
            y = gamma_value(self._data)
        except MATH_ERRORS as error:
            raise failure(GAMMA, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = GAMMA; v._a = self; v._da = gamma_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def lgamma(self) -> Self:
        """log |Γ(x)|."""
        if modes:
            return checked(LGAMMA, (self,))
        try:
            y = lgamma_value(self._data)
        except MATH_ERRORS as error:
            raise failure(LGAMMA, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = LGAMMA; v._a = self; v._da = lgamma_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def sinc(self) -> Self:
        """sin(πx) / (πx), 1 at 0."""
        if modes:
            return checked(SINC, (self,))
        try:
            y = sinc_value(self._data)
        except MATH_ERRORS as error:
            raise failure(SINC, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = SINC; v._a = self; v._da = sinc_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def sigmoid(self) -> Self:
        """1 / (1 + exp(−x))."""
        if modes:
            return checked(SIGMOID, (self,))
        try:
            y = sigmoid_value(self._data)
        except MATH_ERRORS as error:
            raise failure(SIGMOID, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = SIGMOID; v._a = self; v._da = sigmoid_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def softplus(self) -> Self:
        """log(1 + exp(x))."""
        if modes:
            return checked(SOFTPLUS, (self,))
        try:
            y = softplus_value(self._data)
        except MATH_ERRORS as error:
            raise failure(SOFTPLUS, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = SOFTPLUS; v._a = self; v._da = softplus_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def silu(self) -> Self:
        """x·sigmoid(x), also called swish."""
        if modes:
            return checked(SILU, (self,))
        try:
            y = silu_value(self._data)
        except MATH_ERRORS as error:
            raise failure(SILU, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = SILU; v._a = self; v._da = silu_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def gelu(self) -> Self:
        """x·Φ(x), Φ the normal distribution (exact, not the tanh approximation)."""
        if modes:
            return checked(GELU, (self,))
        try:
            y = gelu_value(self._data)
        except MATH_ERRORS as error:
            raise failure(GELU, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = GELU; v._a = self; v._da = gelu_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def relu(self) -> Self:
        """maximum(0, x); relu′(0) = 0."""
        if modes:
            return checked(RELU, (self,))
        try:
            y = relu_value(self._data)
        except MATH_ERRORS as error:
            raise failure(RELU, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = RELU; v._a = self; v._da = relu_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def logit(self) -> Self:
        """log(x / (1 − x)), the inverse of sigmoid."""
        if modes:
            return checked(LOGIT, (self,))
        try:
            y = logit_value(self._data)
        except MATH_ERRORS as error:
            raise failure(LOGIT, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = LOGIT; v._a = self; v._da = logit_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def __floor__(self) -> Self:
        """Largest whole number ≤ x; derivative 0."""
        if modes:
            return checked(FLOOR, (self,))
        try:
            y = floor_value(self._data)
        except MATH_ERRORS as error:
            raise failure(FLOOR, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = FLOOR; v._a = self; v._da = 0.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def floor(self) -> Self:
        """Largest whole number ≤ x; derivative 0."""
        if modes:
            return checked(FLOOR, (self,))
        try:
            y = floor_value(self._data)
        except MATH_ERRORS as error:
            raise failure(FLOOR, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = FLOOR; v._a = self; v._da = 0.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def __ceil__(self) -> Self:
        """Smallest whole number ≥ x; derivative 0."""
        if modes:
            return checked(CEIL, (self,))
        try:
            y = ceil_value(self._data)
        except MATH_ERRORS as error:
            raise failure(CEIL, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = CEIL; v._a = self; v._da = 0.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def ceil(self) -> Self:
        """Smallest whole number ≥ x; derivative 0."""
        if modes:
            return checked(CEIL, (self,))
        try:
            y = ceil_value(self._data)
        except MATH_ERRORS as error:
            raise failure(CEIL, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = CEIL; v._a = self; v._da = 0.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def round(self) -> Self:
        """Nearest whole number, half to even; derivative 0."""
        if modes:
            return checked(ROUND, (self,))
        try:
            y = round_value(self._data)
        except MATH_ERRORS as error:
            raise failure(ROUND, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = ROUND; v._a = self; v._da = 0.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def __trunc__(self) -> Self:
        """x without its fraction; derivative 0."""
        if modes:
            return checked(TRUNC, (self,))
        try:
            y = trunc_value(self._data)
        except MATH_ERRORS as error:
            raise failure(TRUNC, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = TRUNC; v._a = self; v._da = 0.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def trunc(self) -> Self:
        """x without its fraction; derivative 0."""
        if modes:
            return checked(TRUNC, (self,))
        try:
            y = trunc_value(self._data)
        except MATH_ERRORS as error:
            raise failure(TRUNC, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = TRUNC; v._a = self; v._da = 0.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def sign(self) -> Self:
        """−1, 0 or 1; derivative 0."""
        if modes:
            return checked(SIGN, (self,))
        try:
            y = sign_value(self._data)
        except MATH_ERRORS as error:
            raise failure(SIGN, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = SIGN; v._a = self; v._da = 0.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def degrees(self) -> Self:
        """Radians to degrees."""
        if modes:
            return checked(DEGREES, (self,))
        try:
            y = degrees_value(self._data)
        except MATH_ERRORS as error:
            raise failure(DEGREES, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = DEGREES; v._a = self; v._da = degrees_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def radians(self) -> Self:
        """Degrees to radians."""
        if modes:
            return checked(RADIANS, (self,))
        try:
            y = radians_value(self._data)
        except MATH_ERRORS as error:
            raise failure(RADIANS, (self,), error) from None
        v = new(type(self))
        v._data = y; v._op = RADIANS; v._a = self; v._da = radians_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
        return v

    def __add__(self, other: Self | float, /) -> Self:
        """a + b."""
        if modes:
            return careful(ADD, (self, other))
        a = self._data
        if type(other) is type(self):
            b = other._data
            try:
                y = a + b
            except MATH_ERRORS as error:
                raise failure(ADD, (self, other), error) from None
            v = new(type(self))
            v._data = y; v._op = ADD; v._a = self; v._da = 1.0; v._b = other; v._db = 1.0; v._seq = tick(); v._mark = None
            return v
        b = other if type(other) is float else number(other)
        if b is NotImplemented:
            return careful(ADD, (self, other))
        try:
            y = a + b
        except MATH_ERRORS as error:
            raise failure(ADD, (self, b), error) from None
        v = new(type(self))
        v._data = y; v._op = ADD; v._a = self; v._da = 1.0; v._b = b; v._db = None; v._seq = tick(); v._mark = None
        return v

    def __radd__(self, other: Self | float, /) -> Self:
        """The operator with a number on the left."""
        if modes:
            return careful(ADD, (other, self))
        a = other if type(other) is float else number(other)
        if a is NotImplemented:
            return careful(ADD, (other, self))
        b = self._data
        try:
            y = a + b
        except MATH_ERRORS as error:
            raise failure(ADD, (a, self), error) from None
        v = new(type(self))
        v._data = y; v._op = ADD; v._a = a; v._da = None; v._b = self; v._db = 1.0; v._seq = tick(); v._mark = None
        return v

    def __sub__(self, other: Self | float, /) -> Self:
        """a − b."""
        if modes:
            return careful(SUB, (self, other))
        a = self._data
        if type(other) is type(self):
            b = other._data
            try:
                y = a - b
            except MATH_ERRORS as error:
                raise failure(SUB, (self, other), error) from None
            v = new(type(self))
            v._data = y; v._op = SUB; v._a = self; v._da = 1.0; v._b = other; v._db = -1.0; v._seq = tick(); v._mark = None
            return v
        b = other if type(other) is float else number(other)
        if b is NotImplemented:
            return careful(SUB, (self, other))
        try:
            y = a - b
        except MATH_ERRORS as error:
            raise failure(SUB, (self, b), error) from None
        v = new(type(self))
        v._data = y; v._op = SUB; v._a = self; v._da = 1.0; v._b = b; v._db = None; v._seq = tick(); v._mark = None
        return v

    def __rsub__(self, other: Self | float, /) -> Self:
        """The operator with a number on the left."""
        if modes:
            return careful(SUB, (other, self))
        a = other if type(other) is float else number(other)
        if a is NotImplemented:
            return careful(SUB, (other, self))
        b = self._data
        try:
            y = a - b
        except MATH_ERRORS as error:
            raise failure(SUB, (a, self), error) from None
        v = new(type(self))
        v._data = y; v._op = SUB; v._a = a; v._da = None; v._b = self; v._db = -1.0; v._seq = tick(); v._mark = None
        return v

    def __mul__(self, other: Self | float, /) -> Self:
        """a·b."""
        if modes:
            return careful(MUL, (self, other))
        a = self._data
        if type(other) is type(self):
            b = other._data
            try:
                y = a * b
            except MATH_ERRORS as error:
                raise failure(MUL, (self, other), error) from None
            v = new(type(self))
            v._data = y; v._op = MUL; v._a = self; v._da = b; v._b = other; v._db = a; v._seq = tick(); v._mark = None
            return v
        b = other if type(other) is float else number(other)
        if b is NotImplemented:
            return careful(MUL, (self, other))
        try:
            y = a * b
        except MATH_ERRORS as error:
            raise failure(MUL, (self, b), error) from None
        v = new(type(self))
        v._data = y; v._op = MUL; v._a = self; v._da = b; v._b = b; v._db = None; v._seq = tick(); v._mark = None
        return v

    def __rmul__(self, other: Self | float, /) -> Self:
        """The operator with a number on the left."""
        if modes:
            return careful(MUL, (other, self))
        a = other if type(other) is float else number(other)
        if a is NotImplemented:
            return careful(MUL, (other, self))
        b = self._data
        try:
            y = a * b
        except MATH_ERRORS as error:
            raise failure(MUL, (a, self), error) from None
        v = new(type(self))
        v._data = y; v._op = MUL; v._a = a; v._da = None; v._b = self; v._db = a; v._seq = tick(); v._mark = None
        return v

    def __truediv__(self, other: Self | float, /) -> Self:
        """a / b."""
        if modes:
            return careful(DIV, (self, other))
        a = self._data
        if type(other) is type(self):
            b = other._data
            try:
                y = a / b
            except MATH_ERRORS as error:
                raise failure(DIV, (self, other), error) from None
            v = new(type(self))
            v._data = y; v._op = DIV; v._a = self; v._da = div_a; v._b = other; v._db = div_b; v._seq = tick(); v._mark = None
            return v
        b = other if type(other) is float else number(other)
        if b is NotImplemented:
            return careful(DIV, (self, other))
        try:
            y = a / b
        except MATH_ERRORS as error:
            raise failure(DIV, (self, b), error) from None
        v = new(type(self))
        v._data = y; v._op = DIV; v._a = self; v._da = div_a; v._b = b; v._db = None; v._seq = tick(); v._mark = None
        return v

    def __rtruediv__(self, other: Self | float, /) -> Self:
        """The operator with a number on the left."""
        if modes:
            return careful(DIV, (other, self))
        a = other if type(other) is float else number(other)
        if a is NotImplemented:
            return careful(DIV, (other, self))
        b = self._data
        try:
            y = a / b
        except MATH_ERRORS as error:
            raise failure(DIV, (a, self), error) from None
        v = new(type(self))
        v._data = y; v._op = DIV; v._a = a; v._da = None; v._b = self; v._db = div_b; v._seq = tick(); v._mark = None
        return v

    def __mod__(self, other: Self | float, /) -> Self:
        """Remainder with the sign of b, as Python's %."""
        if modes:
            return careful(MOD, (self, other))
        a = self._data
        if type(other) is type(self):
            b = other._data
            try:
                y = a % b
            except MATH_ERRORS as error:
                raise failure(MOD, (self, other), error) from None
            v = new(type(self))
            v._data = y; v._op = MOD; v._a = self; v._da = 1.0; v._b = other; v._db = mod_b; v._seq = tick(); v._mark = None
            return v
        b = other if type(other) is float else number(other)
        if b is NotImplemented:
            return careful(MOD, (self, other))
        try:
            y = a % b
        except MATH_ERRORS as error:
            raise failure(MOD, (self, b), error) from None
        v = new(type(self))
        v._data = y; v._op = MOD; v._a = self; v._da = 1.0; v._b = b; v._db = None; v._seq = tick(); v._mark = None
        return v

    def __rmod__(self, other: Self | float, /) -> Self:
        """The operator with a number on the left."""
        if modes:
            return careful(MOD, (other, self))
        a = other if type(other) is float else number(other)
        if a is NotImplemented:
            return careful(MOD, (other, self))
        b = self._data
        try:
            y = a % b
        except MATH_ERRORS as error:
            raise failure(MOD, (a, self), error) from None
        v = new(type(self))
        v._data = y; v._op = MOD; v._a = a; v._da = None; v._b = self; v._db = mod_b; v._seq = tick(); v._mark = None
        return v

    def __floordiv__(self, other: Self | float, /) -> Self:
        """floor(a / b); derivative 0."""
        if modes:
            return careful(FLOORDIV, (self, other))
        a = self._data
        if type(other) is type(self):
            b = other._data
            try:
                y = a // b
            except MATH_ERRORS as error:
                raise failure(FLOORDIV, (self, other), error) from None
            v = new(type(self))
            v._data = y; v._op = FLOORDIV; v._a = self; v._da = 0.0; v._b = other; v._db = 0.0; v._seq = tick(); v._mark = None
            return v
        b = other if type(other) is float else number(other)
        if b is NotImplemented:
            return careful(FLOORDIV, (self, other))
        try:
            y = a // b
        except MATH_ERRORS as error:
            raise failure(FLOORDIV, (self, b), error) from None
        v = new(type(self))
        v._data = y; v._op = FLOORDIV; v._a = self; v._da = 0.0; v._b = b; v._db = None; v._seq = tick(); v._mark = None
        return v

    def __rfloordiv__(self, other: Self | float, /) -> Self:
        """The operator with a number on the left."""
        if modes:
            return careful(FLOORDIV, (other, self))
        a = other if type(other) is float else number(other)
        if a is NotImplemented:
            return careful(FLOORDIV, (other, self))
        b = self._data
        try:
            y = a // b
        except MATH_ERRORS as error:
            raise failure(FLOORDIV, (a, self), error) from None
        v = new(type(self))
        v._data = y; v._op = FLOORDIV; v._a = a; v._da = None; v._b = self; v._db = 0.0; v._seq = tick(); v._mark = None
        return v

    def __pow__(self, other: Self | float, /) -> Self:
        """a to the power b."""
        if modes:
            return careful(POW, (self, other))
        a = self._data
        if type(other) is type(self):
            b = other._data
            try:
                y = a * a if b == 2.0 else c_pow(a, b)
            except MATH_ERRORS as error:
                raise failure(POW, (self, other), error) from None
            v = new(type(self))
            v._data = y; v._op = POW; v._a = self; v._da = pow_a; v._b = other; v._db = pow_b; v._seq = tick(); v._mark = None
            return v
        b = other if type(other) is float else number(other)
        if b is NotImplemented:
            return careful(POW, (self, other))
        try:
            y = a * a if b == 2.0 else c_pow(a, b)
        except MATH_ERRORS as error:
            raise failure(POW, (self, b), error) from None
        v = new(type(self))
        v._data = y; v._op = POW; v._a = self; v._da = pow_a; v._b = b; v._db = None; v._seq = tick(); v._mark = None
        return v

    def __rpow__(self, other: Self | float, /) -> Self:
        """The operator with a number on the left."""
        if modes:
            return careful(POW, (other, self))
        a = other if type(other) is float else number(other)
        if a is NotImplemented:
            return careful(POW, (other, self))
        b = self._data
        try:
            y = a * a if b == 2.0 else c_pow(a, b)
        except MATH_ERRORS as error:
            raise failure(POW, (a, self), error) from None
        v = new(type(self))
        v._data = y; v._op = POW; v._a = a; v._da = None; v._b = self; v._db = pow_b; v._seq = tick(); v._mark = None
        return v

    def pow(self, b: Self | float) -> Self:
        """a to the power b."""
        y = self.__pow__(b)
        return checked(POW, (self, b)) if y is NotImplemented else y

    def atan2(self, b: Self | float) -> Self:
        """The angle of the point (b, a), in radians."""
        return ATAN2.function(self, b)

    def fmod(self, b: Self | float) -> Self:
        """Remainder with the sign of a, as C's fmod."""
        return FMOD.function(self, b)

    def copysign(self, b: Self | float) -> Self:
        """|a| with the sign of b."""
        return COPYSIGN.function(self, b)

    def maximum(self, b: Self | float) -> Self:
        """The larger; on a tie the first."""
        return MAXIMUM.function(self, b)

    def minimum(self, b: Self | float) -> Self:
        """The smaller; on a tie the first."""
        return MINIMUM.function(self, b)

    def leaky_relu(self, negative_slope: Self | float = 0.01) -> Self:
        """a if a > 0 else b·a."""
        return LEAKY_RELU.function(self, negative_slope)

    def elu(self, alpha: Self | float = 1.0) -> Self:
        """a if a > 0 else b·(exp(a) − 1)."""
        return ELU.function(self, alpha)

    def logaddexp(self, b: Self | float) -> Self:
        """log(exp(a) + exp(b))."""
        return LOGADDEXP.function(self, b)

    def xlogy(self, b: Self | float) -> Self:
        """a·log(b), 0 where a = 0."""
        return XLOGY.function(self, b)

    def fma(self, b: Self | float, c: Self | float) -> Self:
        """a·b + c with one rounding."""
        return FMA.function(self, b, c)

    def where(self, b: Self | float, c: Self | float) -> Self:
        """b where the condition a holds, else c; the other one's derivative is never touched."""
        return WHERE.function(self, b, c)

    def hypot(self, *others: Self | float) -> Self:
        """√(x₁² + x₂² + …), without overflow; derivative 0 where all are 0."""
        return HYPOT.function((self, *others))

    arcsin = asin
    arccos = acos
    arctan = atan
    arcsinh = asinh
    arccosh = acosh
    arctanh = atanh
    arctan2 = atan2
    rint = round
    fabs = abs
    deg2rad = radians
    rad2deg = degrees
