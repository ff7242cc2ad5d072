"""Schedules, ensembles, windows and what PyTorch expects of a module."""

import copy
import io
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from timeshare.nn import (
    GRU,
    LSTM,
    RNN,
    Basis,
    Blocks,
    Cyclic,
    Mixture,
    Schedule,
    Shared,
    Soft,
    Unshared,
)
from timeshare.nn.layers import Layer
from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.network import Network

pytestmark = pytest.mark.usefixtures("kernels")

B, T, D, H = 4, 6, 3, 5
LAYERS = [RNN, GRU, LSTM]
SCHEDULES: list[Schedule] = [
    Shared(),
    Unshared(),
    Blocks(size=4),
    Cyclic(period=4),
    Soft(strength=0.5),
    Basis(functions=3),
    Mixture(components=3),
]
EXACT: dict[str, Any] = {"rtol": 1e-10, "atol": 1e-12}


def name_of(value: Any) -> str:
    return value.__name__ if isinstance(value, type) else type(value).__name__


def layer_of(kind: type[Layer] = LSTM, **arguments: Any) -> Layer:
    torch.manual_seed(0)
    fixed: dict[str, Any] = {"batch_first": True, "steps": T, "dtype": torch.float64}
    return kind(D, H, **(fixed | arguments))


def drawn(*shape: int) -> Tensor:
    return torch.randn(shape, dtype=torch.float64)


def parts_of(state: Any) -> tuple[Tensor, ...]:
    return state if isinstance(state, tuple) else (state,)


def gradients_of(layer: Layer, inputs: Tensor, **arguments: Any) -> list[Tensor]:
    output, state = layer(inputs, **arguments)
    total = output.square().sum() + sum(part.sum() for part in parts_of(state))
    return list(torch.autograd.grad(total, list(layer.parameters())))


def single_of(layer: Layer, member: int) -> Layer:
    """A layer without a member axis that has the parameters of one member."""
    single = copy.deepcopy(layer)
    single.members = None
    for name, parameter in layer.named_parameters():
        setattr(single, name, nn.Parameter(parameter[member : member + 1].detach().clone()))
    return single


@pytest.mark.parametrize("schedule", SCHEDULES, ids=name_of)
@pytest.mark.parametrize("kind", LAYERS)
def test_a_layer_computes_what_the_engine_computes(kind: type[Layer], schedule: Schedule) -> None:
    layer = layer_of(kind, schedule=schedule, time_features=2)
    architecture = Architecture(kind.cell, schedule, H, D, 1, T, time_features=2)
    network = Network(architecture, [0], torch.float64)
    network.load_state_dict(
        {name: p.detach() for name, p in layer.named_parameters()}
        | {"readout": network.state_dict()["readout"]}
    )
    inputs = drawn(B, T, D)
    hidden, after = network.run(
        inputs.permute(1, 2, 0)[:, None], network.initial_state(B), range(T)
    )
    output, state = layer(inputs)
    torch.testing.assert_close(output, hidden[:, 0].permute(2, 0, 1), **EXACT)
    for one, other in zip(parts_of(state), after, strict=True):
        torch.testing.assert_close(one, other.transpose(1, 2), **EXACT)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=name_of)
@pytest.mark.parametrize("batch_first", [True, False])
def test_members_of_an_ensemble_are_independent(schedule: Schedule, batch_first: bool) -> None:
    layer = layer_of(schedule=schedule, members=3, batch_first=batch_first)
    shape = (B, T, D) if batch_first else (T, B, D)
    state = (drawn(3, 1, B, H), drawn(3, 1, B, H))
    for inputs in (drawn(*shape), drawn(3, *shape)):
        output, after = layer(inputs, state)
        gradients = gradients_of(layer, inputs, hx=state)
        for member in range(3):
            own = inputs if inputs.dim() == 3 else inputs[member]
            start = tuple(part[member] for part in state)
            single = single_of(layer, member)
            expected, last = single(own, start)
            torch.testing.assert_close(output[member], expected, **EXACT)
            for one, other in zip(after, last, strict=True):
                torch.testing.assert_close(one[member], other, **EXACT)
            alone = gradients_of(single, own, hx=start)
            for together, other in zip(gradients, alone, strict=True):
                torch.testing.assert_close(together[member], other[0], **EXACT)


