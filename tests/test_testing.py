"""The strategies draw what they promise, and assert_gradients fails like an assertion."""

import math

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

import autograd
from autograd.derivatives import FLOATS
from autograd.errors import GradcheckError
from autograd.table import TABLE
from autograd.testing import Program, Step, _root, assert_gradients, finite, floats, points, programs

GENERATE = settings(phases=[Phase.generate], max_examples=10_000, database=None)
"""Look for an example, and be content with the first: making it small takes many times as long."""


@pytest.mark.parametrize("name", sorted(TABLE))
@given(st.data())
@settings(max_examples=8)
def test_points_lie_in_the_domain(name, data):
    point = data.draw(points(name))
    assert finite(TABLE[name], point)
    assert TABLE[name].nary or len(point) == TABLE[name].arity


@pytest.mark.parametrize("name", [op.name for op in TABLE.values() if op.kink])
def test_every_kink_of_the_table_is_met(name):
    kink = FLOATS[f"{name}_kink"]
    find(points(name), lambda point: kink(*point) == 0.0, settings=GENERATE)
    find(points(name), lambda point: 0.0 < abs(kink(*point)) < 1e-8, settings=GENERATE)


def test_a_kink_between_the_usual_places_is_found_by_bisection():
    assert _root(lambda x: abs(x) - 1.3, [-3.0, 0.2, 3.0]) == -1.3
    assert _root(lambda x: x * x + 1.0, [-3.0, 0.2, 3.0]) is None


def test_floats_of_every_kind():
    for wanted in (
        lambda x: x == 0.0 and math.copysign(1.0, x) < 0.0,
        lambda x: 0.0 < abs(x) < 2.3e-308,
        lambda x: x < -1e11,
        lambda x: 0.0 < x < 1e-11,
    ):
        find(floats(), wanted, settings=GENERATE)


def test_an_unknown_operation():
    with pytest.raises(ValueError, match=r"unknown operation 'nope'; the table has abs"):
        points("nope")


@given(programs())
@settings(max_examples=40)
def test_programs_are_defined_at_their_point(program):
    y = program([autograd.Value(x) for x in program.point])
    assert type(y) is autograd.Value
    assert math.isfinite(y.data)
    assert y.data == program(list(program.point))


def test_programs_share_parts_and_print_as_code():
    shares = lambda p: any(len([x for x in s.operands if x == 0 and type(x) is int]) > 1 for s in p.steps)
    find(programs(), shares, settings=GENERATE)
    program = Program((2.0,), (Step("mul", (0, 0)), Step("exp", (1,))))
    assert repr(program) == "v0 = 2.0; v1 = mul(v0, v0); v2 = exp(v1)"


def test_smooth_programs_have_no_kink():
    @given(programs(smooth=True))
    @settings(max_examples=30)
    def check(program):
        assert not any(TABLE[step.name].kink for step in program.steps)

    check()


def test_assert_gradients():
    assert assert_gradients(autograd.sin, 0.5)
    wrong = autograd.custom_op(lambda x: x, lambda x: 2.0, name="wrong")
    with pytest.raises(AssertionError, match="wrong"):
        assert_gradients(wrong, 1.0)
    with pytest.raises(GradcheckError):
        assert_gradients(wrong, 1.0, rtol=1e-3)
    assert assert_gradients(wrong, 1.0, atol=2.0).rules[0].finding.verdict == "FAIL"  # excused, not certified


def test_the_library_does_not_import_hypothesis():
    import subprocess
    import sys

    heavy = ("hypothesis", "numpy", "dataclasses", "inspect", "ast")
    code = f"import autograd, sys; autograd.gradcheck; print([m for m in {heavy} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
