"""`gradcheck`: its oracles keep their bounds, its verdicts name the wrong rule, and correct code is never accused."""

import json
import math
import random
import sys

import mpmath
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

import autograd
from autograd import GradcheckError, Value, custom_op, exp, gradcheck, log, no_grad, relu, sin, sqrt, tanh
from autograd.check import complexstep
from autograd.check.differences import differences
from autograd.check.verdict import ROUNDING, SHARP, Oracle, judge, ratio_hint
from autograd.table import TABLE
from autograd.testing import points, programs
from benchmarks.kill_table import trials


def refused(f, *inputs, **options):
    """The report of a check that must not be satisfied."""
    report = gradcheck(f, *inputs, raise_exception=False, **options)
    assert not report, report
    return report


# ---- the oracles

HARD = [
    (math.sin, mpmath.cos, 1e8),  # a step of the size of x is many periods
    (lambda x: math.exp(-x * x), lambda x: -2 * x * mpmath.exp(-x * x), 3.0),  # a bump that a large step leaves
    (math.sqrt, lambda x: 1 / (2 * mpmath.sqrt(x)), 1e-10),  # scale of the point, not of 1
    (math.asin, lambda x: 1 / mpmath.sqrt((1 - x) * (1 + x)), 1 - 1e-9),  # beside an edge
    (math.log, lambda x: 1 / x, 1e-300),
    (math.tan, lambda x: 1 + mpmath.tan(x) ** 2, 1.57),
    (lambda x: 1e10 + x * x, lambda x: 2 * x, 3.0),  # round-off of a large constant
    (lambda x: (1 - math.cos(x)) / x**2, lambda x: mpmath.sin(x) / x**2 - 2 * (1 - mpmath.cos(x)) / x**3, 1e-3),  # cancels
    (lambda x: max(x - 1.0, 0.0), lambda x: mpmath.mpf(1), 1.0 + 1e-6),  # a kink close by
    (math.lgamma, lambda x: mpmath.psi(0, x), -1.5),
    (lambda x: math.exp(700 * x), lambda x: 700 * mpmath.exp(700 * x), 1.0),
    (lambda x: x**40, lambda x: 40 * x**39, 0.001),
]


@pytest.mark.parametrize(("f", "derivative", "x"), HARD)
def test_the_bound_of_differences_holds_where_fixed_steps_fail(f, derivative, x):
    with mpmath.workdps(50):
        exact = float(derivative(mpmath.mpf(x)))
    best = differences(_nan_outside(f), x).best
    assert abs(best.value - exact) <= best.bound + ROUNDING * abs(exact), (best, exact)


def _nan_outside(f):
    def g(x):
        try:
            return f(x)
        except (ValueError, ArithmeticError):
            return math.nan

    return g


def test_the_complex_step_sees_an_underflow_on_the_way():
    """exp(−704 + ih) has an imaginary part of three digits, which the division makes large again."""
    op = TABLE["softmax_term"]
    xs = [-704.0, 5e-324, 0.0]
    d, bound = complexstep.derivative(lambda z: complexstep.value(op, z), xs, 0)
    assert abs(d - op.value(*xs)) <= bound


@pytest.mark.parametrize("name", sorted(TABLE))
@given(st.data())
@settings(max_examples=10)
def test_the_complex_step_agrees_with_every_row_where_it_speaks(name, data):
    op = TABLE[name]
    xs = list(data.draw(points(name)))
    y = op.value(xs) if op.nary else op.value(*xs)
    for i in range(len(xs)):
        try:
            claim = op.partials[0](xs, y)[i] if op.nary else op.partials[i](*xs, y)
            d, bound = complexstep.derivative(lambda z: complexstep.value(op, z), xs, i)
        except (complexstep.Unsupported, ValueError, ArithmeticError):
            continue
        if claim is not None and math.isfinite(claim):
            assert abs(claim - d) <= 1e-7 * max(abs(claim), abs(d)) + bound, (name, xs, i, claim, d)


def test_the_complex_step_abstains_on_the_border_of_branches():
    for name, x in (("relu", 0.0), ("abs", 0.0), ("sqrt", 0.0), ("log", 0.0), ("asin", 1.0), ("floor", 2.0), ("cbrt", 0.0)):
        with pytest.raises(complexstep.Unsupported):
            complexstep.derivative(lambda z, op=TABLE[name]: complexstep.value(op, z), [x], 0)


# ---- verdicts


def test_every_broken_rule_is_named():
    missed = [row for row in trials(count=1, seed=1) if row[3] != row[4]]
    assert not missed