def test_members_start_with_different_weights_that_the_seed_determines() -> None:
    first, again = layer_of(members=2), layer_of(members=2)
    (weights,), (same,) = first.parameters(), again.parameters()
    assert torch.equal(weights, same)
    assert not torch.equal(weights[0], weights[1])
    assert weights.abs().max() <= 2 / H**0.5
    again.reset_parameters()
    assert not torch.equal(weights, same)


@pytest.mark.parametrize("schedule", [Unshared(), Blocks(size=4), Basis(functions=3)], ids=name_of)
@pytest.mark.parametrize("extension", ["hold", "cycle", "align-right"])
@pytest.mark.parametrize("bias", [True, False])
def test_a_sequence_with_a_length_is_that_sequence_alone(
    schedule: Schedule, extension: str, bias: bool
) -> None:
    layer = layer_of(GRU, schedule=schedule, extension=extension, bias=bias)
    inputs, lengths = drawn(B, T + 3, D), [4, T + 3, 1, 4]
    output, state = layer(inputs, lengths=lengths)
    gradients = gradients_of(layer, inputs, lengths=torch.tensor(lengths))
    sums = [torch.zeros_like(gradient) for gradient in gradients]
    for row, length in enumerate(lengths):
        alone = inputs[row : row + 1, :length]
        expected, last = layer(alone)
        torch.testing.assert_close(output[row, :length], expected[0], **EXACT)
        assert not output[row, length:].any()
        torch.testing.assert_close(state[:, row], last[:, 0], **EXACT)
        for total, part in zip(sums, gradients_of(layer, alone), strict=True):
            total += part
    for one, other in zip(gradients, sums, strict=True):
        torch.testing.assert_close(one, other, **EXACT)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=name_of)
def test_windows_of_a_sequence_add_up(schedule: Schedule) -> None:
    layer = layer_of(schedule=schedule, time_features=1)
    inputs = drawn(B, T, D)
    output, state = layer(inputs)
    first, middle = layer(inputs[:, :2])
    second, last = layer(inputs[:, 2:], middle, first_step=2)
    torch.testing.assert_close(torch.cat([first, second], dim=1), output, **EXACT)
    for one, other in zip(last, state, strict=True):
        torch.testing.assert_close(one, other, **EXACT)


def test_gradients_of_windows_accumulate_with_and_without_hooks() -> None:
    layer, inputs = layer_of(schedule="unshared"), drawn(B, T, D)
    hooked = copy.deepcopy(layer)
    seen: list[Tensor] = []
    parameter: Any = next(hooked.parameters())
    parameter.register_hook(lambda gradient: seen.append(gradient.clone()))
    for module in (layer, hooked):
        for first in (0, 3):
            output, _ = module(inputs[:, first : first + 3], first_step=first)
            torch.autograd.backward(output.square().sum())
    (one,), (other,) = (list(module.parameters()) for module in (layer, hooked))
    assert one.grad is not None and other.grad is not None
    torch.testing.assert_close(one.grad, other.grad, **EXACT)
    assert len(seen) == 2
    torch.testing.assert_close(seen[0] + seen[1], other.grad, **EXACT)


def test_only_the_soft_schedule_has_a_penalty() -> None:
    assert layer_of(schedule="unshared").penalty() == 0
    layer = layer_of(schedule=Soft(strength=0.5), members=2)
    weights = next(layer.parameters())
    expected = 0.5 * (weights[:, 1:] - weights[:, :-1]).square().sum(dim=(1, 2, 3))
    torch.testing.assert_close(layer.penalty(), expected)
    assert single_of(layer, 0).penalty().shape == ()


