"""What truncation saves: time and memory of an update against K."""

import pandas as pd
from typing_extensions import override

from timeshare.report import wording
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


class TruncationCost(Figure):
    """Time and activation memory of an update against K, at one T."""

    section = "truncation"
    place = 2

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = whole_updates(results)
        if rows.empty:
            return None
        many = rows.groupby("length")["truncation"].nunique()
        if many.max() < 2:
            return None
        length = int(many.index[many == many.max()].max())
        table = rows[rows["length"] == length]
        found = exponents(results, table, "bytes_peak", "truncation", str(length))
        sentence = (
            f"The memory of activations grows with K to the power of {found}" if found else ""
        )
        return Finding(
            _headline(table),
            f"{sentence}{_saved(table)}".strip() or TOO_FEW,
            f"Measured alone on the machine at T={length}: {how_measured(results, table)}. Memory "
            "is the peak with weights, gradients and optimiser.",
            table,
            lambda canvas: time_and_memory(table, canvas, "truncation", "truncation K (steps)"),
            columns=2,
            spread="",
        )


def _headline(table: pd.DataFrame) -> str:
    """Who saves how much memory with the shortest window."""
    first, last = table["truncation"].min(), table["truncation"].max()
    wide = table.pivot_table(index="truncation", columns="label", values="megabytes")
    kept = (wide.loc[first] / wide.loc[last]).dropna()
    known = [f"{kept[name]:.0%} for {name} weights" for name in PAIR if name in kept]
    return (
        f"With K={first} instead of {last}, the memory is {wording.listed(known)}"
        if known
        else "What a short window saves"
    )


def _saved(table: pd.DataFrame) -> str:
    """Memory and time with the shortest window over those with the longest."""
    first, last = table["truncation"].min(), table["truncation"].max()
    found = []
    for label in PAIR:
        line = table[table["label"] == label].set_index("truncation")
        if {first, last} <= set(line.index):
            memory, time = (
                line.loc[first, value] / line.loc[last, value]
                for value in ("megabytes", "milliseconds")
            )
            found.append(
                f"{label} weights need {100 * memory:.1f} % of the memory and {time:.1f} times "
                "the time"
            )
    return f" With K={first} instead of {last}, {wording.listed(found)}." if found else ""
