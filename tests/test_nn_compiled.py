"""Compiled training steps: the engine's bits for every optimiser, loss and option; what is written back; what fails."""

import math
import pickle
import struct
import subprocess
import sys
from functools import partial
from typing import NamedTuple

import numpy as np
import pytest

import autograd
import nn
from autograd import Value
from nn import step as steps
from nn.step import CompiledStep, Step

XS, YS = nn.datasets.moons(12, seed=3)


def network(activation="tanh", outputs=1, **options):
    return nn.MLP(2, [3, outputs], activation=activation, seed=1, **options)


def total(model, loss, xs, ys):
    """The loss of a batch; the model is an argument of the step."""
    return loss([model(x) for x in xs], ys)


def bits(model, optimizer, losses):
    """Everything a step leaves behind, to the last bit and to the sign of zero."""
    _, slots = optimizer._state
    numbers = [*(p.data for p in model.parameters()), *(p.grad for p in optimizer.params), *losses]
    numbers += [x for slot in slots for x in slot]
    return optimizer.steps, struct.pack(f"{len(numbers)}d", *numbers)


def trained(kind, make, *, loss=nn.mse, n=12, ys=YS, executor=None, model=network, **clipping):
    """What is left after n single steps and as many in a loop."""
    model = model()
    optimizer = make(model.parameters())
    step = kind(total, optimizer, **clipping, **({"executor": executor} if executor else {}))
    losses = [step(model, loss, XS, ys) for _ in range(n)]
    losses += step.repeat(n, model, loss, XS, ys)
    return bits(model, optimizer, losses)


@pytest.fixture
def unasked(monkeypatch):
    """No step may be made by the engine instead."""

    def refuse(self, n, batch):
        raise AssertionError("the engine was asked")

    monkeypatch.setattr(CompiledStep, "_by_engine", refuse)


