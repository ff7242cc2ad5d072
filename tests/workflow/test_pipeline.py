"""The DAG, end to end, on a tiny experiment."""

import base64
import json
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.workflow.conftest import Pipeline, tiny

pytestmark = pytest.mark.xdist_group("pipeline")  # one worker runs the shared pipeline, once

RESULTS = "results/tiny"
RUN = f"{RESULTS}/runs/parity/unshared/length-10/truncation-3"


def test_every_condition_leaves_its_files(finished: Pipeline) -> None:
    for variant in ("shared", "unshared"):
        for truncation in ("3", "full"):
            run = finished.folder / f"{RESULTS}/runs/parity/{variant}/length-10"
            names = {path.name for path in (run / f"truncation-{truncation}").iterdir()}
            assert names == {"weights.safetensors", "history.parquet", "run.json"}


def test_a_run_says_what_it_was_made_from(finished: Pipeline) -> None:
    facts = json.loads((finished.folder / RUN / "run.json").read_text())
    assert facts["condition"]["training"]["updates"] == 12
    assert {"torch", "numpy", "python"} <= facts["versions"].keys()
    assert {"revision", "machine", "started", "finished"} <= facts.keys()
    for role, seeds in (("search", {1_000_000}), ("reported", {0, 1})):
        assert {member["seed"] for member in facts[role]["members"]} == seeds
        assert facts[role]["seconds"] > 0


def test_tables_have_a_row_for_each_condition(finished: Pipeline) -> None:
    tables = finished.folder / f"{RESULTS}/tables"
    assert len(pd.read_parquet(tables / "conditions.parquet")) == 4
    scores = pd.read_parquet(tables / "scores.parquet")
    keys = ["variant", "truncation"]
    assert len(scores.groupby(keys)) == 4
    identity = list(scores.columns[: list(scores.columns).index("diverged")])
    assert not scores.duplicated(identity).any()
    choices = pd.read_parquet(tables / "choices.parquet")
    assert len(choices) == 4 * 2 * 2
    assert choices.groupby(["variant", "truncation", "train_size"])["chosen"].sum().eq(1).all()


def test_a_second_run_schedules_nothing(finished: Pipeline) -> None:
    assert finished.scheduled() == set()


@pytest.fixture
def copy(finished: Pipeline, tmp_path: Path) -> Pipeline:
    """A copy of the finished pipeline, to change."""
    shutil.copytree(finished.folder, tmp_path / "copy", dirs_exist_ok=True)
    return Pipeline(tmp_path / "copy", tiny())


def test_a_new_variant_trains_only_itself(copy: Pipeline) -> None:
    copy.content["variants"]["halves"] = {
        "cell": "lstm",
        "schedule": {"kind": "blocks", "size": 5},
        "hidden_size": 6,
    }
    copy.content["sweeps"]["main"]["variants"].append("halves")
    copy.content["sweeps"]["main"]["truncations"] = ["full"]
    listed = copy.run("--dry-run").stdout
    trained = [line for line in listed.splitlines() if "Training" in line]
    assert len(trained) == 1
    assert "halves" in trained[0]


def test_a_new_truncation_trains_only_itself(copy: Pipeline) -> None:
    copy.content["sweeps"]["main"]["truncations"] = [3, 5, "full"]
    listed = copy.run("--dry-run").stdout
    trained = [line for line in listed.splitlines() if "Training" in line]
    assert len(trained) == 2
    assert all("K=5" in line for line in trained)


def test_a_tracking_store_that_was_left_unfinished_hides_no_other_job(copy: Pipeline) -> None:
    """Snakemake notes the outputs of jobs that were killed as files with encoded names."""
    name = base64.b64encode(f"{RESULTS}/mlflow/store.json".encode()).decode()
    (copy.folder / ".snakemake/incomplete" / name).touch()
    (copy.folder / "reports/tiny/report.html").unlink()
    assert {"track_store", "report", "track"} <= copy.scheduled("--rerun-incomplete")


def test_a_part_of_the_jobs_is_planned_in_an_empty_folder(tmp_path: Path) -> None:
    """What is written while Snakemake plans is not taken for missing."""
    assert Pipeline(tmp_path, tiny()).scheduled("--until", "track_store") == {"track_store"}


def test_another_evaluated_length_trains_nothing(copy: Pipeline) -> None:
    copy.content["evaluation"]["lengths"] = [8, 10, 30]
    rules = copy.scheduled()
    assert "evaluate" in rules
    assert "train" not in rules


