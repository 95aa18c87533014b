"""Every row of the table as a function of Values and plain numbers.

Written by `python -m autograd.generate` from the table in table.py: edit the table, not this file.

A Value among the operands gives a Value, plain numbers give a float, NumPy arrays work elementwise. `functions.py` adds what
takes a start or a sequence. Where the accelerator runs, its functions replace these, which stay the definition.
"""

from collections.abc import Sequence
from typing import Any, overload

from autograd import modes as _modes
from autograd._engine import accelerator
from autograd._engine.numbers import tick
from autograd._engine.slow_path import MATH_ERRORS, checked, failure
from autograd.derivatives import (  # fmt: skip
    abs as abs_value, abs_x, acos as acos_value, acos_x, acosh as acosh_value, acosh_x, asin as asin_value, asin_x,
    asinh as asinh_value, asinh_x, atan as atan_value, atan2 as atan2_value, atan2_a, atan2_b, atan_x, atanh as
    atanh_value, atanh_x, cbrt as cbrt_value, cbrt_x, ceil as ceil_value, copysign as copysign_value, copysign_a,
    copysign_b, cos as cos_value, cos_x, cosh as cosh_value, cosh_x, degrees as degrees_value, degrees_x, dot as
    dot_value, elu as elu_value, elu_a, elu_b, erf as erf_value, erf_x, erfc as erfc_value, erfc_x, erfinv as
    erfinv_value, erfinv_x, exp as exp_value, exp2 as exp2_value, exp2_x, expm1 as expm1_value, expm1_x, floor as
    floor_value, fma as fma_value, fmod as fmod_value, fmod_a, fmod_b, gamma as gamma_value, gamma_x, gelu as
    gelu_value, gelu_x, hypot as hypot_value, identity as identity_value, ierfcx as ierfcx_value, ierfcx_a, ierfcx_b,
    leaky_relu as leaky_relu_value, leaky_relu_a, leaky_relu_b, lgamma as lgamma_value, lgamma_x, log as log_value,
    log10 as log10_value, log10_x, log1p as log1p_value, log1p_x, log2 as log2_value, log2_x, log_ndtr as
    log_ndtr_value, log_ndtr_x, log_x, logaddexp as logaddexp_value, logaddexp_a, logaddexp_b, logit as logit_value,
    logit_x, logsumexp as logsumexp_value, maximum as maximum_value, maximum_a, maximum_b, mean as mean_value, minimum
    as minimum_value, minimum_a, minimum_b, ndtr as ndtr_value, ndtr_x, ndtri as ndtri_value, ndtri_x, neg as neg_value,
    polygamma as polygamma_value, polygamma_a, polygamma_b, prod as prod_value, radians as radians_value, radians_x,
    relu as relu_value, relu_x, round as round_value, round_digits as round_digits_value, round_digits_a,
    round_digits_b, sigmoid as sigmoid_value, sigmoid_x, sign as sign_value, silu as silu_value, silu_x, sin as
    sin_value, sin_x, sinc as sinc_value, sinc_slope as sinc_slope_value, sinc_slope_a, sinc_slope_b, sinc_x, sinh as
    sinh_value, sinh_x, softmax_term as softmax_term_value, softplus as softplus_value, softplus_x, sqrt as sqrt_value,
    sqrt_x, sum as sum_value, sumexp as sumexp_value, tan as tan_value, tan_x, tanh as tanh_value, tanh_x, trunc as
    trunc_value, where as where_value, xlogy as xlogy_value, xlogy_a, xlogy_b,
)
from autograd.table import SIGNATURES, row
from autograd.value import Value

__all__ = [
    "neg",
    "abs",
    "sqrt",
    "cbrt",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log2",
    "log10",
    "log1p",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "erf",
    "erfc",
    "erfinv",
    "ndtr",
    "ndtri",
    "log_ndtr",
    "gamma",
    "lgamma",
    "sinc",
    "sigmoid",
    "softplus",
    "silu",
    "gelu",
    "relu",
    "logit",
    "floor",
    "ceil",
    "trunc",
    "sign",
    "degrees",
    "radians",
    "add",
    "sub",
    "mul",
    "div",
    "mod",
    "floordiv",
    "pow",
    "atan2",
    "fmod",
    "copysign",
    "maximum",
    "minimum",
    "leaky_relu",
    "elu",
    "logaddexp",
    "xlogy",
    "polygamma",
    "fma",
    "where",
]

NEG = row("neg")
IDENTITY = row("identity")
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
POLYGAMMA = row("polygamma")
IERFCX = row("ierfcx")
SINC_SLOPE = row("sinc_slope")
ROUND_DIGITS = row("round_digits")
FMA = row("fma")
WHERE = row("where")
SOFTMAX_TERM = row("softmax_term")
SUM = row("sum")
PROD = row("prod")
DOT = row("dot")
MEAN = row("mean")
HYPOT = row("hypot")
SUMEXP = row("sumexp")
LOGSUMEXP = row("logsumexp")

VALUES_AND_FLOATS = {Value, float}
new: Any = object.__new__
modes = 0 if accelerator.module is None else 1  # how many modes are active anywhere; kept by modes.py
_modes.counters.append(globals())


