"""Weights that are a function of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import Field
from typing_extensions import override

from timeshare.recurrent.schedules.base import WEIGHTS, Extension, Schedule
from timeshare.recurrent.time_features import cosines

if TYPE_CHECKING:
    from torch import Tensor


class Basis(Schedule):
    """Weights at t are a sum of fixed functions of t/T with learned matrices.

    `W(t) = sum_j cos(pi j (t + 1/2) / T) W_j`; S = functions, whatever T. One function, the
    constant, is `shared`; T functions span all that `unshared` can be. Defined at any t. The
    initialisation is that of `shared`: the matrices of all other functions are zero.
    """

    needs_extension = False

    functions: int = Field(
        ge=1, le=65_536, description="Number of cosines of t/T, the constant included."
    )

    @override
    def matrices(self, length: int) -> int:
        return self.functions

    @override
    def initialise(self, draw: Callable[[], Tensor], length: int) -> dict[str, Tensor]:
        first = draw()
        weights = first.new_zeros((self.functions, *first.shape))
        weights[0] = first
        return {WEIGHTS: weights}

    @override
    def weights(
        self,
        parameters: Mapping[str, Tensor],
        steps: Sequence[int],
        length: int,
        total: int,
        extension: Extension | None,
    ) -> tuple[Tensor, list[int]]:
        """`[E, len(steps), gates*H, C]`, one matrix a step; the constant alone is not copied."""
        from timeshare.recurrent.combination import combined

        matrices = parameters[WEIGHTS]
        if self.functions == 1:
            return matrices, [0] * len(steps)
        functions = matrices.new_tensor(cosines(steps, length, self.functions))
        return combined(functions, matrices), list(range(len(steps)))

    @override
    def matrices_per_step(self, length: int) -> int:
        return self.functions if self.functions > 1 else 0
