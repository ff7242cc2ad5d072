"""Memory of training at lengths that no machine here can hold, by the closed formulas."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from timeshare.cost.formulas import (
    Update,
    at_length,
    bytes_activations,
    bytes_gradients,
    bytes_optimiser,
    bytes_weights,
    flops_update,
)
from timeshare.experiment import Variant
from timeshare.experiment.cost import Projection
from timeshare.members import build_schedule
from timeshare.recurrent.architecture import Architecture, parameter_count

POINTS_A_DECADE = 8
GIGABYTE = 1e9
ENDLESS = 10**15
"""A length that fits although it is this long is not limited by memory."""
FULL = "full"


def assumptions(projection: Projection) -> list[str]:
    """The sentences to print next to the projected curves."""
    return [
        f"One network: {projection.cell}, H = {projection.hidden}, {projection.inputs} inputs, "
        f"{projection.outputs} outputs, {projection.batch} sequences in an update.",
        "All numbers are float32; AdamW keeps two numbers beside each weight and its gradient.",
        f"Truncated means K = {projection.truncation}; otherwise K = T.",
        "A basis computes the weights of a whole window at once, for one product instead of many.",
        "The sequences themselves are read piece by piece and not counted, nor is anything the "
        "libraries and the system hold.",
        "Nothing is offloaded, recomputed, compressed or split; a machine's memory is one pool, "
        "and all of it is ours.",
        f"Past the longest measured length the curves are the formulas' extrapolation, up to "
        f"T = {projection.longest:,}.",
    ]


def projected(projection: Projection, longest_measured: int) -> pd.DataFrame:
    """Memory and operations of an update against length.

    Arguments:
        projection: the network, its schedules, and the range of lengths.
        longest_measured: beyond it a row is marked `extrapolated`.

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
    """The longest sequences each kind of machine can train on.

    Returns:
        one row a schedule, truncation and machine: its memory, the longest length whose update
        fits (0 where none does; missing where memory sets no limit) and which memory is the
        largest there (at the longest projected length where there is no limit).
    """
    rows = []
    for facts, update in _curves(projection):
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

    Memory grows with T, so the answer is found by bisection, whatever the schedule.
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
            hidden=projection.hidden,
            inputs=projection.inputs,
            outputs=projection.outputs,
            length=ENDLESS,
        )
        full = Update(architecture, ENDLESS, members=1, batch=projection.batch, compiled=False)
        for truncation in (FULL, str(projection.truncation)):
            facts = {
                "name": name,
                "cell": projection.cell,
                "schedule": parameters["kind"],
                "truncation": truncation,
                "hidden": projection.hidden,
                "batch": projection.batch,
            }
            short = replace(full, truncation=projection.truncation)
            yield facts, full if truncation == FULL else short


def _variant(projection: Projection, schedule: dict[str, Any]) -> Variant:
    return Variant(cell=projection.cell, schedule=schedule, hidden=projection.hidden)


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
