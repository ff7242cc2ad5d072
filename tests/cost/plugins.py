"""A cell and a schedule that the package does not have, as a user would write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from timeshare.recurrent.cells.base import Cell
from timeshare.recurrent.schedules.base import WEIGHTS, Extension, Schedule

if TYPE_CHECKING:
    from torch import Tensor

    from timeshare.recurrent.cells.base import State


class Coupled(Cell):
    """A gated cell that only defines `step`: `h' = z h + (1 - z) tanh(n)`."""

    gates = 2

    def step(self, weights: Tensor, inputs: Tensor, state: State) -> State:
        (hidden,) = state
        D = inputs.shape[1]
        product = weights[:, :, 1 : 1 + D] @ inputs + weights[:, :, 1 + D :] @ hidden
        gate, new = (product + weights[:, :, :1]).chunk(2, dim=1)
        gate = gate.sigmoid()
        return (gate * hidden + (1 - gate) * new.tanh(),)


class Drifting(Schedule):
    """Weights that move from one learned matrix to another; says nothing about its cost."""

    needs_extension = False

    def matrices(self, length: int) -> int:
        return 2

    def weights(
        self,
        parameters: Mapping[str, Tensor],
        steps: Sequence[int],
        length: int,
        total: int,
        extension: Extension | None,
    ) -> tuple[Tensor, list[int]]:
        matrices = parameters[WEIGHTS]
        shares = matrices.new_tensor([[1 - step / length, step / length] for step in steps])
        moved = shares @ matrices.flatten(start_dim=2)
        return moved.reshape(*moved.shape[:2], *matrices.shape[2:]), list(range(len(steps)))


class Decayed(Schedule):
    """A matrix for each step, with a penalty on their squares; says nothing about its cost."""

    def matrices(self, length: int) -> int:
        return length

    def position(self, step: int, length: int) -> int:
        return step

    def penalty(self, weights: Tensor) -> Tensor | None:
        return 0.1 * weights.square().sum(dim=(1, 2, 3))
