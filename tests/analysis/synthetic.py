"""Tables of an experiment whose scores are given, for tests of analysis, claims and report."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tests.analysis.facts import TASKS, VARIANTS, conditions
from timeshare.analysis.tables import ALL, CONDITION, Tables
from timeshare.experiment.conditions import FRESH
from timeshare.experiment.thresholds import Thresholds
from timeshare.storage.streams import stream

__all__ = ["FAST", "FRESH", "TASKS", "VARIANTS", "WIDE", "Score", "at", "conditions", "trained"]

FAST = Thresholds()
NONE = "none"
Score = Callable[[Mapping[str, Any]], float]
"""The score of a member, from its row of the table of scores and that of its condition."""
WIDE: dict[str, Any] = {"spread": 1.0, "seeds": 3}
"""Options of `trained`: noise so large that three seeds decide nothing."""
SETTING = ["setting", "learning_rate", "weight_decay", "strength", "dropout"]
DISTANCES = {"near": 1, "far": 8}
"""Fewest steps between store and query in the groups of distances."""


def scores(
    table: pd.DataFrame,
    score: Score,
    train_sizes: Sequence[int] = (512,),
    seeds: int = 5,
    evaluated: Sequence[int] = (),
    groups: Sequence[str] = (ALL,),
    spread: float = 0.01,
    draw: int = 0,
    sequences: int = 10_000,
) -> pd.DataFrame:
    """Scores of every reported member of the conditions, with both selections, on all splits.

    Arguments:
        table: the conditions.
        score: of a row, before noise is added.
        train_sizes: of every condition.
        seeds: number of rules of tasks whose rule is random, and of seeds of the others.
        evaluated: lengths besides T.
        groups: of the test sequences.
        spread: standard deviation of the noise of each score over rules or seeds.
        draw: number of the draw of the noise.
        sequences: scored for each score.
    """
    rows = []
    kinds = list(itertools.product(train_sizes, ("last", "best")))
    for condition in table.to_dict("records"):
        measured = list(_measurements(condition, evaluated, groups))
        for (size, selection), (split, group, to, extension) in itertools.product(kinds, measured):
            row: dict[str, Any] = {
                **{key: condition[key] for key in CONDITION},
                "train_size": size,
                "split": split,
                "group": group,
                "evaluated_length": to,
                "extension": extension,
                "selection": selection,
            }
            facts = {str(key): each for key, each in (condition | row).items()}
            rows.append(row | {"score": score(facts), "random": condition["random_rule"]})
    return _members(pd.DataFrame(rows), seeds, spread, draw).assign(sequences=sequences)


def _members(means: pd.DataFrame, seeds: int, spread: float, draw: int) -> pd.DataFrame:
    """A row a member for each row of means, with noise that no two rows share."""
    rows = means.loc[means.index.repeat(seeds)].reset_index(drop=True)
    unit = np.tile(np.arange(seeds), len(means))
    random = rows.pop("random").to_numpy(bool)
    noise = stream("noise", draw, len(rows)).normal(0, spread, len(rows))
    score = rows["score"].to_numpy(float) + noise
    distance = rows["group"].map(DISTANCES).astype("Int64")
    return rows.assign(
        rule=np.where(random, unit, 0),
        seed=np.where(random, 0, unit),
        unit=unit,
        setting=0,
        learning_rate=0.01,
        weight_decay=0.01,
        strength=0.0,
        dropout=0.0,
        diverged=False,
        metric="accuracy",
        chance=0.5,
        distance=distance,
        beyond_window=_beyond_window(rows, distance),
        score=score,
        value=0.5 + score / 2,
        loss=0.1,
        rule_change=np.nan,
    )


def _beyond_window(rows: pd.DataFrame, distance: pd.Series) -> pd.Series:
    """Whether a window of K < T steps is too short for the distances of a row's group."""
    short = rows["truncation"] < rows["length"]
    return short & (distance >= rows["truncation"]).fillna(False).astype(bool)


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
    left = ["score", "chance", "metric", "loss", "split", "diverged", "distance"]
    return steps.drop(columns=left).reset_index(drop=True)


def choices(table: pd.DataFrame) -> pd.DataFrame:
    """The settings of the members: one of each condition and train size, chosen.

    Arguments:
        table: of `scores`.
    """
    keys = [*CONDITION, "train_size", *SETTING]
    wanted = table[(table["split"] == "validation") & (table["selection"] == "best")]
    found = wanted.groupby(keys, as_index=False).agg(
        score=("score", "mean"), loss=("loss", "mean"), members=("unit", "size")
    )
    return found.assign(chosen=True, edge="", seconds=1.0)


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
    beyond = measured["evaluated_length"] > measured["length"]
    dense = table.loc[table["dense"], "task"].unique() if beyond.any() else []
    return Tables(
        scores=measured,
        positions=positions(measured, dense),
        conditions=table,
        choices=choices(measured),
    )


def joined(*parts: Tables) -> Tables:
    """Tables of several experiments as one; the noise of each is its own."""
    return Tables(
        *(
            pd.concat([getattr(part, name) for part in parts], ignore_index=True)
            for name in ("scores", "positions", "conditions")
        )
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

    variants = ["shared-embedding", "unshared-embedding"]
    chosen: dict[str, Any] = {"groups": (ALL, "trained", "held-out"), "variants": variants}
    return trained(score, ["keyword"], **(chosen | options))


def fitted(gap: float, labels: float, spread: float = 0.01, seeds: int = 5) -> Tables:
    """The unshared network's additional gap, and the additional random labels that it fits."""

    def score(row: Mapping[str, Any]) -> float:
        more = row["schedule"] == "unshared"
        if row["task"] == "labels":
            return 0.5 + more * labels if row["split"] == "train" else 0.0
        return 0.9 if row["split"] == "train" else 0.8 - more * gap

    return trained(score, ["parity", "labels"], train_sizes=(64, 256), spread=spread, seeds=seeds)
