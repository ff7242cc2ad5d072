"""What learning costs: updates until a level of the validation score is reached."""

from typing import TYPE_CHECKING

import pandas as pd

from timeshare.report import drawing, wording
from timeshare.report.figures.lines import in_order
from timeshare.report.findings import Finding
from timeshare.report.tables import CONDITION, FACTORS, Tables, common_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAIR = ["shared", "unshared"]
MOST = 9
"""Panels drawn."""


def of_pair(tables: Tables, name: str) -> pd.DataFrame:
    """A table of the cost study with factors, of the compared pair at K = T."""
    if name not in tables.cost:
        return pd.DataFrame()
    factors = tables.conditions.set_index(CONDITION)[FACTORS]
    rows = tables.plain(tables.cost[name].join(factors, on=CONDITION, how="inner"))
    return rows[
        rows["schedule"].isin(PAIR)
        & (rows["truncation"] == rows["length"])
        & rows["learnable"].astype(bool)
    ]


def time_to_quality(tables: Tables) -> Finding | None:
    """The share of members that reached a validation score, against updates."""
    rows = of_pair(tables, "survival")
    if rows.empty or "medians" not in tables.cost or "quality" not in tables.cost:
        return None
    rows = common_size(rows[rows["quantity"] == "updates"])
    both = rows.groupby(["task", "length"])["schedule"].transform("nunique") == 2
    longest = rows.groupby("task")["length"].transform("max")
    table = rows[both & (rows["length"] == longest)]
    if table.empty:
        return None
    level = tables.cost["quality"]["level"].iloc[0]
    keys = ["task", "variant", "length", "truncation", "train_size"]
    middle = of_pair(tables, "medians").merge(table[keys].drop_duplicates())
    tasks = by_difference(table)
    left = ""
    if len(tasks) > MOST:
        left = f" {len(tasks) - MOST} more tasks, where the two differ least, are in the CSV."
    drawn = table[table["task"].isin(tasks[:MOST])]
    return Finding(
        "quality",
        "Updates until the validation score is reached",
        _ratios(middle, level),
        f"Share of seeds whose validation score has reached {level:g}, by updates (Kaplan-Meier), "
        "from the task where the two differ most. A cross ends a line below 1: training was over "
        "and the other seeds had not reached it; they count as not there yet, and are not left "
        f"out. Bands are 95 % intervals.{left}",
        table,
        lambda columns: _steps(drawn, tasks[:MOST], columns),
        spread="",
    )


def by_difference(table: pd.DataFrame) -> list[str]:
    """The tasks, first the one whose two lines lie farthest apart: the area between them."""
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
    said, tasks = [], 0
    for quantity, noun in (("updates", "updates"), ("seconds", "seconds"), ("flops", "operations")):
        part = middle[middle["quantity"] == quantity]
        wide = part.pivot_table(index="task", columns="schedule", values="median").dropna()
        if set(PAIR) <= set(wide.columns) and len(wide):
            ratio = (wide["unshared"] / wide["shared"]).sort_values(kind="stable")
            tasks = len(ratio)
            ends = f"{ratio.iloc[0]:.2g} ({ratio.index[0]}) to {ratio.iloc[-1]:.2g} "
            said.append(f"{ends}({ratio.index[-1]}) times the {noun}, median {ratio.median():.2f}")
    if not said:
        return f"No task was brought to a validation score of {level:g} by both."
    sentence = (
        f"To a validation score of {level:g}, unshared weights need {'; '.join(said)} "
        f"(over {wording.counted(tasks, 'task')} that both reach)."
    )
    never = middle[(middle["quantity"] == "updates") & middle["median"].isna()]
    lost = [f"{wording.listed(sorted(part['label']))} on {task}"
            for task, part in never.groupby("task")]  # fmt: skip
    if lost:
        sentence += f" Fewer than half of the seeds reach it with {wording.listed(lost)}."
    return sentence


def _steps(table: pd.DataFrame, tasks: list[str], columns: int) -> "Figure":
    lengths = table.groupby("task")["length"].first()
    titles = [f"{task}, T={lengths[task]}" for task in tasks]
    figure, axes = drawing.panels(titles, columns)
    for axis, task in zip(axes, tasks, strict=True):
        part = table[table["task"] == task]
        end = float(part["value"].max())
        for line in in_order(part):
            _step(axis, line.sort_values("value"), end)
        axis.set_ylim(-0.08, 1.1)
        axis.set_xlim(0, 1.04 * end)
        axis.locator_params(axis="x", nbins=5)
    figure.supxlabel("updates", fontsize=9)
    figure.supylabel("share of seeds that reached it", fontsize=9)
    drawing.legend(figure, drawing.entries(table), lines=False)
    return figure


def _step(axis: "Axes", line: pd.DataFrame, end: float) -> None:
    """A line of steps with its band: on to the end once all are there, else with a cross."""
    schedule = str(line["schedule"].iloc[0])
    shade, broad = drawing.colour(schedule), schedule == "shared"
    axis.fill_between(line["value"], line["low"], line["high"], step="post", color=shade,
                      alpha=0.15, lw=0)  # fmt: skip
    last = line.iloc[-1]
    axis.step([*line["value"], end], [*line["share"], last["share"]], where="post", color=shade,
              lw=3.4 if broad else 1.6, solid_capstyle="butt")  # fmt: skip
    if last["share"] < 1:
        axis.plot(last["value"], last["share"], marker="x", ms=9 if broad else 6, color=shade,
                  mew=2.4 if broad else 1.6, clip_on=False, zorder=5)  # fmt: skip
