"""A cell, twice: by its step alone, and with a backward pass derived by hand, which is faster.

`timeshare check my_cells:Leaky`, `timeshare check my_cells:FastLeaky`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from timeshare.recurrent.cells.base import Cell, HandDerived

if TYPE_CHECKING:
    from torch import Tensor

    from timeshare.recurrent.cells.base import State


class Leaky(Cell):
    """A leaky integrator: `h' = h + (tanh(W [1; x; h]) - h) / 4`."""

    gates = 1

    @override
    def step(self, weights: Tensor, inputs: Tensor, state: State) -> State:
        hidden, D = state[0], inputs.shape[1]
        product = weights[:, :, 1 : 1 + D] @ inputs + weights[:, :, 1 + D :] @ hidden
        new = (product + weights[:, :, :1]).tanh()
        return (hidden + (new - hidden) / 4,)


class FastLeaky(HandDerived):
    """The same cell: `forward` and `backward` compute what `step` and autograd compute."""

    gates = 1
    saved_rows = 1  # forward saves the tanh, [E, H, B]
    preactivation_rows = 1

    step = Leaky.step

    @override
    def forward(
        self, weights: Tensor, stacked: Tensor, saved: Tensor, before: State, after: State
    ) -> None:
        saved.baddbmm_(weights, stacked, beta=0).tanh_()
        after[0].copy_(saved).sub_(before[0]).mul_(0.25).add_(before[0])

    @override
    def backward(
        self,
        saved: Tensor,
        before: State,
        after: State,
        gradient: State,
        preactivation_gradients: Tensor,
    ) -> None:
        # h' = 3/4 h + 1/4 tanh(a): a quarter of the gradient passes through the tanh to a ...
        preactivation_gradients.copy_(saved).mul_(saved).neg_().add_(1)
        preactivation_gradients.mul_(gradient[0]).mul_(0.25)
        # ... and three quarters reach h without passing through the weights.
        gradient[0].mul_(0.75)
