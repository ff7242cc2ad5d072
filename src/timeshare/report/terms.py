"""What each task is, for readers who meet its title."""

import inspect
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from timeshare import registry
from timeshare.analysis.tables import FIXED, UP_TO
from timeshare.report import wording
from timeshare.report.verdicts import plain
from timeshare.tasks.base import Task

GROUP = "tasks"
PICTURES = "../../docs/tasks/{}.svg"
"""Where the pictures of the package's tasks lie, as seen from the page."""
WITHOUT_PICTURE = ("csv",)
"""Tasks whose picture would be the user's own data."""


@dataclass(frozen=True)
class Term:
    """A task that the page mentions.

    Arguments:
        number: of its footnote.
        definition: what it is, in a sentence or two.
        picture: address of its picture; empty where there is none.
    """

    number: int
    definition: str
    picture: str


def terms(conditions: pd.DataFrame) -> dict[str, Term]:
    """The tasks by their titles, in alphabetical order."""
    known = conditions.drop_duplicates("task").sort_values("task").to_dict("records")
    return {
        str(row["task"]): Term(
            number,
            _definition(str(row["task_kind"]), json.loads(row["task_parameters"])) + _trained(row),
            _picture(str(row["task_kind"])),
        )
        for number, row in enumerate(known, start=1)
    }


def _definition(kind: str, parameters: Mapping[str, Any]) -> str:
    """The first paragraph of what the task's class says of itself, and its parameters here."""
    task: type[Task] = registry.find(GROUP, kind)
    text = inspect.getdoc(task) or ""
    first = plain(re.sub(r"\s+", " ", text.split("\n\n")[0]).strip())
    other = [
        f"{name.replace('_', ' ')} {value:g}"
        if isinstance(value, float)
        else f"{name.replace('_', ' ')} {value}"
        for name, value in parameters.items()
        if name in task.model_fields and value != task.model_fields[name].default
    ]
    return f"{first} Its parameters here: {wording.listed(other)}." if other else first


def _trained(row: Mapping[Any, Any]) -> str:
    """What is unusual in how networks are trained on the task."""
    said = ""
    if row["lengths"] == UP_TO:
        said += " Training reads sequences of 1 to T steps, not of T alone."
    if row["window_offset"] != FIXED:
        said += " The windows of truncated back-propagation begin at another step in each update."
    return said


def _picture(kind: str) -> str:
    known = kind in registry.names(GROUP) and kind not in WITHOUT_PICTURE
    return PICTURES.format(kind) if known else ""
