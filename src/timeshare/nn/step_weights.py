"""The weights of all steps of a sequence, and those that a window of it uses."""

from collections.abc import Sequence

import torch
from torch import Tensor


class StepWeights:
    """Matrices, and which of them each step uses.

    Arguments:
        weights: `[E, S, gates*H, C]`.
        index: for each step of the sequence, which of the S matrices.
    """

    def __init__(self, weights: Tensor, index: Sequence[int]) -> None:
        self._weights = weights
        self._index = list(index)
        self._matrices: tuple[Tensor, ...] | None = None

    def window(self, steps: range) -> tuple[Tensor, list[int]]:
        """The matrices of some of the steps, and which of those each step uses.

        The gradient of a window is a tensor of all the matrices that it is given. If each window
        were given all of them, the backward pass would take time in the square of their number.
        """
        index = self._index[steps.start : steps.stop]
        if len(index) == len(self._index) or self._weights.shape[1] == 1:
            return self._weights, index
        if self._matrices is None:
            self._matrices = self._weights.unbind(dim=1)
        used = sorted(set(index))
        weights = torch.stack([self._matrices[which] for which in used], dim=1)
        return weights, [used.index(which) for which in index]


def with_bias_columns(weights: Tensor, input_size: int, constants: int) -> Tensor:
    """Matrices without biases, `[E, S, gates*H, D + H]`, with columns of zeros for the constants.

    Arguments:
        weights: matrices whose columns are `[x; h]`.
        input_size: features D, time features included.
        constants: how many there are: 1 for `[1; x; h]`, 2 for `[1; x; 1; h]`.
    """
    zeros = weights.new_zeros((*weights.shape[:-1], 1))
    by_inputs, by_state = weights[..., :input_size], weights[..., input_size:]
    return torch.cat([zeros, by_inputs, *[zeros] * (constants - 1), by_state], dim=-1)


def without_bias_columns(weights: Tensor, input_size: int, constants: int) -> Tensor:
    """The inverse of `with_bias_columns`; arguments as there."""
    by_inputs, by_state = weights[..., 1 : 1 + input_size], weights[..., constants + input_size :]
    return torch.cat([by_inputs, by_state], dim=-1)
