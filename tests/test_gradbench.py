"""The programs of GradBench: derivatives against differences of values, known results, and the suite's protocol."""

import json
import math
import random
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest

import autograd
from benchmarks.gradbench.__main__ import answer, draw_, hand, inputs
from benchmarks.gradbench.programs import MODULES

ROOT = Path(__file__).parent.parent
RNG = random.Random(5)
MIXTURE = {
    "d": 3, "k": 2, "n": 6, "m": 2, "gamma": 1.5, "x": draw_(RNG, (6, 3)), "alpha": draw_(RNG, (2,)), "mu": draw_(RNG, (2, 3)),
    "q": draw_(RNG, (2, 3)), "l": draw_(RNG, (2, 3)),
}  # fmt: skip
MEMORY = {
    "main_params": draw_(RNG, (4, 12)), "extra_params": draw_(RNG, (3, 3)), "state": draw_(RNG, (4, 3)),
    "sequence": [[float(k % 3 == i) for i in range(3)] for k in range(9)],
}  # fmt: skip


def slope(f, x, path, h=1e-6):
    """The derivative of f by the number at this path, by a central difference."""

    def moved(step):
        y = deepcopy(x)
        *most, last = path
        part = y
        for key in most:
            part = part[key]
        part[last] += step
        return f(y)

    up, down = moved(h), moved(-h)
    if isinstance(up, list):
        return [(a - b) / (2.0 * h) for a, b in zip(up, down, strict=True)]
    return (up - down) / (2.0 * h)


def paths(x, names):
    """The paths of all numbers under these names."""

    def below(part, path):
        if isinstance(part, list):
            for k, y in enumerate(part):
                yield from below(y, (*path, k))
        else:
            yield path

    for name in names:
        yield from below(x[name], (name,))


@pytest.mark.parametrize(
    ("module", "value", "gradient", "x", "names"),
    [
        ("llsq", "primal", "gradient", {"x": draw_(RNG, (5,)), "n": 30}, ("x",)),
        ("lse", "primal", "gradient", {"x": draw_(RNG, (50,))}, ("x",)),
        ("det", "primal", "gradient", {"A": draw_(RNG, (16,)), "ell": 4}, ("A",)),
        ("gmm", "objective", "jacobian", MIXTURE, ("alpha", "mu", "q", "l")),
        ("lstm", "objective", "jacobian", MEMORY, ("main_params", "extra_params")),
    ],
)
def test_gradients(module, value, gradient, x, names):
    f, found = MODULES[module][value], MODULES[module][gradient](x)
    flat = [*_numbers(found)]
    assert flat == pytest.approx([slope(f, x, path) for path in paths(x, names)], rel=1e-5, abs=1e-7)


def _numbers(x):
    if isinstance(x, (list, tuple, dict)):
        for y in x.values() if isinstance(x, dict) else x:
            yield from _numbers(y)
    else:
        yield x


def test_values_from_formulas():
    assert MODULES["hello"]["double"](MODULES["hello"]["square"](3.0)) == 18.0
    xs = [0.1, 2.0, -1.0]
    assert MODULES["lse"]["primal"]({"x": xs}) == pytest.approx(math.log(sum(map(math.exp, xs))), rel=1e-15)
    assert MODULES["det"]["primal"]({"A": [2.0, 1.0, 0.0, 1.0, 3.0, 1.0, 0.0, 1.0, 4.0], "ell": 3}) == 18.0
    y = MODULES["ode"]["primal"]({"x": [0.5, 2.0, 3.0], "s": 100})
    assert y == pytest.approx([0.5 * 2.0, 0.5 * 2.0 * 2.0**2 / 2.0, 0.5 * 2.0 * 3.0 * 2.0**3 / 6.0], rel=1e-9)


def test_the_mixture_from_its_densities():
    import numpy as np

    x, total = MIXTURE, 0.0
    weights = np.exp(x["alpha"]) / np.sum(np.exp(x["alpha"]))
    precisions = []
    for q, lower in zip(x["q"], x["l"], strict=True):
        factor = np.diag(np.exp(q))
        factor[1, 0], factor[2, 0], factor[2, 1] = lower
        precisions.append(factor.T @ factor)
    for point in x["x"]:
        total += math.log(
            sum(
                w * math.exp(-0.5 * (r := np.subtract(point, mu)) @ p @ r) * math.sqrt(np.linalg.det(p) / (2 * math.pi) ** 3)
                for w, mu, p in zip(weights, x["mu"], precisions, strict=True)
            )
        )
    n = 3 + x["m"] + 1
    for p in precisions:  # the density of Wishart's distribution
        total += 0.5 * (n - 4) * math.log(np.linalg.det(p)) - 0.5 * x["gamma"] ** 2 * np.trace(p) + 3 * n * math.log(x["gamma"])
        total -= 1.5 * n * math.log(2.0) + 1.5 * math.log(math.pi) + sum(math.lgamma((n - j) / 2) for j in range(3))
    assert MODULES["gmm"]["objective"](x) == pytest.approx(total, rel=1e-12)


