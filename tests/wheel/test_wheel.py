"""The package as a wheel, without the checkout: layers, `timeshare check`, and plug-ins."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]

LAYER = """
import pathlib, sys, torch, timeshare
from timeshare.nn import LSTM
assert pathlib.Path(timeshare.__file__).is_relative_to(sys.argv[1]), timeshare.__file__
layer = LSTM(3, 8, batch_first=True, steps=12, schedule="unshared")
output, _ = layer(torch.randn(5, 12, 3))
output.square().sum().backward()
assert all(parameter.grad.abs().sum() > 0 for parameter in layer.parameters())
from timeshare.recurrent.kernels.unrolling import available
from timeshare.recurrent.cells.lstm import LSTM as Cell
print("compiled" if available(Cell(), layer.weights) else "eager")
"""
EXTENSIONS = (
    "my_tasks:Majority",
    "my_cells:Leaky",
    "my_cells:FastLeaky",
    "my_schedules:Mirrored",
    "my_claims:FewSequences",
    "my_figures:TrainingLengths",
)


def run(command: list[str], folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a command that finds no package but those of its own environment."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env={**environment, **variables}
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A virtual environment with the wheel, which sees the libraries installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, source / name)
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(root / "src", source / "src", ignore=ignored)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    built = run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", "dist", "."], source)
    assert built.returncode == 0, built.stderr
    (wheel,) = (source / "dist").glob("timeshare-*.whl")
    environment = folder / "environment"
    made = run([sys.executable, "-m", "venv", "--without-pip", str(environment)], folder)
    assert made.returncode == 0, made.stderr
    python = str(environment / "bin/python")
    put = run([*pip, "--python", python, "install", "--no-deps", "--no-index", str(wheel)], folder)
    assert put.returncode == 0, put.stderr
    # The folder of libraries alone: what is installed there as editable is not followed.
    site = next((environment / "lib").glob("python*/site-packages"))
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    shutil.rmtree(source)
    return environment


def test_layers_work_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    command = [str(installed / "bin/python"), "-c", LAYER, str(installed)]
    done = run(command, tmp_path, TIMESHARE_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 0, done.stderr
    if shutil.which("cc") or shutil.which("gcc"):
        assert done.stdout == "compiled\n"


@pytest.mark.parametrize("path", EXTENSIONS)
def test_the_examples_keep_their_promises_in_a_folder_of_their_own(
    installed: Path, tmp_path: Path, root: Path, path: str
) -> None:
    file = f"{path.partition(':')[0]}.py"
    shutil.copy(root / "examples" / file, tmp_path / file)
    done = run([str(installed / "bin/timeshare"), "check", path], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(f"{path} keeps all of them.\n")


def test_a_new_task_begins_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    command = str(installed / "bin/timeshare")
    assert run([command, "new-task", "mine"], tmp_path).returncode == 0
    done = run([command, "check", "mine:Mine"], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
