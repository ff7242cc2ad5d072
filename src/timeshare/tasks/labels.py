"""Random labels: how much can be memorised."""

from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field, JsonValue, model_validator

from timeshare import registry
from timeshare.streams import seed_of
from timeshare.tasks.base import Sequences, Split, Targets, Task


class Labels(Task):
    """Memorise: the inputs of another task, each with a random label that never changes.

    The label is a hash of the whole sequence of inputs, so it is fixed, balanced, and can be
    told from no part or property of them. Training sequences are distinct, so their labels are
    independent, and the share fitted is what a network can store. There is nothing to learn:
    scores on sequences outside training are chance whatever the network.

    Remember: the training set: one label of log2(classes) bits for each sequence.

    Chance: the share of the commonest label, near 1/classes.

    Unseen length: the labels of other lengths are as random; nothing carries over.

    Source: Zhang et al. (2017), "Understanding deep learning requires rethinking
    generalization"; as the capacity of recurrent networks, Collins, Sohl-Dickstein & Sussillo
    (2017), "Capacity and trainability in recurrent neural networks".
    """

    targets: ClassVar[Targets] = Targets.FINAL
    learnable: ClassVar[bool] = False

    of: str = Field(default="parity", description="kind of the task that gives the inputs")
    parameters: dict[str, JsonValue] = Field(default={}, description="parameters of that task")
    classes: int = Field(default=2, ge=2, le=256, description="number of labels")
    rule_seed: int = Field(default=0, ge=0, description="seed of the labels")

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
    def inputs(self) -> int:
        """Those of the source."""
        return self.source.inputs

    @property
    def outputs(self) -> int:
        """One class a label."""
        return self.classes

    @property
    def symbolic(self) -> bool:
        """As the source."""
        return self.source.symbolic

    @property
    def continues(self) -> bool:
        """There is no rule."""
        return False

    @property
    def input_names(self) -> tuple[str, ...]:
        """Those of the source."""
        return self.source.input_names

    @property
    def files(self) -> tuple[str, ...]:
        """Those of the source."""
        return self.source.files

    def size(self, split: Split) -> int | None:
        """As many as the source has."""
        return self.source.size(split)

    def space(self, length: int) -> float:
        """As the source."""
        return self.source.space(length)

    def length_fault(self, length: int) -> str | None:
        """As the source."""
        return self.source.length_fault(length)

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """The source's sequences, labelled by their hash."""
        sequences = self.source.sample(count, length, split, rng)
        return Sequences(sequences.inputs, self._labels(sequences), sequences.lengths)

    def _labels(self, sequences: Sequences) -> NDArray[np.int64]:
        rows = np.ascontiguousarray(sequences.inputs)
        seeds = [seed_of("labels", self.rule_seed, row.tobytes().hex()) for row in rows]
        return np.array([seed % self.classes for seed in seeds], dtype=np.int64)
