"""The layers of `timeshare.nn` against the engine and `torch.nn`: `python -m benchmarks.modules`.

One process, one thread. A layer and its contender alternate round by round, and the time of
the processor is compared, which other work on the machine changes less than that of the wall; a
ratio is the median of the rounds'. A training step is forward, backward and a fused AdamW step; the
loss reads the last hidden state, or all of them through a linear head. Inference is a forward pass
of one network without gradients.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from benchmarks.one_core import use_one_core
from benchmarks.shapes import LEARNING_RATE, SHAPES, Shape, Update
from benchmarks.tables import save
from benchmarks.timing import ROUNDS, ratio
from timeshare import nn as own
from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.network import Network
from timeshare.recurrent.schedules.base import Schedule
from timeshare.recurrent.schedules.shared import Shared
from timeshare.recurrent.schedules.unshared import Unshared

TURN = 0.03
"""Seconds of one contender's turn, at least."""
CELLS = ("lstm", "gru", "rnn")
OVER_ENGINE, OVER_TORCH = 1.05, 1.0
"""The most times as long that a layer may take as the engine, and as the layer of `torch.nn`."""


def stepping(parameters: list[Tensor], loss: Callable[[], Tensor]) -> Update:
    """A whole training step: gradients, and a fused AdamW step."""
    optimiser = torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.0, fused=True)

    def update() -> None:
        optimiser.zero_grad()
        torch.autograd.backward(loss())
        optimiser.step()

    return update


def engine(shape: Shape, cell: str, schedule: Schedule) -> Update:
    """The engine, all members at once, on tensors in its own layout."""
    sizes = (shape.hidden_size, shape.input_size, 1, shape.length)
    network = Network(Architecture(cell, schedule, *sizes), range(shape.members))
    inputs, targets = shape.data()
    weights = network.named_parameters()["weights"]

    def loss() -> Tensor:
        state = network.initial_state(shape.batch)
        _, after = network.run(inputs, state, range(shape.length))
        return (after[0] - targets).square().mean(dim=(1, 2)).sum()

    return stepping([weights], loss)


def layer(shape: Shape, cell: str, schedule: Schedule) -> Update:
    """A layer with all members at once, on tensors `[E, B, T, D]`."""
    module = getattr(own, cell.upper())(
        shape.input_size,
        shape.hidden_size,
        batch_first=True,
        steps=shape.length,
        schedule=schedule,
        members=shape.members,
    )
    inputs, targets = shape.data()
    inputs, targets = inputs.permute(1, 3, 0, 2).contiguous(), targets.transpose(1, 2).contiguous()

    def loss() -> Tensor:
        _, state = module(inputs)
        last = state[0] if cell == "lstm" else state
        losses: Tensor = (last[:, 0] - targets).square().mean(dim=(1, 2))
        return losses.sum()

    return stepping(list(module.parameters()), loss)


def single(shape: Shape, kind: type[nn.Module], head: bool, batch_first: bool) -> Update:
    """One network, of `torch.nn` or not, whose loss reads its last state or a head of all."""
    module = kind(shape.input_size, shape.hidden_size, batch_first=batch_first)
    linear = nn.Linear(shape.hidden_size, 10)
    inputs, targets = shape.data()
    axes = (2, 0, 1) if batch_first else (0, 2, 1)
    inputs, target = inputs[:, 0].permute(axes).contiguous(), targets[0].T.contiguous()
    wanted = torch.zeros((*inputs.shape[:2], 10))

    def loss() -> Tensor:
        output, state = module(inputs)
        if head:
            return mse_loss(linear(output), wanted)
        return mse_loss((state[0] if isinstance(state, tuple) else state)[0], target)

    return stepping([*module.parameters(), *(linear.parameters() if head else ())], loss)


def inference(shape: Shape, kind: type[nn.Module]) -> Update:
    """A forward pass of one network without gradients."""
    module = kind(shape.input_size, shape.hidden_size, batch_first=True)
    inputs = shape.data()[0][:, 0].permute(2, 0, 1).contiguous()

    def update() -> object:
        with torch.no_grad():
            return module(inputs)

    return update


def contenders(shape: Shape) -> dict[tuple[str, str], Update]:
    """Every update by what is measured and by contender: `layer`, and `engine` or `torch`."""
    updates: dict[tuple[str, str], Update] = {}
    for cell in CELLS:
        for name, schedule in (("shared", Shared()), ("unshared", Unshared())):
            updates[f"{cell}, {name}, all members", "engine"] = engine(shape, cell, schedule)
            updates[f"{cell}, {name}, all members", "layer"] = layer(shape, cell, schedule)
        for contender, module in (("layer", own), ("torch", nn)):
            kind = getattr(module, cell.upper())
            for name, head, batch_first in (
                ("last state", False, False),
                ("last state, batch first", False, True),
                ("head", True, False),
                ("head, batch first", True, True),
            ):
                what = f"{cell}, one network, {name}"
                updates[what, contender] = single(shape, kind, head, batch_first)
            updates[f"{cell}, one network, inference", contender] = inference(shape, kind)
    return updates


def alternate(updates: dict[str, Update], rounds: int) -> dict[str, list[float]]:
    """Processor seconds of one update of each contender, round by round."""
    repetitions = {}
    for name, update in updates.items():
        update()
        repetitions[name] = max(1, round(TURN / max(_seconds(update, 1), 1e-6)))
    seconds: dict[str, list[float]] = {name: [] for name in updates}
    for number in range(rounds):
        for name in sorted(updates, reverse=bool(number % 2)):
            updates[name]()
            seconds[name].append(_seconds(updates[name], repetitions[name]))
    return seconds


def _seconds(update: Update, repetitions: int) -> float:
    start = time.process_time()
    for _ in range(repetitions):
        update()
    return (time.process_time() - start) / repetitions


def measure(shape: Shape, rounds: int) -> list[tuple[str, str, str, float, float, float, bool]]:
    """The table's rows of one shape."""
    table = []
    updates = contenders(shape)
    for what, contender in updates:
        if contender == "layer":
            continue
        pair = {name: updates[what, name] for name in ("layer", contender)}
        times = alternate(pair, rounds)
        share = ratio(times["layer"], times[contender])
        target = OVER_ENGINE if contender == "engine" else OVER_TORCH
        mine, theirs = (statistics.median(times[name]) for name in pair)
        table.append((str(shape), what, contender, mine, theirs, share, share <= target))
    return table


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("results/bench/modules.csv"))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    use_one_core()
    columns = ["shape", "what", "against", "layer_s", "other_s", "layer_over_other", "met"]
    rows = [row for shape in SHAPES for row in measure(shape, arguments.rounds)]
    table = pd.DataFrame(rows, columns=columns)
    save(table, arguments.output)
    with pd.option_context("display.width", 160, "display.max_rows", None):
        print(table.round(5).to_string(index=False))
        means = table.groupby(["against", "what"])["layer_over_other"]
        print(means.agg(lambda values: statistics.geometric_mean(values)).round(3).to_string())


if __name__ == "__main__":
    main()
