"""What a report is made from: the evidence, the cost study, the verdicts and the times of jobs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from timeshare.analysis.comparison import family_in
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import CONDITION, FACTS, LAST, as_trained
from timeshare.cost.projection import assumptions
from timeshare.experiment.cost import Projection
from timeshare.report.names import readable, titles, with_titles
from timeshare.report.palette import Palette
from timeshare.storage.files import read_table

PAIR = ["shared", "unshared"]
"""The two schedules that the question compares."""


@dataclass(frozen=True)
class Results:
    """What was measured.

    Arguments:
        evidence: scores, positions and conditions, with the thresholds of the claims.
        claims: the claims as judged, or None where they were not.
        outcomes: the measured effects that the verdicts rest on.
        cost: the tables of the cost study by name, those that were made and are not empty.
        times: seconds of each rule's jobs, as Snakemake measured them.
        assumptions: what the projections of cost assume, in sentences.
        deviations: by task, the standard deviation of the training targets in the units of the
            user's table, where these are values.
    """

    evidence: Evidence
    claims: pd.DataFrame | None = None
    outcomes: pd.DataFrame = field(default_factory=pd.DataFrame)
    cost: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    times: pd.DataFrame | None = None
    assumptions: tuple[str, ...] = ()
    deviations: Mapping[str, float] = field(default_factory=dict)

    @property
    def margin(self) -> float:
        """The smallest difference between scores that matters."""
        return self.evidence.thresholds.margin

    @cached_property
    def family(self) -> int:
        """How many comparisons share the error rate: those of all claims, or all that are shown."""
        shown = self.at_length[["task", "length", "train_size"]].drop_duplicates()
        return max(family_in(self.claims), len(shown), 1)

    @property
    def conditions(self) -> pd.DataFrame:
        """One row a condition, with the facts of its task and variant."""
        return self.evidence.conditions

    @property
    def choices(self) -> pd.DataFrame:
        """The settings that were tried and those that were chosen."""
        return self.evidence.tables.choices

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Every reported member's scores with the weights that count, with facts.

        Where labels are random, only the weights of the last update count: validation data cannot
        choose among weights.
        """
        scores = self.evidence.members
        return scores[scores["learnable"] | (scores["selection"] == LAST)]

    @cached_property
    def tested(self) -> pd.DataFrame:
        """Test scores of learnable tasks, K = T, with the best weights.

        Where a task holds positions out, at trained positions alone: the others have a figure of
        their own.
        """
        rows = self.evidence.tested
        return rows[as_trained(rows) & (rows["truncation"] == rows["length"])]

    @cached_property
    def at_length(self) -> pd.DataFrame:
        """Of `tested`, the scores at the length trained at."""
        return self.tested[self.tested["evaluated_length"] == self.tested["length"]]

    @cached_property
    def palette(self) -> Palette:
        """The colours and markers of all schedules and cells of the experiment."""
        return Palette(self._names("schedule"), self._names("cell"))

    def _names(self, column: str) -> tuple[str, ...]:
        """What occurs in a column of the conditions or of the tables of the cost study."""
        tables = [self.conditions, *self.cost.values()]
        found = [table[column].dropna() for table in tables if column in table]
        return tuple(sorted({str(name) for names in found for name in names}))

    def with_facts(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table of the cost study, joined with the facts of its conditions."""
        facts = self.conditions.set_index(CONDITION)[FACTS]
        return table.join(facts, on=CONDITION, how="inner")

    def networks_of(self, table: pd.DataFrame) -> pd.DataFrame:
        """The test scores at T of the networks of the conditions in a table.

        Arguments:
            table: has the columns of conditions, and maybe train sizes.
        """
        keys = [name for name in (*CONDITION, "train_size") if name in table]
        keys = [name for name in keys if table[name].notna().all()]
        return self.evidence.at_length.merge(table[keys].drop_duplicates(), on=keys)


def read_results(
    evidence: Evidence,
    verdicts: Mapping[str, Path],
    cost: Sequence[Path],
    times: pd.DataFrame | None,
    projection: Projection,
    runs: Iterable[Mapping[str, Any]] = (),
) -> Results:
    """Read what a report is made from; titles stand in the place of the configuration's names.

    Arguments:
        evidence: scores, positions and conditions.
        verdicts: the tables `claims` and `outcomes`.
        cost: the tables of the cost study; a file's stem is the name of its table.
        times: jobs and seconds of each step, as `times.benchmark_times` gives them.
        projection: what the cost study projects.
        runs: the files of the runs, which say how a user's table was read.
    """
    known = titles(evidence.conditions)
    tables = {path.stem: with_titles(read_table(path), known) for path in cost}
    return Results(
        evidence=readable(evidence),
        claims=read_table(verdicts["claims"]),
        outcomes=read_table(verdicts["outcomes"]),
        cost={name: table for name, table in tables.items() if len(table)},
        times=times,
        assumptions=tuple(assumptions(projection)),
        deviations=_deviations(runs, known["task"]),
    )


def _deviations(runs: Iterable[Mapping[str, Any]], titles: Mapping[str, str]) -> dict[str, float]:
    """The standard deviation of each table's training targets, by the title of its task."""
    found = {}
    for run in runs:
        if scale := (run.get("reading") or {}).get("target_scale"):
            task = run["facts"]["task"]
            found[titles.get(task, task)] = float(scale[1])
    return found


def common_size(table: pd.DataFrame, lines: Sequence[str] = ("variant",)) -> pd.DataFrame:
    """Of each task and T, the rows of one train size: the largest that most variants were given.

    Arguments:
        table: rows with a task, a length and a train size.
        lines: the columns whose combinations are to share the train size.
    """

    def best(group: pd.DataFrame) -> int:
        shared = group[["train_size", *lines]].drop_duplicates().groupby("train_size").size()
        return int(shared.index[shared == shared.max()].max())

    if table.empty:
        return table
    sizes = {key: best(group) for key, group in table.groupby(["task", "length"])}
    wanted = pd.Series(sizes).rename("wanted")
    joined = table.join(wanted, on=["task", "length"])
    return table[joined["wanted"] == table["train_size"]]
