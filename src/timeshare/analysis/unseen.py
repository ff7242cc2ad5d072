"""Scores at unseen lengths, of networks that learned their task at T."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import largest, plain

RANGES = {
    "shorter than T": (0.0, 1.0),
    "up to 2T": (1.0, 2.0),
    "up to 4T": (2.0, 4.0),
    "beyond 4T": (4.0, np.inf),
}
"""Ranges of evaluated length over T; the upper end belongs to each."""
UNSEEN = ("evaluated_length",)
"""Further columns that pairs at unseen lengths have in common."""


def by_range(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of each range of unseen lengths that has any."""
    ratio = rows["evaluated_length"] / rows["length"]
    for name, (above, upto) in RANGES.items():
        inside = rows[(ratio > above) & (ratio <= upto)]
        if len(inside):
            yield name, inside


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
