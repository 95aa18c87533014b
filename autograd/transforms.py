"""Transforms: `grad`, `vjp`, `jvp`, `jacobian`, `hessian` and `hvp` take a function and give its derivatives.

Each records the function's graph at the given point and walks it once: a reverse sweep for `grad`, `vjp` and the rows of
`jacobian`, a forward sweep for `jvp`. `hessian` and `hvp` are compositions of these, and all of them nest.

Two subtle points. *Which graph is mine?* Values are numbered in order of recording, and a transform gives its function
fresh inputs, so what depends on them has a later number; sweeps stop there. This is what keeps nested derivatives apart.
The tempting wrong version sweeps all the way and reads the gradient where it finds the argument:

    D_x [x · D_y (x + y) at y = x]  at 1         # is 1, for D_y (x + y) = 1
                                                 # but y *is* x there, and the sweep that does not stop finds 2

*Floats or Values?* If the function touched Values from outside (an argument that is a Value, or one it closes over), the
derivative depends on them, and the result must too, or a gradient would be lost in silence: then the sweep is recorded, and
the result holds Values. Otherwise, and within `no_grad`, it is floats.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from itertools import chain
from operator import index
from typing import Any

from autograd import modes
from autograd._engine import sparsity, tracing
from autograd._engine.lifting import GENERIC
from autograd._engine.numbers import tick
from autograd._engine.structures import Rebuild, flatten
from autograd._engine.walks import ancestors, data, operands, reaches_before
from autograd.chain import adjoints, forward, gradient
from autograd.elementwise import VALUES_AND_FLOATS
from autograd.value import Value

_identity = GENERIC["identity"]


class _Recorded:
    """A function's graph at a point: the fresh inputs, by argument, and the outputs."""

    __slots__ = ("inputs", "lifted", "outputs", "rebuild", "rebuilds", "since")

    def __init__(self, f: Callable[..., Any], args: Sequence[Any], argnums: Sequence[int], kwargs: dict[str, Any]) -> None:
        fresh = list(args)
        self.inputs: list[list[Value]] = []
        self.rebuilds: list[Rebuild] = []
        differentiable = modes.is_recording()
        with modes.recording():
            taken = [flatten(args[i], f"argument {i}") for i in argnums]
            self.since = tick()
            for i, (leaves, rebuild) in zip(argnums, taken, strict=True):
                # A Value's stand-in is computed from it, so that an enclosing derivative finds its way.
                mine = [_identity(x) if type(x) is Value else Value(x) for x in leaves]
                self.inputs.append(mine)
                self.rebuilds.append(rebuild)
                fresh[i] = rebuild(mine)
            token = tracing.within.set(True)
            try:
                self.outputs, self.rebuild = flatten(f(*fresh, **kwargs), "the result")
            finally:
                tracing.within.reset(token)
        self.lifted = differentiable and reaches_before(self.roots(), self.since)

    def roots(self) -> list[Value]:
        """The outputs that are Values; the others do not depend on anything."""
        return [y for y in self.outputs if type(y) is Value]

    def adjoints(self, seeds: Sequence[Any]) -> list[list[Any]]:
        """For each argument its adjoints, given those of the outputs."""
        seeds = self._seeds(seeds)
        pairs = [(y, seed) for y, seed in zip(self.outputs, seeds, strict=True) if type(y) is Value]
        roots, given = [y for y, _ in pairs], [seed for _, seed in pairs]
        inputs = [*chain.from_iterable(self.inputs)]
        lifted = self._lifts(given)
        with modes.recording():
            bars = adjoints(roots, given, inputs, since=self.since, lifted=lifted)
        numbers = iter(_numbers(bars, lifted=lifted))
        return [[next(numbers) for _ in mine] for mine in self.inputs]

    def tangents(self, dots: Sequence[Sequence[Any]]) -> list[Any]:
        """The tangents of the outputs, given those of the arguments."""
        given = self._seeds([*chain.from_iterable(dots)])
        seeds = dict(zip(chain.from_iterable(self.inputs), given, strict=True))
        lifted = self._lifts(given)
        with modes.recording():
            dotted = forward(self.roots(), seeds, since=self.since, lifted=lifted)
        return _numbers([dotted.get(y) if type(y) is Value else None for y in self.outputs], lifted=lifted)

    def pattern(self) -> sparsity.Pattern:
        """For each output the inputs, of all arguments, that it was computed from."""
        nodes = ancestors(*self.roots(), since=self.since)
        return sparsity.reached(
            [*chain.from_iterable(self.inputs)], self.outputs, zip(nodes, map(operands, nodes), strict=True)
        )

    def _seeds(self, given: Sequence[Any]) -> Sequence[Any]:
        """Within `no_grad` the result is floats, whatever is given."""
        return given if modes.is_recording() else data(given)

    def _lifts(self, seeds: Sequence[Any]) -> bool:
        """Whether the derivatives are to be Values, recorded, because they depend on Values from outside."""
        return modes.is_recording() and (self.lifted or Value in set(map(type, seeds)))

    def values(self) -> Any:
        """The function's result: Values that an enclosing derivative can follow, or floats."""
        return self.rebuild([y if self.lifted or type(y) is not Value else y.data for y in self.outputs])


