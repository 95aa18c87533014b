"""The page in a real browser: it shows what Python computes, before and after a change, and is usable by everyone."""

import json
import math
import re
import shutil
from itertools import product
from pathlib import Path

import pytest
from graphs import HOSTILE, expression, network, neuron, tanh_twice

import autograd
from autograd import Value, draw
from autograd._engine.walks import ancestors, operands
from autograd.errors import AutogradError
from autograd.show.cards import SHOWN, build
from autograd.show.ink import number
from autograd.show.nodes import trace
from autograd.show.page import VARIABLES
from autograd.show.script import helpers, script
from autograd.show.svg import draw as drawn
from autograd.table import TABLE

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
OF_ORDER = {"polygamma", "ierfcx", "sinc_slope"}
MAKERS = {"neuron": neuron, "tanh": tanh_twice, "network": network, "300 nodes": lambda: expression(300)}


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def show(browser, tmp_path):
    """Opens the page of a graph; at the end there must have been no request, no error and no word on the console."""
    contexts, requests, complaints = [], [], []

    def open_page(y, *, size=(1280, 800), title="", **options):
        path = tmp_path / f"{len(contexts)}.html"
        draw(y, title=title).save(path)
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        contexts.append(context)
        context.on("request", lambda request: requests.append(request.url))
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message) or dialog.dismiss())
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in requests if not re.search(r"/\d+\.html$", url)] == []
    assert complaints == []


def close(a, b):
    return (a != a and b != b) or a == b or math.isclose(a, b, rel_tol=1e-11, abs_tol=1e-300)


def compare(page, y):
    """The page's values and gradients against Python's, both to 11 digits, and the texts on its cards exactly."""
    nodes = ancestors(y)
    y.backward()
    state = page.evaluate("page.state().map(row => row.map(String))")
    assert len(state) == len(nodes)
    for v, (data, grad) in zip(nodes, state, strict=True):
        assert close(float(data), v.data), (v, data)
        assert close(float(grad), v.grad), (v, grad)
    page.evaluate("page.go(page.steps.length)")
    texts = page.evaluate("page.nodes.map(n => [n.texts.value.textContent, n.texts.gradient.textContent])")
    for v, (value, gradient) in zip(nodes, texts, strict=True):
        assert value == number(v.data)
        assert gradient == f"∇ {number(v.grad)}"


def anew(y, changed):
    """The same graph computed in Python with other leaves: a new result."""
    made = {}
    for k, v in enumerate(ancestors(y)):
        if v.is_leaf:
            made[v] = Value(changed.get(k, v.data), label=v.label)
        else:
            made[v] = made_by(v, [made[x] if type(x) is Value else x for x in operands(v)])
    return made[y]


def made_by(v, xs):
    name = v._op.name
    operators = {"add": "__add__", "sub": "__sub__", "mul": "__mul__", "div": "__truediv__", "pow": "__pow__"}
    if name in operators:
        a, b = xs
        return getattr(a if type(a) is Value else Value(a), operators[name])(b)
    if name == "dot":
        return autograd.dot(xs[1::2], xs[2::2], xs[0])
    if name in {"sum", "mean"}:
        return getattr(autograd, name)(xs)
    return getattr(autograd, name)(*xs)


# ---- the numbers


@pytest.mark.parametrize("name", MAKERS)
def test_steps_through_to_the_end_and_agrees_with_python(show, name):
    y = MAKERS[name]()
    page = show(y)
    count = page.evaluate("page.steps.length")
    for _ in range(min(count, 40)):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("+document.getElementById('slider').value") == min(count, 40)
    assert page.inner_text("#count") == f"{min(count, 40)} / {count}"
    compare(page, y)


@pytest.mark.parametrize("name", MAKERS)
def test_a_dragged_leaf_recomputes_everything_as_python_does(show, name):
    y = MAKERS[name]()
    page = show(y)
    leaves = [k for k, v in enumerate(ancestors(y)) if v.is_leaf]
    changed = {}
    for k, distance in zip(leaves[:2], (35, -60), strict=True):
        card = page.locator(f"#n{k}")
        card.scroll_into_view_if_needed()
        box = card.bounding_box()
        x, y0 = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y0)
        page.mouse.down()
        page.mouse.move(x + distance / 2, y0)
        page.mouse.move(x + distance, y0)
        page.mouse.up()
        changed[k] = page.evaluate(f"page.nodes[{k}].data")
        assert changed[k] == pytest.approx(ancestors(y)[k].data + distance / 50, abs=0.011)
    compare(page, anew(y, changed))
    page.click("#reset")
    compare(page, anew(y, {}))


