"""Unseen lengths: scores at lengths never trained on, and at which steps they are lost."""

import pandas as pd

from timeshare.report import wording
from timeshare.report.estimates import difference, estimate, estimates
from timeshare.report.figures.lines import LINE, SCORE, lines, several_tasks
from timeshare.report.findings import Finding, Section
from timeshare.report.tables import Tables, common_size


def section(tables: Tables) -> Section:
    """What becomes of a network at lengths it never saw."""
    rows = best_extension(_comparable(tables))
    found = [finding for finding in (_lengths(rows),) if finding]
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


def best_extension(rows: pd.DataFrame) -> pd.DataFrame:
    """Of each condition and evaluated length, the extension with the highest mean score."""
    if rows.empty:
        return rows
    keys = [*LINE, "evaluated_length"]
    means = rows.groupby([*keys, "extension"])["score"].mean().reset_index()
    best = means.sort_values([*keys, "score"]).drop_duplicates(keys, keep="last")
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
            found = estimate(each.groupby("seed")["difference"].mean())
            both = each[["one", "other"]].mean()
            said.append(
                f"At lengths {word}, shared weights score {wording.decimal(both['one'])} and "
                f"unshared ones {wording.decimal(both['other'])}: "
                + wording.against("shared", "unshared", found)
            )
    sentence = ". ".join(said) + "." if said else "Only one schedule was evaluated."
    return Finding(
        "lengths",
        "Score at unseen lengths",
        sentence,
        "Test score by evaluated length; the dashed line marks the length T trained at. Schedules "
        "that end at T are extended in the way that serves them best at each length.",
        table,
        lambda columns: lines(
            table, columns, "evaluated_length", ("evaluated length (steps)", SCORE), mark=True
        ),
    )
