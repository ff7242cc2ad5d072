"""Which unrolling a window gets."""

import pytest
import torch
from torch import Tensor
from typing_extensions import override

from timeshare.recurrent import dispatch
from timeshare.recurrent.cells.base import Cell, State
from timeshare.recurrent.cells.rnn import RNN
from timeshare.recurrent.dispatch import unroll


class Plain(Cell):
    """A cell that only defines its step."""

    gates = 1

    @override
    def step(self, weights: Tensor, inputs: Tensor, state: State) -> State:
        return (weights[:, :, :1] + state[0],)


@pytest.mark.parametrize(
    ("cell", "compiled", "graphs", "expected"),
    [
        (Plain(), True, True, "unroll_reference"),
        (RNN(), True, False, "unroll_compiled"),
        (RNN(), False, True, "unroll_graphed"),
        (RNN(), False, False, "unroll_eager"),
    ],
)
def test_a_window_gets_the_fastest_unrolling_there_is(
    monkeypatch: pytest.MonkeyPatch, cell: Cell, compiled: bool, graphs: bool, expected: str
) -> None:
    called: list[str] = []
    for name in ("unroll_reference", "unroll_compiled", "unroll_graphed", "unroll_eager"):
        monkeypatch.setattr(dispatch, name, lambda *_, name=name: called.append(name))
    monkeypatch.setattr(dispatch, "available", lambda *_: compiled)
    monkeypatch.setattr(dispatch, "graphs_available", lambda *_: graphs)
    zeros = torch.zeros(1, 1, 1, 1)
    unroll(cell, zeros, [0], zeros, (zeros[0],))
    assert called == [expected]
