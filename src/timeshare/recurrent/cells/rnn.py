"""The simple recurrent cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from timeshare.recurrent.cells.base import HandDerived

if TYPE_CHECKING:
    from torch import Tensor

    from timeshare.recurrent.cells.base import State


class RNN(HandDerived):
    """Elman's network with tanh, as in `torch.nn.RNN`: `h' = tanh(W [1; x; h])`.

    One bias, which replaces the sum of torch's two. Source: Elman (1990).
    """

    gates = 1
    saved_rows = 0
    preactivation_rows = 1
    compiled = "rnn"

    @override
    def step(self, weights: Tensor, inputs: Tensor, state: State) -> State:
        D = inputs.shape[1]
        product = weights[:, :, 1 : 1 + D] @ inputs + weights[:, :, 1 + D :] @ state[0]
        return ((product + weights[:, :, :1]).tanh(),)

    @override
    def forward(
        self, weights: Tensor, stacked: Tensor, saved: Tensor, before: State, after: State
    ) -> None:
        hidden = after[0]
        hidden.baddbmm_(weights, stacked, beta=0)
        # PyTorch's tanh is several times slower on a CPU than 2 sigmoid(2x) - 1, which equals it.
        hidden.mul_(2).sigmoid_().mul_(2).sub_(1)

    @override
    def backward(
        self,
        saved: Tensor,
        before: State,
        after: State,
        gradient: State,
        preactivation_gradients: Tensor,
    ) -> None:
        hidden = after[0]
        preactivation_gradients.copy_(hidden).mul_(hidden).neg_().add_(1).mul_(gradient[0])
        gradient[0].zero_()
