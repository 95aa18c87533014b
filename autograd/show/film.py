"""A film of training: one page with a slider over the graph's numbers, the loss and the decision boundary.

The picture is laid out once; a frame is only the numbers on its cards. Gradients come from a sweep of the film's own, so that
filming never changes what training sees. A film that grows long keeps every second frame, and from then on takes half as many.
"""

import math
import os
from collections.abc import Callable, Sequence
from typing import Any

from autograd._engine.walks import ancestors
from autograd.chain import reverse
from autograd.modes import no_grad
from autograd.show import svg
from autograd.show.cards import SHOWN, Card, build
from autograd.show.ink import clean, number
from autograd.show.nodes import trace
from autograd.show.page import VARIABLES, assemble
from autograd.value import Value

_MOST_CARDS = 60  # of a film; beyond, a module is one card
_CELLS = 28  # of the decision boundary, along each side


class Film:
    """Records how a loss, its graph and a decision boundary change; call it after each step, or hand it to `nn.fit`.

    `loss` is a function of no arguments that computes the loss anew. `predict`, for a model of two inputs, takes a list of
    two numbers; `points` are pairs of such a list and its target. `every` is how many calls make one frame, `most` how many
    frames are kept. Raises `TypeError` if `loss` returns no Value, and `ValueError` if its graph changes its shape.

    >>> import autograd, tempfile, pathlib
    >>> w = autograd.Value(3.0, label="w")
    >>> film = autograd.Film(lambda: (w - 1.0) ** 2, title="Down the hill")
    >>> for _ in range(10):
    ...     film()
    ...     w.data -= 0.2 * autograd.grad(lambda w: (w - 1.0) ** 2)(w.data)
    >>> film
    <Film of 10 frames: loss 4 → 4.06e−4>
    >>> film.save(pathlib.Path(tempfile.mkdtemp()) / "film.html")
    """

    def __init__(
        self,
        loss: Callable[[], Value],
        *,
        predict: Callable[[list[float]], Any] | None = None,
        points: Sequence[tuple[Sequence[float], float]] = (),
        every: int = 1,
        most: int = 200,
        title: str = "",
    ) -> None:
        if every < 1 or most < 2:
            raise ValueError(f"every must be at least 1 and most at least 2, not {every!r} and {most!r}")
        self._loss, self._predict, self.title = loss, predict, title
        self._points = [([float(v) for v in x], float(target)) for x, target in points]
        self._every, self._most, self._calls = every, most, 0
        self._cards: list[Card] = []
        self._frames: list[dict[str, Any]] = []

    def __repr__(self) -> str:
        if not self._frames:
            return "<Film of 0 frames>"
        first, last = self._frames[0]["loss"], self._frames[-1]["loss"]
        return f"<Film of {len(self._frames)} frames: loss {number(first)} → {number(last)}>"

    def __call__(self, *_: Any) -> None:
        """Take a frame, if it is time for one; arguments are ignored, so that it serves as a callback."""
        self._calls += 1
        if (self._calls - 1) % self._every:
            return
        loss = self._loss()
        if type(loss) is not Value:
            raise TypeError(f"the loss of a Film is a function that returns a Value, not {type(loss).__name__}")
        nodes = trace(ancestors(loss), grads=reverse({loss: 1.0}))
        level = "module" if len(nodes) > _MOST_CARDS and any(node.scope for node in nodes) else "full"
        cards = build(nodes, level)
        if self._cards and [c.symbol for c in cards] != [c.symbol for c in self._cards]:
            raise ValueError("the graph of this Film's loss has changed its shape; make a Film of each shape")
        self._cards = self._cards or cards
        numbers = [[c.data, c.grad, *([pin.data, pin.grad] if pin.name else None for pin in c.rows)] for c in cards]
        self._frames.append({"step": self._calls - 1, "loss": loss.data, "cards": numbers, "map": self._map()})
        if len(self._frames) > self._most:
            self._frames = self._frames[::2]
            self._every *= 2

    def _box(self) -> tuple[float, float, float, float]:
        xs = [x[0] for x, _ in self._points] or [-1.0, 1.0]
        ys = [x[1] for x, _ in self._points] or [-1.0, 1.0]
        margin = 0.25 * max(max(xs) - min(xs), max(ys) - min(ys), 1e-9)
        return min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin

    def _map(self) -> list[float] | None:
        """What the model predicts in each cell, row by row from the top, to three digits."""
        if self._predict is None:
            return None
        left, bottom, right, top = self._box()
        cells = []
        with no_grad():
            for i in range(_CELLS):
                for j in range(_CELLS):
                    x = left + (j + 0.5) * (right - left) / _CELLS
                    y = top - (i + 0.5) * (top - bottom) / _CELLS
                    cells.append(round(float(getattr(found := self._predict([x, y]), "data", found)), 3))
        return cells

    def html(self) -> str:
        """The film as one page. Raises `ValueError` if no frame was taken."""
        if not self._frames:
            raise ValueError("this Film has no frame: call it after each step of training, or give it to nn.fit as a callback")
        picture = svg.draw(
            self._cards,
            VARIABLES,
            frozenset(SHOWN) - {"local"},
            legend=False,
            roomy=True,
            attributes=' id="graph" role="img" aria-label="the graph of the loss; its numbers follow the slider"',
        )
        spec = {
            "frames": [{**f, "loss": _plain(f["loss"]), "cards": [_all_plain(c) for c in f["cards"]]} for f in self._frames],
            "points": [[*x, target] for x, target in self._points],
            "box": self._box(),
            "cells": _CELLS,
        }
        return assemble("film", clean(self.title) or "A film of training", spec, "", svg=picture)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the page to a file. Raises `OSError` if it cannot be written."""
        from autograd.show.graph import write

        write(path, self.html().encode())


def _plain(x: float | None) -> float | str | None:
    """A number as JSON has it: four digits, and text for what is no number."""
    return (
        x if x is None else float(f"{x:.4g}") if math.isfinite(x) else str(x).replace("inf", "Infinity").replace("nan", "NaN")
    )


def _all_plain(card: Sequence[Any]) -> list[Any]:
    return [[_plain(y) for y in x] if isinstance(x, list) else _plain(x) for x in card]
