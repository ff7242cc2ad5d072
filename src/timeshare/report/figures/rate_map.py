"""The map: who is better, by the rate of rule change and the number of training sequences."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from typing_extensions import override

from timeshare.analysis.comparison import CRITERION, Side, side
from timeshare.analysis.estimates import estimate_of
from timeshare.experiment.conditions import size_name
from timeshare.report import drawing, wording
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.labels import wrapped
from timeshare.report.palette import COLOURS, GRID, INK, PALE, Canvas
from timeshare.report.regions import CELL, LITTLE, counted_sides, map_cells, map_rows, sides
from timeshare.report.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

MOST_NAMES = 2
"""Networks that a cell names."""


class RateMap(Figure):
    """Unshared minus shared test score over rates of rule change and train sizes."""

    section = "bottom-line"
    place = 1
    needs = (
        "There is no map of rates of rule change and training sequences: add tasks of the kind "
        "drift with several values of change, and several train sizes, to one sweep."
    )

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = map_rows(results)
        table = map_cells(results, rows)
        if table.empty:
            return None
        margin = results.margin
        ahead = " Below it, the networks that beat both." if (table["ahead"] != "").any() else ""
        return Finding(
            _headline(table, margin),
            _sentence(table, margin),
            "Unshared minus shared test score (0 chance, 1 perfect) at "
            f"T={rows['length'].iloc[0]}, equal width, over {table['units'].max():.0f} rules; the "
            "intervals hold together with those of all other comparisons. "
            f"{CRITERION.format(margin=f'{margin:g}')}{ahead} In the answer above, few and many "
            f"are {size_name(int(table['train_size'].min()))} and "
            f"{size_name(int(table['train_size'].max()))} training sequences, and a rule changes "
            f"little where at most {LITTLE:.0%} of it does.",
            table,
            lambda canvas: _draw(table, margin, canvas),
            columns=2,
            spread="",
            behind=rows,
        )


def _headline(table: pd.DataFrame, margin: float) -> str:
    """How many cells either wins, and where these lie."""
    found = sides(table, margin)
    won = {each: table[[side is each for side in found]] for each in (Side.SHARED, Side.UNSHARED)}
    whole = wording.counted(len(table), "cell")
    if all(part.empty for part in won.values()):
        level = all(each is Side.SAME for each in found)
        return "Neither is better anywhere on the map" if level else "The map cannot tell yet"
    clauses = [
        f"{'shared' if each is Side.SHARED else 'unshared'} weights are better in {len(part)}"
        f"{_where(part, table)}"
        for each, part in won.items()
        if len(part)
    ]
    text = f"Of {whole}, {wording.listed(clauses)}"
    return text if len(clauses) > 1 else f"{text}, the other never"


def _where(part: pd.DataFrame, table: pd.DataFrame) -> str:
    """Where cells lie on the map, if they all lie on one side of it."""
    if len(part) == len(table):
        return ""
    said = []
    rates, sizes = (sorted(table[name].unique()) for name in CELL)
    if part["train_size"].max() == sizes[0]:
        said.append("with the fewest sequences")
    elif part["train_size"].min() == sizes[-1]:
        said.append("with the most sequences")
    if part["rule_change_rate"].max() < rates[len(rates) // 2]:
        said.append("where the rule changes little or not")
    elif part["rule_change_rate"].min() >= rates[len(rates) // 2]:
        said.append("where it changes much")
    return f" ({', '.join(said)})" if said else ""


def _sentence(table: pd.DataFrame, margin: float) -> str:
    """How many cells either wins, and the largest difference on each side."""
    found = sides(table, margin)
    parts = [counted_sides(table, margin)]
    for each, words in ((Side.SHARED, "shared"), (Side.UNSHARED, "unshared")):
        rows = table[[side is each for side in found]].to_dict("records")
        if rows:
            most = max(rows, key=lambda row: abs(row["effect"]))
            parts.append(
                f"The largest advantage of {words} weights on the map is "
                f"{wording.spoken(estimate_of(most).positive)}, where "
                f"{most['rule_change_rate']:.0%} of the rule changes, with "
                f"{size_name(int(most['train_size']))} training sequences."
            )
    return " ".join(parts)


def _draw(table: pd.DataFrame, margin: float, canvas: Canvas) -> "Drawing":
    from matplotlib.figure import Figure as Drawing

    narrow = canvas.columns == 1
    rates, sizes = (sorted(table[name].unique()) for name in CELL)
    width = drawing.NARROW if narrow else drawing.WIDE
    each = 1.1 if narrow else 0.68
    figure = Drawing(figsize=(width, each * len(rates) + 1.1), layout="constrained")
    axis = figure.subplots()
    strongest = float(table["effect"].abs().max()) or 1.0
    won: dict[tuple[int, int], Side] = {}
    for row in table.to_dict("records"):
        place = (sizes.index(row["train_size"]), rates.index(row["rule_change_rate"]))
        won[place] = side(estimate_of(row), margin)
        _cell(axis, row, place, won[place], strongest, narrow)
    _borders(axis, won)
    axis.set_xlim(-0.5, len(sizes) - 0.5)
    axis.set_ylim(len(rates) - 0.5, -0.5)
    axis.set_xticks(range(len(sizes)), [size_name(int(size)) for size in sizes])
    axis.set_yticks(range(len(rates)), _row_names(table, rates, narrow))
    axis.set_xlabel("training sequences")
    axis.grid(visible=False)
    for edge in axis.spines.values():
        edge.set_visible(False)
    axis.tick_params(colors=GRID, labelcolor=INK)
    _key(figure, axis, canvas)
    return figure


def _row_names(table: pd.DataFrame, rates: Sequence[float], narrow: bool) -> list[str]:
    """How much of the rule changes in each row; on a wide page, with the task's title."""
    if narrow:
        return [f"{rate:.0%}" for rate in rates]
    titles = table.groupby("rule_change_rate")["task"].first().to_dict()
    return [f"{wrapped(str(titles[rate]), 2.6)}\n({rate:.0%} really changes)" for rate in rates]


