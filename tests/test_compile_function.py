"""The compiled function itself: signatures, static arguments, control flow, errors, arrays, threads, pickling, size."""

import gc
import math
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
import warnings
import weakref
from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest

import autograd
import nn
from autograd import Value
from autograd.compiler import lower, partials, tape, texts
from autograd.compiler.llvm import _kept_code, _linking
from autograd.table import Op


def square_sum(xs):
    return autograd.sum([x * x for x in xs])


# ---- control flow on data


@pytest.mark.parametrize(
    ("f", "wanted"),
    [
        (lambda x: x if x > 0 else -x, "if, while"),
        (lambda x: max(x, 0.0), "max()"),
        (lambda x: 1 if 0 < x < 1 else 0, "chained comparisons"),
        (lambda x: math.exp(x), "float(v)"),  # noqa: PLW0108
        (lambda x: int(x), "int(v)"),  # noqa: PLW0108
        (lambda x: [1, 2][x], "an index"),
        (lambda x: x.data, "v.data"),
        (lambda x: x.grad, "value_and_grad"),
        (lambda x: (x * x).backward(), "value_and_grad"),
        (lambda x: f"{x:.3f}", "a format"),
        (lambda x: sorted([x, 1.0]), "sorted()"),
    ],
)
def test_what_needs_a_number_is_refused_at_its_line(f, wanted):
    with pytest.raises(autograd.TraceError) as caught:
        autograd.compile(f)(2.0)
    message = str(caught.value)
    assert wanted in message
    assert "test_compile_function.py:" in message
    assert all(word in message for word in ("where", "maximum", "relu", "take", "int, bool or str"))


def test_a_trace_error_inside_a_transform_names_the_line_too():
    def f(x):
        if x > 0:
            return x
        return -x

    with pytest.raises(autograd.TraceError, match=r"test_compile_function\.py:\d+: if x"):
        autograd.compile(autograd.grad(f))(2.0)


def test_a_traced_number_does_not_outlive_its_trace():
    kept = []
    autograd.compile(lambda x: kept.append(x) or x)(1.0)
    with pytest.raises(autograd.TraceError, match="outside the call that traced it"):
        autograd.compile(lambda x: x * kept[0])(1.0)


def test_generators_and_unhashable_arguments_are_refused():
    with pytest.raises(TypeError, match="generator"):
        autograd.compile(lambda x: (y for y in [x]))(1.0)
    with pytest.raises(TypeError, match="bytearray"):
        autograd.compile(lambda x: x)(bytearray(2))
    with pytest.raises(TypeError, match="takes a function"):
        autograd.compile(3.0)
    with pytest.raises(ValueError, match=r"unknown executor: 'gpu' \(must be one of 'auto'"):
        autograd.compile(square_sum, executor="gpu")


def test_operands_that_are_no_numbers():
    with pytest.raises(TypeError, match="str"):
        autograd.compile(lambda x: x + "1")(1.0)
    with pytest.raises(TypeError, match="NoneType"):
        autograd.compile(lambda x: autograd.maximum(x, None))(1.0)


# ---- static arguments and signatures


def test_static_arguments_trace_again_and_are_counted():
    fast = autograd.compile(lambda x, n, how: x**n if how == "power" else x * n)
    assert fast(3.0, 2, "power") == 9.0
    assert fast(4.0, 2, "power") == 16.0
    assert fast.traces == 1
    assert fast(3.0, 2, how="times") == 6.0
    assert fast(3.0, 3, "power") == 27.0
    assert fast.traces == 3
    assert fast(3.0, True, "times") == 3.0
    assert fast(3.0, 1, "times") == 3.0
    assert fast.traces == 5


def test_many_traces_warn_once():
    fast = autograd.compile(lambda x, n: x * n)
    with pytest.warns(RuntimeWarning, match="traced 8 times") as caught:
        assert [fast(2.0, n) for n in range(12)] == [2.0 * n for n in range(12)]
    assert len(caught) == 1


def test_shapes_trace_again():
    fast = autograd.compile(square_sum)
    assert fast([1.0, 2.0]) == 5.0
    assert fast([1.0, 2.0, 3.0]) == 14.0
    assert fast(np.array([1.0, 2.0])) == 5.0
    assert fast.traces == 3
    assert fast(np.array([1.0, 3.0])) == 10.0
    assert fast(np.array([1, 3])) == 10.0
    assert fast.traces == 3


def test_structures_come_back_as_they_went():
    fast = autograd.compile(autograd.value_and_grad(lambda p: autograd.sum(p["w"].ravel()) * p["b"][0]))
    value, gradient = fast({"w": np.ones((2, 3)), "b": (2.0,)})
    assert value == 12.0
    assert gradient["w"].shape == (2, 3)
    assert gradient["w"].dtype == np.float64
    assert gradient["b"] == (6.0,)


def test_views_and_orders_of_arrays():
    fast = autograd.compile(lambda x: x * 2.0)
    big = np.arange(24.0).reshape(4, 6)
    for x in (big, big.T, big[::2, ::-1], big[:, 1], np.asfortranarray(big), big.astype(np.float32)):
        assert np.array_equal(fast(x), x * 2.0)
    result = fast(big)
    fast(big + 1.0)
    assert np.array_equal(result, big * 2.0)  # a result is not overwritten by the next call


