"""Tracking again: nothing changes, what was half-written is completed, what changed supersedes."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from mlflow.entities import Run, ViewType
from mlflow.exceptions import MlflowException

from benchmarks.generated import write_run
from timeshare.experiment import Condition, expand
from timeshare.tracking.run import Plan, prepare, track
from timeshare.tracking.store import Store, StoreError

from .conftest import few, planned
from .servers import experiment_id

CALLS = ("create_run", "log_batch", "log_inputs", "log_artifacts", "set_terminated", "set_tag")


def all_runs(plan: Plan) -> list[Run]:
    client = MlflowClient(Store.of(plan.tracking, plan.paths).uri)
    return list(client.search_runs([experiment_id(client)], run_view_type=ViewType.ALL))


def active(plan: Plan) -> list[Run]:
    return [run for run in all_runs(plan) if run.info.lifecycle_stage == "active"]


def is_complete(plan: Plan) -> bool:
    """Each condition and train size exactly once, everything logged, and no run RUNNING."""
    current = [run for run in active(plan) if run.data.tags["state"] == "current"]
    keys = Counter(run.data.tags["x.key"] for run in current)
    return (
        len(keys) == 4
        and set(keys.values()) == {1}
        and not any(run.info.status == "RUNNING" for run in all_runs(plan))
        and all("gap" in run.data.metrics for run in current)
    )


def only(plan: Plan) -> Condition:
    return expand(few())["parity/shared/length-10/truncation-3"]


def test_the_second_time_changes_nothing(plan: Plan) -> None:
    first = track(plan)
    before = [run.to_dictionary() for run in all_runs(plan)]
    second = track(plan)
    assert (first["logged"], second["logged"], second["unchanged"]) == (4, 0, 4)
    assert [run.to_dictionary() for run in all_runs(plan)] == before


def test_a_changed_condition_supersedes_its_runs_which_stay(plan: Plan) -> None:
    track(plan)
    write_run(plan.paths, only(plan), digest="changed", revision="1" * 40)
    outcome = track(plan)
    assert (outcome["logged"], outcome["unchanged"]) == (2, 2)
    old = [run for run in active(plan) if run.data.tags["state"] == "superseded"]
    new = {run.info.run_id for run in active(plan) if run.data.tags["x.digest"] == "changed"}
    assert len(old) == 2
    assert {run.data.tags["x.superseded_by"] for run in old} == new
    assert is_complete(plan)


def test_a_condition_that_comes_back_takes_its_old_run_again(plan: Plan) -> None:
    track(plan)
    first = {run.info.run_id for run in active(plan)}
    write_run(plan.paths, only(plan), digest="changed")
    track(plan)
    write_run(plan.paths, only(plan))
    assert track(plan)["logged"] == 0
    assert {r.info.run_id for r in active(plan) if r.data.tags["state"] == "current"} == first
    assert not any("x.superseded_by" in r.data.tags for r in active(plan) if r.info.run_id in first)


def test_another_sweep_changes_the_tag_and_not_the_run(plan: Plan) -> None:
    track(plan)
    sweeps = {name: ["main", "more"] for name in plan.sweeps}
    served = {"main": ["C10", "C3"], "more": ["C3"]}
    outcome = track(replace(plan, sweeps=sweeps, served=served))
    assert outcome["unchanged"] == 4
    assert {run.data.tags["x.sweeps"] for run in active(plan)} == {"main, more"}
    assert {run.data.tags["claims"] for run in active(plan)} == {"C3, C10"}


class KilledError(BaseException):
    """Stands for the end of the process: no handler of errors sees it."""


def kill_at(monkeypatch: pytest.MonkeyPatch, call: int, before: bool) -> None:
    """End the job at its `call`-th request to the store, before or after it is carried out."""
    made = 0

    def patched(name: str) -> None:
        original = getattr(MlflowClient, name)

        def request(self: MlflowClient, *args: Any, **kwargs: Any) -> Any:
            nonlocal made
            made += 1
            if made == call and before:
                raise KilledError
            answer = original(self, *args, **kwargs)
            if made == call:
                raise KilledError
            return answer

        monkeypatch.setattr(MlflowClient, name, request)

    for name in CALLS:
        patched(name)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("call", range(1, 8))
def test_a_job_killed_at_any_request_is_completed_by_the_next(
    plan: Plan, call: int, before: bool
) -> None:
    with pytest.MonkeyPatch.context() as patches:
        kill_at(patches, call, before)
        with pytest.raises(KilledError):
            track(plan)
    track(plan)
    assert is_complete(plan)
    assert len(all_runs(plan)) == 4


@pytest.mark.parametrize("call", range(1, 15, 2))
def test_a_job_killed_while_it_supersedes_is_completed_by_the_next(plan: Plan, call: int) -> None:
    track(plan)
    write_run(plan.paths, only(plan), digest="changed")
    with pytest.MonkeyPatch.context() as patches:
        kill_at(patches, call, before=False)
        with pytest.raises(KilledError):
            track(plan)
    track(plan)
    assert is_complete(plan)
    assert len(active(plan)) == 6


def test_what_was_half_written_before_the_condition_changed_is_deleted(plan: Plan) -> None:
    with pytest.MonkeyPatch.context() as patches:
        kill_at(patches, 3, before=True)
        with pytest.raises(KilledError):
            track(plan)
    for condition in expand(few()).values():
        write_run(plan.paths, condition, digest="changed")
    track(plan)
    assert is_complete(plan)
    assert len(active(plan)) == 4


JOB = """
import sys
from pathlib import Path
from timeshare.experiment.models import Tracking
from timeshare.experiment.paths import Paths
from timeshare.tracking.run import Plan, track
paths = Paths("config", sys.argv[1])
runs = Path(paths.results, "runs")
names = [str(path.parent.relative_to(runs)) for path in runs.rglob("run.json")]
print("ready", flush=True)
track(Plan(Tracking(), paths, {name: ["main"] for name in names}, {}))
"""


@pytest.mark.slow
def test_a_job_killed_by_the_system_is_completed_by_the_next(tmp_path: Path) -> None:
    plan = planned(tmp_path, few())
    prepare(plan.tracking, plan.paths)
    for delay in (0.05, 0.1, 0.15):
        command = [sys.executable, "-c", JOB, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as job:
            assert job.stdout is not None
            job.stdout.readline()
            try:
                job.wait(timeout=delay)
            except subprocess.TimeoutExpired:
                os.kill(job.pid, signal.SIGKILL)
    track(plan)
    assert is_complete(plan)


def refused_at_first(
    monkeypatch: pytest.MonkeyPatch, reason: str, refusals: int
) -> Callable[[], int]:
    """Let MLflow refuse the first links of data sets for a reason; return the number of calls."""
    calls: list[str] = []
    log_inputs = MlflowClient.log_inputs

    def linked(client: MlflowClient, run_id: str, *args: Any, **options: Any) -> None:
        calls.append(run_id)
        if len(calls) <= refusals:
            raise MlflowException(reason)
        log_inputs(client, run_id, *args, **options)

    monkeypatch.setattr(MlflowClient, "log_inputs", linked)
    return lambda: len(calls)


@pytest.mark.parametrize(
    "reason",
    [
        "(sqlite3.IntegrityError) UNIQUE constraint failed: datasets.name",
        '(psycopg2.errors.UniqueViolation) duplicate key value violates "dataset_pk"',
    ],
)
def test_a_data_set_that_another_job_has_just_created_is_linked_by_a_further_attempt(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    calls = refused_at_first(monkeypatch, reason, refusals=2)
    assert track(plan)["logged"] == 4
    assert calls() == 4 + 2
    assert all(run.inputs and run.inputs.dataset_inputs for run in all_runs(plan))


def test_another_refusal_of_data_sets_ends_the_job(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = refused_at_first(monkeypatch, "the disk is full", refusals=1)
    with pytest.raises(StoreError, match="the disk is full"):
        track(plan)
    assert calls() == 1
