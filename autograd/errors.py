"""The exceptions of the library: one small tree, each also the built-in a caller of `float` or `math` would catch.

AutogradError
├── DomainError          (ValueError)          log(-1), sqrt(-1), (-8) ** (1/3)
├── DivisionByZeroError  (ZeroDivisionError)   1 / 0, 0 ** -1
├── RangeError           (OverflowError)       exp(1000)
├── DerivativeError      (ArithmeticError)     the derivative of sqrt at 0 does not exist
├── ConvergenceError     (ArithmeticError)     root() from a start that is too far away
├── StaleValueError      (RuntimeError)        a leaf's data was assigned after the graph was recorded
├── GraphError           (RuntimeError)        a computed Value used where only a leaf can be
├── AnomalyError         (ArithmeticError)     detect_anomaly() met a NaN or an infinity
└── GradcheckError       (AssertionError)      a gradient that differences do not confirm
"""

__all__ = ["AnomalyError", "AutogradError", "ConvergenceError", "DerivativeError", "DivisionByZeroError", "DomainError",
           "GradcheckError", "GraphError", "RangeError", "StaleValueError"]  # fmt: skip


class AutogradError(Exception):
    """The root of every exception this library raises on purpose, but for `TypeError` and `ValueError` of wrong arguments.

    >>> import autograd
    >>> try:
    ...     autograd.log(-1.0)
    ... except autograd.AutogradError as error:
    ...     print(type(error).__name__, isinstance(error, ValueError))
    DomainError True
    """


class DomainError(AutogradError, ValueError):
    """An operation was asked for a value outside its domain: `log(-1)`."""


class DivisionByZeroError(AutogradError, ZeroDivisionError):
    """A division by zero: `1 / 0`, `1 % 0`, `0 ** -1`."""


class RangeError(AutogradError, OverflowError):
    """A finite result too large for a float: `exp(1000)`."""


class DerivativeError(AutogradError, ArithmeticError):
    """A derivative that does not exist, or is infinite, where a pass needs it: `sqrt` at 0."""


class StaleValueError(AutogradError, RuntimeError):
    """A gradient was asked of a graph whose leaf has been assigned other `data` since the graph was recorded."""


class GraphError(AutogradError, RuntimeError):
    """A computed Value was used where only a leaf can be: assigned, copied or pickled."""


class ConvergenceError(AutogradError, ArithmeticError):
    """An iteration did not come to its end: `root` from a start that is too far away."""


class AnomalyError(AutogradError, ArithmeticError):
    """`detect_anomaly()` met the first operation, forward or backward, that produced NaN or infinity."""


class GradcheckError(AutogradError, AssertionError):
    """A gradient that finite differences do not confirm; `.report` holds the comparison."""

    def __init__(self, message: str, report: object = None) -> None:
        super().__init__(message)
        self.report = report
