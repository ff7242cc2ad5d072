"""A window unrolled eagerly on a GPU, recorded once per shape in CUDA graphs and replayed."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from timeshare.recurrent.accumulation import accumulation_buffer
from timeshare.recurrent.cells.base import HandDerived, State
from timeshare.recurrent.kernels.build import CHOICE
from timeshare.recurrent.recordings import Recording, record
from timeshare.recurrent.unrolling import unroll_eager

IDLE = 32
"""The most recorded windows that are kept without being in use; the oldest are dropped."""


def graphs_available(weights: Tensor) -> bool:
    """Whether windows with these weights are recorded: on a GPU, unless `eager` is chosen."""
    return weights.device.type == "cuda" and os.environ.get(CHOICE, "") != "eager"


def unroll_graphed(
    cell: HandDerived, weights: Tensor, index: Sequence[int], inputs: Tensor, state: State
) -> tuple[Tensor, State]:
    """As `unroll_eager`, whose kernels are launched together instead of one after the other.

    A window of a shape that was not seen before is unrolled eagerly, since recording it takes as
    long as several windows; from the second time on it is recorded. On a device without CUDA graphs
    a recording is the computation itself, which is how this is tested on a CPU.
    """
    tensors = (weights, inputs, *state)
    building = torch.is_grad_enabled()
    needed = tuple(building and tensor.requires_grad for tensor in tensors)
    first, used = min(index), max(index) - min(index) + 1
    local = tuple(which - first for which in index)
    shapes = ((weights.shape[0], used, *weights.shape[2:]), *(t.shape for t in tensors[1:]))
    key = WindowKey(
        type(cell), local, tuple(tuple(s) for s in shapes), needed, weights.dtype, weights.device
    )
    if not RECORDED.seen(key):
        return unroll_eager(cell, weights, index, inputs, state)
    hidden, *after = _Graphed.apply(cell, key, first, *tensors)  # type: ignore[no-untyped-call]
    return hidden, tuple(after)


@dataclass(frozen=True)
class WindowKey:
    """What two windows must have in common to be the same recording.

    Arguments:
        cell: its class.
        index: for each step, which of the matrices that the window uses.
        shapes: of those matrices, the inputs and each part of the state.
        needed: whether each of these tensors needs a gradient.
        dtype: of all tensors.
        device: of all tensors.
    """

    cell: type[HandDerived]
    index: tuple[int, ...]
    shapes: tuple[tuple[int, ...], ...]
    needed: tuple[bool, ...]
    dtype: torch.dtype
    device: torch.device


class RecordedWindow:
    """Forward and backward pass of a window on tensors of its own, which each use overwrites.

    Arguments:
        cell: the cell.
        key: shapes, index and what needs a gradient.
    """

    def __init__(self, cell: HandDerived, key: WindowKey) -> None:
        self.key = key
        self.given = [
            torch.zeros(shape, dtype=key.dtype, device=key.device, requires_grad=needed)
            for shape, needed in zip(key.shapes, key.needed, strict=True)
        ]
        weights, inputs, *state = self.given
        self._differentiated = [tensor for tensor in self.given if tensor.requires_grad]
        hidden_shape = (len(key.index), *key.shapes[2])
        self.output_gradients = tuple(
            torch.zeros(shape, dtype=key.dtype, device=key.device)
            for shape in (hidden_shape, *key.shapes[2:])
        )
        self._live: tuple[Tensor, ...] = ()

        def forward() -> tuple[Tensor, ...]:
            with torch.set_grad_enabled(bool(self._differentiated)):
                hidden, after = unroll_eager(cell, weights, key.index, inputs, tuple(state))
            self._live = (hidden, *after)
            return self._live

        def backward() -> tuple[Tensor, ...]:
            return torch.autograd.grad(
                self._live, self._differentiated, self.output_gradients, retain_graph=True
            )

        def both() -> None:
            forward()
            if self._differentiated:
                backward()

        self.forward = record(forward, key.device, both)
        self.backward: Recording | None = None
        if self._differentiated:
            self.backward = record(backward, key.device, both, share=self.forward)

    @torch.no_grad()
    def run(self, tensors: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """Hidden states and state, copied, for the window's matrices, inputs and state."""
        for own, tensor in zip(self.given, tensors, strict=True):
            own.copy_(tensor)
        self.forward.replay()
        return tuple(output.detach().clone() for output in self.forward.outputs)

    @torch.no_grad()
    def differentiate(self, gradients: Sequence[Tensor | None]) -> list[Tensor | None]:
        """The gradients of `given` after `run`, in the window's own memory; None if not needed."""
        for own, gradient in zip(self.output_gradients, gradients, strict=True):
            if gradient is None:
                own.zero_()
            else:
                own.copy_(gradient)
        assert self.backward is not None, "no tensor of the window needs a gradient"
        self.backward.replay()
        results = iter(self.backward.outputs)
        return [next(results) if needed else None for needed in self.key.needed]


class Lease:
    """A recorded window in use; it is free again when nothing refers to the lease any more."""

    def __init__(self, windows: "RecordedWindows", window: RecordedWindow) -> None:
        self._windows = windows
        self.window = window

    def __del__(self) -> None:
        self._windows.free(self.window)


class RecordedWindows:
    """All recorded windows. Several of one shape exist where they are in use at the same time."""

    def __init__(self) -> None:
        self._seen: set[WindowKey] = set()
        self._idle: list[RecordedWindow] = []

    def seen(self, key: WindowKey) -> bool:
        """Whether such a window was asked for before; from now on it was."""
        before = key in self._seen
        self._seen.add(key)
        return before

    def lease(self, cell: HandDerived, key: WindowKey) -> Lease:
        """A window that is not in use, recorded now if there is none."""
        for position, window in enumerate(self._idle):
            if window.key == key:
                return Lease(self, self._idle.pop(position))
        return Lease(self, RecordedWindow(cell, key))

    def free(self, window: RecordedWindow) -> None:
        """Keep a window for its next use; drop the one that was not used for the longest time."""
        self._idle.append(window)
        del self._idle[:-IDLE]


RECORDED = RecordedWindows()
"""The windows of this process."""


class _Graphed(torch.autograd.Function):
    """The window as one node of the graph, computed by a recorded window that it holds."""

    @staticmethod
    def forward(
        ctx: Any, cell: HandDerived, key: WindowKey, first: int, weights: Tensor, *rest: Tensor
    ) -> tuple[Tensor, ...]:
        lease = RECORDED.lease(cell, key)
        used = weights[:, first : first + key.shapes[0][1]]
        outputs = lease.window.run((used, *rest))
        if any(key.needed):
            ctx.lease, ctx.first = lease, first
            ctx.save_for_backward(weights)
            ctx.set_materialize_grads(False)
        return outputs

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Any, ...]:
        (weights,) = ctx.saved_tensors
        window: RecordedWindow = ctx.lease.window
        of_weights, *others = window.differentiate(gradients)
        returned = None
        if of_weights is not None:
            buffer = accumulation_buffer(ctx)
            whole = buffer
            if whole is None:
                whole = returned = torch.zeros_like(weights)
            whole[:, ctx.first : ctx.first + of_weights.shape[1]].add_(of_weights)
        copies = (None if part is None else part.clone() for part in others)
        return (None, None, None, returned, *copies)
