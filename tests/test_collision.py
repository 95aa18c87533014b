"""The guard against HIPS's autograd: what it says when both are installed, and that it is silent otherwise."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import autograd

OURS = Path(autograd.__file__).resolve().parent
IMPORT = ["-c", "import autograd; x = autograd.Value(3.0); (x * x).backward(); print(x.grad)"]


def run(program, *folders, options=()):
    """Run a program with these folders on the path; the current folder, which may be there too, is one without an autograd."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, folders))}
    command = [sys.executable, *options, *program]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=env, cwd=folders[0].parent, check=False)


def hips(folder):
    """A tree with the file names of HIPS's package."""
    package = folder / "autograd"
    package.mkdir(parents=True, exist_ok=True)
    for name in ("tracer.py", "core.py", "extend.py"):
        (package / name).write_text("raise ImportError('not ours')\n")
    if not (package / "__init__.py").exists():
        (package / "__init__.py").write_text("from .tracer import *\n")
    return package


def ours(folder):
    shutil.copytree(OURS, folder / "autograd", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def says_how_to_get_out(text):
    return "HIPS" in text and "pip uninstall autograd " in text and "pip uninstall scalar-autograd" in text


def test_alone_it_is_silent(tmp_path):
    result = run(IMPORT, ours(tmp_path / "a"), options=("-W", "error"))
    assert (result.returncode, result.stdout.strip(), result.stderr) == (0, "6.0", "")


def test_installed_over_each_other_is_an_import_error(tmp_path):
    folder = ours(tmp_path / "a")
    package = hips(folder)
    result = run(IMPORT, folder)
    assert result.returncode == 1
    assert "ImportError: two packages are installed over each other" in result.stderr
    assert str(package) in result.stderr
    assert says_how_to_get_out(result.stderr)


@pytest.mark.parametrize("first", ["ours", "theirs behind a link"])
def test_hidden_elsewhere_on_the_path_is_a_warning(tmp_path, first):
    folder, other = ours(tmp_path / "a"), tmp_path / "b"
    hips(other)
    if first != "ours":
        (tmp_path / "link").symlink_to(other, target_is_directory=True)
        other = tmp_path / "link"
    result = run(IMPORT, folder, other)
    assert (result.returncode, result.stdout.strip()) == (0, "6.0"), result.stderr
    assert "RuntimeWarning: another autograd" in result.stderr
    assert str(other) in result.stderr
    assert says_how_to_get_out(result.stderr)
    assert result.stderr.count("RuntimeWarning") == 1


def test_the_warning_points_at_the_import(tmp_path):
    folder, other = ours(tmp_path / "a"), tmp_path / "b"
    hips(other)
    program = tmp_path / "program.py"
    program.write_text("\n\nimport autograd\n")
    result = run([str(program)], folder, other)
    assert result.returncode == 0
    assert f"{program}:3: RuntimeWarning" in result.stderr


def test_our_own_package_twice_on_the_path_is_no_collision(tmp_path):
    a, b = ours(tmp_path / "a"), ours(tmp_path / "b")
    result = run(IMPORT, a, a, b, tmp_path / "missing", options=("-W", "error"))
    assert (result.returncode, result.stdout.strip()) == (0, "6.0"), result.stderr
