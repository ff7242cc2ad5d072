"""The splits of a data set: what training reads, and the test sets of all evaluated lengths."""

from collections.abc import Iterable

from timeshare.data.drawing import draw
from timeshare.tasks.base import Sequences, Split, Task

Parts = dict[str, Sequences]
"""The sequences of a split by the name of their part."""


def draw_training(
    task: Task, length: int, seeds: Iterable[int], count: int, held: int
) -> dict[Split, Parts]:
    """What training at length T reads: a training set a seed, one validation and one test set.

    Arguments:
        seeds: seed s trains on sequences of its own, whichever others there are, so that an
            interval over seeds includes the accident of the data.
        count: sequences in each training set (the largest train size).
        held: sequences for validation, and for test at length T.
    """
    size = task.size(Split.TRAIN)
    most = count if size is None else min(count, size)
    return {
        Split.TRAIN: {
            seed_part(seed): draw(task, most, length, Split.TRAIN, seed_part(seed))
            for seed in seeds
        },
        Split.VALIDATION: {"all": draw(task, held, length, Split.VALIDATION)},
        Split.TEST: {length_part(length): draw(task, held, length, Split.TEST)},
    }


def draw_tests(task: Task, lengths: list[int], count: int) -> Parts:
    """One test set for each evaluated length."""
    return {length_part(n): draw(task, count, n, Split.TEST) for n in lengths}


def seed_part(seed: int) -> str:
    """Name of the part that members of a seed train on."""
    return f"seed-{seed}"


def length_part(length: int) -> str:
    """Name of the part with sequences of an evaluated length."""
    return f"length-{length}"
