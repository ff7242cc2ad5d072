"""Interquartile means over seeds, and their intervals."""

import math

import pandas as pd
import pytest

from timeshare.analysis.estimates import estimate, estimates, pooled


def test_an_interval_covers_zero_or_not() -> None:
    assert estimate([0.1, 0.11, 0.12]).clear
    assert not estimate([-0.1, 0.11, 0.02]).clear


def test_one_seed_has_no_interval() -> None:
    found = estimate([0.3])
    assert (found.effect, found.units) == (0.3, 1)
    assert math.isnan(found.low) and math.isnan(found.high)
    assert not found.clear


def test_tasks_that_differ_do_not_widen_the_interval() -> None:
    rows = [(task, seed, value) for task, value in (("a", 1.0), ("b", 0.0)) for seed in range(4)]
    found = pooled(pd.DataFrame(rows, columns=["task", "unit", "effect"]))
    assert (found.effect, found.low, found.high, found.units) == (0.5, 0.5, 0.5, 8)


def test_an_interval_of_scores_ends_at_what_is_perfect() -> None:
    table = pd.DataFrame({"task": "t", "unit": range(4), "score": [1.0, 1.0, 0.9, 0.97]})
    assert estimates(table, ["task"])["high"].item() == 1.0
    gaps = table.assign(gap=table["score"])
    assert estimates(gaps, ["task"], "gap")["high"].item() > 1.0


def test_several_rows_of_a_unit_count_once() -> None:
    rows = pd.DataFrame({"task": "t", "unit": [0, 0, 1], "score": [0.0, 1.0, 0.5]})
    found = estimates(rows, ["task"])
    assert found["units"].item() == 2
    assert found["effect"].item() == pytest.approx(0.5)
