"""The tables that claims and report are made from, and the words that occur in their columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

import pandas as pd

from timeshare.storage.files import read_table

CONDITION = ["task", "variant", "length", "truncation"]
"""Columns that identify a condition."""
FACTS = [
    "task_kind",
    "task_title",
    "metric",
    "learnable",
    "dense",
    "continues",
    "rule_changes",
    "rule_change_rate",
    "random_rule",
    "real",
    "groups",
    "holds_out",
    "resampled",
    "memoryless_score",
    "input_size",
    "output_size",
    "family",
    "variant_title",
    "cell",
    "schedule",
    "hidden_size",
    "width",
    "time_features",
    "readout",
    "embedding",
    "plain",
    "label",
    "parameters",
    "lengths",
    "update",
    "window_offset",
    "trained_out",
]
"""Columns of `conditions` that measurements are joined with."""
RECURRENT = "recurrent"
"""The family of networks that unroll a cell over the steps."""
FIXED, UP_TO = "fixed", "up-to"
"""Lengths trained on: T alone, or all lengths 1..T."""
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
OWN_WIDTH, MATCHED_WIDTH = "own", "matched"
"""Where a hidden size comes from: the configuration, or another variant's parameter count."""
WINDOW, SEQUENCE = "window", "sequence"
"""What makes an update: each window of K steps, or all windows of a sequence."""


@dataclass(frozen=True)
class Tables:
    """What the workflow wrote; a table that was not made is empty.

    Arguments:
        scores: one row a member, selection, split, evaluated length and extension.
        positions: test scores by step.
        test_sequences: the metric on each test sequence of real data sets, a mean over seeds.
        conditions: one row a condition, with all facts of its task and variant.
        curves: learning curves.
        members: the updates of each network, and how its training ended.
        choices: how the settings were chosen.
        equivalence: the unshared network against a layered one.
        counted: parameters and operations of an update by variant and length, by formulas.
        measured: time and memory of an update.
        limits: the longest sequences that machines can train on.
        quality: what members had spent when they first reached a set score.
    """

    scores: pd.DataFrame
    positions: pd.DataFrame
    conditions: pd.DataFrame
    test_sequences: pd.DataFrame = field(default_factory=pd.DataFrame)
    curves: pd.DataFrame = field(default_factory=pd.DataFrame)
    members: pd.DataFrame = field(default_factory=pd.DataFrame)
    choices: pd.DataFrame = field(default_factory=pd.DataFrame)
    equivalence: pd.DataFrame = field(default_factory=pd.DataFrame)
    counted: pd.DataFrame = field(default_factory=pd.DataFrame)
    measured: pd.DataFrame = field(default_factory=pd.DataFrame)
    limits: pd.DataFrame = field(default_factory=pd.DataFrame)
    quality: pd.DataFrame = field(default_factory=pd.DataFrame)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names of all tables."""
        return tuple(each.name for each in fields(cls))

    @classmethod
    def read(cls, files: Mapping[str, Path]) -> "Tables":
        """The tables in these Parquet files, by name."""
        return cls(**{name: read_table(path) for name, path in files.items()})


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


def first_group(table: pd.DataFrame) -> pd.Series:
    """The first group of each row's task: where it holds groups out, the one that training sees."""
    return table["groups"].str.split(", ").str[0]


def as_trained(table: pd.DataFrame) -> pd.Series:
    """Rows of test sequences like those trained on.

    Where a task holds groups out, these are the sequences of its first group alone: the others
    belong to the claim on positions, and would count twice.
    """
    wanted = first_group(table).where(table["holds_out"], ALL)
    return table["group"] == wanted
