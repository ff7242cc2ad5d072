"""AdamW over members: each as if it were alone, a diverged one left as it was."""

import math

import pytest
import torch
from torch import Tensor

from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.network import Network
from timeshare.recurrent.optimiser import MemberAdamW
from timeshare.recurrent.schedules.mixture import Mixture

pytestmark = pytest.mark.usefixtures("kernels")

ARCHITECTURE = Architecture("gru", Mixture(components=2), 7, 3, 2, 5)


def fill(network: Network, update: int, seeds: list[int]) -> None:
    """Gradients that depend on the member's seed and the update alone."""
    for number, parameter in enumerate(network.parameters()):
        generators = (
            torch.Generator().manual_seed(seed * 99 + update * 9 + number) for seed in seeds
        )
        draws = [torch.randn(parameter.shape[1:], generator=each) for each in generators]
        parameter.grad = torch.stack(draws).to(parameter.dtype)


def copies(network: Network) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in network.parameters()]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_each_member_moves_as_torch_adamw_moves_it_alone(dtype: torch.dtype) -> None:
    network = Network(ARCHITECTURE, [1, 2], dtype)
    rates, decays = [0.003, 0.1], [0.1, 0.5]
    peers = [[p[member].clone() for p in copies(network)] for member in range(2)]
    torch_optimisers = [
        torch.optim.AdamW(peer, lr=rate, weight_decay=decay)
        for peer, rate, decay in zip(peers, rates, decays, strict=True)
    ]
    optimiser = MemberAdamW(network, rates, decays)
    for update in range(20):
        fill(network, update, [1, 2])
        for member, peer in enumerate(peers):
            for theirs, ours in zip(peer, network.parameters(), strict=True):
                assert ours.grad is not None
                theirs.grad = ours.grad[member].clone()
        optimiser.step()
        for torch_optimiser in torch_optimisers:
            torch_optimiser.step()
    tolerance = 2e-6 if dtype is torch.float32 else 1e-12
    for member, peer in enumerate(peers):
        for theirs, ours in zip(peer, copies(network), strict=True):
            torch.testing.assert_close(ours[member], theirs, rtol=tolerance, atol=tolerance)


def test_an_update_does_not_depend_on_the_other_members() -> None:
    together, alone = Network(ARCHITECTURE, [1, 2, 3]), Network(ARCHITECTURE, [2])
    optimisers = (
        MemberAdamW(together, [0.1, 0.2, 0.3], [0.01, 0.02, 0.0]),
        MemberAdamW(alone, [0.2], [0.02]),
    )
    for update in range(5):
        fill(together, update, [1, 2, 3])
        fill(alone, update, [2])
        norms = [optimiser.clip(1.0) for optimiser in optimisers]
        assert torch.equal(norms[0][1:2], norms[1])
        for optimiser in optimisers:
            optimiser.step()
    for one, other in zip(copies(together), copies(alone), strict=True):
        assert torch.equal(one[1:2], other)


def test_an_inactive_member_keeps_every_bit_whatever_its_gradient() -> None:
    network = Network(ARCHITECTURE, [1, 2])
    optimiser = MemberAdamW(network, [0.1, 0.1], [0.01, 0.01])
    fill(network, 0, [1, 2])
    optimiser.step()
    before, moments = copies(network), optimiser.state_dict()
    fill(network, 1, [1, 2])
    for parameter in network.parameters():
        assert parameter.grad is not None
        parameter.grad[1] = torch.nan
    norms = optimiser.clip(1.0)
    assert math.isfinite(norms[0]) and math.isnan(norms[1])
    optimiser.step([True, False])
    for one, other in zip(copies(network), before, strict=True):
        assert torch.equal(one[1], other[1])
        assert not torch.equal(one[0], other[0])
        assert torch.isfinite(one).all()
    for name, tensor in optimiser.state_dict().items():
        assert torch.equal(tensor[1], moments[name][1])


def test_clipping_scales_each_member_to_its_own_norm() -> None:
    network = Network(ARCHITECTURE, [1, 2])
    optimiser = MemberAdamW(network, [0.1, 0.1], [0.0, 0.0])
    fill(network, 0, [1, 2])
    for parameter in network.parameters():
        assert parameter.grad is not None
        parameter.grad[0] *= 1e-3
    gradients = [p.grad.clone() for p in network.parameters() if p.grad is not None]
    norms = optimiser.clip(1.0)
    assert norms[0] < 1 < norms[1]
    optimiser.step()
    for parameter, gradient in zip(network.parameters(), gradients, strict=True):
        parameter.grad = gradient.clone()
    optimiser.step()  # no clipping is left over from the step before
    moments = optimiser.state_dict()
    for i, gradient in enumerate(gradients):
        first = moments[f"first.{i}"]
        once = torch.stack([gradient[0], gradient[1] / norms[1]])
        expected = 0.1 * (0.9 * once + gradient)
        torch.testing.assert_close(first, expected, rtol=1e-5, atol=1e-8)


def test_a_clipped_update_is_that_of_the_scaled_gradient() -> None:
    clipped, scaled = Network(ARCHITECTURE, [1]), Network(ARCHITECTURE, [1])
    optimisers = [MemberAdamW(network, [0.1], [0.0]) for network in (clipped, scaled)]
    fill(clipped, 0, [1])
    fill(scaled, 0, [1])
    factor = 1 / float(optimisers[0].clip(1.0).double()[0])
    for parameter in scaled.parameters():
        assert parameter.grad is not None
        parameter.grad *= factor
    for optimiser in optimisers:
        optimiser.step()
    for one, other in zip(copies(clipped), copies(scaled), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-6, atol=0)


def test_a_resumed_optimiser_goes_on_to_the_bit() -> None:
    network, resumed = Network(ARCHITECTURE, [1, 2]), Network(ARCHITECTURE, [3, 4])
    optimiser = MemberAdamW(network, [0.1, 0.2], [0.01, 0.01])
    other = MemberAdamW(resumed, [0.1, 0.2], [0.01, 0.01])
    for update in range(6):
        if update == 3:
            resumed.load_state_dict(network.state_dict())
            other.load_state_dict(optimiser.state_dict())
        fill(network, update, [1, 2])
        optimiser.step()
        if update >= 3:
            fill(resumed, update, [1, 2])
            other.step()
    for one, two in zip(copies(network), copies(resumed), strict=True):
        assert torch.equal(one, two)


def test_a_learning_rate_and_a_weight_decay_are_wanted_for_every_member() -> None:
    network = Network(ARCHITECTURE, [1, 2])
    with pytest.raises(ValueError, match="1 learning rates for 2 members"):
        MemberAdamW(network, [0.1], [0.0, 0.0])
    with pytest.raises(ValueError, match="3 weight decays for 2 members"):
        MemberAdamW(network, [0.1, 0.1], [0.0, 0.0, 0.0])


def test_an_optimiser_that_keeps_other_members_than_its_network_says_so() -> None:
    network = Network(ARCHITECTURE, [1, 2, 3])
    optimiser = MemberAdamW(network, [0.1] * 3, [0.0] * 3)
    network.keep([0, 2])
    with pytest.raises(ValueError, match="2 members and its optimiser 3"):
        optimiser.step()
    optimiser.keep([0, 2])
    optimiser.step()


def test_a_parameter_without_a_gradient_only_decays() -> None:
    network = Network(ARCHITECTURE, [1])
    before = copies(network)
    MemberAdamW(network, [0.5], [0.1]).step()
    for one, other in zip(copies(network), before, strict=True):
        torch.testing.assert_close(one, other * 0.95)
