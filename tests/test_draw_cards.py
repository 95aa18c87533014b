"""What a picture shows: the levels, what is folded into what, and what happens to graphs too large to draw."""

import math

import pytest
from graphs import chain, expression, network, neuron, tanh_twice, work

import autograd
import nn
from autograd import Value, draw, scope
from autograd._engine.walks import ancestors
from autograd.show.cards import build, widths
from autograd.show.ink import DARK, LIGHT, name, number
from autograd.show.nodes import trace
from autograd.show.order import on_cycles, topological


def cards(y, level="full", **options):
    return build(trace(ancestors(y)), level, **options)


def test_the_neuron_has_one_sum_and_a_card_for_every_other_value():
    y = neuron()
    y.backward()
    found = cards(y)
    assert [(c.kind, c.symbol) for c in found] == [
        ("input", "x₁"), ("input", "x₂"), ("parameter", "w₁"), ("parameter", "w₂"), ("parameter", "b"),
        ("operation", "×"), ("operation", "×"), ("operation", "Σ"), ("output", "σ"),
    ]  # fmt: skip
    total = found[7]
    assert [pin.text for pin in total.pins] == ["", "", ""]
    assert [found[pin.source].symbol for pin in total.pins] == ["×", "×", "b"]
    assert [pin.text for pin in found[5].pins] == ["∂ −1", "∂ 2"]
    assert {c.scope for c in found} == {("inputs",), ("neuron",)}


def test_inline_folds_parameters_used_once_and_module_makes_one_card_a_neuron():
    y = network()
    inline = cards(y, "inline")
    assert not [c for c in inline if c.kind == "parameter"]
    assert {pin.name for c in inline for pin in c.pins if pin.name} == {"w₁", "w₂", "w₃", "w₄", "b"}
    module = cards(y, "module")
    assert [c.symbol for c in module] == ["x₁", "x₂", "tanh", "tanh", "tanh", "tanh", "tanh", "−", "x²"]
    neuron_card = module[2]
    assert [(pin.name, pin.source) for pin in neuron_card.pins] == [("w₁", 0), ("w₂", 1), ("b", None)]
    assert neuron_card.scope == ("layer 1",)


@pytest.mark.parametrize("level", ["inline", "module"])
def test_a_fused_neuron_pairs_each_weight_with_its_input(level):
    found = cards(network(fused=True), level)
    rows = [[(pin.name, pin.source) for pin in c.pins] for c in found if any(pin.name == "b" for pin in c.pins)]
    assert rows[0] == [("w₁", 0), ("w₂", 1), ("b", None)]
    assert [n for n, _ in rows[-1]] == ["w₁", "w₂", "w₃", "w₄", "b"]


def test_a_parameter_that_meets_many_inputs_has_one_row_and_an_edge_from_each():
    w = Value(2.0, label="w")
    xs = [Value(float(k), label=f"x{k}") for k in range(5)]
    with scope("layer"):
        ys = [w * x for x in xs]
    found = cards(autograd.sum(ys), "module")
    (layer,) = [c for c in found if c.count > 1]
    assert len(layer.rows) == 1
    assert len(layer.pins) == 5
    assert layer.name == "5 outputs"


def test_constants_fold_into_the_card_that_uses_them():
    y = (Value(3.0, label="x") * 2.0) ** 2 + 1
    times, squared, plus = cards(y)[1:]
    assert [pin.kind for pin in times.pins] == ["", "constant"]
    assert squared.symbol == "x²"
    assert len(squared.pins) == 1
    assert plus.pins[1].data == 1.0


def test_a_value_no_backward_pass_reached_shows_a_dash():
    y = neuron()
    assert {c.grad for c in cards(y)} == {None}
    assert str(draw(y)).count("∇ –") == 9


def test_saturated_and_dead_units_are_marked():
    y = autograd.relu(Value(-1.0)) + Value(9.0).tanh() + Value(20.0).sigmoid() + Value(0.1).tanh()
    assert sorted(c.mark for c in cards(y)) == ["", "", "", "", "", "", "dead", "saturated", "saturated"]
    assert "saturated" in draw(y, engine="own").svg()


