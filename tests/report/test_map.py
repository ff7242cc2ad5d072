"""The map, the contestants and the groups of tasks, whichever way the tables point."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from tests.analysis.synthetic import Score, at, trained
from tests.report.conftest import results_of
from timeshare.analysis.comparison import Side, side
from timeshare.analysis.statistics import Estimate
from timeshare.report.differences import FEWEST, MOST, by_group, differences
from timeshare.report.figures._efficient import efficient
from timeshare.report.figures.bottom_line import BottomLine
from timeshare.report.figures.connected import Connected
from timeshare.report.figures.contestants import Contestants
from timeshare.report.figures.rate_map import RateMap
from timeshare.report.palette import Canvas
from timeshare.report.regions import by_change, map_cells, map_rows
from timeshare.report.results import PAIR, Results
from timeshare.report.sides import CHANGES, REAL, STAYS

RATES = {"drift-0": 0.0, "drift-25": 0.25, "drift-50": 0.5, "drift": 1.0}


def of(score: Score, **options: Any) -> Results:
    chosen: dict[str, Any] = {"train_sizes": (32, 512), "seeds": 6, "spread": 0.003}
    variants = ["shared", "unshared", "soft", "wide"]
    return results_of(trained(score, list(RATES), variants, [12], **(chosen | options)))


def crossing(row: Mapping[str, Any]) -> float:
    """Shared weights lose with the rate what unshared ones keep."""
    return 0.9 - 0.5 * RATES[row["task"]] if row["schedule"] == "shared" else 0.6


def against(row: Mapping[str, Any]) -> float:
    return 1.5 - crossing(row) if row["schedule"] == "shared" else 0.9


def better(shared: float, unshared: float) -> Score:
    return lambda row: shared if row["schedule"] == "shared" else unshared


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (
            crossing,
            "Of 8 cells, shared weights are better in 6 and unshared weights are better in 2 "
            "(where it changes much)",
        ),
        (better(0.9, 0.5), "Of 8 cells, shared weights are better in 8, the other never"),
        (better(0.5, 0.9), "Of 8 cells, unshared weights are better in 8, the other never"),
        (better(0.7, 0.7), "Neither is better anywhere on the map"),
        (
            against,
            "Of 8 cells, shared weights are better in 2 (where it changes much) and unshared "
            "weights are better in 6",
        ),
        (
            lambda row: better(0.9, 0.5)(row) if row["train_size"] == 32 else 0.7,
            "Of 8 cells, shared weights are better in 4 (with the fewest sequences), the other "
            "never",
        ),
    ],
)
def test_the_map_says_who_wins_where(score: Score, said: str) -> None:
    finding = RateMap().finding(of(score))
    assert finding is not None
    assert finding.title == said


def test_a_map_of_noise_cannot_tell() -> None:
    finding = RateMap().finding(of(better(0.7, 0.7), spread=0.6, seeds=8))
    assert finding is not None
    assert finding.title == "The map cannot tell yet"


def test_one_rate_or_one_train_size_is_no_map() -> None:
    assert RateMap().finding(of(crossing, train_sizes=(512,))) is None


def test_networks_that_beat_both_are_named_in_their_cells_alone() -> None:
    def score(row: Mapping[str, Any]) -> float:
        ahead = row["schedule"] == "soft" and row["task"] == "drift-50"
        return 0.9 if ahead else 0.6

    finding = RateMap().finding(of(score))
    assert finding is not None
    table = finding.table.set_index(["rule_change_rate", "train_size"])["ahead"]
    assert table[0.5, 512] == "soft" and table[0.0, 512] == ""
    written = [text.get_text() for axis in finding.draw(Canvas(1)).axes for text in axis.texts]
    assert sum("soft ahead" in text for text in written) == 2


def test_who_is_better_is_said_where_the_rule_stays_changes_little_and_much() -> None:
    results = of(crossing)
    table = map_cells(results, map_rows(results))
    assert by_change(table, 0.05) == (
        "In the map, with few and with many training sequences shared weights are better where the "
        "rule stays or changes little, now shared ones better, now unshared ones where it changes "
        "much."
    )


def test_the_best_of_a_cell_are_those_within_the_margin() -> None:
    finding = RateMap().finding(of(crossing))
    assert finding is not None
    table = finding.table.set_index(["rule_change_rate", "train_size"])["best"]
    assert set(table[0.0, 512].split(", ")) == {"shared", "wide"}
    assert set(table[1.0, 512].split(", ")) == {"unshared", "soft"}


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (0.01, 0.2, Side.UNSHARED),
        (-0.2, -0.01, Side.SHARED),
        (-0.04, 0.04, Side.SAME),
        (0.01, 0.04, Side.SAME),
        (-0.59, 0.01, Side.OPEN),
        (float("nan"), float("nan"), Side.OPEN),
    ],
)
def test_about_the_same_is_said_of_intervals_within_the_margin_alone(
    low: float, high: float, found: Side
) -> None:
    assert side(Estimate((low + high) / 2, low, high, 5), 0.05) is found


def grouped() -> Results:
    def score(row: Mapping[str, Any]) -> float:
        return better(0.9, 0.5)(row) if row["task"] == "parity" else better(0.5, 0.9)(row)

    sizes = (27, 216)
    return results_of(trained(score, ["vowels", "drift", "drift-25", "parity"], train_sizes=sizes))


def test_tasks_come_in_groups_and_rates_in_their_order() -> None:
    table = differences(grouped())
    assert list(dict.fromkeys(table["group"])) == [STAYS, CHANGES, REAL]
    changing = table[table["group"] == CHANGES]
    assert list(dict.fromkeys(changing["task"])) == ["drift-25", "drift"]
    assert set(table["series"]) == {MOST, FEWEST}
    found = by_group(grouped(), MOST)
    assert found[STAYS].effect < 0 < found[CHANGES].effect


def test_the_headline_of_the_tasks_counts_them() -> None:
    finding = BottomLine().finding(grouped())
    assert finding is not None
    assert finding.title == (
        "Given the most training sequences, shared weights are better on 1 of 4 tasks; unshared "
        "weights are better on 3"
    )


def test_only_what_no_cheaper_one_equals_is_efficient() -> None:
    rows = [("a", 1, 0.5), ("b", 2, 0.4), ("c", 2, 0.7), ("d", 3, 0.7), ("e", None, 0.9)]
    table = pd.DataFrame(rows, columns=["label", "parameters", "score"])
    assert [row["label"] for row in efficient(table, "parameters", "score")] == ["a", "c"]
    table["gap"] = table["score"]
    assert [row["label"] for row in efficient(table, "parameters", "gap")] == ["a", "b"]


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (
            crossing,
            "Where the rule stays, none is clearly better than the shared network; where it "
            "changes, ",
        ),
        (better(0.5, 0.9), "Where the rule stays, "),
    ],
)
def test_contestants_are_compared_with_the_shared_network(score: Score, said: str) -> None:
    finding = Contestants().finding(of(score))
    assert finding is not None
    assert finding.title.startswith(said)
    table = finding.table
    shared = table[table["reference"]]
    assert set(shared["score"]) == {0.0}
    assert set(shared["parameters"]) == {1.0}
    assert set(table.loc[table["label"] == "unshared", "parameters"].round(6)) == {12.0}
    assert table["flops"].isna().all()
    assert "training operations" not in finding.sentence


def test_operations_are_those_of_an_update_times_the_updates_made() -> None:
    results = of(crossing)
    keys = results.conditions[["task", "variant", "length", "truncation"]]
    each = results.conditions["parameters"]
    quality = keys.assign(unit=0, train_size=512, level=0.9, updates=10, flops=each * 10)
    finding = Contestants().finding(results_of(results.evidence.tables, cost={"quality": quality}))
    assert finding is not None
    table = finding.table
    assert (table["flops"] / table["parameters"]).round(6).eq(1).all()
    assert "12 times the training operations" in finding.sentence


@pytest.mark.parametrize(
    ("connected", "said"), [(0.9, "higher"), (0.2, "lower"), (0.5, "about the same")]
)
def test_a_fully_connected_network_is_held_against_the_unshared_one(
    connected: float, said: str
) -> None:
    tables = trained(at(mlp=connected, unshared=0.5, shared=0.7), ["recall"], ["mlp", *PAIR])
    finding = Connected().finding(results_of(tables))
    assert finding is not None
    assert said in finding.title
    assert set(finding.table["schedule"]) == {"mlp", *PAIR}
    alone = trained(at(mlp=connected), ["recall"], ["mlp"])
    assert Connected().finding(results_of(alone)) is None


def test_with_many_sequences_places_are_named_once_and_what_is_left_is_elsewhere() -> None:
    ends = {"shared": (-0.4, -0.2), "same": (-0.01, 0.01), "open": (-0.1, 0.2), "un": (0.1, 0.3)}
    cells = [
        (0.0, 32, "shared"), (0.1, 32, "shared"), (1.0, 32, "un"),
        (0.0, 512, "same"), (0.1, 512, "open"), (1.0, 512, "un"),
    ]  # fmt: skip
    table = pd.DataFrame(
        [
            {"rule_change_rate": rate, "train_size": size, "units": 12}
            | {"effect": sum(ends[kind]) / 2, "low": ends[kind][0], "high": ends[kind][1]}
            for rate, size, kind in cells
        ]
    )
    assert by_change(table, 0.05) == (
        "In the map, with few training sequences shared weights are better where the rule stays or "
        "changes little, unshared ones better where it changes much. With many, neither is clearly "
        "better where it stays or changes little, unshared ones better elsewhere."
    )
