"""The table as Python source: `derivatives.py`, `operators.py` and `elementwise.py`; `autograd.generate` writes them."""

import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from autograd._engine.special import LISTS
from autograd.table import (
    CONSTANTS,
    FINGERPRINT,
    HIDDEN,
    OPERATORS,
    PRIMITIVES,
    SIGNATURES,
    SOFTMAX,
    TABLE,
    Op,
)

NUMPY_NAMES = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
    "arctan2": "atan2", "rint": "round", "fabs": "abs", "deg2rad": "radians", "rad2deg": "degrees",
}  # fmt: skip
"""The methods that NumPy calls of the objects in an array, and the rows that they are."""

WRITTEN_OUT = frozenset({"sum", "prod", "dot", "mean", "hypot", "logsumexp", "round"})
"""Rows whose public function is in functions.py: it takes a start, a sequence, or other operands than the row."""

_NO_METHOD = frozenset({"sum", "prod", "dot", "mean", "logsumexp"})
"""Rows that are no methods: NumPy would call them with an axis; a method of one Value would say little."""


HEADER = "Written by `python -m autograd.generate` from the table in table.py: edit the table, not this file."

_DERIVATIVES = f'''"""Each operation's value, and its derivative for each operand, as functions of floats.

{HEADER}

A partial takes the operands and the value y. The same code with the library's operations as globals computes with Values
(`_engine/lifting.py`).
"""
'''

_OPERATORS = f'''"""The operators and methods of `Value`: what records a graph.

{HEADER}

A method computes the number, and makes a new Value whose slots hold the row, the operands, and for each operand the edge back
to it: a number where the local derivative is at hand, else the function that computes it. Any other operand than a Value or a
float, an active mode, and every error take the slow path. Where the accelerator runs, its methods replace these, which stay
the definition; the few it does not have take the slow path too.
"""
'''

_ELEMENTWISE = f'''"""Every row of the table as a function of Values and plain numbers.

{HEADER}

A Value among the operands gives a Value, plain numbers give a float, NumPy arrays work elementwise. `functions.py` adds what
takes a start or a sequence. Where the accelerator runs, its functions replace these, which stay the definition.
"""
'''


# ---- derivatives.py: each row's value and partials as functions of floats


def derivatives() -> str:
    """The rows as functions of floats."""
    of_math = [name for name, f in PRIMITIVES.items() if getattr(f, "__module__", "") == "math" and name != "abs"]
    of_special = [name for name in (*PRIMITIVES, *LISTS) if name not in {*of_math, "abs"}]
    lines = [
        _DERIVATIVES,
        _import("math", ["fabs", "inf", "pi", *(f"{name} as {name}" for name in sorted(of_math))]),
        "from typing import Any",
        "",
        _import("autograd._engine.special", (f"{name} as {name}" for name in sorted(set(of_special)))),
        "from autograd.table import bind",
        "",
        "abs = fabs",
        *(f"{name} = {value!r}" for name, value in CONSTANTS.items() if name not in {"inf", "pi"}),
        "",
        "",
        rule("softmax", ("xs",), SOFTMAX),
    ]
    lines += [rules(op) for op in TABLE.values()]
    lines += ["FLOATS: dict[str, Any] = globals()", f"bind(FLOATS, {FINGERPRINT})", ""]
    return "\n".join(lines)


def rules(op: Op) -> str:
    """The source of a row's functions of floats: its value `name`, for each input `x` its partial `name_x`, and `name_kink`."""
    value, *partials = op.text
    primitive = value.split("(")[0]
    lines = [f"# {op.about}"]
    if (primitive in PRIMITIVES or primitive in LISTS) and value == f"{primitive}({', '.join(op.inputs)})":
        lines += [f"{op.name} = {primitive}", "\n"] if op.name != primitive else []
    else:
        lines.append(rule(op.name, op.inputs, value))
    lines += [rule(f"{op.name}_{x}", (*op.inputs, "y"), text) for x, text in zip(op.inputs, partials, strict=True)]
    lines += [rule(f"{op.name}_kink", op.inputs, op.kink)] if op.kink else []
    return "\n".join(lines)


def rule(name: str, parameters: Iterable[str], text: str) -> str:
    """The source of a function: `text` is an expression, after any number of `name = expression;`."""
    *steps, result = text.split("; ")
    body = "".join(f"    {step}\n" for step in steps)
    return f"def {name}({', '.join(f'{x}: Any' for x in parameters)}) -> Any:\n{body}    return {result}\n\n"


# ---- operators.py: the operators and methods of Value, and elementwise.py: the functions

