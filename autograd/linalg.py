"""Linear algebra over rows of Values and numbers, which `numpy.linalg` refuses: `solve`, `inv`, `cholesky`, `slogdet`, `det`.

The factorisations are written with one `dot` for each entry, n² nodes with n³/3 operands in all, so that they are recorded,
differentiated to any order and compiled like everything else. Rows are exchanged by the size of the numbers, and the derivative
is that of the factorisation with these exchanges: it does not depend on them. (Golub and Van Loan, Matrix Computations, 4th
edition 2013, sections 3.2, 3.4 and 4.2.)

The closed forms of the derivatives (Giles, Collected matrix derivative results for forward and reverse mode algorithmic
differentiation, 2008; Murray, Differentiation of the Cholesky decomposition, 2016) are for nodes that are matrices. With
numbers as nodes, k steps x + A₀⁻¹·(b − A·x), by substitution with the floats of L and U, would do for `solve` up to the order
2ᵏ − 1, with n² nodes of n operands in each. That pays for second derivatives from some thirty unknowns on; elimination is one
rule for all five functions, and right to every order.
"""

import math
from collections.abc import Sequence
from typing import Any

from autograd._engine import tracing
from autograd._engine.numbers import is_array, number
from autograd.elementwise import abs, log, sqrt
from autograd.errors import DomainError, RangeError
from autograd.functions import dot, prod, sum
from autograd.value import Value

__all__ = ["cholesky", "det", "inv", "slogdet", "solve"]

Rows = list[list[Any]]


def _entry(x: Any, name: str) -> Any:
    y = x if type(x) is Value or type(x) in tracing.kinds else number(x)
    if y is NotImplemented:
        raise TypeError(f"{name}() takes Values and real numbers, not {type(x).__name__}")
    if not _finite(y):
        raise DomainError(f"{name}() takes finite numbers, not {_size(y)}")
    return y


def _size(x: Any) -> float:
    return float(x.data if type(x) is Value else x)


def _finite(x: Any) -> bool:
    """Whether it is finite; of a traced number that is not known."""
    return type(x) in tracing.kinds or math.isfinite(_size(x))


def _square(a: Any, name: str) -> Rows:
    """The rows of a square matrix, as lists of Values and floats."""
    try:
        rows = [[_entry(x, name) for x in row] for row in a]
    except TypeError as error:
        if str(error).startswith(f"{name}()"):
            raise
        raise TypeError(f"{name}() takes a matrix as a sequence of rows, not {type(a).__name__}") from None
    if not rows or any(len(row) != len(rows) for row in rows):
        raise ValueError(f"{name}() takes a square matrix, not rows of length {[len(row) for row in rows]}")
    return rows


def _as_given(rows: Any, a: Any) -> Any:
    """An array, if the matrix was one."""
    if not is_array(a):
        return rows
    import numpy as np

    found = np.array(rows, dtype=object)
    return found.astype(float) if {float}.issuperset(map(type, found.ravel())) else found


def _factorised(a: Rows, name: str) -> tuple[Rows, list[int], float] | None:
    """(rows with U on and above the diagonal and −L below, the order of rows, the sign of it); None for a singular matrix."""
    if tracing.tracer([x for row in a for x in row]) is not None:
        raise tracing.TraceError(
            f"linalg.{name}() chooses its pivots by the numbers, which are not known while a function is traced; for a "
            "symmetric positive definite matrix use linalg.cholesky()"
        )
    n, sign = len(a), 1.0
    lu, order = [row.copy() for row in a], [*range(n)]
    for j in range(n):
        for i in range(n):
            k = min(i, j)
            if k:
                lu[i][j] = dot(lu[i][:k], [row[j] for row in lu[:k]], lu[i][j])
                if not _finite(lu[i][j]):
                    raise RangeError(f"linalg.{name}(): what is left of row {i} is too large for a float; scale the matrix")
        p = max(range(j, n), key=lambda i: math.fabs(_size(lu[i][j])))
        if _size(lu[p][j]) == 0.0:
            return None
        if p != j:
            lu[j], lu[p], order[j], order[p], sign = lu[p], lu[j], order[p], order[j], -sign
        pivot = -lu[j][j]
        for i in range(j + 1, n):
            lu[i][j] = lu[i][j] / pivot
    return lu, order, sign


def _solved(lu: Rows, order: Sequence[int], b: Sequence[Any]) -> list[Any]:
    n = len(lu)
    y: list[Any] = []
    for i, row in enumerate(lu):
        y.append(dot(row[:i], y, b[order[i]]) if i else b[order[0]])
    for i in reversed(range(n)):
        rest = y[i] - dot(lu[i][i + 1 :], y[i + 1 :]) if i + 1 < n else y[i]
        y[i] = rest / lu[i][i]
    if not all(map(_finite, y)):
        raise RangeError("linalg: the matrix is so near to a singular one that the solution is too large for a float")
    return y


def _regular(a: Rows, name: str) -> tuple[Rows, list[int], float]:
    found = _factorised(a, name)
    if found is None:
        raise DomainError(f"linalg.{name}(): the matrix of {len(a)} rows is singular")
    return found


