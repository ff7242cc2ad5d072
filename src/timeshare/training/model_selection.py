"""Model selection: the setting of each train size, chosen on units that are never reported."""

from collections.abc import Sequence

import pandas as pd

from timeshare.experiment import Condition, Member
from timeshare.tasks.base import Split
from timeshare.training.history import Point, history_table

BY = ["train_size", "setting"]


def chosen_settings(
    condition: Condition,
    members: Sequence[Member],
    points: Sequence[Point],
    diverged: Sequence[int | None],
) -> dict[int, int]:
    """The number of the setting chosen for each train size.

    The setting with the highest score is chosen, mean over the units of the search; the lower loss
    breaks a tie, then the smaller number.

    Arguments:
        condition: what the members belong to.
        members: those of the search.
        points: their learning curves.
        diverged: for each member the update at which it diverged, or None.
    """
    history = history_table(condition, members, points, diverged)
    table = setting_scores(history, condition.build_task().learnable)
    best = table.sort_values(["score", "loss", "setting"], ascending=[False, True, True])
    first = best.groupby("train_size").head(1).set_index("train_size")["setting"]
    return dict(zip(first.index.tolist(), first.tolist(), strict=True))


def setting_scores(history: pd.DataFrame, learnable: bool) -> pd.DataFrame:
    """What each setting scored, mean over units: one row a train size and setting.

    A member counts with its highest validation score and the loss there. Where the labels are
    random, validation data mean nothing, and its highest training score counts. A member that
    diverged counts with the score of chance.

    Arguments:
        history: the learning curves of the members of one condition's search.
        learnable: whether the targets can be predicted from the inputs.
    """
    split = Split.VALIDATION if learnable else Split.TRAIN
    rows = history[history["split"] == str(split)]
    ordered = rows.sort_values(["score", "loss"], ascending=[False, True], kind="stable")
    points = ordered.groupby([*BY, "rule", "seed"]).head(1).copy()
    points.loc[points["diverged"], ["score", "loss"]] = [0.0, float("inf")]
    return (
        points.groupby(BY)
        .agg(score=("score", "mean"), loss=("loss", "mean"), members=("score", "size"))
        .reset_index()
    )
