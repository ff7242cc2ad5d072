"""Weights that are a learned mixture of a few matrices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import Field
from typing_extensions import override

from timeshare.recurrent.schedules.base import WEIGHTS, Extension, Schedule
from timeshare.recurrent.time_features import cosines

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

    needs_extension = False

    components: int = Field(ge=1, le=65_536, description="Number of matrices that are mixed.")
    features: int = Field(
        default=4,
        ge=1,
        le=65_536,
        description="Cosines of t/T that the mixing reads, the constant included.",
    )

    @override
    def matrices(self, length: int) -> int:
        return self.components

    @override
    def extras(self, length: int) -> dict[str, tuple[int, ...]]:
        return {MIXING: (self.features, self.components)}

    @override
    def initialise(self, draw: Callable[[], Tensor], length: int) -> dict[str, Tensor]:
        """Independent matrices, mixed by shares that differ between steps from the beginning.

        The logits have a fixed initial pattern (component c follows cosine c modulo `features`),
        because equal shares of independent matrices would give much smaller initial weights.
        """
        tensors = super().initialise(draw, length)
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
        from timeshare.recurrent.combination import combined

        matrices, mixing = parameters[WEIGHTS], parameters[MIXING]
        features = matrices.new_tensor(cosines(steps, length, self.features))
        shares = (features @ mixing).softmax(dim=-1)
        return combined(shares, matrices), list(range(len(steps)))

    @override
    def flops_forward(self, length: int, entries: int) -> int:
        """Besides the sum of the matrices, the logits are computed from the features."""
        return super().flops_forward(length, entries) + self._flops_logits()

    @override
    def flops_backward(self, length: int, entries: int) -> int:
        """The shares are learned: gradients of the matrices, of the shares and of the logits."""
        return 2 * super().flops_forward(length, entries) + self._flops_logits()

    def _flops_logits(self) -> int:
        return 2 * self.features * self.components
