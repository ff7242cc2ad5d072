"""What training took: unequal numbers of updates, and the search of settings."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from typing_extensions import override

from timeshare.experiment.conditions import Role
from timeshare.report import drawing, wording
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.labels import wrapped
from timeshare.report.palette import INK, Canvas
from timeshare.report.results import PAIR, Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

SHIFT = 0.17
"""How far shared and unshared weights of a task lie from its middle."""
COLUMNS = ["task", "schedule", "cell", "networks", "trained_out", "least", "mean", "most", "share"]


class TrainingCost(Figure):
    """Updates of a reported network, and the share of operations that the search took."""

    section = "cost"
    place = 6

    @override
    def finding(self, results: Results) -> Finding | None:
        if "training" not in results.cost:
            return None
        spent = results.with_facts(results.cost["training"].drop(columns="trained_out"))
        spent = spent.assign(trained_out=results.cost["training"]["trained_out"])
        pair = results.evidence.comparable(spent)
        table = _by_task(pair[pair["schedule"].isin(PAIR)])
        if table.empty:
            return None
        return Finding(
            _headline(table),
            _sentence(table, spent),
            "Left: updates of a reported network until it stopped, mean with the fewest and the "
            "most, over all T, K, train sizes and rules or seeds of a task. Right: the share of "
            "operations that went into the search of settings, by formulas.",
            table,
            lambda canvas: _draw(table, canvas),
            columns=2,
            spread="",
        )


def _by_task(spent: pd.DataFrame) -> pd.DataFrame:
    """A row a task and schedule: updates of reported networks, and the search's share."""
    rows = []
    for (task, schedule), part in spent.groupby(["task", "schedule"]):
        reported = part[part["role"] == Role.REPORTED]
        if reported.empty:
            continue
        networks = int(reported["networks"].sum())
        searched = part.loc[part["role"] == Role.SEARCH, "flops"].sum()
        values = [
            task,
            schedule,
            part["cell"].iloc[0],
            networks,
            int(reported["trained_out"].sum()),
            int(reported["updates_least"].min()),
            reported["updates"].sum() / networks,
            int(reported["updates_most"].max()),
            searched / part["flops"].sum(),
        ]
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return pd.DataFrame(rows, columns=COLUMNS)


def _ratio(table: pd.DataFrame) -> tuple[float, int]:
    """Unshared over shared updates, geometric mean over tasks with both, and how many these are."""
    wide = table.pivot_table(index="task", columns="schedule", values="mean").dropna()
    if not set(PAIR) <= set(wide.columns) or wide.empty:
        return float("nan"), 0
    return float(np.exp(np.log(wide["unshared"] / wide["shared"]).mean())), len(wide)


def _headline(table: pd.DataFrame) -> str:
    """How many updates unshared networks made against shared ones."""
    ratio, tasks = _ratio(table)
    if not tasks:
        return "How many updates networks made until they stopped"
    return (
        f"Until they stopped, unshared networks made {ratio:.2f} times the updates of shared ones"
    )


def _sentence(table: pd.DataFrame, spent: pd.DataFrame) -> str:
    """The range of updates, and the search's share of all operations and seconds."""
    searched = spent[spent["role"] == Role.SEARCH]
    shares = [
        f"{searched[column].sum() / spent[column].sum():.0%} of the {words}"
        for column, words in (("flops", "operations"), ("seconds", "seconds"))
    ]
    _, tasks = _ratio(table)
    over = f"; the mean ratio is over {wording.counted(tasks, 'task')}" if tasks else ""
    return (
        f"Reported networks of these tasks made {table['least'].min():,} to "
        f"{table['most'].max():,} updates each{over}. The search of settings took "
        f"{wording.listed(shares)} of all training."
    )


def _draw(table: pd.DataFrame, canvas: Canvas) -> "Drawing":
    narrow = canvas.columns == 1
    tasks = list(dict.fromkeys(table["task"]))
    titles = ["updates of a network", "share of operations in the search"]
    height = (0.62 if narrow else 0.36) * len(tasks) + 0.6
    figure, axes = drawing.panels(titles, canvas, height, not narrow, 2.0 if narrow else 0.5)
    for row in table.to_dict("records"):
        shift = SHIFT if row["schedule"] == "unshared" else -SHIFT
        place = tasks.index(row["task"]) + shift
        shade = canvas.palette.colour(row["schedule"])
        marker = canvas.palette.marker(row["cell"])
        ends = [row["least"], row["most"]]
        axes[0].plot(ends, [place] * 2, lw=3, alpha=0.4, solid_capstyle="butt", color=shade)
        for axis, value in zip(axes, (row["mean"], 100 * row["share"]), strict=True):
            axis.plot(value, place, marker=marker, color=shade, ms=5.5, ls="")
    axes[0].set_xscale("log")
    drawing.ratios(axes[0], table[["least", "most"]].to_numpy(float).ravel().tolist(), one=False)
    axes[1].set_xlim(left=0)
    axes[1].set_xlabel("% of all operations")
    axes[0].set_xlabel("updates")
    for place, axis in enumerate(axes):
        _names(axis, tasks, narrow or place == 0, narrow)
    _key(axes[1], table, canvas)
    return figure


def _key(axis: "Axes", table: pd.DataFrame, canvas: Canvas) -> None:
    """Whose points are which, beside those of the first task."""
    first = table[table["task"] == table["task"].iloc[0]]
    for row in first.to_dict("records"):
        axis.annotate(
            str(row["schedule"]),
            (100 * row["share"], SHIFT if row["schedule"] == "unshared" else -SHIFT),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=canvas.palette.colour(str(row["schedule"])),
            fontsize=drawing.SMALLEST,
        )


def _names(axis: "Axes", tasks: list[str], shown: bool, narrow: bool) -> None:
    """The tasks along the vertical axis, the first at the top."""
    names = [wrapped(task, 1.7 if narrow else 2.1) for task in tasks]
    axis.set_yticks(
        range(len(tasks)), names, color=INK, fontsize=drawing.SMALLEST if narrow else 7.5
    )
    axis.tick_params(axis="y", labelleft=shown)
    axis.set_ylim(len(tasks) - 0.4, -0.6)
    axis.grid(axis="y", visible=False)
