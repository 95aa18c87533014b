"""`fit`: the training loop.

    for each epoch, for each batch:  zero_grad, predictions, loss, backward, step        (a `Step` of step.py does these five)

An interrupt at any point leaves a model whose parameters are all from the same step, for a step happens as a whole.
"""

import sys
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from nn import losses
from nn.checks import finite, generator, listed, positive_int, same_length
from nn.module import Module
from nn.optim import Adam, Optimizer
from nn.step import MAX_STEPS_PER_CALL, CompiledStep, Step

__all__ = ["History", "fit"]


class History:
    """The course of a training: `losses`, one for each epoch, and `stopped`, whether a callback ended it early."""

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.stopped = False

    @property
    def epochs(self) -> int:
        """How many epochs have been trained."""
        return len(self.losses)

    def __repr__(self) -> str:
        course = f", loss {self.losses[0]:.6g} to {self.losses[-1]:.6g}" if self.losses else ""
        return f"History({self.epochs} epochs{course}{', stopped early' * self.stopped})"


Callback = Callable[[History], Any]


def fit(
    model: Module,
    xs: Iterable[Any],
    ys: Iterable[Any],
    *,
    loss: Callable[[list[Any], list[Any]], Any] = losses.mse,
    optimizer: Optimizer | None = None,
    epochs: int = 100,
    batch_size: int | None = None,
    shuffle: bool = True,
    clip_grad_norm: float | None = None,
    clip_grad_value: float | None = None,
    compile: bool = False,
    seed: int | Random | None = None,
    callbacks: Callback | Iterable[Callback] = (),
    every: int = 1,
    progress: bool | None = None,
) -> History:
    """Train a model on inputs `xs` and targets `ys`, and return the course of its loss.

    `xs` and `ys` are lists, arrays or data frames with one row for each example; targets may be a column, of shape (n, 1).
    `loss` is called with a list of the model's outputs and one of targets. `optimizer` is by default `Adam` with its learning
    rate at 0.01. Without `batch_size` an epoch is one step on all the data; with it, one step on each batch of the data, which
    `shuffle` puts in another order for each epoch, by `seed` (the last batch may be smaller). The loss of an epoch is then the
    mean over its batches, weighted by their sizes. Losses are those before the step. `clip_grad_norm` and `clip_grad_value`
    bound the gradients first, as `nn.clip_grad_norm_` and `nn.clip_grad_value_` do. With `compile` the steps are one compiled
    program, with the same results; see `nn.compile_step`.

    After `every` epochs, and after the last one, each callback is called with the `History` so far; if one returns something
    true, training stops. `progress` shows a bar: by default on a terminal where tqdm is installed.

    Raises `ValueError` if lengths differ or are 0, or for NaN or infinity in the data, `ArithmeticError` if the loss becomes
    NaN or infinite (the parameters then are those before that step), `TypeError` for arguments of other kinds, and
    `ModuleNotFoundError` for progress=True without tqdm.

    >>> import nn
    >>> model = nn.MLP(2, [4, 1], activation="sigmoid", output="sigmoid", seed=0)
    >>> xs, ys = nn.datasets.xor()
    >>> optimizer = nn.SGD(model.parameters(), lr=1.0, momentum=0.9)
    >>> history = nn.fit(model, xs, ys, loss=nn.half_squared_error, optimizer=optimizer, epochs=300)
    >>> [round(model(x).data) for x in xs], history.losses[-1] < 0.01
    ([0, 1, 1, 0], True)
    """
    xs, ys = list(listed("xs", xs)), list(listed("ys", ys))
    n = same_length(xs, ys, "xs", "ys")
    finite("xs", xs)
    finite("ys", ys)
    _check_loss_and_optimizer(loss, optimizer)
    epochs = positive_int("epochs", epochs)
    size = n if batch_size is None else min(positive_int("batch_size", batch_size), n)
    rng = generator(seed)
    optimizer = Adam(model.parameters(), lr=0.01) if optimizer is None else optimizer
    callbacks = [callbacks] if callable(callbacks) else list(callbacks)
    order = list(range(n))
    history = History()

    def total(xs: list[Any], ys: list[Any]) -> Any:
        return loss([model(x) for x in xs], ys)

    step = (CompiledStep if compile else Step)(total, optimizer, clip_grad_norm=clip_grad_norm, clip_grad_value=clip_grad_value)
    every = positive_int("every", every) if callbacks else epochs
    bar = _bar(epochs, progress=progress)
    try:
        while history.epochs < epochs and not history.stopped:
            until = min(epochs, (history.epochs // every + 1) * every)  # the next epoch after which callbacks are called
            if size == n:
                new = step.repeat(min(until - history.epochs, MAX_STEPS_PER_CALL if compile else 1), xs, ys)
            else:
                if shuffle:
                    rng.shuffle(order)
                batches = [order[start : start + size] for start in range(0, n, size)]
                results = step.scan([([xs[i] for i in batch], [ys[i] for i in batch]) for batch in batches])
                new = [0.0]
                for result, batch in zip(results, batches):
                    new[0] += result * (len(batch) / n)
            history.losses += new
            if bar is not None:
                bar.set_postfix_str(f"loss {history.losses[-1]:.4g}", refresh=False)
                bar.update(len(new))
            for callback in callbacks if history.epochs == until else ():
                if callback(history):
                    history.stopped = True
    finally:
        if bar is not None:
            bar.close()
    return history


def _check_loss_and_optimizer(loss: Any, optimizer: Any) -> None:
    if not callable(loss):
        example = loss if loss in losses.__all__ else "mse"
        raise TypeError(f"loss must be a function of predictions and targets, not {loss!r}: write loss=nn.{example}")
    if optimizer is not None and not isinstance(optimizer, Optimizer):
        example = getattr(optimizer, "__name__", "Adam")
        raise TypeError(
            f"optimizer must be an optimiser with parameters, not {optimizer!r}: "
            f"write optimizer=nn.{example}(model.parameters(), lr=0.01)"
        )


def _bar(epochs: int, *, progress: bool | None) -> Any:
    """A progress bar, or None where there is to be none."""
    if progress is False or (progress is None and not sys.stderr.isatty()):
        return None
    try:
        from tqdm import tqdm  # type: ignore[import-untyped,unused-ignore]
    except ModuleNotFoundError:
        if progress is None:
            return None
        raise ModuleNotFoundError("progress=True needs tqdm: pip install 'scalar-autograd[progress]'", name="tqdm") from None
    return tqdm(total=epochs, unit="epoch")
