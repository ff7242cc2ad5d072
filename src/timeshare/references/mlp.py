"""A fully connected network on the flattened sequence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pydantic import Field
from typing_extensions import override

from timeshare.references.base import LinearMap, Reference, Sizes

if TYPE_CHECKING:
    from torch import Tensor


class Mlp(Reference):
    """Layers of H rectified units; the first one receives the inputs of all steps."""

    layers: int = Field(default=2, ge=1, le=256, description="Hidden layers.")

    @override
    def maps(self, sizes: Sizes) -> dict[str, LinearMap]:
        H = sizes.hidden_size
        widths = [sizes.input_size * sizes.length, *[H] * self.layers]
        return {f"layer-{i}": LinearMap(H, widths[i]) for i in range(self.layers)}

    @override
    def width(self, sizes: Sizes) -> int:
        return sizes.hidden_size

    @override
    def features(self, tensors: Mapping[str, Tensor], inputs: Tensor) -> Tensor:
        hidden = inputs.flatten(0, 1)
        for matrix in tensors.values():
            hidden = (matrix[:, :1] + matrix[:, 1:] @ hidden).relu()
        return hidden
