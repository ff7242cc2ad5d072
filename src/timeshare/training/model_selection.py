"""Model selection: the learning rate of each train size, chosen on validation data alone."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeshare.experiment import Condition
from timeshare.tasks.base import Split
from timeshare.training.history import member_table


def chosen_members(
    condition: Condition, history: pd.DataFrame, selection: str, diverged: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which members have the learning rate chosen for their train size, `[E]`.

    The rate with the highest validation score, mean over seeds, is chosen; the lower validation
    loss breaks a tie, then the lower rate. The score is the last one or each member's best,
    depending on `selection`; a diverged member counts with the score of chance.

    Arguments:
        condition: its members.
        history: their learning curves.
        selection: `last` or `best`.
        diverged: whether each member diverged, `[E]`.
    """
    validation = history[history["split"] == str(Split.VALIDATION)]
    keys = ["train_size", "learning_rate", "seed"]
    if selection == "last":
        points = validation[validation["update"] == validation["update"].max()]
    else:
        ordered = validation.sort_values(["score", "loss"], ascending=[False, True], kind="stable")
        points = ordered.groupby(keys).head(1)
    failed = member_table(condition.members)[keys].assign(diverged=diverged)
    points = points.merge(failed, on=keys)
    points.loc[points["diverged"], ["score", "loss"]] = [0.0, np.inf]
    means = points.groupby(["train_size", "learning_rate"])[["score", "loss"]].mean().reset_index()
    best = (
        means.sort_values(["score", "loss", "learning_rate"], ascending=[False, True, True])
        .groupby("train_size")
        .head(1)
        .set_index("train_size")["learning_rate"]
    )
    return np.array(
        [best.loc[member.train_size] == member.learning_rate for member in condition.members]
    )
