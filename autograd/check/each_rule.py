"""Node by node: each local derivative of a recorded graph against its operation alone, at the recorded operands.

A wrong gradient is a sum of thousands of products; a wrong rule is one number beside its operation's own differences. So
checking the rules costs the time of a few sweeps, and tells which one is wrong, not only that one is.

For second order, each partial is an operation's function too, and its derivatives, which nested transforms obtain from
the row's text over Values, are checked the same way.
"""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from autograd._engine.slow_path import MATH_ERRORS, record, shown
from autograd._engine.walks import data, operands
from autograd.chain import partials, reverse
from autograd.check import complexstep
from autograd.check.differences import differences
from autograd.check.verdict import FAIL, OUT_OF_DOMAIN, PASS, SEVERITY, Finding, Oracle, excuse, judge
from autograd.errors import AutogradError
from autograd.table import TABLE, Op
from autograd.value import Value

_MANY = 24  # operands of one node beyond which a sample is checked one by one, and all of them in one direction


class Rule(NamedTuple):
    """A rule of the table, for one argument, over all nodes that used it: how many, and the worst finding."""

    operation: str
    argument: str
    nodes: int
    finding: Finding


class Wrong(NamedTuple):
    """The first node whose rule is wrong, or not confirmed."""

    operation: str  # with its operands: "mul(x = 2.0, 3.0)"
    argument: str
    label: str
    scope: str
    line: str
    finding: Finding


def check_rules(
    nodes: Sequence[Value], live: Mapping[Value, Any] | None, order: int, rtol: float, atol: float
) -> tuple[list[Rule], Wrong | None, str]:
    """Check every local derivative of the nodes; the rules met, in order of appearance, and the first wrong one.

    `live` holds the nodes that gradient flows back to; where none flows, a derivative that does not exist is not missed. The
    last result names an operation of that kind, or is "": if what flows is 0 by chance, as in cosh(acos(1)), the
    product 0·∞ may be anything.
    """
    rules: dict[tuple[str, str], Rule] = {}
    first: Wrong | None = None
    edge = ""
    known: dict[Any, list[tuple[str, Finding]]] = {}
    for v in nodes:
        if v._op is None:
            continue
        xs = operands(v)
        key = (id(v._op), tuple(data(xs)), tuple(type(x) is Value for x in xs))
        if key not in known:
            known[key] = [(name, excuse(finding, rtol, atol)) for name, finding in _check_node(v, xs, order)]
        for name, finding in known[key]:
            if finding.verdict == OUT_OF_DOMAIN and live is not None and not live.get(v):
                edge = edge or v._op.name
                continue
            old = rules.get((v._op.name, name))
            worse = old is None or _severity(finding) > _severity(old.finding)
            rules[v._op.name, name] = Rule(
                v._op.name, name, old.nodes + 1 if old else 1, finding if worse or old is None else old.finding
            )
            if not finding.right and (first is None or (finding.verdict == FAIL and first.finding.verdict != FAIL)):
                first = Wrong(shown(v._op, xs), name, v.label, " › ".join(v.scope), _line(v), finding)
    return list(rules.values()), first, edge


def _line(v: Value) -> str:
    """Where the node was recorded: "model.py:12: y = op(x)"."""
    line: str = getattr(getattr(v, "_note", None), "line", "")
    return line


def _severity(finding: Finding) -> tuple[int, float]:
    return SEVERITY.index(finding.verdict) if not finding.excused else 0, finding.distance


