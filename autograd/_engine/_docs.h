/* Written by `python -m autograd.generate`: docstrings, from the table and from the definitions in Python. */

#define DOC_neg \
    "−x.\n" \
    "\n" \
    "∂y/∂x = -1.0\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.neg(0.5)\n" \
    "-0.5"

#define DOC_identity \
    "x itself, as a Value of its own.\n" \
    "\n" \
    "∂y/∂x = 1.0"

#define DOC_abs \
    "|x|; abs′(0) = 0.\n" \
    "\n" \
    "∂y/∂x = sign(x)\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.abs(0.5)\n" \
    "0.5"

#define DOC_sqrt \
    "Square root.\n" \
    "\n" \
    "∂y/∂x = 0.5 / y\n" \
    "Raises DomainError or DivisionByZeroError outside the domain x >= 0.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.sqrt(0.5)\n" \
    "0.7071067811865476"

#define DOC_cbrt \
    "Cube root, negative for negative x.\n" \
    "\n" \
    "∂y/∂x = 1 / (3 * y * y)\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.cbrt(0.5)\n" \
    "0.7937005259840998"

#define DOC_exp \
    "e to the power x.\n" \
    "\n" \
    "∂y/∂x = y\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.exp(0.5)\n" \
    "1.6487212707001282"

#define DOC_exp2 \
    "2 to the power x.\n" \
    "\n" \
    "∂y/∂x = y * ln2\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.exp2(0.5)\n" \
    "1.4142135623730951"

#define DOC_expm1 \
    "exp(x) − 1, accurate near 0.\n" \
    "\n" \
    "∂y/∂x = exp(x)\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.expm1(0.5)\n" \
    "0.6487212707001282"

#define DOC_log \
    "Natural logarithm.\n" \
    "\n" \
    "∂y/∂x = 1.0 / x\n" \
    "Raises DomainError or DivisionByZeroError outside the domain x > 0.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.log(0.5)\n" \
    "-0.6931471805599453"

#define DOC_log2 \
    "Logarithm to base 2.\n" \
    "\n" \
    "∂y/∂x = 1.0 / ln2 / x\n" \
    "Raises DomainError or DivisionByZeroError outside the domain x > 0.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.log2(0.5)\n" \
    "-1.0"

#define DOC_log10 \
    "Logarithm to base 10.\n" \
    "\n" \
    "∂y/∂x = 1.0 / ln10 / x\n" \
    "Raises DomainError or DivisionByZeroError outside the domain x > 0.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.log10(0.5)\n" \
    "-0.3010299956639812"

#define DOC_log1p \
    "log(1 + x), accurate near 0.\n" \
    "\n" \
    "∂y/∂x = 1.0 / (1.0 + x)\n" \
    "Raises DomainError or DivisionByZeroError outside the domain x > -1.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.log1p(0.5)\n" \
    "0.4054651081081644"

#define DOC_sin \
    "Sine of x radians.\n" \
    "\n" \
    "∂y/∂x = cos(x)\n" \
    "Raises DomainError or DivisionByZeroError outside the domain -inf < x < inf.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.sin(0.5)\n" \
    "0.479425538604203"

#define DOC_cos \
    "Cosine of x radians.\n" \
    "\n" \
    "∂y/∂x = -sin(x)\n" \
    "Raises DomainError or DivisionByZeroError outside the domain -inf < x < inf.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.cos(0.5)\n" \
    "0.8775825618903728"

#define DOC_tan \
    "Tangent of x radians.\n" \
    "\n" \
    "∂y/∂x = 1.0 + y * y\n" \
    "Raises DomainError or DivisionByZeroError outside the domain -inf < x < inf.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.tan(0.5)\n" \
    "0.5463024898437905"

#define DOC_asin \
    "Inverse sine, in radians.\n" \
    "\n" \
    "∂y/∂x = 1 / sqrt(1 - x * x)\n" \
    "Raises DomainError or DivisionByZeroError outside the domain -1 <= x <= 1.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.asin(0.5)\n" \
    "0.5235987755982989"

