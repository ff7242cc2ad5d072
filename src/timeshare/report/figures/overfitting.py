"""Overfitting: the gap between training and test, the test score by data, and memorisation."""

import pandas as pd

from timeshare.report import wording
from timeshare.report.estimates import Estimate, difference, estimates, pooled
from timeshare.report.figures.lines import LINE, SCORE, lines, several_tasks
from timeshare.report.findings import Finding, Section
from timeshare.report.tables import ALL, SELECTION, Tables
from timeshare.tasks.base import Split

MEMBER = ["task", "variant", "length", "train_size", "seed"]
SEVERAL = 2
"""Train sizes that make a curve."""
NEAR = 0.05
"""Difference between scores that does not matter."""


def section(tables: Tables) -> Section:
    """What unshared weights do to the distance between training and test."""
    gaps = _gaps(tables, SELECTION)
    found: list[Finding] = [_gap(gaps, _gaps(tables, "last")), _data(gaps)] if len(gaps) else []
    memory = _memorisation(tables)
    missing = []
    if not found:
        missing.append(
            "No task was trained with shared and unshared weights at several train sizes: give a "
            f"sweep {SEVERAL} train sizes or more."
        )
    if memory is None:
        missing.append("Memorisation was not measured: add a sweep of the task `labels`.")
    return Section(
        "overfitting",
        "Overfitting",
        "Are unshared weights so flexible that they fit the training sequences and miss the rule, "
        "and does more data cure it?",
        (*found, *filter(None, [memory])),
        tuple(missing),
    )


def _gaps(tables: Tables, selection: str) -> pd.DataFrame:
    """Train minus test score of each member at its T, of tasks with several train sizes.

    Tasks that hold positions out are left to their own section: their test sequences are of
    another kind than those trained on, whatever the network.
    """
    scores = tables.plain(tables.scores)
    divided = scores.loc[scores["group"] != ALL, "task"].unique()
    rows = scores[
        scores["learnable"]
        & ~scores["task"].isin(divided)
        & (scores["selection"] == selection)
        & (scores["group"] == ALL)
        & (scores["truncation"] == scores["length"])
        & (scores["evaluated_length"] == scores["length"])
        & scores["schedule"].isin(["shared", "unshared"])
    ]
    test = rows[rows["split"] == Split.TEST].set_index(MEMBER)
    train = rows[rows["split"] == Split.TRAIN].set_index(MEMBER)["score"].rename("train")
    joined = test.join(train, how="inner").reset_index()
    joined = joined.assign(gap=joined["train"] - joined["score"])
    counts = joined.groupby(["task", "length"]).agg(
        sizes=("train_size", "nunique"), schedules=("schedule", "nunique")
    )
    kept = counts[(counts["sizes"] >= SEVERAL) & (counts["schedules"] == 2)].reset_index()
    return several_tasks(joined.merge(kept[["task", "length"]]), "train_size")


def _gap(gaps: pd.DataFrame, late: pd.DataFrame) -> Finding:
    table = estimates(gaps, LINE, "gap")
    smallest = gaps[gaps["train_size"] == gaps.groupby("task")["train_size"].transform("min")]
    largest = gaps[gaps["train_size"] == gaps.groupby("task")["train_size"].transform("max")]
    sentence = (
        f"With the fewest training sequences, {_by_rule(smallest)}. With the most, "
        f"{_by_rule(largest)}."
    )
    if len(late):
        stopped = _paired(gaps, "gap")
        ended = _paired(late, "gap")
        sentence += (
            f" Over all train sizes unshared minus shared is {wording.spoken(stopped)} with the "
            f"weights of the best validation score, and {wording.spoken(ended)} with the last ones."
        )
    return Finding(
        "gap",
        "Generalisation gap against train size",
        sentence,
        "Training minus test score at T, with the weights of the best validation score, by number "
        "of distinct training sequences.",
        table,
        lambda columns: lines(
            table,
            columns,
            "train_size",
            ("training sequences", "training minus test score"),
            limits=None,
        ),
    )


