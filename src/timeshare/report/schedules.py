"""The picture of the schedules: eight steps each, equal colours are equal weights."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from timeshare.analysis.tables import RECURRENT
from timeshare.report.names import SCHEDULES
from timeshare.report.palette import order

STEPS = 8
COLOURS = ("shared", "unshared", "basis", "soft", "blocks", "mixture", "further-0", "further-1")
"""Names of the page's colours, one for each set of weights."""
TEXTS = {
    "shared": "one set of weights, used at every step: the usual network",
    "blocks": "one set for each block of steps",
    "cyclic": "a few sets that take turns",
    "soft": "a set for every step, pulled towards its neighbours",
    "basis": "each set is a smooth function of the step",
    "mixture": "each set is a mixture of a few, which changes with the step",
    "unshared": "a set of its own for every step: a deep feed-forward network",
}


@dataclass(frozen=True)
class Picture:
    """A schedule as the page shows it.

    Arguments:
        title: what it is called.
        colours: of its steps, as values of CSS.
        text: what its weights are.
    """

    title: str
    colours: tuple[str, ...]
    text: str


def pictures(conditions: pd.DataFrame) -> list[Picture]:
    """The schedules that were compared, from shared to unshared; those of the package alone."""
    rows = conditions[(conditions["family"] == RECURRENT) & conditions["schedule"].isin(TEXTS)]
    columns = ["schedule", *(["schedule_parameters"] if "schedule_parameters" in rows else [])]
    known = rows[columns].drop_duplicates().to_dict("records")
    found = {}
    for row in sorted(known, key=lambda each: order(str(each["schedule"]))):
        kind = str(row["schedule"])
        parameters = json.loads(row.get("schedule_parameters") or "{}")
        named = kind in ("blocks", "cyclic") and parameters
        title = SCHEDULES[kind].format_map(parameters) if named else SCHEDULES[kind]
        title = title.partition(" of {")[0]
        colours = tuple(_colour(kind, step, parameters) for step in range(STEPS))
        found[title] = Picture(f"{title[:1].upper()}{title[1:]}", colours, TEXTS[kind])
    return list(found.values())


def _colour(kind: str, step: int, parameters: Mapping[str, Any]) -> str:
    """The colour of a step."""
    match kind:
        case "shared":
            return _named(0)
        case "blocks":
            return _named(step // int(parameters.get("size", 4)))
        case "cyclic":
            return _named(step % int(parameters.get("period", 2)))
        case "soft":
            return _mixed(4 * step)
        case "basis":
            return _mixed(round(100 * step / (STEPS - 1)))
        case "mixture":
            return _mixed((0, 100, 0, 50, 50, 100, 0, 100)[step])
    return _named(step)


def _named(place: int) -> str:
    return f"var(--{COLOURS[place % len(COLOURS)]})"


def _mixed(share: int) -> str:
    """A colour between that of shared and that of unshared weights, in per cent."""
    return f"color-mix(in srgb, var(--unshared) {share}%, var(--shared))"
