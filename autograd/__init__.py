"""Scalar reverse-mode automatic differentiation: a `Value` records operations, `backward()` applies the chain rule.

>>> import autograd
>>> x = autograd.Value(2.0)
>>> y = x**3 + autograd.sin(x)
>>> y.backward()
>>> x.grad == 3 * 2.0**2 + autograd.cos(2.0)
True
"""

from typing import TYPE_CHECKING, Any

from autograd._engine import collision

collision.check()

from autograd import elementwise, errors, functions  # noqa: E402 - what follows must not run over another package's files
from autograd._engine.structures import register_pytree_node  # noqa: E402
from autograd.custom import custom_op  # noqa: E402
from autograd.elementwise import *  # noqa: E402, F403
from autograd.errors import *  # noqa: E402, F403
from autograd.functions import *  # noqa: E402, F403
from autograd.loops import cond, map, scan  # noqa: E402
from autograd.modes import detect_anomaly, no_grad, scope  # noqa: E402
from autograd.transforms import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp  # noqa: E402
from autograd.value import Value, engine  # noqa: E402

if TYPE_CHECKING:
    from autograd import linalg as linalg
    from autograd._engine.tracing import TraceError as TraceError
    from autograd.check import Report as Report
    from autograd.check import gradcheck as gradcheck
    from autograd.lazy import compile as compile
    from autograd.lazy import take as take
    from autograd.roots import root as root
    from autograd.series import taylor as taylor
    from autograd.show import Film as Film
    from autograd.show import Graph as Graph
    from autograd.show import draw as draw
    from autograd.show.explanation import Explanation as Explanation
    from autograd.show.explanation import explain as explain
    from autograd.show.formulas import Formula as Formula
    from autograd.show.formulas import formula as formula

__version__ = "0.1.0"

__all__ = [
    "Value",
    "cond",
    "custom_op",
    "detect_anomaly",
    "engine",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "map",
    "no_grad",
    "register_pytree_node",
    "scan",
    "scope",
    "value_and_grad",
    "vjp",
]  # fmt: skip
__all__ += elementwise.__all__
__all__ += errors.__all__
__all__ += functions.__all__

for _name in (*elementwise.__all__, *functions.__all__):
    globals()[_name].__module__ = __name__  # where users find it, in either engine
del _name

_LATER = {
    "Explanation": "show.explanation", "Film": "show", "Formula": "show.formulas", "Graph": "show", "Report": "check",
    "TraceError": "_engine.tracing", "compile": "lazy", "draw": "show", "explain": "show.explanation",
    "formula": "show.formulas", "gradcheck": "check", "take": "lazy", "linalg": "linalg", "root": "roots",
    "taylor": "series",
}  # fmt: skip
"""Names whose modules are imported when they are first asked for."""

__all__ += list(_LATER)


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = import_module(f"{__name__}.{_LATER[name]}")
    value = globals()[name] = getattr(module, name, module)
    return value


def __dir__() -> list[str]:
    """The public names."""
    return sorted([*__all__, "__all__", "__doc__", "__version__"])
