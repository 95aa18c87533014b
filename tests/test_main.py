"""The command line: what it prints, and its exit codes: 0 right, 1 wrong, 2 not understood."""

import json
import subprocess
import sys

import pytest

from autograd.__main__ import main
from autograd.table import TABLE


def test_a_right_gradient(capsys):
    assert main(["check", "tanh(x*w+b)", "x=1", "w=.5", "b=0"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("gradcheck PASS")
    assert max(map(len, out.splitlines())) <= 80


def test_a_wrong_gradient(capsys, monkeypatch):
    monkeypatch.setattr(TABLE["sin"], "partials", TABLE["cos"].partials)
    assert main(["check", "sin(x) * 2", "x=0.5"]) == 1
    assert "the rule of sin for x is wrong" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["check", "x.real", "x=1"], "attributes"),
        (["check", "__import__('os')", "x=1"], "there is no function '__import__'"),
        (["check", "x *", "x=1"], "not an expression"),
        (["check", "x * w", "x=1"], "w has no value"),
        (["check", "x", "x=1", "q=2"], "q is not in the expression"),
        (["check", "x", "x=one"], "not a number"),
        (["check", "1 + 1"], "nothing to differentiate"),
        (["check", "log(x)", "x=-1"], "log"),
        (["check", "x / 0", "x=1"], "div"),
    ],
)
def test_what_cannot_be_understood(capsys, arguments, reason):
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert reason in captured.err
    assert not captured.out
    assert "Traceback" not in captured.err


def test_no_command_and_wrong_options():
    for arguments in ([], ["nonsense"], ["check"], ["check", "x", "x=1", "--order", "3"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2


def test_json_and_second_order(capsys):
    assert main(["check", "exp(x)", "x=1", "--json", "--order", "2"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["right"]
    assert report["order"] == 2


def test_as_a_process():
    command = [sys.executable, "-m", "autograd", "check"]
    assert subprocess.run([*command, "x*x", "x=3"], capture_output=True, check=False).returncode == 0
    result = subprocess.run([*command, "x.y", "x=3"], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.splitlines()[1].startswith("^ attributes")
