"""The sentences follow the tables, whichever way they point."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from tests.report.conftest import findings, results_of, sharing_loses, sharing_wins, tables_of
from timeshare.analysis.estimates import estimate
from timeshare.report import drawing, wording
from timeshare.report.differences import FEWEST, differences, tally
from timeshare.report.findings import Finding
from timeshare.report.palette import Palette
from timeshare.report.results import Results, common_size
from timeshare.report.sections import sections


@pytest.fixture(scope="module")
def wins(winning: Results) -> dict[str, Finding]:
    return findings(winning)


@pytest.fixture(scope="module")
def loses(losing: Results) -> dict[str, Finding]:
    return findings(losing)


def test_the_gap_is_told_in_the_direction_it_has(
    wins: dict[str, Finding], loses: dict[str, Finding]
) -> None:
    assert "the unshared gap lies above the shared one" in wins["gap"].sentence
    assert "the unshared gap lies below the shared one" in loses["gap"].sentence


def test_unseen_lengths_are_told_in_the_direction_they_have(
    wins: dict[str, Finding], loses: dict[str, Finding]
) -> None:
    assert "shared lies above unshared by 0.90" in wins["lengths"].sentence
    assert "shared lies below unshared by 0.90" in loses["lengths"].sentence


def test_equal_schedules_do_not_differ_clearly() -> None:
    equal = findings(results_of(tables_of(lambda row: 0.5)))
    assert "do not differ clearly" in equal["lengths"].sentence


def test_the_bottom_line_counts_tasks_on_either_side(winning: Results, losing: Results) -> None:
    fewest = [
        tally(table[table["series"] == FEWEST], 0.05)
        for table in (differences(winning), differences(losing))
    ]
    assert fewest == [
        "shared weights are better on 3 of 3 tasks",
        "unshared weights are better on 3 of 3 tasks",
    ]


def test_random_labels_count_only_as_memorisation(
    winning: Results, wins: dict[str, Finding]
) -> None:
    assert "labels" not in set(differences(winning)["task"])
    assert "labels" in set(wins["memorisation"].table["task"])


def test_a_changing_rule_is_not_asked_past_what_was_trained(wins: dict[str, Finding]) -> None:
    assert set(wins["lengths"].table["task"]) == {"parity", "drift-0"}


def test_schedules_are_compared_at_equal_width(wins: dict[str, Finding]) -> None:
    assert "wide" not in set(wins["lengths"].table["variant"])
    assert "wide" in set(wins["equal-parameters"].table["variant"])


def test_a_missing_figure_says_what_to_add(winning: Results) -> None:
    missing = [line for each in sections(winning) for line in each.missing]
    assert any("keyword" in line for line in missing)
    assert any("snakemake cost" in line for line in missing)


def test_one_task_alone_still_makes_every_section(winning: Results) -> None:
    tables = winning.evidence.tables
    scores = tables.scores
    few = scores[(scores["task"] == "parity") & (scores["variant"] == "shared")]
    alone = replace(tables, scores=few, positions=tables.positions.head(0))
    assert len(sections(results_of(alone))) == len(sections(winning))


def test_one_unit_has_no_interval() -> None:
    assert wording.spoken(estimate([0.3])) == "0.30 (one rule or seed)"


def test_variants_are_compared_at_a_train_size_they_share() -> None:
    rows = [("a", 32), ("a", 512), ("a", 2048), ("b", 32), ("b", 512)]
    table = pd.DataFrame(rows, columns=["variant", "train_size"]).assign(task="t", length=8)
    assert set(common_size(table)["train_size"]) == {512}


@pytest.mark.parametrize(
    ("value", "said"),
    [(950, "950"), (12_400, "12.4k"), (3_100_000, "3.1M"), (0.25, "0.25"), (2e9, "2G")],
)
def test_counts_are_short(value: float, said: str) -> None:
    assert wording.compact(value) == said


def test_no_negative_zero_is_said() -> None:
    assert wording.decimal(-0.001) == "0.00"


def test_variants_and_truncations_are_compared_at_a_train_size_they_share() -> None:
    rows = [(1, 512), (4, 512), (16, 512), (16, 2048)]
    table = pd.DataFrame(
        [(name, *row) for name in ("a", "b") for row in rows],
        columns=["variant", "truncation", "train_size"],
    ).assign(task="t", length=16)
    kept = common_size(table, ("variant", "truncation"))
    assert set(kept["train_size"]) == {512}
    assert set(kept["truncation"]) == {1, 4, 16}


def test_truncation_is_told_by_what_it_changes(winning: Results, wins: dict[str, Finding]) -> None:
    tables = winning.evidence.tables
    same = wins["truncation"].sentence
    assert same.startswith("Truncation changes the score by less than 0.05 on")
    assert f"{wording.quoted('drift')} with K=2" in same
    cut = tables.scores["truncation"] < tables.scores["length"]
    lost = tables.scores.assign(score=tables.scores["score"].where(~cut, 0.0))
    worse = findings(results_of(replace(tables, scores=lost)))["truncation"].sentence
    assert f"On {wording.quoted('parity')}, K=2 instead of 16 changes the score by" in worse
    assert "\N{MINUS SIGN}0.95" in worse


def test_variants_of_one_schedule_are_drawn_apart() -> None:
    rows = [("unshared", "unshared"), ("narrow", "unshared"), ("shared", "shared")]
    table = pd.DataFrame(rows, columns=["label", "schedule"]).assign(cell="lstm")
    found = drawing.ranked(table).sort_values(["schedule", "rank"])
    assert list(zip(found["label"], found["rank"], strict=True)) == [
        ("shared", 0),
        ("unshared", 0),
        ("narrow", 1),
    ]
    strokes = [
        Palette().stroke(row["schedule"], row["cell"], row["rank"])
        for row in found.to_dict("records")
    ]
    assert strokes[1]["linestyle"] != strokes[2]["linestyle"]
    assert strokes[1]["markerfacecolor"] != strokes[2]["markerfacecolor"]


def test_a_task_that_points_elsewhere_is_named() -> None:
    def mixed(row: Mapping[str, Any]) -> float:
        return sharing_loses(row) if row["task"] == "parity" else sharing_wins(row)

    said = findings(results_of(tables_of(mixed)))["gap"].sentence
    assert f"(but below it on {wording.quoted('parity')})" in said
