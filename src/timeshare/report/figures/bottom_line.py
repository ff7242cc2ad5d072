"""The bottom line: unshared minus shared weights, task by task, in groups."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from typing_extensions import override

from timeshare.analysis.comparison import Side, side
from timeshare.analysis.estimates import best, estimate_of, worst
from timeshare.experiment.conditions import FRESH, size_name
from timeshare.report import drawing, wording
from timeshare.report.differences import (
    FEWEST,
    MOST,
    differences,
    largest_gain,
    pair_scores,
    tally,
)
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.labels import wrapped
from timeshare.report.palette import INK, PALE, PAPER, Canvas
from timeshare.report.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

ROW, HEADING = 1.0, 0.9
"""Heights of a task and of the heading of a group."""
SHIFT = 0.19
"""How far the two series of a task lie from its middle."""


class BottomLine(Figure):
    """Unshared minus shared test score of each task, with the most and the fewest sequences."""

    section = "bottom-line"
    place = 2
    needs = (
        "No task was trained with both shared and unshared weights of one cell and width: name "
        "both variants in one sweep."
    )

    @override
    def finding(self, results: Results) -> Finding | None:
        table = differences(results)
        if table.empty:
            return None
        margin = results.margin
        most, fewest = (table[table["series"] == name] for name in (MOST, FEWEST))
        sentence = f"Given the most training sequences, {tally(most, margin)}."
        if len(fewest):
            sentence += f" Given the fewest of several, {tally(fewest, margin)}."
        return Finding(
            _headline(most, margin),
            " ".join(filter(None, (sentence, extremes(table), _gain(results)))),
            "Unshared minus shared test score at T (0 chance, 1 perfect), paired by rule or seed, "
            "at equal width, with the most training sequences (filled) and the fewest (hollow); "
            "their number stands beside each. Within the grey band a difference is too small to "
            f"matter ({margin:g}). Grey: about the same, or, with a dotted bar, it cannot be told.",
            table,
            lambda canvas: _draw(table, margin, canvas),
            columns=2,
            spread="Points are means; the bars' intervals hold together with those of all other "
            "comparisons.",
            behind=pair_scores(results),
        )


def _headline(most: pd.DataFrame, margin: float) -> str:
    """On how many tasks either is better, given the most training sequences."""
    return f"Given the most training sequences, {tally(most, margin)}"


def extremes(table: pd.DataFrame) -> str:
    """Where unshared weights do best and worst, given the most sequences."""
    most = table[table["series"] == MOST]
    high, low = best(most), worst(most)
    if len(most) == 1:
        return f"The one task is {_named(high)}: {wording.spoken(estimate_of(high))}."
    return (
        f"With the most, unshared minus shared is largest on {_named(high)}, "
        f"{wording.spoken(estimate_of(high))}, and smallest on {_named(low)}, "
        f"{wording.spoken(estimate_of(low))}."
    )


def _gain(results: Results) -> str:
    """The largest gain of the card above, with what it is of."""
    row = largest_gain(results)
    if row is None:
        return ""
    return (
        "The largest clear gain of unsharing, over all numbers of training sequences, is "
        f"{wording.spoken(estimate_of(row))} on {_named(row)} with "
        f"{size_name(int(row['train_size']))} sequences."
    )


def _named(row: Mapping[Hashable, Any]) -> str:
    return f"{wording.quoted(row['task'])} (T={row['length']})"


def _draw(table: pd.DataFrame, margin: float, canvas: Canvas) -> "Drawing":
    from matplotlib.figure import Figure as Drawing

    narrow = canvas.columns == 1
    heights, total = _places(table)
    width = drawing.NARROW if narrow else drawing.WIDE
    each = 0.66 if narrow else 0.38
    figure = Drawing(figsize=(width, each * total + 0.85), layout="constrained")
    axis = figure.subplots()
    low, high = table[["effect", "low", "high"]].min().min(), table[["effect", "high"]].max().max()
    reach = max(high - low, 0.25)
    axis.set_xlim(min(low, -margin) - 0.16 * reach, max(high, margin) + 0.16 * reach)
    axis.axvspan(-margin, margin, color=PALE, alpha=0.13, lw=0, zorder=0)
    axis.axvline(0, color=PALE, lw=1, zorder=0)
    for row in table.to_dict("records"):
        both = (table["task"] == row["task"]).sum() > 1
        shift = SHIFT * (1 if row["series"] == FEWEST else -1) if both else 0.0
        down = 0.06 if narrow else 0.0
        _point(axis, row, heights[row["task"]] + shift + down, margin, canvas)
    _names(axis, table, heights, narrow)
    axis.set_ylim(total - 0.3, -0.6)
    axis.grid(axis="y", visible=False)
    for words, schedule, align in (
        ("shared better", "shared", "right"),
        ("unshared better", "unshared", "left"),
    ):
        axis.annotate(
            words,
            (0, 1),
            xycoords=("data", "axes fraction"),
            xytext=(-14 if align == "right" else 14, 3),
            textcoords="offset points",
            ha=align,
            va="bottom",
            fontweight="bold",
            color=canvas.palette.colour(schedule),
            annotation_clip=False,
        )
    axis.set_xlabel("test score, unshared minus shared")
    return figure


def _places(table: pd.DataFrame) -> tuple[dict[str, float], float]:
    """The height of each task and of the heading of each group, from the top, and all together."""
    found: dict[str, float] = {}
    down = 0.0
    for group, part in table.groupby("group", sort=False):
        found[f"group {group}"] = down
        down += HEADING
        for task in dict.fromkeys(part["task"]):
            found[str(task)] = down
            down += ROW
    return found, down


def _point(
    axis: "Axes", row: dict[Hashable, Any], height: float, margin: float, canvas: Canvas
) -> None:
    found = side(estimate_of(row), margin)
    won = {Side.SHARED: "shared", Side.UNSHARED: "unshared"}.get(found)
    shade = canvas.palette.colour(won) if won else PALE
    axis.plot(
        [row["low"], row["high"]],
        [height] * 2,
        color=shade,
        lw=2 if found is Side.OPEN else 3,
        ls=(0, (1, 1)) if found is Side.OPEN else "-",
        alpha=0.6 if found is Side.OPEN else 0.4,
        solid_capstyle="butt",
    )
    hollow = row["series"] == FEWEST
    axis.plot(
        row["effect"],
        height,
        marker="o",
        color=shade,
        ls="",
        ms=5.5,
        mew=1.4,
        mfc=PAPER if hollow else shade,
    )
    ends = [end for end in (row["effect"], row["low"], row["high"]) if end == end]
    right = row["effect"] >= 0
    axis.annotate(
        _size(int(row["train_size"])),
        (max(ends) if right else min(ends), height),
        xytext=(5 if right else -5, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        fontsize=drawing.SMALLEST if canvas.columns == 1 else 8,
        color=PALE,
    )


def _size(size: int) -> str:
    """A number of training sequences, or what stands in its place."""
    return "new ones at each update" if size == FRESH else size_name(size)


def _names(axis: "Axes", table: pd.DataFrame, heights: Mapping[str, float], narrow: bool) -> None:
    """Tasks and groups to the left of the panel, or on a phone above their points."""
    axis.set_yticks([])
    for name, height in heights.items():
        group = name.removeprefix("group ") if name.startswith("group ") else ""
        text = group or wrapped(name, 3.6 if narrow else 3.3)
        axis.annotate(
            text,
            (0.0, height - (0.0 if group or not narrow else 0.4)),
            xycoords=("axes fraction", "data"),
            xytext=(2 if narrow else -6, 0),
            textcoords="offset points",
            ha="left" if narrow else "right",
            va="center",
            color=INK,
            fontsize=drawing.SMALLEST if narrow and not group else 8.8,
            fontweight="bold" if group else "normal",
            linespacing=1.0,
            # Names that stand in the panel are not crossed by its lines.
            bbox={"facecolor": PAPER, "alpha": 0.85, "lw": 0, "pad": 0.5} if narrow else None,
            annotation_clip=False,
        )
