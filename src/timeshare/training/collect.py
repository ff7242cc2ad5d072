"""Collect the files of all runs into tidy tables: one row, one measurement."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from timeshare.storage.files import read_json
from timeshare.training.facts import OWN_WIDTH

MISSING = {"rule_change_rate": float, "memoryless_score": float}
"""Facts that a task may not know: columns of numbers in which such a value is missing."""


def collect(runs: Iterable[Path], evaluations: Iterable[Path]) -> dict[str, pd.DataFrame]:
    """The tables of an experiment, by name.

    `scores` joins the evaluations, `positions` the values by step, `curves` the learning curves;
    `conditions` has a row for each condition with all facts of its task and variant; `choices`
    holds how the learning rates were chosen.

    Arguments:
        runs: the folders of the runs.
        evaluations: the folders of the evaluations.
    """
    ordered = sorted(runs)
    evaluated = sorted(evaluations)
    scores = _joined(evaluated, "scores.parquet")
    conditions = condition_table([read_json(run / "run.json") for run in ordered])
    return {
        "scores": scores,
        "positions": _joined(evaluated, "positions.parquet"),
        "curves": _joined(ordered, "history.parquet"),
        "conditions": conditions,
        "choices": choices(scores, conditions),
    }


def condition_table(runs: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """One row a condition: the facts of its task and variant, and how its training went.

    Arguments:
        runs: the contents of the files `run.json`.
    """
    table = pd.DataFrame([_row(run) for run in runs]).astype(MISSING)
    return table.assign(label=labels(table))


def labels(conditions: pd.DataFrame) -> pd.Series:
    """What each variant is called: its schedule, or its name where that would be ambiguous.

    A schedule names a variant where exactly one plain variant of the cell has it.
    """
    own = conditions["plain"] & (conditions["width"] == OWN_WIDTH)
    kinds = conditions[own].groupby(["cell", "schedule"])["variant"].nunique().rename("variants")
    known = conditions.join(kinds, on=["cell", "schedule"])["variants"]
    return conditions["schedule"].where(own & (known == 1), conditions["variant"])


def choices(scores: pd.DataFrame, conditions: pd.DataFrame) -> pd.DataFrame:
    """What each learning rate scored on validation data, which was chosen, and what trying it cost.

    One row a condition, train size, selection and learning rate; `seconds` is the share of the
    condition's training time that went to the members with that rate.
    """
    keys = ["task", "variant", "length", "truncation"]
    by = [*keys, "train_size", "selection", "learning_rate"]
    validation = scores[scores["split"] == "validation"]
    table = (
        validation.groupby(by)
        .agg(
            score=("score", "mean"),
            loss=("loss", "mean"),
            chosen=("chosen", "first"),
            members=("seed", "size"),
        )
        .reset_index()
    )
    spent = conditions.set_index(keys)[["seconds", "members"]].rename(columns={"members": "all"})
    joined = table.join(spent, on=keys)
    table["seconds"] = joined["seconds"] * joined["members"] / joined["all"]
    return table


def _joined(folders: list[Path], name: str) -> pd.DataFrame:
    tables = [pd.read_parquet(folder / name) for folder in folders]
    filled = [table for table in tables if len(table)]
    return pd.concat(filled or tables[:1], ignore_index=True)


def _row(run: dict[str, Any]) -> dict[str, object]:
    return {
        **run["facts"],
        "diverged": sum(update is not None for update in run["diverged"]),
        "seconds": run["seconds"],
        "started": run["started"],
        "finished": run["finished"],
        "digest": run["digest"],
    }
