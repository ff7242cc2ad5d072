"""A cell's hand-derived passes against its definition, and its definition against PyTorch."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.cells.base import HandDerived
from timeshare.recurrent.kernels.unrolling import available, unroll_compiled
from timeshare.recurrent.network import Network
from timeshare.recurrent.schedules.shared import Shared
from timeshare.recurrent.unrolling import unroll_eager, unroll_reference
from timeshare.registry import find

pytestmark = pytest.mark.usefixtures("kernels")

CELLS = ["rnn", "gru", "lstm"]
TOLERANCE = {torch.float64: 1e-12, torch.float32: 2e-5}


def cell_named(name: str) -> HandDerived:
    cell = find("recurrent.cells", name)()
    assert isinstance(cell, HandDerived)
    return cell


def passes(
    unroll: Any, cell: HandDerived, tensors: list[Tensor], index: list[int], weighting: Tensor
) -> list[Tensor]:
    """All outputs and all gradients of one window."""
    weights, inputs, *state = tensors
    hidden, after = unroll(cell, weights, index, inputs, tuple(state))
    loss = (hidden * weighting).sum() + sum(part.square().sum() for part in after)
    return [hidden, *after, *torch.autograd.grad(loss, tensors)]


@pytest.mark.parametrize("name", CELLS)
@given(
    E=st.integers(1, 3),
    K=st.integers(1, 6),
    S=st.integers(1, 4),
    H=st.integers(1, 20),
    D=st.integers(0, 5),
    B=st.integers(1, 35),
    double=st.booleans(),
    seed=st.integers(0, 99),
)
@settings(max_examples=25, deadline=None)
def test_outputs_and_all_gradients_are_those_of_ordinary_autograd(
    name: str, E: int, K: int, S: int, H: int, D: int, B: int, double: bool, seed: int
) -> None:
    cell, dtype = cell_named(name), torch.float64 if double else torch.float32
    generator = torch.Generator().manual_seed(seed)

    def tensor(*shape: int) -> Tensor:
        drawn = torch.rand(shape, generator=generator) - 0.5
        return drawn.to(dtype).requires_grad_()

    tensors = [tensor(E, S, cell.gates * H, cell.columns(D, H)), tensor(K, E, D, B)]
    tensors += [tensor(E, H, B) for _ in range(cell.states)]
    index = [(3 * step + seed) % S for step in range(K)]
    weighting = tensor(K, E, H, B).detach()
    fast = unroll_compiled if available(cell, tensors[0]) else unroll_eager
    expected = passes(unroll_reference, cell, tensors, index, weighting)
    got = passes(fast, cell, tensors, index, weighting)
    for one, other in zip(got, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_shared_cell_with_the_weights_of_torch_nn_gives_its_outputs(
    name: str, dtype: torch.dtype
) -> None:
    D, H, B, T = 5, 12, 7, 30
    torch.manual_seed(1)
    peer = getattr(torch.nn, name.upper())(D, H).to(dtype)
    network = Network(Architecture(name, Shared(), H, D, 1, T), [0], dtype)
    bias_input, bias_state = peer.bias_ih_l0[:, None], peer.bias_hh_l0[:, None]
    if name == "gru":
        parts = [bias_input, peer.weight_ih_l0, bias_state, peer.weight_hh_l0]
    else:
        parts = [bias_input + bias_state, peer.weight_ih_l0, peer.weight_hh_l0]
    tensors = network.state_dict()
    tensors["weights"] = torch.cat(parts, dim=1).detach()[None, None]
    network.load_state_dict(tensors)
    inputs = torch.randn(T, B, D, dtype=dtype)
    hidden, _ = network.run(inputs.transpose(1, 2)[:, None], network.initial_state(B), range(T))
    tolerance = 1e-6 if dtype is torch.float32 else 1e-12
    difference = (hidden[:, 0].transpose(1, 2) - peer(inputs)[0]).abs().max()
    assert difference.item() <= tolerance


@pytest.mark.parametrize("name", CELLS)
def test_initial_weights_have_the_spread_of_torch_nn(name: str) -> None:
    H = 64
    network = Network(Architecture(name, Shared(), H, 64, 1, 4), [0])
    weights = network.state_dict()["weights"][..., 1:]
    assert weights.abs().max() <= H**-0.5
    assert weights.std().item() == pytest.approx((H * 3) ** -0.5, rel=0.02)


def test_a_forget_bias_sets_the_bias_of_the_forget_gate_alone() -> None:
    plain = Network(Architecture("lstm", Shared(), 8, 3, 1, 4), [0]).state_dict()["weights"]
    set_to = Architecture("lstm", Shared(), 8, 3, 1, 4, forget_bias=1.0)
    biased = Network(set_to, [0]).state_dict()["weights"]
    assert (biased[0, 0, 8:16, 0] == 1).all()
    biased[0, 0, 8:16, 0] = plain[0, 0, 8:16, 0]
    assert torch.equal(biased, plain)


def test_a_forget_bias_without_a_forget_gate_is_refused() -> None:
    with pytest.raises(ValueError, match="gru has no forget gate"):
        Architecture("gru", Shared(), 8, 3, 1, 4, forget_bias=1.0)


@pytest.mark.parametrize("name", CELLS)
def test_orthogonal_initialisation_gives_orthogonal_recurrent_matrices(name: str) -> None:
    H = 9
    architecture = Architecture(name, Shared(), H, 3, 1, 4, recurrent_init="orthogonal")
    weights = Network(architecture, [3]).state_dict()["weights"][0, 0]
    for gate in weights[:, -H:].chunk(len(weights) // H):
        torch.testing.assert_close(gate @ gate.T, torch.eye(H), atol=1e-5, rtol=0)
