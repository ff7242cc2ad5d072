"""What training relies on: independent members, windows that add up, correct graphs."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.cells.base import Cell, State
from timeshare.recurrent.network import Network, detached
from timeshare.recurrent.schedules.base import Extension, Schedule
from timeshare.recurrent.schedules.basis import Basis
from timeshare.recurrent.schedules.blocks import Blocks
from timeshare.recurrent.schedules.mixture import Mixture
from timeshare.recurrent.schedules.shared import Shared
from timeshare.recurrent.schedules.unshared import Unshared

pytestmark = pytest.mark.usefixtures("kernels")

T, D, H, B = 7, 3, 16, 9
CELLS = ["rnn", "gru", "lstm"]
ARCHITECTURE = Architecture("lstm", Unshared(), H, D, 2, T)
SCHEDULES: list[Schedule] = [
    Shared(),
    Unshared(),
    Blocks(size=3),
    Basis(functions=2),
    Mixture(components=2),
]


def inputs_of(members: int, length: int = T) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(length, 1, D, B, generator=generator).expand(-1, members, -1, -1)


def loss_of(network: Network, inputs: Tensor, K: int = T) -> Tensor:
    """Backward through windows of K detached steps; the gradients add up in the parameters."""
    state, total = network.initial_state(B), torch.zeros(network.members)
    for first in range(0, T, K):
        steps = range(first, min(first + K, T))
        hidden, state = network.run(inputs[first : first + K], detached(state), steps)
        loss = network.read(hidden, steps).square().sum(dim=(0, 2, 3))
        torch.autograd.backward(loss.sum())
        total += loss.detach()
    return total


def gradients(network: Network) -> list[Tensor]:
    return [torch.zeros_like(p) if p.grad is None else p.grad for p in network.parameters()]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: type(schedule).__name__)
@pytest.mark.parametrize("cell", CELLS)
def test_a_member_of_a_batch_is_that_member_alone(cell: str, schedule: Schedule) -> None:
    architecture = Architecture(cell, schedule, H, D, 2, T, time_features=2)
    together, alone = Network(architecture, [7, 8, 9]), Network(architecture, [8])
    for one, other in zip(together.parameters(), alone.parameters(), strict=True):
        assert torch.equal(one[1:2], other)
    losses = loss_of(together, inputs_of(3), K=3), loss_of(alone, inputs_of(1), K=3)
    torch.testing.assert_close(losses[0][1:2], losses[1], rtol=1e-6, atol=0)
    for one, other in zip(gradients(together), gradients(alone), strict=True):
        torch.testing.assert_close(one[1:2], other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_compiled_members_are_alone_to_the_bit(cell: str, kernels: str) -> None:
    if kernels == "eager":
        pytest.skip("a batched product may round a member differently beside others")
    architecture = Architecture(cell, Unshared(), H, D, 2, T)
    together, alone = Network(architecture, [7, 8, 9]), Network(architecture, [8])
    results = []
    for network in (together, alone):
        hidden, state = network.run(inputs_of(network.members), network.initial_state(B), range(T))
        torch.autograd.backward(hidden.square().sum() + state[0].sum())
        results.append((hidden, *state, gradients(network)[0]))
    assert torch.equal(results[0][0][:, 1:2], results[1][0])
    for one, other in zip(results[0][1:], results[1][1:], strict=True):
        assert torch.equal(one[1:2], other)


def test_a_member_that_diverged_does_not_reach_the_others() -> None:
    healthy, beside = Network(ARCHITECTURE, [1, 2]), Network(ARCHITECTURE, [1, 2])
    with torch.no_grad():
        beside.parameters()[0][1] = torch.nan
    loss_of(healthy, inputs_of(2))
    assert not torch.isfinite(loss_of(beside, inputs_of(2))[1])
    for one, other in zip(gradients(healthy), gradients(beside), strict=True):
        assert torch.equal(one[0], other[0])
        assert other[1].isnan().any()


@pytest.mark.parametrize("cell", CELLS)
def test_a_run_in_windows_is_one_run(cell: str) -> None:
    network = Network(replace(ARCHITECTURE, cell=cell), [1, 2])
    whole, after = network.run(inputs_of(2), network.initial_state(B), range(T))
    parts, state = [], network.initial_state(B)
    for first in range(0, T, 3):
        steps = range(first, min(first + 3, T))
        hidden, state = network.run(inputs_of(2)[first : first + 3], state, steps)
        parts.append(hidden)
    assert torch.equal(torch.cat(parts), whole)
    assert all(torch.equal(one, other) for one, other in zip(state, after, strict=True))


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: type(schedule).__name__)
def test_gradients_of_windows_add_up(schedule: Schedule) -> None:
    network = Network(replace(ARCHITECTURE, schedule=schedule), [1, 2])
    loss_of(network, inputs_of(2), K=2)
    added = [gradient.clone() for gradient in gradients(network)]
    summed = [torch.zeros_like(gradient) for gradient in added]
    state = network.initial_state(B)
    for first in range(0, T, 2):
        network.zero_grad()
        steps = range(first, min(first + 2, T))
        hidden, state = network.run(inputs_of(2)[first : first + 2], detached(state), steps)
        torch.autograd.backward(network.read(hidden, steps).square().sum())
        for total, gradient in zip(summed, gradients(network), strict=True):
            total += gradient
    for one, other in zip(added, summed, strict=True):
        torch.testing.assert_close(one, other)


def test_the_gradient_of_a_window_never_reaches_the_steps_before_it() -> None:
    network = Network(ARCHITECTURE, [1, 2])
    state = network.initial_state(B)
    with torch.no_grad():
        _, state = network.run(inputs_of(2)[:4], state, range(4))
    torch.autograd.backward(network.run(inputs_of(2)[4:], detached(state), range(4, T))[0].sum())
    gradient = gradients(network)[0]
    assert (gradient[:, :4] == 0).all()
    assert (gradient[:, 4:] != 0).any(dim=(-1, -2)).all()


def test_two_graphs_alive_at_once_are_both_right() -> None:
    """Two forward passes before a backward pass, in either order: no buffer is shared."""
    network = Network(ARCHITECTURE, [1, 2])

    def forward(inputs: Tensor) -> Tensor:
        hidden, _ = network.run(inputs, network.initial_state(B), range(T))
        return hidden.square().sum()

    def gradient(loss: Tensor) -> Tensor:
        network.zero_grad()
        torch.autograd.backward(loss)
        return gradients(network)[0].clone()

    expected = [gradient(forward(inputs_of(2) * scale)) for scale in (1, 2)]
    first, second = (forward(inputs_of(2) * scale) for scale in (1, 2))
    assert torch.equal(gradient(second), expected[1])
    assert torch.equal(gradient(first), expected[0])


def test_a_graph_that_is_retained_gives_the_same_gradient_again() -> None:
    network = Network(ARCHITECTURE, [1])
    hidden, _ = network.run(inputs_of(1), network.initial_state(B), range(T))
    loss = hidden.square().sum()
    torch.autograd.backward(loss, retain_graph=True)
    once = gradients(network)[0].clone()
    torch.autograd.backward(loss)
    torch.testing.assert_close(gradients(network)[0], 2 * once)


def test_asking_for_a_gradient_leaves_the_accumulated_one_alone() -> None:
    network = Network(ARCHITECTURE, [1])
    loss_of(network, inputs_of(1))
    before = gradients(network)[0].clone()
    hidden, _ = network.run(inputs_of(1), network.initial_state(B), range(T))
    (gradient,) = torch.autograd.grad(hidden.sum(), network.parameters()[:1])
    assert torch.equal(gradients(network)[0], before)
    assert not torch.equal(gradient, torch.zeros_like(gradient))


def test_weights_changed_between_forward_and_backward_are_noticed() -> None:
    network = Network(ARCHITECTURE, [1])
    hidden, _ = network.run(inputs_of(1), network.initial_state(B), range(T))
    with torch.no_grad():
        network.parameters()[0].mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        torch.autograd.backward(hidden.sum())


@pytest.mark.parametrize("cell", CELLS)
def test_without_a_graph_the_outputs_are_the_same(cell: str) -> None:
    network = Network(replace(ARCHITECTURE, cell=cell), [1, 2])
    expected = network.run(inputs_of(2), network.initial_state(B), range(T))
    with torch.no_grad():
        got = network.run(inputs_of(2), network.initial_state(B), range(T))
    assert not got[0].requires_grad
    assert torch.equal(got[0], expected[0])
    assert all(torch.equal(one, other) for one, other in zip(got[1], expected[1], strict=True))


def test_the_given_state_is_not_changed() -> None:
    network = Network(ARCHITECTURE, [1, 2])
    state = tuple(torch.randn_like(part) for part in network.initial_state(B))
    copies = [part.clone() for part in state]
    network.run(inputs_of(2), state, range(T))
    assert all(torch.equal(part, copy) for part, copy in zip(state, copies, strict=True))


@pytest.mark.parametrize("readout", ["shared", "per-step"])
def test_a_readout_belongs_to_all_steps_or_to_its_own(readout: Any) -> None:
    network = Network(replace(ARCHITECTURE, readout=readout), [1])
    hidden = torch.randn(1, 1, H, B).expand(T, -1, -1, -1)
    outputs = network.read(hidden, range(T))
    assert (outputs == outputs[0]).all() == (readout == "shared")
    matrix = network.state_dict()["readout"][0, -1]
    torch.testing.assert_close(outputs[-1, 0], matrix[:, :1] + matrix[:, 1:] @ hidden[-1, 0])


def test_a_per_step_readout_past_the_length_follows_the_extension() -> None:
    network = Network(replace(ARCHITECTURE, schedule=Shared(), readout="per-step"), [1])
    hidden = torch.randn(1, 1, H, B).expand(2 * T, -1, -1, -1)
    held = network.read(hidden, range(2 * T), 2 * T, Extension.HOLD)
    cycled = network.read(hidden, range(2 * T), 2 * T, Extension.CYCLE)
    assert (held[T:] == held[T - 1]).all()
    assert torch.equal(cycled[T:], cycled[:T])


def test_time_features_depend_on_the_absolute_step() -> None:
    with_features = replace(ARCHITECTURE, schedule=Shared(), time_features=2)
    network = Network(with_features, [1])
    zeros, state = torch.zeros(1, 1, D, B), network.initial_state(B)
    early, _ = network.run(zeros, state, range(1))
    late, _ = network.run(zeros, state, range(3, 4))
    assert not torch.equal(early, late)


def test_a_saved_network_is_the_network() -> None:
    network, other = Network(ARCHITECTURE, [1, 2]), Network(ARCHITECTURE, [3, 4])
    other.load_state_dict(network.state_dict())
    assert torch.equal(loss_of(network, inputs_of(2)), loss_of(other, inputs_of(2)))


def test_tensors_of_another_network_are_refused() -> None:
    network = Network(ARCHITECTURE, [1, 2])
    with pytest.raises(ValueError, match="not this network's tensors"):
        network.load_state_dict(Network(ARCHITECTURE, [1]).state_dict())


@pytest.mark.parametrize(
    "shape", [(T, 2, D, B + 1), (T, 1, D, B), (T, 2, D + 1, B), (T - 1, 2, D, B)]
)
def test_inputs_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    network = Network(ARCHITECTURE, [1, 2])
    with pytest.raises(ValueError, match="inputs are"):
        network.run(torch.zeros(shape), network.initial_state(B), range(T))


def test_float32_and_float64_agree() -> None:
    single, double = Network(ARCHITECTURE, [1, 2]), Network(ARCHITECTURE, [1, 2], torch.float64)
    loss_of(single, inputs_of(2))
    loss_of(double, inputs_of(2).double())
    for one, other in zip(gradients(single), gradients(double), strict=True):
        torch.testing.assert_close(one.double(), other, rtol=1e-4, atol=1e-4)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize("cell", CELLS)
def test_a_gpu_gives_the_same_gradients(cell: str) -> None:
    architecture = replace(ARCHITECTURE, cell=cell)
    here = Network(architecture, [1, 2], torch.float64)
    there = Network(architecture, [1, 2], torch.float64, "cuda")
    for network in (here, there):
        inputs = inputs_of(2).to(network.device, torch.float64)
        hidden, _ = network.run(inputs, network.initial_state(B), range(T))
        torch.autograd.backward(hidden.square().sum())
    for one, other in zip(gradients(here), gradients(there), strict=True):
        torch.testing.assert_close(one, other.cpu())


class Leaky(Cell):
    """A cell with nothing but its definition."""

    gates = 1

    def step(self, weights: Tensor, inputs: Tensor, state: State) -> State:
        shown = weights[:, :, :1] + weights[:, :, 1 : 1 + inputs.shape[1]] @ inputs
        return ((shown + weights[:, :, 1 + inputs.shape[1] :] @ state[0]) * 0.5,)


def test_a_cell_from_elsewhere_trains_by_ordinary_autograd() -> None:
    architecture = replace(ARCHITECTURE, cell=f"{__name__}:Leaky")
    network = Network(architecture, [1, 2])
    loss_of(network, inputs_of(2), K=2)
    assert all((gradient != 0).any() for gradient in gradients(network))
