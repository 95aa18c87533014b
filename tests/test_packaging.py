"""What is installed: the tag of a wheel says whether it holds the accelerator, and an editable installation is a plain path."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from conftest import build_wheel

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def libraries(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return [name for name in archive.namelist() if name.endswith((".so", ".pyd"))]


def test_a_wheel_for_which_nothing_was_compiled_runs_on_any_platform(wheel):
    assert wheel.name.endswith("-py3-none-any.whl")
    assert not libraries(wheel)
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/WHEEL"))
        about = archive.read(name).decode()
    assert "Root-Is-Purelib: true" in about
    assert "Tag: py3-none-any" in about


def test_a_wheel_with_the_accelerator_has_the_tag_of_its_platform(tmp_path):
    made = build_wheel(tmp_path, CFLAGS="-O0")
    if not libraries(made):
        pytest.skip("there is no compiler")
    assert not made.name.endswith("-any.whl")
    assert f"cp{sys.version_info[0]}{sys.version_info[1]}" in made.name


def test_a_wheel_holds_every_file_of_the_packages_but_the_sources_in_c(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    made = subprocess.run(["git", "ls-files", "autograd", "nn"], cwd=ROOT, capture_output=True, text=True, check=False)
    if made.returncode or not made.stdout:
        pytest.skip("not a clone")
    tracked = {name for name in made.stdout.splitlines() if (ROOT / name).exists() and not name.endswith((".c", ".h"))}
    assert inside == tracked


def test_an_editable_installation_is_a_plain_path():
    """Which type checkers and editors follow; a finder written in Python is closed to them."""
    assert SETTINGS["tool"]["setuptools"]["package-dir"] == {"": "."}


def test_what_a_package_index_shows_has_no_relative_link(wheel):
    """Its page is the README alone: where a link leads must be said in full."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        about, _, page = archive.read(name).decode().partition("\n\n")
    assert "Description-Content-Type: text/markdown" in about
    repository = SETTINGS["project"]["urls"]["Source"]
    assert f"Project-URL: Source, {repository}" in about
    found = re.findall(r"\]\(([^)\s]+)\)", page) + re.findall(r'(?:src|srcset|href)="([^"]+)"', page)
    assert len(found) > 20
    for link in found:
        assert link.startswith((f"{repository}/blob/main/", f"{repository}/raw/main/", "https://", "#")), link
        if link.startswith(repository):
            path = link.removeprefix(repository).split("/main/")[1].partition("#")[0]
            assert (ROOT / path).exists(), f"{link} leads to no file"
