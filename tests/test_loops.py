"""`scan`, `map` and `cond`: the plain loop or branch when called, a loop or branch of the program when compiled."""

import json
import math
import os
import subprocess
import sys
from contextlib import suppress

import numpy as np
import pytest
from test_compile_exactness import bits, each_executor, numbers

import autograd
from autograd import Value, cond, exp, log, relu, scan, sin, where
from autograd._engine.tracing import TraceError

XS = [0.3, -0.7, 1.1, 0.5, 0.9]
PS = [0.8, 0.4, 1.3]
ROWS = [[0.1 * i - 0.2 * j for i in range(4)] for j in range(3)]


def kalman(p, xs):
    """The log-likelihood of a local level with decay, Gaussian noise in state and observation."""

    def step(carry, x):
        mean, variance, total = carry
        mean, variance = p[0] * mean, p[0] * p[0] * variance + p[1] * p[1]
        spread = variance + p[2] * p[2]
        gain, error = variance / spread, x - mean
        return (mean + gain * error, (1.0 - gain) * variance, total - 0.5 * (log(spread) + error * error / spread)), gain

    return scan(step, (0.0, 1.0, 0.0), xs)[0][2]


def last(step, init=lambda p: p[2], xs=XS, **options):
    """The last carry of a loop, as a function of three parameters."""
    return lambda p: scan(lambda c, x: (step(p, c, x), None), init(p), xs, **options)[0]


def the_carry_itself(p):
    def step(c, x):
        c = sin(c) * p[0] + x * p[1]
        return c, c

    return scan(step, p[2], XS)[1]


def a_series_in_a_body(p):
    ys = scan(lambda c, x: (sin(c * p[1]) + x, c), p[2], XS)[1]
    return autograd.sum(autograd.map(lambda x: scan(lambda c, y: (c + y * x * p[0], None), 0.0, ys)[0] * ys[1], XS))


PROGRAMS = {
    "polynomial": last(lambda p, c, x: c * p[0] + x * p[1]),
    "functions": last(lambda p, c, x: sin(c * p[0]) + x * p[1] * c),
    "backward": last(lambda p, c, x: sin(c * p[0]) + x * p[1] * c, reverse=True),
    "without xs": last(lambda p, c, _: c * p[0] + p[1] / c, xs=None, length=7),
    "one step": last(lambda p, c, x: c * p[0] + x, xs=[3.0]),
    "Kalman": lambda p: kalman(p, XS),
    "two that change places": lambda p: last(lambda p, c, x: (c[1], c[0] * p[0] + sin(c[1]) * x), lambda p: (p[1], p[2]))(p)[1],
    "a carry that stays": lambda p: last(lambda p, c, x: (c[0], c[1] * c[0] + x), lambda p: (p[0], p[1]))(p)[1] * p[0],
    "a dictionary": lambda p: last(
        lambda p, c, x: {"a": c["b"] * p[0], "b": c["a"] + sin(x * c["b"])}, lambda p: {"a": p[1], "b": p[2]}
    )(p)["b"],
    "where": last(lambda p, c, x: where(x * c > 0.0, sin(c) * p[0], c * p[1] + x)),
    "kinks": last(lambda p, c, x: relu(c * p[0] - x) + autograd.maximum(c, p[1] * x)),
    "n-ary": lambda p: last(
        lambda p, c, x: [autograd.logsumexp([c[0] + p[0], c[1] + p[1] * x]), autograd.prod([c[0], p[2], c[1] + x])],
        lambda p: [p[0] * p[0], p[1] * p[1]],
    )(p)[0],
    "all of them": lambda p: autograd.sum(scan(lambda c, x: (c * p[0] + exp(x * p[1]), c * c * p[0]), p[2], XS)[1]),
    "the carry itself": lambda p: autograd.sum([y * y * y for y in the_carry_itself(p)]),
    "a loop in a loop": last(lambda p, c, x: last(lambda p, d, y: d * p[0] + sin(y * c), lambda _: c, [x, p[1], 2.0])(p)),
    "a series in a body": a_series_in_a_body,
    "a gradient in a body": last(lambda p, c, x: c - 0.1 * autograd.grad(lambda z: sin(z * p[0]) * z + x * z * z)(c)),
    "map": lambda p: autograd.sum(autograd.map(lambda x, y: exp(p[0] * x) * y + p[1], XS, XS[::-1])),
    "map of map": lambda p: autograd.sum(
        autograd.map(lambda y: y * y * p[0], autograd.map(lambda x: sin(x) * x, [*p, *XS]))
    ),
    "map of scan": lambda p: autograd.mean(
        autograd.map(lambda row: relu(last(lambda p, c, z: c * exp(p[0] * z + p[1]), xs=row)(p) - 1.0), ROWS)
    ),
    "cond, first": lambda p: cond(p[0] > 0.5, lambda x: log(x) * p[1], lambda x: x * x * p[2], p[0]),
    "cond, second": lambda p: cond(p[0] < 0.5, lambda x: log(x) * p[1], lambda x: x * x * p[2], p[0]),
    "cond in a body": last(
        lambda p, c, x: cond(x > 0.0, lambda a: log(x) * a * p[0], lambda a: cond(c > 1.0, sin, lambda b: b * p[1], a), c)
    ),
    "nothing differentiated": lambda p: scan(lambda c, x: (c + x, None), 0.0, XS)[0] * p[0],
}  # fmt: skip
programs = pytest.mark.parametrize("f", PROGRAMS.values(), ids=PROGRAMS)


