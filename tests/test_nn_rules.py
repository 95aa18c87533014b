"""Update rules: PyTorch's pseudocode written out again for one number, and the same rules over Values."""

import math
import random

import pytest

import autograd
from autograd import Value
from autograd._engine import update_rules
from autograd._engine.update_rules import FORMULAS, apply
from nn import rules


def sgd(p, gs, lr, momentum=0.0, weight_decay=0.0, nesterov=False):
    """torch.optim.SGD's pseudocode."""
    b = None
    for gradient in gs:
        g = gradient + weight_decay * p
        if momentum:
            b = g if b is None else momentum * b + g
            p = p - lr * (g + momentum * b if nesterov else b)
        else:
            p = p - lr * g
    return p


def rmsprop(p, gs, lr, alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.0):
    """torch.optim.RMSprop's pseudocode."""
    v = b = 0.0
    for gradient in gs:
        g = gradient + weight_decay * p
        v = alpha * v + (1 - alpha) * g**2
        step = g / (math.sqrt(v) + eps)
        if momentum > 0:
            b = momentum * b + step
            step = b
        p = p - lr * step
    return p


def adam(p, gs, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, decoupled=False):
    """torch.optim.Adam's and AdamW's pseudocode."""
    m = v = 0.0
    for t, gradient in enumerate(gs, 1):
        g = gradient if decoupled else gradient + weight_decay * p
        if decoupled:
            p = p - lr * weight_decay * p
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        p = p - lr * (m / (1 - betas[0] ** t)) / (math.sqrt(v / (1 - betas[1] ** t)) + eps)
    return p


def adamw(p, gs, lr, weight_decay=0.01, **options):
    return adam(p, gs, lr, weight_decay=weight_decay, decoupled=True, **options)


NESTEROV = {"momentum": 0.5, "nesterov": True, "weight_decay": 0.01}

# rule, number of lists in its state, whether it counts steps, the pseudocode, sets of options
RULES = [
    (rules.sgd_update, 1, False, sgd, [{}, {"momentum": 0.9}, {"weight_decay": 0.1}, NESTEROV]),
    (rules.rmsprop_update, 2, False, rmsprop, [{}, {"alpha": 0.5, "eps": 1e-3}, {"momentum": 0.9, "weight_decay": 0.1}]),
    (rules.adam_update, 2, True, adam, [{}, {"betas": (0.5, 0.75), "eps": 0.1}, {"weight_decay": 0.1}]),
    (rules.adamw_update, 2, True, adamw, [{}, {"weight_decay": 0.0}, {"weight_decay": 0.5, "betas": (0.0, 0.5)}]),
]  # fmt: skip
CASES = [(rule, n, counts, code, options) for rule, n, counts, code, sets in RULES for options in sets]


def run(rule, n, counts, params, grads, **options):
    """The parameters after one step for each list of gradients."""
    state = [[0.0] * len(params) for _ in range(n)]
    for t, gs in enumerate(grads, 1):
        params, *state = rule(params, gs, *state, **({"step": t} if counts else {}), **options)
    return params


@pytest.mark.parametrize(("rule", "n", "counts", "code", "options"), CASES)
def test_the_rules_are_pytorchs(rule, n, counts, code, options):
    rng = random.Random(1)
    params = [rng.uniform(-2, 2) for _ in range(5)]
    grads = [[rng.uniform(-2, 2) for _ in params] for _ in range(12)]
    expected = [code(p, [gs[i] for gs in grads], 0.1, **options) for i, p in enumerate(params)]
    assert run(rule, n, counts, params, grads, lr=0.1, **options) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("rule", "n", "counts", "code", "options"), CASES)
def test_nothing_is_changed_in_place_and_values_give_the_same_numbers(rule, n, counts, code, options):
    given = [[1.0, -2.0], [0.5, 0.25], *([0.125, 0.0625] for _ in range(n))]
    copies = [list(xs) for xs in given]
    counted = {"step": 3} if counts else {}
    floats = rule(*given, lr=0.1, **counted, **options)
    assert given == copies
    values = rule(*([Value(x) for x in xs] for xs in given), lr=0.1, **counted, **options)
    assert [[getattr(x, "data", x) for x in xs] for xs in values] == [list(xs) for xs in floats]
    assert all(type(p) is Value for p in values[0])


@pytest.mark.parametrize(("rule", "n", "counts", "code", "options"), CASES)
def test_a_loss_after_training_can_be_differentiated_for_the_learning_rate(rule, n, counts, code, options):
    slope = autograd.grad(lambda p: autograd.sum([(x - t) ** 4 for x, t in zip(p, [3.0, -1.0])]))

    def trained(lr):
        params, state = [0.5, 0.75], [[0.0] * 2 for _ in range(n)]
        for t in range(1, 4):
            params, *state = rule(params, slope(params), *state, lr=lr, **({"step": t} if counts else {}), **options)
        return autograd.sum([x * x for x in params])

    h = 1e-5
    difference = (trained(0.01 + h) - trained(0.01 - h)) / (2 * h)
    assert autograd.grad(trained)(0.01) == pytest.approx(difference, rel=1e-5)


