"""A schedule or cell that breaks its promises is refused where it is used, in one sentence."""

import pytest
import torch
from torch import Tensor
from typing_extensions import override

from timeshare.nn import LSTM
from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.cells.base import Cell, State
from timeshare.recurrent.network import Network
from timeshare.recurrent.schedules.base import Schedule
from timeshare.recurrent.schedules.shared import Shared
from timeshare.registry import ContractError


class Beyond(Schedule):
    """Two matrices, of which the third step uses one that there is not."""

    @override
    def matrices(self, length: int) -> int:
        return 2

    @override
    def position(self, step: int, length: int) -> int:
        return step


class Lists(Cell):
    """Returns its state as a list."""

    gates = 1

    @override
    def step(self, weights: Tensor, inputs: Tensor, state: State) -> State:
        return [part.tanh() for part in state]  # type: ignore[return-value]


def run(network: Network) -> None:
    inputs = torch.zeros(4, 1, 3, 2)
    network.run(inputs, network.initial_state(2), range(4))


SENTENCE = r"schedule: step 2 of the window uses matrix 2, and there are 2, numbered from 0 to 1\.$"


@pytest.mark.parametrize("cell", ["lstm", "tests.recurrent.test_promises:Lists"])
def test_a_schedule_whose_index_leaves_its_matrices(cell: str) -> None:
    with pytest.raises(ContractError, match=SENTENCE):
        run(Network(Architecture(cell, Beyond(), 4, 3, 1, 4), [0]))


def test_such_a_schedule_in_a_layer() -> None:
    layer = LSTM(3, 4, batch_first=True, steps=4, schedule=Beyond())
    with pytest.raises(ContractError, match=SENTENCE):
        layer(torch.zeros(2, 4, 3))


def test_a_cell_whose_step_returns_no_state() -> None:
    cell = "tests.recurrent.test_promises:Lists"
    sentence = "step of Lists: it returns list, and a state is a tuple of tensors"
    with pytest.raises(ContractError, match=sentence):
        run(Network(Architecture(cell, Shared(), 4, 3, 1, 4), [0]))
