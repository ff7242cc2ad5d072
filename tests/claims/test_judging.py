"""The tables of claims and outcomes, and the thresholds that the claims are judged by."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.analysis.synthetic import FAST, TASKS, at, trained, unseen
from timeshare.analysis.tables import Tables
from timeshare.claims.judging import claims, judge
from timeshare.experiment.thresholds import Thresholds


def test_the_order_of_rows_does_not_matter() -> None:
    tables = unseen(1.0, 0.5)
    shuffled = Tables(
        *(
            table.sample(frac=1, random_state=0)
            for table in (tables.scores, tables.positions, tables.conditions)
        )
    )
    expected = judge(tables, FAST)
    assert all(table.equals(expected[name]) for name, table in judge(shuffled, FAST).items())


def test_the_table_has_a_row_for_every_claim() -> None:
    tables = trained(at(shared=0.5, unshared=0.9), ["parity", "drift"])
    found = judge(tables, FAST)
    table, outcomes = found["claims"], found["outcomes"]
    assert table["id"].tolist() == list(claims())
    columns = ["title", "argument", "estimand", "rule", "section", "verdict", "sentence"]
    assert (table[columns] != "").all(axis=None)
    assert not table["rule"].str.contains("[{}]").any()
    assert not table["estimand"].str.contains("[{}]").any()
    untested = table["verdict"] == "not tested"
    assert table.loc[~untested, ["effect", "low", "high", "threshold"]].notna().all(axis=None)
    assert (table.loc[untested, "missing"] != "").all()
    last = table.set_index("id").loc["C14"]
    assert last["verdict"] == "supported" and last["n"] == 10
    assert outcomes.loc[outcomes["id"] == "C14", "effect"].iloc[0] == last["effect"]
    assert set(outcomes["id"]) == set(table.loc[~untested, "id"])


def test_tables_are_read_from_files(tmp_path: Any) -> None:
    tables = trained(at(shared=0.5, unshared=0.9), list(TASKS), seeds=2)
    names = ("scores", "positions", "conditions")
    for name in names:
        getattr(tables, name).to_parquet(tmp_path / f"{name}.parquet")
    read = Tables.read({name: tmp_path / f"{name}.parquet" for name in names})
    for name, table in judge(read, FAST).items():
        assert table.equals(judge(tables, FAST)[name])


def test_thresholds_are_checked() -> None:
    with pytest.raises(ValidationError, match="resamples"):
        Thresholds(resamples=100)
    with pytest.raises(ValidationError, match="did you mean 'margin'"):
        Thresholds.model_validate({"margins": 0.1})
    assert all(field.description for field in Thresholds.model_fields.values())
