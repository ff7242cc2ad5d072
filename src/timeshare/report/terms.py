"""What each task is, for readers who meet its title."""

import inspect
import re
from dataclasses import dataclass

import pandas as pd

from timeshare import registry
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
    known = conditions.drop_duplicates("task").sort_values("task")
    pairs = zip(known["task"].astype(str), known["task_kind"].astype(str), strict=True)
    return {
        title: Term(number, _definition(kind), _picture(kind))
        for number, (title, kind) in enumerate(pairs, start=1)
    }


def _definition(kind: str) -> str:
    """The first paragraph of what the task's class says of itself."""
    task: type[Task] = registry.find(GROUP, kind)
    text = inspect.getdoc(task) or ""
    return plain(re.sub(r"\s+", " ", text.split("\n\n")[0]).strip())


def _picture(kind: str) -> str:
    known = kind in registry.names(GROUP) and kind not in WITHOUT_PICTURE
    return PICTURES.format(kind) if known else ""
