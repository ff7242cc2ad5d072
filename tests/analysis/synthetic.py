"""Tables of an experiment whose scores are given, for tests of analysis, claims and report."""

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from timeshare.analysis.tables import ALL, CONDITION, Tables
from timeshare.experiment.build import build_task
from timeshare.experiment.thresholds import Thresholds
from timeshare.storage.streams import stream
from timeshare.training.collect import MISSING, choices, labels
from timeshare.training.facts import MATCHED_WIDTH, OWN_WIDTH, task_facts

FAST = Thresholds(resamples=2000)
NONE = "none"
Score = Callable[[Mapping[str, Any]], float]
"""The score of a member, from its row of the table of scores and that of its condition."""
WIDE: dict[str, Any] = {"spread": 1.0, "seeds": 3}
"""Options of `trained`: noise so large that three seeds decide nothing."""

TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "parity": ("parity", {}),
    "drift": ("drift", {}),
    "drift-0": ("drift", {"change": 0.0}),
    "drift-50": ("drift", {"change": 0.5}),
    "recall": ("recall", {}),
    "latch": ("latch", {"rate": 0.1}),
    "keyword": ("keyword", {}),
    "labels": ("labels", {}),
}
"""Kind and parameters of each task, by name."""


def _variant(schedule: str, hidden_size: int = 32, parameters: int = 1000, **facts: Any) -> Any:
    plain = "time_features" not in facts
    own = hidden_size == 32
    return {
        "cell": "lstm",
        "schedule": schedule,
        "hidden_size": hidden_size,
        "parameters": parameters,
        "time_features": 0,
        "readout": "shared",
        "plain": plain,
        "width": OWN_WIDTH if own else MATCHED_WIDTH,
    } | facts


VARIANTS: dict[str, dict[str, Any]] = {
    "shared": _variant("shared"),
    "unshared": _variant("unshared", parameters=16000),
    "wide": _variant("shared", hidden_size=130, parameters=15800),
    "narrow": _variant("unshared", hidden_size=7, parameters=1010),
    "time_features": _variant("shared", parameters=1100, time_features=8),
    "halves": _variant("blocks", parameters=2000),
    "basis": _variant("basis", parameters=4000),
    "mixture": _variant("mixture", parameters=3000),
}
"""Facts of each variant, by name; an unshared one has its parameters at T = 16."""


def conditions(
    tasks: Iterable[str],
    variants: Iterable[str],
    lengths: Iterable[int],
    truncations: Iterable[int | None] = (None,),
) -> pd.DataFrame:
    """A table of conditions; a truncation of None is K = T."""
    grid = itertools.product(tasks, variants, lengths, truncations)
    table = pd.DataFrame([_condition(*each) for each in grid]).astype(MISSING)
    return table.assign(label=labels(table))


def _condition(task: str, variant: str, length: int, truncation: int | None) -> dict[str, Any]:
    kind, parameters = TASKS[task]
    facts = dict(VARIANTS[variant])
    if facts["schedule"] == "unshared":
        facts["parameters"] = facts["parameters"] * length // 16
    return {
        "task": task,
        "variant": variant,
        "length": length,
        "truncation": truncation or length,
        "task_kind": kind,
        "task_parameters": json.dumps(parameters, sort_keys=True),
        **task_facts(build_task(kind, parameters), length, truncation or length),
        **facts,
        "updates": 10,
        "members": 12,
        "diverged": 0,
        "seconds": 2.0,
    }


def scores(
    table: pd.DataFrame,
    score: Score,
    train_sizes: Sequence[int] = (512,),
    seeds: int = 5,
    evaluated: Sequence[int] = (),
    groups: Sequence[str] = (ALL,),
    spread: float = 0.01,
) -> pd.DataFrame:
    """Scores of every member of the conditions, with both selections and on all splits.

    Arguments:
        table: the conditions.
        score: of a row, before noise is added.
        train_sizes: of every condition.
        seeds: number of seeds of every condition.
        evaluated: lengths besides T.
        groups: of the test sequences.
        spread: standard deviation of the noise, which is fixed for each row.
    """
    rows = []
    members = list(itertools.product(train_sizes, range(seeds), ("last", "best")))
    for condition in table.to_dict("records"):
        measured = list(_measurements(condition, evaluated, groups))
        for (size, seed, selection), (split, group, to, extension) in itertools.product(
            members, measured
        ):
            row: dict[str, Any] = {
                **{key: condition[key] for key in CONDITION},
                "seed": seed,
                "train_size": size,
                "learning_rate": 0.01,
                "split": split,
                "group": group,
                "evaluated_length": to,
                "extension": extension,
                "selection": selection,
                "chosen": True,
                "diverged": False,
                "metric": "accuracy",
                "chance": 0.5,
            }
            noise = float(stream("noise", *row.values()).normal(0, spread))
            facts = {str(key): each for key, each in (condition | row).items()}
            row["score"] = score(facts) + noise
            row["value"] = 0.5 + row["score"] / 2
            row["loss"] = 0.1
            rows.append(row)
    return pd.DataFrame(rows)


