"""Tables with known answers."""

import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from timeshare.claims.base import Claim, Judgement
from timeshare.claims.evidence import Evidence, Tables
from timeshare.experiment.thresholds import Thresholds
from timeshare.streams import stream

FAST = Thresholds(resamples=2000)
NONE = "none"
SCORE = Callable[[Mapping[str, Any]], float]
"""The score of a row, from its factors."""

VARIANTS: dict[str, dict[str, Any]] = {
    "shared": {"schedule": "shared", "hidden": 32, "clock": 0, "parameters": 1000},
    "unshared": {"schedule": "unshared", "hidden": 32, "clock": 0, "parameters": 16000},
    "wide": {"schedule": "shared", "hidden": 130, "clock": 0, "parameters": 15800},
    "narrow": {"schedule": "unshared", "hidden": 7, "clock": 0, "parameters": 1010},
    "clock": {"schedule": "shared", "hidden": 32, "clock": 8, "parameters": 1100},
    "basis": {"schedule": "basis", "hidden": 32, "clock": 0, "parameters": 4000},
}
TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "parity": ("parity", {}),
    "drift": ("drift", {}),
    "drift-50": ("drift", {"change": 0.5}),
    "recall": ("recall", {}),
    "latch": ("latch", {"rate": 0.1}),
    "keyword": ("keyword", {}),
    "labels": ("labels", {}),
}
"""Kind and parameters; only a kind that exists can say what it is."""

DENSE = ("parity", "drift", "drift-50", "latch")


def noise(*names: object, spread: float = 0.01) -> float:
    """A fixed accident of a member."""
    return float(stream("noise", *names).normal(0, spread))


def conditions(
    tasks: Iterable[str], variants: Iterable[str], lengths: Iterable[int],
    truncations: Iterable[int | None] = (None,),
) -> pd.DataFrame:  # fmt: skip
    """A table of conditions; a truncation of None is K = T."""
    rows = []
    for task, variant, length, truncation in itertools.product(
        tasks, variants, lengths, truncations
    ):
        kind, parameters = TASKS[task]
        factors = dict(VARIANTS[variant])
        if factors["schedule"] == "unshared":
            factors["parameters"] = factors["parameters"] * length // 16
        rows.append(
            {"task": task, "variant": variant, "length": length, "truncation": truncation or length,
             "task_kind": kind, "task_parameters": json.dumps(parameters, sort_keys=True),
             "cell": "lstm", "readout": "shared", **factors}
        )  # fmt: skip
    return pd.DataFrame(rows)


def scores(
    table: pd.DataFrame, score: SCORE, train_sizes: Sequence[int] = (512,), seeds: int = 5,
    evaluated: Sequence[int] = (), groups: Sequence[str] = ("all",), spread: float = 0.01,
) -> pd.DataFrame:  # fmt: skip
    """Scores of every member of the conditions, both selections, train and test.

    Arguments:
        table: the conditions.
        score: of a row, before its member's accident is added.
        train_sizes: of every condition.
        seeds: of every condition.
        evaluated: lengths besides T.
        groups: of the test sequences.
        spread: of the accidents; those of a task and seed are equal in all other respects.
    """
    rows = []
    for condition in table.to_dict("records"):
        length = condition["length"]
        for size, seed, selection in itertools.product(train_sizes, range(seeds), ("last", "best")):
            for split, group, to, extension in _measurements(condition, length, evaluated, groups):
                row: dict[str, Any] = {
                    **{key: condition[key] for key in ("task", "variant", "length", "truncation")},
                    "seed": seed, "train_size": size, "learning_rate": 0.01, "split": split,
                    "group": group, "evaluated_length": to, "extension": extension,
                    "selection": selection, "chosen": True, "diverged": False,
                    "metric": "accuracy", "chance": 0.5,
                }  # fmt: skip
                facts = {str(key): value for key, value in (condition | row).items()}
                accident = noise(*row.values(), spread=spread)
                row["score"] = score(facts) + accident
                row["value"] = 0.5 + row["score"] / 2
                rows.append(row)
    return pd.DataFrame(rows)


def _measurements(
    condition: Mapping[Any, Any], length: int, evaluated: Sequence[int], groups: Sequence[str]
) -> Iterable[tuple[str, str, int, str]]:
    yield "train", "all", length, NONE
    for group in groups:
        yield "test", group, length, NONE
        for to in evaluated:
            ends = condition["schedule"] == "unshared"
            for extension in ("hold", "cycle", "align-right") if ends else (NONE,):
                yield "test", group, to, extension


def positions(table: pd.DataFrame) -> pd.DataFrame:
    """By step: right up to T, and past T as good as the row's score says."""
    rows = []
    test = table[(table["split"] == "test") & table["task"].isin(DENSE)]
    for row in test.to_dict("records"):
        kept = {k: v for k, v in row.items() if k not in ("value", "score", "chance", "metric")}
        for position in range(row["evaluated_length"]):
            value = row["value"] if position >= row["length"] else 1.0
            rows.append(kept | {"position": position, "value": value})
    unwanted = ["split", "chosen", "diverged"]
    return pd.DataFrame(rows).drop(columns=unwanted) if rows else pd.DataFrame()


def judged(claim: Claim, tables: Tables, thresholds: Thresholds = FAST) -> Judgement:
    """What the claim says of the tables."""
    return claim.judge(Evidence(tables, thresholds))


def trained(
    score: SCORE, tasks: Iterable[str], variants: Iterable[str] = ("shared", "unshared"),
    lengths: Iterable[int] = (8,), truncations: Iterable[int | None] = (None,), **options: Any,
) -> Tables:  # fmt: skip
    """Tables of conditions whose scores are given."""
    table = conditions(tasks, variants, lengths, truncations)
    measured = scores(table, score, **options)
    return Tables(measured, positions(measured), table)
