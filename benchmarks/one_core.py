"""Keep a benchmark to one thread on one core."""

import os

import torch


def use_one_core() -> int:
    """Bind this process and every thread that it starts from now on to one core.

    Call it before any contender is built. XLA starts a thread for each core that the process may
    use, and divides a large product among them whatever its flags say: at H = 1024 JAX took half
    the wall-clock time of its processor time until it was bound to one core.

    Returns:
        the number of the core, the last of those that the process was allowed.
    """
    torch.set_num_threads(1)
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return core
