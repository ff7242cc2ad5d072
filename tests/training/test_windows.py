"""Truncated back-propagation through time does what its definition says."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor

from timeshare.data.drawing import draw
from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.network import Network
from timeshare.recurrent.schedules.base import Extension
from timeshare.recurrent.schedules.shared import Shared
from timeshare.recurrent.schedules.unshared import Unshared
from timeshare.tasks.base import Split, Task
from timeshare.tasks.parity import Parity
from timeshare.tasks.vowels import Vowels
from timeshare.training.layout import Batch, Store
from timeshare.training.windows import score_targets, window_losses

T = 9


@pytest.fixture(autouse=True)
def _double() -> Iterator[None]:
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def network(task: Task, shared: bool, length: int = T) -> Network:
    schedule = Shared() if shared else Unshared()
    architecture = Architecture("lstm", schedule, 5, task.input_size, task.output_size, length)
    return Network(architecture, [1, 2], dtype=torch.float64)


def batch_of(task: Task, count: int = 7, length: int = T) -> Batch:
    sequences = draw(task, count, length, Split.TRAIN)
    store = Store(task, sequences)
    batch = store.gather(torch.arange(store.count)[None])
    if batch.features is None:
        return batch
    return Batch(None, batch.features.double(), batch.targets, batch.last, batch.width)


def gradients(members: Network, task: Task, batch: Batch, truncation: int) -> list[Tensor]:
    members.zero_grad()
    for losses in window_losses(members, task, batch, truncation):
        if losses is not None:
            losses.sum().backward()  # type: ignore[no-untyped-call]
    return [
        parameter.grad.clone() for parameter in members.parameters() if parameter.grad is not None
    ]


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("task", [Parity(), Vowels()], ids=["dense", "final"])
def test_a_window_of_all_steps_is_full_back_propagation(task: Task, shared: bool) -> None:
    members, batch = network(task, shared), batch_of(task)
    truncated = gradients(members, task, batch, T)
    members.zero_grad()
    state = members.initial_state(batch.size)
    hidden, _ = members.run(batch.window(range(T), 2), state, range(T))
    if batch.last is None:
        logits = members.read(hidden, range(T))
        flat = torch.nn.functional.cross_entropy(
            logits.permute(0, 1, 3, 2).reshape(-1, task.output_size),
            batch.targets.expand(T, 2, -1).reshape(-1),
        )
    else:
        ends = torch.stack(
            [hidden[int(step), :, :, b] for b, step in enumerate(batch.last[0])], dim=-1
        )
        logits = members.read(ends[None], [T - 1])
        flat = torch.nn.functional.cross_entropy(
            logits.permute(0, 1, 3, 2).reshape(-1, task.output_size),
            batch.targets.expand(1, 2, -1).reshape(-1),
        )
    torch.autograd.backward(2 * flat)
    for one, other in zip(truncated, members.parameters(), strict=True):
        assert other.grad is not None
        torch.testing.assert_close(one, other.grad, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("truncation", [1, 2, 4, T])
@pytest.mark.parametrize("task", [Parity(), Vowels()], ids=["dense", "final"])
def test_the_loss_does_not_depend_on_the_truncation(task: Task, truncation: int) -> None:
    members, batch = network(task, shared=True), batch_of(task)

    def total(size: int) -> Tensor:
        parts = [part for part in window_losses(members, task, batch, size) if part is not None]
        return torch.stack(parts).sum(0)

    torch.testing.assert_close(total(truncation), total(T))


def test_the_state_is_carried_between_windows() -> None:
    members, batch = network(Parity(), shared=True), batch_of(Parity())
    state = members.initial_state(batch.size)
    whole, _ = members.run(batch.window(range(T), 2), state, range(T))
    first, state = members.run(batch.window(range(4), 2), state, range(4))
    second, _ = members.run(batch.window(range(4, T), 2), state, range(4, T))
    torch.testing.assert_close(torch.cat([first, second]), whole)
    forgotten = members.initial_state(batch.size)
    lost, _ = members.run(batch.window(range(4, T), 2), forgotten, range(4, T))
    assert not torch.allclose(lost, whole[4:])


@pytest.mark.parametrize("truncation", [1, 3, 4])
def test_no_gradient_reaches_back_more_than_k_steps(truncation: int) -> None:
    members, batch = network(Parity(), shared=False), batch_of(Parity())
    losses = list(window_losses(members, Parity(), batch, truncation))
    for place, loss in enumerate(losses):
        members.zero_grad()
        assert loss is not None
        loss.sum().backward(retain_graph=True)  # type: ignore[no-untyped-call]
        weights = members.parameters()[0].grad
        assert weights is not None
        moved = weights.abs().sum(dim=(0, 2, 3)).nonzero().flatten().tolist()
        start = place * truncation
        assert moved == list(range(start, min(start + truncation, T)))


@pytest.mark.parametrize("truncation", [1, 4, 8])
def test_a_final_target_never_moves_the_unshared_weights_before_its_window(
    truncation: int,
) -> None:
    task = Vowels()
    sequences = draw(task, 8, 7, Split.TRAIN)
    store = Store(task, sequences)
    batch = store.gather(torch.arange(store.count)[None])
    assert batch.features is not None
    batch = Batch(None, batch.features.double(), batch.targets, None, batch.width)
    truncation = min(truncation, 7)
    weights, _ = gradients(network(task, shared=False, length=7), task, batch, truncation)
    still = weights.abs().sum(dim=(0, 2, 3)) == 0
    assert still.tolist() == [True] * (7 - truncation) + [False] * truncation


@pytest.mark.parametrize("extension", Extension)
def test_scores_do_not_depend_on_how_many_steps_are_evaluated_at_once(
    extension: Extension, monkeypatch: pytest.MonkeyPatch
) -> None:
    members, batch = network(Parity(), shared=False), batch_of(Parity(), length=23)
    whole = score_targets(members, Parity(), batch, extension)
    monkeypatch.setattr("timeshare.training.windows.EVALUATION_WINDOW", 5)
    pieces = score_targets(members, Parity(), batch, extension)
    for one, other in zip(whole, pieces, strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy())