def solve(a: Any, b: Any) -> Any:
    """The x with a·x = b, for a square matrix of shape (n, n) and b of shape (n,) or (n, m); x has the shape of b.

    By elimination with partial pivoting. Raises `DomainError` for a singular matrix or one that is not finite, `RangeError` if
    x or a number on the way to it is too large, `ValueError` for shapes that do not match. In compiled functions the matrix
    must be known while they are traced, or pivots cannot be chosen: else `TraceError`. b may be anything.

    >>> from autograd import grad, linalg
    >>> linalg.solve([[2.0, 1.0], [1.0, 3.0]], [3.0, 5.0])
    [0.8, 1.4]
    >>> round(grad(lambda a: linalg.solve([[a, 1.0], [1.0, 3.0]], [3.0, 5.0])[0])(2.0), 12)
    -0.48
    """
    rows = _square(a, "solve")
    if not (isinstance(b, (list, tuple)) or is_array(b)):
        raise TypeError(f"solve() takes b as a sequence of numbers, or of rows, not {type(b).__name__}")
    right = list(b)
    if len(right) != len(rows):
        raise ValueError(f"solve() takes as many entries or rows of b as a has rows, not {len(right)} for {len(rows)}")
    lu, order, _ = _regular(rows, "solve")
    nested = [isinstance(x, (list, tuple)) or is_array(x) for x in right]
    if any(nested) and (not all(nested) or len({len(row) for row in right}) > 1):
        raise ValueError("solve() takes the rows of b as sequences of one length")
    if not any(nested):
        return _as_given(_solved(lu, order, [_entry(x, "solve") for x in right]), b)
    columns = [_solved(lu, order, [_entry(x, "solve") for x in column]) for column in zip(*right, strict=True)]
    return _as_given([list(row) for row in zip(*columns, strict=True)], b)


def inv(a: Any) -> Any:
    """The inverse of a square matrix, as rows; to solve equations, `solve` is quicker and more accurate.

    Raises as `solve` does.

    >>> from autograd import linalg
    >>> linalg.inv([[2.0, 1.0], [1.0, 1.0]])
    [[1.0, -1.0], [-1.0, 2.0]]
    """
    rows = _square(a, "inv")
    lu, order, _ = _regular(rows, "inv")
    unit = range(len(rows))
    columns = [_solved(lu, order, [float(i == j) for i in unit]) for j in unit]
    return _as_given([list(row) for row in zip(*columns, strict=True)], a)


def cholesky(a: Any) -> Any:
    """The lower triangular L with L·Lᵀ = a, of a symmetric positive definite matrix, of which the lower half is read.

    Raises `DomainError` if it is not positive definite. It works in compiled functions.

    >>> from autograd import linalg
    >>> linalg.cholesky([[4.0, 2.0], [2.0, 5.0]])
    [[2.0, 0.0], [1.0, 2.0]]
    """
    rows = _square(a, "cholesky")
    n = len(rows)
    found: Rows = [[0.0] * n for _ in rows]
    for j in range(n):
        for i in range(j, n):
            x = rows[i][j] - dot(found[i][:j], found[j][:j]) if j else rows[i][j]
            if i > j:
                found[i][j] = x / found[j][j]
            elif type(x) not in tracing.kinds and _size(x) <= 0.0:
                raise DomainError(f"linalg.cholesky(): the matrix is not positive definite, row {j} shows")
            else:
                found[j][j] = sqrt(x)
    return _as_given(found, a)


def slogdet(a: Any) -> tuple[float, Any]:
    """(sign, log |det a|), as NumPy has it, without overflow: −1.0 or 1.0, or (0.0, −inf) for a singular matrix of numbers.

    Raises `DomainError` for a singular matrix of Values, whose derivative does not exist.

    >>> from autograd import linalg
    >>> linalg.slogdet([[0.0, 1.0], [1.0, 0.0]])
    (-1.0, 0.0)
    """
    rows = _square(a, "slogdet")
    found = _factorised(rows, "slogdet")
    if found is None:
        if any(type(x) is Value for row in rows for x in row):
            raise DomainError("linalg.slogdet(): the matrix is singular")
        return 0.0, -math.inf
    lu, _, sign = found
    pivots = [row[i] for i, row in enumerate(lu)]
    return sign * math.prod(math.copysign(1.0, _size(x)) for x in pivots), sum([log(abs(x)) for x in pivots])


def det(a: Any) -> Any:
    """The determinant of a square matrix; see `slogdet`, which does not overflow.

    Raises `DomainError` for a singular matrix of Values: its derivative exists, but not by elimination.

    >>> from autograd import linalg
    >>> linalg.det([[2.0, 1.0], [1.0, 3.0]])
    5.0
    """
    rows = _square(a, "det")
    found = _factorised(rows, "det")
    if found is None:
        if any(type(x) is Value for row in rows for x in row):
            raise DomainError("linalg.det(): the matrix is singular")
        return 0.0
    lu, _, sign = found
    return prod([row[i] for i, row in enumerate(lu)], sign)
