"""Reference values that take long to compute, kept in `data/references.xz`; support.py asks here first, and computes the rest.

    python tests/references.py            computes all of them again, and writes the file
    python tests/references.py --check    exits with 1 if a value in the file is not what is computed now

An entry is found by the row, the fingerprint of what its reference depends on, and the point: after a change to a row, for
a new row and for a new point nothing is found, so it is computed. A nightly test runs the check, and test_ops.py checks some
entries of every row on every run. Numbers are kept with 72 bits: a float has 53.
"""

import lzma
import struct
import sys
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from zlib import crc32

from mpmath import mp, mpf

from autograd.table import Op

FILE = Path(__file__).with_name("data") / "references.xz"
BITS = 72
KEY_BYTES = 6  # among the few hundred entries of a row, two keys are equal with a chance of about 1 in 10⁹
NOT_SMOOTH = 255  # stands where a number has the length of its mantissa

Key = bytes
Rows = dict[tuple[str, int], dict[Key, mpf | None]]
"""By name and fingerprint: the entries of a row. None says that there is no derivative at this point."""


def fingerprint(op: Op) -> int:
    """Of the texts that a row's reference values depend on."""
    return crc32(repr((op.inputs, op.text[0], op.domain, op.kink)).encode())


def key(point: tuple[float, ...], orders: tuple[int, ...] | None) -> Key:
    """Of a value (no orders) or a derivative at a point; it tells 0.0 from −0.0."""
    text = struct.pack(f"<{len(point)}d", *point) + repr(orders).encode()
    return blake2b(text, digest_size=KEY_BYTES).digest()


def kept(op: Op, point: tuple[float, ...], orders: tuple[int, ...] | None, compute: Callable[[], mpf | None]) -> mpf | None:
    """The entry from the file, or else what `compute` gives."""
    name = key(point, orders)
    if recorder is not None:
        found = compute()
        recorder.setdefault((op.name, fingerprint(op)), {})[name] = None if found is None else rounded(found)
        return found
    entries = load().get((op.name, fingerprint(op)), {})
    return entries[name] if name in entries else compute()


recorder: Rows | None = None
"""Where entries are noted down while the file is being written; None at all other times."""


def rounded(x: mpf) -> mpf:
    """A number with as many bits as the file keeps."""
    with mp.workprec(BITS):
        return +x


@cache
def load() -> Rows:
    """What is in the file; nothing if there is none."""
    return decode(lzma.decompress(FILE.read_bytes())) if FILE.exists() else {}


def encode(rows: Rows) -> bytes:
    """A line about each row, with the number of its entries; then, sorted by key: keys, exponents, lengths, mantissas."""
    heads, keys, exponents, lengths, mantissas = [], b"", [], b"", b""
    for (name, version), entries in rows.items():
        heads.append(f"{name} {version} {len(entries)}")
        for entry, x in sorted(entries.items()):
            keys += entry
            sign, mantissa, exponent, _ = (0, 0, 0, 0) if x is None else x._mpf_
            size = (mantissa.bit_length() + 8) // 8  # one bit more, for the sign
            assert x is None or mantissa or not x, f"{name}: {x} is no number"
            exponents.append(exponent)
            lengths += bytes([NOT_SMOOTH if x is None else size])
            mantissas += b"" if x is None else int(-mantissa if sign else mantissa).to_bytes(size, "little", signed=True)
    return b"\n\n".join(["\n".join(heads).encode(), " ".join(map(str, exponents)).encode(), keys + lengths + mantissas])


def decode(data: bytes) -> Rows:
    """The inverse of `encode`."""
    heads, exponents, rest = data.split(b"\n\n", 2)
    shifts = iter(map(int, exponents.split()))
    rows = [(name, int(version), int(count)) for name, version, count in (head.split() for head in heads.decode().split("\n"))]
    total = sum(count for _, _, count in rows)
    sizes = iter(rest[total * KEY_BYTES : total * (KEY_BYTES + 1)])
    at, where, found = 0, total * (KEY_BYTES + 1), {}
    for name, version, count in rows:
        entries = found[name, version] = {}
        for _ in range(count):
            size, shift = next(sizes), next(shifts)
            entry, at = rest[at : at + KEY_BYTES], at + KEY_BYTES
            entries[entry] = None
            if size != NOT_SMOOTH:
                with mp.workprec(BITS):
                    entries[entry] = mpf((int.from_bytes(rest[where : where + size], "little", signed=True), shift))
                where += size
    return found


def compute_all() -> Rows:
    """Every entry that the tests of the table ask for, computed now."""
    global recorder  # noqa: PLW0603 - the functions that compute are those of the tests
    from support import OPS, derivative, partial_errors, true_value, value_errors
    from test_ops import higher_errors

    for function in (true_value, derivative):
        function.cache_clear()
    recorder = {}
    try:
        for op in OPS:
            for errors in (value_errors(op), partial_errors(op), higher_errors(op, 2), higher_errors(op, 3)):
                for _ in errors:
                    pass
        return recorder
    finally:
        recorder = None


def main(arguments: list[str]) -> int:
    """Write the file, or with `--check` compare; the exit code."""
    rows = compute_all()
    if "--check" in arguments:
        wrong = differences(rows)
        sys.stderr.write("".join(f"{text}\n" for text in wrong[:20]))
        return int(bool(wrong))
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_bytes(lzma.compress(encode(rows), preset=9 | lzma.PRESET_EXTREME))
    sys.stdout.write(f"wrote {sum(map(len, rows.values())):,} entries, {FILE.stat().st_size:,} bytes\n")
    return 0


def differences(rows: Rows) -> list[str]:
    """Where the file says something else than these rows, one line for each."""
    wrong = []
    for row, entries in load().items():
        now = rows.get(row)
        if now is None:
            continue  # a row that has changed since: it is computed, whatever the file says
        wrong += [
            f"{row[0]}: {entries[k]} in the file, {now[k]} computed"
            for k in entries.keys() & now.keys()
            if not same(entries[k], now[k])
        ]
    return wrong


def same(a: mpf | None, b: mpf | None) -> bool:
    """Whether two entries agree to 64 bits."""
    if a is None or b is None:
        return a is b
    with mp.workprec(BITS):
        return bool(abs(a - b) <= mp.ldexp(abs(b), -64))


if __name__ == "__main__":
    import references  # by its name in the tests, so that there is one recorder

    sys.exit(references.main(sys.argv[1:]))
