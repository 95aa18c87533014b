"""Modes: what they change, that they nest, and that they are private to a thread or task."""

import asyncio
import contextvars
import inspect
import math
import threading

import pytest

import autograd
from autograd import AnomalyError, AutogradError, Value, custom_op, detect_anomaly, modes, no_grad, scope
from autograd._engine.walks import operands

HERE = __file__


def recorded(x):
    """Whether an operation is recorded here and now."""
    return not (x * 2.0).is_leaf


def raising(error):
    raise error


# ---- no_grad


def test_results_within_no_grad_are_leaves_that_send_nothing_back():
    x = Value(3.0, label="x")
    with no_grad():
        results = [x * x, 2.0 * x, -x, autograd.exp(x), autograd.sum([x, x]), autograd.fma(x, 2, 1), x % 2, x**2]
        results += [autograd.maximum(x, 1), *autograd.softmax([x, x]), custom_op(lambda v: v, lambda v: 1.0)(x)]
    for y in results:
        assert type(y) is Value
        assert y.is_leaf
        assert operands(y) == ()
        y.backward()
        assert y.grad == 1.0
    assert not x.reached
    assert [y.data for y in results[:4]] == [9.0, 6.0, -3.0, math.exp(3.0)]
    results[0].data = 1.0
    assert recorded(x)


def test_a_backward_pass_within_no_grad_is_as_anywhere():
    x = Value(3.0)
    y = x * x
    with no_grad():
        y.backward()
        x.data -= 0.1 * x.grad
    assert (x.grad, x.data) == (6.0, 3.0 - 0.1 * 6.0)


def test_a_part_without_gradient_is_a_constant():
    x = Value(3.0)
    with no_grad():
        c = x * x
    (c * x).backward()
    assert (x.grad, c.grad) == (9.0, 3.0)


def test_transforms_differentiate_within_no_grad_and_give_floats():
    w = Value(2.0)
    with no_grad():
        results = [
            autograd.grad(lambda x: x * x * w)(3.0),
            autograd.grad(lambda x: x * x)(Value(3.0)),
            autograd.value_and_grad(lambda x: x * w)(3.0),
            autograd.hessian(lambda x: x[0] ** 2 * w)([3.0]),
            autograd.jvp(lambda x: x * w, (3.0,), (Value(1.0),)),
            autograd.vjp(lambda x: x * w, Value(3.0))[1](Value(10.0)),
            autograd.grad(lambda x: x * autograd.grad(lambda y: x + y)(x))(1.0),
        ]
    assert results == [12.0, 6.0, (6.0, 2.0), [[4.0]], (6.0, 2.0), (20.0,), 1.0]
    flat = str(results)
    assert "Value" not in flat, flat


def test_no_grad_within_a_transform_makes_constants():
    def f(x):
        with no_grad():
            c = x * x
        return c * x

    assert autograd.grad(f)(3.0) == 9.0
    assert autograd.jvp(f, (3.0,), (1.0,)) == (27.0, 9.0)


# ---- every mode: nesting, decorators, exceptions

MODES = {"no_grad": no_grad, "detect_anomaly": detect_anomaly, "scope": lambda: scope("s")}


@pytest.mark.parametrize("mode", MODES)
def test_a_mode_ends_with_its_block_also_by_exception(mode):
    before = modes.current()
    for error in (ValueError, KeyboardInterrupt, GeneratorExit, StopIteration):
        with pytest.raises((error, RuntimeError)), MODES[mode]():  # noqa: PT012 - what is seen inside is the point
            assert modes.current() != before
            raise error
        assert modes.current() == before
        assert modes_active() == 0


def modes_active():
    """0 where operations take the fast path again: those in the engine's modules count with it, from 1 where it runs in C."""
    assert {space["modes"] - modes.active for space in modes.counters} <= {0, 1}
    return modes.active


@pytest.mark.parametrize("mode", MODES)
def test_a_mode_is_a_decorator_too(mode):
    before = modes.current()

    @MODES[mode]()
    def f(depth):
        """What it does."""
        assert modes.current() != before
        return f(depth - 1) if depth else 7

    assert f(0) == 7
    assert f(3) == 7
    assert f.__name__ == "f"
    assert f.__doc__ == "What it does."
    assert modes.current() == before
    assert modes_active() == 0


def test_modes_nest_in_any_order():
    x = Value(1e200, label="x")
    with no_grad():
        with detect_anomaly():
            with no_grad(), scope("a"):
                assert not recorded(x)
                with pytest.raises(AnomalyError):
                    x * x
            assert not recorded(x)
            with pytest.raises(AnomalyError):
                x * x
        assert (x * x).data == math.inf
        assert not recorded(x)
    assert recorded(x)
    assert modes.current() == modes.Mode()
    assert modes_active() == 0


