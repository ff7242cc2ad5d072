"""The sentences of the cost study follow its tables, whichever way they point."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from tests.report.conftest import results_of
from timeshare.report.figures._updates import over_schedules
from timeshare.report.figures.quality import Quality, by_difference
from timeshare.report.figures.samples import Samples
from timeshare.report.findings import Finding
from timeshare.report.palette import Canvas
from timeshare.report.results import Results

KEYS = {"task": "parity", "length": 16, "truncation": 16}


def survival() -> pd.DataFrame:
    """On parity shared weights are fast and unshared ones never get there; equal on drift-0."""
    steps = {
        ("parity", "shared"): [(0, 0.0), (10, 1.0)],
        ("parity", "unshared"): [(0, 0.0), (100, 0.0)],
        ("drift-0", "shared"): [(0, 0.0), (50, 1.0)],
        ("drift-0", "unshared"): [(0, 0.0), (50, 1.0)],
    }
    return pd.DataFrame(
        [
            KEYS
            | {
                "task": task,
                "variant": variant,
                "train_size": 512,
                "quantity": "updates",
                "value": float(value),
                "share": share,
                "low": share,
                "high": share,
            }
            for (task, variant), line in steps.items()
            for value, share in line
        ]
    )


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
            "seed": seed,
            "solved": 0.95,
            "train_size": size,
            "failed": 0,
            "largest": 512,
            "at": length,
        }
        for (variant, length), size in sizes.items()
        for seed in range(3)
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
    longer = tables.conditions.assign(
        length=2 * tables.conditions["length"], truncation=2 * tables.conditions["truncation"]
    )
    both = pd.concat([tables.conditions, longer], ignore_index=True)
    finding = Samples().finding(results_of(replace(tables, conditions=both), cost=found))
    assert finding is not None
    return finding


def test_a_wide_interval_of_an_exponent_is_not_printed(winning: Results) -> None:
    sizes = {("shared", 16): 32, ("shared", 32): 32, ("unshared", 16): 128, ("unshared", 32): 512}
    wide = {"shared": (float("nan"), float("-inf"), 1.0), "unshared": (2.0, 0.5, 3.5)}
    said = solved(winning, needs(sizes, wide)).sentence
    assert "shared weights need 32 and 32 and unshared weights need 128 and 512 sequences" in said
    assert "already solve the task, so growth cannot be seen, for shared on parity (32)" in said
    assert "do not pin down how the need grows with T for unshared on parity" in said
    assert "3.50" not in said
    narrow = wide | {"unshared": (2.0, 1.8, 2.2)}
    said = solved(winning, needs(sizes, narrow)).sentence
    assert "The exponent of the need against T is 2.00 [1.80, 2.20] for unshared on parity" in said


def test_tasks_come_by_how_far_the_schedules_lie_apart(winning: Results) -> None:
    assert by_difference(survival()) == ["parity", "drift-0"]
    level = pd.DataFrame({"level": [0.9]})
    cost = {"survival": survival(), "medians": medians(), "quality": level}
    finding = Quality().finding(results_of(winning.evidence.tables, cost=cost))
    assert finding is not None
    assert "2 (drift-0) to 2 (drift-0) times the updates, median 2.00" in finding.sentence
    assert "Fewer than half of the seeds reach it with unshared on parity" in finding.sentence
    finding.draw(Canvas(3))


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
