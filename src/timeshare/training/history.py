"""The learning curves of a condition's members, one row a measurement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from timeshare.experiment import Condition, Member
from timeshare.tasks.base import Split
from timeshare.tasks.metrics import Metric, normalised


@dataclass(frozen=True)
class Point:
    """One member's measurement at an evaluation point."""

    update: int
    member: int
    split: Split
    value: float
    loss: float
    chance: float


def history_table(condition: Condition, metric: Metric, points: Iterable[Point]) -> pd.DataFrame:
    """Learning curves: task, variant, length, truncation, seed, train_size, learning_rate, update,
    split, metric, value, chance, score and loss."""
    table = pd.DataFrame(
        [vars(point) for point in points],
        columns=["update", "member", "split", "value", "loss", "chance"],
    )
    members = member_table(condition.members)
    table = table.join(members, on="member").drop(columns="member")
    table["split"] = table["split"].astype("str")
    table["score"] = normalised(table["value"].to_numpy(), table["chance"].to_numpy(), metric)
    table["metric"] = str(metric)
    return with_condition(table, condition)


def member_table(members: Sequence[Member]) -> pd.DataFrame:
    """Seed, train size and learning rate of each member, in order."""
    return pd.DataFrame([member.model_dump() for member in members])


def with_condition(table: pd.DataFrame, condition: Condition) -> pd.DataFrame:
    """The table with the condition's factors as its first columns."""
    factors: dict[str, str | int] = {
        "task": condition.task,
        "variant": condition.variant,
        "length": condition.length,
        "truncation": condition.truncation,
    }
    for place, (name, value) in enumerate(factors.items()):
        table.insert(place, name, value)
    return table
