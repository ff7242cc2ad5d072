"""Training sequences until a task is solved."""

from typing import TYPE_CHECKING, Any

import pandas as pd
from typing_extensions import override

from timeshare.report import drawing, wording
from timeshare.report.figures._pair import of_pair
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.lines import in_order
from timeshare.report.palette import Canvas
from timeshare.report.results import PAIR, Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

SEVERAL = 3
"""Lengths that make a curve."""
WIDEST = 1.0
"""An interval of an exponent that is wider does not pin it down."""


class Samples(Figure):
    """The smallest train size that solves a task, against T."""

    section = "cost"
    place = 5

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = of_pair(results, "samples")
        if rows.empty or "growth" not in results.cost:
            return None
        rows = rows[rows.groupby("task")["length"].transform("nunique") >= SEVERAL]
        if rows.empty:
            return None
        rows = rows.assign(needed=rows["train_size"].astype(float).fillna(2.0 * rows["largest"]))
        solved = rows["solved"].iloc[0]
        table = _over_units(rows)
        return Finding(
            _headline(table),
            f"{_needs(table)} {_growth(results.cost['growth'], rows, _fewest(results))}",
            f"Smallest train size tried whose test score at T is {solved:g} or more: median, "
            "smallest and largest over rules or seeds. One that no size solved is drawn at twice "
            f"the largest size tried.{_grids(results, table)}",
            table,
            lambda canvas: _sizes(table, canvas),
            spread="",
            behind=results.networks_of(rows),
        )


def _over_units(rows: pd.DataFrame) -> pd.DataFrame:
    """Median, smallest and largest need over seeds, by task, variant and T."""
    by = ["task", "variant", "label", "schedule", "cell", "length"]
    return rows.groupby(by, as_index=False).agg(
        effect=("needed", "median"),
        low=("needed", "min"),
        high=("needed", "max"),
        units=("unit", "nunique"),
        unsolved=("train_size", lambda sizes: int(sizes.isna().sum())),
    )


def _headline(table: pd.DataFrame) -> str:
    """Who needs more training sequences, on how many pairs of a task and a T."""
    wide = table.pivot_table(index=["task", "length"], columns="schedule", values="effect")
    if not set(PAIR) <= set(wide.columns):
        return "Training sequences until a task is solved"
    both = wide[PAIR].dropna()
    more = int((both["unshared"] > both["shared"]).sum())
    return f"Unshared weights need more training sequences in {more} of {len(both)} cases"


def _grids(results: Results, table: pd.DataFrame) -> str:
    """Whether the train sizes tried are the same at each T."""
    for task in table["task"].unique():
        tried = results.scores[results.scores["task"] == task].merge(table[["variant", "length"]])
        sizes = tried.groupby("length")["train_size"].agg(lambda each: tuple(sorted(set(each))))
        if len(set(sizes)) > 1:
            return (
                f" Not every T was tried with the same sizes (on {task}, for one): where there are "
                "more of them, a line may dip for that reason alone."
            )
    return ""


def _needs(table: pd.DataFrame) -> str:
    """The median need of each task at its shortest and longest T."""
    sentences = []
    for task, part in table.groupby("task"):
        first, last = part["length"].min(), part["length"].max()
        lines = []
        for line in in_order(part):
            need = line.set_index("length")["effect"]
            if {first, last} <= set(need.index):
                counts = f"{need[first]:,.0f} and {need[last]:,.0f}"
                lines.append(f"{line['label'].iloc[0]} weights need {counts}")
        if lines:
            ends = f"T={first} and T={last}"
            sentences.append(f"On {task}, at {ends}, {wording.listed(lines)} sequences.")
    return " ".join(sentences)


def _fewest(results: Results) -> "pd.Series[int]":
    """The smallest train size tried, by task and variant."""
    return results.scores.groupby(["task", "variant"])["train_size"].min()


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
    sentences = []
    if known:
        sentences.append(f"The exponent of the need against T is {wording.listed(known)}.")
    if loose:
        sentences.append(
            "The lengths and sizes tried do not pin down how the need grows with T for "
            f"{wording.listed(loose)}: the interval of the exponent is wider than {WIDEST:g}."
        )
    if floor:
        sentences.append(
            "The fewest sequences tried already solve the task, so growth cannot be seen, for "
            f"{wording.listed(floor)}."
        )
    return " ".join(sentences) or "The growth with T could not be fitted."


def _at_floor(rows: pd.DataFrame, row: dict[Any, Any], least: int) -> bool:
    """Whether most seeds are solved by the smallest train size at every T."""
    mine = rows[(rows["task"] == row["task"]) & (rows["variant"] == row["variant"])]
    return bool((mine.groupby("length")["needed"].median() <= least).all())


def _sizes(table: pd.DataFrame, canvas: Canvas) -> "Drawing":
    tasks = sorted(table["task"].unique())
    figure, axes = drawing.panels(tasks, canvas)
    for axis, task in zip(axes, tasks, strict=True):
        part = table[table["task"] == task]
        found = in_order(part)
        for line in found:
            drawing.curve(axis, line, "length", canvas.palette)
        drawing.octaves(axis, part["length"].tolist())
        drawing.decades(axis)
        drawing.name_lines(axis, found, "length", canvas.palette)
    figure.supxlabel("length T (steps)", fontsize=9)
    figure.supylabel("training sequences", fontsize=9)
    return figure
