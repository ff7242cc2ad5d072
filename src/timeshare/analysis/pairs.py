"""Shared and unshared members side by side: the same task, T, K, cell, train size and seed."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

import numpy as np
import pandas as pd

from timeshare.analysis.statistics import FEWEST, Values

SETTING = ["length", "truncation", "cell", "train_size"]
LINE = ["task", "length", "truncation", "cell"]
"""What train sizes are varied within."""
KEYS = ["task", "rule_changes", *SETTING, "seed"]


class Matching(StrEnum):
    """What makes a shared and an unshared network comparable."""

    WIDTH = "equal width"
    """The same hidden size."""
    PARAMETERS = "equal parameters"
    """Parameter counts that differ little: the shared one wider or the unshared one narrower."""


def plain(rows: pd.DataFrame, schedule: str) -> pd.DataFrame:
    """Rows of networks with this schedule, no time features and one read-out for all steps."""
    return rows[(rows["schedule"] == schedule) & rows["plain"]]


def pairs(
    rows: pd.DataFrame, matching: Matching, tolerance: float, extra: tuple[str, ...] = ()
) -> pd.DataFrame:
    """One row a pair: the keys, the scores `shared` and `unshared`, and their difference.

    The difference, unshared minus shared, is the column `effect`.

    Arguments:
        rows: scores, with factors.
        matching: which networks are comparable.
        tolerance: relative difference up to which two parameter counts are equal.
        extra: further columns that both have in common, such as the evaluated length.
    """
    keys = [*KEYS, *extra]
    columns = [*keys, "hidden_size", "parameters", "score"]
    shared, unshared = (plain(rows, kind)[columns] for kind in ("shared", "unshared"))
    joined = shared.merge(unshared, on=keys, suffixes=("_shared", "_unshared"))
    same_width = joined["hidden_size_shared"] == joined["hidden_size_unshared"]
    if matching is Matching.WIDTH:
        joined = joined[same_width]
    else:
        ratio = np.log(joined["parameters_shared"] / joined["parameters_unshared"])
        joined = joined[~same_width & (np.abs(ratio) <= np.log1p(tolerance))]
    joined = joined.rename(columns={"score_shared": "shared", "score_unshared": "unshared"})
    # Several variants with equal factors are one network to the claims: their mean.
    means = joined.groupby(keys, as_index=False)[["shared", "unshared"]].mean()
    return means.assign(effect=means["unshared"] - means["shared"])


def largest(table: pd.DataFrame) -> pd.DataFrame:
    """The rows with the largest train size of their task, T, K and cell."""
    return table[table["train_size"] == table.groupby(LINE)["train_size"].transform("max")]


def smallest(table: pd.DataFrame) -> pd.DataFrame:
    """The rows with the smallest of several train sizes of their task, T, K and cell."""
    sizes = table.groupby(LINE)["train_size"]
    several = sizes.transform("nunique") > 1
    return table[several & (table["train_size"] == sizes.transform("min"))]


def strata(table: pd.DataFrame, column: str) -> dict[str, Values]:
    """One value a task and seed: the mean over all settings of the task.

    A seed that some setting of the task lacks is left out, so that all values of a task mean the
    same; so is a task with fewer than two seeds.
    """
    found = {}
    for task, matrix in settings(table, column).items():
        if matrix.shape[1] >= FEWEST:
            found[task] = matrix.mean(axis=0)
    return found


def settings(table: pd.DataFrame, column: str) -> dict[str, Values]:
    """A matrix `[settings, seeds]` for each task, over the seeds that all settings have."""
    varied = [name for name in (*SETTING, "evaluated_length", "kind") if name in table]
    found: dict[str, Values] = {}
    for task, rows in table.groupby("task"):
        wide = rows.pivot_table(index=varied, columns="seed", values=column)
        found[str(task)] = wide.dropna(axis=1).to_numpy(float)
    return found


def by_rule(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of tasks whose rule stays, and of those whose rule changes with the step."""
    changes = table["rule_changes"].astype(bool)
    for words, rows in (("rule stays", table[~changes]), ("rule changes", table[changes])):
        if len(rows):
            yield words, rows


def paired(
    one: pd.DataFrame, other: pd.DataFrame, on: Sequence[str], value: str = "score"
) -> pd.DataFrame:
    """One minus the other, for rows that agree in `on`, as the column `effect`.

    Arguments:
        one: rows with the columns `on` and the value; several rows of one key count once.
        other: the same of what is subtracted.
        on: the columns that pair the rows.
        value: the column compared; its means are the columns `one` and `other`.
    """
    keys = list(on)
    left = one.groupby(keys)[value].mean().rename("one")
    right = other.groupby(keys)[value].mean().rename("other")
    joined = pd.concat([left, right], axis=1, join="inner").reset_index()
    return joined.assign(effect=joined["one"] - joined["other"])


def unshared_minus_shared(
    rows: pd.DataFrame, on: Sequence[str], value: str = "score"
) -> pd.DataFrame:
    """The difference that sharing makes, as the column `effect`; see `paired`."""
    unshared, shared = (rows[rows["schedule"] == kind] for kind in ("unshared", "shared"))
    return paired(unshared, shared, on, value)
