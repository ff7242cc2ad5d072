"""Compute cost: time and memory against T and K, measured alone on the machine and projected."""

from typing import TYPE_CHECKING

import pandas as pd

from timeshare.report import drawing, wording
from timeshare.report.figures.lines import in_order, one_each
from timeshare.report.figures.resources import parameters_and_time
from timeshare.report.figures.samples import samples
from timeshare.report.figures.solving import time_to_quality
from timeshare.report.findings import Finding, Section
from timeshare.report.tables import Tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

UPDATE, FULL = "update", "full"
MEGABYTE = 1e6
TOO_FEW = "Too little was measured to fit an exponent or to compare shared and unshared weights."


def section(tables: Tables) -> Section:
    """What unshared weights cost."""
    found = (
        parameters_and_time(tables),
        _measured(tables),
        _projected(tables),
        time_to_quality(tables),
        samples(tables),
    )
    missing = () if "measured" in tables.cost else (
        "Costs were not measured alone on the machine: run `snakemake cost`.",
    )  # fmt: skip
    return Section(
        "cost",
        "Compute cost",
        "What do unshared weights cost in parameters, memory, time and training sequences, and "
        "where does it end?",
        tuple(each for each in found if each),
        missing,
    )


def _whole_updates(tables: Tables) -> pd.DataFrame:
    """Measured updates of the compared cell, with the columns that lines need."""
    rows = tables.cost["measured"]
    rows = rows[(rows["part"] == UPDATE) & (rows["cell"] == tables.cell)]
    return one_each(rows.assign(label=rows["schedule"], megabytes=rows["bytes_peak"] / MEGABYTE,
                                milliseconds=rows["seconds_median"] * 1e3))  # fmt: skip


def _measured(tables: Tables) -> Finding | None:
    if "measured" not in tables.cost:
        return None
    rows = _whole_updates(tables)
    table = rows[rows["truncation"] == rows["length"]]
    exponents = _exponents(tables, table, "seconds", "length", FULL)
    ends = table[table["length"] == table["length"].max()].set_index("schedule")["milliseconds"]
    sentence = f"Seconds of an update grow with T to the power of {exponents}" if exponents else ""
    if {"shared", "unshared"} <= set(ends.index):
        ratio = ends["unshared"] / ends["shared"]
        sentence += (
            f" At T={table['length'].max():,} an update of unshared weights takes {ratio:.2f} "
            "times the time of shared ones."
        )
    return Finding(
        "measured",
        "Time and memory of an update against length",
        sentence.strip() or TOO_FEW,
        "Measured alone on the machine, K = T: median and quartiles of rounds; memory is the peak "
        "beyond inputs, weights, gradients and optimiser.",
        table,
        lambda columns: _pair(table, columns, "length", "length T (steps)"),
        columns=2,
        spread="",
    )


def by_truncation(tables: Tables) -> Finding | None:
    """Time and activation memory of an update against K, at one T."""
    if "measured" not in tables.cost:
        return None
    rows = _whole_updates(tables)
    many = rows.groupby("length")["truncation"].nunique()
    if many.max() < 2:
        return None
    length = int(many.index[many == many.max()].max())
    table = rows[rows["length"] == length]
    exponents = _exponents(tables, table, "bytes_peak", "truncation", str(length))
    first, last = table["truncation"].min(), table["truncation"].max()
    said = []
    for label in ("shared", "unshared"):
        line = table[table["label"] == label].set_index("truncation")
        if {first, last} <= set(line.index):
            memory, time = (
                line.loc[first, value] / line.loc[last, value]
                for value in ("megabytes", "milliseconds")
            )
            said.append(
                f"{label} weights need {100 * memory:.1f} % of the memory and {time:.1f} times "
                "the time"
            )
    sentence = f"Peak memory grows with K to the power of {exponents}" if exponents else ""
    if said:
        sentence += f" With K={first} instead of {last}, {wording.listed(said)}."
    return Finding(
        "truncation-cost",
        "Time and memory of an update against truncation",
        sentence.strip() or TOO_FEW,
        f"Measured alone on the machine at T={length}: median and quartiles of rounds; memory is "
        "the peak beyond inputs, weights, gradients and optimiser.",
        table,
        lambda columns: _pair(table, columns, "truncation", "truncation K (steps)"),
        columns=2,
        spread="",
    )


def _exponents(tables: Tables, table: pd.DataFrame, quantity: str, against: str, fixed: str) -> str:
    if "scaling" not in tables.cost:
        return ""
    rows = tables.cost["scaling"]
    rows = rows[
        (rows["quantity"] == quantity)
        & (rows["against"] == against)
        & (rows["fixed"] == fixed)
        & rows["variant"].isin(table["variant"])
        & rows["part"].isin([UPDATE, None])
    ].sort_values("schedule", key=lambda names: names.map(drawing.order))
    return over_schedules(rows) if len(rows) else ""