def test_the_state_dict_is_saved_and_loaded() -> None:
    layer = layer_of(schedule=Mixture(components=2))
    file = io.BytesIO()
    torch.save(layer.state_dict(), file)
    file.seek(0)
    other = LSTM(D, H, batch_first=True, steps=T, schedule=Mixture(components=2)).double()
    other.load_state_dict(torch.load(file))
    inputs = drawn(B, T, D)
    assert torch.equal(other(inputs)[0], layer(inputs)[0])
    assert set(layer.state_dict()) == {"weights", "mixing"}


def test_a_copy_is_independent() -> None:
    layer, inputs = layer_of(schedule="unshared"), drawn(B, T, D)
    other = copy.deepcopy(layer)
    before = layer(inputs)[0]
    with torch.no_grad():
        next(other.parameters()).zero_()
    assert torch.equal(layer(inputs)[0], before)
    assert not torch.equal(other(inputs)[0], before)


def test_a_layer_moves_between_dtypes() -> None:
    layer, inputs = layer_of(), drawn(B, T, D)
    output = layer(inputs)[0]
    assert layer.to(torch.float32)(inputs.float())[0].dtype == torch.float32
    torch.testing.assert_close(layer(inputs.float())[0].double(), output, rtol=1e-4, atol=1e-5)
    with pytest.raises(ValueError, match=r"the input is torch.float64 on cpu, but the weights are"):
        layer(inputs)


def test_a_head_and_stacked_layers_train_in_a_sequential() -> None:
    class Output(nn.Module):
        def forward(self, result: tuple[Tensor, Any]) -> Tensor:
            return result[0]

    torch.manual_seed(0)
    model = nn.Sequential(
        LSTM(D, H, batch_first=True, steps=T, schedule="unshared"),
        Output(),
        GRU(H, H, batch_first=True),
        Output(),
        nn.Linear(H, 2),
    )
    inputs, targets = drawn(B, T, D).float(), drawn(B, T, 2).float()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.02)
    losses = []
    for _ in range(60):
        optimiser.zero_grad()
        loss = nn.functional.mse_loss(model(inputs), targets)
        torch.autograd.backward(loss)
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.6 * losses[0]


def test_double_backward_is_refused_unless_it_was_asked_for() -> None:
    inputs = drawn(2, T, D).requires_grad_()
    layer = layer_of(schedule="unshared")
    with pytest.raises(RuntimeError, match="construct the layer with twice_differentiable=True"):
        torch.autograd.grad(layer(inputs)[0].sum(), inputs, create_graph=True)
    twice = layer_of(schedule="unshared", twice_differentiable=True)
    torch.testing.assert_close(twice(inputs)[0], layer(inputs)[0], **EXACT)
    assert torch.autograd.gradgradcheck(lambda given: twice(given)[0], inputs, fast_mode=True)


@pytest.mark.parametrize("members", [None, 2])
@pytest.mark.parametrize("kind", LAYERS)
def test_activations_can_be_computed_again_or_stored_elsewhere(
    kind: type[Layer], members: int | None
) -> None:
    layer, inputs = layer_of(kind, schedule="unshared", members=members), drawn(B, T, D)
    expected = gradients_of(layer, inputs)

    def output_of(given: Tensor) -> Tensor:
        output: Tensor = layer(given)[0]
        return output

    source = inputs.clone().requires_grad_()
    (plain,) = torch.autograd.grad(output_of(source).square().sum(), source)
    again = checkpoint(output_of, source, use_reentrant=False)
    torch.testing.assert_close(torch.autograd.grad(again.square().sum(), source)[0], plain, **EXACT)
    with torch.autograd.graph.save_on_cpu():
        for one, other in zip(gradients_of(layer, inputs), expected, strict=True):
            torch.testing.assert_close(one, other, **EXACT)


def test_an_empty_batch_has_empty_outputs() -> None:
    output, state = layer_of(GRU, schedule="unshared")(drawn(0, T, D))
    assert output.shape == (0, T, H)
    assert state.shape == (1, 0, H)
