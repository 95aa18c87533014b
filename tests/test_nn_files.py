"""Files: every float comes back, a crash at any moment leaves the old file, and what is refused."""

import json
import math
import os
import random
import re
import stat
import struct
import subprocess
import sys
import threading

import pytest

import nn
from autograd import Value
from nn import files

FLOATS = [0.1, -0.0, 5e-324, 1.7976931348623157e308, 1 / 3, 2.0**53, math.inf, -math.inf, math.nan, 1e16, 123456789.0]


def bits(x):
    return struct.pack("<d", x)


def test_floats_come_back_to_the_bit(tmp_path):
    rng = random.Random(0)
    xs = FLOATS + [struct.unpack("<d", rng.randbytes(8))[0] for _ in range(200)]
    nn.save({"xs": xs}, tmp_path / "xs.json")
    for x, y in zip(xs, nn.load(tmp_path / "xs.json")["xs"], strict=True):
        assert (bits(x) == bits(y)) or (math.isnan(x) and math.isnan(y))
    text = (tmp_path / "xs.json").read_text()
    assert json.loads(text, parse_constant=pytest.fail)["xs"][6:9] == [{"float": "inf"}, {"float": "-inf"}, {"float": "nan"}]


def test_a_model_and_its_optimiser_go_on_from_a_file(tmp_path):
    def start():
        model = nn.MLP(2, [3, 1], seed=0)
        return model, nn.Adam(model.parameters(), lr=0.1)

    xs, ys = nn.datasets.moons(8, seed=0)
    whole, optimizer = start()
    nn.fit(whole, xs, ys, optimizer=optimizer, epochs=6)

    model, optimizer = start()
    nn.fit(model, xs, ys, optimizer=optimizer, epochs=3)
    nn.save({"model": model, "optimizer": optimizer, "epoch": 3, "note": "three", "none": None}, str(tmp_path / "run.json"))
    model, optimizer = start()
    found = nn.load(str(tmp_path / "run.json"))
    model.load_state_dict(found["model"])
    optimizer.load_state_dict(found["optimizer"])
    nn.fit(model, xs, ys, optimizer=optimizer, epochs=3)
    assert model.state_dict() == whole.state_dict()
    assert (found["epoch"], found["note"], found["none"]) == (3, "three", None)


def test_the_state_of_a_diverged_model_is_saved_too(tmp_path):
    neuron = nn.Neuron(1)
    neuron.bias.data = math.nan
    nn.save(neuron, tmp_path / "m.json")
    other = nn.Neuron(1)
    other.load_state_dict(nn.load(tmp_path / "m.json"))
    assert math.isnan(other.bias.data)


CRASHES = [
    (files.os, "replace", OSError("crash")),
    (files.os, "replace", KeyboardInterrupt()),
    (files.os, "fsync", OSError("no space left on device")),
    (files.Path, "chmod", OSError("crash")),
    (files.Path, "open", PermissionError("crash")),
]


@pytest.mark.parametrize(("owner", "name", "error"), CRASHES)
@pytest.mark.parametrize("existing", [True, False])
def test_a_crash_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, owner, name, error, existing):
    path = tmp_path / "model.json"
    if existing:
        nn.save({"x": 1.0}, path)

    def crash(*args, **kwargs):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, crash)
        if name == "chmod" and not existing:
            nn.save({"x": 1.0}, path)  # there is no mode to keep
        else:
            with pytest.raises(type(error)):
                nn.save({"x": 2.0}, path)
    assert [entry.name for entry in tmp_path.iterdir()] == (["model.json"] if existing or name == "chmod" else [])
    if existing:
        assert nn.load(path) == {"x": 1.0}


def test_text_is_on_the_disk_before_it_takes_the_files_place(tmp_path, monkeypatch):
    events = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *args, name=name, real=real: (events.append(name), real(*args))[1])
    nn.save({"x": 1.0}, tmp_path / "x.json")
    assert events == ["fsync", "replace", "fsync"]


def test_a_folder_that_cannot_be_opened_is_no_reason_to_fail(tmp_path, monkeypatch):
    def refuse(*args):
        raise PermissionError

    monkeypatch.setattr(files.os, "open", refuse)
    files._flush_folder(tmp_path)


def test_what_a_killed_save_left_is_removed_by_the_next(tmp_path):
    program = """if True:
        import os, signal, sys
        import nn
        nn.files.os.fsync = lambda file: os.kill(os.getpid(), signal.SIGKILL)
        nn.save({"x": 1.0}, sys.argv[1])
    """
    path = tmp_path / "a.json"
    killed = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, check=False)
    assert killed.returncode < 0
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".a.json.")
    running = tmp_path / f".a.json.{os.getppid()}.1.tmp"  # a process that is not ours to disturb
    other = tmp_path / ".b.json.1.1.tmp"
    for path_ in (running, other, tmp_path / f".a.json.{os.getpid()}.{threading.get_native_id()}.tmp"):
        path_.touch()
    nn.save({"x": 2.0}, path)
    assert set(tmp_path.iterdir()) == {path, running, other}


