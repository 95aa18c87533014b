"""Neurons, layers and stacks: what they compute, what they refuse, and programs written for micrograd."""

import copy
import gc
import math
import random
import weakref
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

import autograd
import nn
from autograd import Value
from nn.layers import ACTIVATIONS


def test_a_neuron_is_a_sigmoid_of_two_nodes():
    neuron = nn.Neuron(2, seed=3)
    y = neuron([0.5, -1.0])
    w, b = [p.data for p in neuron.weights], neuron.bias.data
    assert y.data == autograd.sigmoid(b + w[0] * 0.5 + w[1] * -1.0)
    assert len(autograd._engine.walks.ancestors(y)) == 2 + 3
    y.backward()
    slope = y.data * (1 - y.data)
    assert [p.grad for p in neuron.parameters()] == pytest.approx([0.5 * slope, -slope, slope], rel=1e-15)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_by_name_and_by_function_agree(name):
    function = getattr(autograd, name, lambda v: v)
    results = [nn.Neuron(2, kind, seed=0)([0.3, 0.4]).data for kind in (name, function)]
    assert results[0] == results[1] == function(nn.Neuron(2, None, seed=0)([0.3, 0.4])).data
    assert name in repr(nn.Neuron(1, name))


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({}, "'sigmoid'"),
        ({"nonlin": True}, "'relu'"),
        ({"nonlin": False}, "'linear'"),
        ({"activation": True}, "'relu'"),
        ({"activation": False}, "'linear'"),
        ({"activation": None}, "'linear'"),
        ({"activation": lambda v: v * v}, "'<lambda>'"),
        ({"activation": nn.Neuron(1)}, "'Neuron'"),
        ({"bias": False}, "'sigmoid', bias=False"),
    ],
)
def test_how_a_neuron_says_what_it_is(options, shown):
    assert repr(nn.Neuron(2, **options)) == f"Neuron(2, activation={shown})"
    assert repr(nn.Layer(2, 3, **options)) == f"Layer(2, 3, activation={shown})"


def test_without_a_bias():
    neuron = nn.Neuron(2, "linear", bias=False, init=nn.init.constant(2.0))
    assert (neuron([1.0, 3.0]).data, neuron.b, len(neuron.parameters())) == (8.0, None, 2)


@pytest.mark.parametrize(
    ("x", "total"),
    [
        ([1.0, 2.0], 3.0),
        ((1, True), 2.0),
        ([Value(1.0), 2], 3.0),
        ([Fraction(1, 2), 1], 1.5),
        (map(Value, [1.0, 2.0]), 3.0),
        (range(2), 1.0),
        ([math.inf, 1.0], math.inf),
    ],
)
def test_inputs_are_any_sequence_of_numbers(x, total):
    assert nn.Neuron(2, "linear", init=nn.init.constant(1.0))(x).data == total


def test_inputs_may_be_numpy_arrays():
    np = pytest.importorskip("numpy")
    layer = nn.Layer(2, 3, "linear", init=nn.init.constant(1.0))
    for x in (
        np.array([1.0, 2.0]),
        np.array([1, 2]),
        np.array([Value(1.0), 2.0]),
        list(np.array([1.0, 2.0], dtype=np.float32)),
    ):
        assert [y.data for y in layer(x)] == [3.0, 3.0, 3.0]


