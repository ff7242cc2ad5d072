"""The tests of the layers run with eager unrolling and with compiled kernels."""

from tests.recurrent.conftest import kernels, one_thread

__all__ = ["kernels", "one_thread"]
