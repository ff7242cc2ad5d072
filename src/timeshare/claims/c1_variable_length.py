"""C1. Shared weights let one network read sequences of any length."""

from collections.abc import Sequence

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.unseen import by_range, read_at_length
from timeshare.claims.base import Claim, Conclusions, UntestedError
from timeshare.claims.outcomes import Outcome, Verdict, every, measured


class VariableLength(Claim):
    """C1. Shared weights let one network read sequences of any length."""

    title = "Variable length"
    argument = "Shared weights let one network read sequences of any length."
    estimand = (
        "Test score (0 chance, 1 perfect) of shared networks at unseen lengths, with the largest "
        "train size, where the mean score at T is {readable} or more, by how the length compares "
        "with T; past T, at the steps past T alone."
    )
    rule = (
        "Supported if the interval of the score lies above {readable} in every range of unseen "
        "lengths; contradicted if it lies below {readable} in one of them."
    )
    section = "lengths"
    buys = "one network for sequences of any length"
    needs = (
        "Add a sweep of a shared variant over a task whose rule continues (parity) with two seeds "
        "or more, and to `evaluation.lengths` lengths beyond T: twice, four and eight "
        "times. The variant has to learn the task at T."
    )
    conclusions = Conclusions(
        supported="Shared networks read every range of lengths they never saw.",
        contradicted="There are lengths that shared networks could not read.",
        inconclusive="Whether shared networks read every range of lengths stays open.",
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """One outcome a range of lengths; those beyond T are needed."""
        rows = read_at_length(evidence, "shared")
        found = list(by_range(rows.assign(effect=rows["score"])))
        if not any(name != "shorter than T" for name, _ in found):
            raise UntestedError(self.needs)
        threshold = evidence.thresholds.readable
        outcomes: list[Outcome] = []
        for name, inside in found:
            words = f"score at lengths {name}"
            outcomes += measured(evidence, inside, words, threshold, len(found), most=1)
        return outcomes

    def verdict(self, outcomes: Sequence[Outcome]) -> Verdict:
        """Every range must be read."""
        return every(outcome.verdict for outcome in outcomes)
