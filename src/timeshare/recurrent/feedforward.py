"""An explicitly layered feed-forward network, and its comparison with the unshared engine (C9).

Nothing here uses the engine's cells or windows: each time slice is a layer of ordinary
`torch.nn.Linear`s, batch first, one member at a time, with ordinary autograd.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor, nn

from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.network import Network
from timeshare.recurrent.schedules.unshared import Unshared

GATES = {"rnn": ("h",), "gru": ("r", "z", "n"), "lstm": ("i", "f", "g", "o")}
"""Which linear maps a layer of each cell has."""


class Layer(nn.Module):
    """One time slice: what it is shown and the state of the slice before, to its own state.

    Arguments:
        cell: `rnn`, `gru` or `lstm`.
        inputs: features D shown to this slice.
        hidden: states H.
    """

    def __init__(self, cell: str, inputs: int, hidden: int) -> None:
        super().__init__()
        self.cell = cell
        width = inputs + hidden
        self.maps = nn.ModuleDict({gate: nn.Linear(width, hidden) for gate in GATES[cell]})
        if cell == "gru":
            self.maps["n"] = nn.Linear(inputs, hidden)
            self.maps["n state"] = nn.Linear(hidden, hidden)

    def forward(self, shown: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """The state `[B, H]` (and memory, for an LSTM) after this layer."""
        both = torch.cat([shown, state[0]], dim=1)
        if self.cell == "rnn":
            return (torch.tanh(self.maps["h"](both)),)
        if self.cell == "gru":
            reset, keep = torch.sigmoid(self.maps["r"](both)), torch.sigmoid(self.maps["z"](both))
            new = torch.tanh(self.maps["n"](shown) + reset * self.maps["n state"](state[0]))
            return ((1 - keep) * new + keep * state[0],)
        write, keep = torch.sigmoid(self.maps["i"](both)), torch.sigmoid(self.maps["f"](both))
        new, show = torch.tanh(self.maps["g"](both)), torch.sigmoid(self.maps["o"](both))
        memory = keep * state[1] + write * new
        return show * torch.tanh(memory), memory


class LayeredNetwork(nn.Module):
    """A feed-forward network of T layers; each is also shown a slice of the input.

    Arguments:
        architecture: an unshared one; cell, sizes and length are read from it.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        D, H = architecture.inputs, architecture.hidden
        layers = [Layer(architecture.cell, D, H) for _ in range(architecture.length)]
        self.layers = nn.ModuleList(layers)
        self.readout = nn.Linear(H, architecture.outputs)

    def forward(self, inputs: Tensor, state: tuple[Tensor, ...]) -> Tensor:
        """Outputs `[T, B, O]` of each layer for inputs `[T, B, D]` and a first state `[B, H]`."""
        outputs = []
        for shown, layer in zip(inputs, self.layers, strict=True):
            state = layer(shown, state)
            outputs.append(self.readout(state[0]))
        return torch.stack(outputs)


@dataclass(frozen=True)
class _Place:
    """Where a linear map of the layered network lies in the engine's matrix of that step."""

    linear: nn.Linear
    step: int
    rows: slice
    bias: int
    columns: list[int]


def _places(network: LayeredNetwork, D: int, H: int) -> Iterator[_Place]:
    for step, layer in enumerate(network.layers):
        assert isinstance(layer, Layer)
        shown = list(range(1, 1 + D))
        constant = 1 + D if layer.cell == "gru" else 0
        state = list(range(1 + D + (constant > 0), 1 + D + (constant > 0) + H))
        for name, linear in layer.maps.items():
            assert isinstance(linear, nn.Linear)
            row = GATES[layer.cell].index(name.split()[0]) * H
            bias, columns = 0, shown + state
            if name == "n state":
                bias, columns = constant, state
            elif linear.in_features == D and layer.cell == "gru":
                columns = shown
            yield _Place(linear, step, slice(row, row + H), bias, columns)


