"""Modules: which parameters they find, under which names; state, copies, and how they print."""

import copy
import pickle
from typing import ClassVar

import pytest

import autograd
import nn
from autograd import Value


class Tree(nn.Module):
    """A module with the attributes it is given."""

    def __init__(self, **parts):
        vars(self).update(parts)


def names(model):
    found = dict(model.named_parameters())
    assert list(found.values()) == model.parameters()  # by number
    assert list(map(id, found.values())) == list(map(id, model.parameters()))
    return list(found)


def test_parameters_are_found_in_every_kind_of_attribute_and_in_order():
    np = pytest.importorskip("numpy")
    a, b = Value(1.0), Value(2.0)
    model = Tree(
        one=a,
        listed=[Value(0.0), (Value(0.0), {"key": Value(0.0), 3: [Value(0.0)]})],
        part=Tree(inner=b),
        array=np.array([[Value(0.0), Value(0.0)]]),
        number=3.0,
        text="abc",
        nothing=None,
        numbers=np.ones(3),
        words={"a", "b"},
        computed=a * b,
        again=[a, b],
        empty=[],
    )
    assert names(model) == [
        "one",
        "listed.0",
        "listed.1.0",
        "listed.1.1.key",
        "listed.1.1.3.0",
        "part.inner",
        "array.0",
        "array.1",
    ]
    assert [v.data for v in nn.MLP(2, [3, 1], seed=0).parameters()] == list(nn.MLP(2, [3, 1], seed=0).state_dict().values())


def test_shared_parts_are_reported_once_under_the_first_name_and_cycles_end():
    layer = nn.Layer(2, 2)
    model = Tree(first=layer, second=layer, bias=layer.neurons[0].bias)
    model.me = model
    model.more = [model, [layer]]
    assert names(model) == [f"first.neurons.{i}.{w}" for i in range(2) for w in ("weights.0", "weights.1", "bias")]
    child = Tree(parent=model)
    model.child = child
    assert repr(child).count("...") == 1


def test_a_very_deep_structure_is_walked():
    deep = [Value(1.0)]
    for _ in range(3000):
        deep = [deep]
    assert len(Tree(deep=deep).parameters()) == 1


def test_parameters_are_looked_for_anew_each_time():
    model = Tree(a=Value(1.0))
    model.b = [Value(2.0)]
    assert names(model) == ["a", "b.0"]
    del model.a
    assert names(model) == ["b.0"]


@pytest.mark.parametrize(
    ("parts", "error", "message"),
    [
        ({"x": {1: Value(0.0), "1": Value(0.0)}}, ValueError, r"two parameters of Tree have the path 'x\.1'"),
        ({"x": {"a.b": Value(0.0), "a": {"b": Value(0.0)}}}, ValueError, r"path 'x\.a\.b': rename a dict key"),
        ({"x": [{Value(0.0)}]}, TypeError, "a set of parameters has no order, so they have no names: use a list"),
        ({"x": frozenset([nn.Neuron(1)])}, TypeError, "a set of parameters has no order"),
    ],
)
def test_structures_that_have_no_names(parts, error, message):
    with pytest.raises(error, match=message):
        list(Tree(**parts).named_parameters())


def test_micrograds_way_of_writing_a_module():
    class Mine(nn.Module):
        def __init__(self):  # no super().__init__()
            self.w = [Value(2.0), Value(3.0)]
            self.b = Value(1.0)

        def __call__(self, x):
            return sum((wi * xi for wi, xi in zip(self.w, x)), self.b).relu()

        def parameters(self):
            return [*self.w, self.b]

    mine = Mine()
    y = mine([1.0, 2.0])
    y.backward()
    assert (y.data, [p.grad for p in mine.parameters()]) == (9.0, [1.0, 2.0, 1.0])
    mine.zero_grad()
    assert [p.grad for p in mine.parameters()] == [0.0, 0.0, 0.0]


def test_forward_is_called_and_its_absence_named():
    class Twice(nn.Module):
        def forward(self, x, *, plus=0.0):
            return 2 * x + plus

    assert Twice()(3.0, plus=1.0) == 7.0
    with pytest.raises(NotImplementedError, match=r"Tree defines no forward\(\)"):
        Tree()(1.0)


def test_state_goes_from_one_model_to_another_with_the_same_outputs():
    a, b = nn.MLP(2, [4, 3], seed=1), nn.MLP(2, [4, 3], seed=2)
    b.load_state_dict(a.state_dict())
    assert b.state_dict() == a.state_dict()
    assert [v.data for v in b([1.0, -2.0])] == [v.data for v in a([1.0, -2.0])]


