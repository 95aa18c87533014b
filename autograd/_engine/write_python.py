"""The table as Python source: `derivatives.py`, `operators.py` and `elementwise.py`; `autograd.generate` writes them."""

import re
import textwrap
from collections.abc import Iterable, Sequence
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

HEADER = "Written by `python -m autograd.generate` from the table in table.py: edit the table, not this file."

NUMPY_NAMES = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
    "arctan2": "atan2", "rint": "round", "fabs": "abs", "deg2rad": "radians", "rad2deg": "degrees",
}  # fmt: skip
"""The methods that NumPy calls of the objects in an array, and the rows that they are."""

WRITTEN_OUT = frozenset({"sum", "prod", "dot", "mean", "hypot", "logsumexp", "round"})
"""Rows whose public function is in functions.py: it takes a start, a sequence, or other operands than the row."""

_NO_METHOD = frozenset({"sum", "prod", "dot", "mean", "logsumexp"})
"""Rows that are no methods: NumPy would call them with an axis; a method of one Value would say little."""


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
    """The source of a row's functions of floats: its value `name`, and for each input `x` its partial `name_x`."""
    value, *partials = op.text
    primitive = value.split("(")[0]
    lines = [f"# {op.about}"]
    if (primitive in PRIMITIVES or primitive in LISTS) and value == f"{primitive}({', '.join(op.inputs)})":
        lines += [f"{op.name} = {primitive}", "\n"] if op.name != primitive else []
    else:
        lines.append(rule(op.name, op.inputs, value))
    lines += [rule(f"{op.name}_{x}", (*op.inputs, "y"), text) for x, text in zip(op.inputs, partials, strict=True)]
    return "\n".join(lines)


def rule(name: str, parameters: Iterable[str], text: str) -> str:
    """The source of a function: `text` is an expression, after any number of `name = expression;`."""
    *steps, result = text.split("; ")
    body = "".join(f"    {step}\n" for step in steps)
    return f"def {name}({', '.join(f'{x}: Any' for x in parameters)}) -> Any:\n{body}    return {result}\n\n"


# ---- operators.py: the operators and methods of Value, and elementwise.py: the functions


_RECORD = "v._data = y; v._op = {row}; v._a = {a}; v._da = {da}; v._b = {b}; v._db = {db}; v._seq = tick(); v._mark = None"


def _recorded(row: str, value: str, operands: str, indent: str, new: str = "type(self)", **slots: str) -> list[str]:
    """Statements that compute y and return the Value that records it."""
    slots = {"a": "self", "b": "None", "db": "None"} | slots
    return [
        f"{indent}try:",
        f"{indent}    y = {value}",
        f"{indent}except MATH_ERRORS as error:",
        f"{indent}    raise failure({row}, {operands}, error) from None",
        f"{indent}v: Any = new({new})",
        indent + _RECORD.format(row=row, **slots),
        f"{indent}return v",
    ]


def _at_once(text: str) -> bool:
    """Whether a partial of a row of two operands is plain arithmetic on numbers at hand: cheaper computed than remembered."""
    return "(" not in text and "/" not in text


def _edge(op: Op, i: int) -> str:
    """What a node of two operands keeps as the edge back to operand i."""
    text = op.text[1 + i]
    return text if _at_once(text) else f"{op.name}_{op.inputs[i]}"


def _edge_of_one(op: Op) -> str:
    text = op.text[1]
    return text if text == "y" or re.fullmatch(r"-?[\d.]+", text) else f"{op.name}_x"


def _doc(text: str, indent: str) -> list[str]:
    first, *rest = text.split("\n")
    if not rest:
        return [f'{indent}"""{first}"""']
    return [f'{indent}"""{first}', *(f"{indent}{line}" if line else "" for line in rest), f'{indent}"""']


def _parameters(op: Op) -> list[str]:
    """The names of a function's operands, with their defaults."""
    shown = SIGNATURES.get(op.name, {})
    return [shown.get(x, x) for x in op.inputs]


