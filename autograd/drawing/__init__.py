"""Pictures of computation graphs: cards (what to show) and the formats that show them.

    trace → cards → dot (Graphviz), svg (the library's own layout: nest, layers), text (a tree), page (steps through it)

Nothing here is imported before the first picture is asked for, and Graphviz only when it draws.
"""

from autograd.drawing.graph import Graph, draw

__all__ = ["Graph", "draw"]
