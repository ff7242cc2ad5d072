"""The accumulation buffer, to which a window adds the gradient of its weights in place."""

from typing import Any

import torch
from torch import Tensor


def accumulation_buffer(ctx: Any) -> Tensor | None:
    """The gradient of the weights so far, if this backward pass may add to it in place.

    A window of an unshared network uses K of T matrices. If its gradient were a tensor of its own,
    each window would fill and add all T of them, and an update would take time in T squared.
    Only `backward` may add in place; `torch.autograd.grad` must not change `.grad`.

    Arguments:
        ctx: the node of a function whose first tensor argument is the weights.
    """
    node = ctx.next_functions[0][0]
    leaf = getattr(node, "variable", None)  # only a node that accumulates for a leaf has one
    if leaf is None or leaf.grad is None or not leaf.grad.is_contiguous():
        return None
    try:
        accumulates = torch._C._will_engine_execute_node(node)
    except RuntimeError:  # the autograd engine raises this under `torch.autograd.grad`
        return None
    return leaf.grad if accumulates and isinstance(leaf.grad, Tensor) else None
