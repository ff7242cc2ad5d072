"""The generalisation gap of members, and how many random labels they fitted."""

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import ALL, CONDITION, LAST
from timeshare.tasks.base import Split


def gaps(evidence: Evidence, selection: str = LAST) -> pd.DataFrame:
    """Train minus test score of the chosen members, K = T.

    The difference is the column `score`, beside the scores `train` and `test`.

    Tasks that hold positions out are left to the claim on positions: there, test sequences are of
    another kind than training sequences, whatever the network.
    """
    table = evidence.members
    table = table[
        table["chosen"]
        & table["learnable"]
        & ~table["grouped"]
        & (table["group"] == ALL)
        & (table["selection"] == selection)
        & (table["evaluated_length"] == table["length"])
        & (table["truncation"] == table["length"])
    ]
    keys = [*CONDITION, "train_size", "learning_rate", "seed"]
    train, test = (
        table[table["split"] == split].set_index(keys).sort_index()
        for split in (Split.TRAIN, Split.TEST)
    )
    both = train.assign(train=train["score"], test=test["score"])
    return both.assign(score=both["train"] - both["test"]).reset_index()


def memorised(evidence: Evidence) -> pd.DataFrame:
    """Train scores on random labels at the end of training, with the best rate of each size.

    No other data can choose the learning rate here; each condition and train size has the one
    that fits most, mean over seeds.
    """
    table = evidence.members
    table = table[
        ~table["learnable"]
        & (table["split"] == Split.TRAIN)
        & (table["selection"] == LAST)
        & (table["truncation"] == table["length"])
    ]
    return table.merge(fitting_rates(table))


def fitting_rates(fitted: pd.DataFrame) -> pd.DataFrame:
    """The learning rate of each condition and train size that fits most, mean over seeds.

    Arguments:
        fitted: train scores at the end of training.
    """
    keys = [*CONDITION, "train_size"]
    means = fitted.groupby([*keys, "learning_rate"])["score"].mean().reset_index()
    best = means.sort_values("score", kind="stable").drop_duplicates(keys, keep="last")
    return best[[*keys, "learning_rate"]]
