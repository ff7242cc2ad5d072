"""The measured effects that a claim rests on, and where each lies relative to its threshold."""

import math
from dataclasses import dataclass
from enum import StrEnum

from timeshare.analysis.flags import Flags
from timeshare.analysis.statistics import Estimate

NO_FLAGS = Flags()
"""Of an outcome without training behind it."""


class Verdict(StrEnum):
    """What the tables say of an argument."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    DEPENDS = "depends"
    BY_CONSTRUCTION = "by construction"
    NOT_TESTED = "not tested"
    INCONCLUSIVE = "inconclusive"


class Kind(StrEnum):
    """What an outcome is for."""

    PRIMARY = "primary"
    """It decides the verdict."""
    SECONDARY = "secondary"
    """It is reported beside the verdict, with an interval of its own, and decides nothing."""
    BY_CONSTRUCTION = "by construction"
    """It is true by definition: a check of the program, and never evidence."""


Level = tuple[str, ...]
"""The level of each factor of the claim, in the order of its factors; empty without factors."""


@dataclass(frozen=True)
class Outcome:
    """One measured effect of a claim, and where it lies relative to its threshold.

    Arguments:
        name: what was measured, in words.
        effect: the estimate.
        low: lower end of its interval.
        high: upper end of its interval.
        threshold: what it is held against.
        units: of all four.
        above: whether the argument expects the effect above the threshold, or below it.
        kind: whether the verdict depends on it.
        part: which part of the claim it is; the claim's class lists the parts that it requires.
        level: of each factor of the claim.
        task: title of the task that it is about; empty where it is about several.
        n: rules (or seeds) it rests on, 0 where nothing is sampled.
        p_adjusted: p-value of the effect being the threshold, times the number of comparisons.
        estimate: what `at` computes other intervals from; None where nothing is sampled.
        most: the largest value the effect can have.
        smallest_effect: distance from the threshold that would have been decided in four of five
            repetitions; missing where nothing is sampled.
        needed_units: rules (or seeds) of each task that would decide it; missing where it is
            decided and where nothing is sampled.
        flags: the networks behind it that were not trained out, and settings at the edge of the
            search.
    """

    name: str
    effect: float
    low: float
    high: float
    threshold: float
    units: str
    above: bool = True
    kind: Kind = Kind.PRIMARY
    part: str = ""
    level: Level = ()
    task: str = ""
    n: int = 0
    p_adjusted: float = math.nan
    estimate: Estimate | None = None
    most: float = math.inf
    smallest_effect: float = math.nan
    needed_units: int | None = None
    flags: Flags = NO_FLAGS

    @property
    def primary(self) -> bool:
        """Whether the verdict depends on it."""
        return self.kind is Kind.PRIMARY

    @property
    def sampled(self) -> bool:
        """Whether it is estimated from rules or seeds."""
        return self.estimate is not None

    @property
    def verdict(self) -> Verdict:
        """Supported where the whole interval lies on the expected side of the threshold."""
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            return Verdict.INCONCLUSIVE
        if self.low > self.threshold:
            return Verdict.SUPPORTED if self.above else Verdict.CONTRADICTED
        if self.high < self.threshold:
            return Verdict.CONTRADICTED if self.above else Verdict.SUPPORTED
        return Verdict.INCONCLUSIVE

    @property
    def advantage(self) -> float:
        """How far the effect lies on the side that the argument expects; negative on the other."""
        return (self.effect - self.threshold) * (1 if self.above else -1)

    @property
    def per_task(self) -> int:
        """Rules (or seeds) of each task that it rests on, on the mean."""
        return 0 if self.estimate is None else round(self.n / self.estimate.strata)


def outcomes_fault(found: object, factors: int) -> str | None:
    """Why these are not the outcomes of a claim, in a sentence without its full stop.

    Arguments:
        found: what the claim's `outcomes` returned.
        factors: number of factors of the claim.
    """
    if not isinstance(found, list):
        return f"`outcomes` returns {type(found).__name__} instead of a list"
    for each in found:
        if not isinstance(each, Outcome):
            return f"`outcomes` returns {type(each).__name__} instead of Outcome"
        if len(each.level) not in (0, factors):
            return (
                f"the outcome {each.name!r} has {len(each.level)} levels, and the claim has "
                f"{factors} factors"
            )
    return None
