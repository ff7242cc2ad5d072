"""Build the kernels once per machine and load them once per process, if there is a compiler."""

import ctypes
import functools
import hashlib
import logging
import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

import torch

REALS = {torch.float32: "float", torch.float64: "double"}
"""The C type of each dtype that has kernels."""
LOG = logging.getLogger(__name__)
SOURCES = Path(__file__).parent
CHOICE = "TIMESHARE_KERNELS"
"""Environment variable: `eager` disables the compiled kernels, `compiled` requires them."""
CACHE = "TIMESHARE_CACHE"
"""Environment variable: the directory of built kernels, instead of the user's cache directory."""

# No -ffast-math: the NaN of a diverged member must stay NaN. Contraction rounds a*b+c once.
FLAGS = (
    *("-O3", "-std=gnu11", "-fPIC", "-shared", "-pthread"),
    *("-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math", "-Wno-psabi"),
)


class KernelError(RuntimeError):
    """The kernels are required and cannot be built, or the choice of kernels is unknown."""


@functools.cache
def library(real: str) -> ctypes.CDLL | None:
    """The kernels for `float` or `double`; None where the networks must be unrolled eagerly.

    Raises `KernelError` if `TIMESHARE_KERNELS=compiled` and they cannot be built.
    """
    choice = os.environ.get(CHOICE, "")
    if choice not in ("", "eager", "compiled"):
        raise KernelError(f"{CHOICE}={choice!r}: choose 'eager' or 'compiled', or unset it")
    if choice == "eager":
        return None
    try:
        return ctypes.CDLL(str(_built(real)))
    except (OSError, subprocess.SubprocessError, KernelError) as error:
        if choice == "compiled":
            raise KernelError(f"the kernels cannot be built: {error}") from error
        LOG.warning("no compiled kernels, eager PyTorch takes about three times as long: %s", error)
        return None


def _built(real: str) -> Path:
    """The shared object, from the cache or built now.

    Processes may build it at the same time; each renames a complete file into place.
    """
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc")
    compiler = compiler or shutil.which("clang")
    if compiler is None:
        raise KernelError("there is no C compiler: install one, or give its path in CC")
    path = _cache() / f"kernels-{_key(compiler)}-{real}.so"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".so")
    os.close(handle)
    try:
        _compile(compiler, real, Path(name))
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    return path


def _compile(compiler: str, real: str, target: Path) -> None:
    defines = [f"-DREAL={real}", f"-DIS_DOUBLE={int(real == 'double')}"]
    files = [str(path) for path in sorted(SOURCES.glob("*.c"))]
    for native in (["-march=native"], ["-mcpu=native"], []):
        command = [*compiler.split(), *FLAGS, *native, *defines, "-o", str(target), *files, "-lm"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode == 0:
            return
    raise KernelError(done.stderr.strip() or f"{compiler} failed")


def _key(compiler: str) -> str:
    """A hash of what the machine code depends on: sources, compiler, flags and processor."""
    digest = hashlib.sha256(" ".join((compiler, *FLAGS)).encode())
    for path in sorted(SOURCES.glob("*.[ch]")):
        digest.update(path.read_bytes())
    digest.update(_processor().encode())
    return digest.hexdigest()[:16]


def _processor() -> str:
    """The instructions that `-march=native` may use; machines that share a home may differ."""
    try:
        lines = Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines()
    except OSError:
        return platform.platform() + platform.processor()
    facts = [line for line in lines if line.startswith(("flags", "Features", "model", "CPU part"))]
    return platform.machine() + "\n".join(facts)


def _cache() -> Path:
    if CACHE in os.environ:
        return Path(os.environ[CACHE])
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "timeshare"
