"""What is checked: a function recorded at a point, its leaves, and three ways to evaluate it again with a leaf moved.

The function is called again with an input, or a leaf that it closes over, at another number; such a leaf is put back as it was,
so that graphs of the user's that it is part of stay valid. Or the recorded graph is replayed, operation by operation, on floats
or on complex numbers. Where both give the same number, the graph is all of the function.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from autograd import modes
from autograd._engine.slow_path import MATH_ERRORS
from autograd._engine.structures import flatten
from autograd._engine.walks import ancestors, operands, recorded_at
from autograd.chain import partials, reverse
from autograd.check import complexstep
from autograd.check.differences import Estimate
from autograd.errors import AutogradError
from autograd.value import Value


class Recording:
    """A function's graph at a point: of its results, or with `order=2` of its gradient.

    `graph` holds the nodes whose rules are checked, `nodes` those that the roots depend on. `leaves` are the inputs, first,
    and then the leaves that the function closes over (not those it makes); `roots` are the results that are Values.
    """

    def __init__(self, f: Callable[..., Any], inputs: Sequence[Any], order: int) -> None:
        self.f, self.order = f, order
        given, self.rebuild = flatten(tuple(inputs), "inputs")
        self.point = [x.data if type(x) is Value else x for x in given]
        names = _input_names(f, inputs)
        self.before = Value(0.0)
        self.inputs, outputs = self._record(self.point, labels=[x.label if type(x) is Value else "" for x in given])
        for x, name in zip(self.inputs, names, strict=True):
            x.label = x.label or name
        results = [y for y in outputs if type(y) is Value]
        known = _parameter_names(f)
        start = recorded_at(self.before)
        self.leaves = [*self.inputs, *(v for v in ancestors(*results) if v.is_leaf and recorded_at(v) < start)]
        self.names = [x.label or known.get(id(x)) or f"leaf {k}" for k, x in enumerate(self.leaves)]
        self.outputs = outputs if order == 1 else self._gradient(outputs)
        self.output_names = [f"y[{k}]" for k in range(len(outputs))] if order == 1 else [f"∂/∂{name}" for name in self.names]
        self.roots = [y for y in self.outputs if type(y) is Value]
        self.nodes = ancestors(*self.roots)
        computed = [v for v in self.nodes if not v.is_leaf and recorded_at(v) < start]  # from outside, not by f
        self.behind = set(map(id, ancestors(*computed)))
        self.graph = self.nodes if order == 1 else ancestors(*results, *self.roots)

    def _record(self, point: Sequence[float], labels: Sequence[str] = ()) -> tuple[list[Value], list[Any]]:
        """Fresh inputs, and the results computed from them."""
        with modes.recording(), modes.lines():
            fresh = [Value(x) for x in point]
            for x, label in zip(fresh, labels):
                x.label = label
            return fresh, flatten(self.f(*self.rebuild(fresh)), "the result")[0]

    def _gradient(self, outputs: Sequence[Any], leaves: Sequence[Value] | None = None, *, lifted: bool = True) -> list[Any]:
        if len(outputs) != 1:
            raise ValueError(f"order 2 checks the Hessian of one number; the function returned {len(outputs)}")
        y = outputs[0]
        with modes.recording(), modes.lines():
            bars = reverse({y: 1.0}, lifted=lifted) if type(y) is Value else {}
        return [bars.get(x, 0.0) for x in leaves or self.leaves]

    # ---- evaluated again

    def movable(self, k: int) -> bool:
        """Whether calling the function again shows what moving leaf `k` does: not where it enters by a computed Value."""
        return id(self.leaves[k]) not in self.behind

    def again(self, k: int, t: float) -> list[float]:
        """All outputs with leaf `k` at `t`, by calling the function; NaN where it has none."""
        if k < len(self.inputs):
            return self._called([*self.point[:k], t, *self.point[k + 1 :]])
        leaf: Any = self.leaves[k]
        before = leaf.data, leaf._b
        try:
            leaf.data = t
            return self._called(self.point)
        finally:
            leaf.data, leaf._b = before

    def unlike(self) -> str:
        """What a second call at the same point gave instead, if it is not the same function twice; else ""."""
        first = [y.data if type(y) is Value else y for y in self.outputs]
        for name, a, b in zip(self.output_names, first, self._called(self.point), strict=True):
            if a != b and (a == a or b == b):
                return (
                    f"{name} is {a!r} and, called again, {b!r}: the function is not the same twice (random, a counter, state?)"
                )
        return ""

    def _called(self, point: Sequence[float]) -> list[float]:
        try:
            if self.order == 2:
                fresh, outputs = self._record(point)
                outputs = self._gradient(outputs, [*fresh, *self.leaves[len(fresh) :]], lifted=False)
            else:
                with modes.no_grad():
                    outputs = flatten(self.f(*self.rebuild([Value(x) for x in point])), "the result")[0]
        except (*MATH_ERRORS, AutogradError):
            return [math.nan] * len(self.outputs)
        return [y.data if type(y) is Value else y for y in outputs]

    def replay(self, moved: dict[Value, Any], value: Callable[..., Any] | None = None) -> list[Any]:
        """All outputs with these leaves at other numbers, by computing the recorded operations; NaN where they fail."""
        at: dict[Value, Any] = dict(moved)
        try:
            for v in self.nodes:
                xs = operands(v)
                if v._op is None or v in at or not any(type(x) is Value and x in at for x in xs):
                    continue
                numbers = [at.get(x, x.data) if type(x) is Value else x for x in xs]
                if value is not None:
                    at[v] = value(v._op, numbers)
                else:
                    at[v] = float(v._op.value(numbers) if v._op.nary else v._op.value(*numbers))
        except (*MATH_ERRORS, AutogradError):
            return [math.nan] * len(self.outputs)
        return [at.get(y, y.data) if type(y) is Value else y for y in self.outputs]

    def complex_step(self, k: int) -> list[Estimate] | None:
        """The derivatives of all outputs for leaf `k`, by replaying the graph with a complex step; None where it cannot be."""
        leaf = self.leaves[k]
        try:
            h = complexstep.tiny(leaf.data)
            found = self._complex_step(leaf, h)
            # Beside 0 the step has no size to be small against: half of it tells how far off it is.
            half = found if h <= 2.0**-40 * abs(leaf.data) else self._complex_step(leaf, h / 2.0)
            return [Estimate(d, complexstep.bound(d, h) + 4.0 * abs(d - e)) for d, e in zip(found, half, strict=True)]
        except complexstep.Unsupported:
            return None

    def _complex_step(self, leaf: Value, h: float) -> list[float]:
        outputs = self.replay({leaf: complexstep.Complex(complex(leaf.data, h))}, complexstep.value)
        return [y.z.imag / h if type(y) is complexstep.Complex else 0.0 for y in outputs]

    # ---- sweeps

    def claims(self) -> list[list[float]] | None:
        """For each output the gradient for each leaf, as a user gets it; None where a derivative on the way does not exist."""
        try:
            if self.order == 1 and len(self.outputs) == 1 and self.roots:
                with self.untouched():
                    for x in self.leaves:
                        x.grad = 0.0
                    self.roots[0].backward()
                    return [[x.grad for x in self.leaves]]
            return [self.reverse(y) for y in self.outputs]
        except AutogradError:
            return None

    def reverse(self, y: Any) -> list[float]:
        """The gradient of one output by the sweep that returns a mapping."""
        bars = reverse({y: 1.0}) if type(y) is Value else {}
        return [bars.get(x, 0.0) for x in self.leaves]

    def live(self) -> dict[Value, float] | None:
        """The nodes that gradient flows back to, from any output; None where a derivative on the way does not exist."""
        try:
            return {v: bar for y in self.roots for v, bar in reverse({y: 1.0}).items() if bar}
        except AutogradError:
            return None

    def sizes(self, y: Any) -> list[float]:
        """For each leaf the sum of |product of partials| over all paths to it: what the gradient's terms add up to at most."""
        bars = {y: 1.0} if type(y) is Value else {}
        for v in reversed(self.nodes):
            g = bars.get(v)
            if g is None or v._op is None:
                continue
            try:
                ds = partials(v)
            except AutogradError:
                continue
            for x, d in zip(operands(v), ds, strict=True):
                if d is not None:
                    bars[x] = bars.get(x, 0.0) + g * abs(d)
        return [bars.get(x, 0.0) for x in self.leaves]

    @contextmanager
    def untouched(self) -> Iterator[None]:
        """Within it gradients of the user's Values may change; afterwards they are what they were."""
        start = recorded_at(self.before)
        grads = [(v, v.grad if v.reached else None) for v in self.nodes if recorded_at(v) < start]
        try:
            yield
        finally:
            for v, g in grads:
                if g is not None:
                    v.grad = g
                else:
                    del v.grad


def _input_names(f: Callable[..., Any], inputs: Sequence[Any]) -> list[str]:
    """A name for each number among the inputs: of the parameter it is given for, with its place in a structure."""
    code = getattr(f, "__code__", None)
    known = code.co_varnames[: code.co_argcount] if code is not None else ()
    names: list[str] = []
    for i, x in enumerate(inputs):
        name = known[i] if i < len(known) else f"input {i}"
        leaves = flatten(x)[0]
        alone = type(x) is Value or (len(leaves) == 1 and not hasattr(x, "__len__"))
        names += [name] if alone else [f"{name}[{k}]" for k in range(len(leaves))]
    return names


def _parameter_names(f: Any) -> dict[int, str]:
    """The names a module gives its parameters, by the parameter's identity."""
    named = getattr(f, "named_parameters", None)
    try:
        return {id(p): name for name, p in dict(named() if callable(named) else {}).items()}
    except (TypeError, ValueError):
        return {}