#define DOC_acos \
    "Inverse cosine, in radians.\n" \
    "\n" \
    "∂y/∂x = -1 / sqrt(1 - x * x)\n" \
    "Raises DomainError or DivisionByZeroError outside the domain -1 <= x <= 1.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.acos(0.5)\n" \
    "1.0471975511965979"

#define DOC_atan \
    "Inverse tangent, in radians.\n" \
    "\n" \
    "∂y/∂x = 1 / (1 + x * x)\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.atan(0.5)\n" \
    "0.4636476090008061"

#define DOC_sinh \
    "Hyperbolic sine.\n" \
    "\n" \
    "∂y/∂x = cosh(x)\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.sinh(0.5)\n" \
    "0.5210953054937474"

#define DOC_cosh \
    "Hyperbolic cosine.\n" \
    "\n" \
    "∂y/∂x = sinh(x)\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.cosh(0.5)\n" \
    "1.1276259652063807"

#define DOC_tanh \
    "Hyperbolic tangent.\n" \
    "\n" \
    "∂y/∂x = 1 - y * y\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.tanh(0.5)\n" \
    "0.46211715726000974"

#define DOC_asinh \
    "Inverse hyperbolic sine.\n" \
    "\n" \
    "∂y/∂x = 1 / sqrt(1 + x * x)\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.asinh(0.5)\n" \
    "0.48121182505960347"

#define DOC_acosh \
    "Inverse hyperbolic cosine.\n" \
    "\n" \
    "∂y/∂x = 1 / sqrt(x * x - 1)\n" \
    "Raises DomainError or DivisionByZeroError outside the domain x >= 1.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.acosh(2.0)\n" \
    "1.3169578969248166"

#define DOC_atanh \
    "Inverse hyperbolic tangent.\n" \
    "\n" \
    "∂y/∂x = 1 / (1 - x * x)\n" \
    "Raises DomainError or DivisionByZeroError outside the domain -1 < x < 1.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.atanh(0.5)\n" \
    "0.5493061443340548"

#define DOC_erf \
    "Error function.\n" \
    "\n" \
    "∂y/∂x = 2.0 / sqrtpi * exp(-x * x)\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.erf(0.5)\n" \
    "0.5204998778130465"

#define DOC_erfc \
    "1 − erf(x), accurate for large x.\n" \
    "\n" \
    "∂y/∂x = -2.0 / sqrtpi * exp(-x * x)\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.erfc(0.5)\n" \
    "0.4795001221869535"

#define DOC_ndtr \
    "The normal distribution: the probability of a value up to x.\n" \
    "\n" \
    "∂y/∂x = exp(-0.5 * x * x) / sqrt2pi\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.ndtr(0.5)\n" \
    "0.6914624612740131"

#define DOC_sigmoid \
    "1 / (1 + exp(−x)).\n" \
    "\n" \
    "∂y/∂x = y * sigmoid(-x)\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.sigmoid(0.5)\n" \
    "0.6224593312018546"

#define DOC_softplus \
    "log(1 + exp(x)).\n" \
    "\n" \
    "∂y/∂x = sigmoid(x)\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.softplus(0.5)\n" \
    "0.9740769841801067"

#define DOC_silu \
    "x·sigmoid(x), also called swish.\n" \
    "\n" \
    "∂y/∂x = sigmoid(x) * (1.0 + x * sigmoid(-x))\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.silu(0.5)\n" \
    "0.3112296656009273"

#define DOC_gelu \
    "x·Φ(x), Φ the normal distribution (exact, not the tanh approximation).\n" \
    "\n" \
    "∂y/∂x = 0.5 * erfc(-x / sqrt2) + x * exp(-0.5 * x * x) / sqrt2pi\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.gelu(0.5)\n" \
    "0.34573123063700656"

#define DOC_relu \
    "maximum(0, x); relu′(0) = 0.\n" \
    "\n" \
    "∂y/∂x = 0.0 if x <= 0.0 else 1.0\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.relu(0.5)\n" \
    "0.5"

