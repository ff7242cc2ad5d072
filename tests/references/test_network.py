"""References compute what explicit `torch.nn` models compute, member by member."""

from collections.abc import Mapping

import pytest
import torch
from torch import Tensor, nn

from timeshare.recurrent.architecture import matching_hidden, parameter_count
from timeshare.recurrent.optimiser import MemberAdamW
from timeshare.references.architecture import ReferenceArchitecture
from timeshare.references.base import LinearMap, Reference, Sizes
from timeshare.references.cnn import Cnn
from timeshare.references.logistic import Logistic
from timeshare.references.mlp import Mlp
from timeshare.references.network import ReferenceNetwork

T, D, H, OUTPUTS, B = 9, 3, 5, 2, 7
SEEDS = [3, 4, 5]
DTYPES = [torch.float32, torch.float64]


class Sums(Reference):
    """A reference as a user would write it: a linear map of the running sums of the inputs."""

    every_step = True

    def maps(self, sizes: Sizes) -> dict[str, LinearMap]:
        return {"sums": LinearMap(sizes.hidden_size, sizes.input_size, sizes.length)}

    def width(self, sizes: Sizes) -> int:
        return sizes.hidden_size

    def features(self, tensors: Mapping[str, Tensor], inputs: Tensor) -> Tensor:
        matrix, sums = tensors["sums"], inputs.cumsum(dim=1)
        return (matrix[:, :1] + matrix[:, 1:] @ sums.flatten(1)).view(-1, *sums.shape[1:])


class CausalCnn(nn.Module):
    """`nn.Conv1d` layers with rectified units, padded at the left."""

    def __init__(self, layers: int, kernel_size: int, dense: bool) -> None:
        super().__init__()
        sizes = [D, *[H] * layers]
        self.convolutions = nn.ModuleList(
            nn.Conv1d(sizes[i], H, kernel_size, dilation=2**i) for i in range(layers)
        )
        self.readout = nn.Linear(H, OUTPUTS)
        self._kernel_size, self._dense = kernel_size, dense

    def forward(self, inputs: Tensor) -> Tensor:
        """Outputs `[B, T, O]` or `[B, O]` of inputs `[B, D, T]`."""
        hidden = inputs
        for layer, convolution in enumerate(self.convolutions):
            left = (self._kernel_size - 1) * 2**layer
            hidden = convolution(nn.functional.pad(hidden, (left, 0))).relu()
        features = hidden.transpose(1, 2) if self._dense else hidden.mean(dim=2)
        outputs: Tensor = self.readout(features)
        return outputs


def explicit(reference: Reference, dense: bool) -> nn.Module:
    """The same network of `torch.nn`, for inputs `[B, D, T]`."""
    if isinstance(reference, Cnn):
        return CausalCnn(reference.layers, reference.kernel_size, dense)
    if isinstance(reference, Mlp):
        widths = [D * T, *[H] * reference.layers]
        hidden: list[nn.Module] = []
        for i in range(reference.layers):
            hidden += [nn.Linear(widths[i], H), nn.ReLU()]
        return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(H, OUTPUTS))
    return nn.Sequential(nn.Flatten(), nn.Linear(D * T, OUTPUTS))


def load(model: nn.Module, tensors: Mapping[str, Tensor], member: int) -> None:
    """Copy a member's tensors: those of its maps in order, then its read-out."""
    layers = [each for each in model.modules() if isinstance(each, nn.Linear | nn.Conv1d)]
    names = [*(name for name in tensors if name != "readout"), "readout"]
    with torch.no_grad():
        for layer, name in zip(layers, names, strict=True):
            assert layer.bias is not None
            matrix = tensors[name][member]
            layer.bias.copy_(matrix[:, 0])
            layer.weight.copy_(as_weight(matrix[:, 1:], layer))


def as_weight(matrix: Tensor, layer: nn.Linear | nn.Conv1d) -> Tensor:
    """`[rows, columns]` in the layout of the layer's weight; a kernel's steps come last there."""
    if isinstance(layer, nn.Linear):
        return matrix
    rows, channels, steps = layer.weight.shape
    return matrix.view(rows, steps, channels).transpose(1, 2)