@pytest.mark.parametrize(("key", "value"), [("level", 0.5), ("projection", {"hidden_size": 8})])
def test_what_costs_are_read_at_measures_nothing_again(
    copy: Pipeline, key: str, value: object
) -> None:
    copy.content["cost"][key] = value
    rules = copy.scheduled()
    assert "cost_learning" in rules
    assert not {"cost_measure", "train"} & rules


def test_a_variant_that_is_not_measured_measures_nothing_again(copy: Pipeline) -> None:
    copy.content["variants"]["wide"] = copy.content["variants"]["shared"] | {
        "hidden_size": None,
        "match": "unshared",
    }
    rules = copy.scheduled()
    assert "cost_project" in rules
    assert not {"cost_measure", "train"} & rules


def test_more_rounds_are_measured(copy: Pipeline) -> None:
    copy.content["cost"]["rounds"] = 3
    assert "cost_measure" in copy.scheduled()


def test_a_wrong_configuration_stops_before_any_job_with_one_line(tmp_path: Path) -> None:
    content = tiny()
    content["sweeps"]["main"]["truncations"] = [32]
    done = Pipeline(tmp_path, content).run()
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "tiny.yaml: sweeps.main: truncations: 32 is longer than every length" in said
    assert "Traceback" not in said
    assert not (tmp_path / "results").exists()


def test_damaged_data_are_refused(copy: Pipeline) -> None:
    data = copy.folder / f"{RESULTS}/data/parity/tests.safetensors"
    content = bytearray(data.read_bytes())
    content[-1] ^= 1
    data.write_bytes(bytes(content))
    done = copy.run("--forcerun", "evaluate", "--until", "evaluate")
    assert done.returncode == 1
    assert "its sha256 is not the one in its manifest" in done.stdout + done.stderr


def test_damaged_weights_are_refused_and_trained_again_once_they_are_deleted(
    copy: Pipeline,
) -> None:
    weights = copy.folder / RUN / "weights.safetensors"
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    done = copy.run("--forcerun", "evaluate", "--until", "evaluate")
    assert done.returncode == 1
    assert f"{RUN}/weights.safetensors is damaged" in done.stdout + done.stderr
    weights.unlink()
    done = copy.run("--forcerun", "evaluate", "--until", "evaluate")
    assert done.returncode == 0, done.stderr
    assert weights.read_bytes() == content


@pytest.mark.slow
def test_training_killed_at_any_moment_ends_in_the_same_bits(tmp_path: Path) -> None:
    content = tiny()
    content["training"] |= {"updates": 2500, "checkpoint_seconds": 0.05}
    target = f"{RUN}/weights.safetensors"
    undisturbed, killed = (Pipeline(tmp_path / name, content) for name in ("undisturbed", "killed"))
    for pipeline in (undisturbed, killed):
        pipeline.folder.mkdir()
    assert undisturbed.run(target).returncode == 0

    checkpoint = killed.folder / RUN / "checkpoint"
    process = subprocess.Popen(
        killed.command(target),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 120
    while not checkpoint.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.15)
    subprocess.run(["pkill", "-9", "--session", str(process.pid)], check=True)
    process.wait()
    assert process.returncode == -signal.SIGKILL
    assert killed.run("--unlock").returncode == 0
    assert killed.run("--rerun-incomplete", target).returncode == 0
    facts = json.loads((killed.folder / RUN / "run.json").read_text())
    assert facts["reported"]["resumed_at"]
    for name in ("weights.safetensors", "history.parquet"):
        one, other = (pipeline.folder / RUN / name for pipeline in (undisturbed, killed))
        assert one.read_bytes() == other.read_bytes()
    assert not checkpoint.exists()


def test_an_experiment_beyond_its_limits_is_refused_before_anything_runs(tmp_path: Path) -> None:
    pipeline = Pipeline(tmp_path, tiny() | {"limits": {"conditions": 3}})
    done = pipeline.run("--dry-run")
    assert done.returncode != 0
    assert "they name 4 conditions and limits.conditions is 3" in done.stdout + done.stderr
    assert not (tmp_path / "results").exists()


def test_tasks_may_ask_for_different_numbers_of_threads(tmp_path: Path) -> None:
    content = tiny()
    content["tasks"] = {"parity": {}, "modular": {"training": {"threads": 2}}}
    content["sweeps"]["main"]["tasks"] = ["parity", "modular"]
    done = Pipeline(tmp_path, content).run("--dry-run")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Training ") + done.stdout.count("Training ") == 8
