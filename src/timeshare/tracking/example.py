"""The comparison that the saved views of charts begin with. Imports no MLflow."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from timeshare.experiment import Condition
from timeshare.experiment.conditions import size_name

PAIRED = ("shared", "unshared")
"""The schedules that are compared."""


@dataclass(frozen=True)
class Example:
    """Runs of one task, of which readers may change any part in MLflow's search.

    Arguments:
        task: name of the task.
        length: training length T.
        train_size: number of training sequences, as readers see it.
    """

    task: str
    length: int
    train_size: str


def is_paired(condition: Condition) -> bool:
    """Whether only the schedule, shared or unshared, tells a condition from its counterpart."""
    network = condition.network
    return (
        network.schedule["kind"] in PAIRED
        and network.match is None
        and network.time_features == 0
        and network.readout == "shared"
        and condition.truncation == condition.length
    )


def example_of(conditions: Iterable[Condition]) -> Example | None:
    """The first task and T at which a cell is trained with shared and with unshared weights.

    Of the train sizes that both have, it is the one in the middle. None where no cell has both.
    """
    found: dict[tuple[str, int, str], dict[str, Condition]] = {}
    for condition in filter(is_paired, conditions):
        place = condition.task, condition.length, condition.network.cell
        pair = found.setdefault(place, {})
        pair[condition.network.schedule["kind"]] = condition
        sizes = sorted(set.intersection(*(set(each.train_sizes) for each in pair.values())))
        if len(pair) == len(PAIRED) and sizes:
            middle = sizes[(len(sizes) - 1) // 2]
            return Example(condition.task, condition.length, size_name(middle))
    return None


def example_facts(conditions: Iterable[Condition]) -> dict[str, Any] | None:
    """As `example_of`, as plain values."""
    example = example_of(conditions)
    return None if example is None else asdict(example)