@overload
def neg(x: Value) -> Value: ...
@overload
def neg(x: float) -> float: ...
def neg(x: Any) -> Any:
    """−x.

    ∂y/∂x = -1.0

    >>> import autograd
    >>> autograd.neg(0.5)
    -0.5
    """
    if type(x) is not Value or modes:
        return checked(NEG, (x,))
    try:
        y = neg_value(x._data)
    except MATH_ERRORS as error:
        raise failure(NEG, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = NEG; v._a = x; v._da = -1.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def identity(x: Value) -> Value: ...
@overload
def identity(x: float) -> float: ...
def identity(x: Any) -> Any:
    """x itself, as a Value of its own.

    ∂y/∂x = 1.0
    """
    if type(x) is not Value or modes:
        return checked(IDENTITY, (x,))
    try:
        y = identity_value(x._data)
    except MATH_ERRORS as error:
        raise failure(IDENTITY, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = IDENTITY; v._a = x; v._da = 1.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def abs(x: Value) -> Value: ...
@overload
def abs(x: float) -> float: ...
def abs(x: Any) -> Any:
    """|x|; abs′(0) = 0.

    ∂y/∂x = sign(x)

    >>> import autograd
    >>> autograd.abs(0.5)
    0.5
    """
    if type(x) is not Value or modes:
        return checked(ABS, (x,))
    try:
        y = abs_value(x._data)
    except MATH_ERRORS as error:
        raise failure(ABS, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = ABS; v._a = x; v._da = abs_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def sqrt(x: Value) -> Value: ...
@overload
def sqrt(x: float) -> float: ...
def sqrt(x: Any) -> Any:
    """Square root.

    ∂y/∂x = 0.5 / y
    Raises DomainError or DivisionByZeroError outside the domain x >= 0.

    >>> import autograd
    >>> autograd.sqrt(0.5)
    0.7071067811865476
    """
    if type(x) is not Value or modes:
        return checked(SQRT, (x,))
    try:
        y = sqrt_value(x._data)
    except MATH_ERRORS as error:
        raise failure(SQRT, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = SQRT; v._a = x; v._da = sqrt_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def cbrt(x: Value) -> Value: ...
@overload
def cbrt(x: float) -> float: ...
def cbrt(x: Any) -> Any:
    """Cube root, negative for negative x.

    ∂y/∂x = 1 / (3 * y * y)

    >>> import autograd
    >>> autograd.cbrt(0.5)
    0.7937005259840998
    """
    if type(x) is not Value or modes:
        return checked(CBRT, (x,))
    try:
        y = cbrt_value(x._data)
    except MATH_ERRORS as error:
        raise failure(CBRT, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = CBRT; v._a = x; v._da = cbrt_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def exp(x: Value) -> Value: ...
@overload
def exp(x: float) -> float: ...
def exp(x: Any) -> Any:
    """e to the power x.

    ∂y/∂x = y

    >>> import autograd
    >>> autograd.exp(0.5)
    1.6487212707001282
    """
    if type(x) is not Value or modes:
        return checked(EXP, (x,))
    try:
        y = exp_value(x._data)
    except MATH_ERRORS as error:
        raise failure(EXP, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = EXP; v._a = x; v._da = y; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def exp2(x: Value) -> Value: ...
@overload
def exp2(x: float) -> float: ...
def exp2(x: Any) -> Any:
    """2 to the power x.

    ∂y/∂x = y * ln2

    >>> import autograd
    >>> autograd.exp2(0.5)
    1.4142135623730951
    """
    if type(x) is not Value or modes:
        return checked(EXP2, (x,))
    try:
        y = exp2_value(x._data)
    except MATH_ERRORS as error:
        raise failure(EXP2, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = EXP2; v._a = x; v._da = exp2_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def expm1(x: Value) -> Value: ...
@overload
def expm1(x: float) -> float: ...
def expm1(x: Any) -> Any:
    """exp(x) − 1, accurate near 0.

    ∂y/∂x = exp(x)

    >>> import autograd
    >>> autograd.expm1(0.5)
    0.6487212707001282
    """
    if type(x) is not Value or modes:
        return checked(EXPM1, (x,))
    try:
        y = expm1_value(x._data)
    except MATH_ERRORS as error:
        raise failure(EXPM1, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = EXPM1; v._a = x; v._da = expm1_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def log(x: Value) -> Value: ...
@overload
def log(x: float) -> float: ...
def log(x: Any) -> Any:
    """Natural logarithm.

    ∂y/∂x = 1.0 / x
    Raises DomainError or DivisionByZeroError outside the domain x > 0.

    >>> import autograd
    >>> autograd.log(0.5)
    -0.6931471805599453
    """
    if type(x) is not Value or modes:
        return checked(LOG, (x,))
    try:
        y = log_value(x._data)
    except MATH_ERRORS as error:
        raise failure(LOG, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = LOG; v._a = x; v._da = log_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def log2(x: Value) -> Value: ...
@overload
def log2(x: float) -> float: ...
def log2(x: Any) -> Any:
    """Logarithm to base 2.

    ∂y/∂x = 1.0 / ln2 / x
    Raises DomainError or DivisionByZeroError outside the domain x > 0.

    >>> import autograd
    >>> autograd.log2(0.5)
    -1.0
    """
    if type(x) is not Value or modes:
        return checked(LOG2, (x,))
    try:
        y = log2_value(x._data)
    except MATH_ERRORS as error:
        raise failure(LOG2, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = LOG2; v._a = x; v._da = log2_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def log10(x: Value) -> Value: ...
@overload
def log10(x: float) -> float: ...
def log10(x: Any) -> Any:
    """Logarithm to base 10.

    ∂y/∂x = 1.0 / ln10 / x
    Raises DomainError or DivisionByZeroError outside the domain x > 0.

    >>> import autograd
    >>> autograd.log10(0.5)
    -0.3010299956639812
    """
    if type(x) is not Value or modes:
        return checked(LOG10, (x,))
    try:
        y = log10_value(x._data)
    except MATH_ERRORS as error:
        raise failure(LOG10, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = LOG10; v._a = x; v._da = log10_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def log1p(x: Value) -> Value: ...
@overload
def log1p(x: float) -> float: ...
def log1p(x: Any) -> Any:
    """log(1 + x), accurate near 0.

    ∂y/∂x = 1.0 / (1.0 + x)
    Raises DomainError or DivisionByZeroError outside the domain x > -1.

    >>> import autograd
    >>> autograd.log1p(0.5)
    0.4054651081081644
    """
    if type(x) is not Value or modes:
        return checked(LOG1P, (x,))
    try:
        y = log1p_value(x._data)
    except MATH_ERRORS as error:
        raise failure(LOG1P, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = LOG1P; v._a = x; v._da = log1p_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def sin(x: Value) -> Value: ...
@overload
def sin(x: float) -> float: ...
def sin(x: Any) -> Any:
    """Sine of x radians.

    ∂y/∂x = cos(x)
    Raises DomainError or DivisionByZeroError outside the domain -inf < x < inf.

    >>> import autograd
    >>> autograd.sin(0.5)
    0.479425538604203
    """
    if type(x) is not Value or modes:
        return checked(SIN, (x,))
    try:
        y = sin_value(x._data)
    except MATH_ERRORS as error:
        raise failure(SIN, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = SIN; v._a = x; v._da = sin_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def cos(x: Value) -> Value: ...
@overload
def cos(x: float) -> float: ...
def cos(x: Any) -> Any:
    """Cosine of x radians.

    ∂y/∂x = -sin(x)
    Raises DomainError or DivisionByZeroError outside the domain -inf < x < inf.

    >>> import autograd
    >>> autograd.cos(0.5)
    0.8775825618903728
    """
    if type(x) is not Value or modes:
        return checked(COS, (x,))
    try:
        y = cos_value(x._data)
    except MATH_ERRORS as error:
        raise failure(COS, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = COS; v._a = x; v._da = cos_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def tan(x: Value) -> Value: ...
@overload
def tan(x: float) -> float: ...
def tan(x: Any) -> Any:
    """Tangent of x radians.

    ∂y/∂x = 1.0 + y * y
    Raises DomainError or DivisionByZeroError outside the domain -inf < x < inf.

    >>> import autograd
    >>> autograd.tan(0.5)
    0.5463024898437905
    """
    if type(x) is not Value or modes:
        return checked(TAN, (x,))
    try:
        y = tan_value(x._data)
    except MATH_ERRORS as error:
        raise failure(TAN, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = TAN; v._a = x; v._da = tan_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def asin(x: Value) -> Value: ...
@overload
def asin(x: float) -> float: ...
def asin(x: Any) -> Any:
    """Inverse sine, in radians.

    ∂y/∂x = 1 / sqrt(1 - x * x)
    Raises DomainError or DivisionByZeroError outside the domain -1 <= x <= 1.

    >>> import autograd
    >>> autograd.asin(0.5)
    0.5235987755982989
    """
    if type(x) is not Value or modes:
        return checked(ASIN, (x,))
    try:
        y = asin_value(x._data)
    except MATH_ERRORS as error:
        raise failure(ASIN, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = ASIN; v._a = x; v._da = asin_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def acos(x: Value) -> Value: ...
@overload
def acos(x: float) -> float: ...
def acos(x: Any) -> Any:
    """Inverse cosine, in radians.

    ∂y/∂x = -1 / sqrt(1 - x * x)
    Raises DomainError or DivisionByZeroError outside the domain -1 <= x <= 1.

    >>> import autograd
    >>> autograd.acos(0.5)
    1.0471975511965979
    """
    if type(x) is not Value or modes:
        return checked(ACOS, (x,))
    try:
        y = acos_value(x._data)
    except MATH_ERRORS as error:
        raise failure(ACOS, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = ACOS; v._a = x; v._da = acos_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def atan(x: Value) -> Value: ...
@overload
def atan(x: float) -> float: ...
def atan(x: Any) -> Any:
    """Inverse tangent, in radians.

    ∂y/∂x = 1 / (1 + x * x)

    >>> import autograd
    >>> autograd.atan(0.5)
    0.4636476090008061
    """
    if type(x) is not Value or modes:
        return checked(ATAN, (x,))
    try:
        y = atan_value(x._data)
    except MATH_ERRORS as error:
        raise failure(ATAN, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = ATAN; v._a = x; v._da = atan_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def sinh(x: Value) -> Value: ...
@overload
def sinh(x: float) -> float: ...
def sinh(x: Any) -> Any:
    """Hyperbolic sine.

    ∂y/∂x = cosh(x)

    >>> import autograd
    >>> autograd.sinh(0.5)
    0.5210953054937474
    """
    if type(x) is not Value or modes:
        return checked(SINH, (x,))
    try:
        y = sinh_value(x._data)
    except MATH_ERRORS as error:
        raise failure(SINH, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = SINH; v._a = x; v._da = sinh_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def cosh(x: Value) -> Value: ...
@overload
def cosh(x: float) -> float: ...
def cosh(x: Any) -> Any:
    """Hyperbolic cosine.

    ∂y/∂x = sinh(x)

    >>> import autograd
    >>> autograd.cosh(0.5)
    1.1276259652063807
    """
    if type(x) is not Value or modes:
        return checked(COSH, (x,))
    try:
        y = cosh_value(x._data)
    except MATH_ERRORS as error:
        raise failure(COSH, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = COSH; v._a = x; v._da = cosh_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def tanh(x: Value) -> Value: ...
@overload
def tanh(x: float) -> float: ...
def tanh(x: Any) -> Any:
    """Hyperbolic tangent.

    ∂y/∂x = 1 - y * y

    >>> import autograd
    >>> autograd.tanh(0.5)
    0.46211715726000974
    """
    if type(x) is not Value or modes:
        return checked(TANH, (x,))
    try:
        y = tanh_value(x._data)
    except MATH_ERRORS as error:
        raise failure(TANH, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = TANH; v._a = x; v._da = tanh_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def asinh(x: Value) -> Value: ...
@overload
def asinh(x: float) -> float: ...
def asinh(x: Any) -> Any:
    """Inverse hyperbolic sine.

    ∂y/∂x = 1 / sqrt(1 + x * x)

    >>> import autograd
    >>> autograd.asinh(0.5)
    0.48121182505960347
    """
    if type(x) is not Value or modes:
        return checked(ASINH, (x,))
    try:
        y = asinh_value(x._data)
    except MATH_ERRORS as error:
        raise failure(ASINH, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = ASINH; v._a = x; v._da = asinh_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def acosh(x: Value) -> Value: ...
@overload
def acosh(x: float) -> float: ...
def acosh(x: Any) -> Any:
    """Inverse hyperbolic cosine.

    ∂y/∂x = 1 / sqrt(x * x - 1)
    Raises DomainError or DivisionByZeroError outside the domain x >= 1.

    >>> import autograd
    >>> autograd.acosh(2.0)
    1.3169578969248166
    """
    if type(x) is not Value or modes:
        return checked(ACOSH, (x,))
    try:
        y = acosh_value(x._data)
    except MATH_ERRORS as error:
        raise failure(ACOSH, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = ACOSH; v._a = x; v._da = acosh_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def atanh(x: Value) -> Value: ...
@overload
def atanh(x: float) -> float: ...
def atanh(x: Any) -> Any:
    """Inverse hyperbolic tangent.

    ∂y/∂x = 1 / (1 - x * x)
    Raises DomainError or DivisionByZeroError outside the domain -1 < x < 1.

    >>> import autograd
    >>> autograd.atanh(0.5)
    0.5493061443340548
    """
    if type(x) is not Value or modes:
        return checked(ATANH, (x,))
    try:
        y = atanh_value(x._data)
    except MATH_ERRORS as error:
        raise failure(ATANH, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = ATANH; v._a = x; v._da = atanh_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def erf(x: Value) -> Value: ...
@overload
def erf(x: float) -> float: ...
def erf(x: Any) -> Any:
    """Error function.

    ∂y/∂x = 2.0 / sqrtpi * exp(-x * x)

    >>> import autograd
    >>> autograd.erf(0.5)
    0.5204998778130465
    """
    if type(x) is not Value or modes:
        return checked(ERF, (x,))
    try:
        y = erf_value(x._data)
    except MATH_ERRORS as error:
        raise failure(ERF, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = ERF; v._a = x; v._da = erf_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def erfc(x: Value) -> Value: ...
@overload
def erfc(x: float) -> float: ...
def erfc(x: Any) -> Any:
    """1 − erf(x), accurate for large x.

    ∂y/∂x = -2.0 / sqrtpi * exp(-x * x)

    >>> import autograd
    >>> autograd.erfc(0.5)
    0.4795001221869535
    """
    if type(x) is not Value or modes:
        return checked(ERFC, (x,))
    try:
        y = erfc_value(x._data)
    except MATH_ERRORS as error:
        raise failure(ERFC, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = ERFC; v._a = x; v._da = erfc_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def erfinv(x: Value) -> Value: ...
@overload
def erfinv(x: float) -> float: ...
def erfinv(x: Any) -> Any:
    """Inverse of erf.

    ∂y/∂x = 0.5 * sqrtpi * exp(y * y)
    Raises DomainError or DivisionByZeroError outside the domain -1 < x < 1.

    >>> import autograd
    >>> autograd.erfinv(0.5)
    0.4769362762044699
    """
    if type(x) is not Value or modes:
        return checked(ERFINV, (x,))
    try:
        y = erfinv_value(x._data)
    except MATH_ERRORS as error:
        raise failure(ERFINV, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = ERFINV; v._a = x; v._da = erfinv_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def ndtr(x: Value) -> Value: ...
@overload
def ndtr(x: float) -> float: ...
def ndtr(x: Any) -> Any:
    """The normal distribution: the probability of a value up to x.

    ∂y/∂x = exp(-0.5 * x * x) / sqrt2pi

    >>> import autograd
    >>> autograd.ndtr(0.5)
    0.6914624612740131
    """
    if type(x) is not Value or modes:
        return checked(NDTR, (x,))
    try:
        y = ndtr_value(x._data)
    except MATH_ERRORS as error:
        raise failure(NDTR, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = NDTR; v._a = x; v._da = ndtr_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def ndtri(x: Value) -> Value: ...
@overload
def ndtri(x: float) -> float: ...
def ndtri(x: Any) -> Any:
    """Inverse of ndtr: the quantile of the normal distribution.

    ∂y/∂x = sqrt2pi * exp(0.5 * y * y)
    Raises DomainError or DivisionByZeroError outside the domain 0 < x < 1.

    >>> import autograd
    >>> autograd.ndtri(0.5)
    -0.0
    """
    if type(x) is not Value or modes:
        return checked(NDTRI, (x,))
    try:
        y = ndtri_value(x._data)
    except MATH_ERRORS as error:
        raise failure(NDTRI, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = NDTRI; v._a = x; v._da = ndtri_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def log_ndtr(x: Value) -> Value: ...
@overload
def log_ndtr(x: float) -> float: ...
def log_ndtr(x: Any) -> Any:
    """log(ndtr(x)), accurate on both sides.

    ∂y/∂x = exp(-0.5 * x * x) / (sqrt2pi * ndtr(x))

    >>> import autograd
    >>> autograd.log_ndtr(0.5)
    -0.36894641528865635
    """
    if type(x) is not Value or modes:
        return checked(LOG_NDTR, (x,))
    try:
        y = log_ndtr_value(x._data)
    except MATH_ERRORS as error:
        raise failure(LOG_NDTR, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = LOG_NDTR; v._a = x; v._da = log_ndtr_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def gamma(x: Value) -> Value: ...
@overload
def gamma(x: float) -> float: ...
def gamma(x: Any) -> Any:
    """Gamma function, (x − 1)! for whole x.

    ∂y/∂x = y * polygamma(0.0, x)
    Raises DomainError or DivisionByZeroError outside the domain x > 0 or x != floor(x).

    >>> import autograd
    >>> autograd.gamma(0.5)
    1.7724538509055159
    """
    if type(x) is not Value or modes:
        return checked(GAMMA, (x,))
    try:
        y = gamma_value(x._data)
    except MATH_ERRORS as error:
        raise failure(GAMMA, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = GAMMA; v._a = x; v._da = gamma_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def lgamma(x: Value) -> Value: ...
@overload
def lgamma(x: float) -> float: ...
def lgamma(x: Any) -> Any:
    """log |Γ(x)|.

    ∂y/∂x = polygamma(0.0, x)
    Raises DomainError or DivisionByZeroError outside the domain x > 0 or x - floor(x) != 0.

    >>> import autograd
    >>> autograd.lgamma(0.5)
    0.5723649429247004
    """
    if type(x) is not Value or modes:
        return checked(LGAMMA, (x,))
    try:
        y = lgamma_value(x._data)
    except MATH_ERRORS as error:
        raise failure(LGAMMA, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = LGAMMA; v._a = x; v._da = lgamma_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def sinc(x: Value) -> Value: ...
@overload
def sinc(x: float) -> float: ...
def sinc(x: Any) -> Any:
    """sin(πx) / (πx), 1 at 0.

    ∂y/∂x = (cos(pi * x) - y) / x
    Raises DomainError or DivisionByZeroError outside the domain -inf < x < inf.

    >>> import autograd
    >>> autograd.sinc(0.5)
    0.6366197723675814
    """
    if type(x) is not Value or modes:
        return checked(SINC, (x,))
    try:
        y = sinc_value(x._data)
    except MATH_ERRORS as error:
        raise failure(SINC, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = SINC; v._a = x; v._da = sinc_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def sigmoid(x: Value) -> Value: ...
@overload
def sigmoid(x: float) -> float: ...
def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(−x)).

    ∂y/∂x = y * sigmoid(-x)

    >>> import autograd
    >>> autograd.sigmoid(0.5)
    0.6224593312018546
    """
    if type(x) is not Value or modes:
        return checked(SIGMOID, (x,))
    try:
        y = sigmoid_value(x._data)
    except MATH_ERRORS as error:
        raise failure(SIGMOID, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = SIGMOID; v._a = x; v._da = sigmoid_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def softplus(x: Value) -> Value: ...
@overload
def softplus(x: float) -> float: ...
def softplus(x: Any) -> Any:
    """log(1 + exp(x)).

    ∂y/∂x = sigmoid(x)

    >>> import autograd
    >>> autograd.softplus(0.5)
    0.9740769841801067
    """
    if type(x) is not Value or modes:
        return checked(SOFTPLUS, (x,))
    try:
        y = softplus_value(x._data)
    except MATH_ERRORS as error:
        raise failure(SOFTPLUS, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = SOFTPLUS; v._a = x; v._da = softplus_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def silu(x: Value) -> Value: ...
@overload
def silu(x: float) -> float: ...
def silu(x: Any) -> Any:
    """x·sigmoid(x), also called swish.

    ∂y/∂x = sigmoid(x) * (1.0 + x * sigmoid(-x))

    >>> import autograd
    >>> autograd.silu(0.5)
    0.3112296656009273
    """
    if type(x) is not Value or modes:
        return checked(SILU, (x,))
    try:
        y = silu_value(x._data)
    except MATH_ERRORS as error:
        raise failure(SILU, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = SILU; v._a = x; v._da = silu_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def gelu(x: Value) -> Value: ...
@overload
def gelu(x: float) -> float: ...
def gelu(x: Any) -> Any:
    """x·Φ(x), Φ the normal distribution (exact, not the tanh approximation).

    ∂y/∂x = 0.5 * erfc(-x / sqrt2) + x * exp(-0.5 * x * x) / sqrt2pi

    >>> import autograd
    >>> autograd.gelu(0.5)
    0.34573123063700656
    """
    if type(x) is not Value or modes:
        return checked(GELU, (x,))
    try:
        y = gelu_value(x._data)
    except MATH_ERRORS as error:
        raise failure(GELU, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = GELU; v._a = x; v._da = gelu_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def relu(x: Value) -> Value: ...
@overload
def relu(x: float) -> float: ...
def relu(x: Any) -> Any:
    """maximum(0, x); relu′(0) = 0.

    ∂y/∂x = 0.0 if x <= 0.0 else 1.0

    >>> import autograd
    >>> autograd.relu(0.5)
    0.5
    """
    if type(x) is not Value or modes:
        return checked(RELU, (x,))
    try:
        y = relu_value(x._data)
    except MATH_ERRORS as error:
        raise failure(RELU, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = RELU; v._a = x; v._da = relu_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def logit(x: Value) -> Value: ...
@overload
def logit(x: float) -> float: ...
def logit(x: Any) -> Any:
    """log(x / (1 − x)), the inverse of sigmoid.

    ∂y/∂x = 1.0 / (x * (1.0 - x))
    Raises DomainError or DivisionByZeroError outside the domain 0 < x < 1.

    >>> import autograd
    >>> autograd.logit(0.5)
    0.0
    """
    if type(x) is not Value or modes:
        return checked(LOGIT, (x,))
    try:
        y = logit_value(x._data)
    except MATH_ERRORS as error:
        raise failure(LOGIT, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = LOGIT; v._a = x; v._da = logit_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def floor(x: Value) -> Value: ...
@overload
def floor(x: float) -> float: ...
def floor(x: Any) -> Any:
    """Largest whole number ≤ x; derivative 0.

    ∂y/∂x = 0.0

    >>> import autograd
    >>> autograd.floor(0.5)
    0.0
    """
    if type(x) is not Value or modes:
        return checked(FLOOR, (x,))
    try:
        y = floor_value(x._data)
    except MATH_ERRORS as error:
        raise failure(FLOOR, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = FLOOR; v._a = x; v._da = 0.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def ceil(x: Value) -> Value: ...
@overload
def ceil(x: float) -> float: ...
def ceil(x: Any) -> Any:
    """Smallest whole number ≥ x; derivative 0.

    ∂y/∂x = 0.0

    >>> import autograd
    >>> autograd.ceil(0.5)
    1.0
    """
    if type(x) is not Value or modes:
        return checked(CEIL, (x,))
    try:
        y = ceil_value(x._data)
    except MATH_ERRORS as error:
        raise failure(CEIL, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = CEIL; v._a = x; v._da = 0.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def round(x: Value) -> Value: ...
@overload
def round(x: float) -> float: ...
def round(x: Any) -> Any:
    """Nearest whole number, half to even; derivative 0.

    ∂y/∂x = 0.0
    """
    if type(x) is not Value or modes:
        return checked(ROUND, (x,))
    try:
        y = round_value(x._data)
    except MATH_ERRORS as error:
        raise failure(ROUND, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = ROUND; v._a = x; v._da = 0.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def trunc(x: Value) -> Value: ...
@overload
def trunc(x: float) -> float: ...
def trunc(x: Any) -> Any:
    """x without its fraction; derivative 0.

    ∂y/∂x = 0.0

    >>> import autograd
    >>> autograd.trunc(0.5)
    0.0
    """
    if type(x) is not Value or modes:
        return checked(TRUNC, (x,))
    try:
        y = trunc_value(x._data)
    except MATH_ERRORS as error:
        raise failure(TRUNC, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = TRUNC; v._a = x; v._da = 0.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def sign(x: Value) -> Value: ...
@overload
def sign(x: float) -> float: ...
def sign(x: Any) -> Any:
    """−1, 0 or 1; derivative 0.

    ∂y/∂x = 0.0

    >>> import autograd
    >>> autograd.sign(0.5)
    1.0
    """
    if type(x) is not Value or modes:
        return checked(SIGN, (x,))
    try:
        y = sign_value(x._data)
    except MATH_ERRORS as error:
        raise failure(SIGN, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = SIGN; v._a = x; v._da = 0.0; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def degrees(x: Value) -> Value: ...
@overload
def degrees(x: float) -> float: ...
def degrees(x: Any) -> Any:
    """Radians to degrees.

    ∂y/∂x = 180.0 / pi

    >>> import autograd
    >>> autograd.degrees(0.5)
    28.64788975654116
    """
    if type(x) is not Value or modes:
        return checked(DEGREES, (x,))
    try:
        y = degrees_value(x._data)
    except MATH_ERRORS as error:
        raise failure(DEGREES, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = DEGREES; v._a = x; v._da = degrees_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def radians(x: Value) -> Value: ...
@overload
def radians(x: float) -> float: ...
def radians(x: Any) -> Any:
    """Degrees to radians.

    ∂y/∂x = pi / 180.0

    >>> import autograd
    >>> autograd.radians(0.5)
    0.008726646259971648
    """
    if type(x) is not Value or modes:
        return checked(RADIANS, (x,))
    try:
        y = radians_value(x._data)
    except MATH_ERRORS as error:
        raise failure(RADIANS, (x,), error) from None
    v = new(Value)
    v._data = y; v._op = RADIANS; v._a = x; v._da = radians_x; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def add(a: Value, b: Value | float) -> Value: ...
@overload
def add(a: float, b: Value) -> Value: ...
@overload
def add(a: float, b: float) -> float: ...
def add(a: Any, b: Any) -> Any:
    """a + b.

    ∂y/∂a = 1.0
    ∂y/∂b = 1.0

    >>> import autograd
    >>> autograd.add(3.0, 2.0)
    5.0
    """
    y: Any = NotImplemented if type(a) is not Value else a.__add__(b)
    y = b.__radd__(a) if y is NotImplemented and type(b) is Value else y
    return checked(ADD, (a, b)) if y is NotImplemented else y


@overload
def sub(a: Value, b: Value | float) -> Value: ...
@overload
def sub(a: float, b: Value) -> Value: ...
@overload
def sub(a: float, b: float) -> float: ...
def sub(a: Any, b: Any) -> Any:
    """a − b.

    ∂y/∂a = 1.0
    ∂y/∂b = -1.0

    >>> import autograd
    >>> autograd.sub(3.0, 2.0)
    1.0
    """
    y: Any = NotImplemented if type(a) is not Value else a.__sub__(b)
    y = b.__rsub__(a) if y is NotImplemented and type(b) is Value else y
    return checked(SUB, (a, b)) if y is NotImplemented else y


@overload
def mul(a: Value, b: Value | float) -> Value: ...
@overload
def mul(a: float, b: Value) -> Value: ...
@overload
def mul(a: float, b: float) -> float: ...
def mul(a: Any, b: Any) -> Any:
    """a·b.

    ∂y/∂a = b
    ∂y/∂b = a

    >>> import autograd
    >>> autograd.mul(3.0, 2.0)
    6.0
    """
    y: Any = NotImplemented if type(a) is not Value else a.__mul__(b)
    y = b.__rmul__(a) if y is NotImplemented and type(b) is Value else y
    return checked(MUL, (a, b)) if y is NotImplemented else y


@overload
def div(a: Value, b: Value | float) -> Value: ...
@overload
def div(a: float, b: Value) -> Value: ...
@overload
def div(a: float, b: float) -> float: ...
def div(a: Any, b: Any) -> Any:
    """a / b.

    ∂y/∂a = 1.0 / b
    ∂y/∂b = -y / b
    Raises DomainError or DivisionByZeroError outside the domain b != 0.

    >>> import autograd
    >>> autograd.div(3.0, 2.0)
    1.5
    """
    y: Any = NotImplemented if type(a) is not Value else a.__truediv__(b)
    y = b.__rtruediv__(a) if y is NotImplemented and type(b) is Value else y
    return checked(DIV, (a, b)) if y is NotImplemented else y


@overload
def mod(a: Value, b: Value | float) -> Value: ...
@overload
def mod(a: float, b: Value) -> Value: ...
@overload
def mod(a: float, b: float) -> float: ...
def mod(a: Any, b: Any) -> Any:
    """Remainder with the sign of b, as Python's %.

    ∂y/∂a = 1.0
    ∂y/∂b = -(a // b)
    Raises DomainError or DivisionByZeroError outside the domain b != 0.

    >>> import autograd
    >>> autograd.mod(3.0, 2.0)
    1.0
    """
    y: Any = NotImplemented if type(a) is not Value else a.__mod__(b)
    y = b.__rmod__(a) if y is NotImplemented and type(b) is Value else y
    return checked(MOD, (a, b)) if y is NotImplemented else y


@overload
def floordiv(a: Value, b: Value | float) -> Value: ...
@overload
def floordiv(a: float, b: Value) -> Value: ...
@overload
def floordiv(a: float, b: float) -> float: ...
def floordiv(a: Any, b: Any) -> Any:
    """floor(a / b); derivative 0.

    ∂y/∂a = 0.0
    ∂y/∂b = 0.0
    Raises DomainError or DivisionByZeroError outside the domain b != 0.

    >>> import autograd
    >>> autograd.floordiv(3.0, 2.0)
    1.0
    """
    y: Any = NotImplemented if type(a) is not Value else a.__floordiv__(b)
    y = b.__rfloordiv__(a) if y is NotImplemented and type(b) is Value else y
    return checked(FLOORDIV, (a, b)) if y is NotImplemented else y


@overload
def pow(a: Value, b: Value | float) -> Value: ...
@overload
def pow(a: float, b: Value) -> Value: ...
@overload
def pow(a: float, b: float) -> float: ...
def pow(a: Any, b: Any) -> Any:
    """a to the power b.

    ∂y/∂a = b * pow(a, b - 1)
    ∂y/∂b = y * log(a)
    Raises DomainError or DivisionByZeroError outside the domain a > 0 or a == 0 and b >= 0 or a < 0 and b == floor(b) or a == -inf or b == -inf.

    >>> import autograd
    >>> autograd.pow(3.0, 2.0)
    9.0
    """
    y: Any = NotImplemented if type(a) is not Value else a.__pow__(b)
    y = b.__rpow__(a) if y is NotImplemented and type(b) is Value else y
    return checked(POW, (a, b)) if y is NotImplemented else y


@overload
def atan2(a: Value, b: Value | float) -> Value: ...
@overload
def atan2(a: float, b: Value) -> Value: ...
@overload
def atan2(a: float, b: float) -> float: ...
def atan2(a: Any, b: Any) -> Any:
    """The angle of the point (b, a), in radians.

    ∂y/∂a = b / (a * a + b * b)
    ∂y/∂b = -a / (a * a + b * b)

    >>> import autograd
    >>> autograd.atan2(3.0, 2.0)
    0.982793723247329
    """
    kind_a, kind_b = type(a), type(b)
    if modes or kind_a not in VALUES_AND_FLOATS or kind_b not in VALUES_AND_FLOATS:
        return checked(ATAN2, (a, b))
    p, da = (a._data, atan2_a) if kind_a is Value else (a, None)
    q, db = (b._data, atan2_b) if kind_b is Value else (b, None)
    try:
        y = atan2_value(p, q)
    except MATH_ERRORS as error:
        raise failure(ATAN2, (a, b), error) from None
    if da is None and db is None:
        return y
    v = new(Value)
    v._data = y; v._op = ATAN2; v._a = a; v._da = da; v._b = b; v._db = db; v._seq = tick(); v._mark = None
    return v


@overload
def fmod(a: Value, b: Value | float) -> Value: ...
@overload
def fmod(a: float, b: Value) -> Value: ...
@overload
def fmod(a: float, b: float) -> float: ...
def fmod(a: Any, b: Any) -> Any:
    """Remainder with the sign of a, as C's fmod.

    ∂y/∂a = 1.0
    ∂y/∂b = -round((a - y) / b)
    Raises DomainError or DivisionByZeroError outside the domain b != 0 and -inf < a < inf.

    >>> import autograd
    >>> autograd.fmod(3.0, 2.0)
    1.0
    """
    kind_a, kind_b = type(a), type(b)
    if modes or kind_a not in VALUES_AND_FLOATS or kind_b not in VALUES_AND_FLOATS:
        return checked(FMOD, (a, b))
    p, da = (a._data, fmod_a) if kind_a is Value else (a, None)
    q, db = (b._data, fmod_b) if kind_b is Value else (b, None)
    try:
        y = fmod_value(p, q)
    except MATH_ERRORS as error:
        raise failure(FMOD, (a, b), error) from None
    if da is None and db is None:
        return y
    v = new(Value)
    v._data = y; v._op = FMOD; v._a = a; v._da = da; v._b = b; v._db = db; v._seq = tick(); v._mark = None
    return v


@overload
def copysign(a: Value, b: Value | float) -> Value: ...
@overload
def copysign(a: float, b: Value) -> Value: ...
@overload
def copysign(a: float, b: float) -> float: ...
def copysign(a: Any, b: Any) -> Any:
    """|a| with the sign of b.

    ∂y/∂a = sign(a) * copysign(1.0, b)
    ∂y/∂b = 0.0

    >>> import autograd
    >>> autograd.copysign(3.0, 2.0)
    3.0
    """
    kind_a, kind_b = type(a), type(b)
    if modes or kind_a not in VALUES_AND_FLOATS or kind_b not in VALUES_AND_FLOATS:
        return checked(COPYSIGN, (a, b))
    p, da = (a._data, copysign_a) if kind_a is Value else (a, None)
    q, db = (b._data, copysign_b) if kind_b is Value else (b, None)
    try:
        y = copysign_value(p, q)
    except MATH_ERRORS as error:
        raise failure(COPYSIGN, (a, b), error) from None
    if da is None and db is None:
        return y
    v = new(Value)
    v._data = y; v._op = COPYSIGN; v._a = a; v._da = da; v._b = b; v._db = db; v._seq = tick(); v._mark = None
    return v


@overload
def maximum(a: Value, b: Value | float) -> Value: ...
@overload
def maximum(a: float, b: Value) -> Value: ...
@overload
def maximum(a: float, b: float) -> float: ...
def maximum(a: Any, b: Any) -> Any:
    """The larger; on a tie the first.

    ∂y/∂a = 1 if a >= b else 0
    ∂y/∂b = 0 if a >= b else 1

    >>> import autograd
    >>> autograd.maximum(3.0, 2.0)
    3.0
    """
    kind_a, kind_b = type(a), type(b)
    if modes or kind_a not in VALUES_AND_FLOATS or kind_b not in VALUES_AND_FLOATS:
        return checked(MAXIMUM, (a, b))
    p, da = (a._data, maximum_a) if kind_a is Value else (a, None)
    q, db = (b._data, maximum_b) if kind_b is Value else (b, None)
    try:
        y = maximum_value(p, q)
    except MATH_ERRORS as error:
        raise failure(MAXIMUM, (a, b), error) from None
    if da is None and db is None:
        return y
    v = new(Value)
    v._data = y; v._op = MAXIMUM; v._a = a; v._da = da; v._b = b; v._db = db; v._seq = tick(); v._mark = None
    return v


@overload
def minimum(a: Value, b: Value | float) -> Value: ...
@overload
def minimum(a: float, b: Value) -> Value: ...
@overload
def minimum(a: float, b: float) -> float: ...
def minimum(a: Any, b: Any) -> Any:
    """The smaller; on a tie the first.

    ∂y/∂a = 1 if a <= b else 0
    ∂y/∂b = 0 if a <= b else 1

    >>> import autograd
    >>> autograd.minimum(3.0, 2.0)
    2.0
    """
    kind_a, kind_b = type(a), type(b)
    if modes or kind_a not in VALUES_AND_FLOATS or kind_b not in VALUES_AND_FLOATS:
        return checked(MINIMUM, (a, b))
    p, da = (a._data, minimum_a) if kind_a is Value else (a, None)
    q, db = (b._data, minimum_b) if kind_b is Value else (b, None)
    try:
        y = minimum_value(p, q)
    except MATH_ERRORS as error:
        raise failure(MINIMUM, (a, b), error) from None
    if da is None and db is None:
        return y
    v = new(Value)
    v._data = y; v._op = MINIMUM; v._a = a; v._da = da; v._b = b; v._db = db; v._seq = tick(); v._mark = None
    return v


@overload
def leaky_relu(x: Value, negative_slope: Value | float = 0.01) -> Value: ...
@overload
def leaky_relu(x: float, negative_slope: Value) -> Value: ...
@overload
def leaky_relu(x: float, negative_slope: float = 0.01) -> float: ...
def leaky_relu(x: Any, negative_slope: Any = 0.01) -> Any:
    """a if a > 0 else b·a.

    ∂y/∂a = b if a <= 0.0 else 1.0  (where a is x, b is negative_slope)
    ∂y/∂b = a if a <= 0.0 else 0.0  (where a is x, b is negative_slope)

    >>> import autograd
    >>> autograd.leaky_relu(3.0, 2.0)
    3.0
    """
    return LEAKY_RELU.function(x, negative_slope)


def _leaky_relu(a: Any, b: Any) -> Any:
    kind_a, kind_b = type(a), type(b)
    if modes or kind_a not in VALUES_AND_FLOATS or kind_b not in VALUES_AND_FLOATS:
        return checked(LEAKY_RELU, (a, b))
    p, da = (a._data, leaky_relu_a) if kind_a is Value else (a, None)
    q, db = (b._data, leaky_relu_b) if kind_b is Value else (b, None)
    try:
        y = leaky_relu_value(p, q)
    except MATH_ERRORS as error:
        raise failure(LEAKY_RELU, (a, b), error) from None
    if da is None and db is None:
        return y
    v = new(Value)
    v._data = y; v._op = LEAKY_RELU; v._a = a; v._da = da; v._b = b; v._db = db; v._seq = tick(); v._mark = None
    return v


@overload
def elu(x: Value, alpha: Value | float = 1.0) -> Value: ...
@overload
def elu(x: float, alpha: Value) -> Value: ...
@overload
def elu(x: float, alpha: float = 1.0) -> float: ...
def elu(x: Any, alpha: Any = 1.0) -> Any:
    """a if a > 0 else b·(exp(a) − 1).

    ∂y/∂a = b * exp(a) if a <= 0.0 else 1.0  (where a is x, b is alpha)
    ∂y/∂b = expm1(a) if a <= 0.0 else 0.0  (where a is x, b is alpha)

    >>> import autograd
    >>> autograd.elu(3.0, 2.0)
    3.0
    """
    return ELU.function(x, alpha)


def _elu(a: Any, b: Any) -> Any:
    kind_a, kind_b = type(a), type(b)
    if modes or kind_a not in VALUES_AND_FLOATS or kind_b not in VALUES_AND_FLOATS:
        return checked(ELU, (a, b))
    p, da = (a._data, elu_a) if kind_a is Value else (a, None)
    q, db = (b._data, elu_b) if kind_b is Value else (b, None)
    try:
        y = elu_value(p, q)
    except MATH_ERRORS as error:
        raise failure(ELU, (a, b), error) from None
    if da is None and db is None:
        return y
    v = new(Value)
    v._data = y; v._op = ELU; v._a = a; v._da = da; v._b = b; v._db = db; v._seq = tick(); v._mark = None
    return v


@overload
def logaddexp(a: Value, b: Value | float) -> Value: ...
@overload
def logaddexp(a: float, b: Value) -> Value: ...
@overload
def logaddexp(a: float, b: float) -> float: ...
def logaddexp(a: Any, b: Any) -> Any:
    """log(exp(a) + exp(b)).

    ∂y/∂a = sigmoid(a - b)
    ∂y/∂b = sigmoid(b - a)

    >>> import autograd
    >>> autograd.logaddexp(3.0, 2.0)
    3.313261687518223
    """
    kind_a, kind_b = type(a), type(b)
    if modes or kind_a not in VALUES_AND_FLOATS or kind_b not in VALUES_AND_FLOATS:
        return checked(LOGADDEXP, (a, b))
    p, da = (a._data, logaddexp_a) if kind_a is Value else (a, None)
    q, db = (b._data, logaddexp_b) if kind_b is Value else (b, None)
    try:
        y = logaddexp_value(p, q)
    except MATH_ERRORS as error:
        raise failure(LOGADDEXP, (a, b), error) from None
    if da is None and db is None:
        return y
    v = new(Value)
    v._data = y; v._op = LOGADDEXP; v._a = a; v._da = da; v._b = b; v._db = db; v._seq = tick(); v._mark = None
    return v


@overload
def xlogy(a: Value, b: Value | float) -> Value: ...
@overload
def xlogy(a: float, b: Value) -> Value: ...
@overload
def xlogy(a: float, b: float) -> float: ...
def xlogy(a: Any, b: Any) -> Any:
    """a·log(b), 0 where a = 0.

    ∂y/∂a = log(b)
    ∂y/∂b = a / b
    Raises DomainError or DivisionByZeroError outside the domain b > 0 or a == 0.

    >>> import autograd
    >>> autograd.xlogy(3.0, 2.0)
    2.0794415416798357
    """
    kind_a, kind_b = type(a), type(b)
    if modes or kind_a not in VALUES_AND_FLOATS or kind_b not in VALUES_AND_FLOATS:
        return checked(XLOGY, (a, b))
    p, da = (a._data, xlogy_a) if kind_a is Value else (a, None)
    q, db = (b._data, xlogy_b) if kind_b is Value else (b, None)
    try:
        y = xlogy_value(p, q)
    except MATH_ERRORS as error:
        raise failure(XLOGY, (a, b), error) from None
    if da is None and db is None:
        return y
    v = new(Value)
    v._data = y; v._op = XLOGY; v._a = a; v._da = da; v._b = b; v._db = db; v._seq = tick(); v._mark = None
    return v


@overload
def polygamma(a: Value, b: Value | float) -> Value: ...
@overload
def polygamma(a: float, b: Value) -> Value: ...
@overload
def polygamma(a: float, b: float) -> float: ...
def polygamma(a: Any, b: Any) -> Any:
    """The a-th derivative of digamma; a is a whole constant.

    ∂y/∂a = undefined()
    ∂y/∂b = polygamma(a + 1.0, b)
    Raises DomainError or DivisionByZeroError outside the domain 0 <= a <= 100 and a == floor(a) and (b > 0 or b != floor(b)).

    >>> import autograd
    >>> autograd.polygamma(3.0, 2.0)
    0.49393940226682914
    """
    kind_a, kind_b = type(a), type(b)
    if modes or kind_a not in VALUES_AND_FLOATS or kind_b not in VALUES_AND_FLOATS:
        return checked(POLYGAMMA, (a, b))
    p, da = (a._data, polygamma_a) if kind_a is Value else (a, None)
    q, db = (b._data, polygamma_b) if kind_b is Value else (b, None)
    try:
        y = polygamma_value(p, q)
    except MATH_ERRORS as error:
        raise failure(POLYGAMMA, (a, b), error) from None
    if da is None and db is None:
        return y
    v = new(Value)
    v._data = y; v._op = POLYGAMMA; v._a = a; v._da = da; v._b = b; v._db = db; v._seq = tick(); v._mark = None
    return v


@overload
def ierfcx(a: Value, b: Value | float) -> Value: ...
@overload
def ierfcx(a: float, b: Value) -> Value: ...
@overload
def ierfcx(a: float, b: float) -> float: ...
def ierfcx(a: Any, b: Any) -> Any:
    """exp(b²) times the a-th integral of erfc; a is a whole constant.

    ∂y/∂a = undefined()
    ∂y/∂b = -2.0 * (a + 1.0) * ierfcx(a + 1.0, b)
    Raises DomainError or DivisionByZeroError outside the domain 0 <= a <= 100 and a == floor(a) and b >= 0.7.
    """
    kind_a, kind_b = type(a), type(b)
    if modes or kind_a not in VALUES_AND_FLOATS or kind_b not in VALUES_AND_FLOATS:
        return checked(IERFCX, (a, b))
    p, da = (a._data, ierfcx_a) if kind_a is Value else (a, None)
    q, db = (b._data, ierfcx_b) if kind_b is Value else (b, None)
    try:
        y = ierfcx_value(p, q)
    except MATH_ERRORS as error:
        raise failure(IERFCX, (a, b), error) from None
    if da is None and db is None:
        return y
    v = new(Value)
    v._data = y; v._op = IERFCX; v._a = a; v._da = da; v._b = b; v._db = db; v._seq = tick(); v._mark = None
    return v


@overload
def sinc_slope(a: Value, b: Value | float) -> Value: ...
@overload
def sinc_slope(a: float, b: Value) -> Value: ...
@overload
def sinc_slope(a: float, b: float) -> float: ...
def sinc_slope(a: Any, b: Any) -> Any:
    """The a-th derivative of sinc; a is a whole constant.

    ∂y/∂a = undefined()
    ∂y/∂b = sinc_slope(a + 1.0, b)
    Raises DomainError or DivisionByZeroError outside the domain 0 <= a <= 100 and a == floor(a) and -inf < b < inf.
    """
    kind_a, kind_b = type(a), type(b)
    if modes or kind_a not in VALUES_AND_FLOATS or kind_b not in VALUES_AND_FLOATS:
        return checked(SINC_SLOPE, (a, b))
    p, da = (a._data, sinc_slope_a) if kind_a is Value else (a, None)
    q, db = (b._data, sinc_slope_b) if kind_b is Value else (b, None)
    try:
        y = sinc_slope_value(p, q)
    except MATH_ERRORS as error:
        raise failure(SINC_SLOPE, (a, b), error) from None
    if da is None and db is None:
        return y
    v = new(Value)
    v._data = y; v._op = SINC_SLOPE; v._a = a; v._da = da; v._b = b; v._db = db; v._seq = tick(); v._mark = None
    return v


@overload
def round_digits(a: Value, b: Value | float) -> Value: ...
@overload
def round_digits(a: float, b: Value) -> Value: ...
@overload
def round_digits(a: float, b: float) -> float: ...
def round_digits(a: Any, b: Any) -> Any:
    """a rounded to b decimal digits; derivative 0.

    ∂y/∂a = 0.0
    ∂y/∂b = 0.0
    """
    kind_a, kind_b = type(a), type(b)
    if modes or kind_a not in VALUES_AND_FLOATS or kind_b not in VALUES_AND_FLOATS:
        return checked(ROUND_DIGITS, (a, b))
    p, da = (a._data, round_digits_a) if kind_a is Value else (a, None)
    q, db = (b._data, round_digits_b) if kind_b is Value else (b, None)
    try:
        y = round_digits_value(p, q)
    except MATH_ERRORS as error:
        raise failure(ROUND_DIGITS, (a, b), error) from None
    if da is None and db is None:
        return y
    v = new(Value)
    v._data = y; v._op = ROUND_DIGITS; v._a = a; v._da = da; v._b = b; v._db = db; v._seq = tick(); v._mark = None
    return v


@overload
def fma(a: Value, b: Value | float, c: Value | float) -> Value: ...
@overload
def fma(a: float, b: Value, c: Value | float) -> Value: ...
@overload
def fma(a: float, b: float, c: Value) -> Value: ...
@overload
def fma(a: float, b: float, c: float) -> float: ...
def fma(a: Any, b: Any, c: Any) -> Any:
    """a·b + c with one rounding.

    ∂y/∂a = b
    ∂y/∂b = a
    ∂y/∂c = 1.0
    Raises DomainError or DivisionByZeroError outside the domain abs(a) < inf > abs(b) or a * b + c == a * b + c.

    >>> import autograd
    >>> autograd.fma(3.0, 2.0, 1.0)
    7.0
    """
    kinds = set(map(type, (a, b, c)))
    if modes or not kinds <= VALUES_AND_FLOATS:
        return checked(FMA, (a, b, c))
    try:
        y = fma_value(a._data if type(a) is Value else a, b._data if type(b) is Value else b, c._data if type(c) is Value else c)
    except MATH_ERRORS as error:
        raise failure(FMA, (a, b, c), error) from None
    if Value not in kinds:
        return y
    v = new(Value)
    v._data = y; v._op = FMA; v._a = (a, b, c); v._da = FMA.partials; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def where(a: Value, b: Value | float, c: Value | float) -> Value: ...
@overload
def where(a: float, b: Value, c: Value | float) -> Value: ...
@overload
def where(a: float, b: float, c: Value) -> Value: ...
@overload
def where(a: float, b: float, c: float) -> float: ...
def where(a: Any, b: Any, c: Any) -> Any:
    """b where the condition a holds, else c; the other one's derivative is never touched.

    ∂y/∂a = None
    ∂y/∂b = 1.0 if a else None
    ∂y/∂c = None if a else 1.0

    >>> import autograd
    >>> autograd.where(3.0, 2.0, 1.0)
    2.0
    """
    kinds = set(map(type, (a, b, c)))
    if modes or not kinds <= VALUES_AND_FLOATS:
        return checked(WHERE, (a, b, c))
    try:
        y = where_value(a._data if type(a) is Value else a, b._data if type(b) is Value else b, c._data if type(c) is Value else c)
    except MATH_ERRORS as error:
        raise failure(WHERE, (a, b, c), error) from None
    if Value not in kinds:
        return y
    v = new(Value)
    v._data = y; v._op = WHERE; v._a = (a, b, c); v._da = WHERE.partials; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def softmax_term(a: Value, b: Value | float, c: Value | float) -> Value: ...
@overload
def softmax_term(a: float, b: Value, c: Value | float) -> Value: ...
@overload
def softmax_term(a: float, b: float, c: Value) -> Value: ...
@overload
def softmax_term(a: float, b: float, c: float) -> float: ...
def softmax_term(a: Any, b: Any, c: Any) -> Any:
    """One component of softmax: exp(a − c) / b.

    ∂y/∂a = y
    ∂y/∂b = -y / b
    ∂y/∂c = -y
    Raises DomainError or DivisionByZeroError outside the domain b != 0.
    """
    kinds = set(map(type, (a, b, c)))
    if modes or not kinds <= VALUES_AND_FLOATS:
        return checked(SOFTMAX_TERM, (a, b, c))
    try:
        y = softmax_term_value(a._data if type(a) is Value else a, b._data if type(b) is Value else b, c._data if type(c) is Value else c)
    except MATH_ERRORS as error:
        raise failure(SOFTMAX_TERM, (a, b, c), error) from None
    if Value not in kinds:
        return y
    v = new(Value)
    v._data = y; v._op = SOFTMAX_TERM; v._a = (a, b, c); v._da = SOFTMAX_TERM.partials; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def sum(xs: Sequence[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def sum(xs: Sequence[Value | float]) -> Value: ...
def sum(xs: Sequence[Any]) -> Any:
    """sum, from left to right.

    ∂y/∂xs = [1.0] * len(xs)
    """
    kinds = set(map(type, xs))
    if modes or not kinds <= VALUES_AND_FLOATS:
        return checked(SUM, xs)
    try:
        y = sum_value([x._data if type(x) is Value else x for x in xs])
    except MATH_ERRORS as error:
        raise failure(SUM, xs, error) from None
    if Value not in kinds:
        return y
    v = new(Value)
    v._data = y; v._op = SUM; v._a = tuple(xs); v._da = SUM.partials; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def prod(xs: Sequence[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def prod(xs: Sequence[Value | float]) -> Value: ...
def prod(xs: Sequence[Any]) -> Any:
    """product, from left to right.

    ∂y/∂xs = [y / x for x in xs]
    """
    kinds = set(map(type, xs))
    if modes or not kinds <= VALUES_AND_FLOATS:
        return checked(PROD, xs)
    try:
        y = prod_value([x._data if type(x) is Value else x for x in xs])
    except MATH_ERRORS as error:
        raise failure(PROD, xs, error) from None
    if Value not in kinds:
        return y
    v = new(Value)
    v._data = y; v._op = PROD; v._a = tuple(xs); v._da = PROD.partials; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def dot(xs: Sequence[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def dot(xs: Sequence[Value | float]) -> Value: ...
def dot(xs: Sequence[Any]) -> Any:
    """start + a₁·b₁ + a₂·b₂ + …, from left to right; the operands are start, a₁, b₁, a₂, b₂, ….

    ∂y/∂xs = [1.0] + swapped(xs[1:])
    """
    kinds = set(map(type, xs))
    if modes or not kinds <= VALUES_AND_FLOATS:
        return checked(DOT, xs)
    try:
        y = dot_value([x._data if type(x) is Value else x for x in xs])
    except MATH_ERRORS as error:
        raise failure(DOT, xs, error) from None
    if Value not in kinds:
        return y
    v = new(Value)
    v._data = y; v._op = DOT; v._a = tuple(xs); v._da = DOT.partials; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def mean(xs: Sequence[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def mean(xs: Sequence[Value | float]) -> Value: ...
def mean(xs: Sequence[Any]) -> Any:
    """Arithmetic mean.

    ∂y/∂xs = [1.0 / len(xs)] * len(xs)
    Raises DomainError or DivisionByZeroError outside the domain len(xs) > 0.
    """
    kinds = set(map(type, xs))
    if modes or not kinds <= VALUES_AND_FLOATS:
        return checked(MEAN, xs)
    try:
        y = mean_value([x._data if type(x) is Value else x for x in xs])
    except MATH_ERRORS as error:
        raise failure(MEAN, xs, error) from None
    if Value not in kinds:
        return y
    v = new(Value)
    v._data = y; v._op = MEAN; v._a = tuple(xs); v._da = MEAN.partials; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def hypot(xs: Sequence[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def hypot(xs: Sequence[Value | float]) -> Value: ...
def hypot(xs: Sequence[Any]) -> Any:
    """√(x₁² + x₂² + …), without overflow; derivative 0 where all are 0.

    ∂y/∂xs = [x / y for x in xs]
    """
    kinds = set(map(type, xs))
    if modes or not kinds <= VALUES_AND_FLOATS:
        return checked(HYPOT, xs)
    try:
        y = hypot_value([x._data if type(x) is Value else x for x in xs])
    except MATH_ERRORS as error:
        raise failure(HYPOT, xs, error) from None
    if Value not in kinds:
        return y
    v = new(Value)
    v._data = y; v._op = HYPOT; v._a = tuple(xs); v._da = HYPOT.partials; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def sumexp(xs: Sequence[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def sumexp(xs: Sequence[Value | float]) -> Value: ...
def sumexp(xs: Sequence[Any]) -> Any:
    """Σ exp(xᵢ − x₀), the denominator of softmax; the shift x₀ comes first.

    ∂y/∂xs = [-y] + [exp(x - xs[0]) for x in xs[1:]]
    """
    kinds = set(map(type, xs))
    if modes or not kinds <= VALUES_AND_FLOATS:
        return checked(SUMEXP, xs)
    try:
        y = sumexp_value([x._data if type(x) is Value else x for x in xs])
    except MATH_ERRORS as error:
        raise failure(SUMEXP, xs, error) from None
    if Value not in kinds:
        return y
    v = new(Value)
    v._data = y; v._op = SUMEXP; v._a = tuple(xs); v._da = SUMEXP.partials; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


@overload
def logsumexp(xs: Sequence[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def logsumexp(xs: Sequence[Value | float]) -> Value: ...
def logsumexp(xs: Sequence[Any]) -> Any:
    """log Σ exp(xᵢ).

    ∂y/∂xs = softmax(xs)
    Raises DomainError or DivisionByZeroError outside the domain len(xs) > 0.
    """
    kinds = set(map(type, xs))
    if modes or not kinds <= VALUES_AND_FLOATS:
        return checked(LOGSUMEXP, xs)
    try:
        y = logsumexp_value([x._data if type(x) is Value else x for x in xs])
    except MATH_ERRORS as error:
        raise failure(LOGSUMEXP, xs, error) from None
    if Value not in kinds:
        return y
    v = new(Value)
    v._data = y; v._op = LOGSUMEXP; v._a = tuple(xs); v._da = LOGSUMEXP.partials; v._b = None; v._db = None; v._seq = tick(); v._mark = None
    return v


if accelerator.module is not None:
    globals().update({f'_{n}' if n in SIGNATURES else n: f for n, f in accelerator.module.operations.items()})
