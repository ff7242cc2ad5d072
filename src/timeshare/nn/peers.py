"""Where PyTorch's own LSTM is faster than the engine: a single wide network and a small batch."""

import torch
from torch import Tensor

from timeshare.recurrent.cells.base import State

SMALL_BATCH, WIDE = 8, 64
"""Up to this batch, from this hidden size on, the engine is slower: its registers hold 16
sequences, however few there are. Measured for one network on one core, see `docs/nn.md`."""


def torch_is_faster(cell: str, weights: Tensor, batch: int) -> bool:
    """Whether `unroll_torch` is to be used: a wide LSTM with shared weights, a small batch.

    Arguments:
        cell: its registered name.
        weights: matrices `[E, S, gates*H, C]`.
        batch: sequences B.
    """
    single = weights.shape[:2] == (1, 1)
    plain = weights.device.type == "cpu" and weights.dtype == torch.float32
    wide = weights.shape[2] >= 4 * WIDE
    return cell == "lstm" and single and plain and wide and batch <= SMALL_BATCH


def unroll_torch(weights: Tensor, inputs: Tensor, state: State) -> tuple[Tensor, State]:
    """As `unroll_reference` for a single LSTM with shared weights, by the function of `torch.nn`.

    Arguments:
        weights: `[1, 1, 4*H, C]`.
        inputs: `[T, 1, D, B]`.
        state: `[1, H, B]` each.
    """
    matrix, D = weights[0, 0], inputs.shape[2]
    bias = matrix[:, 0]
    parameters = [matrix[:, 1 : 1 + D], matrix[:, 1 + D :], bias, torch.zeros_like(bias)]
    before = [part.transpose(1, 2).contiguous() for part in state]
    turned = inputs[:, 0].transpose(1, 2)
    output, *after = torch.lstm(
        turned,
        before,
        [part.contiguous() for part in parameters],
        True,
        1,
        0.0,
        False,
        False,
        False,
    )
    hidden = output.transpose(1, 2).unsqueeze(1)
    return hidden, tuple(part.transpose(1, 2) for part in after)
