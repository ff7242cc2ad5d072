"""Groups of tasks, and which of shared and unshared weights is better in words."""

from collections.abc import Mapping

import pandas as pd

from timeshare.analysis.comparison import Side, side, together
from timeshare.analysis.estimates import pooled
from timeshare.report import wording
from timeshare.report.results import Results

STAYS, CHANGES, REAL = "Same rule at every step", "Rule changes with the step", "Real data"
"""Groups of tasks, in the order in which they are shown."""
BETTER = {
    Side.SHARED: "shared weights are better",
    Side.UNSHARED: "unshared weights are better",
    Side.SAME: "the two are about the same",
    Side.OPEN: "these runs cannot tell which is better",
}
"""What a comparison of shared and unshared weights says, as a clause."""


def group_of(real: bool, rule_changes: bool) -> str:
    """The group that a task belongs to."""
    if real:
        return REAL
    return CHANGES if rule_changes else STAYS


def by_task(results: Results, each: pd.DataFrame) -> dict[Side, list[str]]:
    """The tasks on which either side is better, about the same, or cannot be told.

    Arguments:
        results: for the interval that holds together with those of all claims.
        each: differences, unshared minus shared, with a task, a unit and an effect.
    """
    confidence = results.evidence.thresholds.confidence
    found: dict[Side, list[str]] = {}
    for task, part in each.dropna(subset="effect").groupby("task"):
        estimate = together(pooled(part), confidence, results.family)
        found.setdefault(side(estimate, results.margin), []).append(str(task))
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def on_tasks(results: Results, each: pd.DataFrame, words: Mapping[Side, str]) -> str:
    """On which tasks what holds, such as `they lose on 2 of 3 tasks and gain on “parity”`.

    Arguments:
        results: as of `by_task`.
        each: as of `by_task`, at least one row.
        words: what each side means.
    """
    found = by_task(results, each)
    whole = sum(map(len, found.values()))
    clauses: list[str] = []
    for kind, tasks in found.items():
        where = wording.quoted(tasks[0]) if len(tasks) == 1 else str(len(tasks))
        if whole == 1:
            return f"{words[kind]} on {where}"
        if len(tasks) == whole:
            return f"{words[kind]} on {'both' if whole == 2 else f'all {whole}'} tasks"
        where = where if clauses else f"{len(tasks)} of {whole} tasks"
        clauses.append(f"{words[kind]} on {where}")
    return wording.listed(clauses)
