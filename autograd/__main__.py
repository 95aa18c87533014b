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
    from autograd.expression import Expression

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
    from autograd.expression import assignments, bind, parse

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
    from autograd.expression import ExpressionError

    expression, point = read_expression(options)
    values = [Value(x, label=name) for name, x in zip(expression.names, point, strict=True)]
    if not values:
        raise ExpressionError("there is nothing to differentiate: the expression has no name", expression.text)
    expression(*point)  # an error here is about the point, not about the gradient
    report = gradcheck(expression, *values, order=options.order, raise_exception=False)
    sys.stdout.write(f"{report.to_json() if options.json else report}\n")
    return 0 if report else 1


COMMANDS: tuple[Callable[[Subparsers], None], ...] = (add_check,)
"""The subcommands; each adds its parser, whose `run` is called with the options."""

if __name__ == "__main__":
    sys.exit(main())