#define DOC_logit \
    "log(x / (1 − x)), the inverse of sigmoid.\n" \
    "\n" \
    "∂y/∂x = 1.0 / (x * (1.0 - x))\n" \
    "Raises DomainError or DivisionByZeroError outside the domain 0 < x < 1.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.logit(0.5)\n" \
    "0.0"

#define DOC_floor \
    "Largest whole number ≤ x; derivative 0.\n" \
    "\n" \
    "∂y/∂x = 0.0\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.floor(0.5)\n" \
    "0.0"

#define DOC_ceil \
    "Smallest whole number ≥ x; derivative 0.\n" \
    "\n" \
    "∂y/∂x = 0.0\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.ceil(0.5)\n" \
    "1.0"

#define DOC_round \
    "Nearest whole number, half to even; derivative 0.\n" \
    "\n" \
    "∂y/∂x = 0.0"

#define DOC_trunc \
    "x without its fraction; derivative 0.\n" \
    "\n" \
    "∂y/∂x = 0.0\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.trunc(0.5)\n" \
    "0.0"

#define DOC_sign \
    "−1, 0 or 1; derivative 0.\n" \
    "\n" \
    "∂y/∂x = 0.0\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.sign(0.5)\n" \
    "1.0"

#define DOC_degrees \
    "Radians to degrees.\n" \
    "\n" \
    "∂y/∂x = 180.0 / pi\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.degrees(0.5)\n" \
    "28.64788975654116"

#define DOC_radians \
    "Degrees to radians.\n" \
    "\n" \
    "∂y/∂x = pi / 180.0\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.radians(0.5)\n" \
    "0.008726646259971648"

#define DOC_add \
    "a + b.\n" \
    "\n" \
    "∂y/∂a = 1.0\n" \
    "∂y/∂b = 1.0\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.add(3.0, 2.0)\n" \
    "5.0"

#define DOC_sub \
    "a − b.\n" \
    "\n" \
    "∂y/∂a = 1.0\n" \
    "∂y/∂b = -1.0\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.sub(3.0, 2.0)\n" \
    "1.0"

#define DOC_mul \
    "a·b.\n" \
    "\n" \
    "∂y/∂a = b\n" \
    "∂y/∂b = a\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.mul(3.0, 2.0)\n" \
    "6.0"

#define DOC_div \
    "a / b.\n" \
    "\n" \
    "∂y/∂a = 1.0 / b\n" \
    "∂y/∂b = -y / b\n" \
    "Raises DomainError or DivisionByZeroError outside the domain b != 0.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.div(3.0, 2.0)\n" \
    "1.5"

#define DOC_mod \
    "Remainder with the sign of b, as Python's %.\n" \
    "\n" \
    "∂y/∂a = 1.0\n" \
    "∂y/∂b = -(a // b)\n" \
    "Raises DomainError or DivisionByZeroError outside the domain b != 0.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.mod(3.0, 2.0)\n" \
    "1.0"

#define DOC_floordiv \
    "floor(a / b); derivative 0.\n" \
    "\n" \
    "∂y/∂a = 0.0\n" \
    "∂y/∂b = 0.0\n" \
    "Raises DomainError or DivisionByZeroError outside the domain b != 0.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.floordiv(3.0, 2.0)\n" \
    "1.0"

#define DOC_pow \
    "a to the power b.\n" \
    "\n" \
    "∂y/∂a = b * pow(a, b - 1)\n" \
    "∂y/∂b = y * log(a)\n" \
    "Raises DomainError or DivisionByZeroError outside the domain a > 0 or a == 0 and b >= 0 or a < 0 and b == floor(b) or a == -inf or b == -inf.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.pow(3.0, 2.0)\n" \
    "9.0"

#define DOC_atan2 \
    "The angle of the point (b, a), in radians.\n" \
    "\n" \
    "∂y/∂a = b / (a * a + b * b)\n" \
    "∂y/∂b = -a / (a * a + b * b)\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.atan2(3.0, 2.0)\n" \
    "0.982793723247329"