def test_newton_steps_of_clusters():
    x = {"points": draw_(random.Random(2), (40, 2))}
    x["centroids"] = deepcopy(x["points"][-3:])
    cost = MODULES["kmeans"]["cost"]
    for k, row in enumerate(MODULES["kmeans"]["dir"](x)):
        for j, step in enumerate(row):
            g = slope(cost, x, ("centroids", k, j), h=1e-5)
            h = (
                slope(cost, _at(x, k, j, 1e-4), ("centroids", k, j), 1e-5)
                - slope(cost, _at(x, k, j, -1e-4), ("centroids", k, j), 1e-5)
            ) / 2e-4
            assert step == pytest.approx(g / h, rel=1e-3, abs=1e-6)


def _at(x, k, j, h):
    y = deepcopy(x)
    y["centroids"][k][j] += h
    return y


def test_the_gradient_of_an_ode():
    x = {"x": [0.5, 2.0, 3.0], "s": 4}
    last = lambda x: MODULES["ode"]["primal"](x)[-1]
    assert MODULES["ode"]["gradient"](x) == pytest.approx([slope(last, x, ("x", k)) for k in range(3)], rel=1e-6)


@pytest.mark.parametrize("us", [True, False])
def test_the_hand(us):
    x = hand(random.Random(3), 5)
    if not us:
        x["us"] = []
    f, jacobian = MODULES["ht"]["objective"], MODULES["ht"]["jacobian"](x)
    assert len(jacobian) == 15
    first = 2 if us else 0
    for k in range(26):
        assert [row[first + k] for row in jacobian] == pytest.approx(slope(f, x, ("theta", k)), rel=1e-5, abs=1e-7)
    for k in range(first):
        whole = [sum(parts) for parts in zip(*(slope(f, x, ("us", i, k)) for i in range(5)), strict=True)]
        assert [row[k] for row in jacobian] == pytest.approx(whole, rel=1e-5, abs=1e-7)


def test_bundle_adjustment():
    camera = [0.3, -0.2, 0.4, 0.1, 0.2, -0.3, 1.5, 0.1, 0.2, 0.01, 0.002]
    x = {"n": 2, "m": 3, "p": 5, "cam": camera, "x": [0.5, 0.6, 2.0], "w": 0.9, "feat": [0.1, 0.2]}
    errors = lambda x: MODULES["ba"]["objective"](x)["reproj_error"]["elements"]
    found = MODULES["ba"]["jacobian"](x)
    names = [("cam", k) for k in range(11)] + [("x", k) for k in range(3)]
    columns = [slope(errors, x, path) for path in names]
    weight = [e / x["w"] for e in errors(x)]
    for i in range(2):
        row = [column[i] for column in columns] + [weight[i]]
        assert found["vals"][15 * i : 15 * i + 15] == pytest.approx(row, rel=1e-5, abs=1e-8)
    assert found["vals"][-1] == -2.0 * 0.9
    assert found["rows"][:11] == [*range(0, 151, 15)]
    assert found["rows"][-1] == 155
    assert found["cols"][:15] == [*range(11), 22, 23, 24, 31]


@pytest.mark.skipif(autograd.engine == "python", reason="takes half a minute each in Python")
@pytest.mark.parametrize("way", ["rr", "rf", "fr", "ff"])
def test_nested_optimisation_in_each_mode(way):
    """The results that the suite expects (its version of October 2025)."""
    assert MODULES["particle"][way]({"w": 0.0}) == pytest.approx(0.2071918746486116, rel=1e-12)
    assert MODULES["saddle"][way]({"start": [1.0, 1.0]}) == pytest.approx([8.246324826140356e-06] * 4, rel=1e-12)


def test_every_program_has_an_input():
    asked = {(module, function) for module, function, _, _ in inputs(random.Random(1))}
    assert {module for module, _ in asked} == MODULES.keys()
    assert all(function in MODULES[module] for module, function in asked)


def test_the_protocol():
    lines = [
        {"id": 0, "kind": "start", "eval": "hello"},
        {"id": 1, "kind": "define", "module": "hello"},
        {"id": 2, "kind": "evaluate", "module": "hello", "function": "double", "input": 4.0},
        {
            "id": 3,
            "kind": "evaluate",
            "module": "lse",
            "function": "primal",
            "input": {"x": [0.0], "min_runs": 3, "min_seconds": 0},
        },
        {"id": 4, "kind": "analysis", "of": 2, "valid": True},
        {"id": 5, "kind": "define", "module": "nothing"},
        {"id": 6, "kind": "evaluate", "module": "lse", "function": "primal", "input": {}},
        {"id": 7, "kind": "end"},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    command = [sys.executable, "-m", "benchmarks.gradbench"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=ROOT)
    start, defined, doubled, value, analysed, unknown, failed, end = map(json.loads, done.stdout.splitlines())
    assert start == {"id": 0, "tool": "scalar-autograd"}
    assert defined == {"id": 1, "success": True}
    assert doubled["output"] == 8.0
    assert [t["name"] for t in value["timings"]] == ["evaluate"] * 3
    assert value["output"] == 0.0
    assert analysed == {"id": 4}
    assert unknown["success"] is False
    assert "KeyError" in failed["error"]
    assert end == {"id": 7}
    assert answer(lines[2])["output"] == 8.0
