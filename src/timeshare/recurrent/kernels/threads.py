"""How many threads a call of the compiled kernels uses; members are spread over them."""

from collections.abc import Iterator
from contextlib import contextmanager

_number = 1


def set_threads(number: int) -> None:
    """Let every call of the compiled kernels in this process use `number` threads from now on.

    A member is computed by one thread, so results are the same to the bit with any number, and
    more threads than members are not used. Raises `ValueError` for a number below one.
    """
    global _number
    if number < 1:
        raise ValueError(
            f"the compiled kernels cannot use {number} threads: at least one is needed"
        )
    _number = number


def threads() -> int:
    """The number of threads in use."""
    return _number


@contextmanager
def threads_used(number: int) -> Iterator[None]:
    """`set_threads` for the body of a `with` statement."""
    before = _number
    set_threads(number)
    try:
        yield
    finally:
        set_threads(before)
