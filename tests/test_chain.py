"""The chain rule: what a backward pass does to gradients, in which order, and what it leaves behind when it fails."""

import _thread
import contextlib
import gc
import math
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import DerivativeError, Value, custom_op, detect_anomaly
from autograd.chain import forward, partials, reverse

# ---- the accumulation law


def test_a_shared_node_passes_its_gradient_on_once():
    a = Value(1.0)
    b = a + a
    c = b + b
    c.backward()
    assert (a.grad, b.grad, c.grad) == (4.0, 2.0, 1.0)


def test_a_second_pass_adds_exactly_one_more_gradient_to_the_leaves_only():
    a = Value(1.0)
    b = a + a
    c = b + b
    for n in (1, 2, 3):
        c.backward()
        assert (a.grad, b.grad, c.grad) == (4.0 * n, 2.0, 1.0), f"after {n} passes"


@given(st.lists(st.floats(-3, 3), min_size=3, max_size=3))
def test_two_passes_double_the_gradient_to_the_bit(xs):
    vs = [Value(x) for x in xs]
    a, b, c = vs
    y = autograd.tanh(a * b + c) * autograd.sin(a) + autograd.exp(-c * c) / (2.0 + autograd.cos(b))
    y.backward()
    once = [v.grad for v in vs]
    y.backward()
    assert [v.grad for v in vs] == [g + g for g in once], f"at {xs}"


def test_passes_from_different_results_add_up():
    x, y = Value(2.0), Value(3.0)
    s, p = x + y, x * y
    s.backward()
    p.backward()
    assert (x.grad, y.grad) == (4.0, 3.0)
    s.backward()
    assert (x.grad, y.grad) == (5.0, 4.0)
    assert (s.grad, p.grad) == (1.0, 1.0)


def test_a_computed_value_has_the_gradient_of_the_last_pass():
    x = Value(2.0)
    s = x * x
    y, z = s * 3, s * 5
    y.backward()
    assert s.grad == 3.0
    z.backward()
    assert s.grad == 5.0
    s.backward()
    assert s.grad == 1.0
    assert (y.grad, z.grad) == (1.0, 1.0)


def test_a_leaf_is_its_own_gradient():
    x = Value(2.0)
    x.backward()
    x.backward()
    assert x.grad == 2.0


def test_a_gradient_assigned_by_hand_is_added_to():
    x = Value(2.0)
    x.grad = 10
    (x * 3).backward()
    assert x.grad == 13.0
    x.grad = 0
    (x * 3).backward()
    assert x.grad == 3.0


def test_a_leaf_to_which_nothing_flows_keeps_its_gradient():
    x, y = Value(2.0), Value(3.0)
    y.grad = -0.0
    (x * 2 + autograd.where(True, x, y)).backward()
    assert x.grad == 3.0
    assert math.copysign(1.0, y.grad) == -1.0


