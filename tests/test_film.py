"""The film of a training run: it disturbs nothing, keeps a bounded number of frames, and shows what was recorded."""

import json
import math
import re
import shutil

import pytest
from graphs import HOSTILE

import autograd
import nn
from autograd import Film, Value
from autograd.show.ink import number


def record(epochs, **options):
    model = nn.MLP(2, [3, 1], activation="tanh", output="sigmoid", seed=1)
    xs, ys = nn.datasets.xor()
    loss = lambda: nn.mse([model(x) for x in xs], ys)
    film = Film(loss, predict=model, points=list(zip(xs, ys, strict=True)), **options)
    history = nn.fit(model, xs, ys, optimizer=nn.SGD(model.parameters(), lr=1.0), epochs=epochs, callbacks=[film])
    return film, history


def test_filming_changes_nothing_and_frames_are_bounded():
    model = nn.MLP(2, [3, 1], activation="tanh", output="sigmoid", seed=1)
    xs, ys = nn.datasets.xor()
    plain = nn.fit(model, xs, ys, optimizer=nn.SGD(model.parameters(), lr=1.0), epochs=30)
    film, history = record(30, most=10)
    assert history.losses == plain.losses
    spec = json.loads(re.search(r'id="spec">(.*?)</script>', film.html(), re.DOTALL)[1])
    assert 5 <= len(spec["frames"]) <= 10
    assert [f["step"] for f in spec["frames"]] == sorted(f["step"] for f in spec["frames"])
    assert all(len(f["map"]) == spec["cells"] ** 2 and all(0 <= v <= 1 for v in f["map"]) for f in spec["frames"])
    assert len(spec["points"]) == 4


def test_a_frame_holds_the_numbers_of_the_graph():
    w = Value(3.0, label="w")
    film = Film(lambda: (w - 1.0) ** 2)
    film()
    w.data = 2.0
    film()
    assert repr(film) == "<Film of 2 frames: loss 4 → 1>"
    spec = json.loads(re.search(r'id="spec">(.*?)</script>', film.html(), re.DOTALL)[1])
    assert [f["cards"][0] for f in spec["frames"]] == [[3.0, 4.0], [2.0, 2.0]]
    assert not w.reached


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="every must be at least 1"):
        Film(lambda: Value(1.0), every=0)
    with pytest.raises(TypeError, match="returns a Value, not float"):
        Film(lambda: 1.0)()
    with pytest.raises(ValueError, match="has no frame"):
        Film(lambda: Value(1.0)).html()
    turns = iter([lambda x: x * 2, lambda x: x + 2])
    film = Film(lambda: next(turns)(Value(1.0)))
    film()
    with pytest.raises(ValueError, match="changed its shape"):
        film()
    assert repr(Film(lambda: Value(1.0))) == "<Film of 0 frames>"


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_are_text_and_infinities_arrive(label):
    film = Film(lambda: Value(math.inf, label=label) * 1.0, title=label)
    film()
    page = film.html()
    assert page.count("<script") == 2
    assert "<img" not in page


def test_it_plays_in_a_browser(tmp_path):
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    film, _ = record(40, every=4)
    path = tmp_path / "film.html"
    film.save(path)
    complaints = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for size in ((1280, 800), (390, 844)):
            page = browser.new_page(viewport={"width": size[0], "height": size[1]})
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(path.as_uri())
            page.keyboard.press("End")
            frame = film._frames[-1]
            loss = float(f"{frame['loss']:.4g}")
            assert page.inner_text("#now") == f"loss = {number(loss)}"
            assert page.inner_text("#count") == f"step {frame['step']}"
            shown = page.evaluate("[...document.querySelectorAll('.card .value')].map(e => e.textContent)")
            assert number(float(f"{frame['cards'][-1][0]:.4g}")) in shown
            page.locator("#slider").fill("0")
            assert page.inner_text("#count") == "step 0"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        browser.close()
    assert complaints == []


def test_autograd_has_it():
    assert autograd.Film is Film
