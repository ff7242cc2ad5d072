"""What a task is: the base every task derives from, and the sequences it gives."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from timeshare.registry import refuse_shadowing
from timeshare.tasks._splits import Split as Split
from timeshare.tasks._splits import split_of as split_of
from timeshare.tasks.metrics import Metric, constant_score

NO_TARGET = -1
"""The class that stands in the place of a target at a step without one."""

TRAINED, HELD_OUT = 0, 1
"""Groups of a task that keeps a kind of sequence out of training."""


class Targets(StrEnum):
    """Which steps of a task have targets."""

    DENSE = "dense"
    """A target at each step."""
    FINAL = "final"
    """One target, after the last step."""


@dataclass(frozen=True)
class Sequences:
    """N labelled sequences of one length T.

    Arguments:
        inputs: symbols, integers `[N, T]`, or features, float32 `[N, T, D]`.
        targets: classes (integers) or values (float32); `[N, T]` when dense, `[N]` when final.
            `NO_TARGET` or NaN at steps without a target.
        lengths: true lengths `[N]` of sequences padded to T, or None when none is padded.
        groups: which of the task's `group_names` each sequence belongs to `[N]`, or each target
            of a dense task `[N, T]`, -1 where there is none; None where all are of one kind.

    For example, two sequences of three bits, each with whether its ones are odd:

    >>> sequences = Sequences(np.array([[0, 1, 1], [1, 1, 1]]), np.array([0, 1]))
    >>> sequences.count, sequences.length
    (2, 3)
    """

    inputs: NDArray[np.integer] | NDArray[np.float32]
    targets: NDArray[np.integer] | NDArray[np.float32]
    lengths: NDArray[np.int64] | None = None
    groups: NDArray[np.int64] | None = None

    @property
    def count(self) -> int:
        """Number of sequences N."""
        return len(self.inputs)

    @property
    def length(self) -> int:
        """Number of steps T."""
        return int(self.inputs.shape[1])

    def first(self, count: int) -> "Sequences":
        """The first `count` sequences."""
        return self.select(slice(count))

    def select(self, rows: NDArray[np.integer] | NDArray[np.bool_] | slice) -> "Sequences":
        """The sequences at `rows`."""
        lengths = None if self.lengths is None else self.lengths[rows]
        groups = None if self.groups is None else self.groups[rows]
        return Sequences(self.inputs[rows], self.targets[rows], lengths, groups)

    def of_group(self, number: int) -> "Sequences":
        """The sequences of a group; where each target has its group, all, other targets masked."""
        if self.groups is None:
            raise ValueError("these sequences are of one kind and have no groups")
        if self.groups.ndim == 1:
            return self.select(self.groups == number)
        masked = NO_TARGET if np.issubdtype(self.targets.dtype, np.integer) else np.nan
        targets = np.where(self.groups == number, self.targets, masked).astype(self.targets.dtype)
        return replace(self, targets=targets)


class Task(BaseModel, ABC):
    """A rule that generates labelled sequences, or a real data set of sequences.

    Its fields are its parameters; two tasks with equal parameters are the same task. The
    docstring of a task tells its rule, and then, in a paragraph each, what a perfect solver has
    to *Remember*, what *Chance* scores, what an *Unseen length* is, and its *Source*; the page
    of tasks in the documentation is made from it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    targets: ClassVar[Targets]
    metric: ClassVar[Metric] = Metric.ACCURACY
    file_parameters: ClassVar[tuple[str, ...]] = ()
    """Parameters that name files of the user's; these are looked for beside the configuration."""
    learnable: ClassVar[bool] = True
    """False where the labels are random: only scores on training sequences mean anything."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        refuse_shadowing(cls, Task)

    @property
    @abstractmethod
    def input_size(self) -> int:
        """Input features D of a network: the number of symbols, or of channels."""

    @property
    @abstractmethod
    def output_size(self) -> int:
        """Outputs of a network: the number of classes, or of predicted values."""

    @property
    def symbolic(self) -> bool:
        """Whether inputs are symbols, which a network reads one-hot, or features."""
        return True

    @property
    def continues(self) -> bool:
        """Whether the rule that holds up to T also holds for longer sequences.

        False where later steps obey rules that no shorter sequence shows: then no network can do
        better than chance there, and scores beyond T do not tell one network from another.
        """
        return True

    @property
    def random_rule(self) -> bool:
        """Whether the rule is drawn at random, so that there are many: from a field `rule_seed`."""
        return "rule_seed" in type(self).model_fields

    def of_rule(self, rule: int) -> Self:
        """The task with its rule number `rule`, counted from its own `rule_seed`.

        A task without a random rule has one rule and returns itself.
        """
        if "rule_seed" not in type(self).model_fields:
            return self
        first: int = self.model_dump()["rule_seed"]
        return type(self).model_validate(self.model_dump() | {"rule_seed": first + rule})

    @property
    def rule_change_rate(self) -> float | None:
        """Share of the rule that is redrawn from one step to the next: 0 where the rule stays.

        None where the rule changes with the step by a share that the task does not know.
        """
        return 0.0 if self.continues or not self.learnable else None

    def share_changed(self, length: int) -> float | None:
        """Share of the rule that is really redrawn from one step to the next.

        It is the mean over steps 1 to T-1, 0 where the rule stays, and None where the task does
        not know it.
        """
        return 0.0 if self.rule_change_rate == 0 else None

    @property
    def real(self) -> bool:
        """Whether the sequences come from a data set; otherwise a rule generates them."""
        return self.size(Split.TRAIN) is not None

    @property
    def resampled(self) -> bool:
        """Whether a sequence of another length is the same one at another speed."""
        return False

    @property
    def prefixes(self) -> bool:
        """Whether the first steps of a sequence, with its targets, are a sequence of the task.

        Training at lengths up to T crops sequences and needs this.
        """
        return self.targets is Targets.DENSE

    @property
    def makes_fresh(self) -> bool:
        """Whether new training sequences can be drawn for ever; false of data sets and labels."""
        return not self.real and self.learnable

    @property
    def group_names(self) -> tuple[str, ...]:
        """Names of the groups its sequences or targets fall into; empty where all are of one kind.

        Each group is scored by itself. Where the task holds a kind of sequence out of training,
        group 0 is `trained`, all that training and validation hold.
        """
        return ()

    @property
    def holds_out(self) -> bool:
        """Whether the groups after the first one occur in the test split only."""
        return len(self.group_names) > 1

    def group_distance(self, name: str) -> int | None:
        """Fewest steps that a target of the group looks back; None where groups are no distances.

        Distances of K and more reach beyond every window of K steps.
        """
        return None

    @property
    def input_names(self) -> tuple[str, ...]:
        """How a reader calls the symbols or channels."""
        return tuple(str(number) for number in range(self.input_size))

    @property
    def output_names(self) -> tuple[str, ...]:
        """How a reader calls the classes or values."""
        return tuple(str(number) for number in range(self.output_size))

    @property
    def files(self) -> tuple[str, ...]:
        """Files of the user's that the task reads; the data are drawn again when they change."""
        return ()

    @property
    def stream_name(self) -> str:
        """What identifies the task's random streams, beside its class: its parameters.

        Files are without their folders, so that moved ones are read in the same order.
        """
        files = {name: getattr(self, name) for name in self.file_parameters}
        names = {name: Path(file).name for name, file in files.items() if file is not None}
        return (self.model_copy(update=names) if names else self).model_dump_json()

    def reading(self) -> dict[str, Any] | None:
        """What turns a user's table into inputs and targets, kept by runs; None without a table."""
        return None

    def size(self, split: Split) -> int | None:
        """Sequences a real data set has in the split; None where a rule can always make more."""
        return None

    def space(self, length: int) -> float:
        """How many different inputs of this length the rule can make; infinite for features."""
        return float(self.input_size) ** length if self.symbolic else math.inf

    def length_fault(self, length: int) -> str | None:
        """Why no sequence of this length can be had, in one sentence; None where it can."""
        return None if length >= 1 else f"a length is at least 1, not {length}"

    @abstractmethod
    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw sequences.

        Arguments:
            count: how many; a real data set gives at most what it has in that split, in an
                order that does not depend on `count`.
            length: steps T in each.
            split: the part of the data; a rule needs it only where splits differ in kind
                (held-out positions), since each split has a stream of its own.
            rng: the only source of randomness.
        """

    def memoryless_score(self, length: int, window: int) -> float | None:
        """The best score that needs no memory of anything before a window of K steps.

        It is what a perfect solver reaches whose state is empty at the beginning of each window.
        Windows of a dense task begin at the first step; that of a final task ends at the last one.
        A network that is trained with truncation K and scores more than this has learned what
        reaches past its window.

        Arguments:
            length: steps T of a sequence.
            window: steps K of a window.

        Returns:
            the score, 0 at chance and 1 when perfect; None where no closed form is known.
        """
        return None

    def chance(self, sequences: Sequences) -> float:
        """Score of the best predictor that never looks at the inputs, on these sequences."""
        return constant_score(self.metric, sequences.targets, self.output_size)
