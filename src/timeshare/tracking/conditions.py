"""The runs of conditions, one for each train size."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

import pandas as pd

from timeshare.cost.operations import flops_of_run
from timeshare.experiment import Condition, Member
from timeshare.experiment.conditions import Role, size_name
from timeshare.experiment.paths import RUN, WEIGHTS
from timeshare.tracking.entries import BOOKKEEPING, Body, Entry, milliseconds
from timeshare.tracking.example import is_paired
from timeshare.tracking.folder import Files
from timeshare.tracking.measures import SELECTION, Measures
from timeshare.tracking.points import (
    MEGABYTES,
    OPERATIONS,
    PARAMETERS,
    SECONDS,
    Span,
    points,
    short,
)
from timeshare.tracking.tables import (
    SETTINGS,
    SPREAD,
    UNITS,
    as_json,
    members_table,
    note,
    settings_table,
    spread_table,
)

Titles = Mapping[str, Mapping[str, str]]
"""What readers call each task and variant, below the keys `task` and `variant`."""
CONDITION = "condition"
"""The kind of these runs."""
PAIR = "pair"
"""A tag of runs that are to be compared: shared and unshared weights, all else equal."""


@dataclass(frozen=True)
class Shown:
    """The members that one run in MLflow shows: those of a condition at one train size.

    Arguments:
        files: of their condition.
        train_size: of the members.
        titles: of tasks and variants; a name without one stands for itself.
    """

    files: Files
    train_size: int
    titles: Titles = field(default_factory=dict)

    @property
    def condition(self) -> Condition:
        """The condition of the members."""
        return self.files.condition

    @property
    def places(self) -> list[int]:
        """Which of the condition's members they are."""
        members = self.files.members
        return [place for place, one in enumerate(members) if one.train_size == self.train_size]

    @property
    def members(self) -> list[Member]:
        """The members."""
        return [self.files.members[place] for place in self.places]

    @property
    def task(self) -> str:
        """What readers call the task."""
        name = self.condition.task
        return self.titles.get("task", {}).get(name, name)

    @property
    def variant(self) -> str:
        """What readers call the variant."""
        name = self.condition.variant
        return self.titles.get("variant", {}).get(name, name)

    @property
    def name(self) -> str:
        """`unshared LSTM · parity · n=128 · T=16`, and K where training is truncated."""
        condition = self.condition
        parts = [
            self.variant,
            self.task,
            f"n={size_name(self.train_size)}",
            f"T={condition.length}",
        ]
        if condition.truncation < condition.length:
            parts.append(f"K={condition.truncation}")
        return " · ".join(parts)

    @property
    def pair(self) -> str:
        """With which cell shared and unshared weights are compared; empty for other variants."""
        return self.condition.network.cell if is_paired(self.condition) else ""

    @property
    def measures(self) -> Measures:
        """What was measured of the members."""
        scores = self.files.scores
        return Measures(
            metric=str(scores["metric"].iloc[0]),
            length=self.condition.length,
            history=_of_size(self.files.history, self.train_size),
            scores=_of_size(scores[scores["selection"] == SELECTION], self.train_size),
        )


def condition_entries(files: Files, tags: Mapping[str, str], titles: Titles) -> Iterator[Entry]:
    """The runs of one condition.

    Arguments:
        files: of the condition.
        tags: of the whole experiment, and what in it names the condition.
        titles: of tasks and variants.
    """
    for size in files.condition.train_sizes:
        yield _entry(Shown(files, size, titles), tags)


def _entry(shown: Shown, tags: Mapping[str, str]) -> Entry:
    facts, size = shown.files.facts, size_name(shown.train_size)
    return Entry(
        key=f"{CONDITION} {shown.condition.id} {size}",
        content=shown.files.digest,
        name=shown.name,
        started=milliseconds(facts["started"]),
        tags={**tags, "task": shown.task, "variant": shown.variant, PAIR: shown.pair},
        fixed={
            "kind": CONDITION,
            f"{BOOKKEEPING}condition": shown.condition.id,
            f"{BOOKKEEPING}digest": facts["digest"],
            f"{BOOKKEEPING}train_size": size,
            f"{BOOKKEEPING}revision": facts["revision"],
            "mlflow.source.name": "timeshare",
            "mlflow.loggedArtifacts": json.dumps(
                [{"path": name, "type": "table"} for name in _tables(shown)]
            ),
        },
        body=lambda: _body(shown),
    )


