"""The table of what the closed formulas give."""

from collections.abc import Iterable

import pandas as pd

from timeshare.cost.activations import bytes_activations
from timeshare.cost.formulas import (
    bytes_gradients,
    bytes_optimiser,
    bytes_weights,
    flops_update,
)
from timeshare.cost.plan import factors, update_of
from timeshare.experiment import Condition
from timeshare.recurrent.architecture import parameter_count


def counted(conditions: Iterable[Condition]) -> pd.DataFrame:
    """One row a condition: its factors, and what an update of it costs by the formulas.

    Parameters are those of one member; operations and bytes are those of all members together.
    """
    return pd.DataFrame([_row(condition) for condition in conditions])


def _row(condition: Condition) -> dict[str, object]:
    update = update_of(condition)
    parameters = parameter_count(update.architecture)
    return factors(condition) | {
        "parameters_cell": parameters.cell,
        "parameters_readout": parameters.readout,
        "flops_update": flops_update(update),
        "bytes_weights": bytes_weights(update),
        "bytes_gradients": bytes_gradients(update),
        "bytes_optimiser": bytes_optimiser(update),
        "bytes_activations": bytes_activations(update),
    }
