"""C12. Truncated back-propagation unrolls only a short window, for feasibility."""

import numpy as np
from scipy import stats

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import UPDATE
from timeshare.claims.base import Claim, Conclusions
from timeshare.claims.outcomes import Outcome, exact


class TruncationIsCheaper(Claim):
    """C12. Truncated back-propagation unrolls only a short window, for feasibility."""

    title = "Truncation is cheaper"
    argument = (
        "Truncated back-propagation through time unrolls only a short window, for feasibility."
    )
    estimand = (
        "Exponent of the measured activation memory of an update (its peak beyond inputs, weights, "
        "gradients and optimiser) against K at fixed T, by regression on "
        "logarithms, for shared networks; the interval is the range over cells and T. Secondary: "
        "the exponent of the time of an update, which reads the same T steps whatever K."
    )
    rule = (
        "Supported if every exponent of activation memory is above {saving} (0: no saving, 1: "
        "memory in proportion to K), contradicted if every one is below; inconclusive otherwise."
    )
    section = "truncation"
    sampled = False
    needs = (
        "Run the cost study with a shared variant, a `truncated_lengths` entry and two "
        "`truncations` or more below it."
    )
    conclusions = Conclusions(
        supported="A shorter window saves much of the activation memory of an update.",
        contradicted="A shorter window saves little activation memory.",
        inconclusive="How much activation memory a shorter window saves depends on the cell or T.",
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The exponent of memory, which is primary, and that of time."""
        table = evidence.tables.measured
        if len(table) == 0:
            return []
        table = table[(table["part"] == UPDATE) & (table["schedule"] == "shared")]
        found = []
        for column, name, primary in (
            ("bytes_peak", "exponent of activation memory against K", True),
            ("seconds_median", "exponent of time against K", False),
        ):
            slopes = [
                float(stats.linregress(np.log(line["truncation"]), np.log(line[column])).slope)
                for _, line in table.groupby(["cell", "variant", "length"])
                if line["truncation"].nunique() >= 3
            ]
            if slopes:
                limit = evidence.thresholds.saving
                found.append(exact(name, slopes, limit, "exponent", primary=primary))
        return found