def test_the_derivative_that_does_not_exist_is_drawn_and_not_raised():
    y = Value(0.0, label="x").sqrt()
    assert "∂ NaN" in str(draw(y))


def test_nan_and_infinity_are_visible():
    y = Value(math.nan, label="a") + Value(math.inf, label="b") * Value(-1.0)
    text = str(draw(y))
    assert "NaN" in text
    assert "∞" in text
    assert "−∞" in text
    for engine in ("own", None):
        assert "NaN" in draw(y, engine=engine).svg()


def test_edges_are_as_wide_as_the_gradient_that_flows():
    y = neuron()
    y.backward()
    thick = widths(cards(y))
    assert max(thick.values()) == pytest.approx(3.0)
    assert min(thick.values()) >= 0.8


def test_parameters_are_recognised_by_name_scope_or_as_told():
    a, b = Value(1.0, label="a"), Value(2.0, label="b")
    assert {c.kind for c in cards(a * b)} == {"input", "output"}, "no weight, so b is no bias"
    w = Value(3.0, label="w")
    assert [c.kind for c in cards(a * w + b)][:3] == ["input", "parameter", "parameter"]
    told = build(trace(ancestors(a * w), {a}), "full")
    assert [c.kind for c in told][:2] == ["parameter", "input"]


def test_an_annotated_model_is_drawn_as_layers_of_neurons():
    model = nn.annotate(nn.MLP(2, [3, 1], activation="tanh", output="sigmoid", seed=1))
    y = model([Value(1.0, label="x1"), Value(-1.0, label="x2")])
    y.backward()
    found = cards(y, "module")
    assert [c.scope for c in found] == [("inputs",), ("inputs",), *[("layer 1",)] * 3, ("layer 2",)]
    assert [[pin.name for pin in c.pins] for c in found[2:]] == [["w₁", "w₂", "b"]] * 3 + [["w₁", "w₂", "w₃", "b"]]
    assert {c.kind for c in cards(y)} == {"input", "parameter", "operation", "output"}


