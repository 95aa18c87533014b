"""End to end: the gradient of the whole function, for each leaf, which also sees faults of order and accumulation.

Four methods speak. Differences of the function called again; a complex step through the recorded graph; the forward sweep;
and the rules: where each is confirmed by itself and the forward and the reverse sweep multiply them to the same number, the
gradient of the *recorded graph* is right, however ill-conditioned its differences. Whether the graph is all of the
function is for the differences to say: `v.data`, `detach()` or a lost branch leave the graph right and the gradient wrong.
"""

import math
import random
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd.chain import forward
from autograd.check.differences import EPS, Differences, differences
from autograd.check.each_rule import Rule
from autograd.check.recording import Recording
from autograd.check.verdict import FAIL, INCONCLUSIVE, KINK, OUT_OF_DOMAIN, PASS, Finding, Oracle, excuse, judge
from autograd.errors import AutogradError

_BUDGET = 3e7  # evaluations of nodes beyond which leaves are checked together, in random directions
_DIRECTIONS = 3
_EVALUATIONS = 60  # of the function, for one leaf, about


class Row(NamedTuple):
    """The verdict on one derivative of the whole function."""

    output: str
    leaf: str
    finding: Finding


def check_whole(recording: Recording, rules: Sequence[Rule], edge: str, rtol: float, atol: float) -> list[Row]:
    """Check the gradient of every output for every leaf; `edge` is an operation with no derivative that nothing flows to."""
    claims = recording.claims()
    verdicts = {rule.finding.verdict for rule in rules if not rule.finding.excused}
    if claims is None:
        hint = "a derivative on the way to it does not exist: see the rules"
        finding = Finding(FAIL if FAIL in verdicts else OUT_OF_DOMAIN, math.nan, hint=hint)
        return [Row(name, leaf, finding) for name in recording.output_names for leaf in recording.names]
    sizes = [recording.sizes(y) for y in recording.outputs]
    columns = range(len(recording.leaves))
    proven = verdicts <= {PASS} and not edge  # both sweeps leave out what is 0 · ∞, so they would agree on it
    if len(recording.leaves) * len(recording.nodes) * _EVALUATIONS > _BUDGET:
        rows = _in_directions(recording, claims, sizes, proven=proven)
    else:
        rows = [row for k in columns for row in _one_leaf(recording, k, claims, sizes, proven=proven)]
    if verdicts & {KINK, OUT_OF_DOMAIN} and FAIL not in verdicts:
        rows = [row._replace(finding=_beside_a_kink(row.finding, rules)) for row in rows]
    if edge and FAIL not in verdicts:
        rows = [row._replace(finding=_nothing_times_infinity(row.finding, edge)) for row in rows]
    return [row._replace(finding=excuse(row.finding, rtol, atol)) for row in rows]


def _one_leaf(
    recording: Recording, k: int, claims: Sequence[Sequence[float]], sizes: Sequence[Sequence[float]], *, proven: bool
) -> list[Row]:
    """The derivatives of every output for leaf `k`."""
    leaf = recording.leaves[k]
    dots: dict[Any, float] | None
    movable = recording.movable(k)
    values = _remembered((lambda t: recording.again(k, t)) if movable else (lambda t: recording.replay({leaf: t})))
    steps = recording.complex_step(k)
    try:
        dots = forward(recording.roots, {leaf: 1.0})
    except AutogradError:
        dots = None
    rows = []
    for m, (output, y) in enumerate(zip(recording.output_names, recording.outputs, strict=True)):
        claim, size = claims[m][k], sizes[m][k]
        rounding = EPS * (64.0 + 4.0 * len(recording.nodes)) * max(size, abs(claim))
        found = differences(lambda t, m=m: values(t)[m], leaf.data)  # type: ignore[misc]
        others = []
        if steps is not None and math.isfinite(steps[m].value):
            others.append(Oracle("complex step", steps[m].value, steps[m].bound + 1e-10 * size + rounding))
        dot = math.nan if dots is None else dots.get(y, 0.0) if y in recording.roots else 0.0
        mirrored = Oracle("forward", dot, rounding) if math.isfinite(rounding + dot) else None
        if mirrored and proven:
            others.append(mirrored)
        finding = judge(claim, found, others, scale=min(size, 1e300), about=[(recording.names[k], leaf.data)])
        rows.append(Row(output, recording.names[k], _settled(finding, found, mirrored, recording, k, m, proven=proven)))
    return rows


