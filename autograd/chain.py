"""The chain rule: reverse and forward sweeps over a recorded graph. There is no code per operation here.

    reverse    bar[x_i] += bar[y] · ∂y/∂x_i      from the result back to the leaves, in reverse order of recording
    forward    dot[y]   += dot[x_i] · ∂y/∂x_i    from the inputs on, in order of recording

Why the order: floats do not add associatively, so a sum of contributions is one well-defined number only if their order is.
Every sweep, in every engine of this library, adds them in reverse order of recording, and within one operation in the
order of its operands.

Why the sweep starts from the newest Value and not from the oldest path: a Value's adjoint may be passed on only when all
that was computed from it has contributed. The tempting wrong version passes each contribution on as it comes:

    a = 1;  b = a + a;  c = b + b        # each of the two edges c → b passes 1 on: right by luck, after 2 + 4 steps
                                         # a chain of 30 such sums takes 2³⁰ steps; adding to .grad as it passes gives 6

`backward` works in slots of the nodes, which is quick, and publishes the result at its end. A pass that fails or is
interrupted leaves every leaf's gradient as it was.
"""

import os
from _thread import RLock, allocate_lock
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import repeat
from operator import add
from typing import Any, NoReturn

from autograd import modes
from autograd._engine import accelerator
from autograd._engine.numbers import tick
from autograd._engine.slow_path import MATH_ERRORS, shown
from autograd._engine.walks import Node, ancestors, data, operands, reaches_before, recorded_at, stale
from autograd.errors import AnomalyError, DerivativeError


def partials(v: Node, wanted: Sequence[bool] | None = None, *, lifted: bool = False) -> list[Any]:
    """∂v/∂operand for each operand of `v`: a float, or with `lifted` a Value; None where it is a constant or not wanted.

    Raises `DerivativeError` where one that is wanted does not exist.

    >>> from autograd import Value, exp
    >>> from autograd.chain import partials
    >>> partials(exp(Value(0.0)) * 3), partials(Value(2.0) * Value(5.0))
    ([3.0, None], [5.0, 2.0])
    """
    op = v._op
    if op is None:
        return []
    xs = operands(v)
    if wanted is None:
        wanted = [type(x) is not float for x in xs]
    functions, arguments, y = (op.lifted, xs, v) if lifted else (op.partials, data(xs), v._data)
    try:
        if op.nary:
            return [d if want else None for d, want in zip(functions[0](arguments, y), wanted, strict=True)]
        return [f(*arguments, y) if want else None for f, want in zip(functions, wanted, strict=True)]
    except MATH_ERRORS as error:
        raise no_derivative(v._op, operands(v), error) from None


def no_derivative(op: Any, xs: Sequence[Any], error: Exception) -> DerivativeError:
    """The error of a partial of the operation at these operands that fails as arithmetic does."""
    kind = "infinite" if isinstance(error, (ZeroDivisionError, OverflowError)) else "undefined"
    return DerivativeError(f"the derivative of {shown(op, xs)} is {kind} there")


# ---- sweeps that return a mapping: of floats, or lifted, of Values


def reverse(
    seeds: Mapping[Node, Any], *, since: int = 0, lifted: bool = False, wanted: Sequence[Node] | None = None
) -> dict[Node, Any]:
    """The reverse sweep: adjoints of all Values the seeds were computed from, given the adjoints of the seeds.

    Only Values recorded after the number `since` take part. With `lifted` the adjoints are Values, recorded as they are
    computed, and so can be differentiated again. A Value that nothing flows back to is not in the result, and of others those
    that are not among the seeds or `wanted`, if these are given, need not be.

    >>> from autograd import Value
    >>> from autograd.chain import reverse
    >>> x = Value(3.0)
    >>> reverse({x * x: 1.0})[x]
    6.0
    """
    bars, nodes = dict(seeds), ancestors(*seeds, since=since)
    if lifted and accelerator.module is not None:
        if accelerator.module.reverse_values(nodes, bars, since, nodes if wanted is None else list(wanted)):
            return bars
        bars = dict(seeds)
    anomaly = modes.current().anomaly
    for v in reversed(nodes):
        g = bars.get(v)
        if g is None or v._op is None or (type(g) is float and g == 0.0):
            continue
        xs = operands(v)
        for x, d in zip(xs, partials(v, [type(x) is not float and x._seq > since for x in xs], lifted=lifted), strict=True):
            if d is None or (lifted and _flows_nowhere(g, d)):
                continue
            t = g * d
            if anomaly:
                check_finite(v, t)
            bars[x] = bars[x] + t if x in bars else t
    return bars


