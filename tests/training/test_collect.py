"""The files of all runs become tidy tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.conftest import small, with_setting
from timeshare.analysis.contracts import checked
from timeshare.experiment import Condition, Experiment, Member, expand
from timeshare.experiment.titles import titles
from timeshare.storage.files import write_json, write_table
from timeshare.tasks.base import Split
from timeshare.training.collect import choices, collect, condition_table, labels
from timeshare.training.history import Point, member_table
from timeshare.training.run_files import history_of, run_facts
from timeshare.training.train import Trained, TrainedMembers

KEYS = ["task", "variant", "length", "truncation"]
STARTED = "2020-01-01T00:00:00.000+00:00"
TITLES = {
    "task": {"parity": "sum of bits", "drift": "changing machine"},
    "variant": {"shared": "one matrix", "unshared": "a matrix for each step"},
}
MARGIN = 0.05


def members_of(
    members: tuple[Member, ...], seconds: float, by_setting: Mapping[int, float]
) -> TrainedMembers:
    """Members that made 12 updates, whose score depends on their setting alone."""
    points = [
        Point(update, place, split, 0.5 + 0.5 * by_setting[member.setting or 0], 0.4, 0.5)
        for place, member in enumerate(members)
        for update in (0, 12)
        for split in (Split.TRAIN, Split.VALIDATION)
    ]
    count = len(members)
    stopped, out = [12] * count, [False] * count
    return TrainedMembers(members, {}, points, [None] * count, stopped, out, seconds, [])


def trained(condition: Condition, scores: Mapping[int, float] | None = None) -> Trained:
    """A condition whose second setting was chosen."""
    known = scores or {0: 0.3, 1: 0.9}
    best = max(known, key=known.__getitem__)
    reported = members_of(with_setting(condition, best), 8.0, known)
    search = members_of(condition.search_members, 6.0, known) if condition.searches else None
    return Trained(condition, search, reported)


def run_of(condition: Condition, **reported: Any) -> dict[str, Any]:
    """What `run.json` of a condition says; `reported` changes how its reported members fared."""
    facts = run_facts(trained(condition), STARTED)
    return facts | {"reported": facts["reported"] | reported}


def table_of(*runs: dict[str, Any]) -> pd.DataFrame:
    return condition_table(runs, TITLES)


def test_a_condition_has_one_row_with_the_facts_of_its_task_and_variant(
    conditions: dict[str, Condition],
) -> None:
    table = table_of(*(run_of(condition) for condition in conditions.values()))
    assert len(table) == len(conditions)
    assert not table.duplicated(KEYS).any()
    drift = table[table["task"] == "drift"]
    assert set(drift["rule_change_rate"]) == set(drift["rule_change_measured"]) == {1.0}
    assert not drift["continues"].any()
    assert drift["random_rule"].all()
    assert table[table["task"] == "parity"]["memoryless_score"].notna().all()
    assert drift["memoryless_score"].isna().all()
    assert (table["units"] == 2).all()


def test_a_condition_has_the_titles_of_its_task_and_variant(
    conditions: dict[str, Condition],
) -> None:
    table = table_of(*(run_of(condition) for condition in conditions.values()))
    for kind in ("task", "variant"):
        found = dict(zip(table[kind], table[f"{kind}_title"], strict=True))
        assert found == TITLES[kind]


def test_the_share_of_the_rule_that_really_changes_is_a_mean_over_rules() -> None:
    content = small(tasks={"drift": {"parameters": {"states": 3, "change": 0.3}}})
    content["sweeps"]["main"]["tasks"] = ["drift"]
    condition = expand(Experiment.parse(content))["drift/shared/length-10/truncation-full"]
    task = condition.build_task()
    shares = [task.of_rule(rule).share_changed(10) for rule in (0, 1)]
    assert shares[0] != shares[1]
    row = table_of(run_of(condition)).iloc[0]
    assert row["rule_change_rate"] == 0.3
    assert row["rule_change_measured"] == pytest.approx(sum(filter(None, shares)) / 2)


def test_diverged_members_are_counted(condition: Condition) -> None:
    diverged = [None, 3, 0, *[None] * (len(condition.members) - 3)]
    assert table_of(run_of(condition, diverged=diverged))["diverged"].tolist() == [2]


def test_the_share_that_was_trained_out_is_missing_where_all_updates_are_made(
    condition: Condition,
) -> None:
    fixed = table_of(run_of(condition, trained_out=[True, False, False, False]))
    assert fixed["trained_out"].isna().all()
    assert fixed["trained_out"].dtype == np.float64
    content = small()
    content["training"]["updates"] = {"least": 4, "most": 12, "patience": 4}
    by_itself = expand(Experiment.parse(content))[condition.id]
    table = table_of(run_of(by_itself, trained_out=[True, False, True, True]))
    assert table["trained_out"].tolist() == [0.75]
    assert table["updates"].tolist() == [12]


def test_updates_and_seconds_of_search_and_reported_members_are_apart(
    condition: Condition,
) -> None:
    row = table_of(run_of(condition, updates=[4, 8, 12, 12])).iloc[0]
    assert (row["members"], row["updates_made"], row["seconds"]) == (4, 36, 8.0)
    searched = (row["search_members"], row["search_updates_made"], row["search_seconds"])
    assert searched == (4, 48, 6.0)
    one = condition.model_copy(update={"settings": condition.settings[:1]})
    row = table_of(run_facts(trained(one, {0: 0.5}), STARTED)).iloc[0]
    assert row[["search_members", "search_updates_made", "search_seconds"]].tolist() == [0, 0, 0]


def test_a_fact_that_no_task_of_the_experiment_has_is_missing_and_still_a_number(
    condition: Condition,
) -> None:
    table = table_of(run_of(condition))
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


def choices_of(condition: Condition, scores: Mapping[int, float] | None = None) -> pd.DataFrame:
    run = trained(condition, scores)
    return choices(history_of(run), [run_facts(run, STARTED)], MARGIN)


def test_every_setting_has_a_row_for_each_train_size(condition: Condition) -> None:
    table = choices_of(condition)
    assert table[["train_size", "setting"]].to_numpy().tolist() == [
        [16, 0],
        [16, 1],
        [40, 0],
        [40, 1],
    ]
    assert table["learning_rate"].tolist() == [0.01, 0.002] * 2
    assert table["weight_decay"].tolist() == [0.0, 0.1] * 2
    assert table["score"].tolist() == pytest.approx([0.3, 0.9] * 2)
    assert table["members"].tolist() == [1] * 4
    assert table["chosen"].tolist() == [False, True] * 2
    checked("choices", table)


def test_the_time_of_a_search_is_shared_by_its_settings(condition: Condition) -> None:
    table = choices_of(condition)
    assert table["seconds"].sum() == pytest.approx(6.0)
    assert table["seconds"].tolist() == pytest.approx([1.5] * 4)


def test_a_strength_is_at_an_edge_only_where_the_schedule_ties_weights(
    condition: Condition,
) -> None:
    settings = tuple(
        setting.model_copy(update={"strength": strength})
        for setting, strength in zip(condition.settings, (0.1, 0.2), strict=True)
    )
    run = trained(condition.model_copy(update={"settings": settings}))
    known, facts = history_of(run), run_facts(run, STARTED)
    tied = {**facts, "facts": {**facts["facts"], "schedule_parameters": '{"strength": 0.1}'}}
    assert "strength" not in choices(known, [facts], MARGIN)["edge"].iloc[1]
    assert "strength" in choices(known, [tied], MARGIN)["edge"].iloc[1]


def test_only_what_was_chosen_can_be_at_an_edge(condition: Condition) -> None:
    table = choices_of(condition)
    assert table["edge"].tolist() == ["", "learning_rate, weight_decay"] * 2
    close = choices_of(condition, {0: 0.88, 1: 0.9})
    assert close["edge"].tolist() == [""] * 4


def test_a_condition_without_a_search_has_no_choices(condition: Condition) -> None:
    one = condition.model_copy(update={"settings": condition.settings[:1]})
    assert choices_of(one, {0: 0.5}).empty


def score_rows(condition: Condition) -> pd.DataFrame:
    return member_table(condition, with_setting(condition)).assign(score=0.5)


@pytest.fixture
def folders(tmp_path: Path, conditions: dict[str, Condition]) -> tuple[list[Path], list[Path]]:
    """The runs and evaluations of all conditions; those of `shared` are far from an edge."""
    runs, evaluations = [], []
    for name, condition in conditions.items():
        run, evaluation = tmp_path / "runs" / name, tmp_path / "evaluations" / name
        done = trained(condition, {0: 0.88, 1: 0.9} if condition.variant == "shared" else None)
        write_json(run / "run.json", run_facts(done, STARTED))
        write_table(run / "history.parquet", history_of(done))
        write_table(evaluation / "scores.parquet", score_rows(condition))
        for table in ("positions", "test_sequences"):
            write_table(evaluation / f"{table}.parquet", pd.DataFrame({"id": [name]}))
        runs.append(run)
        evaluations.append(evaluation)
    return runs, evaluations


def test_tables_join_the_files_in_the_order_of_their_paths(
    folders: tuple[list[Path], list[Path]], conditions: dict[str, Condition]
) -> None:
    runs, evaluations = folders
    tables = collect(reversed(runs), reversed(evaluations), TITLES, MARGIN)
    assert tables.keys() == {
        "scores",
        "positions",
        "test_sequences",
        "curves",
        "members",
        "conditions",
        "choices",
    }
    ordered = sorted(conditions, key=Path)
    assert tables["positions"]["id"].tolist() == ordered
    assert len(tables["conditions"]) == len(conditions)
    assert len(tables["choices"]) == 4 * len(conditions)
    assert len(tables["scores"]) == sum(len(score_rows(each)) for each in conditions.values())
    for name in ("conditions", "choices", "curves", "members"):
        checked(name, tables[name])


def test_a_condition_whose_choice_lies_at_an_edge_is_flagged(
    folders: tuple[list[Path], list[Path]],
) -> None:
    conditions = collect(*folders, TITLES, MARGIN)["conditions"]
    assert (conditions["edge"] == (conditions["variant"] == "unshared")).all()
    assert not collect(*folders, TITLES, 0.7)["conditions"]["edge"].any()


def test_an_experiment_without_searches_is_collected(
    tmp_path: Path, condition: Condition, experiment: Experiment
) -> None:
    one = condition.model_copy(update={"settings": condition.settings[:1]})
    done = trained(one, {0: 0.5})
    write_json(tmp_path / "run.json", run_facts(done, STARTED))
    write_table(tmp_path / "history.parquet", history_of(done))
    write_table(tmp_path / "scores.parquet", score_rows(one))
    for name in ("positions", "test_sequences"):
        write_table(tmp_path / f"{name}.parquet", pd.DataFrame({"id": ["x"]}))
    tables = collect([tmp_path], [tmp_path], titles(experiment), MARGIN)
    assert tables["choices"].empty
    assert tables["conditions"]["edge"].tolist() == [False]
    checked("conditions", tables["conditions"])
