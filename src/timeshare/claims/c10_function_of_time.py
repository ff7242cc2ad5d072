"""C10. Weights that are a function of time could keep variable length."""

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.growth import exponents
from timeshare.analysis.unseen import read_at_length
from timeshare.claims.base import Claim, Combination, Conclusions, Factor
from timeshare.claims.measuring import exact, measured
from timeshare.claims.outcomes import Kind, Outcome

SCHEDULES = ("basis", "mixture")


class FunctionOfTime(Claim):
    """C10. Weights that are a function of time could keep variable length."""

    title = "Weights as a function of time"
    argument = "A network whose weights are a function of time could keep variable length."
    estimand = (
        "For each schedule that computes its weights from the step (basis, mixture): the test "
        "score at unseen lengths, with the largest train size, where the mean score at T is "
        "{readable} or more; past T, at the steps past T alone. By construction: the exponent of "
        "the parameter count against T."
    )
    rule = (
        "On generated tasks and on real data: supported if the interval of one schedule lies above "
        "{readable}, contradicted if those of all lie below."
    )
    section = "spectrum"
    needs = (
        "Add sweeps of variants with `schedule: {kind: basis}` or `{kind: mixture}` over a "
        "generated task whose rule continues (parity) and over a real one (vowels), with two seeds "
        "or more, and unseen lengths to `evaluation_lengths`."
    )
    conclusions = Conclusions(
        topic="weights computed from the step keep variable length",
        supported="Weights computed from the step keep variable length: at lengths never seen such "
        "a network scores {number} {interval} (0 is chance, 1 perfect).",
        contradicted="No network that computes its weights from the step keeps variable length: at "
        "lengths never seen the best one scores {number} {interval} (0 is chance, 1 perfect).",
    )
    combination = Combination.ANY
    factors = (Factor("whether the data are real", ("generated tasks", "real data")),)

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The score of each schedule at each level; the exponents are checks."""
        limits, found = evidence.thresholds, list[Outcome]()
        for kind in SCHEDULES:
            rows = read_at_length(evidence, kind)
            rows = rows.assign(effect=rows["score"])
            for level, real in zip(self.factors[0].levels, (False, True), strict=True):
                found += measured(
                    evidence,
                    rows[rows["real"] == real],
                    f"score of a {kind} at unseen lengths, {level}",
                    limits.readable,
                    most=1,
                    part=kind,
                    level=(level,),
                )
            if slopes := exponents(evidence, kind):
                name = f"{kind}: largest exponent of parameters against T"
                found.append(
                    exact(
                        name,
                        max(slopes),
                        limits.exponent,
                        "exponent",
                        above=False,
                        kind=Kind.BY_CONSTRUCTION,
                    )
                )
        return found
