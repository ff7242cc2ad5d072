"""The peak of a call's memory, by counting what the allocators hand out.

Resident memory of the process would be the wrong thing to read: pages freed earlier are reused
without a trace, other buffers come and go, and a page is the smallest step. An allocator's own
account is exact to the byte, is the same on every run however busy the machine is, and is the very
quantity `torch.cuda.max_memory_allocated` reports, so that both devices measure one thing.

On the CPU there are two accounts, PyTorch's own and that of NumPy, from which the compiled kernels
take the buffers of a window; the peak is the sum of their peaks. They coincide while a window is
walked backward. What neither sees is the kernels' scratch: one step of one member, whatever T and
K.
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

# The profiler's library announces every start and stop on standard error below this level.
os.environ.setdefault("KINETO_LOG_LEVEL", "99")


def peak_bytes(call: Callable[[], object], device: torch.device) -> int:
    """The most bytes that were allocated at once during the call, beyond those before it.

    Arguments:
        call: what is run, once.
        device: where its tensors live: `cuda`, or the CPU.
    """
    if device.type == "cuda":
        torch.cuda.synchronize(device)
        before = torch.cuda.memory_allocated(device)
        torch.cuda.reset_peak_memory_stats(device)
        call()
        torch.cuda.synchronize(device)
        return int(torch.cuda.max_memory_allocated(device) - before)
    changes, buffers = _accounts(call)
    return max(accumulate(changes, initial=0)) + buffers


def _accounts(call: Callable[[], object]) -> tuple[list[int], int]:
    """Bytes PyTorch allocated (or freed, negative) in a call, in order; peak of NumPy's account.

    The profiler is asked for user scopes only, of which there are none: recording every operator
    beside every allocation would take three times as long.
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
