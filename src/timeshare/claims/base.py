"""What a claim is: an argument, an estimand, a rule fixed before the run, and its verdict."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from timeshare.analysis.evidence import Evidence
from timeshare.claims.deciding import (
    Combination,
    Decision,
    Design,
    Factor,
    comparisons,
    decide,
    sides,
)
from timeshare.claims.measuring import decided
from timeshare.claims.outcomes import Level, Outcome, Verdict, outcomes_fault
from timeshare.claims.sentences import Conclusions, listed_levels, main_of, sentence
from timeshare.experiment.thresholds import Thresholds
from timeshare.registry import ContractError

__all__ = ["Claim", "Combination", "Conclusions", "Factor", "Judgement", "UntestedError"]


class UntestedError(Exception):
    """The tables lack what a claim needs; the message says what to add to the configuration."""


@dataclass(frozen=True)
class Judgement:
    """A verdict with all that it rests on; a row of the table of claims.

    Arguments:
        decision: the verdict, and those of the levels of the claim's factors.
        outcomes: the measured effects with the intervals that decide, primary ones first.
        sentence: what was found, in words.
        missing: what the configuration lacks, where the claim is not tested.
        combination: of the claim.
    """

    decision: Decision
    outcomes: Sequence[Outcome] = field(default_factory=list)
    sentence: str = ""
    missing: str = ""
    combination: Combination = Combination.ALL

    @property
    def verdict(self) -> Verdict:
        """The verdict, computed from the outcomes."""
        return self.decision.verdict

    @property
    def main(self) -> Outcome | None:
        """The outcome that carries the verdict."""
        return main_of(self.verdict, self.outcomes, self.combination)


class Claim(ABC):
    """An argument of the question, with the rule that judges it.

    Its estimand and rule may name thresholds in braces. The same rule must be able to support
    and to contradict the argument.
    """

    title: ClassVar[str]
    argument: ClassVar[str]
    estimand: ClassVar[str]
    rule: ClassVar[str]
    section: ClassVar[str]
    """The section of the report that the claim belongs to; see `report.build`."""
    needs: ClassVar[str]
    """What to add to the configuration where the tables lack it."""
    conclusions: ClassVar[Conclusions]
    """What each verdict means for this argument."""
    buys: ClassVar[str] = ""
    """What sharing buys where the argument holds, as a noun phrase; empty for other arguments."""
    combination: ClassVar[Combination] = Combination.ALL
    """How the primary outcomes of one level combine."""
    factors: ClassVar[tuple[Factor, ...]] = ()
    """One or two factors along which the effect may differ; none where it may not."""
    required: ClassVar[tuple[str, ...]] = ()
    """Parts that every level must have; see `Outcome.part`."""
    by_construction: ClassVar[bool] = False
    """Whether the argument is true by definition, so that its outcomes check the program alone."""
    one_hypothesis: ClassVar[bool] = False
    """Whether all primary outcomes must hold together, so that they count as one comparison."""

    @abstractmethod
    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The measured effects; none, or an `UntestedError`, where the tables lack them."""

    @property
    def design(self) -> Design:
        """What the class declares about its outcomes."""
        return Design(
            self.combination,
            self.factors,
            self.required,
            self.by_construction,
            self.one_hypothesis,
        )

    def measure(self, evidence: Evidence) -> tuple[list[Outcome], str]:
        """The measured effects with single intervals, or what is missing in words."""
        try:
            found = self.outcomes(evidence)
        except UntestedError as error:
            return [], str(error)
        if fault := outcomes_fault(found, len(self.factors)):
            raise ContractError(f"claim {type(self).__name__}: {fault}.")
        return sorted(found, key=lambda outcome: not outcome.primary), ""

    def judge(
        self, found: Sequence[Outcome], thresholds: Thresholds, family: int, missing: str = ""
    ) -> Judgement:
        """The verdict of the primary outcomes, with all outcomes and a sentence.

        Arguments:
            found: as `measure` gives them.
            thresholds: fixed before the run.
            family: comparisons of all claims that share the error rate.
            missing: what the tables lack, if that is known.
        """
        design = self.design
        settled = [
            decided(each, thresholds.confidence, family, *sides(each, found, design))
            for each in found
        ]
        decision = decide(settled, design)
        if decision.verdict is Verdict.NOT_TESTED:
            lacking = missing or self.needs
            reason = "" if missing else decision.missing
            return Judgement(decision, settled, _untested(reason, lacking), lacking)
        words = sentence(decision, settled, self.conclusions, design)
        return Judgement(decision, settled, words, combination=self.combination)

    def comparisons(self, found: Sequence[Outcome]) -> int:
        """Comparisons of the claim that share the error rate with those of other claims."""
        return comparisons(found, self.design)

    def row(self, claim_id: str, judgement: Judgement, thresholds: Thresholds) -> dict[str, Any]:
        """The claim's row of the table of claims."""
        limits = thresholds.model_dump()
        return {
            "id": claim_id,
            "title": self.title,
            "argument": self.argument,
            "estimand": self.estimand.format(**limits),
            "rule": self.rule.format(**limits),
            "section": self.section,
            "buys": self.buys,
            "verdict": str(judgement.verdict),
            "factor": _named(self.factors),
            "decided": _levels(judgement.decision, undecided=False),
            "undecided": _levels(judgement.decision, undecided=True),
            **_main(judgement),
            "comparisons": self.comparisons(judgement.outcomes),
            "sentence": judgement.sentence,
            "missing": judgement.missing,
        }


