"""Failures of Slurm become sentences, and what an earlier driver submitted is cancelled."""

from pathlib import Path

import pytest

from timeshare.experiment.slurm import cancel_left_behind, explanations, note_driver

REFUSED = """
Error in rule train:
    message: SLURM sbatch failed. The error message was 'sbatch: error: a warning
sbatch: error: Batch job submission failed: {reason}'.
    jobid: 0
"""
ENDED = """
Job 0 has been submitted with SLURM jobid 15 (log: {log}).
Error in rule train:
    message: SLURM-job '15' failed, SLURM status is: '{status}'. Detailed failure reason unavailable
    jobid: 0
"""


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("Invalid partition name specified", "set `slurm_partition` in"),
        ("Invalid account or account/partition combination specified", "set `slurm_account` in"),
        ("Requested time limit is invalid (missing or exceeds some limit)", "lower `runtime` in"),
        ("Requested node configuration is not available", "lower `mem_mb` or `cpus_per_task` in"),
        ("Something else", "Change what is asked for in profiles/slurm/config.yaml"),
    ],
)
def test_a_refused_job_says_what_to_change(reason: str, advice: str) -> None:
    (sentence,) = explanations(REFUSED.format(reason=reason))
    assert reason in sentence
    assert advice in sentence
    assert "\n" not in sentence


def test_the_same_failure_of_many_jobs_is_one_sentence() -> None:
    assert len(explanations(3 * REFUSED.format(reason="Invalid qos specification"))) == 1


@pytest.mark.parametrize(
    ("status", "output", "said"),
    [
        ("TIMEOUT", "", "over its time: raise it by `--set-resources train:runtime=<minutes>`"),
        ("CANCELLED", "*** CANCELLED DUE TO TIME LIMIT ***", "over its time"),
        ("OUT_OF_MEMORY", "", "over its memory: raise it by `--set-resources train:mem_mb="),
        ("FAILED", "Exceeded job memory limit", "over its memory"),
        ("CANCELLED", "", "ended with Slurm's status CANCELLED"),
    ],
)
def test_an_ended_job_says_why(tmp_path: Path, status: str, output: str, said: str) -> None:
    log = tmp_path / "a folder, größer" / "15.log"
    log.parent.mkdir()
    log.write_text(f"Error in rule train:\n    message: None\n{output}\n")
    (sentence,) = explanations(ENDED.format(log=log, status=status))
    assert said in sentence


def test_a_log_without_slurm_is_explained_by_nothing() -> None:
    assert explanations("Error in rule train:\n    message: None\n    jobid: 0\n") == []


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands `squeue` and `scancel` on a file that holds the ids of the jobs in the queue."""
    queue = tmp_path / "queue"
    commands = {
        "squeue": f'case "$*" in *--name=run-1*) cat "{queue}";; esac',
        "scancel": f'for job in "$@"; do sed -i "/^$job$/d" "{queue}"; done',
    }
    for name, text in commands.items():
        command = tmp_path / "bin" / name
        command.parent.mkdir(exist_ok=True)
        command.write_text(f"#!/bin/sh\n{text}\n")
        command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return queue


def noted(tmp_path: Path, run: str, *jobs: int) -> Path:
    """The record of a driver that submitted jobs."""
    log = tmp_path / "driver.log"
    lines = [f"Job {job} has been submitted with SLURM jobid {job} (log: x)." for job in jobs]
    log.write_text("\n".join([f"SLURM run ID: {run}", *lines]))
    note_driver(tmp_path / "driver", [str(log)])
    return tmp_path / "driver"


def test_jobs_of_the_last_driver_are_cancelled_and_others_are_not(
    tmp_path: Path, queue: Path
) -> None:
    queue.write_text("7\n8\n9\n")
    assert cancel_left_behind(noted(tmp_path, "run-1", 6, 7, 9)) == ["7", "9"]
    assert queue.read_text() == "8\n"


def test_a_job_of_another_run_with_the_same_id_is_left_alone(tmp_path: Path, queue: Path) -> None:
    queue.write_text("7\n")
    assert cancel_left_behind(noted(tmp_path, "run-0", 7)) == []
    assert queue.read_text() == "7\n"


def test_without_an_earlier_driver_on_slurm_nothing_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cancel_left_behind(tmp_path / "none") == []
    (tmp_path / "log").write_text("a local run")
    note_driver(tmp_path / "driver", [str(tmp_path / "log")])
    assert cancel_left_behind(tmp_path / "driver") == []