def _numbers(xs: Sequence[Any], *, lifted: bool) -> list[Any]:
    """All of them Values or all floats, whether they are constants or not; None is 0."""
    found = [0.0 if x is None else x for x in xs]
    return [x if type(x) is Value else Value(x) for x in found] if lifted else found


def _recorded(f: Callable[..., Any], args: Sequence[Any], argnums: Sequence[int], kwargs: dict[str, Any]) -> Any:
    """The function's graph, recorded by the engine; or by the tracer, while an enclosing function is traced."""
    return (tracing.recorder.get() or _Recorded)(f, args, argnums, kwargs)


def _argnums(argnums: int | Sequence[int], n: int) -> list[int]:
    """The positions asked for, of `n` positional arguments."""
    asked: list[Any] = list(argnums) if isinstance(argnums, (tuple, list, range)) else [argnums]
    for i in asked:
        if not hasattr(type(i), "__index__") or isinstance(i, bool):
            raise TypeError(f"argnums is an int or a sequence of int, not {argnums!r}")
        if not -n <= i < n:
            raise ValueError(f"argnums {i}: the function was called with {n} positional argument(s)")
    positions = [index(i) % n for i in asked]
    if len(set(positions)) < len(positions):
        raise ValueError(f"argnums {argnums!r} names an argument twice")
    return positions


def _function(f: object, name: str) -> None:
    if not callable(f):
        raise TypeError(f"{name} takes a function, not {type(f).__name__}")


