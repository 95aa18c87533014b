"""The verdict on one derivative: what was claimed, what each oracle says, who agrees, and what the ratio hints at.

An oracle gives a number and a bound on its error. It *confirms* a claim that lies within the bound if the bound is
small beside the derivative itself (`SHARP`), and *contradicts* one that lies outside. A claim is right if an oracle
confirms it and none contradicts it, wrong if an oracle contradicts it and none confirms it; anything else is
inconclusive, said so, and not taken for right.
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.check.differences import Differences

PASS, FAIL, KINK, OUT_OF_DOMAIN, INCONCLUSIVE = "PASS", "FAIL", "KINK", "OUT OF DOMAIN", "INCONCLUSIVE"
SEVERITY = (PASS, KINK, OUT_OF_DOMAIN, INCONCLUSIVE, FAIL)

SHARP = 4e-6  # a bound, relative to the derivative, up to which an oracle confirms: a claim off by 1e-5 is refuted
ROUNDING = 2.0**-26  # a claim may have lost half of its digits to rounding, relative to the derivative
_NOTHING = 1e-280  # what floats can hardly tell from 0
_BLUNT = 1e-2  # an oracle that knows less than two digits contradicts nothing


class Oracle(NamedTuple):
    """What one method says a derivative is, and a bound on its error."""

    name: str
    value: float
    bound: float


class Finding(NamedTuple):
    """The verdict on one derivative."""

    verdict: str
    claim: float
    value: float = math.nan
    bound: float = math.inf
    by: tuple[str, ...] = ()  # the oracles that decided
    hint: str = ""
    oracles: tuple[Oracle, ...] = ()
    excused: bool = False

    @property
    def right(self) -> bool:
        """Whether the claim may stand."""
        return self.verdict in (PASS, KINK) or self.excused

    @property
    def distance(self) -> float:
        """How far the claim is from what was found, relative to the larger."""
        size = max(abs(self.claim), abs(self.value))
        return abs(self.claim - self.value) / size if size else 0.0


def judge(
    claim: float,
    found: Differences | None,
    others: Sequence[Oracle] = (),
    *,
    scale: float = 0.0,
    about: Sequence[tuple[str, float]] = (),
) -> Finding:
    """Compare a claimed derivative with differences and with other oracles.

    `scale` is the size of the terms the derivative was summed from, where they may have cancelled: precision is relative to
    it. `about` names numbers that a wrong claim may contain or lack, for the hint.

    >>> from autograd.check.differences import differences
    >>> from autograd.check.verdict import judge
    >>> judge(-3.0, differences(lambda x: x**3, 1.0))[:2], judge(-3.0, differences(lambda x: x**3, 1.0)).hint
    (('FAIL', -3.0), 'ratio −1: the sign is wrong')
    """
    oracles = list(others)
    kink = None
    if found is not None:
        kink = found.kink
        if found.central.bound < math.inf:
            oracles.insert(0, Oracle("differences", *found.central))
        sides = [Oracle(f"{side} differences", *e) for side, e in (("left", found.left), ("right", found.right))]
        sides = [o for o in sides if o.bound < math.inf]
        if kink is None and (found.central.bound == math.inf or _confirms(claim, oracles[0], scale) is None):
            oracles[1:1] = sides  # at an edge of the domain, or near a kink, one side is sharper than both
    if not math.isfinite(claim):
        return _not_finite(claim, found, oracles)
    if found is not None and found.jump:
        return _at_jump(claim, found, oracles)
    if kink is not None and found is not None:
        return _at_kink(claim, kink, found, oracles)
    votes = [(o, _confirms(claim, o, scale)) for o in oracles]
    if found is not None and found.cusp and not any(vote for o, vote in votes if "differences" not in o.name):
        side = "both sides" if found.cusp == "both" else f"the {found.cusp}"
        return Finding(OUT_OF_DOMAIN, claim, hint=f"the slope is infinite here on {side}", oracles=tuple(oracles))
    pro = [o for o, vote in votes if vote]
    contra = [o for o, vote in votes if vote is False]
    best = min(pro or contra or oracles, key=lambda o: o.bound, default=Oracle("", math.nan, math.inf))
    rest = (claim, best.value, best.bound)
    if pro and not contra:
        return Finding(PASS, *rest, tuple(o.name for o in pro), oracles=tuple(oracles))
    if contra and not pro:
        slope = found.slope(claim) if found is not None else math.nan
        if slope > 1.75 and abs(claim - best.value) <= 1e-6 * max(abs(claim), abs(best.value)):
            return Finding(INCONCLUSIVE, *rest, hint="the Taylor remainder is that of a right gradient", oracles=tuple(oracles))
        return Finding(FAIL, *rest, tuple(o.name for o in contra), ratio_hint(claim, best.value, about), tuple(oracles))
    if not oracles:
        why = "f is not finite beside this point"
        return Finding(OUT_OF_DOMAIN, *rest, hint=why)
    if contra:
        why = f"{pro[0].name} confirms it, {contra[0].name} contradicts it"
    else:
        why = f"known only to ±{best.bound:.0e}: too small beside f to be seen"
    return Finding(INCONCLUSIVE, *rest, hint=why, oracles=tuple(oracles))


def _confirms(claim: float, oracle: Oracle, scale: float) -> bool | None:
    """Whether an oracle confirms a claim (True), contradicts it (False), or knows too little (None)."""
    size = max(abs(claim), abs(oracle.value))
    if claim == oracle.value == 0.0:
        return True
    if abs(claim - oracle.value) > oracle.bound + ROUNDING * max(size, scale) + 1e-322:
        return False if oracle.bound <= _BLUNT * size else None
    if oracle.bound < _NOTHING:
        return True
    return True if oracle.bound <= SHARP * max(size, scale) else None


def _at_kink(claim: float, kink: tuple[float, float], found: Differences, oracles: Sequence[Oracle]) -> Finding:
    low, high = kink
    slack = found.left.bound + found.right.bound + ROUNDING * max(abs(low), abs(high))
    beside = f"the derivative is {found.left.value:.6g} on the left, {found.right.value:.6g} on the right"
    nearer = min(kink, key=lambda side: abs(side - claim))
    rest = (claim, nearer, slack, ("left differences", "right differences"))
    inside = low - slack <= claim <= high + slack
    return Finding(KINK if inside else FAIL, *rest, f"a kink: {beside}", tuple(oracles))


def _at_jump(claim: float, found: Differences, oracles: Sequence[Oracle]) -> Finding:
    """Right if the claim is the derivative on the side where f is continuous."""
    jump = found.jump
    if jump == "both":
        return Finding(OUT_OF_DOMAIN, claim, hint="f jumps here, on both sides", oracles=tuple(oracles))
    name, side = ("right", found.right) if jump == "left" else ("left", found.left)
    agrees = _confirms(claim, Oracle("", *side), 0.0)
    verdict = INCONCLUSIVE if agrees is None else KINK if agrees else FAIL
    hint = f"f jumps on the {jump}; on the {name} its derivative is {side.value:.6g}"
    return Finding(verdict, claim, side.value, side.bound, (f"{name} differences",), hint, tuple(oracles))


def _not_finite(claim: float, found: Differences | None, oracles: Sequence[Oracle]) -> Finding:
    sharp = [o for o in oracles if o.bound <= SHARP * abs(o.value)]
    if sharp and found is not None and found.central.bound < math.inf:
        o = sharp[0]
        return Finding(
            FAIL, claim, o.value, o.bound, (o.name,), f"the rule gives {claim}, the derivative exists", tuple(oracles)
        )
    return Finding(OUT_OF_DOMAIN, claim, hint="no finite derivative here", oracles=tuple(oracles))


def excuse(finding: Finding, rtol: float, atol: float) -> Finding:
    """The finding, excused if the claim is within the user's tolerance; a tolerance never turns it into PASS."""
    tolerance = atol + rtol * abs(finding.value)
    if finding.verdict in (FAIL, INCONCLUSIVE) and tolerance > 0.0 and abs(finding.claim - finding.value) <= tolerance:
        return finding._replace(excused=True, hint=f"{finding.hint}; within the tolerance given".lstrip("; "))
    return finding