def _settled(
    finding: Finding, found: Differences, mirrored: Oracle | None, recording: Recording, k: int, m: int, *, proven: bool
) -> Finding:
    """Forward against reverse; and where differences contradict rules that all are right, who is to be believed."""
    if mirrored and abs(mirrored.value - finding.claim) > 1e6 * mirrored.bound and finding.verdict in (PASS, INCONCLUSIVE):
        hint = f"the forward sweep gives {mirrored.value:.12g}: an adjoint is passed on too early, or added twice"
        return finding._replace(verdict=FAIL, value=mirrored.value, bound=mirrored.bound, by=("forward",), hint=hint)
    if not proven or finding.verdict not in (INCONCLUSIVE, FAIL) or not finding.oracles:
        return finding
    against = [o for o in finding.oracles if "differences" in o.name and abs(o.value - finding.claim) > o.bound]
    forth = next((o for o in finding.oracles if o.name == "forward"), None)
    if not against or forth is None or abs(forth.value - finding.claim) > forth.bound:
        return finding
    leaf = recording.leaves[k]
    near = [leaf.data + h for h, _ in found.moves[:6]]
    if recording.movable(k) and not all(_same(recording.again(k, t)[m], recording.replay({leaf: t})[m]) for t in near):
        o = against[0]
        hint = "every rule is right: part of f is not in the graph (.data, detach(), no_grad()?)"
        return finding._replace(verdict=FAIL, value=o.value, bound=o.bound, by=(o.name,), hint=hint)
    return finding._replace(verdict=PASS, value=forth.value, bound=forth.bound, by=("rules", "forward"), hint="")


def _same(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


def _beside_a_kink(finding: Finding, rules: Sequence[Rule]) -> Finding:
    """A gradient that nothing confirms, where a rule stands on its kink, is the choice made there."""
    kinked = next((r for r in rules if r.finding.verdict in (KINK, OUT_OF_DOMAIN)), None)
    if kinked is None or finding.verdict not in (FAIL, INCONCLUSIVE):
        return finding
    return finding._replace(verdict=kinked.finding.verdict, hint=f"{kinked.operation} is {_where(kinked)}")


def _nothing_times_infinity(finding: Finding, edge: str) -> Finding:
    """A gradient that is not confirmed, where an infinite derivative is multiplied by 0, and so was not asked for."""
    if finding.verdict not in (FAIL, INCONCLUSIVE):
        return finding
    hint = f"0 · ∞: {edge} has no finite derivative here, and what flows back to it is 0"
    return finding._replace(verdict=OUT_OF_DOMAIN, hint=hint)


def _where(rule: Rule) -> str:
    return "on its kink here" if rule.finding.verdict == KINK else "at the edge of its domain here"


def _in_directions(
    recording: Recording, claims: Sequence[Sequence[float]], sizes: Sequence[Sequence[float]], *, proven: bool
) -> list[Row]:
    """All leaves moved together, by random signs: for functions of very many."""
    rows = []
    for d in range(_DIRECTIONS):
        draw = random.Random(d)  # noqa: S311 - the same directions in every run
        step = {x: draw.choice((-1.0, 1.0)) * (abs(x.data) or 1.0) for x in recording.leaves}

        def along(t: float, step: dict = step) -> list[float]:  # type: ignore[type-arg]
            return recording.replay({x: x.data + t * u for x, u in step.items()})

        values = _remembered(along)
        try:
            dots = forward(recording.roots, step)
        except AutogradError:
            dots, proven = {}, False
        for m, y in enumerate(recording.outputs):
            terms = [claims[m][k] * u for k, u in enumerate(step.values())]
            size = math.fsum(sizes[m][k] * abs(u) for k, u in enumerate(step.values()))
            claim = math.fsum(terms)
            rounding = EPS * (64.0 + 4.0 * len(recording.nodes)) * size
            others = [Oracle("forward", dots.get(y, 0.0) if y in recording.roots else 0.0, rounding)] if proven else []
            found = differences(lambda t, m=m, values=values: values(t)[m], 0.0)  # type: ignore[misc]
            finding = judge(claim, found, others, scale=min(size, 1e300))
            rows.append(Row(recording.output_names[m], f"direction {d + 1} of {_DIRECTIONS}", finding))
    return rows


def _remembered(f: Callable[[float], list[float]]) -> Callable[[float], list[float]]:
    """`f`, evaluated once at each point, for all outputs."""
    known: dict[float, list[float]] = {}

    def remembered(t: float) -> list[float]:
        if t not in known:
            known[t] = f(t)
        return known[t]

    return remembered
