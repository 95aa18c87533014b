"""Who takes part, and an environment for each, made on the first run with the versions pinned here.

A peer that cannot be installed, or whose environment cannot import it, is reported absent with the reason, and nothing is
said of its speed.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
ENVIRONMENTS = os.path.join(HERE, ".peers")


@dataclass(frozen=True)
class Engine:
    """An engine as tables call it, what has to be installed for it, and how many nodes of the chain it is given."""

    title: str
    requires: tuple[str, ...] = ()
    nodes: int = 200_000
    imports: str = ""
    variables: tuple[tuple[str, str], ...] = ()


PLAIN = (("AUTOGRAD_PURE_PYTHON", "1"),)

ENGINES = {
    "c": Engine("scalar-autograd, in C", imports="autograd"),
    "python": Engine("scalar-autograd, in Python", imports="autograd", variables=PLAIN),
    "micrograd": Engine("micrograd", ("micrograd==0.1.0",), imports="micrograd.engine"),
    "microgpt": Engine("microgpt-style Value"),
    "xad": Engine("XAD's Python bindings", ("xad==1.5.2",), imports="xad.adj_1st"),
    "torch": Engine("PyTorch", ("torch==2.13.0", "numpy==2.4.6"), 50_000, "torch"),
    "casadi": Engine("CasADi SX", ("casadi==3.7.2", "numpy==2.4.6"), 20_000, "casadi"),
    "mygrad": Engine("MyGrad", ("mygrad==2.5.0", "numpy==2.4.6"), 20_000, "mygrad"),
    "hips": Engine("HIPS autograd", ("autograd==1.9.1", "numpy==2.4.6"), 10_000, "autograd.numpy"),
    "jax": Engine("JAX", ("jax==0.10.2", "jaxlib==0.10.2", "numpy==2.4.6"), 2_000, "jax"),
    "numpy": Engine("NumPy by hand", ("numpy==2.4.6",), imports="numpy"),
    "floats": Engine("floats, no derivative"),
    "limit": Engine("hand-written C"),
}
"""Ours first; the last three are no engines but marks to measure engines by."""


def python_for(name):
    """The interpreter that runs this engine; its environment is made if it is not there, or has other versions.

    Raises `RuntimeError` with pip's last words if that fails.
    """
    requires = ENGINES[name].requires
    if not requires:
        return sys.executable
    place = os.path.join(ENVIRONMENTS, name)
    python = os.path.join(place, "bin", "python")
    stamp, wanted = os.path.join(place, "pinned.txt"), "\n".join(requires)
    if os.path.exists(stamp):
        with open(stamp, encoding="utf-8") as file:
            if file.read() == wanted:
                return python
    print(f"installing {', '.join(requires)}", file=sys.stderr, flush=True)
    shutil.rmtree(place, ignore_errors=True)
    _run([sys.executable, "-m", "venv", place])
    _run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *requires])
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(wanted)
    return python


def _run(command):
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise RuntimeError(lines[-1] if lines else f"{command[0]} failed")
