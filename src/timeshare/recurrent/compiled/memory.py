"""Keep the C library from giving freed buffers back to the kernel after every update."""

import ctypes
import functools
import sys

import numpy as np
import torch
from torch import Tensor

TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD, MMAP_MAX = -1, -2, -3, -4
"""Parameters of glibc's `mallopt`, from `malloc.h`."""


@functools.cache
def keep_freed_memory() -> None:
    """Let this process reuse freed buffers instead of mapping fresh pages; once, glibc only.

    By default glibc unmaps large buffers when they are freed, and the page faults of the next
    update's fresh ones cost as much as its arithmetic. The process keeps its peak memory instead.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(MMAP_MAX, 0)
        mallopt(TRIM_THRESHOLD, -1)


def workspace(numbers: int, dtype: torch.dtype) -> Tensor:
    """An uninitialised flat tensor that the next one of its size can follow in the same place.

    PyTorch aligns what it allocates, and glibc often cannot put an aligned buffer where an equal
    one was just freed: the heap grows. NumPy takes plain `malloc` (and asks for huge pages).
    """
    return torch.from_numpy(np.empty(numbers, np.float32 if dtype == torch.float32 else np.float64))