def _measurements(
    condition: Mapping[Any, Any], evaluated: Sequence[int], groups: Sequence[str]
) -> Iterator[tuple[str, str, int, str]]:
    """Split, group, evaluated length and extension of each of a member's scores."""
    length = condition["length"]
    yield "train", ALL, length, NONE
    yield "validation", ALL, length, NONE
    for group in groups:
        yield "test", group, length, NONE
        for to in evaluated:
            ends = condition["schedule"] == "unshared"
            for extension in ("hold", "cycle", "align-right") if ends else (NONE,):
                yield "test", group, to, extension


def positions(table: pd.DataFrame, dense: Iterable[str]) -> pd.DataFrame:
    """Values by step: perfect up to T, and past T the row's own value.

    Arguments:
        table: of `scores`.
        dense: the tasks with a target at each step.
    """
    test = table[(table["split"] == "test") & table["task"].isin(list(dense))]
    steps = test.loc[test.index.repeat(test["evaluated_length"])]
    steps = steps.assign(position=steps.groupby(level=0).cumcount())
    trained_on = steps["position"] < steps["length"]
    steps = steps.assign(value=np.where(trained_on, 1.0, steps["value"]))
    left = ["score", "chance", "metric", "loss", "split", "chosen", "diverged"]
    return steps.drop(columns=left).reset_index(drop=True)


def trained(
    score: Score,
    tasks: Iterable[str],
    variants: Iterable[str] = ("shared", "unshared"),
    lengths: Iterable[int] = (8,),
    truncations: Iterable[int | None] = (None,),
    **options: Any,
) -> Tables:
    """Tables of conditions whose scores are given; `options` are those of `scores`."""
    table = conditions(tasks, variants, lengths, truncations)
    measured = scores(table, score, **options)
    dense = table.loc[table["dense"], "task"].unique()
    return Tables(
        scores=measured,
        positions=positions(measured, dense),
        conditions=table,
        choices=choices(measured, table),
    )


def at(**levels: float) -> Score:
    """Scores by variant."""
    return lambda row: levels[row["variant"]]


def unseen(shared: float, unshared: float, **options: Any) -> Tables:
    """Perfect at T; at unseen lengths as given, the extension `cycle` being the best."""

    def score(row: Mapping[str, Any]) -> float:
        if row["evaluated_length"] == row["length"]:
            return 1.0
        if row["schedule"] == "unshared":
            return unshared if row["extension"] == "cycle" else 0.0
        return shared

    chosen: dict[str, Any] = {"tasks": ["parity"], "evaluated": [16, 32]}
    return trained(score, **(chosen | options))


def held_out(shared: float, unshared: float, **options: Any) -> Tables:
    """Perfect at trained positions, as given at held-out ones."""

    def score(row: Mapping[str, Any]) -> float:
        held = {"shared": shared, "unshared": unshared}
        return held[row["schedule"]] if row["group"] == "held-out" else 1.0

    return trained(score, ["keyword"], groups=(ALL, "trained", "held-out"), **options)


def fitted(gap: float, labels: float, spread: float = 0.01, seeds: int = 5) -> Tables:
    """The unshared network's additional gap, and the additional random labels that it fits."""

    def score(row: Mapping[str, Any]) -> float:
        more = row["schedule"] == "unshared"
        if row["task"] == "labels":
            return 0.5 + more * labels if row["split"] == "train" else 0.0
        return 0.9 if row["split"] == "train" else 0.8 - more * gap

    return trained(score, ["parity", "labels"], train_sizes=(64, 256), spread=spread, seeds=seeds)