def _typed(parameter: str, kind: str) -> str:
    name, _, default = parameter.partition("=")
    return f"{name}: {kind}" + (f" = {default}" if default else "")


def _used(rows: Iterable[Op], text: str) -> list[str]:
    """What a text uses of `derivatives.py`: values, under the name `exp_value`, and partials."""
    names = {name for op in rows for name in (f"{op.name} as {op.name}_value", *(f"{op.name}_{x}" for x in op.inputs))}
    words = set(re.findall(r"\w+", text))
    return sorted(name for name in names if name.rpartition(" ")[2] in words)


def operators() -> str:
    """The class `Operators`, the base of `Value`."""
    body: list[str] = []
    methods = [op for op in TABLE.values() if op.name not in HIDDEN and op.name not in _NO_METHOD]
    for op in methods:
        special = OPERATORS.get(op.name)
        if op.arity == 1:
            body += _unary_method(op, f"__{special}__") if special else []
            body += _unary_method(op, op.name) if op.name != "neg" else []
        elif special:
            body += _binary_operator(op, special)
            body += _pow_method(op) if op.name == "pow" else []
        elif "undefined()" not in op.text:
            body += _method(op)
    body += [f"    {theirs} = {ours}" for theirs, ours in NUMPY_NAMES.items()]
    rows = [op for op in methods if re.search(rf"\b{op.name.upper()}\b", "\n".join(body))]
    return "\n".join([
        "# mypy: disable-error-code=\"no-any-return\"",
        _OPERATORS,
        "from typing import Any, Self",
        "",
        "from autograd import modes as _modes",
        "from autograd._engine import accelerator",
        "from autograd._engine.numbers import number, tick",
        "from autograd._engine.slow_path import MATH_ERRORS, careful, checked, failure",
        "from autograd._engine.special import c_pow",
        _import("autograd.derivatives", _used(rows, "\n".join(body))),
        "from autograd.table import row",
        "",
        *(f'{op.name.upper()} = row("{op.name}")' for op in rows),
        "",
        "new = object.__new__",
        "modes = 0 if accelerator.module is None else 1  # how many modes are active anywhere; kept by modes.py",
        "_modes.counters.append(globals())",
        "",
        "",
        "class Operators:",
        '    """The operators and methods that come from the table, in its order; `Value` is made from this class."""',
        "",
        "    __slots__ = ()",
        "    _data: float",
        "    _op: Any",
        "    _a: Any",
        "    _da: Any",
        "    _b: Any",
        "    _db: Any",
        "    _seq: int",
        "    _mark: Any",
        "",
        *body,
        "",
    ])  # fmt: skip


def _unary_method(op: Op, name: str) -> list[str]:
    return [
        f"    def {name}(self) -> Self:",
        *_doc(_sentence(op), "        "),
        "        if modes:",
        f"            return checked({op.name.upper()}, (self,))",
        *_recorded(op.name.upper(), f"{op.name}_value(self._data)", "(self,)", "        ", da=_edge_of_one(op)),
        "",
    ]


def _binary_operator(op: Op, special: str) -> list[str]:
    row, value = op.name.upper(), op.text[0]
    da, db = (_edge(op, i) for i in range(2))
    both = _recorded(row, value, "(self, other)", " " * 12, a="self", da=da, b="other", db=db)
    left = [line.replace("v: Any", "v") for line in _recorded(row, value, "(self, b)", " " * 8, a="self", da=da, b="b")]
    right = _recorded(row, value, "(a, self)", " " * 8, a="a", da="None", b="self", db=db)
    return [
        f"    def __{special}__(self, other: Self | float, /) -> Self:",
        *_doc(_sentence(op), "        "),
        "        if modes:",
        f"            return careful({row}, (self, other))",
        "        a = self._data",
        "        if type(other) is type(self):",
        "            b = other._data",
        *both,
        "        b = other if type(other) is float else number(other)",
        "        if b is NotImplemented:",
        f"            return careful({row}, (self, other))",
        *left,
        "",
        f"    def __r{special}__(self, other: Self | float, /) -> Self:",
        '        """The operator with a number on the left."""',
        "        if modes:",
        f"            return careful({row}, (other, self))",
        "        a = other if type(other) is float else number(other)",
        "        if a is NotImplemented:",
        f"            return careful({row}, (other, self))",
        "        b = self._data",
        *right,
        "",
    ]


