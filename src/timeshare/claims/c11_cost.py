"""C11. For long sequences unshared weights are computationally infeasible."""

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import FULL, UPDATE
from timeshare.claims.base import Claim, Conclusions, Factor
from timeshare.claims.measuring import exact
from timeshare.claims.outcomes import Kind, Outcome
from timeshare.claims.sentences import ENDLESS


class Infeasible(Claim):
    """C11. For long sequences unshared weights are computationally infeasible."""

    title = "Cost"
    argument = "For long sequences unshared weights are computationally infeasible."
    estimand = (
        "Longest T whose update fits into the memory of each kind of machine, truncated, for an "
        "unshared network of each projected hidden size: weights, gradients, optimiser and "
        "activations, projected by formulas that were checked against measurements. Feasible means "
        "that it fits into memory; long means {long} steps (by default six seconds of sound at "
        "16 kHz). Machines that cannot hold the shared network at that length are left out. "
        "Secondary: measured time and memory of an update at the longest T that was measured."
    )
    rule = (
        "For each hidden size and machine: supported if the longest T is below {long} steps, "
        "contradicted if it is above."
    )
    section = "cost"
    buys = "long sequences that fit into memory"
    needs = (
        "Run the cost study with `cost.projection.schedules` that hold a shared and an unshared "
        "schedule, two `hidden_sizes` or more, and two `machines` or more."
    )
    conclusions = Conclusions(
        topic="memory forbids unshared networks on long sequences",
        supported="No machine considered can train an unshared network of any size considered on "
        "long sequences: the longest that fits on any has {number} steps.",
        contradicted="Every machine considered can train unshared networks of every size "
        "considered on long sequences: where least fits, {number} steps do.",
        quantity="steps fit",
    )
    factors = (
        Factor("the hidden size", words="at {level}"),
        Factor("the machine", words="on {level}"),
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """One outcome a hidden size and machine; and time and memory at the longest measured T."""
        table, long = evidence.tables.limits, evidence.thresholds.long
        if len(table) == 0:
            return []
        table = table[table["truncation"] != FULL]
        reach = table["length"].astype("Float64").fillna(ENDLESS).astype(float)
        # A length without a limit lies beyond any threshold.
        table = table.assign(reach=reach.clip(upper=ENDLESS))
        on = ["hidden_size", "machine"]
        able = table[(table["schedule"] == "shared") & (table["reach"] >= long)]
        rows = table[table["schedule"] == "unshared"].merge(able[on].drop_duplicates(), on=on)
        found = [
            exact(
                f"projected longest T with H = {row['hidden_size']} on {row['machine']}",
                row["reach"],
                long,
                "steps",
                above=False,
                level=(f"H = {row['hidden_size']:,}", str(row["machine"])),
            )
            for row in rows.sort_values(["hidden_size", "bytes_machine"]).to_dict("records")
        ]
        return found + self._measured(evidence.tables.measured)

    @staticmethod
    def _measured(table: pd.DataFrame) -> list[Outcome]:
        """Unshared over shared at the longest T, K = T; the interval is the range over cells."""
        if len(table) == 0:
            return []
        table = table[(table["part"] == UPDATE) & (table["truncation"] == table["length"])]
        longest = table["length"].max()
        table = table[table["length"] == longest]
        found = []
        for column, name in (("seconds_median", "time"), ("bytes_peak", "activation memory")):
            wide = table.pivot_table(index="cell", columns="schedule", values=column)
            if not {"shared", "unshared"} <= set(wide):
                continue
            ratio = (wide["unshared"] / wide["shared"]).dropna()
            if len(ratio):
                words = (
                    f"measured {name} of an update at T = {longest}, K = T, unshared over shared, "
                    f"median and range of {len(ratio)} cells"
                )
                middle = float(ratio.median())
                found.append(exact(words, middle, 1.0, "ratio", ratio, kind=Kind.SECONDARY))
        return found
