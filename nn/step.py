"""A training step: loss, gradients, update; by the engine, or compiled to one program.

Losses and optimisers are used as they are. A loss finds parameters where it always does, in modules and closures; while it is
traced, they stand for inputs of the program (`Tape.bind`), and the program's results become their numbers. The update is the
optimiser's own `update`, a function of numbers. The learning rate and the count of steps are data, so one program serves a
whole training.

Several steps are one call of the compiled function's `repeat`, which passes the results of a step on as arguments of the next.
So the arguments hold a list of the rates of all steps, from which each step takes the first, and a list of losses, to which
each step appends its own. Where each step has a batch of its own, it is selected by the count of steps.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, groupby, islice
from numbers import Real
from typing import Any

import autograd
from autograd import Value
from autograd._engine import tracing
from autograd._engine.bulk import numbers
from autograd._engine.structures import kind_of
from nn import rules
from nn.checks import TRACED, positive_int, within
from nn.optim import Optimizer, clip_grad_norm_, clip_grad_value_

__all__ = ["CompiledStep", "Step", "compile_step"]

MAX_STEPS_PER_CALL = 32
"""Longer loops are several calls of a program."""


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
        self._executor = executor
        self._compile()

    def _compile(self) -> None:
        self._options = dict(self.optimizer.options)  # they are constants of the program
        self._compiled = autograd.compile(self._training_step, executor=self._executor)

    def __call__(self, *batch: Any) -> float:
        """One step on this batch."""
        return self._steps(1, 1, None, batch)[0]

    def repeat(self, n: int, *batch: Any) -> list[float]:
        """That many steps on one batch, in few calls of a program that contains the loop: their losses."""
        left, losses = positive_int("n", n), list[float]()
        while len(losses) < left:
            losses += self._steps(min(left - len(losses), MAX_STEPS_PER_CALL), MAX_STEPS_PER_CALL, None, batch)
        return losses

    def scan(self, batches: Iterable[Sequence[Any]]) -> list[float]:
        """One step on each batch in turn, in few calls: their losses. Here a batch holds numbers only."""
        losses: list[float] = []
        for _, group in groupby(map(tuple, batches), _shape):
            alike = list(group)
            size = min(len(alike), MAX_STEPS_PER_CALL)
            for i in range(0, len(alike), size):
                some = alike[i : i + size]
                if size == 1:
                    losses.append(self(*some[0]))
                else:  # the last call has the size of the others, for one program serves all, but makes fewer steps
                    n = len(some)
                    losses += self._steps(n, size, self.optimizer.steps + 1.0, some + some[-1:] * (size - n))
        return losses

    @property
    def traces(self) -> int:
        """How many programs there are."""
        return self._compiled.traces

    @property
    def program(self) -> str:
        """The last program, as text."""
        return self._compiled.program

    def _steps(self, n: int, size: int, first: float | None, batch: Sequence[Any]) -> list[float]:
        """`n` steps by a program for up to `size`. `first` is the number of the first step if each has a batch of its own."""
        if tracing.recorder.get() is not None:
            raise tracing.TraceError("a training step assigns parameters, so it cannot be part of a compiled function")
        optimizer = self.optimizer
        if optimizer.options != self._options:
            self._compile()
        (steps, slots), params = optimizer._state, optimizer.params
        old = numbers(params)
        rates = [float(optimizer._rate(steps + i)) for i in range(n)] + [0.0] * (size - n)
        state: list[float] = [*old, *chain(*slots), steps + 1.0, *rates, *[0.0] * (len(params) + size)]
        data = _with_floats(batch)
        try:
            state = self._compiled.repeat(n, state, first, data) if n > 1 else self._compiled(state, first, data)
        except _AskTheEngine:
            return self._by_engine(n, first, batch)
        new, slots, _, _, grads, losses = self._parts(state)
        optimizer._move(old, new, slots, steps + n)
        for p, g in zip(params, grads, strict=True):
            p.grad = g
        return list(losses[size - n :])

    def _by_engine(self, n: int, first: float | None, batch: Sequence[Any]) -> list[float]:
        return super().repeat(n, *batch) if first is None else super().scan(batch[:n])

    def _parts(self, state: list[Any]) -> tuple[Any, ...]:
        """Parameters, slots, count, rates, gradients and losses. The state is one flat list, which is quickest to pass."""
        n, k = len(self.optimizer.params), len(self.optimizer.slots)
        steps = (len(state) - n * (k + 2)) // 2
        rest = iter(state)
        params, *slots, (step,), rates, grads, losses = (list(islice(rest, m)) for m in (*[n] * (k + 1), 1, steps, n, steps))
        return params, slots, step, rates, grads, losses

    def _training_step(self, state: list[Any], first: Any, batch: Any) -> list[Any]:
        """What is compiled: from the state before a step to the one after it."""
        params, slots, step, rates, _, losses = self._parts(state)
        if type(step) not in TRACED:
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
    """Raised where the compiled function is called without being traced: a program met NaN or infinity."""


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
    if type(result) is not Value and type(result) not in TRACED:
        raise TypeError(f"the loss must be one Value that depends on the model, not {type(result).__name__}")
    return result


def _is_floats(x: Any) -> bool:
    """Whether `x` is a list of floats, or of lists of floats: most batches are, and this is quick to find out."""
    kinds = set(map(type, x)) if type(x) is list else None
    return kinds == {float} or (kinds == {list} and set(map(type, chain.from_iterable(x))) == {float})


def _with_floats(x: Any) -> Any:
    """A batch with its ints as floats: `autograd.compile` takes ints for part of the program, and floats for data."""
    if _is_floats(x):
        return x
    if isinstance(x, Real):
        return float(x)
    kind = kind_of(type(x))
    if kind is None:
        return x
    parts, aux = kind.flatten(x)
    return kind.unflatten(aux, list(map(_with_floats, parts)))


def _shape(x: Any) -> Any:
    """A key that is the same for batches that one program can serve."""
    if _is_floats(x):
        return len(x) if type(x[0]) is float else tuple(map(len, x))
    kind = kind_of(type(x))
    if kind is None:
        return getattr(x, "shape", ())
    parts, aux = kind.flatten(x)
    return kind, aux, *map(_shape, parts)
