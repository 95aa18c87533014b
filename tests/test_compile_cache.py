"""The cache of object code: hits, corruption, other users, full disks, size, two processes at once."""

import multiprocessing
import os

import pytest

from autograd.compiler import cache


@pytest.fixture(autouse=True)
def _own_directory(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("AUTOGRAD_CACHE", raising=False)


def path(name):
    return os.path.join(cache.directory(), name)


def test_what_is_stored_is_loaded():
    name = cache.key("program", "cpu")
    assert cache.load(name) is None
    cache.store(name, b"code")
    assert cache.load(name) == b"code"


def test_any_part_of_the_key_matters():
    assert len({cache.key("a", "b"), cache.key("ab", ""), cache.key("a", "c"), cache.key("a")}) == 4


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 200])
def test_a_damaged_file_is_not_used(damage):
    cache.store("name", b"code" * 100)
    with open(path("name"), "wb") as file:
        file.write(damage)
    assert cache.load("name") is None


def test_a_truncated_or_changed_file_is_not_used():
    cache.store("name", b"code" * 100)
    with open(path("name"), "rb") as file:
        whole = file.read()
    for broken in (whole[:-1], whole[:40], whole[:50] + b"!" + whole[51:], whole + b"more"):
        with open(path("name"), "wb") as file:
            file.write(broken)
        assert cache.load("name") is None


def test_a_file_under_another_name_is_not_used():
    cache.store("one", b"code")
    os.rename(path("one"), path("two"))
    assert cache.load("two") is None


def test_what_others_can_write_is_not_used():
    cache.store("name", b"code")
    os.chmod(path("name"), 0o666)
    assert cache.load("name") is None
    os.chmod(path("name"), 0o600)
    assert cache.load("name") == b"code"
    os.chmod(cache.directory(), 0o777)
    assert cache.directory() is None
    assert cache.load("name") is None


def test_a_link_in_place_of_the_directory_is_not_followed(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (home / "scalar-autograd").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    assert cache.directory() is None


def test_it_can_be_turned_off(monkeypatch):
    monkeypatch.setenv("AUTOGRAD_CACHE", "0")
    cache.store("name", b"code")
    assert cache.load("name") is None


def test_a_full_disk_is_ignored_and_leaves_nothing(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    where = cache.directory()
    monkeypatch.setattr(os, "replace", full)
    cache.store("name", b"code")
    assert os.listdir(where) == []


def test_a_place_that_cannot_be_made_is_ignored(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    cache.store("name", b"code")
    assert cache.load("name") is None


def test_the_oldest_files_go_when_it_is_full(monkeypatch):
    monkeypatch.setattr(cache, "MAX_CACHE_BYTES", 1000)
    for k in range(10):
        cache.store(f"name{k}", bytes(150))
        os.utime(path(f"name{k}"), (k, k))
    kept = sorted(os.listdir(cache.directory()))
    assert "name9" in kept
    assert "name0" not in kept
    assert sum(os.path.getsize(path(name)) for name in kept) <= 1000


def _write(k, where):
    os.environ["XDG_CACHE_HOME"] = where
    for _ in range(100):
        cache.store("shared", b"code" * 1000)
        assert cache.load("shared") in {None, b"code" * 1000}


def test_two_processes_write_at_once(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_write, args=(k, str(tmp_path))) for k in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert cache.load("shared") == b"code" * 1000
    assert os.listdir(cache.directory()) == ["shared"]


def test_compiled_code_comes_from_the_disk_and_a_damaged_one_is_compiled_again(monkeypatch):
    pytest.importorskip("llvmlite")
    import autograd
    from autograd.compiler import llvm

    def fresh():
        return autograd.compile(lambda x: x * 3.25 + 1.0, executor="native")(2.0)

    assert fresh() == 7.5
    (name,) = os.listdir(cache.directory())
    made = os.stat(path(name)).st_mtime_ns
    assert fresh() == 7.5
    with open(path(name), "r+b") as file:
        file.seek(100)
        file.write(b"hostile")
    assert fresh() == 7.5
    assert cache.load(name) is not None
    assert made
    monkeypatch.setattr(llvm, "_features", lambda: "+another")
    assert fresh() == 7.5
    assert len(os.listdir(cache.directory())) == 2