def test_options_may_be_values_even_at_0():
    for name in ("weight_decay", "momentum"):
        option = Value(0.0)
        new, _ = rules.sgd_update([2.0], [1.0], [4.0], lr=0.5, **{name: option})
        new[0].backward()
        assert (new[0].data, option.grad) == (1.5, {"weight_decay": -1.0, "momentum": -2.0}[name])
    beta = Value(0.5)
    rules.adam_update([1.0], [0.5], [0.0], [0.0], step=2, lr=0.1, betas=(0.9, beta))[0][0].backward()
    assert beta.grad != 0.0


def test_adam_counts_from_1():
    with pytest.raises(ValueError, match="the first step of Adam is 1, not 0"):
        rules.adam_update([1.0], [1.0], [0.0], [0.0], step=0, lr=0.1)


def test_adam_leaves_a_parameter_without_gradient_alone():
    assert rules.adam_update([1.5], [0.0], [0.0], [0.0], step=1, lr=0.1)[0] == [1.5]


@pytest.mark.parametrize("rule", [rules.sgd_update, rules.rmsprop_update, rules.adam_update, rules.adamw_update])
def test_whole_columns_and_single_numbers_give_the_same_bits(rule, monkeypatch):
    rng = random.Random(4)
    n = {rules.sgd_update: 3}.get(rule, 4)
    columns = [[rng.uniform(0.1, 1.0) for _ in range(50)] for _ in range(n)]
    options = {"lr": 0.1, "weight_decay": 0.01} | ({"step": 3} if "adam" in rule.__name__ else {"momentum": 0.9})
    whole = rule(*columns, **options)
    monkeypatch.setattr(update_rules, "_update", None)
    assert rule(*columns, **options) == whole


@pytest.mark.parametrize(
    ("columns", "error"), [([[1.0], [0.0], [0.0], [0.0]], ZeroDivisionError), ([[1.0], [0.0], [0.0], [-1.0]], ValueError)]
)
def test_whole_columns_fail_as_single_numbers_do(columns, error, monkeypatch):
    messages = []
    for _ in range(2):
        with pytest.raises(error) as caught:
            rules.adam_update(*columns, step=1, lr=0.1, eps=0.0)
        messages.append(str(caught.value))
        monkeypatch.setattr(update_rules, "_update", None)
    assert messages[0] == messages[1]


@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_has_the_same_bits_in_both_engines(name, monkeypatch):
    rng = random.Random(name)
    code = FORMULAS[name].__code__
    n = len(FORMULAS[name](*[1.0] * code.co_argcount)) + 1  # columns: results, and the gradients
    strange = [0.0, -0.0, 1e-320, 1e308, -1e308, math.inf, -math.inf, math.nan]
    seen = set()
    for k in range(400):
        pick = [lambda: rng.uniform(0.1, 1.0), lambda: rng.choice(strange)][k % 5 == 4]
        columns = tuple([pick() for _ in range(7)] for _ in range(n))
        options = tuple(rng.choice([0.0, 0.5, rng.uniform(0.1, 1.0), True, False, 1, 0]) for _ in range(code.co_argcount - n))
        outcomes = []
        for update in (update_rules._update, None):
            monkeypatch.setattr(update_rules, "_update", update)
            try:
                outcomes.append(repr(apply(name, columns, options)))
            except ArithmeticError as error:
                outcomes.append(repr(error))
            except ValueError as error:
                outcomes.append(repr(error))
            monkeypatch.undo()
        assert outcomes[0] == outcomes[1], (columns, options)
        seen.add(outcomes[0][:8])
    assert len(seen) > 2


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError):
        rules.sgd_update([1.0, 2.0], [1.0], [0.0, 0.0], lr=0.1)


def test_clipping_by_norm_can_be_differentiated():
    def first(g):
        return rules.clip_grad_norm([g, 4.0], 1.0)[0][0]

    h = 1e-6
    assert autograd.grad(first)(3.0) == pytest.approx((first(3.0 + h) - first(3.0 - h)) / (2 * h), rel=1e-6)
    assert autograd.grad(lambda g: rules.clip_grad_norm([g, 4.0], 9.0)[0][0])(3.0) == 1.0


def test_clipping_by_norm_keeps_what_is_small_and_refuses_what_is_not_finite():
    assert rules.clip_grad_norm([3e-320, 4e-320], 1.0)[1] == pytest.approx(5e-320, rel=1e-3)
    for bad in (math.inf, math.nan):
        assert all(map(math.isnan, rules.clip_grad_norm([1.0, bad], 1.0)[0]))


def test_the_count_of_steps_may_be_data():
    values = rules.adam_update([1.0], [0.5], [0.1], [0.2], step=Value(2.0), lr=0.1)
    floats = rules.adam_update([1.0], [0.5], [0.1], [0.2], step=2, lr=0.1)
    assert [[getattr(x, "data", x) for x in xs] for xs in values] == [list(xs) for xs in floats]
