"""Reuse freed memory within the process instead of returning it to the operating system."""

import ctypes
import functools
import sys

import numpy as np
import torch
from torch import Tensor

TRIM_THRESHOLD, MMAP_MAX = -1, -4
"""Parameters of glibc's `mallopt`, from `malloc.h`."""


@functools.cache
def keep_freed_memory() -> None:
    """Make the C library reuse freed buffers instead of unmapping them; once, and for glibc only.

    By default glibc unmaps large buffers when they are freed, and the page faults of newly mapped
    ones take as much time as the arithmetic of an update. Now the process holds its peak memory.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(MMAP_MAX, 0)
        mallopt(TRIM_THRESHOLD, -1)


def workspace(numbers: int, dtype: torch.dtype) -> Tensor:
    """An uninitialised flat tensor whose memory the next one of its size can reuse.

    PyTorch allocates aligned memory, and glibc often cannot place an aligned buffer where an equal
    one was just freed, so that the heap grows. NumPy calls `malloc` (and requests huge pages).

    Arguments:
        numbers: entries of the tensor.
        dtype: float32 or float64.
    """
    return torch.from_numpy(np.empty(numbers, np.float32 if dtype == torch.float32 else np.float64))
