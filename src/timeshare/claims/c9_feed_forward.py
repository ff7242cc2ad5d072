"""C9. An unrolled unshared network is a feed-forward network."""

import numpy as np

from timeshare.analysis.evidence import Evidence
from timeshare.claims.base import Claim, Conclusions
from timeshare.claims.measuring import exact
from timeshare.claims.outcomes import Kind, Outcome


class FeedForward(Claim):
    """C9. An unrolled unshared network is a feed-forward network."""

    title = "Feed-forward"
    argument = (
        "An unrolled network with different weights at each step simply is a feed-forward network "
        "whose layers are time slices, each receiving the state of the one before."
    )
    estimand = (
        "Largest difference between the unshared network and an explicitly layered one with the "
        "same weights, relative to the largest value compared: outputs and all gradients, for "
        "every cell and length, in double and in single precision."
    )
    rule = (
        "True by definition: confirmed if all differences are below {rounding} in double and "
        "{rounding_single} in single precision; otherwise contradicted, a fault of the program."
    )
    section = "equivalence"
    needs = "Run the rule `equivalence`."
    conclusions = Conclusions(
        topic="an unshared network is a feed-forward network with a layer for each step",
        by_construction="By definition an unshared network is a feed-forward network with a layer "
        "for each step: outputs and gradients agree to a relative {number}.",
        contradicted="An unshared network and the feed-forward network with its layers differ by a "
        "relative {number}, more than rounding: a fault of the program.",
    )
    by_construction = True

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """One outcome a precision: the largest difference is effect and both ends."""
        table = evidence.tables.equivalence
        limits = evidence.thresholds
        if len(table) == 0:
            return []
        ratio = table["difference"] / table["scale"].clip(lower=1e-300)
        found = []
        for precision, limit in (
            ("float64", limits.rounding),
            ("float32", limits.rounding_single),
        ):
            values = ratio[table["precision"] == precision]
            largest = float(values.max(skipna=False)) if len(values) else np.nan
            name = f"largest relative difference in {precision}"
            kind = Kind.BY_CONSTRUCTION
            found.append(exact(name, largest, limit, "rounding", above=False, kind=kind))
        return found