def test_every_step_shows_the_rule_and_the_sum(show):
    page = show(tanh_twice())
    seen = []
    for k in range(page.evaluate("page.steps.length") + 1):
        page.evaluate(f"page.go({k})")
        seen.append((page.inner_text("#phase"), page.inner_text("#formula"), page.inner_text("#numbers")))
    phases = [phase.lower() for phase, _, _ in seen]
    assert phases[0] == "start"
    assert phases.count("forward pass") == 6
    assert phases.count("backward pass — seed") == 1
    assert phases.count("backward pass — chain rule") == 9
    assert ("forward pass", "v2 = w · x", "= 0.5 · 2 = 1") == (phases[1], *seen[1][1:])
    _, formula, numbers = seen[-1]
    assert formula == "∂f/∂x += ∂f/∂v2 × ∂v2/∂x"
    assert re.fullmatch(r"\S+ \+ \S+ × 0\.5 = \S+\s*∂v2/∂x = w", numbers)


def test_every_operation_of_the_table_computes_in_the_browser_what_it_computes_in_python(browser):
    xs = [-40.0, -2.5, -1.0, -0.75, -0.1, 0.0, 0.1, 0.5, 0.9, 1.0, 1.5, 2.0, 3.0, 7.5, 40.0]
    lists = [[0.5], [1.0, -2.0, 3.0], [0.1, 0.2, 0.3, 0.4, 0.5], [0.0, 0.0, 1.0], [3.0, 4.0, 0.0]]
    cases = []
    for op in TABLE.values():
        points = [(xs_,) for xs_ in lists] if op.nary else list(product(xs, repeat=op.arity))
        for point in points[:: 1 if len(points) < 300 else 29]:
            try:
                y = op.value(*point)
            except (ArithmeticError, ValueError):
                continue
            if (op.name == "dot" and len(point[0]) % 2 == 0) or (op.name in OF_ORDER and point[0] > 3):
                continue  # no start or no partner; a derivative of an order that no graph holds
            partials = []
            for f in op.partials:
                try:
                    partials.append(f(*point, y))
                except (ArithmeticError, ValueError, AutogradError):
                    partials.append("undefined")
            cases.append((op.name, point, y, partials[0] if op.nary and partials else partials))
    page = browser.new_page()
    found = page.evaluate(
        "([code, cases]) => { const run = new Function(code + '\\nreturn [F, D];'); const [F, D] = run();"
        "return cases.map(([name, xs]) => { const y = F[name](...xs);"
        "const d = Array.isArray(D[name]) ? D[name].map(f => f(...xs, y)) : D[name](...xs, y);"
        "return [String(y), d.map(String)]; }); }",
        [script(TABLE.values()), [(name, point) for name, point, _, _ in cases]],
    )
    page.close()
    assert {name for name, *_ in cases} == set(TABLE)
    wrong = []
    for (name, point, y, partials), (js, slopes) in zip(cases, found, strict=True):
        loose = 1e-9 if name in {"polygamma", "gamma", "lgamma"} else 1e-12
        if not close_to(float(js), y, loose):
            wrong.append(f"{name}{point}: {js} in the browser, {y!r} in Python")
        for k, (d, slope) in enumerate(zip(partials, slopes, strict=True)):
            if d != "undefined" and not (slope == "null" if d is None else close_to(float(slope), d, loose)):
                wrong.append(f"∂{name}{point}/∂{k}: {slope} in the browser, {d!r} in Python")
    assert not wrong, "\n".join(wrong)


def close_to(a, b, relative):
    return (a != a and b != b) or a == b or math.isclose(a, b, rel_tol=relative, abs_tol=1e-14)


def test_the_javascript_of_a_page_holds_no_function_it_does_not_use():
    assert "function erf" not in script([TABLE["sigmoid"]])
    assert "function erfc" in script([TABLE["gelu"]])
    assert len(helpers()) > 15


# ---- the picture


def wide():
    """More operands than a card has rows, one of them used again."""
    xs = [Value(0.1 * k, label=f"x{k}") for k in range(30)]
    return autograd.dot(xs, [0.5] * 30, Value(1.0, label="b")) * xs[3]


ELEMENTS = """document => [...document.querySelectorAll(".card")].map(card => [
    card.id, card.getAttribute("class").split(" ")[1], [...card.querySelectorAll("*")].map(e => [
        e.tagName, e.textContent, Object.fromEntries([...e.attributes].map(a => [a.name, a.value]))])])"""
EDGES = """document => [...document.querySelectorAll(".edge")].map(edge => [...edge.children].map(e => [
    e.getAttribute("d").match(/[-\\d.]+/g).map(Number), e.getAttribute("d").replace(/[^A-Za-z]/g, ""),
    e.getAttribute("stroke-dasharray"), +(e.getAttribute("stroke-width") ?? 0)]))"""


