"""Sequences of your own, from a CSV, Parquet, `.npz` or `.ts` file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field, model_validator

from timeshare.tasks._columns import Columns
from timeshare.tasks._new import load_new
from timeshare.tasks._tables import Table, changed, read_table
from timeshare.tasks.base import Sequences, Split, Targets, Task
from timeshare.tasks.metrics import Metric


@dataclass(frozen=True)
class NewSequences:
    """N sequences of up to T steps, without targets.

    Arguments:
        names: of the sequences.
        features: scaled, `[N, T, D]`, zeros where padded.
        lengths: true lengths `[N]`.
        steps: the numbers of all steps, one sequence after the other; empty where the table has one
            row a sequence.
    """

    names: tuple[str, ...]
    features: NDArray[np.float32]
    lengths: NDArray[np.int64]
    steps: tuple[Any, ...]


class Csv(Task):
    """Sequences of your own, from a table or from arrays.

    A CSV or Parquet file has one row a step, which names its sequence, its step, the features and
    the target. Or it has one row a sequence, with a column for each step, such as 0, 1, ... or x_0,
    x_1, ... or, of two features, x_0, y_0, x_1, y_1, .... A `.npz` file has the arrays `X`,
    `[N, T]` or `[N, T, D]`, and `y`, `[N]`, or `[N, T]` when dense. A `.ts` file is one of the UCR
    and UEA archives.

    A final target is written in each row of its sequence, or in one of them; a dense one is
    written at the steps that have one. Sequences are divided by the column that `split` names, or
    else by a hash of their names: five eighths for training, one for validation, two for test.
    Features, and targets that are values, are scaled by the mean and standard deviation of the
    training sequences.

    Remember: whatever the targets depend on.

    Chance: the share of the commonest class, or the variance of the values.

    Unseen length: the first steps of the sequences, fewer or more of them, as far as they go.
    With `pad`, shorter sequences keep their own length.

    Source: your own.
    """

    file_parameters: ClassVar[tuple[str, ...]] = ("file", "test_file")

    file: str = Field(description="table, as its name ends: .parquet, .npz, .ts, or else CSV")
    test_file: str | None = Field(
        default=None, description="second file of the same form, with the test sequences"
    )
    steps: list[str] | str | None = Field(
        default=None,
        description="with one row a sequence: the columns of the steps in order, or a pattern such "
        "as 'x_{step}' or '{feature}_{step}'; found by their names if left out",
    )
    sequence: str = Field(default="sequence", description="column that names the sequence")
    step: str = Field(default="step", description="column that numbers the step")
    target: str = Field(
        default="target", description="column of the target; of dense ones, 'y_{step}'"
    )
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
        if self.test_file is not None and self.split is not None:
            raise ValueError("`test_file` and `split` both divide the sequences; leave one out.")
        _ = self.table
        return self

    @property
    def table(self) -> Table:
        """The table, which a process reads and checks once."""
        paths = [Path(file) for file in self.files]
        test = None if self.test_file is None else Path(self.test_file)
        return read_table(paths[0], self._columns, test, changed(*paths))

    @property
    def _columns(self) -> Columns:
        return Columns(
            sequence=self.sequence,
            step=self.step,
            target=self.target,
            features=None if self.features is None else tuple(self.features),
            split=self.split,
            classes=self.answer == "class",
            dense=self.asked == "dense",
            pad=self.pad,
            steps=tuple(self.steps) if isinstance(self.steps, list) else self.steps,
        )

    @property
    def stream_name(self) -> str:
        """Its parameters without folders, and without what only says where steps are found."""
        named = self.model_copy(update={"file": Path(self.file).name})
        return named.model_dump_json(exclude={"test_file", "steps"})

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
        """The file of the table, and that of the test sequences."""
        return (self.file,) if self.test_file is None else (self.file, self.test_file)

    def size(self, split: Split) -> int:
        """Number of sequences in the split."""
        return len(self.table.rows(split))

    def reading(self) -> dict[str, Any]:
        """Names and scales of the features, and the classes, or the scale of the values."""
        mean, deviation = self.table.feature_scale
        known = {
            "features": list(self.input_names),
            "feature_mean": np.asarray(mean, np.float64).tolist(),
            "feature_deviation": np.broadcast_to(deviation, np.shape(mean)).tolist(),
        }
        if self.metric.classifies:
            return known | {"classes": list(self.output_names)}
        return known | {"target_scale": list(self.table.target_scale)}

    def read_new(self, path: Path) -> NewSequences:
        """New sequences, scaled as those of the training were; targets are not looked at.

        Raises `ValueError`, one sentence that says what is wrong with the table.
        """
        longest = self.table.features.shape[1]
        loaded, steps = load_new(path, self._columns, self.input_names, longest)
        mean, deviation = self.table.feature_scale
        real = np.arange(loaded.features.shape[1]) < loaded.lengths[:, None]
        scaled = np.where(real[:, :, None], (loaded.features - mean) / deviation, 0)
        return NewSequences(loaded.names, scaled.astype(np.float32), loaded.lengths, tuple(steps))

    def length_fault(self, length: int) -> str | None:
        """Lengths end at the longest sequence of the table."""
        longest = self.table.features.shape[1]
        if 1 <= length <= longest:
            return None
        return f"the sequences of {self.file} have 1 to {longest} steps, not {length}"

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Give the first `count` sequences of the split in an order drawn from `rng`."""
        chosen = rng.permutation(self.table.rows(split))[:count]
        targets = self.table.targets[chosen]
        if self.metric.classifies:
            targets = targets.astype(np.int64)
        else:
            mean, deviation = self.table.target_scale
            targets = ((targets - mean) / deviation).astype(np.float32)
        lengths = np.minimum(self.table.lengths[chosen], length)
        final = self.targets is Targets.FINAL
        return Sequences(
            inputs=self.table.scaled[chosen, :length],
            targets=targets if final else targets[:, :length],
            lengths=lengths if final and self.pad else None,
        )

    def in_units(self, outputs: NDArray[Any]) -> NDArray[np.float64]:
        """Values as a network gives them, in the units of the table's targets."""
        mean, deviation = self.table.target_scale
        return np.asarray(outputs, np.float64) * deviation + mean
