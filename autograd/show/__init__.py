"""Pictures of computation graphs: cards (what to show) and the formats that show them.

    trace → cards → dot (Graphviz), svg (the library's own layout: nest, layers), text (a tree), page, film (in a browser)

Nothing here is imported before the first picture is asked for, and Graphviz only when it draws.
"""

from typing import TYPE_CHECKING, Any

from autograd.show.graph import Graph, draw

if TYPE_CHECKING:
    from autograd.show.film import Film

__all__ = ["Film", "Graph", "draw"]


def __getattr__(name: str) -> Any:
    if name != "Film":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from autograd.show.film import Film

    return Film
