"""The types that a user's program sees, on the tree (as an editable installation shows it) and in a wheel; and it runs."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROGRAM = ROOT / "tests" / "data" / "user_program.py"


@pytest.fixture(scope="session")
def unpacked(wheel, tmp_path_factory):
    """A folder that holds what is in the wheel."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(params=["editable", "wheel"])
def installed(request):
    """The folder that an installation puts on the path: of an editable one it is the tree itself (test_packaging.py)."""
    return ROOT if request.param == "editable" else request.getfixturevalue("unpacked")


@pytest.fixture
def program(tmp_path):
    """The program in a folder of its own, where no settings of this project reach."""
    return Path(shutil.copy(PROGRAM, tmp_path))


def run(command, folder, **variables):
    done = subprocess.run(
        command, cwd=folder, env=os.environ | variables, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_runs(installed, program):
    run([sys.executable, str(program)], program.parent, PYTHONPATH=str(installed))


def test_mypy_strict(installed, program):
    pytest.importorskip("mypy")
    run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, str(program)],
        program.parent,
        MYPYPATH=str(installed),
    )


def test_pyright(installed, program):
    pytest.importorskip("pyright")
    command = [sys.executable, "-m", "pyright"]
    try:  # its second half is fetched when it is first run
        subprocess.run([*command, "--version"], capture_output=True, check=True, timeout=60)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip("pyright cannot run here")
    settings = program.with_name("pyrightconfig.json")
    settings.write_text(json.dumps({"typeCheckingMode": "standard", "extraPaths": [str(installed)]}))
    run([*command, str(program)], program.parent)
