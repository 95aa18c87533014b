"""The guard against HIPS's package, which installs as `autograd` too: says so at import, and how to get out."""

import sys
import warnings
from os.path import dirname, exists, join, realpath

_HERE = dirname(dirname(realpath(__file__)))


def check() -> None:
    """Raise `ImportError` if HIPS's files lie among ours; warn if they lie elsewhere on the path, hidden by ours."""
    for folder in dict.fromkeys([dirname(_HERE), *sys.path]):
        other = join(folder, "autograd")
        if not exists(join(other, "tracer.py")):  # a file of HIPS's that we do not have
            continue
        out = (
            "HIPS's autograd (pip name: autograd) and scalar-autograd both import as 'autograd'. Keep one in an environment:\n"
            "    pip uninstall autograd        # to keep scalar-autograd; then: pip install --force-reinstall scalar-autograd\n"
            "    pip uninstall scalar-autograd # to keep HIPS's; then: pip install --force-reinstall autograd"
        )
        if realpath(other) == _HERE:
            raise ImportError(f"two packages are installed over each other in {other}.\n{out}")
        warnings.warn(f"another autograd in {other} is hidden by this one.\n{out}", RuntimeWarning, stacklevel=3)
        return
