"""What a data set answers in its own terms: whether it profits, which schedule, how many more."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from timeshare.analysis.evidence import NO_CELL, Evidence
from timeshare.analysis.pairs import Matching, item_variances, pairs, plain, strata
from timeshare.analysis.statistics import FEWEST, Estimate
from timeshare.analysis.tables import BEST, OWN_WIDTH, RECURRENT
from timeshare.tasks.base import Split
from timeshare.tasks.metrics import Metric

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
    """What the runs of one cell say of one real data set at one T, with its largest train size.

    Arguments:
        task: its name.
        cell: of the recurrent networks; none where there are none.
        cells: cells that were trained on the data set.
        length: T.
        train_size: training sequences.
        tests: test sequences.
        profit: unshared minus shared test score at equal width, whose interval counts both the
            units and the draw of the test sequences; None where no such pair has two units.
        levels: the mean metric on test sequences of the pair, `shared` and `unshared`.
        chance: the metric of the best constant answer on these sequences.
        metric: what `levels` and `chance` are.
        validation: a row a recurrent variant, the best first, with its `score` on validation data
            and the `units`.
        lead: the best validation score minus the second best, paired by unit; None where there is
            no second, or one unit.
        growth: None where one train size was tried, or there is no difference to close.
        sizes: train sizes tried.
    """

    task: str
    cell: str
    cells: int
    length: int
    train_size: int
    tests: int
    profit: Estimate | None
    levels: Mapping[str, float]
    chance: float
    metric: Metric
    validation: pd.DataFrame
    lead: Estimate | None
    growth: Growth | None
    sizes: tuple[int, ...]


def own_answers(evidence: Evidence) -> list[OwnAnswer]:
    """The answers of all real data sets, each at its longest T with K = T, one for each cell."""
    rows = evidence.at_length
    rows = rows[rows["real"] & (rows["truncation"] == rows["length"])]
    found = []
    for task, part in rows.groupby("task"):
        longest = part[part["length"] == part["length"].max()]
        cells = list(longest.loc[longest["family"] == RECURRENT, "cell"].value_counts().index)
        usual = evidence.cells.get(str(task), NO_CELL)
        for cell in sorted(cells, key=lambda each: each != usual) or [NO_CELL]:
            own = longest[longest["cell"] == cell]
            found.append(_answer(evidence, own, len(cells)))
    return found


def _answer(evidence: Evidence, rows: pd.DataFrame, cells: int) -> OwnAnswer:
    sizes = tuple(sorted({int(size) for size in rows["train_size"]}))
    most = rows[rows["train_size"] == sizes[-1]]
    first = most.iloc[0]
    pair = _paired(evidence, most)
    units = strata(pair, "effect")
    profit = evidence.aggregate(units, item_variances(pair)) if units else None
    validation, lead = _validation(evidence, str(first["task"]), int(first["length"]), sizes[-1])
    several = profit is not None and profit.clear and len(sizes) > 1
    return OwnAnswer(
        task=str(first["task"]),
        cell=str(first["cell"]),
        cells=cells,
        length=int(first["length"]),
        train_size=sizes[-1],
        tests=int(most["sequences"].max()),
        profit=profit,
        levels=_levels(most),
        chance=float(most["chance"].mean()),
        metric=Metric(first["metric"]),
        validation=validation,
        lead=lead,
        growth=_growth(evidence, rows, profit) if several and profit is not None else None,
        sizes=sizes,
    )


def _levels(most: pd.DataFrame) -> dict[str, float]:
    """The mean metric of plain shared and unshared networks whose width is their own."""
    own = most[most["width"] == OWN_WIDTH]
    means = {kind: plain(own, kind)["value"].mean() for kind in ("shared", "unshared")}
    return {kind: float(mean) for kind, mean in means.items() if mean == mean}


def _paired(evidence: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    own = rows[rows["plain"] & (rows["width"] == OWN_WIDTH)]
    compared = own.dropna(subset=["score"])
    found = pairs(compared, Matching.WIDTH, evidence.thresholds.equal_parameters)
    chosen: pd.DataFrame = found[found["embedding"] == found["embedding"].min()]
    return chosen


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
