"""Many leaves at once, and many dot products with one vector: the accelerator's twins do what their definitions say."""

import pytest

import autograd
from autograd import GraphError, Value, no_grad
from autograd.leaves import assign, assign_grads, grads, numbers
from autograd.rows import dots


def test_reading_and_assigning():
    xs = [Value(1.0), Value(2)]
    assign(xs, [3, 4.5])
    assign_grads(xs, 0.25)
    assert (numbers(xs), grads(xs), grads([Value(1.0)])) == ([3.0, 4.5], [0.25, 0.25], [0.0])
    assert all(x.reached for x in xs)


def computed():
    return Value(1.0) * 2.0


@pytest.mark.parametrize(
    ("leaves", "data", "error"),
    [
        (lambda: [Value(1.0)], [1.0, 2.0], ValueError),
        (lambda: [Value(1.0), Value(1.0)], [5.0, "6"], TypeError),
        (lambda: [Value(1.0), computed()], [5.0, 6.0], GraphError),
    ],
)
def test_all_are_assigned_or_none(leaves, data, error):
    xs = leaves()
    before = numbers(xs)
    with pytest.raises(error):
        assign(xs, data)
    assert numbers(xs) == before


def test_an_assignment_makes_graphs_stale():
    x = Value(1.0)
    y = x * 2.0
    assign([x], [1.0])
    with pytest.raises(autograd.StaleValueError):
        y.backward()


@pytest.mark.parametrize("x", [[0.5, -0.25], [Value(0.5), -0.25], [1, True]])
@pytest.mark.parametrize("starts", [[0.0, 1.0], [Value(2.0), 3]])
def test_dots_are_dots(x, starts):
    rows = [[Value(2.0), 3.0], [Value(-1.0), Value(4.0)]]
    ys = dots(rows, x, starts)
    assert [y.data for y in ys] == [autograd.dot(row, x, start).data for row, start in zip(rows, starts, strict=True)]
    autograd.sum(ys).backward()
    assert rows[0][0].grad == rows[1][0].grad == (x[0].data if type(x[0]) is Value else x[0])


def test_dots_the_careful_way():
    rows = [[Value(1e308)], [Value(1.0)]]
    assert [y.data for y in dots(rows, [10.0], [0.0, 0.0])] == [float("inf"), 10.0]
    with no_grad():
        assert all(y.is_leaf for y in dots(rows, [1.0], [0.0, 0.0]))
    with pytest.raises(ValueError, match="argument 2 is"):
        dots(rows, [1.0], [0.0])
    with pytest.raises(TypeError, match="not str"):
        dots(rows, ["1"], [0.0, 0.0])
