"""Optimisers: they hold the parameters and the state of an update rule, and apply the rule (see `rules`) at each `step()`.

Names, defaults and semantics are PyTorch's, except that `lr` may also be a schedule, a function of the number of steps taken.
A step happens as a whole or not at all: one that is interrupted leaves parameters and state as they were.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from autograd import Value
from autograd._engine.bulk import assign, assign_grads, columns, grads, numbers
from nn import rules
from nn.checks import number, positive_int, within
from nn.schedules import Schedule

__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "RMSprop", "clip_grad_norm_", "clip_grad_value_"]


def _whole(update: Callable[..., tuple[Any, ...]]) -> Callable[..., tuple[Any, ...]]:
    """Mark an `update` that takes the accelerator's columns of floats as well as lists."""
    update.whole = True  # type: ignore[attr-defined]
    return update


class Optimizer:
    """The base of all: a subclass names its rule and the rule's state in `slots`, and keeps its options in `options`.

    `params` are leaf Values, each once; `lr` is a number or a schedule. Raises `TypeError` or `ValueError` for anything else.
    """

    slots: ClassVar[tuple[str, ...]] = ()

    def __init__(self, params: Iterable[Value], lr: float | Schedule, **options: Any) -> None:
        self.params = _parameters(params)
        self.lr: float | Schedule = lr if callable(lr) else within("lr", lr)
        self.options = options
        self._state: tuple[int, list[Sequence[float]]] = (0, [[0.0] * len(self.params) for _ in self.slots])

    def update(
        self, params: Sequence[float], grads: Sequence[float], slots: list[Any], *, step: Any, lr: Any
    ) -> tuple[Any, ...]:
        """The rule: (new parameters, *new state). A subclass defines it; `step` counts from 1."""
        raise NotImplementedError(f"{type(self).__name__} defines no update()")

    @property
    def steps(self) -> int:
        """How many steps have been taken."""
        return self._state[0]

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0.0."""
        assign_grads(self.params, 0.0)

    def step(self) -> None:
        """Move every parameter by the rule, from its gradient."""
        steps, slots = self._state
        update, params = self.update, self.params
        data, gradients = columns(params) if hasattr(update, "whole") else (numbers(params), grads(params))
        new, *slots = update(data, gradients, slots, step=steps + 1, lr=self._rate(steps))
        self._move(new, slots, steps + 1)

    def _rate(self, steps: int) -> float:
        """The learning rate after so many steps."""
        return self.lr(steps) if callable(self.lr) else self.lr

    def _move(self, new: Iterable[float], slots: list[Sequence[float]], steps: int) -> None:
        """Assign what a rule gave: parameters, state, and the number of steps."""
        old, state = columns(self.params)[0], self._state
        try:
            assign(self.params, new)
            self._state = (steps, slots)
        except BaseException:  # interrupted halfway: a model between two steps is no model
            assign(self.params, old)
            self._state = state
            raise

    def state_dict(self) -> dict[str, Any]:
        """The state as plain numbers and lists, which `nn.save` writes; of a learning rate that is a schedule, None."""
        steps, slots = self._state
        return {
            "optimizer": type(self).__name__,
            "lr": None if callable(self.lr) else self.lr,
            "options": {name: list(x) if isinstance(x, tuple) else x for name, x in self.options.items()},
            "steps": steps,
            "slots": {name: list(slot) for name, slot in zip(self.slots, slots)},
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a saved state, to the bit. The options are those saved, but a schedule is that of this optimiser.

        Raises `ValueError` if the state is another kind of optimiser's or of another number of parameters; then nothing has
        changed.
        """
        name, n = type(self).__name__, len(self.params)
        missing = {"optimizer", "lr", "options", "steps", "slots"} - set(state)
        if missing:
            raise ValueError(f"this is no state of an optimiser: {', '.join(sorted(missing))} missing")
        if state["optimizer"] != name:
            raise ValueError(f"this is a state of {state['optimizer']}, not of {name}")
        for what, mine in (("options", self.options), ("slots", dict.fromkeys(self.slots))):
            if set(state[what]) != set(mine):
                raise ValueError(f"the {what} of this state are {sorted(state[what])}, those of {name} {sorted(mine)}")
        slots: list[Sequence[float]] = []
        for slot in self.slots:
            slots.append([number(f"{slot}[{i}]", x) for i, x in enumerate(state["slots"][slot])])
            if len(slots[-1]) != n:
                raise ValueError(f"{slot} of this state is for {len(slots[-1])} parameters, this {name} has {n}")
        steps = positive_int("steps + 1 of this state", state["steps"] + 1) - 1
        lr = self.lr if callable(self.lr) or state["lr"] is None else state["lr"]
        checked = type(self)(self.params, lr, **state["options"])
        self.lr, self.options, self._state = checked.lr, checked.options, (steps, slots)

    def __repr__(self) -> str:
        lr = getattr(self.lr, "__qualname__", self.lr)
        options = "".join(f", {name}={x!r}" for name, x in self.options.items())
        return f"{type(self).__name__}({len(self.params)} parameters, lr={lr}{options})"


