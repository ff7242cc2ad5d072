"""Equalities between schedules, and their weights past the training length."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.network import Network
from timeshare.recurrent.schedules.base import Extension, Schedule, trained_steps
from timeshare.recurrent.schedules.basis import Basis
from timeshare.recurrent.schedules.blocks import Blocks
from timeshare.recurrent.schedules.cyclic import Cyclic
from timeshare.recurrent.schedules.mixture import Mixture
from timeshare.recurrent.schedules.shared import Shared
from timeshare.recurrent.schedules.soft import Soft
from timeshare.recurrent.schedules.unshared import Unshared
from timeshare.recurrent.time_features import cosines, time_features

pytestmark = pytest.mark.usefixtures("kernels")

T, D, H, B = 6, 3, 5, 4
CELLS = ["rnn", "gru", "lstm"]


def network_of(cell: str, schedule: Schedule, **options: Any) -> Network:
    return Network(Architecture(cell, schedule, H, D, 2, T, **options), [4, 5])


def inputs_of(length: int) -> Tensor:
    generator = torch.Generator().manual_seed(length)
    return torch.randn(length, 2, D, B, generator=generator)


def hidden_of(network: Network, length: int = T, extension: Extension | None = None) -> Tensor:
    state = network.initial_state(B)
    return network.run(inputs_of(length), state, range(length), length, extension)[0]


@pytest.mark.parametrize("schedule", [Blocks(size=T), Cyclic(period=1), Basis(functions=1)])
@pytest.mark.parametrize("cell", CELLS)
def test_one_matrix_by_any_name_is_shared_to_the_bit(cell: str, schedule: Schedule) -> None:
    shared, other = network_of(cell, Shared()), network_of(cell, schedule)
    assert torch.equal(hidden_of(shared), hidden_of(other))
    for network in (shared, other):
        torch.autograd.backward(hidden_of(network).square().sum())
    one, two = (network.parameters()[0].grad for network in (shared, other))
    assert one is not None and two is not None
    assert torch.equal(one, two)


@pytest.mark.parametrize(
    "schedule", [Unshared(), Blocks(size=4), Soft(strength=1), Cyclic(period=2)]
)
@pytest.mark.parametrize("cell", CELLS)
def test_equal_matrices_are_shared_to_the_bit(cell: str, schedule: Schedule) -> None:
    shared, other = network_of(cell, Shared()), network_of(cell, schedule)
    tensors = shared.state_dict()
    count = schedule.matrices(T)
    tensors["weights"] = tensors["weights"].expand(-1, count, -1, -1)
    other.load_state_dict(tensors)
    assert torch.equal(hidden_of(shared), hidden_of(other))


def test_a_mixture_of_one_matrix_is_shared() -> None:
    shared, mixed = network_of("lstm", Shared()), network_of("lstm", Mixture(components=1))
    tensors = mixed.state_dict() | shared.state_dict()
    mixed.load_state_dict(tensors)
    torch.testing.assert_close(hidden_of(shared), hidden_of(mixed))


def test_as_many_functions_as_steps_span_everything_unshared_can_be() -> None:
    functions = cosines(range(T), T, T)
    assert np.linalg.matrix_rank(functions) == T
    unshared, basis = network_of("gru", Unshared()), network_of("gru", Basis(functions=T))
    tensors = unshared.state_dict()
    solved = torch.linalg.solve(
        torch.from_numpy(functions), tensors["weights"].double().flatten(2)
    ).reshape(tensors["weights"].shape)
    basis.load_state_dict(tensors | {"weights": solved.float()})
    torch.testing.assert_close(hidden_of(unshared), hidden_of(basis), atol=1e-5, rtol=1e-5)


def test_unshared_initial_weights_differ_and_the_first_are_the_shared_ones() -> None:
    weights = network_of("rnn", Unshared()).state_dict()["weights"]
    assert torch.equal(weights[:, :1], network_of("rnn", Shared()).state_dict()["weights"])
    assert not torch.equal(weights[:, 0], weights[:, 1])


def test_soft_tying_of_strength_zero_is_unshared() -> None:
    soft, unshared = network_of("lstm", Soft(strength=0)), network_of("lstm", Unshared())
    assert torch.equal(hidden_of(soft), hidden_of(unshared))
    assert torch.equal(soft.penalty(), torch.zeros(2))


def test_strong_soft_tying_draws_the_steps_together() -> None:
    network = network_of("rnn", Soft(strength=1))
    weights = network.parameters()[0]
    deviation = weights.detach().std(dim=1).mean().item()
    for _ in range(200):
        network.zero_grad()
        torch.autograd.backward(network.penalty().sum())
        with torch.no_grad():
            assert weights.grad is not None
            weights -= 0.1 * weights.grad
    assert weights.detach().std(dim=1).mean().item() < 0.01 * deviation


def test_the_penalty_is_the_squared_difference_of_neighbours_per_member() -> None:
    network = network_of("rnn", Soft(strength=0.5))
    weights = network.state_dict()["weights"]
    by_hand = [
        0.5 * sum(float((member[t + 1] - member[t]).square().sum()) for t in range(T - 1))
        for member in weights
    ]
    assert network.penalty().tolist() == pytest.approx(by_hand, rel=1e-5)


@given(step=st.integers(0, 80), length=st.integers(1, 20), total=st.integers(1, 81))
def test_every_extension_gives_a_trained_step(step: int, length: int, total: int) -> None:
    for extension in Extension:
        assert 0 <= extension.trained_step(step, length, total) < length


@given(length=st.integers(1, 20), total=st.integers(1, 60))
def test_what_each_extension_reads(length: int, total: int) -> None:
    def read(extension: Extension) -> list[int]:
        return trained_steps(range(total), length, total, extension)

    held, cycled, aligned = (read(extension) for extension in Extension)
    assert held[:length] == cycled[:length] == list(range(min(length, total)))
    assert set(held[length:]) <= {length - 1}
    assert cycled == [step % length for step in range(total)]
    assert aligned[-length:] == list(range(length))[-total:]
    assert set(aligned[:-length]) <= {0}


@pytest.mark.parametrize("extension", list(Extension))
@pytest.mark.parametrize("schedule", [Unshared(), Blocks(size=4), Soft(strength=0.1)])
def test_past_its_end_a_schedule_uses_the_matrix_that_the_extension_gives(
    schedule: Schedule, extension: Extension
) -> None:
    network = network_of("gru", schedule)
    weights, index = schedule.weights(network.named_parameters(), range(2 * T), T, 2 * T, extension)
    by_step = Network(Architecture("gru", Unshared(), H, D, 2, 2 * T), [4, 5])
    by_step.load_state_dict(network.state_dict() | {"weights": weights[:, index].detach()})
    assert torch.equal(hidden_of(network, 2 * T, extension), hidden_of(by_step, 2 * T))


@pytest.mark.parametrize("extension", list(Extension))
def test_at_the_training_length_every_extension_is_the_trained_network(
    extension: Extension,
) -> None:
    network = network_of("rnn", Unshared(), readout="per-step")
    assert torch.equal(hidden_of(network), hidden_of(network, T, extension))


def test_a_step_past_the_end_without_an_extension_is_refused() -> None:
    with pytest.raises(ValueError, match="needs an extension, one of 'hold', "):
        hidden_of(network_of("rnn", Unshared()), T + 1)


@pytest.mark.parametrize(
    "schedule", [Shared(), Cyclic(period=4), Basis(functions=3), Mixture(components=2)]
)
def test_a_schedule_without_an_end_reads_any_length(schedule: Schedule) -> None:
    network = network_of("lstm", schedule)
    assert not schedule.needs_extension
    long = hidden_of(network, 8 * T)
    assert torch.isfinite(long).all()
    first = network.run(inputs_of(8 * T)[:T], network.initial_state(B), range(T))[0]
    torch.testing.assert_close(long[:T], first)


@pytest.mark.parametrize("schedule", [Basis(functions=3), Mixture(components=2), Cyclic(period=4)])
def test_parameters_of_a_function_of_time_do_not_grow_with_the_length(schedule: Schedule) -> None:
    assert schedule.parameter_count(8, 100) == schedule.parameter_count(8000, 100)


def test_the_shares_of_a_mixture_are_convex_at_any_step() -> None:
    schedule = Mixture(components=3)
    network = network_of("rnn", schedule)
    ones = torch.ones_like(network.parameters()[0])
    parameters = network.named_parameters() | {"weights": ones}
    mixed, _ = schedule.weights(parameters, range(50), T, 50, None)
    torch.testing.assert_close(mixed, torch.ones_like(mixed))


@given(length=st.integers(1, 100), count=st.integers(1, 9), step=st.integers(0, 10_000))
@settings(max_examples=30)
def test_time_features_are_bounded_at_any_step(length: int, count: int, step: int) -> None:
    for function in (time_features, cosines):
        features = function([step], length, count)
        assert features.shape == (1, count)
        assert np.abs(features).max() <= 1 + 1e-9


@given(length=st.integers(2, 300), count=st.integers(2, 8))
@settings(max_examples=30)
def test_time_features_differ_between_all_steps_up_to_the_length(length: int, count: int) -> None:
    features = time_features(range(length), length, count)
    distances = np.abs(features[:, None] - features[None]).max(axis=-1)
    assert distances[~np.eye(length, dtype=bool)].min() > 1e-6