_RECORDED = """
try:
    y = {value}
except MATH_ERRORS as error:
    raise failure({row}, {operands}, error) from None
{plain}v = new({new})
v._data = y; v._op = {row}; v._a = {a}; v._da = {da}; v._b = {b}; v._db = {db}; v._seq = tick(); v._mark = None
return v
"""

_UNARY_METHOD = """
def {name}(self) -> Self:
    {doc}
    if modes:
        return checked({row}, (self,))
{recorded}
"""

_OPERATOR = """
def __{special}__(self, other: Self | float, /) -> Self:
    {doc}
    if modes:
        return careful({row}, (self, other))
    a = self._data
    if type(other) is type(self):
        b = other._data
    {both}
    b = other if type(other) is float else number(other)
    if b is NotImplemented:
        return careful({row}, (self, other))
{left}

def __r{special}__(self, other: Self | float, /) -> Self:
    \"""The operator with a number on the left.\"""
    if modes:
        return careful({row}, (other, self))
    a = other if type(other) is float else number(other)
    if a is NotImplemented:
        return careful({row}, (other, self))
    b = self._data
{right}
"""

_POW_METHOD = """
def pow(self, b: Self | float) -> Self:
    {doc}
    y = self.__pow__(b)
    return checked(POW, (self, b)) if y is NotImplemented else y
"""

_METHOD = """
def {name}(self, {typed}) -> Self:
    {doc}
    return {row}.function({given})
"""

_OF_ONE = """
    if type(x) is not Value or modes:
        return checked({row}, (x,))
{recorded}
"""

_OF_TWO = """
    kind_a, kind_b = type(a), type(b)
    if modes or kind_a not in VALUES_AND_FLOATS or kind_b not in VALUES_AND_FLOATS:
        return checked({row}, (a, b))
    p, da = (a._data, {name}_a) if kind_a is Value else (a, None)
    q, db = (b._data, {name}_b) if kind_b is Value else (b, None)
{recorded}
"""

_BY_OPERATOR = """
    y: Any = NotImplemented if type(a) is not Value else a.__{special}__(b)
    y = b.__r{special}__(a) if y is NotImplemented and type(b) is Value else y
    return checked({row}, (a, b)) if y is NotImplemented else y
"""

_OF_MANY = """
    kinds = set(map(type, {operands}))
    if modes or not kinds <= VALUES_AND_FLOATS:
        return checked({row}, {operands})
{recorded}
"""


def _fill(template: str, op: Op, depth: int = 0, **parts: str) -> str:
    """The template with its parts, indented; parts of several lines stand on lines of their own."""
    text = template[1:].format(name=op.name, row=op.name.upper(), doc=_doc(_sentence(op)), **parts)
    return textwrap.indent(text, " " * 4 * depth)


def _recorded(op: Op, depth: int, value: str, operands: str, new: str = "type(self)", **slots: str) -> str:
    """Statements that compute y and return the Value that records it."""
    slots = {"a": "self", "b": "None", "db": "None", "plain": ""} | slots
    return _fill(_RECORDED, op, depth, value=value, operands=operands, new=new, **slots).rstrip()


def _edge(op: Op, i: int) -> str:
    """What a node keeps as the edge back to operand i: the number, where that is cheaper than to remember how to compute it."""
    text = op.text[1 + i]
    at_hand = "(" not in text and "/" not in text if op.arity == 2 else text == "y" or re.fullmatch(r"-?[\d.]+", text)
    return text if at_hand else f"{op.name}_{op.inputs[i]}"


def _doc(text: str) -> str:
    """A docstring within a function."""
    lines = text.split("\n")
    return (
        f'"""{text}"""'
        if len(lines) == 1
        else "\n".join(['"""' + lines[0], *(f"    {x}".rstrip() for x in [*lines[1:], '"""'])])
    )


def _parameters(op: Op) -> list[str]:
    """The names of a function's operands, with their defaults."""
    shown = SIGNATURES.get(op.name, {})
    return [shown.get(x, x) for x in op.inputs]


def _names(op: Op) -> list[str]:
    return [p.partition("=")[0] for p in _parameters(op)]


def _typed(parameter: str, kind: str) -> str:
    name, _, default = parameter.partition("=")
    return f"{name}: {kind}" + (f" = {default}" if default else "")


def _used(rows: Iterable[Op], text: str) -> list[str]:
    """What a text uses of `derivatives.py`: values, under the name `exp_value`, and partials."""
    names = {name for op in rows for name in (f"{op.name} as {op.name}_value", *(f"{op.name}_{x}" for x in op.inputs))}
    words = set(re.findall(r"\w+", text))
    return sorted(name for name in names if name.rpartition(" ")[2] in words)


_MODES = """\
new: Any = object.__new__
modes = 0 if accelerator.module is None else 1  # how many modes are active anywhere; kept by modes.py
_modes.counters.append(globals())
"""

