"""With shared weights a layer computes what the one of `torch.nn` computes."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from timeshare.nn import GRU, LSTM, RNN
from timeshare.nn.layers import Layer
from timeshare.nn.peers import WIDE, torch_is_faster

pytestmark = pytest.mark.usefixtures("kernels")

B, T, D, H = 5, 7, 3, 6
LAYERS = [RNN, GRU, LSTM]
EXACT: dict[str, Any] = {"rtol": 1e-10, "atol": 1e-12}
"""Tolerances in float64."""


def peers(kind: type[Layer], **arguments: Any) -> tuple[Layer, nn.RNNBase]:
    """A layer and that of `torch.nn` with the same parameters."""
    torch.manual_seed(1)
    peer = kind.torch_type(D, H, **arguments)
    return kind.from_torch(peer), peer


def drawn(*shape: int, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.randn(shape, dtype=dtype).requires_grad_()


def parts_of(state: Any) -> tuple[Tensor, ...]:
    return state if isinstance(state, tuple) else (state,)


def as_state(parts: list[Tensor]) -> Any:
    return tuple(parts) if len(parts) > 1 else parts[0]


def gradients(outputs: list[Tensor], sources: list[Tensor]) -> list[Tensor]:
    """Of a sum of the outputs in which each entry has a weight of its own."""
    generator = torch.Generator().manual_seed(2)
    total = torch.zeros((), dtype=outputs[0].dtype)
    for output in outputs:
        weights = torch.rand(output.shape, generator=generator, dtype=torch.float64)
        total = total + (output * weights.to(output.dtype)).sum()
    return list(torch.autograd.grad(total, sources))


@pytest.mark.parametrize("given", [True, False], ids=["state given", "no state"])
@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("kind", LAYERS)
def test_outputs_states_and_gradients_are_those_of_torch(
    kind: type[Layer], batch_first: bool, given: bool
) -> None:
    layer, peer = peers(kind, batch_first=batch_first, dtype=torch.float64)
    inputs = drawn(*((B, T) if batch_first else (T, B)), D)
    first = [drawn(1, B, H) for _ in range(2 if kind is LSTM else 1)] if given else []
    results = []
    for module in (layer, peer):
        output, state = module(inputs, as_state(first)) if given else module(inputs)
        outputs = [output, *parts_of(state)]
        results.append((outputs, gradients(outputs, [inputs, *first])))
    for mine, theirs in zip(*results, strict=True):
        for one, other in zip(mine, theirs, strict=True):
            assert one.shape == other.shape
            torch.testing.assert_close(one, other, **EXACT)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", LAYERS)
def test_gradients_of_parameters_are_those_of_torch(kind: type[Layer], bias: bool) -> None:
    layer, peer = peers(kind, bias=bias, dtype=torch.float64)
    inputs = drawn(T, B, D)
    for module in (layer, peer):
        output, _ = module(inputs)
        torch.autograd.backward((output * torch.arange(1.0, 1 + H)).square().sum())
    own = {name: parameter.grad for name, parameter in peer.named_parameters()}
    by_inputs, by_state = own["weight_ih_l0"], own["weight_hh_l0"]
    assert by_inputs is not None and by_state is not None
    expected = [by_inputs, by_state]
    if bias:
        first, second = own["bias_ih_l0"], own["bias_hh_l0"]
        assert first is not None and second is not None
        expected = [first[:, None], by_inputs, by_state]
        if kind is GRU:
            expected.insert(2, second[:, None])
    (weights,) = layer.parameters()
    assert weights.grad is not None
    torch.testing.assert_close(weights.grad[0, 0], torch.cat(expected, dim=1), **EXACT)


@pytest.mark.parametrize("kind", LAYERS)
def test_one_sequence_needs_no_batch_axis(kind: type[Layer]) -> None:
    for batch_first in (True, False):
        layer, peer = peers(kind, batch_first=batch_first, dtype=torch.float64)
        inputs = drawn(T, D)
        first = as_state([drawn(1, H) for _ in range(2 if kind is LSTM else 1)])
        output, state = layer(inputs, first)
        expected, after = peer(inputs, first)
        for one, other in zip(
            (output, *parts_of(state)), (expected, *parts_of(after)), strict=True
        ):
            assert one.shape == other.shape
            torch.testing.assert_close(one, other, **EXACT)


@pytest.mark.parametrize("kind", LAYERS)
def test_lengths_are_those_of_a_packed_sequence(kind: type[Layer]) -> None:
    layer, peer = peers(kind, batch_first=True, dtype=torch.float64)
    inputs, lengths = drawn(B, T, D), torch.tensor([3, 7, 1, 3, 6])
    output, state = layer(inputs, lengths=lengths)
    packed = pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=False)
    packed_output, after = peer(packed)
    expected, _ = pad_packed_sequence(packed_output, batch_first=True)
    mine, theirs = [output, *parts_of(state)], [expected, *parts_of(after)]
    for one, other in zip(mine, theirs, strict=True):
        torch.testing.assert_close(one, other, **EXACT)
    pairs = zip(gradients(mine, [inputs]), gradients(theirs, [inputs]), strict=True)
    for one, other in pairs:
        torch.testing.assert_close(one, other, **EXACT)


@pytest.mark.parametrize("kind", LAYERS)
def test_float32_agrees_within_rounding(kind: type[Layer]) -> None:
    layer, peer = peers(kind)
    inputs = drawn(T, B, D, dtype=torch.float32)
    for one, other in zip(parts_of(layer(inputs)[1]), parts_of(peer(inputs)[1]), strict=True):
        assert one.dtype == torch.float32
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", LAYERS)
def test_a_layer_goes_to_torch_and_comes_back(kind: type[Layer], bias: bool) -> None:
    layer = kind(D, H, bias=bias, batch_first=True, members=3, dtype=torch.float64)
    inputs = drawn(B, T, D)
    output, _ = layer(inputs)
    for member in range(3):
        peer = layer.to_torch(member)
        assert type(peer) is kind.torch_type
        torch.testing.assert_close(peer(inputs)[0], output[member], **EXACT)
        again = kind.from_torch(peer)
        assert torch.equal(next(again.parameters())[0], next(layer.parameters())[member])


def test_a_schedule_with_one_matrix_goes_to_torch_and_others_do_not() -> None:
    layer = LSTM(D, H, steps=T, schedule="unshared")
    with pytest.raises(ValueError, match="shares weights through time; this schedule is Unshared"):
        layer.to_torch()
    assert isinstance(LSTM(D, H, steps=1, schedule="unshared").to_torch(), nn.LSTM)
    with pytest.raises(ValueError, match="time features"):
        LSTM(D, H, steps=T, time_features=2).to_torch()
    with pytest.raises(ValueError, match="member is None, not 0"):
        LSTM(D, H).to_torch(0)
    with pytest.raises(ValueError, match="member is 0 to 1, not None"):
        LSTM(D, H, members=2).to_torch()


@pytest.mark.parametrize(
    ("peer", "sentence"),
    [
        (nn.LSTM(D, H, num_layers=2), "num_layers must be 1"),
        (nn.LSTM(D, H, bidirectional=True), "bidirectional must be False"),
        (nn.LSTM(D, H, proj_size=2), "proj_size must be 0"),
        (nn.GRU(D, H), "LSTM is converted from nn.LSTM"),
    ],
)
def test_what_has_no_equal_here_is_refused(peer: nn.RNNBase, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        LSTM.from_torch(peer)


def test_relu_is_refused() -> None:
    with pytest.raises(ValueError, match="nonlinearity must be tanh"):
        RNN.from_torch(nn.RNN(D, H, nonlinearity="relu"))


@pytest.mark.parametrize("batch", [2, 9])
def test_a_wide_lstm_computes_the_same_at_any_batch(batch: int) -> None:
    """For a small batch it calls PyTorch's own function, for others the engine."""
    torch.manual_seed(0)
    layer = LSTM(D, WIDE, batch_first=True)
    peer = layer.to_torch()
    inputs = drawn(batch, T, D, dtype=torch.float32)
    first = [drawn(1, batch, WIDE, dtype=torch.float32) for _ in range(2)]
    weights = next(layer.parameters())
    assert torch_is_faster("lstm", weights, batch) == (batch == 2)
    results = []
    for module, learned in ((layer, [weights]), (peer, list(peer.parameters()))):
        output, state = module(inputs, (first[0], first[1]))
        outputs = [output, *state]
        *of_inputs, of_weights = gradients(outputs, [inputs, *first, learned[0]])
        results.append([*outputs, *of_inputs])
        results[-1].append(of_weights[0, 0, :, 1 : 1 + D] if module is layer else of_weights)
    for one, other in zip(*results, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)
