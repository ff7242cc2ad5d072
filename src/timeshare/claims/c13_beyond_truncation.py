"""C13. Recurrent units learn structure beyond the truncation length."""

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.flags import FLAGS
from timeshare.analysis.pairs import plain
from timeshare.analysis.tables import FIXED
from timeshare.claims.base import Claim, Conclusions, Factor
from timeshare.claims.measuring import measured
from timeshare.claims.outcomes import Outcome

SCHEDULES = ("shared", "unshared")
NETWORK = [
    "task_kind",
    "input_size",
    "output_size",
    "length",
    "cell",
    "schedule",
    "hidden_size",
    "width",
    "embedding",
    "train_size",
]
"""Columns that two trainings of one network on one task have in common, whatever their windows."""


class BeyondTruncation(Claim):
    """C13. Recurrent units learn structure beyond the truncation length."""

    title = "Beyond the truncation"
    argument = (
        "Recurrent units still learn structure that reaches past the truncation length, since the "
        "state stores memory."
    )
    estimand = (
        "On tasks whose test sequences are grouped by the distance between what has to be stored "
        "and where it is asked: test score at distances of K or more, which no window contains, "
        "minus that of the same network trained with K = T, for each K, where the mean score with "
        "K = T is {solved} or more there. Unshared networks have windows at fixed or at random "
        "offsets, whichever scores higher on the test itself; shared ones at fixed offsets."
    )
    rule = (
        "For shared and for unshared weights, at each K: supported if the interval lies above "
        "minus {margin}, contradicted if it lies below."
    )
    section = "truncation"
    needs = (
        "Add sweeps of a shared and an unshared variant over `store` with two `truncations` or "
        "more below T and `full`, with two seeds or more, and enough updates that K = full solves "
        "the task."
    )
    conclusions = Conclusions(
        topic="recurrent networks learn what reaches past the window of their gradients",
        supported="Recurrent networks learn what reaches past the window of their gradients: at "
        "such distances the score differs from that with K = T by {number} {interval}.",
        contradicted="Recurrent networks do not learn what reaches past the window of their "
        "gradients: at such distances the score differs from that with K = T by {number} "
        "{interval}.",
        quantity="from K = T",
    )
    factors = (
        Factor("whether the weights are shared", ("shared weights", "unshared weights")),
        Factor("the window", words="with {level}"),
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The score beyond the window against K = T, for each schedule and K."""
        table = beyond(evidence)
        found: list[Outcome] = []
        for kind, level in zip(SCHEDULES, self.factors[0].levels, strict=True):
            for window, rows in table[table["schedule"] == kind].groupby("truncation"):
                found += measured(
                    evidence,
                    rows,
                    f"{level}, K = {window}: score at distances of K or more, minus that of K = T",
                    -evidence.thresholds.margin,
                    level=(level, f"K = {window}"),
                )
        return found


def beyond(evidence: Evidence) -> pd.DataFrame:
    """Score of each member with K < T at distances of K or more, minus that with K = T.

    The difference is the column `effect`; there is a row a member and group of distances.
    """
    table = evidence.tested
    if "beyond_window" not in table:
        return table.iloc[:0].assign(effect=0.0)
    table = table[table["distance"].notna() & (table["evaluated_length"] == table["length"])]
    table = pd.concat([plain(table, kind) for kind in SCHEDULES])
    whole = table[table["truncation"] == table["length"]]
    short = table[table["truncation"] < table["length"]]
    short = short[short["beyond_window"]]
    on = [*NETWORK, "unit", "group"]
    means = whole.groupby(on, as_index=False).agg(
        whole=("score", "mean"), **{f"{name}_whole": (name, "sum") for name in FLAGS}
    )
    both = short.merge(means, on=on)
    for name in FLAGS:
        both[name] += both[f"{name}_whole"]
    lines = both.groupby([*NETWORK, "truncation"])["whole"].transform("mean")
    both = both[lines >= evidence.thresholds.solved]
    return _one_offset(both.assign(effect=both["score"] - both["whole"]))


def _one_offset(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of one kind of window of each network and K.

    It is the better one of an unshared network, and windows at fixed offsets, the usual ones, of a
    shared network that has them.
    """
    by = [*NETWORK, "truncation"]
    means = rows.groupby([*by, "window_offset"], as_index=False).agg(mean=("effect", "mean"))
    usual = (means["window_offset"] == FIXED) & (means["schedule"] == "shared")
    ordered = means.assign(usual=usual).sort_values(["usual", "mean"], kind="stable")
    kept = ordered.drop_duplicates(by, keep="last")[[*by, "window_offset"]]
    return rows.merge(kept, on=[*by, "window_offset"])
