"""One peer of `benchmarks.gradcheck`, run by the Python of its own environment: a question on stdin, JSON on stdout."""

import json
import sys
from contextlib import suppress

question = json.load(sys.stdin)
current = [0.0]  # the derivative that the rule under test returns


def torch_checker():
    """PyTorch: an autograd Function whose backward returns the rule."""
    import torch

    def make(text):
        names = ("sin", "cos", "tan", "exp", "log", "sqrt", "tanh", "atan", "asin", "log1p")
        f = eval(f"lambda x: {text}", {name: getattr(torch, name) for name in names})

        class Rule(torch.autograd.Function):
            @staticmethod
            def forward(_, x):
                return f(x)

            @staticmethod
            def backward(_, g):
                return g * current[0]

        def check(x):
            x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
            return torch.autograd.gradcheck(Rule.apply, (x,), raise_exception=False)

        return check

    return torch.__version__.split("+")[0], make


def jax_checker():
    """JAX: custom_vjp, reverse mode only, in double precision."""
    import jax
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003 - as JAX has it
    np = jax.numpy

    def make(text):
        space = {name: getattr(np, name) for name in ("sin", "cos", "tan", "exp", "log", "sqrt", "tanh", "log1p")}
        f = jax.custom_vjp(eval(f"lambda x: {text}", space | {"atan": np.arctan, "asin": np.arcsin}))
        f.defvjp(lambda x: (f.fun(x), None), lambda _, g: (g * current[0],))

        def check(x):
            check_grads(f, (np.float64(x),), order=1, modes=["rev"])
            return True

        return check

    return jax.__version__, make


def hips_checker():
    """HIPS autograd: a primitive with defvjp."""
    from importlib.metadata import version

    import autograd.numpy as np
    from autograd.extend import defvjp, primitive
    from autograd.test_util import check_grads

    def make(text):
        space = {name: getattr(np, name) for name in ("sin", "cos", "tan", "exp", "log", "sqrt", "tanh", "log1p")}
        f = primitive(eval(f"lambda x: {text}", space | {"atan": np.arctan, "asin": np.arcsin}))
        defvjp(f, lambda _y, _x: lambda g: g * current[0])

        def check(x):
            check_grads(f, modes=["rev"], order=1)(x)
            return True

        return check

    return version("autograd"), make


def scipy_checker():
    """SciPy: the error that check_grad returns, within 1e-4 of the derivative."""
    import numpy as np
    import scipy
    from scipy.optimize import check_grad

    def make(text):
        space = {name: getattr(np, name) for name in ("sin", "cos", "tan", "exp", "log", "sqrt", "tanh", "log1p")}
        f = eval(f"lambda x: {text}", space | {"atan": np.arctan, "asin": np.arcsin})

        def check(x):
            error = check_grad(lambda v: float(f(v[0])), lambda _: np.array([current[0]]), np.array([x]))
            return error <= 1e-4 * abs(current[0])

        return check

    return scipy.__version__, make


def main():
    """Answer the question: the peer's version, and how many it accepts for each factor."""
    import warnings

    warnings.simplefilter("ignore")
    checkers = {"torch": torch_checker, "jax": jax_checker, "hips": hips_checker, "scipy": scipy_checker}
    version, make = checkers[question["peer"]]()
    accepted = dict.fromkeys(question["factors"], 0)
    for name, rows in question["data"].items():
        check = make(question["functions"][name])
        for x, d in rows:
            for factor_name, factor in question["factors"].items():
                current[0] = d * factor
                with suppress(AssertionError, ValueError, RuntimeError, FloatingPointError):
                    accepted[factor_name] += bool(check(x))
    print(json.dumps({"version": version, "accepted": accepted}))


main()
