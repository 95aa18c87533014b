"""The house is in order: what importing brings along, which way imports point, what is generated, what files may not say."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {"numpy", "scipy", "inspect", "llvmlite", "graphviz", "tqdm", "matplotlib", "IPython", "typing_extensions"}


def python(*arguments, **variables):
    """Run Python in a process of its own, on this tree."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=False)


# ---- what importing brings along


def loaded_by(statement):
    """The modules that a statement loads, beyond those that Python starts with."""
    program = f"import json, sys; before = set(sys.modules); {statement}; print(json.dumps(sorted(set(sys.modules) - before)))"
    done = python("-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {program}")
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("pure", ["0", "1"])
@pytest.mark.parametrize("statement", ["import autograd", "import nn"])
def test_importing_loads_nothing_heavy(monkeypatch, statement, pure):
    monkeypatch.setenv("AUTOGRAD_PURE_PYTHON", pure)
    tops = {name.partition(".")[0] for name in loaded_by(statement)}
    assert not tops & HEAVY, f"{statement} loads {sorted(tops & HEAVY)}: import it where it is needed"


def test_importing_autograd_loads_only_the_engine():
    """30 ms above bare Python is what `import autograd` may take; each of these rooms is loaded when it is first used."""
    loaded = loaded_by("import autograd")
    rooms = {".".join(name.split(".")[:2]) for name in loaded if name.startswith("autograd.")}
    later = {"autograd.show", "autograd.check", "autograd.compiler", "autograd.generate"}
    assert not rooms & later, sorted(rooms & later)
    assert "nn" not in loaded
    assert len(loaded) < 60, sorted(loaded)


# ---- which way imports point

ORDER = [
    "errors", "_engine.special", "table", "derivatives", "modes", "_engine.tracing", "_engine.accelerator", "_engine.numbers",
    "_engine.slow_path", "_engine.walks", "chain", "operators", "value", "_engine.bulk", "elementwise",
    "_engine.update_rules", "_engine.lifting", "functions", "_engine.fused_layers", "_engine.structures", "transforms",
    "custom", "check", "_engine.emit", "_engine.lists_in_c", "_engine.write_python", "_engine.write_c", "show", "testing",
    "compiler", "lazy", "generate", "_engine.collision", "_engine", "__init__", "__main__",
]  # fmt: skip
"""The rooms of the engine, files and folders, each of which imports only from those before it."""


