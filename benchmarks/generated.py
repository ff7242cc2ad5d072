"""A results folder as training and evaluation leave it, with invented values.

For what reads results and must be tried on many: the benchmark and the tests of tracking.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from timeshare.experiment import Condition, Experiment, expand
from timeshare.files import write_arrays, write_json, write_table
from timeshare.history import Point, history_table, member_table, with_condition
from timeshare.metrics import Metric
from timeshare.recurrent.schedules.base import Extension
from timeshare.tasks.base import Split

STARTED, FINISHED = "2026-01-02T03:04:05.000+00:00", "2026-01-02T03:05:05.500+00:00"
CHANCE = 0.5
WEIGHTS = 1000
"""Numbers in each member's weights."""


def many(conditions: int, seeds: int = 5) -> Experiment:
    """A configuration of at least so many conditions, each with one train size."""
    truncations = [1, 2, 4, 8, 12, 14, 15, "full"]
    kinds = ("shared", "unshared")
    widths = range(-(-conditions // (len(truncations) * len(kinds))))
    variants = {
        f"lstm-{kind}-{4 + width}": {
            "cell": "lstm", "schedule": {"kind": kind}, "hidden": 4 + width
        }
        for kind, width in product(kinds, widths)
    }  # fmt: skip
    return Experiment.parse(
        {
            "tasks": {"parity": {}},
            "variants": variants,
            "members": {"seeds": seeds, "train_sizes": [64], "learning_rates": [0.01]},
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


def write_results(results: Path, experiment: Experiment, limit: int | None = None) -> list[str]:
    """Write what the conditions' jobs would write; the conditions' ids, at most `limit`."""
    conditions = list(expand(experiment).values())[:limit]
    for condition in conditions:
        write_run(results, condition)

    def evaluated(condition: Condition) -> tuple[str, int]:
        return condition.task, condition.length

    for (task, length), group in groupby(sorted(conditions, key=evaluated), evaluated):
        lengths = experiment.evaluated_lengths(task)
        scores = pd.concat([score_rows(condition, lengths) for condition in group])
        write_table(results / f"evaluations/{task}/length-{length}/scores.parquet", scores)
        for drawn in (f"length-{length}/train", f"length-{length}/validation", "tests"):
            manifest = {"made_from": {"task": task}, "sha256": f"{length:064d}", "arrays": {}}
            write_json(results / f"data/{task}/{drawn}.manifest.json", manifest)
    return [condition.id for condition in conditions]


def write_run(results: Path, condition: Condition, **changes: Any) -> None:
    """Write the files of one run; `changes` replace facts of its `run.json`."""
    folder, members = results / "runs" / condition.id, len(condition.members)
    write_table(folder / "history.parquet", _history(condition))
    weights = np.arange(members * WEIGHTS, dtype=np.float32).reshape(members, WEIGHTS)
    write_arrays(folder / "weights.safetensors", {"last/cell": weights, "best/cell": weights})
    facts: Mapping[str, Any] = {
        "id": condition.id,
        "digest": condition.digest(),
        "condition": condition.resolved(),
        "hidden": condition.network.hidden,
        "flops_update": 1_000_000,
        "parameters": {"cell": WEIGHTS - 10, "readout": 10, "total": WEIGHTS},
        "seconds": 58.2,
        "started": STARTED,
        "finished": FINISHED,
        "diverged": [None] * members,
        "revision": "0" * 40,
    }
    write_json(folder / "run.json", {**facts, **changes})


def _history(condition: Condition) -> pd.DataFrame:
    updates = np.linspace(0, condition.training.updates, condition.training.evaluations + 1)
    points = [
        Point(
            update=int(update),
            member=place,
            split=split,
            value=CHANCE + 0.4 * update / condition.training.updates + 0.01 * member.seed,
            loss=0.7 - 0.6 * update / condition.training.updates,
            chance=CHANCE,
        )
        for update, split, (place, member) in product(
            updates, (Split.TRAIN, Split.VALIDATION, Split.TEST), enumerate(condition.members)
        )
    ]
    return history_table(condition, Metric.ACCURACY, points)


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
        member_table(condition.members).assign(
            split=split,
            group=group,
            evaluated_length=length,
            extension=extension,
            selection=selection,
        )
        for selection, (split, length, extension), group in product(("last", "best"), kinds, groups)
    ]
    table = pd.concat(tables, ignore_index=True)
    worse = {"none": 0.0, "hold": 0.05, "cycle": 0.1, "align-right": 0.15}
    value = 0.95 + 0.01 * table["seed"] - table["extension"].map(worse)
    table["chosen"] = True
    table["diverged"] = False
    table["metric"] = "accuracy"
    table["value"] = value - 0.1 * (table["split"] != "train")
    table["value"] -= 0.2 * (table["group"] != groups[0])
    table["chance"] = CHANCE
    table["score"] = (table["value"] - CHANCE) / (1 - CHANCE)
    table["loss"] = 0.2
    return with_condition(table, condition)
