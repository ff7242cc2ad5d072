"""What the draw of a real data set's test sequences adds to the variance of a score.

All seeds of a real data set are scored on the same test sequences, so their luck with these does
not average out over seeds. Two networks read the same test sequences, too: what a sequence does to
both alike does nothing to their difference.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from timeshare.analysis.statistics import Values
from timeshare.analysis.tables import ALL, CONDITION
from timeshare.tasks.base import Split
from timeshare.tasks.metrics import Metric

KEYS = [*CONDITION, "train_size", "selection"]
INFLUENCE, ITEM_VARIANCE = "influence", "item_variance"
"""Columns of scores: the influence of each test sequence, and the variance that these bring."""


@dataclass(frozen=True, eq=False)
class Influence:
    """By how much each of N test sequences moves a mean score, a mean over seeds.

    Arguments:
        moves: the score of each sequence minus the mean score, weighted by its share of the
            targets, `[N]`; their mean is 0.
    """

    moves: Values

    @property
    def variance(self) -> float:
        """The variance of the mean score over draws of N test sequences."""
        count = len(self.moves)
        return float(np.square(self.moves).sum() / (count * (count - 1)))

    def minus(self, other: "Influence") -> "Influence":
        """The influence of each sequence on the difference of two scores."""
        return Influence(self.moves - other.moves)


def influences(sequences: pd.DataFrame, scores: pd.DataFrame) -> pd.Series:
    """The influence of the test sequences on each row of `scores`; missing where it is not known.

    It is known at length T for real data sets of two test sequences or more, where scores have a
    meaning: not where one constant answer is right for all of them.

    Arguments:
        sequences: the metric on each test sequence; see `training.by_sequence`.
        scores: of members, with the facts of their tasks.
    """
    found = pd.Series(None, index=scores.index, dtype=object)
    if sequences.empty:
        return found
    measured = (
        scores["real"]
        & scores["score"].notna()
        & (scores["split"] == Split.TEST)
        & (scores["group"] == ALL)
        & (scores["evaluated_length"] == scores["length"])
    )
    asked = sequences[sequences["targets"] > 0]
    finite = {key: part for key, part in asked.groupby(KEYS) if part["value"].notna().all()}
    known = {key: part for key, part in finite.items() if len(part) > 1}
    for key, rows in scores[measured].groupby(KEYS):
        if key in known:
            first = rows.iloc[0]
            scale = Metric(first["metric"]).perfect - first["chance"]
            each = _influence(known[key], float(scale))
            found[rows.index] = pd.Series([each] * len(rows), index=rows.index, dtype=object)
    return found


def _influence(part: pd.DataFrame, scale: float) -> Influence:
    targets = part["targets"].to_numpy(float)
    values = part["value"].to_numpy(float)
    mean = (values * targets).sum() / targets.sum()
    return Influence((values - mean) * targets / targets.mean() / scale)


def _largest_variance(rows: pd.DataFrame) -> Values:
    """The largest variance of a mean of so many sequences, each scored between 0 and 1."""
    accuracy = rows["metric"] == Metric.ACCURACY
    mean = rows["value"].where(accuracy, rows["score"]).clip(0, 1)
    scale = (1 - rows["chance"]).where(accuracy, 1.0)
    variance = mean * (1 - mean) / (rows["sequences"] * scale**2)
    return variance.where(rows["real"], 0.0).fillna(0.0).to_numpy(float)


def with_item_variance(scores: pd.DataFrame, sequences: pd.DataFrame) -> pd.DataFrame:
    """The scores with the columns `influence` and `item_variance`.

    The latter is the variance of a score over draws of its test sequences where all units share
    these: from the influence of each sequence where that is known, else the largest that there can
    be; zero for generated tasks, whose units have test sequences of their own.
    """
    found = influences(sequences, scores)
    known = found.notna()
    variance = _largest_variance(scores).copy()
    variance[known.to_numpy()] = [each.variance for each in found[known]]
    return scores.assign(influence=found, item_variance=variance)


def variance_of_difference(one: object, other: object, bound: float) -> float:
    """The variance of a difference over draws of the test sequences that both scores share.

    Arguments:
        one, other: the influences, if they are known and of the same sequences.
        bound: the sum of the two variances, which is used where they are not.
    """
    if not (isinstance(one, Influence) and isinstance(other, Influence)):
        return bound
    if len(one.moves) != len(other.moves):
        return bound
    return other.minus(one).variance
