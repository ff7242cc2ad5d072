"""What tracking jobs read, and how they share the conditions. Imports no MLflow."""

import os
import re
from collections.abc import Iterable, Mapping, Sized
from typing import Any

from timeshare.experiment import Condition
from timeshare.experiment.models import Tracking
from timeshare.experiment.paths import TRAINED, Paths
from timeshare.tasks.base import Split

STORE = "TIMESHARE_TRACKING_STORE"
"""The variable of the environment by which jobs learn the address of the store."""
MOST_PARTS = 8
"""Jobs that log to a server side by side."""


def is_server(store: str) -> bool:
    """Whether the address of a store is a server's; any other store is a database."""
    return store.startswith(("http://", "https://"))


def shown(store: str) -> str:
    """The address of a store without its password."""
    return re.sub(r"(://[^:/@]*):[^@/]*@", r"\1:***@", store)


def hide_store(tracking: Tracking, config: dict[str, Any]) -> dict[str, Any]:
    """The section `tracking` as plain values, the password of its store left out.

    The address goes to the jobs through the environment, and leaves the configuration that
    Snakemake would write into the script of each job.

    Arguments:
        tracking: the section.
        config: Snakemake's copy of the configuration, which is changed.
    """
    os.environ[STORE] = tracking.store or ""
    if tracking.store is not None:
        config["tracking"]["store"] = shown(tracking.store)
    content = tracking.model_dump(mode="json", by_alias=True)
    return content | {"store": tracking.store and shown(tracking.store)}


def with_store(content: Mapping[str, Any]) -> Tracking:
    """The section `tracking` in a job, with the address that `hide_store` left out."""
    return Tracking.model_validate({**content, "store": os.environ[STORE] or None})


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
