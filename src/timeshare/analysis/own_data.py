"""What a data set answers in its own terms: whether it profits, which schedule, how many more."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import Matching, item_variances, pairs, strata
from timeshare.analysis.statistics import FEWEST, Estimate
from timeshare.analysis.tables import BEST, RECURRENT
from timeshare.tasks.base import Split

MOST_TIMES = 100.0
"""Beyond so many times the present number of sequences, a line of scores says nothing."""


@dataclass(frozen=True)
class Growth:
    """How many sequences the trailing schedule would need to score what the leading one does now.

    Arguments:
        times: the present number of sequences, multiplied; missing where no end is in sight.
        low, high: ends of its interval, over the units; infinite where a slope may be zero.
        slope: growth of the trailing score with each doubling.
        sizes: train sizes that it rests on.
    """

    times: float
    low: float
    high: float
    slope: float
    sizes: int


@dataclass(frozen=True)
class OwnAnswer:
    """What the runs say of one real data set at one T, with its largest train size.

    Arguments:
        task: its name.
        length: T.
        train_size: training sequences.
        tests: test sequences.
        profit: unshared minus shared test score at equal width, whose interval counts both the
            units and the draw of the test sequences; None where no such pair has two units.
        validation: a row a recurrent variant, the best first, with its `score` on validation data
            and the `units`.
        lead: the best validation score minus the second best, paired by unit; None where there is
            no second, or one unit.
        growth: None where one train size was tried, or there is no difference to close.
        sizes: train sizes tried.
    """

    task: str
    length: int
    train_size: int
    tests: int
    profit: Estimate | None
    validation: pd.DataFrame
    lead: Estimate | None
    growth: Growth | None
    sizes: tuple[int, ...]


def own_answers(evidence: Evidence) -> list[OwnAnswer]:
    """The answers of all real data sets, each at its longest T with K = T."""
    rows = evidence.at_length
    rows = rows[rows["real"] & (rows["truncation"] == rows["length"])]
    return [
        _answer(evidence, part[part["length"] == part["length"].max()])
        for _, part in rows.groupby("task")
    ]


def _answer(evidence: Evidence, rows: pd.DataFrame) -> OwnAnswer:
    sizes = tuple(sorted({int(size) for size in rows["train_size"]}))
    most = rows[rows["train_size"] == sizes[-1]]
    task, length = str(most["task"].iloc[0]), int(most["length"].iloc[0])
    profit = _profit(evidence, most)
    validation, lead = _validation(evidence, task, length, sizes[-1])
    several = profit is not None and profit.clear and len(sizes) > 1
    return OwnAnswer(
        task,
        length,
        sizes[-1],
        int(most["sequences"].max()),
        profit,
        validation,
        lead,
        _growth(evidence, rows, profit) if several and profit is not None else None,
        sizes,
    )


def _paired(evidence: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    compared = evidence.comparable(rows).dropna(subset=["score"])
    found = pairs(compared, Matching.WIDTH, evidence.thresholds.equal_parameters)
    chosen: pd.DataFrame = found[found["embedding"] == found["embedding"].min()]
    return chosen


def _profit(evidence: Evidence, most: pd.DataFrame) -> Estimate | None:
    table = _paired(evidence, most)
    units = strata(table, "effect")
    return evidence.aggregate(units, item_variances(table)) if units else None


def _validation(
    evidence: Evidence, task: str, length: int, size: int
) -> tuple[pd.DataFrame, Estimate | None]:
    table = evidence.members
    rows = table[
        (table["task"] == task)
        & (table["length"] == length)
        & (table["truncation"] == length)
        & (table["train_size"] == size)
        & (table["split"] == Split.VALIDATION)
        & (table["selection"] == BEST)
        & (table["evaluated_length"] == length)
        & (table["family"] == RECURRENT)
    ].dropna(subset=["score"])
    wide = rows.pivot_table(index="unit", columns="variant", values="score").dropna(axis=0)
    means = wide.mean().sort_values(ascending=False, kind="stable")
    found = pd.DataFrame({"variant": means.index, "score": means.to_numpy(), "units": len(wide)})
    if len(means) < 2 or len(wide) < FEWEST:
        return found, None
    apart = (wide[means.index[0]] - wide[means.index[1]]).to_numpy(float)
    return found, evidence.aggregate({task: apart}, {})


def _growth(evidence: Evidence, rows: pd.DataFrame, profit: Estimate) -> Growth:
    """By a straight line through the scores over the logarithm of the train size, unit by unit."""
    trailing = "shared" if profit.effect > 0 else "unshared"
    paired = _paired(evidence, rows)
    each = paired.pivot_table(index="unit", columns="train_size", values=trailing).dropna(axis=0)
    octaves = np.log2(each.columns.to_numpy(float))
    slopes = np.polyfit(octaves, each.to_numpy(float).T, 1)[0]
    gap = abs(profit.effect)
    low, high = np.nan, np.nan
    if len(slopes) >= FEWEST:
        found = evidence.aggregate({"slope": slopes}, {})
        low, high = _times(gap, found.high), _times(gap, found.low)
    slope = float(slopes.mean())
    return Growth(_times(gap, slope), low, high, slope, each.shape[1])


def _times(gap: float, slope: float) -> float:
    """How many times the sequences a gap needs at a slope; infinite where it never closes."""
    if not slope > 0 or gap / slope > np.log2(MOST_TIMES):
        return float("inf")
    return float(2 ** (gap / slope))