REFUSED = [
    (lambda: nn.Neuron(2)([1.0]), ValueError, r"Neuron\(2, activation='sigmoid'\) expects 2 inputs, got 1$"),
    (lambda: nn.Neuron(1)([1.0, 2.0]), ValueError, r"expects 1 input, got 2$"),
    (lambda: nn.Layer(2, 2)([1.0, 2.0, 3.0]), ValueError, r"Layer\(2, 2, activation='sigmoid'\) expects 2 inputs, got 3"),
    (lambda: nn.MLP(2, [4, 1])([]), ValueError, "expects 2 inputs, got 0"),
    (lambda: nn.MLP(2, [4, 1])(1.0), ValueError, "expects 2 inputs, got 1"),
    (lambda: nn.Neuron(2)("12"), TypeError, "takes a sequence of 2 numbers, not str"),
    (lambda: nn.Neuron(2)({1.0: 2, 2.0: 3}), TypeError, "takes a sequence of 2 numbers, not dict"),
    (lambda: nn.Neuron(2)(None), TypeError, "NoneType"),
    (lambda: nn.Neuron(2)(["1", "2"]), TypeError, r"an input of Neuron\(2, .*\) is no number: .* not str"),
    (lambda: nn.Neuron(2)([[1.0], [2.0]]), TypeError, r"an input of .* is no number but a list: for rows of inputs"),
    (lambda: nn.MLP(2, [3, 1])(np.ones((60, 2))), TypeError, r"Layer\(2, 3.* but a list: .*write \[model\(x\) for x"),
    (lambda: nn.Layer(2, 3)([np.ones(2)]), TypeError, r"Layer\(2, 3.* but a ndarray: .*write \[model\(x\) for x in rows\]$"),
    (lambda: nn.Neuron(0), ValueError, "n_inputs must be a positive int, not 0"),
    (lambda: nn.Neuron(-1), ValueError, "n_inputs must be a positive int, not -1"),
    (lambda: nn.Neuron(2.0), TypeError, "n_inputs must be a positive int, not 2.0 of type float"),
    (lambda: nn.Neuron(True), TypeError, "n_inputs must be a positive int, not True of type bool"),
    (lambda: nn.Layer(2, 0), ValueError, "n_outputs must be a positive int, not 0"),
    (lambda: nn.MLP(2, []), ValueError, r"sizes must be a list of at least one positive int: \[4, 1\]"),
    (lambda: nn.MLP(2, 4), ValueError, "sizes must be a list of at least one positive int"),
    (lambda: nn.MLP(2, "41"), ValueError, "sizes must be a list"),
    (lambda: nn.MLP(2, [4, 0, 1]), ValueError, r"sizes\[1\] must be a positive int, not 0"),
    (lambda: nn.MLP(0, [1]), ValueError, "n_inputs must be a positive int, not 0"),
    (lambda: nn.Neuron(2, "sigmod"), ValueError, r"unknown activation: 'sigmod' \(must be a function or one of \['elu', "),
    (lambda: nn.Neuron(2, 3), TypeError, "activation must be a name or a function, not 3 of type int"),
    (lambda: nn.Sequential(nn.Neuron(1), 3), TypeError, "Sequential takes modules and functions, not 3 of type int"),
    (lambda: nn.Layer(1, 1, nonsense=1), TypeError, "nonsense"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("sizes", [[1], [1, 1], [1, 1, 1], [3, 1, 3, 1]])
def test_width_1_works_everywhere(sizes):
    model = nn.MLP(1, sizes, activation="tanh", seed=0)
    y = model(0.5)
    assert type(y) is Value
    assert model([0.5]).data == y.data
    y.backward()
    assert all(p.grad != 0.0 for p in model.parameters())


def test_sequential_runs_functions_too_and_empty_it_gives_its_input_back():
    model = nn.Sequential(nn.Layer(2, 3, seed=0), autograd.softmax, nn.Sequential())
    assert sum(p.data for p in model([1.0, 2.0])) == pytest.approx(1.0, rel=1e-15)
    assert len(model.parameters()) == 9


def test_mlp_is_relu_inside_and_linear_at_its_end_unless_told_otherwise():
    kinds = [[layer.neurons[0].activation for layer in model.layers] for model in (
        nn.MLP(2, [3, 3, 1]), nn.MLP(2, [3, 1], activation="tanh", output="sigmoid"), nn.MLP(2, [1]),
    )]  # fmt: skip
    assert kinds == [["relu", "relu", "linear"], ["tanh", "sigmoid"], ["linear"]]
    assert repr(nn.MLP(2, [3, 3, 1])) == "MLP(2, [3, 3, 1]: relu, relu, linear; 25 parameters)"
    assert nn.MLP(2, [3, 1], bias=False).state_dict().keys() == {
        *(f"layers.0.neurons.{i}.weights.{j}" for i in range(3) for j in range(2)),
        *(f"layers.1.neurons.0.weights.{j}" for j in range(3)),
    }


def test_seeds():
    def draw(seed):
        return list(nn.MLP(2, [3, 1], seed=seed, bias_init=nn.init.uniform()).state_dict().values())

    assert draw(1) == draw(1) == draw(random.Random(1)) != draw(2)
    random.seed(1)
    assert draw(None) == draw(1)
    assert draw(None) != draw(1)


class Micrograd:
    """The weights and outputs of micrograd's nn.py (A. Karpathy, 2020), written out again in floats."""

    def __init__(self, n, sizes):
        widths = [n, *sizes]
        self.layers = [
            [([random.uniform(-1, 1) for _ in range(a)], 0.0, i != len(sizes) - 1) for _ in range(b)]
            for i, (a, b) in enumerate(pairwise(widths))
        ]

    def __call__(self, x):
        for layer in self.layers:
            totals = [(b + math.fsum(wi * xi for wi, xi in zip(w, x)), relu) for w, b, relu in layer]
            x = [max(total, 0.0) if relu else total for total, relu in totals]
        return x[0] if len(x) == 1 else x


def test_a_program_for_micrograd_starts_at_micrograds_weights_and_learns():
    random.seed(1337)
    theirs = Micrograd(2, [8, 8, 1])
    random.seed(1337)
    model = nn.MLP(2, [8, 8, 1])
    assert [p.data for p in model.parameters()] == [x for layer in theirs.layers for w, b, _ in layer for x in (*w, b)]
    points, labels = nn.datasets.moons(24, seed=1)
    inputs = [list(map(Value, row)) for row in points]
    y = [2 * label - 1 for label in labels]
    assert [model(x).data for x in inputs] == pytest.approx([theirs(row) for row in points], rel=1e-12)

    totals = []
    for k in range(60):
        scores = list(map(model, inputs))
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores)]
        data_loss = sum(losses) * (1.0 / len(losses))
        total_loss = data_loss + 1e-4 * sum(p * p for p in model.parameters())
        accuracy = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(y, scores)]
        totals.append(total_loss.data)
        model.zero_grad()
        total_loss.backward()
        learning_rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= learning_rate * p.grad
    assert totals[-1] < 0.2 * totals[0]
    assert sum(accuracy) >= 22


