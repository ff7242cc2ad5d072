"""Each step has its own weights, with a penalty on differences of neighbouring steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import Field
from typing_extensions import override

from timeshare.recurrent.schedules.base import Schedule

if TYPE_CHECKING:
    from torch import Tensor


class Soft(Schedule):
    """`unshared` plus a penalty on the squared difference of neighbouring steps' weights.

    Strength 0 is `unshared`; a large strength approaches `shared`.
    """

    strength: float = Field(
        default=0.01,
        ge=0,
        le=1e38,
        allow_inf_nan=False,
        description="Weight of the penalty in the loss; 0 is `unshared`.",
    )

    @override
    def matrices(self, length: int) -> int:
        return length

    @override
    def position(self, step: int, length: int) -> int:
        return step

    @override
    def penalty(self, weights: Tensor) -> Tensor | None:
        """`strength` times the sum of squared differences of neighbouring steps' weights, `[E]`."""
        if self.strength == 0:
            return None
        return self.strength * self._squares(weights)

    @override
    def penalty_of_members(self, weights: Tensor, strengths: Sequence[float]) -> Tensor | None:
        return weights.new_tensor(strengths) * self._squares(weights)

    def _squares(self, weights: Tensor) -> Tensor:
        """The sum of squared differences of neighbouring steps' weights, `[E]`."""
        difference = weights[:, 1:] - weights[:, :-1]
        return difference.square().sum(dim=(1, 2, 3))

    @override
    def penalty_numbers(self, length: int, entries: int) -> int:
        """Four for each entry of each of the T - 1 differences."""
        return 4 * (length - 1) * entries if self.strength else 0
