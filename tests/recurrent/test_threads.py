"""Members spread over threads: the same bits as in one thread, and subnormal numbers flushed."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.kernels import build
from timeshare.recurrent.kernels.threads import set_threads, threads, threads_used
from timeshare.recurrent.network import Network, detached
from timeshare.recurrent.optimiser import MemberAdamW
from timeshare.recurrent.schedules.base import Schedule
from timeshare.recurrent.schedules.blocks import Blocks
from timeshare.recurrent.schedules.shared import Shared
from timeshare.recurrent.schedules.unshared import Unshared

T, K, D, H, B = 9, 5, 3, 20, 21
TINY = torch.finfo(torch.float32).tiny


@pytest.fixture(autouse=True)
def compiled() -> None:
    if build.library("float") is None:
        pytest.skip("no compiled kernels here")


@pytest.fixture(autouse=True)
def one_thread_afterwards() -> Iterator[None]:
    yield
    set_threads(1)


def trained(cell: str, schedule: Schedule, members: int, dtype: torch.dtype) -> list[Tensor]:
    """Weights and moments after three clipped updates of windows of K steps."""
    network = Network(Architecture(cell, schedule, H, D, 2, T), range(members), dtype)
    optimiser = MemberAdamW(
        network, [0.01 * (1 + member) for member in range(members)], [0.01] * members
    )
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(T, members, D, B, generator=generator).to(dtype)
    for _ in range(3):
        network.zero_grad()
        state = network.initial_state(B)
        for first in range(0, T, K):
            steps = range(first, min(first + K, T))
            hidden, state = network.run(inputs[steps.start : steps.stop], detached(state), steps)
            torch.autograd.backward(network.read(hidden, steps).square().sum())
        optimiser.clip(0.5)
        optimiser.step()
    return [*network.state_dict().values(), *optimiser.state_dict().values()]


@pytest.mark.parametrize("number", [2, 3, 100])
@pytest.mark.parametrize("schedule", [Shared(), Unshared(), Blocks(size=4)], ids=str)
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_training_ends_in_the_same_bits(cell: str, schedule: Schedule, number: int) -> None:
    for dtype in (torch.float32, torch.float64):
        expected = trained(cell, schedule, 5, dtype)
        with threads_used(number):
            got = trained(cell, schedule, 5, dtype)
        assert all(torch.equal(one, other) for one, other in zip(got, expected, strict=True))


def test_large_tensors_are_updated_in_several_threads_to_the_same_bits() -> None:
    """Small tensors stay in one thread, so this one is large."""
    results = []
    for number in (1, 2):
        with threads_used(number):
            network = Network(Architecture("lstm", Unshared(), 32, D, 2, 16), range(4))
            assert network.parameters()[0].numel() > 2 * 65536
            optimiser = MemberAdamW(network, [0.1, 0.2, 0.3, 0.4], [0.01] * 4)
            generator = torch.Generator().manual_seed(0)
            for parameter in network.parameters():
                parameter.grad = torch.randn(parameter.shape, generator=generator)
            norms = optimiser.clip(1.0)
            optimiser.step([True, False, True, True])
            results.append([norms, *network.state_dict().values()])
    assert all(torch.equal(one, other) for one, other in zip(*results, strict=True))


def test_every_thread_flushes_subnormal_numbers() -> None:
    network = Network(Architecture("rnn", Unshared(), 32, D, 1, 64), range(8))
    optimiser = MemberAdamW(network, [0.1] * 8, [0.0] * 8)
    for parameter in network.parameters():
        parameter.grad = torch.full_like(parameter, TINY * 4)
    with threads_used(4):
        optimiser.step()
    moments = optimiser.state_dict()
    for name in ("first.0", "second.0"):
        assert not (moments[name].view(torch.int32) & 0x7FFFFFFF).any(), name


def test_the_number_of_threads_can_be_set_for_a_while_and_for_good() -> None:
    with threads_used(3):
        assert threads() == 3
    assert threads() == 1
    set_threads(2)
    assert threads() == 2


@pytest.mark.parametrize("number", [0, -1])
def test_no_thread_at_all_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="at least one is needed"):
        set_threads(number)