_CLASS = '''
class Operators:
    """The operators and methods that come from the table, in its order; `Value` is made from this class."""

    __slots__ = ()
    _data: float
'''


def operators() -> str:
    """The class `Operators`, the base of `Value`."""
    body = "\n".join(method for op in TABLE.values() if op.name not in HIDDEN | _NO_METHOD for method in _methods(op))
    body += "".join(f"\n    {theirs} = {ours}" for theirs, ours in NUMPY_NAMES.items())
    rows = [op for op in TABLE.values() if re.search(rf"\b{op.name.upper()}\b", body)]
    return "\n".join(
        [
            '# mypy: disable-error-code="no-any-return"',
            _OPERATORS,
            "from typing import Any, Self",
            "",
            "from autograd import modes as _modes",
            "from autograd._engine import accelerator",
            "from autograd._engine.numbers import number, tick",
            "from autograd._engine.slow_path import MATH_ERRORS, careful, checked, failure",
            "from autograd._engine.special import c_pow",
            _import("autograd.derivatives", _used(rows, body)),
            "from autograd.table import row",
            "",
            *(f'{op.name.upper()} = row("{op.name}")' for op in rows),
            "",
            _MODES,
            _CLASS,
            body,
            "",
        ]
    )


def _methods(op: Op) -> Iterator[str]:
    """A row's operators and its method."""
    special, doc = OPERATORS.get(op.name), 1
    if op.arity == 1:
        recorded = _recorded(op, 1, f"{op.name}_value(self._data)", "(self,)", da=_edge(op, 0))
        names = ([f"__{special}__"] if special else []) + ([op.name] if op.name != "neg" else [])
        for name in names:
            yield _fill(_UNARY_METHOD.replace("{name}", name), op, doc, recorded=recorded)
    elif special:
        da, db = _edge(op, 0), _edge(op, 1)
        yield _fill(
            _OPERATOR, op, doc, special=special,
            both=_recorded(op, 2, op.text[0], "(self, other)", da=da, b="other", db=db).lstrip("\n")[4:],
            left=_recorded(op, 1, op.text[0], "(self, b)", da=da, b="b"),
            right=_recorded(op, 1, op.text[0], "(a, self)", a="a", da="None", b="self", db=db),
        )  # fmt: skip
        if op.name == "pow":
            yield _fill(_POW_METHOD, op, doc)
    elif op.nary:
        yield _fill(_METHOD, op, doc, typed="*others: Self | float", given="(self, *others)")
    elif "undefined()" not in op.text:
        typed = ", ".join(_typed(p, "Self | float") for p in _parameters(op)[1:])
        yield _fill(_METHOD, op, doc, typed=typed, given=", ".join(["self", *_names(op)[1:]]))


def elementwise() -> str:
    """The functions of the rows, over Values and numbers alike."""
    body = "\n\n".join(_function(op) for op in TABLE.values())
    public = [name for name in TABLE if name not in HIDDEN | WRITTEN_OUT]
    return "\n".join(
        [
            _ELEMENTWISE,
            "from collections.abc import Sequence",
            "from typing import Any, overload",
            "",
            "from autograd import modes as _modes",
            "from autograd._engine import accelerator",
            "from autograd._engine.numbers import tick",
            "from autograd._engine.slow_path import MATH_ERRORS, checked, failure",
            _import("autograd.derivatives", _used(TABLE.values(), body)),
            "from autograd.table import SIGNATURES, row",
            "from autograd.value import Value",
            "",
            *("__all__ = [", *(f'    "{name}",' for name in public), "]", ""),
            *(f'{op.name.upper()} = row("{op.name}")' for op in TABLE.values()),
            "",
            "VALUES_AND_FLOATS = {Value, float}",
            _MODES,
            "",
            body,
            "",
            "if accelerator.module is not None:",
            "    globals().update({f'_{n}' if n in SIGNATURES else n: f for n, f in accelerator.module.operations.items()})",
            "",
        ]
    )


def _function(op: Op) -> str:
    """A row's function: its overloads, its text, and what it does."""
    doc = f"    {_doc(docstring(op))}\n"
    if op.nary:
        head = "".join(
            f"@overload\ndef {op.name}(xs: Sequence[{kinds}]) -> {kind}: ...{why}\n" for kinds, kind, why in _SEQUENCES
        )
        return f"{head}def {op.name}(xs: Sequence[Any]) -> Any:\n{doc}{_body(op)}"
    head = f"{_overloads(op)}\ndef {op.name}({', '.join(_typed(p, 'Any') for p in _parameters(op))}) -> Any:\n{doc}"
    if op.name not in SIGNATURES:
        return head + _body(op)
    head += f"    return {op.name.upper()}.function({', '.join(_names(op))})\n"
    return f"{head}\n\ndef _{op.name}({', '.join(f'{x}: Any' for x in op.inputs)}) -> Any:\n{_body(op)}"