def test_micrograds_names_for_parts():
    neuron = nn.Neuron(3, nonlin=False)
    assert neuron.w is neuron.weights
    assert neuron.b is neuron.bias
    assert neuron.parameters() == [*neuron.w, neuron.b]
    model = nn.MLP(2, [3, 1])
    assert [len(layer.neurons) for layer in model.layers] == [3, 1]
    assert type(nn.Layer(2, 1)([1.0, 2.0])) is Value
    assert type(nn.Layer(2, 2)([1.0, 2.0])) is list


def test_a_layer_sees_what_is_changed_in_its_neurons():
    layer = nn.Layer(1, 2, "linear", init=nn.init.constant(1.0))
    outputs = [[y.data for y in layer([1.0])]]
    for change in (
        lambda: setattr(layer.neurons[0], "bias", Value(10.0)),
        lambda: setattr(layer.neurons[0], "weights", [Value(5.0)]),
        lambda: layer.neurons[0].weights.__setitem__(0, Value(6.0)),
        layer.neurons.reverse,
        lambda: setattr(layer.neurons[0], "bias", None),
        lambda: layer.neurons.__setitem__(0, nn.Neuron(1, "relu", init=nn.init.constant(-1.0))),
    ):
        change()
        outputs.append([y.data for y in layer([1.0])])
    assert outputs == [[1.0, 1.0], [11.0, 1.0], [15.0, 1.0], [16.0, 1.0], [1.0, 16.0], [1.0, 16.0], [0.0, 16.0]]


def test_a_copied_layer_reads_its_own_neurons():
    layer = nn.Layer(1, 2, "linear", init=nn.init.constant(1.0))
    layer([1.0])
    twin = copy.deepcopy(layer)
    twin.neurons[0].weights[0].data = 3.0
    assert [[y.data for y in one([1.0])] for one in (layer, twin)] == [[1.0, 1.0], [3.0, 1.0]]


def test_a_neuron_of_a_subclass_computes_in_its_own_way():
    class Constant(nn.Neuron):
        def forward(self, _x):
            return Value(7.0)

    layer = nn.Layer(1, 2, "linear", init=nn.init.constant(1.0))
    layer.neurons[1] = Constant(1)
    assert [y.data for y in layer([2.0])] == [2.0, 7.0]


@pytest.mark.parametrize("x", [["1", 2.0], [None, 1.0], [[1.0], 2.0], [np.ones(2), 1.0]])
def test_a_layer_names_what_is_no_number(x):
    with pytest.raises(TypeError, match=r"an input of Layer\(2, 2, .*\) is no number"):
        nn.Layer(2, 2)(x)


