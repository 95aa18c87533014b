"""The page that steps through a computation."""

from collections.abc import Sequence

from autograd.drawing.trace import Node


def page(nodes: Sequence[Node], *, title: str = "") -> str:
    """One self-contained HTML file."""
    raise NotImplementedError
