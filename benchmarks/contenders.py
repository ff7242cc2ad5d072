"""The contenders: each gives one update of all members, on the same data and the same loss."""

import torch

from benchmarks.shapes import LEARNING_RATE, Shape, Update
from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.network import Network
from timeshare.recurrent.optimiser import MemberAdamW
from timeshare.recurrent.schedules.shared import Shared
from timeshare.recurrent.schedules.unshared import Unshared
from timeshare.recurrent.subnormals import subnormals_flushed

LARGE_PRODUCT = 2048
LARGE_PRODUCT_FLOPS = 2 * LARGE_PRODUCT**3


def flushed(update: Update) -> Update:
    """The same update with subnormal numbers flushed to zero, as training and JAX do it."""

    def run() -> None:
        with subnormals_flushed():
            update()

    return run


def engine(shape: Shape, network: str, cell: str = "lstm") -> Update:
    """The engine: all members at once."""
    schedule = Shared() if network == "shared" else Unshared()
    architecture = Architecture(
        cell, schedule, shape.hidden_size, shape.input_size, 1, shape.length
    )
    members = Network(architecture, range(shape.members))
    optimiser = MemberAdamW(members, [LEARNING_RATE] * shape.members, [0.0] * shape.members)
    inputs, targets = shape.data()
    numbers = shape.hidden_size * shape.batch

    def update() -> None:
        members.zero_grad()
        state = members.initial_state(shape.batch)
        _, after = members.run(inputs, state, range(shape.length))
        # The sum over members of each one's mean.
        errors = torch.nn.functional.mse_loss(after[0], targets, reduction="sum")
        torch.autograd.backward(errors / numbers)
        optimiser.step()

    return update


def torch_lstm(shape: Shape) -> Update:
    """`torch.nn.LSTM`, member after member, in its own layout."""
    inputs, targets = shape.data()
    shown = [member.transpose(1, 2).contiguous() for member in inputs.unbind(1)]
    wanted = [member.T.contiguous() for member in targets]
    cells = [torch.nn.LSTM(shape.input_size, shape.hidden_size) for _ in shown]
    optimisers = [_adam(cell.parameters()) for cell in cells]

    def update() -> None:
        for cell, optimiser, one, target in zip(cells, optimisers, shown, wanted, strict=True):
            optimiser.zero_grad()
            hidden = cell(one)[1][0][0]
            torch.autograd.backward(torch.nn.functional.mse_loss(hidden, target))
            optimiser.step()

    return update


def lstm_cells(shape: Shape) -> Update:
    """One `torch.nn.LSTMCell` per step, member after member."""
    inputs, targets = shape.data()
    shown = [member.transpose(1, 2).contiguous() for member in inputs.unbind(1)]
    wanted = [member.T.contiguous() for member in targets]
    networks = [
        torch.nn.ModuleList(
            torch.nn.LSTMCell(shape.input_size, shape.hidden_size) for _ in range(shape.length)
        )
        for _ in shown
    ]
    optimisers = [_adam(network.parameters()) for network in networks]
    zeros = torch.zeros(shape.batch, shape.hidden_size)

    def update() -> None:
        for cells, optimiser, one, target in zip(networks, optimisers, shown, wanted, strict=True):
            optimiser.zero_grad()
            state = (zeros, zeros)
            for cell, step in zip(cells, one, strict=True):
                state = cell(step, state)
            torch.autograd.backward(torch.nn.functional.mse_loss(state[0], target))
            optimiser.step()

    return update


def large_product() -> Update:
    """One large `torch.mm`: the rate of products that the machine reaches."""
    one, other = torch.randn(2, LARGE_PRODUCT, LARGE_PRODUCT)
    out = torch.empty(LARGE_PRODUCT, LARGE_PRODUCT)
    return lambda: torch.mm(one, other, out=out)


def _adam(parameters: object) -> torch.optim.Optimizer:
    return torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.0, fused=True)  # type: ignore[arg-type]
