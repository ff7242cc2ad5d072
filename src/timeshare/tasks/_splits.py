"""The three parts of a task's data, and which of them a sequence belongs to."""

from enum import StrEnum


class Split(StrEnum):
    """The three disjoint parts of a task's data."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


EIGHTHS = {Split.TEST: (0, 2), Split.VALIDATION: (2, 3), Split.TRAIN: (3, 8)}
"""Eighths of all hashes that belong to each split: the first one and the one after the last."""


_SPLITS = [
    next(split for split, (first, end) in EIGHTHS.items() if first <= eighth < end)
    for eighth in range(8)
]


def split_of(digest: int) -> Split:
    """The split of a sequence, given the hash of its inputs or of its name."""
    return _SPLITS[digest % 8]
