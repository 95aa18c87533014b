"""The engines measured, one module each, all with the same face, so that a workload is written once.

`record(program, numbers)` runs `program(xs, exp)` on this engine's numbers and returns (y, sweep): the result as a float, and a
function that runs backward and returns the gradient as floats. What happens in `record` is the forward time, what happens in
`sweep` the backward time. Engines that differentiate functions rather than recorded numbers are called as their manuals say.
"""

from importlib import import_module
from types import ModuleType

MODULES = {"c": "ours", "python": "ours"}
"""The engines whose module is not called as they are."""


def load(name: str) -> ModuleType:
    """The module of an engine, in a process of an environment that has the engine."""
    return import_module(f"benchmarks.engines.{MODULES.get(name, name)}")


def version(name: str) -> str:
    """The version of an engine, as its own module says."""
    return str(load(name).version)
