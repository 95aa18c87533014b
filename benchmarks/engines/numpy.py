"""NumPy, for programs with derivatives worked out by hand."""

import numpy as np

version = np.__version__