def test_show_and_legend_leave_out_what_is_not_asked_for():
    y = neuron()
    y.backward()
    for engine in ("own", None):
        bare = draw(y, show="value", legend=False, engine=engine).svg()
        assert "∇" not in bare
        assert "∂" not in bare
        assert ">input<" not in bare.replace(" ", "")
    assert "∇" not in str(draw(y, show=["value", "local"]))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"level": "max"}, "unknown level 'max': must be one of"),
        ({"theme": "blue"}, "unknown theme 'blue'"),
        ({"engine": "neato"}, "unknown engine"),
        ({"show": ["values"]}, "unknown show 'values'"),
        ({"max_nodes": 0}, "max_nodes must be at least 1"),
    ],
)
def test_options_are_checked(options, message):
    with pytest.raises(ValueError, match=message) as caught:
        draw(Value(1.0) * 2, **options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("what", [1.0, None, [Value(1.0)], "y"])
def test_only_a_value_can_be_drawn(what):
    with pytest.raises(TypeError, match=r"draw\(\) takes a Value"):
        draw(what)


def test_levels_follow_the_size():
    assert draw(neuron()).level == "full"
    assert draw(network((2, 6, 1))).level == "inline"
    assert draw(network((2, 16, 16, 1))).level == "module"
    assert draw(expression(200)).level == "inline"


def test_a_picture_is_what_it_was_when_training_goes_on():
    w = Value(2.0, label="w")
    graph = draw(w * 3)
    w.data = 7.0
    assert "6" in str(graph)
    assert "<svg" in graph.svg()


def test_too_many_nodes_are_refused_with_the_way_out():
    def refused():
        with pytest.raises(ValueError, match=rf"{count:,} nodes is too large to draw; draw\(y, max_nodes=300\)"):
            draw(y)

    costs = []
    for count in (5_000, 20_000):
        y = chain(count)
        costs.append(work(refused))
    assert costs[1] < 4.5 * costs[0], f"{costs[1]:,} calls to refuse 20,000 nodes, {costs[0]:,} for 5,000"


def test_max_nodes_takes_the_nearest_and_says_so():
    graph = draw(chain(8_000), max_nodes=50)
    assert len(graph.nodes) == 50
    assert graph.note == "the 50 of 8,000 nodes nearest to the result; … marks where it was cut"
    assert graph.note in str(graph)
    assert graph.note in draw(chain(8_000), max_nodes=50, engine="own").svg()


def test_nodes_in_modules_collapse_in_linear_time():
    def drawn():
        nonlocal graph
        graph = draw(y)
        graph.svg()

    graph, costs = None, []
    for layers in (1, 4):
        y = big_network(layers)
        costs.append(work(drawn))
    assert graph.level == "module"
    assert "nodes in" in graph.note
    assert len(ancestors(y)) > 7_000
    assert costs[1] < 4.8 * costs[0], f"{costs[1]:,} calls for 8,000 nodes, {costs[0]:,} for a quarter of them"


def big_network(layers):
    """Layers of 32 neurons of 32 inputs, written out: 2,000 nodes each."""
    values = [Value(0.01 * k) for k in range(32)]
    for layer in range(layers):
        with scope(f"layer {layer}"):
            rows = []
            for k in range(32):
                with scope(f"neuron {k}"):
                    total = values[0] * 0.1
                    for x in values[1:]:
                        total = total + x * 0.01
                    rows.append(total.tanh())
        values = rows
    return autograd.sum(values)


def test_a_module_called_in_turn_with_another_is_no_card_that_feeds_itself():
    x = Value(1.0, label="x")
    w = Value(0.5, label="w")
    for _ in range(3):
        with scope("cell"):
            x = (x * w).tanh() + w
        with scope("other"):
            x = (x * w).sin() + w
    for engine in ("own", None):
        assert "<svg" in draw(x, level="module", engine=engine).svg()
        assert "<svg" in draw(x, level="full", engine=engine).svg()


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.19661, "0.197"), (-0.0, "0"), (1e-5, "1e−5"), (-123456.0, "−1.23e5"), (1234.5, "1235"), (99999.6, "1e5"),
        (0.125, "0.125"), (1.125, "1.13"), (999.95, "1000"), (0.00099996, "0.001"), (1e300, "1e300"), (5e-324, "4.94e−324"),
        (math.inf, "∞"), (-math.inf, "−∞"), (math.nan, "NaN"), (100.0, "100"),
    ],
)  # fmt: skip
def test_numbers(x, text):
    assert number(x) == text


def test_names():
    assert [name(x) for x in ["w1", "x_12", "x1y", "loss", "a\nb", "θ2"]] == ["w₁", "x₁₂", "x1y", "loss", "a b", "θ₂"]
    assert len(name("x" * 10_000)) == 18


def test_the_themes_have_the_same_colours_by_name():
    assert set(LIGHT) == set(DARK)


def test_order():
    assert topological([3, 1, 2], [(1, 3), (2, 1)]) == [2, 1, 3]
    assert on_cycles("abc", [("a", "b"), ("b", "a"), ("b", "c")]) == ["a", "b"]


def test_cards_stand_behind_what_they_use_even_where_a_module_is_called_again_later():
    w, x = Value(0.5, label="w"), Value(1.0, label="x")
    with scope("first"):
        a = w * x
    with scope("second"):
        b = (a * Value(2.0, label="w2")).sin()
    with scope("first"):
        c = (w * x + x).tanh()
    found = cards(b + c, "module")
    assert len([card for card in found if card.count > 1]) == 2
    assert all(pin.source < k for k, card in enumerate(found) for pin in card.pins if pin.source is not None)


def test_two_uses_of_one_value_are_two_edges():
    found = cards(tanh_twice())
    edges = [(pin.source, k) for k, c in enumerate(found) for pin in c.pins if pin.source is not None]
    assert len(edges) == 9
