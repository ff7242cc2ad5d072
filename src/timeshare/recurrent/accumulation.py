"""The accumulation buffer, to which a window adds the gradient of its weights in place."""

from typing import Any

import torch
from torch import Tensor


def note_leaf(ctx: Any, weights: Tensor) -> None:
    """Store in `forward` the leaf of the graph that the weights are, if they are one."""
    leaf = weights.requires_grad and weights.is_leaf
    ctx.weights_edge = torch.autograd.graph.get_gradient_edge(weights).node if leaf else None


def accumulation_buffer(ctx: Any) -> Tensor | None:
    """The gradient of the weights so far, if this backward pass may add to it in place.

    A window of an unshared network uses K of T matrices. If its gradient were a tensor of its own,
    each window would fill and add all T of them, and an update would take time in T squared.
    Only `backward` may add in place; `torch.autograd.grad` must not change `.grad`.
    """
    if ctx.weights_edge is None:
        return None
    gradient = ctx.weights_edge.variable.grad
    if gradient is None or not gradient.is_contiguous():
        return None
    try:
        accumulates = torch._C._will_engine_execute_node(ctx.weights_edge)
    except RuntimeError:  # the autograd engine raises this under `torch.autograd.grad`
        return None
    return gradient if accumulates and isinstance(gradient, Tensor) else None
