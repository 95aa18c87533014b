"""The training loop: what it learns, batches and seeds, callbacks, interrupts, the progress bar, what it refuses."""

import builtins
import io
import math
import sys
from itertools import chain

import pytest

import nn
from autograd import Value

XS, YS = nn.datasets.moons(20, seed=2)


def model_and_optimizer(seed=0):
    model = nn.MLP(2, [6, 1], seed=seed)
    return model, nn.Adam(model.parameters(), lr=0.05)


@pytest.mark.parametrize(
    ("loss", "targets"),
    [
        (nn.binary_cross_entropy_with_logits, YS),
        (nn.mse, YS),
        (nn.huber, YS),
        (nn.hinge, [2 * y - 1 for y in YS]),
    ],
)
def test_moons_are_learnt(loss, targets):
    model, optimizer = model_and_optimizer()
    history = nn.fit(model, XS, targets, loss=loss, optimizer=optimizer, epochs=80)
    assert history.losses[-1] < 0.6 * history.losses[0]
    assert (history.epochs, history.stopped) == (80, False)
    assert repr(history).startswith("History(80 epochs, loss ")


def test_spirals_are_learnt_by_classes_in_batches():
    xs, ys = nn.datasets.spirals(18, classes=3, turns=0.5, seed=0)
    model = nn.MLP(2, [8, 3], activation="tanh", seed=0)
    optimizer = nn.Adam(model.parameters(), lr=0.1)
    history = nn.fit(model, xs, ys, loss=nn.cross_entropy, optimizer=optimizer, epochs=40, batch_size=6, seed=0)
    assert history.losses[-1] < 0.3 * history.losses[0]


def test_a_full_batch_is_the_loop_written_out():
    model, optimizer = model_and_optimizer()
    history = nn.fit(model, XS, YS, optimizer=optimizer, epochs=3)
    other, optimizer = model_and_optimizer()
    losses = []
    for _ in range(3):
        loss = nn.mse([other(x) for x in XS], YS)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.data)
    assert history.losses == losses
    assert model.state_dict() == other.state_dict()


def test_batches_cover_the_data_once_per_epoch_and_a_seed_decides_their_order():
    def run(seed):
        model, optimizer = model_and_optimizer()
        batches = []

        def loss(predictions, targets):
            batches.append(targets)
            return nn.mse(predictions, targets)

        targets = [float(i) for i in range(20)]
        history = nn.fit(model, XS, targets, loss=loss, optimizer=optimizer, epochs=2, batch_size=8, seed=seed)
        return batches, history.losses, model.state_dict()

    batches, losses, _ = run(1)
    assert [len(batch) for batch in batches] == [8, 8, 4, 8, 8, 4]
    assert sorted(chain(*batches[:3])) == sorted(chain(*batches[3:])) == [float(i) for i in range(20)]
    assert batches[:3] != batches[3:]
    assert run(1) == (batches, losses, run(1)[2])
    assert run(2)[0] != batches


def test_the_loss_of_an_epoch_weighs_batches_by_their_sizes():
    model = nn.Neuron(1, "linear", init=nn.init.constant(0.0))
    optimizer = nn.SGD(model.parameters(), lr=0.0)
    history = nn.fit(model, [[0.0]] * 3, [1.0, 2.0, 3.0], optimizer=optimizer, epochs=2, batch_size=2, seed=0)
    assert history.losses == pytest.approx([14 / 3, 14 / 3], rel=1e-15)
    assert nn.fit(model, [[0.0]] * 3, [1.0, 2.0, 3.0], optimizer=optimizer, epochs=1, batch_size=99).losses == [14 / 3]


def test_data_may_be_arrays_or_iterators():
    np = pytest.importorskip("numpy")
    results = []
    for xs, ys in ((XS, YS), (np.array(XS), np.array(YS)), (iter(XS), iter(YS)), (tuple(map(tuple, XS)), YS)):
        model, optimizer = model_and_optimizer()
        results.append(nn.fit(model, xs, ys, optimizer=optimizer, epochs=2).losses)
    assert results == [results[0]] * 4


def test_the_default_optimiser_is_adam():
    model, other = nn.Neuron(2, seed=0), nn.Neuron(2, seed=0)
    nn.fit(model, XS, YS, epochs=2)
    nn.fit(other, XS, YS, epochs=2, optimizer=nn.Adam(other.parameters(), lr=0.01))
    assert model.state_dict() == other.state_dict()


