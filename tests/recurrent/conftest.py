"""What the engine's tests share."""

import os
from collections.abc import Iterator

import pytest
import torch

from timeshare.recurrent.kernels import build


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module", params=["eager", "compiled"])
def kernels(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run the module's tests with eager unrolling and, if they can be built, compiled kernels."""
    before = os.environ.get(build.CHOICE)
    os.environ[build.CHOICE] = request.param
    build.library.cache_clear()
    try:
        if request.param == "compiled":
            try:
                build.library("float")
            except build.KernelError as error:
                pytest.skip(f"no compiled kernels here: {error}")
        yield request.param
    finally:
        if before is None:
            del os.environ[build.CHOICE]
        else:
            os.environ[build.CHOICE] = before
        build.library.cache_clear()