def test_a_wrong_rule_among_thousands_of_nodes_is_named_with_its_line():
    wrong = custom_op(lambda a, b: a * b + a, lambda a, b: b + 1.0, lambda a, b: a * (1 + 1e-5), name="wrong")

    def f(x, y):
        v = x
        for i in range(1_600):
            v = sin(v) + y
            if i == 800:
                v = wrong(v, y)  # HERE
        return v

    report = refused(f, 0.3, 0.7)
    assert report.nodes > 3 * sys.getrecursionlimit()
    assert report.first.operation.startswith("wrong(")
    assert report.first.argument == "b"
    assert "test_check.py" in report.first.line
    assert "# HERE" in report.first.line


def test_the_sides_of_a_kink():
    report = gradcheck(lambda x: relu(x) * 2.0, 0.0)
    assert report.verdict == "KINK"
    assert "0 on the left" in report.rules[0].finding.hint
    outside = custom_op(abs, lambda x: 2.0, name="outside")
    assert refused(outside, 0.0).first.finding.verdict == "FAIL"


def test_a_jump_is_judged_on_its_continuous_side():
    assert gradcheck(autograd.floor, 2.0).verdict == "KINK"
    wrong = custom_op(lambda x: float(math.floor(x)), lambda x: 1.0, name="wrong")
    assert refused(wrong, 2.0).verdict == "FAIL"


def test_where_no_derivative_exists_is_out_of_domain_not_wrong():
    assert refused(sqrt, 0.0).verdict == "OUT OF DOMAIN"
    with pytest.raises(GradcheckError, match="log"):
        gradcheck(log, -1.0)


def test_nothing_times_infinity_is_labelled_but_a_branch_not_taken_is_right():
    report = refused(lambda x: autograd.cosh(autograd.acos(x)), 1.0)  # its derivative is −1; the product is 0 · ∞
    assert report.verdict == "OUT OF DOMAIN"
    assert "acos" in report.rows[0].finding.hint
    assert gradcheck(lambda x: autograd.where(1.0, x * x, sqrt(x - 2.0)), 2.0).verdict == "PASS"


def test_what_cannot_be_seen_is_inconclusive_and_may_be_excused_but_not_certified():
    offset = custom_op(lambda x: 1e16 + x, lambda x: 1.0, name="offset")
    report = refused(offset, 1.0)
    assert report.verdict == "INCONCLUSIVE"
    excused = gradcheck(offset, 1.0, atol=1e6)
    assert excused
    assert "excused" in str(excused)
    assert all(rule.finding.verdict != "PASS" for rule in excused.rules)


def test_part_of_a_function_outside_the_graph():
    report = refused(lambda x: x * x.detach(), 3.0)
    assert "not in the graph" in report.rows[0].finding.hint


def test_forward_against_reverse(monkeypatch):
    from autograd.check import whole

    true_forward = whole.forward
    monkeypatch.setattr(whole, "forward", lambda roots, seeds: {v: 2.0 * d for v, d in true_forward(roots, seeds).items()})
    assert "forward sweep" in refused(lambda x: exp(x) * x, 0.5).rows[0].finding.hint


def test_a_fault_of_accumulation_shows_end_to_end(monkeypatch):
    from autograd.check.recording import Recording

    monkeypatch.setattr(Recording, "claims", lambda self: [[0.5 * g for g in self.reverse(y)] for y in self.outputs])
    report = refused(lambda x: x * x + x, 0.5)
    assert report.first is None
    assert report.rows[0].finding.verdict == "FAIL"
    assert "½" in report.rows[0].finding.hint


def test_second_order():
    assert gradcheck(lambda x, y: exp(x * y) * sin(x), 0.5, 0.7, order=2)
    cut = lambda x: 4.0 * getattr(x, "data", x) ** 3
    once = custom_op(lambda x: x**4, cut, name="once")
    report = refused(once, 0.7, order=2)  # its first derivative is right, its second one cut off
    assert report.first.argument == "x, x"
    assert gradcheck(once, 0.7)
    with pytest.raises(ValueError, match="order 2"):
        gradcheck(lambda x: [x, x], 1.0, order=2)
    with pytest.raises(ValueError, match="order"):
        gradcheck(sin, 1.0, order=3)


def test_swapped_arguments_are_said():
    swapped = custom_op(lambda a, b: a * b * b, lambda a, b: 2 * a * b, lambda a, b: b * b, name="swapped")
    assert "swapped" in refused(swapped, 2.0, 3.0).first.finding.hint


