"""The demos tell their stories to the end, in a pipe and on a terminal, and refuse options that make no sense."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DEMOS = Path(__file__).parent.parent / "demos"
DEMO = DEMOS / "xor.py"


def module(name):
    """A demo as a module."""
    spec = importlib.util.spec_from_file_location(name, DEMOS / f"{name}.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.fixture(scope="module")
def xor():
    return module("xor")


@pytest.fixture(scope="module")
def moons():
    return module("moons")


def run(*arguments, **options):
    return subprocess.run(
        [sys.executable, DEMO, *arguments], check=False, capture_output=True, text=True, timeout=120, **options
    )


def predictions(text):
    """The predicted column of the tables of the story, a list for each."""
    rows = [float(p) for p in re.findall(r"^ +[01]  [01] +[01] +([01]\.\d{3}) ", text, re.MULTILINE)]
    return [rows[i : i + 4] for i in range(0, len(rows), 4)]


def test_the_whole_story_in_a_pipe():
    done = run(stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", "a pipe gets no progress bar"
    neuron, layer, skip = predictions(done.stdout)
    assert neuron == [0.5] * 4
    assert "stuck at the loss 0.5000" in done.stdout
    assert "f(0,0) + f(1,1) = w1 + w2 + 2*b = f(0,1) + f(1,0)" in done.stdout
    assert all(abs(p - y) <= abs(claim - y) for p, y, claim in zip(layer, [0, 1, 1, 0], [0.015, 0.983, 0.983, 0.017]))
    assert [round(p) for p in skip] == [0, 1, 1, 0]
    assert "on the plateau at 0.125 (two patterns right, two at 0.5)" in done.stdout
    assert done.stdout.isascii(), "the story can be printed on any terminal"


def test_backward_makes_the_tutorials_steps(xor, capsys):
    xor.one_neuron(xor.parse(["--seed", "7"]))
    furthest = float(re.search(r"never differ by more than (\S+)\.", capsys.readouterr().out)[1])
    assert furthest < 1e-15


@pytest.mark.parametrize(
    ("hidden", "seed", "ends_on"),
    [(1, 0, "0.1667 (one pattern right, three at 1/3 or 2/3)"), (2, 2, "0.125 (two patterns right, two at 0.5)")],
)
def test_a_run_that_ends_on_a_plateau_names_it_and_fails(xor, capsys, hidden, seed, ends_on):
    learnt = xor.hidden_layer(xor.parse(["--hidden", str(hidden), "--seed", str(seed)]))
    assert not learnt
    assert f"on the plateau at {ends_on}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("outputs", "level"),
    [([0.0, 0.5, 1.0, 0.5], "0.125"), ([0.0, 2 / 3, 2 / 3, 2 / 3], "0.1667"), ([1 / 3, 1.0, 1 / 3, 1 / 3], "0.1667"),
     ([0.5] * 4, "0.25"), ([0.0, 1.0, 1.0, 0.0], None), ([0.0, 0.5, 0.5, 0.0], "0.125"), ([1.0, 0.0, 0.0, 1.0], None),
     ([0.0, 0.0, 1.0, 0.707], None)],
)  # fmt: skip
def test_plateaus_are_told_by_error_and_outputs(xor, outputs, level):
    named = xor.plateau(outputs)
    assert named is None if level is None else f"on the plateau at {level} " in named, named


def test_too_short_a_training_is_no_success(xor, capsys):
    assert xor.main(["--epochs", "50"]) == 1
    assert "Not learnt: 50 epochs" in capsys.readouterr().out


def test_numbers_that_leave_the_range_are_no_success_and_no_traceback(xor):
    run = xor.train(4, xor.parse(["--lr", "1e308", "--loss", "mse"]), 0)
    assert not run.learnt
    assert xor.sentence(run).startswith("Not learnt")
    assert xor.sentence(xor.Run([], 3, 1.0, "the loss became nan")) == "Not learnt: the loss became nan."


@pytest.mark.parametrize("loss", ["half_squared_error", "mse", "mae", "huber", "binary_cross_entropy"])
@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "adam", "adamw"])
def test_every_loss_trains_with_every_optimizer(xor, loss, optimizer):
    options = xor.parse(["--loss", loss, "--optimizer", optimizer, "--epochs", "300"])
    first = xor.train(4, xor.parse(["--loss", loss, "--optimizer", optimizer, "--epochs", "1"]), 1)
    last = xor.train(4, options, 1)
    assert not last.trouble
    assert sum(abs(p - y) for p, y in zip(last.predictions, xor.YS)) < sum(
        abs(p - y) for p, y in zip(first.predictions, xor.YS)
    )


def test_the_table_of_success_rates():
    done = run("--seeds", "2", "--epochs", "1500", "--hidden", "5")
    rows = re.findall(r"^   (2-\d-1(?:, skip)?) +(\d) of 2 \((\S+)%\)", done.stdout, re.MULTILINE)
    assert [name for name, *_ in rows] == ["2-1-1", "2-2-1", "2-3-1", "2-4-1", "2-5-1", "2-1-1, skip"], done.stdout
    assert {name: k for name, k, _ in rows}["2-1-1"] == "0"
    assert {name: k for name, k, _ in rows}["2-5-1"] == "2"


@pytest.mark.parametrize(
    "arguments",
    ["--lr nan", "--lr inf", "--lr 0", "--lr -1", "--lr one", "--hidden 0", "--hidden 2.5", "--hidden 100000", "--epochs 0",
     "--epochs 1e3", "--seeds 0", "--seed -1", "--seed x", f"--seed {'9' * 5000}", "--loss l2", "--optimizer lbfgs", "--sed 1",
     "extra"],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_hostile_options_exit_with_2_and_say_what_is_wrong(xor, capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        xor.main(arguments.split())
    assert stopped.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert arguments.split()[0] in err
    assert "Traceback" not in err
    assert len(err) < 1500


def test_help_explains_every_option(xor, capsys):
    with pytest.raises(SystemExit) as stopped:
        xor.main(["--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    assert all(f"  --{name} " in text for name in ("seed", "hidden", "lr", "epochs", "loss", "optimizer", "seeds", "compile"))


# ---- compiled


def figures(text):
    """A story without the lines that tell how long it took."""
    story, _, comparison = text.partition("\n   Compiled, this took")
    return story.strip(), comparison


@pytest.mark.parametrize("options", ["", "--optimizer adam --loss mse", "--hidden 1", "--lr 1e308 --loss mse"])
def test_compiled_training_tells_the_same_story(xor, capsys, options):
    results = []
    for more in ([], ["--compile"]):
        learnt = xor.hidden_layer(xor.parse(["--epochs", "700", *options.split(), *more]))
        results.append((learnt, *figures(capsys.readouterr().out)))
    assert results[0][:2] == results[1][:2]
    assert results[0][2] == ""
    assert re.search(r"gives the same numbers to the last bit\. So compiled it is \d+\.\d times as quick", results[1][2])


def test_compiled_training_stops_at_the_same_epoch(xor):
    for hidden in (1, 3, "skip"):
        runs = [xor.train(hidden, xor.parse(options), 1, stop_when_learnt=True) for options in ([], ["--compile"])]
        assert runs[0] == runs[1]


def test_two_moons(moons, capsys):
    stories = []
    for options in ([], ["--compile"]):
        assert moons.main(["--epochs", "120", *options]) == 0
        stories.append(figures(capsys.readouterr().out))
    assert stories[0][0] == stories[1][0]
    story, comparison = stories[1]
    right, new = map(float, re.search(r"Told right: (\S+)% of these points, (\S+)% of 500 new ones", story).groups())
    assert right == 100.0
    assert new > 97.0
    losses = [float(x) for x in re.findall(r"loss (\S+)", story)]
    assert losses[-1] < 0.1 * losses[0]
    assert len(re.findall(r"^   [.+XO!]{64}$", story, re.MULTILINE)) == 20
    assert "gives the same losses to the last bit" in comparison
    assert story.isascii()


def test_two_moons_too_briefly_or_too_far_apart(moons, capsys):
    assert moons.main(["--epochs", "1", "--noise", "1"]) == 1
    assert moons.main(["--epochs", "3", "--noise", "1e160"]) == 1
    assert "Not learnt: the loss became nan in step 2" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", ["--seed 0", "--points x", "--noise -1", "--noise nan", "--epochs 1e3", "--compil", "more"]
)
def test_hostile_options_of_two_moons(moons, capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        moons.main(arguments.split())
    assert stopped.value.code == 2
    assert arguments.split()[0] in capsys.readouterr().err


def test_two_moons_as_a_program_in_a_pipe_that_closes():
    with subprocess.Popen([sys.executable, DEMOS / "moons.py", "--epochs", "1"], stdout=subprocess.PIPE) as process:
        process.stdout.close()
    assert process.returncode == 1


def test_backpropagation_as_a_program_and_compiled():
    done = subprocess.run(
        [sys.executable, DEMOS / "backprop.py", "--compile"], check=False, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "predictions [0.0" in done.stdout
    assert done.stdout.count("the same losses: True") == 2
    assert re.search(r"20,000 epochs took \S+ s compiled and \S+ s not: \S+ times as quick", done.stdout)


# ---- on a terminal


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX's")
def test_a_terminal_sees_progress():
    pytest.importorskip("tqdm")
    import pty
    import termios

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    with subprocess.Popen(
        [sys.executable, DEMO, "--epochs", "300"], stdout=subprocess.PIPE, stderr=theirs, stdin=subprocess.DEVNULL, text=True
    ) as process:
        os.close(theirs)
        seen = b""
        while chunk := read(ours):
            seen += chunk
        story = process.stdout.read()
    os.close(ours)
    assert b"one neuron" in seen
    assert b"%" in seen
    assert "%" not in story


def read(fd):
    try:
        return os.read(fd, 4096)
    except OSError:  # Linux says so when the other side is closed
        return b""


def test_a_reader_that_stops_reading_gets_no_traceback():
    with subprocess.Popen([sys.executable, DEMO, "--epochs", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        errors = process.stderr.read()
    assert b"Traceback" not in errors
    assert process.returncode == 1
