"""Losses: their formulas, their accuracy at the ends of the range, and what they refuse."""

import math

import mpmath
import pytest
from mpmath import mp, mpf

import autograd
import nn
from autograd import Value
from autograd._engine.structures import flatten

P, T = [0.2, -1.5, 3.0, 0.0], [0.0, 1.0, 1.0, 0.0]
ERRORS = [p - t for p, t in zip(P, T)]


def clipped(e, delta):
    return 0.5 * e * e if abs(e) <= delta else delta * (abs(e) - 0.5 * delta)


FORMULAS = [
    (nn.mse, P, T, {}, [e * e for e in ERRORS]),
    (nn.mae, P, T, {}, [abs(e) for e in ERRORS]),
    (nn.huber, P, T, {}, [clipped(e, 1.0) for e in ERRORS]),
    (nn.huber, P, T, {"delta": 0.1}, [clipped(e, 0.1) for e in ERRORS]),
    (nn.hinge, P, [1, -1, 1, -1], {}, [0.8, 0.0, 0.0, 1.0]),
    (
        nn.binary_cross_entropy,
        [0.25, 0.5, 0.125],
        [1.0, 0.0, 0.25],
        {},
        [math.log(4), math.log(2), 0.25 * math.log(8) - 0.75 * math.log(0.875)],
    ),
    (
        nn.binary_cross_entropy_with_logits,
        P,
        [0, 1, 1, 0.5],
        {},
        [math.log1p(math.exp(z)) - t * z for z, t in zip(P, [0, 1, 1, 0.5])],
    ),
    (nn.cross_entropy, [[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]], [0, 2], {}, [math.log(1 + math.e + math.e**2), math.log(3)]),
    (nn.cross_entropy, [[1.0, 2.0]], [[0.25, 0.75]], {}, [0.25 * math.log(1 + math.e) + 0.75 * math.log(1 + 1 / math.e)]),
]


@pytest.mark.parametrize(("loss", "predictions", "targets", "options", "terms"), FORMULAS)
def test_formulas_with_both_reductions_on_floats_and_values(loss, predictions, targets, options, terms):
    total = math.fsum(terms)
    lifted = [Value(p) if isinstance(p, float) else list(map(Value, p)) for p in predictions]
    for reduction, expected in (("sum", total), ("mean", total / len(terms))):
        plain = loss(predictions, targets, reduction=reduction, **options)
        assert type(plain) is float
        assert plain == pytest.approx(expected, rel=1e-14)
        assert loss(lifted, targets, reduction=reduction, **options).data == plain
    assert loss(tuple(predictions), iter(targets), **options) == plain
    with pytest.raises(ValueError, match=r"unknown reduction: 'none' \(must be 'mean' or 'sum'\)"):
        loss(predictions, targets, reduction="none", **options)


@pytest.mark.parametrize(("loss", "predictions", "targets", "options", "terms"), FORMULAS)
def test_derivatives_agree_with_differences(loss, predictions, targets, options, terms):
    flat, rebuild = flatten(predictions)
    flat = [x + 0.01 for x in flat]  # away from the kinks
    got, _ = flatten(autograd.grad(lambda p: loss(p, targets, **options))(rebuild(flat)))
    for i, slope in enumerate(got):
        ends = [loss(rebuild([x + h * (i == j) for j, x in enumerate(flat)]), targets, **options) for h in (1e-6, -1e-6)]
        assert slope == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-5, abs=1e-8)


def test_half_squared_error_has_the_plain_error_as_its_derivative():
    p = [Value(0.25), Value(1.0)]
    loss = nn.half_squared_error(p, [1.0, 0.5])
    loss.backward()
    assert (loss.data, [x.grad for x in p]) == (0.5 * (0.75**2 + 0.5**2), [-0.75, 0.5])


def test_rows_are_compared_entry_by_entry_and_arrays_are_sequences():
    np = pytest.importorskip("numpy")
    rows, targets = [[1.0, 2.0], [3.0, 4.0]], [[0.0, 2.0], [3.0, 2.0]]
    assert nn.mse(rows, targets) == nn.mse([1.0, 2.0, 3.0, 4.0], [0.0, 2.0, 3.0, 2.0]) == 1.25
    assert nn.mse(np.array(rows), np.array(targets)) == 1.25
    assert nn.cross_entropy(np.array(rows), np.array([0, 1])) == nn.cross_entropy(rows, [0, 1.0])
    assert nn.cross_entropy(rows, [np.int64(0), np.float64(1)]) == nn.cross_entropy(rows, [[1, 0], [0, 1]])
    assert nn.cross_entropy(rows[0], 1) == nn.cross_entropy(rows[:1], [1])
    assert nn.mae([np.float64(1.0)], [np.int64(3)]) == 2.0