def outcome_rows(claim: Claim, claim_id: str, judgement: Judgement) -> list[dict[str, Any]]:
    """The rows of the table of outcomes that a judgement rests on."""
    return [
        {
            "id": claim_id,
            "name": outcome.name,
            "kind": str(outcome.kind),
            "part": outcome.part,
            "factor": _named(claim.factors) if outcome.level else "",
            "level": ", ".join(outcome.level),
            "task": outcome.task,
            "effect": outcome.effect,
            "low": outcome.low,
            "high": outcome.high,
            "threshold": outcome.threshold,
            "units": outcome.units,
            "above": outcome.above,
            "n": outcome.n,
            "p_adjusted": outcome.p_adjusted,
            "verdict": str(outcome.verdict),
            "smallest_effect": outcome.smallest_effect,
            "needed_units": outcome.needed_units,
            "networks": outcome.flags.networks,
            "unfinished": outcome.flags.unfinished,
            "edges": outcome.flags.text,
        }
        for outcome in judgement.outcomes
    ]


def _main(judgement: Judgement) -> dict[str, Any]:
    """The columns of the effect that carries the verdict, and of what the claim could decide."""
    main = judgement.main
    primary = [outcome for outcome in judgement.outcomes if outcome.primary]
    smallest = [each.smallest_effect for each in primary if each.sampled]
    open_ = judgement.verdict is Verdict.INCONCLUSIVE
    needed = [each.needed_units for each in primary if open_ and each.needed_units is not None]
    return {
        "effect_name": main.name if main else "",
        "effect": main.effect if main else None,
        "low": main.low if main else None,
        "high": main.high if main else None,
        "threshold": main.threshold if main else None,
        "units": main.units if main else "",
        "n": main.n if main else 0,
        "p_adjusted": main.p_adjusted if main else None,
        "smallest_effect": max(smallest) if smallest else None,
        "needed_units": max(needed) if needed else None,
    }


def _named(factors: Sequence[Factor]) -> str:
    return " and ".join(factor.name for factor in factors)


def _levels(decision: Decision, undecided: bool) -> str:
    """Levels with their verdicts, where the claim has factors."""
    wanted: dict[Level, Verdict] = {
        level: verdict
        for level, verdict in decision.levels.items()
        if level and (level in decision.undecided) is undecided
    }
    return listed_levels(wanted)


def _untested(reason: str, lacking: str) -> str:
    return f"Not tested: {reason}. {lacking}" if reason else f"Not tested. {lacking}"
