"""Unseen lengths: scores at lengths never trained on, and at which steps they are lost."""

import pandas as pd

from timeshare.report import drawing, wording
from timeshare.report.estimates import difference, estimates, pooled
from timeshare.report.figures.lines import LINE, SCORE, lines, one_each, several_tasks
from timeshare.report.findings import Finding, Section
from timeshare.report.tables import ALL, SELECTION, Tables, common_size

REACH = 4
"""Longest sequences shown step by step, in multiples of T."""


def section(tables: Tables) -> Section:
    """What becomes of a network at lengths it never saw."""
    rows = best_extension(_comparable(tables))
    found = [each for each in (_lengths(rows), _positions(tables)) if each]
    missing = [] if found else [
        "No task was evaluated at unseen lengths: name more `evaluation.lengths` than the lengths "
        "trained at."
    ]  # fmt: skip
    return Section(
        "lengths",
        "Unseen lengths",
        "Does a network still work on sequences shorter and longer than those it was trained on?",
        tuple(found),
        tuple(missing),
    )


def _comparable(tables: Tables) -> pd.DataFrame:
    """Plain variants on tasks whose rule goes on past T, at one train size and one T a task."""
    rows = tables.plain(tables.tested)
    rows = common_size(rows[rows["continues"]])
    kept = several_tasks(rows, "variant")
    several = kept.groupby("task")["evaluated_length"].transform("nunique") > 1
    return kept[several]


def best_extension(rows: pd.DataFrame, value: str = "score") -> pd.DataFrame:
    """Of each condition and evaluated length, the extension with the highest mean value."""
    if rows.empty:
        return rows
    keys = [*LINE, "evaluated_length"]
    means = rows.groupby([*keys, "extension"])[value].mean().reset_index()
    best = means.sort_values([*keys, value]).drop_duplicates(keys, keep="last")
    return rows.merge(best[[*keys, "extension"]])


def _lengths(rows: pd.DataFrame) -> Finding | None:
    if rows.empty:
        return None
    table = estimates(rows, [*LINE, "evaluated_length", "extension"])
    said = []
    for word, unseen in (
        ("longer than T", rows["evaluated_length"] > rows["length"]),
        ("shorter than T", rows["evaluated_length"] < rows["length"]),
    ):
        part = rows[unseen]
        shared, unshared = (part[part["schedule"] == name] for name in ("shared", "unshared"))
        each = difference(shared, unshared, ["task", "evaluated_length", "seed"])
        if len(each):
            found = pooled(each)
            both = each[["one", "other"]].mean()
            said.append(
                f"At lengths {word}, shared weights score {wording.decimal(both['one'])} and "
                f"unshared ones {wording.decimal(both['other'])} on average; paired, "
                + wording.against("shared", "unshared", found)
            )
    sentence = ". ".join(said) + "." if said else "Only one schedule was evaluated."
    return Finding(
        "lengths",
        "Score at unseen lengths",
        sentence,
        "Test score by evaluated length; the dashed line marks the length T trained at. Schedules "
        "that end at T are extended in the way that serves them best at each "
        "length. Of several variants of a schedule one is drawn; the CSV has all.",
        table,
        lambda columns: lines(
            one_each(table),
            columns,
            "evaluated_length",
            ("evaluated length (steps)", SCORE),
            mark=True,
        ),
    )


def _positions(tables: Tables) -> Finding | None:
    """Accuracy by step at a length never seen."""
    rows = tables.positions
    rows = rows[
        (rows["selection"] == SELECTION)
        & (rows["truncation"] == rows["length"])
        & (rows["evaluated_length"] > rows["length"])
        & (rows["evaluated_length"] <= REACH * rows["length"])
        & (rows["group"] == ALL)
        & rows["continues"].astype(bool)
    ]
    rows = common_size(one_each(tables.plain(rows)))
    if rows.empty:
        return None
    rows = several_tasks(rows, "variant")
    longest = rows.groupby("task")["evaluated_length"].transform("max")
    by = [*LINE, "evaluated_length", "extension", "position"]
    table = estimates(
        best_extension(rows[rows["evaluated_length"] == longest], "value"), by, "value"
    )
    return Finding(
        "positions",
        "Accuracy along an unseen length",
        _where_lost(table),
        "Test accuracy at each step of sequences longer than T, extended in the way that serves "
        "each schedule best; the dashed line marks T. Diverged members have no accuracy by "
        "step and are left out here.",
        table,
        lambda columns: lines(
            table.assign(position=table["position"] + 1), columns, "position",
            ("step", "test accuracy"), mark=True, logarithmic=False, limits=(-0.03, 1.06),
        ),
    )  # fmt: skip


def _where_lost(table: pd.DataFrame) -> str:
    """Mean accuracy up to T and past it, of each schedule."""
    past = table["position"] >= table["length"]
    said = []
    for label in dict.fromkeys(table.sort_values("schedule", key=_ordered)["label"]):
        mine = table["label"] == label
        inside, outside = (table.loc[mine & part, "centre"].mean() for part in (~past, past))
        said.append(f"{label} {wording.decimal(inside)} and {wording.decimal(outside)}")
    tasks = wording.listed(sorted(table["task"].unique()))
    return f"Mean accuracy on {tasks} up to step T and past it: {'; '.join(said)}."


def _ordered(schedules: "pd.Series[str]") -> "pd.Series[int]":
    return schedules.map(drawing.order)
