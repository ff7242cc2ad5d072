"""Panels of points with intervals: a row a name, up to two series the second of which is hollow."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from timeshare.report import drawing
from timeshare.report.labels import CHARACTERS, wrapped
from timeshare.report.palette import PALE, PAPER, Canvas, Palette, order

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OFFSET = 0.17
POINTS = 72
"""Of an inch."""
LABEL = 1.75
"""Inches of a row's name, at most; a longer one takes several lines."""
LINE_HEIGHT = 0.15
"""Inches of a line of a row's name."""
NARROWEST = 0.25
"""Least width of the horizontal axis."""


def dots(
    table: pd.DataFrame,
    canvas: Canvas,
    name: str,
    zero: bool = True,
) -> "Figure":
    """A panel for each `panel`, a row for each `name`, from top to bottom as they come.

    Arguments:
        table: estimates with the columns panel, name, series, schedule and cell.
        canvas: of the figure.
        name: of the horizontal axis.
        zero: whether zero is marked.
    """
    titles = list(dict.fromkeys(table["panel"]))
    rows = {title: _names(table[table["panel"] == title]) for title in titles}
    alike = len(set(map(tuple, rows.values()))) == 1
    series = list(dict.fromkeys(table["series"]))
    most = max(map(len, rows.values()))
    shown = {each: wrapped(each, LABEL, capital=False) for names in rows.values() for each in names}
    lines = [line for each in shown.values() for line in each.split("\n")]
    room = 0.35 + max(map(len, lines)) / CHARACTERS
    tall = max(0.3, LINE_HEIGHT * max(each.count("\n") + 1 for each in shown.values()))
    figure, axes = drawing.panels(titles, canvas, tall * most + 0.55, share=alike, room=room)
    if not alike or canvas.columns == 1:
        _widen(axes, titles, room)
    limits = _limits(table, zero)
    for place, (axis, title) in enumerate(zip(axes, titles, strict=True)):
        part, names = table[table["panel"] == title], rows[title]
        for number, each in enumerate(series):
            shift = OFFSET * (2 * number - 1) if len(series) == 2 else 0.0
            drawn = part[part["series"] == each]
            _points(axis, drawn, names, shift, canvas.palette, hollow=number == 1)
        if zero:
            axis.axvline(0, color=PALE, lw=1, zorder=0)
        axis.set_xlim(*limits)
        if place == 0 or not alike:
            axis.set_ylim(most - 0.5, -0.5)
            axis.set_yticks(range(len(names)), [shown[each] for each in names])
        axis.grid(axis="y", visible=False)
    figure.supxlabel(name, fontsize=9)
    return figure


def _widen(axes: "Sequence[Axes]", titles: Sequence[str], room: float) -> None:
    """Titles that begin above the names of the rows, so that they have the whole width.

    Arguments:
        axes: the panels.
        titles: of the panels.
        room: inches that the names of the rows have.
    """
    for axis, title in zip(axes, titles, strict=True):
        figure, grid = axis.get_figure(root=True), axis.get_gridspec()
        assert figure is not None and grid is not None
        whole = float(figure.get_size_inches()[0]) / grid.ncols
        axis.set_title("")
        axis.annotate(
            wrapped(title, drawing.BOLD * (whole - 0.3)),
            (0, 1),
            xycoords="axes fraction",
            xytext=(-POINTS * min(room - 0.3, 0.5 * whole), 4),
            textcoords="offset points",
            ha="left",
            va="bottom",
            fontsize=9.5,
            fontweight="bold",
            annotation_clip=False,
        )


def _names(table: pd.DataFrame) -> list[str]:
    """Rows from top to bottom: by schedule and parameters where known, or as they come."""
    if "parameters" not in table:
        return list(dict.fromkeys(table["name"]))
    keys = table.assign(place=table["schedule"].map(order))
    first = keys.groupby("name")[["place", "parameters"]].min().sort_values(["place", "parameters"])
    return [str(name) for name in first.index]


def _limits(table: pd.DataFrame, zero: bool) -> tuple[float, float]:
    """One axis for all panels, so wide that rounding does not look like a difference."""
    ends = pd.concat(
        [table[["effect", "low", "high"]].min(), table[["effect", "low", "high"]].max()]
    )
    low, high = min(ends.min(), 0 if zero else ends.min()), max(ends.max(), 0)
    room = max(0.05 * (high - low), 0.03)
    low = min(low, high - NARROWEST)
    return low - room, high + room


def _points(
    axis: "Axes",
    table: pd.DataFrame,
    names: Sequence[str],
    shift: float,
    palette: Palette,
    hollow: bool,
) -> None:
    places = {name: place for place, name in enumerate(names)}
    for row in table.to_dict("records"):
        place = places[row["name"]] + shift
        shade = palette.colour(row["schedule"])
        axis.plot(
            [row["low"], row["high"]],
            [place, place],
            color=shade,
            lw=3,
            alpha=0.4,
            solid_capstyle="butt",
        )
        axis.plot(
            row["effect"],
            place,
            marker=palette.marker(row["cell"]),
            color=shade,
            ls="",
            ms=5.5,
            mew=1.4,
            mfc=PAPER if hollow else shade,
            clip_on=False,
        )
