"""Means over units, group by group, with their intervals."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from timeshare.analysis.statistics import FEWEST, Estimate, aggregate

CONFIDENCE = 0.95
"""Of each single interval; only the claims' intervals hold together."""
PERFECT = 1.0
"""The largest score there is."""
COLUMNS = ["effect", "low", "high", "units"]
"""Columns that hold an estimate."""


def estimate(values: ArrayLike, most: float = np.inf) -> Estimate:
    """The mean of units of one task, with its interval.

    Arguments:
        values: one a unit (a rule, or a seed).
        most: the largest value there can be, which an interval does not pass.
    """
    found = _aggregated({"": np.asarray(values, float)})
    return replace(found, high=min(found.high, most)) if found.units >= FEWEST else found


def _aggregated(strata: Mapping[str, NDArray[np.float64]]) -> Estimate:
    """The mean over tasks of means; no interval where a task has one unit."""
    units = np.concatenate(list(strata.values()))
    if min(map(len, strata.values())) < FEWEST:
        effect = float(np.mean([values.mean() for values in strata.values()]))
        return Estimate(effect, np.nan, np.nan, len(units))
    return aggregate(strata, CONFIDENCE)


def row_of(found: Estimate) -> dict[str, float]:
    """An estimate as the columns of a table."""
    return {name: getattr(found, name) for name in COLUMNS}


def estimate_of(row: Mapping[Hashable, Any]) -> Estimate:
    """The estimate that a row holds."""
    return Estimate(row["effect"], row["low"], row["high"], int(row["units"]))


def estimates(table: pd.DataFrame, by: Sequence[str], value: str = "score") -> pd.DataFrame:
    """One row a group with its estimate; several rows of one unit count once.

    Intervals of scores and accuracies end at what is perfect.

    Arguments:
        table: one row a measurement.
        by: the columns that form groups.
        value: the column that is averaged.
    """
    most = np.inf if value == "gap" else PERFECT
    members = table.groupby([*by, "unit"], as_index=False, dropna=False)[value].mean()
    rows: list[dict[str, Any]] = []
    for key, group in members.groupby(list(by), dropna=False):
        assert isinstance(key, tuple)
        found = row_of(estimate(group[value], most))
        rows.append(dict(zip(by, key, strict=True)) | found)
    return pd.DataFrame(rows, columns=[*by, *COLUMNS])


def pooled(each: pd.DataFrame) -> Estimate:
    """The mean over tasks of the mean of each task's units.

    Arguments:
        each: rows with a task, a unit and an effect, at least one; several of a unit count once.
    """
    members = each.groupby(["task", "unit"])["effect"].mean().reset_index()
    return _aggregated(
        {str(task): part["effect"].to_numpy(float) for task, part in members.groupby("task")}
    )


def best(table: pd.DataFrame) -> dict[Hashable, Any]:
    """The row with the largest effect."""
    return max(table.to_dict("records"), key=lambda row: float(row["effect"]))


def worst(table: pd.DataFrame) -> dict[Hashable, Any]:
    """The row with the smallest effect."""
    return min(table.to_dict("records"), key=lambda row: float(row["effect"]))
