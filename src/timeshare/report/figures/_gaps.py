"""Gaps and test scores of shared and unshared members at several train sizes."""

from collections.abc import Iterator

import pandas as pd

from timeshare.analysis.gaps import gaps
from timeshare.analysis.pairs import by_rule
from timeshare.report.lines import several_tasks
from timeshare.report.results import PAIR, Results

SEVERAL = 3
"""Train sizes that make a curve."""
NEEDS = (
    "No task was trained with shared and unshared weights at several train sizes: give a sweep "
    f"{SEVERAL} train sizes or more."
)

WHERE = {
    "rule stays": "where the rule stays",
    "rule changes": "where the rule changes",
    "real data": "on real data",
}
"""How a sentence names the rows of `apart`."""


def apart(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of generated tasks whose rule stays, whose rule changes, and of real data."""
    real = rows[rows["real"].astype(bool)]
    parts = [*by_rule(rows), *([("real data", real)] if len(real) else [])]
    yield from ((WHERE[name], part) for name, part in parts)


def gaps_by_size(results: Results, selection: str) -> pd.DataFrame:
    """The gap of each member of the compared pair, on tasks with several train sizes.

    It is the column `gap`, beside the test score as `score`; see `analysis.gaps.gaps`.
    """
    rows = results.evidence.comparable(gaps(results.evidence, selection))
    rows = rows[rows["schedule"].isin(PAIR)]
    rows = rows.assign(gap=rows["score"], score=rows["test"]).dropna(subset="gap")
    counts = rows.groupby(["task", "length"]).agg(
        sizes=("train_size", "nunique"), schedules=("schedule", "nunique")
    )
    enough = counts[(counts["sizes"] >= SEVERAL) & (counts["schedules"] == 2)].reset_index()
    return several_tasks(rows.merge(enough[["task", "length"]]), "train_size")
