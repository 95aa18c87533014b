"""The command line: `python -m autograd check "tanh(x*w+b)" x=1 w=.5 b=0`.

Each subcommand is a function that adds its arguments to a parser and a function that runs it and returns the exit code:
0 all is right, 1 a gradient is wrong or not confirmed, 2 the command cannot be understood.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from autograd.errors import AutogradError

if TYPE_CHECKING:
    from autograd.show.expression import Expression
    from autograd.value import Value

Subparsers = Any  # argparse gives its type no public name


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    >>> from autograd.__main__ import main
    >>> main(["check", "x * x", "x=3"])
    gradcheck PASS: 2 rules over 1 node, 1 derivative
    <BLANKLINE>
    rule       nodes  verdict  the rule  found  by
    mul for a      1  PASS            3      3  complex
    mul for b      1  PASS            3      3  complex
    <BLANKLINE>
    derivative  verdict  backward  found  by
    x           PASS            6      6  diff complex forward
    0
    """
    parser = argparse.ArgumentParser(prog="python -m autograd", description="Scalar automatic differentiation.")
    subparsers = parser.add_subparsers(metavar="command", required=True)
    for add in COMMANDS:
        add(subparsers)
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
    except AutogradError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        sys.stderr.close()
        return 0
    return code


def add_expression(parser: argparse.ArgumentParser) -> None:
    """The arguments that subcommands on an expression share."""
    parser.add_argument("expression", help='for example "tanh(x*w + b)"')
    parser.add_argument("values", nargs="*", metavar="name=number", help="a number for each name in the expression")


def read_expression(options: argparse.Namespace) -> "tuple[Expression, list[float]]":
    """The expression and its point. Raises `ExpressionError`."""
    from autograd.show.expression import assignments, bind, parse

    expression = parse(options.expression)
    return expression, bind(expression, assignments(options.values))


# ---- check


def add_check(subparsers: Subparsers) -> None:
    """`check`: is the gradient of an expression right?"""
    parser = subparsers.add_parser("check", help="check the gradient of an expression", description=add_check.__doc__)
    add_expression(parser)
    parser.add_argument("--order", type=int, choices=(1, 2), default=1, help="2 checks the second derivatives")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.set_defaults(run=run_check)


def run_check(options: argparse.Namespace) -> int:
    """Print the report; 0 if all is right, 1 if not."""
    from autograd import Value, gradcheck
    from autograd.show.expression import ExpressionError

    expression, point = read_expression(options)
    values = [Value(x, label=name) for name, x in zip(expression.names, point, strict=True)]
    if not values:
        raise ExpressionError("there is nothing to differentiate: the expression has no name", expression.text)
    expression(*point)  # an error here is about the point, not about the gradient
    report = gradcheck(expression, *values, order=options.order, raise_exception=False)
    sys.stdout.write(f"{report.to_json() if options.json else report}\n")
    return 0 if report else 1


# ---- draw and explain


def add_draw(subparsers: Subparsers) -> None:
    """`draw`: a picture of an expression and its gradients."""
    parser = subparsers.add_parser("draw", help="draw an expression and its gradients", description=add_draw.__doc__)
    add_expression(parser)
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="a .svg, .png, .pdf, .html, .dot or .txt file; else a tree as text"
    )
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--title", default="", help="the heading of a page")
    parser.set_defaults(run=run_draw)


def run_draw(options: argparse.Namespace) -> int:
    """Write or print the picture; 2 if it cannot be written."""
    from autograd.show import draw

    y, _ = _computed(options)
    y.backward()
    graph = draw(y, theme=options.theme, title=options.title)
    if options.output is None:
        sys.stdout.write(f"{graph}\n")
        return 0
    try:
        graph.save(options.output)
    except (OSError, RuntimeError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def add_explain(subparsers: Subparsers) -> None:
    """`explain`: the gradients of an expression, path by path."""
    parser = subparsers.add_parser("explain", help="explain the gradients of an expression", description=add_explain.__doc__)
    add_expression(parser)
    parser.add_argument("--of", metavar="NAME", help="only the gradient for this name")
    parser.add_argument("--symbolic", action="store_true", help="print formulas in place of numbers")
    parser.set_defaults(run=run_explain)


def run_explain(options: argparse.Namespace) -> int:
    """Print the expression and an explanation for each name."""
    from autograd.show.explanation import explain
    from autograd.show.expression import ExpressionError
    from autograd.show.formulas import formula

    y, leaves = _computed(options)
    if options.of is not None and options.of not in leaves:
        raise ExpressionError(f"there is no {options.of!r} in the expression; its names are {', '.join(leaves)}")
    sys.stdout.write(f"{formula(y)}\n")
    for name, x in leaves.items():
        if options.of in {None, name}:
            sys.stdout.write(f"{explain(y, x, symbolic=options.symbolic)}\n")
    return 0


def _computed(options: argparse.Namespace) -> "tuple[Value, dict[str, Value]]":
    """The expression's value as a graph, and its leaves by name."""
    from autograd.show.expression import ExpressionError
    from autograd.value import Value

    expression, point = read_expression(options)
    leaves = {name: Value(x, label=name) for name, x in zip(expression.names, point, strict=True)}
    y = expression(*leaves.values())
    if not leaves or type(y) is not Value:
        raise ExpressionError("there is nothing to differentiate: the expression has no name", expression.text)
    if not y.is_leaf:
        y.label = "y"
    return y, leaves


COMMANDS: tuple[Callable[[Subparsers], None], ...] = (add_check, add_draw, add_explain)
"""The subcommands; each adds its parser, whose `run` is called with the options."""

if __name__ == "__main__":
    sys.exit(main())
