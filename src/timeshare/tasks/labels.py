"""Random labels: how much can be memorised."""

from functools import cached_property

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field, JsonValue, model_validator

from timeshare import registry
from timeshare.storage.streams import seed_of
from timeshare.tasks._bounds import LARGEST_RULE
from timeshare.tasks.base import Sequences, Split, Targets, Task


class Labels(Task):
    """Memorise: the inputs of another task, each with a random label that never changes.

    The label is a hash of the whole sequence of inputs, so it is fixed, balanced, and cannot be
    predicted from any part or property of them. Training sequences are distinct, so their labels
    are independent, and the share fitted is what a network can store. There is nothing to learn:
    scores on sequences outside training are chance whatever the network.

    Remember: the training set: one label of log2(classes) bits for each sequence.

    Chance: the share of the commonest label, near 1/classes.

    Unseen length: the labels of other lengths are as random; nothing carries over.

    Source: Zhang et al. (2017), "Understanding deep learning requires rethinking
    generalization"; as the capacity of recurrent networks, Collins, Sohl-Dickstein & Sussillo
    (2017), "Capacity and trainability in recurrent neural networks".
    """

    targets = Targets.FINAL
    learnable = False

    of: str = Field(default="parity", description="kind of the task that gives the inputs")
    parameters: dict[str, JsonValue] = Field(default={}, description="parameters of that task")
    classes: int = Field(default=2, ge=2, le=256, description="number of labels")
    rule_seed: int = Field(default=0, ge=0, le=LARGEST_RULE, description="seed of the labels")

    @model_validator(mode="after")
    def _source_exists(self) -> "Labels":
        if not isinstance(self.source, Task) or isinstance(self.source, Labels):
            raise ValueError(f"{self.of!r} gives no inputs; name another task.")
        return self

    @cached_property
    def source(self) -> Task:
        """The task that gives the inputs."""
        task: Task = registry.find("tasks", self.of)(**self.parameters)
        return task

    @property
    def input_size(self) -> int:
        """Number of features of the source."""
        return self.source.input_size

    @property
    def output_size(self) -> int:
        """One class for each label."""
        return self.classes

    @property
    def symbolic(self) -> bool:
        """Whether the inputs of the source are symbols."""
        return self.source.symbolic

    @property
    def continues(self) -> bool:
        """False, since random labels follow no rule."""
        return False

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs of the source."""
        return self.source.input_names

    @property
    def files(self) -> tuple[str, ...]:
        """Files that the source reads."""
        return self.source.files

    def size(self, split: Split) -> int | None:
        """Number of sequences that the source has in the split."""
        return self.source.size(split)

    def space(self, length: int) -> float:
        """Number of different inputs that the source can make."""
        return self.source.space(length)

    def length_fault(self, length: int) -> str | None:
        """Why the source has no sequence of this length."""
        return self.source.length_fault(length)

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw sequences of the source, and label each by its hash."""
        sequences = self.source.sample(count, length, split, rng)
        return Sequences(sequences.inputs, self._labels(sequences), sequences.lengths)

    def _labels(self, sequences: Sequences) -> NDArray[np.int64]:
        rows = np.ascontiguousarray(sequences.inputs)
        seeds = [seed_of("labels", self.rule_seed, row.tobytes().hex()) for row in rows]
        return np.array([seed % self.classes for seed in seeds], dtype=np.int64)
