"""C6. Enough data would constrain the flexible network."""

from collections.abc import Sequence

import numpy as np

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.gaps import gaps
from timeshare.analysis.pairs import SETTING, plain
from timeshare.claims.base import Claim, Conclusions
from timeshare.claims.outcomes import Outcome, Verdict, every, measured


class Data(Claim):
    """C6. Enough data would constrain the flexible network."""

    title = "Data"
    argument = "Enough data would constrain the flexible network."
    estimand = (
        "Gap (train minus test score after the last update) of unshared networks with the "
        "largest train size, and how much smaller it is than with the smallest one, over sweeps "
        "that span {octaves} octaves or more."
    )
    rule = (
        "Supported if the interval of the gap at the largest size lies below {margin} and that of "
        "its decrease above {margin}; contradicted if one lies on the other side."
    )
    section = "overfitting"
    needs = (
        "Add a sweep of an unshared variant over train sizes of which the largest is 16 times the "
        "smallest or more (32 to 2048), on a task with a rule (parity, drift), with two seeds or "
        "more."
    )
    conclusions = Conclusions(
        supported="More data closes the unshared networks' gap.",
        contradicted="The data tried did not close the unshared networks' gap, or there "
        "was none to close.",
        inconclusive="Whether the data tried close the unshared networks' gap stays open.",
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The gap at the largest size, its decrease, and how the test score compares there."""
        limits = evidence.thresholds
        rows = plain(gaps(evidence), "unshared")
        keys = ["task", *SETTING, "hidden_size", "parameters", "seed"]
        rows = rows.groupby(keys)["score"].mean().reset_index()
        line = [name for name in keys if name not in ("train_size", "seed")]
        sizes = rows.groupby(line)["train_size"]
        low, high = sizes.transform("min"), sizes.transform("max")
        wide = np.log2(high / low) >= limits.octaves
        first = rows[wide & (rows["train_size"] == low)]
        last = rows[wide & (rows["train_size"] == high)]
        on = [name for name in keys if name != "train_size"]
        both = first.merge(last[[*on, "score"]], on=on, suffixes=("", "_last"))
        both = both.assign(effect=both["score"] - both["score_last"])
        short = rows[~wide & (high > low) & (rows["train_size"] == high)]
        short = short.assign(effect=short["score"])
        last = last.assign(effect=last["score"])
        name, margin = "gap with the largest train size", limits.margin
        return [
            *measured(evidence, last, name, margin, 2, above=False),
            *measured(evidence, both, "decrease from the smallest", margin, 2),
            *measured(
                evidence, short, f"{name}, shorter sweeps", margin, 2, primary=False, above=False
            ),
        ]

    def verdict(self, outcomes: Sequence[Outcome]) -> Verdict:
        """There was a gap, and it closed."""
        return every(outcome.verdict for outcome in outcomes)