@pytest.mark.parametrize("options", [{}, {"batch_size": 7}, {"compile": True}])
def test_callbacks_may_wait_for_some_epochs(options):
    model, optimizer = model_and_optimizer()
    seen = []
    nn.fit(model, XS, YS, optimizer=optimizer, epochs=75, callbacks=lambda h: seen.append(h.epochs), every=33, **options)
    assert seen == [33, 66, 75]
    history = nn.fit(model, XS, YS, optimizer=optimizer, epochs=75, callbacks=lambda h: h.epochs == 40, every=20, **options)
    assert (history.epochs, history.stopped) == (40, True)
    with pytest.raises(ValueError, match="every must be a positive int, not 0"):
        nn.fit(model, XS, YS, callbacks=lambda h: None, every=0)


def test_a_callback_sees_each_epoch_and_stops_by_returning_true():
    model, optimizer = model_and_optimizer()
    seen = []
    history = nn.fit(
        model, XS, YS, optimizer=optimizer, epochs=9, callbacks=[lambda h: seen.append(h.losses[-1]), lambda h: h.epochs == 3]
    )
    assert (history.epochs, history.stopped, history.losses) == (3, True, seen)
    assert repr(history).endswith(", stopped early)")
    assert nn.fit(model, XS, YS, optimizer=optimizer, epochs=9, callbacks=lambda h: True).epochs == 1
    assert repr(nn.History()) == "History(0 epochs)"


def test_an_interrupt_leaves_the_parameters_of_the_last_whole_step():
    model, optimizer = model_and_optimizer()
    states = [model.state_dict()]

    def loss(predictions, targets):
        if len(states) == 4:
            raise KeyboardInterrupt
        return nn.mse(predictions, targets)

    def remember(history):
        states.append(model.state_dict())

    with pytest.raises(KeyboardInterrupt):
        nn.fit(model, XS, YS, loss=loss, optimizer=optimizer, epochs=9, callbacks=remember)
    assert model.state_dict() == states[-1]
    assert optimizer.steps == 3


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_stops_before_it_spoils_the_parameters(bad):
    model = nn.Neuron(1, "linear", seed=0)
    before = model.state_dict()
    with pytest.raises(ArithmeticError, match=f"the loss became {bad} in step 1: lower the learning rate"):
        nn.fit(model, [[1.0]], [0.0], loss=lambda p, t: nn.mae(p, t) * bad, epochs=3)
    assert model.state_dict() == before


def test_numbers_of_the_data_that_are_not_finite_are_named_before_training():
    np = pytest.importorskip("numpy")
    seen = []
    for xs, ys, message in (
        ([[0.0, 1.0], [2.0, math.nan]], [0.0, 1.0], r"xs\[1\]\[1\] is nan: training needs finite .* leave entry 1"),
        ([(0.0, -math.inf), (2.0, 1.0)], [0.0, 1.0], r"xs\[0\]\[1\] is -inf"),
        ([[0.0, np.float32("inf")], [np.ones(2), "text"]], [0.0, 1.0], r"xs\[0\]\[1\] is inf"),
        ([np.array([0.0, math.inf])] * 2, [0.0, 1.0], r"xs\[0\]\[1\] is inf"),
        (np.eye(2), np.array([0.0, math.nan]), r"ys\[1\] is nan"),
        (np.eye(2), np.array([[0.0], [math.inf]]), r"ys\[1\]\[0\] is inf"),
    ):
        with pytest.raises(ValueError, match=message):
            nn.fit(nn.Neuron(2), xs, ys, loss=lambda p, t: seen.append(p))
    assert seen == []


class Frame:
    """What a data frame of pandas or polars does here: iterating gives names, `to_numpy` the rows."""

    def __init__(self, array):
        self.array = array

    def __iter__(self):
        return iter("ab")

    def __len__(self):
        return len(self.array)

    def to_numpy(self):
        return self.array


def test_data_frames_and_columns_of_targets():
    np = pytest.importorskip("numpy")
    results = []
    for xs, ys in ((XS, YS), (Frame(np.array(XS)), Frame(np.array(YS))), (np.array(XS), np.array(YS).reshape(-1, 1))):
        for options in ({}, {"compile": True}, {"batch_size": 7, "seed": 0}):
            model, optimizer = model_and_optimizer()
            history = nn.fit(model, xs, ys, optimizer=optimizer, epochs=2, loss=nn.huber, **options)
            results.append((history.losses, "batch_size" in options))
    assert results == results[:3] * 3
    assert results[0] == results[1]


