"""An explicitly layered feed-forward network, and its comparison with the unshared engine (C9).

The layered network does not use the engine's unrolling: each time slice is a layer with parameters
of its own, batch first, one member at a time, with ordinary autograd.
"""

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd
import torch
from torch import Tensor, nn

from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.layers import Place, kind_of_layers, layer_of
from timeshare.recurrent.network import Network
from timeshare.recurrent.schedules.unshared import Unshared

PRECISIONS = {"float64": torch.float64, "float32": torch.float32}
MEMBERS, INPUT_SIZE, OUTPUT_SIZE, BATCH = 2, 3, 4, 5
"""Sizes E, D, O and B of the networks that are compared."""

Difference = tuple[str, Tensor, Tensor]
"""A quantity, the engine's tensor and the layered network's."""


class LayeredNetwork(nn.Module):
    """A feed-forward network of T layers; each also receives a slice of the input.

    Arguments:
        architecture: an unshared one; cell, sizes and length are read from it.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.layers = [layer_of(architecture) for _ in range(architecture.length)]
        self._registered = nn.ModuleList(self.layers)  # a plain list would not be converted by `to`
        self.readout = nn.Linear(architecture.hidden_size, architecture.output_size)

    def forward(self, inputs: Tensor, state: tuple[Tensor, ...]) -> Tensor:
        """Outputs `[T, B, O]` of all layers for inputs `[T, B, D]` and a first state `[B, H]`."""
        outputs = []
        for given, layer in zip(inputs, self.layers, strict=True):
            state = layer(given, state)
            outputs.append(self.readout(state[0]))
        return torch.stack(outputs)

    def places(self) -> Iterator[tuple[int, Place]]:
        """The parameters of each layer: the step and the place in the engine's matrix."""
        for step, layer in enumerate(self.layers):
            for place in layer.places():
                yield step, place

    @torch.no_grad()
    def load(self, weights: Tensor, readout: Tensor) -> None:
        """Copy one member's weights `[T, gates*H, C]` and read-out `[O, 1 + H]`."""
        for step, place in self.places():
            matrix = weights[step, place.rows]
            place.weight.copy_(matrix[:, place.columns])
            if place.bias is not None:
                place.bias.copy_(matrix[:, place.biases].sum(dim=1))
        self.readout.weight.copy_(readout[:, 1:])
        self.readout.bias.copy_(readout[:, 0])


def _differences(
    cell: str, length: int, hidden_size: int, dtype: torch.dtype, seed: int
) -> Iterator[Difference]:
    """Outputs and all gradients of the engine and the layered network, member by member."""
    architecture = Architecture(cell, Unshared(), hidden_size, INPUT_SIZE, OUTPUT_SIZE, length)
    engine = Network(architecture, range(seed, seed + MEMBERS), dtype)
    generator = torch.Generator().manual_seed(seed)

    def draw(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator).to(dtype)

    inputs = draw(length, MEMBERS, INPUT_SIZE, BATCH).requires_grad_()
    weighting = draw(length, MEMBERS, OUTPUT_SIZE, BATCH)
    state = tuple(draw(*part.shape).requires_grad_() for part in engine.initial_state(BATCH))
    states, _ = engine.run(inputs, state, range(length))
    outputs = engine.read(states, range(length))
    torch.autograd.backward((outputs * weighting).sum())
    for member in range(MEMBERS):
        network = LayeredNetwork(architecture).to(dtype)
        weights, readout = (engine.named_parameters()[name] for name in ("weights", "readout"))
        network.load(weights[member], readout[member, 0])
        given = inputs.detach()[:, member].transpose(1, 2).clone().requires_grad_()
        first = tuple(part.detach()[member].T.clone().requires_grad_() for part in state)
        layered = network(given, first)
        torch.autograd.backward((layered * weighting[:, member].transpose(1, 2)).sum())
        yield "outputs", outputs.detach()[:, member].transpose(1, 2), layered.detach()
        yield from _parameter_differences(network, _of(weights)[member], _of(readout)[member, 0])
        yield "gradient of inputs", _of(inputs)[:, member].transpose(1, 2), _of(given)
        for whole, part in zip(state, first, strict=True):
            yield "gradient of first state", _of(whole)[member].T, _of(part)


def _parameter_differences(
    network: LayeredNetwork, weights: Tensor, readout: Tensor
) -> Iterator[Difference]:
    """The gradients of the parameters, given the engine's `[T, gates*H, C]` and `[O, 1 + H]`."""
    for step, place in network.places():
        gradient = weights[step, place.rows]
        yield "gradient of weights", gradient[:, place.columns], _of(place.weight)
        if place.bias is not None:
            # Biases that add up have equal gradients, so the first stands for all.
            yield "gradient of biases", gradient[:, place.biases[0]], _of(place.bias)
    yield "gradient of readout", readout[:, 1:], _of(network.readout.weight)
    yield "gradient of readout", readout[:, 0], _of(network.readout.bias)


def _of(tensor: Tensor) -> Tensor:
    assert tensor.grad is not None
    return tensor.grad


def equivalence(
    cells: Iterable[str],
    lengths: Sequence[int] = (1, 8, 64),
    hidden_size: int = 16,
    seed: int = 0,
) -> pd.DataFrame:
    """How far the unshared engine is from the layered network with the same weights.

    Arguments:
        cells: names or import paths of the cells to compare.
        lengths: lengths T to compare at.
        hidden_size: hidden units H.
        seed: of weights and inputs.

    Returns:
        tidy rows: cell, layers, length, precision (`float64`, `float32`), quantity (outputs, and
        the gradient of weights, biases, read-out, inputs and first state), `difference` (the
        largest absolute one over members and entries) and `scale` (the largest absolute value
        compared). `layers` is `independent` where the layered network has code of its own for the
        cell, and `from the cell's step` where its layers call the cell; there the column of biases
        is part of the weights.
    """
    rows: dict[tuple[str, str, int, str, str], tuple[float, float]] = {}
    for precision, dtype in PRECISIONS.items():
        for cell in dict.fromkeys(cells):
            for length in lengths:
                compared = _differences(cell, length, hidden_size, dtype, seed)
                for quantity, engine, layered in compared:
                    key = (cell, kind_of_layers(cell), length, precision, quantity)
                    difference, scale = rows.get(key, (0.0, 0.0))
                    rows[key] = (
                        max(difference, float((engine - layered).abs().max())),
                        max(scale, float(layered.abs().max())),
                    )
    columns = ["cell", "layers", "length", "precision", "quantity", "difference", "scale"]
    return pd.DataFrame([(*key, *values) for key, values in rows.items()], columns=columns)
