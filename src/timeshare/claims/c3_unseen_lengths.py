"""C3. Unshared weights do not generalise to lengths never trained on."""

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import Matching, largest, pairs
from timeshare.analysis.unseen import UNSEEN, learned
from timeshare.claims.base import Claim, Conclusions, UntestedError
from timeshare.claims.outcomes import Outcome, measured


class UnseenLengths(Claim):
    """C3. Unshared weights do not generalise to lengths never trained on."""

    title = "Unseen lengths"
    argument = (
        "A network with different parameters at each step does not generalise to lengths it never "
        "saw."
    )
    estimand = (
        "Shared minus unshared test score at unseen lengths, paired by seed and data set, with the "
        "largest train size at which both have a mean score of {readable} or more at T; each "
        "unshared member has its best extension (hold, cycle or align right) at each length, "
        "chosen on the test score itself; past T, at the steps past T alone."
    )
    rule = (
        "Supported if the interval lies above {margin}, contradicted if it lies below, at equal "
        "width and, where tested, at equal parameters alike."
    )
    section = "lengths"
    buys = "use at lengths never trained on"
    needs = (
        "Add a sweep of a shared and an unshared variant of one cell and width over a task whose "
        "rule continues (parity) with two seeds or more, and lengths beyond T to "
        "`evaluation.lengths`."
    )
    conclusions = Conclusions(
        supported="At unseen lengths unshared networks fall behind shared ones, even "
        "under their best extension.",
        contradicted="At unseen lengths unshared networks, under their best extension, "
        "keep up with shared ones.",
        inconclusive="Whether unshared networks fall behind at unseen lengths stays open.",
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """One outcome a matching; equal width is needed, equal parameters are optional."""
        found: list[Outcome] = []
        limits = evidence.thresholds
        for matching in Matching:
            table = pairs(learned(evidence), matching, limits.equal_parameters, UNSEEN)
            table = largest(table.assign(effect=-table["effect"]))
            found += measured(evidence, table, f"shared minus unshared, {matching}", limits.margin)
            if not found:
                raise UntestedError(self.needs)
        return found
