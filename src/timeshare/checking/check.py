"""Check a class by its import path, whatever kind it is."""

import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from timeshare import registry
from timeshare.checking.checks import Check, Result, run
from timeshare.claims.base import Claim
from timeshare.experiment.build import build_reference, build_schedule, build_task, known_cell
from timeshare.experiment.files import importable
from timeshare.recurrent.cells.base import Cell
from timeshare.recurrent.schedules.base import Schedule
from timeshare.references.base import Reference
from timeshare.report.figures.base import Figure
from timeshare.tasks.base import Task

GROUPS: Mapping[type[Any], str] = {
    Task: "tasks",
    Cell: "recurrent.cells",
    Schedule: "recurrent.schedules",
    Reference: "references",
    Claim: "claims",
    Figure: "report.figures",
}
"""The base of each kind that can be checked, with its registry group."""


def check(path: str, parameters: Mapping[str, Any], tables: Path | None) -> Iterator[Result]:
    """What the checks of a class find, one after the other.

    Arguments:
        path: `my_module:MyClass`; the module may lie in the working directory.
        parameters: of a task, schedule or reference.
        tables: the results of an experiment, on which a claim or figure is tried, too.

    Raises `ValueError` where the class cannot be found or built; the message is one sentence.
    """
    return run(_checks(path, parameters, tables))


def parameters_of(text: str) -> dict[str, Any]:
    """Parameters as YAML, such as `{share: 0.4}`; `ValueError` where they are no mapping."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        found = None
    if not isinstance(found, dict):
        raise ValueError(f"--parameters: {text!r} is found. Write them as {{share: 0.4}}.")
    return {str(key): value for key, value in found.items()}


def _checks(path: str, parameters: Mapping[str, Any], tables: Path | None) -> list[Check]:
    kind = _kind(path)
    group = GROUPS[kind]
    if kind is Task:
        from timeshare.checking import tasks

        return tasks.checks(build_task(path, parameters))
    if kind is Cell:
        from timeshare.checking import cells

        return cells.checks(registry.find_derived(group, known_cell(path), Cell)(), path)
    if kind is Schedule:
        from timeshare.checking import schedules

        return schedules.checks(build_schedule({"kind": path, **parameters}), path)
    if kind is Reference:
        from timeshare.checking import references

        return references.checks(build_reference({"kind": path, **parameters}), path)
    from timeshare.checking import reports

    built = registry.find_derived(group, path, kind)()
    if isinstance(built, Claim):
        return reports.claim_checks(built, tables)
    return reports.figure_checks(built, tables)


def _kind(path: str) -> type[Any]:
    """The base of a class; it is imported from the working directory, as a program there would."""
    module, colon, _name = path.partition(":")
    if not colon or not module:
        raise ValueError(
            f"{path!r} is no import path. Write my_module:MyClass, with a module that Python can "
            "import; one in this folder can be."
        )
    importable(Path.cwd())
    try:
        found = registry.find(GROUPS[Task], path)
    except registry.UnknownNameError as error:
        # What follows lists the names of tasks, and this may be another kind.
        raise ValueError(f"{str(error).partition('; write ')[0]}.") from None
    for base in GROUPS:
        if issubclass(found, base):
            return base
    bases = ", ".join(f"{base.__module__}.{base.__name__}" for base in GROUPS)
    raise ValueError(
        f"{path!r} is a class of another kind ({inspect.getmro(found)[1].__name__}). It derives "
        f"from one of {bases}."
    )