def test_a_pipe_is_written_to_and_stays_one(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    found = []
    reader = threading.Thread(target=lambda: found.append(path.read_text()))
    reader.start()
    nn.save({"x": 1.0}, path)
    reader.join()
    assert (json.loads(found[0])["x"], stat.S_ISFIFO(path.stat().st_mode)) == (1.0, True)
    with pytest.raises(IsADirectoryError):
        nn.save({"x": 1.0}, tmp_path)


@pytest.mark.parametrize("state", [{}, {"x": 0.125, "text": "é"}, {"x": [1.0, math.inf]}])
def test_any_changed_byte_is_refused(tmp_path, state):
    path = tmp_path / "x.json"
    nn.save(state, path)
    assert nn.load(path) == state
    good = path.read_bytes()
    for i in range(len(good)):
        for change in (1, 32):
            path.write_bytes(good[:i] + bytes([good[i] ^ change]) + good[i + 1 :])
            with pytest.raises(ValueError, match=r"is no file of nn\.save"):
                nn.load(path)
    for n in range(1, len(good)):
        path.write_bytes(good[:n])
        with pytest.raises(ValueError, match=r"is no file of nn\.save"):
            nn.load(path)


def test_files_without_a_checksum_load(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('{\n "commit": "%s",\n "x": [{"float": "nan"}, {"float": 1.0}]\n}\n' % ("0a" * 32))
    assert (math.isnan(nn.load(path)["x"][0]), nn.load(path)["x"][1]) == (True, {"float": 1.0})
    nn.save({"x": 1.0}, path)
    path.write_text(re.sub(" .sha256.*\n", "", path.read_text()).replace("1.0", "2.0"))
    assert nn.load(path) == {"x": 2.0}


AWKWARD = [{"float": "12"}, {"float": "hello"}, {"=float": "12"}, {"==float": "nan"}, {"float": 1.0}, {"float": math.inf},
           {"float": {"float": "inf"}}, {"float": "12", "more": 1}, {"sha256": "x"}, {"=sha256": None}, {"": ""},
           {"float": "12", "=float": 1}, {"sha256": "1", "=sha256": "2"}]  # fmt: skip


@pytest.mark.parametrize("state", AWKWARD, ids=str)
def test_keys_that_mean_something_in_the_file_come_back(tmp_path, state):
    for whole in (state, {"d": state, "list": [state]}):
        nn.save(whole, tmp_path / "x.json")
        assert nn.load(tmp_path / "x.json") == whole


def test_what_is_nested_too_deeply(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('{"x": ' + "[" * 100_000 + "]" * 100_000 + "}")
    with pytest.raises(ValueError, match=r"x\.json is no file of nn\.save: it is nested too deeply"):
        nn.load(path)
    deep = []
    deep.append(deep)
    path.unlink()
    with pytest.raises(ValueError, match="the state is nested too deeply to be saved, or contains itself"):
        nn.save({"x": deep}, path)
    assert not path.exists()


def test_modes_and_links_are_kept(tmp_path):
    path, link = tmp_path / "a.json", tmp_path / "b.json"
    nn.save({"x": 1.0}, path)
    path.chmod(0o640)
    link.symlink_to(path)
    nn.save({"x": 2.0}, link)
    assert link.is_symlink()
    assert (nn.load(path), path.stat().st_mode & 0o777) == ({"x": 2.0}, 0o640)


REFUSED = [
    (lambda p: nn.save([1.0], p), TypeError, r"save\(\) takes a module, an optimiser or a mapping, not list"),
    (lambda p: nn.save({"x": Value(1.0)}, p), TypeError, r"the state\['x'\] is of type Value"),
    (lambda p: nn.save({"x": [1.0, {1j}]}, p), TypeError, r"the state\['x'\]\[1\] is of type set"),
    (lambda p: nn.save({"x": {1: 2.0}}, p), TypeError, r"the state\['x'\] has the key 1: keys must be text"),
    (lambda p: (p.write_text("{"), nn.load(p)), ValueError, r"model\.json is no file of nn\.save"),
    (lambda p: (p.write_text("[1]"), nn.load(p)), ValueError, "it holds a list, not a state"),
    (lambda p: (p.write_bytes(b"\xff"), nn.load(p)), ValueError, r"model\.json is no file of nn\.save"),
    (lambda p: (p.write_text('{"a": {"float": "x"}}'), nn.load(p)), ValueError, r"is no file of nn\.save: .*'x'"),
    (nn.load, FileNotFoundError, "model.json"),
    (lambda p: nn.save({}, p / "deeper" / "model.json"), OSError, "deeper"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_what_is_refused_and_leaves_nothing_behind(tmp_path, call, error, message):
    with pytest.raises(error, match=message):
        call(tmp_path / "model.json")
    assert {entry.name for entry in tmp_path.iterdir()} <= {"model.json"}


def test_a_mapping_with_a_key_float_is_still_a_mapping(tmp_path):
    nn.save({"a": {"float": 1.0}}, tmp_path / "x.json")
    assert nn.load(tmp_path / "x.json") == {"a": {"float": 1.0}}
