"""The long short-term memory cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from timeshare.recurrent.cells.base import HandDerived

if TYPE_CHECKING:
    from torch import Tensor

    from timeshare.recurrent.cells.base import State


class LSTM(HandDerived):
    """LSTM with a forget gate and no peepholes, as in `torch.nn.LSTM`.

    `i, f, o = sigmoid(.)`, `g = tanh(.)`, `c' = f c + i g`, `h' = o tanh(c')`; rows of the matrix
    in torch's order i, f, g, o, and one bias, which stands for the sum of torch's two.

    Source: Hochreiter & Schmidhuber (1997); Gers et al. (2000) for the forget gate.
    """

    gates: ClassVar[int] = 4
    states: ClassVar[int] = 2
    forget_rows: ClassVar[int | None] = 1
    kept: ClassVar[int] = 5
    products: ClassVar[int] = 4
    compiled: ClassVar[str | None] = "lstm"

    @override
    def step(self, weights: Tensor, inputs: Tensor, state: State) -> State:
        hidden, memory = state
        D = inputs.shape[1]
        product = weights[:, :, 1 : 1 + D] @ inputs + weights[:, :, 1 + D :] @ hidden
        i, f, g, o = (product + weights[:, :, :1]).chunk(4, dim=1)
        memory = f.sigmoid() * memory + i.sigmoid() * g.tanh()
        return o.sigmoid() * memory.tanh(), memory

    @override
    def forward(
        self, weights: Tensor, stacked: Tensor, kept: Tensor, before: State, after: State
    ) -> None:
        H = kept.shape[1] // 5
        gates, tanh_memory = kept[:, : 4 * H], kept[:, 4 * H :]
        i, f, g, o = gates.chunk(4, dim=1)
        gates.baddbmm_(weights, stacked, beta=0)
        # PyTorch's CPU tanh is several times slower than sigmoid: tanh(x) = 2 sigmoid(2x) - 1.
        g.mul_(2)
        gates.sigmoid_()
        g.mul_(2).sub_(1)
        hidden, memory = after
        memory.copy_(before[1]).mul_(f).addcmul_(i, g)
        tanh_memory.copy_(memory).mul_(2).sigmoid_().mul_(2).sub_(1)
        hidden.copy_(tanh_memory).mul_(o)

    @override
    def backward(
        self, kept: Tensor, before: State, after: State, gradient: State, products: Tensor
    ) -> None:
        i, f, g, o, tanh_memory = kept.chunk(5, dim=1)
        d_i, d_f, d_g, d_o = products.chunk(4, dim=1)
        d_hidden, d_memory = gradient
        # d_i serves as scratch until it is due: products are the only buffer of this step.
        d_i.copy_(tanh_memory).mul_(tanh_memory).neg_().add_(1).mul_(o)
        d_memory.addcmul_(d_hidden, d_i)
        d_o.copy_(o).mul_(o).neg_().add_(o).mul_(tanh_memory).mul_(d_hidden)
        d_f.copy_(f).mul_(f).neg_().add_(f).mul_(before[1]).mul_(d_memory)
        d_i.copy_(i).mul_(i).neg_().add_(i).mul_(g).mul_(d_memory)
        d_g.copy_(g).mul_(g).neg_().add_(1).mul_(i).mul_(d_memory)
        d_memory.mul_(f)
        d_hidden.zero_()
