"""Scalar reverse-mode automatic differentiation: a `Value` records operations, `backward()` applies the chain rule.

>>> import autograd
>>> x = autograd.Value(2.0)
>>> y = x**3 + autograd.sin(x)
>>> y.backward()
>>> x.grad == 3 * 2.0**2 + autograd.cos(2.0)
True
"""

from autograd import collision

collision.check()

from autograd import errors, functions  # noqa: E402 - what follows must not run over another package's files
from autograd.chain import backward  # noqa: E402, F401 - makes it a method of Value
from autograd.check import Report, gradcheck  # noqa: E402
from autograd.custom import custom_op  # noqa: E402
from autograd.errors import *  # noqa: E402, F403
from autograd.functions import *  # noqa: E402, F403
from autograd.modes import detect_anomaly, no_grad, scope  # noqa: E402
from autograd.transforms import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp  # noqa: E402
from autograd.value import Value, engine  # noqa: E402

__version__ = "0.1.0"

__all__ = [
    "Report", "Value", "custom_op", "detect_anomaly", "grad", "gradcheck", "hessian", "hvp", "jacobian", "jvp", "no_grad",
    "engine", "scope", "value_and_grad", "vjp",
]  # fmt: skip
__all__ += errors.__all__
__all__ += functions.__all__
