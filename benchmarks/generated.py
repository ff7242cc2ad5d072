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
from timeshare.experiment.conditions import SEARCH, Role
from timeshare.experiment.lookups import evaluated, of_task
from timeshare.experiment.paths import HISTORY, RUN, WEIGHTS, Paths
from timeshare.recurrent.schedules.base import Extension
from timeshare.storage.files import write_arrays, write_json, write_table
from timeshare.tasks.base import Split
from timeshare.training.facts import condition_facts
from timeshare.training.history import Point, history_table, member_table
from timeshare.training.model_factory import architecture_of

STARTED, FINISHED = "2026-01-02T03:04:05.000+00:00", "2026-01-02T03:05:05.500+00:00"
SECONDS = 58.2
"""Seconds of training, of the reported members and of the search."""
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


def write_run(paths: Paths, condition: Condition, **changes: Any) -> None:
    """Write the files of one run; `changes` replace facts of its `run.json`."""
    members = reported(condition)
    write_table(Path(paths.run(HISTORY, condition.id)), _history(condition))
    shape = len(members), WEIGHT_COUNT
    weights = np.arange(len(members) * WEIGHT_COUNT, dtype=np.float32).reshape(shape)
    tensors = {"last/cell": weights, "best/cell": weights}
    write_arrays(Path(paths.run(WEIGHTS, condition.id)), tensors)
    tried = condition.search_members
    facts: Mapping[str, Any] = {
        "id": condition.id,
        "digest": condition.digest(),
        "condition": condition.resolved(),
        "facts": condition_facts(condition, architecture_of(condition))
        | {"parameters": WEIGHT_COUNT},
        "search": _members_facts(condition, tried) if tried else None,
        "reported": _members_facts(condition, members),
        "started": STARTED,
        "finished": FINISHED,
        "revision": "0" * 40,
    }
    write_json(Path(paths.run(RUN, condition.id)), {**facts, **changes})


def reported(condition: Condition) -> tuple[Member, ...]:
    """The reported members; their search chose the last setting for every train size."""
    return condition.with_settings(
        dict.fromkeys(condition.train_sizes, len(condition.settings) - 1)
    )


def _members_facts(condition: Condition, members: Sequence[Member]) -> dict[str, Any]:
    return {
        "members": [member.model_dump() for member in members],
        "diverged": [None] * len(members),
        "updates": [condition.training.most] * len(members),
        "trained_out": [condition.training.plateau is not None] * len(members),
        "seconds": SECONDS,
        "resumed_at": [],
    }


def _history(condition: Condition) -> pd.DataFrame:
    parts = {Role.SEARCH: condition.search_members, Role.REPORTED: reported(condition)}
    tables = []
    for role, members in parts.items():
        if members:
            splits = [each for each in Split if role is Role.REPORTED or each is not Split.TEST]
            points = _points(condition, members, splits)
            table = history_table(condition, members, points, [None] * len(members))
            table.insert(4, "role", str(role))
            tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _points(
    condition: Condition, members: Sequence[Member], splits: Sequence[Split]
) -> list[Point]:
    """A curve that rises from chance; later units and later settings are better."""
    most, evaluations = condition.training.most, condition.training.evaluations
    return [
        Point(
            update=int(update),
            member=place,
            split=split,
            value=CHANCE + 0.4 * update / most + 0.01 * _better(condition, member),
            loss=0.7 - 0.6 * update / most,
            chance=CHANCE,
        )
        for update, split, (place, member) in product(
            np.linspace(0, most, evaluations + 1), splits, enumerate(members)
        )
    ]


def _better(condition: Condition, member: Member) -> int:
    return condition.unit_of(member) % SEARCH + (member.setting or 0)


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
    tables = [
        member_table(condition, reported(condition)).assign(
            split=split,
            group=group,
            distance=pd.array([pd.NA] * len(condition.members), dtype="Int64"),
            evaluated_length=length,
            extension=extension,
            sequences=64,
            selection=selection,
        )
        for selection, (split, length, extension), group in product(("last", "best"), kinds, groups)
    ]
    table = pd.concat(tables, ignore_index=True)
    worse = {"none": 0.0, "hold": 0.05, "cycle": 0.1, "align-right": 0.15}
    value = 0.95 + 0.01 * table["unit"] - table["extension"].map(worse)
    table["diverged"] = False
    table["metric"] = "accuracy"
    table["value"] = value - 0.1 * (table["split"] != "train")
    table["value"] -= 0.2 * (table["group"] != groups[0])
    table["chance"] = CHANCE
    table["score"] = (table["value"] - CHANCE) / (1 - CHANCE)
    table["loss"] = 0.2
    return table
