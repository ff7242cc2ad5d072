"""The kernels are built once, by whoever comes first, and done without where they cannot be."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from timeshare.recurrent.kernels import build

BUILD = "from timeshare.recurrent.kernels.build import library; assert library('float')"


@pytest.fixture(autouse=True)
def forget() -> None:
    build.library.cache_clear()


def has_compiler() -> bool:
    try:
        return build.library("float") is not None
    finally:
        build.library.cache_clear()


needs_compiler = pytest.mark.skipif(not has_compiler(), reason="needs a C compiler")


@needs_compiler
def test_processes_that_build_at_once_end_with_one_whole_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(build.CACHE, str(tmp_path))
    processes = [subprocess.Popen([sys.executable, "-c", BUILD]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert [path.suffix for path in tmp_path.iterdir()] == [".so"]


@needs_compiler
def test_a_built_library_is_not_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(build.CACHE, str(tmp_path))
    assert build.library("float") is not None
    build.library.cache_clear()
    monkeypatch.setattr(build, "_compile", None)
    assert build.library("float") is not None


def test_without_a_compiler_networks_are_unrolled_eagerly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(build.CACHE, str(tmp_path))
    monkeypatch.setenv("CC", str(tmp_path / "none"))
    monkeypatch.delenv(build.CHOICE, raising=False)
    assert build.library("float") is None
    assert not list(tmp_path.iterdir())


def test_kernels_that_are_insisted_on_and_cannot_be_built_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(build.CACHE, str(tmp_path))
    monkeypatch.setenv("CC", str(tmp_path / "none"))
    monkeypatch.setenv(build.CHOICE, "compiled")
    with pytest.raises(build.KernelError, match="cannot be built"):
        build.library("float")


def test_an_unknown_choice_of_kernels_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(build.CHOICE, "fast")
    with pytest.raises(build.KernelError, match="'eager' or 'compiled'"):
        build.library("float")


@needs_compiler
def test_two_processes_compute_the_same_bits() -> None:
    code = """
import hashlib, torch
from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.network import Network
from timeshare.recurrent.optimiser import MemberAdamW
from timeshare.recurrent.schedules.unshared import Unshared
network = Network(Architecture("lstm", Unshared(), 20, 3, 2, 9), [1, 2])
optimiser = MemberAdamW(network, [0.01, 0.02], [0.01, 0.01])
inputs = torch.randn(9, 2, 3, 21, generator=torch.Generator().manual_seed(0))
for _ in range(5):
    network.zero_grad()
    hidden, _ = network.run(inputs, network.initial_state(21), range(9))
    torch.autograd.backward(network.read(hidden, range(9)).square().sum())
    optimiser.clip(1.0)
    optimiser.step()
print(hashlib.sha256(network.parameters()[0].detach().numpy().tobytes()).hexdigest())
"""
    runs = [
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout


def test_importing_builds_nothing() -> None:
    code = "import timeshare.recurrent.network, timeshare.recurrent.kernels.build as b; "
    code += "assert b.library.cache_info().currsize == 0"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert torch.float32 in build.REALS


@needs_compiler
@pytest.mark.slow
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the flags are those of x86-64")
@pytest.mark.parametrize("without", ["-mno-avx512f", "-mno-avx"])
def test_kernels_with_narrower_registers_are_those_of_the_reference(
    tmp_path: Path, without: str
) -> None:
    """In a process of its own, since libraries are loaded once."""
    settings = {"CC": f"gcc {without}", build.CACHE: str(tmp_path), build.CHOICE: "compiled"}
    tests = str(Path(__file__).parent / "test_unrolling.py")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", tests]
    done = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