def _expected(rows: pd.DataFrame) -> str:
    """The formulas' exponent, and the schedules that have another."""
    usual = rows["expected"].mode().iloc[0]
    others = rows[rows["expected"] != usual]
    said = [
        f"{value:.0f} for {wording.listed(part['schedule'].tolist())}"
        for value, part in others.groupby("expected")
    ]
    return f"{usual:.0f}" + (f" ({wording.listed(said)})" if said else "")


def over_schedules(rows: pd.DataFrame) -> str:
    """The range of exponents, and the schedules whose interval leaves the formulas' one out."""
    ordered = rows.sort_values("exponent", kind="stable")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    ends = [wording.decimal(each["exponent"]) for each in (low, high)]
    said = ends[0]
    if ends[0] != ends[1]:
        said = f"{ends[0]} ({low['schedule']}) to {ends[1]} ({high['schedule']})"
    expected = _expected(rows)
    outside = rows[(rows["low"] > rows["expected"]) | (rows["high"] < rows["expected"])]
    held = f"the formulas say {expected}, which lies inside every 95 % interval"
    if len(outside):
        names = wording.listed(outside["schedule"].tolist())
        held = f"the formulas say {expected}, which the 95 % interval leaves out for {names}"
    return f"{said} over {wording.counted(len(rows), 'schedule')}; {held}."


def _pair(table: pd.DataFrame, columns: int, x: str, name: str) -> "Figure":
    figure, axes = drawing.panels(
        ["milliseconds an update", "megabytes at the peak"], columns, 2.8, False
    )
    for axis, value in zip(axes, ("milliseconds", "megabytes"), strict=True):
        centre = table[value]
        low, high = centre, centre
        if value == "milliseconds":
            low, high = table["seconds_low"] * 1e3, table["seconds_high"] * 1e3
        for line in in_order(table.assign(centre=centre, low=low, high=high)):
            drawing.curve(axis, line, x)
        drawing.decades(axis)
        drawing.octaves(axis, table[x].tolist())
    figure.supxlabel(name, fontsize=9)
    drawing.legend(figure, drawing.entries(table))
    return figure


def _projected(tables: Tables) -> Finding | None:
    if not {"projected", "limits"} <= set(tables.cost):
        return None
    table, limits = tables.cost["projected"], tables.cost["limits"]
    machines = limits.sort_values("bytes_machine")["machine"].astype(str)
    said = [
        f"On {machine}, full back-propagation fits up to {_fits(limits, machine, True)}; "
        f"truncated, up to {_fits(limits, machine, False)}."
        for machine in dict.fromkeys((machines.iloc[0], machines.iloc[-1]))
    ]
    return Finding(
        "projected",
        "Memory at lengths no machine here can hold",
        " ".join(said),
        "Weights, gradients, optimiser and activations by closed formulas, dashed where "
        "extrapolated past the longest measured T. " + " ".join(tables.assumptions),
        table,
        lambda columns: _projection(table, limits, columns),
        columns=2,
        spread="",
    )


def _fits(limits: pd.DataFrame, machine: str, full: bool) -> str:
    rows = limits[(limits["machine"] == machine) & ((limits["truncation"] == FULL) == full)]
    pair = rows[rows["schedule"].isin(["shared", "unshared"])]
    rows = pair if len(pair) else rows
    said = []
    for name, length in zip(rows["name"], rows["length"], strict=True):
        longest = "any T" if pd.isna(length) else f"T={wording.compact(float(length))}"
        said.append(f"{longest} ({name})")
    return wording.listed(said)


def _projection(table: pd.DataFrame, limits: pd.DataFrame, columns: int) -> "Figure":
    truncations = sorted(table["truncation"].unique(), key=lambda name: name != FULL)
    titles = ["full, K=T" if each == FULL else f"truncated, K={each}" for each in truncations]
    figure, axes = drawing.panels(titles, columns, 2.9)
    for axis, truncation in zip(axes, truncations, strict=True):
        for _, line in table[table["truncation"] == truncation].groupby("name"):
            shade = drawing.colour(str(line["schedule"].iloc[0]))
            for beyond, part in line.groupby("extrapolated"):
                axis.plot(part["length"], part["bytes_total"] / 1e9, color=shade,
                          ls="--" if beyond else "-")  # fmt: skip
        _machines(axis, limits)
        axis.set_xscale("log")
        drawing.decades(axis)
    figure.supxlabel("length T (steps)", fontsize=9)
    figure.supylabel("gigabytes", fontsize=9)
    shown = table.assign(label=table["name"])
    drawing.legend(figure, drawing.entries(shown), lines=False)
    return figure


def _machines(axis: "Axes", limits: pd.DataFrame) -> None:
    for machine, size in limits.groupby("machine")["bytes_machine"].first().items():
        axis.axhline(size / 1e9, color=drawing.PALE, lw=0.9, zorder=0)
        axis.annotate(str(machine), (1, size / 1e9), xycoords=("axes fraction", "data"),
                      xytext=(-2, 2), textcoords="offset points", ha="right", va="bottom",
                      color=drawing.PALE, fontsize=8,
                      bbox={"facecolor": drawing.PAPER, "lw": 0, "pad": 1})  # fmt: skip
