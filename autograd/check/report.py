"""`Report`: what a gradient check found, as a table of 80 columns, as HTML, as a dict, as JSON; truthy when all is right."""

from collections.abc import Iterator, Sequence
from html import escape
from textwrap import wrap
from typing import Any

from autograd.check.each_rule import Rule, Wrong
from autograd.check.verdict import FAIL, KINK, PASS, Finding
from autograd.check.whole import Row

_MOST = 24  # rows of one table that are printed


class Report:
    """The outcome of `gradcheck`.

    Truthy exactly when every derivative is right: PASS, or KINK with the gradient between the one-sided derivatives, or
    excused by a tolerance that was given. FAIL, OUT OF DOMAIN and INCONCLUSIVE make it falsy. `rules` has a row for each rule
    that the graph uses, `rows` one for each derivative of the whole function, and `first` is the first node whose rule is
    wrong, or None.

    >>> import autograd
    >>> report = autograd.gradcheck(lambda x: x * x, 3.0)
    >>> bool(report), report.verdict, report.rows[0].finding.claim
    (True, 'PASS', 6.0)
    """

    def __init__(self, rules: Sequence[Rule], rows: Sequence[Row], first: Wrong | None, *, nodes: int, order: int) -> None:
        self.rules, self.rows, self.first = tuple(rules), tuple(rows), first
        self.nodes, self.order = nodes, order

    def __bool__(self) -> bool:
        return bool(self.rows) and all(finding.right for finding in self._findings())

    def _findings(self) -> Iterator[Finding]:
        yield from (rule.finding for rule in self.rules)
        yield from (row.finding for row in self.rows)

    @property
    def verdict(self) -> str:
        """The gravest verdict met: FAIL before INCONCLUSIVE before OUT OF DOMAIN before KINK before PASS."""
        met = {finding.verdict for finding in self._findings() if not finding.excused}
        order = (FAIL, "INCONCLUSIVE", "OUT OF DOMAIN", "KINK")
        return next((verdict for verdict in order if verdict in met), PASS)

    @property
    def headline(self) -> str:
        """One sentence: what was checked and what came of it."""
        if self.first is not None:
            verb = _VERBS[self.first.finding.verdict]
            return f"the rule of {self.first.operation.split('(')[0]} for {self.first.argument} {verb}"
        if not self.rows:
            return "there is nothing to check: the function has no input and no parameter"
        bad = [row for row in self.rows if not row.finding.right]
        if bad:
            what = f"the derivative for {bad[0].leaf} {_VERBS[bad[0].finding.verdict]}"
            return what + (", though every rule is right" if self._sound() else "")
        return f"{_count(len(self.rules), 'rule')} over {_count(self.nodes, 'node')}, {_count(len(self.rows), 'derivative')}"

    def _sound(self) -> bool:
        return bool(self.rules) and all(rule.finding.verdict == PASS for rule in self.rules)

    # ---- as text

    def __str__(self) -> str:
        order = " · second order" if self.order == 2 else ""
        lines = [*wrap(f"gradcheck {self.verdict}: {self.headline}{order}", 80)]
        if self.first is not None:
            lines += ["", *self._first_lines()]
        for title, table in self._tables():
            lines += ["", *_table(title, table)]
        return "\n".join(lines)

    __repr__ = __str__

    def _first_lines(self) -> Iterator[str]:
        first = self.first
        if first is None:
            return
        f = first.finding
        fields = [
            ("operation", first.operation),
            ("argument", first.argument),
            ("label", first.label),
            ("scope", first.scope),
            ("recorded", first.line),
            ("the rule", f"{f.claim:.12g}"),
            ("found", f"{_found(f)}  {', '.join(f.by)}" if f.by else _found(f)),
            ("hint", f.hint),
        ]
        for name, text in fields:
            for k, line in enumerate(wrap(text, 68)):
                yield f"  {'' if k else name:<10}{line}"

    def _tables(self) -> Iterator[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
        several = len({row.output for row in self.rows}) > 1
        if self.rules:
            yield (
                ("rule", "nodes", "verdict", "the rule", "found", "by"),
                [(f"{r.operation} for {r.argument}", str(r.nodes), *_cells(r.finding)) for r in _gravest(self.rules)],
            )
        if self.rows:
            yield (
                ("derivative", "", "verdict", "backward", "found", "by"),
                [(f"{r.output} {r.leaf}" if several else r.leaf, "", *_cells(r.finding)) for r in _gravest(self.rows)],
            )

    # ---- elsewhere

    def _repr_html_(self) -> str:
        colour = "#2f9e44" if self else "#c2255c"
        verdict = f'<span style="color:{colour};font-weight:600">{self.verdict}</span>'
        parts = [f"<p>gradcheck {verdict}: {escape(self.headline)}</p>"]
        if self.first is not None:
            parts.append(f"<pre>{escape(chr(10).join(self._first_lines()))}</pre>")
        for title, table in self._tables():
            rows = ["".join(f"<th>{escape(cell)}</th>" for cell in title)]
            rows += ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in table]
            parts.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
        return "".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """All of it as dicts, lists, strings and numbers, which `json` can write; NaN and infinity become None."""
        first = self.first
        return {
            "right": bool(self),
            "verdict": self.verdict,
            "headline": self.headline,
            "order": self.order,
            "nodes": self.nodes,
            "first": {**_named(first), **_plain(first.finding)} if first is not None else None,
            "rules": [{**_named(r), **_plain(r.finding)} for r in self.rules],
            "derivatives": [{**_named(r), **_plain(r.finding)} for r in self.rows],
        }

    def to_json(self) -> str:
        """`to_dict()` as a JSON text."""
        import json

        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)