def test_a_column_of_targets_serves_single_predictions():
    np = pytest.importorskip("numpy")
    column = np.array([[0.0], [1.0]])
    for loss in (nn.mse, nn.half_squared_error, nn.mae, nn.huber, nn.binary_cross_entropy_with_logits):
        assert loss([1.0, 3.0], column) == loss([1.0, 3.0], [0.0, 1.0])
    assert nn.binary_cross_entropy([0.5, 0.25], column) == nn.binary_cross_entropy([0.5, 0.25], [0.0, 1.0])
    assert nn.cross_entropy([[0.0, 1.0], [2.0, 3.0]], column) == nn.cross_entropy([[0.0, 1.0], [2.0, 3.0]], [0, 1])
    with pytest.raises(ValueError, match=r"predictions\[0\] and targets\[0\] must be of one length, not 1 and 2"):
        nn.mse([1.0], [[1.0, 2.0]])


def test_few_nodes():
    def size(loss, targets, n=8):
        return len(autograd._engine.walks.ancestors(loss([Value(0.5) for _ in range(n)], targets))) - n

    assert size(nn.mse, [1.0] * 8) == 8 + 2
    assert size(nn.half_squared_error, [1.0] * 8) == 8 + 2
    assert size(nn.binary_cross_entropy_with_logits, [0.0] * 8) == 8 + 1
    assert len(autograd._engine.walks.ancestors(nn.cross_entropy([[Value(0.1) for _ in range(5)]], [2]))) == 5 + 4


LOGITS = [0.0, 1e-300, -1e-9, 0.5, -3.0, 17.0, 36.0, 40.0, -40.0, 300.0, -700.0, 745.0, 1e9, -1e300]


@pytest.mark.parametrize("z", LOGITS)
@pytest.mark.parametrize("t", [0, 1, 0.0, 1.0, 0.25])
def test_cross_entropies_with_logits_are_right_over_the_whole_range(z, t):
    with mpmath.workprec(6000 if abs(z) < 1e4 else 200):
        tiny = abs(z) >= 1e4
        plus = mpf(max(z, 0.0)) if tiny else mp.log1p(mp.exp(mpf(z)))
        minus = mpf(max(-z, 0.0)) if tiny else mp.log1p(mp.exp(-mpf(z)))
        value = t * minus + (1 - mpf(t)) * plus
        sigma = mpf(z > 0) if tiny else 1 / (1 + mp.exp(-mpf(z)))
        slope = (1 - mpf(t)) * sigma - t * (1 - sigma)
        value, slope = float(value), float(slope)
    v = Value(z)
    loss = nn.binary_cross_entropy_with_logits([v], [t])
    loss.backward()
    assert loss.data == pytest.approx(value, rel=1e-15, abs=5e-324)
    assert v.grad == pytest.approx(slope, rel=2e-15 if t in (0, 1) else 1e-14, abs=5e-324)
    if t in (0, 1):  # the same by two classes
        v = Value(z)
        loss = nn.cross_entropy([[0.0, v]], [t])
        loss.backward()
        assert (loss.data, v.grad) == pytest.approx((value, slope), rel=2e-15, abs=5e-324)


@pytest.mark.parametrize(
    ("p", "t", "value", "slope"),
    [
        (1.0, 1, 0.0, -1.0),
        (0.0, 0, 0.0, 1.0),
        (0.0, 1, 100.0, -1.0),
        (1.0, 0, 100.0, 1.0),
        (1e-20, 0, 1e-20, 1.0),
        (1e-20, 1, -math.log(1e-20), -1e20),
        (1 - 2**-53, 1, 2**-53, -1.0),
        (1 - 2**-53, 0, 53 * math.log(2), 2.0**53),
        (0.5, 0.5, math.log(2), 0.0),
        (0.0, 0.3, 30.0, -0.3),
        (1.0, 0.3, 70.0, 0.7),
        (1e-50, 0.3, 30.0, -0.3),
    ],
)
def test_binary_cross_entropy_at_the_ends(p, t, value, slope):
    v = Value(p)
    loss = nn.binary_cross_entropy([v], [t])
    loss.backward()
    assert (loss.data, v.grad) == pytest.approx((value, slope), rel=1e-15)


