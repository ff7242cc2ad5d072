"""The interval of a comparison, and who is better: one for the map, the tasks and the claims.

Every difference that the page shows has an interval which holds together with those of all claims:
its error rate is that of the claims divided by the number of their comparisons (Bonferroni).
Points that are compared with nothing have single intervals; see `estimates`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import item_variances, strata
from timeshare.analysis.statistics import Estimate, Values

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


@dataclass(frozen=True)
class Comparison:
    """A difference, unshared minus shared, with its interval and who is better.

    Arguments:
        found: the difference and the interval that holds together with the others.
        side: what the interval says.
        by_task: what the interval of each task says, where several are averaged.
    """

    found: Estimate
    side: Side
    by_task: Mapping[str, Side]

    @property
    def disagreement(self) -> bool:
        """Whether some task is clearly better shared and another clearly unshared."""
        return {Side.SHARED, Side.UNSHARED} <= set(self.by_task.values())


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


def compare(evidence: Evidence, each: pd.DataFrame, family: int) -> Comparison | None:
    """Unshared minus shared, over the units of one task or of several.

    Arguments:
        evidence: for the thresholds.
        each: one row a pair, with `task`, `unit`, `effect`, and `item_variance` where the test
            sequences of a real data set count; see `pairs.pairs`.
        family: comparisons that share the error rate; see `family_in`.

    Returns:
        the comparison; nothing where no task has two units.
    """
    units = strata(each, "effect")
    if not units:
        return None
    items = item_variances(each)
    tasks = {
        task: _compared(evidence, {task: values}, items, family) for task, values in units.items()
    }
    found = _compared(evidence, units, items, family)
    margin = evidence.thresholds.margin
    return Comparison(
        found, side(found, margin), {task: side(one, margin) for task, one in tasks.items()}
    )


def _compared(
    evidence: Evidence, units: Mapping[str, Values], items: Mapping[str, float], family: int
) -> Estimate:
    found = evidence.aggregate(units, {task: items.get(task, 0.0) for task in units})
    return together(found, evidence.thresholds.confidence, family)
