"""The files of all runs become tidy tables."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from timeshare.experiment import Condition
from timeshare.storage.files import write_json, write_table
from timeshare.training.collect import choices, collect, condition_table, labels
from timeshare.training.facts import condition_facts
from timeshare.training.model_factory import architecture_of

KEYS = ["task", "variant", "length", "truncation"]


def run_of(condition: Condition, **changes: Any) -> dict[str, Any]:
    """What `run.json` of a condition says."""
    return {
        "facts": condition_facts(condition, architecture_of(condition)),
        "diverged": [None] * len(condition.members),
        "seconds": 8.0,
        "started": "2020-01-01T00:00:00.000+00:00",
        "finished": "2020-01-01T00:00:08.000+00:00",
        "digest": condition.digest(),
    } | changes


def scores_of(condition: Condition) -> pd.DataFrame:
    """A row for each member, split and selection; the score is the learning rate."""
    rows = [
        member.model_dump()
        | dict(zip(KEYS, (condition.task, condition.variant, condition.length, 3), strict=True))
        | {"split": split, "selection": selection}
        | {"score": member.learning_rate + member.seed, "loss": 0.5, "chosen": member.seed == 0}
        for member in condition.members
        for split in ("train", "validation", "test")
        for selection in ("last", "best")
    ]
    return pd.DataFrame(rows)


def test_a_condition_has_one_row_with_the_facts_of_its_task_and_variant(
    conditions: dict[str, Condition],
) -> None:
    table = condition_table([run_of(condition) for condition in conditions.values()])
    assert len(table) == len(conditions)
    assert not table.duplicated(KEYS).any()
    drift = table[table["task"] == "drift"]
    assert set(drift["rule_change_rate"]) == {1.0}
    assert not drift["continues"].any()
    assert table[table["task"] == "parity"]["memoryless_score"].notna().all()
    assert drift["memoryless_score"].isna().all()


def test_diverged_members_are_counted(condition: Condition) -> None:
    diverged = [None, 3, 0, *[None] * (len(condition.members) - 3)]
    table = condition_table([run_of(condition, diverged=diverged)])
    assert table["diverged"].tolist() == [2]


def test_a_fact_that_no_task_of_the_experiment_has_is_missing_and_still_a_number(
    condition: Condition,
) -> None:
    table = condition_table([run_of(condition)])
    assert table["memoryless_score"].dtype == np.float64
    assert table["memoryless_score"].isna().all()


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        ([("a", "shared", True, "own"), ("b", "soft", True, "own")], ["shared", "soft"]),
        ([("a", "soft", True, "own"), ("b", "soft", True, "own")], ["a", "b"]),
        ([("a", "shared", True, "own"), ("b", "shared", True, "matched")], ["shared", "b"]),
        ([("a", "shared", True, "own"), ("b", "shared", False, "own")], ["shared", "b"]),
    ],
)
def test_a_variant_is_called_by_its_schedule_where_no_other_has_it(
    variants: list[tuple[str, str, bool, str]], expected: list[str]
) -> None:
    columns = ["variant", "schedule", "plain", "width"]
    table = pd.DataFrame(variants, columns=columns).assign(cell="gru")
    assert labels(table).tolist() == expected


def test_the_time_of_a_condition_is_shared_by_its_learning_rates(condition: Condition) -> None:
    scores, conditions = scores_of(condition), condition_table([run_of(condition)])
    table = choices(scores, conditions)
    groups = table.groupby(["selection"])["seconds"].sum()
    assert groups.to_dict() == pytest.approx({"last": 8.0, "best": 8.0})
    assert (table["members"] == len(condition.seeds)).all()
    mean = float(np.mean(condition.seeds))
    assert table["score"].tolist() == pytest.approx((table["learning_rate"] + mean).tolist())


def test_tables_join_the_files_in_the_order_of_their_paths(
    tmp_path: Path, conditions: dict[str, Condition]
) -> None:
    runs, evaluations = [], []
    for name, condition in conditions.items():
        run, evaluation = tmp_path / "runs" / name, tmp_path / "evaluations" / name
        write_json(run / "run.json", run_of(condition))
        write_table(run / "history.parquet", pd.DataFrame({"id": [name]}))
        write_table(evaluation / "scores.parquet", scores_of(condition))
        write_table(evaluation / "positions.parquet", pd.DataFrame({"id": [name]}))
        runs.append(run)
        evaluations.append(evaluation)
    tables = collect(reversed(runs), reversed(evaluations))
    assert tables.keys() == {"scores", "positions", "curves", "conditions", "choices"}
    ordered = sorted(conditions, key=Path)
    assert tables["curves"]["id"].tolist() == ordered
    assert tables["positions"]["id"].tolist() == ordered
    assert len(tables["conditions"]) == len(conditions)
    assert len(tables["scores"]) == sum(len(scores_of(each)) for each in conditions.values())
