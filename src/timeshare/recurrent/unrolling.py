"""A cell unrolled over a window of steps: by ordinary autograd, or eagerly on any device."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from timeshare.recurrent.accumulation import accumulation_buffer
from timeshare.recurrent.cells.base import Cell, HandDerived, State
from timeshare.registry import ContractError


def unroll_reference(
    cell: Cell, weights: Tensor, index: Sequence[int], inputs: Tensor, state: State
) -> tuple[Tensor, State]:
    """The window by ordinary autograd, step after step: the reference implementation.

    It defines what eager and compiled unrolling compute.

    Arguments:
        cell: any cell.
        weights: matrices `[E, S, gates*H, C]`.
        index: for each of K steps, which of the S matrices.
        inputs: `[K, E, D, B]`, time features included.
        state: `[E, H, B]` each.

    Returns:
        hidden states `[K, E, H, B]` after each step, and the state after the last.
    """
    # `weights[:, which]` at each step would add a gradient of all S matrices in every step back.
    matrices = weights.unbind(dim=1)
    hidden = []
    for step, which in enumerate(index):
        after = cell.step(matrices[which], inputs[step], state)
        if step == 0 and (fault := state_fault(state, after)):
            raise ContractError(f"step of {type(cell).__name__}: {fault}")
        state = after
        hidden.append(state[0])
    return torch.stack(hidden), state


def state_fault(before: State, after: object) -> str | None:
    """Why what a cell's `step` returned is no state like the one before it; None where it is."""
    if not isinstance(after, tuple):
        return f"it returns {type(after).__name__}, and a state is a tuple of tensors"
    if len(after) != len(before):
        return f"it returns {len(after)} tensors, and `states` says {len(before)}"
    for place, (new, old) in enumerate(zip(after, before, strict=True)):
        if not isinstance(new, Tensor):
            return f"part {place} of the state is no tensor but {type(new).__name__}"
        if new.shape != old.shape:
            return f"part {place} of the state is {list(new.shape)} instead of {list(old.shape)}"
        if new.dtype != old.dtype:
            return f"part {place} of the state is {new.dtype} instead of {old.dtype}"
    return None


def unroll_eager(
    cell: HandDerived, weights: Tensor, index: Sequence[int], inputs: Tensor, state: State
) -> tuple[Tensor, State]:
    """As `unroll_reference`, with the cell's hand-derived backward pass."""
    saving = torch.is_grad_enabled() and any(
        tensor.requires_grad for tensor in (weights, inputs, *state)
    )
    hidden, *after = _Eager.apply(cell, index, saving, weights, inputs, *state)  # type: ignore[no-untyped-call]
    return hidden, tuple(after)


class _Eager(torch.autograd.Function):
    """The window, all of its steps one node of the graph.

    What a step reads from its neighbours is in one buffer per kind with K + 1 slots; without a
    graph there are two slots, used in turn.
    """

    @staticmethod
    def forward(
        ctx: Any,
        cell: HandDerived,
        index: Sequence[int],
        saving: bool,
        weights: Tensor,
        inputs: Tensor,
        *state: Tensor,
    ) -> tuple[Tensor, ...]:
        K, (E, H, B), D = len(index), state[0].shape, inputs.shape[2]
        slots = K + 1 if saving else 2
        stacked = inputs.new_empty((slots, E, weights.shape[3], B))
        if cell.recurrent_constant:
            stacked[:, :, 1 + D].fill_(1)
        stacked[:, :, 0].fill_(1)
        saved = inputs.new_empty((slots, E, cell.saved_rows * H, B))
        memory = [inputs.new_empty((slots, E, H, B)) for _ in state[1:]]
        hidden = inputs.new_empty((K, E, H, B))
        states = [stacked[:, :, -H:], *memory]
        for slot, start in zip(states, state, strict=True):
            slot[0].copy_(start)
        for step, which in enumerate(index):
            now, then = step % slots, (step + 1) % slots
            stacked[now, :, 1 : 1 + D].copy_(inputs[step])
            after = (hidden[step], *(slot[then] for slot in memory))
            before = tuple(slot[now] for slot in states)
            cell.forward(weights[:, which], stacked[now], saved[now], before, after)
            stacked[then, :, -H:].copy_(hidden[step])
        if saving:
            ctx.cell, ctx.index = cell, index
            ctx.save_for_backward(weights, stacked, saved, *memory)
            ctx.set_materialize_grads(False)
        return (hidden, *(slot[K % slots].clone() for slot in states))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, hidden: Tensor | None, *state: Tensor | None) -> tuple[Any, ...]:
        weights, stacked, saved, *memory = ctx.saved_tensors
        cell, K = ctx.cell, len(ctx.index)
        E, rows, C = weights.shape[0], weights.shape[2], weights.shape[3]
        H, B, D = rows // cell.gates, stacked.shape[3], C - cell.columns(0, rows // cell.gates)
        for_weights, for_inputs, *_ = ctx.needs_input_grad[3:]
        added_to = accumulation_buffer(ctx) if for_weights else None
        weights_gradient = added_to
        if for_weights and added_to is None:
            weights_gradient = torch.zeros_like(weights)
        inputs_gradient = stacked.new_empty((K, E, D, B)) if for_inputs else None
        gradient = tuple(
            stacked.new_zeros((E, H, B)) if part is None else part.clone() for part in state
        )
        preactivation_gradients = stacked.new_empty((E, cell.preactivation_rows * H, B))
        states = [stacked[:, :, -H:], *memory]
        for step in reversed(range(K)):
            if hidden is not None:
                gradient[0].add_(hidden[step])
            before = tuple(slot[step] for slot in states)
            after = tuple(slot[step + 1] for slot in states)
            cell.backward(saved[step], before, after, gradient, preactivation_gradients)
            which = ctx.index[step]
            cell.linear_backward(
                weights[:, which],
                preactivation_gradients,
                stacked[step],
                None if weights_gradient is None else weights_gradient[:, which],
                gradient[0],
                None if inputs_gradient is None else inputs_gradient[step],
            )
        returned = None if added_to is not None else weights_gradient
        return (None, None, None, returned, inputs_gradient, *gradient)
