"""What learning costs: updates until a level of the validation score is reached."""

from typing import TYPE_CHECKING

import pandas as pd
from typing_extensions import override

from timeshare.report import drawing, wording
from timeshare.report.figures._pair import of_pair
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.lines import in_order
from timeshare.report.palette import Canvas, Palette
from timeshare.report.results import PAIR, Results, common_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

MOST = 9
"""Panels drawn."""


class Quality(Figure):
    """The share of members that reached a validation score, against updates."""

    section = "cost"
    place = 4

    @override
    def finding(self, results: Results) -> Finding | None:
        if not {"survival", "medians", "quality"} <= set(results.cost):
            return None
        table = _longest(of_pair(results, "survival"))
        if table.empty:
            return None
        level = results.cost["quality"]["level"].iloc[0]
        keys = ["task", "variant", "length", "truncation", "train_size"]
        middle = of_pair(results, "medians").merge(table[keys].drop_duplicates())
        tasks = by_difference(table)
        left = ""
        if len(tasks) > MOST:
            left = f" {len(tasks) - MOST} more tasks, where the two differ least, are in the CSV."
        drawn = table[table["task"].isin(tasks[:MOST])]
        return Finding(
            "Updates until the validation score is reached",
            _ratios(middle, level),
            f"Share of seeds whose validation score has reached {level:g}, by updates "
            "(Kaplan-Meier), from the task where the two differ most. A cross ends a line below 1: "
            "training was over and the other seeds had not reached it; they count as not there "
            f"yet, and are not left out. Bands are 95 % intervals.{left}",
            table,
            lambda canvas: _steps(drawn, tasks[:MOST], canvas),
            spread="",
        )


def _longest(rows: pd.DataFrame) -> pd.DataFrame:
    """Of each task with both schedules, the shares by updates at the longest T and one size."""
    if rows.empty:
        return rows
    rows = common_size(rows[rows["quantity"] == "updates"])
    both = rows.groupby(["task", "length"])["schedule"].transform("nunique") == 2
    longest = rows.groupby("task")["length"].transform("max")
    return rows[both & (rows["length"] == longest)]


def by_difference(table: pd.DataFrame) -> list[str]:
    """The tasks, the one with the largest area between its two lines first."""
    apart = {}
    for task, part in table.groupby("task"):
        end = float(part["value"].max())
        areas = [_area(line, end) for _, line in part.groupby("variant")]
        apart[str(task)] = (max(areas) - min(areas)) / end
    return sorted(apart, key=lambda task: (-apart[task], task))


def _area(line: pd.DataFrame, end: float) -> float:
    """The area under a line of steps, drawn on to the end."""
    ordered = line.sort_values("value")
    widths = ordered["value"].shift(-1, fill_value=end) - ordered["value"]
    return float((widths * ordered["share"]).sum())


def _ratios(middle: pd.DataFrame, level: float) -> str:
    """Unshared over shared, the range over tasks that both reach, and who does not reach it."""
    ratios, tasks = [], 0
    for quantity, noun in (("updates", "updates"), ("seconds", "seconds"), ("flops", "operations")):
        part = middle[middle["quantity"] == quantity]
        wide = part.pivot_table(index="task", columns="schedule", values="median").dropna()
        if set(PAIR) <= set(wide.columns) and len(wide):
            ratio = (wide["unshared"] / wide["shared"]).sort_values(kind="stable")
            tasks = len(ratio)
            ends = f"{ratio.iloc[0]:.2g} ({ratio.index[0]}) to {ratio.iloc[-1]:.2g} "
            ratios.append(
                f"{ends}({ratio.index[-1]}) times the {noun}, median {ratio.median():.2f}"
            )
    if not ratios:
        return f"No task was brought to a validation score of {level:g} by both."
    sentence = (
        f"To a validation score of {level:g}, unshared weights need {'; '.join(ratios)} "
        f"(over {wording.counted(tasks, 'task')} that both reach)."
    )
    never = middle[(middle["quantity"] == "updates") & middle["median"].isna()]
    lost = [
        f"{wording.listed(sorted(part['label']))} on {task}" for task, part in never.groupby("task")
    ]
    if lost:
        sentence += f" Fewer than half of the seeds reach it with {wording.listed(lost)}."
    return sentence


def _steps(table: pd.DataFrame, tasks: list[str], canvas: Canvas) -> "Drawing":
    lengths = table.groupby("task")["length"].first()
    titles = [f"{task}, T={lengths[task]}" for task in tasks]
    figure, axes = drawing.panels(titles, canvas)
    for axis, task in zip(axes, tasks, strict=True):
        part = table[table["task"] == task]
        end = float(part["value"].max())
        for line in in_order(part):
            _step(axis, line.sort_values("value"), end, canvas.palette)
        axis.set_ylim(-0.08, 1.1)
        axis.set_xlim(0, 1.04 * end)
        axis.locator_params(axis="x", nbins=5)
    figure.supxlabel("updates", fontsize=9)
    figure.supylabel("share of seeds that reached it", fontsize=9)
    drawing.legend(figure, drawing.entries(table), canvas.palette, lines=False)
    return figure


def _step(axis: "Axes", line: pd.DataFrame, end: float, palette: Palette) -> None:
    """A line of steps with its band, up to the end; a cross marks a share below 1."""
    schedule = str(line["schedule"].iloc[0])
    shade, broad = palette.colour(schedule), schedule == "shared"
    axis.fill_between(
        line["value"], line["low"], line["high"], step="post", color=shade, alpha=0.15, lw=0
    )
    last = line.iloc[-1]
    axis.step(
        [*line["value"], end],
        [*line["share"], last["share"]],
        where="post",
        color=shade,
        lw=3.4 if broad else 1.6,
        solid_capstyle="butt",
    )
    if last["share"] < 1:
        axis.plot(
            last["value"],
            last["share"],
            marker="x",
            ms=9 if broad else 6,
            color=shade,
            mew=2.4 if broad else 1.6,
            clip_on=False,
            zorder=5,
        )
