"""The workloads compute the same numbers on our engine and the microgpt-style Value; the page is made of results."""

import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1]))

from benchmarks import worker
from benchmarks.goals import verdict
from benchmarks.measurements import agree
from benchmarks.panels import _panel
from benchmarks.picture import picture, short
from benchmarks.workloads import chain, gpt, rosenbrock, xor

OURS = "c"
"""Whichever of our engines these tests run on: the module is one, and does not ask."""


@pytest.fixture(autouse=True)
def _any_engine(monkeypatch):
    from autograd import value

    monkeypatch.setenv("AUTOGRAD_PURE_PYTHON", "1" if value.engine == "python" else "0")


def test_the_chain_has_one_gradient():
    checks = [chain.measure(name, 400, "off")["check"] for name in (OURS, "microgpt")]
    assert agree(*checks)
    assert len(checks[0]) == 11


def test_no_adjoint_of_a_long_chain_vanishes():
    _, gradient = chain.measure(OURS, 100_000, "off")["check"][:2]
    assert 0.5 < gradient < 2.0


def test_rosenbrock_has_one_gradient():
    assert agree(*(rosenbrock.measure(name, 5)["check"] for name in (OURS, "microgpt")))


@pytest.mark.parametrize("program", ["scalar", "whole"])
def test_the_gpt_has_one_loss(program):
    assert agree(gpt.measure(OURS, 2, "off", program)["check"], gpt.measure("microgpt", 2, "off")["check"])


def test_xor_by_hand_in_numpy_is_xor_through_nn():
    assert agree(*(xor.measure(OURS, 30, variant=variant)["check"] for variant in ("nn", "numpy")))
    assert agree(*(xor.measure(OURS, 30, variant=variant)["check"] for variant in ("nn_fit", "numpy")))
    assert agree(*(xor.measure(OURS, 30, variant=variant)["check"] for variant in ("nn_neuron", "numpy_neuron")))


def test_a_worker_answers_with_a_result_or_the_error():
    request = {"workload": "workloads.chain", "function": "measure", "arguments": {"engine": OURS, "n": 40, "state": "off"}}
    assert json.loads(json.dumps(worker.answer(request)))["result"]["forward"] > 0.0
    assert "ModuleNotFoundError" in worker.answer(request | {"workload": "workloads.nothing"})["error"]


def test_the_picture_is_svg():
    panel = _panel("A & B", "ns", {"c, off": {"x": 12.0}}, {"c": "ours <C>", "python": "absent"}, "x", "{}, off")
    ElementTree.fromstring(picture([panel], "note"))


@pytest.mark.parametrize(("x", "text"), [(0.00123, "0.00123"), (7.256, "7.26"), (123.4, "123"), (21400.0, "21,400")])
def test_figures_have_three_digits(x, text):
    assert short(x) == text


def test_a_missed_goal_is_missed():
    assert [verdict(2, "at most", x) for x in (2, 2.1, None)] == ["reached", "missed", "not measured"]
    assert verdict(2, "at least", 1.9) == "missed"
