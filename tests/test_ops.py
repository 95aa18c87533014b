"""Properties of every row of the table: a new row is tested by all of them, with no new test."""

import pytest
from support import EXCEPTIONS, OPS, caught, failures, partial_errors, value_errors

from autograd.ops import TABLE, Op

rows = pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)


# ---- accuracy


@rows
def test_values_are_within_2_ulps(op: Op) -> None:
    assert not (wrong := failures(value_errors(op))), wrong


@rows
def test_partials_are_within_4_ulps(op: Op) -> None:
    assert not (wrong := failures(partial_errors(op))), wrong


def test_exceptions_name_rows_of_the_table() -> None:
    assert set(EXCEPTIONS) <= set(TABLE)


MUTATIONS = {
    "1e-5 too large": lambda d: d * (1 + 1e-5),
    "of the wrong sign": lambda d: -d,
    "10 ulps off": lambda d: d * (1 + 10 * 2.0**-52),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("name", ["exp", "sqrt", "tanh", "gelu", "polygamma", "mul", "pow", "atan2", "fma", "logsumexp"])
def test_a_wrong_partial_is_caught(name: str, mutation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    op, change = TABLE[name], MUTATIONS[mutation]

    def mutated(f):
        return lambda *args: [change(d) for d in f(*args)] if op.nary else change(f(*args))

    monkeypatch.setattr(op, "partials", (*op.partials[:-1], mutated(op.partials[-1])))
    assert caught(partial_errors(op))


@pytest.mark.parametrize("name", ["cbrt", "exp", "sigmoid", "lgamma", "logaddexp", "dot"])
def test_a_wrong_value_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    op = TABLE[name]
    right = op.value
    monkeypatch.setattr(op, "value", lambda *args: right(*args) * (1 + 1e-13))
    assert caught(value_errors(op))
