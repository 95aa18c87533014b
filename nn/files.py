"""`save` and `load`: the state of models and optimisers as JSON, in files that are whole at any moment.

A crash while saving leaves the old file: the new one is written beside it, flushed to the disk, and then takes its place by
one rename, which the file system does as a whole or not at all.

Floats come back to the last bit, for JSON holds the shortest text that reads back the same. What JSON has no number for is
written as {"float": "nan"}, {"float": "inf"} or {"float": "-inf"}, so any reader of JSON can read the file.
"""

import json
import math
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from nn.module import Module
from nn.optim import Optimizer

__all__ = ["load", "save"]


def save(state: Module | Optimizer | Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """Write the state of a module or optimiser, or a mapping of such (numbers, text, lists, None), to the file `path`.

    Whatever happens meanwhile, the file is the old one or the new one. Raises `TypeError`, before anything is written, for what
    is neither.

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
    text = json.dumps(_plain(state, "the state"), indent=1, allow_nan=False) + "\n"
    _replace(Path(os.path.realpath(path)), text)


def load(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The state that `save` wrote: give it to `load_state_dict` of a model or optimiser of the same shape.

    Raises `ValueError` that names the file if it is none of `save`'s, and `OSError` if it cannot be read.
    """
    try:
        state = json.loads(Path(path).read_text(encoding="utf-8"), object_hook=_float)
    except ValueError as error:
        raise ValueError(f"{os.fspath(path)} is no file of nn.save: {error}") from None
    if not isinstance(state, dict):
        raise ValueError(f"{os.fspath(path)} is no file of nn.save: it holds a {type(state).__name__}, not a state")
    return state


def _plain(x: Any, what: str) -> Any:
    """`x` in terms of JSON."""
    if isinstance(x, (Module, Optimizer)):
        x = x.state_dict()
    if isinstance(x, Mapping):
        for key in x:
            if not isinstance(key, str):
                raise TypeError(f"{what} has the key {key!r}: keys must be text")
        return {key: _plain(part, f"{what}[{key!r}]") for key, part in x.items()}
    if isinstance(x, (list, tuple)):
        return [_plain(part, f"{what}[{i}]") for i, part in enumerate(x)]
    if isinstance(x, float):
        return float(x) if math.isfinite(x) else {"float": repr(float(x))}
    if x is None or isinstance(x, (bool, int, str)):
        return x
    raise TypeError(f"{what} is of type {type(x).__name__}: only numbers, text, lists, mappings and None can be saved")


def _float(found: dict[str, Any]) -> Any:
    return float(found["float"]) if found.keys() == {"float"} and isinstance(found["float"], str) else found


def _replace(path: Path, text: str) -> None:
    """Make `text` the content of the file `path`, as a whole or not at all."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with new.open("x", encoding="utf-8") as file:
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


def _flush_folder(path: Path) -> None:
    """Have the rename itself on the disk, where the system lets a folder be opened."""
    with suppress(OSError):
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
