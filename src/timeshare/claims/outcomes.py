"""The measured effects that a claim rests on, and where each lies relative to its threshold."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import strata
from timeshare.analysis.statistics import Estimate


class Verdict(StrEnum):
    """What the tables say of an argument."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    INCONCLUSIVE = "inconclusive"
    NOT_TESTED = "not tested"


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
        primary: whether the verdict depends on it; otherwise it is secondary.
        n: units (seeds of tasks) it rests on, 0 where nothing is sampled.
        p_adjusted: p-value of the effect being the threshold, times the number of comparisons.
    """

    name: str
    effect: float
    low: float
    high: float
    threshold: float
    units: str
    above: bool = True
    primary: bool = True
    n: int = 0
    p_adjusted: float = math.nan

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
    def words(self) -> str:
        """The effect with its interval, as a clause."""
        effect, *ends = (_number(value, self.units) for value in (self.effect, self.low, self.high))
        alone = self.low == self.high
        return f"{self.name} {effect}" + ("" if alone else f" ({ends[0]} to {ends[1]})")


NOTHING = Outcome("", math.nan, math.nan, math.nan, math.nan, "")
"""In place of an outcome where nothing was measured."""


def _number(value: float, units: str) -> str:
    if units == "steps":
        return f"{value:,.0f}"
    if units == "rounding":
        return f"{value:.0e}"
    # Adding 0 turns -0.00 into 0.00.
    return f"{round(value, 2) + 0.0:.2f}"


def outcome_of(
    name: str,
    found: Estimate,
    threshold: float,
    comparisons: int,
    units: str = "score",
    above: bool = True,
    primary: bool = True,
    most: float = math.inf,
) -> Outcome:
    """The outcome that an estimate makes.

    Arguments:
        name: what was measured, in words.
        found: the estimate.
        threshold: what it is held against.
        comparisons: how many comparisons share the error rate.
        units: of the effect.
        above: whether the argument expects the effect above the threshold.
        primary: whether the verdict depends on it.
        most: the largest value the effect can have.
    """
    adjusted = min(1.0, found.p_value(threshold) * comparisons)
    high = min(found.high, most)
    return Outcome(
        name, found.effect, found.low, high, threshold, units, above, primary, found.units, adjusted
    )


def exact(
    name: str,
    values: Iterable[float],
    threshold: float,
    units: str,
    above: bool = True,
    primary: bool = True,
) -> Outcome:
    """An outcome without sampling: the middle value, and the smallest and largest as its ends."""
    ordered = sorted(values)
    middle = ordered[len(ordered) // 2]
    return Outcome(name, middle, ordered[0], ordered[-1], threshold, units, above, primary)


def measured(
    evidence: Evidence,
    table: pd.DataFrame,
    name: str,
    threshold: float,
    comparisons: int = 1,
    primary: bool = True,
    above: bool = True,
    most: float = math.inf,
) -> list[Outcome]:
    """The outcome of the column `effect`; none where no task has two seeds.

    Arguments:
        evidence: for thresholds.
        table: one row a pair or member, with `effect`.
        name: what it is, in words.
        threshold: what it is held against.
        comparisons: outcomes of the claim that share its error rate.
        primary: whether the verdict depends on it.
        above: whether the argument expects the effect above the threshold.
        most: the largest value the effect can have.
    """
    units = strata(table, "effect")
    if not units:
        return []
    found = evidence.aggregate(units, comparisons)
    shared = evidence.comparisons(comparisons)
    return [outcome_of(name, found, threshold, shared, above=above, primary=primary, most=most)]


def every(verdicts: Iterable[Verdict]) -> Verdict:
    """All must hold: one contradiction contradicts."""
    given = set(verdicts)
    if Verdict.CONTRADICTED in given:
        return Verdict.CONTRADICTED
    return Verdict.SUPPORTED if given == {Verdict.SUPPORTED} else Verdict.INCONCLUSIVE


def some(verdicts: Iterable[Verdict]) -> Verdict:
    """One is enough: only contradictions contradict."""
    given = set(verdicts)
    if Verdict.SUPPORTED in given:
        return Verdict.SUPPORTED
    return Verdict.CONTRADICTED if given == {Verdict.CONTRADICTED} else Verdict.INCONCLUSIVE


def agreed(verdicts: Iterable[Verdict]) -> Verdict:
    """Several views of one question: a verdict only where all views share it."""
    given = set(verdicts)
    return given.pop() if len(given) == 1 else Verdict.INCONCLUSIVE
