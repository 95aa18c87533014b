"""Explanations and formulas: the paths, their products and sum, and the derivative in symbols, at any size."""

import math
import sys

import pytest
from graphs import HOSTILE, chain, expression, network, neuron, tanh_twice, work

import autograd
from autograd import Value, explain, formula
from autograd._engine.walks import ancestors, leaves
from autograd.chain import reverse
from autograd.show.formulas import LATEX, TEXT, slope
from autograd.show.nodes import trace
from autograd.table import TABLE


def leaf(y, label):
    return next(v for v in leaves(y) if v.label == label)


@pytest.mark.parametrize("make", [neuron, tanh_twice, network, lambda: expression(30, leaves=4)])
def test_the_contributions_add_up_to_the_gradient(make):
    y = make()
    bars = reverse({y: 1.0})
    for x in leaves(y):
        for most in (0, 10_000):
            found = explain(y, x, max_paths=most)
            assert found.value == bars.get(x, 0.0)
            assert math.isclose(math.fsum(path.contribution for path in found.paths), found.value, rel_tol=1e-9, abs_tol=1e-12)
            assert sum(path.count for path in found.paths) == found.count
            for path in found.paths:
                assert math.isclose(path.contribution, math.prod(path.factors), rel_tol=1e-9, abs_tol=1e-15)


def test_the_neuron():
    y = neuron()
    assert str(explain(y, leaf(y, "w1"))).splitlines() == [
        "∂y/∂w₁ = −0.1966119332, the sum over 1 path",
        "  y ← v8 ← v7 ← v5 ← w₁  0.197 · 1 · 1 · −1 = −0.197  x₁·σ′(w₁·x₁ + w₂·x₂ + b)",
    ]
    assert str(explain(y, leaf(y, "w1"), symbolic=True)) == "∂y/∂w₁ = x₁·σ′(w₁·x₁ + w₂·x₂ + b)"


def test_a_graph_with_more_paths_than_can_be_listed_says_how_many():
    x = Value(1.0, label="x")
    y = x
    for _ in range(200):
        y = y * 0.5 + y * 0.5
    found = explain(y, x)
    assert found.count == 2**200
    assert found.collapsed
    assert f"{2**200:,} paths, too many to list" in str(found)
    assert found.value == 1.0
    assert [path.count for path in found.paths] == [2**199] * 2


LONG = 3 * sys.getrecursionlimit()  # whatever recurses over a graph fails on this many steps


def test_a_long_path_does_not_recurse():
    y = chain(LONG)
    (x,) = leaves(y)
    found = explain(y, x)
    assert found.count == 1
    assert len(str(found)) < 5_000


def test_explaining_four_times_the_steps_takes_four_times_the_work():
    def explained():
        found = explain(y, x, symbolic=True)
        assert all(len(text) < 10_000 for text in (str(found), found.latex(), found.html(), found.symbolic))

    costs = []
    for count in (2_000, 8_000):
        x = y = Value(0.5, label="x")
        for _ in range(count):
            y = autograd.sin(y)
        costs.append(work(explained))
    assert costs[1] < 4.5 * costs[0], f"{costs[1]:,} calls for 8,000 steps, {costs[0]:,} for 2,000"


@pytest.mark.parametrize("symbolic", [False, True])
def test_a_path_of_three_thousand_steps_shows_both_ends(symbolic):
    x = y = Value(0.5, label="x")
    for _ in range(LONG):
        y = autograd.sin(y)
    y.backward()
    found = explain(y, x, symbolic=symbolic)
    assert len(found.paths[0].factors) == LONG
    assert found.value == x.grad
    assert found.paths[0].contribution == pytest.approx(x.grad)
    for text in (str(found), found.latex(), found.html(), found.symbolic):
        assert len(text) < 10_000
    assert "…" in str(found)
    assert r"\cdots" in found.latex()


def test_a_long_product_keeps_its_sign_and_leaves_out_ones():
    x, w = Value(2.0, label="x"), Value(3.0, label="w")
    y = x
    for _ in range(1_001):
        y = -(y + 1.0)
    assert explain(y * w, x, symbolic=True).symbolic == "−w"


def test_more_paths_than_python_writes_in_digits():
    """Python refuses to write integers of more than 4,300 digits, which is about 2^14,284."""
    x = Value(1.0, label="x")
    y = x
    for _ in range(14_400):
        y = y * 0.5 + y * 0.5
    found = explain(y, x)
    assert found.count == 2**14_400
    for text in (str(found), found.html()):
        assert "more than 2^14,400 paths" in text


def test_what_does_not_matter_is_said_to():
    x, y = Value(1.0, label="x"), Value(2.0, label="z") * 3
    found = explain(y, x)
    assert found.value == 0.0
    assert str(found) == "∂y/∂x = 0: y does not depend on x"
    assert explain(y, y).value == 1.0


def test_explaining_changes_no_gradient():
    y = neuron()
    explain(y, leaf(y, "x1"))
    assert not any(v.reached for v in ancestors(y))


def test_only_values_are_explained():
    with pytest.raises(TypeError, match=r"explain\(y, x\) takes two Values; x is float"):
        explain(neuron(), 1.0)
    with pytest.raises(TypeError, match="y is str"):
        explain("y", Value(1.0))