def network_of(
    reference: Reference,
    dense: bool = False,
    dtype: torch.dtype = torch.float32,
    seeds: list[int] = SEEDS,
    dropouts: list[float] | None = None,
) -> ReferenceNetwork:
    hidden = H if reference.sized else 0
    architecture = ReferenceArchitecture(reference, hidden, D, OUTPUTS, T, dense)
    return ReferenceNetwork(architecture, seeds, dtype, dropouts=dropouts)


def inputs_of(seeds: list[int], dtype: torch.dtype = torch.float32, length: int = T) -> Tensor:
    draws = [
        torch.randn(length, D, B, generator=torch.Generator().manual_seed(seed)) for seed in seeds
    ]
    return torch.stack(draws, dim=1).to(dtype)


CASES = [
    (Mlp(layers=1), False),
    (Mlp(layers=3), False),
    (Logistic(), False),
    (Cnn(), False),
    (Cnn(), True),
    (Cnn(layers=2, kernel_size=2), True),
    (Cnn(layers=1, kernel_size=1), False),
]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("reference", "dense"), CASES, ids=str)
def test_outputs_and_gradients_are_those_of_an_explicit_model(
    reference: Reference, dense: bool, dtype: torch.dtype
) -> None:
    network, inputs = network_of(reference, dense, dtype), inputs_of(SEEDS, dtype)
    outputs = network.outputs(inputs)
    assert outputs.shape == (T if dense else 1, len(SEEDS), OUTPUTS, B)
    torch.autograd.backward(outputs.square().sum())
    tolerance = 1e-4 if dtype is torch.float32 else 1e-10
    for member in range(len(SEEDS)):
        model = explicit(reference, dense).to(dtype)
        load(model, network.state_dict(), member)
        expected = model(inputs[:, member].permute(2, 1, 0))
        by_step = expected.permute(1, 2, 0) if dense else expected.T[None]
        torch.testing.assert_close(outputs[:, member], by_step, rtol=tolerance, atol=tolerance)
        torch.autograd.backward(expected.square().sum())
        layers = [each for each in model.modules() if isinstance(each, nn.Linear | nn.Conv1d)]
        names = [*(name for name in network.named_parameters() if name != "readout"), "readout"]
        for layer, name in zip(layers, names, strict=True):
            gradient = network.named_parameters()[name].grad
            assert gradient is not None and layer.bias is not None
            theirs, bias = layer.weight.grad, layer.bias.grad
            assert theirs is not None and bias is not None
            torch.testing.assert_close(gradient[member, :, 0], bias, rtol=tolerance, atol=tolerance)
            ours = as_weight(gradient[member, :, 1:], layer)
            torch.testing.assert_close(ours, theirs, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("reference", "dense"), [*CASES, (Sums(), True)], ids=str)
def test_the_parameters_are_counted(reference: Reference, dense: bool) -> None:
    network = network_of(reference, dense)
    tensors = network.state_dict()
    readout = tensors.pop("readout").numel() // len(SEEDS)
    count = parameter_count(network.architecture)
    assert count.readout == readout
    assert count.cell == sum(tensor.numel() for tensor in tensors.values()) // len(SEEDS)


@pytest.mark.parametrize("reference", [Mlp(), Cnn(), Sums()], ids=str)
def test_the_hidden_size_nearest_to_a_count_is_found(reference: Reference) -> None:
    architecture = ReferenceArchitecture(reference, 1, D, OUTPUTS, T, False)
    for target in (1, 500, 20_000):
        hidden = matching_hidden(architecture, target)
        distances = {
            size: abs(
                parameter_count(ReferenceArchitecture(reference, size, D, OUTPUTS, T, False)).total
                - target
            )
            for size in range(max(1, hidden - 2), hidden + 3)
        }
        assert distances[hidden] == min(distances.values())


