"""What happens to inputs and outputs: the embedding, dropout, and one draw for all matrices."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from timeshare.recurrent.architecture import Architecture, matching_hidden, parameter_count
from timeshare.recurrent.cells.base import Cell, State
from timeshare.recurrent.network import Network
from timeshare.recurrent.schedules.base import Schedule
from timeshare.recurrent.schedules.basis import Basis
from timeshare.recurrent.schedules.blocks import Blocks
from timeshare.recurrent.schedules.cyclic import Cyclic
from timeshare.recurrent.schedules.mixture import Mixture
from timeshare.recurrent.schedules.shared import Shared
from timeshare.recurrent.schedules.soft import Soft
from timeshare.recurrent.schedules.unshared import Unshared

pytestmark = pytest.mark.usefixtures("kernels")

T, D, H, B, EMBEDDED = 5, 6, 8, 7, 3
ARCHITECTURE = Architecture("lstm", Unshared(), H, D, 2, T, time_features=1)
WITH_EMBEDDING = replace(ARCHITECTURE, embedding=EMBEDDED)
MANY = [Unshared(), Soft(), Blocks(size=2), Cyclic(period=2), Mixture(components=3)]
CELLS = ["rnn", "gru", "lstm", f"{__name__}:Simple"]


class Simple(Cell):
    """A cell that only defines `step`, so that ordinary autograd unrolls it."""

    gates = 1

    def step(self, weights: Tensor, inputs: Tensor, state: State) -> State:
        stacked = torch.cat([torch.ones_like(inputs[:, :1]), inputs, state[0]], dim=1)
        return (torch.tanh(weights @ stacked),)


def symbols_of(members: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """One-hot inputs `[T, E, D, B]` of symbols."""
    generator = torch.Generator().manual_seed(0)
    symbols = torch.randint(D, (T, members, 1, B), generator=generator)
    return torch.zeros(T, members, D, B, dtype=dtype).scatter_(2, symbols, 1.0)


def outputs_of(network: Network, inputs: Tensor, update: int | None = None) -> Tensor:
    masks = None if update is None else network.masks(B, update)
    hidden, _ = network.run(inputs, network.initial_state(B), range(T), masks=masks)
    return network.read(hidden, range(T), masks=masks)


def named_gradients(network: Network, loss: Tensor) -> dict[str, Tensor]:
    names = network.named_parameters()
    return dict(zip(names, torch.autograd.grad(loss, list(names.values())), strict=True))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("cell", CELLS)
def test_an_embedding_is_a_matrix_before_a_cell_of_its_width(cell: str, dtype: torch.dtype) -> None:
    network = Network(replace(WITH_EMBEDDING, cell=cell), [1, 2], dtype)
    plain = Network(replace(ARCHITECTURE, cell=cell, input_size=EMBEDDED), [1, 2], dtype)
    tensors = network.state_dict()
    embedding = tensors.pop("embedding").requires_grad_()
    plain.load_state_dict(tensors)
    inputs = symbols_of(2, dtype)
    products = torch.einsum("mij,tmjb->tmib", embedding, inputs)
    expected, got = outputs_of(plain, products), outputs_of(network, inputs)
    torch.testing.assert_close(got, expected)
    gradients = named_gradients(network, got.square().sum())
    (by_hand,) = torch.autograd.grad(expected.square().sum(), embedding)
    torch.testing.assert_close(gradients["embedding"], by_hand, rtol=1e-4, atol=1e-5)


def test_an_embedding_gets_a_gradient_for_the_symbols_that_were_read_alone() -> None:
    network = Network(WITH_EMBEDDING, [1, 2])
    inputs = symbols_of(2)
    inputs[:, :, 0] = 0
    gradient = named_gradients(network, outputs_of(network, inputs).square().sum())["embedding"]
    assert (gradient[:, :, 0] == 0).all() and (gradient[:, :, 1:] != 0).any()


def test_an_embedding_is_counted_and_matched() -> None:
    network = Network(WITH_EMBEDDING, [1])
    count = parameter_count(WITH_EMBEDDING)
    assert count.embedding == D * EMBEDDED
    assert count.total == sum(tensor.numel() for tensor in network.parameters())
    shared = replace(WITH_EMBEDDING, schedule=Shared())
    hidden = matching_hidden(shared, count.total)
    distances = [
        abs(parameter_count(replace(shared, hidden_size=size)).total - count.total)
        for size in (hidden - 1, hidden, hidden + 1)
    ]
    assert min(distances) == distances[1]


def test_shared_and_unshared_members_of_a_seed_have_the_same_embedding() -> None:
    unshared = Network(WITH_EMBEDDING, [1, 2]).state_dict()
    shared = Network(replace(WITH_EMBEDDING, schedule=Shared()), [1, 2]).state_dict()
    plain = Network(ARCHITECTURE, [1, 2]).state_dict()
    assert torch.equal(unshared["embedding"], shared["embedding"])
    assert torch.equal(unshared["readout"], plain["readout"])


@pytest.mark.parametrize("schedule", MANY, ids=lambda schedule: type(schedule).__name__)
def test_every_matrix_begins_as_the_same_draw_where_init_says_so(schedule: Schedule) -> None:
    same = schedule.model_copy(update={"init": "same"})
    independent, alike, shared = (
        Network(replace(ARCHITECTURE, schedule=each), [1, 2]).state_dict()["weights"]
        for each in (schedule, same, Shared())
    )
    assert torch.equal(alike, shared.expand_as(alike))
    assert not torch.equal(independent[:, 0], independent[:, 1])
    assert torch.equal(independent[:, 0], alike[:, 0])
    assert same.model_validate(same.model_dump()) == same != schedule


def test_a_schedule_of_one_draw_begins_alike_in_both_cases() -> None:
    for schedule in (Shared(), Basis(functions=3)):
        same = schedule.model_copy(update={"init": "same"})
        one, other = (
            Network(replace(ARCHITECTURE, schedule=each), [1]).state_dict()["weights"]
            for each in (schedule, same)
        )
        assert torch.equal(one, other)


@pytest.mark.parametrize("architecture", [ARCHITECTURE, WITH_EMBEDDING], ids=["one-hot", "embed"])
@pytest.mark.parametrize("cell", CELLS)
def test_a_member_without_dropout_keeps_every_bit_beside_one_with_it(
    cell: str, architecture: Architecture
) -> None:
    architecture = replace(architecture, cell=cell)
    without = Network(architecture, [1, 2])
    beside = Network(architecture, [1, 2], dropouts=[0.0, 0.5])
    inputs = symbols_of(2)
    outputs = [outputs_of(network, inputs, update=3) for network in (without, beside)]
    assert torch.equal(outputs[0][:, 0], outputs[1][:, 0])
    assert not torch.equal(outputs[0][:, 1], outputs[1][:, 1])
    gradients = [
        named_gradients(network, output.square().sum())
        for network, output in zip((without, beside), outputs, strict=True)
    ]
    for name, gradient in gradients[0].items():
        assert torch.equal(gradient[0], gradients[1][name][0]), name
    assert Network(architecture, [1, 2], dropouts=[0.0, 0.0]).masks(B, 0) is None


def test_evaluation_drops_nothing() -> None:
    without, dropping = (Network(ARCHITECTURE, [1], dropouts=rates) for rates in (None, [0.5]))
    assert torch.equal(outputs_of(without, symbols_of(1)), outputs_of(dropping, symbols_of(1)))


@pytest.mark.parametrize("cell", CELLS)
def test_a_mask_is_the_same_at_every_step_and_acts_on_inputs_and_hidden_states(cell: str) -> None:
    network = Network(replace(ARCHITECTURE, cell=cell), [1, 2], dropouts=[0.3, 0.6])
    inputs = symbols_of(2)
    masks = network.masks(B, 4)
    assert masks is not None
    assert masks.inputs.shape == (2, D, B) and masks.hidden.shape == (2, H, B)
    by_hand = inputs * masks.inputs[None].expand(T, -1, -1, -1)
    hidden, _ = network.run(by_hand, network.initial_state(B), range(T))
    expected = network.read(hidden * masks.hidden, range(T))
    torch.testing.assert_close(outputs_of(network, inputs, update=4), expected)


def test_masks_keep_as_many_as_the_rate_says_and_their_mean() -> None:
    rates = [0.0, 0.2, 0.75]
    masks = Network(ARCHITECTURE, [1, 2, 3], dropouts=rates).masks(20_000, 0)
    assert masks is not None
    for kind in (masks.inputs, masks.hidden):
        for member, rate in zip(kind, rates, strict=True):
            assert sorted(set(member.flatten().tolist())) == pytest.approx(
                [0.0, 1 / (1 - rate)] if rate else [1.0]
            )
            assert float((member == 0).float().mean()) == pytest.approx(rate, abs=0.01)
            assert float(member.mean()) == pytest.approx(1, abs=0.03)


def test_the_masks_of_a_member_follow_from_its_seed_and_the_update() -> None:
    rates, seeds = [0.5, 0.5, 0.5], [7, 8, 9]
    together = Network(ARCHITECTURE, [1, 1, 1], dropouts=rates, dropout_seeds=seeds)
    alone = Network(ARCHITECTURE, [1], dropouts=[0.5], dropout_seeds=[9])
    first, again, other, own = (
        masks.inputs.numpy()
        for masks in (
            together.masks(B, 1),
            together.masks(B, 1),
            together.masks(B, 2),
            alone.masks(B, 1),
        )
        if masks is not None
    )
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert not np.array_equal(first[0], first[1])
    assert np.array_equal(first[2], own[0])
    together.keep([2, 0])
    remaining = together.masks(B, 1)
    assert remaining is not None and np.array_equal(remaining.inputs.numpy(), first[[2, 0]])


def test_rates_of_dropout_are_checked() -> None:
    with pytest.raises(ValueError, match=r"dropout: 1\.0 is not allowed"):
        Network(ARCHITECTURE, [1, 2], dropouts=[0.0, 1.0])
    with pytest.raises(ValueError, match="1 rates of dropout for 2 members"):
        Network(ARCHITECTURE, [1, 2], dropouts=[0.5])
