"""The layers on a GPU against `torch.nn`: `python -m benchmarks.cuda`.

One update is forward, backward and a fused AdamW step of 64 LSTMs: all at once here, and there one
after the other, by cuDNN where weights are shared and as one `LSTMCell` a step where they are not.
Contenders alternate round by round; each update ends when the GPU has done its work. The limit of
an update is the longer of two times: its operations at the rate of one large product, and the bytes
that it must move at the rate of one large copy. Without a GPU nothing is measured.
"""

import argparse
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import torch
from torch import Tensor, nn

from benchmarks.shapes import LEARNING_RATE, Shape, Update
from benchmarks.tables import save
from benchmarks.timing import ROUNDS, alternate, ratio
from timeshare import nn as own
from timeshare.recurrent.devices import device_of

SHAPE = Shape(64, 64, 64, 8, 32)
TARGETS = {"shared": 10.0, "unshared": 30.0}
"""How many times as long as the layer that of `torch.nn` takes at least, by schedule."""
PRODUCT, COPY = 4096, 2**28
"""Rows of the large product, and numbers of the large copy, that measure the GPU's limits."""
FLOAT = 4
"""Bytes of a float32."""


def updating(
    parameters: Sequence[Tensor], losses: Callable[[], Tensor], device: torch.device
) -> Update:
    """An update that returns when its device has done all work."""
    optimiser = torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.0, fused=True)

    def update() -> None:
        optimiser.zero_grad()
        torch.autograd.backward(losses())
        optimiser.step()
        finish(device)

    return update


def finish(device: torch.device) -> None:
    """Wait for a GPU; a CPU has done its work when a call returns."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def data(shape: Shape, device: torch.device) -> tuple[Tensor, Tensor]:
    """Inputs `[E, T, B, D]` and targets `[E, B, H]` of a squared error at the last step."""
    inputs, targets = shape.data()
    inputs, targets = inputs.permute(1, 0, 3, 2), targets.transpose(1, 2)
    return inputs.contiguous().to(device), targets.contiguous().to(device)


def layer(shape: Shape, schedule: str, device: torch.device) -> Update:
    """All members in one layer."""
    module = own.LSTM(
        shape.input_size,
        shape.hidden_size,
        steps=shape.length,
        schedule=schedule,
        members=shape.members,
        device=device,
    )
    inputs, targets = data(shape, device)

    def losses() -> Tensor:
        _, (hidden, _) = module(inputs)
        each: Tensor = (hidden[:, 0] - targets).square().mean(dim=(1, 2))
        return each.sum()

    return updating(list(module.parameters()), losses, device)


def lstms(shape: Shape, device: torch.device) -> Update:
    """One `nn.LSTM` after the other; on a GPU that is cuDNN."""
    members = [
        nn.LSTM(shape.input_size, shape.hidden_size, device=device) for _ in range(shape.members)
    ]
    inputs, targets = data(shape, device)

    def losses() -> Tensor:
        each = zip(members, inputs, targets, strict=True)
        parts = [(lstm(one)[1][0][0] - target).square().mean() for lstm, one, target in each]
        return torch.stack(parts).sum()

    parameters = [parameter for lstm in members for parameter in lstm.parameters()]
    return updating(parameters, losses, device)


def cells(shape: Shape, device: torch.device) -> Update:
    """One `nn.LSTMCell` for each step, member after member."""
    members = [
        [
            nn.LSTMCell(shape.input_size, shape.hidden_size, device=device)
            for _ in range(shape.length)
        ]
        for _ in range(shape.members)
    ]
    inputs, targets = data(shape, device)
    zeros = torch.zeros(shape.batch, shape.hidden_size, device=device)

    def losses() -> Tensor:
        parts = []
        for steps, one, target in zip(members, inputs, targets, strict=True):
            state = (zeros, zeros)
            for cell, step in zip(steps, one, strict=True):
                state = cell(step, state)
            parts.append((state[0] - target).square().mean())
        return torch.stack(parts).sum()

    parameters = [p for steps in members for cell in steps for p in cell.parameters()]
    return updating(parameters, losses, device)


def least_bytes(shape: Shape, schedule: str) -> int:
    """Bytes that an update must move to and from memory.

    The input is read twice; what backward reads of a step (four gates, two states) is written and
    read; the weights are read by forward and backward and their gradient is written; AdamW reads
    weights, gradient and two moments, and writes three of them.
    """
    H, D = shape.hidden_size, shape.input_size
    steps = shape.members * shape.batch * shape.length
    matrices = shape.members * (1 if schedule == "shared" else shape.length)
    weights = matrices * 4 * H * (1 + D + H)
    return FLOAT * (steps * (2 * D + 2 * 6 * H) + weights * (2 + 1 + 7))


def limits(device: torch.device, product: int, copy: int) -> tuple[float, float]:
    """Operations, and bytes moved, per second of one large product and one large copy."""
    one, other = torch.randn(2, product, product, device=device)
    out = torch.empty_like(one)
    source = torch.zeros(copy, device=device)
    target = torch.empty_like(source)

    def multiply() -> None:
        torch.mm(one, other, out=out)
        finish(device)

    def duplicate() -> None:
        target.copy_(source)
        finish(device)

    times = alternate({"product": multiply, "copy": duplicate})
    seconds = {name: min(each) for name, each in times.items()}
    return 2 * product**3 / seconds["product"], 2 * FLOAT * copy / seconds["copy"]


def measure(
    shape: Shape, device: torch.device, rounds: int, rates: tuple[float, float]
) -> pd.DataFrame:
    """One row per schedule: seconds, the ratio to `torch.nn` and the share of the limit."""
    rows = []
    for schedule, peer in (("shared", lstms), ("unshared", cells)):
        updates = {"layer": layer(shape, schedule, device), "torch": peer(shape, device)}
        times = alternate(updates, rounds)
        seconds = {name: statistics.median(each) for name, each in times.items()}
        operations, moved = shape.flops / rates[0], least_bytes(shape, schedule) / rates[1]
        rows.append(
            {
                "shape": str(shape),
                "schedule": schedule,
                "layer_s": seconds["layer"],
                "torch_s": seconds["torch"],
                "torch_over_layer": ratio(times["torch"], times["layer"]),
                "target": TARGETS[schedule],
                "limit": "operations" if operations > moved else "bytes",
                "share_of_limit": max(operations, moved) / seconds["layer"],
            }
        )
    return pd.DataFrame(rows)


def main() -> None:
    """Measure where there is a GPU, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("results/bench/cuda.csv"))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    device = device_of("auto")
    if device.type != "cuda":
        print("No GPU was found, so the layers were not measured on one.")
        return
    torch.set_float32_matmul_precision("highest")
    table = measure(SHAPE, device, arguments.rounds, limits(device, PRODUCT, COPY))
    save(table, arguments.output)
    print(torch.cuda.get_device_name(device))
    with pd.option_context("display.width", 160, "display.max_columns", None):
        print(table.round(5).to_string(index=False))


if __name__ == "__main__":
    main()
