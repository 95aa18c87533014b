"""The results as one picture: an SVG of our own making, bars on a logarithmic scale, that reads on light and dark pages.

The trick with a logarithmic bar is where it starts: at the power of ten that leaves the least figure a bar to be seen.
"""

import math
from html import escape

WIDTH, LEFT, RIGHT, ROW, GAP = 760, 235, 110, 22, 54
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600; font-size: 14px }
  .note, .tick { fill: #656d76; font-size: 11px }
  .theirs { fill: #b6bec9 } .mark { fill: #dfe3e8 } .python { fill: #7fb3e6 } .ours { fill: #1f6feb }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .note, .tick { fill: #8b949e }
    .theirs { fill: #57606a } .mark { fill: #30363d } .grid { stroke: #30363d }
  }
"""


def picture(panels, note):
    """An SVG of panels (title, unit, [(label, class, figure), …]), one under the other."""
    parts, y = [], 34
    for title, unit, bars in panels:
        parts += _panel(y, title, unit, bars)
        y += ROW * len(bars) + GAP
    parts.append(f'<text class="note" x="16" y="{y - 10}">{escape(note)}</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" role="img">'
    return "\n".join([head, "<title>Benchmarks</title>", f"<style>{STYLE}</style>", *parts, "</svg>"]) + "\n"


def _panel(top, title, unit, bars):
    figures = [figure for _, _, figure in bars]
    low, high = math.floor(math.log10(min(figures) / 1.5)), math.ceil(math.log10(max(figures)))
    scale = (WIDTH - LEFT - RIGHT) / max(high - low, 1)
    bottom = top + 12 + ROW * len(bars)
    parts = [f'<text class="title" x="16" y="{top}">{escape(title)}</text>']
    for power in range(low, high + 1):
        x = LEFT + (power - low) * scale
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="{top + 10}" x2="{x:.1f}" y2="{bottom}"/>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{bottom + 13}" text-anchor="middle">{_power(power)} {unit}</text>')
    for i, (label, kind, figure) in enumerate(bars):
        y = top + 14 + ROW * i
        length = max((math.log10(figure) - low) * scale, 2)
        parts.append(f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(label)}</text>')
        parts.append(f'<rect class="{kind}" x="{LEFT}" y="{y + 1}" width="{length:.1f}" height="{ROW - 6}" rx="2"/>')
        parts.append(f'<text x="{LEFT + length + 6:.1f}" y="{y + 13}">{short(figure)} {unit}</text>')
    return parts


def _power(k):
    return f"{10.0**k:g}" if k < 4 else "10" + "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(k))


def short(x):
    """A figure with three digits that count."""
    if x >= 1000:
        return f"{x:,.0f}"
    return f"{x:.3g}" if x < 100 else f"{x:.0f}"
