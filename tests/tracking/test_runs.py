"""What a run in MLflow says, read back through MLflow's own client."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts
from mlflow.entities import Run
from safetensors.numpy import load_file

from benchmarks.generated import FINISHED, STARTED, WEIGHT_COUNT, score_rows
from timeshare.experiment import expand
from timeshare.experiment.models import Tracking
from timeshare.storage.files import write_table
from timeshare.tracking.measures import WHOLE
from timeshare.tracking.run import Plan, track
from timeshare.tracking.store import Store
from timeshare.training.evaluate import ALL

from .conftest import few, planned
from .servers import experiment_id

NAME = "unshared · parity · n=40 · T=10 · K=3"


def client_of(plan: Plan) -> MlflowClient:
    return MlflowClient(Store.of(plan.tracking, plan.paths).uri)


def runs_of(plan: Plan) -> dict[str, Run]:
    client = client_of(plan)
    return {run.info.run_name: run for run in client.search_runs([experiment_id(client)])}


def store_of(plan: Plan) -> Tracking:
    """The store of another plan."""
    return Tracking(store=Store.of(plan.tracking, plan.paths).uri)


def history(plan: Plan, run: Run, metric: str) -> dict[int, float]:
    points = client_of(plan).get_metric_history(run.info.run_id, metric)
    return {point.step: point.value for point in points}


@pytest.fixture
def tracked(plan: Plan) -> Plan:
    track(plan)
    return plan


@pytest.fixture
def run(tracked: Plan) -> Run:
    return runs_of(tracked)[NAME]


@pytest.fixture
def artifacts(tracked: Plan, run: Run) -> Path:
    uri = Store.of(tracked.tracking, tracked.paths).uri
    return Path(download_artifacts(run_id=run.info.run_id, tracking_uri=uri))


def test_there_is_one_run_for_each_condition_and_train_size(tracked: Plan) -> None:
    assert set(runs_of(tracked)) == {
        f"{variant} · parity · n={size} · T=10 · K=3"
        for variant in ("shared", "unshared")
        for size in (16, 40)
    }


def test_runs_show_reported_members_alone(tracked: Plan, run: Run, artifacts: Path) -> None:
    searched = expand(few())["parity/unshared/length-10/truncation-3"].search_units
    assert searched
    assert len(history(tracked, run, "curves/validation score")) == 4
    assert run.data.metrics["curves/validation score"] == pytest.approx(0.81)
    condition = json.loads((artifacts / "condition.json").read_text())
    seeds = {member["seed"] for member in condition["members"]}
    assert seeds == {0, 1}
    assert not seeds & {unit.seed for unit in searched}


def test_new_sequences_at_each_update_are_a_train_size_called_fresh(
    tmp_path: Path, plan: Plan
) -> None:
    experiment = few("drift", train_sizes=[16, "fresh"])
    track(replace(planned(tmp_path / "other", experiment), tracking=store_of(plan)))
    runs = runs_of(plan)
    name = "shared · drift · n=fresh · T=10 · K=3"
    assert {run.data.params["train size"] for run in runs.values()} == {"16", "fresh"}
    assert runs[name].data.params["rules"] == "0 1"
    assert runs[name].data.tags["x.train_size"] == "fresh"
    assert runs[name].data.metrics["test score"] == pytest.approx(0.71)


def test_a_run_has_the_times_of_the_training_it_shows(run: Run) -> None:
    begin, end = (datetime.fromisoformat(moment).timestamp() for moment in (STARTED, FINISHED))
    assert (run.info.start_time, run.info.end_time) == (begin * 1000, end * 1000)
    assert run.info.status == "FINISHED"


def test_every_factor_is_a_param(run: Run) -> None:
    params = run.data.params
    expected = {
        "task": "parity",
        "variant": "unshared",
        "T": "10",
        "K": "3",
        "train size": "40",
        "schedule": "unshared",
        "cell": "lstm",
        "hidden size": "6",
        "learning rate": "0.01",
        "weight decay": "0.0",
        "rules": "0",
        "seeds": "0 1",
        "updates": "12",
        "batch": "8",
    }
    assert expected.items() <= params.items()


def test_tags_say_what_the_run_serves_and_what_it_was_made_from(tracked: Plan, run: Run) -> None:
    tags = run.data.tags
    assert tags["x.condition"] == "parity/unshared/length-10/truncation-3"
    assert (tags["x.sweeps"], tags["state"], tags["kind"]) == ("main", "current", "condition")
    assert tags["x.configuration"] == tracked.digest
    assert tags["x.revision"] == "0" * 40


def test_a_learning_curve_has_a_step_for_each_update(tracked: Plan, run: Run) -> None:
    mean = history(tracked, run, "curves/validation score")
    assert list(mean) == [0, 4, 8, 12]
    assert mean[12] == pytest.approx(0.81)


def test_the_length_is_the_step_of_the_score_at_unseen_lengths(tracked: Plan, run: Run) -> None:
    best = history(tracked, run, "lengths/test score by length")
    assert list(best) == [8, 10, 20]
    assert best == pytest.approx({8: 0.61, 10: 0.71, 20: 0.61})


def test_final_values_are_scores(run: Run) -> None:
    metrics = run.data.metrics
    assert metrics["test score"] == pytest.approx(0.71)
    assert metrics["train score"] == pytest.approx(0.91)
    assert metrics["gap"] == pytest.approx(0.2)
    assert metrics["training/parameters"] == WEIGHT_COUNT
    assert metrics["training/seconds of the job"] == pytest.approx(58.2)


def test_groups_of_the_test_sequences_have_metrics_of_their_own(plan: Plan) -> None:
    experiment = few()
    tables = [
        score_rows(condition, [8, 10, 20], ("all", "held-out"))
        for condition in expand(experiment).values()
    ]
    write_table(Path(plan.paths.evaluation("scores", "parity", 10)), pd.concat(tables))
    track(plan)
    metrics = runs_of(plan)[NAME].data.metrics
    assert metrics["groups/held-out score"] == pytest.approx(0.31)
    assert metrics["test score"] == pytest.approx(0.71)
    assert WHOLE == ALL


def test_the_description_says_what_came_out(run: Run) -> None:
    note = run.data.tags["mlflow.note.content"]
    assert note.startswith("Test accuracy at T=10 **0.85 (0.85 to 0.86)**")
    assert "at length 20 **0.80 (0.80 to 0.81)**; chance 0.50" in note


def test_the_data_sets_are_inputs_with_their_digests(run: Run) -> None:
    assert run.inputs is not None
    found = {item.dataset.name: item.dataset for item in run.inputs.dataset_inputs}
    assert set(found) == {"parity T=10 train", "parity T=10 validation", "parity tests"}
    assert all(len(data.digest) == 36 for data in found.values())


def test_the_table_of_members_is_one_mlflow_shows(run: Run, artifacts: Path) -> None:
    table = json.loads((artifacts / "members.json").read_text())
    assert table["columns"][:4] == ["rule", "seed", "test score", "gap"]
    assert [row[:2] for row in table["data"]] == [[0, 0], [0, 1]]
    logged = json.loads(run.data.tags["mlflow.loggedArtifacts"])
    assert {"path": "members.json", "type": "table"} in logged


def test_the_artifacts_are_the_files_people_look_for(artifacts: Path) -> None:
    condition = json.loads((artifacts / "condition.json").read_text())
    assert {member["train_size"] for member in condition["members"]} == {40}
    assert len(pd.read_csv(artifacts / "evaluation.csv")) == 2 * (3 + 2 * 3)
    weights = load_file(artifacts / "weights.safetensors")
    numbers = np.arange(4 * WEIGHT_COUNT, dtype=np.float32).reshape(4, WEIGHT_COUNT)
    np.testing.assert_array_equal(weights["last/cell"], numbers[2:])


def test_the_best_model_of_a_task_is_registered_where_asked(plan: Plan) -> None:
    asked = replace(plan, tracking=Tracking(register_best=True))
    assert track(asked)["registered"] == ["timeshare-parity"]
    track(asked)
    client = client_of(plan)
    versions = client.search_model_versions("name = 'timeshare-parity'")
    assert [int(version.version) for version in versions] == [1]
    best = client.get_model_version_by_alias("timeshare-parity", "best")
    runs = runs_of(plan).values()
    scores = {run.info.run_id: run.data.metrics["validation score"] for run in runs}
    assert scores[best.run_id] == max(scores.values())


def test_nothing_is_registered_unasked(tracked: Plan) -> None:
    assert client_of(tracked).search_registered_models() == []


def test_only_the_tracking_package_imports_mlflow(root: Path) -> None:
    sources = [
        *(root / "src").rglob("*.py"),
        *(root / "workflow").rglob("*.py"),
        *(root / "workflow").rglob("*.smk"),
        root / "Snakefile",
    ]
    knowing = {
        path
        for path in sources
        if "import mlflow" in path.read_text() or "from mlflow" in path.read_text()
    }
    assert {path.parent.name for path in knowing} == {"tracking"}