def test_the_first_operand_of_every_operator_gets_its_adjoint_once():
    cases = {
        "a + b": (lambda a, b: a + b, (1.0, 1.0)),
        "a - b": (lambda a, b: a - b, (1.0, -1.0)),
        "a * b": (lambda a, b: a * b, (2.0, 7.0)),
        "a / b": (lambda a, b: a / b, (0.5, -1.75)),
        "a % b": (lambda a, b: a % b, (1.0, -3.0)),
        "a // b": (lambda a, b: a // b, (0.0, 0.0)),
        "a ** b": (lambda a, b: a**b, (14.0, 49.0 * math.log(7.0))),
    }
    for text, (f, expected) in cases.items():
        a, b = Value(7.0), Value(2.0)
        f(a, b).backward()
        assert (a.grad, b.grad) == pytest.approx(expected, rel=1e-15), f"{text} at a = 7, b = 2"
        x = Value(7.0)
        f(x, x).backward()
        assert x.grad == pytest.approx(sum(autograd.grad(f, (0, 1))(7.0, 7.0)), rel=1e-15), f"{text} at a = b = 7"


# ---- the order of the sum

BIG = 1e16


def ordered(x):
    """Contributions to x, in order of recording: 1, 1, BIG; in reverse order the two ones are lost one by one."""
    first = x * 1.0
    second = x * 1.0
    third = x * BIG
    return (first + second) + third


def ordered_operands(x):
    """Within one operation, in the order of its operands."""
    return autograd.dot([x, x, x], [BIG, 1.0, 1.0])


def number(x):
    return getattr(x, "data", x)


IN_REVERSE = (BIG + 1.0) + 1.0
assert (1.0 + 1.0) + BIG != IN_REVERSE


@pytest.mark.parametrize("f", [ordered, ordered_operands])
def test_contributions_are_added_in_reverse_order_of_recording(f):
    def backward(x):
        v = Value(x)
        f(v).backward()
        return v.grad

    def anomalous(x):
        with detect_anomaly():
            return backward(x)

    def swept(x, **how):
        v = Value(x)
        return reverse({f(v): 1.0}, **how)[v]

    for got in (
        backward(1.0),
        anomalous(1.0),
        swept(1.0),
        number(swept(1.0, lifted=True)),
        autograd.grad(f)(1.0),
        number(autograd.grad(f)(Value(1.0))),
        autograd.vjp(f, 1.0)[1](1.0)[0],
        autograd.jacobian(f)(1.0),
    ):
        assert got == IN_REVERSE, f"{f.__name__}: {got!r}, not (1e16 + 1) + 1 = {IN_REVERSE!r}"


def test_the_order_is_that_of_recording_not_of_use():
    x = Value(1.0)
    third, second, first = x * BIG, x * 1.0, x * 1.0
    y = first + (second + third)
    y.backward()
    assert x.grad == (1.0 + 1.0) + BIG


SCRIPT = """
import random
from autograd import Value, tanh, exp, sum as total, grad
rng = random.Random(1)
xs = [Value(rng.uniform(-2, 2)) for _ in range(20)]
nodes = list(xs)
for i in range(400):
    a, b, c = rng.choices(nodes, k=3)
    nodes.append([lambda: tanh(a * b), lambda: a - b * 0.3, lambda: total([a, b, c]) * 0.2, lambda: exp(-a * a)][i % 4]())
total(nodes).backward()
print([x.grad.hex() for x in xs])
print(grad(lambda d: d["b"] * d["a"] + tanh(d["a"]))({"a": 0.1, "b": 0.7}))
"""


def run(script, **env):
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, env=os.environ | env, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_same_program_gives_the_same_bits_on_every_run():
    first, *others = [run(SCRIPT, PYTHONHASHSEED=seed) for seed in ("0", "1", "2")]
    assert "0x" in first
    for other in others:
        assert other == first


# ---- adjoints that are exactly zero


def explode():
    raise AssertionError("a partial was evaluated that nothing flows through")


trap = custom_op(lambda x: x, lambda x: explode(), name="trap")
trap2 = custom_op(lambda a, b: a + b, lambda a, b: explode(), lambda a, b, y: explode(), name="trap2")


ZERO_ADJOINTS = {
    "times 0": lambda x: trap(x) * 0.0,
    "times −0": lambda x: trap(x) * -0.0,
    "two operands": lambda x: trap2(x, x) * 0.0,
    "flat side of relu": lambda x: autograd.relu(-abs(trap(x))),
    "floor": lambda x: autograd.floor(trap(x)),
    "the branch not taken": lambda x: autograd.where(False, trap(x), 1.0),
    "the loser of a maximum": lambda x: autograd.maximum(trap(x) - 10.0, 0.0),
    "in a dot": lambda x: autograd.dot([trap(x)], [0.0]),
    "sum of opposite contributions": lambda x: (t := trap(x)) - t,
}


@pytest.mark.parametrize("case", ZERO_ADJOINTS)
def test_an_adjoint_of_exactly_zero_evaluates_no_partial(case):
    def f(x):
        return ZERO_ADJOINTS[case](x) + 2.0 * x

    x = Value(3.0)
    y = f(x)
    y.backward()
    assert x.grad == 2.0
    assert reverse({y: 1.0})[x] == 2.0
    assert autograd.grad(f)(3.0) == 2.0
    assert autograd.vjp(f, 3.0)[1](1.0) == (2.0,)
    with detect_anomaly():
        z = f(x)
        z.backward()
    assert x.grad == 4.0


def test_a_cotangent_or_tangent_of_zero_evaluates_no_partial():
    y, pull = autograd.vjp(trap, 3.0)
    assert (y, pull(0.0)) == (3.0, (0.0,))
    assert autograd.jvp(trap, (3.0,), (0.0,)) == (3.0, 0.0)
    assert autograd.jvp(trap2, (3.0, 1.0), (0.0, 0.0)) == (4.0, 0.0)


def test_the_branch_not_taken_cannot_poison_a_gradient():
    for x, expected in ((-1.0, 1.0), (4.0, 0.25)):

        def f(v):
            return autograd.where(v > 0, autograd.sqrt(autograd.maximum(v, 0.0)), v)

        v = Value(x)
        f(v).backward()
        assert v.grad == expected
        assert autograd.grad(f)(x) == expected


def test_nan_is_not_zero():
    x = Value(2.0)
    (x * math.nan).backward()
    assert math.isnan(x.grad)


# ---- a pass that fails

FAILURES = [ValueError, TypeError, KeyError, RuntimeError, KeyboardInterrupt, SystemExit, MemoryError, GeneratorExit]


def failing(error):
    def partial(x, y):
        raise error

    return custom_op(lambda x: x, partial, name="failing")


@pytest.mark.parametrize("kind", FAILURES, ids=lambda kind: kind.__name__)
def test_a_pass_that_fails_leaves_every_leaf_as_it_was(kind):
    x, w, late = Value(2.0), Value(3.0), Value(4.0)
    x.grad, w.grad = 10.0, -0.0
    broken = failing(kind("mid-pass"))
    y = broken(x * w) + x + w * late
    expected = DerivativeError if kind is ValueError else kind
    for _ in range(2):
        with pytest.raises(expected):
            y.backward()
        assert (x.grad, w.grad, late.grad) == (10.0, 0.0, 0.0)
        assert math.copysign(1.0, w.grad) == -1.0
        assert not late.reached
    with pytest.raises(expected):
        autograd.grad(lambda t: broken(t * t))(1.0)
    (x * w + x).backward()
    assert (x.grad, w.grad) == (14.0, 2.0)


def test_the_same_nodes_work_again_after_a_failure():
    works = []

    def partial(x):
        if not works:
            raise RuntimeError("not yet")
        return 2.0

    op = custom_op(lambda x: 2 * x, partial, name="later")
    x = Value(1.0)
    s = x * 3
    y = op(s) + s
    with pytest.raises(RuntimeError, match="not yet"):
        y.backward()
    assert not x.reached
    works.append(True)
    y.backward()
    assert (x.grad, s.grad, y.grad) == (9.0, 3.0, 1.0)
    y.backward()
    assert x.grad == 18.0


@pytest.mark.parametrize(
    "interrupt", [lambda: signal.raise_signal(signal.SIGINT), _thread.interrupt_main], ids=["signal", "thread"]
)
def test_an_interrupt_raised_in_a_partial_comes_out(interrupt):
    def partial(x):
        interrupt()
        return 1.0

    op = custom_op(lambda x: x, partial, name="interrupted")
    x = Value(1.0)
    y = x
    for _ in range(100):
        y = op(y) + 1.0
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a process in the background may ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            y.backward()
    finally:
        signal.signal(signal.SIGINT, before)
    assert not x.reached
    (x * 2).backward()
    assert x.grad == 2.0


# Graphs with so many leaves that giving the gradients out is a good part of a pass, and a signal can fall into it. All
# gradients are whole numbers, so that sums are exact however many passes were cut short.

has_timers = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer signals here")


def with_many_leaves():
    xs = [Value(float(i % 7)) for i in range(20_000)]
    y = autograd.sum(xs)
    for _ in range(20_000):
        y = y + 1.0
    started = time.perf_counter()
    y.backward()
    return xs, y, time.perf_counter() - started


@pytest.fixture
def on_alarm():
    """Sets what a timer's signal does; nothing does any more once the test is over."""
    previous = signal.getsignal(signal.SIGALRM)
    yield lambda handler: signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, previous)


