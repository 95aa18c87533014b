"""The engine in C against the pure-Python one: the same numbers to the last bit, the same errors in words."""

import gc
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import autograd
from autograd import Value, chain, modes, testing, value
from autograd._engine import accelerator, walks, write_c
from autograd._engine.write_c import PYTHON_ROWS
from autograd.table import TABLE, Op

SCRIPT = Path(__file__).with_name("engine_script.py")
in_c = pytest.mark.skipif(value.accelerator is None, reason="the accelerator is not built")


def run(first, count, *, pure):
    environment = os.environ | {"AUTOGRAD_PURE_PYTHON": "1" if pure else "0", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(first), str(count)], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


def compare(first, count):
    c, python = run(first, count, pure=False), run(first, count, pure=True)
    program = ""
    for i, (ours, definition) in enumerate(zip(c, python, strict=False)):
        program = ours if ours.startswith("program") else program
        assert ours == definition, f"{program}, line {i}:\nin C      {ours[:1000]}\nin Python {definition[:1000]}"
    assert len(c) == len(python)
    return len(c)


@in_c
@pytest.mark.parametrize("first", [0, 1_000_000])
def test_random_programs_agree_to_the_bit(first):
    assert compare(first, 150) > 1000


@in_c
@pytest.mark.nightly
@pytest.mark.parametrize("first", range(0, 20_000, 1_000))
def test_many_random_programs_agree_to_the_bit(first):
    compare(first, 1_000)


def test_the_engine_says_its_name():
    assert autograd.engine == ("c" if value.accelerator else "python")


