"""Weights that are a function of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field
from typing_extensions import override

from timeshare.recurrent.schedules.base import WEIGHTS, Extension, Schedule
from timeshare.recurrent.timing import cosines

if TYPE_CHECKING:
    from torch import Tensor


class Basis(Schedule):
    """Weights at t are a sum of fixed functions of t/T with learned matrices.

    `W(t) = sum_j cos(pi j (t + 1/2) / T) W_j`; S = functions, whatever T. One function, the
    constant, is `shared`; T functions span all that `unshared` can be. Defined at any t. The start
    is that of `shared`: the matrices of all but the constant function start at zero.
    """

    needs_extension: ClassVar[bool] = False

    functions: int = Field(ge=1, description="Number of cosines of t/T, the constant included.")

    @override
    def matrices(self, length: int) -> int:
        return self.functions

    @override
    def start(self, draw: Callable[[], Tensor], length: int) -> dict[str, Tensor]:
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
        """`[E, len(steps), gates*H, C]`, one matrix a step; a lone constant costs no copy."""
        matrices = parameters[WEIGHTS]
        if self.functions == 1:
            return matrices, [0] * len(steps)
        functions = matrices.new_tensor(cosines(steps, length, self.functions))
        products = functions @ matrices.flatten(start_dim=2)
        return products.reshape(*products.shape[:2], *matrices.shape[2:]), list(range(len(steps)))
