"""Measured cost: time and memory of an update against T."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.tables import FULL
from timeshare.report.figures._updates import (
    TOO_FEW,
    exponents,
    how_measured,
    time_and_memory,
    whole_updates,
)
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.results import PAIR, Results


class Measured(Figure):
    """Time and activation memory of an update against T, at K = T."""

    section = "cost"
    place = 2
    needs = "Costs were not measured alone on the machine: run `snakemake cost`."

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = whole_updates(results)
        if rows.empty:
            return None
        table = rows[rows["truncation"] == rows["length"]]
        found = exponents(results, table, "seconds", "length", FULL)
        sentence = f"Seconds of an update grow with T to the power of {found}" if found else ""
        longest = table["length"].max()
        ends = table[table["length"] == longest].set_index("schedule")["milliseconds"]
        if set(PAIR) <= set(ends.index):
            sentence += (
                f" At T={longest:,} an update of unshared weights takes "
                f"{ends['unshared'] / ends['shared']:.2f} times the time of shared ones."
            )
        return Finding(
            _headline(table),
            sentence.strip() or TOO_FEW,
            f"Measured alone on the machine, K = T: {how_measured(results, table)}. Memory is the "
            "peak with weights, gradients and optimiser.",
            table,
            lambda canvas: time_and_memory(table, canvas, "length", "length T (steps)"),
            columns=2,
            spread="",
        )


def _headline(table: pd.DataFrame) -> str:
    """Time and memory of an unshared update over those of a shared one at the longest T."""
    ends = table[table["length"] == table["length"].max()].set_index("schedule")
    if not set(PAIR) <= set(ends.index):
        return "Time and memory of an update grow with the length"
    time, memory = (
        ends.loc["unshared", value] / ends.loc["shared", value]
        for value in ("milliseconds", "megabytes")
    )
    return (
        f"At T={table['length'].max():,} an unshared update takes {time:.2g} times the time and "
        f"{memory:.2g} times the memory"
    )
