"""Collect the files of all runs into tidy tables: one row, one measurement."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from timeshare.experiment.conditions import Role
from timeshare.recurrent.schedules.base import STRENGTH
from timeshare.storage.files import read_json, read_table
from timeshare.training.endings import member_endings
from timeshare.training.facts import OWN_WIDTH
from timeshare.training.model_selection import setting_scores
from timeshare.training.search import SEARCHED, edges

MISSING = dict.fromkeys(
    ("rule_change_rate", "rule_change_measured", "memoryless_score", "trained_out"), float
)
"""Facts that a task may not know: columns of numbers in which such a value is missing."""
CONDITION = ["task", "variant", "length", "truncation"]
CHOICE = ["train_size", "setting"]


def collect(
    runs: Iterable[Path],
    evaluations: Iterable[Path],
    titles: Mapping[str, Mapping[str, str]],
    margin: float,
) -> dict[str, pd.DataFrame]:
    """The tables of an experiment, by name.

    `scores` joins the evaluations, `positions` the values by step, `test_sequences` those by
    test sequence, `curves` the learning curves;
    `members` has a row for each network with how its training ended; `conditions` has a row for
    each condition with all facts of its task and variant; `choices` holds how the settings were
    chosen.

    Arguments:
        runs: the folders of the runs.
        evaluations: the folders of the evaluations.
        titles: what readers call each task and variant, below the keys `task` and `variant`.
        margin: the smallest difference between scores that matters.
    """
    ordered = sorted(runs)
    evaluated = sorted(evaluations)
    known = [read_json(run / "run.json") for run in ordered]
    curves = _joined(ordered, "history.parquet")
    conditions = condition_table(known, titles)
    tried = choices(curves, known, margin)
    at_edge = tried[tried["chosen"] & (tried["edge"] != "")].set_index(CONDITION).index
    conditions["edge"] = pd.MultiIndex.from_frame(conditions[CONDITION]).isin(at_edge)
    return {
        "scores": _joined(evaluated, "scores.parquet"),
        "positions": _joined(evaluated, "positions.parquet"),
        "test_sequences": _joined(evaluated, "test_sequences.parquet"),
        "curves": curves,
        "members": member_endings(curves, known),
        "conditions": conditions,
        "choices": tried,
    }


def condition_table(
    runs: Iterable[dict[str, Any]], titles: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    """One row a condition: the facts of its task and variant, and how its training went.

    Arguments:
        runs: the contents of the files `run.json`.
        titles: as for `collect`.
    """
    table = pd.DataFrame([_row(run) for run in runs]).astype(MISSING)
    for place, what in enumerate(("task", "variant")):
        named = table[what].map(titles[what])
        table.insert(len(CONDITION) + place, f"{what}_title", named)
    return table.assign(label=labels(table))


def labels(conditions: pd.DataFrame) -> pd.Series:
    """What each variant is called: its schedule, or its name where that would be ambiguous.

    A schedule names a variant where exactly one plain variant of the cell has it.
    """
    own = conditions["plain"] & (conditions["width"] == OWN_WIDTH)
    kinds = conditions[own].groupby(["cell", "schedule"])["variant"].nunique().rename("variants")
    known = conditions.join(kinds, on=["cell", "schedule"])["variants"]
    return conditions["schedule"].where(own & (known == 1), conditions["variant"])


def choices(curves: pd.DataFrame, runs: Sequence[Mapping[str, Any]], margin: float) -> pd.DataFrame:
    """What each setting scored in its search, which was chosen, and what trying it cost.

    One row a condition, train size and setting; none for a condition with one setting. `seconds` is
    the share of the search's training time that went to the members with that setting.

    Arguments:
        curves: the learning curves of all members.
        runs: the contents of the files `run.json`.
        margin: the smallest difference between scores that matters.
    """
    searched = curves[curves["role"] == str(Role.SEARCH)]
    by_condition = dict(list(searched.groupby(CONDITION)))
    parts = []
    for run in runs:
        facts = run["facts"]
        history = by_condition.get(tuple(facts[name] for name in CONDITION))
        if history is not None:
            parts.append(_choices_of(history, run, margin))
    return pd.concat(parts, ignore_index=True) if parts else _no_choices()


def _choices_of(history: pd.DataFrame, run: Mapping[str, Any], margin: float) -> pd.DataFrame:
    facts, search = run["facts"], run[Role.SEARCH]
    scored = setting_scores(history, facts["learnable"])
    values = history[[*CONDITION, *CHOICE, *SEARCHED]].drop_duplicates()
    table = values.merge(scored, on=CHOICE)
    chosen = {(each["train_size"], each["setting"]) for each in run[Role.REPORTED]["members"]}
    pairs = zip(table["train_size"], table["setting"], strict=True)
    table["chosen"] = [pair in chosen for pair in pairs]
    table["edge"] = ""
    tied = STRENGTH in json.loads(facts["schedule_parameters"])
    for _, rows in table.groupby("train_size"):
        # A strength means nothing to a schedule that ties no weights.
        found = [name for name in edges(rows, margin) if tied or name != STRENGTH]
        table.loc[rows.index[rows["chosen"]], "edge"] = ", ".join(found)
    table["loss"] = table["loss"].where(np.isfinite(table["loss"]))
    table["seconds"] = search["seconds"] * table["members"] / len(search["members"])
    return table


def _no_choices() -> pd.DataFrame:
    """A table without rows in which nothing was chosen."""
    columns = [*CONDITION, *CHOICE, *SEARCHED, "score", "loss", "members"]
    empty = pd.DataFrame(columns=[*columns, "chosen", "edge", "seconds"])
    return empty.astype({"chosen": bool})


def _joined(folders: list[Path], name: str) -> pd.DataFrame:
    tables = [read_table(folder / name) for folder in folders]
    filled = [table for table in tables if len(table)]
    return pd.concat(filled or tables[:1], ignore_index=True)


def _row(run: Mapping[str, Any]) -> dict[str, object]:
    reported, search = run[Role.REPORTED], run[Role.SEARCH]
    by_itself = isinstance(run["condition"]["training"]["updates"], dict)
    return {
        **run["facts"],
        "diverged": sum(update is not None for update in reported["diverged"]),
        "trained_out": (
            sum(reported["trained_out"]) / len(reported["members"]) if by_itself else None
        ),
        "updates_made": sum(reported["updates"]),
        "seconds": reported["seconds"],
        "search_members": len(search["members"]) if search else 0,
        "search_updates_made": sum(search["updates"]) if search else 0,
        "search_seconds": search["seconds"] if search else 0.0,
        "started": run["started"],
        "finished": run["finished"],
        "digest": run["digest"],
    }
