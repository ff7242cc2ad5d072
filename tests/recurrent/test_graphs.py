"""Recorded windows compute what eager unrolling computes, however many are in use at once.

On a CPU a recording is the computation itself; copies in and out of its tensors, and which window
is free when, are the same as on a GPU.
"""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from timeshare.recurrent import graphs
from timeshare.recurrent.cells.base import HandDerived, State
from timeshare.recurrent.cells.gru import GRU
from timeshare.recurrent.cells.lstm import LSTM
from timeshare.recurrent.cells.rnn import RNN
from timeshare.recurrent.graphs import IDLE, RecordedWindows, graphs_available, unroll_graphed
from timeshare.recurrent.unrolling import unroll_reference

E, S, H, D, B, K = 2, 6, 4, 3, 5, 4
CELLS: list[HandDerived] = [RNN(), GRU(), LSTM()]
EXACT: dict[str, Any] = {"rtol": 1e-10, "atol": 1e-12}


@pytest.fixture(autouse=True)
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordedWindows]:
    """No window was seen before."""
    windows = RecordedWindows()
    monkeypatch.setattr(graphs, "RECORDED", windows)
    yield windows


def drawn(*shape: int) -> Tensor:
    return torch.randn(shape, dtype=torch.float64).requires_grad_()


def tensors_of(cell: HandDerived) -> list[Tensor]:
    """Weights, inputs and state."""
    torch.manual_seed(0)
    state = [drawn(E, H, B) for _ in range(cell.states)]
    return [drawn(E, S, cell.gates * H, cell.columns(D, H)), drawn(K, E, D, B), *state]


def outputs_of(unroll: Any, cell: HandDerived, index: list[int], tensors: list[Tensor]) -> Any:
    weights, inputs, *state = tensors
    hidden, after = unroll(cell, weights, index, inputs, tuple(state))
    return [hidden, *after]


def gradients_of(outputs: list[Tensor], tensors: list[Tensor], **arguments: Any) -> list[Tensor]:
    total = torch.stack([(part * part.detach().cos()).sum() for part in outputs]).sum()
    return list(torch.autograd.grad(total, tensors, **arguments))


def assert_equal(some: list[Tensor], others: list[Tensor]) -> None:
    for one, other in zip(some, others, strict=True):
        torch.testing.assert_close(one, other, **EXACT)


@pytest.mark.parametrize("index", [[0, 0, 0, 0], [2, 3, 4, 5], [1, 1, 3, 3]], ids=str)
@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: type(cell).__name__)
def test_each_use_computes_what_the_reference_computes(cell: HandDerived, index: list[int]) -> None:
    for use in range(4):
        tensors = [(part.detach() + use).requires_grad_() for part in tensors_of(cell)]
        mine = outputs_of(unroll_graphed, cell, index, tensors)
        theirs = outputs_of(unroll_reference, cell, index, tensors)
        assert_equal(mine, theirs)
        assert_equal(gradients_of(mine, tensors), gradients_of(theirs, tensors))


def test_the_windows_of_an_unshared_network_are_one_recording(recorded: RecordedWindows) -> None:
    cell = LSTM()
    tensors = tensors_of(cell)
    for index in ([0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5]):
        outputs = outputs_of(unroll_graphed, cell, index, tensors)
        gradients_of(outputs, tensors)
        del outputs
    assert len(recorded._idle) == 1


def test_windows_in_use_at_the_same_time_do_not_share_memory(recorded: RecordedWindows) -> None:
    cell = LSTM()
    first = tensors_of(cell)
    outputs_of(unroll_graphed, cell, [0, 1, 2, 3], first)
    used = [[(part.detach() * scale).requires_grad_() for part in first] for scale in (1, 2, 3)]
    mine = [outputs_of(unroll_graphed, cell, [0, 1, 2, 3], tensors) for tensors in used]
    for outputs, tensors in zip(reversed(mine), reversed(used), strict=True):
        theirs = outputs_of(unroll_reference, cell, [0, 1, 2, 3], tensors)
        assert_equal(outputs, theirs)
        expected = gradients_of(theirs, tensors)
        assert_equal(gradients_of(outputs, tensors, retain_graph=True), expected)
        assert_equal(gradients_of(outputs, tensors), expected)
    assert recorded._idle == []
    del mine, outputs
    gc.collect()
    assert len(recorded._idle) == 3