def adjoints(
    roots: Sequence[Node], seeds: Sequence[Any], inputs: Sequence[Node], *, since: int = 0, lifted: bool = False
) -> list[Any]:
    """The adjoints of the inputs, None where nothing flows, given those of the roots; see `reverse`."""
    if not lifted:
        bars = _adjoints_in_c(roots, seeds, inputs, since, alone=False)
        if bars is not NotImplemented:
            return bars  # type: ignore[no-any-return]
    total: dict[Node, Any] = {}
    for y, seed in zip(roots, seeds, strict=True):
        total[y] = total[y] + seed if y in total else seed
    swept = reverse(total, since=since, lifted=lifted, wanted=inputs)
    return [swept.get(x) for x in inputs]


def _adjoints_in_c(roots: Sequence[Node], seeds: Sequence[Any], inputs: Sequence[Node], since: int, *, alone: bool) -> Any:
    """The adjoints as floats, by the accelerator; `NotImplemented` where it has to be left to Python, or is not there.

    With `alone`, None if the roots depend on anything recorded up to the number `since`.
    """
    return NotImplemented if accelerator.module is None else accelerator.module.adjoints(roots, seeds, inputs, since, alone)


def gradient(y: Node, inputs: Sequence[Node], since: int) -> tuple[list[Any], bool]:
    """(the adjoints of inputs, given 1 for y; whether they are Values).

    They are where y depends on Values recorded up to the number `since` besides: on Values from outside a transform.
    """
    bars = _adjoints_in_c((y,), (1.0,), inputs, since, alone=True)
    if bars is NotImplemented:
        bars = None if reaches_before((y,), since) else adjoints((y,), (1.0,), inputs, since=since)
    if bars is not None:
        return bars, False
    return adjoints((y,), (1.0,), inputs, since=since, lifted=True), True


def forward(roots: Sequence[Node], seeds: Mapping[Node, Any], *, since: int = 0, lifted: bool = False) -> dict[Node, Any]:
    """The forward sweep: the tangents of the roots, of those that something flows to, given the tangents of the seeds.

    Where a derivative does not exist, its error goes on in place of a tangent, until a partial that is 0 discards it, as it
    would stop a reverse sweep; one that arrives at a root is raised.

    >>> from autograd import Value
    >>> from autograd.chain import forward
    >>> x = Value(3.0)
    >>> y = x * x
    >>> forward([y], {x: 1.0})[y]
    6.0
    """
    dots, nodes = dict(seeds), ancestors(*roots, since=since)
    if accelerator.module is not None:
        if accelerator.module.forward_values(nodes, dots, lifted, list(roots)):
            return {y: dots[y] for y in roots if y in dots}
        dots = dict(seeds)
    anomaly = modes.current().anomaly
    for v in nodes:
        if v in dots:
            continue
        xs = operands(v)
        tangents = [dots.get(x) if type(x) is not float else None for x in xs]
        wanted = [t is not None and not (type(t) is float and t == 0.0) for t in tangents]
        total: Any = None
        try:
            slopes = partials(v, wanted, lifted=lifted)
        except DerivativeError as error:
            dots[v] = error.with_traceback(None)
            continue
        for tangent, d in zip(tangents, slopes, strict=True):
            if type(tangent) is DerivativeError and d is not None:
                if type(d) is float and d == 0.0:
                    continue
                total = tangent
                break
            if d is None or (lifted and _flows_nowhere(tangent, d)):
                continue
            t = tangent * d
            if anomaly:
                check_finite(v, t)
            total = t if total is None else total + t
        if total is not None:
            dots[v] = total
    for y in roots:
        if type(dots.get(y)) is DerivativeError:
            raise dots[y]
    return {y: dots[y] for y in roots if y in dots}


def _flows_nowhere(g: Any, d: Any) -> bool:
    """Whether d is the constant 0 (the flat side of relu) and g finite: then g·d is 0, and so is its every derivative."""
    return type(d) is float and d == 0.0 and abs(g if type(g) is float else g._data) < float("inf")


def check_finite(v: Node, t: Any) -> None:
    """Raise `AnomalyError` for a derivative of `v` that is NaN or infinite."""
    t = t if type(t) is float else t._data
    if not abs(t) < float("inf") and v._op is not None:
        line = getattr(getattr(v, "_note", None), "line", "") or "(outside detect_anomaly())"
        raise AnomalyError(f"the derivative of {shown(v._op, operands(v))} produced {t!r}\n  recorded at {line}")


# ---- the sweep of Value.backward: floats only, in slots of the nodes

