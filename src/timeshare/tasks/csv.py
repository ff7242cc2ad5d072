"""Sequences of your own, from a CSV or Parquet file."""

from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field, model_validator

from timeshare.tasks._tables import Columns, Table, read_table
from timeshare.tasks.base import Sequences, Split, Targets, Task
from timeshare.tasks.metrics import Metric


class Csv(Task):
    """Sequences of your own: a table with one row a step, which names its sequence, its step,
    the features and the target.

    A final target is written in each row of its sequence, or in one of them; a dense one is
    written at the steps that have one. Sequences are divided by the column that `split` names, or
    else by a hash of their names: five eighths for training, one for validation, two for test.
    Features are scaled by the mean and standard deviation of the training sequences.

    Remember: whatever the targets depend on.

    Chance: the share of the commonest class, or the variance of the values.

    Unseen length: the first steps of the sequences, fewer or more of them, as far as they go.
    With `pad`, shorter sequences keep their own length.

    Source: your own.
    """

    file: str = Field(description="table: CSV, or Parquet if its name ends in .parquet")
    sequence: str = Field(default="sequence", description="column that names the sequence")
    step: str = Field(default="step", description="column that numbers the step")
    target: str = Field(default="target", description="column of the target")
    features: list[str] | None = Field(
        default=None, description="input columns; all remaining ones when left out"
    )
    split: str | None = Field(
        default=None, description="column that says train, validation or test; a hash if left out"
    )
    asked: Literal["final", "dense"] = Field(
        default="final", description="a target for each sequence, or for each step"
    )
    answer: Literal["class", "value"] = Field(
        default="class", description="whether targets are classes or values"
    )
    pad: bool = Field(default=False, description="accept sequences of different length")

    @property
    def targets(self) -> Targets:  # type: ignore[override]
        """One target for each sequence, or for each step; see `asked`."""
        return Targets(self.asked)

    @property
    def metric(self) -> Metric:  # type: ignore[override]
        """Accuracy of classes, squared error of values."""
        return Metric.ACCURACY if self.answer == "class" else Metric.ERROR

    @model_validator(mode="after")
    def _table_is_sound(self) -> "Csv":
        _ = self.table
        return self

    @cached_property
    def table(self) -> Table:
        """The table, which is read and checked once."""
        path = Path(self.file)
        columns = Columns(
            sequence=self.sequence,
            step=self.step,
            target=self.target,
            features=None if self.features is None else tuple(self.features),
            split=self.split,
            classes=self.answer == "class",
            dense=self.asked == "dense",
            pad=self.pad,
        )
        return read_table(path, columns, path.stat().st_mtime_ns if path.exists() else 0)

    @property
    def input_size(self) -> int:
        """One feature for each column of features."""
        return len(self.table.names)

    @property
    def output_size(self) -> int:
        """The number of classes, or one value."""
        return len(self.output_names)

    @property
    def symbolic(self) -> bool:
        """The inputs are features, not symbols."""
        return False

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the columns of features."""
        return self.table.names

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the classes, or of the column of values."""
        return self.table.classes or (self.target,)

    @property
    def prefixes(self) -> bool:
        """The first steps of a sequence, with its target, are a sequence of the task."""
        return True

    @property
    def files(self) -> tuple[str, ...]:
        """The file of the table."""
        return (self.file,)

    def size(self, split: Split) -> int:
        """Number of sequences in the split."""
        return len(self.table.rows(split))

    def length_fault(self, length: int) -> str | None:
        """Lengths end at the longest sequence of the table."""
        longest = self.table.features.shape[1]
        if 1 <= length <= longest:
            return None
        return f"the sequences of {self.file} have 1 to {longest} steps, not {length}"

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Give the first `count` sequences of the split in an order drawn from `rng`."""
        chosen = rng.permutation(self.table.rows(split))[:count]
        kind = np.int64 if self.metric.classifies else np.float32
        targets = self.table.targets[chosen].astype(kind)
        lengths = np.minimum(self.table.lengths[chosen], length)
        final = self.targets is Targets.FINAL
        return Sequences(
            inputs=self._scaled[chosen, :length],
            targets=targets if final else targets[:, :length],
            lengths=lengths if final and self.pad else None,
        )

    @cached_property
    def _scaled(self) -> NDArray[np.float32]:
        """Features `[N, T, D]` scaled by the training sequences, with zeros where padded."""
        table = self.table
        real = np.arange(table.features.shape[1]) < table.lengths[:, None]
        training = table.rows(Split.TRAIN)
        steps = table.features[training][real[training]]
        deviation = steps.std(axis=0)
        scaled = (table.features - steps.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
        return np.where(real[:, :, None], scaled, 0).astype(np.float32)