#define DOC_fmod \
    "Remainder with the sign of a, as C's fmod.\n" \
    "\n" \
    "∂y/∂a = 1.0\n" \
    "∂y/∂b = -round((a - y) / b)\n" \
    "Raises DomainError or DivisionByZeroError outside the domain b != 0 and -inf < a < inf.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.fmod(3.0, 2.0)\n" \
    "1.0"

#define DOC_copysign \
    "|a| with the sign of b.\n" \
    "\n" \
    "∂y/∂a = sign(a) * copysign(1.0, b)\n" \
    "∂y/∂b = 0.0\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.copysign(3.0, 2.0)\n" \
    "3.0"

#define DOC_maximum \
    "The larger; on a tie the first.\n" \
    "\n" \
    "∂y/∂a = 1 if a >= b else 0\n" \
    "∂y/∂b = 0 if a >= b else 1\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.maximum(3.0, 2.0)\n" \
    "3.0"

#define DOC_minimum \
    "The smaller; on a tie the first.\n" \
    "\n" \
    "∂y/∂a = 1 if a <= b else 0\n" \
    "∂y/∂b = 0 if a <= b else 1\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.minimum(3.0, 2.0)\n" \
    "2.0"

#define DOC_leaky_relu \
    "a if a > 0 else b·a.\n" \
    "\n" \
    "∂y/∂a = b if a <= 0.0 else 1.0  (where a is x, b is negative_slope)\n" \
    "∂y/∂b = a if a <= 0.0 else 0.0  (where a is x, b is negative_slope)\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.leaky_relu(3.0, 2.0)\n" \
    "3.0"

#define DOC_elu \
    "a if a > 0 else b·(exp(a) − 1).\n" \
    "\n" \
    "∂y/∂a = b * exp(a) if a <= 0.0 else 1.0  (where a is x, b is alpha)\n" \
    "∂y/∂b = expm1(a) if a <= 0.0 else 0.0  (where a is x, b is alpha)\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.elu(3.0, 2.0)\n" \
    "3.0"

#define DOC_logaddexp \
    "log(exp(a) + exp(b)).\n" \
    "\n" \
    "∂y/∂a = sigmoid(a - b)\n" \
    "∂y/∂b = sigmoid(b - a)\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.logaddexp(3.0, 2.0)\n" \
    "3.313261687518223"

#define DOC_xlogy \
    "a·log(b), 0 where a = 0.\n" \
    "\n" \
    "∂y/∂a = log(b)\n" \
    "∂y/∂b = a / b\n" \
    "Raises DomainError or DivisionByZeroError outside the domain b > 0 or a == 0.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.xlogy(3.0, 2.0)\n" \
    "2.0794415416798357"

#define DOC_fma \
    "a·b + c with one rounding.\n" \
    "\n" \
    "∂y/∂a = b\n" \
    "∂y/∂b = a\n" \
    "∂y/∂c = 1.0\n" \
    "Raises DomainError or DivisionByZeroError outside the domain abs(a) < inf > abs(b) or a * b + c == a * b + c.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.fma(3.0, 2.0, 1.0)\n" \
    "7.0"

#define DOC_where \
    "b where the condition a holds, else c; the other one's derivative is never touched.\n" \
    "\n" \
    "∂y/∂a = None\n" \
    "∂y/∂b = 1.0 if a else None\n" \
    "∂y/∂c = None if a else 1.0\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> autograd.where(3.0, 2.0, 1.0)\n" \
    "2.0"

#define DOC_softmax_term \
    "One component of softmax: exp(a − c) / b.\n" \
    "\n" \
    "∂y/∂a = y\n" \
    "∂y/∂b = -y / b\n" \
    "∂y/∂c = -y\n" \
    "Raises DomainError or DivisionByZeroError outside the domain b != 0."

#define DOC_sum \
    "sum, from left to right.\n" \
    "\n" \
    "∂y/∂xs = [1.0] * len(xs)"

#define DOC_prod \
    "product, from left to right.\n" \
    "\n" \
    "∂y/∂xs = [y / x for x in xs]"

#define DOC_dot \
    "start + a₁·b₁ + a₂·b₂ + …, from left to right; the operands are start, a₁, b₁, a₂, b₂, ….\n" \
    "\n" \
    "∂y/∂xs = [1.0] + swapped(xs[1:])"

