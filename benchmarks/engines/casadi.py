"""CasADi's SX: forward builds the expression, backward derives the gradient's and evaluates both."""

import casadi

version = casadi.__version__


def record(program, numbers):
    """See `benchmarks.engines`."""
    xs = casadi.SX.sym("x", len(numbers))
    y = program(casadi.vertsplit(xs), casadi.exp)
    value = casadi.Function("f", [xs], [y])(numbers)

    def sweep():
        gradient = casadi.Function("g", [xs], [casadi.gradient(y, xs)])(numbers)
        return gradient.full().ravel().tolist()

    return float(value), sweep


def rosenbrock(n):
    """x ↦ (f, gradient), built as a graph before it is timed."""
    x = casadi.SX.sym("x", n)
    a, b = x[:-1], x[1:]
    y = casadi.sum1(100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2)
    both = casadi.Function("both", [x], [y, casadi.gradient(y, x)])

    def value_and_gradient(numbers):
        y, gradient = both(numbers)
        return float(y), gradient.full().ravel().tolist()

    return value_and_gradient
