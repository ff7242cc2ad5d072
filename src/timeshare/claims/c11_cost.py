"""C11. For long sequences unshared weights are computationally infeasible."""

import numpy as np
import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import FULL, UPDATE
from timeshare.claims.base import Claim, Conclusions
from timeshare.claims.outcomes import Outcome, exact


class Infeasible(Claim):
    """C11. For long sequences unshared weights are computationally infeasible."""

    title = "Cost"
    argument = "For long sequences unshared weights are computationally infeasible."
    estimand = (
        "Longest T whose update fits into the memory of each kind of machine, truncated, for an "
        "unshared network of the projected size: weights, gradients, optimiser and activations by "
        "formulas that were checked against measurements. Machines that cannot hold the shared "
        "network at {long} steps are left out. Secondary: measured time and memory of an update."
    )
    rule = (
        "Supported if the longest T is below {long} steps on every machine, contradicted if it is "
        "above on every machine; inconclusive where it depends on the machine."
    )
    section = "cost"
    sampled = False
    buys = "long sequences that fit into memory"
    needs = (
        "Run the cost study with `cost.projection.schedules` that hold a shared and an unshared "
        "schedule."
    )
    conclusions = Conclusions(
        supported="No machine considered can train an unshared network on long "
        "sequences; each can train a shared one.",
        contradicted="Every machine considered can train an unshared network on long sequences.",
        inconclusive="Whether an unshared network can be trained on long sequences "
        "depends on the machine.",
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """One outcome a machine; and how measured time and memory compare at the longest T."""
        table, long = evidence.tables.limits, evidence.thresholds.long
        if len(table) == 0:
            return []
        table = table[table["truncation"] != FULL]
        reach = table["length"].astype("Float64").fillna(np.inf)
        table = table.assign(reach=reach.astype(float))
        shared = table[(table["schedule"] == "shared") & (table["reach"] >= long)]
        able = table[(table["schedule"] == "unshared") & table["machine"].isin(shared["machine"])]
        found = [
            # A length without a limit lies beyond any threshold.
            exact(
                f"longest T with H = {width} on {machine}",
                rows["reach"].clip(upper=1e15),
                long,
                "steps",
                above=False,
            )
            for (machine, width), rows in able.groupby(["machine", "hidden_size"], sort=False)
        ]
        return found + self._measured(evidence.tables.measured)

    @staticmethod
    def _measured(table: pd.DataFrame) -> list[Outcome]:
        """Unshared over shared at the longest T, K = T; the interval is the range over cells."""
        if len(table) == 0:
            return []
        table = table[(table["part"] == UPDATE) & (table["truncation"] == table["length"])]
        table = table[table["length"] == table["length"].max()]
        found = []
        for column, name in (("seconds_median", "time"), ("bytes_peak", "activation memory")):
            wide = table.pivot_table(index="cell", columns="schedule", values=column)
            if {"shared", "unshared"} <= set(wide) and len(
                wide := wide.dropna(subset=["shared", "unshared"])
            ):
                ratio = wide["unshared"] / wide["shared"]
                words = f"measured {name} of an update, unshared over shared"
                found.append(exact(words, ratio, 1.0, "ratio", primary=False))
        return found