def state(n, sizes, **changes):
    found = nn.MLP(n, sizes, seed=0).state_dict() | changes
    return {name: x for name, x in found.items() if x is not ...}


MISFITS = [
    (state(3, [4, 1]), ValueError, r"layers\.0\.neurons\.0\.weights has 2 entries, the state 3; .*neurons\.3\.weights"),
    (state(1, [4, 1]), ValueError, r"layers\.0\.neurons\.0\.weights has 2 entries, the state 1"),
    (
        state(2, [5, 1]),
        ValueError,
        r"layers\.0\.neurons has 4 entries, the state 5; layers\.1\.neurons\.0\.weights has 4 .* 5$",
    ),
    (state(2, [4, 4, 1]), ValueError, r"layers has 2 entries, the state 3"),
    (state(2, [4, 1], **{"layers.1.neurons.0.bias": ...}), ValueError, r"MLP: missing: layers\.1\.neurons\.0\.bias$"),
    (state(2, [4, 1], **{"layers.1.neurons.0.gain": 1.0}), ValueError, r"MLP: unexpected: layers\.1\.neurons\.0\.gain$"),
    (state(2, [4, 1], **{"layers.1.neurons.0.bias.0": 1.0}), ValueError, r"unexpected: layers\.1\.neurons\.0\.bias\.0$"),
    ({}, ValueError, r"missing: layers\.0\.neurons\.0\.weights\.0, .* and 12 more$"),
    (state(2, [4, 1]) | {7: 1.0}, ValueError, "unexpected: 7$"),
    (
        state(2, [4, 1], **{"layers.0.neurons.0.bias": "1"}),
        TypeError,
        r"entry 'layers\.0\.neurons\.0\.bias' of the state is no",
    ),
    (state(2, [4, 1], **{"layers.1.neurons.0.bias": [1.0]}), TypeError, r"is no number: .* not list"),
    ([1.0], TypeError, "takes a mapping of paths to numbers, not list"),
]


@pytest.mark.parametrize(("saved", "error", "message"), MISFITS)
def test_a_state_that_does_not_fit_is_refused_and_changes_nothing(saved, error, message):
    model = nn.MLP(2, [4, 1], seed=5)
    before = model.state_dict()
    with pytest.raises(error, match=message):
        model.load_state_dict(saved)
    assert model.state_dict() == before


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_deep_copies_and_pickles_have_parameters_of_their_own(copied):
    model = nn.Sequential(nn.Layer(2, 3, "tanh", seed=0), nn.Neuron(3, autograd.relu, seed=1))
    model.shared = model.layers[0].neurons[0].bias
    model([1.0, 2.0]).backward()
    other = copied(model)
    assert other.state_dict() == model.state_dict()
    assert [p.grad for p in other.parameters()] == [p.grad for p in model.parameters()]
    assert other.shared is other.layers[0].neurons[0].bias
    assert not set(map(id, other.parameters())) & set(map(id, model.parameters()))
    assert other([1.0, 2.0]).data == model([1.0, 2.0]).data
    other.shared.data = 7.0
    assert model.shared.data == 0.0


def test_a_shallow_copy_shares_parameters():
    neuron = nn.Neuron(2)
    assert copy.copy(neuron).parameters()[0] is neuron.weights[0]


def test_repr():
    inner = Tree(a=Value(1.0), b=Value(2.0))
    assert repr(Tree(x=inner, list=[nn.Layer(2, 1)])) == (
        "Tree(\n  x: Tree(2 parameters)\n  list.0: Layer(2, 1, activation='sigmoid')\n)"
    )
    assert repr(Tree(y=Tree(x=inner))) == "Tree(\n  y: Tree(\n    x: Tree(2 parameters)\n  )\n)"


def test_annotate_names_parameters_and_scopes_inside_the_scope_in_force():
    model = nn.annotate(nn.MLP(2, [2, 1], seed=0))
    assert [p.label for p in model.parameters()] == list(model.state_dict())
    assert model([1.0, 2.0]).scope == ("layers.1.neurons.0",)
    with autograd.scope("net"):
        y = model([1.0, 2.0])
    assert y.scope == ("net", "layers.1.neurons.0")
    lone = nn.annotate(nn.Neuron(1))
    assert lone(1.0).scope == ()


class Counted(nn.Module):
    """Attributes of the class are not the module's."""

    shared: ClassVar = [Value(1.0)]


def test_class_attributes_are_no_parameters():
    assert Counted().parameters() == []
    assert repr(Counted()) == "Counted(0 parameters)"
