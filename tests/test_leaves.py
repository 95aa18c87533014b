"""Many leaves at once, and layers of dot products: the accelerator's twins do what their definitions say."""

import copy
import pickle
import random
from array import array

import numpy as np
import pytest

import autograd
from autograd import GraphError, Value, no_grad, value
from autograd._engine import bulk
from autograd._engine.bulk import assign, assign_grads, columns, grads, numbers
from autograd._engine.fused_layers import dense, through


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


def test_an_accelerators_column_is_a_sequence_of_floats():
    x = Value(2.0)
    x.grad = 0.5
    for column, entry in zip(columns([x, Value(0.0)]), (2.0, 0.5), strict=True):
        assert (list(column), len(column), column[0], column[-1]) == ([entry, 0.0], 2, entry, 0.0)
        assert list(copy.deepcopy(column)) == list(pickle.loads(pickle.dumps(column))) == [entry, 0.0]
        assign([x, Value(1.0)], column)
        assert x.data == entry
        with pytest.raises(ValueError, match="1 leaves take 1 numbers, not 2"):
            assign([x], column)
        with pytest.raises(IndexError):
            column[2]
    with pytest.raises((TypeError, AttributeError)):
        columns([1.0])


def network(rng, number=Value):
    """Three layers, of which the last has one output: of Values and constants, with and without functions."""
    shapes = [(3, 2, autograd.tanh), (2, 3, None), (1, 2, autograd.relu)]
    return tuple(
        dense(
            [[number(rng.uniform(-1.0, 1.0)) for _ in range(m)] for _ in range(n)],
            [rng.choice([Value(0.5), 0.25, 1]) for _ in range(n)],
            function,
        )
        for n, m, function in shapes
    )


def separately(x, layers):
    """What `through` says it does, in other words."""
    for rows, starts, function, _ in layers:
        x = [autograd.dot(row, x, start) for row, start in zip(rows, starts, strict=True)]
        x = x if function is None else [function(y) for y in x]
    return x[0] if len(x) == 1 else x


def leaves_of(layers):
    return [v for rows, starts, *_ in layers for v in (*starts, *(w for row in rows for w in row)) if type(v) is Value]


@pytest.mark.parametrize("x", [[0.5, -0.25], [Value(0.5), -0.25], [1, True], [Value(1.0) * 0.5, Value(2.0).sin()]])
@pytest.mark.parametrize("number", [Value, lambda w: Value(w) * 1.5])
def test_through_layers_is_dot_after_dot(x, number):
    layers = network(random.Random(1), number)
    found = []
    for run in (through, separately, through):
        for v in (*leaves_of(layers), *x):
            if type(v) is Value:
                v.grad = 0.0
        y, twice = run(x, layers), run(x, layers)
        (y * twice).backward()
        first = autograd._engine.walks.operands(autograd._engine.walks.operands(y)[0])
        found.append(([v.grad for v in leaves_of(layers)], y.data, [getattr(v, "grad", v) for v in (*x, *first)]))
    assert found[0] == found[1] == found[2]
    assert len(autograd._engine.walks.ancestors(y)) == len(autograd._engine.walks.ancestors(separately(x, layers)))


def test_through_reads_its_lists_anew():
    layer = dense([[Value(1.0), 2.0], [Value(3.0), 4.0]], [0.0, Value(0.5)], None)
    rows, starts, *_ = layer
    outputs = []
    for change in (
        lambda: None,
        lambda: rows[0].__setitem__(1, 3.0),
        lambda: rows[0].__setitem__(0, Value(10.0)),
        lambda: starts.__setitem__(0, Value(100.0)),
        rows.reverse,
        lambda: rows[1].insert(0, rows[1].pop()),
    ):
        change()
        outputs.append([y.data for y in through([1.0, 1.0], (layer,))])
    assert outputs == [[3.0, 7.5], [4.0, 7.5], [13.0, 7.5], [113.0, 7.5], [107.0, 13.5], [107.0, 13.5]]
    rows.append([Value(1.0), 1.0])
    starts.append(0.0)
    assert len(through([1.0, 1.0], (layer,))) == 3


def test_one_pass_hands_on_what_flows_and_what_does_not():
    """Rows and inputs of nodes to which nothing flows are found once in a pass, and again in the next."""
    dead = dense([[Value(-1.0)], [Value(-2.0)]], [0.0, 0.0], autograd.relu)
    alive = dense([[Value(1.0), Value(1.0)]], [0.0], None)
    w, x = dead[0][0][0], Value(1.0)
    y = through([x * 1.0], (dead, alive)) + through([x * 2.0], (dead, alive)) + w
    for n in (1.0, 2.0):
        y.backward()
        assert (w.grad, x.grad, x.reached, dead[0][1][0].reached) == (n, 0.0, True, True)
    w.data = 5.0
    with pytest.raises(autograd.StaleValueError):
        y.backward()
    assert w.grad == 2.0


def test_a_stale_weight_is_found_where_nothing_flows():
    dead = dense([[Value(-1.0)]], [0.0], autograd.relu)
    old = through([Value(1.0)], (dead,))
    dead[0][0][0].data = -2.0
    new = through([Value(1.0)], (dead,))
    with pytest.raises(autograd.StaleValueError):
        (old + new).backward()
    new.backward()


