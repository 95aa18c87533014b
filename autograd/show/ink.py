"""What every picture is written with: numbers, names, colours, and how wide a text will be.

Numbers have three significant digits and a real minus sign, rounded half up as JavaScript does, so that a picture and a page
never differ in the last digit. Names come from users and may hold anything: control characters and marks that change the
direction of text are taken out here, once; what is left is escaped by each format in its own way.

Widths are those of DejaVu Sans, one of the widest fonts in use: where another one is substituted, texts get shorter, and
nothing runs out of its card.
"""

import math
import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal

_THREE_DIGITS = Context(prec=3, rounding=ROUND_HALF_UP)
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPT = str.maketrans("0123456789-.", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻·")
_INDEXED = re.compile(r"([^\W\d_]+)_?(\d{1,4})")

FONT = "DejaVu Sans"
FAMILY = "DejaVu Sans,Verdana,Segoe UI,Helvetica,Arial,sans-serif"

LIGHT = {
    "ground": "#ffffff", "ink": "#212529", "mute": "#666e77", "line": "#adb5bd", "scope": "#f8f9fa", "inner": "#f1f3f5",
    "border": "#dee2e6", "badge": "#ffffff", "gradient": "#c2255c", "warning": "#b35c00",
    "input": "#1971c2", "input-card": "#e7f5ff", "parameter": "#e8590c", "parameter-card": "#fff4e6",
    "constant": "#868e96", "constant-card": "#f1f3f5", "operation": "#6741d9", "operation-card": "#f3f0ff",
    "output": "#2f9e44", "output-card": "#ebfbee",
    "input-text": "#1864ab", "parameter-text": "#b03e00", "constant-text": "#5c636a",
    "operation-text": "#5f3dc4", "output-text": "#1f7a33",
}  # fmt: skip
DARK = {
    "ground": "#15171c", "ink": "#f1f3f5", "mute": "#9aa1a9", "line": "#5c636d", "scope": "#1b1e25", "inner": "#22262e",
    "border": "#343a40", "badge": "#15171c", "gradient": "#ff8cb4", "warning": "#ffc078",
    "input": "#4dabf7", "input-card": "#12283d", "parameter": "#ff922b", "parameter-card": "#38230f",
    "constant": "#adb5bd", "constant-card": "#25282d", "operation": "#b197fc", "operation-card": "#251d3d",
    "output": "#69db7c", "output-card": "#15301c",
}  # fmt: skip
DARK |= {f"{kind}-text": DARK[kind] for kind in ("input", "parameter", "constant", "operation", "output")}
THEMES = {"light": LIGHT, "dark": DARK}


def number(x: float | None) -> str:
    """A number as cards show it; "–" for one that is not known.

    >>> number(-0.19661), number(1234567.0), number(2.0), number(None), number(float("nan"))
    ('−0.197', '1.23e6', '2', '–', 'NaN')
    """
    if x is None:
        return "–"
    if x == 0.0 or not math.isfinite(x):
        return "0" if x == 0.0 else "NaN" if x != x else "∞" if x > 0.0 else "−∞"
    size = abs(x)
    if 1000.0 <= size < 99999.5:
        return f"{Decimal(x).quantize(Decimal(1), ROUND_HALF_UP):f}".replace("-", "−")
    rounded = _THREE_DIGITS.create_decimal_from_float(x)
    if Decimal("0.001") <= abs(rounded) < 1000 or 999 < size < 1000:
        text = f"{rounded:f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")
    mantissa, _, exponent = f"{rounded:.2e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}".replace("-", "−")


def clean(text: str) -> str:
    """A name without line breaks, control characters, marks of direction and lone surrogates.

    >>> clean("two\\nlines\\u202e\\x00")
    'two lines'
    """
    kept = (c if unicodedata.category(c) not in {"Cc", "Cs", "Cn", "Zl", "Zp"} else " " for c in text if not _directs(c))
    return " ".join("".join(kept).split())


def _directs(c: str) -> bool:
    """Whether the character changes the direction of what follows, or cannot be seen at all."""
    return c in "\u061c\u200e\u200f\ufeff" or "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069"


def name(label: str, longest: int = 18) -> str:
    """A label as a card shows it: `w1` becomes w₁, and a long one is cut with "…".

    >>> name("w12"), name("x_1"), name("a label that is far too long")
    ('w₁₂', 'x₁', 'a label that is f…')
    """
    text = clean(label[: 4 * longest])
    if match := _INDEXED.fullmatch(text):
        text = match[1] + match[2].translate(_SUBSCRIPT)
    return text if len(text) <= longest and len(label) <= 4 * longest else text[: longest - 1] + "…"


def superscript(text: str) -> str:
    """Digits and minus signs, raised.

    >>> superscript("-12")
    '⁻¹²'
    """
    return text.translate(_SUPERSCRIPT)


def symbol(op: str, sign: str, exponent: float | None = None) -> str:
    """The text on an operation's badge; a constant exponent is part of it.

    >>> symbol("pow", "^", 2.0), symbol("mul", "×"), symbol("pow", "^", -0.5)
    ('x²', '×', 'x⁻⁰·⁵')
    """
    if op != "pow":
        return "w·x" if op == "dot" else name(sign, 10)
    if exponent is None:
        return "xʸ"
    raised = number(exponent).replace("−", "-")
    return f"x{superscript(raised)}" if re.fullmatch(r"-?[\d.]{1,5}", raised) else "xᵏ"


_WIDTHS = {
    "iljI.,:;'|! ()[]": 0.33, "ft-/r": 0.39, "0123456789": 0.637, "−+=×÷<>~": 0.838, "∇": 0.67, "∂": 0.52, "mwMW%@": 0.95,
    "₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁻·": 0.4, "…": 1.0,
}  # fmt: skip
_WIDTH = {c: width for characters, width in _WIDTHS.items() for c in characters}


def width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide the text is, in pixels; never much less.

    >>> round(width("0.731", 12))
    35
    """
    ems = sum(_WIDTH.get(c) or _em(c) for c in text)
    return ems * size * (1.12 if bold else 1.0)


def _em(c: str) -> float:
    if unicodedata.combining(c):
        return 0.0
    if unicodedata.east_asian_width(c) in {"W", "F"} or ord(c) > 0x1F000:
        return 1.3
    return 0.72 if c.isupper() else 0.64
