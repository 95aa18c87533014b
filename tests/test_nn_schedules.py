"""Learning-rate schedules: PyTorch's closed forms, their ends, and what they refuse."""

import math

import pytest

from nn import schedules

CLOSED_FORMS = [
    (schedules.step(0.5, every=3), lambda t: 0.5 * 0.1 ** (t // 3)),
    (schedules.step(0.5, 1, gamma=2.0), lambda t: 0.5 * 2.0**t),
    (schedules.exponential(0.5, 0.9), lambda t: 0.5 * 0.9**t),
    (schedules.linear(0.5, 10), lambda t: 0.5 * max(0.0, 1 - t / 10)),
    (schedules.linear(0.1, 4, end=0.3), lambda t: 0.1 + 0.2 * min(t / 4, 1.0)),
    (schedules.cosine(0.5, 10), lambda t: 0.25 * (1 + math.cos(math.pi * min(t, 10) / 10))),
    (schedules.cosine(0.5, 8, end=0.1), lambda t: 0.1 + 0.2 * (1 + math.cos(math.pi * min(t, 8) / 8))),
]


@pytest.mark.parametrize(("schedule", "formula"), CLOSED_FORMS)
def test_closed_forms(schedule, formula):
    for t in range(14):
        assert schedule(t) == pytest.approx(formula(t), rel=1e-14, abs=1e-17)
    assert schedule(0) == formula(0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: schedules.step(0.1, 0), "every must be a positive int, not 0"),
        (lambda: schedules.linear(0.1, -1), "steps must be a positive int, not -1"),
        (lambda: schedules.cosine(-0.1, 5), "lr must be at least 0.0"),
        (lambda: schedules.cosine(0.1, 5, end=math.nan), "end must be at least 0.0"),
        (lambda: schedules.exponential(math.inf, 0.5), "lr must be at least 0.0 and less than inf"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
