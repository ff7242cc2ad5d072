"""Which of shared and unshared weights is better, in words, where an interval can tell."""

from collections.abc import Mapping
from enum import StrEnum

import pandas as pd

from timeshare.analysis.estimates import pooled
from timeshare.analysis.statistics import Estimate
from timeshare.report import wording

STAYS, CHANGES, REAL = "Same rule at every step", "Rule changes with the step", "Real data"
"""Groups of tasks, in the order in which they are shown."""


class Side(StrEnum):
    """What an interval of unshared minus shared says."""

    SHARED = "shared better"
    UNSHARED = "unshared better"
    SAME = "about the same"
    OPEN = "cannot tell"


def side(found: Estimate, margin: float) -> Side:
    """Where the interval of unshared minus shared lies.

    Arguments:
        found: the difference.
        margin: the smallest difference that matters; only an interval wholly within it says that
            the two are about the same.
    """
    if found.within(margin):
        return Side.SAME
    if found.low > 0:
        return Side.UNSHARED
    return Side.SHARED if found.high < 0 else Side.OPEN


def group_of(real: bool, rule_changes: bool) -> str:
    """The group that a task belongs to."""
    if real:
        return REAL
    return CHANGES if rule_changes else STAYS


def by_task(each: pd.DataFrame, margin: float) -> dict[Side, list[str]]:
    """The tasks on which either side is better, about the same, or cannot be told.

    Arguments:
        each: differences, unshared minus shared, with a task, a unit and an effect.
        margin: the smallest difference that matters.
    """
    found: dict[Side, list[str]] = {}
    for task, part in each.dropna(subset="effect").groupby("task"):
        found.setdefault(side(pooled(part), margin), []).append(str(task))
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def on_tasks(each: pd.DataFrame, margin: float, words: Mapping[Side, str]) -> str:
    """On which tasks what holds, such as `they lose on 2 of 3 tasks and gain on “parity”`.

    Arguments:
        each: as of `by_task`, at least one row.
        margin: the smallest difference that matters.
        words: what each side means.
    """
    found = by_task(each, margin)
    whole = sum(map(len, found.values()))
    clauses = []
    for kind, tasks in found.items():
        where = wording.quoted(tasks[0]) if len(tasks) == 1 else str(len(tasks))
        if whole == 1:
            return f"{words[kind]} on {where}"
        if len(tasks) == whole:
            return f"{words[kind]} on all {whole} tasks"
        where = where if clauses else f"{len(tasks)} of {whole} tasks"
        clauses.append(f"{words[kind]} on {where}")
    return wording.listed(clauses)
