"""What all figures have in common: style, panels, curves with intervals, labels and axes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pandas as pd

from timeshare.report import wording
from timeshare.report.labels import at_ends, wrapped
from timeshare.report.palette import GRID, INK, PALE, Canvas, Palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDE, NARROW = 8.6, 3.45
"""Inches of a figure on a desktop, and on a phone."""
SMALLEST = 8.5
"""Points of the smallest text on a phone: 11 pixels where the page is 360 wide."""
BOLD = 0.88
"""Characters of a bold title on an inch, over those of a label."""
MANY = 30
"""Points of a line from which markers would hide it."""


def ranked(table: pd.DataFrame) -> pd.DataFrame:
    """The table with `rank`: 0 for the first variant of a schedule and cell, 1 for the next, ...

    The variant with the name of its schedule comes first, the others by name. Colour and marker
    are those of the schedule and cell; the rank tells their variants apart.
    """
    known = table[["schedule", "cell", "label"]].drop_duplicates()
    further = known.assign(own_name=known["label"] != known["schedule"]).sort_values(
        ["schedule", "cell", "own_name", "label"]
    )
    ranks = further.groupby(["schedule", "cell"]).cumcount()
    return table.drop(columns="rank", errors="ignore").merge(
        known.assign(rank=ranks), on=["schedule", "cell", "label"]
    )


@contextmanager
def look(name: str) -> Iterator[None]:
    """The style of a figure; equal figures of one name are equal bytes."""
    import matplotlib

    settings: Any = {
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.linestyle": "-",
        "xtick.bottom": False,
        "ytick.left": False,
        "lines.solid_capstyle": "round",
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
        "font.size": 9,
        "axes.titlesize": 9.5,
        "axes.labelsize": 9,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titley": 1.0,
        "xtick.labelsize": 8.5,
        "ytick.labelsize": 8.5,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.titlecolor": INK,
        "xtick.color": PALE,
        "ytick.color": PALE,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "axes.edgecolor": PALE,
        "grid.color": GRID,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.facecolor": "none",
        "figure.facecolor": "none",
        "lines.linewidth": 1.7,
        "lines.markersize": 5,
        "svg.fonttype": "none",
        "svg.hashsalt": name,
    }
    with matplotlib.rc_context(settings):
        yield


def panels(
    titles: Sequence[str],
    canvas: Canvas,
    height: float = 2.1,
    share: bool = True,
    room: float = 0.5,
) -> "tuple[Figure, list[Axes]]":
    """A figure with a panel for each title.

    Arguments:
        titles: of the panels.
        canvas: how many stand side by side.
        height: of a panel, in inches.
        share: whether all panels have one vertical axis.
        room: inches beside each panel that its title cannot have.
    """
    from matplotlib.figure import Figure

    across = min(canvas.columns, len(titles))
    if across == 3 and len(titles) == 4:
        across = 2
    rows = -(-len(titles) // across)
    width = NARROW if canvas.columns == 1 else WIDE * {1: 0.66, 2: 0.84}.get(across, 1.0)
    figure = Figure(figsize=(width, height * rows + 0.55), layout="constrained")
    axes = figure.subplots(rows, across, squeeze=False, sharey=share).reshape(-1).tolist()
    for spare in axes[len(titles) :]:
        spare.remove()
    for axis, title in zip(axes, titles, strict=False):
        axis.set_title(wrapped(title, BOLD * (width / across - room)))
    return figure, axes[: len(titles)]


def curve(axis: "Axes", table: pd.DataFrame, x: str, palette: Palette) -> None:
    """A line of estimates along `x` with the band of its intervals.

    The line of shared weights is broader, so that it is seen where another line covers it.
    """
    ordered = table.sort_values(x)
    first = ordered.iloc[0]
    style = palette.stroke(str(first["schedule"]), str(first["cell"]), int(first.get("rank", 0)))
    if len(ordered) > MANY:
        style["marker"] = ""
    broad = first["schedule"] == "shared" and not first.get("rank", 0)
    if len(ordered) == 1:
        # A band of no width would not be seen.
        axis.vlines(
            ordered[x], ordered["low"], ordered["high"], color=style["color"], alpha=0.4, lw=3
        )
    axis.fill_between(
        ordered[x], ordered["low"], ordered["high"], color=style["color"], alpha=0.18, lw=0
    )
    axis.plot(
        ordered[x], ordered["effect"], lw=3.4 if broad else 1.6, ms=7 if broad else 4.5, **style
    )


def name_lines(
    axis: "Axes", found: Sequence[pd.DataFrame], x: str, palette: Palette, value: str = "effect"
) -> None:
    """The name of each line beside its end; the axes have their final limits.

    Arguments:
        axis: the panel.
        found: the lines, each with a label, a schedule and a cell.
        x: the column along the horizontal axis.
        palette: of the report.
        value: the column along the vertical axis.
    """
    ends = []
    for line in found:
        # A line without a value anywhere is not drawn, and has no end
        for _, last in line.dropna(subset=[x, value]).sort_values(x).tail(1).iterrows():
            shade = palette.colour(str(last["schedule"]))
            ends.append((str(last["label"]), float(last[x]), float(last[value]), shade))
    width, height = axis.get_figure().get_size_inches()  # type: ignore[union-attr]
    place = axis.get_position()
    at_ends(axis, ends, 0.8 * height * place.height, 1.0 if width > NARROW else 0.8)


def octaves(axis: "Axes", values: Sequence[float]) -> None:
    """A logarithmic axis with a mark at each measured value, thinned where they would touch."""
    from matplotlib.ticker import NullLocator

    distinct = sorted({float(value) for value in values})
    keep: list[float] = []
    for value in reversed(distinct):
        if not keep or keep[-1] / value > (distinct[-1] / distinct[0]) ** 0.13:
            keep.append(value)
    axis.set_xscale("log")
    axis.set_xticks(keep, [f"{value:,.0f}" for value in keep])
    axis.xaxis.set_minor_locator(NullLocator())


def ratios(axis: "Axes", values: Sequence[float], one: bool = True) -> None:
    """A logarithmic axis of ratios, with plain marks such as 1, 2 and 10.

    Arguments:
        axis: the panel.
        values: along it, all above 0.
        one: whether the axis holds a ratio of 1 in any case.
    """
    from matplotlib.ticker import NullLocator

    known = [1.0, *values] if one else values
    low, high = min(known), max(known)
    axis.set_xlim(low / 1.35, max(high, 1.3 * low) * 1.35)
    steps = [factor * 10.0**power for power in range(-3, 6) for factor in (1, 2, 5)]
    shown = [step for step in steps if low / 1.3 <= step <= high * 1.3]
    if high / low > 100:
        shown = [step for step in shown if f"{step:e}".startswith("1")]
    axis.set_xticks(shown, [f"{step:,g}" for step in shown])
    axis.xaxis.set_minor_locator(NullLocator())


def decades(axis: "Axes") -> None:
    """A logarithmic vertical axis with plain numbers."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axis.set_yscale("log")
    low, high = axis.get_ylim()
    narrow = high / low < 300
    axis.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if narrow else (1.0,)))
    axis.yaxis.set_major_formatter(FuncFormatter(lambda size, _: wording.compact(size)))
    axis.yaxis.set_minor_locator(NullLocator())


def mark_length(axis: "Axes", length: float) -> None:
    """The length trained at, as a line across the panel."""
    axis.axvline(length, color=PALE, lw=1, ls=(0, (2, 2)), zorder=0)
    axis.annotate(
        "T",
        (length, 0.0),
        xycoords=("data", "axes fraction"),
        xytext=(3, 2),
        textcoords="offset points",
        va="bottom",
        color=PALE,
    )


def mark_chance(axis: "Axes") -> None:
    """Chance, as a line across the panel."""
    axis.axhline(0, color=PALE, lw=1, zorder=0)
