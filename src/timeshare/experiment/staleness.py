"""Which source files a job's results depend on, so that a change of one runs the job again.

Tasks, cells, schedules and claims are found by name when a job runs, so following imports does not
reach their files. They are listed as pairs of a registry group and a name, `Names`, of what the
job's conditions use: a new file that no condition uses makes no result stale.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from timeshare import registry
from timeshare.experiment.build import CELLS, REFERENCES, SCHEDULES, TASKS
from timeshare.experiment.conditions import Condition
from timeshare.experiment.configuration import Experiment
from timeshare.experiment.imports import PACKAGE, imported, source_of
from timeshare.experiment.models import Variant

Names = frozenset[tuple[str, str]]
"""Pairs of a registry group and a registered name or import path."""

NONE: Names = frozenset()
SCRIPTS = PACKAGE.parents[1] / "workflow" / "scripts"
ASIDE = (
    "timeshare.registry",
    "timeshare.storage.logs",
    "timeshare.storage.provenance",
    "timeshare.experiment",
)
"""Modules that change no result: the registry only finds classes, logs and provenance describe the
job, and what the configuration says reaches a job as resolved parameters, which are compared."""


def sources(script: str, named: Names = NONE) -> list[str]:
    """The files whose change makes what a script writes stale: all it imports, and what is named.

    Arguments:
        script: name of a file in `workflow/scripts`, without its ending.
        named: what the job finds by name.
    """
    files = [SCRIPTS / f"{script}.py", *(source_of(group, name) for group, name in sorted(named))]
    found = [imported(file, ASIDE) for file in files if file is not None]
    return sorted(str(path) for path in frozenset().union(*found))


def task_names(kind: str, parameters: Mapping[str, Any]) -> Names:
    """A task, and the tasks that its parameters name.

    Arguments:
        kind: its registered name or import path.
        parameters: all of them, as plain values.
    """
    words = [each for each in parameters.values() if isinstance(each, str)]
    parts = [each for each in words if ":" in each or registry.exists(TASKS.name, each)]
    return frozenset((TASKS.name, each) for each in (kind, *parts))


def variant_names(variants: Iterable[Variant]) -> Names:
    """The cells and schedules of variants, or their references."""
    names: set[tuple[str, str]] = set()
    for variant in variants:
        if variant.reference is None:
            names |= {(CELLS.name, variant.cell), (SCHEDULES.name, variant.schedule["kind"])}
        else:
            names.add((REFERENCES.name, variant.reference["kind"]))
    return frozenset(names)


def names_of_task(experiment: Experiment, name: str) -> Names:
    """The task of an entry of the configuration, and the tasks that its parameters name."""
    parameters = experiment.task(name).model_dump(mode="json")
    return task_names(experiment.task_kind(name), parameters)


def tasks_of(conditions: Iterable[Condition]) -> Names:
    """The tasks of conditions."""
    return NONE.union(*(task_names(one.task_kind, one.task_parameters) for one in conditions))


def names_of(conditions: Iterable[Condition]) -> Names:
    """The tasks, cells and schedules of conditions and of the variants that these match."""
    known = list(conditions)
    networks = [each for one in known for each in (one.network, one.matched) if each]
    return tasks_of(known) | variant_names(networks)


def all_of(group: str, further: Iterable[str] = ()) -> Names:
    """Everything that is registered in a group, and further classes by their import paths."""
    return frozenset((group, name) for name in (*registry.names(group), *further))
