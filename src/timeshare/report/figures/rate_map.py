"""The map: who is better, by the rate of rule change and the number of training sequences."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from typing_extensions import override

from timeshare.analysis.estimates import CONFIDENCE, estimate, estimate_of, estimates, row_of
from timeshare.analysis.pairs import unshared_minus_shared
from timeshare.analysis.rate_map import main_length, of_the_map
from timeshare.analysis.statistics import Estimate, Values
from timeshare.experiment.conditions import size_name
from timeshare.report import wording
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.palette import GRID, INK, PALE, Canvas
from timeshare.report.results import Results
from timeshare.report.sides import Side, side

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

CELL = ["rule_change_rate", "train_size"]
FEWEST_OF_EACH = 2
"""Rates, and train sizes, that make a map."""


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
        rows = of_the_map(results.evidence).dropna(subset="score")
        if rows.empty:
            return None
        rows = rows[rows["length"] == main_length(rows)]
        table = _cells(results, rows)
        if table.empty or min(table[name].nunique() for name in CELL) < FEWEST_OF_EACH:
            return None
        margin = results.margin
        return Finding(
            _headline(table, margin),
            _sentence(table, margin),
            f"Unshared minus shared test score at T={rows['length'].iloc[0]}, equal width, with "
            f"its interval over {table['units'].max():.0f} rules, which holds for all cells at "
            "once; in each row that "
            "share of the rule is redrawn from step to step. Below the interval, the networks "
            f"whose mean is within {margin:g} of the best. The line is where the sign changes.",
            table,
            lambda canvas: _draw(table, margin, canvas),
            columns=2,
            spread="",
            behind=rows,
        )


def _cells(results: Results, rows: pd.DataFrame) -> pd.DataFrame:
    """The difference in each cell of the map, and who is best there."""
    pair = results.evidence.comparable(rows)
    each = unshared_minus_shared(pair, [*CELL, "unit"])
    means = estimates(rows, [*CELL, "variant", "label"])
    found = []
    cells = max(each.groupby(CELL).ngroups, 1)
    for (rate, size), part in each.groupby(CELL):
        here = means[(means["rule_change_rate"] == rate) & (means["train_size"] == size)]
        near = here[here["effect"] >= here["effect"].max() - results.margin]
        best = near.sort_values("effect", ascending=False)["label"]
        found.append(
            {"rule_change_rate": rate, "train_size": size}
            | row_of(_together(estimate(part["effect"]), cells))
            | {"best": ", ".join(dict.fromkeys(best))}
        )
    return pd.DataFrame(found)


def _together(found: Estimate, cells: int) -> Estimate:
    """The estimate with an interval that holds together with those of all other cells."""
    if not np.isfinite(found.standard_error):
        return found
    confidence = 1 - (1 - CONFIDENCE) / cells
    low, high = (found.end(confidence, side) for side in (-1, 1))
    return replace(found, low=low, high=high)


def _sides(table: pd.DataFrame, margin: float) -> list[Side]:
    return [side(estimate_of(row), margin) for row in table.to_dict("records")]


def _headline(table: pd.DataFrame, margin: float) -> str:
    """Where either is better, by the rates at which it is."""
    sides = _sides(table, margin)
    won = {each: table[[found is each for found in sides]] for each in Side}
    shared, unshared = won[Side.SHARED], won[Side.UNSHARED]
    if shared.empty and unshared.empty:
        level = len(won[Side.SAME]) == len(table)
        return "Neither is better anywhere on the map" if level else "The map cannot tell yet"
    if unshared.empty:
        return "Shared weights win parts of the map, unshared ones none"
    if shared.empty:
        return "Unshared weights win parts of the map, shared ones none"
    low, high = (part["rule_change_rate"].mean() for part in (shared, unshared))
    if low < high:
        return "Sharing wins where the rule changes little, unsharing where it changes much"
    return "Each wins a part of the map, and not by how much the rule changes"


def _sentence(table: pd.DataFrame, margin: float) -> str:
    """How many cells either wins, and the largest difference on each side."""
    sides = _sides(table, margin)
    counts = [f"{each} in {sides.count(each)}" for each in Side if each in sides]
    parts = [f"Of {wording.counted(len(table), 'cell')}: {wording.listed(counts)}."]
    for each, words in ((Side.SHARED, "shared"), (Side.UNSHARED, "unshared")):
        rows = table[[found is each for found in sides]].to_dict("records")
        if rows:
            most = max(rows, key=lambda row: abs(row["effect"]))
            parts.append(
                f"The largest advantage of {words} weights is "
                f"{wording.spoken(estimate_of(most).positive)}, at a rate of "
                f"{most['rule_change_rate']:.0%} with {size_name(int(most['train_size']))} "
                "training sequences."
            )
    return " ".join(parts)


def _draw(table: pd.DataFrame, margin: float, canvas: Canvas) -> "Drawing":
    from matplotlib.figure import Figure as Drawing

    from timeshare.report import drawing

    rates = sorted(table["rule_change_rate"].unique())
    sizes = sorted(table["train_size"].unique())
    narrow = canvas.columns == 1
    width = drawing.NARROW if narrow else drawing.WIDE
    figure = Drawing(figsize=(width, 0.7 * len(rates) + 1.0), layout="constrained")
    axis = figure.subplots()
    effects = np.full((len(rates), len(sizes)), np.nan)
    strongest = float(table["effect"].abs().max()) or 1.0
    for row in table.to_dict("records"):
        place = (sizes.index(row["train_size"]), rates.index(row["rule_change_rate"]))
        effects[place[1], place[0]] = row["effect"]
        _cell(axis, row, place, margin, strongest, narrow)
    _zero(axis, effects)
    axis.set_xlim(-0.5, len(sizes) - 0.5)
    axis.set_ylim(len(rates) - 0.5, -0.5)
    axis.set_xticks(range(len(sizes)), [size_name(int(size)) for size in sizes])
    axis.set_yticks(range(len(rates)), [f"{rate:.0%}" for rate in rates])
    axis.set_xlabel("training sequences")
    axis.set_ylabel("of the rule redrawn at each step")
    axis.grid(visible=False)
    for edge in axis.spines.values():
        edge.set_visible(False)
    _key(axis, canvas)
    return figure


def _cell(
    axis: "Axes",
    row: dict[object, object],
    place: tuple[int, int],
    margin: float,
    strongest: float,
    narrow: bool,
) -> None:
    """A cell: coloured by who is better, the stronger the further; with its numbers."""
    from matplotlib.patches import Rectangle

    from timeshare.report.palette import COLOURS

    found = estimate_of(row)
    who = side(found, margin)
    won = {Side.SHARED: "shared", Side.UNSHARED: "unshared"}.get(who)
    shade = COLOURS[won] if won else PALE
    alpha = 0.16 + 0.34 * abs(found.effect) / strongest if won else 0.08
    corner = (place[0] - 0.48, place[1] - 0.46)
    axis.add_patch(Rectangle(corner, 0.96, 0.92, facecolor=shade, alpha=alpha, lw=0))
    sign = "+" if found.effect > 0 else ""
    axis.text(
        place[0],
        place[1] - 0.24,
        f"{sign}{wording.decimal(found.effect)}",
        ha="center",
        va="center",
        color=INK,
        fontweight="bold",
        fontsize=9 if narrow else 10,
    )
    interval = wording.ranged(found.effect, found.low, found.high).partition(" ")[2]
    words = {Side.SAME: "about the same", Side.OPEN: "cannot tell"}.get(who, "")
    lines = [interval if not words or narrow else f"{interval} {words}"]
    if not narrow:
        lines.append(
            f"best: {row['best']}" if str(row["best"]).count(",") < 3 else "best: several alike"
        )
    axis.text(
        place[0],
        place[1] + 0.14,
        "\n".join(lines),
        ha="center",
        va="center",
        color=INK,
        fontsize=7.5 if narrow else 8,
    )


def _zero(axis: "Axes", effects: Values) -> None:
    """The line where the sign of the difference changes, along the borders of the cells."""
    signs = np.sign(effects)
    for row, column in np.ndindex(*signs.shape):
        for down, across in ((0, 1), (1, 0)):
            if row + down >= signs.shape[0] or column + across >= signs.shape[1]:
                continue
            if signs[row, column] * signs[row + down, column + across] < 0:
                x = [column + 0.5] * 2 if across else [column - 0.5, column + 0.5]
                y = [row - 0.5, row + 0.5] if across else [row + 0.5] * 2
                axis.plot(x, y, color=INK, lw=2.2, solid_capstyle="butt", clip_on=False)


def _key(axis: "Axes", canvas: Canvas) -> None:
    """Which colour is whose, in words above the map."""
    for words, schedule, place, align in (
        ("shared better", "shared", 0.0, "left"),
        ("unshared better", "unshared", 1.0, "right"),
    ):
        axis.text(
            place,
            1.02,
            words,
            transform=axis.transAxes,
            ha=align,
            va="bottom",
            fontweight="bold",
            color=canvas.palette.colour(schedule),
        )
    axis.set_facecolor("none")
    axis.tick_params(colors=GRID, labelcolor=INK)
