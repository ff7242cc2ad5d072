"""A claim: sharing helps with few sequences. `timeshare check my_claims:FewSequences`"""

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import Matching, pairs, smallest
from timeshare.claims.base import Claim, Conclusions
from timeshare.claims.measuring import measured
from timeshare.claims.outcomes import Outcome


class FewSequences(Claim):
    """With few training sequences, shared weights score higher than unshared ones."""

    title = "Few sequences"
    argument = "With few training sequences, shared weights score higher than unshared ones."
    estimand = (
        "Shared minus unshared test score at T, with K = T, at equal width, with the smallest of "
        "several train sizes, paired by rule or seed."
    )
    rule = "Supported if the interval lies above {margin}, contradicted if it lies below."
    section = "overfitting"
    buys = "a better score with few training sequences"
    needs = (
        "Add a sweep of a shared and an unshared variant of one cell and width over two train "
        "sizes or more, with two rules or seeds or more."
    )
    conclusions = Conclusions(
        topic="shared networks do better with few training sequences",
        supported="With few training sequences, shared networks score {number} higher.",
        contradicted="With few training sequences, shared networks score only {number} higher.",
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The difference with the smallest train size."""
        limits = evidence.thresholds
        rows = evidence.at_length
        rows = rows[rows["truncation"] == rows["length"]]
        table = smallest(pairs(rows, Matching.WIDTH, limits.equal_parameters))
        table = table.assign(effect=-table["effect"])
        return measured(evidence, table, "shared minus unshared, equal width", limits.margin)