def test_failed_operations_and_passes_leave_no_mode_behind():
    x = Value(0.0)
    for attempt in (
        lambda: autograd.grad(lambda t: raising(KeyError("f")))(1.0),
        lambda: autograd.grad(autograd.sqrt)(0.0),
        lambda: autograd.jvp(autograd.log, (0.0,), (1.0,)),
        lambda: autograd.log(x),
        lambda: autograd.sqrt(x).backward(),
    ):
        with pytest.raises((AutogradError, KeyError)):
            attempt()
        assert modes.current() == modes.Mode()
        assert modes_active() == 0


def test_a_generator_that_is_dropped_inside_a_mode_leaves_it():
    def numbers():
        with no_grad():
            yield 1

    for _ in numbers():
        break
    del _
    assert modes_active() == 0


@pytest.mark.parametrize("mode", MODES)
def test_blocks_that_end_in_the_order_they_began_leave_nothing_behind(mode):
    a, b = MODES[mode](), no_grad()
    a.__enter__()
    b.__enter__()
    a.__exit__(None, None, None)
    assert modes.current() == modes.Mode(recording=False)
    b.__exit__(None, None, None)
    assert modes.current() == modes.Mode()
    assert modes_active() == 0


def test_scopes_that_end_in_the_order_they_began_keep_their_own_names():
    a, b = scope("a"), scope("b")
    a.__enter__()
    b.__enter__()
    assert modes.current().scope == ("a", "b")
    a.__exit__(None, None, None)
    assert modes.current().scope == ("b",)
    b.__exit__(None, None, None)
    assert modes.current().scope == ()
    assert modes_active() == 0


def test_two_generators_within_no_grad_take_turns():
    def numbers():
        with no_grad():
            yield 1
            yield 2

    for _ in zip(numbers(), numbers(), strict=True):
        assert not recorded(Value(1.0))
    assert recorded(Value(1.0))
    assert modes_active() == 0


def test_a_generator_may_be_closed_in_another_context():
    def numbers():
        with no_grad():
            yield 1

    generator = numbers()
    next(generator)
    contextvars.Context().run(generator.close)
    assert modes_active() == 0
    with scope("s"):  # asks for the mode again
        assert recorded(Value(1.0))


def test_one_block_is_used_again_inside_itself_and_by_threads():
    block, x = no_grad(), Value(1.0)
    for _ in range(2):
        with block:
            with block:
                assert not recorded(x)
            assert not recorded(x)
        assert recorded(x)
    found = []

    def work():
        for _ in range(200):
            with block:
                found.append(recorded(x))
            found.append(not recorded(x))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not any(found)
    assert modes_active() == 0
    with pytest.raises(RuntimeError, match=r"no_grad\(\) ends, but has not begun"):
        block.__exit__(None, None, None)


@pytest.mark.parametrize("mode", [no_grad, detect_anomaly])
def test_a_decorator_needs_no_brackets(mode):
    @mode
    def f(a, b=2):
        """What it does."""
        assert modes.current() != modes.Mode()
        return a + b

    assert f(1) == 3
    assert (f.__name__, f.__doc__) == ("f", "What it does.")
    assert modes_active() == 0
    with pytest.raises(TypeError, match=rf"{mode.__name__}\(\) is for a with statement or a function, not int"):
        mode(3)


@pytest.mark.parametrize("decorator", [no_grad, no_grad()])
def test_a_decorator_covers_the_body_of_a_coroutine(decorator):
    @decorator
    async def f(x):
        await asyncio.sleep(0)
        return recorded(x)

    assert inspect.iscoroutinefunction(f)

    async def main():
        return await asyncio.gather(f(Value(1.0)), f(Value(2.0)))

    assert asyncio.run(main()) == [False, False]
    assert modes_active() == 0


def test_a_decorator_refuses_a_generator():
    def f():
        yield 1

    async def g():
        yield 1

    for generator in (f, g):
        with pytest.raises(TypeError, match=r"no_grad\(\) cannot cover a generator.*: use with inside it"):
            no_grad(generator)


# ---- threads and tasks


