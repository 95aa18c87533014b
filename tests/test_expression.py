"""Expressions are read right, and nothing else is ever run: hostile input is a clear error with a caret."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import autograd
from autograd import Value
from autograd.show.expression import FUNCTIONS, ExpressionError, assignments, bind, parse

READ = [
    ("x", {"x": 2.0}, 2.0),
    ("1 + 2 * 3", {}, 7.0),
    ("-x ** 2", {"x": 3.0}, -9.0),
    ("2 ** 3 ** 0.5", {}, 2.0 ** (3.0**0.5)),
    ("(a - b) / c % 2 // 1", {"a": 9.0, "b": 2.0, "c": 2.0}, 1.0),
    ("max(x, 1) + min(x, 1)", {"x": 3.0}, 4.0),
    ("sum(x, y, 3)", {"x": 1.0, "y": 2.0}, 6.0),
    ("dot(a, b, 3, 4)", {"a": 1.0, "b": 2.0}, 11.0),
    ("where(x, 1, 2) + pi - pi", {"x": 0.0}, 2.0),
    ("clip(x, 0, 1)", {"x": 5.0}, 1.0),
    ("leaky_relu(x) + elu(x, 2)", {"x": 1.0}, 2.0),
    ("hypot(3, 4)\n+ norm(3, 4)", {}, 10.0),
    ("+1_000", {}, 1000.0),
]


@pytest.mark.parametrize(("text", "values", "expected"), READ)
def test_expressions_are_read_as_python_reads_them(text, values, expected):
    expression = parse(text)
    assert expression(*bind(expression, values)) == expected


def test_an_expression_records_a_graph():
    x, w = Value(0.5), Value(2.0)
    parse("tanh(x * w)")(x, w).backward()
    assert x.grad == 2.0 * autograd.grad(autograd.tanh)(1.0)


HOSTILE = [
    ("__import__('os').system('true')", "attributes", 0),
    ("x.__class__", "attributes", 0),
    ("().__class__.__bases__[0]", "indexing", 0),
    ("x[0]", "indexing", 0),
    ("(lambda: x)()", "defines no functions", 1),
    ("exp(x).data", "attributes", 0),
    ("open('f')", "there is no function 'open'", 0),
    ("eval('1')", "there is no function 'eval'", 0),
    ("x if x else 1", "where", 0),
    ("x < 1", "comparisons", 0),
    ("x and 1", "where", 0),
    ("[x for x in y]", "only numbers", 0),
    ("f'{x}'", "strings", 0),
    ("'text'", "str constants", 0),
    ("1j * x", "complex constants", 0),
    ("True + x", "bool constants", 0),
    ("None", "NoneType constants", 0),
    ("...", "ellipsis constants", 0),
    ("(y := x)", "assigns nothing", 1),
    ("exp(*x)", "stars", 4),
    ("exp(x=1)", "without keywords", 4),
    ("exp", "is a function", 0),
    ("exp(x, y)", "takes 1 operands, not 2", 0),
    ("sin x", "not an expression", None),
    ("x +", "not an expression", None),
    ("sin(x", "never closed", None),
    ("", "not an expression", None),
    ("x\x00y", "not an expression", None),
    ("1" + "0" * 399, "too large", 0),
    ("1" * 5000, "digits", None),
    ("(" * 5000 + "x" + ")" * 5000, "not an expression|too long", None),
    ("-" * 9000 + "x", "not an expression|nested", None),
    ("x" * 10_001, "too long", None),
    ("é + ß + foo(x)", "there is no function 'foo'", 8),
    ("1 +\n foo(x)", "there is no function 'foo'", 5),
    ("await x", "not an expression|only numbers", None),
    ("x @ y", "only numbers", 0),
    ("~x", "only numbers", 0),
    ("sinn(x)", "no function 'sinn'", 0),
    ("LN(x)", "did you mean log", 0),
]


@pytest.mark.parametrize(("text", "reason", "offset"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_is_an_error_with_a_caret(text, reason, offset):
    with pytest.raises(ExpressionError, match=reason) as caught:
        parse(text)
    if offset is not None:
        assert caught.value.offset == offset
        lines = str(caught.value).splitlines()
        assert lines[1].index("^") == offset or offset > 50


@given(st.text(max_size=80))
@example("ª")
@example("x\n\\")
@example("\ud800")
def test_any_text_is_read_or_refused(text):
    try:
        expression = parse(text)
    except ExpressionError:
        return
    assert expression.names is not None


@given(st.text(alphabet="x1e.+-*/%() ,absincol_'[]{}:=<>!~\"\\\n", max_size=60))
def test_any_text_of_the_right_letters_is_read_or_refused(text):
    try:
        expression = parse(text)
        expression(*[0.5] * len(expression.names))
    except (ExpressionError, autograd.AutogradError):
        pass


def test_every_function_can_be_called():
    for name, (_, counts) in FUNCTIONS.items():
        operands = ", ".join(["0.5"] * counts[0])
        if name != "polygamma":
            assert math.isfinite(parse(f"{name}({'1.5' if name == 'acosh' else operands})")())


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (["x"], "name=number"),
        (["=1"], "name=number"),
        (["x=one"], "not a number"),
        (["x=1", "x=2"], "two values"),
        ([""], "name="),
    ],
)
def test_values_that_are_none(texts, reason):
    with pytest.raises(ExpressionError, match=reason):
        assignments(texts)


def test_values_must_fit_the_names():
    with pytest.raises(ExpressionError, match="w has no value: add w=1"):
        bind(parse("x * w"), {"x": 1.0})
    with pytest.raises(ExpressionError, match="z is not in the expression"):
        bind(parse("x"), {"x": 1.0, "z": 1.0})
    with pytest.raises(TypeError, match="takes 1 values: x; got 2"):
        parse("x")(1.0, 2.0)
