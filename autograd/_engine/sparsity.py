"""Sparse Jacobians and Hessians: which entries can be other than 0, and how few sweeps find them all.

Columns of a Jacobian that have no row in common are found by one forward sweep along their sum, for in each row at most one of
them is not 0; rows in the same way by a reverse sweep. To find few groups is to colour a graph. Of a symmetric matrix an entry
may be read from its row or from its column, so a weaker condition serves, a star colouring, with fewer colours. Both are
greedy, the densest first (Gebremedhin, Manne and Pothen, What Color Is Your Jacobian?, SIAM Review 47, 2005, sections 3 and 4).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

Pattern = list[list[int]]
"""For each row its columns that can be other than 0, ascending."""
Sweep = Callable[[list[float]], Sequence[Any]]
"""A derivative times a vector of zeros and ones."""

BLOCK = 4_096  # inputs looked at in one walk: a node needs a bit for each


def reached(inputs: Sequence[Any], outputs: Sequence[Any], steps: Iterable[tuple[Any, Sequence[Any]]]) -> Pattern:
    """For each output the inputs that it was computed from; `steps` are nodes and their operands, in order of recording."""
    pattern: Pattern = [[] for _ in outputs]
    steps = list(steps)
    for start in range(0, len(inputs), BLOCK):
        bits = {x: 1 << k for k, x in enumerate(inputs[start : start + BLOCK])}
        find = bits.get
        for v, xs in steps:
            found = 0
            for x in xs:
                if type(x) is not float:
                    found |= find(x, 0)
            if found:
                bits[v] = found
        for row, y in zip(pattern, outputs, strict=True):
            found = 0 if type(y) is float else find(y, 0)
            while found:
                lowest = found & -found
                row.append(start + lowest.bit_length() - 1)
                found ^= lowest
    return pattern


def given(pattern: Any, m: int, n: int) -> Pattern:
    """The pattern that a matrix of m rows and n columns shows: nested lists, an array, or a matrix of `scipy.sparse`."""
    rows: list[set[int]] = [set() for _ in range(m)]
    if hasattr(pattern, "tocoo"):
        if tuple(pattern.shape) != (m, n):
            raise ValueError(f"sparsity has shape {tuple(pattern.shape)}, the derivative {(m, n)}")
        entries = pattern.tocoo()
        for i, j in zip(entries.row.tolist(), entries.col.tolist(), strict=True):
            rows[i].add(j)
        return [sorted(row) for row in rows]
    try:
        listed = [list(row) for row in pattern]
    except TypeError:
        raise TypeError(f'sparsity is "auto" or a matrix of what can be other than 0, not {type(pattern).__name__}') from None
    if len(listed) != m or any(len(row) != n for row in listed):
        raise ValueError(f"sparsity has {len(listed)} rows of {sorted({*map(len, listed)})} entries, the derivative {m} of {n}")
    return [[j for j, x in enumerate(row) if x] for row in listed]


def transposed(pattern: Pattern, n: int) -> Pattern:
    """For each column its rows."""
    columns: Pattern = [[] for _ in range(n)]
    for i, row in enumerate(pattern):
        for j in row:
            columns[j].append(i)
    return columns


def _least(taken: set[int]) -> int:
    colour = 0
    while colour in taken:
        colour += 1
    return colour


def colours_of_columns(pattern: Pattern, n: int) -> list[int]:
    """A colour for each column, such that no two columns of one colour have a row in common."""
    columns, colours = transposed(pattern, n), [-1] * n
    for j in sorted(range(n), key=lambda j: -len(columns[j])):
        colours[j] = _least({colours[k] for i in columns[j] for k in pattern[i]})
    return colours


def star_colours(pattern: Pattern) -> list[int]:
    """A colour for each row of a symmetric pattern: neighbours differ, and no path of four has only two colours."""
    near = [[j for j in row if j != i] for i, row in enumerate(pattern)]
    colours = [-1] * len(near)
    for v in sorted(range(len(near)), key=lambda v: -len(near[v])):
        taken = set()
        for w in near[v]:
            taken.add(colours[w])
            for x in near[w]:
                if x != v and (colours[w] < 0 or any(y != w and colours[y] == colours[w] for y in near[x])):
                    taken.add(colours[x])
        colours[v] = _least(taken)
    return colours


def _sweeps(colours: list[int], sweep: Sweep) -> list[Sequence[Any]]:
    return [sweep([1.0 if c == k else 0.0 for c in colours]) for k in range(1 + max(colours, default=-1))]


class Plan:
    """The sweeps that find all entries of a pattern, and where each entry is read."""

    def __init__(self, pattern: Pattern, n: int, *, symmetric: bool) -> None:
        self.given, self.n, self.checked = pattern, n, False
        if symmetric:
            both = zip(pattern, transposed(pattern, n), strict=True)
            pattern = [sorted({*row, *column}) for row, column in both]
            self.forward, self.colours = True, star_colours(pattern)
            self.places = [[self._place(pattern, i, j) for j in row] for i, row in enumerate(pattern)]
        else:
            by_column = colours_of_columns(pattern, n)
            by_row = colours_of_columns(transposed(pattern, n), len(pattern))
            self.forward = max(by_column, default=-1) <= max(by_row, default=-1)
            self.colours = by_column if self.forward else by_row
            at = self.colours
            self.places = [[(at[j], i) if self.forward else (at[i], j) for j in row] for i, row in enumerate(pattern)]
        self.pattern = pattern
        self.coordinates = [i for i, row in enumerate(pattern) for _ in row], [j for row in pattern for j in row]

    def _place(self, pattern: Pattern, i: int, j: int) -> tuple[int, int]:
        """Which sweep has the entry (i, j), and where: in its row, unless another entry there has the same colour."""
        colour = self.colours[j]
        alone = sum(self.colours[k] == colour for k in pattern[i]) == 1
        return (colour, i) if alone else (self.colours[i], j)

    def entries(self, pushed: Sweep, pulled: Sweep) -> list[list[Any]]:
        """For each row the entries of its columns; `pushed` is a forward sweep, `pulled` a reverse one."""
        found = _sweeps(self.colours, pushed if self.forward else pulled)
        return [[found[k][i] for k, i in row] for row in self.places]

    def check(self, entries: list[list[float]], pushed: Sweep) -> None:
        """A product with a dense vector must be the same: a pattern that misses an entry gives wrong numbers elsewhere too."""
        vector = [0.5 + (k * 0.6180339887498949) % 1.0 for k in range(self.n)]
        for i, (row, xs, true) in enumerate(zip(self.pattern, entries, pushed(vector), strict=True)):
            terms = [x * vector[j] for x, j in zip(xs, row, strict=True)]
            if not abs(sum(terms) - true) <= 1e-8 * sum(map(abs, [*terms, true])):
                raise ValueError(f"sparsity misses an entry of row {i}: the derivative is not 0 there")
        self.checked = True


def matrix(plan: Plan, entries: list[list[Any]], kind: str) -> Any:
    """The entries as a matrix of `scipy.sparse`."""
    from scipy import sparse  # type: ignore[import-untyped,unused-ignore]

    values = [x for row in entries for x in row]
    if not {float}.issuperset(map(type, values)):
        raise TypeError(f'format="{kind}" holds floats, not numbers that are differentiated again or traced: use "dense"')
    return sparse.coo_array((values, plan.coordinates), shape=(len(plan.pattern), plan.n)).asformat(kind)
