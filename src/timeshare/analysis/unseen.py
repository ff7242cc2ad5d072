"""Scores at unseen lengths, of networks that learned their task at T."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import largest, plain
from timeshare.analysis.tables import UP_TO

SHORTER = "shorter than T"
RANGES = {
    SHORTER: (0.0, 1.0),
    "up to 2T": (1.0, 2.0),
    "up to 4T": (2.0, 4.0),
    "beyond 4T": (4.0, np.inf),
}
"""Ranges of evaluated length over T; the upper end belongs to each."""
BEYOND = tuple(name for name in RANGES if name != SHORTER)
"""The ranges past T."""
UNSEEN = ("evaluated_length", "lengths", "dense")
"""Further columns that pairs at unseen lengths have in common."""


def in_ranges(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the range of their length as the column `range`."""
    ratio = rows["evaluated_length"] / rows["length"]
    # Ranges are open below and closed above.
    place = np.searchsorted([upto for _, upto in RANGES.values()], ratio.to_numpy(float))
    return rows.assign(range=np.array(list(RANGES))[np.minimum(place, len(RANGES) - 1)])


def in_every_range(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each range with its rows, of the tasks that have all ranges past T, the same in each.

    The range below T counts only where each of these tasks has it.

    Arguments:
        rows: scores at unseen lengths, of one kind of training and of task.
    """
    ranged = in_ranges(rows)
    present = ranged.groupby("task")["range"].agg(set)
    whole = present[[set(BEYOND) <= ranges for ranges in present]]
    if whole.empty:
        return
    common = set.intersection(*whole)
    kept = ranged[ranged["task"].isin(whole.index)]
    for name in RANGES:
        if name in common:
            yield name, kept[kept["range"] == name]


def read_at_length(evidence: Evidence, kind: str) -> pd.DataFrame:
    """Scores at unseen lengths of networks with this schedule that can read their own length.

    Of each variant, task and T the largest train size counts, and only where its mean test score
    at T is high enough: a network that did not learn its task has no score to lose elsewhere.
    """
    return largest(plain(learned(evidence), kind))


def learned(evidence: Evidence) -> pd.DataFrame:
    """Scores at unseen lengths of the variants and sizes whose mean score at T is high enough."""
    keys = ["task", "variant", "length", "train_size"]
    table = evidence.at_length
    table = table[table["truncation"] == table["length"]]
    known = table.groupby(keys)["score"].mean().rename("at_length")
    rows = evidence.unseen.join(known, on=keys)
    return rows[rows["at_length"] >= evidence.thresholds.readable]


def trained_on(rows: pd.DataFrame) -> pd.Series:
    """Whether each network was trained at T alone or on lengths 1..T, in words."""
    return (rows["lengths"] == UP_TO).map({True: "trained on 1..T", False: "trained at T"})


def asked(rows: pd.DataFrame) -> pd.Series:
    """Where each task asks for its answer, in words."""
    return rows["dense"].map({True: "asked at every step", False: "asked at the end"})
