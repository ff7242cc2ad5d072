"""Beyond every window: the test score by the distance between what is stored and asked for."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from typing_extensions import override

from timeshare.analysis.comparison import Side, side
from timeshare.analysis.estimates import estimates, pooled
from timeshare.analysis.pairs import paired
from timeshare.report import drawing, wording
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.lines import LINE, SCORE, in_order, keys_of, of_key
from timeshare.report.palette import PALE, Canvas
from timeshare.report.results import PAIR, Results, common_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

DISTANCE = ["truncation", "distance", "beyond_window"]


class Distances(Figure):
    """The test score by distance, for each truncation K, with the distances beyond every window."""

    section = "truncation"
    place = 0
    needs = (
        "No task whose targets are grouped by distance was trained with a truncation K below T: "
        "sweep the task `store` with `truncations`."
    )

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = _by_distance(results)
        if rows.empty or not rows["beyond_window"].any():
            return None
        table = estimates(rows, [*LINE, *DISTANCE])
        beyond = rows[rows["beyond_window"]]
        return Finding(
            _headline(rows, results.margin),
            " ".join(_sentence(name, part) for name, part in beyond.groupby("task")),
            "Test score at T by the fewest steps from store to query, a panel a truncation K. In "
            "the shaded range no window holds both: what is right there was carried by the state, "
            "without a gradient from the query to the store.",
            table,
            lambda canvas: _draw(table, canvas),
            behind=rows,
        )


def _by_distance(results: Results) -> pd.DataFrame:
    """Test scores at T by distance, of shared and unshared networks with several truncations."""
    scores = results.evidence.comparable(results.evidence.tested)
    rows = scores[
        scores["distance"].notna()
        & (scores["evaluated_length"] == scores["length"])
        & scores["schedule"].isin(PAIR)
    ]
    rows = rows.assign(distance=rows["distance"].astype(int))
    several = rows.groupby(["task", "length", "variant"])["truncation"].transform("nunique") > 1
    return common_size(rows[several], ("variant", "truncation"))


def _losses(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Score beyond every window minus that of the same network with K = T, by schedule."""
    whole = rows[rows["truncation"] == rows["length"]]
    on = ["task", "length", "distance", "unit"]
    found = {}
    for schedule, part in rows[rows["beyond_window"]].groupby("schedule"):
        of_window = [
            paired(each, whole[whole["schedule"] == schedule], on).assign(truncation=window)
            for window, each in part.groupby("truncation")
        ]
        found[str(schedule)] = pd.concat(of_window, ignore_index=True)
    return {name: each for name, each in found.items() if len(each)}


def _headline(rows: pd.DataFrame, margin: float) -> str:
    """Whether either keeps its score at distances that no window holds."""
    words = {
        Side.SHARED: "lose",
        Side.UNSHARED: "gain",
        Side.SAME: "lose nothing",
        Side.OPEN: "may or may not lose",
    }
    clauses = [
        f"{schedule} weights {words[side(pooled(each), margin)]}"
        for schedule, each in _losses(rows).items()
    ]
    if not clauses:
        return "What was stored before the window began"
    return f"At distances beyond every window, {wording.listed(clauses)}"


def _sentence(task: object, beyond: pd.DataFrame) -> str:
    """The mean score of each schedule at these distances, by K."""
    said = []
    for schedule, part in beyond.groupby("schedule"):
        each = [
            f"{wording.decimal(value)} (K={window})"
            for window, value in part.groupby("truncation")["score"].mean().items()
        ]
        said.append(f"{schedule} {wording.listed(each)}")
    return f"On {wording.quoted(task)} the mean score there is {'; '.join(said)}."


def _draw(table: pd.DataFrame, canvas: Canvas) -> "Drawing":
    table = drawing.ranked(table)
    panels = [
        (key, int(window))
        for key in keys_of(table)
        for window in sorted(of_key(table, key)["truncation"].unique())
    ]
    titles = [
        f"{task}, {f'K={window}' if window < length else f'K=T={length}'}"
        for (task, length), window in panels
    ]
    figure, axes = drawing.panels(titles, canvas)
    for axis, (key, window) in zip(axes, panels, strict=True):
        part = of_key(table, key)
        part = part[part["truncation"] == window]
        drawing.mark_chance(axis)
        for line in in_order(part):
            drawing.curve(axis, line, "distance", canvas.palette)
        drawing.octaves(axis, of_key(table, key)["distance"].tolist())
        axis.set_ylim(-0.18, 1.1)
        _shade(axis, part, canvas)
        drawing.name_lines(axis, in_order(part), "distance", canvas.palette)
    figure.supxlabel("distance from store to query (steps, at least)", fontsize=9)
    figure.supylabel(SCORE, fontsize=9)
    return figure


def _shade(axis: "Axes", part: pd.DataFrame, canvas: Canvas) -> None:
    """The distances that no window holds."""
    beyond = sorted(part.loc[part["beyond_window"], "distance"])
    within = sorted(part.loc[~part["beyond_window"], "distance"])
    if not beyond:
        return
    first = beyond[0]
    begin = float(np.sqrt(first * within[-1])) if within else first / 1.2
    low, high = axis.get_xlim()
    axis.axvspan(begin, high, color=PALE, alpha=0.13, lw=0, zorder=0)
    axis.set_xlim(low, high)
    axis.annotate(
        "beyond every window",
        (high, 0.0),
        xycoords=("data", "axes fraction"),
        xytext=(-3, 3),
        textcoords="offset points",
        ha="right",
        va="bottom",
        color=PALE,
        fontsize=drawing.SMALLEST if canvas.columns == 1 else 7.5,
    )
