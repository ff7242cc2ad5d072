"""Summaries over seeds, the unit of every interval of the report."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

CONFIDENCE = 0.95


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


def estimate(values: ArrayLike) -> Estimate:
    """The mean of seeds with its t interval."""
    sample = np.asarray(values, float)
    centre, count = float(sample.mean()), len(sample)
    spread = float(sample.std(ddof=1)) if count > 1 else np.nan
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, max(count - 1, 1))) * spread / np.sqrt(count)
    return Estimate(centre, centre - half, centre + half, count)


def estimates(table: pd.DataFrame, by: Sequence[str], value: str = "score") -> pd.DataFrame:
    """One row a group: `centre`, `low`, `high` and `seeds`; rows of one seed count once."""
    members = table.groupby([*by, "seed"], as_index=False, dropna=False)[value].mean()
    rows: list[dict[str, Any]] = []
    for key, group in members.groupby(list(by), dropna=False):
        assert isinstance(key, tuple)
        rows.append(dict(zip(by, key, strict=True)) | vars(estimate(group[value])))
    return pd.DataFrame(rows, columns=[*by, "centre", "low", "high", "seeds"])


def pooled(each: pd.DataFrame) -> Estimate:
    """The mean over tasks of their mean `difference`, tasks fixed and seeds sampled within each.

    Arguments:
        each: rows with a task, a seed and a difference; several of one seed count once.
    """
    members = each.groupby(["task", "seed"])["difference"].mean()
    tasks = members.groupby("task").agg(["mean", "var", "size"])
    centre, count = float(tasks["mean"].mean()), int(tasks["size"].sum())
    parts = (tasks["var"] / tasks["size"]).to_numpy()
    if len(parts) == 0 or not np.isfinite(parts).all():
        return Estimate(centre, np.nan, np.nan, count)
    if parts.sum() == 0:
        return Estimate(centre, centre, centre, count)
    # Welch & Satterthwaite: tasks differ in how much their seeds vary.
    freedom = parts.sum() ** 2 / (parts**2 / (tasks["size"].to_numpy() - 1)).sum()
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom) * np.sqrt(parts.sum()) / len(parts))
    return Estimate(centre, centre - half, centre + half, count)


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