_RATIOS = (
    (-1.0, "ratio −1: the sign is wrong"),
    (2.0, "ratio 2: counted twice, or a factor 2 too much"),
    (0.5, "ratio ½: counted half, or a factor 2 is missing"),
    (-2.0, "ratio −2: the sign is wrong, and a factor 2 too much"),
    (math.log(10.0), "ratio ln 10: the base of a logarithm"),
    (1.0 / math.log(10.0), "ratio 1/ln 10: the base of a logarithm"),
    (math.log(2.0), "ratio ln 2: the base of a logarithm"),
    (1.0 / math.log(2.0), "ratio 1/ln 2: the base of a logarithm"),
    (180.0 / math.pi, "ratio 180/π: degrees for radians"),
    (math.pi / 180.0, "ratio π/180: radians for degrees"),
)


def ratio_hint(claim: float, value: float, about: Sequence[tuple[str, Any]] = ()) -> str:
    """What the ratio of a wrong claim to the derivative says about the mistake.

    >>> from autograd.check.verdict import ratio_hint
    >>> ratio_hint(0.0, 3.0), ratio_hint(1.5, 3.0)
    ('0: a term was dropped, or the gradient was cut off', 'ratio ½: counted half, or a factor 2 is missing')
    >>> ratio_hint(6.0, 1.2, [("x", 5.0)])
    'ratio x: x as a factor too much'
    """
    if claim == 0.0:
        return "0: a term was dropped, or the gradient was cut off"
    if value == 0.0:
        return "the derivative is 0"
    ratio = claim / value
    for known, hint in _RATIOS:
        if math.isclose(ratio, known, rel_tol=1e-5):
            return hint
    for name, x in about:
        if x and math.isfinite(x) and abs(abs(x) - 1.0) > 1e-3:
            for known, hint in (
                (x, f"ratio {name}: {name} as a factor too much"),
                (1.0 / x, f"ratio 1/{name}: {name}, an inner derivative perhaps, was forgotten"),
                (-x, f"ratio −{name}: {name} as a factor too much, and the sign"),
                (-1.0 / x, f"ratio −1/{name}: {name} was forgotten, and the sign"),
            ):
                if math.isclose(ratio, known, rel_tol=1e-5):
                    return hint
    if abs(ratio - 1.0) < 0.01:
        return f"ratio 1 {'+' if ratio > 1.0 else '−'} {abs(ratio - 1.0):.1e}: a constant or formula with too few digits"
    return f"ratio {ratio:.6g}"
