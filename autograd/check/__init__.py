"""`gradcheck`: is the gradient right, and if not, which rule is wrong?

The recorded graph is checked twice: node by node, each operation's partials against that operation alone (`each_rule`), and
end to end (`whole`). What a derivative should be is told by oracles that bound their own error (`differences`,
`complexstep`), and a verdict says who agrees (`verdict`). There is no tolerance to tune.
"""

import math
from collections.abc import Callable
from typing import Any

from autograd.check.each_rule import check_rules
from autograd.check.recording import Recording
from autograd.check.report import Report
from autograd.check.verdict import INCONCLUSIVE, OUT_OF_DOMAIN, Finding
from autograd.check.whole import Row, check_whole
from autograd.errors import AutogradError, GradcheckError

__all__ = ["Report", "gradcheck"]


def gradcheck(
    f: Callable[..., Any],
    *inputs: Any,
    order: int = 1,
    rtol: float = 0.0,
    atol: float = 0.0,
    raise_exception: bool = True,
) -> Report:
    """Check the gradient of `f` at a point, rule by rule and as a whole; with `order=2` its Hessian.

    `f` is any function, module or custom operation; the inputs are floats, Values, or lists, tuples, dicts and NumPy
    arrays of them, and `f` returns one number, or for order 1 a structure of them. Checked are the derivatives for the inputs
    and for every leaf that `f` closes over, such as the parameters of a module. Nothing is left behind in graphs or gradients.

    Returns a `Report`, truthy exactly when all is right. Otherwise raises `GradcheckError`, which carries it as `.report`,
    unless `raise_exception` is False. `rtol` and `atol` may *excuse* a derivative that is wrong by less, or cannot be
    decided; such a one counts as right, and is still shown as excused, never as PASS.

    Each derivative gets one of five verdicts. PASS: an oracle that knows it to 4·10⁻⁶ or better confirms it. FAIL: it is
    contradicted. KINK: the derivatives to the left and to the right differ, and the gradient lies between them. OUT OF
    DOMAIN: there is no finite derivative here. INCONCLUSIVE: the oracles know too little, or disagree.

    >>> import autograd
    >>> bool(autograd.gradcheck(lambda x, y: autograd.sin(x) * y, 0.5, 2.0))
    True
    >>> cube = autograd.custom_op(lambda x: x * x * x, lambda x: -3 * x * x, name="cube")
    >>> report = autograd.gradcheck(lambda x: autograd.exp(cube(x)), 0.5, raise_exception=False)
    >>> report.first.operation, report.first.argument, report.first.finding.hint
    ('cube(x = 0.5)', 'x', 'ratio −1: the sign is wrong')

    Raises `ValueError` for another order than 1 and 2, or for order 2 of a function with several results; what `f` itself
    raises at the point is the verdict OUT OF DOMAIN if it is an error of this library, and else passes through.
    """
    if order not in (1, 2):
        raise ValueError(f"order is 1 (gradient) or 2 (Hessian), not {order!r}")
    if not inputs:
        _callable_without_inputs(f)
    try:
        recording = Recording(f, inputs, order)
    except AutogradError as error:
        nowhere = Row("y", "f", Finding(OUT_OF_DOMAIN, math.nan, hint=str(error)))
        return _said(Report((), (nowhere,), None, nodes=0, order=order), raise_exception=raise_exception)
    changed = recording.unlike()
    if changed:
        row = Row("y", "f", Finding(INCONCLUSIVE, math.nan, hint=changed))
        return _said(Report((), (row,), None, nodes=0, order=order), raise_exception=raise_exception)
    rules, first, edge = check_rules(recording.graph, recording.live(), order, rtol, atol)
    rows = check_whole(recording, rules, edge, rtol, atol)
    report = Report(rules, rows, first, nodes=sum(v._op is not None for v in recording.graph), order=order)
    return _said(report, raise_exception=raise_exception)


def _callable_without_inputs(f: Callable[..., Any]) -> None:
    import inspect

    try:
        signature = inspect.signature(f)
    except ValueError:  # some functions of C do not tell
        return
    try:
        signature.bind()
    except TypeError:
        raise TypeError("gradcheck(f, *inputs) needs the inputs to check f at, as in gradcheck(f, 0.5)") from None


def _said(report: Report, *, raise_exception: bool) -> Report:
    """The report, raised if it is not all right."""
    if raise_exception and not report:
        raise GradcheckError(f"the gradient is not confirmed\n{report}", report)
    return report