def test_numbers_from_outside_are_read_at_each_call():
    w, scale = Value(3.0), Value(2.0)
    fast = autograd.compile(lambda x: w * x + scale * w)
    assert fast(1.0) == 9.0
    w.data = 5.0
    assert fast(1.0) == 15.0
    assert fast.traces == 1


def test_a_module_as_an_argument_is_read_at_each_call():
    model = nn.MLP(2, [4, 1], activation="tanh", seed=0)
    fast = autograd.compile(lambda model, x: model(x))
    x = [0.3, -0.7]
    before = fast(model, x)
    assert before == model(x).data
    for p in model.parameters():
        p.data = p.data * 1.5
    assert fast(model, x) == model(x).data != before


def test_optimisers_rules_are_traced():
    from nn.rules import rmsprop_update, sgd_update

    def step(state):
        w, momentum = state
        gradient = autograd.grad(square_sum)(w)
        return sgd_update(w, gradient, momentum, lr=0.1, momentum=0.9)

    state = ([1.0, -2.0], [0.0, 0.0])
    fast = autograd.compile(step)
    wanted = state
    for _ in range(20):
        wanted = step(wanted)
    assert fast.repeat(20, state) == (wanted[0], wanted[1])
    one = autograd.compile(lambda w, g, s, b: rmsprop_update(w, g, s, b, lr=0.1))
    arguments = ([1.0], [2.0], [0.5], [0.0])
    assert [list(x) for x in one(*arguments)] == [list(x) for x in rmsprop_update(*arguments, lr=0.1)]


def test_no_grad_inside():
    def f(x):
        with autograd.no_grad():
            y = x * x
        return y * x

    assert autograd.compile(autograd.grad(f))(3.0) == autograd.grad(f)(3.0) == 9.0


def test_custom_operations_run_in_python():
    cube = autograd.custom_op(lambda x: x**3, lambda x: 3 * x * x)
    fast = autograd.compile(autograd.value_and_grad(lambda x: cube(x) * 2.0))
    assert fast(2.0) == (16.0, 24.0)


# ---- what is not finite


def test_errors_are_those_of_the_engine():
    fast = autograd.compile(lambda x, y: autograd.log(x) / y)
    assert fast(1.0, 2.0) == 0.0
    with pytest.raises(autograd.DomainError, match=r"log\(-1.0\)"):
        fast(-1.0, 2.0)
    with pytest.raises(ZeroDivisionError):
        fast(1.0, 0.0)
    with pytest.raises(autograd.RangeError):
        autograd.compile(autograd.exp)(1000.0)


def test_a_branch_not_taken_cannot_raise_and_infinity_is_a_result():
    assert autograd.compile(autograd.elu)(1000.0) == 1000.0
    assert autograd.compile(lambda x: x * 1e308)(1e308) == math.inf
    assert math.isnan(autograd.compile(autograd.relu)(math.nan))


def test_without_check_what_is_not_finite_is_returned():
    fast = autograd.compile(lambda x: [autograd.log(x), x + 1.0], check=False, executor="auto")
    y, z = fast(0.0)
    assert y == -math.inf
    assert z == 1.0


# ---- loops of calls


def test_repeat_checks_its_arguments():
    fast = autograd.compile(lambda w, x: w * x)
    assert fast.repeat(3, 2.0, 5.0) == 250.0
    with pytest.raises(ValueError, match="not negative"):
        fast.repeat(-1, 2.0, 5.0)
    with pytest.raises(TypeError, match="as an int"):
        fast.repeat(2.0, 2.0, 5.0)


# ---- several threads; pickles; what an import brings


def test_threads_share_a_compiled_function():
    fast = autograd.compile(autograd.value_and_grad(square_sum))
    results = {}

    def work(k):
        results[k] = [fast([float(k), float(i)]) for i in range(200)]

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(8):
        assert results[k] == [(float(k * k + i * i), [2.0 * k, 2.0 * i]) for i in range(200)]


def test_native_calls_release_the_lock():
    pytest.importorskip("llvmlite")
    fast = autograd.compile(lambda w: [autograd.sin(x) for x in w])
    fast.repeat(1, [1.0] * 50)
    counted = []

    def count():
        while not stop.is_set():
            counted.append(time.perf_counter())
            time.sleep(0.001)

    stop = threading.Event()
    thread = threading.Thread(target=count)
    thread.start()
    start = time.perf_counter()
    fast.repeat(200_000, [1.0] * 50)
    end = time.perf_counter()
    stop.set()
    thread.join()
    assert sum(start < t < end for t in counted) >= 5


def test_pickling():
    fast = autograd.compile(square_sum, check=False)
    assert fast([1.0, 2.0]) == 5.0
    other = pickle.loads(pickle.dumps(fast))
    assert other([3.0, 4.0]) == 25.0
    assert other.traces == 1
    assert fast.__name__ == "square_sum"
    assert "square_sum" in repr(fast)


@autograd.compile
def decorated(x):
    """At the top of a module, as users write it."""
    return x * x + 1.0


@dataclass
class Line:
    slope: float

    @autograd.compile
    def at(self, x):
        return self.slope * x + 1.0


class Plain:
    @autograd.compile
    def at(self, x):
        return x


def test_a_decorated_function_is_pickled_by_its_name():
    assert decorated(2.0) == 5.0
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    bound = Line(3.0)
    assert pickle.loads(pickle.dumps(Line.at)) is Line.at
    assert bound.at(2.0) == 7.0


