"""Numbers too small for normalised floats, flushed to zero while PyTorch computes on a CPU."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

SUBNORMAL = np.float32(1e-40)
"""A float32 that is not zero and too small to be normalised."""


@contextmanager
def subnormals_flushed() -> Iterator[None]:
    """Treat subnormal numbers as zero; a context manager, and a decorator of functions.

    Gradients that vanish over more than about 128 steps become subnormal, and some processors
    compute with those a hundred times slower. The setting belongs to the thread that enters the
    context and to the threads it starts from then on; a thread that exists already has to enter one
    of its own. The compiled kernels flush subnormal numbers by themselves. Where the processor
    cannot flush them, nothing changes.
    """
    before = are_flushed()
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(before)


def are_flushed() -> bool:
    """Whether this thread treats subnormal numbers as zero."""
    # NumPy multiplies two scalars in the calling thread, a hundred times as fast as PyTorch.
    return float(SUBNORMAL * np.float32(1)) == 0
