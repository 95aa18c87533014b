"""Optimisers: steps, options, states that go on to the bit, and gradient clipping."""

import json
import math

import pytest

import nn
from autograd import Value
from nn import schedules

KINDS = [
    (nn.SGD, {"lr": 0.1}),
    (nn.SGD, {"lr": 0.01, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    (nn.RMSprop, {"lr": 0.1, "momentum": 0.5}),
    (nn.Adam, {"lr": 0.1, "betas": (0.8, 0.9)}),
    (nn.AdamW, {"lr": 0.1}),
]


def problem():
    """Two parameters and the function that computes the gradients of (a − 3)⁴ + a·b² for them."""
    a, b = Value(1.0), Value(-2.0)

    def gradients(optimizer):
        optimizer.zero_grad()
        ((a - 3.0) ** 4 + a * b * b).backward()

    return [a, b], gradients


def run(optimizer, gradients, steps):
    for _ in range(steps):
        gradients(optimizer)
        optimizer.step()
    return [p.data for p in optimizer.params]


@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_a_state_through_json_goes_on_to_the_bit(kind, options):
    params, gradients = problem()
    whole = run(kind(params, **options), gradients, 9)

    params, gradients = problem()
    first = kind(params, **options)
    run(first, gradients, 4)
    saved = json.loads(json.dumps(first.state_dict()))
    assert saved["steps"] == first.steps == 4
    second = kind(iter(params), lr=5.0)
    second.load_state_dict(saved)
    assert (second.lr, second.options, second.state_dict()) == (first.lr, first.options, first.state_dict())
    assert run(second, gradients, 5) == whole


@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_a_step_is_the_rule_and_reduces_the_function(kind, options):
    params, gradients = problem()
    optimizer = kind(params, **options)
    gradients(optimizer)
    slots = [[0.0, 0.0] for _ in kind.slots]
    expected = optimizer.update([p.data for p in params], [p.grad for p in params], slots, step=1, lr=options["lr"])[0]
    optimizer.step()
    assert [p.data for p in params] == expected
    assert (params[0].data - 3.0) ** 4 + params[0].data * params[1].data ** 2 < 20.0


def test_a_schedule_is_a_function_of_the_steps_taken():
    x = Value(0.0)
    seen = []
    optimizer = nn.SGD([x], lr=lambda t: seen.append(t) or 1.0 / (t + 1))
    x.grad = -1.0
    for _ in range(3):
        optimizer.step()
    assert (seen, x.data) == ([0, 1, 2], 1.0 + 1 / 2 + 1 / 3)
    state = optimizer.state_dict()
    assert state["lr"] is None
    other = nn.SGD([x], lr=schedules.cosine(0.5, 10))
    other.load_state_dict(state)
    assert (other.steps, callable(other.lr)) == (3, True)
    constant = nn.SGD([x], lr=0.25)
    with pytest.raises(ValueError, match="was saved with a schedule as lr: make this SGD with one, or put a number"):
        constant.load_state_dict(state)
    assert (constant.lr, constant.steps) == (0.25, 0)
    constant.load_state_dict(state | {"lr": 0.5})
    assert (constant.lr, constant.steps) == (0.5, 3)
    assert "cosine" in repr(other)


def test_the_learning_rate_may_be_assigned():
    x = Value(0.0)
    optimizer = nn.SGD([x], lr=1.0)
    optimizer.lr = 0.5
    x.grad = 1.0
    optimizer.step()
    assert x.data == -0.5
    for bad, error in ((-1, ValueError), (math.nan, ValueError), ("fast", TypeError)):
        with pytest.raises(error, match="lr "):
            optimizer.lr = bad
    assert optimizer.lr == 0.5
    optimizer.lr = schedules.cosine(0.5, 10)
    assert callable(optimizer.lr)


def test_a_rule_of_ones_own():
    class Sign(nn.Optimizer):
        def __init__(self, params, lr, *, scale=1.0):
            super().__init__(params, lr, scale=scale)

        @staticmethod
        def rule(params, grads, *, step, lr, scale):
            return ([p - lr * scale * step * math.copysign(1.0, g) for p, g in zip(params, grads)],)

    class Twice(nn.Adam):
        def update(self, params, grads, slots, *, step, lr):
            assert type(grads) is list
            return super().update(params, [2.0 * g for g in grads], slots, step=step, lr=lr)

    x, y = Value(0.0), Value(0.0)
    for optimizer in (Sign([x], 0.5, scale=2.0), Twice([y], 0.5)):
        for _ in range(2):
            optimizer.params[0].grad = -4.0
            optimizer.step()
    assert (x.data, y.data) == (3.0, pytest.approx(1.0))


class Stops(list):
    """A list that raises when it is read as far as its entry `at`."""

    def __init__(self, xs, at, error):
        super().__init__(xs)
        self.at, self.error = at, error

    def __iter__(self):
        for i, x in enumerate(super().__iter__()):
            if i == self.at:
                raise self.error
            yield x


def test_an_interrupted_step_has_not_happened():
    params = [Value(float(i)) for i in range(5)]
    optimizer = nn.Adam(params, lr=0.1)
    for p in params:
        p.grad = 1.0
    optimizer.step()
    before, state = [p.data for p in params], optimizer.state_dict()
    rule = optimizer.update
    optimizer.update = lambda *args, **options: (Stops((out := rule(*args, **options))[0], 3, KeyboardInterrupt()), *out[1:])
    with pytest.raises(KeyboardInterrupt):
        optimizer.step()
    assert [p.data for p in params] == before
    assert optimizer.state_dict() == state


def test_the_base_class_asks_for_a_rule():
    with pytest.raises(NotImplementedError, match=r"Optimizer defines no update\(\)"):
        nn.Optimizer([Value(1.0)], 0.1).step()


leaf = Value(1.0)
REFUSED = [
    (lambda: nn.SGD([], 0.1), ValueError, "params is empty"),
    (lambda: nn.SGD(nn.Neuron(1), 0.1), TypeError, r"must be a list of Values, model.parameters\(\) for example, not Neuron"),
    (lambda: nn.SGD(nn.MLP(1, [1]), 0.1), TypeError, r"must be a list of Values, model.parameters\(\) for example, not MLP"),
    (lambda: nn.SGD([1.0], 0.1), TypeError, r"params\[0\] must be a Value, not float"),
    (lambda: nn.SGD([leaf, leaf * 2], 0.1), ValueError, r"params\[1\], .* was computed: only a leaf"),
    (lambda: nn.SGD([leaf, leaf], 0.1), ValueError, "the same Value more than once"),
    (lambda: nn.SGD([leaf], -0.1), ValueError, "lr must be at least 0.0 and less than inf, not -0.1"),
    (lambda: nn.SGD([leaf], math.nan), ValueError, "lr must be .* not nan"),
    (lambda: nn.SGD([leaf], "fast"), TypeError, "lr is no number"),
    (lambda: nn.SGD([leaf], 0.1, momentum=-1.0), ValueError, "momentum must be at least 0.0"),
    (lambda: nn.SGD([leaf], 0.1, weight_decay=-1.0), ValueError, "weight_decay must be at least 0.0"),
    (lambda: nn.SGD([leaf], 0.1, nesterov=True), ValueError, "nesterov=True needs a momentum above 0"),
    (lambda: nn.RMSprop([leaf], alpha=-1.0), ValueError, "alpha must be at least 0.0"),
    (lambda: nn.Adam([leaf], betas=(0.9, 1.0)), ValueError, r"betas\[1\] must be at least 0.0 and less than 1.0, not 1.0"),
    (lambda: nn.Adam([leaf], betas=(0.9,)), ValueError, r"betas must be two numbers, \(0.9, 0.999\) for example, not \(0.9,\)"),
    (lambda: nn.Adam([leaf], betas=0.9), ValueError, "betas must be two numbers"),
    (lambda: nn.AdamW([leaf], eps=-1e-8), ValueError, "eps must be at least 0.0"),
    (lambda: nn.clip_grad_norm_([leaf], -1.0), ValueError, "max_norm must be at least 0.0"),
    (lambda: nn.clip_grad_value_([leaf], math.nan), ValueError, "clip_value must be at least 0.0"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


MISFITS = [
    (lambda s: s.pop("slots"), ValueError, "no state of an optimiser: slots missing"),
    (lambda s: s.update(epoch=3, note="x"), ValueError, "no state of an optimiser: epoch, note unknown"),
    (lambda s: s.update(lr=None), ValueError, "was saved with a schedule as lr"),
    (lambda s: s.update(optimizer="AdamW"), ValueError, "a state of AdamW, not of Adam"),
    (
        lambda s: s["options"].pop("eps"),
        ValueError,
        r"the options of this state are \['betas', 'weight_decay'\], those of Adam",
    ),
    (lambda s: s["options"].update(eps=-1.0), ValueError, "eps must be at least 0.0"),
    (lambda s: s["slots"].update(more=[]), ValueError, r"the slots of this state are \['exp_avg', 'exp_avg_sq', 'more'\]"),
    (lambda s: s["slots"]["exp_avg_sq"].pop(), ValueError, "exp_avg_sq of this state is for 1 parameters, this Adam has 2"),
    (lambda s: s["slots"].update(exp_avg=["a", "b"]), TypeError, r"exp_avg\[0\] is no number"),
    (lambda s: s.update(steps=-1), ValueError, "steps"),
    (lambda s: s.update(steps=1.5), TypeError, "steps"),
    (lambda s: s.update(lr=-1.0), ValueError, "lr must be at least 0.0"),
]


@pytest.mark.parametrize(("spoil", "error", "message"), MISFITS)
def test_a_state_that_does_not_fit_is_refused_and_changes_nothing(spoil, error, message):
    params, gradients = problem()
    optimizer = nn.Adam(params, lr=0.1)
    run(optimizer, gradients, 2)
    before = optimizer.state_dict()
    spoiled = optimizer.state_dict()
    spoil(spoiled)
    with pytest.raises(error, match=message):
        optimizer.load_state_dict(spoiled)
    assert optimizer.state_dict() == before


def with_gradients(*gradients):
    params = [Value(0.0) for _ in gradients]
    for p, g in zip(params, gradients):
        p.grad = g
    return params


@pytest.mark.parametrize(
    ("gradients", "bound", "norm", "clipped"),
    [
        ((3.0, 4.0), 10.0, 5.0, (3.0, 4.0)),
        ((3.0, 4.0), 5.0, 5.0, (3.0 * 5 / 5.000001, 4.0 * 5 / 5.000001)),
        ((3.0, -4.0), 1.0, 5.0, (3.0 / 5.000001, -4.0 / 5.000001)),
        ((3.0, 4.0), 0.0, 5.0, (0.0, 0.0)),
        ((0.0,), 1.0, 0.0, (0.0,)),
        ((1e200, 1e200), 1.0, math.sqrt(2) * 1e200, (math.sqrt(0.5), math.sqrt(0.5))),
    ],
)
def test_clipping_by_norm(gradients, bound, norm, clipped):
    params = with_gradients(*gradients)
    assert nn.clip_grad_norm_(iter(params), bound) == pytest.approx(norm)
    assert [p.grad for p in params] == pytest.approx(clipped, rel=1e-15)


@pytest.mark.parametrize("bad", [math.inf, math.nan])
def test_a_norm_that_is_not_finite_is_an_error_and_changes_nothing(bad):
    params = with_gradients(1.0, bad)
    with pytest.raises(ValueError, match=r"the norm of the gradients is .*that of parameter 1 is Value"):
        nn.clip_grad_norm_(params, 1.0)
    assert params[0].grad == 1.0


def test_finite_gradients_with_an_infinite_norm_are_an_error_too():
    with pytest.raises(ValueError, match="the norm of the gradients is inf"):
        nn.clip_grad_norm_(with_gradients(1.7e308, 1.7e308), 1.0)


def test_clipping_by_value():
    params = with_gradients(3.0, -3.0, 1.0, -math.inf, math.nan)
    nn.clip_grad_value_(params, 2.0)
    assert [p.grad for p in params[:4]] == [2.0, -2.0, 1.0, -2.0]
    assert math.isnan(params[4].grad)
