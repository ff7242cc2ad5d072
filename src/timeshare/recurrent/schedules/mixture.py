"""Weights that are a learned mixture of a few matrices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field
from typing_extensions import override

from timeshare.recurrent.schedules.base import WEIGHTS, Extension, Schedule
from timeshare.recurrent.timing import cosines

if TYPE_CHECKING:
    from torch import Tensor

MIXING = "mixing"


class Mixture(Schedule):
    """Weights at t are a convex mixture of k learned matrices; S = components, whatever T.

    The shares are a softmax over components of a learned linear function of a few cosines of t/T,
    so they are defined at any t. Oh et al. (2019), "Relaxed parameter sharing: effectively modeling
    time-varying relationships in clinical time-series", learn one free logit per step instead,
    which ends at T.
    """

    needs_extension: ClassVar[bool] = False

    components: int = Field(ge=1, description="Number of matrices that are mixed.")
    features: int = Field(
        default=4, ge=1, description="Cosines of t/T that the mixing reads, the constant included."
    )

    @override
    def matrices(self, length: int) -> int:
        return self.components

    @override
    def extras(self, length: int) -> dict[str, tuple[int, ...]]:
        return {MIXING: (self.features, self.components)}

    @override
    def start(self, draw: Callable[[], Tensor], length: int) -> dict[str, Tensor]:
        """Independent matrices, mixed by shares that already differ between steps.

        The logits start on a fixed pattern (component c follows cosine c modulo `features`): equal
        shares of independent matrices at every step would start with much smaller weights.
        """
        tensors = super().start(draw, length)
        mixing = tensors[WEIGHTS].new_zeros((self.features, self.components))
        for component in range(self.components):
            sign = -1 if component // self.features % 2 else 1
            mixing[component % self.features, component] = sign
        return {**tensors, MIXING: mixing}

    @override
    def weights(
        self,
        parameters: Mapping[str, Tensor],
        steps: Sequence[int],
        length: int,
        total: int,
        extension: Extension | None,
    ) -> tuple[Tensor, list[int]]:
        """`[E, len(steps), gates*H, C]`, one matrix a step."""
        matrices, mixing = parameters[WEIGHTS], parameters[MIXING]
        features = matrices.new_tensor(cosines(steps, length, self.features))
        shares = (features @ mixing).softmax(dim=-1)
        products = shares @ matrices.flatten(start_dim=2)
        return products.reshape(*products.shape[:2], *matrices.shape[2:]), list(range(len(steps)))
