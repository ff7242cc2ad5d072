"""The gated recurrent unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from timeshare.recurrent.cells.base import HandDerived

if TYPE_CHECKING:
    from torch import Tensor

    from timeshare.recurrent.cells.base import State


class GRU(HandDerived):
    """Gated recurrent unit, as in `torch.nn.GRU`.

    `r, z = sigmoid(.)`, `n = tanh(Wx [1; x] + r Wh [1; h])`, `h' = n + z (h - n)`; rows of the
    matrix in torch's order r, z, n. The reset gate multiplies a product of its own, bias included,
    so a second constant precedes the state: the columns are `[1; x; 1; h]`, for torch's two biases.

    Source: Cho et al. (2014), in the variant of cuDNN and PyTorch (reset after the product).
    """

    gates = 3
    recurrent_constant = True
    saved_rows = 4
    preactivation_rows = 4
    compiled = "gru"

    @override
    def step(self, weights: Tensor, inputs: Tensor, state: State) -> State:
        hidden = state[0]
        D = inputs.shape[1]
        by_inputs = weights[:, :, :1] + weights[:, :, 1 : 1 + D] @ inputs
        by_state = weights[:, :, 1 + D : 2 + D] + weights[:, :, 2 + D :] @ hidden
        r_inputs, z_inputs, n_inputs = by_inputs.chunk(3, dim=1)
        r_state, z_state, n_state = by_state.chunk(3, dim=1)
        r, z = (r_inputs + r_state).sigmoid(), (z_inputs + z_state).sigmoid()
        n = (n_inputs + r * n_state).tanh()
        return (n + z * (hidden - n),)

    @override
    def forward(
        self, weights: Tensor, stacked: Tensor, saved: Tensor, before: State, after: State
    ) -> None:
        H = saved.shape[1] // 4
        split = weights.shape[2] - H - 1
        gates, n, n_state = saved[:, : 2 * H], saved[:, 2 * H : 3 * H], saved[:, 3 * H :]
        r, z = gates.chunk(2, dim=1)
        gates.baddbmm_(weights[:, : 2 * H], stacked, beta=0).sigmoid_()
        n_state.baddbmm_(weights[:, 2 * H :, split:], stacked[:, split:], beta=0)
        n.baddbmm_(weights[:, 2 * H :, :split], stacked[:, :split], beta=0).addcmul_(r, n_state)
        # PyTorch's tanh is several times slower on a CPU than 2 sigmoid(2x) - 1, which equals it.
        n.mul_(2).sigmoid_().mul_(2).sub_(1)
        after[0].copy_(before[0]).sub_(n).mul_(z).add_(n)

    @override
    def backward(
        self,
        saved: Tensor,
        before: State,
        after: State,
        gradient: State,
        preactivation_gradients: Tensor,
    ) -> None:
        r, z, n, n_state = saved.chunk(4, dim=1)
        d_r, d_z, d_n, d_n_state = preactivation_gradients.chunk(4, dim=1)
        d_hidden = gradient[0]
        d_n.copy_(z).neg_().add_(1).mul_(d_hidden)
        d_r.copy_(n).mul_(n).neg_().add_(1)
        d_n.mul_(d_r)
        d_n_state.copy_(d_n).mul_(r)
        d_r.copy_(r).mul_(r).neg_().add_(r).mul_(n_state).mul_(d_n)
        # d_z is computed in two parts, because d_hidden is overwritten between them.
        d_z.copy_(before[0]).sub_(n).mul_(d_hidden)
        d_hidden.mul_(z)
        d_z.mul_(z).addcmul_(d_z, z, value=-1)

    @override
    def linear_backward(
        self,
        weights: Tensor,
        preactivation_gradients: Tensor,
        stacked: Tensor,
        weights_gradient: Tensor | None,
        hidden_gradient: Tensor,
        inputs_gradient: Tensor | None,
    ) -> None:
        """Rows of r and z have all columns; those of n have `[1; x]` and `[1; h]` separately."""
        H = hidden_gradient.shape[1]
        split = weights.shape[2] - H - 1
        rz, n, n_state = (
            preactivation_gradients[:, : 2 * H],
            preactivation_gradients[:, 2 * H : 3 * H],
            preactivation_gradients[:, 3 * H :],
        )
        if weights_gradient is not None:
            columns = stacked.transpose(1, 2)
            weights_gradient[:, : 2 * H].baddbmm_(rz, columns)
            weights_gradient[:, 2 * H :, :split].baddbmm_(n, columns[:, :, :split])
            weights_gradient[:, 2 * H :, split:].baddbmm_(n_state, columns[:, :, split:])
        transposed = weights.transpose(1, 2)
        hidden_gradient.baddbmm_(transposed[:, -H:, : 2 * H], rz)
        hidden_gradient.baddbmm_(transposed[:, -H:, 2 * H :], n_state)
        if inputs_gradient is not None:
            rows = slice(1, 1 + inputs_gradient.shape[1])
            inputs_gradient.baddbmm_(
                transposed[:, rows], preactivation_gradients[:, : 3 * H], beta=0
            )
