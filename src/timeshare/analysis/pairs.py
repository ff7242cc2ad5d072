"""Shared and unshared members side by side: the same task, T, K, cell, train size and unit."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

import numpy as np
import pandas as pd

from timeshare.analysis.flags import FLAGS
from timeshare.analysis.influence import INFLUENCE, ITEM_VARIANCE, variance_of_difference
from timeshare.analysis.statistics import FEWEST, Values
from timeshare.analysis.tables import MATCHED_WIDTH, OWN_WIDTH, RECURRENT

SETTING = ["length", "truncation", "cell", "train_size"]
LINE = ["task", "length", "truncation", "cell"]
"""What train sizes are varied within."""
KEYS = ["task", "task_title", "rule_changes", "real", *SETTING, "embedding", "unit"]
COMBINED = {**dict.fromkeys(FLAGS, "sum"), ITEM_VARIANCE: "mean"}
"""How columns of several variants that count as one are combined; over the two sides of a pair
they are added up."""
VARIED = [*SETTING, "evaluated_length", "embedding", "kind"]
"""Columns of which every combination is one setting of a task."""


class Matching(StrEnum):
    """What makes a shared and an unshared network comparable."""

    WIDTH = "equal width"
    """The same hidden size."""
    PARAMETERS = "equal parameters"
    """The shared network widened to the unshared one's parameter count."""
    NARROWED = "equal parameters, unshared narrowed"
    """The unshared network narrowed to the shared one's parameter count."""


def plain(rows: pd.DataFrame, schedule: str) -> pd.DataFrame:
    """Rows of recurrent networks with this schedule, no time features and one read-out."""
    return rows[(rows["family"] == RECURRENT) & (rows["schedule"] == schedule) & rows["plain"]]


def pairs(
    rows: pd.DataFrame, matching: Matching, tolerance: float, extra: tuple[str, ...] = ()
) -> pd.DataFrame:
    """One row a pair: the keys, the scores `shared` and `unshared`, and their difference.

    The difference, unshared minus shared, is the column `effect`. What flags either side, and the
    variance of the difference that shared test sequences bring, is kept beside it.

    Arguments:
        rows: scores, with facts.
        matching: which networks are comparable.
        tolerance: relative difference up to which two parameter counts are equal.
        extra: further columns that both have in common, such as the evaluated length.
    """
    return joined(
        plain(rows, "shared"), plain(rows, "unshared"), matching, tolerance, extra
    ).rename(columns={"one": "shared", "other": "unshared"})


def joined(
    one: pd.DataFrame,
    other: pd.DataFrame,
    matching: Matching,
    tolerance: float,
    extra: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Pairs of one kind of network and another; the columns `one`, `other`, and `effect`.

    The effect is `other` minus `one`; see `pairs`, where `one` is shared and `other` unshared.
    """
    keys = [*KEYS, *extra]
    known = [INFLUENCE] if INFLUENCE in one and INFLUENCE in other else []
    columns = [*keys, "hidden_size", "width", "parameters", "score", *COMBINED, *known]
    both = one[columns].merge(other[columns], on=keys, suffixes=("_one", "_other"))
    ratio = np.log(both["parameters_one"] / both["parameters_other"])
    near = np.abs(ratio) <= np.log1p(tolerance)
    owners = both["width_one"].str.cat(both["width_other"], sep=" ")
    wanted = {
        Matching.WIDTH: both["hidden_size_one"] == both["hidden_size_other"],
        Matching.PARAMETERS: near & (owners == f"{MATCHED_WIDTH} {OWN_WIDTH}"),
        Matching.NARROWED: near & (owners == f"{OWN_WIDTH} {MATCHED_WIDTH}"),
    }[matching]
    both = both[wanted].rename(columns={"score_one": "one", "score_other": "other"})
    for name in COMBINED:
        both[name] = both[f"{name}_one"] + both[f"{name}_other"]
    if known and len(both):
        sides = (both[f"{INFLUENCE}_one"], both[f"{INFLUENCE}_other"], both[ITEM_VARIANCE])
        both[ITEM_VARIANCE] = list(map(variance_of_difference, *sides))
    # Several variants with equal factors are one network to the claims: their mean.
    means: pd.DataFrame = both.groupby(keys, as_index=False).agg(
        {"one": "mean", "other": "mean", **COMBINED}
    )
    return means.assign(effect=means["other"] - means["one"])


def largest(table: pd.DataFrame) -> pd.DataFrame:
    """The rows with the largest train size of their task, T, K and cell."""
    return table[table["train_size"] == table.groupby(LINE)["train_size"].transform("max")]


def smallest(table: pd.DataFrame) -> pd.DataFrame:
    """The rows with the smallest of several train sizes of their task, T, K and cell."""
    sizes = table.groupby(LINE)["train_size"]
    several = sizes.transform("nunique") > 1
    return table[several & (table["train_size"] == sizes.transform("min"))]


def strata(table: pd.DataFrame, column: str) -> dict[str, Values]:
    """One value a task and unit: the mean over all settings of the task.

    A unit that some setting of the task lacks is left out, so that all values of a task mean the
    same; so is a task with fewer than two units.
    """
    found = {}
    for task, rows in table.groupby("task"):
        varied = [name for name in VARIED if name in rows]
        wide = rows.pivot_table(index=varied, columns="unit", values=column).dropna(axis=1)
        if wide.shape[1] >= FEWEST:
            found[str(task)] = wide.to_numpy(float).mean(axis=0)
    return found


def item_variances(table: pd.DataFrame) -> dict[str, float]:
    """The variance of each task's mean that comes from test sequences which its units share."""
    if ITEM_VARIANCE not in table:
        return {}
    means = table.groupby("task")[ITEM_VARIANCE].mean()
    return {str(task): float(value) for task, value in means.items()}


def by_rule(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of generated tasks whose rule stays, and of those whose rule changes."""
    changes, real = table["rule_changes"].astype(bool), table["real"].astype(bool)
    parts = {"rule stays": table[~changes & ~real], "rule changes": table[changes & ~real]}
    yield from ((words, rows) for words, rows in parts.items() if len(rows))


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
