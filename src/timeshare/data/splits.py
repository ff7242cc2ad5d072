"""The splits of a data set: what training reads, and the test sets of all evaluated lengths.

A split is divided into parts. A part belongs to a *unit*, one rule with one seed, or to all units
alike, as the held-out sequences of a real data set do.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from timeshare.data.drawing import draw, draw_available
from timeshare.tasks.base import Sequences, Split, Task

Parts = dict[str, Sequences]
"""The sequences of a split by the name of their part."""

ALL = "all"
"""The part that all units share."""


class Unit(NamedTuple):
    """One rule with one seed; it has training, validation and test sequences of its own.

    Arguments:
        rule: number of the rule, 0 where the task's rule is not random.
        seed: number of the seed.
    """

    rule: int
    seed: int

    @property
    def part(self) -> str:
        """Name of the parts that belong to the unit."""
        return f"rule-{self.rule}-seed-{self.seed}"


def draw_training(
    task: Task, length: int, units: Sequence[Unit], count: int, held: int, up_to: bool = False
) -> dict[Split, Parts]:
    """What training at length T reads: for each unit a training, a validation and a test part.

    A unit has the same sequences whichever others there are. The held-out sequences of a real data
    set are all it has, one part for all units.

    Arguments:
        task: the task before its rule is chosen.
        length: steps T.
        units: those that members train on.
        count: sequences in each training set (the largest train size).
        held: generated sequences for validation, and for test at length T.
        up_to: whether training is at all lengths up to T. A task whose sequences may not be
            cropped then has a training part for each length, `count` sequences in all.
    """
    training: Parts = {}
    for unit in units:
        ruled = task.of_rule(unit.rule)
        if up_to and not task.prefixes:
            training |= _by_length(ruled, length, unit, count)
        else:
            most = _available(task, Split.TRAIN, count)
            training[unit.part] = draw(ruled, most, length, Split.TRAIN, unit.part)
    return {
        Split.TRAIN: training,
        Split.VALIDATION: _held_out(task, length, units, held, Split.VALIDATION),
        Split.TEST: _held_out(task, length, units, held, Split.TEST),
    }


def draw_tests(task: Task, lengths: Iterable[int], units: Sequence[Unit], count: int) -> Parts:
    """Test sequences of each unit at each evaluated length: of a real data set all it has."""
    return {
        length_part(part, length): sequences
        for length in lengths
        for part, sequences in _held_out(task, length, units, count, Split.TEST).items()
    }


def held_out(parts: Mapping[str, Sequences], unit: Unit) -> Sequences:
    """The validation or test sequences of a unit: its own, or those that all units share."""
    return parts[unit.part if unit.part in parts else ALL]


def tests_of(parts: Mapping[str, Sequences], unit: Unit) -> dict[int, Sequences]:
    """The test sequences of a unit by their length."""
    return _lengths_of(parts, unit.part) or _lengths_of(parts, ALL)


def training_of(parts: Mapping[str, Sequences], unit: Unit) -> dict[int, Sequences]:
    """The training sequences of a unit by their length: one length, or all it trains at."""
    if unit.part in parts:
        return {parts[unit.part].length: parts[unit.part]}
    return _lengths_of(parts, unit.part)


def training_lengths(task: Task, length: int) -> list[int]:
    """The lengths up to T that the task can make."""
    return [steps for steps in range(1, length + 1) if task.length_fault(steps) is None]


def length_part(part: str, length: int) -> str:
    """Name of the part with a unit's sequences of one length, given the name of the unit's."""
    return f"{part}/length-{length}"


def _by_length(task: Task, length: int, unit: Unit, count: int) -> Parts:
    """As many training sequences of each length, or all there are of the shortest."""
    lengths = training_lengths(task, length)
    each = _available(task, Split.TRAIN, -(-count // len(lengths)))
    return {
        length_part(unit.part, steps): draw_available(task, each, steps, Split.TRAIN, unit.part)
        for steps in lengths
    }


def _held_out(task: Task, length: int, units: Sequence[Unit], count: int, split: Split) -> Parts:
    size = task.size(split)
    if size is not None and not task.random_rule:
        return {ALL: draw(task, size, length, split)}
    return {
        unit.part: draw(task.of_rule(unit.rule), size or count, length, split, unit.part)
        for unit in units
    }


def _available(task: Task, split: Split, count: int) -> int:
    size = task.size(split)
    return count if size is None else min(count, size)


def _lengths_of(parts: Mapping[str, Sequences], part: str) -> dict[int, Sequences]:
    start = length_part(part, 0).removesuffix("0")
    return {
        sequences.length: sequences for name, sequences in parts.items() if name.startswith(start)
    }
