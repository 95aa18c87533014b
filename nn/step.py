"""A training step: loss, gradients, update; by the engine, or compiled to one program.

The trick is that nothing has to be rewritten for it. A loss finds parameters where it always does, in modules and closures;
while it is traced, they stand for inputs of the program (`Tape.bind`), and the program's results become their numbers. The
update is the optimiser's own, a pure function of numbers, and what changes from step to step, the learning rate and the count
of steps, is data. So one program serves a whole training.

Several steps are one call of `repeat`, in which numbers can only move from results to arguments. Two lists that shift by one
at each step are enough for the rest: rates still to be used come out at the front, losses go in at the back. Where each step
has a batch of its own, the count of steps picks it.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, groupby, islice
from numbers import Real
from typing import Any

import autograd
from autograd import Value
from autograd._engine import tracing
from autograd._engine.bulk import numbers
from nn import rules
from nn.checks import positive_int, within
from nn.optim import Optimizer, clip_grad_norm_, clip_grad_value_

__all__ = ["CompiledStep", "Step", "compile_step"]

MAX_STEPS_PER_CALL = 32
"""How many steps one call of a program makes at most."""


class Step:
    """One training step by the engine: `step(*batch)` moves the parameters, and returns the loss before it."""

    def __init__(
        self,
        loss: Callable[..., Any],
        optimizer: Optimizer,
        *,
        clip_grad_norm: float | None = None,
        clip_grad_value: float | None = None,
    ) -> None:
        if not callable(loss) or not isinstance(optimizer, Optimizer):
            kinds = f"{type(loss).__name__} and {type(optimizer).__name__}"
            raise TypeError(f"a training step takes a function of a batch and an optimiser of nn, not {kinds}")
        self.loss, self.optimizer = loss, optimizer
        self.max_norm = None if clip_grad_norm is None else within("clip_grad_norm", clip_grad_norm)
        self.max_value = None if clip_grad_value is None else within("clip_grad_value", clip_grad_value)

    def __call__(self, *batch: Any) -> float:
        """zero_grad, loss, backward, clipping, step. Raises `ArithmeticError` for a loss that is NaN or infinite."""
        self.optimizer.zero_grad()
        result = _one_value(self.loss(*batch))
        if not abs(result.data) < float("inf"):
            raise ArithmeticError(
                f"the loss became {result.data} in step {self.optimizer.steps + 1}: lower the learning rate or clip gradients; "
                "autograd.detect_anomaly() names the operation"
            )
        result.backward()
        if self.max_norm is not None:
            clip_grad_norm_(self.optimizer.params, self.max_norm)
        if self.max_value is not None:
            clip_grad_value_(self.optimizer.params, self.max_value)
        self.optimizer.step()
        return float(result.data)

    def repeat(self, n: int, *batch: Any) -> list[float]:
        """That many steps on one batch: their losses."""
        return [Step.__call__(self, *batch) for _ in range(positive_int("n", n))]

    def scan(self, batches: Iterable[Sequence[Any]]) -> list[float]:
        """One step on each batch, a tuple of what `step` takes, in turn: their losses."""
        return [Step.__call__(self, *batch) for batch in batches]


class CompiledStep(Step):
    """The same step as one program; see `compile_step`."""

    def __init__(self, loss: Callable[..., Any], optimizer: Optimizer, *, executor: str = "auto", **clipping: Any) -> None:
        super().__init__(loss, optimizer, **clipping)
        self._options, self._compiled = dict(optimizer.options), autograd.compile(self._training_step, executor=executor)
        self._executor = executor

    def __call__(self, *batch: Any) -> float:
        """One step on this batch."""
        return self._steps(1, 1, None, batch)[0]

    def repeat(self, n: int, *batch: Any) -> list[float]:
        """That many steps on one batch, in few calls of a program that contains the loop: their losses."""
        n = positive_int("n", n)
        losses: list[float] = []
        while len(losses) < n:
            losses += self._steps(min(n - len(losses), MAX_STEPS_PER_CALL), MAX_STEPS_PER_CALL, None, batch)
        return losses

    def scan(self, batches: Iterable[Sequence[Any]]) -> list[float]:
        """One step on each batch in turn, in few calls: their losses. Here a batch holds numbers only."""
        losses: list[float] = []
        for _, alike in groupby(map(tuple, batches), _shape):
            rest = list(alike)
            room = min(len(rest), MAX_STEPS_PER_CALL)
            if room == 1:
                losses.append(self(*rest.pop()))
            while rest:
                n = min(len(rest), room)
                losses += self._steps(n, room, self.optimizer.steps + 1.0, rest[:n] + rest[-1:] * (room - n))
                rest = rest[n:]
        return losses

    @property
    def traces(self) -> int:
        """How many programs there are."""
        return self._compiled.traces

    @property
    def program(self) -> str:
        """The last program, as text."""
        return self._compiled.program

    def _steps(self, n: int, room: int, first: float | None, batch: Sequence[Any]) -> list[float]:
        """`n` steps, with `room` for as many or more; with the number of the `first` step, each on a batch of its own."""
        if tracing.recorder.get() is not None:
            raise tracing.TraceError("a training step assigns parameters, so it cannot be part of a compiled function")
        optimizer = self.optimizer
        if optimizer.options != self._options:  # they are constants of the program
            self._options, self._compiled = (
                dict(optimizer.options),
                autograd.compile(self._training_step, executor=self._executor),
            )
        (steps, slots), params = optimizer._state, optimizer.params
        rates = [float(optimizer._rate(steps + i)) for i in range(n)] + [0.0] * (room - n)
        state: list[float] = [*numbers(params), *chain(*slots), steps + 1.0, *rates, *[0.0] * (len(params) + room)]
        data = _data(batch)
        try:
            state = self._compiled.repeat(n, state, first, data) if n > 1 else self._compiled(state, first, data)
        except _AskTheEngine:
            return self._by_engine(n, first, batch)
        new, slots, _, _, grads, losses = self._parts(state)
        optimizer._move(numbers(params), new, slots, steps + n)
        for p, g in zip(params, grads, strict=True):
            p.grad = g
        return list(losses[room - n :])

    def _by_engine(self, n: int, first: float | None, batch: Sequence[Any]) -> list[float]:
        return super().repeat(n, *batch) if first is None else super().scan(batch[:n])

    def _parts(self, state: list[Any]) -> tuple[Any, ...]:
        """The parts of the state, which is one list, for that is quick to hand over."""
        n, k = len(self.optimizer.params), len(self.optimizer.slots)
        room = (len(state) - n * (k + 2)) // 2
        numbers = iter(state)
        params, *slots, (step,), rates, grads, losses = (
            list(islice(numbers, size)) for size in (*[n] * (k + 1), 1, room, n, room)
        )
        return params, slots, step, rates, grads, losses

    def _training_step(self, state: list[Any], first: Any, batch: Any) -> list[Any]:
        """What is compiled: from the state before a step to the one after it."""
        params, slots, step, rates, _, losses = self._parts(state)
        if type(step) not in tracing.kinds:
            raise _AskTheEngine
        if first is not None:
            batch = autograd.take(batch, step - first)
        loss, grads = autograd.value_and_grad(self._loss)(params, *batch)
        if self.max_norm is not None:
            grads, _ = rules.clip_grad_norm(grads, self.max_norm)
        if self.max_value is not None:
            grads = rules.clip_grad_value(grads, self.max_value)
        new, *slots = self.optimizer.update(params, grads, slots, step=step, lr=rates[0])
        return [*new, *chain(*slots), step + 1.0, *rates[1:], rates[0], *grads, *losses[1:], loss]

    def _loss(self, params: Any, *batch: Any) -> Any:
        params[0].tape.bind(self.optimizer.params, params)
        return _one_value(self.loss(*batch))


class _AskTheEngine(Exception):  # noqa: N818 - it is no error
    """What the function that is compiled raises where it is not traced: when the program was not sure of its results."""


def compile_step(
    loss: Callable[..., Any],
    optimizer: Optimizer,
    *,
    clip_grad_norm: float | None = None,
    clip_grad_value: float | None = None,
    executor: str = "auto",
) -> CompiledStep:
    """A compiled training step: `step(*batch)` moves the optimiser's parameters once, and returns the loss before it.

    `loss` is a function of the batch, modules among it or closed over, that returns one Value. The step is

        optimizer.zero_grad(); loss(*batch).backward(); clip_grad_norm_(…); clip_grad_value_(…); optimizer.step()

    with the same results to the last bit, in the parameters, their gradients, the optimiser's state and the loss, so that both
    can take turns. `clip_grad_norm` and `clip_grad_value` are the bounds of the two clippings, which are left out for None.
    `step.repeat(n, *batch)` makes n steps on one batch, `step.scan(batches)` one on each; these loops run natively too, and
    return the losses.

    The batch is nested lists, tuples and dicts of numbers, or NumPy arrays. All its numbers are data, ints too: one program
    serves all batches of one shape, and any learning rate. Modules and strings are static. What Python decides or draws in the
    loss, it decides while tracing; see `autograd.compile`, whose `executor` this is.

    Where something is not finite the engine makes the step, from the state before it: its errors are raised, and no parameter
    has moved.

    >>> import nn
    >>> model, (xs, ys) = nn.MLP(2, [4, 1], activation="tanh", seed=0), nn.datasets.xor()
    >>> optimizer = nn.Adam(model.parameters(), lr=nn.schedules.cosine(0.1, 300))
    >>> step = nn.compile_step(lambda xs, ys: nn.mse([model(x) for x in xs], ys), optimizer)
    >>> first = step(xs, ys)
    >>> losses = step.repeat(299, xs, ys)
    >>> [round(model(x).data) for x in xs], optimizer.steps, losses[-1] < 1e-6
    ([0, 1, 1, 0], 300, True)
    """
    return CompiledStep(loss, optimizer, clip_grad_norm=clip_grad_norm, clip_grad_value=clip_grad_value, executor=executor)


def _one_value(result: Any) -> Any:
    if type(result) is not Value and type(result) not in tracing.kinds:
        raise TypeError(f"the loss must be one Value that depends on the model, not {type(result).__name__}")
    return result


def _shape(x: Any) -> Any:
    """What batches have in common that one program serves."""
    if isinstance(x, (list, tuple)):
        kinds = set(map(type, x))
        if kinds == {float}:
            return type(x), len(x)
        if kinds == {list} and set(map(type, chain.from_iterable(x))) == {float}:
            return type(x), *map(len, x)
        return type(x), *map(_shape, x)
    return (*x, *map(_shape, x.values())) if isinstance(x, dict) else getattr(x, "shape", ())


def _data(x: Any) -> Any:
    """A batch in which ints are floats, for these are data, and ints would be part of the program."""
    if isinstance(x, list):
        kinds = set(map(type, x))
        if kinds == {float} or (kinds == {list} and set(map(type, chain.from_iterable(x))) == {float}):
            return x
        return [_data(part) for part in x]
    if isinstance(x, Real):
        return float(x)
    if isinstance(x, dict):
        return {key: _data(part) for key, part in x.items()}
    if isinstance(x, tuple):
        parts = [_data(part) for part in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    return x
