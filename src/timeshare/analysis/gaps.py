"""The generalisation gap of members, and how many random labels they stored."""

import numpy as np
import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.statistics import Values
from timeshare.analysis.tables import ALL, CONDITION, LAST
from timeshare.experiment.conditions import FRESH
from timeshare.tasks.base import Split

MEMBER = ["rule", "seed", "unit", "train_size"]
"""Columns that tell the reported members of a condition apart."""


def gaps(evidence: Evidence, selection: str = LAST) -> pd.DataFrame:
    """Train minus test score of the reported members, K = T.

    The difference is the column `score`, beside the scores `train` and `test`. Members that read
    new sequences at every update have no training sequences to compare with. Tasks that hold
    positions out are left to the claim on positions: there, test sequences are of another kind than
    training sequences, whatever the network.
    """
    table = evidence.members
    table = table[
        table["learnable"]
        & ~table["holds_out"]
        & (table["group"] == ALL)
        & (table["train_size"] != FRESH)
        & (table["selection"] == selection)
        & (table["evaluated_length"] == table["length"])
        & (table["truncation"] == table["length"])
    ]
    keys = [*CONDITION, *MEMBER]
    train, test = (
        table[table["split"] == split].set_index(keys).sort_index()
        for split in (Split.TRAIN, Split.TEST)
    )
    both = test.assign(train=train["score"], test=test["score"])
    return both.assign(score=both["train"] - both["test"]).reset_index()


def memorised(evidence: Evidence) -> pd.DataFrame:
    """Train scores on random labels at the end of training, and the bits that they amount to.

    The weights are those of the last update: no other data can choose among weights here. `bits` is
    what the labels of the training sequences and the network's answers have in common (Collins,
    Sohl-Dickstein & Sussillo 2017), and `per_parameter` its quotient by the parameter count.
    """
    table = evidence.members
    table = table[
        ~table["learnable"]
        & (table["group"] == ALL)
        & (table["split"] == Split.TRAIN)
        & (table["selection"] == LAST)
        & (table["train_size"] != FRESH)
        & (table["truncation"] == table["length"])
    ]
    bits = table["train_size"] * bits_per_label(
        table["value"].to_numpy(float), table["output_size"].to_numpy(float)
    )
    return table.assign(bits=bits, per_parameter=bits / table["parameters"])


def bits_per_label(accuracy: Values, labels: Values) -> Values:
    """Bits that an answer carries about a label which is one of so many, all equally likely.

    An answer is right with the given accuracy, and each wrong label is equally likely; at chance
    it carries nothing, and always right it carries log2 of the number of labels.
    """
    right = np.clip(accuracy, 1 / labels, 1.0)
    wrong = 1 - right
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(wrong > 0, -wrong * np.log2(wrong / (labels - 1)), 0.0)
    bits: Values = np.log2(labels) + right * np.log2(right) - spread
    return bits
