"""Which tasks, cells and schedules the compute-cost study uses, for `experiment.staleness`."""

from collections.abc import Callable, Collection, Iterable

from timeshare.cost.fitting import timed_kind, timed_task
from timeshare.experiment import Condition, Experiment
from timeshare.experiment.build import CELLS, SCHEDULES
from timeshare.experiment.cost import Projection
from timeshare.experiment.staleness import Names, names_of, task_names, tasks_of, variant_names


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


def measuring_sources(
    sources: Callable[[str, Names], str],
    experiment: Experiment,
    conditions: Collection[Condition],
    measured: Iterable[str],
) -> list[str]:
    """The digest files of all sources that generate, train, evaluate and measure.

    Arguments:
        sources: gives the digest file of a script with what it finds by name, such as `Digests`.
        experiment: the configuration.
        conditions: of the experiment.
        measured: the variants of the cost study.
    """
    tasks, all_names = tasks_of(conditions), names_of(conditions)
    scripts = {
        "generate": tasks,
        "generate_tests": tasks,
        "train": all_names,
        "evaluate": all_names,
    }
    if experiment.cost.enabled:
        scripts["cost_measure"] = study_names(experiment, measured)
    return [sources(script, named) for script, named in scripts.items()]