_sweeping = allocate_lock()  # held while a pass uses the slots; who finds it taken uses `reverse`
_publishing = RLock()  # held while gradients are given out


def backward(y: Node) -> None:
    """What `Value.backward` does: sets the gradients of computed Values, and adds to those of leaves, all of them or none."""
    if modes.current().anomaly or not _sweeping.acquire(blocking=False):
        _backward_carefully(y)
        return
    started = tick()
    try:
        nodes, leaves = _sweep(y)
        with _publishing:
            for v in nodes:
                v._grad = v._bar
            _add(leaves, [v._bar for v in leaves], started)
    finally:
        _sweeping.release()


def _backward_carefully(y: Node) -> None:
    """The same by `reverse`, which uses nothing in the nodes: for anomaly mode, and while another pass runs."""
    started = tick()
    bars = reverse({y: 1.0})
    nodes = ancestors(y)
    leaves = [v for v in nodes if v._op is None]
    with _publishing:
        for v in nodes:
            if v._op is not None:
                v._grad = bars.get(v, 0.0)
        _add(leaves, [bars.get(v) for v in leaves], started)


if accelerator.module is not None:
    accelerator.module.setup(backward=_backward_carefully, partials=lambda v, wanted: partials(v, wanted, lifted=True))


def _sweep(y: Node) -> tuple[list[Node], list[Node]]:
    """The computed Values and the leaves behind `y`, each with its adjoint in `_bar`; None in a leaf to which nothing flowed.

    This is `reverse`, in the form that CPython runs fastest; `_mark` holds an object of this pass where it has been.
    """
    mark = object()
    y._mark, y._bar = mark, 1.0
    nodes, leaves = ([], [y]) if y._op is None else ([y], [])
    push = nodes.append
    for v in nodes:  # grows while it is walked
        a, b = v._a, v._b
        for x in a if type(a) is tuple else (a,) if b is None else (a, b):
            if type(x) is float:
                continue
            if x._op is None:
                if x._mark is not mark:
                    x._mark, x._bar = mark, None
                    leaves.append(x)
                if x._b is not None and x._b > v._seq:
                    _raise_stale(y)
            elif x._mark is not mark:
                x._mark, x._bar = mark, None
                push(x)
    nodes.sort(key=recorded_at, reverse=True)
    v = y
    try:
        for v in nodes:
            g = v._bar
            if not g:
                if g is None:
                    v._bar = 0.0
                continue
            da = v._da
            if type(da) is float:
                x = v._a
                bar = x._bar
                x._bar = g * da if bar is None else bar + g * da
            elif da is not None:
                _contribute(v, g)
                continue
            db = v._db
            if type(db) is float:
                x = v._b
                bar = x._bar
                x._bar = g * db if bar is None else bar + g * db
            elif db is not None:
                _contribute(v, g, (False, True) if da is not None else None)
    except MATH_ERRORS as error:
        raise no_derivative(v._op, operands(v), error) from None
    return nodes, leaves


def _raise_stale(y: Node) -> NoReturn:
    ancestors(y)
    raise AssertionError("the leaf was found stale before")


def _contribute(v: Node, g: float, wanted: Sequence[bool] | None = None) -> None:
    """What `v`, whose adjoint is `g`, contributes to its operands, or the wanted ones, by partials still to be computed."""
    a, y = v._a, v._data
    if v._b is None and type(a) is not tuple:
        d = v._da(a._data, y)
        a._bar = g * d if a._bar is None else a._bar + g * d
        return
    for x, d in zip(operands(v), partials(v, wanted), strict=True):
        if d is not None:
            x._bar = g * d if x._bar is None else x._bar + g * d


def _add(leaves: Sequence[Node], bars: Sequence[float | None], started: int) -> None:
    """Add to the leaves' gradients, unless one of them was assigned meanwhile.

    They are read, added to and stored by one call into C, in which Python answers no signal and runs no other code: an
    interrupt finds all of them changed or none, and a pass that starts in between cannot be overwritten.
    """
    for v in leaves:
        if v._b is not None and v._b > started:
            raise stale(v, v)
    added = [-0.0 if bar is None else bar for bar in bars]  # x + −0.0 is x, to the sign
    deque(map(setattr, leaves, repeat("_grad"), map(add, map(getattr, leaves, repeat("_grad"), repeat(0.0)), added)), maxlen=0)


def _unlock() -> None:
    """In a forked process no other thread is left that could release the locks."""
    global _sweeping, _publishing
    _sweeping, _publishing = allocate_lock(), RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock)
