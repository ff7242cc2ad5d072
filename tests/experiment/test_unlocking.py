"""A folder is unlocked after a run in it was killed, and only then."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from timeshare.experiment.unlocking import HOST, LOCKS, LockedError, note_host, processes, unlock

SNAKEFILE = """
rule result:
    output:
        "result",
    shell:
        "touch started; if [ ! -f quick ]; then sleep 60; fi; touch {output}"
"""

SNAKEMAKE = [sys.executable, "-m", "snakemake", "--cores", "1", "--rerun-incomplete"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Snakefile").write_text(SNAKEFILE)
    (tmp_path / "config.yaml").write_text("{}")
    return tmp_path


@pytest.fixture
def running(folder: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """A run whose job sleeps; it and its job are one process group."""
    run = subprocess.Popen(SNAKEMAKE, cwd=folder, start_new_session=True, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (folder / "started").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield run
    if run.poll() is None:
        killed(run)


def killed(run: "subprocess.Popen[bytes]") -> None:
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()


def test_a_folder_in_which_nothing_ran_is_not_locked(folder: Path) -> None:
    assert not unlock("config.yaml", folder)


def test_after_a_kill_the_folder_is_unlocked_and_the_next_run_ends(
    folder: Path, running: "subprocess.Popen[bytes]"
) -> None:
    note_host(folder)
    assert running.pid in processes(folder)
    with pytest.raises(LockedError, match=f"A run is going on in this folder .*{running.pid}"):
        unlock("config.yaml", folder)
    second = subprocess.run(SNAKEMAKE, cwd=folder, capture_output=True, text=True, check=False)
    assert second.returncode != 0
    assert "LockException" in second.stdout + second.stderr
    killed(running)
    assert unlock("config.yaml", folder)
    assert not list((folder / LOCKS).glob("*.lock"))
    (folder / "quick").touch()
    after = subprocess.run(SNAKEMAKE, cwd=folder, capture_output=True, text=True, check=False)
    assert after.returncode == 0, after.stderr


def test_a_lock_of_another_machine_is_left_alone(folder: Path) -> None:
    (folder / LOCKS).mkdir(parents=True)
    (folder / LOCKS / "0.output.lock").write_text("result\n")
    (folder / HOST).write_text("another-machine")
    with pytest.raises(LockedError, match="a run on the machine another-machine"):
        unlock("config.yaml", folder)
    assert list((folder / LOCKS).glob("*.lock"))


def test_the_reason_why_it_cannot_be_unlocked_is_said(folder: Path) -> None:
    (folder / LOCKS).mkdir(parents=True)
    (folder / LOCKS / "0.output.lock").write_text("result\n")
    (folder / "Snakefile").write_text("raise WorkflowError('wrong rule')")
    with pytest.raises(LockedError, match="wrong rule"):
        unlock("config.yaml", folder)
