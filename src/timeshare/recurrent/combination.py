"""Sums of learned matrices, the same bits for a member whichever others are in the batch."""

import torch
from torch import Tensor
from torch.nn import functional

ALIGNMENT = 64
"""Bytes of a cache line and of the widest register."""


def combined(coefficients: Tensor, matrices: Tensor) -> Tensor:
    """For each of K steps, the sum of S matrices with that step's coefficients.

    Libraries may round a product differently where a row begins at another place within a register,
    and where a member's rows begin depends on its place in the batch. The matrices are padded to
    whole registers, so that those of every member begin alike.

    Arguments:
        coefficients: `[K, S]`, or `[E, K, S]` for each member.
        matrices: `[E, S, rows, C]`.

    Returns:
        `[E, K, rows, C]`.
    """
    entries = matrices.shape[2] * matrices.shape[3]
    padding = -entries % (ALIGNMENT // matrices.element_size())
    flat = matrices.flatten(start_dim=2)
    padded = functional.pad(flat, (0, padding)) if padding else flat
    sums = torch.matmul(coefficients, padded)[..., :entries]
    return sums.reshape(*sums.shape[:2], *matrices.shape[2:])
