"""Build what a configuration names: an object of a registered class, or of one outside the package.

Whatever is wrong with a class or its parameters becomes a `ValueError` of one sentence.
"""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BeforeValidator, ValidationError

from timeshare import registry
from timeshare.experiment.strict import LONGEST_VALUE, clipped, explain, shown, unknown
from timeshare.recurrent.cells.base import Cell
from timeshare.recurrent.schedules.base import Schedule
from timeshare.references.base import Reference
from timeshare.tasks.base import Task


class Group(NamedTuple):
    """Classes that a configuration can name.

    Arguments:
        name: of the registry group.
        word: for its objects, in messages.
        base: the class that all of them derive from.
    """

    name: str
    word: str
    base: type


TASKS = Group("tasks", "task", Task)
CELLS = Group("recurrent.cells", "cell", Cell)
SCHEDULES = Group("recurrent.schedules", "schedule", Schedule)
REFERENCES = Group("references", "reference", Reference)

NONE = "none"
"""The cell of a reference, and the kind of its schedule: it has neither."""


def build_task(kind: str, parameters: Mapping[str, Any]) -> Task:
    """The task of a kind with these parameters; `ValueError` says what is wrong with them."""
    task: Task = _build(TASKS, kind, parameters)
    return task


def known_cell(cell: str) -> str:
    """Return the cell's name; `ValueError` where no cell can be built from it."""
    if cell != NONE:
        _build(CELLS, cell, {})
    return cell


def known_schedule(schedule: dict[str, Any]) -> dict[str, Any]:
    """Return the schedule; `ValueError` where its kind or a parameter of it is unknown or wrong."""
    if schedule != {"kind": NONE}:
        _build_kind(SCHEDULES, schedule)
    return schedule


def build_schedule(schedule: Mapping[str, Any]) -> Schedule:
    """The schedule of a `kind` with its parameters; `ValueError` says what is wrong with them."""
    built: Schedule = _build_kind(SCHEDULES, schedule)
    return built


def build_reference(reference: Mapping[str, Any]) -> Reference:
    """The reference of a `kind` with its parameters; `ValueError` says what is wrong with them."""
    built: Reference = _build_kind(REFERENCES, reference)
    return built


def known_reference(reference: dict[str, Any]) -> dict[str, Any]:
    """Return the reference; `ValueError` where its kind or a parameter is unknown or wrong."""
    build_reference(reference)
    return reference


def as_kind(named: object) -> object:
    """A mapping with a `kind` where a name alone is given."""
    return {"kind": named} if isinstance(named, str) else named


def cells_with_forget_gate() -> list[str]:
    """The registered cells whose forget gate's bias can be set by `forget_bias`."""
    cells = {name: registry.find(CELLS.name, name) for name in registry.names(CELLS.name)}
    return [name for name, cell in cells.items() if getattr(cell, "forget_rows", None) is not None]


def _build(group: Group, kind: str, parameters: Mapping[str, Any]) -> Any:
    """An object of the class with a registered name or import path."""
    found = _class_of(group, kind)
    fields = list(getattr(found, "model_fields", {}))
    for key, value in parameters.items():
        if key not in fields:
            what = f"parameter of {group.word} {clipped(kind, LONGEST_VALUE)}:"
            raise ValueError(unknown(what, str(key), fields or ["none"]))
        if isinstance(value, bool) and found.model_fields[key].annotation in (int, float):  # type: ignore[attr-defined]
            raise ValueError(f"{key}: found {str(value).lower()}. It should be a number.")
    try:
        return found(**parameters)
    except ValidationError as error:
        where = f"{group.word} {clipped(kind, LONGEST_VALUE)}"
        raise ValueError(str(explain(error, where))) from None
    except Exception as error:  # the code of a plug-in may raise anything
        reason = registry.first_line(error)
        raise ValueError(f"the {group.word} {shown(kind)} cannot be built ({reason}).") from error


def _build_kind(group: Group, content: Mapping[str, Any]) -> Any:
    """An object from a mapping that has its `kind` beside its parameters."""
    if "kind" not in content:
        allowed = ", ".join(registry.names(group.name))
        raise ValueError(f"its `kind` is missing. Allowed are: {allowed}.")
    parameters = {key: value for key, value in content.items() if key != "kind"}
    return _build(group, str(content["kind"]), parameters)


def _class_of(group: Group, kind: str) -> type:
    if ":" not in kind and not registry.exists(group.name, kind):
        raise ValueError(unknown(group.word, kind, registry.names(group.name)))
    return registry.find_derived(group.name, kind, group.base)


CellKind = Annotated[str, AfterValidator(known_cell)]
ScheduleKind = Annotated[dict[str, Any], AfterValidator(known_schedule)]
ReferenceKind = Annotated[
    dict[str, Any],
    BeforeValidator(as_kind, json_schema_input_type=str | dict[str, Any]),
    AfterValidator(known_reference),
]
