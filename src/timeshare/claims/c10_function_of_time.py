"""C10. Weights that are a function of time could keep variable length."""

from collections.abc import Sequence

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.growth import exponents
from timeshare.analysis.unseen import read_at_length
from timeshare.claims.base import Claim, Conclusions
from timeshare.claims.outcomes import Outcome, Verdict, every, exact, measured, some


class FunctionOfTime(Claim):
    """C10. Weights that are a function of time could keep variable length."""

    title = "Weights as a function of time"
    argument = "A network whose weights are a function of time could keep variable length."
    estimand = (
        "For each schedule that computes its weights from the step (basis, mixture): the exponent "
        "of the parameter count against T, and the test score at unseen lengths beyond T, at the "
        "steps past T alone, with the largest train size, where the mean score at T is "
        "{readable} or more."
    )
    rule = (
        "A schedule passes if its exponent is at most {exponent} and the interval of its score "
        "lies above {readable}; it fails if one of the two lies on the other side. Supported if "
        "one schedule passes, contradicted if all fail."
    )
    section = "spectrum"
    needs = (
        "Add a sweep of a variant with `schedule: {kind: basis}` or `{kind: mixture}` over a task "
        "whose rule continues (parity) at two lengths T or more, with two seeds or more, and "
        "lengths beyond T to `evaluation.lengths`."
    )
    conclusions = Conclusions(
        supported="Weights computed from the step keep variable length, with a parameter "
        "count that does not grow.",
        contradicted="No schedule that computes its weights from the step kept variable length.",
        inconclusive="Whether weights computed from the step keep variable length stays open.",
    )
    schedules = ("basis", "mixture")

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """Two outcomes a schedule: score, then exponent."""
        limits, count = evidence.thresholds, len(self.schedules)
        found: list[Outcome] = []
        for kind in self.schedules:
            rows = read_at_length(evidence, kind)
            rows = rows[rows["evaluated_length"] > rows["length"]]
            slopes = exponents(evidence, kind)
            score = measured(
                evidence,
                rows.assign(effect=rows["score"]),
                f"{kind}: score beyond T",
                limits.readable,
                count,
                most=1,
            )
            if slopes and score:
                name = f"{kind}: exponent of parameters against T"
                found += [*score, exact(name, slopes, limits.exponent, "exponent", above=False)]
        return found

    def verdict(self, outcomes: Sequence[Outcome]) -> Verdict:
        """One schedule that passes both is enough."""
        names = dict.fromkeys(outcome.name.split(":")[0] for outcome in outcomes)
        return some(
            every(outcome.verdict for outcome in outcomes if outcome.name.startswith(f"{name}:"))
            for name in names
        )
