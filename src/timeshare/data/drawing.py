"""Draw sequences from a task, so that no sequence of one split can appear in another."""

import math
from collections.abc import Iterator
from hashlib import blake2b
from itertools import count as counting

import numpy as np
from numpy.typing import NDArray

from timeshare.data.sampling import sampled
from timeshare.storage.streams import stream
from timeshare.tasks._splits import EIGHTHS
from timeshare.tasks.base import Sequences, Split, Task, split_of

BLOCK = 256
"""Sequences drawn from one random stream."""
DIVISIBLE = 256.0
"""Smallest space of inputs that is divided among the splits; a smaller one is shared by them."""
DEVIATIONS = 4.0
"""How far below its expectation the number of training sequences in a space may lie."""
PATIENCE = 200
"""Blocks in a row without a new sequence after which a space counts as exhausted."""

MOST_SYMBOLS = 5_000_000
"""Steps of sequences that are drawn to see whether there are enough of them."""


class DataError(ValueError):
    """A training set is larger than the number of distinct sequences that the task can make."""


def draw(task: Task, count: int, length: int, split: Split, part: str = "") -> Sequences:
    """Draw sequences of a task, deterministic in (task, parameters, split, length, part).

    The first n of a larger set are the smaller set. Where the space of inputs is large enough
    (`DIVISIBLE`), each possible input belongs to one split, by its hash, so no sequence of one
    split can appear in another. Training sequences are distinct.

    Raises `DataError` when the task cannot make `count` distinct training sequences.
    """
    drawn = draw_available(task, count, length, split, part)
    if task.size(split) is None and drawn.count < count:
        raise DataError(
            f"{type(task).__name__.lower()}: only {drawn.count} distinct {split} sequences of "
            f"length {length} exist, {count} were asked for. Name smaller train sizes or "
            "longer lengths."
        )
    return drawn


def draw_available(task: Task, count: int, length: int, split: Split, part: str = "") -> Sequences:
    """The sequences of `draw`, or all there are where a task cannot make so many."""
    names = ("data", type(task).__name__, task.stream_name, split, length, part)
    if task.size(split) is not None:
        return sampled(task, count, length, split, stream(*names))
    drawn: list[Sequences] = []
    seen: set[bytes] = set()
    found = 0
    idle = 0
    space = _space(task, length)
    for block in counting():
        sequences = sampled(task, BLOCK, length, split, stream(*names, block))
        rows = _rows_of(split, sequences, space, seen)
        drawn.append(sequences.select(rows))
        found += len(rows)
        idle = 0 if len(rows) else idle + 1
        if found >= count or idle == PATIENCE:
            break
    return join(drawn).first(count)


def shortage(task: Task, length: int, count: int) -> str | None:
    """Why no `count` distinct training sequences can be drawn, in a sentence; None where they can.

    Draws only where `count` comes within a few standard deviations of what the share of training
    sequences in the space is expected to hold; anything less is there for certain. More than
    `MOST_SYMBOLS` are not drawn to find out: a job that draws them says the same.
    """
    if task.size(Split.TRAIN) is not None:
        return None
    space = _space(task, length)
    first, end = EIGHTHS[Split.TRAIN]
    expected = space * (end - first) / 8 if space >= DIVISIBLE else space
    if math.isinf(space) or count < expected - DEVIATIONS * math.sqrt(expected):
        return None
    if (count + PATIENCE * BLOCK) * length > MOST_SYMBOLS:
        return None
    try:
        draw(task, count, length, Split.TRAIN)
    except DataError as error:
        return str(error)
    return None


def _space(task: Task, length: int) -> float:
    """How many different inputs of this length there are; infinite past what a float can hold."""
    try:
        space = task.space(length)
    except OverflowError:
        return math.inf
    return math.inf if math.isnan(space) else space


def belonging(task: Task, sequences: Sequences, split: Split) -> NDArray[np.int64]:
    """Rows whose inputs belong to the split; all where the space of inputs is not divided."""
    if _space(task, sequences.length) < DIVISIBLE:
        return np.arange(sequences.count)
    return np.array(
        [row for row, digest in enumerate(_digests(sequences)) if split_of(digest[0]) is split],
        dtype=np.int64,
    )


def _rows_of(
    split: Split, sequences: Sequences, space: float, seen: set[bytes]
) -> NDArray[np.int64]:
    """Rows that belong to the split and, in training, were not seen before."""
    rows = []
    for row, digest in enumerate(_digests(sequences)):
        if space >= DIVISIBLE and split_of(digest[0]) is not split:
            continue
        if split is Split.TRAIN and digest in seen:
            continue
        seen.add(digest)
        rows.append(row)
    return np.array(rows, dtype=np.int64)


def _digests(sequences: Sequences) -> Iterator[bytes]:
    """The hash of each sequence's inputs."""
    for inputs in np.ascontiguousarray(sequences.inputs):
        yield blake2b(inputs, digest_size=8).digest()


def join(parts: list[Sequences]) -> Sequences:
    """Sequences of one length, one after the other."""
    lengths = [part.lengths for part in parts if part.lengths is not None]
    groups = [part.groups for part in parts if part.groups is not None]
    return Sequences(
        np.concatenate([part.inputs for part in parts]),
        np.concatenate([part.targets for part in parts]),
        np.concatenate(lengths) if lengths else None,
        np.concatenate(groups) if groups else None,
    )
