"""No subnormal number leaves a backward pass, and the setting of the thread stays as it was."""

import threading
from typing import Any

import pytest
import torch
from torch import Tensor

from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.cells.base import HandDerived
from timeshare.recurrent.kernels.unrolling import available, unroll_compiled
from timeshare.recurrent.network import Network
from timeshare.recurrent.optimiser import MemberAdamW
from timeshare.recurrent.schedules.shared import Shared
from timeshare.recurrent.subnormals import are_flushed, subnormals_flushed
from timeshare.recurrent.unrolling import unroll_eager, unroll_reference
from timeshare.registry import find

K, E, D, H, B = 512, 2, 3, 16, 8
TINY = torch.finfo(torch.float32).tiny


def subnormals(tensors: list[Tensor]) -> int:
    """How many entries are subnormal, counted by their bits, whatever the thread flushes."""
    bits = [tensor.detach().contiguous().view(torch.int32) & 0x7FFFFFFF for tensor in tensors]
    return sum(int(((part > 0) & (part < 0x00800000)).sum()) for part in bits)


def gradients(unroll: Any, name: str) -> list[Tensor]:
    """Gradients of weights, inputs and state of a loss on the last of 512 steps.

    The weights are small, so that gradients vanish: each passes through all subnormal magnitudes.
    """
    cell = find("recurrent.cells", name)()
    assert isinstance(cell, HandDerived)
    generator = torch.Generator().manual_seed(0)

    def draw(*shape: int, scale: float = 1.0) -> Tensor:
        drawn = (torch.rand(shape, generator=generator) - 0.5) * scale
        return drawn.requires_grad_()

    weights = draw(E, K, cell.gates * H, cell.columns(D, H), scale=0.3)
    inputs, state = draw(K, E, D, B), [draw(E, H, B) for _ in range(cell.states)]
    if unroll is unroll_compiled and not available(cell, weights):
        pytest.skip("no compiled kernels here")
    hidden, _ = unroll(cell, weights, range(K), inputs, tuple(state))
    return list(torch.autograd.grad(hidden[-1].sum(), [weights, inputs, *state]))


@pytest.mark.parametrize("name", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("unroll", [unroll_reference, unroll_eager, unroll_compiled])
def test_no_subnormal_number_leaves_a_backward_pass(unroll: Any, name: str) -> None:
    with subnormals_flushed():
        if not are_flushed():
            pytest.skip("this processor cannot flush subnormal numbers")
        found = gradients(unroll, name)
    assert subnormals(found) == 0
    assert any((part == 0).any() for part in found)


@pytest.mark.parametrize("unroll", [unroll_reference, unroll_eager])
def test_without_flushing_there_are_some(unroll: Any) -> None:
    assert subnormals(gradients(unroll, "lstm")) > 0


def test_the_kernels_flush_by_themselves_and_restore_the_setting() -> None:
    assert not are_flushed()
    assert subnormals(gradients(unroll_compiled, "lstm")) == 0
    assert not are_flushed()


def test_the_optimiser_leaves_no_subnormal_moments() -> None:
    network = Network(Architecture("rnn", Shared(), 4, 2, 1, 3), [0])
    optimiser = MemberAdamW(network, [0.1], [0.0])
    with subnormals_flushed():
        for parameter in network.parameters():
            parameter.grad = torch.full_like(parameter, TINY * 4)
        optimiser.step()
    moments = [tensor for name, tensor in optimiser.state_dict().items() if name != "updates"]
    assert subnormals(moments) == 0


def test_the_context_belongs_to_its_thread_and_ends() -> None:
    seen: list[bool] = []
    running, done = threading.Event(), threading.Event()

    def watch() -> None:
        running.set()
        done.wait()
        seen.append(are_flushed())
        with subnormals_flushed():
            seen.append(are_flushed())

    thread = threading.Thread(target=watch)
    thread.start()
    running.wait()
    with subnormals_flushed():
        inside = are_flushed()
        with subnormals_flushed():
            pass
        assert are_flushed() == inside
        done.set()
        thread.join()
    assert seen == [False, inside]
    assert not are_flushed()