def test_the_environment_forces_the_pure_engine():
    code = "import autograd; print(autograd.engine)"
    environment = os.environ | {"AUTOGRAD_PURE_PYTHON": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout == "python\n"


def build(n):
    x = Value(0.5)
    y = x
    for _ in range(n):
        y = autograd.sum([autograd.tanh(y) * 1.01 + x, autograd.dot([x, y], [y, 0.5], x)])
    return x, y


def test_dropped_graphs_give_their_memory_back():
    """Ten thousand graphs, collector off: the number of allocated blocks stays where it was."""
    gc.disable()
    try:
        for _ in range(50):
            build(10)[1].backward()
        before = sys.getallocatedblocks()
        for _ in range(10_000):
            x, y = build(10)
            y.backward()
            del x, y
        assert sys.getallocatedblocks() - before < 200
    finally:
        gc.enable()


@in_c
def test_values_are_out_of_the_collectors_sight():
    x, y = build(2)
    assert not gc.is_tracked(x)
    assert not gc.is_tracked(y)


@in_c
def test_a_label_cannot_tie_a_cycle():
    class Text(str):
        owner = None

    label = Text("w")
    v = Value(1.0, label=label)
    label.owner = v
    assert type(v.label) is str
    v.scope = (label,)
    assert type(v.scope[0]) is str


def test_reference_counts_are_exact():
    x, c = Value(2.0), Value(3.0)
    counts = [sys.getrefcount(x), sys.getrefcount(c)]
    y = x * c
    assert [sys.getrefcount(x), sys.getrefcount(c)] == [n + 1 for n in counts]
    z = autograd.dot([x, x], [c, 2.0], x)
    assert [sys.getrefcount(x), sys.getrefcount(c)] == [counts[0] + 4, counts[1] + 2]
    for f in (lambda: x / 0, lambda: autograd.log(x - 5), lambda: x + "a", lambda: autograd.sum([x, "a"])):
        with pytest.raises((ArithmeticError, ValueError, TypeError)):
            f()
    with autograd.no_grad():
        assert x * c == 6
    del y, z
    assert [sys.getrefcount(x), sys.getrefcount(c)] == counts


@in_c
@pytest.mark.parametrize("attribute", ["rows", "source"])
def test_an_accelerator_built_from_other_sources_is_not_used(attribute, monkeypatch):
    from autograd._engine import _value

    monkeypatch.delenv("AUTOGRAD_PURE_PYTHON", raising=False)
    assert accelerator.find() is _value
    monkeypatch.setattr(_value, attribute, 12345)
    if attribute == "source" and not Path(_value.__file__).with_name("_value.c").exists():
        pytest.skip("installed without sources: nothing can have changed")
    with pytest.warns(RuntimeWarning, match="built from other sources.*pip install -e"):
        assert accelerator.find() is None


@in_c
def test_the_checksum_covers_every_file_of_the_accelerator(tmp_path, monkeypatch):
    from autograd._engine import _value

    folder = Path(_value.__file__).parent
    names = [path.name for path in folder.glob("*.[ch]")]
    if not names:
        pytest.skip("installed without sources")
    for name in names:
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    monkeypatch.setattr(_value, "__file__", str(tmp_path / "_value.so"))
    assert accelerator.checksum(_value) == _value.source or _value.source == 0
    before = accelerator.checksum(_value)
    for name in names:
        with (tmp_path / name).open("ab") as file:
            file.write(b" ")
        before, last = accelerator.checksum(_value), before
        assert before != last, f"a change of {name} is not noticed"


@in_c
def test_a_stale_accelerator_ends_a_test_run_with_one_sentence(tmp_path):
    from autograd._engine import _value

    tree = Path(_value.__file__).parents[2]
    if _value.source == 0 or not (tree / "tests").exists() or not (tree / "autograd/_engine/_value.c").exists():
        pytest.skip("installed without sources, or built without a checksum")
    for part in ("autograd", "tests"):
        shutil.copytree(tree / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(tree / "pyproject.toml", tmp_path)
    (tmp_path / "autograd/_engine/node.h").write_text("/* changed */\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_value.py", "tests/test_chain.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 4, done.stdout + done.stderr
    said = (done.stdout + done.stderr).strip().splitlines()
    assert 1 <= len(said) <= 2, said  # pytest says it in its output, and again as the reason of its exit
    assert all("built from other sources" in line for line in said)


NEW_ROWS = {
    "NARY": """
 ("sumsq", "Σ²", "total([x * x for x in xs])", "[2.0 * x for x in xs]", "", "", "sum of squares"),
 ("late", "l", "total([a / b for a, b in zip(xs[1::2], xs[::2])], 0.5)", "[0.0] * len(xs)", "", "", "pairs at other places"),
 ("scaled", "s", "m = largest(xs); n = total([(x / m) * (x / m) for x in xs]); sumexp([m, *xs[1:]]) * sqrt(n)",
  "n = sumexp([y, *xs]); [n, 2.0] + [x / n for x in xs[2:]]", "", "", "steps, another row, and partials by place"),
""",
    "TERNARY": """
 ("lerp", "lerp", "a + c * (b - a)", "1.0 - c", "d = 2.0; c * d / d if a < b else None", "b - a", "", "", "interpolation"),
""",
}
RUN_THEM = """
import random, autograd
from autograd import Value
from autograd._engine.lifting import GENERIC
random.seed(7)
print(autograd.__file__, end=" ")
for name in ("sumsq", "late", "scaled", "lerp"):
    for n in range(7):
        numbers = [random.uniform(-2.0, 2.0) for _ in range(3 if name == "lerp" else n)]
        xs = [Value(x) if random.random() < 0.8 else x for x in numbers]
        try:
            y = GENERIC[name](*xs) if name == "lerp" else GENERIC[name](xs)
            y.backward()
        except Exception as error:
            y = type(error).__name__, str(error)
        print(name, y, [x.grad for x in xs if type(x) is Value])
"""


@in_c
@pytest.mark.nightly
def test_a_new_row_of_any_arity_is_one_row_in_both_engines(tmp_path):
    tree = Path(value.__file__).parents[1]
    for part in ("autograd", "setup.py", "pyproject.toml", "README.md", "LICENSE"):
        copy = shutil.copytree if (tree / part).is_dir() else shutil.copy
        copy(tree / part, tmp_path / part)
    for built in tmp_path.glob("autograd/_engine/_value*.so"):
        built.unlink()
    for part in ("nn", "docs"):
        (tmp_path / part).mkdir()
    table = tmp_path / "autograd/table.py"
    text = table.read_text(encoding="utf-8")
    for kind, rows in NEW_ROWS.items():
        text = text.replace(f"\n{kind} = (\n", f"\n{kind} = ({rows}", 1)
    table.write_text(text, encoding="utf-8")

    def python(*arguments, **variables):
        command = [sys.executable, *arguments]
        environment = {name: x for name, x in os.environ.items() if name != "PYTHONPATH"} | variables
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    python("-m", "autograd.generate")
    python("setup.py", "-q", "build_ext", "--inplace")
    in_c = python("-W", "error", "-c", RUN_THEM)
    assert str(tmp_path) in in_c
    assert "sumsq" in python("-c", "from autograd._engine import _value; print(*_value.operations)")
    assert in_c == python("-c", RUN_THEM, AUTOGRAD_PURE_PYTHON="1")


def test_the_operations_of_both_engines_document_themselves():
    import inspect

    for f in (autograd.exp, Value.exp, Value.backward, autograd.sum, autograd.dot, autograd.atan2):
        assert f.__doc__, f
        inspect.signature(f)
    assert {getattr(autograd, name).__module__ for name in [*autograd.functions.__all__, "exp", "atan2"]} == {"autograd"}
    assert list(inspect.signature(Value.backward).parameters) in (["self"], ["y"])
    assert list(inspect.signature(autograd.sum).parameters) == ["xs", "start"]


@in_c
def test_a_list_that_changes_while_hypot_runs():
    """The accelerator calls Python's hypot, so the collector may run, and with it any code."""
    threshold, data = gc.get_threshold(), [float(i) for i in range(1, 40)]

    def clear(phase, info):
        xs.clear()

    for _ in range(20):
        xs, leaf = [Value(x) for x in data], Value(1.0)
        xs.append(leaf)
        gc.callbacks.append(clear)
        gc.set_threshold(1)
        try:
            y = autograd.elementwise.hypot(xs)
        finally:
            gc.set_threshold(*threshold)
            gc.callbacks.remove(clear)
        operands = walks.operands(y)
        assert [x.data for x in operands] in ([*data, 1.0], [])
        y.backward()
        assert leaf.grad == (1.0 / y.data if operands else 0.0)


def test_a_transform_leaves_the_nodes_of_its_function_alone():
    kept = []

    def f(x):
        y = x * x
        y.backward()
        kept.append(y)
        z = y * 2
        kept.append(z)
        return z

    assert autograd.grad(f)(3.0) == 12.0
    assert [(v.grad, v.reached) for v in kept] == [(1.0, True), (0.0, False)]


def test_a_leaf_assigned_between_vjp_and_pull_is_an_error():
    w = Value(2.0)
    with autograd.no_grad():
        _, pull = autograd.vjp(lambda x: x * w, 3.0)
        w.data = 7.0
        with pytest.raises(autograd.StaleValueError):
            pull(1.0)


def test_operations_have_signatures():
    import inspect

    assert list(inspect.signature(autograd.atan2).parameters) == ["a", "b"]
    square = autograd.custom_op(lambda x: x * x, lambda x: 2 * x, name="square")
    assert list(inspect.signature(square).parameters) in (["x"], ["a"])


@in_c
@pytest.mark.parametrize("name", [op.name for op in TABLE.values() if op.arity in {1, 2, 3} and op.name not in PYTHON_ROWS])
def test_derivatives_as_graphs_have_the_same_nodes_in_c_and_in_python(name, monkeypatch):
    """The partials over Values that are compiled: node for node, bit for bit, forward and backward, what Python records."""
    from hypothesis import HealthCheck, Phase, given, settings

    op = TABLE[name]

    def shape(values):
        found = walks.ancestors(*(v for v in values if type(v) is Value))
        at = {id(v): i for i, v in enumerate(found)}
        return [
            (v._op and v._op.name, v.data.hex(), [at[id(x)] if type(x) is Value else x for x in walks.operands(v)])
            for v in found
        ]

    def derivatives(point):
        xs = [Value(x) for x in point]
        y = op.function(*xs)
        kept = [y, *xs]  # what flows to a leaf is in the mapping only where something does
        try:
            bars = chain.reverse({y: 1.0}, lifted=True)
            dots = chain.forward([y], {x: Value(0.5 + i) for i, x in enumerate(xs)}, lifted=True)
        except autograd.AutogradError as error:
            return str(error)
        return [shape([bars[x]]) if x in bars else None for x in xs], shape([dots[y]]) if y in dots else None, len(kept)

    @settings(max_examples=30, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None)
    @given(testing.points(name))
    def same(point):
        compiled = derivatives(point)
        with monkeypatch.context() as without:
            for sweep in ("reverse_values", "forward_values"):
                without.setattr(accelerator.module, sweep, lambda *_: False)
            assert derivatives(point) == compiled

    same()


def test_what_a_row_may_call_without_operands_has_a_form_in_c():
    """Infinity and `undefined()`, which no row of the table uses in C so far."""
    op = Op("edge", "edge", ("x",), "undefined() if x == -inf else x", "1.0", about="x, but not −∞")
    source = "\n".join(write_c._functions(op))
    assert "(undefined()" in source.replace("? ", "(")
    assert "-inf" in source
    text = (Path(accelerator.__file__).parent / "arithmetic.h").read_text(encoding="utf-8")
    assert "#define inf INFINITY" in text
    assert "double undefined(void)" in text


def test_a_seed_that_is_traced_is_not_read_as_a_number():
    outside = Value(3.0)
    _, pull = autograd.vjp(lambda x: autograd.relu(-x) * outside, 2.0)
    with pytest.raises((AttributeError, TypeError)):
        autograd.compile(lambda c: pull(c)[0])(float("inf"))


@pytest.mark.parametrize("mode", [autograd.no_grad, lambda: autograd.scope("a")])
def test_an_interrupt_while_the_mode_is_asked_for_is_not_lost(mode, monkeypatch):
    class Interrupt(BaseException):
        pass

    current, asked = modes.current, []

    def interrupted():
        asked.append(1)
        if len(asked) == 1:
            raise Interrupt
        return current()

    x, y = Value(2.0), Value(3.0)
    calls = [lambda: x * y, x.exp, lambda: autograd.sum([x, y]), lambda: autograd.dot([x], [y]),
             lambda: autograd.fma(x, y, x), lambda: autograd.logsumexp([x, y])]  # fmt: skip
    monkeypatch.setattr(modes, "current", interrupted)
    for call in calls:
        asked.clear()
        with mode(), pytest.raises(Interrupt):
            call()


@in_c
@pytest.mark.parametrize("name", ["numbers", "grads"])
def test_a_list_of_leaves_that_a_finaliser_empties_is_an_error(name):
    """In a process of its own, for it would crash; the free list of lists is used up, so that a new one runs the collector."""
    code = f"""if True:
        import gc
        from autograd import Value
        from autograd._engine import bulk
        leaves = [Value(1.0) for _ in range(1000)]
        class Emptier:
            def __init__(self): self.me = self
            def __del__(self): leaves.clear()
        gc.disable()
        gc.set_threshold(1, 1, 1)
        Emptier()
        kept = [[] for _ in range(200)]
        gc.enable()
        try: bulk.{name}(leaves)
        except RuntimeError as error: print(error)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "the list of leaves has changed while it was read"), done.stderr


def test_update_rules_need_no_other_module_to_have_been_imported():
    code = "from autograd._engine.update_rules import apply; print(apply('sgd', ([1.0], [0.5], [0.0]), (0.1, 0.5, 0.0, False)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "([0.95], [0.5])", done.stderr


MEMORY = """
    import autograd
    from autograd import Value

    def resident():
        with open("/proc/self/statm") as numbers:
            return int(numbers.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20

    def build(n, keep_each=0):
        x = y = Value(1.0)
        kept = []
        for k in range(n // 2):
            y = y * 0.999 + x
            if keep_each and k % keep_each == 0:
                kept.append(x * 2.0)
        return y, kept

    start = resident()
    y, kept = build(1_000_000)
    built = resident() - start
    del y
    dropped = resident() - start
    y, kept = build(2_000_000, keep_each=500)
    del y
    before = resident()
    y, more = build(2_000_000)
    grown = resident() - before
    print(built, dropped, grown, sum(v.data for v in kept))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists() or autograd.engine != "c", reason="of the engine in C, on Linux")
def test_memory_goes_back_to_the_system():
    """That of a graph which is dropped; and most of one of which every five hundredth node lives on, when it is needed."""
    run = subprocess.run(
        [sys.executable, "-c", "import os\n" + textwrap.dedent(MEMORY)], capture_output=True, text=True, timeout=120, check=True
    )
    built, dropped, grown, total = map(float, run.stdout.split())
    assert total == 2.0 * 2000
    if "asan" in os.environ.get("LD_PRELOAD", ""):
        return  # the sanitizer keeps what is freed: there this test is about the pages alone
    assert built > 50.0
    assert dropped < 0.75 * built
    assert grown < 90.0, "two million nodes take 122 MB; most of it is memory of nodes that nobody needs any more"
