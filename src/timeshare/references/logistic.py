"""A linear map of the flattened sequence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from typing_extensions import override

from timeshare.references.base import LinearMap, Reference, Sizes

if TYPE_CHECKING:
    from torch import Tensor


class Logistic(Reference):
    """No hidden units: the read-out receives the inputs of all steps.

    With cross-entropy it is multinomial logistic regression, with squared error linear regression.
    """

    sized = False

    @override
    def maps(self, sizes: Sizes) -> dict[str, LinearMap]:
        return {}

    @override
    def width(self, sizes: Sizes) -> int:
        return sizes.input_size * sizes.length

    @override
    def features(self, tensors: Mapping[str, Tensor], inputs: Tensor) -> Tensor:
        return inputs.flatten(0, 1)
