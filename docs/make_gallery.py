"""Makes every picture of the documentation: `python docs/make_gallery.py [folder]`, by default docs/gallery.

The pictures are drawn by the library's own layout, so that the same files come out on every machine; screenshots of pages
need Chromium and Playwright, and are left out with a note where these are missing.
"""

import contextlib
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import autograd
import nn
from autograd import Value, scope


def neuron() -> Value:
    """One sigmoid neuron with two inputs."""
    x1, x2 = Value(-1.0, label="x1"), Value(-2.0, label="x2")
    w1, w2, b = Value(2.0, label="w1"), Value(-3.0, label="w2"), Value(-3.0, label="b")
    with scope("neuron"):
        y = autograd.sigmoid(w1 * x1 + w2 * x2 + b)
    y.label = "y"
    y.backward()
    return y


def network() -> Value:
    """The loss of a network of 2 inputs, 4 tanh neurons and a sigmoid, on one example."""
    weight = random.Random(7).uniform  # noqa: S311 - no secret
    values = [Value(1.0, label="x1"), Value(-1.0, label="x2")]
    for layer, size in enumerate([4, 1], 1):
        inputs, values = values, []
        for neuron in range(1, size + 1):
            weights = [Value(weight(-1, 1), label=f"w{k}") for k in range(1, len(inputs) + 1)]
            b = Value(weight(-0.3, 0.3), label="b")
            with scope(f"layer {layer}"), scope(f"neuron {neuron}"):
                total = sum((w * x for w, x in zip(weights[1:], inputs[1:], strict=True)), weights[0] * inputs[0]) + b
                values.append(total.tanh() if layer == 1 else total.sigmoid())
    (result,) = values
    result.label = "ŷ"
    with scope("loss"):
        loss = (result - 1.0) ** 2
    loss.label = "loss"
    loss.backward()
    return loss


def pictures(folder: Path) -> None:
    """The graphs, as SVG."""
    for theme in ("light", "dark"):
        autograd.draw(neuron(), theme=theme, engine="own").save(folder / f"neuron-{theme}.svg")
        for level in ("inline", "module"):
            autograd.draw(network(), theme=theme, level=level, engine="own").save(folder / f"network-{level}-{theme}.svg")


def pages(folder: Path) -> None:
    """Screenshots of pages: stepping, dark and hovered, on a phone, and a film."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        sys.stdout.write("no screenshots: Playwright is not installed\n")
        return
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.stdout.write("no screenshots: Chromium is not installed\n")
        return
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        neuron_page, film_page = Path(made) / "neuron.html", Path(made) / "film.html"
        autograd.draw(neuron(), title="A sigmoid neuron").save(neuron_page)
        film().save(film_page)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])

        def shot(
            name: str, path: Path, do: Callable[[Any], None], *, size: tuple[int, int] = (1280, 800), dark: bool = False
        ) -> None:
            view = {"width": size[0], "height": size[1]}
            page = browser.new_page(viewport=view, color_scheme="dark" if dark else "light", reduced_motion="reduce")
            page.goto(path.as_uri())
            do(page)
            page.screenshot(path=folder / f"{name}.png")
            page.close()

        shot("page-backward", neuron_page, lambda page: page.evaluate("page.go(13)"), size=(1280, 640))
        shot(
            "page-dark", neuron_page, lambda page: (page.keyboard.press("End"), page.hover("#n8")), size=(1280, 640), dark=True
        )
        shot("page-phone", neuron_page, lambda page: page.evaluate("page.go(13)"), size=(390, 800))
        shot("film", film_page, lambda page: page.keyboard.press("End"), size=(1280, 720))
        browser.close()


def film() -> autograd.Film:
    """XOR being learnt."""
    model = nn.annotate(nn.MLP(2, [4, 1], activation="tanh", output="sigmoid", seed=3))
    xs, ys = nn.datasets.xor()
    points = list(zip(xs, ys, strict=True))
    found = autograd.Film(
        lambda: nn.mse([model(x) for x in xs], ys), predict=model, points=points, every=10, title="XOR is learnt"
    )
    optimizer = nn.SGD(model.parameters(), lr=1.0, momentum=0.9)
    nn.fit(model, xs, ys, optimizer=optimizer, epochs=300, callbacks=[found], progress=False)
    return found


def main(arguments: list[str]) -> None:
    """Write them all."""
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent / "gallery"
    folder.mkdir(parents=True, exist_ok=True)
    pictures(folder)
    pages(folder)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main(sys.argv[1:])