@pytest.mark.parametrize("mode", MODES)
def test_a_mode_is_private_to_its_thread(mode):
    x = Value(1e200)
    entered, leave = threading.Event(), threading.Event()
    inside = []

    def work():
        with MODES[mode]():
            inside.append(modes.current())
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=work)
    thread.start()
    assert entered.wait(10)
    try:
        assert inside[0] != modes.current()
        y = x * x  # neither refused nor unrecorded nor in a scope
        assert (y.data, y.is_leaf, y.scope) == (math.inf, False, ())
        y = x * 2.0
        y.backward()
        assert x.grad == 2.0
    finally:
        leave.set()
        thread.join()
    assert modes_active() == 0


def test_a_new_thread_starts_without_modes():
    found = []
    with no_grad(), scope("outer"):
        thread = threading.Thread(target=contextvars.Context().run, args=(lambda: found.append(modes.current()),))
        thread.start()
        thread.join()
    assert found == [modes.Mode()]


def test_many_threads_count_their_modes_exactly():
    x = Value(1.0)

    def work():
        for _ in range(200):
            with no_grad(), scope("s"):
                assert not recorded(x)
            assert recorded(x)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert modes_active() == 0
    assert recorded(x)


def test_a_mode_is_private_to_its_task():
    x = Value(2.0)

    async def within(mode, name):
        with mode, scope(name):
            await asyncio.sleep(0)
            y = x * x
            await asyncio.sleep(0)
            inner = await asyncio.gather(child(), child())
            return y, inner

    async def child():
        return x * x  # a task inherits the modes of the one that started it

    async def without():
        await asyncio.sleep(0)
        return x * x

    async def main():
        return await asyncio.gather(within(no_grad(), "a"), without(), within(detect_anomaly(), "b"), without())

    (a, a_inner), plain, (b, b_inner), plain2 = asyncio.run(main())
    assert a.is_leaf
    assert all(y.is_leaf for y in a_inner)
    assert not plain.is_leaf
    assert plain.scope == plain2.scope == ()
    assert not b.is_leaf
    assert b.scope == ("b",)
    assert all(y.scope == ("b",) for y in b_inner)
    assert modes_active() == 0


def test_a_task_that_outlives_the_block_it_was_started_in_is_free_of_it():
    async def late(go):
        await go.wait()
        with detect_anomaly():  # some mode, so that operations ask
            return recorded(Value(1.0))

    async def main():
        go = asyncio.Event()
        with no_grad():
            task = asyncio.create_task(late(go))
            await asyncio.sleep(0)
        go.set()
        return await task

    assert asyncio.run(main())
    assert modes_active() == 0


# ---- scope


def test_scopes_nest_and_name_what_is_recorded():
    x = Value(2.0)
    with scope("model"):
        a = x * 2.0
        with scope("layer 1"):
            b = autograd.tanh(a)
            leaf = Value(1.0)
        c = autograd.sum([a, b])
    d = c + 1.0
    assert [v.scope for v in (a, b, c, d, x)] == [("model",), ("model", "layer 1"), ("model",), (), ()]
    assert leaf.scope == ()
    d.backward()
    assert x.grad == pytest.approx(2.0 + 2.0 / math.cosh(4.0) ** 2)


def test_a_label_and_a_scope_live_side_by_side():
    x = Value(2.0)
    with scope("s"):
        y = x * x
    y.label = "square"
    assert (y.label, y.scope) == ("square", ("s",))
    y.scope = ["a", "b"]
    assert (y.label, y.scope) == ("square", ("a", "b"))


def test_a_scope_has_a_name():
    for wrong in (None, 3, b"x", Value(1.0)):
        with pytest.raises(TypeError, match=rf"scope\(\) takes a name, not {type(wrong).__name__}"), scope(wrong):
            pass
    assert modes_active() == 0


# ---- detect_anomaly


def line_of(call):
    """The line, in this file, that `call` reaches last; the tests compare it with what the error names."""
    lines, start = inspect.getsourcelines(call)
    return start + len(lines) - 1, lines[-1].strip()


square = custom_op(lambda x: x * x, lambda x: 2.0 * x, name="square")

FORWARD = {
    "mul": (lambda x: x * x, "mul(x = 1e+200, x = 1e+200) produced inf"),
    "reflected": (lambda x: 1e200 * x, "mul(1e+200, x = 1e+200) produced inf"),
    "nan": (lambda x: x * math.nan, "mul(x = 1e+200, nan) produced nan"),
    "difference": (lambda x: x - math.inf, "sub(x = 1e+200, inf) produced -inf"),
    "sum": (lambda x: autograd.sum([x, math.inf]), "sum(x = 1e+200, inf) produced inf"),
    "unary": (square, "square(x = 1e+200) produced inf"),
}


