"""The accelerator in C is optional: where it cannot be built, the pure-Python engine is installed, and one line says so."""

import contextlib
import sys
import zlib
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext


class OptionalBuild(build_ext):
    """Builds what it can."""

    def build_extension(self, ext: Extension) -> None:
        """Build one extension, or say that it is left out."""
        try:
            super().build_extension(ext)
        except Exception as error:  # noqa: BLE001 - a compiler can be missing or fail in any way
            print(f"scalar-autograd: no C accelerator ({error}); the pure-Python engine is installed", file=sys.stderr)

    def copy_extensions_to_source(self) -> None:
        """For an editable installation: only what was built."""
        with contextlib.suppress(OSError):
            super().copy_extensions_to_source()


# _engine/accelerator.py computes the same checksum, over the same files, to tell an older build from this one.
sources = sorted(str(path) for path in Path("autograd/_engine").glob("*.[ch]"))
checksum = zlib.crc32(b"".join(Path(path).read_bytes() for path in sources))

unix = sys.platform != "win32"
# No contraction to fused multiply-add: results are equal to the last bit on every machine.
gcc = ["-O3", "-ffp-contract=off", "-fno-math-errno"]
msvc = ["/O2", "/fp:precise", "/std:c11", "/utf-8"]
setup(
    ext_modules=[
        Extension(
            "autograd._engine._value",
            ["autograd/_engine/_value.c"],
            depends=sources,
            define_macros=[("SOURCE", f"{checksum}u")],
            extra_compile_args=gcc if unix else msvc,
            libraries=["m"] if unix else [],
            optional=True,
        )
    ],
    cmdclass={"build_ext": OptionalBuild},
)