def value_and_grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """The function that returns (f(…), gradient of f for the argument `argnums`), from one recording.

    The argument is a float, a NumPy array, or lists, tuples and dicts of them; the gradient has the same structure. With a
    sequence of `argnums`, it is a tuple of gradients. `f` must return one number. This is what
    `scipy.optimize.minimize(value_and_grad(f), x0, jac=True)` takes. Raises `TypeError` if f's result is not one number.

    >>> import autograd
    >>> autograd.value_and_grad(lambda x: x[0] * x[1])([3.0, 4.0])
    (12.0, [4.0, 3.0])
    """
    _function(f, "value_and_grad")
    position = argnums if type(argnums) is int else None

    @wraps(f)
    def result(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        found = _fast_value_and_grad(f, args, position, kwargs)
        if found is not None:
            return found
        wanted = _argnums(argnums, len(args))
        recorded = _recorded(f, args, wanted, kwargs)
        y = recorded.values()
        if type(y) is not Value and type(y) is not float and type(y) not in tracing.kinds:
            raise _not_one_number(y)
        gradients = [rebuild(bars) for rebuild, bars in zip(recorded.rebuilds, recorded.adjoints([1.0]), strict=True)]
        return y, gradients[0] if hasattr(argnums, "__index__") else tuple(gradients)

    return result


def _not_one_number(y: Any) -> TypeError:
    return TypeError(f"grad needs a function that returns one number, not a {type(y).__name__}: use jacobian, or vjp")


# ---- the fast path, for what people pass most: numbers and flat lists of numbers, in no mode


def _fresh(x: Any) -> tuple[list[Value], Any] | None:
    """New inputs for a number or a flat list of numbers, and the argument made of them; None for any other structure."""
    kind = type(x)
    if kind is float:
        mine = [Value(x)]
        return mine, mine[0]
    if kind is Value:
        mine = [_identity(x)]
        return mine, mine[0]
    if kind is list and x and VALUES_AND_FLOATS.issuperset(map(type, x)):
        mine = [_identity(v) if type(v) is Value else Value(v) for v in x]
        return mine, mine.copy()
    return None


def _run(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """The function's result, while a transform differentiates it."""
    token = tracing.within.set(True)
    try:
        return f(*args, **kwargs)
    finally:
        tracing.within.reset(token)


def _fast_value_and_grad(
    f: Callable[..., Any], args: tuple[Any, ...], position: int | None, kwargs: dict[str, Any]
) -> tuple[Any, Any] | None:
    """What `_Recorded` does, without taking structures apart; None where the slow path has to."""
    if position is None or not -len(args) <= position < len(args) or modes.active or tracing.recorder.get() is not None:
        return None
    since = tick()
    taken = _fresh(args[position])
    if taken is None:
        return None
    inputs, fresh = taken
    y = _run(f, (fresh,) if len(args) == 1 else (*args[:position], fresh, *args[position:][1:]), kwargs)
    if type(y) is Value:
        bars, lifted = gradient(y, inputs, since)
        slopes = _numbers(bars, lifted=lifted)
        y = y if lifted else y.data
    else:
        leaves, rebuild = flatten(y, "the result")
        y, slopes = rebuild(leaves), [0.0] * len(inputs)
        if type(y) is not float:
            raise _not_one_number(y)
    return y, slopes[0] if fresh is inputs[0] else slopes


def _fast_jvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any] | None:
    """The same for `jvp`."""
    if modes.active or tracing.recorder.get() is not None:
        return None
    since, args = tick(), []
    seeds: dict[Value, Any] = {}
    for x, t in zip(primals, tangents):
        taken = _fresh(x)
        if taken is None:
            return None
        inputs, fresh = taken
        dots = t if type(t) is list else [t]
        if (
            (fresh is inputs[0]) is (type(t) is list)
            or len(dots) != len(inputs)
            or not VALUES_AND_FLOATS.issuperset(map(type, dots))
        ):
            return None
        seeds.update(zip(inputs, dots))
        args.append(fresh)
    y = _run(f, args, {})
    outputs, rebuild = ([y], None) if type(y) is Value else flatten(y, "the result")
    roots = [y for y in outputs if type(y) is Value]
    depends = reaches_before(roots, since)
    lifted = depends or not _FLOATS.issuperset(map(type, seeds.values()))
    dotted = forward(roots, seeds, since=since, lifted=lifted)
    if rebuild is None and not lifted:
        return y.data, dotted.get(y, 0.0)
    found = _numbers([dotted.get(y) if type(y) is Value else None for y in outputs], lifted=lifted)
    results = [y if depends or type(y) is not Value else y.data for y in outputs]
    return (results[0], found[0]) if rebuild is None else (rebuild(results), rebuild(found))


_FLOATS = frozenset({float})


def grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """The gradient of `f` for the argument `argnums`, as a function of the same arguments; see `value_and_grad`.

    >>> import autograd
    >>> autograd.grad(autograd.tanh)(0.5), autograd.grad(autograd.grad(lambda x: x**3))(2.0)
    (0.7864477329659274, 12.0)
    """
    _function(f, "grad")
    both = value_and_grad(f, argnums)

    @wraps(f)
    def result(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return result


def vjp(f: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """(f(*primals), pull): `pull(cotangent)` is the vector-Jacobian product, a tuple with one part for each primal.

    The cotangent has the structure of the result. Raises `ValueError` if it has not as many numbers.

    >>> import autograd
    >>> y, pull = autograd.vjp(lambda a, b: [a * b, a + b], 3.0, 4.0)
    >>> y, pull([1.0, 10.0])
    ([12.0, 7.0], (14.0, 13.0))
    """
    _function(f, "vjp")
    recorded = _recorded(f, primals, range(len(primals)), {})

    def pull(cotangent: Any) -> tuple[Any, ...]:
        seeds, _ = flatten(cotangent, "the cotangent")
        _same_length(seeds, recorded.outputs, "cotangent", "result")
        return tuple(rebuild(bars) for rebuild, bars in zip(recorded.rebuilds, recorded.adjoints(seeds), strict=True))

    return recorded.values(), pull


def jvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """(f(*primals), the Jacobian-vector product): the derivative of `f` in the direction `tangents`, by a forward sweep.

    Raises `ValueError` if a tangent has not as many numbers as its primal.

    >>> import autograd
    >>> autograd.jvp(lambda a, b: a * b, (3.0, 4.0), (1.0, 0.0))
    (12.0, 4.0)
    """
    _function(f, "jvp")
    _tuples(primals, tangents, "jvp")
    if len(primals) != len(tangents):
        raise ValueError(f"jvp() takes one tangent for each primal, not {len(tangents)} for {len(primals)}")
    found = _fast_jvp(f, primals, tangents)
    if found is not None:
        return found
    recorded = _recorded(f, primals, range(len(primals)), {})
    dots = [flatten(t, f"tangent {i}")[0] for i, t in enumerate(tangents)]
    for i, (mine, given) in enumerate(zip(recorded.inputs, dots, strict=True)):
        _same_length(given, mine, f"tangent {i}", f"primal {i}")
    return recorded.values(), recorded.rebuild(recorded.tangents(dots))


def _tuples(primals: object, tangents: object, name: str) -> None:
    for what, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, (tuple, list)):
            kind = type(given).__name__
            raise TypeError(f"{name}() takes primals and tangents as tuples with one entry for each argument; {what} is {kind}")


def _same_length(given: Sequence[Any], wanted: Sequence[Any], name: str, other: str) -> None:
    if len(given) != len(wanted):
        raise ValueError(f"the {name} has {len(given)} number(s), the {other} {len(wanted)}")


def jacobian(
    f: Callable[..., Any], argnums: int | Sequence[int] = 0, *, sparsity: Any = None, format: str = "dense"
) -> Callable[..., Any]:
    """All derivatives of a function with any structure of results: the result's structure, with the argument's at each leaf.

    By reverse sweeps, one for each result, or forward sweeps, one for each input, whichever are fewer. Of a NumPy vector
    function of a NumPy vector it is the matrix with shape (results, inputs).

    With `sparsity` the sweeps are as few as entries that can be other than 0 allow: "auto" finds these in the recorded graph;
    or give them, as a matrix of shape (results, inputs), nested lists, an array or one of `scipy.sparse`. With `format` "csr",
    "csc", "coo" … the result is an array of `scipy.sparse` of that shape. Raises `ValueError` if the pattern given has another
    shape, or misses an entry at the first point, `TypeError` if such an array would hold Values.

    >>> import autograd
    >>> autograd.jacobian(lambda x: [x[0] * x[1], x[0] + 1])([3.0, 4.0])
    [[4.0, 3.0], [1.0, 0.0]]
    >>> autograd.jacobian(lambda x: [v * v for v in x], sparsity="auto")([3.0, 4.0])  # by one sweep
    [[6.0, 0.0], [0.0, 8.0]]
    """
    _function(f, "jacobian")
    return _jacobian(f, argnums, sparsity, format, symmetric=False)


def _jacobian(
    f: Callable[..., Any], argnums: int | Sequence[int], sparsity: Any, format: str, *, symmetric: bool
) -> Callable[..., Any]:
    sparse = sparsity is not None or format != "dense"
    if sparse and not hasattr(argnums, "__index__"):
        raise ValueError(f"a sparse derivative is for one argument, not for argnums {argnums!r}")
    if format not in _FORMATS:
        raise ValueError(f"format is one of {', '.join(_FORMATS)}, not {format!r}")
    last: dict[str, Any] = {}  # the pattern of the last call, and its plan: most often they are those of the next

    @wraps(f)
    def result(*args: Any, **kwargs: Any) -> Any:
        wanted = _argnums(argnums, len(args))
        recorded = _recorded(f, args, wanted, kwargs)
        if sparse:
            return _sparse(recorded, sparsity, format, last, symmetric=symmetric)
        rows = _rows(recorded)  # for each output, for each argument, its derivatives
        parts = [_nested(recorded.rebuild, [row[k] for row in rows], rebuild) for k, rebuild in enumerate(recorded.rebuilds)]
        return parts[0] if hasattr(argnums, "__index__") else tuple(parts)

    return result


_FORMATS = ("dense", "csr", "csc", "coo", "bsr", "dia", "dok", "lil")


def _sparse(recorded: _Recorded, asked: Any, format: str, last: dict[str, Any], *, symmetric: bool) -> Any:
    """The Jacobian of a recorded function of one argument by few sweeps; see `_engine/sparsity.py`."""
    m, n = len(recorded.outputs), len(recorded.inputs[0])
    automatic = asked is None or (isinstance(asked, str) and asked == "auto")
    if isinstance(asked, str) and not automatic:
        raise ValueError(f'sparsity is "auto" or a matrix, not {asked!r}')
    if automatic:
        pattern = recorded.pattern()
    else:
        size, pattern = last.get("given", ((), []))
        if size != (m, n):
            pattern = sparsity.given(asked, m, n)
            last["given"] = (m, n), pattern
    plan: sparsity.Plan | None = last.get("plan")
    if plan is None or (plan.given, plan.n) != (pattern, n):
        plan = last["plan"] = sparsity.Plan(pattern, n, symmetric=symmetric)

    def pushed(seeds: list[float]) -> list[Any]:
        return recorded.tangents([seeds])

    entries = plan.entries(pushed, lambda seeds: recorded.adjoints(seeds)[0])
    if not (automatic or plan.checked) and all(type(x) is float for row in entries for x in row):
        plan.check(entries, pushed)
    if format != "dense":
        return sparsity.matrix(plan, entries, format)
    zero = _numbers([None], lifted=any(type(x) is Value for row in entries for x in row))[0]
    rows = []
    for columns, xs in zip(plan.pattern, entries, strict=True):
        rows.append([zero] * n)
        for j, x in zip(columns, xs, strict=True):
            rows[-1][j] = x
    return _nested(recorded.rebuild, rows, recorded.rebuilds[0])


def _rows(recorded: _Recorded) -> list[list[list[Any]]]:
    m, sizes = len(recorded.outputs), [len(mine) for mine in recorded.inputs]
    n = sum(sizes)
    if m <= n:
        return [recorded.adjoints([1.0 if i == k else 0.0 for i in range(m)]) for k in range(m)]
    columns = []
    for k in range(n):
        basis = iter([1.0 if i == k else 0.0 for i in range(n)])
        columns.append(recorded.tangents([[next(basis) for _ in range(size)] for size in sizes]))
    rows = []
    for row in zip(*columns, strict=True) if columns else [()] * m:
        entries = iter(row)
        rows.append([[next(entries) for _ in range(size)] for size in sizes])
    return rows


def _nested(outer: Rebuild, rows: list[list[Any]], inner: Rebuild) -> Any:
    """The outer structure with the inner one at each leaf; arrays in arrays become one array."""
    built = [inner(row) for row in rows]
    probe = outer([0.0] * len(rows))
    if (
        hasattr(probe, "reshape")
        and built
        and (hasattr(built[0], "reshape") or type(built[0]) in {float, Value, *tracing.kinds})
    ):
        import numpy as np

        inside = getattr(built[0], "shape", ())
        flat = [x for row in rows for x in row]
        kind = np.float64 if all(type(x) is float for x in flat) else object
        array = np.empty(len(flat), dtype=kind)
        array[:] = flat
        return array.reshape(probe.shape + inside)
    return outer(built)


def hessian(f: Callable[..., Any], argnums: int = 0, *, sparsity: Any = None, format: str = "dense") -> Callable[..., Any]:
    """The second derivatives of a function that returns one number: the Jacobian of its gradient.

    `sparsity` and `format` are those of `jacobian`; the pattern is made symmetric. A tridiagonal Hessian takes three sweeps.

    >>> import autograd
    >>> autograd.hessian(lambda x: x[0] ** 2 * x[1])([3.0, 4.0])
    [[8.0, 6.0], [6.0, 0.0]]
    """
    _function(f, "hessian")
    return _jacobian(grad(f, argnums), argnums, sparsity, format, symmetric=True)


def hvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """The Hessian of `f` for its first argument times a vector, forward over reverse: no Hessian is built.

    Further primals are constants; `tangents` has one entry, for the first primal.

    >>> import autograd
    >>> autograd.hvp(lambda x: x[0] ** 2 * x[1], ([3.0, 4.0],), ([1.0, 0.0],))
    [8.0, 6.0]
    """
    _function(f, "hvp")
    _tuples(primals, tangents, "hvp")
    if not primals or len(tangents) != 1:
        raise ValueError(f"hvp() takes one tangent, for the first primal, not {len(tangents)} for {len(primals)} primals")
    first, *rest = primals
    return jvp(lambda x: grad(f)(x, *rest), (first,), tangents)[1]