@pytest.mark.parametrize("make", [network, wide, lambda: expression(80)], ids=["network", "many rows", "expression"])
def test_the_page_draws_the_librarys_own_picture(show, make):
    y = make()
    y.backward()
    page = show(y)
    page.evaluate("page.go(page.steps.length)")
    cards = build(trace(ancestors(y)), "full", fuse=False)
    svg = drawn(cards, VARIABLES, frozenset(SHOWN), legend=False, roomy=True)
    parsed = f"(new DOMParser().parseFromString({json.dumps(svg)}, 'image/svg+xml'))"
    for ours, theirs in zip(*(page.evaluate(f"({ELEMENTS})({where})") for where in ("document", parsed)), strict=True):
        assert ours[:2] == theirs[:2]
        dx, dy = page.evaluate(f"page.nodes[{ours[0][1:]}].at.slice(1)")
        for (tag, text, own), (tag2, text2, other) in zip(ours[2], theirs[2], strict=True):
            assert (tag, text) == (tag2, text2)
            for key, corner in {"x": dx, "y": dy}.items():
                assert (key in own) == (key in other)
                if key in own:
                    assert float(own.pop(key)) + corner == pytest.approx(float(other.pop(key)), abs=0.7)
            for key in {"width", "height"} & own.keys():
                assert float(own.pop(key)) == pytest.approx(float(other.pop(key)), abs=0.1)
            assert own == other
    edges, others = (page.evaluate(f"({EDGES})({where})") for where in ("document", parsed))
    assert len(edges) == len(others) > 0
    for edge in edges:
        assert any(alike(edge, other) for other in others), edge


def alike(edge, other):
    """Whether two edges start and end at the same places, with as many bends and in one style."""
    (line, ways, *style), (tip, *_) = edge
    (line2, ways2, *style2), (tip2, *_) = other
    ends = [*line[:2], line[-1 if ways[-1] == "H" else -2], *tip[:2]]
    ends2 = [*line2[:2], line2[-1 if ways2[-1] == "H" else -2], *tip2[:2]]
    return ends == pytest.approx(ends2, abs=0.7) and (ways.count("C"), style) == (ways2.count("C"), style2)


def test_hundreds_of_nodes_take_tens_of_kilobytes():
    assert len(draw(expression(300)).html().encode()) < 100_000


# ---- what it can do


def test_nudge_shows_what_the_gradient_predicts_and_what_happens(show):
    y = neuron()
    page = show(y)
    page.select_option("#which", label="w₂")
    page.locator("#size").fill("0.2")
    moved = anew(y, {3: -3.0 + 0.2})
    y.backward()
    assert page.inner_text("#predicted") == f"predicted Δy = −0.393 × 0.2 = {number(-0.39322386648296376 * 0.2)}"
    assert page.inner_text("#true") == f"true Δy = {number(moved.data - y.data)}"
    compare(page, y2 := neuron())
    assert y2.data == y.data


def test_play_stops_at_the_end_and_keys_move(show):
    page = show(neuron(), reduced_motion="reduce")
    page.keyboard.press("End")
    last = page.evaluate("page.steps.length")
    assert page.inner_text("#count") == f"{last} / {last}"
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#count") == f"{last - 1} / {last}"
    page.click("#play")
    assert page.inner_text("#play") == "pause"
    sync_api.expect(page.locator("#count")).to_have_text(f"{last} / {last}")
    sync_api.expect(page.locator("#play")).to_have_text("play")
    page.keyboard.press("Home")
    page.locator("#slider").fill("3")
    assert page.inner_text("#count") == f"3 / {last}"
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).transitionDuration") == "0s"


def test_a_leaf_is_changed_by_keys_and_tells_its_value(show):
    y = neuron()
    page = show(y)
    leaf = page.get_by_role("spinbutton", name="w₁, parameter")
    leaf.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("PageDown")
    assert leaf.get_attribute("aria-valuenow") == "1.1"
    compare(page, anew(y, {2: 1.1}))


def test_quiz_hides_the_gradient_until_it_is_answered(show):
    page = show(neuron())
    page.click("#quiz")
    for guess_right in (True, False):
        k = page.evaluate("page.nodes.findIndex(n => n.card.classList.contains('asked'))")
        name, truth = page.evaluate(f"[page.nodes[{k}].name, page.nodes[{k}].full]")
        assert page.inner_text("#asks") == f"∂y/∂{name} ="
        assert page.inner_text("#phase").lower() == "quiz"
        assert "?" in page.text_content(f"#n{k} .gradient")
        assert str(truth) not in page.inner_text("body")
        page.fill("#guess", str(truth if guess_right else truth + 5).replace("-", "−"))
        page.keyboard.press("Enter")
        assert page.inner_text("#phase").lower() == ("quiz — right" if guess_right else "quiz — not quite")
        assert page.text_content(f"#n{k} .gradient") == f"∇ {number(truth)}"
        page.click("#quiz")
    page.click("#stop")
    assert page.is_hidden("#answer")


