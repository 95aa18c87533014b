"""Texts over lists in C: what has a form there, and what is refused. test_engines.py compares what both engines compute."""

import pytest

from autograd._engine import write_c
from autograd._engine.lists_in_c import Writer
from autograd.table import TABLE, Op


def lines(text, *, partials=False):
    """The statements a text becomes, and what it leaves, in one line each."""
    writer = Writer(lambda name: name)
    result = None
    if partials:
        writer.partials(writer.steps(text))
    else:
        result = writer.number(text)
    return [line.strip() for line in writer.lines], result, writer.least


def test_a_sum_over_a_slice_is_a_loop_from_there():
    written, result, least = lines("total(xs[2:], xs[1])")
    assert written == [
        "double total = xs[1].constant;",
        "for (Py_ssize_t i = 2; i < count; i++) {",
        "double x = xs[i].constant;",
        "total += x;",
        "}",
    ]
    assert (result, least) == ("total", 2)


def test_pairs_stop_with_the_shorter_list():
    written, _, _ = lines("total([a * b for a, b in zip(xs[1::2], xs[2::2])])")
    assert "for (Py_ssize_t i = 1; i < count - 1; i += 2) {" in written
    written, _, _ = lines("total(products(xs[1::2], xs[::2]))")
    assert {"double a = xs[i].constant;", "double b = xs[i - 1].constant;"} <= set(written)


def test_another_row_is_written_out_with_its_own_names():
    written, result, _ = lines("m = largest(xs); m + sumexp([m, *xs[1:]])")
    assert "total += exp((x - m));" in written
    assert result == "(m + total)"


def test_names_do_not_meet():
    written, _, _ = lines("count = total(xs); x = count * 2.0; total([x * y for y in xs])")
    assert "double count_2 = total;" in written
    assert len({line.split(" ")[1] for line in written if line.startswith("double") and line.endswith(" = 0.0;")}) == 2


def test_a_partial_that_is_none_finds_its_operand():
    writer = Writer(lambda name: name)
    writer.partial(1, "1.0 if a else None")
    assert [line.strip() for line in writer.lines] == [
        "if (TAKES(xs[1])) {", "if ((a != 0.0)) {", "FLOW(xs[1], 1.0);", "} else {", "FIND(xs[1]);", "}", "}",
    ]  # fmt: skip


def test_an_error_names_the_row():
    op = Op("odd", "o", ("xs",), "gamma(total(xs))", "[1.0] * len(xs)")
    with pytest.raises(ValueError, match=r"the row odd: gamma\(\) has no form in C"):
        write_c._of_row(op, write_c._value_of_list)


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.nary], ids=lambda op: op.name)
def test_every_row_of_any_number_of_operands_has_a_form(op):
    assert lines(op.text[0])[1]
    assert any("FLOW(xs[" in line for line in lines(op.text[1], partials=True)[0])


@pytest.mark.parametrize(
    ("text", "partials"),
    [
        ("total(sorted(xs))", False),
        ("total([x for x in xs if x > 0.0])", False),
        ("total([a * b for a, b in zip(xs, [1.0, *xs])])", False),
        ("total(xs[:2])", False),
        ("total(xs[m:])", False),
        ("xs[-1]", False),
        ("largest(xs[1:])", False),
        ("but_largest(xs)[0]", False),
        ("len(xs[1:])", False),
        ("sorted(xs)", True),
        ("[x for x in xs[1:]]", True),
        ("[1.0] + [x for x in xs]", True),
        ("[1.0] * 3", True),
        ("[1.0] + others(xs)", True),
        ("swapped(xs[1:])", True),
    ],
)
def test_what_has_no_form_is_refused(text, partials):
    with pytest.raises(ValueError):
        lines(text, partials=partials)
