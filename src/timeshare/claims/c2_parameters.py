"""C2. Without sharing the parameter count grows linearly with T."""

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.growth import exponents
from timeshare.claims.base import Claim, Conclusions, UntestedError
from timeshare.claims.measuring import exact
from timeshare.claims.outcomes import Kind, Outcome


class Parameters(Claim):
    """C2. Without sharing the parameter count grows linearly with T."""

    title = "Parameters"
    argument = "Without sharing the parameter count grows linearly with the number of steps."
    estimand = (
        "Exponent of the parameter count against T, by regression on logarithms, for each variant "
        "at fixed width: unshared and shared; the largest distance from 1 and from 0."
    )
    rule = (
        "True by definition: confirmed if every unshared exponent differs from 1, and every shared "
        "one from 0, by less than {exponent}; otherwise contradicted, a fault of the program."
    )
    section = "cost"
    buys = "a parameter count that does not grow with T"
    needs = (
        "Add a sweep of a shared and an unshared variant with a fixed `hidden_size` over two "
        "lengths T or more, or run the cost study."
    )
    conclusions = Conclusions(
        topic="the parameters of unshared networks grow in proportion to T",
        by_construction="By definition, unshared networks have parameters in proportion to T and "
        "shared ones do not grow: the exponents differ from 1 and 0 by at most {number}.",
        contradicted="The parameters do not grow with T as the definition says: an exponent is off "
        "by {number}, a fault of the program.",
    )
    by_construction = True

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """How far the exponents are at most from 1 and from 0."""
        found = []
        for kind, expected in (("unshared", 1.0), ("shared", 0.0)):
            slopes = exponents(evidence, kind)
            if not slopes:
                raise UntestedError(self.needs)
            distance = max(abs(slope - expected) for slope in slopes)
            found.append(
                exact(
                    f"{kind}: largest distance of an exponent from {expected:.0f}",
                    distance,
                    evidence.thresholds.exponent,
                    "exponent",
                    above=False,
                    kind=Kind.BY_CONSTRUCTION,
                    part=kind,
                )
            )
        return found