def test_powers_in_symbols():
    x = Value(3.0, label="x")
    for exponent, text in ((1, "1"), (2, "2·x"), (3, "3·x²"), (0.5, "0.5·x^(−0.5)"), (-1, "−x⁻²")):
        assert explain(x**exponent, x, symbolic=True).symbolic.replace("(−1)", "−1").replace("−1·", "−") == text


def test_latex_and_html():
    y = neuron()
    found = explain(y, leaf(y, "w1"))
    assert found.latex() == r"\frac{\partial y}{\partial w_{1}} = 0.197 \cdot 1 \cdot 1 \cdot -1 = -0.197"
    assert "<td>0.197 · 1 · 1 · −1</td>" in found.html()
    assert set(found._repr_mimebundle_()) == {"text/plain", "text/html"}


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_are_text(label):
    x = Value(2.0, label=label)
    y = x * x + 1
    y.label = label
    html = explain(y, x).html()
    assert "<b>" not in html and "<img" not in html and "<script" not in html
    assert len(str(explain(y, x)).splitlines()) == 4
    assert "\n" not in str(formula(y))
    latex = formula(y).latex()
    assert latex.count("{") - latex.count(r"\{") == latex.count("}") - latex.count(r"\}")


@pytest.mark.parametrize(
    ("f", "text"),
    [
        (lambda x, y: x + y - (x - y), "x + y − (x − y)"),
        (lambda x, y: x * (y + 1) / (x * y), "x·(y + 1) / (x·y)"),
        (lambda x: -(x**2) + x**-1, "−x² + x⁻¹"),
        (lambda x: (x + 1) ** 0.5, "(x + 1)^(0.5)"),
        (lambda x, y: x**y, "x^y"),
        (lambda x: autograd.exp(-x) + abs(x), "exp(−x) + |x|"),
        (lambda a, b: autograd.dot([a, b], [b, 2.0], 1.0), "a·b + b·2 + 1"),
        (lambda a, b: autograd.sum([a, b, -a]), "a + b − a"),
        (lambda x1, x2: autograd.maximum(x1, x2) * 1, "max(x₁, x₂)·1"),
    ],
)
def test_formulas(f, text):
    assert str(formula(f)) == f"y = {text}"


def test_formulas_in_latex():
    found = formula(lambda x, w1: autograd.sigmoid(w1 * x) / autograd.sqrt(x))
    assert found.latex() == r"y = \frac{\sigma\left(w_{1} \cdot x\right)}{√{x}}".replace("√", r"\sqrt")
    assert found._repr_latex_() == f"${found.latex()}$"


def test_a_long_formula_has_named_parts_and_an_end():
    text = str(formula(expression(300)))
    assert "where" in text
    assert max(map(len, text.splitlines())) < 2_000
    assert "more parts" in str(formula(chain(LONG)))


def test_a_branch_follows_the_point():
    assert str(formula(lambda x: x * 2 if x > 0 else -x, -1.0)) == "y = −x"


@pytest.mark.parametrize("what", [3.0, None])
def test_only_values_and_functions_have_formulas(what):
    with pytest.raises(TypeError, match=r"formula\(\) takes a Value or a function"):
        formula(what)
    with pytest.raises(TypeError, match="returns a Value"):
        formula(lambda x: 1.0)


def numbers(op, point):
    """The slopes of a row at a point, from their text in symbols."""
    names = {f"u{k}": x for k, x in enumerate(point)}
    functions = {name: getattr(autograd, name) for name in TABLE if hasattr(autograd, name)}
    functions |= {
        "σ": autograd.sigmoid,
        "√": math.sqrt,
        "π": math.pi,
        "ψ": autograd.polygamma,
        "ln2": math.log(2),
        "ln10": math.log(10),
    }
    functions |= {"√π": math.sqrt(math.pi), "√2": math.sqrt(2)}
    for k in range(len(point)):
        text, _ = slope(op, k, [(name, 4) for name in names], ("y", 4), TEXT)
        if not text or "′" in text:
            continue
        python = text.replace("·", "*").replace("−", "-").replace("^", "**").replace("ln 2", "ln2").replace("ln 10", "ln10")
        python = python.replace("√π", "math.sqrt(math.pi)").replace("√2", "math.sqrt(2)")
        python = python.replace("√(", "math.sqrt(").replace("2π", "2*π")
        yield k, text, eval(python, {"math": math, "y": op.value(*point)} | functions | names)


@pytest.mark.parametrize("op", [op for op in TABLE.values() if not op.nary], ids=lambda op: op.name)
def test_a_slope_in_symbols_is_the_rows_partial(op):
    for sample in [(0.6, 1.7, 0.4), (2.5, 1.25, 3.0)]:
        point = sample[: op.arity]
        try:
            op.value(*point)
        except ValueError:
            continue
        for k, text, found in numbers(op, point):
            assert math.isclose(float(found), op.partials[k](*point, op.value(*point)), rel_tol=1e-12), text


def test_latex_of_every_slope_has_its_braces():
    for op in TABLE.values():
        if not op.nary:
            for k in range(op.arity):
                text, _ = slope(op, k, [("u", 4)] * op.arity, ("y", 4), LATEX)
                assert text.count("{") == text.count("}")


def test_the_trace_has_no_value_in_it():
    assert not any(type(x) is Value for node in trace(ancestors(neuron())) for x in node)
