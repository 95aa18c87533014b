"""The commands `draw` and `explain`: what they print and write, and what they say of a mistake."""

import pytest

from autograd.__main__ import main

NEURON = ["sigmoid(w1*x1 + w2*x2 + b)", "x1=-1", "x2=-2", "w1=2", "w2=-3", "b=-3"]


def test_draw_prints_a_tree(capsys):
    assert main(["draw", *NEURON]) == 0
    out = capsys.readouterr().out
    assert out.startswith("y = σ")
    assert "w₂  −3      ∇ −0.393  ∂ −2" in out


@pytest.mark.parametrize("kind", ["svg", "html", "txt", "dot"])
def test_draw_writes_a_file(tmp_path, capsys, kind):
    path = tmp_path / f"neuron.{kind}"
    assert main(["draw", *NEURON, "-o", str(path), "--theme", "dark", "--title", "A neuron"]) == 0
    assert path.stat().st_size > 100
    assert capsys.readouterr().out == ""


def test_explain_prints_every_gradient_or_one(capsys):
    assert main(["explain", *NEURON]) == 0
    out = capsys.readouterr().out
    assert out.startswith("y = σ(w₁·x₁ + w₂·x₂ + b)\n")
    assert out.count("the sum over 1 path") == 5
    assert main(["explain", *NEURON, "--of", "w1", "--symbolic"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "∂y/∂w₁ = x₁·σ′(w₁·x₁ + w₂·x₂ + b)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["draw", "x*", "x=1"], "^"),
        (["draw", "x*q", "x=1"], "q"),
        (["draw", "x*2", "x=1", "-o", "/no/such/folder/x.svg"], "cannot write"),
        (["draw", "x*2", "x=1", "-o", "x.jpg"], "must end in"),
        (["draw", "1 + 2"], "nothing to differentiate"),
        (["draw", "log(x)", "x=-1"], "log(x = -1.0) is undefined"),
        (["explain", "x*2", "x=1", "--of", "z"], "there is no 'z' in the expression; its names are x"),
        (["explain", "sqrt(x)", "x=0"], "the derivative of sqrt(x = 0.0) is infinite there"),
        (["explain", "f(x)", "x=0"], "f"),
    ],
)
def test_mistakes_exit_with_2_and_say_what_is_wrong(arguments, message, capsys):
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert message in err
    assert "Traceback" not in err


def test_a_name_alone_is_its_own_gradient(capsys):
    assert main(["explain", "x", "x=3"]) == 0
    assert "= 1" in capsys.readouterr().out