def test_a_decorated_method_has_its_self():
    line = Line(2.0)
    assert (line.at(3.0), Line(5.0).at(3.0), line.at(x=4.0)) == (7.0, 16.0, 9.0)
    line.slope = 10.0  # data, and no constant of the program
    assert line.at(3.0) == 31.0
    assert autograd.grad(line.at)(1.0) == 10.0
    assert Line.at(Line(1.0), 2.0) == 3.0
    with pytest.raises(TypeError, match="Plain is no structure of numbers: make it a dataclass"):
        Plain().at(1.0)


def run(code, **environment):
    import os

    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_import_brings_in_neither_the_compiler_nor_what_it_needs():
    done = run("import autograd, sys; print(sorted({'llvmlite', 'numpy', 'autograd.compiler'} & set(sys.modules)))")
    assert done.stdout.strip() == "[]", done.stderr


def test_without_llvmlite_it_runs_and_says_so_once():
    done = run(
        """
        import sys, warnings
        sys.modules["llvmlite"] = None
        import autograd
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            fast = autograd.compile(autograd.value_and_grad(lambda x: x * autograd.exp(x)))
            print(fast(0.0), autograd.compile(lambda x: x + 1.0)(1.0), fast.repeat.__name__)
        print([str(w.message)[:38] for w in caught])
        try:
            autograd.compile(lambda x: x + 1.0, executor="native")(1.0)
        except ImportError as error:
            print("ImportError")
        """
    )
    assert done.stdout.splitlines() == [
        "(0.0, 1.0) 2.0 repeat",
        "['autograd.compile runs in Python: for n']",
        "ImportError",
    ], done.stderr


# ---- the program as text, size


def test_the_program_is_readable():
    fast = autograd.compile(lambda w, rows: [autograd.tanh(autograd.dot(w, row)) for row in rows])
    assert fast.program == ""
    fast([0.5] * 4, [[float(i + j) for j in range(4)] for i in range(50)])
    assert "for 50: dot 4" in fast.program
    assert "for 50: tanh" in fast.program


@pytest.mark.nightly
def test_a_million_operations():
    def f(x, n):
        y = x
        for _ in range(n):
            y = y * 0.5 + x
        return y

    fast = autograd.compile(f)
    assert fast(1.0, 500_000) == f(1.0, 500_000)


def test_rules_turn_conditions_into_calls():
    told = []

    def select(c, p, q):
        told.append(c)
        return p()

    f = texts.rule("a if 0.0 < a < b else b", ("a", "b"), {"select": select, "both": lambda c, d: c and d()})
    assert f(1.0, 2.0) == 1.0
    assert told == [True]


def test_tape_repr():
    t = tape.Tape()
    x, y = t.inputs(2)
    assert repr(t) == "<tape of 2 nodes>"
    assert repr(x * y) == "<traced mul>"
    assert repr(x < y) == "<traced lt>"
    with warnings.catch_warnings():
        assert (x == "text") is False


# ---- a gradient is never lost: what is differentiated runs on the engine


def test_differentiating_a_compiled_function():
    square = autograd.compile(lambda x: x * x)
    assert square(3.0) == 9.0  # there is a program now, which must not be run
    assert autograd.grad(square)(3.0) == 6.0
    assert autograd.grad(lambda x: square(x) * x)(3.0) == 27.0
    assert autograd.grad(autograd.grad(lambda x: square(x) * x))(3.0) == 18.0
    assert autograd.jvp(square, (3.0,), (2.0,)) == (9.0, 12.0)
    assert autograd.hvp(square, (3.0,), (1.0,)) == 2.0
    assert autograd.vjp(square, 3.0)[1](1.0) == (6.0,)
    pair = autograd.compile(lambda x: [x[0] * x[1], x[0]])
    assert autograd.jacobian(pair)([3.0, 4.0]) == [[4.0, 3.0], [1.0, 0.0]]
    assert autograd.hessian(autograd.compile(lambda x: x[0] * x[1]))([3.0, 4.0]) == [[0.0, 1.0], [1.0, 0.0]]
    assert autograd.grad(autograd.compile(autograd.grad(lambda x: x**3)))(2.0) == 12.0


def test_arguments_that_are_values_keep_their_graph():
    f = autograd.compile(lambda x, y: x * y.exp())
    x = Value(3.0)
    y = f(x, 0.0)
    y.backward()
    assert (y.data, x.grad) == (3.0, 1.0)
    with autograd.no_grad():
        assert type(f(x, 0.0)) is float
    array = np.array([Value(1.0), x], dtype=object)
    total = autograd.compile(square_sum)
    assert total(np.array([1.0, 3.0])) == 10.0
    x.grad = 0.0
    total(array).backward()
    assert x.grad == 6.0


def test_repeat_keeps_the_graph():
    fast = autograd.compile(lambda w, x: w * x)
    assert autograd.grad(lambda w: fast.repeat(3, w, 5.0))(2.0) == 125.0
    assert autograd.grad(lambda x: fast.repeat(3, 2.0, x))(5.0) == 150.0
    assert autograd.grad(lambda w: fast.repeat(0, w, 5.0))(2.0) == 1.0


