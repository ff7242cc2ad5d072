"""gradcheck of every cell under every schedule, in windows of every kind."""

from typing import Any

import pytest
import torch
from torch import Tensor

from timeshare.recurrent.architecture import Architecture
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

T = 5
SCHEDULES: list[Schedule] = [
    Shared(),
    Unshared(),
    Blocks(size=2),
    Cyclic(period=3),
    Soft(strength=0.3),
    Basis(functions=3),
    Mixture(components=3),
]


def whole(network: Network, K: int, parameters: list[Tensor], inputs: Tensor, state: Any) -> Any:
    """Outputs and penalty as a function of everything that has a gradient."""
    network._parameters = dict(zip(network.named_parameters(), parameters, strict=True))
    outputs = []
    for first in range(0, T, K):
        steps = range(first, min(first + K, T))
        hidden, state = network.run(inputs[first : first + K], state, steps)
        outputs.append(network.read(hidden, steps))
    return torch.cat(outputs) + network.penalty()[:, None, None], *state


@pytest.mark.parametrize("K", [1, 2, T])
@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: type(schedule).__name__)
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_gradients_are_those_of_finite_differences(cell: str, schedule: Schedule, K: int) -> None:
    architecture = Architecture(cell, schedule, 3, 2, 2, T, time_features=1, readout="per-step")
    network = Network(architecture, [1, 2], torch.float64)
    parameters = network.parameters()
    torch.manual_seed(0)
    inputs = torch.randn(T, 2, 2, 3, dtype=torch.float64, requires_grad=True)
    state = [torch.randn_like(part, requires_grad=True) for part in network.initial_state(3)]

    def function(*tensors: Tensor) -> Any:
        parts = list(tensors)
        learned, rest = parts[: len(parameters)], parts[len(parameters) :]
        return whole(network, K, learned, rest[0], tuple(rest[1:]))

    assert torch.autograd.gradcheck(function, (*parameters, inputs, *state), fast_mode=True)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_gradients_of_single_entries_are_those_of_finite_differences(cell: str) -> None:
    """The slow form of gradcheck looks at every entry of the Jacobian."""
    network = Network(Architecture(cell, Unshared(), 2, 1, 1, 2), [1], torch.float64)
    inputs = torch.randn(2, 1, 1, 2, dtype=torch.float64, requires_grad=True)
    state = network.initial_state(2)

    def function(weights: Tensor, readout: Tensor, inputs: Tensor) -> Any:
        network._parameters = {"weights": weights, "readout": readout}
        hidden, after = network.run(inputs, state, range(2))
        return network.read(hidden, range(2)), *after

    assert torch.autograd.gradcheck(function, (*network.parameters(), inputs))