def _pow_method(op: Op) -> list[str]:
    return [
        "    def pow(self, b: Self | float) -> Self:",
        *_doc(_sentence(op), "        "),
        "        y = self.__pow__(b)",
        "        return checked(POW, (self, b)) if y is NotImplemented else y",
        "",
    ]


def _method(op: Op) -> list[str]:
    """A method of two or more operands, by the function of the row."""
    if op.nary:
        return [f"    def {op.name}(self, *others: Self | float) -> Self:", *_doc(_sentence(op), "        "),
                f"        return {op.name.upper()}.function((self, *others))", ""]  # fmt: skip
    parameters = _parameters(op)[1:]
    given = ", ".join(p.partition("=")[0] for p in parameters)
    return [
        f"    def {op.name}(self, {', '.join(_typed(p, 'Self | float') for p in parameters)}) -> Self:",
        *_doc(_sentence(op), "        "),
        f"        return {op.name.upper()}.function(self, {given})",
        "",
    ]


def elementwise() -> str:
    """The functions of the rows, over Values and numbers alike."""
    functions = [line for op in TABLE.values() for line in _function(op)]
    text = "\n".join(functions)
    public = [name for name in TABLE if name not in HIDDEN | WRITTEN_OUT]
    return "\n".join([
        _ELEMENTWISE,
        "from collections.abc import Sequence",
        "from typing import Any, overload",
        "",
        "from autograd import modes as _modes",
        "from autograd._engine import accelerator",
        "from autograd._engine.numbers import tick",
        "from autograd._engine.slow_path import MATH_ERRORS, careful, checked, failure",
        _import("autograd.derivatives", _used(TABLE.values(), text)),
        "from autograd.table import SIGNATURES, row",
        "from autograd.value import Value",
        "",
        "__all__ = [", *(f'    "{name}",' for name in public), "]", "",
        *(f'{op.name.upper()} = row("{op.name}")' for op in TABLE.values()),
        "",
        "VALUES_AND_FLOATS = {Value, float}",
        "new = object.__new__",
        "modes = 0 if accelerator.module is None else 1  # how many modes are active anywhere; kept by modes.py",
        "_modes.counters.append(globals())",
        "", "",
        text,
        "if accelerator.module is not None:",
        "    globals().update({f'_{n}' if n in SIGNATURES else n: f for n, f in accelerator.module.operations.items()})",
        "",
    ])  # fmt: skip


def _signatures(op: Op) -> list[str]:
    """For each position the first Value may stand at, the parameters; last, the signature without one."""
    lines, parameters = [], _parameters(op)
    for first in range(len(parameters)):
        kinds = ["float"] * first + ["Value"] + ["Value | float"] * (len(parameters) - first - 1)
        if first and any("=" in p for p in parameters[: first + 1]):
            parameters = [p.partition("=")[0] for p in parameters]
        lines += ["@overload", f"def {op.name}({', '.join(map(_typed, parameters, kinds))}) -> Value: ..."]
    return [*lines, "@overload", f"def {op.name}({', '.join(_typed(p, 'float') for p in _parameters(op))}) -> float: ..."]