@pytest.mark.parametrize(
    ("claim", "hint"), [(-3.0, "sign"), (6.0, "twice"), (0.0, "dropped"), (15.0, "ratio x: x"), (0.6, "1/x"), (3.00003, "1 +")]
)
def test_the_ratio_hints_at_the_mistake(claim, hint):
    assert hint in ratio_hint(claim, 3.0, [("x", 5.0)])


def test_two_oracles_that_disagree_decide_nothing():
    finding = judge(1.0, None, [Oracle("one", 1.0, 1e-9), Oracle("two", 2.0, 1e-9)])
    assert finding.verdict == "INCONCLUSIVE"
    assert "one confirms it, two contradicts it" in finding.hint


def test_an_oracle_certifies_only_what_it_knows_sharply():
    assert judge(1.0, None, [Oracle("one", 1.0, SHARP * 2)]).verdict == "INCONCLUSIVE"
    assert judge(1.0, None, [Oracle("one", 1.0, SHARP / 2)]).verdict == "PASS"


# ---- what may be checked


def test_inputs_and_results_of_any_structure():
    assert gradcheck(lambda p: p["a"] * p["b"][0], {"a": 2.0, "b": [3.0]})
    assert gradcheck(lambda x: [sin(x), x * x], 0.5).rows[1].output == "y[1]"
    assert gradcheck(lambda x: 3.0, 0.5).rows[0].finding.claim == 0.0
    assert not gradcheck(lambda: 3.0, raise_exception=False)


def test_all_parameters_of_a_module():
    import nn

    model = nn.MLP(2, [3, 1], seed=0)
    report = gradcheck(model, [0.5, -0.25], raise_exception=False)
    names = {row.leaf for row in report.rows}
    assert names >= {name for name, _ in model.named_parameters()}
    assert report.verdict in ("PASS", "KINK")


def test_very_many_leaves_are_checked_in_random_directions(monkeypatch):
    from autograd.check import whole

    monkeypatch.setattr(whole, "_BUDGET", 10)
    weights = [Value(0.1 * i) for i in range(1, 30)]
    f = lambda x: tanh(autograd.dot(weights, [x] * 29) * 0.1)
    assert [row.leaf for row in gradcheck(f, 0.3).rows] == [f"direction {d} of 3" for d in (1, 2, 3)]


def test_a_wrong_partial_among_very_many_operands():
    op, right = TABLE["prod"], TABLE["prod"].partials
    op.partials = (lambda xs, y: [d * (1.1 if k == 57 else 1.0) for k, d in enumerate(right[0](xs, y))],)
    try:
        report = refused(lambda *xs: autograd.prod(xs), *(1.0 + 0.001 * k for k in range(100)))
    finally:
        op.partials = right
    assert report.first.operation.startswith("prod")


def test_nothing_is_left_behind():
    w, unreached = Value(0.5, label="w"), Value(2.0)
    w.grad = 7.0
    before = w * 3.0
    f = lambda x: tanh(before * x + w) * unreached
    with autograd.no_grad():
        assert gradcheck(f, 0.25)
    assert w.grad == 7.0
    assert not unreached.reached
    assert not before.reached
    before.backward()  # and no graph of the user's has become stale
    assert w.grad == 10.0
    wrong = custom_op(lambda x: x, lambda x: 1 / 0, name="wrong")
    gradcheck(lambda x: wrong(x) * w, 1.0, raise_exception=False)
    assert w.grad == 10.0


# ---- the report


def test_the_report_fits_eighty_columns_and_reads_in_order():
    wrong = custom_op(lambda x: x * x * x, lambda x: -3 * x * x, name="a_cube_with_a_rather_long_name_for_an_operation")
    v = Value(0.5, label="a label that is long enough to need wrapping in a table of eighty columns")
    text = str(refused(lambda x, v: exp(wrong(x)) + relu(x - x) + wrong(v), 0.5, v))
    assert max(map(len, text.splitlines())) <= 80
    assert text.index("gradcheck FAIL") < text.index("hint") < text.index("nodes") < text.index("backward")


def test_the_report_as_dict_json_html():
    report = refused(lambda x: sqrt(x) + x, 0.0)
    plain = json.loads(report.to_json())
    assert plain == json.loads(json.dumps(report.to_dict()))
    assert plain["verdict"] == "OUT OF DOMAIN"
    assert plain["rules"][0]["operation"] == "sqrt"
    hostile = Value(0.0, label="<script>")
    assert "<script>" not in gradcheck(sqrt, hostile, raise_exception=False)._repr_html_()


def test_the_error_carries_the_report():
    with pytest.raises(GradcheckError, match="rule of wrong for x is wrong") as caught:
        gradcheck(custom_op(lambda x: x, lambda x: 2.0, name="wrong"), 1.0)
    assert not caught.value.report


