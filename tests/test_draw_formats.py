"""Every format: Graphviz present, absent, slow and broken; hostile labels; files that are whole or not there."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from html import unescape
from xml.etree import ElementTree

import pytest
from graphs import HOSTILE, chain, expression, network, neuron

from autograd import Value, draw, scope
from autograd.show import dot as dot_

needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")


@pytest.fixture
def no_dot(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def fake_dot(monkeypatch, tmp_path):
    def make(script):
        path = tmp_path / "bin" / "dot"
        path.parent.mkdir()
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}{os.environ['PATH']}")

    return make


def hostile(label):
    x, w = Value(1.0, label=label), Value(2.0, label=f"w {label}")
    with scope(label):
        y = x * w + x
    y.label = label
    y.backward()
    return y


# ---- Graphviz


@needs_dot
@pytest.mark.parametrize("level", ["full", "inline", "module"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_graphviz_draws_it_without_a_warning(level, theme):
    y = network()
    y.backward()
    graph = draw(y, level=level, theme=theme, engine="dot")
    done = subprocess.run(["dot", "-Tsvg"], input=graph.dot().encode(), capture_output=True, check=True, timeout=60)
    assert not done.stderr
    root = ElementTree.fromstring(graph.svg())
    texts = "".join(root.itertext())
    assert "loss" in texts and "∇" in texts


@needs_dot
@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_images(kind, tmp_path):
    path = tmp_path / f"y.{kind}"
    draw(neuron()).save(path)
    assert path.read_bytes().startswith({"png": b"\x89PNG", "pdf": b"%PDF"}[kind])


@needs_dot
def test_graphviz_takes_a_thousand_nodes_no_harder_than_some_hundreds():
    costs = []
    for y in (network((2, 7, 8, 1)), network((2, 16, 16, 1))):
        y.backward()
        before = os.times()
        assert "<svg" in draw(y, level="full", engine="dot").svg()
        after = os.times()
        costs.append(after.children_user + after.children_system - before.children_user - before.children_system)
    assert costs[1] < 20 * costs[0], f"seconds of Graphviz for a quarter of a thousand nodes, and for a thousand: {costs}"
    assert 'class="frame"' in draw(expression(950), level="full").svg(), "too tangled to be left to Graphviz"


def test_without_graphviz_the_picture_still_comes(no_dot, tmp_path):
    y = neuron()
    y.backward()
    svg = draw(y).svg()
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    draw(y).save(tmp_path / "y.svg")
    assert (tmp_path / "y.svg").read_text() == svg
    assert "digraph" in draw(y).dot()


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_without_graphviz_an_image_is_one_line_that_says_what_to_install(no_dot, tmp_path, kind):
    with pytest.raises(RuntimeError, match="apt install graphviz") as caught:
        draw(neuron()).save(tmp_path / f"y.{kind}")
    assert "\n" not in str(caught.value)
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_a_graphviz_that_hangs_is_stopped_and_the_own_layout_takes_over(fake_dot, monkeypatch, tmp_path):
    fake_dot(f"(sleep 20; touch '{tmp_path}/late') & sleep 20")
    monkeypatch.setattr(dot_.run, "__defaults__", (0.3,))
    assert 'class="frame"' in draw(neuron()).svg()
    with pytest.raises(TimeoutError, match=r"dot took more than 0\.3 s"):
        draw(neuron(), engine="dot").svg()
    assert not (tmp_path / "late").exists(), "what the script had started went on"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
@pytest.mark.parametrize("script", ["exit 1", "echo trouble >&2; exit 3", "true"])
def test_a_graphviz_that_fails_is_replaced(fake_dot, script):
    fake_dot(script)
    assert 'class="frame"' in draw(neuron()).svg()
    with pytest.raises(RuntimeError, match="dot failed"):
        draw(neuron(), engine="dot").svg()


# ---- hostile labels


@pytest.mark.parametrize("label", HOSTILE)
@pytest.mark.parametrize("engine", ["own", pytest.param("dot", marks=needs_dot)])
def test_a_label_is_text_in_svg(label, engine):
    root = ElementTree.fromstring(draw(hostile(label), engine=engine).svg())
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "g", "rect", "path", "text", "tspan", "title", "polygon", "polyline", "ellipse", "a"}
    for element in root.iter():
        for key, value in element.attrib.items():
            assert not key.lower().startswith("on")
            assert not (key.endswith("href") and value.strip())
    texts = "".join(root.itertext())
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", texts)


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_is_one_line_of_text_in_a_terminal(label):
    lines = str(draw(hostile(label))).splitlines()
    assert len(lines) == 5
    assert all(len(line) < 80 and line.isprintable() for line in lines)


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_is_text_in_a_page(label):
    page = draw(hostile(label), title=label).html()
    assert page.count("<script") == 2
    assert page.count("</script") == 2
    assert "<img" not in page
    spec = json.loads(re.search(r'id="spec">(.*?)</script>', page, re.DOTALL)[1])
    assert len(spec["nodes"]) == 4
    assert unescape(re.search(r"<title>(.*?)</title>", page)[1])


# ---- files


@pytest.mark.parametrize("kind", ["svg", "dot", "html", "txt"])
def test_save_chooses_the_format_by_the_name(kind, tmp_path):
    path = tmp_path / f"y.{kind.upper()}"
    draw(neuron()).save(path)
    start = {"svg": "<svg", "dot": "digraph", "html": "<!doctype html>", "txt": "y = σ"}[kind]
    assert path.read_text(encoding="utf-8").startswith(start)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~current_umask()


def current_umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("name", ["y", "y.jpg", "y.svg.bak"])
def test_an_unknown_ending_is_one_line_that_names_the_known_ones(name, tmp_path):
    with pytest.raises(ValueError, match=r"must end in \.svg, \.png, \.pdf, \.dot, \.html or \.txt"):
        draw(neuron()).save(tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_a_path_that_cannot_be_written_is_one_line(tmp_path):
    for path in (tmp_path / "missing" / "y.svg", tmp_path / "folder.svg"):
        if path.name == "folder.svg":
            path.mkdir()
        with pytest.raises(OSError, match=r"cannot write .*; choose another place") as caught:
            draw(neuron()).save(path)
        assert "\n" not in str(caught.value)


def test_a_file_that_was_there_is_whole_until_the_new_one_is(tmp_path, monkeypatch):
    path = tmp_path / "y.svg"
    path.write_text("precious")
    path.chmod(0o640)

    def fails(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fails)
        with pytest.raises(OSError, match="No space left"):
            draw(neuron()).save(path)
    assert path.read_text() == "precious"
    assert os.listdir(tmp_path) == ["y.svg"]
    draw(neuron()).save(path)
    assert path.read_text().startswith("<svg")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path):
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_text("old")
    link.symlink_to(target)
    draw(neuron()).save(link)
    assert link.is_symlink()
    assert target.read_text().startswith("y = σ")


# ---- notebooks and terminals


def test_notebooks_get_svg_and_text():
    bundle = draw(neuron())._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "text/plain"}
    assert bundle["image/svg+xml"].startswith("<svg")


def test_the_tree_aligns_its_columns_and_draws_shared_nodes_once():
    x = Value(3.0, label="x")
    y = (x * x).sin() + x
    y.backward()
    lines = str(draw(y)).splitlines()
    assert sum("x ↑" in line for line in lines) == 2
    assert len({line.index("∇") for line in lines if "∇" in line}) == 1
    assert len({line.index("∂") for line in lines if "∂" in line}) == 1


def test_a_deep_tree_stays_narrow_and_does_not_recurse():
    text = str(draw(chain(1_900)))
    assert max(map(len, text.splitlines())) < 120
    assert len(text.splitlines()) == 1_900 * 2 - 1


def test_importing_the_library_imports_no_graphviz_and_no_numpy():
    code = "import sys, autograd; print([m for m in ('graphviz', 'numpy', 'autograd.show', 'subprocess') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.strip() == "[]"


def test_a_page_of_too_many_nodes_is_refused_with_the_way_out():
    with pytest.raises(ValueError, match=r"a page of 1,200 nodes is too large.*max_nodes=300"):
        draw(chain(1_200)).html()
    assert draw(chain(1_200), max_nodes=30).html().startswith("<!doctype html>")
