"""The sentences of the cost study follow its tables, whichever way they point."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from tests.report.conftest import results_of
from timeshare.report.figures._updates import over_schedules
from timeshare.report.figures.quality import Quality
from timeshare.report.figures.samples import Samples
from timeshare.report.findings import Finding
from timeshare.report.palette import Canvas
from timeshare.report.results import Results

KEYS = {"task": "parity", "length": 16, "truncation": 16}


def medians() -> pd.DataFrame:
    known = {
        ("parity", "shared"): 10.0,
        ("parity", "unshared"): float("nan"),
        ("drift-0", "shared"): 50.0,
        ("drift-0", "unshared"): 100.0,
    }
    return pd.DataFrame(
        [
            KEYS
            | {
                "task": task,
                "variant": variant,
                "train_size": 512,
                "quantity": quantity,
                "median": median,
            }
            for (task, variant), median in known.items()
            for quantity in ("updates", "seconds", "flops")
        ]
    )


def needs(sizes: dict[tuple[str, int], int], exponents: dict[str, Any]) -> dict[str, pd.DataFrame]:
    rows = [
        {
            "task": "parity",
            "variant": variant,
            "length": 16,
            "truncation": 16,
            "unit": unit,
            "solved": 0.95,
            "train_size": size,
            "failed": 0,
            "largest": 512,
            "at": length,
        }
        for (variant, length), size in sizes.items()
        for unit in range(3)
    ]
    table = pd.DataFrame(rows).astype({"train_size": "Int64"})
    growth = [
        {"task": "parity", "variant": name, "exponent": middle, "low": low, "high": high}
        for name, (middle, low, high) in exponents.items()
    ]
    table = table.assign(length=table["at"], truncation=table["at"]).drop(columns="at")
    return {"samples": table, "growth": pd.DataFrame(growth)}


def solved(winning: Results, found: dict[str, pd.DataFrame]) -> Finding:
    tables = winning.evidence.tables
    longer = [
        tables.conditions.assign(
            length=times * tables.conditions["length"],
            truncation=times * tables.conditions["truncation"],
        )
        for times in (1, 2, 4)
    ]
    both = pd.concat(longer, ignore_index=True)
    finding = Samples().finding(results_of(replace(tables, conditions=both), cost=found))
    assert finding is not None
    return finding


def test_a_wide_interval_of_an_exponent_is_not_printed(winning: Results) -> None:
    sizes = {("shared", length): 32 for length in (16, 32, 64)}
    sizes |= {("unshared", 16): 128, ("unshared", 32): 512, ("unshared", 64): 512}
    wide = {"shared": (float("nan"), float("-inf"), 1.0), "unshared": (2.0, 0.5, 3.5)}
    said = solved(winning, needs(sizes, wide)).sentence
    assert "shared weights need 32 and 32 and unshared weights need 128 and 512 sequences" in said
    assert "already solve the task, so growth cannot be seen, for shared on parity (32)" in said
    assert "do not pin down how the need grows with T for unshared on parity" in said
    assert "3.50" not in said
    narrow = wide | {"unshared": (2.0, 1.8, 2.2)}
    said = solved(winning, needs(sizes, narrow)).sentence
    assert "The exponent of the need against T is 2.00 [1.80, 2.20] for unshared on parity" in said


def test_ratios_of_updates_are_told_with_who_never_gets_there(winning: Results) -> None:
    level = pd.DataFrame({"level": [0.9]})
    cost = {"medians": medians(), "quality": level}
    finding = Quality().finding(results_of(winning.evidence.tables, cost=cost))
    assert finding is not None
    assert finding.title.endswith("need, against shared ones, on 1 task: more on 1")
    assert "2 to 2 times the updates (median 2)" in finding.sentence
    lost = (
        "Fewer than half of the networks reach it: unshared on \N{LEFT DOUBLE QUOTATION MARK}parity"
    )
    assert lost in finding.sentence
    finding.draw(Canvas(2))


def test_faster_networks_are_told_as_faster(winning: Results) -> None:
    fast = medians().assign(median=[10.0] * 3 + [5.0] * 3 + [50.0] * 3 + [25.0] * 3)
    cost = {"medians": fast, "quality": pd.DataFrame({"level": [0.9]})}
    finding = Quality().finding(results_of(winning.evidence.tables, cost=cost))
    assert finding is not None
    assert finding.title.endswith("need, against shared ones, on 2 tasks: fewer on 2")
    assert "Fewer than half" not in finding.sentence


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.8, 1.1, "the formulas say 1, which lies inside every 95 % interval."),
        (0.8, 0.9, "the formulas say 1, which the 95 % interval leaves out for shared."),
    ],
)
def test_exponents_are_told_as_a_range_with_outliers(low: float, high: float, said: str) -> None:
    rows = pd.DataFrame(
        {
            "schedule": ["shared", "unshared"],
            "exponent": [0.85, 0.95],
            "low": [low, 0.8],
            "high": [high, 1.1],
            "expected": [1.0, 1.0],
        }
    )
    assert over_schedules(rows) == f"0.85 (shared) to 0.95 (unshared) over 2 schedules; {said}"
