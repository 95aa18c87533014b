/* Python's arithmetic where C's differs: what _kernels.h calls besides the C library. */

#define inf INFINITY /* as texts of the table call it */
static inline double undefined(void) { return NAN; }

/* Python's % and //: the remainder has the sign of the divisor. Division by zero gives NaN, which leads to the slow path. */
static double py_mod(double a, double b) {
    if (b == 0.0) return NAN;
    double r = fmod(a, b);
    if (!r) return copysign(0.0, b);
    return (b < 0) != (r < 0) ? r + b : r;
}
static double py_floordiv(double a, double b) {
    if (b == 0.0) return NAN;
    double r = fmod(a, b), q = (a - r) / b;
    if (r && (b < 0) != (r < 0)) q -= 1.0;
    if (!q) return copysign(0.0, a / b);
    double whole = floor(q);
    return q - whole > 0.5 ? whole + 1.0 : whole;
}
