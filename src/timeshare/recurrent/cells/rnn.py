"""The simple recurrent cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from timeshare.recurrent.cells.base import HandDerived

if TYPE_CHECKING:
    from torch import Tensor

    from timeshare.recurrent.cells.base import State


class RNN(HandDerived):
    """Elman's network with tanh, as in `torch.nn.RNN`: `h' = tanh(W [1; x; h])`.

    One bias, which stands for the sum of torch's two. Source: Elman (1990).
    """

    gates: ClassVar[int] = 1
    kept: ClassVar[int] = 0
    products: ClassVar[int] = 1
    compiled: ClassVar[str | None] = "rnn"

    @override
    def step(self, weights: Tensor, inputs: Tensor, state: State) -> State:
        D = inputs.shape[1]
        product = weights[:, :, 1 : 1 + D] @ inputs + weights[:, :, 1 + D :] @ state[0]
        return ((product + weights[:, :, :1]).tanh(),)

    @override
    def forward(
        self, weights: Tensor, stacked: Tensor, kept: Tensor, before: State, after: State
    ) -> None:
        hidden = after[0]
        hidden.baddbmm_(weights, stacked, beta=0)
        # PyTorch's CPU tanh is several times slower than sigmoid: tanh(x) = 2 sigmoid(2x) - 1.
        hidden.mul_(2).sigmoid_().mul_(2).sub_(1)

    @override
    def backward(
        self, kept: Tensor, before: State, after: State, gradient: State, products: Tensor
    ) -> None:
        hidden = after[0]
        products.copy_(hidden).mul_(hidden).neg_().add_(1).mul_(gradient[0])
        gradient[0].zero_()
