"""Which of the unrollings computes a window: the fastest one that the cell and the device have."""

from collections.abc import Sequence

from torch import Tensor

from timeshare.recurrent.cells.base import Cell, HandDerived, State
from timeshare.recurrent.graphs import graphs_available, unroll_graphed
from timeshare.recurrent.kernels.unrolling import available, unroll_compiled
from timeshare.recurrent.unrolling import unroll_eager, unroll_reference


def unroll(
    cell: Cell, weights: Tensor, index: Sequence[int], inputs: Tensor, state: State
) -> tuple[Tensor, State]:
    """The window by compiled kernels on a CPU, by CUDA graphs on a GPU, or else step by step.

    Arguments and returns: as for `unroll_reference`, which a cell that only defines `step` uses.
    """
    if not isinstance(cell, HandDerived):
        return unroll_reference(cell, weights, index, inputs, state)
    if available(cell, weights):
        return unroll_compiled(cell, weights, index, inputs, state)
    if graphs_available(weights):
        return unroll_graphed(cell, weights, index, inputs, state)
    return unroll_eager(cell, weights, index, inputs, state)
