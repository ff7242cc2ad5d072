"""The tables that claims and report are made from, and the words that occur in their columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

CONDITION = ["task", "variant", "length", "truncation"]
"""Columns that identify a condition."""
FACTS = [
    "task_kind",
    "metric",
    "learnable",
    "dense",
    "continues",
    "rule_changes",
    "rule_change_rate",
    "real",
    "memoryless_score",
    "cell",
    "schedule",
    "hidden_size",
    "width",
    "time_features",
    "readout",
    "plain",
    "label",
    "parameters",
]
"""Columns of `conditions` that measurements are joined with."""
ALL = "all"
"""The group of all sequences of a set."""
TRAINED, HELD_OUT = "trained", "held-out"
"""Groups of a task that keeps a kind of sequence out of training."""
BEST, LAST = "best", "last"
"""Which weights were evaluated: those of the best validation score, or of the last update."""
UPDATE = "update"
"""The part of an update that is the whole of it, in the measured costs."""
FULL = "full"
"""The truncation of networks trained with K = T, in the projected costs."""
OWN_WIDTH = "own"
"""The width of a variant whose hidden size the configuration states."""


@dataclass(frozen=True)
class Tables:
    """What the workflow wrote; a table that was not made is empty.

    Arguments:
        scores: one row a member, selection, split, evaluated length and extension.
        positions: test scores by step.
        conditions: one row a condition, with all facts of its task and variant.
        curves: learning curves.
        choices: how the learning rates were chosen.
        equivalence: the unshared network against a layered one.
        counted: parameters and operations of an update by variant and length, by formulas.
        measured: time and memory of an update.
        limits: the longest sequences that machines can train on.
    """

    scores: pd.DataFrame
    positions: pd.DataFrame
    conditions: pd.DataFrame
    curves: pd.DataFrame = field(default_factory=pd.DataFrame)
    choices: pd.DataFrame = field(default_factory=pd.DataFrame)
    equivalence: pd.DataFrame = field(default_factory=pd.DataFrame)
    counted: pd.DataFrame = field(default_factory=pd.DataFrame)
    measured: pd.DataFrame = field(default_factory=pd.DataFrame)
    limits: pd.DataFrame = field(default_factory=pd.DataFrame)

    @classmethod
    def read(cls, files: Mapping[str, Path]) -> "Tables":
        """The tables in these Parquet files, by name."""
        return cls(**{name: pd.read_parquet(path) for name, path in files.items()})


def with_facts(table: pd.DataFrame, conditions: pd.DataFrame) -> pd.DataFrame:
    """Measurements beside the facts of their conditions; those of unknown conditions are left out.

    Arguments:
        table: measurements, with the columns of `CONDITION`.
        conditions: one row a condition.
    """
    if "group" not in table:
        table = table.assign(group=ALL)
    facts = conditions[[*CONDITION, *FACTS]]
    new = [name for name in facts if name in CONDITION or name not in table]
    return table.merge(facts[new], on=CONDITION)


def as_trained(table: pd.DataFrame) -> pd.Series:
    """Rows of test sequences like those trained on.

    Where a task holds positions out, these are the sequences at trained positions alone: the
    others belong to the claim on positions, and would count twice.
    """
    divided = table.loc[table["group"] == TRAINED, "task"].unique()
    return table["group"] == np.where(table["task"].isin(divided), TRAINED, ALL)
