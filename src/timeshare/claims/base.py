"""What a claim is: an argument, an estimand, a rule fixed before the run, and its verdict."""

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from timeshare.claims.evidence import Evidence
from timeshare.experiment.thresholds import Thresholds
from timeshare.statistics import Estimate


class Verdict(StrEnum):
    """What the tables say of an argument."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    INCONCLUSIVE = "inconclusive"
    NOT_TESTED = "not tested"


class Section(StrEnum):
    """The theme of the report a claim belongs to."""

    OVERFITTING = "overfitting"
    LENGTHS = "lengths"
    POSITION = "position"
    TRUNCATION = "truncation"
    SPECTRUM = "spectrum"
    POWER = "power"
    COST = "cost"
    BOTTOM_LINE = "bottom-line"
    EQUIVALENCE = "equivalence"


class UntestedError(Exception):
    """The tables lack what a claim needs; the message says what to add to the configuration."""


@dataclass(frozen=True)
class Part:
    """One measured effect of a claim, and where it lies relative to its threshold.

    Arguments:
        name: what was measured, in words.
        effect: the estimate.
        low: lower end of its interval.
        high: upper end of its interval.
        threshold: what it is held against.
        units: of all four.
        above: whether the argument expects the effect above the threshold, or below it.
        decides: whether the verdict depends on it; otherwise it is told beside it.
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
    decides: bool = True
    n: int = 0
    p_adjusted: float = math.nan

    @property
    def verdict(self) -> Verdict:
        """Supported where the whole interval lies on the expected side, by more than nothing."""
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


NOTHING = Part("", math.nan, math.nan, math.nan, math.nan, "")
"""In place of a part where nothing was measured."""


def _number(value: float, units: str) -> str:
    if units == "steps":
        return f"{value:,.0f}"
    if units == "rounding":
        return f"{value:.0e}"
    # Adding 0 turns -0.00 into 0.00.
    return f"{round(value, 2) + 0.0:.2f}"


def part_of(
    name: str, found: Estimate, threshold: float, comparisons: int, units: str = "score",
    above: bool = True, decides: bool = True, most: float = math.inf,
) -> Part:  # fmt: skip
    """The part that an estimate makes.

    Arguments:
        name: what was measured, in words.
        found: the estimate.
        threshold: what it is held against.
        comparisons: how many comparisons share the error rate.
        units: of the effect.
        above: whether the argument expects the effect above the threshold.
        decides: whether the verdict depends on it.
        most: the largest value the effect can have.
    """
    adjusted = min(1.0, found.p_value(threshold) * comparisons)
    high = min(found.high, most)
    return Part(name, found.effect, found.low, high, threshold, units, above, decides,
                found.units, adjusted)  # fmt: skip


def exact(
    name: str, values: Iterable[float], threshold: float, units: str, above: bool = True,
    decides: bool = True,
) -> Part:  # fmt: skip
    """A part without sampling: the middle value, and the smallest and largest as its ends."""
    ordered = sorted(values)
    middle = ordered[len(ordered) // 2]
    return Part(name, middle, ordered[0], ordered[-1], threshold, units, above, decides)


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


@dataclass(frozen=True)
class Judgement:
    """A verdict with all that it rests on; a row of the table of claims.

    Arguments:
        verdict: computed from the parts.
        parts: the measured effects, the deciding ones first.
        sentence: what was found, in words.
        missing: what the configuration lacks, where the claim is not tested.
    """

    verdict: Verdict
    parts: Sequence[Part] = field(default_factory=list)
    sentence: str = ""
    missing: str = ""

    @property
    def main(self) -> Part | None:
        """The first deciding part that says what the claim's verdict says, or the first one."""
        deciding = [part for part in self.parts if part.decides]
        same = [part for part in deciding if part.verdict is self.verdict]
        return next(iter(same or deciding), None)


class Claim(ABC):
    """An argument of the question, with the rule that judges it.

    Its estimand and rule may name thresholds in braces. The same rule must be able to support
    and to contradict the argument.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    argument: ClassVar[str]
    estimand: ClassVar[str]
    rule: ClassVar[str]
    section: ClassVar[Section]
    sampled: ClassVar[bool] = True
    """Whether its effects are estimated from seeds, and so share the error rate with others."""
    needs: ClassVar[str]
    """What to add to the configuration where the tables lack it."""
    says: ClassVar[Mapping[Verdict, str]]
    """What each verdict means for this argument, in one sentence."""

    @abstractmethod
    def parts(self, evidence: Evidence) -> list[Part]:
        """The measured effects; none, or an `UntestedError`, where the tables lack them."""

    def verdict(self, parts: Sequence[Part]) -> Verdict:
        """The verdict of the deciding parts: the one they share."""
        return agreed(part.verdict for part in parts)

    def judge(self, evidence: Evidence) -> Judgement:
        """Measure, decide, and say it."""
        try:
            parts = self.parts(evidence)
        except UntestedError as error:
            return _untested(str(error))
        deciding = [part for part in parts if part.decides]
        if not deciding:
            return _untested(self.needs)
        verdict = self.verdict(deciding)
        told = "; ".join(part.words for part in parts)
        return Judgement(verdict, parts, f"{self.says[verdict]} {_capital(told)}.")

    def row(self, judgement: Judgement, thresholds: Thresholds) -> dict[str, Any]:
        """The claim's row of the table."""
        limits = thresholds.model_dump()
        main = judgement.main or NOTHING
        return {
            "id": self.id,
            "title": self.title,
            "argument": self.argument,
            "estimand": self.estimand.format(**limits),
            "rule": self.rule.format(**limits),
            "section": str(self.section),
            "verdict": str(judgement.verdict),
            "effect_name": main.name,
            "effect": main.effect,
            "low": main.low,
            "high": main.high,
            "threshold": main.threshold,
            "units": main.units,
            "n": main.n,
            "p_adjusted": main.p_adjusted,
            "sentence": judgement.sentence,
            "missing": judgement.missing,
            "parts": json.dumps(
                [asdict(part) | {"verdict": str(part.verdict)} for part in judgement.parts]
            ),
        }


def _untested(missing: str) -> Judgement:
    return Judgement(Verdict.NOT_TESTED, [], f"Not tested. {missing}", missing)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
