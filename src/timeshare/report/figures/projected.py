"""Projected cost: memory at lengths that were not measured, and where it exceeds machines."""

from typing import TYPE_CHECKING

import pandas as pd
from typing_extensions import override

from timeshare.analysis.tables import FULL
from timeshare.report import drawing, wording
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.names import schedule_name
from timeshare.report.palette import PALE, PAPER, Canvas
from timeshare.report.results import PAIR, Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing


class Projected(Figure):
    """Memory against T by formulas, beside the memory of machines."""

    section = "cost"
    place = 3

    @override
    def finding(self, results: Results) -> Finding | None:
        if not {"projected", "limits"} <= set(results.cost):
            return None
        table, limits = results.cost["projected"], results.cost["limits"]
        table = table.assign(gigabytes=table["bytes_total"] / 1e9)
        limits = limits[limits["hidden_size"].isin(table["hidden_size"])]
        machines = limits.sort_values("bytes_machine")["machine"].astype(str)
        longest = [
            f"On {machine} ({_gigabytes(limits, machine)} of memory), full back-propagation fits "
            f"up to {_fits(limits, machine, True)}; "
            f"truncated, up to {_fits(limits, machine, False)}."
            for machine in dict.fromkeys((machines.iloc[0], machines.iloc[-1]))
        ]
        return Finding(
            _headline(limits),
            " ".join(longest),
            "Weights, gradients, optimiser and activations by closed formulas, dashed where "
            "extrapolated past the longest measured T. " + " ".join(results.assumptions),
            table,
            lambda canvas: _projection(table, limits, canvas),
            columns=2,
            spread="",
        )


def _headline(limits: pd.DataFrame) -> str:
    """How many times as long the sequences are that shared weights can be trained on."""
    full = limits[limits["truncation"] == FULL]
    wide = full.pivot_table(index="machine", columns="schedule", values="length")
    if not set(PAIR) <= set(wide.columns) or (wide["unshared"] == 0).all():
        return "The longest sequences that fit into memory"
    ratio = (wide["shared"] / wide["unshared"].replace(0, float("nan"))).median()
    return (
        f"With full back-propagation, shared weights can be trained on sequences {ratio:.2g} times "
        "as long"
    )


def _gigabytes(limits: pd.DataFrame, machine: str) -> str:
    """The memory of a kind of machine."""
    size = limits.loc[limits["machine"] == machine, "bytes_machine"].iloc[0]
    return f"{size / 1e9:,.0f} GB"


def _fits(limits: pd.DataFrame, machine: str, full: bool) -> str:
    """The longest T of shared and unshared weights on a machine."""
    rows = limits[(limits["machine"] == machine) & ((limits["truncation"] == FULL) == full)]
    pair = rows[rows["schedule"].isin(PAIR)]
    rows = pair if len(pair) else rows
    found = []
    for name, length in zip(rows["name"], rows["length"], strict=True):
        longest = "any T" if pd.isna(length) else f"T={wording.compact(float(length))}"
        found.append(f"{longest} ({schedule_name(name)})")
    return wording.listed(found)


def _projection(table: pd.DataFrame, limits: pd.DataFrame, canvas: Canvas) -> "Drawing":
    truncations = sorted(table["truncation"].unique(), key=lambda name: name != FULL)
    titles = ["full, K=T" if each == FULL else f"truncated, K={each}" for each in truncations]
    figure, axes = drawing.panels(titles, canvas, 2.9)
    for axis, truncation in zip(axes, truncations, strict=True):
        for _, line in table[table["truncation"] == truncation].groupby("name"):
            shade = canvas.palette.colour(str(line["schedule"].iloc[0]))
            for beyond, part in line.groupby("extrapolated"):
                pattern = "--" if beyond else "-"
                axis.plot(part["length"], part["gigabytes"], color=shade, ls=pattern)
        _machines(axis, limits)
        axis.set_xscale("log")
        drawing.decades(axis)
        part = table[table["truncation"] == truncation].assign(
            label=lambda rows: rows["schedule"].map(schedule_name)
        )
        found = [line for _, line in part.groupby("name")]
        drawing.name_lines(axis, found, "length", canvas.palette, "gigabytes")
    figure.supxlabel("length T (steps)", fontsize=9)
    figure.supylabel("gigabytes", fontsize=9)
    return figure


def _machines(axis: "Axes", limits: pd.DataFrame) -> None:
    for machine, size in limits.groupby("machine")["bytes_machine"].first().items():
        axis.axhline(size / 1e9, color=PALE, lw=0.9, zorder=0)
        axis.annotate(
            str(machine),
            (0, size / 1e9),
            xycoords=("axes fraction", "data"),
            xytext=(3, 2),
            textcoords="offset points",
            ha="left",
            va="bottom",
            color=PALE,
            fontsize=drawing.SMALLEST,
            bbox={"facecolor": PAPER, "lw": 0, "pad": 1},
        )
