"""Memory of training at lengths that were not measured, by the closed formulas."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from timeshare.cost.activations import bytes_activations
from timeshare.cost.formulas import (
    Update,
    at_length,
    bytes_gradients,
    bytes_optimiser,
    bytes_weights,
    flops_update,
)
from timeshare.experiment import Variant
from timeshare.experiment.cost import Projection
from timeshare.recurrent.architecture import Architecture, parameter_count
from timeshare.training.model_factory import build_schedule

POINTS_A_DECADE = 8
GIGABYTE = 1e9
ENDLESS = 10**15
"""If this length fits, memory sets no limit."""
FULL = "full"


def assumptions(projection: Projection) -> list[str]:
    """Sentences about the projection, to print next to its curves."""
    return [
        f"One network: {projection.cell}, H = {projection.hidden_size}, "
        f"{projection.input_size} inputs, {projection.output_size} outputs, "
        f"{projection.batch} sequences in an update.",
        "All numbers are float32; AdamW stores two numbers besides each weight and its gradient.",
        f"Truncated means K = {projection.truncation}; otherwise K = T.",
        "A basis computes the weights of a whole window at once, for one product instead of many.",
        "The sequences themselves are read piece by piece and not counted, nor is the memory of "
        "the libraries and the system.",
        "Nothing is offloaded, recomputed, compressed or split; a machine's memory is one pool, "
        "and all of it is available.",
        f"Past the longest measured length the curves are the formulas' extrapolation, up to "
        f"T = {projection.longest:,}.",
    ]


def projected(projection: Projection, longest_measured: int) -> pd.DataFrame:
    """Memory and operations of an update against length.

    Arguments:
        projection: the network, its schedules, and the range of lengths.
        longest_measured: rows beyond it are marked `extrapolated`.

    Returns:
        one row a schedule, truncation (`full` or K) and length, with the parameters, the
        operations of an update, the bytes by what they hold, and their sum.
    """
    decades = np.log10(projection.longest / projection.shortest)
    count = max(round(POINTS_A_DECADE * decades), 1) + 1
    lengths = np.geomspace(projection.shortest, projection.longest, count).round().astype(int)
    rows = [
        facts | _row(at_length(update, length)) | {"extrapolated": length > longest_measured}
        for facts, update in _curves(projection)
        for length in lengths.tolist()
    ]
    return pd.DataFrame(rows)


def limits(projection: Projection) -> pd.DataFrame:
    """The longest sequences that each kind of machine can train on.

    Returns:
        one row a hidden size, schedule, truncation and machine: its memory, the longest length
        whose update fits (0 where none does; missing where memory sets no limit) and which memory
        is the largest there (at the longest projected length where there is no limit). The hidden
        size of the curves is among the hidden sizes.
    """
    rows = []
    sizes = sorted({projection.hidden_size, *projection.hidden_sizes})
    projections = [projection.model_copy(update={"hidden_size": size}) for size in sizes]
    for facts, update in (curve for each in projections for curve in _curves(each)):
        for machine, gigabytes in projection.machines.items():
            length = longest_that_fits(update, gigabytes * GIGABYTE)
            at = _bytes(at_length(update, max(length or projection.longest, 1)))
            rows.append(
                {
                    **facts,
                    "machine": machine,
                    "bytes_machine": gigabytes * GIGABYTE,
                    "length": length,
                    "largest": max(at, key=lambda name: at[name]),
                }
            )
    return pd.DataFrame(rows).astype({"length": "Int64"})


def longest_that_fits(update: Update, bytes_machine: float) -> int | None:
    """The longest T whose update fits into the memory; 0 if none does, None if all do.

    Memory grows with T, so bisection finds the answer for any schedule.
    """

    def fits(length: int) -> bool:
        return sum(_bytes(at_length(update, length)).values()) <= bytes_machine

    if fits(ENDLESS):
        return None
    low, high = 0, ENDLESS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _curves(projection: Projection) -> Iterator[tuple[dict[str, Any], Update]]:
    """Each schedule, full and truncated, with its update; the length is set later."""
    for name, parameters in projection.schedules.items():
        architecture = Architecture(
            cell=projection.cell,
            schedule=build_schedule(_variant(projection, parameters)),
            hidden_size=projection.hidden_size,
            input_size=projection.input_size,
            output_size=projection.output_size,
            length=ENDLESS,
        )
        full = Update(architecture, ENDLESS, members=1, batch=projection.batch, compiled=False)
        for truncation in (FULL, str(projection.truncation)):
            facts = {
                "name": name,
                "cell": projection.cell,
                "schedule": parameters["kind"],
                "truncation": truncation,
                "hidden_size": projection.hidden_size,
                "batch": projection.batch,
            }
            short = replace(full, truncation=projection.truncation)
            yield facts, full if truncation == FULL else short


def _variant(projection: Projection, schedule: dict[str, Any]) -> Variant:
    return Variant(cell=projection.cell, schedule=schedule, hidden_size=projection.hidden_size)


def _row(update: Update) -> dict[str, Any]:
    held = _bytes(update)
    return {
        "length": update.architecture.length,
        "parameters": parameter_count(update.architecture).total,
        "flops_update": float(flops_update(update)),
        **held,
        "bytes_total": sum(held.values()),
    }


def _bytes(update: Update) -> dict[str, int]:
    return {
        "bytes_weights": bytes_weights(update),
        "bytes_gradients": bytes_gradients(update),
        "bytes_optimiser": bytes_optimiser(update),
        "bytes_activations": bytes_activations(update),
    }
