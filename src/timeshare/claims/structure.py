"""Claims that follow from what the networks are, without training: C2, C9."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from timeshare.claims.base import Claim, Part, Section, UntestedError, Verdict, every, exact
from timeshare.claims.evidence import Evidence
from timeshare.claims.growth import exponents


class Parameters(Claim):
    """C2. Without sharing the parameter count grows linearly with T."""

    id: ClassVar[str] = "C2"
    title: ClassVar[str] = "Parameters"
    argument: ClassVar[str] = (
        "Without sharing the parameter count grows linearly with the number of steps."
    )
    estimand: ClassVar[str] = (
        "Exponent of the parameter count against T, by regression on logarithms, for each variant "
        "at fixed width: unshared and shared. The interval is the range over variants."
    )
    rule: ClassVar[str] = (
        "Supported if every unshared exponent differs from 1, and every shared one from 0, by less "
        "than {exponent}; contradicted if all of either kind differ by more."
    )
    section: ClassVar[Section] = Section.COST
    sampled: ClassVar[bool] = False
    needs: ClassVar[str] = (
        "Add a sweep of a shared and an unshared variant with a fixed `hidden` over two lengths T "
        "or more, or run the cost study."
    )
    says: ClassVar[dict[Verdict, str]] = {
        Verdict.SUPPORTED: "Unshared networks grow in proportion to T, shared ones not at all.",
        Verdict.CONTRADICTED: "The parameters do not grow with T as the argument says.",
        Verdict.INCONCLUSIVE: "The variants disagree on how parameters grow with T.",
    }

    def parts(self, evidence: Evidence) -> list[Part]:
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

    def verdict(self, parts: Sequence[Part]) -> Verdict:
        """Both kinds must grow as said."""
        return every(part.verdict for part in parts)


class FeedForward(Claim):
    """C9. An unrolled unshared network is a feed-forward network."""

    id: ClassVar[str] = "C9"
    title: ClassVar[str] = "Feed-forward"
    argument: ClassVar[str] = (
        "An unrolled network with different weights at each step simply is a feed-forward network "
        "whose layers are time slices, each receiving the state of the one before."
    )
    estimand: ClassVar[str] = (
        "Largest difference between the unshared network and an explicitly layered one with the "
        "same weights, relative to the largest value compared: outputs and all gradients, for "
        "every cell and length, in double and in single precision."
    )
    rule: ClassVar[str] = (
        "Supported if all differences are below {rounding} in double and {rounding_single} in "
        "single precision; contradicted if the largest is above in both; inconclusive otherwise, "
        "and where one precision was not compared."
    )
    section: ClassVar[Section] = Section.EQUIVALENCE
    sampled: ClassVar[bool] = False
    needs: ClassVar[str] = "Run the rule `equivalence`, which needs no configuration."
    says: ClassVar[dict[Verdict, str]] = {
        Verdict.SUPPORTED: "The unshared network and the layered feed-forward network are the "
        "same function, with the same gradients.",
        Verdict.CONTRADICTED: "The unshared network and the layered feed-forward network differ by "
        "more than rounding.",
        Verdict.INCONCLUSIVE: "The comparison with a layered feed-forward network does not settle "
        "whether they are the same function.",
    }

    def parts(self, evidence: Evidence) -> list[Part]:
        """One part a precision: the largest difference is effect and both ends."""
        table = evidence.tables.equivalence
        limits = evidence.thresholds
        if len(table) == 0:
            return []
        ratio = table["difference"] / np.maximum(table["scale"], 1e-300)
        found = []
        for precision, limit in (
            ("float64", limits.rounding),
            ("float32", limits.rounding_single),
        ):
            values = ratio[table["precision"] == precision]
            largest = float(values.max(skipna=False)) if len(values) else np.nan
            name = f"largest relative difference in {precision}"
            found.append(Part(name, largest, largest, largest, limit, "rounding", above=False))
        return found
