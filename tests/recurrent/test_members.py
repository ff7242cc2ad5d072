"""Members leave the batch, and have strengths of their own; the others notice nothing."""

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.network import Network, detached
from timeshare.recurrent.optimiser import MemberAdamW
from timeshare.recurrent.schedules.base import Schedule
from timeshare.recurrent.schedules.mixture import Mixture
from timeshare.recurrent.schedules.shared import Shared
from timeshare.recurrent.schedules.soft import Soft
from timeshare.recurrent.schedules.unshared import Unshared

pytestmark = pytest.mark.usefixtures("kernels")

T, D, H, B, K = 6, 3, 8, 9, 4
OUTPUTS = 2
SEEDS = [11, 12, 13, 14]
RATES = [0.01, 0.02, 0.05, 0.1]
DECAYS = [0.0, 0.1, 0.5, 1.0]
STRENGTHS = [0.0, 0.001, 0.1, 1.0]


class Decaying(Schedule):
    """A schedule as a user would write it: a strength, and a penalty that is not linear in it."""

    strength: float = 0.1

    def matrices(self, length: int) -> int:
        return length

    def position(self, step: int, length: int) -> int:
        return step

    def penalty(self, weights: Tensor) -> Tensor | None:
        return (self.strength * weights).square().sum(dim=(1, 2, 3))


def architecture_of(schedule: Schedule, cell: str = "lstm") -> Architecture:
    return Architecture(cell, schedule, H, D, OUTPUTS, T)


def update(network: Network, optimiser: MemberAdamW, seeds: Sequence[int], number: int) -> None:
    """An update of windows of K steps on sequences that each member's seed alone determines."""
    inputs, targets = (
        torch.stack(
            [
                torch.randn((T, size, B), generator=torch.Generator().manual_seed(seed + number))
                for seed in seeds
            ],
            dim=1,
        ).to(network.dtype)
        for size in (D, OUTPUTS)
    )
    network.zero_grad()
    state = network.initial_state(B)
    for first in range(0, T, K):
        steps = range(first, min(first + K, T))
        hidden, state = network.run(inputs[first : first + K], detached(state), steps)
        outputs = network.read(hidden, steps)
        loss = (outputs - targets[first : first + K]).square().sum(dim=(0, 2, 3))
        torch.autograd.backward(loss.sum())
    penalty = network.penalty()
    if penalty.requires_grad:
        torch.autograd.backward(penalty.sum())
    optimiser.clip(1.0)
    optimiser.step()


def members_of(
    schedule: Schedule, chosen: Sequence[int], dtype: torch.dtype, cell: str = "lstm"
) -> tuple[Network, MemberAdamW]:
    tied = STRENGTHS if isinstance(schedule, Soft | Decaying) else None
    network = Network(
        architecture_of(schedule, cell),
        [SEEDS[member] for member in chosen],
        dtype,
        strengths=None if tied is None else [tied[member] for member in chosen],
    )
    rates, decays = ([values[member] for member in chosen] for values in (RATES, DECAYS))
    return network, MemberAdamW(network, rates, decays)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize(
    "schedule",
    [Shared(), Unshared(), Soft(), Mixture(components=2), Decaying()],
    ids=lambda schedule: type(schedule).__name__,
)
def test_members_that_leave_midway_change_nothing_in_the_others(
    schedule: Schedule, cell: str, dtype: torch.dtype, kernels: str
) -> None:
    together, optimiser = members_of(schedule, [0, 1, 2, 3], dtype, cell)
    seeds = SEEDS
    for number in range(6):
        if number == 2:
            together.keep([0, 2, 3])
            optimiser.keep([0, 2, 3])
            seeds = [SEEDS[0], SEEDS[2], SEEDS[3]]
            assert all(parameter.grad is None for parameter in together.parameters())
        if number == 4:
            optimiser.keep([2, 1])
            together.keep([2, 1])
            seeds = [SEEDS[3], SEEDS[2]]
        update(together, optimiser, seeds, number)
    assert together.members == 2
    for place, member in enumerate([3, 2]):
        alone, own = members_of(schedule, [member], dtype, cell)
        for number in range(6):
            update(alone, own, [SEEDS[member]], number)
        for (name, one), other in zip(
            together.state_dict().items(), alone.state_dict().values(), strict=True
        ):
            if kernels == "compiled":
                assert torch.equal(one[place], other[0]), name
            else:
                torch.testing.assert_close(one[place], other[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("schedule", [Soft(), Decaying()], ids=["Soft", "Decaying"])
def test_a_vector_of_strengths_is_one_network_for_each_strength(schedule: Schedule) -> None:
    architecture = architecture_of(schedule)
    together = Network(architecture, SEEDS, strengths=STRENGTHS)
    penalties = together.penalty()
    torch.autograd.backward(penalties.sum())
    gradient = together.named_parameters()["weights"].grad
    assert gradient is not None
    for member, (seed, strength) in enumerate(zip(SEEDS, STRENGTHS, strict=True)):
        own = schedule.model_copy(update={"strength": strength})
        alone = Network(architecture_of(own), [seed])
        torch.testing.assert_close(alone.penalty()[0], penalties[member])
        if strength == 0:
            assert (gradient[member] == 0).all()
            continue
        torch.autograd.backward(alone.penalty().sum())
        expected = alone.named_parameters()["weights"].grad
        assert expected is not None and torch.equal(gradient[member], expected[0])


def test_strengths_follow_the_members_that_stay() -> None:
    network = Network(architecture_of(Soft()), SEEDS, strengths=STRENGTHS)
    before = network.penalty()
    network.keep([3, 1])
    torch.testing.assert_close(network.penalty(), before[[3, 1]])


def test_the_schedule_has_the_last_word_on_strengths() -> None:
    with pytest.raises(ValueError, match="Unshared ties no weights"):
        Network(architecture_of(Unshared()), [1, 2], strengths=[0.1, 0.1])
    with pytest.raises(ValueError, match="strength: -1"):
        Network(architecture_of(Soft()), [1, 2], strengths=[0.1, -1.0])
    with pytest.raises(ValueError, match="1 strengths for 2 members"):
        Network(architecture_of(Soft()), [1, 2], strengths=[0.1])


@pytest.mark.parametrize("members", [[], [0, 0], [4], [-1]], ids=str)
def test_only_members_there_are_can_be_kept(members: list[int]) -> None:
    network, optimiser = members_of(Shared(), [0, 1, 2, 3], torch.float32)
    for holder in (network, optimiser):
        with pytest.raises(ValueError, match="name some of 0 to 3, each once"):
            holder.keep(members)