def test_through_in_transforms_and_with_custom_operations():
    square = autograd.custom_op(lambda x: x * x, lambda x: 2 * x, name="square")
    layers = network(random.Random(2))
    assert autograd.grad(lambda x: through(x, layers))([0.3, 0.4]) == autograd.grad(lambda x: separately(x, layers))([0.3, 0.4])
    hessians = [
        autograd.hessian(lambda x, run=run: run([square(v) for v in x], layers))([0.3, 0.4]) for run in (through, separately)
    ]
    assert hessians[0] == hessians[1]
    w = layers[0][0][0][0]
    by_weight = [autograd.grad(lambda x, run=run: run([x, w], layers))(0.3) for run in (through, separately)]
    assert by_weight[0] == by_weight[1]


def test_through_the_careful_way():
    big = dense([[Value(1e308)], [Value(1.0)]], [0.0, 0.0], None)
    assert [y.data for y in through([10.0], (big,))] == [float("inf"), 10.0]
    log = dense([[Value(1.0)]], [0.0], autograd.log)
    with pytest.raises(autograd.DomainError):
        through([-1.0], (log,))
    mine = dense([[Value(1.0)]], [0.0], lambda v: v * v)
    assert through([3.0], (mine, mine)).data == 81.0
    assert through([3.0], (dense([[2.0]], [1.0], None),)) == 7.0
    with no_grad():
        assert all(y.is_leaf for y in through([1.0], (big,)))
    with pytest.raises(ValueError, match="argument 2 is"):
        through([1.0], (dense([[Value(1.0)], [Value(1.0)]], [0.0], None),))
    for x in (["1"], [None], [np.ones(2)]):
        with pytest.raises(TypeError):
            through(x, (big,))
    with pytest.raises(ValueError, match="of one length"):
        through([1.0, 2.0], (big,))


def test_through_nothing():
    x = Value(1.0)
    assert through([x, 2.0], ()) == [1.0, 2.0]
    bias = Value(3.0)
    for _ in range(2):
        assert through([], (dense([[]], [bias], None),)).data == 3.0
    assert through([x], (dense([], [], None),)) == []


@pytest.mark.skipif(value.accelerator is None, reason="the accelerator is not built")
def test_what_the_accelerator_asks_of_its_callers():
    for f, arguments in {
        value.accelerator.dense: ((), [], None),
        value.accelerator.columns: (((),),),
        value.accelerator.update: ("sgd", [], ()),
    }.items():
        with pytest.raises(TypeError):
            f(*arguments)
    update, options = value.accelerator.update, (0.5, 0.0, 0.0, False)
    assert update("sgd", ([1.0], [2.0], [3.0]), options) == ([0.0], [3.0])
    assert update("sgd", (array("d", [1.0]), [2.0], [3.0]), options) == (array("d", [0.0]), array("d", [3.0]))
    for name, columns_, options_ in (
        ("none", ([1.0], [2.0], [3.0]), options),
        (1, ([1.0], [2.0], [3.0]), options),
        ("sgd", ([1], [2.0], [3.0]), options),
        ("sgd", ((1.0,), [2.0], [3.0]), options),
        ("sgd", (array("f", [1.0]), [2.0], [3.0]), options),
        ("sgd", ([1.0], [1.0, 2.0], [3.0]), options),
        ("sgd", ([1.0], [2.0]), options),
        ("sgd", ([1.0], [2.0], [3.0]), (Value(0.5), 0.0, 0.0, False)),
        ("sgd", ([1.0], [2.0], [3.0]), (2**60, 0.0, 0.0, False)),
        ("sgd", ([1.0], [2.0], [3.0]), options[:3]),
    ):
        assert update(name, columns_, options_) is None


@pytest.mark.parametrize(
    ("xs", "first", "n", "width", "found"),
    [
        ([1.0, 2.0], 1, 2, 0, [0.0, 1.0, 2.0, 0.0]),
        ((1.0,), 3, 1, 0, [0.0, 0.0, 0.0, 1.0]),
        ([[1.0, 2.0], [3.0, 4.0]], 0, 2, 2, [1.0, 2.0, 3.0, 4.0]),
        ([], 0, 0, 0, [0.0] * 4),
        ([1.0, 2], 0, 2, 0, None),
        ([1.0, True], 0, 2, 0, None),
        ([1.0], 0, 2, 0, None),
        ([1.0, 2.0], 3, 2, 0, None),
        ([[1.0], [2.0, 3.0]], 0, 2, 1, None),
        ([(1.0,), (2.0,)], 0, 2, 1, None),
        ({0: 1.0}, 0, 1, 0, None),
        (1.0, 0, 1, 0, None),
    ],
)
def test_floats_are_put_into_memory_or_refused(xs, first, n, width, found):
    numbers = array("d", [0.0] * 4)
    assert bulk.put(xs, memoryview(numbers), first, n, width) is (found is not None)
    if found is not None:
        assert numbers.tolist() == found