def test_a_stack_sees_what_is_changed_in_its_layers():
    model = nn.Sequential(*(nn.Layer(n, m, "linear", init=nn.init.constant(1.0)) for n, m in ((1, 2), (2, 1))))
    outputs = [model([1.0]).data]
    for change in (
        lambda: model.layers[0].neurons.__setitem__(0, nn.Neuron(1, "linear", init=nn.init.constant(3.0))),
        lambda: setattr(model.layers[0].neurons[1], "weights", [Value(5.0)]),
        lambda: setattr(model.layers[1], "neurons", [nn.Neuron(2, "linear", init=nn.init.constant(2.0))]),
        lambda: model.layers.append(lambda y: y * 10.0),
        lambda: setattr(model, "layers", model.layers[:2]),
        lambda: setattr(model.layers[0], "forward", lambda x: [x[0], 0.0]),
    ):
        change()
        outputs.append(model([1.0]).data)
    assert outputs == [2.0, 4.0, 8.0, 16.0, 160.0, 16.0, 2.0]


def test_a_layer_of_a_subclass_computes_in_its_own_way_in_a_stack():
    class Doubled(nn.Layer):
        def forward(self, x):
            return [2.0 * y for y in super().forward(x)]

    model = nn.Sequential(
        Doubled(1, 2, "linear", init=nn.init.constant(1.0)), nn.Layer(2, 1, "linear", init=nn.init.constant(1.0))
    )
    assert model([3.0]).data == 12.0


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", abs, lambda v: v * v])
def test_a_stack_is_its_layers_one_after_the_other(activation):
    model = nn.MLP(2, [3, 3, 2], activation=activation, output=activation, seed=4)
    x = one_by_one = [0.5, -0.25]
    for layer in model.layers:
        one_by_one = [neuron(one_by_one) for neuron in layer.neurons]
    for run in (model, copy.deepcopy(model), copy.deepcopy(model)):
        assert [y.data for y in run(x)] == [y.data for y in run(tuple(x))] == [y.data for y in one_by_one]


def test_a_stack_of_layers_that_do_not_fit_names_the_one():
    model = nn.Sequential(nn.Layer(2, 3), nn.Layer(2, 1))
    with pytest.raises(ValueError, match=r"Layer\(2, 1, .* expects 2 inputs, got 3"):
        model([1.0, 2.0])


def test_with_the_collector_off_a_model_that_was_used_is_freed_at_once():
    gc.collect()
    gc.disable()
    try:
        model = nn.MLP(2, [2, 1], seed=0)
        model([1.0, 2.0])
        model.layers[0]([1.0, 2.0])
        gone = [weakref.ref(part) for part in (model, *model.layers, model.layers[0].neurons[0])]
        del model
        assert [r() for r in gone] == [None] * 4
    finally:
        gc.enable()


def constant_stack():
    return nn.Sequential(*(nn.Layer(n, m, "linear", init=nn.init.constant(1.0)) for n, m in ((1, 2), (2, 1))))


@pytest.mark.parametrize("kind", [nn.Neuron, nn.Layer])
def test_a_method_assigned_to_the_class_is_seen(monkeypatch, kind):
    model = constant_stack()
    assert [model([3.0]).data, model.layers[0]([3.0])[0].data] == [6.0, 3.0]
    own = kind.forward
    with monkeypatch.context() as patch:
        patch.setattr(kind, "forward", lambda self, x: [7.0, 8.0] if self.n_inputs == 1 else own(self, x))
        if kind is nn.Layer:
            assert model([3.0]).data == 15.0
        patch.setattr(kind, "forward", lambda self, x: 9.0)
        assert model([3.0]) == 9.0
    assert model([3.0]).data == 6.0


def test_a_method_assigned_to_one_neuron_is_seen():
    model = constant_stack()
    model([3.0])
    model.layers[0].neurons[1].forward = lambda x: 10.0
    assert [model([3.0]).data, model.layers[0]([3.0])[1]] == [13.0, 10.0]
    del model.layers[0].neurons[1].forward
    assert model([3.0]).data == 6.0


def test_a_stack_is_the_sequence_of_its_parts():
    model = nn.MLP(2, [3, 4, 1], seed=0)
    assert (len(model), list(model), model[-1]) == (3, model.layers, model.layers[2])
    front = model[:2]
    assert (type(front), front.layers) == (nn.Sequential, model.layers[:2])
    assert model[2](front([1.0, 2.0])).data == model([1.0, 2.0]).data
    with pytest.raises(IndexError):
        model[3]
