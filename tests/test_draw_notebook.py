"""The notebook that teaches backpropagation: runs, is current, and is a notebook."""

import importlib.util
import json
from pathlib import Path

import pytest
from conftest import made_once

DEMOS = Path(__file__).parent.parent / "demos"


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The notebook that the script makes now."""
    return (made_once(tmp_path_factory, "notebook", make) / "backprop.ipynb").read_text(encoding="utf-8")


def make(folder):
    spec = importlib.util.spec_from_file_location("make_notebook", DEMOS / "make_notebook.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = module.notebook((DEMOS / "backprop.py").read_text(encoding="utf-8"))
    (folder / "backprop.ipynb").write_text(text, encoding="utf-8", newline="")


def test_the_committed_notebook_is_what_its_script_makes(made):
    committed = (DEMOS / "backprop.ipynb").read_text(encoding="utf-8")
    assert committed == made, "run python demos/make_notebook.py"


def test_every_cell_runs_and_the_pictures_are_there(made):
    cells = json.loads(made)["cells"]
    kinds = [kind for cell in cells for output in cell.get("outputs", []) for kind in output.get("data", [])]
    assert kinds.count("image/svg+xml") == 5
    assert "text/latex" in kinds
    text = made.replace("\\n", "\n")
    assert "∂y/∂w₂ = −0.3932238665, the sum over 1 path" in text
    assert len(made) < 200_000


def test_it_is_a_valid_notebook(made):
    nbformat = pytest.importorskip("nbformat")
    nbformat.validate(nbformat.reads(made, as_version=4))