def test_without_shuffling_batches_come_in_order():
    batches = []

    def loss(predictions, targets):
        batches.append(targets)
        return nn.mse(predictions, targets)

    targets = [float(i) for i in range(20)]
    nn.fit(nn.Neuron(2), XS, targets, loss=loss, epochs=2, batch_size=8, shuffle=False)
    assert batches == [targets[:8], targets[8:16], targets[16:]] * 2


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("terminal", "progress", "shown"),
    [(True, None, True), (False, None, False), (True, False, False), (False, True, True)],
)
def test_the_bar_is_shown_on_a_terminal_or_when_asked_for(monkeypatch, terminal, progress, shown):
    pytest.importorskip("tqdm")
    monkeypatch.setattr(sys, "stderr", Terminal() if terminal else io.StringIO())
    nn.fit(nn.Neuron(2, seed=0), XS, YS, epochs=4, progress=progress)
    text = sys.stderr.getvalue()
    assert ("4/4" in text and "loss " in text) if shown else text == ""


def test_the_bar_is_closed_when_training_fails(monkeypatch):
    tqdm = pytest.importorskip("tqdm")
    closed = []
    monkeypatch.setattr(tqdm.tqdm, "close", lambda bar: closed.append(bar.n))
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with pytest.raises(ZeroDivisionError):
        nn.fit(nn.Neuron(2), XS, YS, epochs=4, progress=True, callbacks=lambda h: 1 / 0)
    assert closed[0] == 1


def test_without_tqdm(monkeypatch):
    real = builtins.__import__

    def absent(name, *args, **kwargs):
        if name == "tqdm":
            raise ModuleNotFoundError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", absent)
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert nn.fit(nn.Neuron(2), XS, YS, epochs=1).epochs == 1
    with pytest.raises(ModuleNotFoundError, match=r"needs tqdm: pip install 'scalar-autograd\[progress\]'"):
        nn.fit(nn.Neuron(2), XS, YS, epochs=1, progress=True)


NEURON = nn.Neuron(2, seed=0)
REFUSED = [
    (lambda: nn.fit(NEURON, XS, YS[1:]), ValueError, "xs and ys must be of one length, not 20 and 19"),
    (lambda: nn.fit(NEURON, [], []), ValueError, "xs and ys are empty"),
    (lambda: nn.fit(NEURON, 1.0, YS), TypeError, "xs must be a sequence of numbers, not float"),
    (lambda: nn.fit(NEURON, XS, "0" * 20), TypeError, "ys must be a sequence of numbers, not str"),
    (lambda: nn.fit(NEURON, XS, YS, epochs=0), ValueError, "epochs must be a positive int, not 0"),
    (lambda: nn.fit(NEURON, XS, YS, batch_size=0), ValueError, "batch_size must be a positive int, not 0"),
    (lambda: nn.fit(NEURON, XS, YS, batch_size=2.0), TypeError, "batch_size must be a positive int, not 2.0"),
    (lambda: nn.fit(NEURON, XS, YS, loss="huber"), TypeError, "must be a function .*, not 'huber': write loss=nn.huber$"),
    (lambda: nn.fit(NEURON, XS, YS, loss="l1"), TypeError, "not 'l1': write loss=nn.mse$"),
    (lambda: nn.fit(NEURON, XS, YS, optimizer="sgd"), TypeError, r"not 'sgd': write optimizer=nn\.Adam\(model\.parameters"),
    (lambda: nn.fit(NEURON, XS, YS, optimizer=nn.SGD), TypeError, r"write optimizer=nn\.SGD\(model\.parameters\(\), lr=0"),
    (lambda: nn.fit(NEURON, XS, YS, loss=lambda p, t: 1.0), TypeError, "the loss must be one Value .*, not float"),
    (lambda: nn.fit(NEURON, [[1.0]], [0.0]), ValueError, "expects 2 inputs, got 1"),
    (lambda: nn.fit(nn.MLP(2, [2, 3]), XS, YS, epochs=1), TypeError, r"targets\[0\] must be a sequence"),
    (lambda: nn.fit(nn.Sequential(), XS, YS), ValueError, "params is empty"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_what_is_refused(call, error, message):
    before = NEURON.state_dict()
    with pytest.raises(error, match=message):
        call()
    assert NEURON.state_dict() == before


def test_a_loss_of_floats_only_is_no_loss():
    with pytest.raises(TypeError, match="the loss must be one Value that depends on the model, not list"):
        nn.fit(NEURON, XS, YS, loss=lambda p, t: [Value(1.0)])
