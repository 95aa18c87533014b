/* Written by `python -m autograd.generate` from the table in table.py: edit the table, not this file. */

#define ROWS 4131941951u

enum {
    OP_LEAF,
    OP_neg,
    OP_identity,
    OP_abs,
    OP_sqrt,
    OP_cbrt,
    OP_exp,
    OP_exp2,
    OP_expm1,
    OP_log,
    OP_log2,
    OP_log10,
    OP_log1p,
    OP_sin,
    OP_cos,
    OP_tan,
    OP_asin,
    OP_acos,
    OP_atan,
    OP_sinh,
    OP_cosh,
    OP_tanh,
    OP_asinh,
    OP_acosh,
    OP_atanh,
    OP_erf,
    OP_erfc,
    OP_ndtr,
    OP_sigmoid,
    OP_softplus,
    OP_silu,
    OP_gelu,
    OP_relu,
    OP_logit,
    OP_floor,
    OP_ceil,
    OP_round,
    OP_trunc,
    OP_sign,
    OP_degrees,
    OP_radians,
    OP_add,
    OP_sub,
    OP_mul,
    OP_div,
    OP_mod,
    OP_floordiv,
    OP_pow,
    OP_atan2,
    OP_fmod,
    OP_copysign,
    OP_maximum,
    OP_minimum,
    OP_leaky_relu,
    OP_elu,
    OP_logaddexp,
    OP_xlogy,
    OP_fma,
    OP_where,
    OP_softmax_term,
    OP_sum,
    OP_prod,
    OP_dot,
    OP_mean,
    OP_hypot,
    OP_sumexp,
    OP_logsumexp,
    OP_COUNT
};

static const char *const op_names[] = {
    "",
    "neg",
    "identity",
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
    "ndtr",
    "sigmoid",
    "softplus",
    "silu",
    "gelu",
    "relu",
    "logit",
    "floor",
    "ceil",
    "round",
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
    "fma",
    "where",
    "softmax_term",
    "sum",
    "prod",
    "dot",
    "mean",
    "hypot",
    "sumexp",
    "logsumexp",
};

#define UNARY_ROWS(X) X(neg) X(identity) X(abs) X(sqrt) X(cbrt) X(exp) X(exp2) X(expm1) X(log) X(log2) X(log10) X(log1p) X(sin) X(cos) X(tan) X(asin) X(acos) X(atan) X(sinh) X(cosh) X(tanh) X(asinh) X(acosh) X(atanh) X(erf) X(erfc) X(ndtr) X(sigmoid) X(softplus) X(silu) X(gelu) X(relu) X(logit) X(floor) X(ceil) X(round) X(trunc) X(sign) X(degrees) X(radians)

#define BINARY_ROWS(X) X(add) X(sub) X(mul) X(div) X(mod) X(floordiv) X(pow) X(atan2) X(fmod) X(copysign) X(maximum) X(minimum) X(leaky_relu) X(elu) X(logaddexp) X(xlogy)

#define TERNARY_ROWS(X) X(fma) X(where) X(softmax_term)

#define NARY_ROWS(X) X(sum) X(prod) X(dot) X(mean) X(hypot) X(sumexp) X(logsumexp)