def _named(row: Rule | Row | Wrong) -> dict[str, Any]:
    return {name: field for name, field in row._asdict().items() if name != "finding"}


def _plain(f: Finding) -> dict[str, Any]:
    oracles = [{"name": o.name, "value": _finite(o.value), "bound": _finite(o.bound)} for o in f.oracles]
    return {
        "verdict": f.verdict, "excused": f.excused, "claim": _finite(f.claim), "found": _finite(f.value),
        "bound": _finite(f.bound), "by": list(f.by), "hint": f.hint, "oracles": oracles,
    }  # fmt: skip


def _finite(x: float) -> float | None:
    return x if x - x == 0.0 else None


def _found(f: Finding) -> str:
    return f"{f.value:.12g} ± {f.bound:.0e}" if f.bound < float("inf") else "nothing"


def _cells(f: Finding) -> tuple[str, ...]:
    found = f"{f.value:.9g}" if f.value == f.value and f.verdict != KINK else "–"
    claim = f"{f.claim:.9g}" if f.claim == f.claim else "–"
    by = " ".join(_SHORT.get(name, name) for name in f.by)
    return ("excused" if f.excused else f.verdict, claim, found, by if f.verdict == PASS and not f.excused else f.hint or by)


_VERBS = {FAIL: "is wrong", "INCONCLUSIVE": "is not decided", "OUT OF DOMAIN": "does not exist here"}
_SHORT = {"differences": "diff", "complex step": "complex", "left differences": "left", "right differences": "right"}


def _gravest(rows: Sequence[Any]) -> list[Any]:
    """The rows, or if they are many, those that are not right, and then the first ones."""
    if len(rows) <= _MOST:
        return list(rows)
    bad = [row for row in rows if not row.finding.right]
    return (bad + [row for row in rows if row.finding.right])[:_MOST]


def _table(title: Sequence[str], rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Aligned columns in 80 characters; what does not fit the last one goes on below it."""
    widths = [max(len(row[i]) for row in [tuple(title), *rows]) for i in range(5)]
    widths[0] = max(14, min(widths[0], 80 - 22 - sum(w + 2 for w in widths[1:] if w)))
    used = sum(widths) + 2 * sum(1 for w in widths if w)
    for row in [tuple(title), *rows]:
        cells = [
            f"{_cut(row[0], widths[0]):<{widths[0]}}",
            f"{row[1]:>{widths[1]}}",
            f"{row[2]:<{widths[2]}}",
            f"{row[3]:>{widths[3]}}",
            f"{row[4]:>{widths[4]}}",
        ]
        lines = wrap(row[5], max(80 - used, 12)) or [""]
        if len(lines) > 1 and 80 - used < 30:
            lines = ["", *(f"  {line}" for line in wrap(row[5], 76))]
            yield "  ".join(cell for cell in cells if cell).rstrip()
            yield from lines[1:]
            continue
        yield ("  ".join(cell for cell in cells if cell) + "  " + lines[0]).rstrip()
        yield from (" " * used + line for line in lines[1:])


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else "…" + text[1 - width :]


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
