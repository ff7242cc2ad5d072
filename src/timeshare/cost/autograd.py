"""What ordinary autograd saves of a cell that only defines `step`, found by running steps."""

from functools import cache

import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks

from timeshare.cost.formulas import REAL
from timeshare.recurrent.cells.base import Cell


@cache
def saved_numbers(cell: type[Cell], width: int, hidden_size: int, batch: int) -> int:
    """Numbers that autograd saves of one step of one member, weights and inputs not among them.

    Steps are run, not analysed, so the count holds for whatever operations the cell consists of.
    A tensor that several steps or operations save counts once; therefore the count is the
    difference between three steps and two.

    Arguments:
        cell: the class of the cell.
        width: input features D, time features included.
        hidden_size: hidden units H.
        batch: sequences B.
    """
    return _saved(cell(), width, hidden_size, batch, 3) - _saved(
        cell(), width, hidden_size, batch, 2
    )


def _saved(cell: Cell, width: int, hidden_size: int, batch: int, steps: int) -> int:
    shape = (1, cell.gates * hidden_size, cell.columns(width, hidden_size))
    weights = torch.zeros(shape, requires_grad=True)
    inputs = torch.zeros(1, width, batch)
    state = tuple(torch.zeros(1, hidden_size, batch) for _ in range(cell.states))
    given = {_storage(tensor) for tensor in (weights, inputs, *state)}
    # Both lists hold their tensors to the end: the address of a freed storage can occur again.
    saved: list[Tensor] = []

    def pack(tensor: Tensor) -> Tensor:
        saved.append(tensor)
        return tensor

    states = [state]
    with saved_tensors_hooks(pack, lambda tensor: tensor):
        for _ in range(steps):
            states.append(cell.step(weights, inputs, states[-1]))
    sizes = {_storage(tensor): tensor.untyped_storage().nbytes() for tensor in saved}
    return sum(size for storage, size in sizes.items() if storage not in given) // REAL


def _storage(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()
