"""Measured cost: time and memory of an update against T."""

from typing_extensions import override

from timeshare.analysis.tables import FULL
from timeshare.report.figures._updates import TOO_FEW, exponents, time_and_memory, whole_updates
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
            "Time and memory of an update against length",
            sentence.strip() or TOO_FEW,
            "Measured alone on the machine, K = T: median and quartiles of rounds; memory is the "
            "peak beyond inputs, weights, gradients and optimiser.",
            table,
            lambda canvas: time_and_memory(table, canvas, "length", "length T (steps)"),
            columns=2,
            spread="",
        )
