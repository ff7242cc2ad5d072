"""The learning curves of members, one row a measurement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from timeshare.experiment import Condition, Member
from timeshare.tasks.base import Split
from timeshare.training.scoring import scores

UNSET = np.nan
"""The strength of a member whose setting leaves it to the schedule."""


@dataclass(frozen=True)
class Point:
    """One member's measurement at an evaluation point."""

    update: int
    member: int
    split: Split
    value: float
    loss: float
    chance: float


def history_table(
    condition: Condition,
    members: Sequence[Member],
    points: Iterable[Point],
    diverged: Sequence[int | None],
) -> pd.DataFrame:
    """Learning curves: the columns of `member_table`, and what was measured at each update.

    Arguments:
        condition: what the members belong to.
        members: in the order that points refer to.
        points: the measurements.
        diverged: for each member the update at which it diverged, or None.
    """
    task = condition.build_task()
    table = pd.DataFrame(
        [vars(point) for point in points],
        columns=["update", "member", "split", "value", "loss", "chance"],
    )
    known = member_table(condition, members)
    known["diverged"] = [update is not None for update in diverged]
    table = known.join(table.set_index("member"), how="right").reset_index(drop=True)
    table["split"] = table["split"].astype("str")
    table["score"] = scores(table["value"].to_numpy(), table["chance"].to_numpy(), task.metric)
    table["metric"] = str(task.metric)
    return table


def member_table(condition: Condition, members: Sequence[Member]) -> pd.DataFrame:
    """What identifies each member: condition, unit, rule, seed, train size and setting."""
    settings = [condition.setting_of(member) for member in members]
    return pd.DataFrame(
        {
            "task": condition.task,
            "variant": condition.variant,
            "length": condition.length,
            "truncation": condition.truncation,
            "unit": [condition.unit_of(member) for member in members],
            "rule": [member.rule for member in members],
            "seed": [member.seed for member in members],
            "train_size": [member.train_size for member in members],
            "setting": [member.setting for member in members],
            "learning_rate": [setting.learning_rate for setting in settings],
            "weight_decay": [setting.weight_decay for setting in settings],
            "strength": [
                UNSET if setting.strength is None else setting.strength for setting in settings
            ],
            "dropout": [setting.dropout for setting in settings],
        }
    )