def _data(gaps: pd.DataFrame) -> Finding:
    table = estimates(gaps, LINE, "score")
    mean = table.pivot_table(index=["task", "train_size"], columns="schedule", values="centre")
    ahead = mean["unshared"] - mean["shared"]
    lines_of = [line for _, line in ahead.groupby("task")]
    sentence = (
        "Unshared minus shared test score, given the fewest sequences, is "
        f"{_ends(lines_of, 0)}; given the most, {_ends(lines_of, -1)}."
    )
    return Finding(
        "data",
        "Test score against train size",
        sentence,
        "Test score at T by number of distinct training sequences, on logarithmic axes of data.",
        table,
        lambda columns: lines(table, columns, "train_size", ("training sequences", SCORE)),
    )


def _ends(differences: list[pd.Series], end: int) -> str:
    """The differences at the first or the last train size, task by task, those near 0 together."""
    clear, near = [], []
    for line in differences:
        (task, size), value = line.index[end], float(line.iloc[end])
        if abs(value) < NEAR:
            near.append(str(task))
        else:
            clear.append(f"{wording.decimal(value)} on {task} ({size:,})")
    clear += [f"within {NEAR} of 0 on {wording.listed(near)}"] if near else []
    return wording.listed(clear)


def _paired(rows: pd.DataFrame, value: str) -> Estimate:
    """Unshared minus shared: the mean over tasks and train sizes, paired by seed."""
    shared, unshared = (rows[rows["schedule"] == name] for name in ("shared", "unshared"))
    return pooled(difference(unshared, shared, ["task", "train_size", "seed"], value))


def _by_rule(rows: pd.DataFrame) -> str:
    """The gaps compared, apart where the rule stays and where it changes with the step."""
    changes = pd.to_numeric(rows["change"]).fillna(0) != 0
    kinds = {"where the rule stays": rows[~changes], "where it changes": rows[changes]}
    return "; ".join(f"{words}, {_compared(part)}" for words, part in kinds.items() if len(part))


def _compared(rows: pd.DataFrame, value: str = "gap") -> str:
    """The paired difference over all tasks, and the tasks where it clearly points elsewhere."""
    whole = _paired(rows, value)
    other = [
        str(task)
        for task, part in rows.groupby("task")
        if (found := _paired(part, value)).clear and found.centre * whole.centre < 0
    ]
    said = wording.against("the unshared gap", "the shared one", whole)
    if not other:
        return said
    return f"{said} (but {'below' if whole.centre > 0 else 'above'} it on {wording.listed(other)})"


def _memorisation(tables: Tables) -> Finding | None:
    scores = tables.scores
    rows = scores[
        ~scores["learnable"]
        & (scores["selection"] == "last")
        & (scores["split"] == Split.TRAIN)
        & (scores["cell"] == scores["task"].map(tables.cells))
        & (scores["truncation"] == scores["length"])
    ]
    if rows.empty:
        return None
    table = estimates(rows, LINE)
    said = [_fitted(part) for _, part in table.groupby("length")]
    return Finding(
        "memorisation",
        "Memorisation of random labels",
        " ".join(said),
        "Share of random labels fitted beyond chance after the last update, by number of "
        "sequences, with the learning rate that fits most; there is no rule to learn.",
        table,
        lambda columns: lines(
            table, columns, "train_size", ("training sequences", "labels fitted beyond chance")
        ),
        columns=min(3, max(2, table["length"].nunique())),
    )


def _fitted(table: pd.DataFrame) -> str:
    """How many of the most random labels each variant fitted, at one T."""
    size = table["train_size"].max()
    largest = table[table["train_size"] == size].sort_values("centre", ascending=False)
    said = [
        f"{row['label']} {wording.spoken(Estimate.of(row))}" for row in largest.to_dict("records")
    ]
    return (
        f"Of {size:,} random labels at T={table['length'].iloc[0]}, the share fitted beyond chance "
        f"is {wording.listed(said)}."
    )
