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

STATE_KEYS = {"optimizer", "lr", "options", "steps", "slots"}
"""What `state_dict()` of an optimiser has."""


class Optimizer:
    """The base of all: a subclass has a `rule`, names the rule's state in `slots`, and passes its options to the constructor.

    A rule of one's own is a static method with the signature of those in `rules`, or an `update` that replaces this one.
    `params` are leaf Values, each once; `lr` is a number or a schedule. Raises `TypeError` or `ValueError` for anything else.
    """

    slots: ClassVar[tuple[str, ...]] = ()
    rule: ClassVar[Callable[..., tuple[Any, ...]] | None] = None

    def __init__(self, params: Iterable[Value], lr: float | Schedule, **options: Any) -> None:
        self.params = _parameters(params)
        self.lr = lr
        self.options = options
        self._state: tuple[int, list[Sequence[float]]] = (0, [[0.0] * len(self.params) for _ in self.slots])

    @property
    def lr(self) -> float | Schedule:
        """The learning rate: a number of at least 0, or a schedule. It may be assigned."""
        return self._lr

    @lr.setter
    def lr(self, lr: float | Schedule) -> None:
        self._lr = lr if callable(lr) else within("lr", lr)

    def update(
        self, params: Sequence[float], grads: Sequence[float], slots: list[Any], *, step: Any, lr: Any
    ) -> tuple[Any, ...]:
        """The rule with this optimiser's options: (new parameters, *new state); `step` counts from 1."""
        rule = self.rule
        if rule is None:
            raise NotImplementedError(f"{type(self).__name__} defines no update() and no rule")
        return rule(params, grads, *slots, step=step, lr=lr, **self.options)

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
        own = getattr(update, "__module__", "") == __name__  # these take the accelerator's arrays; any other update gets lists
        data, gradients = columns(params) if own else (numbers(params), grads(params))
        new, *slots = update(data, gradients, slots, step=steps + 1, lr=self._rate(steps))
        self._move(data, new, slots, steps + 1)

    def _rate(self, steps: int) -> float:
        """The learning rate after this number of steps."""
        lr = self._lr
        return lr if isinstance(lr, float) else lr(steps)

    def _move(self, old: Iterable[float], new: Iterable[float], slots: list[Sequence[float]], steps: int) -> None:
        """Assign what a rule made of the `old` parameters: the `new` ones, its state, and the number of steps."""
        state = self._state
        try:
            assign(self.params, new)
            self._state = (steps, slots)
        except BaseException:  # an interrupt must not leave a model between two steps
            assign(self.params, old)
            self._state = state
            raise

    def state_dict(self) -> dict[str, Any]:
        """The state as plain numbers and lists, which `nn.save` writes; a schedule is not saved: its `lr` is None."""
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

        Raises `ValueError` if the state is another kind of optimiser's or of another number of parameters, has too few or too
        many entries, or was saved with a schedule that this optimiser does not have; then nothing has changed.
        """
        name, n = type(self).__name__, len(self.params)
        for difference, keys in (("missing", STATE_KEYS - set(state)), ("unknown", set(state) - STATE_KEYS)):
            if keys:
                raise ValueError(f"this is no state of an optimiser: {', '.join(sorted(map(str, keys)))} {difference}")
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
        if state["lr"] is None and not callable(self.lr):
            raise ValueError(
                f"this state was saved with a schedule as lr: make this {name} with one, or put a number in the state"
            )
        lr = self.lr if callable(self.lr) else state["lr"]
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
    rule = staticmethod(rules.sgd_update)

    def __init__(
        self, params: Iterable[Value], lr: float | Schedule = 1e-3,
        *, momentum: float = 0.0, weight_decay: float = 0.0, nesterov: bool = False,
    ) -> None:  # fmt: skip
        options = _at_least_0(momentum=momentum, weight_decay=weight_decay)
        if nesterov and not momentum:
            raise ValueError("nesterov=True needs a momentum above 0: momentum=0.9, for example")
        super().__init__(params, lr, **options, nesterov=bool(nesterov))

    def update(
        self, params: Sequence[float], grads: Sequence[float], slots: list[Any], *, step: Any, lr: Any
    ) -> tuple[Any, ...]:
        """`rules.sgd_update`, with its options by name: for a small model, `**options` takes as long as the rule."""
        del step  # that rule does not count
        options = self.options
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
    rule = staticmethod(rules.rmsprop_update)

    def __init__(
        self, params: Iterable[Value], lr: float | Schedule = 1e-2,
        *, alpha: float = 0.99, eps: float = 1e-8, weight_decay: float = 0.0, momentum: float = 0.0,
    ) -> None:  # fmt: skip
        super().__init__(params, lr, **_at_least_0(alpha=alpha, eps=eps, weight_decay=weight_decay, momentum=momentum))


class Adam(Optimizer):
    """Adam: steps from running means of gradients and of their squares, corrected for their start at 0: `rules.adam_update`.

    Raises `ValueError` for options out of range.

    >>> import nn
    >>> from autograd import Value
    >>> nn.Adam([Value(1.0)])
    Adam(1 parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.0)
    """

    slots = ("exp_avg", "exp_avg_sq")
    rule = staticmethod(rules.adam_update)

    def __init__(
        self, params: Iterable[Value], lr: float | Schedule = 1e-3,
        *, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0,
    ) -> None:  # fmt: skip
        if not isinstance(betas, Sequence) or len(betas) != 2:
            raise ValueError(f"betas must be two numbers, (0.9, 0.999) for example, not {betas!r}")
        betas = (within("betas[0]", betas[0], 0.0, 1.0), within("betas[1]", betas[1], 0.0, 1.0))
        super().__init__(params, lr, betas=betas, **_at_least_0(eps=eps, weight_decay=weight_decay))


class AdamW(Adam):
    """Adam with decoupled weight decay: `rules.adamw_update`. Options, and what it raises, are Adam's.

    >>> import nn
    >>> from autograd import Value
    >>> nn.AdamW([Value(1.0)]).options["weight_decay"]
    0.01
    """

    rule = staticmethod(rules.adamw_update)

    def __init__(
        self, params: Iterable[Value], lr: float | Schedule = 1e-3,
        *, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 1e-2,
    ) -> None:  # fmt: skip
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


def _at_least_0(**options: float) -> dict[str, float]:
    return {name: within(name, x) for name, x in options.items()}


def _parameters(params: Iterable[Value]) -> list[Value]:
    """The parameters as a list, checked: leaf Values, at least one, each once."""
    if not hasattr(params, "__iter__") or hasattr(params, "parameters"):
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
