"""Which of the unrollings computes a window: the fastest one that the cell and the device have."""

from collections.abc import Sequence

import torch
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
    if available(cell, weights) and not saved_tensors_are_replaced():
        return unroll_compiled(cell, weights, index, inputs, state)
    if graphs_available(weights):
        return unroll_graphed(cell, weights, index, inputs, state)
    return unroll_eager(cell, weights, index, inputs, state)


def saved_tensors_are_replaced() -> bool:
    """Whether what a forward pass saves is packed, as under `torch.utils.checkpoint`.

    The backward pass of the compiled kernels reads the memory that forward wrote, which is freed
    when a hook replaces the tensors that hold it.
    """
    return torch._C._autograd._top_saved_tensors_default_hooks(True) is not None
