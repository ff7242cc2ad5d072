"""Convolutions over time: weights that steps share in another way than a recurrent network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pydantic import Field
from typing_extensions import override

from timeshare.references.base import LinearMap, Reference, Sizes

if TYPE_CHECKING:
    from torch import Tensor


class Cnn(Reference):
    """Causal 1-D convolutions with H channels and rectified units.

    Each layer's dilation is twice that of the layer before, so that n layers of kernels of k steps
    see `1 + (k - 1)(2^n - 1)` steps back. Source: Bai et al. (2018), "An empirical evaluation of
    generic convolutional and recurrent networks for sequence modeling", whose residual connections
    and normalised weights are left out.
    """

    every_step = True

    layers: int = Field(default=3, ge=1, le=256, description="Convolutions, one after another.")
    kernel_size: int = Field(default=5, ge=1, le=65_536, description="Steps that a kernel covers.")

    @override
    def maps(self, sizes: Sizes) -> dict[str, LinearMap]:
        H, T = sizes.hidden_size, sizes.length
        widths = [sizes.input_size, *[H] * self.layers]
        return {
            f"layer-{i}": LinearMap(H, widths[i] * self.kernel_size, T) for i in range(self.layers)
        }

    @override
    def width(self, sizes: Sizes) -> int:
        return sizes.hidden_size

    @override
    def features(self, tensors: Mapping[str, Tensor], inputs: Tensor) -> Tensor:
        hidden = inputs
        for layer, matrix in enumerate(tensors.values()):
            hidden = self._convolved(matrix, hidden, 2**layer).relu()
        return hidden

    def _convolved(self, matrix: Tensor, inputs: Tensor, dilation: int) -> Tensor:
        """A convolution of `[C, T, B]` to `[H, T, B]`, as one product for each step of the kernel.

        The columns of the matrix are those of the kernel's first step, which lies furthest back,
        then those of the next.
        """
        import torch
        from torch.nn.functional import pad

        channels, steps, batch = inputs.shape
        padded = pad(inputs, (0, 0, (self.kernel_size - 1) * dilation, 0))
        total = matrix[:, :1]
        for place, kernel in enumerate(torch.split(matrix[:, 1:], channels, dim=1)):
            first = place * dilation
            total = total + kernel @ padded[:, first : first + steps].reshape(channels, -1)
        return total.reshape(-1, steps, batch)
