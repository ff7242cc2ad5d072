"""The initial weights of members, each drawn from its own seed."""

from collections.abc import Callable, Iterator
from functools import partial
from math import sqrt

import torch
from torch import Generator, Tensor

from timeshare.recurrent.architecture import Architecture

READOUT = "readout"
EMBEDDING = "embedding"


def _matrix(architecture: Architecture, generator: Generator) -> Tensor:
    """An initial matrix `[gates*H, C]`, uniform within 1/sqrt(H) as in the cells of `torch.nn`.

    A bias that replaces the sum of the two of `torch.nn` is the sum of two such draws.
    """
    cell, H = architecture.cell_type, architecture.hidden_size
    bound = 1 / sqrt(H)
    shape = (architecture.rows, architecture.columns)
    matrix = torch.empty(shape).uniform_(-bound, bound, generator=generator)
    if not cell.recurrent_constant:
        second = torch.empty(architecture.rows).uniform_(-bound, bound, generator=generator)
        matrix[:, 0] += second
    if architecture.recurrent_init == "orthogonal":
        for gate in matrix[:, -H:].chunk(cell.gates):
            torch.nn.init.orthogonal_(gate, generator=generator)
    if architecture.forget_bias is not None and cell.forget_rows is not None:
        matrix[cell.forget_rows * H : (cell.forget_rows + 1) * H, 0] = architecture.forget_bias
    return matrix


def _member(architecture: Architecture, seed: int) -> dict[str, Tensor]:
    """The initial tensors of one member; an embedding is standard normal, as in `torch.nn`."""
    generator = Generator().manual_seed(seed)
    bound = 1 / sqrt(architecture.hidden_size)
    shape = (architecture.readouts, architecture.output_size, 1 + architecture.hidden_size)
    # The read-out is drawn first, because the cell's number of draws depends on the schedule.
    readout = torch.empty(shape).uniform_(-bound, bound, generator=generator)
    further = {READOUT: readout}
    if architecture.embedding:
        embedding = torch.empty(architecture.embedding, architecture.input_size)
        further[EMBEDDING] = embedding.normal_(generator=generator)
    draw: Callable[[], Tensor] = partial(_matrix, architecture, generator)
    if architecture.schedule.init == "same":
        draw = draw().clone
    return {**architecture.schedule.initialise(draw, architecture.length), **further}


def members(architecture: Architecture, seeds: Iterator[int]) -> dict[str, Tensor]:
    """The initial tensors of E members, float32 on the CPU, member axis first.

    Each member has a random generator of its own, so its weights do not depend on the others.
    """
    each = [_member(architecture, seed) for seed in seeds]
    return {name: torch.stack([member[name] for member in each]) for name in each[0]}
