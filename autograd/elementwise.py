"""The functions that are a row of the table as it stands; `functions.py` adds those that take a sequence or have a default.

Their types are in `elementwise.pyi`, written by `python -m autograd.generate`.
"""

from autograd._engine.operations import GENERIC
from autograd.table import TABLE

HIDDEN = frozenset({"identity", "softmax_term", "sumexp", "round_digits"})  # parts of others
WRITTEN_OUT = frozenset({"sum", "prod", "dot", "mean", "hypot", "logsumexp", "leaky_relu", "elu", "round"})

__all__ = [name for name in TABLE if name not in HIDDEN | WRITTEN_OUT]

globals().update((name, GENERIC[name]) for name in __all__)
