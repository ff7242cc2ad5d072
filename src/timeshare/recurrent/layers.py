"""The layers of an explicitly layered network: one time slice each, batch first, one member."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.cells.base import Cell

INDEPENDENT, FROM_STEP = "independent", "from the cell's step"
"""What a layer consists of: linear maps of its own, or the definition of the engine's cell."""
GATES = {"rnn": ("h",), "gru": ("r", "z", "n"), "lstm": ("i", "f", "g", "o")}
"""The linear maps of an independent layer of each built-in cell, in the order of their rows."""


@dataclass(frozen=True)
class Place:
    """Where a parameter of a layer lies in the engine's matrix `[gates*H, C]` of that step.

    Arguments:
        weight: the parameter, `[rows, columns]`.
        bias: its bias `[rows]`; None where the weight has a column for it.
        rows: rows of the engine's matrix.
        columns: columns of the engine's matrix that are the weight.
        biases: columns of the engine's matrix whose sum is the bias.
    """

    weight: Tensor
    bias: Tensor | None
    rows: slice
    columns: list[int]
    biases: list[int]


class LinearLayer(nn.Module):
    """A time slice of a built-in cell, of `nn.Linear` maps: independent of the engine's cells.

    Arguments:
        cell: `rnn`, `gru` or `lstm`.
        input_size: features D that this slice receives.
        hidden_size: hidden units H.
    """

    def __init__(self, cell: str, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.cell, self._sizes = cell, (input_size, hidden_size)
        width = input_size + hidden_size
        self.maps = nn.ModuleDict({gate: nn.Linear(width, hidden_size) for gate in GATES[cell]})
        if cell == "gru":
            self.maps["n"] = nn.Linear(input_size, hidden_size)
            self.maps["n state"] = nn.Linear(hidden_size, hidden_size)

    def forward(self, given: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """The state `[B, H]` (and memory, for an LSTM) after this layer.

        Arguments:
            given: the slice of the input, `[B, D]`.
            state: of the layer before, `[B, H]` each.
        """
        both = torch.cat([given, state[0]], dim=1)
        if self.cell == "rnn":
            return (torch.tanh(self.maps["h"](both)),)
        if self.cell == "gru":
            reset, keep = torch.sigmoid(self.maps["r"](both)), torch.sigmoid(self.maps["z"](both))
            new = torch.tanh(self.maps["n"](given) + reset * self.maps["n state"](state[0]))
            return ((1 - keep) * new + keep * state[0],)
        write, keep = torch.sigmoid(self.maps["i"](both)), torch.sigmoid(self.maps["f"](both))
        new, output = torch.tanh(self.maps["g"](both)), torch.sigmoid(self.maps["o"](both))
        memory = keep * state[1] + write * new
        return output * torch.tanh(memory), memory

    def places(self) -> Iterator[Place]:
        """Where each linear map lies in the engine's matrix."""
        D, H = self._sizes
        given = list(range(1, 1 + D))
        # A GRU's state has a constant of its own, so each of its gates has two biases to add.
        constant = [1 + D] if self.cell == "gru" else []
        state = list(range(1 + D + len(constant), 1 + D + len(constant) + H))
        for name, linear in self.maps.items():
            assert isinstance(linear, nn.Linear)
            first = GATES[self.cell].index(name.split()[0]) * H
            columns, biases = given + state, [0, *constant]
            if name == "n":
                columns, biases = given, [0]
            elif name == "n state":
                columns, biases = state, constant
            yield Place(linear.weight, linear.bias, slice(first, first + H), columns, biases)


class StepLayer(nn.Module):
    """A time slice of any cell: one matrix of its own, and the cell's `step`.

    Arguments:
        cell: the cell.
        rows: rows of its matrix, gates times H.
        columns: columns C.
    """

    def __init__(self, cell: Cell, rows: int, columns: int) -> None:
        super().__init__()
        self._cell = cell
        self.matrix = nn.Parameter(torch.zeros(rows, columns))

    def forward(self, given: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """The state after this layer; arguments as for `LinearLayer.forward`."""
        turned = tuple(part.T[None] for part in state)
        after = self._cell.step(self.matrix[None], given.T[None], turned)
        return tuple(part[0].T for part in after)

    def places(self) -> Iterator[Place]:
        """The engine's whole matrix."""
        rows, columns = self.matrix.shape
        yield Place(self.matrix, None, slice(0, rows), list(range(columns)), [])


def layer_of(architecture: Architecture) -> LinearLayer | StepLayer:
    """A layer of the architecture's cell, independent of the engine where there is one."""
    if architecture.cell in GATES:
        return LinearLayer(architecture.cell, architecture.input_size, architecture.hidden_size)
    return StepLayer(architecture.cell_type(), architecture.rows, architecture.columns)


def kind_of_layers(cell: str) -> str:
    """Whether the layers of a cell are `INDEPENDENT` of the engine's cells or `FROM_STEP`."""
    return INDEPENDENT if cell in GATES else FROM_STEP
