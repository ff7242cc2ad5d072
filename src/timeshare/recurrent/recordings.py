"""A computation on fixed tensors that can be repeated: as a CUDA graph, or by calling it again."""

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

WARM_UP = 3
"""Calls before a CUDA graph is recorded."""

Computation = Callable[[], tuple[Tensor, ...]]
"""Reads and returns tensors, and depends on nothing but the content of those that it reads."""


class Recording(Protocol):
    """A recorded computation."""

    outputs: tuple[Tensor, ...]
    """What it computed; every replay overwrites them."""

    def replay(self) -> None:
        """Compute again from the present content of the tensors that are read."""


def record(
    computation: Computation,
    device: torch.device,
    warm_up: Callable[[], object],
    share: Recording | None = None,
) -> Recording:
    """Record a computation: in a CUDA graph on a GPU, and elsewhere as a function to call again.

    Arguments:
        computation: what to record.
        device: of all its tensors.
        warm_up: called a few times before a CUDA graph is recorded; it calls whatever the graph
            will call, so that libraries allocate their workspaces outside of the recording.
        share: another recording, which is always replayed before this one and whose intermediate
            results this one reads.
    """
    if device.type == "cuda":
        shared = share if isinstance(share, CudaRecording) else None
        return CudaRecording(computation, warm_up, shared)
    return CalledAgain(computation)


class CalledAgain:
    """A computation that is called again at each replay."""

    def __init__(self, computation: Computation) -> None:
        self._computation = computation
        self.outputs = tuple(output.detach().clone() for output in computation())

    def replay(self) -> None:
        """Call it, and copy the results into those of the first call."""
        for output, result in zip(self.outputs, self._computation(), strict=True):
            output.copy_(result.detach())


class CudaRecording:
    """A computation in a CUDA graph: one launch for all its kernels.

    Arguments:
        computation: what to record.
        warm_up: called before, on a stream of its own.
        share: the recording whose memory this one reads.
    """

    def __init__(
        self,
        computation: Computation,
        warm_up: Callable[[], object],
        share: "CudaRecording | None" = None,
    ) -> None:
        stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(WARM_UP if share is None else 0):
                warm_up()
        torch.cuda.current_stream().wait_stream(stream)
        self.graph = torch.cuda.CUDAGraph()
        pool = None if share is None else share.graph.pool()
        with torch.cuda.graph(self.graph, pool=pool):
            self.outputs = computation()

    def replay(self) -> None:
        """Launch the graph on the current stream."""
        self.graph.replay()