def imports(path):
    """The modules of this project that a file imports, in dotted names, at any depth of its code but for type checkers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        id(node)
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and "TYPE_CHECKING" in ast.unparse(test.test)
        for branch in test.body
        for node in ast.walk(branch)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(dotted):
    """Which room of the engine a dotted name leads to, or None."""
    package, *parts = dotted.split(".")
    names = [".".join(parts[:n]) for n in (2, 1)]
    return next((name for name in names if name in ORDER and name != "_engine"), None) if package == "autograd" else None


ENGINE = sorted((ROOT / "autograd").rglob("*.py"))


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_of_the_engine_point_one_way(path):
    mine = room(".".join(path.relative_to(ROOT).with_suffix("").parts)) or "_engine"
    assert mine in ORDER, f"{path} has no place in the order of rooms: give it one, after what it imports"
    found = set(imports(path))
    assert not {other for other in found if other.partition(".")[0] in {"nn", "tests", "demos", "benchmarks"}}
    after = {other for other in map(room, found) if other and ORDER.index(other) > ORDER.index(mine)}
    assert not after or mine == "__init__", f"autograd.{mine} imports {sorted(after)}, which come after it"


@pytest.mark.parametrize("path", sorted((ROOT / "nn").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_nn_uses_only_what_autograd_gives_everyone(path):
    """Plain Python over Values: no room of the engine is entered but by its public names."""
    entered = {room(name) for name in imports(path)} - {None}
    # A number may be one that is being traced; many Values at once; whether there is an accelerator to do it.
    seam = {"_engine.tracing", "_engine.bulk", "_engine.update_rules", "_engine.structures", "_engine.fused_layers", "value"}
    assert not entered - {"errors", "compiler", "show"} - seam, f"{path.name} enters {sorted(entered)}"


def test_there_are_no_circles():
    """Of modules that import each other as they are loaded, within both packages."""
    files = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in [*ENGINE, *(ROOT / "nn").rglob("*.py")]
    }
    graph = {}
    for name, path in files.items():
        graph[name] = set()
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import):
                graph[name] |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                dotted = {f"{node.module}.{alias.name}" for alias in node.names}
                graph[name] |= dotted & files.keys() or {node.module}
    # The two packages gather public names: inside of `autograd` nobody may import from it, and `nn` comes after it.
    inside = {name: targets for name, targets in graph.items() if name.startswith("autograd.") and "autograd" in targets}
    assert not inside, f"these import the public names they are part of: {inside}"
    graph = {name: targets & files.keys() - {name} for name, targets in graph.items()}
    while leaves := {name for name, targets in graph.items() if not targets}:
        graph = {name: targets - leaves for name, targets in graph.items() if name not in leaves}
    assert not graph, f"these import each other: {graph}"


@pytest.mark.parametrize("folder", ["autograd/_engine", "autograd/check", "autograd/compiler", "autograd/show", "nn"])
def test_there_are_no_circles_within_a_room(folder):
    """Of modules that name each other anywhere, for type checkers and inside of functions too: one cannot be read first."""
    package = folder.replace("/", ".")
    files = {path.stem: path for path in (ROOT / folder).glob("*.py") if path.stem != "__init__"}
    graph = {name: set() for name in files}
    for name, path in files.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                dotted = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                dotted = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            else:
                continue
            graph[name] |= {x.removeprefix(f"{package}.") for x in dotted if x.startswith(f"{package}.")} & files.keys()
    while leaves := {name for name, targets in graph.items() if not targets}:
        graph = {name: targets - leaves for name, targets in graph.items() if name not in leaves}
    assert not graph, f"these import each other: {graph}"


# ---- how large it is

LARGEST_FILE = 500
LARGEST_LIBRARY = 23_130


def written_by_hand():
    """The lines of each file of the two packages that is not generated."""
    for top in ("autograd", "nn"):
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in {".py", ".c", ".h", ".js", ".css", ".html"} and "__pycache__" not in path.parts:
                data = path.read_bytes()
                if b"ritten by `python -m autograd.generate`" not in data[:600]:
                    yield path.relative_to(ROOT).as_posix(), data.count(b"\n")


def test_a_file_is_read_in_one_sitting():
    large = {name: lines for name, lines in written_by_hand() if lines > LARGEST_FILE}
    assert not large, f"more than {LARGEST_FILE} lines: {large}"


def test_the_library_is_small():
    """Who adds lines says why by raising the bound."""
    total = sum(lines for _, lines in written_by_hand())
    assert total <= LARGEST_LIBRARY, f"{total:,} lines written by hand, {LARGEST_LIBRARY:,} allowed"


def test_no_two_modules_share_a_name():
    """In a traceback, an editor's tabs and a conversation a module goes by its last name."""
    places = {}
    for top in ("autograd", "nn"):
        for path in sorted((ROOT / top).rglob("*.py")):
            places.setdefault(path.stem, []).append(path.relative_to(ROOT).as_posix())
    shared = {name: paths for name, paths in places.items() if len(paths) > 1 and name != "__init__"}
    assert not shared, shared


# ---- what is generated, and what files may not say


def test_generated_files_are_current():
    done = python("-m", "autograd.generate", "--check")
    assert done.returncode == 0, done.stderr


def tracked():
    """The text files that are part of the project."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a clone")
    for name in filter(None, done.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and b"\0" not in (data := path.read_bytes()):
            yield name, data.decode("utf-8")


FORBIDDEN = {
    "a package registry's host": r"(?i)\b(?:pypi|pythonhosted|npmjs|anaconda|debian|ubuntu)\.(?:org|com|net|io)\b",
    "an option that names a registry": r"--(?:extra-)?index-url|--find-links|--trusted-host",
    "a path of one machine": r"(?<![\w.])/(?:home|root|Users|work|tmp|opt)/\w",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what):
    found = [
        f"{name}:{i}: {line.strip()[:100]}"
        for name, text in tracked()
        if name != Path(__file__).relative_to(ROOT).as_posix()
        for i, line in enumerate(text.splitlines(), 1)
        if re.search(FORBIDDEN[what], line)
    ]
    assert not found, f"{what}:\n" + "\n".join(found)


def test_two_packages_are_installed_and_typed():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    patterns = settings["packages"]["find"]["include"]
    folders = {path.parent for top in ("autograd", "nn") for path in (ROOT / top).rglob("*.py")}
    for folder in folders:
        package = ".".join(folder.relative_to(ROOT).parts)
        assert (folder / "__init__.py").exists(), f"{package} has no __init__.py, so it is not installed"
        assert any(fnmatch(package, pattern) for pattern in patterns), f"{package} is not installed by {patterns}"
    assert not any(fnmatch(other, pattern) for other in ("tests", "demos", "benchmarks", "docs") for pattern in patterns)
    for package in ("autograd", "nn"):
        assert (ROOT / package / "py.typed").exists()