def test_a_chain_of_windows_has_the_gradient_of_the_whole() -> None:
    cell = GRU()
    weights, inputs, *state = tensors_of(cell)
    whole = gradients_of(
        outputs_of(unroll_reference, cell, [0, 1, 2, 3], [weights, inputs, *state]),
        [weights, inputs, *state],
    )
    for _ in range(3):
        hidden, after = [], tuple(state)
        for first in (0, 2):
            window = inputs[first : first + 2]
            part, after = unroll_graphed(cell, weights, [first, first + 1], window, after)
            hidden.append(part)
        outputs = [torch.cat(hidden), *after]
        assert_equal(gradients_of(outputs, [weights, inputs, *state]), whole)


def test_gradients_accumulate_in_the_parameter() -> None:
    cell = LSTM()
    weights, inputs, *state = tensors_of(cell)
    sums = torch.zeros_like(weights)
    for index in ([0, 1, 2, 3], [0, 1, 2, 3], [2, 3, 4, 5], [2, 3, 4, 5]):
        hidden, _ = unroll_graphed(cell, weights, index, inputs, tuple(state))
        torch.autograd.backward(hidden.square().sum())
        hidden, _ = unroll_reference(cell, weights, index, inputs, tuple(state))
        sums += torch.autograd.grad(hidden.square().sum(), weights)[0]
        assert weights.grad is not None
        torch.testing.assert_close(weights.grad, sums, **EXACT)


@pytest.mark.parametrize("needed", ["weights", "inputs", "nothing"])
def test_only_what_is_needed_is_differentiated(needed: str) -> None:
    cell = RNN()
    weights, inputs, *state = (part.detach() for part in tensors_of(cell))
    weights.requires_grad_(needed == "weights")
    inputs.requires_grad_(needed == "inputs")
    for _ in range(3):
        given: State = tuple(state)
        hidden, after = unroll_graphed(cell, weights, [0, 1, 2, 3], inputs, given)
        expected, last = unroll_reference(cell, weights, [0, 1, 2, 3], inputs, given)
        assert_equal([hidden, *after], [expected, *last])
        assert hidden.requires_grad == (needed != "nothing")
    if needed != "nothing":
        source = weights if needed == "weights" else inputs
        (mine,) = torch.autograd.grad(hidden.square().sum(), source)
        torch.testing.assert_close(
            mine, torch.autograd.grad(expected.square().sum(), source)[0], **EXACT
        )


def test_few_idle_windows_are_kept(recorded: RecordedWindows) -> None:
    cell = RNN()
    weights, _, state = (part.detach() for part in tensors_of(cell))
    for steps in range(1, IDLE + 4):
        inputs = torch.zeros(steps, E, D, B, dtype=torch.float64)
        for _ in range(2):
            unroll_graphed(cell, weights, [0] * steps, inputs, (state,))
    assert len(recorded._idle) == IDLE
    assert len(recorded._idle[-1].key.index) == IDLE + 3


def test_windows_are_recorded_on_a_gpu_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class OnGpu:
        device = torch.device("cuda")

    assert not graphs_available(torch.zeros(1))
    assert graphs_available(OnGpu())  # type: ignore[arg-type]
    monkeypatch.setenv("TIMESHARE_KERNELS", "eager")
    assert not graphs_available(OnGpu())  # type: ignore[arg-type]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: type(cell).__name__)
def test_a_gpu_agrees_with_the_cpu_within_rounding(cell: HandDerived) -> None:
    here = [part.detach().float().requires_grad_() for part in tensors_of(cell)]
    there = [part.detach().cuda().requires_grad_() for part in here]
    expected = outputs_of(unroll_reference, cell, [2, 3, 4, 5], here)
    for _ in range(3):
        outputs = outputs_of(unroll_graphed, cell, [2, 3, 4, 5], there)
        pairs = [*zip(outputs, expected, strict=True)]
        gradients = gradients_of(outputs, there)
        known = gradients_of(expected, here, retain_graph=True)
        for one, other in [*pairs, *zip(gradients, known, strict=True)]:
            torch.testing.assert_close(one.cpu(), other, rtol=1e-4, atol=1e-5)