@has_timers
def test_an_interrupt_at_any_moment_leaves_all_leaves_added_to_or_none(on_alarm):
    xs, y, took = with_many_leaves()
    armed = []

    def interrupt(*_):
        if armed:
            raise KeyboardInterrupt

    on_alarm(interrupt)
    done, interrupted = 1, 0
    for k in range(1, 25):
        armed.append(True)
        try:
            signal.setitimer(signal.ITIMER_REAL, took * k / 24)
            y.backward()
            armed.clear()
        except KeyboardInterrupt:
            interrupted += 1
        armed.clear()
        grads = {x.grad for x in xs}
        assert grads in ({float(done)}, {float(done + 1)}), f"interrupt {k}: some leaves were added to, others not: {grads}"
        done = int(min(grads))
    y.backward()
    assert {x.grad for x in xs} == {float(done + 1)}, "a pass after interrupts was wrong"
    assert interrupted, "no pass was interrupted: the test shows nothing"


@has_timers
def test_a_pass_in_a_signal_handler_at_any_moment_of_another_is_not_lost(on_alarm):
    xs, y, took = with_many_leaves()
    ends = xs[0] + xs[-1]
    ran = []

    def another(*_):
        ends.backward()
        ran.append(1)

    on_alarm(another)
    interval = max(took / 200, 5e-4)  # signals that come faster than they are answered leave no time for anything else
    signal.setitimer(signal.ITIMER_REAL, interval, interval)
    passes = 1
    while len(ran) < 50 or passes < 5:
        y.backward()
        passes += 1
    signal.setitimer(signal.ITIMER_REAL, 0)
    n = len(ran)
    assert (xs[0].grad, xs[-1].grad) == (passes + n, passes + n), f"of {passes} passes and {n} within them some are lost"
    assert {x.grad for x in xs[1:-1]} == {float(passes)}


