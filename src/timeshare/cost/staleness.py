"""Which tasks, cells and schedules the compute-cost study uses, for `experiment.staleness`."""

from collections.abc import Iterable

from timeshare.cost.fitting import timed_kind, timed_task
from timeshare.experiment import Experiment
from timeshare.experiment.build import CELLS, SCHEDULES
from timeshare.experiment.cost import Projection
from timeshare.experiment.staleness import Names, task_names, variant_names


def study_names(experiment: Experiment, variants: Iterable[str]) -> Names:
    """What a study of these variants uses: its task, the variants, and those that they match."""
    cost = experiment.cost
    parameters = timed_task(experiment, cost).model_dump(mode="json")
    chosen = [experiment.variants[name] for name in variants]
    matched = [experiment.variants[each.match] for each in chosen if each.match]
    return task_names(timed_kind(experiment, cost), parameters) | variant_names(chosen + matched)


def projection_names(projection: Projection) -> Names:
    """The cell and the schedules that are projected."""
    schedules = {(SCHEDULES.name, each["kind"]) for each in projection.schedules.values()}
    return frozenset(schedules | {(CELLS.name, projection.cell)})