def alike(a, b, tolerance=1e-13):
    """Whether two results agree but for the order in which terms were added."""
    return np.allclose(numbers(a), numbers(b), rtol=tolerance, atol=tolerance)


@programs
@each_executor
def test_a_compiled_loop_has_the_bits_of_the_plain_one(f, executor):
    for g in (f, autograd.value_and_grad(f), lambda p: autograd.jvp(f, (p,), ([1.0, -0.5, 2.0],))):
        compiled = autograd.compile(g, executor=executor)
        assert bits(compiled(PS)) == bits(g(PS))
        assert compiled._last.call(PS, 1, check=True) is not autograd.compiler.function.UNSURE  # eager was not asked


@programs
@each_executor
def test_second_derivatives_of_loops(f, executor):
    """These agree but for the last bits: a loop adds what a step contributes before it adds the steps."""
    hvp = lambda p: autograd.hvp(f, (p,), ([1.0, -0.5, 2.0],))
    again = autograd.grad(lambda p: autograd.sum(autograd.grad(f)(p)))
    for g in (autograd.hessian(f), hvp, again):
        assert alike(autograd.compile(g, executor=executor)(PS), g(PS))


@each_executor
def test_gradients_for_data(executor):
    f = lambda rows: autograd.mean(autograd.map(lambda row: scan(lambda c, z: (c * exp(0.3 * z), None), 1.0, row)[0], rows))
    for g in (autograd.grad(f), autograd.grad(lambda xs: kalman(PS, xs[0]))):
        assert bits(autograd.compile(g, executor=executor)(ROWS)) == bits(g(ROWS))


@each_executor
def test_results_of_any_structure(executor):
    f = lambda p: scan(lambda c, x: (c * p[0] + x, (c, {"a": [x * c, 1.0], "b": None})), p[2], XS * 8)
    compiled = autograd.compile(f, executor=executor)
    assert compiled(PS) == f(PS)
    many = [0.1 * k for k in range(40)]
    assert autograd.compile(lambda xs: autograd.map(sin, xs), executor=executor)(many) == [*map(math.sin, many)]


def test_a_map_over_rows_of_an_array_and_over_structures_of_sequences():
    rows = np.arange(6.0).reshape(3, 2)
    f = lambda xs: autograd.map(lambda row: row[0] * row[1], xs)
    assert autograd.compile(f)(rows) == f(rows) == [0.0, 6.0, 20.0]
    g = lambda xs: scan(lambda c, x: (c + x["a"] * x["b"][0], x["b"][1]), 0.0, xs)
    xs = {"a": [1.0, 2.0], "b": ([3.0, 4.0], [5.0, 6.0])}
    assert autograd.compile(g)(xs) == g(xs) == (11.0, [5.0, 6.0])


def test_a_sequence_from_a_loop_is_a_sequence():
    def f(xs):
        ys = autograd.map(sin, xs)
        assert len(ys) == 3
        assert "3" in repr(ys)
        with pytest.raises(IndexError):
            ys[3]
        more, one = [2.0], [1.0]
        return [ys[-1], *ys[1:], *(ys + one), *(more + ys), autograd.sum(ys), autograd.logsumexp(ys)]

    assert autograd.compile(f)([1.0, 2.0, 3.0]) == f_plain([1.0, 2.0, 3.0])


def f_plain(xs):
    ys = [autograd.sin(x) for x in xs]
    return [ys[-1], *ys[1:], *ys, 1.0, 2.0, *ys, autograd.sum(ys), autograd.logsumexp(ys)]


def test_the_program_has_one_body_for_any_number_of_steps():
    sizes = []
    for n in (10, 1_000):
        compiled = autograd.compile(autograd.value_and_grad(kalman))
        compiled(PS, [0.1] * n)
        machine = compiled._last.machine
        sizes.append(len(machine.kinds) - machine.inputs)
    assert sizes[0] == sizes[1]