def test_values_it_closes_over_inside_a_transform():
    def loss(w):
        return autograd.compile(lambda x: w * x)(3.0)

    assert autograd.grad(loss)(2.0) == 3.0
    assert autograd.grad(autograd.grad(lambda w: autograd.compile(lambda x: w * w * x)(3.0)))(2.0) == 6.0
    held = [1.0]
    fast = autograd.compile(lambda x: held[0] * x)
    assert fast(3.0) == 3.0

    def other(w):
        held[0] = w
        return fast(3.0)

    assert autograd.grad(other)(2.0) == 3.0
    held[0] = 1.0
    assert autograd.grad(lambda w: w * math.floor(fast(3.0)))(2.0) == 3.0  # depends on no Value: a float


def test_computed_values_it_closes_over_keep_their_graph():
    w = Value(2.0)
    v = w * w
    fast = autograd.compile(lambda x: v * x)
    for _ in range(2):
        w.grad = 0.0
        fast(3.0).backward()
        assert w.grad == 12.0
    with autograd.no_grad():
        assert fast(3.0) == 12.0


def test_a_compiled_function_inside_a_compiled_function():
    w = Value(2.0)
    inner = autograd.compile(lambda x, y: w * x * y.exp())
    assert inner(3.0, 0.0) == 6.0
    outer = autograd.compile(autograd.value_and_grad(lambda x: inner(x, 0.0) * x))
    assert outer(3.0) == (18.0, 12.0)
    constant = autograd.compile(lambda x: inner(3.0, 0.0) * x)
    assert constant(2.0) == 12.0
    w.data = 4.0
    assert outer(3.0) == (36.0, 24.0)
    assert constant(2.0) == 24.0


@pytest.mark.parametrize(
    ("f", "x", "error"),
    [
        (lambda x: 1 / x, 0.0, autograd.DivisionByZeroError),
        (lambda x: x % 0.0, 1.0, autograd.DivisionByZeroError),
        (lambda x: x**-1.0, 0.0, autograd.DivisionByZeroError),
        (lambda x: x**0.5, -1.0, autograd.DomainError),
        (autograd.exp, 1000.0, autograd.RangeError),
        (lambda x: {"y": [x, x.log()]}, -1.0, autograd.DomainError),
        (autograd.grad(lambda x: 1 / x), 0.0, autograd.DivisionByZeroError),
    ],
)
def test_an_error_is_the_one_that_values_raise(f, x, error):
    with pytest.raises(error):
        f(Value(x))
    with pytest.raises(error):
        autograd.compile(f)(x)
    with pytest.raises(error):
        autograd.compile(f)(Value(x))


# ---- large arrays, which are read and written where they are

_N = 4_200
LOOPS = ["kernel", "rolled"]


def _large_loss(w, x):
    return autograd.dot(list(w["a"].ravel()), list(x)) + autograd.dot(list(w["b"]), list(x[:3])) ** 2


