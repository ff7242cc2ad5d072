"""C7. With enough data unshared weights make a more powerful network."""

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import Matching, largest, pairs
from timeshare.claims.base import Claim, Conclusions
from timeshare.claims.outcomes import Outcome, measured


class Power(Claim):
    """C7. With enough data unshared weights make a more powerful network."""

    title = "Power"
    argument = "With enough data and compute, unshared weights make a more powerful network."
    estimand = (
        "Unshared minus shared test score at T on tasks whose rule is a new one at every step, at "
        "equal width, with the largest train size, paired by seed and data set."
    )
    rule = "Supported if the interval lies above {margin}, contradicted if below."
    section = "power"
    needs = (
        "Add a sweep of a shared and an unshared variant of one cell and width over a task whose "
        "rule changes at every step (drift with `change: 1.0`), with two seeds or more."
    )
    conclusions = Conclusions(
        supported="Where the rule changes at every step, unshared networks do better than "
        "shared ones of the same width.",
        contradicted="Even where the rule changes at every step, unshared networks do not "
        "do better than shared ones of the same width by more than the margin.",
        inconclusive="Whether unshared networks do better where the rule changes at every "
        "step stays open.",
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The difference where every step has a rule of its own; secondary, at all sizes."""
        limits = evidence.thresholds
        table = evidence.at_length
        table = table[(table["rule_change_rate"] == 1) & (table["truncation"] == table["length"])]
        both = pairs(table, Matching.WIDTH, limits.equal_parameters)
        main = measured(
            evidence, largest(both), "unshared minus shared, largest train size", limits.margin
        )
        name = "mean over all train sizes"
        secondary = measured(evidence, both, name, limits.margin, primary=False)
        for cell, rows in largest(both).groupby("cell"):
            secondary += measured(evidence, rows, f"{cell} alone", limits.margin, primary=False)
        return main + secondary