@pytest.mark.parametrize(("reference", "dense"), [*CASES, (Sums(), True)], ids=str)
def test_a_member_trains_as_if_it_were_alone_and_others_may_leave(
    reference: Reference, dense: bool
) -> None:
    def train(network: ReferenceNetwork, optimiser: MemberAdamW, seeds: list[int]) -> None:
        network.zero_grad()
        loss = network.outputs(inputs_of(seeds)).square().sum(dim=(0, 2, 3))
        torch.autograd.backward((loss + network.penalty()).sum())
        optimiser.clip(1.0)
        optimiser.step()

    together, alone = network_of(reference, dense), network_of(reference, dense, seeds=SEEDS[2:])
    for one, other in zip(together.parameters(), alone.parameters(), strict=True):
        assert torch.equal(one[2:], other)
    optimiser = MemberAdamW(together, [0.1, 0.01, 0.05], [0.0, 0.0, 0.1])
    own = MemberAdamW(alone, [0.05], [0.1])
    seeds = SEEDS
    for update in range(6):
        if update == 3:
            together.keep([2, 0])
            optimiser.keep([2, 0])
            seeds = [SEEDS[2], SEEDS[0]]
        train(together, optimiser, seeds)
        train(alone, own, SEEDS[2:])
    for one, other in zip(together.parameters(), alone.parameters(), strict=True):
        torch.testing.assert_close(one[:1], other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("reference", [Cnn(), Sums()], ids=str)
def test_an_output_at_a_step_depends_on_no_later_input(reference: Reference) -> None:
    network, inputs = network_of(reference, dense=True), inputs_of(SEEDS)
    changed = inputs.clone()
    changed[5:] += 1
    before, after = network.outputs(inputs), network.outputs(changed)
    torch.testing.assert_close(before[:5], after[:5])
    assert not torch.equal(before[5:], after[5:])


@pytest.mark.parametrize("reference", [Cnn(), Sums()], ids=str)
def test_features_are_averaged_over_the_true_steps_alone(reference: Reference) -> None:
    network = network_of(reference)
    inputs = inputs_of(SEEDS, length=6)
    padded = torch.cat([inputs, torch.full_like(inputs[:3], 9.0)])
    last = torch.full((1, B), 5)
    assert network.reads_length(6) and network.reads_length(50)
    torch.testing.assert_close(network.outputs(padded, last), network.outputs(inputs))


def test_what_reads_the_whole_sequence_reads_no_other_length() -> None:
    for reference in (Mlp(), Logistic()):
        network = network_of(reference)
        assert network.reads_length(T) and not network.reads_length(T + 1)
        with pytest.raises(ValueError, match="reads sequences of 9 steps"):
            network.outputs(inputs_of(SEEDS, length=T + 1))
        with pytest.raises(ValueError, match="answers once a sequence"):
            network_of(reference, dense=True)


@pytest.mark.parametrize(("reference", "dense"), [*CASES, (Sums(), True)], ids=str)
def test_dropout_masks_inputs_and_the_features_that_are_read(
    reference: Reference, dense: bool
) -> None:
    network, inputs = network_of(reference, dense, dropouts=[0.0, 0.5, 0.5]), inputs_of(SEEDS)
    masks = network.masks(B, 3)
    assert masks is not None
    masked, whole = network.outputs(inputs, masks=masks), network.outputs(inputs)
    assert torch.equal(masked[:, 0], whole[:, 0])
    assert not torch.equal(masked[:, 1], whole[:, 1])
    with torch.no_grad():
        network.named_parameters()["readout"][..., 1:] = 0
    torch.testing.assert_close(network.outputs(inputs, masks=masks), network.outputs(inputs))
    if not reference.sized:
        assert masks.hidden.numel() == 0


@pytest.mark.parametrize(("reference", "dense"), CASES, ids=str)
def test_initial_weights_are_those_of_torch(reference: Reference, dense: bool) -> None:
    model, network = explicit(reference, dense), network_of(reference, dense, seeds=[0])
    layers = [each for each in model.modules() if isinstance(each, nn.Linear | nn.Conv1d)]
    names = [*(name for name in network.named_parameters() if name != "readout"), "readout"]
    for layer, name in zip(layers, names, strict=True):
        bound = layer.weight[0].numel() ** -0.5
        matrix = network.state_dict()[name]
        assert float(matrix.abs().max()) <= bound
        if matrix.numel() > 50:
            assert float(matrix.std()) == pytest.approx(bound / 3**0.5, rel=0.2)


def test_shapes_and_sizes_are_checked() -> None:
    network = network_of(Mlp())
    with pytest.raises(ValueError, match=r"not \[T, E, D, B\]"):
        network.outputs(inputs_of(SEEDS[:2]))
    with pytest.raises(ValueError, match="hidden_size is at least 1"):
        ReferenceArchitecture(Mlp(), 0, D, OUTPUTS, T, False)
    with pytest.raises(ValueError, match="at least one member"):
        network_of(Mlp(), seeds=[])
