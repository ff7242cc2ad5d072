"""The tables a verdict rests on, with the factors of every row beside its measurements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from timeshare.claims.tasks import facts_of
from timeshare.experiment.thresholds import Thresholds
from timeshare.metrics import Metric
from timeshare.statistics import Estimate, Values, aggregate

FAMILY = 9
"""Claims that are estimated from seeds: they share the error rate, tested or not."""

CONDITION = ["task", "variant", "length", "truncation"]
FACTORS = ["task_kind", "cell", "schedule", "hidden", "clock", "readout", "parameters"]
SCORED = [*CONDITION, "seed", "train_size", "learning_rate", "group", "evaluated_length",
          "extension", "selection"]  # fmt: skip
ALL = "all"
TRAINED, HELD_OUT = "trained", "held-out"
"""Groups of a task that holds positions out."""
SELECTION = "best"
"""Weights that test scores are read from: the best on validation data, as one would keep them."""


@dataclass(frozen=True)
class Tables:
    """What the workflow wrote; an absent table is empty.

    Arguments:
        scores: one row a member, selection, split, evaluated length and extension.
        positions: test scores by step.
        conditions: one row a condition.
        equivalence: the unshared network against a layered one.
        counted: parameters by variant and length.
        measured: time and memory of an update.
        limits: the longest sequences that machines can train on.
    """

    scores: pd.DataFrame
    positions: pd.DataFrame
    conditions: pd.DataFrame
    equivalence: pd.DataFrame = field(default_factory=pd.DataFrame)
    counted: pd.DataFrame = field(default_factory=pd.DataFrame)
    measured: pd.DataFrame = field(default_factory=pd.DataFrame)
    limits: pd.DataFrame = field(default_factory=pd.DataFrame)

    @classmethod
    def read(cls, files: Mapping[str, Path]) -> "Tables":
        """The tables in these Parquet files, by name."""
        return cls(**{name: pd.read_parquet(path) for name, path in files.items()})


def as_trained(table: pd.DataFrame) -> pd.Series:
    """Rows of test sequences like those trained on.

    Where a task holds positions out, these are the sequences at trained positions alone: the
    others are asked about by the claim on positions, and would count twice.
    """
    divided = table.loc[table["group"] == TRAINED, "task"].unique()
    return table["group"] == np.where(table["task"].isin(divided), TRAINED, ALL)


@dataclass(frozen=True)
class Evidence:
    """Tables and thresholds, and what every claim derives from them."""

    tables: Tables
    thresholds: Thresholds = field(default_factory=Thresholds)

    def comparisons(self, parts: int = 1) -> int:
        """Comparisons that share the error rate: such claims, times the parts of one of them."""
        return FAMILY * parts

    def confidence(self, parts: int = 1) -> float:
        """The confidence of one interval such that all of them hold together (Bonferroni)."""
        return 1 - (1 - self.thresholds.confidence) / self.comparisons(parts)

    def aggregate(self, strata: Mapping[str, Values], parts: int = 1) -> Estimate:
        """The interquartile mean of the units, with its simultaneous interval."""
        return aggregate(strata, self.confidence(parts), self.thresholds.resamples)

    @cached_property
    def conditions(self) -> pd.DataFrame:
        """Conditions, with what their tasks are: learnable, continues, dense, change."""
        table = self.tables.conditions
        found = [
            facts_of(kind, parameters)
            for kind, parameters in zip(table["task_kind"], table["task_parameters"], strict=True)
        ]
        facts = pd.DataFrame([vars(each) for each in found], index=table.index)
        return table[[*CONDITION, *FACTORS, "task_parameters"]].join(facts)

    @cached_property
    def members(self) -> pd.DataFrame:
        """All scores, with the factors of their conditions."""
        table = self.tables.scores
        if "group" not in table:
            table = table.assign(group=ALL)
        grouped = table.loc[table["group"] != ALL, "task"].unique()
        joined = table.merge(self.conditions, on=CONDITION)
        return joined.assign(grouped=joined["task"].isin(grouped))

    @cached_property
    def tested(self) -> pd.DataFrame:
        """Test scores of the chosen members on tasks that can be learned."""
        table = self.members
        return table[
            table["chosen"]
            & table["learnable"]
            & (table["split"] == "test")
            & (table["selection"] == SELECTION)
        ]

    @cached_property
    def at_length(self) -> pd.DataFrame:
        """Test scores at the length trained on; see `as_trained`."""
        table = self.tested
        return table[(table["evaluated_length"] == table["length"]) & as_trained(table)]

    @cached_property
    def unseen(self) -> pd.DataFrame:
        """Test scores at unseen lengths, of networks trained with K = T on rules that continue.

        Beyond T, a dense task is scored at the positions past T alone. Every prefix of a dense
        task's sequence was trained on, so shorter lengths are unseen for final tasks only. Tasks
        that hold positions out are left to the claim on positions. Each member has its best
        extension at each length; the choice is made on the test score, in favour of the networks
        that need one.
        """
        table = self.tested
        wanted = table[
            (table["evaluated_length"] != table["length"])
            & (table["truncation"] == table["length"])
            & table["continues"]
            & ~table["grouped"]
            & ~(table["dense"] & (table["evaluated_length"] < table["length"]))
        ]
        wanted = wanted.assign(score=self._beyond(wanted))
        keys = [name for name in SCORED if name != "extension"]
        best = wanted.sort_values("score", kind="stable").groupby(keys, dropna=False).tail(1)
        return best.sort_index().reset_index(drop=True)

    def _beyond(self, rows: pd.DataFrame) -> Values:
        """The rows' scores; where steps past T are asked, the scores of these steps alone."""
        steps = self.tables.positions
        if len(steps) == 0:
            return rows["score"].to_numpy(float)
        if "group" not in steps:
            steps = steps.assign(group=ALL)
        past = steps[steps["position"] >= steps["length"]]
        means = past.groupby(SCORED)["value"].mean().rename("past").reset_index()
        joined = rows.merge(means, on=SCORED, how="left")
        perfect = np.array([Metric(metric).perfect for metric in joined["metric"]])
        scaled = (joined["past"] - joined["chance"]) / (perfect - joined["chance"])
        kept = joined["past"].isna() | joined["diverged"]
        return np.where(kept, joined["score"], scaled).astype(float)