OPTIMIZERS = [
    partial(nn.SGD, lr=0.1),
    partial(nn.SGD, lr=0.1, momentum=0.9),
    partial(nn.SGD, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    partial(nn.RMSprop, lr=0.01),
    partial(nn.RMSprop, lr=0.01, momentum=0.5, alpha=0.9, weight_decay=0.01, eps=1e-6),
    partial(nn.Adam, lr=0.05),
    partial(nn.Adam, lr=0.05, betas=(0.5, 0.77), eps=1e-4, weight_decay=0.01),
    partial(nn.AdamW, lr=0.05),
    partial(nn.AdamW, lr=0.05, betas=(0.0, 0.99), weight_decay=0.0),
]
RATES = [0.03, nn.schedules.step(0.1, 5), nn.schedules.exponential(0.1, 0.95), nn.schedules.linear(0.1, 20),
         nn.schedules.cosine(0.1, 30)]  # fmt: skip
CLIPPINGS = [{}, {"clip_grad_norm": 0.05}, {"clip_grad_norm": 1e9}, {"clip_grad_value": 0.01},
             {"clip_grad_norm": 0.5, "clip_grad_value": 0.1}]  # fmt: skip


@pytest.mark.parametrize("clipping", CLIPPINGS, ids=str)
@pytest.mark.parametrize("make", OPTIMIZERS, ids=lambda make: f"{make.func.__name__} {make.keywords}")
@pytest.mark.usefixtures("unasked")
def test_every_optimizer_has_the_engines_bits(make, clipping):
    assert trained(CompiledStep, make, **clipping) == trained(Step, make, **clipping)


@pytest.mark.parametrize("executor", ["native", "kernel", "rolled", "python"])
@pytest.mark.parametrize("make", [OPTIMIZERS[2], OPTIMIZERS[6]], ids=["SGD", "Adam"])
@pytest.mark.usefixtures("unasked")
def test_every_executor_has_the_engines_bits(make, executor):
    if executor != "python":
        pytest.importorskip("llvmlite")
    assert trained(CompiledStep, make, executor=executor, clip_grad_norm=0.1) == trained(Step, make, clip_grad_norm=0.1)


@pytest.mark.parametrize("lr", RATES, ids=lambda lr: getattr(lr, "__qualname__", str(lr)).split(".")[0])
@pytest.mark.parametrize("kind", [nn.SGD, nn.RMSprop, nn.Adam, nn.AdamW])
@pytest.mark.usefixtures("unasked")
def test_every_schedule_has_the_engines_bits(kind, lr):
    make = partial(kind, lr=lr)
    assert trained(CompiledStep, make, n=20) == trained(Step, make, n=20)


SIGNS = [2.0 * y - 1.0 for y in YS]
SOFT = [0.9 * y + 0.05 for y in YS]
THREE = [int(y) + (i % 3 == 0) for i, y in enumerate(YS)]
LOSSES = [
    (nn.mse, YS, {}), (nn.half_squared_error, YS, {}), (nn.mae, YS, {}), (nn.huber, YS, {}), (nn.hinge, SIGNS, {}),
    (nn.binary_cross_entropy_with_logits, YS, {}), (nn.binary_cross_entropy_with_logits, SOFT, {}),
    (nn.binary_cross_entropy_with_logits, [int(y) for y in YS], {}),
    (nn.binary_cross_entropy, YS, {"output": "sigmoid"}), (nn.binary_cross_entropy, SOFT, {"output": "sigmoid"}),
    (nn.cross_entropy, YS, {"outputs": 2}), (nn.cross_entropy, THREE, {"outputs": 3}),
    (nn.mse, [[y, 1.0 - y] for y in YS], {"outputs": 2}),
]  # fmt: skip


@pytest.mark.parametrize(("loss", "ys", "options"), LOSSES, ids=lambda x: getattr(x, "__name__", ""))
@pytest.mark.usefixtures("unasked")
def test_every_loss_has_the_engines_bits(loss, ys, options):
    make = partial(nn.Adam, lr=0.05)
    found = [trained(kind, make, loss=loss, ys=ys, model=partial(network, **options)) for kind in (CompiledStep, Step)]
    assert found[0] == found[1]


@pytest.mark.parametrize("activation", sorted(nn.ACTIVATIONS))
@pytest.mark.usefixtures("unasked")
def test_every_activation_has_the_engines_bits(activation):
    make = partial(nn.SGD, lr=0.1, momentum=0.9)
    model = partial(network, activation)
    assert trained(CompiledStep, make, model=model) == trained(Step, make, model=model)


class Lion(nn.optim.Optimizer):
    """An optimiser of one's own: X. Chen et al., Symbolic discovery of optimization algorithms, 2023."""

    slots = ("exp_avg",)

    def update(self, params, grads, slots, *, step, lr):
        (m,) = slots
        rate = lr / autograd.sqrt(step)
        new = [p - rate * autograd.sign(0.9 * b + 0.1 * g) for p, b, g in zip(params, m, grads)]
        return new, [0.99 * b + 0.01 * g for b, g in zip(m, grads)]


@pytest.mark.usefixtures("unasked")
def test_an_optimizer_of_ones_own_has_the_engines_bits():
    make = partial(Lion, lr=0.01)
    assert trained(CompiledStep, make) == trained(Step, make)


@pytest.mark.usefixtures("unasked")
def test_annotated_and_narrow_networks_have_the_engines_bits():
    for model in (lambda: nn.annotate(network()), lambda: nn.MLP(2, [1, 1, 1], activation="tanh", seed=2)):
        assert trained(CompiledStep, OPTIMIZERS[0], model=model) == trained(Step, OPTIMIZERS[0], model=model)


@pytest.mark.parametrize("t", [0.0, 1.0, 0.3])
@pytest.mark.parametrize("p", [0.0, 1.0, 1e-50, 0.5])
@pytest.mark.usefixtures("unasked")
def test_a_certain_prediction_has_the_engines_slope(p, t):
    results = []
    for kind in (CompiledStep, Step):
        w = Value(p)
        step = kind(lambda t, w=w: nn.binary_cross_entropy([w], [t]), nn.SGD([w], lr=1e-60))
        results.append((step(t), w.grad))
    assert results[0] == results[1]


# ---- which parameters


class Shared(nn.Module):
    """One layer used twice, one parameter that nothing depends on, one that is frozen."""

    def __init__(self):
        self.layer = nn.Layer(2, 2, "tanh", seed=5)
        self.unused, self.frozen = Value(0.5), Value(2.0)

    def forward(self, x):
        y = self.layer(self.layer(x))
        return y[0] * self.frozen + y[1] * self.frozen


@pytest.mark.parametrize("make", OPTIMIZERS[1:], ids=lambda make: make.func.__name__)
@pytest.mark.usefixtures("unasked")
def test_shared_unused_and_frozen_parameters(make):
    def without_frozen(params):
        return make([p for p in params if p.data != 2.0])

    found = [trained(kind, without_frozen, model=Shared) for kind in (CompiledStep, Step)]
    assert found[0] == found[1]


def test_a_frozen_parameter_is_read_at_each_step():
    results = []
    for kind in (CompiledStep, Step):
        model = Shared()
        optimizer = nn.SGD(model.layer.parameters(), lr=0.1)
        step = kind(partial(total, model, nn.mse), optimizer)
        losses = [step(XS, YS)]
        model.frozen.data = 0.25
        losses += [step(XS, YS), *step.repeat(3, XS, YS)]
        results.append(bits(model, optimizer, losses))
    assert results[0] == results[1]


def test_a_penalty_on_parameters_alone_is_differentiated():
    results = []
    for kind in (CompiledStep, Step):
        model = network()
        optimizer = nn.Adam(model.parameters(), lr=0.05)

        def loss(xs, ys, model=model):
            return total(model, nn.mse, xs, ys) + 0.1 * autograd.sum([p * p for p in model.parameters()])

        step = kind(loss, optimizer)
        results.append(bits(model, optimizer, [step(XS, YS), *step.repeat(40, XS, YS)]))
        penalty = kind(lambda model=model: autograd.sum([p * p for p in model.parameters()]), optimizer)
        results[-1] += bits(model, optimizer, [penalty(), *penalty.repeat(5)])
    assert results[0] == results[1]


# ---- batches in turn


def batches(sizes, seed=0):
    return [nn.datasets.moons(size, seed=seed + i) for i, size in enumerate(sizes)]


@pytest.mark.parametrize(
    "form",
    [
        lambda xs, ys: (xs, ys),
        lambda xs, ys: (xs, list(map(int, ys))),
        lambda xs, ys: (np.array(xs), np.array(ys)),
        lambda xs, ys: (list(map(tuple, xs)), tuple(ys)),
        lambda xs, ys: [{"xs": xs, "more": 1.0}["xs"], ys],
    ],
)
@pytest.mark.parametrize("sizes", [[6], [6] * 5, [6] * 70, [6, 6, 6, 2], [6, 2, 2, 6, 6], []], ids=len)
@pytest.mark.usefixtures("unasked")
def test_batches_in_turn_have_the_engines_bits(sizes, form):
    results = []
    for kind in (CompiledStep, Step):
        model = network()
        optimizer = nn.Adam(model.parameters(), lr=nn.schedules.cosine(0.1, 90))
        step = kind(lambda xs, ys, model=model: total(model, nn.mse, xs, list(ys)), optimizer, clip_grad_norm=0.5)
        losses = step.scan(form(xs, ys) for xs, ys in batches(sizes))
        losses += step.scan([form(xs, ys) for xs, ys in batches(sizes, 50)])
        results.append(bits(model, optimizer, losses))
        assert len(losses) == 2 * len(sizes)
    assert results[0] == results[1]


def test_batches_that_look_alike_are_told_apart():
    results = []
    for kind in (CompiledStep, Step):
        w = Value(0.5)

        def loss(rows, w=w):
            rows = [list(row.values()) if isinstance(row, dict) else row for row in rows]
            rows = [row if isinstance(row, (list, tuple)) else [row] for row in rows]
            return autograd.sum([w * w * (i + 1.0) * x for i, row in enumerate(rows) for x in row])

        forms = [
            [[1.0, 2.0], [3.0]],
            [[1.0], [2.0, 3.0]],
            [[1.0, 2.0, 3.0]],
            [1.0, 2.0, 3.0],
            [(1.0, 2.0), [3.0]],
            [{"a": 1.0, "b": 2.0}, {"c": 3.0}],
        ]
        for k in (1, 2):
            step = kind(loss, nn.SGD([w], lr=0.01))
            results.append((step.scan([(form,) for form in forms for _ in range(k)]), w.data))
    assert results[:2] == results[2:]


def test_an_error_between_batches_leaves_what_the_engine_leaves():
    results = []
    for kind in (CompiledStep, Step):
        w = Value(1.0, label="w")
        optimizer = nn.SGD([w], lr=1.0)
        step = kind(lambda x, w=w: autograd.log(w) * x, optimizer)
        with pytest.raises(autograd.DomainError, match=r"log\(w = -"):
            step.scan([(x,) for x in (0.25, 0.25, 8.0, 1.0, 1.0)])
        results.append((w.data, optimizer.steps))
    assert results[0] == results[1] == (results[0][0], 3)


def test_one_program_serves_all_epochs():
    model = network()
    step = nn.compile_step(partial(total, model, nn.mse), nn.Adam(model.parameters(), lr=nn.schedules.cosine(0.1, 90)))
    for epoch in range(10):
        step.scan(batches([4] * 40 + [3], 100 * epoch))
    assert step.traces == 2  # one for whole batches, one for the last


# ---- what is data


def test_one_program_serves_a_schedule_and_all_batches():
    model = network()
    optimizer = nn.Adam(model.parameters(), lr=nn.schedules.cosine(0.1, 90))
    step = nn.compile_step(partial(total, model, nn.binary_cross_entropy_with_logits), optimizer)
    for i in range(100):
        xs, ys = nn.datasets.moons(6, seed=i)
        step(xs, [int(y) for y in ys] if i % 2 else ys)
    optimizer.lr = 0.5
    step(xs, ys)
    assert step.traces == 1
    assert optimizer.steps == 101
    step.repeat(1000, xs, ys)
    step.repeat(3, xs, ys)
    assert step.traces == 2
    assert step.program


def test_arrays_named_tuples_and_dicts_are_batches():
    class Batch(NamedTuple):
        xs: object
        ys: object

    shapes = [
        lambda xs, ys: (np.array(xs), np.array(ys)),
        lambda xs, ys: (np.array(xs), np.array(ys).astype(int)),
        lambda xs, ys: ([np.array(x) for x in xs], tuple(ys)),
        lambda xs, ys: (xs, [np.int64(y) for y in ys]),
        lambda xs, ys: (Batch(xs, ys), None),
        lambda xs, ys: ({"xs": xs, "ys": ys}, None),
    ]
    found = set()
    for shape in shapes:
        model = network()
        optimizer = nn.Adam(model.parameters(), lr=0.1)

        def loss(a, b, model=model):
            xs, ys = (a, b) if b is not None else (a["xs"], a["ys"]) if isinstance(a, dict) else a
            return total(model, nn.mse, xs, list(ys))

        step = nn.compile_step(loss, optimizer)
        found.add(bits(model, optimizer, [step(*shape(XS, YS)) for _ in range(4)]))
    assert len(found) == 1


def test_new_options_are_traced_anew():
    results = []
    for kind in (CompiledStep, Step):
        model = network()
        optimizer = nn.SGD(model.parameters(), lr=0.1, momentum=0.5)
        step = kind(partial(total, model, nn.mse), optimizer)
        losses = [step(XS, YS)]
        optimizer.load_state_dict({**optimizer.state_dict(), "options": {**optimizer.options, "momentum": 0.9}})
        results.append(bits(model, optimizer, [*losses, step(XS, YS)]))
    assert results[0] == results[1]


# ---- compiled and eager steps, files, fit


def test_both_kinds_of_steps_take_turns_and_files_go_between(tmp_path):
    def run(kinds):
        model = network()
        optimizer = nn.AdamW(model.parameters(), lr=nn.schedules.linear(0.1, 50))
        both = {kind: kind(partial(total, model, nn.mse), optimizer) for kind in (CompiledStep, Step)}
        losses = []
        for i, kind in enumerate(kinds):
            losses.append(both[kind](XS, YS))
            nn.save({"model": model, "optimizer": optimizer}, tmp_path / "state.json")
            if i % 3 == 0:
                model.parameters()[0].data = 0.125
                state = nn.load(tmp_path / "state.json")
                model.load_state_dict(state["model"])
                optimizer.load_state_dict(state["optimizer"])
        return bits(model, optimizer, losses)

    assert run([CompiledStep, Step] * 5) == run([Step, CompiledStep] * 5) == run([Step] * 10)


@pytest.mark.parametrize(
    "options",
    [{}, {"batch_size": 5, "seed": 1}, {"clip_grad_norm": 0.1}, {"clip_grad_value": 0.01, "batch_size": 4, "seed": 2},
     {"callbacks": lambda history: history.epochs == 37}, {"progress": True}],
    ids=lambda options: "-".join(options) or "plain",
)  # fmt: skip
def test_fit_compiles(options):
    results = []
    for compile in (False, True):
        model = network()
        optimizer = nn.Adam(model.parameters(), lr=nn.schedules.cosine(0.1, 70))
        history = nn.fit(model, XS, YS, optimizer=optimizer, epochs=70, compile=compile, **options)
        results.append((bits(model, optimizer, history.losses), history.stopped))
    assert results[0] == results[1]


def test_a_step_can_be_pickled():
    model = network()
    step = nn.compile_step(total, nn.Adam(model.parameters(), lr=0.1))
    step(model, nn.mse, XS, YS)
    other, twin = pickle.loads(pickle.dumps((step, model)))
    assert other(twin, nn.mse, XS, YS) == step(model, nn.mse, XS, YS)
    assert twin.state_dict() == model.state_dict()


def test_without_llvmlite_steps_run_in_python():
    program = """if True:
        import sys, warnings
        sys.modules["llvmlite"] = None
        warnings.simplefilter("ignore")
        import nn
        for compile in (False, True):
            model, (xs, ys) = nn.MLP(2, [3, 1], seed=1), nn.datasets.xor()
            history = nn.fit(model, xs, ys, epochs=40, compile=compile)
            print(history.losses[-1], model.state_dict())
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first == second


# ---- what fails


def test_a_step_interrupted_while_it_assigns_has_not_happened(monkeypatch):
    model = network()
    optimizer = nn.Adam(model.parameters(), lr=0.1)
    step = nn.compile_step(partial(total, model, nn.mse), optimizer)
    step(XS, YS)
    before, state, real, calls = model.state_dict(), optimizer.state_dict(), nn.optim.assign, []

    def interrupted(params, data):
        real(params, data)
        calls.append(data)
        if len(calls) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(nn.optim, "assign", interrupted)
    with pytest.raises(KeyboardInterrupt):
        step(XS, YS)
    assert (model.state_dict(), optimizer.state_dict()) == (before, state)


def test_an_error_is_the_engines_and_nothing_is_half_done():
    results = []
    for kind in (CompiledStep, Step):
        w = Value(0.75, label="w")
        optimizer = nn.SGD([w], lr=1.0, momentum=0.5)
        step = kind(lambda x, w=w: autograd.log(w) * x, optimizer)
        assert step(0.5) == 0.5 * math.log(0.75)
        with pytest.raises(autograd.DomainError, match=r"log\(w = -12.2") as caught:
            step.repeat(40, 1.0)
        results.append((str(caught.value), w.data, optimizer.state_dict()))
    assert results[0] == results[1]


@pytest.mark.parametrize("kind", [CompiledStep, Step])
def test_a_loss_that_is_not_finite_is_an_error_that_names_the_step(kind):
    w = Value(1e200)
    optimizer = nn.Adam([w], lr=0.1)
    step = kind(lambda x: (w * x) * (w * x), optimizer)
    assert step(1e-200) == 1.0
    before = optimizer.state_dict(), w.data
    with pytest.raises(ArithmeticError, match="the loss became inf in step 2: lower the learning rate"):
        step(1.0)
    assert (optimizer.state_dict(), w.data) == before


@pytest.mark.parametrize("kind", [CompiledStep, Step])
def test_gradients_whose_norm_is_not_finite(kind):
    v, w = Value(1.0), Value(1.0)
    step = kind(lambda x: (v + w - 2.0) * x, nn.SGD([v, w], lr=0.1), clip_grad_norm=1.0)
    with pytest.raises(ValueError, match="the norm of the gradients is inf"):
        step(1.7e308)
    assert (v.data, w.data) == (1.0, 1.0)


def test_what_the_engine_knows_better_is_a_step_too():
    results = []
    for kind in (CompiledStep, Step):
        w = Value(0.0)
        optimizer = nn.SGD([w], lr=0.1)
        step = kind(lambda x, w=w: (w + x) + 0.0 * autograd.sqrt(w * w), optimizer)
        results.append(([step(1.0), step(2.0)], w.data))
    assert results[0] == results[1]


@pytest.mark.parametrize(
    ("loss", "ys", "options", "message"),
    [
        (nn.binary_cross_entropy_with_logits, [2.0], {}, r"targets\[0\] = 2.0 is outside \[0, 1\]"),
        (nn.binary_cross_entropy, [-1.0], {"output": "sigmoid"}, r"targets\[0\] = -1.0 is outside"),
        (nn.binary_cross_entropy, [1.0], {}, r"predictions\[0\] = .* is outside \[0, 1\]; for scores take"),
        (nn.hinge, [0.0], {}, "hinge"),
        (nn.cross_entropy, [2.0], {"outputs": 2}, r"targets\[0\] is class 2; there are 2 logits"),
    ],
)
def test_targets_that_are_not_legal_are_refused_as_by_the_engine(loss, ys, options, message):
    model = network(**options, bias_init=nn.init.constant(3.0))
    step = nn.compile_step(partial(total, model, loss), nn.Adam(model.parameters()))
    before = model.state_dict()
    with pytest.raises(ValueError, match=message):
        step([[2.0, 2.0]], ys)
    assert model.state_dict() == before


def test_a_data_dependent_loss_is_refused_at_its_line():
    model = network()
    step = nn.compile_step(lambda x: model(x) if x[0] > 0 else -model(x), nn.SGD(model.parameters(), lr=0.1))
    with pytest.raises(autograd.TraceError, match=r"test_nn_compiled\.py:\d+"):
        step([1.0, 2.0])


def test_values_as_a_batch_get_their_gradients():
    model = network()
    step = nn.compile_step(lambda x: model(x) * 2.0, nn.SGD(model.parameters(), lr=0.1))
    x = [Value(1.0), Value(2.0)]
    step(x)
    assert all(v.grad for v in x)


def test_detect_anomaly_names_the_operation():
    w = Value(1.0, label="w")
    step = nn.compile_step(lambda x: w * x - w * x, nn.SGD([w], lr=0.1))
    with autograd.detect_anomaly(), pytest.raises(autograd.AnomalyError, match=r"mul\(w = 1.0, inf\)"):
        step(math.inf)
    assert w.data == 1.0


@pytest.mark.parametrize("kind", [CompiledStep, Step])
@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda kind: kind(nn.mse, [Value(1.0)]), TypeError, "an optimiser of nn, not function and list"),
        (lambda kind: kind(1.0, nn.SGD([Value(1.0)])), TypeError, "a function of a batch"),
        (lambda kind: kind(lambda: 1.0, nn.SGD([Value(1.0)]))(), TypeError, "one Value that depends on the model, not float"),
        (lambda kind: kind(lambda: [Value(1.0)], nn.SGD([Value(1.0)]))(), TypeError, "one Value .* not list"),
        (lambda kind: kind(lambda: Value(1.0), nn.SGD([Value(1.0)])).repeat(0), ValueError, "n must be a positive int"),
        (lambda kind: kind(nn.mse, nn.SGD([Value(1.0)]), clip_grad_norm=-1), ValueError, "clip_grad_norm must be at least"),
        (lambda kind: kind(nn.mse, nn.SGD([Value(1.0)]), clip_grad_value="a"), TypeError, "clip_grad_value is no number"),
    ],
)
def test_what_is_refused(kind, call, error, message):
    with pytest.raises(error, match=message):
        call(kind)


def test_a_step_is_no_part_of_a_compiled_function():
    w = Value(1.0)
    step = nn.compile_step(lambda x: w * x, nn.SGD([w], lr=0.1))
    with pytest.raises(autograd.TraceError, match="a training step assigns parameters"):
        autograd.compile(lambda x: step(3.0) + x)(1.0)
    assert w.data == 1.0
    assert autograd.grad(lambda x: x * step(3.0))(2.0) == 3.0


def test_a_loop_of_steps_is_few_calls(monkeypatch):
    model = network()
    step = nn.compile_step(partial(total, model, nn.mse), nn.Adam(model.parameters()))
    calls = []
    monkeypatch.setattr(step._compiled, "repeat", lambda n, *args, f=step._compiled.repeat: calls.append(n) or f(n, *args))
    losses = step.repeat(100, XS, YS)
    assert calls == [steps.MAX_STEPS_PER_CALL] * 3 + [4]
    assert len(losses) == 100
