"""Which of the unrollings computes a window: the fastest one that the cell and the device have."""

from collections.abc import Sequence

from torch import Tensor

from timeshare.recurrent.cells.base import Cell, HandDerived, State
from timeshare.recurrent.graphs import graphs_available, unroll_graphed
from timeshare.recurrent.kernels.unrolling import available, unroll_compiled
from timeshare.recurrent.unrolling import unroll_eager, unroll_reference
from timeshare.registry import ContractError


def index_fault(index: Sequence[int], matrices: int) -> str | None:
    """Why some step uses a matrix that there is not, in words; None where none does."""
    if not len(index) or (min(index) >= 0 and max(index) < matrices):
        return None
    place, outside = next(
        (place, which) for place, which in enumerate(index) if not 0 <= which < matrices
    )
    return (
        f"step {place} of the window uses matrix {outside}, and there are {matrices}, numbered "
        f"from 0 to {matrices - 1}"
    )


def unroll(
    cell: Cell, weights: Tensor, index: Sequence[int], inputs: Tensor, state: State
) -> tuple[Tensor, State]:
    """The window by compiled kernels on a CPU, by CUDA graphs on a GPU, or else step by step.

    Arguments and returns: as for `unroll_reference`, which a cell that only defines `step` uses.

    Raises `ContractError` where the index of a schedule leaves its matrices.
    """
    if fault := index_fault(index, weights.shape[1]):
        raise ContractError(f"schedule: {fault}.")
    if not isinstance(cell, HandDerived):
        return unroll_reference(cell, weights, index, inputs, state)
    if available(cell, weights):
        return unroll_compiled(cell, weights, index, inputs, state)
    if graphs_available(weights):
        return unroll_graphed(cell, weights, index, inputs, state)
    return unroll_eager(cell, weights, index, inputs, state)
