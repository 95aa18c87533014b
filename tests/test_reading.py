"""What a reader finds: the source of an operator, its text, its place; what it takes to understand `x * w` and `backward`."""

import inspect
import os
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

import autograd
from autograd import Value, operators

ROOT = Path(__file__).parent.parent

PROGRAM = """
import inspect, sys
from autograd import Value
x, w = Value(2.0), Value(3.0)
seen = set()
def trace(frame, event, argument):
    seen.add(frame.f_code)
    return trace
sys.settrace(trace)
y = x * w
y.backward()
sys.settrace(None)
files = {}
for code in seen:
    files.setdefault(code.co_filename, 0)
    files[code.co_filename] += len(inspect.getsourcelines(code)[0])
for name, n in files.items():  # the docstring of a module says what it is for
    module = next(m for m in list(sys.modules.values()) if getattr(m, "__file__", None) == name)
    files[name] = n + len(module.__doc__.splitlines())
print(len(files), sum(files.values()), *files)
"""


def test_what_explains_a_product_and_its_gradient_is_four_files_and_five_hundred_lines():
    """Every function that runs, whole, with the text at the head of its file; in the pure-Python engine, the definition."""
    variables = os.environ | {"AUTOGRAD_PURE_PYTHON": "1"}
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, env=variables, capture_output=True, text=True, check=True)
    files, lines, *names = done.stdout.split()
    assert int(files) <= 4, names
    assert int(lines) <= 500
    assert not [name for name in names if not name.startswith(str(ROOT))], "code that stands in no file"


@pytest.mark.parametrize("name", ["__mul__", "__radd__", "exp", "maximum", "fma", "hypot"])
def test_operators_and_methods_stand_in_a_file(name):
    source = inspect.getsource(getattr(operators.Operators, name))
    assert source.lstrip().startswith(f"def {name}(self")
    assert '"""' in source


def test_a_traceback_shows_the_line_of_the_operator():
    try:
        operators.Operators.lgamma(Value(0.0))
    except autograd.AutogradError as error:
        shown = "".join(traceback.format_exception(error))
    assert "operators.py" in shown or "slow_path.py" in shown
    assert "<operator" not in shown


def test_completion_offers_the_public_names_and_nothing_else():
    offered = {name for name in dir(autograd) if not name.startswith("__")}
    assert offered == set(autograd.__all__)
    assert {"draw", "gradcheck", "compile", "explain", "exp", "Value"} <= offered
    for name in offered:
        assert getattr(autograd, name) is not None


@pytest.mark.parametrize("name", ["exp", "maximum", "fma", "sum", "dot", "grad", "hypot", "clip", "leaky_relu"])
def test_every_function_has_its_text(name):
    assert getattr(autograd, name).__doc__.strip()


@pytest.mark.parametrize("name", ["exp", "maximum", "backward", "detach", "clip", "round", "__mul__"])
def test_every_method_has_its_text(name):
    assert getattr(Value, name).__doc__.strip()
