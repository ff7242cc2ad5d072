"""What readers of the report call each task and variant."""

from collections.abc import Mapping
from typing import Any

from timeshare.experiment.sections import Sections


def titles(sections: Sections) -> dict[str, dict[str, str]]:
    """The titles of all tasks and variants, by their names, below the keys `task` and `variant`."""
    return {
        "task": {name: task_title(sections, name) for name in sections.tasks},
        "variant": {name: variant_title(sections, name) for name in sections.variants},
    }


def task_title(sections: Sections, name: str) -> str:
    """The title that the configuration gives a task, or its kind with its parameters.

    A task that reads the user's files is called by its name.
    """
    entry = sections.tasks[name]
    if entry.title is None and sections.task(name).files:
        return name
    kind = sections.task_kind(name).rpartition(":")[2]
    return entry.title or _with_parameters(kind, entry.parameters)


def variant_title(sections: Sections, name: str) -> str:
    """The title that the configuration gives a variant, or one made from what it consists of."""
    variant = sections.variants[name]
    if variant.title:
        return variant.title
    made_of = variant.reference or variant.schedule
    parameters = {key: value for key, value in made_of.items() if key != "kind"}
    kind = str(made_of["kind"]).rpartition(":")[2]
    cell = "" if variant.reference else variant.cell.rpartition(":")[2].upper()
    parts = [f"{kind} {cell}".strip()]
    if parameters:
        parts.append(_listed(parameters))
    if variant.match:
        parts.append(f"as many parameters as {variant_title(sections, variant.match)}")
    if variant.time_features:
        parts.append("with time features")
    return ", ".join(parts)


def _with_parameters(kind: str, parameters: Mapping[str, Any]) -> str:
    return f"{kind} ({_listed(parameters)})" if parameters else kind


def _listed(parameters: Mapping[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in parameters.items())
