"""The tables of what an update costs: measured, counted by formula, fitted and projected."""

import pandera.pandas as pa

from timeshare.analysis.contracts.base import boolean, contract, integer, number, text
from timeshare.analysis.contracts.columns import MEASURED_CONDITION

COST_FOLDER = "results/<name>/cost"

BYTES: dict[str, pa.Column] = {
    "bytes_weights": integer("memory of the weights", "bytes"),
    "bytes_gradients": integer("memory of the gradients", "bytes"),
    "bytes_optimiser": integer("memory of the optimiser's state", "bytes"),
    "bytes_activations": integer(
        "peak memory of an update beyond inputs, weights, gradients and optimiser", "bytes"
    ),
}
PROJECTED_NETWORK: dict[str, pa.Column] = {
    "name": text("name of the schedule in the section `cost.projection` of the configuration"),
    "cell": MEASURED_CONDITION["cell"],
    "schedule": MEASURED_CONDITION["schedule"],
    "truncation": text("truncation K in steps, as text; `full` where K = T"),
    "hidden_size": MEASURED_CONDITION["hidden_size"],
    "batch": MEASURED_CONDITION["batch"],
}

MEASURED = contract(
    "measured",
    "A row is one part of the update of one condition of the cost study, as measured on this "
    "machine.",
    (f"{COST_FOLDER}/measured.parquet",),
    {
        **MEASURED_CONDITION,
        "part": text(
            "part of the update: `forward`, `backward` or `optimiser`; `update` is their sum"
        ),
        "update": text(
            "what makes an update: `sequence` (all windows of a sequence together) or `window` "
            "(each window); either way the row is a pass over whole sequences"
        ),
        "device": text("torch device: `cpu`, `cuda` or `cuda:<number>`"),
        "rounds": integer("rounds measured after the one that warms up"),
        "seconds_median": number("median time over the rounds", "seconds"),
        "seconds_low": number("lower quartile of the time over the rounds", "seconds"),
        "seconds_high": number("upper quartile of the time over the rounds", "seconds"),
        "bytes_peak": integer(
            "peak memory of the whole update beyond inputs, weights, gradients and optimiser",
            "bytes",
        ),
    },
)

COUNTED = contract(
    "counted",
    "A row is one condition of the cost study, with what an update of all its members costs by the "
    "closed formulas.",
    (f"{COST_FOLDER}/counted.parquet",),
    {
        **MEASURED_CONDITION,
        "parameters_cell": integer("trained parameters of the cell's weights of one member"),
        "parameters_readout": integer("trained parameters of the read-out of one member"),
        "flops_update": integer("floating-point operations of an update", "operations"),
        **BYTES,
    },
)

SCALING = contract(
    "scaling",
    "A row is the exponent with which one quantity of a variant grows with T or with K.",
    (f"{COST_FOLDER}/scaling.parquet",),
    {
        "variant": MEASURED_CONDITION["variant"],
        "cell": MEASURED_CONDITION["cell"],
        "schedule": MEASURED_CONDITION["schedule"],
        "quantity": text(
            "what grows: `parameters`, `bytes_weights`, `flops_update`, `seconds` or `bytes_peak`"
        ),
        "against": text("what it grows with: `length` (T) or `truncation` (K)"),
        "fixed": text("the other one in steps, as text; `full` where K = T"),
        "exponent": number(
            "slope of the logarithm of the quantity on the logarithm of the size",
            "exponent",
            "where there is a single size",
        ),
        "low": number("lower end of its 95 % interval", "exponent", "with fewer than three points"),
        "high": number(
            "upper end of its 95 % interval", "exponent", "with fewer than three points"
        ),
        "expected": number("exponent that the formulas give for large sizes", "exponent"),
        "points": integer("sizes that were fitted"),
        "first": integer("smallest size fitted", "steps"),
        "last": integer("largest size fitted", "steps"),
        "part": text("part of the update", "for quantities other than `seconds`"),
    },
)

PROJECTED = contract(
    "projected",
    "A row is one schedule, truncation and length of the projected network, with what an update "
    "costs by the closed formulas.",
    (f"{COST_FOLDER}/projected.parquet",),
    {
        **PROJECTED_NETWORK,
        "length": integer("length T of the sequences", "steps"),
        "parameters": integer("trained parameters"),
        "flops_update": number("floating-point operations of an update", "operations"),
        **BYTES,
        "bytes_total": integer("sum of the four kinds of memory", "bytes"),
        "extrapolated": boolean("whether the length is longer than any that was measured"),
    },
)

LIMITS = contract(
    "limits",
    "A row is the longest sequence that one kind of machine can train on with one schedule, "
    "truncation and hidden size.",
    (f"{COST_FOLDER}/limits.parquet",),
    {
        **PROJECTED_NETWORK,
        "machine": text("kind of machine, as the configuration calls it"),
        "bytes_machine": number("memory of the machine", "bytes"),
        "length": integer(
            "longest length T whose update fits into the memory, 0 if none does",
            "steps",
            "where memory sets no limit",
        ),
        "largest": text(
            "the largest of the four kinds of memory at that length, or at the longest projected "
            "length where memory sets no limit"
        ),
    },
)

CONTRACTS = (MEASURED, COUNTED, SCALING, PROJECTED, LIMITS)
