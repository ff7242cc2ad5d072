"""A disk that is full or read-only, and memory that is refused: an error that names the file.

A small file system of its own is mounted for these tests, which only root may do.
"""

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from tests.reliability.kills import pipeline
from timeshare.data.files import write_parts
from timeshare.storage.checkpoints import load_checkpoint, save_checkpoint
from timeshare.storage.files import write_arrays, write_json, write_table, write_tensors
from timeshare.storage.logs import logged
from timeshare.tasks.base import Sequences
from timeshare.tracking.database import inspect, make_whole

SIZE = 4_000_000
NUMBERS = np.arange(30_000, dtype=np.float64)
SEQUENCES = Sequences(
    NUMBERS.reshape(300, 100, 1).astype(np.float32), NUMBERS[:300].astype(np.float32)
)


def database(path: Path) -> None:
    make_whole(path)
    assert inspect(path).whole


WRITERS: dict[str, Callable[[Path], object]] = {
    "run.json": lambda path: write_json(path, {"numbers": NUMBERS.tolist()}),
    "table.parquet": lambda path: write_table(path, pd.DataFrame({"n": NUMBERS})),
    "weights.safetensors": lambda path: write_tensors(path, {"n": torch.tensor(NUMBERS)}),
    "arrays.safetensors": lambda path: write_arrays(path, {"n": NUMBERS}),
    "train.safetensors": lambda path: write_parts(path, {"0": SEQUENCES}, {}),
    "checkpoint": lambda path: save_checkpoint(path, "me", {"n": torch.tensor(NUMBERS)}, {}),
    "mlflow.db": database,
}


def mount(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(["mount", *arguments], capture_output=True, check=False)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = f"size={SIZE}"
    if os.geteuid() or mount("-t", "tmpfs", "-o", options, "tmpfs", str(folder)).returncode:
        pytest.skip("only root may mount a file system, and not everywhere")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Fill the disk but for some bytes."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    if left:
        os.truncate(ballast, ballast.stat().st_size - left)
    return ballast


@pytest.mark.parametrize("left", [0, 40_000])
@pytest.mark.parametrize("name", WRITERS)
def test_on_a_full_disk_the_file_is_named_and_nothing_is_left_of_it(
    disk: Path, name: str, left: int
) -> None:
    ballast, path = fill(disk, left), disk / name
    with pytest.raises(Exception, match=r"space|full|disk") as caught:
        WRITERS[name](path)
    if name != "mlflow.db":  # which the store names, whose address it is
        assert isinstance(caught.value, OSError)
        assert str(path) in str(caught.value)
    assert {each.name for each in disk.iterdir()} == {"ballast"}
    ballast.unlink()
    WRITERS[name](path)
    assert path.exists()


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "mlflow.db"])
def test_what_was_there_before_stays_when_the_disk_is_full(disk: Path, name: str) -> None:
    path = disk / name
    WRITERS[name](path)
    before = path.read_bytes()
    fill(disk, 0)
    with pytest.raises(OSError, match=r"space|full"):
        WRITERS[name](path)
    assert path.read_bytes() == before
    if name == "checkpoint":
        assert load_checkpoint(path, "me") is not None


@pytest.mark.parametrize("name", WRITERS)
def test_in_a_read_only_folder_the_file_is_named(disk: Path, name: str) -> None:
    assert mount("-o", "remount,ro", str(disk)).returncode == 0
    with pytest.raises(Exception, match=r"[Rr]ead-only") as caught:
        WRITERS[name](disk / "deeper" / name)
    assert "deeper" in str(caught.value)
    assert list(disk.iterdir()) == []


def test_a_log_that_cannot_be_written_does_not_end_the_job(
    disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import logging

    fill(disk, 0)
    done = False
    with logged(disk / "job.log"):
        for _ in range(3):
            logging.getLogger("job").info("x" * 10_000)
        done = True
    said = capsys.readouterr().err
    assert done
    assert said.count("job.log cannot be written: [Errno 28]") == 1
    assert "Traceback" not in said


def test_a_log_in_a_read_only_folder_ends_the_job_in_one_line(
    disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mount("-o", "remount,ro", str(disk)).returncode == 0
    with pytest.raises(SystemExit), logged(disk / "logs" / "job.log"):
        raise AssertionError("the job began")
    said = capsys.readouterr().err
    assert said.startswith("The log cannot be written: ")
    assert said.count("\n") == 1


REFUSED = """
import resource, sys
import numpy as np
from pathlib import Path
from timeshare.storage.files import replacing
from timeshare.storage.logs import logged
resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))
with logged(sys.argv[1] + "/job.log"), replacing(Path(sys.argv[1], "result")) as temporary:
    temporary.write_text("half")
    np.ones(2**40)
"""


def test_refused_memory_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", REFUSED, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "this machine has not the memory that the job asks for" in done.stderr
    assert done.stderr.count("\n") == 1
    assert {each.name for each in tmp_path.iterdir()} == {"job.log"}


def test_an_error_of_another_file_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        write_json(tmp_path / "a.json", {"text": (tmp_path / "missing").read_text()})
    assert caught.value.errno == errno.ENOENT
    assert caught.value.filename == str(tmp_path / "missing")


@pytest.mark.slow
def test_a_run_ends_where_the_folder_for_temporary_files_is_full(
    disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(disk, 0)
    monkeypatch.setenv("TMPDIR", str(disk))
    monkeypatch.setenv("TIMESHARE_CACHE", str(tmp_path / "kernels"))  # compiled there, too
    run = pipeline(tmp_path / "run")
    done = run.run()
    assert done.returncode == 0, done.stdout + done.stderr
    assert (run.folder / "reports" / "tiny" / "report.html").exists()
    assert {each.name for each in disk.iterdir()} == {"ballast"}