def _copy(network: LayeredNetwork, weights: Tensor, readout: Tensor, D: int, H: int) -> None:
    """Give the layers one member's weights `[T, gates*H, C]` and read-out `[O, 1 + H]`."""
    for place in _places(network, D, H):
        matrix = weights[place.step, place.rows]
        place.linear.weight.copy_(matrix[:, place.columns])
        place.linear.bias.copy_(matrix[:, place.bias])
        if weights.shape[1] == 3 * H and place.linear.in_features == D + H:
            # A gate's two constants add up to the one bias of its layer.
            place.linear.bias.add_(matrix[:, 1 + D])
    network.readout.weight.copy_(readout[:, 1:])
    network.readout.bias.copy_(readout[:, 0])


def _differences(
    cell: str, length: int, hidden: int, dtype: torch.dtype, seed: int
) -> Iterator[tuple[str, Tensor, Tensor]]:
    """Quantity, the engine's tensor and the layered network's, member by member."""
    E, D, O, B = 2, 3, 4, 5  # noqa: E741
    architecture = Architecture(cell, Unshared(), hidden, D, O, length)
    engine = Network(architecture, [seed, seed + 1], dtype)
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(length, E, D, B, generator=generator).to(dtype).requires_grad_()
    weighting = torch.randn(length, E, O, B, generator=generator).to(dtype)
    start = tuple(
        torch.randn(part.shape, generator=generator).to(dtype).requires_grad_()
        for part in engine.initial_state(B)
    )
    states, _ = engine.run(inputs, start, range(length))
    outputs = engine.read(states, range(length))
    torch.autograd.backward((outputs * weighting).sum())
    weights, readout = (engine.named_parameters()[name] for name in ("weights", "readout"))
    assert weights.grad is not None and readout.grad is not None and inputs.grad is not None
    for member in range(E):
        network = LayeredNetwork(architecture).to(dtype)
        with torch.no_grad():
            _copy(network, weights[member], readout[member, 0], D, hidden)
        shown = inputs.detach()[:, member].transpose(1, 2).clone().requires_grad_()
        state = tuple(part.detach()[member].T.clone().requires_grad_() for part in start)
        layered = network(shown, state)
        torch.autograd.backward((layered * weighting[:, member].transpose(1, 2)).sum())
        yield "outputs", outputs.detach()[:, member].transpose(1, 2), layered.detach()
        for place in _places(network, D, hidden):
            gradient = weights.grad[member, place.step, place.rows]
            yield "gradient of weights", gradient[:, place.columns], _of(place.linear.weight)
            yield "gradient of biases", gradient[:, place.bias], _of(place.linear.bias)
        gradient = readout.grad[member, 0]
        yield "gradient of readout", gradient[:, 1:], _of(network.readout.weight)
        yield "gradient of readout", gradient[:, 0], _of(network.readout.bias)
        yield "gradient of inputs", inputs.grad[:, member].transpose(1, 2), _of(shown)
        for whole, part in zip(start, state, strict=True):
            yield "gradient of first state", _of(whole)[member].T, _of(part)


def _of(tensor: Tensor) -> Tensor:
    assert tensor.grad is not None
    return tensor.grad


def equivalence(
    cells: Iterable[str] = tuple(GATES),
    lengths: Sequence[int] = (1, 8, 64),
    hidden: int = 16,
    seed: int = 0,
) -> pd.DataFrame:
    """How far the unshared engine is from the layered network with the same weights.

    Returns:
        tidy rows: cell, length, precision (`float64`, `float32`), quantity (outputs, and the
        gradient of weights, biases, read-out, inputs and first state), `difference` (the largest
        absolute one over members and entries) and `scale` (the largest absolute value compared).
    """
    rows: dict[tuple[str, int, str, str], tuple[float, float]] = {}
    for precision, dtype in (("float64", torch.float64), ("float32", torch.float32)):
        for cell in cells:
            for length in lengths:
                for quantity, engine, layered in _differences(cell, length, hidden, dtype, seed):
                    key = (cell, length, precision, quantity)
                    difference, scale = rows.get(key, (0.0, 0.0))
                    rows[key] = (
                        max(difference, float((engine - layered).abs().max())),
                        max(scale, float(layered.abs().max())),
                    )
    columns = ["cell", "length", "precision", "quantity", "difference", "scale"]
    return pd.DataFrame([(*key, *values) for key, values in rows.items()], columns=columns)
