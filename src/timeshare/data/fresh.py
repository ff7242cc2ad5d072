"""New training sequences without end, for training in the limit of much data."""

from timeshare.data.drawing import DataError, belonging, join
from timeshare.data.sampling import sampled
from timeshare.data.splits import Unit
from timeshare.storage.streams import stream
from timeshare.tasks.base import Sequences, Split, Task

CHUNK = 512
"""Sequences sampled at once, before those of other splits are left out."""


def fresh(task: Task, length: int, unit: Unit, block: int, count: int) -> Sequences:
    """New training sequences of a unit, deterministic in (task, rule, seed, length, block).

    None belongs to the validation or test part of the inputs, where the space of inputs is large
    enough to be divided. The first n of a larger block are the smaller one. Sequences may come
    again, within a block and in others, where the task can make few.

    Arguments:
        task: the task before its rule is chosen; its rule is that of the unit.
        length: steps T.
        unit: rule and seed.
        block: number of the block, from 0.
        count: sequences of the block.

    Raises `DataError` for a real data set, and for labels, which cannot be drawn anew.
    """
    if not task.makes_fresh:
        raise DataError(
            f"{type(task).__name__.lower()}: no new training sequences can be drawn; "
            "name train sizes instead of 'fresh'."
        )
    ruled = task.of_rule(unit.rule)
    names = (type(ruled).__name__, ruled.stream_name, length, unit.part, block)
    rng = stream("fresh", *names)
    drawn: list[Sequences] = []
    found = 0
    while found < count:
        sequences = sampled(ruled, CHUNK, length, Split.TRAIN, rng)
        drawn.append(sequences.select(belonging(ruled, sequences, Split.TRAIN)))
        found += drawn[-1].count
    return join(drawn).first(count)
