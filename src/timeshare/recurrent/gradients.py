"""Where the gradient of a window's weights goes."""

from typing import Any

import torch
from torch import Tensor


def remember(ctx: Any, weights: Tensor) -> None:
    """Note in `forward` which leaf, if any, the weights are."""
    leaf = weights.requires_grad and weights.is_leaf
    ctx.weights_edge = torch.autograd.graph.get_gradient_edge(weights).node if leaf else None


def existing(ctx: Any) -> Tensor | None:
    """The gradient that earlier windows left, if this backward pass may add to it in place.

    A window of an unshared network touches K of T matrices. Were its gradient a tensor of its own,
    each window would fill and add all T of them: the cost of an update would grow with T squared.
    Only `backward` may add in place; `torch.autograd.grad` promises to leave `.grad` alone.
    """
    if ctx.weights_edge is None:
        return None
    gradient = ctx.weights_edge.variable.grad
    if gradient is None or not gradient.is_contiguous():
        return None
    try:
        accumulates = torch._C._will_engine_execute_node(ctx.weights_edge)
    except RuntimeError:  # how the engine says that it runs `torch.autograd.grad`
        return None
    return gradient if accumulates and isinstance(gradient, Tensor) else None