@pytest.mark.parametrize("case", FORWARD)
@pytest.mark.parametrize("recording", [True, False])
def test_the_first_operation_that_produces_nan_or_infinity_is_named(case, recording):
    f, message = FORWARD[case]
    x = Value(1e200, label="x")
    assert not math.isfinite(f(x).data)

    def run():
        with detect_anomaly():
            if recording:
                return f(x)
            with no_grad():
                return f(x)

    with pytest.raises(AnomalyError) as caught:
        run()
    assert message in str(caught.value)
    assert f"recorded at {HERE}:" in str(caught.value)


def test_the_line_is_the_users_with_its_number():
    x = Value(1e200, label="x")

    def f():
        y = x + 1.0
        return y * y

    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        f()
    number, text = line_of(f)
    assert str(caught.value) == f"mul(1e+200, 1e+200) produced inf\n  recorded at {HERE}:{number}: {text}"


BACKWARD = {
    "backward": lambda f, x: f(x).backward(),
    "grad": lambda f, x: autograd.grad(f)(x.data),
    "grad of a Value": lambda f, x: autograd.grad(f)(x),
    "jvp": lambda f, x: autograd.jvp(f, (x.data,), (1.0,)),
}


@pytest.mark.parametrize("how", BACKWARD)
def test_the_first_derivative_that_is_nan_or_infinite_is_named(how):
    def f(v):
        return autograd.log(v) * 2.0

    x = Value(1e-310, label="x")
    f(x).backward()
    assert x.grad == math.inf
    x.grad = 5.0
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        BACKWARD[how](f, x)
    message = str(caught.value)
    number, text = line_of(f)
    assert "produced inf" in message
    if how != "grad of a Value":  # there the derivative is an operation itself
        assert "the derivative of log(" in message
        assert f"recorded at {HERE}:{number}: {text}" in message
    if how == "backward":
        assert "log(x = 1e-310)" in message
    assert x.grad == 5.0


def test_a_graph_recorded_before_is_checked_too():
    x = Value(1e-310, label="x")
    y = autograd.log(x)
    with (
        pytest.raises(AnomalyError, match=r"log\(x = 1e-310\) produced inf\n  recorded at \(outside detect_anomaly\(\)\)"),
        detect_anomaly(),
    ):
        y.backward()


def test_nothing_else_changes():
    def f(a, b):
        return autograd.tanh(a * b) + autograd.sum([a, b, 1.0]) / b

    a, b = Value(0.3), Value(0.7)
    f(a, b).backward()
    plain = (f(a, b).data, a.grad, b.grad)
    c, d = Value(0.3), Value(0.7)
    with detect_anomaly():
        y = f(c, d)
        y.backward()
    assert (y.data, c.grad, d.grad) == plain


def test_an_anomaly_in_a_custom_operation():
    op = custom_op(lambda x: x, lambda x: math.nan, name="broken")
    x = Value(1.0, label="w")
    with pytest.raises(AnomalyError, match=r"the derivative of broken\(w = 1\.0\) produced nan"), detect_anomaly():
        op(x).backward()
    op(x).backward()
    assert math.isnan(x.grad)


SHELL = """
def f(x):
    return x * x

def g(x):
    return f(x)
"""


def test_a_line_typed_at_a_prompt_is_named_by_its_place():
    space = {}
    exec(compile(SHELL, "<stdin>", "exec"), space)
    with pytest.raises(AnomalyError, match="recorded at <stdin>:3"), detect_anomaly():
        space["g"](Value(1e200))


def test_a_mode_of_one_thread_leaves_another_as_it_is():
    """In C too, where what was found of a context's mode is kept until a mode begins or ends anywhere."""
    x, begun, done, found = Value(2.0), threading.Event(), threading.Event(), []

    def other():
        with no_grad():
            found.append((x * x).is_leaf)
            begun.set()
            done.wait()
            found.append((x * x).is_leaf)

    thread = threading.Thread(target=other)
    thread.start()
    begun.wait()
    inside = x * x
    with no_grad():
        nested = x * x, autograd.sum([x, x]), autograd.exp(x), autograd.fma(x, x, 1.0)
        with detect_anomaly(), pytest.raises(AnomalyError):
            Value(1e200) * Value(1e200)
    after = x * x
    done.set()
    thread.join()
    assert found == [True, True]
    assert not inside.is_leaf
    assert not after.is_leaf
    assert all(v.is_leaf for v in nested)
    assert [v.data for v in nested] == [4.0, 4.0, math.exp(2.0), 5.0]
