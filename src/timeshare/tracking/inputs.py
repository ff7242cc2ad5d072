"""What tracking jobs read, and how they share the conditions. Imports no MLflow."""

from collections.abc import Iterable, Mapping, Sized

from timeshare.experiment import Condition
from timeshare.experiment.models import Tracking
from timeshare.experiment.paths import TRAINED, Paths
from timeshare.tasks.base import Split

MOST_PARTS = 8
"""Jobs that log to a server side by side."""


def is_server(store: str) -> bool:
    """Whether the address of a store is a server's; any other store is a database."""
    return store.startswith(("http://", "https://"))


def part_count(tracking: Tracking, conditions: Sized) -> int:
    """How many jobs share the conditions; a database is written by one process only."""
    return min(MOST_PARTS, len(conditions)) if is_server(tracking.store or "") else 1


def part(
    conditions: Mapping[str, Condition], number: int | str, tracking: Tracking
) -> dict[str, Condition]:
    """The conditions of one job, by their ids: every n-th one where n jobs share them.

    Arguments:
        conditions: of the experiment, by their ids.
        number: of the job, from 0, as a number or as a wildcard.
        tracking: section of the configuration.
    """
    count = part_count(tracking, conditions)
    return {name: conditions[name] for name in sorted(conditions)[int(number) :: count]}


def part_files(paths: Paths, conditions: Sized, tracking: Tracking) -> list[str]:
    """What the jobs that share the conditions write."""
    return [
        paths.tracking(f"parts/{number}.json") for number in range(part_count(tracking, conditions))
    ]


def tracked_files(paths: Paths, conditions: Iterable[Condition]) -> list[str]:
    """All files that the runs of these conditions are made from."""
    files = []
    for condition in conditions:
        task, length = condition.task, condition.length
        files += [paths.run(name, condition.id) for name in TRAINED]
        files += [
            paths.evaluation("scores", task, length),
            paths.training_manifest(str(Split.TRAIN), task, length),
            paths.training_manifest(str(Split.VALIDATION), task, length),
            paths.test_manifest(task),
        ]
    return list(dict.fromkeys(files))