def _function(op: Op) -> list[str]:
    row, names = op.name.upper(), [p.partition("=")[0] for p in _parameters(op)]
    if op.name in SIGNATURES:
        return [
            *_signatures(op),
            f"def {op.name}({', '.join(_typed(p, 'Any') for p in _parameters(op))}) -> Any:",
            *_doc(docstring(op), "    "),
            f"    return {row}.function({', '.join(names)})",
            "",
            "",
            f"def _{op.name}({', '.join(f'{x}: Any' for x in op.inputs)}) -> Any:",
            *_body(op, op.inputs),
        ]
    if op.nary:
        return [
            f"def {op.name}(xs: Sequence[Any]) -> Any:",
            *_doc(docstring(op), "    "),
            "    kinds = set(map(type, xs))",
            "    if modes or not kinds <= VALUES_AND_FLOATS:",
            f"        return checked({row}, xs)",
            *_value_of_many(op, f"{op.name}_value([x._data if type(x) is Value else x for x in xs])", "xs", "tuple(xs)"),
        ]
    head = [*_signatures(op), f"def {op.name}({', '.join(_typed(p, 'Any') for p in _parameters(op))}) -> Any:"]
    return [*head, *_doc(docstring(op), "    "), *_body(op, op.inputs)]


def _body(op: Op, names: Sequence[str]) -> list[str]:
    """What a function of one to three operands does."""
    row = op.name.upper()
    if op.arity == 1:
        return [
            "    if type(x) is not Value or modes:",
            f"        return checked({row}, (x,))",
            *_recorded(row, f"{op.name}_value(x._data)", "(x,)", "    ", "Value", a="x", da=_edge_of_one(op)),
            "",
            "",
        ]
    if op.name in OPERATORS:
        special = OPERATORS[op.name]
        return [
            f"    y: Any = NotImplemented if type(a) is not Value else a.__{special}__(b)",
            f"    y = b.__r{special}__(a) if y is NotImplemented and type(b) is Value else y",
            f"    return checked({row}, (a, b)) if y is NotImplemented else y",
            "",
            "",
        ]
    if op.arity == 2:
        a, b = names
        return [
            f"    kind_{a}, kind_{b} = type({a}), type({b})",
            f"    if modes or kind_{a} not in VALUES_AND_FLOATS or kind_{b} not in VALUES_AND_FLOATS:",
            f"        return checked({row}, ({a}, {b}))",
            "    p: Any",
            "    q: Any",
            f"    p, da = ({a}._data, {op.name}_a) if kind_{a} is Value else ({a}, None)",
            f"    q, db = ({b}._data, {op.name}_b) if kind_{b} is Value else ({b}, None)",
            "    try:",
            f"        y = {op.name}_value(p, q)",
            "    except MATH_ERRORS as error:",
            f"        raise failure({row}, ({a}, {b}), error) from None",
            "    if da is None and db is None:",
            "        return y",
            "    v: Any = new(Value)",
            "    " + _RECORD.format(row=row, a=a, da="da", b=b, db="db"),
            "    return v",
            "",
            "",
        ]
    operands = f"({', '.join(names)})"
    numbers = ", ".join(f"{x}._data if type({x}) is Value else {x}" for x in names)
    return [
        f"    kinds = {{{', '.join(f'type({x})' for x in names)}}}",
        "    if modes or not kinds <= VALUES_AND_FLOATS:",
        f"        return checked({row}, {operands})",
        *_value_of_many(op, f"{op.name}_value({numbers})", operands, operands),
    ]


def _value_of_many(op: Op, value: str, operands: str, kept: str) -> list[str]:
    row = op.name.upper()
    return [
        "    try:",
        f"        y = {value}",
        "    except MATH_ERRORS as error:",
        f"        raise failure({row}, {operands}, error) from None",
        "    if Value not in kinds:",
        "        return y",
        "    v: Any = new(Value)",
        "    " + _RECORD.format(row=row, a=kept, da=f"{row}.partials", b="None", db="None"),
        "    return v",
        "",
        "",
    ]


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
    _, *partials = op.text
    names = [p.partition("=")[0] for p in _parameters(op)]
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
