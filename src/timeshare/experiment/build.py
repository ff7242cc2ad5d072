"""Build what a configuration names: the class of a kind, with its parameters."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from timeshare import registry
from timeshare.experiment.strict import explain, unknown
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
