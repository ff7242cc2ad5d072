"""What is logged, as plain values: a run before MLflow knows of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

BOOKKEEPING = "x."
"""Begins the names of tags that no reader asks for, so that they sort last."""


class Point(NamedTuple):
    """One value of a metric.

    Arguments:
        name: letters, digits, spaces and `_ - . : /`.
        value: finite.
        step: an update or a length.
        moment: milliseconds since 1970.
    """

    name: str
    value: float
    step: int
    moment: int


@dataclass(frozen=True)
class DataSet:
    """A data set that a run read.

    Arguments:
        name: for people.
        digest: of its content.
        source: path of its file.
        profile: facts about it.
        context: what it was read for.
    """

    name: str
    digest: str
    source: str
    profile: Mapping[str, object]
    context: str


@dataclass(frozen=True)
class Body:
    """The content of a run.

    Arguments:
        finished: milliseconds since 1970, when the work itself was done.
        params: the factors.
        points: curves and final values.
        note: a description, in Markdown.
        data: the data sets read.
        files: artifacts by their path: their bytes, or the file to copy.
    """

    finished: int
    params: Mapping[str, str]
    points: list[Point]
    note: str = ""
    data: list[DataSet] = field(default_factory=list)
    files: Mapping[str, bytes | Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A run to be logged, unless the store has it already.

    Arguments:
        key: what the run is about; a store has one current run for each key.
        content: digest of all the run is made from; another content calls for another run.
        name: for people; another one changes the run's name.
        started: milliseconds since 1970, when the work itself began.
        tags: what may change without a new run, such as the sweeps a condition serves; an empty
            value means no tag.
        fixed: tags that belong to the content.
        body: makes the body, when it is needed.
    """

    key: str
    content: str
    name: str
    started: int
    tags: Mapping[str, str]
    fixed: Mapping[str, str]
    body: Callable[[], Body]


def milliseconds(moment: str) -> int:
    """Milliseconds since 1970 of an ISO 8601 time."""
    return round(datetime.fromisoformat(moment).timestamp() * 1000)
