"""Build what a configuration names: the class of a kind, with its parameters."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Annotated, Any

from pydantic import AfterValidator, ValidationError

from timeshare import registry
from timeshare.experiment.strict import explain, unknown
from timeshare.recurrent.schedules.base import Schedule
from timeshare.tasks.base import Task


def build_task(kind: str, parameters: Mapping[str, Any]) -> Task:
    """The task of a kind with these parameters; `ValueError` says what is wrong with them."""
    task = build("tasks", "task", kind, parameters)
    if not isinstance(task, Task):
        raise ValueError(f"{kind!r} is not a task; derive it from timeshare.tasks.base.Task.")
    return task


def build(room: str, what: str, kind: str, parameters: Mapping[str, Any]) -> object:
    """An object of a kind of a room; `ValueError` says which kinds or parameters exist."""
    if ":" not in kind and not registry.exists(room, kind):
        raise ValueError(unknown(what, kind, registry.kinds(room)))
    model = registry.find(room, kind)
    fields = list(getattr(model, "model_fields", {}))
    for key in parameters:
        if key not in fields:
            raise ValueError(unknown(f"parameter of {what} {kind}:", str(key), fields or ["none"]))
    try:
        return model(**parameters)
    except ValidationError as error:
        raise ValueError(str(explain(error, f"{what} {kind}"))) from None


def known_cell(cell: str) -> str:
    """The same kind of cell; `ValueError` where it is not built in and its module is not there.

    A module of the user's is looked for and not imported: cells may need torch.
    """
    module, colon, name = cell.partition(":")
    if not colon:
        if not registry.exists("recurrent.cells", cell):
            raise ValueError(unknown("cell", cell, registry.kinds("recurrent.cells")))
    elif not name.isidentifier() or not _is_module(module):
        raise ValueError(
            f"{cell!r} leads nowhere: there is no module {module!r} with a class {name!r}. Name "
            "the import path of an installed module, 'my_package.module:MyCell', or one of: "
            f"{', '.join(registry.kinds('recurrent.cells'))}."
        )
    return cell


def cells_with_forget_gate() -> list[str]:
    """The built-in cells whose forget gate a `forget_bias` can start."""
    room = "recurrent.cells"
    cells = {kind: registry.find(room, kind) for kind in registry.kinds(room)}
    return [kind for kind, cell in cells.items() if getattr(cell, "forget_rows", None) is not None]


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def known_schedule(schedule: dict[str, Any]) -> dict[str, Any]:
    """The same schedule; `ValueError` where its kind or a parameter of it is unknown or wrong."""
    if "kind" not in schedule:
        allowed = ", ".join(registry.kinds("recurrent.schedules"))
        raise ValueError(f"its `kind` is missing. Allowed are: {allowed}.")
    kind = str(schedule["kind"])
    parameters = {key: value for key, value in schedule.items() if key != "kind"}
    if not isinstance(build("recurrent.schedules", "schedule", kind, parameters), Schedule):
        raise ValueError(
            f"{kind!r} is not a schedule; derive it from "
            "timeshare.recurrent.schedules.base.Schedule."
        )
    return schedule


CellKind = Annotated[str, AfterValidator(known_cell)]
ScheduleKind = Annotated[dict[str, Any], AfterValidator(known_schedule)]
