"""C2. Without sharing the parameter count grows linearly with T."""

from collections.abc import Sequence

import numpy as np

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.growth import exponents
from timeshare.claims.base import Claim, Conclusions, UntestedError
from timeshare.claims.outcomes import Outcome, Verdict, every, exact


class Parameters(Claim):
    """C2. Without sharing the parameter count grows linearly with T."""

    title = "Parameters"
    argument = "Without sharing the parameter count grows linearly with the number of steps."
    estimand = (
        "Exponent of the parameter count against T, by regression on logarithms, for each variant "
        "at fixed width: unshared and shared. The interval is the range over variants."
    )
    rule = (
        "Supported if every unshared exponent differs from 1, and every shared one from 0, by less "
        "than {exponent}; contradicted if all of either kind differ by more."
    )
    section = "cost"
    sampled = False
    buys = "a parameter count that does not grow with T"
    needs = (
        "Add a sweep of a shared and an unshared variant with a fixed `hidden_size` over two "
        "lengths T or more, or run the cost study."
    )
    conclusions = Conclusions(
        supported="Unshared networks grow in proportion to T, shared ones not at all.",
        contradicted="The parameters do not grow with T as the argument says.",
        inconclusive="The variants disagree on how parameters grow with T.",
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """How far the exponents are from 1 and from 0."""
        found = []
        for kind, expected in (("unshared", 1.0), ("shared", 0.0)):
            slopes = exponents(evidence, kind)
            if not slopes:
                raise UntestedError(self.needs)
            name = f"{kind}: exponent {np.mean(slopes):.2f}, distance from {expected:.0f} is"
            distances = [abs(slope - expected) for slope in slopes]
            limit = evidence.thresholds.exponent
            found.append(exact(name, distances, limit, "exponent", above=False))
        return found

    def verdict(self, outcomes: Sequence[Outcome]) -> Verdict:
        """Both kinds must grow as the argument says."""
        return every(outcome.verdict for outcome in outcomes)
