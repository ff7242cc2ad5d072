"""The tables of claims and outcomes, and the thresholds that the claims are judged by."""

from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from tests.analysis.synthetic import FAST, TASKS, at, trained, unseen
from tests.claims.cases import CASES
from timeshare.analysis.contracts import checked
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import Tables
from timeshare.claims.judging import claims, judge
from timeshare.claims.outcomes import Verdict
from timeshare.experiment.thresholds import Thresholds
from timeshare.storage.files import write_table


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
    tables = CASES["C14"][Verdict.SUPPORTED](spread=0.01, seeds=12)
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
    assert last["verdict"] == "supported" and last["n"] == 12 and last["comparisons"] == 8
    assert last["smallest_effect"] > 0
    mine = outcomes[(outcomes["id"] == "C14") & (outcomes["kind"] == "primary")]
    assert last["effect"] in set(mine["effect"]) and len(mine) == 8
    assert set(table.loc[~untested, "id"]) <= set(outcomes["id"])


def test_the_tables_are_as_their_definitions_say() -> None:
    for name, table in judge(CASES["C14"][Verdict.DEPENDS](spread=0.01), FAST).items():
        pd.testing.assert_frame_equal(checked(name, table), table)


def test_the_comparisons_of_all_claims_share_the_error_rate() -> None:
    tables = CASES["C15"][Verdict.SUPPORTED](spread=0.01, seeds=12)
    both = judge(tables, FAST)
    claims_, outcomes = both["claims"].set_index("id"), both["outcomes"]
    # Six cells of the map count in two comparisons each, and C15 counts once in all.
    assert claims_.loc["C14", "comparisons"] == 12 and claims_.loc["C15", "comparisons"] == 1
    family = claims_["comparisons"].sum()
    row = outcomes[(outcomes["id"] == "C15") & (outcomes["kind"] == "primary")].iloc[0]
    claim, evidence = claims()["C15"], Evidence(tables, FAST)
    estimate = claim.measure(evidence)[0][0].estimate
    assert estimate is not None
    assert row["low"] == pytest.approx(estimate.end(1 - 0.05 / family, -1))
    assert row["high"] == pytest.approx(estimate.end(1 - 0.05 / family / 6, 1))


def test_secondary_outcomes_are_not_counted() -> None:
    tables = CASES["C14"][Verdict.SUPPORTED](spread=0.01)
    claim = claims()["C14"]
    found, _ = claim.measure(Evidence(tables, FAST))
    alone = [outcome for outcome in found if outcome.primary]
    assert len(alone) < len(found)
    assert claim.comparisons(found) == claim.comparisons(alone)


def test_an_undecided_claim_says_how_many_rules_would_decide_it() -> None:
    tables = CASES["C14"][Verdict.INCONCLUSIVE](spread=0.05, seeds=8)
    row = judge(tables, FAST)["claims"].set_index("id").loc["C14"]
    assert row["verdict"] == "inconclusive" and row["needed_units"] > 8
    assert "8 were measured" in row["sentence"]
    assert row["undecided"].startswith("rate")


def test_tables_are_read_from_files(tmp_path: Any) -> None:
    tables = trained(at(shared=0.5, unshared=0.9), [*TASKS][:8], seeds=2)
    names = ("scores", "positions", "conditions")
    for name in names:
        write_table(tmp_path / f"{name}.parquet", getattr(tables, name))
    read = Tables.read({name: tmp_path / f"{name}.parquet" for name in names})
    for name, table in judge(read, FAST).items():
        assert table.equals(judge(tables, FAST)[name])


def test_thresholds_are_checked() -> None:
    with pytest.raises(ValidationError, match="margin"):
        Thresholds(margin=-1)
    with pytest.raises(ValidationError, match="did you mean 'margin'"):
        Thresholds.model_validate({"margins": 0.1})
    assert all(field.description for field in Thresholds.model_fields.values())
