"""From machine operations to loops."""

from autograd.compiler.lower import Machine


def show(machine: Machine) -> str:
    """The program as text."""
    return "; ".join(kind for kind in machine.kinds if kind not in {"input", "const"})
