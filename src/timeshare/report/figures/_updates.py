"""Time and memory of an update, measured alone on the machine."""

from typing import TYPE_CHECKING

import pandas as pd

from timeshare.analysis.tables import UPDATE
from timeshare.report import drawing, wording
from timeshare.report.lines import in_order, one_each
from timeshare.report.names import schedule_name
from timeshare.report.palette import Canvas, order
from timeshare.report.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

MEGABYTE = 1e6
TOO_FEW = "Too little was measured to fit an exponent or to compare shared and unshared weights."


def whole_updates(results: Results) -> pd.DataFrame:
    """Measured updates of the compared cell, with the columns that lines need; maybe none."""
    if not {"measured", "counted"} <= set(results.cost):
        return pd.DataFrame()
    rows = results.cost["measured"]
    rows = rows[(rows["part"] == UPDATE) & (rows["cell"] == results.evidence.cell)]
    # Shared networks are measured with both kinds of update, the others with the usual one.
    if rows.empty:
        # None of the measured variants has the cell that is compared
        return pd.DataFrame()
    rows = rows[rows["update"] == rows["update"].value_counts().idxmax()]
    return one_each(
        rows.assign(
            label=rows["schedule"].map(schedule_name),
            megabytes=_total(results, rows) / MEGABYTE,
            milliseconds=rows["seconds_median"] * 1e3,
        )
    )


def _total(results: Results, rows: pd.DataFrame) -> "pd.Series[float]":
    """Peak memory with weights, gradients and optimiser, so that unshared networks pay for them."""
    keys = ["variant", "length", "truncation", "hidden_size"]
    counted = results.cost["counted"].drop_duplicates(keys).set_index(keys)
    held = counted[["bytes_weights", "bytes_gradients", "bytes_optimiser"]].sum(axis=1)
    return rows["bytes_peak"] + rows.join(held.rename("held"), on=keys)["held"].fillna(0.0)


def exponents(
    results: Results, table: pd.DataFrame, quantity: str, against: str, fixed: str
) -> str:
    """The exponents of a quantity over the schedules of a table, beside those of the formulas.

    Arguments:
        results: with the fitted exponents, the table `scaling` of the cost study.
        table: measured updates.
        quantity: whose growth is described, `seconds` or `bytes_peak`.
        against: what grows, `length` or `truncation`.
        fixed: what is held fixed, as the column `fixed` lists it.
    """
    if "scaling" not in results.cost:
        return ""
    rows = results.cost["scaling"]
    rows = rows[
        (rows["quantity"] == quantity)
        & (rows["against"] == against)
        & (rows["fixed"] == fixed)
        & rows["variant"].isin(table["variant"])
        & rows["part"].isin([UPDATE, None])
    ].sort_values("schedule", key=lambda names: names.map(order))
    return over_schedules(rows) if len(rows) else ""


def over_schedules(rows: pd.DataFrame) -> str:
    """The range of exponents, and the schedules whose interval leaves the formulas' one out."""
    ordered = rows.sort_values("exponent", kind="stable")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    ends = [wording.decimal(each["exponent"]) for each in (low, high)]
    span = ends[0]
    if ends[0] != ends[1]:
        labels = [schedule_name(each["schedule"]) for each in (low, high)]
        span = f"{ends[0]} ({labels[0]}) to {ends[1]} ({labels[1]})"
    outside = rows[(rows["low"] > rows["expected"]) | (rows["high"] < rows["expected"])]
    compared = "lies inside every 95 % interval"
    if len(outside):
        names = wording.listed([schedule_name(each) for each in outside["schedule"]])
        compared = f"the 95 % interval leaves out for {names}"
    return (
        f"{span} over {wording.counted(len(rows), 'schedule')}; the formulas say "
        f"{_expected(rows)}, which {compared}."
    )


def _expected(rows: pd.DataFrame) -> str:
    """The formulas' exponent, and the schedules that have another."""
    usual = rows["expected"].mode().iloc[0]
    others = rows[rows["expected"] != usual]
    listed = [
        f"{value:.0f} for {wording.listed([schedule_name(each) for each in part['schedule']])}"
        for value, part in others.groupby("expected")
    ]
    return f"{usual:.0f}" + (f" ({wording.listed(listed)})" if listed else "")


def time_and_memory(table: pd.DataFrame, canvas: Canvas, x: str, name: str) -> "Drawing":
    """Two panels, milliseconds and megabytes of an update.

    Arguments:
        table: measured updates.
        canvas: of the figure.
        x: the column along the horizontal axes.
        name: of the horizontal axes.
    """
    titles = ["milliseconds an update", "megabytes in all, at the peak"]
    figure, axes = drawing.panels(titles, canvas, 2.8, share=False)
    for axis, value in zip(axes, ("milliseconds", "megabytes"), strict=True):
        centre = table[value]
        low, high = centre, centre
        if value == "milliseconds":
            low, high = table["seconds_low"] * 1e3, table["seconds_high"] * 1e3
        found = in_order(table.assign(effect=centre, low=low, high=high))
        for line in found:
            drawing.curve(axis, line, x, canvas.palette)
        drawing.decades(axis)
        drawing.octaves(axis, table[x].tolist())
        drawing.name_lines(axis, found, x, canvas.palette)
    figure.supxlabel(name, fontsize=9)
    return figure


def how_measured(results: Results, table: pd.DataFrame) -> str:
    """What was measured: rounds, and the size of the networks."""
    first = table.iloc[0]
    rounds = int(results.cost["measured"]["rounds"].max())
    return (
        f"medians and quartiles of {rounds} rounds, {first['members']} networks at once with "
        f"{first['hidden_size']} hidden units and {first['batch']} sequences each on "
        f"{first['device']}. An update reads whole sequences, in windows where K < T"
    )
