"""The linear read-out of many members, each computed as if it were alone."""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable


def read_shared(readout: Tensor, hidden: Tensor) -> Tensor:
    """Outputs `[k, E, O, B]` of one read-out `[E, O, 1 + H]` for hidden states `[k, E, H, B]`."""
    outputs: Tensor = _Shared.apply(readout, hidden)  # type: ignore[no-untyped-call]
    return outputs


class _Shared(torch.autograd.Function):
    """One read-out for k steps.

    Ordinary autograd would sum the k gradients of the read-out by a reduction whose rounding
    depends on the number of members. Here they are added one after the other.
    """

    @staticmethod
    def forward(ctx: Any, readout: Tensor, hidden: Tensor) -> Tensor:
        ctx.save_for_backward(readout, hidden)
        return readout[..., :1] + readout[..., 1:] @ hidden

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None]:
        readout, hidden = ctx.saved_tensors
        for_readout, for_hidden = ctx.needs_input_grad
        gradient = gradient.contiguous()
        d_readout = d_hidden = None
        if for_readout:
            biases = _added(gradient.sum(dim=-1, keepdim=True))
            d_readout = torch.cat([biases, _added(gradient @ hidden.transpose(2, 3))], dim=-1)
        if for_hidden:
            d_hidden = readout[..., 1:].transpose(1, 2) @ gradient
        return d_readout, d_hidden


def _added(parts: Tensor) -> Tensor:
    """The sum over the first axis, one part after the other."""
    total = parts[0]
    for part in parts[1:]:
        total += part
    return total
