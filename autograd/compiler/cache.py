"""Object code on disk, so that a second process links in milliseconds what the first one compiled.

A file is named by the hash of everything that made it: the program, the processor and its features, the version of LLVM. The
files are not trusted: one is used only if it belongs to this user, no one else can write to it,
and it begins with the hash of its name and content; else it is as if it were not there. Writing goes to a new file that is
renamed, so two processes cannot mix, and whatever fails (a full disk, a read-only home) is ignored.

The directory is `$XDG_CACHE_HOME/scalar-autograd`, by default `~/.cache/scalar-autograd` (XDG Base Directory Specification
0.8); `AUTOGRAD_CACHE=0` turns it off. Above `MAX_CACHE_BYTES` bytes the files used least recently go.
"""

import hashlib
import os
import stat
import tempfile
from contextlib import suppress

MAX_CACHE_BYTES = 64 * 2**20
"""How many bytes all files together may have."""


def key(*parts: str) -> str:
    """The name for what these texts make."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}:{part}".encode())
    return digest.hexdigest()


def directory() -> str | None:
    """Where the files are; None if the cache is turned off or the directory is not this user's alone."""
    if os.environ.get("AUTOGRAD_CACHE") == "0":
        return None
    base = os.environ.get("XDG_CACHE_HOME", "")
    base = base if os.path.isabs(base) else os.path.expanduser("~/.cache")
    path = os.path.join(base, "scalar-autograd")
    try:
        os.makedirs(path, mode=0o700, exist_ok=True)
        return path if _ours(os.lstat(path)) else None
    except OSError:
        return None


def _ours(status: os.stat_result) -> bool:
    """Whether it belongs to this user, no one else can write to it, and it is no link."""
    mine = not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o022)
    return mine and (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode))


def _seal(name: str, content: bytes) -> bytes:
    return hashlib.sha256(name.encode() + content).digest()


def load(name: str) -> bytes | None:
    """The content stored under this name, or None."""
    where = directory()
    if where is None:
        return None
    path = os.path.join(where, name)
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):  # opening a pipe would wait for someone to write to it
            return None
        with open(path, "rb") as file:
            if not _ours(os.fstat(file.fileno())):
                return None
            seal, content = file.read(32), file.read(MAX_CACHE_BYTES)
        if seal != _seal(name, content):
            return None
        os.utime(path)
    except OSError:
        return None
    return content


def store(name: str, content: bytes) -> None:
    """Keep the content under this name, if possible."""
    where = directory()
    if where is None or len(content) > MAX_CACHE_BYTES // 4:
        return
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=where, prefix=".new-")
        with os.fdopen(handle, "wb") as file:
            file.write(_seal(name, content) + content)
        os.replace(temporary, os.path.join(where, name))
        _shrink(where)
    except OSError:
        with suppress(OSError):
            if temporary:
                os.unlink(temporary)


def _shrink(where: str) -> None:
    """Delete the files used least recently until the rest fits."""
    files = []
    with os.scandir(where) as entries:
        for entry in entries:
            with suppress(OSError):  # another process may have deleted it
                status = entry.stat(follow_symlinks=False)
                files.append((status.st_mtime, status.st_size, entry.path))
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if total <= MAX_CACHE_BYTES:
            break
        with suppress(OSError):
            os.unlink(path)
        total -= size
