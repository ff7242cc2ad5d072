"""A cell unrolled over a window of steps by the compiled kernels."""

import ctypes
import itertools
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from timeshare.recurrent.accumulation import accumulation_buffer
from timeshare.recurrent.cells.base import HandDerived, State
from timeshare.recurrent.kernels.build import REALS, library
from timeshare.recurrent.kernels.layout import SAVED, VECTOR
from timeshare.recurrent.kernels.memory import keep_freed_memory, workspace
from timeshare.recurrent.kernels.threads import threads

_Pair = ctypes.c_void_p * 2
"""A pointer for each part of the state; the second one is null where there is one part."""


class _Window(ctypes.Structure):
    """`window` of `window.c`; `None` is a null pointer."""

    _fields_ = (
        *((name, ctypes.c_long) for name in ("kind", "E", "K", "S", "H", "D", "B", "N", "C")),
        *((name, ctypes.c_long) for name in ("constant", "saving")),
        *((name, ctypes.c_void_p) for name in ("index", "weights", "inputs")),
        # The strides of the inputs, in the order of their axes.
        *((name, ctypes.c_long) for name in ("inputs_step", "inputs_member")),
        *((name, ctypes.c_long) for name in ("inputs_feature", "inputs_batch")),
        *((name, ctypes.c_void_p) for name in ("stacked", "saved", "memory", "hidden")),
        ("before", _Pair),
        ("after", _Pair),
        ("d_hidden", ctypes.c_void_p),
        ("d_after", _Pair),
        ("d_before", _Pair),
        ("d_weights", ctypes.c_void_p),
        ("d_inputs", ctypes.c_void_p),
        ("add", ctypes.c_long),
    )


KINDS = {name: kind for kind, name in enumerate(SAVED)}
"""The number of each cell in `cells.h`."""


def available(cell: HandDerived, weights: Tensor) -> bool:
    """Whether the compiled kernels can unroll this cell with these weights."""
    return (
        cell.compiled in SAVED
        and weights.device.type == "cpu"
        and weights.dtype in REALS
        and library(REALS[weights.dtype]) is not None
    )


def unroll_compiled(
    cell: HandDerived, weights: Tensor, index: Sequence[int], inputs: Tensor, state: State
) -> tuple[Tensor, State]:
    """As `unroll_reference`, by the compiled kernels; the cell must be `available`."""
    keep_freed_memory()
    saving = torch.is_grad_enabled() and any(
        tensor.requires_grad for tensor in (weights, inputs, *state)
    )
    which = (ctypes.c_int64 * len(index))(*index)
    tensors = (weights, inputs, *state)
    hidden, *after = _Compiled.apply(cell, which, saving, *tensors)  # type: ignore[no-untyped-call]
    return hidden, tuple(after)


def _pointers(tensors: Sequence[Tensor | None]) -> Any:
    return _Pair(*[None if tensor is None else tensor.data_ptr() for tensor in tensors])


def _starts(buffer: Tensor, sizes: Sequence[int]) -> list[int]:
    """Where the parts of a buffer begin; all but the last have these sizes."""
    ends = itertools.accumulate(sizes, initial=0)
    return [buffer.data_ptr() + end * buffer.element_size() for end in ends]


class _Compiled(torch.autograd.Function):
    """The window, all of its steps one node of the graph and one call into the kernels.

    Buffers are `[E, slots, rows, N]` with N the batch rounded up to whole registers: a slot a step
    where a graph is built, and only one otherwise, overwritten step after step.
    """

    @staticmethod
    def forward(
        ctx: Any,
        cell: HandDerived,
        index: Any,
        saving: bool,
        weights: Tensor,
        inputs: Tensor,
        *state: Tensor,
    ) -> tuple[Tensor, ...]:
        K, (E, H, B), name = len(index), state[0].shape, str(cell.compiled)
        C, N = weights.shape[3], -(-B // VECTOR) * VECTOR
        slots = K + 1 if saving else 1
        saved_slots = K if saving and name != "rnn" else 1
        weights = weights.contiguous()
        # The kernels load whole registers, which may reach past the last slot.
        stacked = E * slots * C * N + VECTOR * N
        saved = E * saved_slots * SAVED[name] * H * N
        memory = E * slots * H * N if cell.states > 1 else 0
        buffer = workspace(stacked + saved + memory, weights.dtype)
        starts = _starts(buffer, (stacked, saved))
        hidden = weights.new_empty((K, E, H, B))
        before = [part.contiguous() for part in state]
        after = tuple(torch.empty_like(part) for part in before)
        window = _Window(
            *(KINDS[name], E, K, weights.shape[1], H, inputs.shape[2], B, N, C),
            *(cell.recurrent_constant, saving),
            *(ctypes.addressof(index), weights.data_ptr(), inputs.data_ptr(), *inputs.stride()),
            *(*starts, hidden.data_ptr(), _pointers(before), _pointers(after)),
        )
        kernels(weights).window_forward(ctypes.byref(window), ctypes.c_long(threads()))
        if saving:
            # The window points into the index, which therefore has to live as long.
            ctx.window, ctx.index = window, index
            ctx.save_for_backward(weights, buffer)
            ctx.set_materialize_grads(False)
        return (hidden, *after)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, hidden: Tensor | None, *state: Tensor | None) -> tuple[Any, ...]:
        weights, buffer = ctx.saved_tensors
        window: _Window = ctx.window
        _read_from(window, weights, buffer)
        K, E, H, D, B = window.K, window.E, window.H, window.D, window.B
        for_weights, for_inputs, *for_state = ctx.needs_input_grad[3:]
        after = [None if part is None else part.contiguous() for part in state]
        before = [weights.new_empty((E, H, B)) if needed else None for needed in for_state]
        d_hidden = None if hidden is None else hidden.contiguous()
        added_to = accumulation_buffer(ctx) if for_weights else None
        d_weights = added_to
        if for_weights and added_to is None:
            d_weights = torch.empty_like(weights)
        d_inputs = weights.new_empty((K, E, D, B)) if for_inputs else None
        window.d_hidden = None if d_hidden is None else d_hidden.data_ptr()
        window.d_after, window.d_before = _pointers(after), _pointers(before)
        window.d_weights = None if d_weights is None else d_weights.data_ptr()
        window.d_inputs = None if d_inputs is None else d_inputs.data_ptr()
        window.add = added_to is not None
        if kernels(weights).window_backward(ctypes.byref(window), ctypes.c_long(threads())):
            raise MemoryError("no memory for the scratch of one step")
        returned = None if added_to is not None else d_weights
        return (None, None, None, returned, d_inputs, *before)


def _read_from(window: _Window, weights: Tensor, buffer: Tensor) -> None:
    """Let a window read tensors that hold what its forward pass saved.

    They lie elsewhere than in the forward pass where a hook replaced them, as
    `torch.utils.checkpoint` does.
    """
    window.weights = weights.data_ptr()
    moved = buffer.data_ptr() - window.stacked
    for name in ("stacked", "saved", "memory"):
        setattr(window, name, getattr(window, name) + moved)


def kernels(weights: Tensor) -> ctypes.CDLL:
    """The kernels for the tensor's dtype; only if `available`."""
    loaded = library(REALS[weights.dtype])
    assert loaded is not None, "call this only where the kernels are available"
    return loaded
