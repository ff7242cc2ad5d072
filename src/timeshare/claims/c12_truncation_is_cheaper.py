"""C12. Truncated back-propagation unrolls only a short window, for feasibility."""

import numpy as np
import pandas as pd
from scipy import stats

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.flags import FLAGS, with_flags
from timeshare.analysis.pairs import plain
from timeshare.analysis.tables import (
    CONDITION,
    SEQUENCE,
    UPDATE,
    WINDOW,
    with_facts,
)
from timeshare.claims.base import Claim, Conclusions, Factor
from timeshare.claims.measuring import exact, measured
from timeshare.claims.outcomes import Kind, Outcome

READS_K, READS_T, TO_SCORE = (
    "an update that reads K steps",
    "a whole sequence",
    "training to a set score",
)


class TruncationIsCheaper(Claim):
    """C12. Truncated back-propagation unrolls only a short window, for feasibility."""

    title = "Truncation is cheaper"
    argument = (
        "Truncated back-propagation through time unrolls only a short window, for feasibility."
    )
    estimand = (
        "Exponent of time against the window K at fixed T, of shared networks, the smallest over "
        "cells and T: of an update that reads K steps (`update: window`), of a whole sequence in "
        "one update (`update: sequence`), and of training until the validation score first "
        "reaches the level of the cost study, against training with K = T (a member that does not "
        "reach it counts with all it spent). 1 is time in proportion to K, 0 no saving, and below "
        "0 shorter windows take longer. By construction: the exponent of activation memory."
    )
    rule = (
        "For each of the three: supported if the exponent is above {saving} (for training, its "
        "interval), contradicted if below."
    )
    section = "truncation"
    needs = (
        "Run the cost study with a shared variant, a `truncated_lengths` entry and two "
        "`truncations` or more below it; for training to a set score, add a sweep of a shared "
        "variant with `truncations` below T and full, with two seeds or more."
    )
    conclusions = Conclusions(
        topic="shorter windows save time",
        supported="Shorter windows save time, of an update, a sequence and training alike: time "
        "grows with the window to the power of {number} or more.",
        contradicted="Shorter windows save memory by construction, but little time: it grows with "
        "the window to the power of {number}.",
        quantity="is the exponent of time in K",
    )
    factors = (Factor("what is timed", (READS_K, READS_T, TO_SCORE)),)

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """An exponent for each thing that is timed; that of memory is a check."""
        limit, found = evidence.thresholds.saving, list[Outcome]()
        for level, update in ((READS_K, WINDOW), (READS_T, SEQUENCE)):
            if slopes := _slopes(evidence.tables.measured, update, "seconds"):
                name = f"exponent of the time of {level} against K"
                found.append(exact(name, min(slopes), limit, "exponent", level=(level,)))
        found += measured(
            evidence,
            _to_score(evidence),
            "exponent of the time of training to a set score against K",
            limit,
            units="exponent",
            level=(TO_SCORE,),
        )
        if slopes := _slopes(evidence.tables.measured, SEQUENCE, "bytes_peak"):
            name = "smallest exponent of activation memory against K"
            kind = Kind.BY_CONSTRUCTION
            found.append(exact(name, min(slopes), limit, "exponent", kind=kind))
        return found


def _slopes(table: pd.DataFrame, update: str, column: str) -> list[float]:
    """Exponents against K of measured updates of shared networks, one a cell and T."""
    if len(table) == 0:
        return []
    table = table[
        (table["part"] == UPDATE) & (table["schedule"] == "shared") & (table["update"] == update)
    ]
    seconds = table["seconds_median"]
    if update == WINDOW:
        # What is measured is a pass over the sequence, which makes an update in each window.
        seconds = seconds / np.ceil(table["length"] / table["truncation"])
    table = table.assign(seconds=seconds)
    return [
        float(stats.linregress(np.log(line["truncation"]), np.log(line[column])).slope)
        for _, line in table.groupby(["cell", "variant", "length"])
        if line["truncation"].nunique() >= 3
    ]


def _to_score(evidence: Evidence) -> pd.DataFrame:
    """For each member with K < T, the exponent of its time to the level against that with K = T."""
    spent = evidence.tables.quality
    if len(spent) == 0:
        return pd.DataFrame(columns=["task"])
    facts = with_facts(spent, evidence.conditions)
    table = plain(with_flags(facts, evidence.tables), "shared")
    kind = ["task", "variant", "length", "train_size", "unit"]
    whole = table[table["truncation"] == table["length"]]
    short = table[table["truncation"] < table["length"]]
    both = short.merge(
        whole[[*kind, "seconds", "reached", *FLAGS]], on=kind, suffixes=("", "_whole")
    )
    # Two members of which neither reached the level say nothing of which is faster.
    both = both[both["reached"] | both["reached_whole"]]
    ratio = np.log(both["seconds_whole"] / both["seconds"])
    for name in FLAGS:
        both[name] += both[f"{name}_whole"]
    effect = ratio / np.log(both["length"] / both["truncation"])
    return both.assign(effect=effect)[[*CONDITION, "cell", "train_size", "unit", "effect", *FLAGS]]
