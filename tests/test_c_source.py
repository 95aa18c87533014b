"""A program as a file of C: it compiles without a warning, and gives the bits of the executors."""

import ctypes
import math
import shutil
import subprocess

import pytest
import test_loops
from test_compile_exactness import bits, numbers

import autograd
from autograd.table import TABLE

CC = shutil.which("gcc") or shutil.which("cc")
needs_compiler = pytest.mark.skipif(CC is None, reason="needs a C compiler")
FLAGS = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O2", "-ffp-contract=off", "-shared", "-fPIC"]
PYTHON_ONLY = {
    "gamma", "lgamma", "polygamma", "round_digits", "hypot", "digamma", "trigamma", "erfinv", "ndtri",
    "log_ndtr", "sinc",
}  # fmt: skip


def built(compiled, tmp_path, name="f"):
    """The function in C of a compiled function's last program: from the numbers of the arguments to those of the result."""
    text = compiled.to_c(name)
    source, library = tmp_path / "f.c", tmp_path / f"f{len(list(tmp_path.iterdir()))}.so"
    source.write_text(text, encoding="ascii")
    done = subprocess.run([CC, *FLAGS, str(source), "-o", str(library), "-lm"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, text + done.stderr
    function = getattr(ctypes.CDLL(str(library)), name)
    n, size = len(compiled._last.machine.outputs), int(text.partition(f"{name}_WORK = ")[2].partition(" ")[0])

    def call(xs):
        out = (ctypes.c_double * n)()
        bad = function((ctypes.c_double * len(xs))(*xs), out, (ctypes.c_double * size)())
        return bad, list(out)

    return call


@needs_compiler
@pytest.mark.parametrize("f", test_loops.PROGRAMS.values(), ids=test_loops.PROGRAMS)
def test_loops_and_branches_have_the_same_bits(f, tmp_path):
    for g in (autograd.value_and_grad(f), autograd.hessian(f)):
        compiled = autograd.compile(g)
        want = compiled(test_loops.PS)
        bad, found = built(compiled, tmp_path)(test_loops.PS)
        assert bits(found) == bits(numbers(want))
        assert not bad


@needs_compiler
def test_every_operation_that_is_not_of_python_alone(tmp_path):
    ops = [op for name, op in TABLE.items() if op.arity == 1 and not op.nary and name not in PYTHON_ONLY]

    def f(x):
        return [getattr(autograd, op.name, op.value)(x) for op in ops if hasattr(autograd, op.name)]

    for x in (0.3, 0.75):
        names = [op for op in ops if hasattr(autograd, op.name)]
        works = [op for op in names if _is_fine(op, x)]

        def g(x, works=tuple(works)):
            return [getattr(autograd, op.name)(x) for op in works]

        for h in (g, autograd.jacobian(g)):
            compiled = autograd.compile(h)
            want = compiled(x)
            bad, found = built(compiled, tmp_path)([x])
            assert bits(found) == bits(want)
            assert not bad
    assert len(works) > 25


def _is_fine(op, x):
    try:
        getattr(autograd, op.name)(x)
    except (ValueError, ArithmeticError):
        return False
    return True


@needs_compiler
def test_what_is_not_finite_is_told(tmp_path):
    compiled = autograd.compile(lambda x, i: autograd.log(x) + autograd.take([1.0, 2.0], i))
    compiled(1.0, 0.0)
    call = built(compiled, tmp_path, "checked")
    assert call([1.0, 1.0]) == (0, [2.0])
    assert call([-1.0, 0.0])[0] == 1
    assert call([1.0, 2.0])[0] == 1
    assert call([1.0, 0.5])[0] == 1


def test_the_comment_says_where_numbers_stand():
    w = autograd.Value(0.5)
    compiled = autograd.compile(lambda p, x: {"a": [p["w"][0] * x, w * x], "b": x}, executor="python")
    compiled({"w": [1.0, 2.0], "c": (3.0, 4.0)}, 5.0)
    lines = [line.strip() for line in compiled.to_c().splitlines()]
    for line in (
        "in[0] to in[1]: argument 0['w']", "in[2] to in[3]: argument 0['c']", "in[4]: argument 1",
        "in[5]: a leaf that the function closes over, now 0.5", "out[0] to out[1]: result['a']", "out[2]: result['b']",
    ):  # fmt: skip
        assert line in lines


def test_what_cannot_be_written_is_said():
    compiled = autograd.compile(autograd.gamma, executor="python")
    with pytest.raises(ValueError, match="call the function first"):
        compiled.to_c()
    compiled(2.0)
    with pytest.raises(TypeError, match="no C for gamma"):
        compiled.to_c()
    for name in ("a b", "int", "exp", "in", "é", ""):
        with pytest.raises(ValueError, match="a name that C can use"):
            compiled.to_c(name)
    cube = autograd.custom_op(lambda x: x**3, lambda x, y: 3.0 * x * x)
    custom = autograd.compile(cube)
    custom(2.0)
    with pytest.raises(TypeError, match="only Python computes"):
        custom.to_c()


@needs_compiler
def test_arguments_by_name_and_keys_that_hold_anything(tmp_path):
    compiled = autograd.compile(lambda p, scale=1.0: [p["*/ int x; /*"] * scale])
    assert compiled({"*/ int x; /*": 3.0}, scale=2.0) == [6.0]
    assert built(compiled, tmp_path)([3.0, 2.0]) == (0, [6.0])
    assert "in[1]: argument ['scale']" in compiled.to_c()


@needs_compiler
def test_extremes(tmp_path):
    compiled = autograd.compile(lambda x: [x * 1e308, x - 5e-324, autograd.maximum(x, -math.inf), x * -0.0], check=False)
    compiled(1.0)
    bad, found = built(compiled, tmp_path)([1.0])
    assert bits(found) == bits(compiled(1.0))
    assert not bad
