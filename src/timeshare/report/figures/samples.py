"""Training sequences until a task is solved."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from timeshare.report import drawing, wording
from timeshare.report.figures.lines import in_order
from timeshare.report.figures.solving import of_pair
from timeshare.report.findings import Finding
from timeshare.report.tables import Tables

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDEST = 1.0
"""An interval of an exponent that is wider does not pin it down."""


def samples(tables: Tables) -> Finding | None:
    """The smallest train size that solves a task, by T."""
    rows = of_pair(tables, "samples")
    if rows.empty or "growth" not in tables.cost:
        return None
    lengths = rows.groupby("task")["length"].transform("nunique")
    rows = rows[lengths > 1]
    if rows.empty:
        return None
    solved = rows["solved"].iloc[0]
    rows = rows.assign(size=rows["train_size"].astype(float).fillna(2.0 * rows["largest"]))
    by = ["task", "variant", "label", "schedule", "cell", "length"]
    table = rows.groupby(by, as_index=False).agg(
        centre=("size", "median"), low=("size", "min"), high=("size", "max"),
        seeds=("seed", "nunique"), unsolved=("train_size", lambda sizes: int(sizes.isna().sum())),
    )  # fmt: skip
    return Finding(
        "samples",
        "Training sequences until a task is solved",
        f"{_needs(table)} {_growth(tables.cost['growth'], rows, _fewest(tables))}",
        f"Smallest train size tried whose test accuracy at T is {solved:g} or more: median, "
        "smallest and largest over seeds. A seed that no size solved is drawn at twice the largest "
        f"size tried.{_grids(tables, table)}",
        table,
        lambda columns: _sizes(table, columns),
        spread="",
    )


def _grids(tables: Tables, table: pd.DataFrame) -> str:
    """Whether the train sizes tried are the same at each T."""
    for task in table["task"].unique():
        tried = tables.scores[tables.scores["task"] == task].merge(table[["variant", "length"]])
        sizes = tried.groupby("length")["train_size"].agg(lambda each: tuple(sorted(set(each))))
        if len(set(sizes)) > 1:
            return (
                f" Not every T was tried with the same sizes (on {task}, for one): where there are "
                "more of them, a line may dip for that reason alone."
            )
    return ""


def _needs(table: pd.DataFrame) -> str:
    """The median need of each task at its shortest and longest T."""
    said = []
    for task, part in table.groupby("task"):
        first, last = part["length"].min(), part["length"].max()
        lines = []
        for line in in_order(part):
            need = line.set_index("length")["centre"]
            if {first, last} <= set(need.index):
                ends = f"{need[first]:,.0f} and {need[last]:,.0f}"
                lines.append(f"{line['label'].iloc[0]} weights need {ends}")
        if lines:
            said.append(f"On {task}, at T={first} and T={last}, {wording.listed(lines)} sequences.")
    return " ".join(said)


def _fewest(tables: Tables) -> "pd.Series[int]":
    """The smallest train size tried, by task and variant."""
    return tables.scores.groupby(["task", "variant"])["train_size"].min()


def _growth(growth: pd.DataFrame, rows: pd.DataFrame, fewest: "pd.Series[int]") -> str:
    """The exponents of the need against T that are known, and why the others are not."""
    names = rows.drop_duplicates(["task", "variant"])[["task", "variant", "label"]]
    known, loose, floor = [], [], []
    for row in growth.merge(names).to_dict("records"):
        who = f"{row['label']} on {row['task']}"
        width = row["high"] - row["low"]
        if pd.notna(row["exponent"]) and width <= WIDEST:
            known.append(f"{wording.ranged(row['exponent'], row['low'], row['high'])} for {who}")
        elif _at_floor(rows, row, least := int(fewest[row["task"], row["variant"]])):
            floor.append(f"{who} ({least:,})")
        else:
            loose.append(who)
    said = []
    if known:
        said.append(f"The exponent of the need against T is {wording.listed(known)}.")
    if loose:
        said.append(
            "The lengths and sizes tried do not pin down how the need grows with T for "
            f"{wording.listed(loose)}: the interval of the exponent is wider than {WIDEST:g}."
        )
    if floor:
        said.append(
            "The fewest sequences tried already solve the task, so growth cannot be seen, for "
            f"{wording.listed(floor)}."
        )
    return " ".join(said) or "The growth with T could not be fitted."


def _at_floor(rows: pd.DataFrame, row: dict[Any, Any], least: int) -> bool:
    """Whether most seeds are solved by the smallest train size at every T."""
    mine = rows[(rows["task"] == row["task"]) & (rows["variant"] == row["variant"])]
    return bool((mine.groupby("length")["size"].median() <= least).all())


def _sizes(table: pd.DataFrame, columns: int) -> "Figure":
    tasks = sorted(table["task"].unique())
    figure, axes = drawing.panels(tasks, columns)
    for axis, task in zip(axes, tasks, strict=True):
        part = table[table["task"] == task]
        for line in in_order(part):
            drawing.curve(axis, line, "length")
        drawing.octaves(axis, part["length"].tolist())
        drawing.decades(axis)
    figure.supxlabel("length T (steps)", fontsize=9)
    figure.supylabel("training sequences", fontsize=9)
    drawing.legend(figure, drawing.entries(table))
    return figure
