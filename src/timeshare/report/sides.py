"""Groups of tasks, and which of shared and unshared weights is better in words."""

from timeshare.analysis.comparison import Side, side

__all__ = ["CHANGES", "REAL", "STAYS", "Side", "group_of", "side"]

STAYS, CHANGES, REAL = "Same rule at every step", "Rule changes with the step", "Real data"
"""Groups of tasks, in the order in which they are shown."""


def group_of(real: bool, rule_changes: bool) -> str:
    """The group that a task belongs to."""
    if real:
        return REAL
    return CHANGES if rule_changes else STAYS