# ---- passes within passes


def test_backward_inside_a_partial():
    x = Value(2.0)
    inner = x * x

    def partial(v):
        inner.backward()  # adds 4 to x.grad, in the middle of the other pass
        return 3.0

    op = custom_op(lambda v: 3.0 * v, partial, name="reentrant")
    s = x * 5.0
    y = op(s) + s
    y.backward()
    assert (x.grad, s.grad, inner.grad) == (20.0 + 4.0, 4.0, 1.0)


def test_backward_of_the_same_graph_inside_a_partial():
    depth = []

    def partial(v):
        if len(depth) < 3:
            depth.append(1)
            y.backward()
        return 3.0

    op = custom_op(lambda v: 3.0 * v, partial, name="reentrant")
    x = Value(2.0)
    y = op(x * 2.0) + x
    y.backward()
    assert x.grad == 4 * 7.0


def test_transforms_inside_a_partial():
    op = custom_op(lambda v: v**3, autograd.grad(lambda t: t**3), name="by grad")
    x = Value(2.0)
    op(x).backward()
    assert x.grad == 12.0
    assert autograd.hessian(op)(2.0) == 12.0


def test_backward_inside_del_during_a_pass():
    x = Value(2.0)

    class Farewell:
        def __del__(self):
            (x * 100.0).backward()

    def partial(v):
        Farewell()
        return 3.0

    op = custom_op(lambda v: 3.0 * v, partial, name="farewell")
    y = op(x) + x
    y.backward()
    assert x.grad == 104.0


def test_backward_inside_del_at_any_moment_of_a_pass():
    """The collector runs as often as it can, and what it frees starts passes of its own."""
    xs = [Value(1.0) for _ in range(50)]
    others = [autograd.sum([x * 1.0 for x in xs]) for _ in range(30)]
    y = autograd.sum([x * 2.0 for x in xs])
    ran = []

    class Farewell:
        def __init__(self, other):
            self.me, self.other = self, other

        def __del__(self):
            self.other.backward()
            ran.append(1)

    thresholds = gc.get_threshold()
    gc.collect()
    try:
        gc.set_threshold(1)
        for other in others:
            gc.disable()
            Farewell(other)
            gc.enable()
            y.backward()
    finally:
        gc.set_threshold(*thresholds)
        gc.enable()
    gc.collect()
    assert len(ran) == len(others)
    assert {x.grad for x in xs} == {30 * 2.0 + 30 * 1.0}


