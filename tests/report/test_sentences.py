"""The sentences follow the tables, whichever way they point."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.report.conftest import sharing_loses, sharing_wins, tables_of
from timeshare.experiment import Experiment
from timeshare.report import drawing, wording
from timeshare.report.answer import answer
from timeshare.report.build import sections
from timeshare.report.estimates import Estimate, estimate, estimates, pooled
from timeshare.report.figures import bottom_line
from timeshare.report.findings import Finding
from timeshare.report.tables import Tables, common_size


def findings(tables: Tables) -> dict[str, Finding]:
    return {each.name: each for section in sections(tables) for each in section.findings}


@pytest.fixture(scope="module")
def wins(experiment: Experiment) -> dict[str, Finding]:
    return findings(tables_of(experiment, sharing_wins))


@pytest.fixture(scope="module")
def loses(experiment: Experiment) -> dict[str, Finding]:
    return findings(tables_of(experiment, sharing_loses))


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


def test_equal_schedules_do_not_differ_clearly(experiment: Experiment) -> None:
    equal = findings(tables_of(experiment, lambda *factors: 0.5))
    assert "do not differ clearly" in equal["lengths"].sentence


def test_the_bottom_line_counts_tasks_on_either_side(experiment: Experiment) -> None:
    table = bottom_line.differences(tables_of(experiment, sharing_wins))
    assert "higher than shared ones on 0, clearly lower on 3" in bottom_line.tally(
        table, bottom_line.FEWEST
    )
    table = bottom_line.differences(tables_of(experiment, sharing_loses))
    assert "higher than shared ones on 3, clearly lower on 0" in bottom_line.tally(
        table, bottom_line.FEWEST
    )


def test_random_labels_count_only_as_memorisation(experiment: Experiment) -> None:
    tables = tables_of(experiment, sharing_wins)
    assert "labels" not in set(bottom_line.differences(tables)["task"])
    assert "labels" in set(findings(tables)["memorisation"].table["task"])


def test_a_changing_rule_is_not_asked_past_what_was_trained(wins: dict[str, Finding]) -> None:
    assert set(wins["lengths"].table["task"]) == {"parity", "drift-0"}


def test_schedules_are_compared_at_equal_width(wins: dict[str, Finding]) -> None:
    assert "wide" not in set(wins["lengths"].table["variant"])
    assert "wide" in set(wins["equal-parameters"].table["variant"])


def test_a_missing_theme_says_what_to_add(experiment: Experiment) -> None:
    missing = [
        line for each in sections(tables_of(experiment, sharing_wins)) for line in each.missing
    ]
    assert any("keyword" in line for line in missing)
    assert any("snakemake cost" in line for line in missing)


def test_one_task_alone_still_makes_every_section(experiment: Experiment) -> None:
    tables = tables_of(experiment, sharing_wins)
    few = tables.scores[(tables.scores["task"] == "parity") & (tables.scores["variant"] == "one")]
    alone = Tables(few, tables.positions.head(0), tables.curves, tables.conditions, tables.choices)
    assert len(sections(alone)) == 8


def test_without_claims_the_answer_is_computed_from_the_scores(experiment: Experiment) -> None:
    table = bottom_line.differences(tables_of(experiment, sharing_wins))
    assert "clearly lower on 2" in answer(None, table)[0]


def test_an_interval_covers_zero_or_not() -> None:
    assert estimate([0.1, 0.11, 0.12]).clear
    assert not estimate([-0.1, 0.11, 0.02]).clear
    assert not estimate([0.3]).clear


def test_tasks_that_differ_do_not_widen_the_interval() -> None:
    rows = [(task, seed, value) for task, value in (("a", 1.0), ("b", 0.0)) for seed in range(4)]
    each = pd.DataFrame(rows, columns=["task", "seed", "difference"])
    assert pooled(each) == Estimate(0.5, 0.5, 0.5, 8)


def test_one_seed_has_no_interval() -> None:
    assert wording.spoken(estimate([0.3])) == "0.30 (one seed)"


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


def test_truncation_is_told_by_what_it_changes(experiment: Experiment) -> None:
    tables = tables_of(experiment, sharing_wins)
    same = findings(tables)["truncation"].sentence
    assert same.startswith("Truncation changes the score by less than 0.05 on drift-0 with K=2")
    cut = tables.scores["truncation"] < tables.scores["length"]
    lost = tables.scores.assign(score=tables.scores["score"].where(~cut, 0.0))
    worse = findings(replace(tables, scores=lost))["truncation"].sentence
    assert "On parity, K=2 instead of 16 changes the score by" in worse
    assert "\N{MINUS SIGN}0.95" in worse


def test_an_interval_of_scores_ends_at_what_is_perfect() -> None:
    table = pd.DataFrame({"task": "t", "seed": range(4), "score": [1.0, 1.0, 0.9, 0.97]})
    assert estimates(table, ["task"])["high"].item() == 1.0
    gaps = table.assign(gap=table["score"])
    assert estimates(gaps, ["task"], "gap")["high"].item() > 1.0


def test_variants_of_one_schedule_are_drawn_apart() -> None:
    rows = [("unshared", "unshared"), ("narrow", "unshared"), ("shared", "shared")]
    table = pd.DataFrame(rows, columns=["label", "schedule"]).assign(cell="lstm")
    found = drawing.entries(drawing.ranked(table))
    assert [(each.label, each.rank) for each in found] == [
        ("shared", 0), ("unshared", 0), ("narrow", 1),
    ]  # fmt: skip
    strokes = [drawing.stroke(each.schedule, each.cell, each.rank) for each in found]
    assert strokes[1]["linestyle"] != strokes[2]["linestyle"]
    assert strokes[1]["markerfacecolor"] != strokes[2]["markerfacecolor"]


def test_a_task_that_points_elsewhere_is_named(experiment: Experiment) -> None:
    def mixed(task: str, schedule: str, size: int, length: int) -> float:
        truth = sharing_loses if task == "parity" else sharing_wins
        return truth(task, schedule, size, length)

    assert "(but below it on parity)" in findings(tables_of(experiment, mixed))["gap"].sentence
