"""Collect the files of all runs into tidy tables: one row, one measurement."""

import json
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from timeshare.experiment import Condition
from timeshare.files import read_json, write_table


def collect(runs: Iterable[Path], evaluations: Iterable[Path], folder: Path) -> None:
    """Write the tables of an experiment.

    `scores` joins the evaluations, `positions` the accuracies by step, `curves` the learning
    curves; `conditions` has a row for each condition: its factors, hidden size, parameters,
    members, divergences and seconds; `choices` says how the learning rates were
    chosen.

    Arguments:
        runs: the folders of the runs.
        evaluations: the folders of the evaluations.
        folder: where the tables go.
    """
    ordered = sorted(runs)
    evaluated = sorted(evaluations)
    scores = _joined(evaluated, "scores.parquet")
    conditions = pd.DataFrame([_row(run) for run in ordered])
    write_table(folder / "scores.parquet", scores)
    write_table(folder / "positions.parquet", _joined(evaluated, "positions.parquet"))
    write_table(folder / "curves.parquet", _joined(ordered, "history.parquet"))
    write_table(folder / "conditions.parquet", conditions)
    write_table(folder / "choices.parquet", choices(scores, conditions))


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


def _row(folder: Path) -> dict[str, object]:
    facts = read_json(folder / "run.json")
    condition = Condition.of(facts["condition"])
    return {
        "task": condition.task,
        "task_kind": condition.task_kind,
        "task_parameters": json.dumps(condition.task_parameters, sort_keys=True),
        "variant": condition.variant,
        "length": condition.length,
        "truncation": condition.truncation,
        "cell": condition.network.cell,
        "schedule": condition.network.schedule["kind"],
        "hidden": facts["hidden"],
        "clock": condition.network.clock,
        "readout": condition.network.readout,
        "parameters": facts["parameters"]["total"],
        "parameters_cell": facts["parameters"]["cell"],
        "parameters_readout": facts["parameters"]["readout"],
        "members": len(condition.members),
        "diverged": sum(update is not None for update in facts["diverged"]),
        "updates": condition.training.updates,
        "seconds": facts["seconds"],
        "started": facts["started"],
        "finished": facts["finished"],
        "digest": facts["digest"],
    }
