"""The accelerator in C is optional: where it cannot be built, the pure-Python engine is installed, and one line says so."""

import contextlib
import re
import sys
import tomllib
import zlib
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
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


class Wheel(bdist_wheel):
    """Tags a wheel by what was built: one without the accelerator runs on any platform."""

    def run(self) -> None:
        """Build first: only then is it known whether there is an accelerator."""
        self.run_command("build")
        if not any(Path(path).exists() for path in self.get_finalized_command("build_ext").get_outputs()):
            self.distribution.ext_modules = None
            self.root_is_pure = True
        super().run()


# _engine/accelerator.py computes the same checksum, over the same files, to tell an older build from this one.
sources = sorted(str(path) for path in Path("autograd/_engine").glob("*.[ch]"))
checksum = zlib.crc32(b"".join(Path(path).read_bytes() for path in sources))


def readme() -> str:
    """The README for the page of a package index, which has no files beside it: links into the repository in full."""
    repository = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Source"]
    text = Path("README.md").read_text(encoding="utf-8")
    text = re.sub(r'((?:src|srcset)=")(?!https:)', rf"\g<1>{repository}/raw/main/", text)
    return re.sub(r"(\]\()(?!https:|#)", rf"\g<1>{repository}/blob/main/", text)


unix = sys.platform != "win32"
# No contraction to fused multiply-add: results are equal to the last bit on every machine.
gcc = ["-O3", "-ffp-contract=off", "-fno-math-errno"]
msvc = ["/O2", "/fp:precise", "/std:c11", "/utf-8"]
setup(
    long_description=readme(),
    long_description_content_type="text/markdown",
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
    cmdclass={"build_ext": OptionalBuild, "bdist_wheel": Wheel},
)