def _cell(
    axis: "Axes",
    row: Mapping[Hashable, Any],
    place: tuple[int, int],
    won: Side,
    strongest: float,
    narrow: bool,
) -> None:
    """A cell: coloured by who is better, the stronger the further; with its numbers."""
    from matplotlib.patches import Rectangle

    found = estimate_of(row)
    who = {Side.SHARED: "shared", Side.UNSHARED: "unshared"}.get(won)
    shade = COLOURS[who] if who else PALE
    alpha = 0.16 + 0.34 * abs(found.effect) / strongest if who else 0.08
    corner = (place[0] - 0.48, place[1] - 0.46)
    axis.add_patch(Rectangle(corner, 0.96, 0.92, facecolor=shade, alpha=alpha, lw=0))
    if won is Side.OPEN:
        # A frame tells what cannot be told from what is about the same.
        axis.add_patch(
            Rectangle(corner, 0.96, 0.92, facecolor="none", edgecolor=PALE, ls=(0, (3, 2)), lw=0.8)
        )
    interval = wording.ranged(found.effect, found.low, found.high).partition(" ")[2]
    words = {Side.SAME: "about the same", Side.OPEN: "cannot tell"}.get(won, "")
    if narrow:
        interval = interval.replace(", ", " to\n").strip("[]")
    lines = [interval, *([words] if words else [])]
    if row["ahead"]:
        best = ", ".join(str(row["ahead"]).split(", ")[:MOST_NAMES])
        lines.append(wrapped(f"{best} ahead", 0.95 if narrow else 1.8, capital=False))
    axis.text(
        place[0],
        place[1] - (0.3 if narrow else 0.2),
        _signed(found.effect),
        ha="center",
        va="center",
        color=INK,
        fontweight="bold",
        fontsize=9 if narrow else 10,
    )
    axis.text(
        place[0],
        place[1] - (0.2 if narrow else 0.05),
        "\n".join(lines),
        ha="center",
        va="top",
        color=INK,
        fontsize=drawing.SMALLEST if narrow else 8,
        linespacing=1.05,
    )


def _signed(effect: float) -> str:
    """A difference with its sign, unless it is rounded to zero."""
    text = wording.decimal(effect)
    return f"+{text}" if effect > 0 and text != "0.00" else text


def _borders(axis: "Axes", won: Mapping[tuple[int, int], Side]) -> None:
    """A line between neighbours of which either side wins one."""
    either = {Side.SHARED, Side.UNSHARED}
    for (column, row), one in won.items():
        for across, down in ((1, 0), (0, 1)):
            if {one, won.get((column + across, row + down))} == either:
                x = [column + 0.5] * 2 if across else [column - 0.5, column + 0.5]
                y = [row - 0.5, row + 0.5] if across else [row + 0.5] * 2
                axis.plot(x, y, color=INK, lw=2.2, solid_capstyle="butt", clip_on=False)


def _key(figure: "Drawing", axis: "Axes", canvas: Canvas) -> None:
    """Which colour is whose, above the map, and what its rows are."""
    narrow = canvas.columns == 1
    rows = "Rows: how much of the rule changes from one step to the next"
    axis.set_title(
        wrapped(rows, 3.4) if narrow else rows,
        fontweight="normal",
        fontsize=8.5,
        pad=42 if narrow else 18,
    )
    shades = {
        "blue: shared better": canvas.palette.colour("shared"),
        "orange: unshared better": canvas.palette.colour("unshared"),
        "grey: neither": PALE,
    }
    # Side by side on a phone, they would read as headings of the columns.
    places = ((0, 27), (0, 15), (0, 3)) if narrow else ((0.0, 3), (0.26, 3), (0.56, 3))
    for (words, shade), (across, up) in zip(shades.items(), places, strict=True):
        axis.annotate(
            words,
            (across, 1.0),
            xycoords="axes fraction",
            xytext=(0, up),
            textcoords="offset points",
            annotation_clip=False,
            ha="left",
            va="bottom",
            fontweight="bold",
            fontsize=8.5,
            color=shade,
        )
