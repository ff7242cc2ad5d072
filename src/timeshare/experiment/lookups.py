"""Look-ups in the grid of conditions, for the rules of the workflow."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from timeshare.data.splits import Unit
from timeshare.experiment.conditions import Condition
from timeshare.experiment.configuration import Experiment
from timeshare.experiment.paths import Paths


def of_task(
    conditions: Iterable[Condition], task: str, length: int | str | None = None
) -> list[Condition]:
    """The conditions of a task.

    Arguments:
        conditions: of the whole experiment.
        task: name of the task.
        length: training length T in steps, as a number or as a wildcard; every one when None.
    """
    wanted = None if length is None else int(length)
    return [each for each in conditions if each.task == task and wanted in (None, each.length)]


def evaluated(conditions: Iterable[Condition]) -> list[tuple[str, int]]:
    """The pairs of a task and a training length T that conditions have; each is evaluated once."""
    return sorted({(each.task, each.length) for each in conditions})


def run_files(paths: Paths, conditions: Iterable[Condition], name: str) -> list[str]:
    """One file of the run of each condition, such as `paths.WEIGHTS`."""
    return [paths.run(name, condition.id) for condition in conditions]


def evaluation_files(paths: Paths, conditions: Iterable[Condition], table: str) -> list[str]:
    """One table of each evaluation."""
    return [paths.evaluation(table, task, length) for task, length in evaluated(conditions)]


def evaluation_request(
    experiment: Experiment, conditions: Iterable[Condition], task: str
) -> dict[str, Any]:
    """Which test sequences of a task are drawn: some for each reported rule or seed.

    Returns:
        the task's `kind` and `parameters`, the `units` (rule and seed), and the number of
        sequences `held` out for each of them.
    """
    units = {unit for each in of_task(conditions, task) for unit in each.units}
    return _request(experiment, task, units)


def training_request(
    experiment: Experiment, conditions: Iterable[Condition], task: str, length: int | str
) -> dict[str, Any]:
    """Which sequences are drawn for training a task at one length.

    Training at one T reads the units and the number of sequences of its own conditions, so that
    conditions at another T draw nothing again.

    Returns:
        what `evaluation_request` returns, for the units of the search as well, the number of
        training sequences, `count`, and whether each length `up_to` T has sequences of its own.
    """
    readers = of_task(conditions, task, length)
    units = {unit for each in readers for unit in (*each.units, *each.search_units)}
    return _request(experiment, task, units) | {
        "count": max(each.drawn for each in readers),
        "up_to": experiment.training_of(task).lengths == "up-to",
    }


def _request(experiment: Experiment, task: str, units: Iterable[Unit]) -> dict[str, Any]:
    return {
        "kind": experiment.task_kind(task),
        "parameters": experiment.task(task).model_dump(mode="json"),
        "units": [list(unit) for unit in sorted(units)],
        "held": experiment.evaluation.sequences,
    }


def sweeps_of(conditions: Mapping[str, Condition]) -> dict[str, list[str]]:
    """The sweeps that contain each condition, by its id."""
    return {name: list(condition.sweeps) for name, condition in conditions.items()}


def by_task(values: Mapping[str, int]) -> int | Callable[[Any], int]:
    """The one value that all tasks have, or else a function that looks up the task of a job.

    The workflow calls such a function for each job, which takes time where there are thousands.

    Arguments:
        values: by task; the function takes whatever has the name of a task as `task`.
    """
    alike = set(values.values())
    return alike.pop() if len(alike) == 1 else lambda job: values[job.task]
