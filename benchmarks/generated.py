"""The files of an experiment as training and evaluation leave them, with invented values.

For what reads results and must be tried on many: the benchmark and the tests of tracking.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from timeshare.experiment import Condition, Experiment, Member, expand
from timeshare.experiment.conditions import Role
from timeshare.experiment.lookups import evaluated, of_task
from timeshare.experiment.paths import HISTORY, RUN, WEIGHTS, Paths
from timeshare.recurrent.schedules.base import Extension
from timeshare.storage.files import write_arrays, write_json, write_table
from timeshare.tasks.base import Split
from timeshare.training.facts import condition_facts
from timeshare.training.history import Point, history_table, member_table
from timeshare.training.model_factory import architecture_of

STARTED, FINISHED = "2026-01-02T03:04:05.000+00:00", "2026-01-02T03:05:05.500+00:00"
CHANCE = 0.5
WEIGHT_COUNT = 1000
"""Numbers in each member's weights."""


def many(conditions: int, seeds: int = 5) -> Experiment:
    """A configuration of at least so many conditions, each with one train size."""
    truncations = [1, 2, 4, 8, 12, 14, 15, "full"]
    kinds = ("shared", "unshared")
    widths = range(-(-conditions // (len(truncations) * len(kinds))))
    variants = {
        f"lstm-{kind}-{4 + width}": {
            "cell": "lstm",
            "schedule": {"kind": kind},
            "hidden_size": 4 + width,
        }
        for kind, width in product(kinds, widths)
    }
    return Experiment.parse(
        {
            "tasks": {"parity": {}},
            "variants": variants,
            "members": {"seeds": seeds, "train_sizes": [64]},
            "search": {"settings": [{"learning_rate": 0.01}]},
            "evaluation": {"lengths": [8, 16, 32, 64, 128], "sequences": 64},
            "sweeps": {
                "main": {
                    "tasks": ["parity"],
                    "variants": list(variants),
                    "lengths": [16],
                    "truncations": truncations,
                }
            },
        }
    )


def write_results(paths: Paths, experiment: Experiment, limit: int | None = None) -> list[str]:
    """Write what the conditions' jobs would write; the conditions' ids, at most `limit`."""
    conditions = list(expand(experiment).values())[:limit]
    for condition in conditions:
        write_run(paths, condition)
    for task, length in evaluated(conditions):
        lengths = experiment.evaluated_lengths(task)
        tables = [score_rows(condition, lengths) for condition in of_task(conditions, task, length)]
        write_table(Path(paths.evaluation("scores", task, length)), pd.concat(tables))
        manifest = {"made_from": {"task": task}, "sha256": f"{length:064d}", "arrays": {}}
        for split in (Split.TRAIN, Split.VALIDATION):
            write_json(Path(paths.training_manifest(split, task, length)), manifest)
        write_json(Path(paths.test_manifest(task)), manifest)
    return [condition.id for condition in conditions]


def reported(condition: Condition) -> tuple[Member, ...]:
    """The reported members, with the first setting."""
    return condition.with_settings(dict.fromkeys(condition.train_sizes, 0))


def write_run(paths: Paths, condition: Condition, **changes: Any) -> None:
    """Write the files of one run; `changes` replace facts of its `run.json`."""
    members = len(condition.members)
    write_table(Path(paths.run(HISTORY, condition.id)), _history(condition))
    weights = np.arange(members * WEIGHT_COUNT, dtype=np.float32).reshape(members, WEIGHT_COUNT)
    tensors = {"last/cell": weights, "best/cell": weights}
    write_arrays(Path(paths.run(WEIGHTS, condition.id)), tensors)
    facts: Mapping[str, Any] = {
        "id": condition.id,
        "digest": condition.digest(),
        "condition": condition.resolved(),
        "facts": condition_facts(condition, architecture_of(condition))
        | {"parameters": WEIGHT_COUNT},
        Role.REPORTED: _fared(condition, reported(condition), 58.2),
        Role.SEARCH: (
            _fared(condition, condition.search_members, 20.0) if condition.searches else None
        ),
        "started": STARTED,
        "finished": FINISHED,
        "revision": "0" * 40,
    }
    write_json(Path(paths.run(RUN, condition.id)), {**facts, **changes})


def _fared(condition: Condition, members: Sequence[Member], seconds: float) -> dict[str, Any]:
    """How the training of some members went."""
    return {
        "members": [member.model_dump() for member in members],
        "diverged": [None] * len(members),
        "updates": [condition.training.most] * len(members),
        "trained_out": [False] * len(members),
        "seconds": seconds,
        "resumed_at": [],
    }


def _history(condition: Condition) -> pd.DataFrame:
    """Learning curves; those of a search rise half as far as the reported ones."""
    roles = {Role.SEARCH: condition.search_members, Role.REPORTED: reported(condition)}
    tables = []
    for role, members in roles.items():
        if members:
            none = [None] * len(members)
            table = history_table(condition, members, _points(condition, role, members), none)
            table.insert(4, "role", str(role))
            tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _points(condition: Condition, role: Role, members: Sequence[Member]) -> list[Point]:
    plan, rise = condition.training, {Role.SEARCH: 0.2, Role.REPORTED: 0.4}
    updates = np.linspace(0, plan.most, plan.evaluations + 1)
    return [
        Point(
            update=int(update),
            member=place,
            split=split,
            value=CHANCE + rise[role] * update / plan.most + 0.01 * _nth(member, members),
            loss=0.7 - 0.6 * update / plan.most,
            chance=CHANCE,
        )
        for update, split, (place, member) in product(
            updates, (Split.TRAIN, Split.VALIDATION, Split.TEST), enumerate(members)
        )
    ]


def _nth(member: Member, members: Sequence[Member]) -> int:
    """The place of the member's unit among those of all members."""
    return sorted({each.unit for each in members}).index(member.unit)


def score_rows(
    condition: Condition, lengths: Sequence[int], groups: Sequence[str] = ("all",)
) -> pd.DataFrame:
    """The evaluation of a condition; `hold` does best, groups but the first do worse."""
    needs = condition.network.schedule["kind"] != "shared"
    kinds = [(str(split), condition.length, "none") for split in Split]
    for length in lengths:
        if length != condition.length:
            extensions = [str(each) for each in Extension] if needs else ["none"]
            kinds += [("test", length, extension) for extension in extensions]
    members = reported(condition)
    tables = [
        member_table(condition, members).assign(
            split=split,
            group=group,
            distance=None,
            evaluated_length=length,
            extension=extension,
            sequences=64,
            selection=selection,
            place=[_nth(member, members) for member in members],
        )
        for selection, (split, length, extension), group in product(("last", "best"), kinds, groups)
    ]
    table = pd.concat(tables, ignore_index=True).astype({"distance": "Int64"})
    worse = {"none": 0.0, "hold": 0.05, "cycle": 0.1, "align-right": 0.15}
    value = 0.95 + 0.01 * table.pop("place") - table["extension"].map(worse)
    table["diverged"] = False
    table["metric"] = "accuracy"
    table["value"] = value - 0.1 * (table["split"] != "train")
    table["value"] -= 0.2 * (table["group"] != groups[0])
    table["chance"] = CHANCE
    table["score"] = (table["value"] - CHANCE) / (1 - CHANCE)
    table["loss"] = 0.2
    return table
