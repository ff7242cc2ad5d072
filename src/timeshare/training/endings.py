"""How the training of each network ended: by itself, at the most updates, or by divergence."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from timeshare.experiment.conditions import Role
from timeshare.training.search import SEARCHED

CONDITION = ["task", "variant", "length", "truncation"]
WHO = ["role", "rule", "seed", "train_size", "setting"]
"""What tells the networks of a condition apart."""
UNIT_AND_SETTING = ["unit", *SEARCHED]
COLUMNS = [
    *CONDITION,
    "role",
    "unit",
    "rule",
    "seed",
    "train_size",
    "setting",
    *SEARCHED,
    "updates",
    "ending",
]
"""The columns of the table, in order."""
TRAINED_OUT, CUT_OFF, DIVERGED, FIXED = "trained out", "cut off", "diverged", "fixed"
"""How the training of a network ends."""


def member_endings(curves: pd.DataFrame, runs: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """One row a network, of the search or reported: its updates, and how its training ended.

    Arguments:
        curves: the learning curves of all members, which also hold their units and settings.
        runs: the contents of the files `run.json`.
    """
    rows = [row for run in runs for row in _endings(run)]
    keys = [*CONDITION, *WHO]
    members = curves[[*keys, *UNIT_AND_SETTING]].drop_duplicates()
    return pd.DataFrame(rows).merge(members, on=keys)[COLUMNS]


def _endings(run: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    names = {name: run["facts"][name] for name in CONDITION}
    by_itself = isinstance(run["condition"]["training"]["updates"], dict)
    for role in (Role.SEARCH, Role.REPORTED):
        part = run[role]
        if part is None:
            continue
        told = zip(
            part["members"], part["updates"], part["trained_out"], part["diverged"], strict=True
        )
        for member, updates, out, diverged in told:
            ending = TRAINED_OUT if out else CUT_OFF if by_itself else FIXED
            yield {
                **names,
                "role": str(role),
                **{name: member[name] for name in WHO if name != "role"},
                "updates": updates,
                "ending": ending if diverged is None else DIVERGED,
            }