def _large():
    rng = np.random.default_rng(3)
    return {"a": rng.normal(size=(_N // 7, 7)), "b": rng.normal(size=3)}, rng.normal(size=_N)


def _eager(w, x):
    y, g = autograd.value_and_grad(_large_loss)(w, x)
    return y, {k: np.array(v, dtype=float) for k, v in g.items()}


@pytest.mark.parametrize("executor", LOOPS)
@pytest.mark.parametrize("how", ["as they are", "read-only", "a view with steps", "in Fortran's order", "float32", "integers"])
def test_large_arrays_of_any_kind(how, executor):
    w, x = _large()
    fast = autograd.compile(autograd.value_and_grad(_large_loss), executor=executor)
    fast(w, x)
    if how == "read-only":
        w["a"].flags.writeable = x.flags.writeable = False
    elif how == "a view with steps":
        x = np.repeat(x, 2)[::2]
        w["a"] = np.repeat(w["a"], 2, axis=1)[:, ::2]
    elif how == "in Fortran's order":
        w["a"] = np.asfortranarray(w["a"])
    elif how == "float32":
        w["a"], x = w["a"].astype(np.float32), x.astype(np.float32)
    elif how == "integers":
        w["a"], x = (100.0 * w["a"]).astype(np.int64), (100.0 * x).astype(np.int8)
    before = w["a"].copy(), x.copy()
    for _ in range(2):
        y, g = fast(w, x)
        expected = _eager({k: v.astype(float) for k, v in w.items()}, x.astype(float))
        assert y == expected[0]
        assert all(np.array_equal(g[k], expected[1][k]) and g[k].shape == w[k].shape for k in w)
    assert np.array_equal(w["a"], before[0])
    assert np.array_equal(x, before[1])
    assert fast.traces == 1


@pytest.mark.parametrize("executor", LOOPS)
def test_results_of_two_calls_are_two_arrays(executor):
    double = autograd.compile(lambda x: np.array([2.0 * v for v in x]), executor=executor)
    x = np.arange(float(_N))
    first, second, third = double(x), double(x + 1.0), double(x)
    assert np.array_equal(first, 2.0 * x)
    assert np.array_equal(second, 2.0 * x + 2.0)
    assert np.array_equal(third, first)
    third[:] = 0.0
    x[:] = -1.0
    assert np.array_equal(first, 2.0 * np.arange(float(_N)))


@pytest.mark.parametrize("executor", LOOPS)
def test_an_array_is_argument_and_result_at_once(executor):
    both = autograd.compile(lambda x, y: (x, np.array([a * b for a, b in zip(x, y, strict=True)]), y), executor=executor)
    x = np.linspace(1.0, 2.0, _N)
    both(x, x)
    same, product, again = both(x, x)
    assert same is not x
    assert same is not again
    assert np.array_equal(same, x)
    assert np.array_equal(again, x)
    assert np.array_equal(product, x * x)


@pytest.mark.parametrize("executor", LOOPS)
def test_what_is_looked_up_in_a_large_array(executor):
    def f(table, index):
        return autograd.take(list(table), index) * 2.0

    fast = autograd.compile(autograd.value_and_grad(f), executor=executor)
    table = np.linspace(0.0, 1.0, _N)
    for index in (3.0, 4100.0):
        y, g = fast(table, index)
        assert y == 2.0 * table[int(index)]
        assert np.flatnonzero(g).tolist() == [int(index)]


@pytest.mark.parametrize("executor", LOOPS)
def test_a_loop_over_large_arrays(executor):
    def step(w, x):
        return np.array([a + 0.5 * b for a, b in zip(w, x, strict=True)])

    fast = autograd.compile(step, executor=executor)
    w, x = np.zeros(_N), np.arange(float(_N))
    assert np.array_equal(fast.repeat(4, w, x), 2.0 * x)
    assert np.array_equal(fast(w, x), 0.5 * x)
    assert np.array_equal(fast.repeat(4, w, x), 2.0 * x)


@pytest.mark.parametrize("executor", LOOPS)
def test_an_infinity_in_a_large_result_is_eagers(executor):
    fast = autograd.compile(lambda x: np.array([autograd.exp(v) for v in x]), executor=executor)
    x = np.zeros(_N)
    fast(x)
    x[500] = 1e4
    with pytest.raises(autograd.RangeError):
        fast(x)
    x[500] = 0.0
    assert np.array_equal(fast(x), np.ones(_N))


def test_arguments_of_another_structure_are_noticed():
    fast = autograd.compile(lambda w, n: autograd.sum([n * v for v in w["a"]]))
    assert fast({"a": [1.0, 2.0]}, 2) == 6.0
    assert fast({"a": [1.0, 3.0]}, 2) == 8.0
    assert fast.traces == 1
    assert fast({"a": [1.0, 2.0, 3.0]}, 2) == 12.0
    assert fast({"a": [1.0, 2.0]}, 3) == 9.0
    assert fast({"a": (1.0, 2.0)}, 2) == 6.0
    assert fast.traces == 4
    y = fast({"a": [Value(1.0), 2.0]}, 2)
    assert type(y) is Value
    assert y.data == 6.0


# ---- programs that prove hot


def _hot(x, w):
    return [autograd.tanh(a) * b + 0.25 * a * x[0] for a, b in zip(x, w, strict=True)]


def _numbers_of(n):
    return [0.01 * k - 1.0 for k in range(n)], [math.sin(k) for k in range(n)]


def test_a_program_that_proves_hot_is_compiled():
    x, w = _numbers_of(1200)
    fast = autograd.compile(_hot)
    first = fast(x, w)
    executor = fast._last.executor
    assert executor.name == "kernel"
    executor.patience = 1e-9
    assert fast(x, w) == first
    assert executor.name == "rolled"
    assert fast(x, w) == first
    with autograd.no_grad():
        assert first == [v.data for v in _hot(list(map(Value, x)), list(map(Value, w)))]


@pytest.mark.parametrize("patience", [1e-9, 1e-4, 10.0, 0.0])
def test_a_loop_that_proves_hot_on_its_way(patience):
    x, w = _numbers_of(1200)
    state, step = x, autograd.compile(_hot, executor="python")
    for _ in range(50):
        state = step(state, w)
    fast = autograd.compile(_hot)
    fast(x, w)
    fast._last.executor.patience = patience
    assert fast.repeat(50, x, w) == state


def test_a_program_is_compiled_while_other_threads_run_it():
    x, w = _numbers_of(1200)
    fast = autograd.compile(_hot)
    expected = fast(x, w)
    fast._last.executor.patience = 0.005
    wrong = []

    def run():
        wrong.extend(1 for _ in range(100) if fast(x, w) != expected)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert fast._last.executor.name == "rolled"


def test_rows_of_numbers_are_taken_at_once_or_not_at_all():
    fast = autograd.compile(lambda rows, pair: autograd.sum([autograd.dot(row, list(pair)) for row in rows]))
    assert fast([[1.0, 2.0], [3.0, 4.0]], (1.0, 1.0)) == 10.0
    assert fast([[1.0, 2.0], [3.0, 5.0]], (1.0, 2.0)) == 18.0
    assert fast.traces == 1
    assert fast([(1.0, 2.0), [3.0, 5.0]], (1.0, 2.0)) == 18.0  # another structure
    y = fast([[Value(1.0), 2.0], [3.0, 5.0]], (1.0, 2.0))
    assert type(y) is Value
    assert y.data == 18.0
    with pytest.raises(ValueError, match="length"):
        fast([[1.0, 2.0], [3.0]], (1.0, 2.0))


def test_repeat_notices_other_arguments():
    fast = autograd.compile(lambda w, k: [k * v for v in w])
    assert fast.repeat(3, [1.0, 2.0], 2) == [8.0, 16.0]
    assert fast.repeat(3, [1.0, 3.0], 2) == [8.0, 24.0]
    assert fast.repeat(3, [1.0, 3.0], 3) == [27.0, 81.0]
    assert fast.repeat(1, [1.0, 3.0], 3) == [3.0, 9.0]
    assert fast.repeat(0, [1.0, 3.0], 3) == [1.0, 3.0]
    assert fast.traces == 2
    no_state = autograd.compile(lambda w: w[0])
    assert no_state([1.0, 2.0]) == 1.0
    for n in (0, 1, 2):
        with pytest.raises(TypeError, match="repeat"):
            no_state.repeat(n, [1.0, 2.0])


# ---- what others do meanwhile


@pytest.mark.parametrize("executor", LOOPS)
def test_an_array_that_another_thread_lets_go_of_lives_until_the_call_ends(executor):
    n = 60_000
    fast = autograd.compile(lambda d: autograd.sum([2.0 * x for x in d["w"]]), executor=executor)
    d = {"w": np.ones(n)}
    fast(d)
    done = threading.Event()

    def swap():
        while not done.is_set():
            d["w"] = np.ones(n)
            np.full(n, 7.0)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        assert {fast(d) for _ in range(200)} == {2.0 * n}
    finally:
        done.set()
        thread.join()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_child_compiles_though_its_parent_did_at_the_fork():
    text = """
        import os, threading, warnings, autograd
        warnings.simplefilter("ignore")  # of forks and threads, which are meant
        done = threading.Event()

        def compile_all():
            n = 0
            while not done.is_set():
                n += 1
                autograd.compile(lambda x: x * float(n) + 1.0)(2.0)

        autograd.compile(lambda x: x + 1.0)(1.0)
        thread = threading.Thread(target=compile_all)
        thread.start()
        status = []
        for k in range(5):
            child = os.fork()
            if not child:
                os._exit(0 if autograd.compile(lambda x: x * (k + 0.25))(4.0) == 4.0 * k + 1.0 else 1)
            status.append(os.waitpid(child, 0)[1])
        done.set()
        thread.join()
        print(status)
    """
    environment = os.environ | {"AUTOGRAD_CACHE": "0"}
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(text)], capture_output=True, text=True, timeout=120, env=environment, check=True
    )
    assert run.stdout.split("\n")[0] == "[0, 0, 0, 0, 0]"


def test_static_arguments_of_any_look():
    class Shaped:
        def __init__(self):
            self.shape = [1, 2]

    fast = autograd.compile(lambda m, x: x * float(m.shape[0]))
    shaped = Shaped()
    assert [fast(shaped, 3.0), fast(shaped, 4.0)] == [3.0, 4.0]


def test_keys_of_dicts_are_what_they_are():
    fast = autograd.compile(lambda d: {key: 2.0 * x for key, x in d.items()})
    for d in ({1: 1.0}, {True: 1.0}, {1.0: 1.0}, {1: 3.0}):
        y = fast(d)
        assert list(map(type, y)) == list(map(type, d))
        assert list(y.values()) == [2.0 * x for x in d.values()]
    assert fast.traces == 3


def test_compiling_that_fails_leaves_the_kernel(monkeypatch):
    from autograd.compiler import native_loops

    def fail(_):
        raise RuntimeError("no")

    monkeypatch.setattr(native_loops, "function", fail)
    x, w = _numbers_of(1200)
    fast = autograd.compile(_hot)
    first = fast(x, w)
    fast._last.executor.patience = 1e-9
    assert [fast(x, w) for _ in range(3)] == [first] * 3
    assert fast._last.executor.name == "kernel"


def test_code_of_programs_that_are_gone_is_gone():
    fast = autograd.compile(lambda x: x * 3.25 + 1.0, executor="native")
    fast(1.0)
    code = weakref.ref(_kept_code[fast._last.executor.functions[0].code.key][0])
    assert code() is not None
    del fast
    gc.collect()
    autograd.compile(lambda x: x * 3.5 + 1.0, executor="native")(1.0)
    assert code() is None


def test_llvm_is_asked_under_one_lock_only(monkeypatch):
    """A fork waits for it: if the collector freed LLVM's objects beside it, a child could wait for a lock that nobody holds."""
    ffi = pytest.importorskip("llvmlite.binding.ffi")
    lock, asked = type(ffi.lib._lock), []
    enter = lock.__enter__
    monkeypatch.setattr(lock, "__enter__", lambda self: asked.append(_linking.locked()) or enter(self))
    for k in range(20):
        autograd.compile(lambda x, k=float(k): x * k + 0.125, executor="native")(1.0)
        gc.collect()
    assert asked
    assert all(asked)


@dataclass
class Model:
    """Numbers to differentiate, and a name that is known while tracing."""

    w: object
    b: float
    name: str = "linear"

    def __call__(self, x):
        y = autograd.dot(self.w, x) + self.b
        return autograd.tanh(y) if self.name == "tanh" else y


@pytest.mark.parametrize("executor", ["python", "auto"])
def test_dataclasses_are_arguments_and_results(executor):
    def step(model, x):
        gradient = autograd.grad(lambda w, b: Model(w, b, model.name)(x) ** 2, argnums=(0, 1))(model.w, model.b)
        return Model([w - 0.1 * g for w, g in zip(model.w, gradient[0], strict=True)], model.b - 0.1 * gradient[1], model.name)

    fast = autograd.compile(step, executor=executor)
    x = [1.0, -2.0]
    for name in ("linear", "tanh", "linear"):
        model = Model([0.5, 0.25], 1.0, name)
        for _ in range(3):
            expected = step(model, x)
            model = fast(model, x)
            assert type(model) is Model
            assert model == expected
        assert fast.repeat(4, Model([0.5, 0.25], 1.0, name), x) == fast(model, x)
    assert fast.traces == 2


class Registered:
    def __init__(self, numbers, note):
        self.numbers, self.note = numbers, note


autograd.register_pytree_node(Registered, lambda x: (x.numbers, x.note), lambda note, numbers: Registered([*numbers], note))


def test_registered_classes_are_arguments_and_results():
    fast = autograd.compile(lambda r: Registered([autograd.sum(r.numbers), *r.numbers], r.note + "!"))
    for numbers in ([1.0, 2.0], [3.0, 4.0], [Value(3.0).data, 5.0]):
        y = fast(Registered(numbers, "note"))
        assert (y.numbers, y.note) == ([sum(numbers), *numbers], "note!")
    assert fast.traces == 1
    assert fast(Registered([1.0, [2.0]][:1], "other")).note == "other!"
    assert fast.traces == 2
    with pytest.raises(TypeError, match="unhashable"):
        fast(Registered([1.0], []))


def test_another_structure_of_as_many_numbers_is_another_program():
    fast = autograd.compile(lambda t: {"sum": autograd.sum(t["x"])} if "x" in t else list(t))
    assert fast({"x": [1.0, 2.0], "y": 3.0}) == {"sum": 3.0}
    assert fast({"y": [1.0, 2.0], "z": 3.0}) == ["y", "z"]
    assert fast({"x": [1.0, 5.0], "y": 3.0}) == {"sum": 6.0}
    noted = autograd.compile(lambda r: r.note)
    for note in ("a", "b", "a"):
        assert noted(Registered([[1.0], [2.0, 3.0]], note)) == note


def test_a_structure_that_contains_itself_is_an_error():
    loop = [1.0]
    loop.append(loop)
    with pytest.raises(ValueError, match=r"an argument\[0\]\[1\] contains itself"):
        autograd.compile(lambda x: x[0])(loop)


def test_arguments_may_be_nested_deeper_than_the_stack():
    def nested(x):
        for _ in range(3 * sys.getrecursionlimit()):
            x = [x]
        return x

    def f(x):
        while isinstance(x, list):
            (x,) = x
        return 2.0 * x

    fast = autograd.compile(f)
    assert [fast(nested(x)) for x in (1.0, 2.0, 3.0)] == [2.0, 4.0, 6.0]
    assert fast.traces == 1


@pytest.mark.parametrize("text", ["dot([a, b, b])", "dot([a, b, b, a, b])", "sum([a, b]) * mean([a, b])", "prod([a, b, b])"])
def test_the_text_of_an_operation_may_call_those_of_many_operands(text):
    low = lower._Lowering(2)
    low.node(Op("probe", "", ("a", "b"), text, "1.0", "1.0"), (0, 1))
    assert set(low.machine.kinds) <= {"input", "const", "add", "mul", "div"}


# ---- what is recognised, is recognised by what it computes


@pytest.mark.parametrize(
    ("inputs", "text", "kind"),
    [
        ("ab", "a + b", "add"),
        ("ab", "b + a", "add"),
        ("ab", "(b) * a", "mul"),
        ("ab", "c = a; c - b", "sub"),
        ("ab", "b - a", ""),
        ("ab", "a + b + b", ""),
        ("ab", "a + 1.0", ""),
        ("ab", "maximum(a, b)", "max"),
        ("ab", "b if b >= a or b != b else a", ""),
        ("x", "(x)", "same"),
        ("x", "-(-x)", "same"),
        ("x", "1.0 * x", "same"),
        ("x", "0.0 - x", ""),
        ("x", "tanh(x)", "tanh"),
        ("abc", "fma(a, b, c)", "fma"),
        ("abc", "fma(b, a, c)", ""),
    ],
)
def test_one_machine_operation_however_it_is_spelled(inputs, text, kind):
    op = Op("probe", "", tuple(inputs), text, *["1.0"] * len(inputs))
    assert lower.direct(op, lower._Lowering()) == kind


@pytest.mark.parametrize(
    ("text", "n", "known"),
    [
        ("[1.0 for x in xs]", 3, True),
        ("[1.0 / len(xs) for _ in xs]", 3, True),
        ("[*xs[1:], xs[0]]", 3, True),
        ("[x * 1.0 for x in xs]", 3, False),
        ("[y for x in xs]", 3, False),
        ("[1.0 if x > 0.0 else 0.0 for x in xs]", 3, False),
        ("others(xs)", 1, True),
        ("others(xs)", 3, False),
    ],
)
def test_partials_without_arithmetic_on_operands_however_they_are_spelled(text, n, known):
    assert (partials.as_they_are(Op("probe", "", ("xs",), "total(xs)", text), n) is not None) == known


# ---- numbers from outside

FACTOR = 2.0
_settings = {"factor": 2.0}


def _scaled(x):
    return _by_factor(x) + 1.0


def _by_factor(x):
    return x * FACTOR


def test_a_global_that_changes_traces_again(monkeypatch):
    fast = autograd.compile(autograd.value_and_grad(_scaled))
    assert fast(3.0) == (7.0, 2.0)
    assert fast(4.0) == (9.0, 2.0)
    assert fast.traces == 1
    monkeypatch.setitem(globals(), "FACTOR", 5.0)
    assert fast(3.0) == (16.0, 5.0)
    assert fast.traces == 2


def test_a_number_closed_over_that_changes_traces_again():
    rate, steps = 0.5, 2

    def step(x):
        for _ in range(steps):
            x = x * rate
        return x

    fast = autograd.compile(step)
    assert fast(8.0) == 2.0
    rate = 0.25
    assert fast(8.0) == 0.5
    steps = 3
    assert fast(8.0) == fast.repeat(1, 8.0) == 0.125
    assert fast.repeat(2, 8.0) == 0.125 / 64
    assert fast.traces == 3
    rate = math.nan
    assert math.isnan(autograd.compile(step, check=False)(8.0))
    rate = -0.0
    assert str(fast(8.0)) == "-0.0"


def test_what_a_function_finds_is_looked_at_once_however_it_calls_itself():
    def f(x, n=3):
        return x if n == 0 else f(x * FACTOR, n - 1)

    fast = autograd.compile(f)
    assert fast(1.0) == 8.0
    found = fast._last.found_outside
    assert not found.changed()
    assert len(found.variables) == 1


def test_only_functions_are_looked_into():
    """Whatever else a function finds may answer, or refuse, any question."""

    class Proxy:
        def __getattribute__(self, name):
            raise RuntimeError(name)

    proxy, rate = Proxy(), 2.0
    scaled = autograd.compile(lambda x: x * rate)

    class Holder:
        def call(self, x):
            return scaled(x) + _by_factor(x)

    method = partial(Holder().call)
    fast = autograd.compile(lambda x: (proxy, method(x))[1])
    assert fast(3.0) == 12.0
    rate = 3.0
    assert fast(3.0) == 15.0


def test_a_number_that_changes_while_another_thread_traces():
    rate, tracing, changed = 2.0, threading.Event(), threading.Event()

    def f(x):
        now = rate
        tracing.set()
        changed.wait(5.0)
        return x * now

    fast = autograd.compile(f)
    thread = threading.Thread(target=fast, args=(1.0,))
    thread.start()
    tracing.wait(5.0)
    rate = 3.0
    changed.set()
    thread.join()
    assert fast(1.0) == 3.0


def test_a_traced_number_is_a_value_for_isinstance():
    """Programs written for micrograd ask for it before they compute."""

    class Neuron:
        def __init__(self, w):
            self.w = w

        def __call__(self, x):
            x = x if isinstance(x, Value) else Value(x)
            return (x * self.w).tanh()

    def f(x, w):
        return Neuron(w)(x)

    assert autograd.compile(f)(0.5, 3.0) == math.tanh(1.5)
    assert autograd.compile(autograd.grad(f))(0.5, 3.0) == autograd.grad(f)(0.5, 3.0)

    def step(c, x):
        assert isinstance(c, Value)
        return c + x, None

    assert autograd.compile(lambda xs: autograd.scan(step, xs[0], xs)[0])([1.0, 2.0]) == 4.0


# ---- interrupts


@pytest.mark.parametrize("executor", ["native", "kernel", "rolled"])
def test_an_interrupt_ends_a_loop_of_machine_code(executor):
    pytest.importorskip("llvmlite")
    fast = autograd.compile(lambda xs: [autograd.sin(x) + 0.5 for x in xs], executor=executor)
    few = fast.repeat(3, [0.1, 0.2, 0.3])

    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with pytest.raises(KeyboardInterrupt):  # or this test would not end
            fast.repeat(2**40, [0.1, 0.2, 0.3])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
    assert fast.repeat(3, [0.1, 0.2, 0.3]) == few


@pytest.mark.parametrize("executor", ["native", "kernel", "rolled"])
def test_a_loop_in_pieces_is_one_loop(executor, monkeypatch):
    pytest.importorskip("llvmlite")
    from autograd.compiler import native

    fast = autograd.compile(lambda xs, r: [autograd.sin(x) * r + 0.5 for x in xs], executor=executor)
    whole = fast.repeat(5_000, [0.1, 0.2], 0.9)
    monkeypatch.setattr(native, "PIECE", 1e-6)
    assert fast.repeat(5_000, [0.1, 0.2], 0.9) == whole
    state = [0.1, 0.2]
    for _ in range(5_000):
        state = fast(state, 0.9)
    assert state == whole


# ---- what a function makes of a refusal


def test_a_refusal_that_is_caught_is_raised_all_the_same():
    def f(x):
        try:
            return x if x > 0.0 else -x
        except TypeError:
            return 7.0 * x

    with pytest.raises(autograd.TraceError, match=r"(?s)truth of a traced number.*return x if x > 0.0"):
        autograd.compile(f)(2.0)
    assert autograd.compile(lambda x: x * 2.0)(2.0) == 4.0


@pytest.mark.parametrize("look", [lambda x: {1.0: 2.0}.get(x, 3.0), lambda x: 2.0 if x in {1.0, 2.0} else 3.0, hash])
def test_a_traced_number_is_no_key(look):
    with pytest.raises(autograd.TraceError, match="a key of a dict or set"):
        autograd.compile(lambda x: x * look(x))(1.0)