static inline double v_neg(double x);
static inline double d0_neg(double x, double y);
static inline double v_identity(double x);
static inline double d0_identity(double x, double y);
static inline double v_abs(double x);
static inline double d0_abs(double x, double y);
static inline double v_sqrt(double x);
static inline double d0_sqrt(double x, double y);
static inline double v_cbrt(double x);
static inline double d0_cbrt(double x, double y);
static inline double v_exp(double x);
static inline double d0_exp(double x, double y);
static inline double v_exp2(double x);
static inline double d0_exp2(double x, double y);
static inline double v_expm1(double x);
static inline double d0_expm1(double x, double y);
static inline double v_log(double x);
static inline double d0_log(double x, double y);
static inline double v_log2(double x);
static inline double d0_log2(double x, double y);
static inline double v_log10(double x);
static inline double d0_log10(double x, double y);
static inline double v_log1p(double x);
static inline double d0_log1p(double x, double y);
static inline double v_sin(double x);
static inline double d0_sin(double x, double y);
static inline double v_cos(double x);
static inline double d0_cos(double x, double y);
static inline double v_tan(double x);
static inline double d0_tan(double x, double y);
static inline double v_asin(double x);
static inline double d0_asin(double x, double y);
static inline double v_acos(double x);
static inline double d0_acos(double x, double y);
static inline double v_atan(double x);
static inline double d0_atan(double x, double y);
static inline double v_sinh(double x);
static inline double d0_sinh(double x, double y);
static inline double v_cosh(double x);
static inline double d0_cosh(double x, double y);
static inline double v_tanh(double x);
static inline double d0_tanh(double x, double y);
static inline double v_asinh(double x);
static inline double d0_asinh(double x, double y);
static inline double v_acosh(double x);
static inline double d0_acosh(double x, double y);
static inline double v_atanh(double x);
static inline double d0_atanh(double x, double y);
static inline double v_erf(double x);
static inline double d0_erf(double x, double y);
static inline double v_erfc(double x);
static inline double d0_erfc(double x, double y);
static inline double v_ndtr(double x);
static inline double d0_ndtr(double x, double y);
static inline double v_sigmoid(double x);
static inline double d0_sigmoid(double x, double y);
static inline double v_softplus(double x);
static inline double d0_softplus(double x, double y);
static inline double v_silu(double x);
static inline double d0_silu(double x, double y);
static inline double v_gelu(double x);
static inline double d0_gelu(double x, double y);
static inline double v_relu(double x);
static inline double d0_relu(double x, double y);
static inline double v_logit(double x);
static inline double d0_logit(double x, double y);
static inline double v_floor(double x);
static inline double d0_floor(double x, double y);
static inline double v_ceil(double x);
static inline double d0_ceil(double x, double y);
static inline double v_round(double x);
static inline double d0_round(double x, double y);
static inline double v_trunc(double x);
static inline double d0_trunc(double x, double y);
static inline double v_sign(double x);
static inline double d0_sign(double x, double y);
static inline double v_degrees(double x);
static inline double d0_degrees(double x, double y);
static inline double v_radians(double x);
static inline double d0_radians(double x, double y);
static inline double v_add(double a, double b);
static inline double d0_add(double a, double b, double y);
static inline double d1_add(double a, double b, double y);
static inline double v_sub(double a, double b);
static inline double d0_sub(double a, double b, double y);
static inline double d1_sub(double a, double b, double y);
static inline double v_mul(double a, double b);
static inline double d0_mul(double a, double b, double y);
static inline double d1_mul(double a, double b, double y);
static inline double v_div(double a, double b);
static inline double d0_div(double a, double b, double y);
static inline double d1_div(double a, double b, double y);
static inline double v_mod(double a, double b);
static inline double d0_mod(double a, double b, double y);
static inline double d1_mod(double a, double b, double y);
static inline double v_floordiv(double a, double b);
static inline double d0_floordiv(double a, double b, double y);
static inline double d1_floordiv(double a, double b, double y);
static inline double v_pow(double a, double b);
static inline double d0_pow(double a, double b, double y);
static inline double d1_pow(double a, double b, double y);
static inline double v_atan2(double a, double b);
static inline double d0_atan2(double a, double b, double y);
static inline double d1_atan2(double a, double b, double y);
static inline double v_fmod(double a, double b);
static inline double d0_fmod(double a, double b, double y);
static inline double d1_fmod(double a, double b, double y);
static inline double v_copysign(double a, double b);
static inline double d0_copysign(double a, double b, double y);
static inline double d1_copysign(double a, double b, double y);
static inline double v_maximum(double a, double b);
static inline double d0_maximum(double a, double b, double y);
static inline double d1_maximum(double a, double b, double y);
static inline double v_minimum(double a, double b);
static inline double d0_minimum(double a, double b, double y);
static inline double d1_minimum(double a, double b, double y);
static inline double v_leaky_relu(double a, double b);
static inline double d0_leaky_relu(double a, double b, double y);
static inline double d1_leaky_relu(double a, double b, double y);
static inline double v_elu(double a, double b);
static inline double d0_elu(double a, double b, double y);
static inline double d1_elu(double a, double b, double y);
static inline double v_logaddexp(double a, double b);
static inline double d0_logaddexp(double a, double b, double y);
static inline double d1_logaddexp(double a, double b, double y);
static inline double v_xlogy(double a, double b);
static inline double d0_xlogy(double a, double b, double y);
static inline double d1_xlogy(double a, double b, double y);
static inline double v_fma(double a, double b, double c);
static inline double v_where(double a, double b, double c);
static inline double v_softmax_term(double a, double b, double c);
static double v_sum(const Operand *xs, Py_ssize_t count);
static double v_prod(const Operand *xs, Py_ssize_t count);
static double v_dot(const Operand *xs, Py_ssize_t count);
static double v_mean(const Operand *xs, Py_ssize_t count);
static double v_hypot(const Operand *xs, Py_ssize_t count);
static double v_sumexp(const Operand *xs, Py_ssize_t count);
static double v_logsumexp(const Operand *xs, Py_ssize_t count);

