"""Where unshared weights win: rules that change with the step, equal parameters, and a clock."""

import pandas as pd

from timeshare.report import wording
from timeshare.report.estimates import Estimate, best, difference, estimate, estimates
from timeshare.report.figures.dots import dots
from timeshare.report.figures.lines import LINE, SCORE, lines
from timeshare.report.figures.spectrum import MOST, NEGLIGIBLE, score_rows, sizes_note, two_sizes
from timeshare.report.findings import Finding, Section
from timeshare.report.tables import Tables


def section(tables: Tables) -> Section:
    """What unshared weights can do that shared ones cannot."""
    found = (_drift(tables), _equal(tables), _cells(tables))
    missing = []
    if found[0] is None:
        missing.append(
            "The rate at which a rule changes was not varied: add tasks of the kind `drift` with "
            "several values of `change`."
        )
    if found[1] is None:
        missing.append(
            "Shared networks with as many parameters, or a clock, were not trained: add variants "
            "with `match` or `clock`."
        )
    return Section(
        "power",
        "Where unshared weights win",
        "When the rule itself changes from step to step, do unshared weights win, and can a shared "
        "network that is wider, or told the time, do as well?",
        tuple(each for each in found if each),
        tuple(missing),
    )


def _by_change(rows: pd.DataFrame) -> str:
    said = []
    for change, part in rows.groupby("change"):
        shared, unshared = (part[part["schedule"] == name] for name in ("shared", "unshared"))
        each = difference(unshared, shared, ["seed"])
        if len(each):
            said.append(f"{wording.spoken(estimate(each['difference']))} at {change:g}")
    return f"with {rows['task'].iloc[0]} {wording.listed(said)}"


def _drift(tables: Tables) -> Finding | None:
    rows = tables.plain(tables.at_length)
    rows = rows[rows["change"].notna() & rows["schedule"].isin(["shared", "unshared"])]
    given = rows.groupby(["length", "train_size"])["change"].nunique()
    if given.empty or given.max() < 2:
        return None
    tried = given[given == given.max()].reset_index()
    length = tried["length"].max()
    tried = tried[tried["length"] == length]
    rows = rows[(rows["length"] == length) & rows["train_size"].isin(tried["train_size"])]
    sizes = rows["train_size"].map("{:,} sequences".format)
    rows = rows.assign(task=sizes, change=rows["change"].astype(float))
    table = estimates(rows, [*LINE, "change"])
    said = [_by_change(part) for _, part in rows.groupby("train_size")]
    return Finding(
        "drift",
        "Test score against how much the rule changes",
        "Unshared minus shared test score, by the share of the rule redrawn from each step to the "
        f"next: {'; '.join(said)}.",
        f"Test score at T={length}; at 0 the rule is the same at every step, at 1 it is another at "
        "each. Each point along the axis is one rule, whose own difficulty is in it.",
        table,
        lambda columns: lines(
            table, columns, "change", ("share of the rule redrawn from step to step", SCORE),
            logarithmic=False, limits=None,
        ),
    )  # fmt: skip


def _equal(tables: Tables) -> Finding | None:
    rows = tables.at_length[tables.at_length["cell"] == tables.at_length["task"].map(tables.cells)]
    pair = rows["schedule"].isin(["shared", "unshared"])
    others = rows[~rows["plain"] & pair].groupby(["task", "length", "train_size"]).size().index
    keys = pd.MultiIndex.from_frame(rows[["task", "length", "train_size"]])
    rows = two_sizes(rows[keys.isin(others) & pair])
    if rows.empty:
        return None
    table = score_rows(rows, "variant")
    most = table[table["series"] == MOST]
    said = _compared([part for _, part in most.groupby("panel", sort=False)])
    return Finding(
        "equal-parameters",
        "Wider shared networks, narrower unshared ones, and a clock",
        said,
        "Test score at T by variant, in order of schedule and parameters. " + sizes_note(table),
        table,
        lambda columns: dots(table, min(columns, 2), "test score (0 chance, 1 perfect)",
                             zero=False),
        columns=2,
    )  # fmt: skip


def _compared(panels: list[pd.DataFrame]) -> str:
    """The best network of each family, panel by panel; together where they are alike."""
    said, alike = [], []
    for part in panels:
        families = [part[part["schedule"] == name] for name in ("shared", "unshared")]
        if any(family.empty for family in families):
            continue
        tops = [best(family) for family in families]
        panel = part["panel"].iloc[0]
        if abs(tops[0]["centre"] - tops[1]["centre"]) < NEGLIGIBLE:
            each = wording.listed([f"{top['name']}, {wording.compact(top['parameters'])} parameters"
                                   for top in tops])  # fmt: skip
            alike.append(f"{panel} ({wording.decimal(tops[0]['centre'])}: {each})")
        else:
            each = wording.listed([f"{top['name']} {wording.spoken(Estimate.of(top))}"
                                   for top in tops])  # fmt: skip
            said.append(f"On {panel} the best are {each}.")
    if alike:
        said.insert(0, "The best shared and the best unshared network score alike on "
                       f"{wording.listed(alike)}.")  # fmt: skip
    return " ".join(said) or "Only one of the two families was trained."


def _cells(tables: Tables) -> Finding | None:
    rows = tables.at_length[tables.at_length["plain"]]
    rows = rows[rows["schedule"].isin(["shared", "unshared"])]
    many = rows.groupby(["task", "length", "train_size"])["cell"].transform("nunique")
    rows = two_sizes(rows[many > 1])
    if rows.empty:
        return None
    table = score_rows(rows, "variant").sort_values(["cell", "schedule"], kind="stable")
    # Without parameters the rows stay in the order of cells.
    table = table.assign(name=table["cell"] + " " + table["schedule"]).drop(columns="parameters")
    said = []
    most = table[table["series"] == MOST]
    for panel, part in most.groupby("panel"):
        middle = part.pivot_table(index="cell", columns="schedule", values="centre").dropna()
        if {"shared", "unshared"} <= set(middle.columns):
            gains = (middle["unshared"] - middle["shared"]).items()
            each = [f"{wording.decimal(gain)} ({cell})" for cell, gain in gains]
            said.append(f"{wording.listed(each)} on {panel}")
    return Finding(
        "cells",
        "Other cells",
        f"Unshared minus shared test score is {wording.listed(said)}.",
        "Test score at T of each cell, at equal width. " + sizes_note(table),
        table,
        lambda columns: dots(table, min(columns, 2), "test score (0 chance, 1 perfect)",
                             zero=False),
        columns=2,
    )  # fmt: skip
