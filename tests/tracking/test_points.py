"""The metrics of a run: which there are, in which order, and how they are rounded."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from mlflow import MlflowClient
from mlflow.artifacts import load_dict
from mlflow.entities import Run

from benchmarks.generated import WEIGHT_COUNT, score_rows
from timeshare.experiment import ConfigurationError, Experiment, expand
from timeshare.storage.files import write_table
from timeshare.tracking.measures import Measures
from timeshare.tracking.points import short
from timeshare.tracking.run import Plan, track
from timeshare.tracking.store import Store

from .conftest import few
from .servers import experiment_id

TITLES = {"task": {"parity": "parity of the bits"}, "variant": {"unshared": "unshared LSTM"}}
NAME = "unshared LSTM · parity of the bits · n=40 · T=10 · K=3"


def runs_of(plan: Plan) -> dict[str, Run]:
    client = MlflowClient(Store.of(plan.tracking, plan.paths).uri)
    return {run.info.run_name: run for run in client.search_runs([experiment_id(client)])}


@pytest.fixture
def titled(plan: Plan) -> Plan:
    plan = replace(plan, titles=TITLES)
    track(plan)
    return plan


def test_names_are_made_of_titles_and_begin_with_what_differs(titled: Plan) -> None:
    runs = runs_of(titled)
    assert NAME in runs
    tags = runs[NAME].data.tags
    assert (tags["task"], tags["variant"]) == ("parity of the bits", "unshared LSTM")
    assert runs[NAME].data.params["task"] == "parity"


def test_another_title_renames_a_run(titled: Plan) -> None:
    title = {"unshared": "a cell of its own at each step"}
    outcome = track(replace(titled, titles={**TITLES, "variant": title}))
    assert outcome["logged"] == 0
    assert NAME.replace("unshared LSTM", title["unshared"]) in runs_of(titled)


def test_the_result_comes_first_and_there_are_few(titled: Plan) -> None:
    metrics = runs_of(titled)[NAME].data.metrics
    assert list(metrics)[:4] == ["test score", "gap", "train score", "validation score"]
    assert metrics["gap"] == pytest.approx(metrics["train score"] - metrics["test score"])
    assert metrics["training/parameters"] == WEIGHT_COUNT
    assert len(metrics) < 20
    assert all(round(value, 4) == value for name, value in metrics.items() if "score" in name)


def test_values_keep_four_digits_and_counts_all() -> None:
    assert short(0.000123456) == 0.0001235
    assert short(71812.0) == 71812.0
    assert short(71812.4) == 71810.0


def test_bookkeeping_sorts_last(titled: Plan) -> None:
    tags = sorted(name for name in runs_of(titled)[NAME].data.tags if "mlflow." not in name)
    assert tags[:4] == ["kind", "state", "task", "variant"]
    assert all(name.startswith("x.") for name in tags[4:])


def test_spreads_and_members_and_settings_are_tables(titled: Plan) -> None:
    run = runs_of(titled)[NAME]

    def table(name: str) -> pd.DataFrame:
        content = load_dict(f"{run.info.artifact_uri}/{name}")
        return pd.DataFrame(content["data"], columns=content["columns"])

    spread = table("spread.json").set_index("result").to_dict("index")
    assert spread["test score"]["lowest"] < spread["test score"]["highest"]
    members = table("members.json")
    assert list(members["seed"]) == [0, 1]
    assert spread["gap"]["mean"] == pytest.approx(members["gap"].mean())


def test_the_settings_that_were_tried_are_a_table(titled: Plan) -> None:
    tried = load_dict(f"{runs_of(titled)[NAME].info.artifact_uri}/settings.json")
    rows = [dict(zip(tried["columns"], row, strict=True)) for row in tried["data"]]
    assert [(row["learning_rate"], row["chosen"]) for row in rows] == [(0.01, True), (0.002, False)]
    assert all(row["score in the search"] > 0 for row in rows)


def test_distances_are_steps_and_other_groups_have_names(plan: Plan) -> None:
    tables = []
    for condition in expand(few()).values():
        rows = score_rows(condition, [8, 10, 20], ("all", "near", "held out"))
        rows.loc[rows["group"] == "near", "distance"] = 3
        tables.append(rows)
    write_table(Path(plan.paths.evaluation("scores", "parity", 10)), pd.concat(tables))
    track(plan)
    run = runs_of(plan)["unshared · parity · n=40 · T=10 · K=3"]
    assert "groups/held out score" in run.data.metrics
    client = MlflowClient(Store.of(plan.tracking, plan.paths).uri)
    points = client.get_metric_history(run.info.run_id, "distances/test score by distance")
    assert [point.step for point in points] == [3]


def test_a_member_that_stopped_counts_with_its_last_measurement() -> None:
    history = pd.DataFrame(
        {
            "split": "test",
            "update": [0, 0, 10],
            "rule": 0,
            "seed": [0, 1, 1],
            "score": [0.5, 0.1, 0.9],
            "loss": 0.0,
        }
    )
    measures = Measures("accuracy", 10, history, pd.DataFrame())
    assert [point.score for point in measures.curves["test"]] == pytest.approx([0.3, 0.7])


def test_the_key_for_runs_of_members_is_gone() -> None:
    content = few().model_dump(mode="json") | {"tracking": {"per_seed": True}}
    with pytest.raises(ConfigurationError, match=r"'per_seed' is no longer a key\. Leave it out"):
        Experiment.parse(content)
