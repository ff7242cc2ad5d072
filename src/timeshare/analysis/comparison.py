"""The interval of a comparison, and who is better: one for the map, the tasks and the claims.

Every difference that the page shows has an interval which holds together with those of all claims:
its error rate is that of the claims divided by the number of their comparisons (Bonferroni).
Points that are compared with nothing have single intervals; see `estimates`.
"""

from dataclasses import replace
from enum import StrEnum

import pandas as pd

from timeshare.analysis.statistics import Estimate

CRITERION = (
    "About the same: the whole interval is within {margin} of zero. Better: the interval leaves "
    "zero out. Else it cannot tell."
)
"""How `side` decides, in the order in which it does."""


class Side(StrEnum):
    """What an interval of unshared minus shared says."""

    SHARED = "shared better"
    UNSHARED = "unshared better"
    SAME = "about the same"
    OPEN = "cannot tell"


def side(found: Estimate, margin: float) -> Side:
    """Where the interval of unshared minus shared lies; see `CRITERION`.

    Arguments:
        found: the difference.
        margin: the smallest difference that matters.
    """
    if found.within(margin):
        return Side.SAME
    if found.low > 0:
        return Side.UNSHARED
    return Side.SHARED if found.high < 0 else Side.OPEN


def confidence_of(confidence: float, family: int) -> float:
    """The confidence of each of so many intervals that hold together with the given one."""
    return 1 - (1 - confidence) / max(family, 1)


def family_in(claims: pd.DataFrame | None) -> int:
    """The comparisons that share the error rate, from the table of claims; 1 without it."""
    if claims is None or "comparisons" not in claims:
        return 1
    return max(int(claims["comparisons"].sum()), 1)


def together(found: Estimate, confidence: float, family: int, most: float = 1e9) -> Estimate:
    """The estimate with the interval that holds together with the others of its family.

    Arguments:
        found: has the units.
        confidence: of all intervals of the family together.
        family: comparisons that share the error rate.
        most: the largest value there can be.
    """
    if found.identical or found.tilting is None:
        return found
    wide = found.at(confidence_of(confidence, family))
    return replace(wide, high=min(wide.high, most))