def _check_node(v: Value, xs: Sequence[Any], order: int) -> list[tuple[str, Finding]]:
    """The findings for each argument of a node that is a Value."""
    op, numbers = v._op, data(xs)
    assert op is not None  # noqa: S101 - leaves have no rule
    wanted = [i for i, x in enumerate(xs) if type(x) is Value]
    if not all(map(math.isfinite, [*numbers, v.data])):
        return [(_name(op, i), Finding(OUT_OF_DOMAIN, math.nan, hint="an operand or the result is not finite")) for i in wanted]
    claims = _claims(v, wanted, len(xs))
    if not op.nary:
        return [row for i in wanted for row in _check_argument(op, numbers, v.data, i, claims, wanted, order)]
    chosen = wanted if len(wanted) <= _MANY else [*wanted[:8], *wanted[8 : -8 : len(wanted) // 8], *wanted[-8:]]
    findings = [f for i in chosen for _, f in _check_argument(op, numbers, v.data, i, claims, chosen, order)]
    if chosen is not wanted and order == 1:
        findings.append(_in_one_direction(op, numbers, claims, wanted))
    return [(op.inputs[0], max(findings, key=_severity))] if findings else []


def _name(op: Op, i: int) -> str:
    return op.inputs[0] if op.nary else op.inputs[i]


def _claims(v: Value, wanted: Sequence[int], n: int) -> list[Any]:
    """The partials as the chain rule would use them; NaN for one that does not exist, None for one that is not used."""
    try:
        return partials(v, [i in wanted for i in range(n)])
    except AutogradError:
        pass
    claims: list[Any] = [None] * n
    for i in wanted:
        try:
            claims[i] = partials(v, [j == i for j in range(n)])[i]
        except AutogradError:
            claims[i] = math.nan
    return claims


def _check_argument(
    op: Op, numbers: list[float], y: float, i: int, claims: Sequence[Any], wanted: Sequence[int], order: int
) -> list[tuple[str, Finding]]:
    claim = 0.0 if claims[i] is None else float(claims[i])  # None: the branch that `where` did not take
    about = [*zip(op.inputs if not op.nary else (), numbers), ("y", y)]
    if order == 2:
        return _second(op, numbers, i, wanted, about)

    def complex_value(z: Sequence[Any]) -> Any:
        return complexstep.value(op, z)

    finding = _check(op, lambda z: op.value(z) if op.nary else op.value(*z), complex_value, numbers, i, claim, about)
    if finding.verdict == FAIL and op.arity == 2 and len(wanted) == 2 and type(claims[1 - i]) is float:
        other = _check(op, lambda z: op.value(*z), complex_value, numbers, 1 - i, claim, about)
        if other.verdict == PASS and claim != 0.0:
            finding = finding._replace(hint=f"it is the derivative for {op.inputs[1 - i]}: arguments swapped?")
    return [(_name(op, i), finding)]


def _second(op: Op, numbers: list[float], i: int, wanted: Sequence[int], about: Sequence[Any]) -> list[tuple[str, Finding]]:
    """The derivatives of the partial for operand `i`, as nested transforms find them."""
    vs = [Value(x) if j in wanted else x for j, x in enumerate(numbers)]
    try:
        lifted = partials(record(op, tuple(vs)), [j == i for j in range(len(vs))], lifted=True)[i]
        bars = reverse({lifted: 1.0}) if type(lifted) is Value else {}
    except AutogradError:
        bars = None

    def partial(z: Sequence[Any]) -> Any:
        z = list(z)
        d = op.partials[0](z, op.value(z))[i] if op.nary else op.partials[i](*z, op.value(*z))
        return 0.0 if d is None else d

    rows = []
    for j in wanted:
        claim = math.nan if bars is None else bars.get(vs[j], 0.0)  # Values, where wanted
        name = op.inputs[0] if op.nary else f"{op.inputs[i]}, {op.inputs[j]}"
        finding = _check(
            op, partial, lambda z: complexstep.partial(op, i, z, complexstep.value(op, z)), numbers, j, claim, about
        )
        rows.append((name, finding))
    return rows


def _check(
    op: Op,
    function: Callable[[list[float]], float],
    complex_function: Callable[[Sequence[Any]], Any],
    numbers: list[float],
    i: int,
    claim: float,
    about: Sequence[tuple[str, float]],
) -> Finding:
    """One derivative of one function, the cheapest oracle first: what a complex step of a smooth row confirms is right."""
    others = []
    with suppress(complexstep.Unsupported):
        others.append(Oracle("complex step", *complexstep.derivative(complex_function, numbers, i)))
    if others and TABLE.get(op.name) is op and not op.kink:
        finding = judge(claim, None, others, about=about)
        if finding.verdict == PASS:
            return finding

    def along(t: float) -> float:
        return _guarded(function, [*numbers[:i], t, *numbers[i + 1 :]])

    return judge(claim, differences(along, numbers[i]), others, about=about)


def _guarded(function: Callable[[list[float]], float], numbers: list[float]) -> float:
    """The function's value, or NaN where it has none."""
    try:
        y = function(numbers)
    except (*MATH_ERRORS, AutogradError, TypeError):  # TypeError: a complex number from a negative base
        return math.nan
    return y if type(y) is float and math.isfinite(y) else math.nan if isinstance(y, complex) else float(y)


def _in_one_direction(op: Op, numbers: list[float], claims: Sequence[Any], wanted: Sequence[int]) -> Finding:
    """All operands at once, moved by random signs: a wrong partial among many shows, whichever it is."""
    signs = random.Random(len(wanted))  # noqa: S311 - the same signs in every run
    step = {i: signs.choice((-1.0, 1.0)) * (abs(numbers[i]) or 1.0) for i in wanted}
    terms = [claims[i] * step[i] for i in wanted]

    def along(t: float) -> float:
        return _guarded(op.value, [x + t * step[i] if i in step else x for i, x in enumerate(numbers)])

    return judge(math.fsum(terms), differences(along, 0.0), scale=math.fsum(map(abs, terms)))
