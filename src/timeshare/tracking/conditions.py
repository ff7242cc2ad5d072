"""The runs of conditions, one a train size, and of single members."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from timeshare.cost.operations import flops_of_run
from timeshare.experiment import Condition, Member
from timeshare.experiment.conditions import Role, size_name
from timeshare.experiment.paths import RUN, WEIGHTS
from timeshare.tasks.metrics import Metric
from timeshare.tracking.entries import Body, Entry, Point, milliseconds
from timeshare.tracking.folder import Files
from timeshare.tracking.measures import SELECTION, Measures

UNITS = "units.json"


@dataclass(frozen=True)
class Shown:
    """The members that one run in MLflow shows, by their places in the condition.

    Arguments:
        files: of their condition.
        places: which of its members.
        single: whether the run is a member's own.
    """

    files: Files
    places: list[int]
    single: bool

    @property
    def condition(self) -> Condition:
        """The condition of the members."""
        return self.files.condition

    @property
    def members(self) -> list[Member]:
        """The members."""
        return [self.files.members[place] for place in self.places]

    @property
    def name(self) -> str:
        """`parity · lstm-unshared · T=16 · K=4 · n=256`, and for a member its rule and seed."""
        condition, member = self.condition, self.members[0]
        parts = [
            condition.task,
            condition.variant,
            f"T={condition.length}",
            f"K={condition.truncation}",
            f"n={size_name(member.train_size)}",
        ]
        if self.single:
            parts += [f"rule={member.rule}", f"seed={member.seed}"]
        return " · ".join(parts)

    @property
    def kind(self) -> str:
        """`condition` or `member`."""
        return "member" if self.single else "condition"


def condition_entries(files: Files, tags: Mapping[str, str], per_seed: bool) -> Iterator[Entry]:
    """The runs of one condition.

    Arguments:
        files: of the condition.
        tags: of the whole experiment, and what in it names the condition.
        per_seed: whether each member has a run as well.
    """
    condition = files.condition
    for size in condition.train_sizes:
        places = [i for i, member in enumerate(files.members) if member.train_size == size]
        yield _entry(Shown(files, places, single=False), tags)
        if per_seed:
            for place in places:
                yield _entry(Shown(files, [place], single=True), tags)


def _entry(shown: Shown, tags: Mapping[str, str]) -> Entry:
    facts = shown.files.facts
    member = shown.members[0]
    return Entry(
        key=f"{shown.kind} {shown.name}",
        content=shown.files.digest,
        name=shown.name,
        started=milliseconds(facts["started"]),
        tags=tags,
        fixed={
            "kind": shown.kind,
            "condition": shown.condition.id,
            "digest": facts["digest"],
            "train_size": size_name(member.train_size),
            "revision": facts["revision"],
            "mlflow.source.name": "timeshare",
            "mlflow.loggedArtifacts": json.dumps([{"path": UNITS, "type": "table"}]),
        },
        body=lambda: _body(shown),
    )


def _body(shown: Shown) -> Body:
    files, facts = shown.files, shown.files.facts
    measures = _measures(shown)
    resolved = {**facts["condition"], "members": [m.model_dump() for m in shown.members]}
    return Body(
        finished=milliseconds(facts["finished"]),
        params=_params(shown),
        points=measures.points() + _costs(shown),
        note=measures.note(),
        data=files.data,
        files={
            UNITS: _table(measures.by_unit()),
            "condition.json": (json.dumps(resolved, indent=2) + "\n").encode(),
            RUN: files.path(RUN),
            WEIGHTS: files.weights(shown.places),
            "evaluation.csv": measures.scores.to_csv(index=False).encode(),
        },
    )


def _measures(shown: Shown) -> Measures:
    files, facts = shown.files, shown.files.facts
    scores = files.scores[files.scores["selection"] == SELECTION].drop(columns="digest")
    return Measures(
        metric=Metric(files.scores["metric"].iloc[0]),
        length=shown.condition.length,
        history=_of_members(files.history, shown.members),
        scores=_of_members(scores, shown.members),
        updates=shown.condition.training.most,
        started=milliseconds(facts["started"]),
        finished=milliseconds(facts["finished"]),
    )


def _of_members(table: pd.DataFrame, members: Sequence[Member]) -> pd.DataFrame:
    units = {member.unit for member in members}
    rows = table[table["train_size"] == members[0].train_size]
    return rows[[unit in units for unit in zip(rows["rule"], rows["seed"], strict=True)]]


def _params(shown: Shown) -> dict[str, str]:
    """All factors, flat."""
    condition, facts = shown.condition, shown.files.facts
    network = condition.network.model_dump(
        mode="json", exclude={"hidden_size", "match", "schedule", "reference"}
    )
    schedule = {**condition.network.schedule}
    reference = dict(condition.network.reference or {"kind": "none"})
    factors: dict[str, Any] = {
        "task": condition.task,
        "variant": condition.variant,
        "T": condition.length,
        "K": condition.truncation,
        "train size": size_name(shown.members[0].train_size),
        **condition.setting_of(shown.members[0]).model_dump(),
        "units": " ".join(str(condition.unit_of(member)) for member in shown.members),
        "hidden_size": facts["facts"]["hidden_size"],
        "schedule": schedule.pop("kind"),
        **{f"schedule {name}": value for name, value in schedule.items()},
        "reference": reference.pop("kind"),
        **{f"reference {name}": value for name, value in reference.items()},
        "match": condition.network.match,
        **network,
        "task kind": condition.task_kind,
        **{f"task {name}": value for name, value in condition.task_parameters.items()},
        **facts["condition"]["training"],
    }
    return {name.replace("_", " "): _text(value) for name, value in factors.items()}


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _costs(shown: Shown) -> list[Point]:
    facts = shown.files.facts
    moment = milliseconds(facts["finished"])
    costs = {
        "cost/parameters": facts["facts"]["parameters"],
        "cost/seconds": facts[Role.REPORTED]["seconds"],
        "cost/FLOPs an update": flops_of_run(facts),
        "cost/peak megabytes": shown.files.peak_megabytes(),
    }
    return [Point(name, float(v), 0, moment) for name, v in costs.items() if v is not None]


def _table(table: pd.DataFrame) -> bytes:
    """A table as MLflow's pages show it."""
    return table.to_json(orient="split", index=False).encode()