@each_executor
def test_only_the_side_taken_may_fail(executor):
    f = lambda x: cond(x > 0.0, log, lambda x: x * 2.0, x)
    compiled = autograd.compile(f, executor=executor)
    assert [compiled(-1.0), compiled(3.0)] == [-2.0, math.log(3.0)]
    assert compiled._last.call([-1.0], 1, check=True) == -2.0
    slope = autograd.compile(autograd.grad(f), executor=executor)
    assert [slope(-1.0), slope(0.0), slope(4.0)] == [2.0, 2.0, 0.25]


@each_executor
@pytest.mark.parametrize("body", [log, lambda x: 1.0 / x, autograd.sqrt])
def test_an_error_names_the_step(body, executor):
    f = lambda c, xs: scan(lambda c, x: (c + body(x), None), c, xs)[0]
    compiled = autograd.compile(f, executor=executor)
    assert compiled(1.0, [1.0, 2.0, 3.0]) == f(1.0, [1.0, 2.0, 3.0])
    for g in (f, compiled):
        with pytest.raises((ValueError, ArithmeticError)) as caught:
            g(Value(1.0) if g is f else 1.0, [1.0, 2.0, Value(-1.0) if body is autograd.sqrt else Value(-0.0)])
        assert caught.value.__notes__ == ["in step 2 of 3 of autograd.scan"]
    with pytest.raises(KeyError) as missing:
        autograd.map(lambda x: {}[x], [1.0])
    assert missing.value.__notes__ == ["in step 0 of 1 of autograd.map"]


