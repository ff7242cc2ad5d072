"""What claims and report derive from the tables: the rows that a comparison may use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from timeshare.analysis.flags import with_flags
from timeshare.analysis.influence import with_item_variance
from timeshare.analysis.statistics import Estimate, Values, aggregate
from timeshare.analysis.tables import (
    ALL,
    BEST,
    CONDITION,
    OWN_WIDTH,
    RECURRENT,
    UP_TO,
    Tables,
    as_trained,
    with_facts,
)
from timeshare.experiment.thresholds import Thresholds
from timeshare.tasks.base import Split
from timeshare.tasks.metrics import Metric

SCORED = [
    *CONDITION,
    "rule",
    "seed",
    "unit",
    "train_size",
    "group",
    "evaluated_length",
    "extension",
    "selection",
]
"""Columns that identify a score."""

NO_CELL = "none"
"""The cell of references, which experiments without recurrent networks have alone."""


@dataclass(frozen=True)
class Evidence:
    """Tables and thresholds, and the rows that claims and report select from them.

    Arguments:
        tables: what the workflow wrote.
        thresholds: of the claims, fixed before the run.
    """

    tables: Tables
    thresholds: Thresholds = field(default_factory=Thresholds)

    def aggregate(
        self, strata: Mapping[str, Values], item_variances: Mapping[str, float] | None = None
    ) -> Estimate:
        """The mean over tasks of the mean over units, with its single interval."""
        return aggregate(strata, self.thresholds.confidence, item_variances)

    @property
    def conditions(self) -> pd.DataFrame:
        """One row a condition, with the facts of its task and variant."""
        return self.tables.conditions

    @cached_property
    def members(self) -> pd.DataFrame:
        """All scores of reported members with the facts of their conditions.

        The columns of `analysis.influence` say what the draw of shared test sequences adds to the
        variance of a score, those of `analysis.flags` which networks were not trained out.
        """
        joined = with_flags(with_facts(self.tables.scores, self.conditions), self.tables)
        return with_item_variance(joined, self.tables.test_sequences)

    @cached_property
    def positions(self) -> pd.DataFrame:
        """Test scores of reported members by step, with the facts of their conditions."""
        return with_flags(with_facts(self.tables.positions, self.conditions), self.tables)

    @cached_property
    def tested(self) -> pd.DataFrame:
        """Test scores of members on tasks that can be learned, with the best weights."""
        table = self.members
        return table[
            table["learnable"] & (table["split"] == Split.TEST) & (table["selection"] == BEST)
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
        task's sequence was trained on, so shorter lengths are unseen for final tasks only, and for
        no network that was trained on lengths 1..T. Tasks that hold positions out are left to the
        claim on positions, and tasks at which another length is another speed are left out. Each
        member has its best extension at each length; the choice is made on the test score, in
        favour of the networks that need one.
        """
        table = self.tested
        wanted = table[
            (table["evaluated_length"] != table["length"])
            & (table["truncation"] == table["length"])
            & table["continues"]
            & (table["group"] == ALL)
            & ~table["holds_out"]
            & ~table["resampled"]
            & ~(
                (table["dense"] | (table["lengths"] == UP_TO))
                & (table["evaluated_length"] < table["length"])
            )
        ]
        wanted = wanted.assign(score=self._beyond(wanted))
        keys = [name for name in SCORED if name != "extension"]
        best = wanted.sort_values("score", kind="stable").groupby(keys, dropna=False).tail(1)
        return best.sort_index().reset_index(drop=True)

    def _beyond(self, rows: pd.DataFrame) -> Values:
        """The rows' scores; where steps past T have targets, the scores of these steps alone."""
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

    @cached_property
    def cell(self) -> str:
        """The cell that most conditions have, in which schedules are compared; or `none`."""
        table = self.conditions
        counts = table.loc[table["family"] == RECURRENT, "cell"].value_counts()
        return str(counts.sort_index().idxmax()) if len(counts) else NO_CELL

    @cached_property
    def cells(self) -> dict[str, str]:
        """The cell compared on each task: the usual one, or the task's own where it lacks that."""
        found = {}
        table = self.conditions
        for task, rows in table[table["family"] == RECURRENT].groupby("task"):
            counts = rows["cell"].value_counts().sort_index()
            found[str(task)] = self.cell if self.cell in counts else str(counts.idxmax())
        return found

    def of_compared_cell(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows of the cell that is compared on their task."""
        return rows[rows["cell"] == rows["task"].map(self.cells)]

    def comparable(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows whose variants differ in their schedule alone: one cell and one width."""
        return self.of_compared_cell(rows[rows["plain"] & (rows["width"] == OWN_WIDTH)])
