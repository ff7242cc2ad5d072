"""The saved views: what they hold, and that they never stand in the way of logging."""

import base64
import json
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from tests.conftest import small
from timeshare.experiment import Experiment, expand
from timeshare.tracking.__main__ import addresses
from timeshare.tracking.example import Example, example_of
from timeshare.tracking.run import Plan, prepare, track
from timeshare.tracking.store import Store
from timeshare.tracking.views import TAG, views

from .servers import experiment_id

EXAMPLE = Example("parity", 10, "16")
LONGEST_TAG = 5000
"""Characters of the tag of an experiment, MLflow's limit."""


def unpacked(tag: str) -> dict[str, Any]:
    kind, _, state = json.loads(tag)["state"].partition(";")
    assert kind == "deflate"
    content: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(state)))
    return content


def test_the_first_view_is_a_table_that_begins_with_the_result() -> None:
    first = views(EXAMPLE)[0]
    assert first.name == "Results by task"
    assert not first.charts
    name, tag = first.tag(1000)
    assert name == f"{TAG}results"
    assert json.loads(tag)["createdAt"] == 1000
    state = unpacked(tag)
    assert state["selectedColumns"][:2] == ["metrics.`test score`", "metrics.`gap`"]
    assert state["searchFilter"] == "tags.kind = 'condition' and tags.state = 'current'"


def test_the_views_of_charts_show_one_comparison() -> None:
    charted = [view for view in views(EXAMPLE) if view.charts]
    assert len(charted) == 3
    for view in charted:
        assert "params.task = 'parity' and params.T = '10'" in view.search
        assert "compareRunsMode=CHART" in view.address("http://127.0.0.1:1", "7")


def test_without_a_pair_to_compare_there_is_the_table_alone() -> None:
    alone = small()
    alone["sweeps"]["main"]["variants"] = ["shared"]
    assert example_of(expand(Experiment.parse(alone)).values()) is None
    assert [view.key for view in views(None)] == ["results"]


def test_the_comparison_is_the_first_of_shared_with_unshared_without_truncation() -> None:
    conditions = expand(Experiment.parse(small()))
    assert example_of(conditions.values()) == Example("parity", 10, "16")


def test_views_fit_into_the_tags_of_an_experiment() -> None:
    longest = Example("t" * 60, 1_000_000, "1000000")
    assert all(len(view.tag(10**13)[1]) < LONGEST_TAG for view in views(longest))


def test_the_store_is_prepared_with_the_views(plan: Plan) -> None:
    prepare(plan.tracking, plan.paths, EXAMPLE)
    client = MlflowClient(Store.of(plan.tracking, plan.paths).uri)
    tags = client.get_experiment(experiment_id(client)).tags
    assert {view.key for view in views(EXAMPLE)} == {
        name.removeprefix(TAG) for name in tags if name.startswith(TAG)
    }


def test_a_view_that_mlflow_refuses_is_logged_and_stops_nothing(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise MlflowException("no such tags here")

    monkeypatch.setattr(MlflowClient, "set_experiment_tag", refuse)
    assert prepare(plan.tracking, plan.paths, EXAMPLE)["experiment"] == "timeshare"
    assert "MLflow does not keep the view 'Cost': no such tags here" in caplog.text


def test_the_addresses_are_those_of_the_views_and_of_the_report(plan: Plan) -> None:
    experiment = Experiment.parse(dict(plan.configuration))
    track(plan)
    store = Store.of(plan.tracking, plan.paths)
    found = dict(addresses(experiment, store, "http://127.0.0.1:5000"))
    assert found["Results by task"].endswith(
        "/runs?workflowType=machine_learning&viewStateShareKey=results"
    )
    assert "The report" not in found
    page = Path(plan.paths.report("report.html"))
    page.parent.mkdir(parents=True)
    page.write_text("the report")
    track(replace(plan, report=[page]))
    found = dict(addresses(experiment, store, "http://127.0.0.1:5000"))
    client = MlflowClient(store.uri)
    (run,) = client.search_runs([experiment_id(client)], "tags.kind = 'report'")
    assert run.info.run_id in found["The report"]