def no_pair(c, x):
    return c


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: scan(3, 0.0, XS), TypeError, "takes a function, not int"),
        (lambda: scan(no_pair, 0.0, XS), TypeError, "returns a pair"),
        (lambda: autograd.compile(lambda c: scan(no_pair, c, XS))(1.0), TypeError, "returns a pair"),
        (lambda: scan(lambda c, x: ((c, c), None), 0.0, XS), TypeError, "structure it takes"),
        (lambda: autograd.compile(lambda c: scan(lambda c, x: ((c, c), None), c, XS))(1.0), TypeError, "structure it takes"),
        (lambda: scan(lambda c, x: (c, x), 0.0, ([1.0], [1.0, 2.0])), ValueError, "different lengths: 1, 2"),
        (lambda: autograd.map(lambda x, y: x, [1.0], [1.0, 2.0]), ValueError, "different lengths: 1, 2"),
        (lambda: autograd.map(lambda x: x), TypeError, "at least one sequence"),
        (lambda: scan(lambda c, x: (c, x), 0.0, XS, length=3), ValueError, "length 5, and length=3"),
        (lambda: scan(lambda c, x: (c, x), 0.0), ValueError, "takes a length"),
        (lambda: scan(lambda c, x: (c, x), 0.0, 3.0), TypeError, "goes through a list"),
        (lambda: scan(lambda c, x: (c, x), 0.0, length=3.0), TypeError, "known while tracing"),
        (lambda: autograd.compile(lambda n: scan(lambda c, x: (c, x), 0.0, length=n))(3.0), TypeError, "known while tracing"),
        (lambda: cond(True, 3.0, sin, 1.0), TypeError, "takes two functions"),
        (lambda: autograd.compile(lambda x: cond(x > 0.0, lambda x: (x, x), sin, x))(1.0), TypeError, "one structure"),
        (lambda: autograd.compile(lambda x: scan(lambda c, y: (max(y, c), None), x, XS))(1.0), TraceError, "truth"),
        (lambda: autograd.compile(lambda x: autograd.map(sum, [[x], [x, x]]))(1.0), ValueError, "entry 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(call, error, message):
    with pytest.raises(error, match=message):
        call()


@each_executor
def test_carries_and_entries_that_are_ints(executor):
    f = lambda p: scan(lambda c, x: ((c[0] + 1, c[1] * p + x), c[0]), (0, 1.0), [1, 2.0, 3])
    assert autograd.compile(f, executor=executor)(0.5) == f(0.5)
    assert autograd.compile(lambda p: scan(lambda c, x: (c * p + x, x), 1, range(5)), executor=executor)(0.5)[0] == 6.15625


def test_a_traced_number_that_left_its_trace_is_no_condition():
    kept = []
    autograd.compile(lambda x: kept.append(x) or x)(1.0)
    with pytest.raises(TraceError, match="truth"):
        cond(kept[0], sin, exp, 1.0)


def test_no_steps():
    assert scan(lambda c, x: (c * x, c), 2.0, []) == (2.0, [])
    assert autograd.compile(lambda p: scan(lambda c, x: (c * x, c), p, []))(2.0) == (2.0, [])
    assert autograd.map(sin, []) == []


def test_what_leaks_from_a_body_is_named():
    kept = []

    def leaking(p):
        scan(lambda c, x: (c * x, kept.append(c * x)), p, [1.0, 2.0])
        return kept[-1] * 2.0 if p is not None else None

    with pytest.raises(TraceError, match=r"outside of it[\s\S]*test_loops.py"):
        autograd.compile(leaking)(1.0)
    with pytest.raises(TraceError, match="outside of it"):
        autograd.compile(lambda p: (scan(lambda c, x: (c * x, kept.append(c * x)), p, [1.0]), kept[-1])[1])(1.0)


def test_a_body_that_fails_leaves_nothing_behind():
    def f(p):
        with suppress(KeyError):
            scan(lambda c, x: {}["x"], p * 2.0, [1.0, 2.0])
        return scan(lambda c, x: (c * x, None), p, [1.0, 2.0])[0]

    assert autograd.compile(autograd.value_and_grad(f))(1.5) == (3.0, 2.0)


@each_executor
def test_what_else_a_body_may_do(executor):
    w = Value(0.7)
    cube = autograd.custom_op(lambda x: x**3, lambda x, y: 3.0 * x * x)

    def step(p, c, x):
        with autograd.no_grad():
            k = c * p
        k = k + autograd.take([c, x, c * x], 1.0) + w * sin(w)
        return cube(k * 0.1) + (k.detach() if not isinstance(k, float) else k) * x

    f = lambda p: scan(lambda c, x: (step(p, c, x), None), 1.0, XS)[0]
    assert bits(autograd.compile(autograd.value_and_grad(f), executor=executor)(0.5)) == bits(autograd.value_and_grad(f)(0.5))
    w.data = 0.2
    assert bits(autograd.compile(f, executor=executor)(0.5)) == bits(f(0.5))


@each_executor
def test_repeat_of_a_loop(executor):
    step = lambda s, k: scan(lambda c, x: (c * k + x, None), s, [0.1, 0.2])[0]
    s = 1.0
    for _ in range(5):
        s = step(s, 0.5)
    assert autograd.compile(step, executor=executor).repeat(5, 1.0, 0.5) == s


def test_without_a_compiler_nothing_is_imported():
    text = (
        "import sys, autograd, json; autograd.scan(lambda c, x: (c + x, None), 0.0, [1.0]); print(json.dumps([*sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, env=os.environ)
    assert "autograd.compiler" not in json.loads(done.stdout)


def reductions(p, xs):
    ys = autograd.map(lambda x: exp(p * x) * p, xs)
    zs = autograd.map(lambda x, y: sin(x * p) * y, xs, ys)
    return autograd.sum(ys) / len(xs) + autograd.dot(ys, zs) + autograd.mean(zs) + autograd.dot(ys, ys) * p


@each_executor
def test_reductions_of_a_sequence_stay_loops(executor):
    g = autograd.value_and_grad(reductions)
    lines = []
    for n in (100, 200):
        xs = [math.cos(k) for k in range(n)]
        compiled = autograd.compile(g, executor=executor)
        assert bits(compiled(0.3, xs)) == bits(g(0.3, xs))
        if executor != "python":
            from autograd.compiler.native import straight

            lines.append(straight(compiled._last.machine, 0)[0].count("\n"))
    assert not lines or lines[0] == lines[1]


def test_reductions_in_c(tmp_path):
    test_c_source = pytest.importorskip("test_c_source")
    if test_c_source.CC is None:
        pytest.skip("needs a C compiler")
    xs = [math.cos(k) for k in range(100)]
    compiled = autograd.compile(autograd.value_and_grad(reductions))
    want = compiled(0.3, xs)
    assert bits(test_c_source.built(compiled, tmp_path)([0.3, *xs])[1]) == bits(numbers(want))


def test_the_program_as_text():
    fast = autograd.compile(autograd.grad(last(lambda p, c, x: cond(c > 0.0, sin, lambda c: c * p[0], c) * x)))
    fast(PS)
    lines = fast.program.splitlines()
    assert lines[0] == "3 inputs, 3 results"
    assert "for 5:" in lines
    assert "for 5, backward:" in lines
    assert any(line.startswith("    if %") for line in lines)
    assert any("sin" in line and line.startswith("        ") for line in lines)
    many = autograd.compile(lambda xs: autograd.sum(autograd.map(sin, xs)))
    many([0.1 * k for k in range(100)])
    assert any("stack in[0], in[1], …, in[99]" in line for line in many.program.splitlines())