_SEQUENCES = (("float", "float", "  # type: ignore[overload-overlap]"), ("Value | float", "Value", ""))
"""The types of an n-ary row's operands, and of its value."""


def _overloads(op: Op) -> str:
    """For each position the first Value may stand at, the parameters; last, the signature without one."""
    lines, parameters = [], _parameters(op)
    for first in range(len(parameters)):
        kinds = ["float"] * first + ["Value"] + ["Value | float"] * (len(parameters) - first - 1)
        named = parameters if first == 0 else _names(op)  # no default stands before the first Value
        lines += ["@overload", f"def {op.name}({', '.join(map(_typed, named, kinds))}) -> Value: ..."]
    plain = ", ".join(_typed(p, "float") for p in parameters)
    return "\n".join([*lines, "@overload", f"def {op.name}({plain}) -> float: ..."])


def _body(op: Op) -> str:
    """What a row's function does."""
    if op.name in OPERATORS and op.arity == 2:
        return _fill(_BY_OPERATOR, op, special=OPERATORS[op.name])
    if op.arity == 1:
        recorded = _recorded(op, 1, f"{op.name}_value(x._data)", "(x,)", "Value", a="x", da=_edge(op, 0))
        return _fill(_OF_ONE, op, recorded=recorded)
    if op.arity == 2:
        plain = "if da is None and db is None:\n    return y\n"
        recorded = _recorded(op, 1, f"{op.name}_value(p, q)", "(a, b)", "Value", a="a", da="da", b="b", db="db", plain=plain)
        return _fill(_OF_TWO, op, recorded=recorded)
    operands = "xs" if op.nary else f"({', '.join(op.inputs)})"
    data = [f"{x}._data if type({x}) is Value else {x}" for x in (["x"] if op.nary else op.inputs)]
    value = f"{op.name}_value({f'[{data[0]} for x in xs]' if op.nary else ', '.join(data)})"
    plain = "if Value not in kinds:\n    return y\n"
    kept = "tuple(xs)" if op.nary else operands
    recorded = _recorded(op, 1, value, operands, "Value", a=kept, da=f"{op.name.upper()}.partials", plain=plain)
    return _fill(_OF_MANY, op, operands=operands, recorded=recorded)


def _sentence(op: Op) -> str:
    """What the row is, as a sentence; a formula at its start stays as it is."""
    word = re.match(r"[a-z]{2,}(?= [a-z])", op.about)
    return f"{op.about[0].upper() if word else op.about[0]}{op.about[1:]}."


def _import(module: str, names: Iterable[str]) -> str:
    """An import in lines of bounded length."""
    listed = textwrap.fill(", ".join(names), 120, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    return f"from {module} import (  # fmt: skip\n{listed},\n)"


def docstring(op: Op) -> str:
    """What the row says, in words, with an example that runs; plain float in, plain float out."""
    names, partials = _names(op), op.shown
    lines = [_sentence(op), ""]
    lines += [f"∂y/∂{x} = {text}" for x, text in zip(op.inputs, partials, strict=True)]
    if names != list(op.inputs):
        lines[-len(partials) :] = [
            f"{line}  (where {', '.join(f'{a} is {b}' for a, b in zip(op.inputs, names, strict=True))})"
            for line in lines[-len(partials) :]
        ]
    if op.domain:
        lines.append(f"Raises DomainError or DivisionByZeroError outside the domain {op.domain}.")
    samples: dict[int, list[tuple[float, ...]]] = {1: [(0.5,), (2.0,)], 2: [(3.0, 2.0)], 3: [(3.0, 2.0, 1.0)]}
    for sample in samples.get(op.arity, []) if op.name not in HIDDEN | WRITTEN_OUT else []:
        try:
            y = _value(op)(*sample)
        except (ValueError, ArithmeticError):
            continue
        lines += ["", ">>> import autograd", f">>> autograd.{op.name}({', '.join(map(str, sample))})", repr(y)]
        break
    return "\n".join(lines)


def _value(op: Op) -> Any:
    """The row's value as a function of floats, from the text as it stands now."""
    return _FLOATS[op.name]


def _floats() -> dict[str, Any]:
    space: dict[str, Any] = {}
    source = derivatives().replace(f"bind(FLOATS, {FINGERPRINT})\n", "")
    exec(compile(source, "<derivatives>", "exec"), space)  # noqa: S102 - what is about to be written to a file
    return space


_FLOATS = _floats()