def test_a_leaf_assigned_during_a_pass_is_an_error():
    x = Value(2.0, label="x")

    def partial(v):
        x.data = 7.0
        return 3.0

    y = custom_op(lambda v: 3.0 * v, partial, name="meddling")(autograd.exp(x))
    with pytest.raises(autograd.StaleValueError, match="x = 7"):
        y.backward()
    assert not x.reached


# ---- threads and processes


def test_threads_that_share_leaves_add_up_exactly():
    xs = [Value(float(i)) for i in range(20)]
    passes, threads = 40, 4
    failures = []

    def work(k):
        try:
            for _ in range(passes):
                y = autograd.sum([x * float(k) for x in xs])
                for _ in range(20):
                    y = y + 1.0
                y.backward()
        except BaseException as error:
            failures.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        workers = [threading.Thread(target=work, args=(k,)) for k in range(1, threads + 1)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    finally:
        sys.setswitchinterval(interval)
    assert not failures
    expected = passes * sum(range(1, threads + 1))
    assert {x.grad for x in xs} == {float(expected)}


def test_threads_that_share_one_graph_add_up_exactly():
    xs = [Value(1.0) for _ in range(20)]
    y = autograd.sum([x * 3.0 for x in xs])
    for _ in range(50):
        y = y + y * 0.0
    barrier = threading.Barrier(4)

    def work():
        barrier.wait()
        for _ in range(25):
            y.backward()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    finally:
        sys.setswitchinterval(interval)
    assert {x.grad for x in xs} == {300.0}


def test_results_recorded_in_threads_can_meet():
    x, parts = Value(2.0), [None] * 4

    def work(k):
        parts[k] = x * float(k)

    workers = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    autograd.sum(parts).backward()
    assert x.grad == 6.0


LOCKED = """
import os, signal, threading, warnings
warnings.simplefilter("ignore")
import autograd
from autograd import Value, chain
held, leave = threading.Event(), threading.Event()
def hold():
    with chain._publishing:
        held.set(); leave.wait()
thread = threading.Thread(target=hold)
thread.start()
held.wait()
child = os.fork()
if child == 0:
    signal.alarm(20)
    x = Value(3.0)
    with autograd.detect_anomaly():
        (x * x).backward()
    os._exit(0 if x.grad == 6.0 else 7)
_, status = os.waitpid(child, 0)
leave.set()
thread.join()
print(os.waitstatus_to_exitcode(status))
"""
FORK = """
import os, sys, threading, warnings
warnings.simplefilter("ignore")  # newer Pythons warn of a fork among threads: that is what is tried here
from autograd import Value, custom_op
entered, leave = threading.Event(), threading.Event()
def partial(x):
    entered.set(); leave.wait(); return 2.0
slow = custom_op(lambda x: 2 * x, partial, name="slow")
x = Value(3.0)
thread = threading.Thread(target=slow(x).backward)
thread.start()
entered.wait()
child = os.fork()
if child == 0:
    y = x * x
    y.backward()
    y.backward()
    os._exit(0 if x.grad == 12.0 else 7)
_, status = os.waitpid(child, 0)
leave.set()
thread.join()
print(os.waitstatus_to_exitcode(status), x.grad)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_process_forked_during_a_pass_can_do_passes_of_its_own():
    assert run(FORK).split() == ["0", "2.0"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_process_forked_while_gradients_are_given_out_does_not_wait_for_a_thread_it_has_not():
    assert run(LOCKED) == "0\n"


# ---- sweeps


def test_sweeps_return_mappings_of_what_was_reached():
    x, w, b = Value(3.0), Value(2.0), Value(1.0)
    y = x * w
    z = y + b
    bars = reverse({z: 1.0})
    assert [bars[v] for v in (x, w, b, y, z)] == [2.0, 3.0, 1.0, 1.0, 1.0]
    assert reverse({z: 2.0, y: 10.0})[x] == 24.0
    assert x not in reverse({b: 1.0})
    dots = forward([z], {x: 1.0})
    assert dots[z] == 2.0
    assert forward([z], {x: 1.0, w: 10.0})[z] == 32.0
    assert forward([z], {x: 1.0, y: 10.0})[z] == 10.0, "a tangent that is given is not computed"
    assert z not in forward([z], {Value(1.0): 1.0})
    assert not x.reached


def test_partials_of_one_node():
    a, b = Value(3.0), Value(2.0)
    assert partials(a * b) == [2.0, 3.0]
    assert partials(a * 5) == [5.0, None]
    assert partials(a) == []
    assert partials(a * b, [False, True]) == [None, 3.0]
    assert partials(autograd.dot([a, 4.0], [b, b])) == [None, 2.0, 3.0, None, 4.0]
    lifted = partials(a * b, lifted=True)
    assert lifted[0] is b
    with pytest.raises(DerivativeError, match=r"sqrt\(0\.0\) is infinite"):
        partials(autograd.sqrt(Value(0.0)))


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_the_sweep_of_backward_and_the_one_of_transforms_agree_to_the_bit(p, q):
    def f(a, b):
        s = autograd.sin(a) * b + a / (1.5 + autograd.tanh(b))
        return autograd.sum([s, a * s, s % 3.0, autograd.maximum(a, b)]) ** 3 - autograd.dot([a, s], [s, b])

    a, b = Value(p), Value(q)
    y = f(a, b)
    y.backward()
    by_grad = autograd.grad(f, (0, 1))(p, q)
    by_values = autograd.grad(f, (0, 1))(Value(p), Value(q))
    bars = reverse({y: 1.0})
    for got in (by_grad, [number(v) for v in by_values], [bars[a], bars[b]]):
        # a leaf adds to 0.0, and so has no −0.0
        assert [(x + 0.0).hex() for x in got] == [a.grad.hex(), b.grad.hex()], f"at {(p, q)}"


@pytest.mark.parametrize("mode", [contextlib.nullcontext, detect_anomaly])
def test_what_nothing_flows_to_has_the_gradient_zero_and_zero_keeps_its_sign(mode):
    with mode():
        x, z = Value(2.0), Value(3.0)
        unused, negative = z * 2.0, x * x
        y = autograd.where(1.0, negative * -0.0, unused)
        y.backward()
    assert (unused.grad, unused.reached, z.grad) == (0.0, True, 0.0)
    assert math.copysign(1.0, negative.grad) == -1.0


def test_a_flat_side_stops_what_is_finite_and_no_infinity():
    x = Value(-1.0)
    y = autograd.relu(x * 1.0)
    assert math.isnan(reverse({y: math.inf})[x])
    assert math.isnan(reverse({y: Value(math.inf)}, lifted=True)[x].data)
    assert x not in reverse({y: Value(1e308)}, lifted=True)


@pytest.mark.parametrize(
    ("partial", "words"),
    [
        (lambda x: 1.0 / (x - x), "the derivative of f(x = 2.0) is infinite there"),
        (lambda x: math.exp(1000.0 * x), "the derivative of f(x = 2.0) is infinite there"),
        (lambda x: math.sqrt(-x), "the derivative of f(x = 2.0) is undefined there"),
        (lambda x: fail(DerivativeError("words of its own")), "words of its own"),
    ],
    ids=["division", "overflow", "domain", "own"],
)
def test_the_error_of_a_partial_says_whether_it_is_infinite_or_undefined_or_what_it_said(partial, words):
    f = autograd.custom_op(lambda x: x, partial, name="f")
    for way in (lambda: f(Value(2.0, label="x")).backward(), lambda: partials(f(Value(2.0, label="x")))):
        with pytest.raises(DerivativeError) as caught:
            way()
        assert str(caught.value) == words


def fail(error):
    raise error
