"""C9. An unrolled unshared network is a feed-forward network."""

import numpy as np

from timeshare.analysis.evidence import Evidence
from timeshare.claims.base import Claim, Conclusions
from timeshare.claims.outcomes import Outcome


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
        "Supported if all differences are below {rounding} in double and {rounding_single} in "
        "single precision; contradicted if the largest is above in both; inconclusive otherwise, "
        "and where one precision was not compared."
    )
    section = "equivalence"
    sampled = False
    needs = "Run the rule `equivalence`."
    conclusions = Conclusions(
        supported="The unshared network and the layered feed-forward network are the "
        "same function, with the same gradients.",
        contradicted="The unshared network and the layered feed-forward network differ by "
        "more than rounding.",
        inconclusive="The comparison with a layered feed-forward network does not settle "
        "whether they are the same function.",
    )

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
            found.append(Outcome(name, largest, largest, largest, limit, "rounding", above=False))
        return found