def test_the_theme_follows_the_reader_and_the_button(show):
    for scheme in ("light", "dark"):
        page = show(neuron(), color_scheme=scheme)
        ground = lambda page=page: page.evaluate("getComputedStyle(document.body).backgroundColor")
        before = ground()
        assert before == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 23, 28)"}[scheme]
        page.click("#theme")
        assert ground() != before
        page.click("#theme")
        assert ground() == before


def test_hovering_a_card_gives_the_exact_numbers(show):
    page = show(neuron())
    page.hover("#n8")
    assert page.inner_text("#formula") == "v8 = v7 + b"
    assert "0.19661193324148185" in page.inner_text("#numbers")


def test_an_operation_of_a_users_own_stays_as_it_was_and_its_leaves_are_fixed(show):
    op = autograd.custom_op(lambda x: x * x, lambda x: 2 * x, name="square")
    x, z = Value(3.0, label="x"), Value(2.0, label="z")
    y = op(x) * z
    page = show(y)
    compare(page, y)
    assert page.get_by_role("spinbutton", name="x, input").get_attribute("aria-readonly") == "true"
    assert page.evaluate("page.nodes.map(n => n.card.classList.contains('locked'))") == [True, False, False, False]
    page.evaluate("page.set(2 - 1, 5)")
    assert page.evaluate("page.state()[3][0]") == 45.0


def test_infinities_and_nan_arrive(show):
    y = Value(math.inf, label="a") * Value(2.0, label="b") + Value(-math.inf, label="c") * 0.5
    page = show(y)
    texts = page.evaluate("page.go(99) || page.nodes.map(n => n.texts.value.textContent)")
    assert texts == ["∞", "2", "∞", "−∞", "−∞", "NaN"]


def test_all_numbers_stand_in_a_table(show):
    y = neuron()
    page = show(y)
    page.click("summary")
    page.wait_for_selector("#rows tr")  # it is filled when it has opened, which a browser tells later
    y.backward()
    rows = page.evaluate("[...document.querySelectorAll('#rows tr')].map(r => [...r.children].map(c => c.textContent))")
    assert rows[2] == ["w₁", "parameter", "2", "−0.19661193324148185"]
    assert len(rows) == 10


# ---- for everyone, and from anyone


def test_nothing_in_a_label_runs(show):
    y = Value(1.0)
    for label in HOSTILE:
        y = y * Value(1.0, label=label)
        y.label = label
    y.label = HOSTILE[7]
    page = show(y, title="".join(HOSTILE))
    for k in range(page.evaluate("page.steps.length") + 1):
        page.evaluate(f"page.go({k})")
    page.click("summary")
    for k in range(0, 30, 2):
        page.hover(f"#n{k}")
    page.click("#quiz")
    assert page.evaluate("document.querySelectorAll('script, img, b, iframe').length") == 2


def test_the_policy_allows_one_script_and_one_style(show):
    html = draw(neuron()).html()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert " style=" not in html
    assert len(html) < 40_000
    assert json.loads(re.search(r'id="spec">(.*?)</script>', html, re.DOTALL)[1])["nodes"][2]["name"] == "w₁"


CHECKS = Path(__file__).with_name("accessibility.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "size", "scheme"),
    [
        ("neuron", (1280, 800), "light"), ("network", (1280, 800), "dark"), ("neuron", (390, 844), "dark"),
        ("network", (390, 844), "light"), ("tanh", (320, 640), "light"), ("neuron", (844, 390), "dark"),
    ],
)  # fmt: skip
def test_it_is_readable_and_usable_by_everyone(show, name, size, scheme):
    page = show(MAKERS[name](), size=size, color_scheme=scheme)
    for k in (0, 3, page.evaluate("page.steps.length")):
        page.evaluate(f"page.go({k})")
        assert page.evaluate(CHECKS) == []
    page.click("#quiz")
    page.click("summary")
    assert page.evaluate(CHECKS) == []


def test_every_control_is_reached_by_the_tab_key(show):
    page = show(neuron())
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))
    assert {
        "theme",
        "view",
        "n0",
        "n4",
        "which",
        "size",
        "quiz",
        "first",
        "previous",
        "play",
        "next",
        "last",
        "slider",
    } <= reached