#define DOC_mean \
    "Arithmetic mean.\n" \
    "\n" \
    "∂y/∂xs = [1.0 / len(xs)] * len(xs)\n" \
    "Raises DomainError or DivisionByZeroError outside the domain len(xs) > 0."

#define DOC_hypot \
    "√(x₁² + x₂² + …), without overflow; derivative 0 where all are 0.\n" \
    "\n" \
    "∂y/∂xs = [x / y for x in xs]"

#define DOC_sumexp \
    "Σ exp(xᵢ − x₀), the denominator of softmax; the shift x₀ comes first.\n" \
    "\n" \
    "∂y/∂xs = [-y] + [exp(x - xs[0]) for x in xs[1:]]"

#define DOC_logsumexp \
    "log Σ exp(xᵢ).\n" \
    "\n" \
    "∂y/∂xs = softmax(xs)\n" \
    "Raises DomainError or DivisionByZeroError outside the domain len(xs) > 0."

#define DOC_Value_data \
    "The number. Assigning it steps a leaf; on a computed Value it raises `GraphError`."

#define DOC_Value_grad \
    "The gradient the last `backward()` found here; on a leaf, the sum over all since it was last reset. 0.0 before."

#define DOC_Value_reached \
    "Whether a backward pass has reached this Value (or its `grad` was assigned)."

#define DOC_Value_is_leaf \
    "True for a Value that no operation computed."

#define DOC_Value_backward \
    "Set `.grad` of every Value that this one was computed from to ∂self/∂that, and *add* it to the `.grad` of leaves.\n" \
    "\n" \
    "Calling it twice on one graph adds exactly one more gradient to the leaves; `zero_grad()` of modules and optimisers, or\n" \
    "`x.grad = 0`, resets. Raises `StaleValueError` if a leaf's data was assigned since the graph was recorded, and\n" \
    "`DerivativeError` where a derivative that is needed does not exist; then no leaf's gradient has changed.\n" \
    "\n" \
    ">>> from autograd import Value\n" \
    ">>> a, b = Value(2.0), Value(-3.0)\n" \
    ">>> (a * b + a.tanh()).backward()\n" \
    ">>> round(a.grad, 4), b.grad\n" \
    "(-2.9293, 2.0)"

#define DOC_function_sum \
    "sum(xs, start=0.0)\n" \
    "--\n" \
    "\n" \
    "start + x₁ + x₂ + …, from left to right, as one node: ten times cheaper than a chain of `+`.\n" \
    "\n" \
    "Takes any iterable of Values and numbers. The rounding error is that of recursive summation, at most (n − 1)·2⁻⁵³·Σ|xᵢ|\n" \
    "(Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 4.2).\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> from autograd import Value\n" \
    ">>> autograd.sum([Value(1.0), 2, 3.5])\n" \
    "Value(data=6.5, grad=0.0)"

#define DOC_function_dot \
    "dot(a, b, start=0.0)\n" \
    "--\n" \
    "\n" \
    "start + a₁·b₁ + a₂·b₂ + …, from left to right, as one node: what a neuron computes, `dot(w, x, bias)`.\n" \
    "\n" \
    "Raises `ValueError` if the lengths differ.\n" \
    "\n" \
    ">>> import autograd\n" \
    ">>> from autograd import Value\n" \
    ">>> autograd.dot([Value(1.0), Value(2.0)], [3, 4], 0.5)\n" \
    "Value(data=11.5, grad=0.0)"

#define DOC_function_operands \
    "operands(v)\n" \
    "--\n" \
    "\n" \
    "What `v` was computed from, in order: Values, and floats for constants; () for a leaf.\n" \
    "\n" \
    ">>> from autograd import Value\n" \
    ">>> from autograd._engine.walks import operands\n" \
    ">>> operands(Value(2.0) * 3)\n" \
    "(Value(data=2.0, grad=0.0), 3.0)"