def _body(shown: Shown) -> Body:
    files, facts, measures = shown.files, shown.files.facts, shown.measures
    started, finished = milliseconds(facts["started"]), milliseconds(facts["finished"])
    resolved = {**facts["condition"], "members": [m.model_dump() for m in shown.members]}
    tables = {
        UNITS: lambda: members_table(measures),
        SPREAD: lambda: spread_table(measures),
        SETTINGS: lambda: settings_table(
            _of_size(files.tried, shown.train_size).drop(columns="train_size"),
            shown.members[0].setting,
        ),
    }
    return Body(
        finished=finished,
        params=_params(shown),
        points=points(
            measures, _costs(shown), Span(started, finished, shown.condition.training.most)
        ),
        note=note(measures, "rules" if shown.condition.random_rule else "seeds"),
        data=files.data,
        files={
            **{name: as_json(tables[name]()) for name in _tables(shown)},
            "condition.json": (json.dumps(resolved, indent=2) + "\n").encode(),
            RUN: files.path(RUN),
            WEIGHTS: files.weights(shown.places),
            "evaluation.csv": measures.scores.drop(columns="digest").to_csv(index=False).encode(),
        },
    )


def _tables(shown: Shown) -> Sequence[str]:
    return (UNITS, SPREAD, SETTINGS) if shown.condition.searches else (UNITS, SPREAD)


def _of_size(table: pd.DataFrame, train_size: int) -> pd.DataFrame:
    return table[table["train_size"] == train_size]


def _params(shown: Shown) -> dict[str, str]:
    """All factors, flat."""
    condition, facts = shown.condition, shown.files.facts["facts"]
    network = condition.network.model_dump(
        mode="json",
        exclude={"hidden_size", "match", "schedule", "reference", "title", "settings"},
    )
    schedule = {**condition.network.schedule}
    reference = dict(condition.network.reference or {"kind": "none"})
    factors: dict[str, Any] = {
        "task": condition.task,
        "variant": condition.variant,
        "T": condition.length,
        "K": condition.truncation,
        "train size": size_name(shown.train_size),
        **condition.setting_of(shown.members[0]).model_dump(),
        "rules": _numbers(member.rule for member in shown.members),
        "seeds": _numbers(member.seed for member in shown.members),
        "hidden_size": facts["hidden_size"],
        "schedule": schedule.pop("kind"),
        **{f"schedule {name}": value for name, value in schedule.items()},
        "reference": reference.pop("kind"),
        **{f"reference {name}": value for name, value in reference.items()},
        "match": condition.network.match,
        **network,
        "task kind": condition.task_kind,
        **{f"task {name}": value for name, value in condition.task_parameters.items()},
        **shown.files.facts["condition"]["training"],
    }
    return {name.replace("_", " "): _text(value) for name, value in factors.items()}


def _numbers(numbers: Iterator[int]) -> str:
    return " ".join(str(number) for number in sorted(set(numbers)))


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _costs(shown: Shown) -> dict[str, float | None]:
    """What training cost: for one network, and for the job that trained all of the condition's."""
    facts, places = shown.files.facts, shown.places
    reported = facts[Role.REPORTED]
    updates = fmean(reported["updates"][place] for place in places)
    peak = shown.files.peak_megabytes()
    return {
        PARAMETERS: facts["facts"]["parameters"],
        "training/updates": updates,
        OPERATIONS: flops_of_run(facts) * updates / 1e9,
        SECONDS: reported["seconds"],
        MEGABYTES: None if peak is None else short(peak),
        "training/diverged members": sum(
            reported["diverged"][place] is not None for place in places
        ),
    }
