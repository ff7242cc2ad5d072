"""Which of shared and unshared weights is better, in words, where an interval can tell."""

from enum import StrEnum

from timeshare.analysis.statistics import Estimate

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