class SGD(Optimizer):
    """Stochastic gradient descent with momentum, Nesterov's too, and weight decay: `rules.sgd_update`.

    Raises `ValueError` for options out of range, and for Nesterov without momentum.

    >>> import nn
    >>> from autograd import Value
    >>> x = Value(1.0)
    >>> optimizer = nn.SGD([x], lr=0.25)
    >>> (x * x).backward()
    >>> optimizer.step()
    >>> x.data
    0.5
    """

    slots = ("momentum_buffer",)

    def __init__(
        self,
        params: Iterable[Value],
        lr: float | Schedule = 1e-3,
        *,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        momentum = within("momentum", momentum)
        if nesterov and not momentum:
            raise ValueError("nesterov=True needs a momentum above 0: momentum=0.9, for example")
        super().__init__(
            params, lr, momentum=momentum, weight_decay=within("weight_decay", weight_decay), nesterov=bool(nesterov)
        )

    @_whole
    def update(
        self, params: Sequence[float], grads: Sequence[float], slots: list[Any], *, step: Any, lr: Any
    ) -> tuple[Any, ...]:
        """`rules.sgd_update`."""
        del step  # that rule does not count
        options = self.options  # named one by one: a step of a small model takes as long as its calls
        return rules.sgd_update(
            params, grads, slots[0], lr=lr,
            momentum=options["momentum"], weight_decay=options["weight_decay"], nesterov=options["nesterov"],
        )  # fmt: skip


class RMSprop(Optimizer):
    """RMSprop: steps divided by the root of a running mean of squared gradients: `rules.rmsprop_update`.

    Raises `ValueError` for options out of range.

    >>> import nn
    >>> from autograd import Value
    >>> nn.RMSprop([Value(1.0)], lr=0.1)
    RMSprop(1 parameters, lr=0.1, alpha=0.99, eps=1e-08, weight_decay=0.0, momentum=0.0)
    """

    slots = ("square_avg", "momentum_buffer")

    def __init__(
        self,
        params: Iterable[Value],
        lr: float | Schedule = 1e-2,
        *,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
    ) -> None:
        super().__init__(
            params,
            lr,
            alpha=within("alpha", alpha),
            eps=within("eps", eps),
            weight_decay=within("weight_decay", weight_decay),
            momentum=within("momentum", momentum),
        )

    @_whole
    def update(
        self, params: Sequence[float], grads: Sequence[float], slots: list[Any], *, step: Any, lr: Any
    ) -> tuple[Any, ...]:
        """`rules.rmsprop_update`."""
        del step  # that rule does not count
        return rules.rmsprop_update(params, grads, *slots, lr=lr, **self.options)


class Adam(Optimizer):
    """Adam: steps from running means of gradients and of their squares, corrected for their start at 0: `rules.adam_update`.

    Raises `ValueError` for options out of range.

    >>> import nn
    >>> from autograd import Value
    >>> nn.Adam([Value(1.0)])
    Adam(1 parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.0)
    """

    slots = ("exp_avg", "exp_avg_sq")
    rule: ClassVar[Callable[..., tuple[Any, ...]]] = staticmethod(rules.adam_update)

    def __init__(
        self,
        params: Iterable[Value],
        lr: float | Schedule = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        if not isinstance(betas, Sequence) or len(betas) != 2:
            raise ValueError(f"betas must be two numbers, (0.9, 0.999) for example, not {betas!r}")
        super().__init__(
            params,
            lr,
            betas=tuple(within(f"betas[{i}]", beta, 0.0, 1.0) for i, beta in enumerate(betas)),
            eps=within("eps", eps),
            weight_decay=within("weight_decay", weight_decay),
        )

    @_whole
    def update(
        self, params: Sequence[float], grads: Sequence[float], slots: list[Any], *, step: Any, lr: Any
    ) -> tuple[Any, ...]:
        """The rule of the class."""
        return self.rule(params, grads, *slots, step=step, lr=lr, **self.options)


class AdamW(Adam):
    """Adam with decoupled weight decay: `rules.adamw_update`. Options, and what it raises, are Adam's.

    >>> import nn
    >>> from autograd import Value
    >>> nn.AdamW([Value(1.0)]).options["weight_decay"]
    0.01
    """

    rule = staticmethod(rules.adamw_update)

    def __init__(
        self,
        params: Iterable[Value],
        lr: float | Schedule = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas=betas, eps=eps, weight_decay=weight_decay)


def clip_grad_norm_(params: Iterable[Value], max_norm: float) -> float:
    """Scale gradients so that their Euclidean norm is at most `max_norm`, in place; return the norm they had.

    The factor is max_norm / (norm + 1e-6), as in PyTorch. Raises `ValueError` if max_norm is negative or the norm is
    not finite: no factor would help, so the gradients stay as they are.

    >>> import nn
    >>> from autograd import Value
    >>> x = Value(1.0)
    >>> x.grad = 30.0
    >>> nn.clip_grad_norm_([x], 3.0), round(x.grad, 6)
    (30.0, 3.0)
    """
    params, max_norm = _parameters(params), within("max_norm", max_norm)
    clipped, norm = rules.clip_grad_norm(grads(params), max_norm)
    if not norm < math.inf:
        i, p = min(enumerate(params), key=lambda found: (math.isfinite(found[1].grad), -abs(found[1].grad)))
        raise ValueError(f"the norm of the gradients is {norm}: that of parameter {i} is {p!r}; none has been changed")
    for p, g in zip(params, clipped):
        p.grad = g
    return float(norm)


def clip_grad_value_(params: Iterable[Value], clip_value: float) -> None:
    """Clip each gradient to [−clip_value, clip_value], in place; NaN stays. Raises `ValueError` if clip_value is negative.

    >>> import nn
    >>> from autograd import Value
    >>> x = Value(1.0)
    >>> x.grad = -30.0
    >>> nn.clip_grad_value_([x], 3.0)
    >>> x.grad
    -3.0
    """
    params, bound = _parameters(params), within("clip_value", clip_value)
    for p, g in zip(params, rules.clip_grad_value(grads(params), bound)):
        p.grad = g


def _parameters(params: Iterable[Value]) -> list[Value]:
    """The parameters as a list, checked: leaf Values, at least one, each once."""
    if not hasattr(params, "__iter__"):
        raise TypeError(f"params must be a list of Values, model.parameters() for example, not {type(params).__name__}")
    found = list(params)
    if not found:
        raise ValueError("params is empty: there is nothing to optimise")
    for i, p in enumerate(found):
        if type(p) is not Value:
            raise TypeError(f"params[{i}] must be a Value, not {type(p).__name__}")
        if not p.is_leaf:
            raise ValueError(f"params[{i}], {p!r}, was computed: only a leaf can be optimised, v.detach() for example")
    if len(set(map(id, found))) < len(found):
        raise ValueError("params has the same Value more than once: it would be moved twice in a step")
    return found