# ---- no false alarms


def alarm(program):
    """The report, if it accuses a correct program; a derivative below 10⁻¹⁸ may be too small to be seen beside the others."""
    report = gradcheck(program, list(program.point), raise_exception=False, atol=1e-18)
    return report if report.verdict in ("FAIL", "INCONCLUSIVE") else None


@given(programs())
@settings(max_examples=60)
def test_random_graphs_are_not_accused(program):
    assert alarm(program) is None, f"{program}\n{alarm(program)}"


@given(programs(smooth=True, most=6))
@settings(max_examples=15)
def test_hessians_of_random_graphs_are_not_accused(program):
    report = gradcheck(program, list(program.point), order=2, raise_exception=False)
    assert report.verdict != "FAIL", f"{program}\n{report}"


@pytest.mark.nightly
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_thousand_random_graphs_three_times(number):
    @seed(number)
    @settings(max_examples=1_000, database=None, derandomize=False, suppress_health_check=list(HealthCheck))
    @given(programs())
    def check(program):
        assert alarm(program) is None, f"{program}\n{alarm(program)}"

    check()


def test_a_function_of_inputs_needs_some():
    with pytest.raises(TypeError, match=r"gradcheck\(f, \*inputs\) needs the inputs to check f at"):
        gradcheck(lambda x: x * x)
    w = Value(2.0)
    assert gradcheck(lambda: w * w)  # what it closes over is checked


# ---- functions that are not what they seem


@pytest.mark.parametrize("cut", [lambda w: w.data, lambda w: w.detach(), lambda w: no_grad(lambda: w * 1.0)()])
def test_a_part_that_is_not_in_the_graph_is_seen_for_leaves_that_are_closed_over(cut):
    w = Value(3.0, label="w")
    held = w * w  # a graph of the user's, which stays valid
    report = gradcheck(lambda x: x * w * cut(w), 2.0, raise_exception=False)
    found = {row.leaf: row.finding for row in report.rows}
    assert (found["x"].verdict, found["w"].verdict) == ("PASS", "FAIL")
    assert (found["w"].claim, round(found["w"].value, 6)) == (6.0, 12.0)
    assert "not in the graph" in found["w"].hint
    assert (w.data, w.reached) == (3.0, False)
    held.backward()
    assert w.grad == 6.0


def test_a_leaf_that_is_closed_over_is_put_back_where_the_function_raises():
    w = Value(1.0)
    held = w * w

    def f(x):
        if w.data != 1.0:
            raise KeyError("moved")
        return x * w

    with pytest.raises(KeyError):
        gradcheck(f, 2.0)
    assert w.data == 1.0
    held.backward()
    assert w.grad == 2.0


def test_a_function_that_is_not_the_same_twice_is_not_confirmed():
    calls = []

    def counted(x):
        calls.append(x)
        return x * float(len(calls))

    rng = random.Random(1)
    for f in (counted, lambda x: x * rng.random(), lambda x: [x, x + rng.random()]):
        report = gradcheck(f, 2.0, raise_exception=False)
        assert not report
        assert report.verdict == "INCONCLUSIVE"
        assert "not the same twice" in report.rows[0].finding.hint


@pytest.mark.parametrize(
    ("f", "side"),
    [
        (lambda x: autograd.cbrt(x) ** 2, "both sides"),
        (lambda x: autograd.cos(autograd.cbrt(x)), "both sides"),
        (lambda x: autograd.cbrt(x) ** 2 + x * 0.0, "both sides"),
    ],
)
def test_a_cusp_has_no_derivative(f, side):
    report = gradcheck(f, 0.0, raise_exception=False)
    assert report.verdict == "OUT OF DOMAIN"
    assert report.rows[0].finding.hint == f"the slope is infinite here on {side}"


@pytest.mark.parametrize("x", [0.0, 1e-300, 1e-9, 1.0])
def test_what_is_steep_but_smooth_is_no_cusp(x):
    assert gradcheck(lambda x: x * x * autograd.abs(x), x)
    assert gradcheck(lambda x: autograd.tanh(1e6 * x), x)
    assert gradcheck(lambda x: autograd.tanh(1e12 * x), x)
    assert gradcheck(lambda x: autograd.asinh(1e12 * x), x)


def test_a_tolerance_is_spoken_of_only_where_one_was_given():
    wrong = custom_op(lambda x: x * x, lambda x: 0.0 * x + 3.0, name="wrong")
    text = str(gradcheck(wrong, 2.0, order=2, raise_exception=False))
    assert "tolerance" not in text
