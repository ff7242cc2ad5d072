"""The long short-term memory cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from timeshare.recurrent.cells.base import HandDerived

if TYPE_CHECKING:
    from torch import Tensor

    from timeshare.recurrent.cells.base import State


class LSTM(HandDerived):
    """LSTM with a forget gate and no peepholes, as in `torch.nn.LSTM`.

    `i, f, o = sigmoid(.)`, `g = tanh(.)`, `c' = f c + i g`, `h' = o tanh(c')`; rows of the matrix
    in torch's order i, f, g, o, and one bias, which replaces the sum of torch's two.

    Source: Hochreiter & Schmidhuber (1997); Gers et al. (2000) for the forget gate.
    """

    gates = 4
    states = 2
    forget_rows = 1
    saved_rows = 5
    preactivation_rows = 4
    compiled = "lstm"

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
        self, weights: Tensor, stacked: Tensor, saved: Tensor, before: State, after: State
    ) -> None:
        H = saved.shape[1] // 5
        gates, tanh_memory = saved[:, : 4 * H], saved[:, 4 * H :]
        i, f, g, o = gates.chunk(4, dim=1)
        gates.baddbmm_(weights, stacked, beta=0)
        # PyTorch's tanh is several times slower on a CPU than 2 sigmoid(2x) - 1, which equals it.
        g.mul_(2)
        gates.sigmoid_()
        g.mul_(2).sub_(1)
        hidden, memory = after
        memory.copy_(before[1]).mul_(f).addcmul_(i, g)
        tanh_memory.copy_(memory).mul_(2).sigmoid_().mul_(2).sub_(1)
        hidden.copy_(tanh_memory).mul_(o)

    @override
    def backward(
        self,
        saved: Tensor,
        before: State,
        after: State,
        gradient: State,
        preactivation_gradients: Tensor,
    ) -> None:
        i, f, g, o, tanh_memory = saved.chunk(5, dim=1)
        d_i, d_f, d_g, d_o = preactivation_gradients.chunk(4, dim=1)
        d_hidden, d_memory = gradient
        # The step has no other buffer, so d_i holds intermediate values until its own is computed.
        d_i.copy_(tanh_memory).mul_(tanh_memory).neg_().add_(1).mul_(o)
        d_memory.addcmul_(d_hidden, d_i)
        d_o.copy_(o).mul_(o).neg_().add_(o).mul_(tanh_memory).mul_(d_hidden)
        d_f.copy_(f).mul_(f).neg_().add_(f).mul_(before[1]).mul_(d_memory)
        d_i.copy_(i).mul_(i).neg_().add_(i).mul_(g).mul_(d_memory)
        d_g.copy_(g).mul_(g).neg_().add_(1).mul_(i).mul_(d_memory)
        d_memory.mul_(f)
        d_hidden.zero_()
