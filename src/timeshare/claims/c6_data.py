"""C6. Enough data would constrain the flexible network."""

import numpy as np
import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.flags import FLAGS
from timeshare.analysis.gaps import gaps
from timeshare.analysis.pairs import COMBINED, SETTING, plain
from timeshare.claims.base import Claim, Conclusions, Factor
from timeshare.claims.measuring import measured_by_task
from timeshare.claims.outcomes import Kind, Outcome

STAYS, CHANGES, REAL = "rule stays", "rule changes", "data are real"
GAP, DECREASE = "gap", "decrease"


class Data(Claim):
    """C6. Enough data would constrain the flexible network."""

    title = "Data"
    argument = "Enough data would constrain the flexible network."
    estimand = (
        "Gap (train minus test score after the last update) of unshared networks with the "
        "largest train size, and how much smaller it is than with the smallest one, over sweeps "
        "that span {octaves} octaves or more. Secondary: shorter sweeps; the test score with the "
        "largest size."
    )
    rule = (
        "Where the rule stays, where it changes with the step, and on real data: supported if the "
        "interval of the gap at the largest size lies below {margin} and that of its decrease "
        "above {margin} on each task; contradicted if one lies on the other side."
    )
    section = "overfitting"
    needs = (
        "Add a sweep of an unshared variant over train sizes of which the largest is 16 times the "
        "smallest or more (32 to 2048), on a task whose rule stays (parity) and one whose rule "
        "changes (drift), with two rules or seeds or more."
    )
    conclusions = Conclusions(
        topic="enough data closes the gap between training and test of unshared networks",
        supported="More data closes the gap between training and test of unshared networks "
        "({name}: {number} {interval}).",
        contradicted="The data tried did not close the gap between training and test of unshared "
        "networks, or there was none to close ({name}: {number} {interval}).",
    )
    factors = (
        Factor(
            "whether the rule changes with the step", (STAYS, CHANGES, REAL), "where the {level}"
        ),
    )
    required = (GAP, DECREASE)

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The gap at the largest size and its decrease; shorter sweeps are secondary."""
        limits = evidence.thresholds
        rows = _with_spans(plain(gaps(evidence), "unshared"))
        wide = rows[rows["octaves"] >= limits.octaves]
        short = rows[(rows["octaves"] > 0) & (rows["octaves"] < limits.octaves)]
        found: list[Outcome] = []
        name = "gap with the largest train size"
        for level in (STAYS, CHANGES, REAL):
            mine = wide[wide["rule"] == level]
            last = mine[mine["train_size"] == mine["high"]]
            found += measured_by_task(
                evidence,
                last.assign(effect=last["score"]),
                f"{name}, {level}",
                limits.margin,
                above=False,
                part=GAP,
                level=(level,),
            )
            found += measured_by_task(
                evidence,
                _decreases(mine),
                f"decrease of the gap from the smallest train size, {level}",
                limits.margin,
                part=DECREASE,
                level=(level,),
            )
            few = short[(short["rule"] == level) & (short["train_size"] == short["high"])]
            secondary = {
                f"{name}, shorter sweeps, {level}": (few, "score", limits.margin, False),
                f"test score with the largest train size, {level}": (
                    last,
                    "test",
                    limits.solved,
                    True,
                ),
            }
            for words, (part, column, threshold, above) in secondary.items():
                found += measured_by_task(
                    evidence,
                    part.assign(effect=part[column]),
                    words,
                    threshold,
                    above=above,
                    kind=Kind.SECONDARY,
                )
        return found


def _with_spans(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a network and train size, with the range of train sizes of its variant."""
    keys = ["task", *SETTING, "hidden_size", "parameters", "embedding", "unit"]
    kept = {
        "task_title": "first",
        "rule_changes": "first",
        "real": "first",
        "score": "mean",
        "test": "mean",
    }
    rows = rows.groupby(keys, as_index=False).agg({**kept, **COMBINED})
    line = [name for name in keys if name not in ("train_size", "unit")]
    sizes = rows.groupby(line)["train_size"]
    low, high = sizes.transform("min"), sizes.transform("max")
    real, changes = rows["real"].astype(bool), rows["rule_changes"].astype(bool)
    rule = np.where(real, REAL, np.where(changes, CHANGES, STAYS))
    return rows.assign(low=low, high=high, octaves=np.log2(high / low), rule=rule)


def _decreases(rows: pd.DataFrame) -> pd.DataFrame:
    """How much the gap falls from the smallest train size to the largest, for each unit."""
    on = ["task", "length", "truncation", "cell", "hidden_size", "parameters", "embedding", "unit"]
    first = rows[rows["train_size"] == rows["low"]]
    last = rows[rows["train_size"] == rows["high"]]
    both = first.merge(last[[*on, "score", *FLAGS]], on=on, suffixes=("", "_last"))
    for name in FLAGS:
        both[name] += both[f"{name}_last"]
    return both.assign(effect=both["score"] - both["score_last"])
