"""The report's run: its files, its claims as metrics, and one run for each configuration."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from mlflow import MlflowClient
from mlflow.entities import Run

from timeshare.storage.files import read_table, write_table
from timeshare.tracking.run import Plan, track
from timeshare.tracking.store import Store

from .servers import experiment_id


@pytest.fixture
def report(plan: Plan) -> list[Path]:
    """A page with a figure and a table, and two claims."""
    folder = Path(plan.paths.reports)
    for name in ("report.html", "figures/gap.svg", "tables/gap.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
        os.utime(folder / name, (1_800_000_000, 1_800_000_000))
    claims = pd.DataFrame(
        {
            "id": ["C1", "C3", "C11"],
            "effect": [0.4, -0.1, None],
            "low": [0.3, -0.2, None],
            "high": [0.5, 0.1, None],
            "verdict": ["supported", "inconclusive", "not tested"],
            "sentence": ["It reads any length.", "It may.", "The cost study is missing."],
        }
    )
    write_table(Path(plan.paths.table("claims")), claims)
    return [
        folder / "report.html",
        folder / "figures",
        folder / "tables",
        Path(plan.paths.table("claims")),
    ]


def reports(plan: Plan) -> list[Run]:
    client = MlflowClient(Store.of(plan.tracking, plan.paths).uri)
    return list(client.search_runs([experiment_id(client)], "tags.kind = 'report'"))


def test_its_run_carries_pages_figures_tables_and_claims(plan: Plan, report: list[Path]) -> None:
    track(replace(plan, report=report))
    (run,) = reports(plan)
    client = MlflowClient(Store.of(plan.tracking, plan.paths).uri)
    paths = {file.path for file in client.list_artifacts(run.info.run_id)}
    assert paths == {"report.html", "figures", "tables", "claims.json", "configuration.json"}
    tables = {file.path for file in client.list_artifacts(run.info.run_id, "tables")}
    assert tables == {"tables/gap.csv", "tables/claims.parquet"}
    assert json.loads(run.data.tags["mlflow.loggedArtifacts"])[0]["path"] == "claims.json"
    assert "| C1 | **supported** | It reads any length. |" in run.data.tags["mlflow.note.content"]


def test_hidden_files_in_its_folders_are_not_logged(plan: Plan, report: list[Path]) -> None:
    for folder in report[1:3]:
        (folder / ".snakemake_timestamp").touch()
    track(replace(plan, report=report))
    (run,) = reports(plan)
    client = MlflowClient(Store.of(plan.tracking, plan.paths).uri)
    figures = {file.path for file in client.list_artifacts(run.info.run_id, "figures")}
    assert figures == {"figures/gap.svg"}


def test_claims_are_metrics(plan: Plan, report: list[Path]) -> None:
    track(replace(plan, report=report))
    (run,) = reports(plan)
    claims = {name: each for name, each in run.data.metrics.items() if name.startswith("claims/")}
    assert claims == {
        "claims/C1 verdict": 1.0,
        "claims/C1 effect": 0.4,
        "claims/C1 effect low": 0.3,
        "claims/C1 effect high": 0.5,
        "claims/C3 verdict": 0.0,
        "claims/C3 effect": -0.1,
        "claims/C3 effect low": -0.2,
        "claims/C3 effect high": 0.1,
    }


def test_the_claims_of_every_verdict_are_counted(plan: Plan, report: list[Path]) -> None:
    claims = read_table(report[-1])
    more = claims.iloc[[0, 0, 0]].assign(
        id=["C7", "C8", "C9"], verdict=["depends", "by construction", "supported"]
    )
    write_table(report[-1], pd.concat([claims, more]))
    track(replace(plan, report=report))
    (run,) = reports(plan)
    counts = {name: each for name, each in run.data.metrics.items() if name.startswith("verdicts/")}
    assert counts == {
        "verdicts/supported": 2.0,
        "verdicts/contradicted": 0.0,
        "verdicts/depends": 1.0,
        "verdicts/by construction": 1.0,
        "verdicts/not tested": 1.0,
        "verdicts/inconclusive": 1.0,
    }
    assert "claims/C7 verdict" not in run.data.metrics


def test_it_ends_when_the_report_was_written(plan: Plan, report: list[Path]) -> None:
    track(replace(plan, report=report[:1]))
    (run,) = reports(plan)
    assert run.info.end_time == 1_800_000_000_000


def test_the_answers_to_two_configurations_stand_side_by_side(
    plan: Plan, report: list[Path]
) -> None:
    track(replace(plan, report=report))
    longer = {**plan.configuration, "evaluation": {"lengths": [99], "sequences": 1}}
    track(replace(plan, report=report, configuration=longer))
    track(replace(plan, report=report))
    assert [run.data.tags["state"] for run in reports(plan)] == ["current", "current"]


def test_a_new_report_of_a_configuration_supersedes_the_old_one(
    plan: Plan, report: list[Path]
) -> None:
    track(replace(plan, report=report))
    report[0].write_text("better")
    track(replace(plan, report=report))
    assert sorted(run.data.tags["state"] for run in reports(plan)) == ["current", "superseded"]


def test_without_a_report_there_is_no_run_of_it(plan: Plan) -> None:
    track(plan)
    assert reports(plan) == []


def test_a_report_without_claims_is_logged_as_it_is(plan: Plan, report: list[Path]) -> None:
    track(replace(plan, report=report[:3]))
    (run,) = reports(plan)
    assert run.data.metrics == {}


def test_a_missing_report_is_named(plan: Plan) -> None:
    with pytest.raises(RuntimeError, match=r"nowhere/report\.html"):
        track(replace(plan, report=[Path("nowhere/report.html")]))
