"""`save` and `load`: the state of models and optimisers as JSON, in files that are whole at any moment.

A crash while saving leaves the old file: the new one is written beside it, flushed to the disk, and then takes its place by
one rename, which the file system does as a whole or not at all.

Floats come back to the last bit, for JSON holds the shortest text that reads back the same. What JSON has no number for is
written as {"float": "nan"}, {"float": "inf"} or {"float": "-inf"}, so any reader of JSON can read the file. Its first entry,
"sha256", is the checksum of all that follows it; files without one load too. Keys "float" and "sha256" of the state itself are
written as "=float" and "=sha256", and these with one more "=".
"""

import json
import math
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import get_native_id
from typing import Any, cast

from nn.module import Module
from nn.optim import Optimizer

__all__ = ["load", "save"]

RESERVED_KEYS = {"float", "sha256"}

START = '{\n "sha256": "'
"""How a file with a checksum starts; the 64 digits follow, and then the text that it is the checksum of."""


def save(state: Module | Optimizer | Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """Write the state of a module or optimiser, or a mapping of such (numbers, text, lists, None), to the file `path`.

    Whatever happens meanwhile, the file is the old one or the new one; a device or a pipe is written to as it is. Raises
    `TypeError`, before anything is written, for what is neither, and `ValueError` for what is nested too deeply.

    >>> import nn, tempfile, pathlib
    >>> model, other = nn.Neuron(2), nn.Neuron(2)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     nn.save(model, pathlib.Path(folder, "model.json"))
    ...     other.load_state_dict(nn.load(pathlib.Path(folder, "model.json")))
    >>> other.state_dict() == model.state_dict()
    True
    """
    if not isinstance(state, (Module, Optimizer, Mapping)):
        raise TypeError(f"save() takes a module, an optimiser or a mapping, not {type(state).__name__}")
    try:
        text = json.dumps(_plain(state, "the state"), indent=1, allow_nan=False)
    except RecursionError:
        raise ValueError("the state is nested too deeply to be saved, or contains itself") from None
    rest = f'",{text[1:]}\n' if text != "{}" else '"\n}\n'
    text = START + sha256(rest.encode()).hexdigest() + rest
    real = Path(os.path.realpath(path))
    if real.exists() and not real.is_file():
        real.write_text(text, encoding="utf-8")
    else:
        _replace(real, text)


def load(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The state that `save` wrote: give it to `load_state_dict` of a model or optimiser of the same shape.

    Raises `ValueError` that names the file if it is none of `save`'s or has changed since, and `OSError` if it cannot be read.
    """
    try:
        state = json.loads(_without_checksum(Path(path).read_text(encoding="utf-8")), object_hook=_from_plain)
        problem = "" if isinstance(state, dict) else f"it holds a {type(state).__name__}, not a state"
    except (ValueError, RecursionError) as error:
        problem = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
    if problem:
        raise ValueError(f"{os.fspath(path)} is no file of nn.save: {problem}")
    return cast("dict[str, Any]", state)


def _without_checksum(text: str) -> str:
    """The JSON without its first entry, if that is a checksum; `ValueError` if it is a wrong one."""
    start, digits, rest = text[: len(START)], text[len(START) : len(START) + 64], text[len(START) + 64 :]
    if sum(a != b for a, b in zip(start, START)) > 1:  # with one, it is the start with a changed byte
        return text
    if start != START or digits != sha256(rest.encode()).hexdigest():
        raise ValueError('it has changed since it was saved. If that was meant, delete the line "sha256"')
    return "{" + rest.removeprefix('"').removeprefix(",")


def _plain(x: Any, what: str) -> Any:
    """`x` in terms of JSON."""
    if isinstance(x, (Module, Optimizer)):
        x = x.state_dict()
    if isinstance(x, Mapping):
        for key in x:
            if not isinstance(key, str):
                raise TypeError(f"{what} has the key {key!r}: keys must be text")
        return {"=" * _is_reserved(key) + key: _plain(part, f"{what}[{key!r}]") for key, part in x.items()}
    if isinstance(x, (list, tuple)):
        return [_plain(part, f"{what}[{i}]") for i, part in enumerate(x)]
    if isinstance(x, float):
        return float(x) if math.isfinite(x) else {"float": repr(float(x))}
    if x is None or isinstance(x, (bool, int, str)):
        return x
    raise TypeError(f"{what} is of type {type(x).__name__}: only numbers, text, lists, mappings and None can be saved")


def _from_plain(found: dict[str, Any]) -> Any:
    if found.keys() == {"float"} and isinstance(found["float"], str):
        return float(found["float"])
    return {key[1:] if key[:1] == "=" and _is_reserved(key) else key: part for key, part in found.items()}


def _is_reserved(key: str) -> bool:
    return key.lstrip("=") in RESERVED_KEYS


def _replace(path: Path, text: str) -> None:
    """Make `text` the content of the file `path`, as a whole or not at all."""
    with suppress(OSError):
        _remove_leftovers(path)
    new = path.with_name(f".{path.name}.{os.getpid()}.{get_native_id()}.tmp")  # no other thread anywhere writes to it
    try:
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            new.chmod(path.stat().st_mode & 0o7777)
        os.replace(new, path)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise
    _flush_folder(path.parent)


def _remove_leftovers(path: Path) -> None:
    """Delete what saves of this file left beside it when they were killed: temporary files of processes that have ended."""
    if os.name != "posix":  # elsewhere os.kill ends the process
        return
    for entry in list(os.scandir(path.parent)):
        if found := re.fullmatch(rf"\.{re.escape(path.name)}\.(\d{{1,9}})\.\d+\.tmp", entry.name):
            try:
                os.kill(int(found[1]), 0)  # signal 0 only asks whether the process is there
            except ProcessLookupError:
                os.unlink(entry)
            except PermissionError:  # it is, and belongs to someone else
                continue


def _flush_folder(path: Path) -> None:
    """Have the rename itself on the disk, where the system lets a folder be opened."""
    with suppress(OSError):
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
