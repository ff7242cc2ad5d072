"""Claims on what training costs: C11, C12."""

from typing import ClassVar

import numpy as np
import pandas as pd
from scipy import stats

from timeshare.claims.base import Claim, Part, Section, Verdict, exact
from timeshare.claims.evidence import Evidence

UPDATE = "update"
"""The part of the measured table that is a whole update."""
FULL = "full"


class Infeasible(Claim):
    """C11. For long sequences unshared weights are computationally infeasible."""

    id: ClassVar[str] = "C11"
    title: ClassVar[str] = "Cost"
    argument: ClassVar[str] = "For long sequences unshared weights are computationally infeasible."
    estimand: ClassVar[str] = (
        "Longest T whose update fits into the memory of each kind of machine, truncated, for an "
        "unshared network of the projected size: weights, gradients, optimiser and activations by "
        "formulas that were checked against measurements. Machines that cannot hold the shared "
        "network at {long} steps are left out. Beside it, measured time and memory of an update."
    )
    rule: ClassVar[str] = (
        "Supported if the longest T is below {long} steps on every machine, contradicted if it is "
        "above on every machine; inconclusive where it depends on the machine."
    )
    section: ClassVar[Section] = Section.COST
    sampled: ClassVar[bool] = False
    needs: ClassVar[str] = (
        "Run the cost study with `cost.projection.schedules` that hold a shared and an unshared "
        "schedule."
    )
    says: ClassVar[dict[Verdict, str]] = {
        Verdict.SUPPORTED: "No machine considered can train an unshared network on long "
        "sequences; each can train a shared one.",
        Verdict.CONTRADICTED: "Every machine considered can train an unshared network on long "
        "sequences.",
        Verdict.INCONCLUSIVE: "Whether an unshared network can be trained on long sequences "
        "depends on the machine.",
    }

    def parts(self, evidence: Evidence) -> list[Part]:
        """One part a machine; and how measured time and memory compare at the longest T."""
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
            exact(f"longest T with H = {width} on {machine}", rows["reach"].clip(upper=1e15),
                  long, "steps", above=False)
            for (machine, width), rows in able.groupby(["machine", "hidden"], sort=False)
        ]  # fmt: skip
        return found + self._measured(evidence.tables.measured)

    @staticmethod
    def _measured(table: pd.DataFrame) -> list[Part]:
        """Unshared over shared at the longest T, K = T; the interval is the range over cells."""
        if len(table) == 0:
            return []
        table = table[(table["part"] == UPDATE) & (table["truncation"] == table["length"])]
        table = table[table["length"] == table["length"].max()]
        found = []
        for column, name in (("seconds_median", "time"), ("bytes_peak", "activation memory")):
            wide = table.pivot_table(index="cell", columns="schedule", values=column)
            if {"shared", "unshared"} <= set(wide) and len(wide := wide.dropna(
                subset=["shared", "unshared"])):  # fmt: skip
                ratio = wide["unshared"] / wide["shared"]
                words = f"measured {name} of an update, unshared over shared"
                found.append(exact(words, ratio, 1.0, "ratio", decides=False))
        return found


class TruncationIsCheaper(Claim):
    """C12. Truncated back-propagation unrolls only a short window, for feasibility."""

    id: ClassVar[str] = "C12"
    title: ClassVar[str] = "Truncation is cheaper"
    argument: ClassVar[str] = (
        "Truncated back-propagation through time unrolls only a short window, for feasibility."
    )
    estimand: ClassVar[str] = (
        "Exponent of the measured activation memory of an update (its peak beyond inputs, weights, "
        "gradients and optimiser) against K at fixed T, by regression on "
        "logarithms, for shared networks; the interval is the range over cells and T. Beside it, "
        "the exponent of the time of an update, which reads the same T steps whatever K."
    )
    rule: ClassVar[str] = (
        "Supported if every exponent of activation memory is above {saving} (0: no saving, 1: "
        "memory in proportion to K), contradicted if every one is below; inconclusive otherwise."
    )
    section: ClassVar[Section] = Section.TRUNCATION
    sampled: ClassVar[bool] = False
    needs: ClassVar[str] = (
        "Run the cost study with a shared variant, a `truncated_lengths` entry and two "
        "`truncations` or more below it."
    )
    says: ClassVar[dict[Verdict, str]] = {
        Verdict.SUPPORTED: "A shorter window saves much of the activation memory of an update.",
        Verdict.CONTRADICTED: "A shorter window saves little activation memory.",
        Verdict.INCONCLUSIVE: "How much activation memory a shorter window saves depends on "
        "the cell or T.",
    }

    def parts(self, evidence: Evidence) -> list[Part]:
        """The exponent of memory, which decides, and that of time."""
        table = evidence.tables.measured
        if len(table) == 0:
            return []
        table = table[(table["part"] == UPDATE) & (table["schedule"] == "shared")]
        found = []
        for column, name, decides in (
            ("bytes_peak", "exponent of activation memory against K", True),
            ("seconds_median", "exponent of time against K", False),
        ):
            slopes = [
                float(stats.linregress(np.log(line["truncation"]), np.log(line[column])).slope)
                for _, line in table.groupby(["cell", "variant", "length"])
                if line["truncation"].nunique() >= 3
            ]
            if slopes:
                limit = evidence.thresholds.saving
                found.append(exact(name, slopes, limit, "exponent", decides=decides))
        return found
