"""The tables a report is made from, with the factors of each condition beside its measurements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from timeshare.claims.evidence import as_trained
from timeshare.claims.overfitting import fitting_rates
from timeshare.experiment import Experiment
from timeshare.report.times import benchmark_times
from timeshare.tasks.base import Split

CONDITION = ["task", "variant", "length", "truncation"]
FACTORS = ["task_kind", "cell", "schedule", "clock", "parameters", "plain", "label",
           "continues", "learnable", "change"]  # fmt: skip
SELECTION = "best"
"""Which weights are compared: those with the best validation score, as one would keep them."""
ALL = "all"


@dataclass(frozen=True)
class Tables:
    """What was measured.

    Arguments:
        scores: every member's scores with the chosen learning rates, under both selections, with
            the factors of its condition.
        positions: the same by step.
        curves: learning curves of all members.
        conditions: one row a condition, with its factors.
        choices: how the learning rates were chosen.
        claims: the claims as judged, where they were.
        cost: the tables of the cost study by name, those that are there and not empty.
        times: seconds of each rule's jobs, as Snakemake measured them.
        assumptions: what the projections of cost assume, in sentences.
    """

    scores: pd.DataFrame
    positions: pd.DataFrame
    curves: pd.DataFrame
    conditions: pd.DataFrame
    choices: pd.DataFrame
    claims: pd.DataFrame | None = None
    cost: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    times: pd.DataFrame | None = None
    assumptions: tuple[str, ...] = ()

    @cached_property
    def cell(self) -> str:
        """The cell most conditions have, in which schedules are compared."""
        return str(self.conditions["cell"].value_counts().sort_index().idxmax())

    @cached_property
    def tested(self) -> pd.DataFrame:
        """Test scores of learnable tasks, K = T, weights kept as best.

        Where a task holds positions out, at trained positions alone: the others have a figure of
        their own.
        """
        scores = self.scores
        return scores[
            (scores["split"] == Split.TEST)
            & as_trained(scores)
            & (scores["selection"] == SELECTION)
            & (scores["truncation"] == scores["length"])
            & scores["learnable"]
        ]

    @cached_property
    def at_length(self) -> pd.DataFrame:
        """Of `tested`, the scores at the length trained at."""
        return self.tested[self.tested["evaluated_length"] == self.tested["length"]]

    @cached_property
    def cells(self) -> dict[str, str]:
        """The cell compared on each task: the usual one, or the task's own where it lacks that."""
        found = {}
        for task, rows in self.conditions.groupby("task"):
            counts = rows["cell"].value_counts().sort_index()
            found[str(task)] = self.cell if self.cell in counts else str(counts.idxmax())
        return found

    def plain(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows whose variants differ in their schedule alone: one cell, one width, no clock."""
        return table[table["plain"] & (table["cell"] == table["task"].map(self.cells))]


def read(folder: Path, cost: Path, benchmarks: Path, experiment: Experiment) -> Tables:
    """Read what is there of the tables.

    Arguments:
        folder: tables of the experiment; `claims.parquet` may be missing.
        cost: tables of the cost study; may be missing.
        benchmarks: Snakemake's benchmark files; may be missing.
        experiment: what was asked for.
    """
    conditions = with_factors(pd.read_parquet(folder / "conditions.parquet"), experiment)
    claims = folder / "claims.parquet"
    files = {path.stem: pd.read_parquet(path) for path in sorted(cost.glob("*.parquet"))}
    found = {name: table for name, table in files.items() if len(table)}
    return gathered(
        scores=pd.read_parquet(folder / "scores.parquet"),
        positions=pd.read_parquet(folder / "positions.parquet"),
        curves=pd.read_parquet(folder / "curves.parquet"),
        conditions=conditions,
        choices=pd.read_parquet(folder / "choices.parquet"),
        claims=pd.read_parquet(claims) if claims.exists() else None,
        cost=found,
        times=benchmark_times(benchmarks),
        assumptions=_assumptions(experiment) if "projected" in found else (),
    )


def gathered(
    scores: pd.DataFrame,
    positions: pd.DataFrame,
    curves: pd.DataFrame,
    conditions: pd.DataFrame,
    choices: pd.DataFrame,
    claims: pd.DataFrame | None = None,
    cost: Mapping[str, pd.DataFrame] | None = None,
    times: pd.DataFrame | None = None,
    assumptions: tuple[str, ...] = (),
) -> Tables:
    """Tables whose scores and positions carry the factors of `conditions`."""
    factors = conditions.set_index(CONDITION)[FACTORS]
    if "group" not in scores:
        scores = scores.assign(group=ALL)
    if positions.empty:
        positions = pd.DataFrame(columns=[*CONDITION, *positions.columns.difference(CONDITION)])
    elif "group" not in positions:
        positions = positions.assign(group=ALL)
    return Tables(
        scores=_kept(scores.join(factors, on=CONDITION, how="inner")),
        positions=positions.join(factors, on=CONDITION, how="inner")
        if len(positions)
        else positions,
        curves=curves,
        conditions=conditions,
        choices=choices,
        claims=claims,
        cost=cost or {},
        times=times,
        assumptions=assumptions,
    )


def _kept(scores: pd.DataFrame) -> pd.DataFrame:
    """The rows of the learning rates that count.

    Validation data choose; where labels are random they cannot, and the rate counts that fits
    most training sequences in the end, mean over seeds.
    """
    learned = scores[scores["learnable"] & scores["chosen"]]
    random = scores[~scores["learnable"]]
    if random.empty:
        return learned
    fitted = random[(random["split"] == Split.TRAIN) & (random["selection"] == "last")]
    return pd.concat([learned, random.merge(fitting_rates(fitted))], ignore_index=True)


def _assumptions(experiment: Experiment) -> tuple[str, ...]:
    # Imported where it is needed: it brings torch.
    from timeshare.cost.projection import assumptions

    return tuple(assumptions(experiment.cost.projection))


def with_factors(conditions: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """The conditions with what only the configuration knows.

    `plain` variants differ from others in their cell and schedule alone; `label` is the schedule,
    or the variant's name where that would be ambiguous; `continues` and `learnable` are the
    task's; `change` is the share of a drifting rule that is redrawn from step to step.
    """
    variants = experiment.variants
    plain = {
        name: each.match is None and each.clock == 0 and each.readout == "shared"
        for name, each in variants.items()
    }
    kinds = [(each.cell, each.schedule["kind"]) for name, each in variants.items() if plain[name]]
    labels = {
        name: each.schedule["kind"]
        if plain[name] and kinds.count((each.cell, each.schedule["kind"])) == 1
        else name
        for name, each in variants.items()
    }
    tasks = {name: experiment.task(name) for name in conditions["task"].unique()}
    return conditions.assign(
        plain=[bool(plain.get(name)) for name in conditions["variant"]],
        label=[labels.get(name, name) for name in conditions["variant"]],
        continues=conditions["task"].map({n: t.continues for n, t in tasks.items()}).astype(bool),
        learnable=conditions["task"].map({n: t.learnable for n, t in tasks.items()}).astype(bool),
        change=conditions["task"].map({n: getattr(t, "change", None) for n, t in tasks.items()}),
    )


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
