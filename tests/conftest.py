"""Settings of all tests: Hypothesis profiles, chosen by the environment variable HYPOTHESIS_PROFILE (dev, ci or nightly)."""

import os
import shutil
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "nightly",
    max_examples=5_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_sessionstart():
    """An accelerator built from other sources ends the run with one sentence, not with an error in each file of tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            import autograd  # noqa: F401
        except RuntimeWarning as stale:
            pytest.exit(str(stale), returncode=4)


def made_once(tmp_path_factory, name, make):
    """A folder that `make(folder)` fills, once for all processes of this run: the others wait for the one that came first."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, done = shared / name, shared / f"{name}.done"
    try:
        folder.mkdir()
    except FileExistsError:
        while not done.exists():
            time.sleep(0.05)
    else:
        try:
            make(folder)
        finally:
            done.touch()
    return folder


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The path of a wheel of this tree, built as on a machine without a compiler, which takes two seconds."""
    folder = made_once(tmp_path_factory, "wheel", lambda folder: build_wheel(folder, CC="/bin/false"))
    return next((folder / "made").iterdir())


def build_wheel(folder, **variables):
    """Build a wheel of a copy of this tree, with the setuptools at hand and without a network."""
    root = Path(__file__).parent.parent
    pytest.importorskip("setuptools", minversion="77")
    pytest.importorskip("pip")
    for part in ("autograd", "nn"):
        shutil.copytree(root / part, folder / part, ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__"))
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE", "MANIFEST.in"):
        shutil.copy(root / name, folder)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", "made", "."]
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INDEX": "1"} | variables
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = (folder / "made").iterdir()
    return made