#define DOC_function_ancestors \
    "ancestors(*roots, since=0)\n" \
    "--\n" \
    "\n" \
    "The roots and every Value they were computed from, leaves included, in order of recording.\n" \
    "\n" \
    "With `since`, only those recorded after that number. Raises `StaleValueError` if a leaf's data was assigned after\n" \
    "something was computed from it; the error names the latest such computation.\n" \
    "\n" \
    ">>> from autograd import Value\n" \
    ">>> from autograd._engine.walks import ancestors\n" \
    ">>> x = Value(2.0)\n" \
    ">>> [v.data for v in ancestors(x * x + 1)]\n" \
    "[2.0, 4.0, 5.0]"

#define DOC_function_reaches_before \
    "reaches_before(roots, since)\n" \
    "--\n" \
    "\n" \
    "Whether the roots depend on anything recorded up to the number `since`."

#define DOC_function_columns \
    "columns(leaves)\n" \
    "--\n" \
    "\n" \
    "The `data` of each and the `grad` of each, in the form that `update_rules` runs fastest: the accelerator's are arrays."

#define DOC_function_numbers \
    "numbers(leaves)\n" \
    "--\n" \
    "\n" \
    "The `data` of each.\n" \
    "\n" \
    ">>> from autograd import Value\n" \
    ">>> from autograd._engine.bulk import numbers\n" \
    ">>> numbers([Value(1.0), Value(2.0)])\n" \
    "[1.0, 2.0]"

#define DOC_function_grads \
    "grads(leaves)\n" \
    "--\n" \
    "\n" \
    "The `grad` of each."

#define DOC_function_put \
    "put(xs, view, first, n, width)\n" \
    "--\n" \
    "\n" \
    "Write n floats into a view of doubles, from place `first` on; or, with a width, those of n lists of that length.\n" \
    "\n" \
    "False, and anything written, where `xs` is not that.\n" \
    "\n" \
    ">>> from array import array\n" \
    ">>> from autograd._engine.bulk import put\n" \
    ">>> x = array(\"d\", [0.0, 0.0, 0.0])\n" \
    ">>> put([2.0, 3.0], memoryview(x), 1, 2, 0), x.tolist()\n" \
    "(True, [0.0, 2.0, 3.0])"

#define DOC_function_assign \
    "assign(leaves, data)\n" \
    "--\n" \
    "\n" \
    "Assign the `data` of each leaf: of all, or on an error or an interrupt of none. Raises `ValueError` if lengths differ.\n" \
    "\n" \
    ">>> from autograd import Value\n" \
    ">>> from autograd._engine.bulk import assign\n" \
    ">>> x = Value(1.0)\n" \
    ">>> assign([x], [3.0])\n" \
    ">>> x.data\n" \
    "3.0"

#define DOC_function_assign_grads \
    "assign_grads(leaves, grad)\n" \
    "--\n" \
    "\n" \
    "Give each the same `grad`: 0.0 before a step."

#define DOC_function_dense \
    "dense(rows, starts, function)\n" \
    "--\n" \
    "\n" \
    "What `through` takes for a layer: a row of factors and a start for each output, and what is applied to that, or None.\n" \
    "\n" \
    "The lists are read at each call. The fourth entry is the accelerator's."

#define DOC_function_through \
    "through(x, layers)\n" \
    "--\n" \
    "\n" \
    "The outputs of the last layer, of which the first has the inputs `x` and each one those of the one before.\n" \
    "\n" \
    "An output is `function(dot(row, inputs, start))`; all dot products of a layer are recorded before its functions. A list, but\n" \
    "for a layer of width 1 its one output. Raises `ValueError` where lengths differ.\n" \
    "\n" \
    ">>> from autograd import Value, relu\n" \
    ">>> from autograd._engine.fused_layers import dense, through\n" \
    ">>> hidden, last = dense([[Value(1.0), 2.0], [3.0, 4.0]], [0.5, -9.0], relu), dense([[Value(2.0), 1.0]], [0.0], None)\n" \
    ">>> [y.data for y in through([1.0, 1.0], (hidden, hidden))], through([1.0, 1.0], (hidden, last)).data\n" \
    "([4.0, 1.5], 7.0)"