def test_nan_stays_nan():
    nan = Value(math.nan)
    for loss, t in ((nn.mse, 0.0), (nn.mae, 0.0), (nn.huber, 0.0), (nn.hinge, 1), (nn.binary_cross_entropy, 1.0)):
        assert math.isnan(loss([nan], [t]).data)
    assert math.isnan(nn.cross_entropy([[nan, 0.0]], [1]).data)


def test_targets_may_be_values():
    t = Value(0.25)
    nn.binary_cross_entropy_with_logits([2.0], [t]).backward()
    assert t.grad == -2.0
    t = [Value(0.25), Value(0.75)]
    nn.cross_entropy([1.0, 3.0], t).backward()
    assert [x.grad for x in t] == pytest.approx([math.log(math.exp(2) + 1), math.log(1 + math.exp(-2))])


REFUSED = [
    (lambda: nn.mse([1.0], [1.0, 2.0]), ValueError, "predictions and targets must be of one length, not 1 and 2"),
    (lambda: nn.mse([], []), ValueError, "predictions and targets are empty"),
    (lambda: nn.mse([[1.0], [2.0]], [[1.0], [2.0, 3.0]]), ValueError, r"predictions\[1\] and targets\[1\] must be"),
    (lambda: nn.mse([[1.0], [2.0]], [1.0, 2.0]), TypeError, r"targets\[0\] must be a sequence"),
    (lambda: nn.mse(1.0, [1.0]), TypeError, r"predictions must be .*, not float; for one number write \[x\]"),
    (lambda: nn.mse(Value(1.0), [1.0]), TypeError, "predictions must be .*, not Value"),
    (lambda: nn.mse([1.0], "1"), TypeError, "targets must be a sequence of numbers, not str"),
    (lambda: nn.huber([1.0], [1.0], delta=0.0), ValueError, r"huber\(\) needs delta > 0, not 0.0"),
    (lambda: nn.huber([1.0], [1.0], delta=math.nan), ValueError, "delta > 0, not nan"),
    (lambda: nn.hinge([1.0], [0]), ValueError, r"not targets\[0\] = 0.0; of 0 and 1 make 2 \* t - 1"),
    (lambda: nn.hinge([1.0, 2.0], [1]), ValueError, "scores and targets must be of one length"),
    (lambda: nn.binary_cross_entropy([0.5, 1.5], [1, 1]), ValueError, r"predictions\[1\] = 1.5 is outside .*with_logits"),
    (lambda: nn.binary_cross_entropy([0.5], [-1]), ValueError, r"targets\[0\] = -1.0 is outside \[0, 1\]"),
    (lambda: nn.binary_cross_entropy_with_logits([0.5], [-1]), ValueError, r"\[0, 1\]; of -1 and 1 make \(t \+ 1\) / 2"),
    (lambda: nn.cross_entropy([[1.0, 2.0]], [2]), ValueError, r"\[0\] is class 2; there are 2 logits, so classes 0 to 1"),
    (lambda: nn.cross_entropy([[1.0, 2.0]], [-1]), ValueError, "is class -1"),
    (lambda: nn.cross_entropy([[1.0, 2.0]], [0.5]), TypeError, "must be a class number or a row of probabilities, not 0.5"),
    (lambda: nn.cross_entropy([[1.0, 2.0]], [None]), TypeError, "must be a class number or a row of probabilities, not None"),
    (lambda: nn.cross_entropy([[1.0]], [0]), ValueError, r"logits\[0\] has 1 entries"),
    (lambda: nn.cross_entropy([[1.0, 2.0]], [0, 1]), ValueError, "logits and targets must be of one length, not 1 and 2"),
    (lambda: nn.cross_entropy([], []), ValueError, "logits and targets are empty"),
    (lambda: nn.cross_entropy([[1.0, 2.0]], [[1.0, 0.0, 0.0]]), ValueError, r"logits\[0\] and targets\[0\] must be of"),
    (lambda: nn.cross_entropy([[1.0, 2.0]], [[0.5, 0.4]]), ValueError, r"targets\[0\] must be probabilities that sum to 1"),
    (lambda: nn.cross_entropy([[1.0, 2.0]], [[1.5, -0.5]]), ValueError, r"targets\[0\] must be probabilities that sum to 1"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
