"""Summaries over seeds, the unit of every interval of the report."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from timeshare.statistics import FEWEST, aggregate, interquartile_mean

CONFIDENCE = 0.95
RESAMPLES = 2_000
PERFECT = 1.0
"""The largest score there is."""


@dataclass(frozen=True)
class Estimate:
    """A centre with the ends of its 95 % interval, over a number of seeds."""

    centre: float
    low: float
    high: float
    seeds: int

    @property
    def clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0

    def within(self, bound: float) -> bool:
        """Whether the interval lies about zero within a bound."""
        return -bound < self.low and self.high < bound

    @property
    def positive(self) -> "Estimate":
        """The same amount without its sign."""
        if self.centre >= 0:
            return self
        return Estimate(-self.centre, -self.high, -self.low, self.seeds)

    @classmethod
    def of(cls, row: Mapping[Hashable, Any]) -> "Estimate":
        """The estimate a row of `estimates` holds."""
        return cls(row["centre"], row["low"], row["high"], int(row["seeds"]))


def estimate(values: ArrayLike, most: float = np.inf) -> Estimate:
    """The interquartile mean of seeds of one task, with its interval.

    Arguments:
        values: one a seed.
        most: the largest value there can be, which an interval does not pass.
    """
    found = _aggregated({"": np.asarray(values, float)})
    return replace(found, high=min(found.high, most)) if found.seeds >= FEWEST else found


def _aggregated(strata: Mapping[str, NDArray[np.float64]]) -> Estimate:
    """The interquartile mean over tasks and seeds; no interval where a task has one seed."""
    units = np.concatenate(list(strata.values()))
    if min(map(len, strata.values())) < FEWEST:
        return Estimate(interquartile_mean(units), np.nan, np.nan, len(units))
    if np.ptp(units) == 0:
        # Nothing varies: no bootstrap is needed to say so.
        return Estimate(float(units[0]), float(units[0]), float(units[0]), len(units))
    found = aggregate(strata, CONFIDENCE, RESAMPLES)
    return Estimate(found.effect, found.low, found.high, found.units)


def estimates(table: pd.DataFrame, by: Sequence[str], value: str = "score") -> pd.DataFrame:
    """One row a group: `centre`, `low`, `high` and `seeds`; rows of one seed count once.

    Intervals of scores and accuracies end at what is perfect.
    """
    most = np.inf if value == "gap" else PERFECT
    members = table.groupby([*by, "seed"], as_index=False, dropna=False)[value].mean()
    rows: list[dict[str, Any]] = []
    for key, group in members.groupby(list(by), dropna=False):
        assert isinstance(key, tuple)
        rows.append(dict(zip(by, key, strict=True)) | vars(estimate(group[value], most)))
    return pd.DataFrame(rows, columns=[*by, "centre", "low", "high", "seeds"])


def pooled(each: pd.DataFrame) -> Estimate:
    """The interquartile mean over all tasks, whose seeds vary within each task alone.

    Arguments:
        each: rows with a task, a seed and a difference, at least one; several of a seed count once.
    """
    members = each.groupby(["task", "seed"])["difference"].mean().reset_index()
    return _aggregated(
        {str(task): part["difference"].to_numpy(float) for task, part in members.groupby("task")}
    )


def difference(
    one: pd.DataFrame, other: pd.DataFrame, on: Sequence[str], value: str = "score"
) -> pd.DataFrame:
    """One minus the other, row by row that agree in `on`, as the column `difference`."""
    keys = list(on)
    left = one.groupby(keys)[value].mean().rename("one")
    right = other.groupby(keys)[value].mean().rename("other")
    joined = pd.concat([left, right], axis=1, join="inner").reset_index()
    return joined.assign(difference=joined["one"] - joined["other"])


def best(table: pd.DataFrame) -> dict[Hashable, Any]:
    """The row of the highest centre."""
    return max(table.to_dict("records"), key=lambda row: float(row["centre"]))


def worst(table: pd.DataFrame) -> dict[Hashable, Any]:
    """The row of the lowest centre."""
    return min(table.to_dict("records"), key=lambda row: float(row["centre"]))
