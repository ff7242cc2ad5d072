"""What learning costs: unshared over shared updates until a level of the validation score."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from typing_extensions import override

from timeshare.report import drawing, wording
from timeshare.report.figures._pair import of_pair
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.labels import wrapped
from timeshare.report.palette import INK, PALE, PAPER, Canvas
from timeshare.report.results import PAIR, Results, common_size

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

QUANTITIES = {"updates": "updates", "flops": "operations"}
KEYS = ["task", "length"]


class Quality(Figure):
    """How many times the updates of shared weights unshared ones need, task by task."""

    section = "cost"
    place = 4

    @override
    def finding(self, results: Results) -> Finding | None:
        if not {"medians", "quality"} <= set(results.cost):
            return None
        level = float(results.cost["quality"]["level"].iloc[0])
        middle = _longest(of_pair(results, "medians"))
        if middle.empty:
            return None
        table, lost = _ratios(middle), _lost(middle)
        if table.empty and not lost:
            return None
        return Finding(
            _headline(table),
            _sentence(table, lost, level),
            "Median updates (filled) and operations (hollow) of unshared networks until the "
            f"validation score first reaches {level:g}, over those of shared ones, at the longest "
            "T and one train size of each task; tasks that one of them does not reach have no "
            "ratio. Blue: shared weights need fewer; orange: unshared ones. Scores are known at "
            "evaluation points alone, so that ratios are coarse.",
            table,
            lambda canvas: _draw(table, canvas),
            columns=2,
            spread="",
            behind=results.networks_of(middle),
        )


def _longest(rows: pd.DataFrame) -> pd.DataFrame:
    """Of each task with both schedules, the medians at the longest T and one size."""
    if rows.empty:
        return rows
    rows = common_size(rows[rows["quantity"].isin(list(QUANTITIES))])
    both = rows.groupby(KEYS)["schedule"].transform("nunique") == len(PAIR)
    longest = rows.groupby("task")["length"].transform("max")
    return rows[both & (rows["length"] == longest)]


def _ratios(middle: pd.DataFrame) -> pd.DataFrame:
    """Unshared over shared medians, a row a task and quantity, the smallest ratio first."""
    wide = middle.pivot_table(index=[*KEYS, "quantity"], columns="schedule", values="median")
    if not set(PAIR) <= set(wide.columns):
        return pd.DataFrame(columns=[*KEYS, "quantity", "ratio"])
    ratio = (wide["unshared"] / wide["shared"]).dropna().rename("ratio").reset_index()
    return ratio.sort_values(["ratio", "task"], ignore_index=True)


def _lost(middle: pd.DataFrame) -> list[str]:
    """Who does not reach the level on which task."""
    never = middle[(middle["quantity"] == "updates") & middle["median"].isna()]
    return [
        f"{wording.listed(sorted(part['schedule']))} on {wording.quoted(task)}"
        for task, part in never.groupby("task")
    ]


def _of(table: pd.DataFrame, quantity: str) -> "pd.Series[float]":
    return table.loc[table["quantity"] == quantity, "ratio"].astype(float)


def _headline(table: pd.DataFrame) -> str:
    """How often unshared weights need more updates."""
    ratio = _of(table, "updates")
    if ratio.empty:
        return "No task was learned by both shared and unshared weights"
    counts = {
        "more": int((ratio > 1).sum()),
        "fewer": int((ratio < 1).sum()),
        "as many": int((ratio == 1).sum()),
    }
    said = [f"{words} on {count}" for words, count in counts.items() if count]
    tasks = wording.counted(len(ratio), "task")
    whole = f"Updates that unshared weights need, against shared ones, on {tasks}"
    return f"{whole}: {wording.listed(said)}"


def _sentence(table: pd.DataFrame, lost: list[str], level: float) -> str:
    """The range of the ratios, and who does not reach the level."""
    parts = []
    for quantity, noun in QUANTITIES.items():
        ratio = _of(table, quantity)
        if len(ratio):
            ends = f"{ratio.min():.2g} to {ratio.max():.2g} times the {noun}"
            parts.append(f"{ends} (median {ratio.median():.2g})")
    sentence = (
        f"To a validation score of {level:g}, unshared weights need {wording.listed(parts)}."
        if parts
        else f"No task was brought to a validation score of {level:g} by both."
    )
    if lost:
        sentence += f" Fewer than half of the networks reach it: {wording.listed(lost)}."
    return sentence


def _draw(table: pd.DataFrame, canvas: Canvas) -> "Drawing":
    tasks = list(dict.fromkeys(table["task"]))
    narrow = canvas.columns == 1
    figure, (axis,) = drawing.panels([""], canvas, 0.36 * max(len(tasks), 1) + 0.6)
    for row in table.to_dict("records"):
        hollow = row["quantity"] != "updates"
        faster = "unshared" if row["ratio"] < 1 else "shared"
        shade = PALE if row["ratio"] == 1 else canvas.palette.colour(faster)
        height = tasks.index(row["task"]) + (0.14 if hollow else -0.14)
        axis.plot(
            row["ratio"],
            height,
            marker="o",
            ls="",
            color=shade,
            ms=5.5,
            mew=1.4,
            mfc=PAPER if hollow else shade,
        )
    axis.axvline(1, color=PALE, lw=1, zorder=0)
    axis.set_xscale("log")
    drawing.ratios(axis, [float(each) for each in table["ratio"] if np.isfinite(each)])
    names = [wrapped(task, 1.7 if narrow else 3.0) for task in tasks]
    axis.set_yticks(range(len(tasks)), names, color=INK)
    axis.set_ylim(max(len(tasks), 1) - 0.5, -0.5)
    axis.grid(axis="y", visible=False)
    axis.set_xlabel("ratio, unshared over shared")
    return figure