static inline double v_neg(double x) {
    return (-x);
}
static inline double d0_neg(double x, double y) {
    (void)x;
    (void)y;
    return (-1.0);
}
static inline double v_identity(double x) {
    return x;
}
static inline double d0_identity(double x, double y) {
    (void)x;
    (void)y;
    return 1.0;
}
static inline double v_abs(double x) {
    return fabs(x);
}
static inline double d0_abs(double x, double y) {
    (void)y;
    return v_sign(x);
}
static inline double v_sqrt(double x) {
    return sqrt(x);
}
static inline double d0_sqrt(double x, double y) {
    (void)x;
    return (0.5 / y);
}
static inline double v_cbrt(double x) {
    return cbrt(x);
}
static inline double d0_cbrt(double x, double y) {
    return ((y / x) / 3.0);
}
static inline double v_exp(double x) {
    return exp(x);
}
static inline double d0_exp(double x, double y) {
    (void)x;
    return y;
}
static inline double v_exp2(double x) {
    return exp2(x);
}
static inline double d0_exp2(double x, double y) {
    (void)x;
    return (y * 0.6931471805599453);
}
static inline double v_expm1(double x) {
    return expm1(x);
}
static inline double d0_expm1(double x, double y) {
    (void)y;
    return exp(x);
}
static inline double v_log(double x) {
    return log(x);
}
static inline double d0_log(double x, double y) {
    (void)y;
    return (1.0 / x);
}
static inline double v_log2(double x) {
    return log2(x);
}
static inline double d0_log2(double x, double y) {
    (void)y;
    return ((1.0 / 0.6931471805599453) / x);
}
static inline double v_log10(double x) {
    return log10(x);
}
static inline double d0_log10(double x, double y) {
    (void)y;
    return ((1.0 / 2.302585092994046) / x);
}
static inline double v_log1p(double x) {
    return log1p(x);
}
static inline double d0_log1p(double x, double y) {
    (void)y;
    return (1.0 / (1.0 + x));
}
static inline double v_sin(double x) {
    return sin(x);
}
static inline double d0_sin(double x, double y) {
    (void)y;
    return cos(x);
}
static inline double v_cos(double x) {
    return cos(x);
}
static inline double d0_cos(double x, double y) {
    (void)y;
    return (-sin(x));
}
static inline double v_tan(double x) {
    return tan(x);
}
static inline double d0_tan(double x, double y) {
    (void)x;
    return (1.0 + (y * y));
}
static inline double v_asin(double x) {
    return asin(x);
}
static inline double d0_asin(double x, double y) {
    (void)y;
    return (1.0 / sqrt(((1.0 - x) * (1.0 + x))));
}
static inline double v_acos(double x) {
    return acos(x);
}
static inline double d0_acos(double x, double y) {
    (void)y;
    return ((-1.0) / sqrt(((1.0 - x) * (1.0 + x))));
}
static inline double v_atan(double x) {
    return atan(x);
}
static inline double d0_atan(double x, double y) {
    (void)y;
    return (((-1e+100) < x && x < 1e+100) ? (1.0 / (1.0 + (x * x))) : ((1.0 / x) / x));
}
static inline double v_sinh(double x) {
    return sinh(x);
}
static inline double d0_sinh(double x, double y) {
    (void)y;
    return cosh(x);
}
static inline double v_cosh(double x) {
    return cosh(x);
}
static inline double d0_cosh(double x, double y) {
    (void)y;
    return sinh(x);
}
static inline double v_tanh(double x) {
    return tanh(x);
}
static inline double d0_tanh(double x, double y) {
    (void)y;
    return ((4.0 * v_sigmoid((2.0 * x))) * v_sigmoid(((-2.0) * x)));
}
static inline double v_asinh(double x) {
    return asinh(x);
}
static inline double d0_asinh(double x, double y) {
    (void)y;
    return (((-1e+100) < x && x < 1e+100) ? (1.0 / sqrt((1.0 + (x * x)))) : (1.0 / fabs(x)));
}
static inline double v_acosh(double x) {
    return acosh(x);
}
static inline double d0_acosh(double x, double y) {
    (void)y;
    return (1.0 / (sqrt((x - 1.0)) * sqrt((x + 1.0))));
}
static inline double v_atanh(double x) {
    return atanh(x);
}
static inline double d0_atanh(double x, double y) {
    (void)y;
    return (1.0 / ((1.0 - x) * (1.0 + x)));
}
static inline double v_erf(double x) {
    return erf(x);
}
static inline double d0_erf(double x, double y) {
    (void)y;
    return ((2.0 / 1.7724538509055159) * exp(((-x) * x)));
}
static inline double v_erfc(double x) {
    return erfc(x);
}
static inline double d0_erfc(double x, double y) {
    (void)y;
    return (((-2.0) / 1.7724538509055159) * exp(((-x) * x)));
}
static inline double v_ndtr(double x) {
    return (0.5 * erfc(((-x) / 1.4142135623730951)));
}
static inline double d0_ndtr(double x, double y) {
    (void)y;
    return (exp((((-0.5) * x) * x)) / 2.5066282746310002);
}
static inline double v_sigmoid(double x) {
    double e = exp((-fabs(x)));
    return (((x >= 0.0) ? 1.0 : e) / (1.0 + e));
}
static inline double d0_sigmoid(double x, double y) {
    return (y * v_sigmoid((-x)));
}
static inline double v_softplus(double x) {
    return (log1p(exp((-fabs(x)))) + ((x <= 0.0) ? 0.0 : x));
}
static inline double d0_softplus(double x, double y) {
    (void)y;
    return v_sigmoid(x);
}
static inline double v_silu(double x) {
    return (x * v_sigmoid(x));
}
static inline double d0_silu(double x, double y) {
    (void)y;
    return (v_sigmoid(x) * (1.0 + (x * v_sigmoid((-x)))));
}
static inline double v_gelu(double x) {
    return ((0.5 * x) * erfc(((-x) / 1.4142135623730951)));
}
static inline double d0_gelu(double x, double y) {
    (void)y;
    return ((0.5 * erfc(((-x) / 1.4142135623730951))) + ((x * exp((((-0.5) * x) * x))) / 2.5066282746310002));
}
static inline double v_relu(double x) {
    return ((x <= 0.0) ? 0.0 : x);
}
static inline double d0_relu(double x, double y) {
    (void)y;
    return ((x <= 0.0) ? 0.0 : 1.0);
}
static inline double v_logit(double x) {
    return ((x > 0.25) ? (2.0 * atanh(((2.0 * x) - 1.0))) : (log(x) - log1p((-x))));
}
static inline double d0_logit(double x, double y) {
    (void)y;
    return (1.0 / (x * (1.0 - x)));
}
static inline double v_floor(double x) {
    return floor(x);
}
static inline double d0_floor(double x, double y) {
    (void)x;
    (void)y;
    return 0.0;
}
static inline double v_ceil(double x) {
    return ceil(x);
}
static inline double d0_ceil(double x, double y) {
    (void)x;
    (void)y;
    return 0.0;
}
static inline double v_round(double x) {
    return rint(x);
}
static inline double d0_round(double x, double y) {
    (void)x;
    (void)y;
    return 0.0;
}
static inline double v_trunc(double x) {
    return trunc(x);
}
static inline double d0_trunc(double x, double y) {
    (void)x;
    (void)y;
    return 0.0;
}
static inline double v_sign(double x) {
    return ((x > 0.0) ? 1.0 : ((x < 0.0) ? (-1.0) : x));
}
static inline double d0_sign(double x, double y) {
    (void)x;
    (void)y;
    return 0.0;
}
static inline double v_degrees(double x) {
    return (x * (180.0 / 3.141592653589793));
}
static inline double d0_degrees(double x, double y) {
    (void)x;
    (void)y;
    return (180.0 / 3.141592653589793);
}
static inline double v_radians(double x) {
    return (x * (3.141592653589793 / 180.0));
}
static inline double d0_radians(double x, double y) {
    (void)x;
    (void)y;
    return (3.141592653589793 / 180.0);
}
static inline double v_add(double a, double b) {
    return (a + b);
}
static inline double d0_add(double a, double b, double y) {
    (void)a;
    (void)b;
    (void)y;
    return 1.0;
}
static inline double d1_add(double a, double b, double y) {
    (void)a;
    (void)b;
    (void)y;
    return 1.0;
}
static inline double v_sub(double a, double b) {
    return (a - b);
}
static inline double d0_sub(double a, double b, double y) {
    (void)a;
    (void)b;
    (void)y;
    return 1.0;
}
static inline double d1_sub(double a, double b, double y) {
    (void)a;
    (void)b;
    (void)y;
    return (-1.0);
}
static inline double v_mul(double a, double b) {
    return (a * b);
}
static inline double d0_mul(double a, double b, double y) {
    (void)a;
    (void)y;
    return b;
}
static inline double d1_mul(double a, double b, double y) {
    (void)b;
    (void)y;
    return a;
}
static inline double v_div(double a, double b) {
    return (a / b);
}
static inline double d0_div(double a, double b, double y) {
    (void)a;
    (void)y;
    return (1.0 / b);
}
static inline double d1_div(double a, double b, double y) {
    (void)a;
    return ((-y) / b);
}
static inline double v_mod(double a, double b) {
    return py_mod(a, b);
}
static inline double d0_mod(double a, double b, double y) {
    (void)a;
    (void)b;
    (void)y;
    return 1.0;
}
static inline double d1_mod(double a, double b, double y) {
    (void)y;
    return (-py_floordiv(a, b));
}
static inline double v_floordiv(double a, double b) {
    return py_floordiv(a, b);
}
static inline double d0_floordiv(double a, double b, double y) {
    (void)a;
    (void)b;
    (void)y;
    return 0.0;
}
static inline double d1_floordiv(double a, double b, double y) {
    (void)a;
    (void)b;
    (void)y;
    return 0.0;
}
static inline double v_pow(double a, double b) {
    return ((b == 2.0) ? (a * a) : pow(a, b));
}
static inline double d0_pow(double a, double b, double y) {
    return (((0.5 <= b && b < 1000000000000000.0) || ((a == 0.0) && (b != 0.0))) ? (b * v_pow(a, (b - 1.0))) : ((a != 0.0) ? ((b * y) / a) : 0.0));
}
static inline double d1_pow(double a, double b, double y) {
    return (((a != 0.0) || (b <= 0.0)) ? (y * log(a)) : 0.0);
}
static inline double v_atan2(double a, double b) {
    return atan2(a, b);
}
static inline double d0_atan2(double a, double b, double y) {
    (void)y;
    double r = ((fabs(a) <= fabs(b)) ? (a / b) : (b / a));
    return (((fabs(a) <= fabs(b)) ? (0.5 / b) : ((0.5 * r) / a)) / (0.5 + ((0.5 * r) * r)));
}
static inline double d1_atan2(double a, double b, double y) {
    (void)y;
    double r = ((fabs(a) <= fabs(b)) ? (a / b) : (b / a));
    return (((fabs(a) <= fabs(b)) ? (((-0.5) * r) / b) : ((-0.5) / a)) / (0.5 + ((0.5 * r) * r)));
}
static inline double v_fmod(double a, double b) {
    return fmod(a, b);
}
static inline double d0_fmod(double a, double b, double y) {
    (void)a;
    (void)b;
    (void)y;
    return 1.0;
}
static inline double d1_fmod(double a, double b, double y) {
    return (-v_round(((a - y) / b)));
}
static inline double v_copysign(double a, double b) {
    return copysign(a, b);
}
static inline double d0_copysign(double a, double b, double y) {
    (void)y;
    return (v_sign(a) * copysign(1.0, b));
}
static inline double d1_copysign(double a, double b, double y) {
    (void)a;
    (void)b;
    (void)y;
    return 0.0;
}
static inline double v_maximum(double a, double b) {
    return (((a >= b) || (a != a)) ? a : b);
}
static inline double d0_maximum(double a, double b, double y) {
    (void)y;
    return (((a >= b) || (a != a)) ? 1.0 : 0.0);
}
static inline double d1_maximum(double a, double b, double y) {
    (void)y;
    return (((a >= b) || (a != a)) ? 0.0 : 1.0);
}
static inline double v_minimum(double a, double b) {
    return (((a <= b) || (a != a)) ? a : b);
}
static inline double d0_minimum(double a, double b, double y) {
    (void)y;
    return (((a <= b) || (a != a)) ? 1.0 : 0.0);
}
static inline double d1_minimum(double a, double b, double y) {
    (void)y;
    return (((a <= b) || (a != a)) ? 0.0 : 1.0);
}
static inline double v_leaky_relu(double a, double b) {
    return ((a <= 0.0) ? (b * a) : a);
}
static inline double d0_leaky_relu(double a, double b, double y) {
    (void)y;
    return ((a <= 0.0) ? b : 1.0);
}
static inline double d1_leaky_relu(double a, double b, double y) {
    (void)b;
    (void)y;
    return ((a <= 0.0) ? a : 0.0);
}
static inline double v_elu(double a, double b) {
    return ((a <= 0.0) ? (b * expm1(a)) : a);
}
static inline double d0_elu(double a, double b, double y) {
    (void)y;
    return ((a <= 0.0) ? (b * exp(a)) : 1.0);
}
static inline double d1_elu(double a, double b, double y) {
    (void)b;
    (void)y;
    return ((a <= 0.0) ? expm1(a) : 0.0);
}
static inline double v_logaddexp(double a, double b) {
    return ((a == b) ? (a + 0.6931471805599453) : (((a <= b) ? b : a) + log1p(exp((-fabs((a - b)))))));
}
static inline double d0_logaddexp(double a, double b, double y) {
    (void)y;
    return v_sigmoid((a - b));
}
static inline double d1_logaddexp(double a, double b, double y) {
    (void)y;
    return v_sigmoid((b - a));
}
static inline double v_xlogy(double a, double b) {
    return (((a != 0.0) || (b != b)) ? (a * log(b)) : 0.0);
}
static inline double d0_xlogy(double a, double b, double y) {
    (void)a;
    (void)y;
    return log(b);
}
static inline double d1_xlogy(double a, double b, double y) {
    (void)y;
    return (((a != 0.0) || (b != 0.0)) ? (a / b) : 0.0);
}
static inline double v_fma(double a, double b, double c) {
    return fma(a, b, c);
}
static inline double v_where(double a, double b, double c) {
    return ((a != 0.0) ? b : c);
}
static inline double v_softmax_term(double a, double b, double c) {
    return (exp((a - c)) / b);
}
static double v_sum(const Operand *xs, Py_ssize_t count) {
    double total = 0.0;
    for (Py_ssize_t i = 0; i < count; i++) {
        double x = xs[i].constant;
        total += x;
    }
    return total;
}
static double v_prod(const Operand *xs, Py_ssize_t count) {
    double product = 1.0;
    for (Py_ssize_t i = 0; i < count; i++) {
        double x = xs[i].constant;
        product *= x;
    }
    return product;
}
static double v_dot(const Operand *xs, Py_ssize_t count) {
    if (count < 1) return NAN;
    double total = xs[0].constant;
    for (Py_ssize_t i = 1; i < count - 1; i += 2) {
        double a = xs[i].constant;
        double b = xs[i + 1].constant;
        total += a * b;
    }
    return total;
}
static double v_mean(const Operand *xs, Py_ssize_t count) {
    double total = 0.0;
    for (Py_ssize_t i = 0; i < count; i++) {
        double x = xs[i].constant;
        total += x;
    }
    return (total / (double)count);
}
static double v_hypot(const Operand *xs, Py_ssize_t count) {
    return length(xs, count);
}
static double v_sumexp(const Operand *xs, Py_ssize_t count) {
    if (count < 1) return NAN;
    double total = 0.0;
    for (Py_ssize_t i = 1; i < count; i++) {
        double x = xs[i].constant;
        total += exp((x - xs[0].constant));
    }
    return total;
}
static double v_logsumexp(const Operand *xs, Py_ssize_t count) {
    double m = largest(xs, count);
    Py_ssize_t skip = first_largest(xs, count);
    double total = 0.0;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (i == skip) continue;
        double x = xs[i].constant;
        total += exp((x - m));
    }
    return (((m - m) != 0.0) ? m : (m + log1p(total)));
}
