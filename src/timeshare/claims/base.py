"""What a claim is: an argument, an estimand, a rule fixed before the run, and its verdict."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from timeshare.analysis.evidence import Evidence
from timeshare.claims.outcomes import NOTHING, Outcome, Verdict, agreed
from timeshare.experiment.thresholds import Thresholds


class UntestedError(Exception):
    """The tables lack what a claim needs; the message says what to add to the configuration."""


@dataclass(frozen=True)
class Conclusions:
    """What each verdict means for an argument, in one sentence each."""

    supported: str
    contradicted: str
    inconclusive: str

    def of(self, verdict: Verdict) -> str:
        """The sentence of a verdict."""
        return str(getattr(self, verdict.value))


@dataclass(frozen=True)
class Judgement:
    """A verdict with all that it rests on; a row of the table of claims.

    Arguments:
        verdict: computed from the outcomes.
        outcomes: the measured effects, primary ones first.
        sentence: what was found, in words.
        missing: what the configuration lacks, where the claim is not tested.
    """

    verdict: Verdict
    outcomes: Sequence[Outcome] = field(default_factory=list)
    sentence: str = ""
    missing: str = ""

    @property
    def main(self) -> Outcome | None:
        """The first primary outcome whose verdict is the claim's, or else the first one."""
        primary = [outcome for outcome in self.outcomes if outcome.primary]
        same = [outcome for outcome in primary if outcome.verdict is self.verdict]
        return next(iter(same or primary), None)


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
    sampled: ClassVar[bool] = True
    """Whether its effects are estimated from seeds, and so share the error rate with others."""
    needs: ClassVar[str]
    """What to add to the configuration where the tables lack it."""
    conclusions: ClassVar[Conclusions]
    """What each verdict means for this argument."""
    buys: ClassVar[str] = ""
    """What sharing buys where the argument holds, as a noun phrase; empty for other arguments."""

    @abstractmethod
    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The measured effects; none, or an `UntestedError`, where the tables lack them."""

    def verdict(self, outcomes: Sequence[Outcome]) -> Verdict:
        """The verdict of the primary outcomes: the one they share."""
        return agreed(outcome.verdict for outcome in outcomes)

    def judge(self, evidence: Evidence) -> Judgement:
        """The verdict of the primary outcomes, with all outcomes and a sentence."""
        try:
            outcomes = self.outcomes(evidence)
        except UntestedError as error:
            return _untested(str(error))
        primary = [outcome for outcome in outcomes if outcome.primary]
        if not primary:
            return _untested(self.needs)
        verdict = self.verdict(primary)
        effects = "; ".join(outcome.words for outcome in outcomes)
        sentence = f"{self.conclusions.of(verdict)} {_capital(effects)}."
        return Judgement(verdict, outcomes, sentence)

    def row(self, claim_id: str, judgement: Judgement, thresholds: Thresholds) -> dict[str, Any]:
        """The claim's row of the table of claims."""
        limits = thresholds.model_dump()
        main = judgement.main or NOTHING
        return {
            "id": claim_id,
            "title": self.title,
            "argument": self.argument,
            "estimand": self.estimand.format(**limits),
            "rule": self.rule.format(**limits),
            "section": self.section,
            "buys": self.buys,
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
        }


def outcome_rows(claim_id: str, judgement: Judgement) -> list[dict[str, Any]]:
    """The rows of the table of outcomes that a judgement rests on."""
    return [
        {"id": claim_id, **asdict(outcome), "verdict": str(outcome.verdict)}
        for outcome in judgement.outcomes
    ]


def _untested(missing: str) -> Judgement:
    return Judgement(Verdict.NOT_TESTED, [], f"Not tested. {missing}", missing)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
