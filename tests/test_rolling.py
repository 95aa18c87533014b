"""Plain loops found again in a trace: the same bits, fewer operations, and a search that ends."""

import math
import random
import time

import pytest
from test_compile_exactness import bits, each_executor

import autograd
from autograd import Value, exp, log, logsumexp, relu, sin, tanh, where
from autograd.compiler import rolling

DATA = [math.sin(k) for k in range(40)]
PS = [0.8, 0.4, 1.3]


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Short traces are searched, too."""
    monkeypatch.setattr(rolling, "MIN_NODES", 40)
    monkeypatch.setattr(rolling, "GAIN", 2)


def kalman(p, xs):
    m, v, total = 0.0, 1.0, 0.0
    for x in xs:
        m, v = p[0] * m, p[0] * p[0] * v + p[1]
        s = v + p[2]
        gain, e = v / s, x - m
        m, v, total = m + gain * e, (1.0 - gain) * v, total - 0.5 * (log(s) + e * e / s)
    return total


def autoregression(p, xs):
    """Each value depends on the two before: a lag of two."""
    y = [p[0], p[1]]
    for x in xs:
        y.append(p[0] * y[-1] + p[1] * sin(y[-2]) + x)
    return y[-1] * y[-2] + y[20]


def nested(p, xs):
    total = 0.0
    for x in xs:
        s = p[2]
        for z in xs[:10]:
            s = s * exp(p[0] * z * 0.1 + p[1] * x * 0.1)
        total = total + relu(s - 1.0)
    return total / len(xs)


def markov(p, xs):
    """Three states: all of them at each step, from all of them."""
    a = [p[0], p[1], p[2]]
    for x in xs:
        a = [logsumexp([a[i] + p[(i + j) % 3] for i in range(3)]) - (x - p[j]) ** 2 for j in range(3)]
    return logsumexp(a)


def every_step(p, xs):
    """All steps are used afterwards, by another loop."""
    s, seen = p[0], []
    for x in xs:
        s = tanh(s * p[1] + x)
        seen.append(s)
    total = p[2]
    for s, x in zip(seen, reversed(xs), strict=True):
        total = total * 0.9 + s * s * x
    return total


def choices(p, xs):
    s = p[0]
    for k, x in enumerate(xs):
        s = where(s > x, s * p[1] - x, s + p[2]) if k % 2 else autograd.maximum(s, x) * 0.9
    return s


def not_all(p, xs):
    """One step is another."""
    s = p[0]
    for k, x in enumerate(xs):
        s = sin(s) * p[1] + x if k == 25 else s * p[2] + x * p[1]
    return s


PROGRAMS = [kalman, autoregression, nested, markov, every_step, choices, not_all]
programs = pytest.mark.parametrize("f", PROGRAMS)
ROLLED = ["python", pytest.param("native", marks=each_executor.args[1][1].marks)]


@programs
@pytest.mark.parametrize("executor", ROLLED)
def test_a_plain_loop_becomes_one_with_the_same_bits(f, executor):
    for g in (f, autograd.value_and_grad(f), lambda p, xs: autograd.jvp(lambda p: f(p, xs), (p,), ([1.0, -0.5, 2.0],))):
        compiled = autograd.compile(g, executor=executor)
        assert bits(compiled(PS, DATA)) == bits(g(PS, DATA))
        assert compiled._last.machine.regions
        assert compiled._last.call([*PS, *DATA], 1, check=True) is not autograd.compiler.function.UNSURE


@programs
def test_second_derivatives(f):
    for g in (autograd.hessian(f), lambda p, xs: autograd.hvp(f, (p, xs), ([1.0, -0.5, 2.0],))):
        want, found = g(PS, DATA), autograd.compile(g)(PS, DATA)
        assert flat(found) == pytest.approx(flat(want), rel=1e-11)


def test_its_size_does_not_depend_on_the_steps():
    sizes = []
    for n in (50, 500):
        compiled = autograd.compile(autograd.value_and_grad(kalman))
        compiled(PS, [math.cos(k) for k in range(n)])
        machine = compiled._last.machine
        sizes.append(len(machine.kinds) - machine.inputs)
    assert abs(sizes[0] - sizes[1]) <= 2


def test_an_error_is_that_of_the_plain_loop():
    def f(p, xs):
        s = p
        for x in xs:
            s = s * 0.5 + log(x)
        return s

    data = [1.0 + 0.1 * k for k in range(60)]
    compiled = autograd.compile(autograd.grad(f))
    assert compiled(1.0, data) == autograd.grad(f)(1.0, data)
    assert compiled._last.machine.regions
    data[40] = -1.0
    with pytest.raises(autograd.DomainError, match=r"log\(-1.0\)"):
        compiled(1.0, data)


def test_what_nothing_depends_on_is_still_checked():
    def f(p, xs):
        s = p
        for x in xs:
            log(x + 0.0 * p)  # a result that is thrown away
            s = s * 0.5 + x
        return s

    data = [1.0 + 0.1 * k for k in range(60)]
    compiled = autograd.compile(f)
    assert compiled(1.0, data) == f(1.0, data)
    data[7] = -1.0
    with pytest.raises(autograd.DomainError):
        compiled(1.0, data)


def test_leaves_from_outside_and_no_grad_in_a_loop():
    w = Value(0.7)

    def f(p, xs):
        s = p
        for x in xs:
            with autograd.no_grad():
                k = s * w
            s = s * w + k * x
        return s

    compiled = autograd.compile(autograd.grad(f))
    want = autograd.grad(f)(0.5, DATA)
    assert bits(compiled(0.5, DATA)) == bits(want)
    w.data = 0.3
    assert bits(compiled(0.5, DATA)) == bits(autograd.grad(f)(0.5, DATA))


def test_a_number_kept_from_a_loop_that_was_replaced():
    """What stands on the tape twice can still be used in its first place."""
    kept = []

    def f(p, xs):
        s = p
        for x in xs:
            s = tanh(s * 1.1 + x)
            kept.append(s)
        return s

    def g(p, xs):
        kept.clear()
        slope = autograd.grad(f)(p, xs)
        return slope + kept[5] * kept[-1]

    compiled = autograd.compile(g)
    kept_value = compiled(0.5, DATA)
    kept.clear()
    assert bits(kept_value) == bits(g(0.5, DATA))


def flat(x):
    return [z for y in x for z in flat(y)] if isinstance(x, (list, tuple)) else [x]


UNARY = [sin, tanh, relu, lambda a: -a, lambda a: a * a, lambda a: exp(tanh(a)), lambda a: autograd.sqrt(a * a + 1.0), abs]
BINARY = [
    lambda a, b: a + b, lambda a, b: a * b, lambda a, b: a - b, lambda a, b: a / (b * b + 1.5), autograd.maximum,
    lambda a, b: where(a > b, a, b * 0.5), lambda a, b: autograd.sum([a, b, a]), lambda a, b: logsumexp([a, b]),
    lambda a, b: autograd.dot([a, b], [b, 0.5]),
]  # fmt: skip


def random_program(rng):
    """A loop whose body is drawn at random: carries, a lag, a loop within; plain, or as scan, map, or with a branch."""
    operations = [
        (rng.random() < 0.4, rng.randrange(8), rng.randrange(9), rng.randrange(12), rng.randrange(12))
        for _ in range(rng.randint(1, 10))
    ]
    outs = [rng.randrange(30) for _ in range(rng.randint(1, 4))]
    n, form, use = rng.choice([9, 12, 17, 25]), rng.randrange(6), rng.randrange(4)
    inner, lag, added, turned, backward = (rng.random() < limit for limit in (0.35, 0.3, 0.5, 0.2, 0.5))

    def body(c, x, before, p, data):
        values = [*c, x, p[0], p[1], 0.3, before]
        for single, i, j, a, b in operations:
            a, b = values[a % len(values)], values[b % len(values)]  # noqa: PLW2901
            values.append(UNARY[i](a) if single else BINARY[j](a, b))
        if inner:
            s = values[-1]
            for z in data[:10]:
                s = tanh(s * z + p[0] * 0.1)
            values.append(s)
        return [tanh(values[len(values) - 1 - (o % (len(values) - 1))]) for o in outs], values[-1]

    def f(p, data):
        data = data[n - 1 :: -1] if turned else data[:n]
        c = [p[k % 3] * (1.0 if k < 2 else 0.5) for k in range(len(outs))]
        before, total, ys = p[2], 0.0, []
        if form < 3:
            for x in data:
                now = c[0]
                c, y = body(c, x, before if lag else 0.7, p, data)
                before = now
                ys.append(y)
                if added:
                    total = total + y * x
        elif form == 3:
            c, ys = autograd.scan(lambda c, x: body(c, x, 0.7, p, data), c, data, reverse=backward)
        elif form == 4:
            ys = autograd.map(lambda x: body(c, x, 0.7, p, data)[1], data)
        else:
            sides = lambda x: (lambda c: body(c, x, 0.7, p, data), lambda c: ([v * 0.5 for v in c], p[1] * x))
            c, ys = autograd.scan(lambda c, x: autograd.cond(x > 0.0, *sides(x), c), c, data)
        found = [
            lambda: autograd.sum(ys), lambda: ys[0] * ys[-1] + ys[n // 2],
            lambda: autograd.sum([y * x for y, x in zip(ys, data, strict=True)]), lambda: 0.0,
        ][use]()  # fmt: skip
        return found + total + c[0] * c[-1] + p[0] * p[1]

    return f


SEEDS = [*range(40), 545, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(1_000, 1_400))]


@pytest.mark.parametrize("seed", SEEDS)
def test_random_loops(seed, monkeypatch):
    """Right to rounding: what enters a loop in two ways is summed in another order, and so are second derivatives."""
    monkeypatch.setattr(rolling, "MIN_NODES", 20)
    monkeypatch.setattr(rolling, "GAIN", 1)
    f = random_program(random.Random(seed))
    direction = ([1.0, -0.5, 2.0],)
    for g in (
        f,
        autograd.value_and_grad(f, argnums=(0, 1)),
        lambda p, xs: autograd.jvp(lambda p: f(p, xs), (p,), direction),
        lambda p, xs: autograd.hvp(f, (p, xs), direction),
    ):
        want = flat(g(PS, DATA))
        for executor in ("auto", "python"):
            assert flat(autograd.compile(g, executor=executor)(PS, DATA)) == pytest.approx(want, rel=1e-10, abs=1e-12)


def test_several_results_of_one_carry_are_added():
    """Its last value is carried on, kept in a list, and used afterwards."""

    def f(p, xs):
        s, seen = p[0], []
        for k in range(22):
            s = abs(p[2]) if k == 0 else 0.6
            for z in xs[:10]:
                s = tanh(s * z + p[0] * 0.1)
            last = tanh(s)
            if k == 0:
                tanh(p[2])
            seen.append(s)
        return autograd.sum([y * x for y, x in zip(seen, xs, strict=False)]) + last

    g = autograd.value_and_grad(f)
    assert bits(autograd.compile(g)(PS, DATA)) == bits(g(PS, DATA))


@pytest.mark.parametrize("alphabet", [1, 2, 3, 12])
def test_the_search_ends(monkeypatch, alphabet):
    """Operations in random order, of which many stretches look alike, cost no more than a few looks at each."""
    monkeypatch.setattr(rolling, "MIN_NODES", 1_000)
    rng = random.Random(alphabet)
    ops = [lambda a, b: a + b, lambda a, b: a * b, lambda a, b: a - b, lambda a, b: sin(a), *[lambda a, b: a / (b + 2.0)] * 8]

    def f(x):
        values = [x, x + 1.0]
        for _ in range(20_000):
            values.append(tanh(ops[rng.randrange(alphabet)](rng.choice(values[-9:]), rng.choice(values))))
        return values[-1]

    seconds = []
    for n in (rolling.MIN_NODES, 10**9):
        monkeypatch.setattr(rolling, "MIN_NODES", n)
        rng.seed(alphabet)
        start = time.process_time()
        autograd.compile(f, executor="python")(0.5)
        seconds.append(time.process_time() - start)
    assert seconds[0] < 4.0 * seconds[1] + 1.0
