"""The accelerator in C: found where it was built, from these sources; `module` is None otherwise."""

import os
import warnings
from typing import Any
from zlib import crc32

from autograd.table import FINGERPRINT, GENERATING


def find() -> Any:
    """The module in C, or None. A build from other sources is refused with a warning."""
    if os.environ.get("AUTOGRAD_PURE_PYTHON", "0") not in {"", "0"}:
        return None
    try:
        from autograd._engine import _value
    except ImportError:
        return None
    stale = getattr(_value, "rows", 0) != FINGERPRINT or _value.source not in {0, checksum(_value)}
    if stale and not GENERATING:
        warnings.warn(
            "the accelerator in C was built from other sources, so the pure-Python engine runs; to build it again: "
            "python -m autograd.generate && pip install -e .",
            RuntimeWarning,
            stacklevel=2,
        )
    return None if stale else _value


def checksum(built: Any) -> int:
    """Of the sources beside the build, as setup.py computes it; what the build says itself where it stands without sources."""
    folder = os.path.dirname(built.__file__)
    names = sorted(name for name in os.listdir(folder) if name.endswith((".c", ".h")))
    total = 0
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            total = crc32(file.read(), total)
    return total if names else int(built.source)


module = find()
