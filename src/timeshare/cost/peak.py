"""Peak memory of a call, from the allocations and releases of the allocators.

Resident memory of the process is not read: it does not show pages that are freed and reused, it
holds other buffers, too, and it changes in whole pages. The allocations are exact to the byte, are
the same in every run however busy the machine is, and are what `torch.cuda.max_memory_allocated`
reports, so that both devices measure the same quantity.

On the CPU there are two allocators, PyTorch's own and NumPy's, from which the compiled kernels take
the buffers of a window; the peak is the sum of their peaks, which coincide in the backward pass of
a window. The kernels' scratch memory is not counted: for each thread a few steps of one member (256
columns of the batch at most, or one step), the gradient of one small matrix and a byte for each of
the S matrices, whatever K.
"""

import os
import tracemalloc
from collections.abc import Callable
from itertools import accumulate

import torch
from torch._C._autograd import _disable_profiler, _enable_profiler, _prepare_profiler
from torch._C._profiler import (
    ProfilerActivity,
    ProfilerConfig,
    ProfilerState,
    RecordScope,
    _ExperimentalConfig,
)

# Below this level the profiler's library logs every start and stop to standard error.
os.environ.setdefault("KINETO_LOG_LEVEL", "99")


def peak_bytes(call: Callable[[], object], device: torch.device) -> int:
    """The most bytes that were allocated at once during the call, beyond those before it.

    Arguments:
        call: is run once.
        device: the device of its tensors: `cuda`, or the CPU.
    """
    if device.type == "cuda":
        torch.cuda.synchronize(device)
        before = torch.cuda.memory_allocated(device)
        torch.cuda.reset_peak_memory_stats(device)
        call()
        torch.cuda.synchronize(device)
        return int(torch.cuda.max_memory_allocated(device) - before)
    changes, buffers = _allocations(call)
    return max(accumulate(changes, initial=0)) + buffers


def _allocations(call: Callable[[], object]) -> tuple[list[int], int]:
    """Bytes that PyTorch allocated (freed: negative) in a call, in order; the peak of NumPy's.

    The profiler records user scopes only, of which there are none: recording every operator as well
    as every allocation would take three times as long.
    """
    config = ProfilerConfig(
        ProfilerState.KINETO, False, True, False, False, False, _ExperimentalConfig()
    )
    activities = {ProfilerActivity.CPU}
    _prepare_profiler(config, activities)
    tracemalloc.start()
    _enable_profiler(config, activities, {RecordScope.USER_SCOPE})  # type: ignore[call-arg]
    try:
        before, _ = tracemalloc.get_traced_memory()
        call()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        results = _disable_profiler()
    events = [event for event in results.events() if event.name() == "[memory]"]
    events.sort(key=lambda event: event.start_ns())
    return [event.nbytes() for event in events], most - before  # type: ignore[attr-defined]
