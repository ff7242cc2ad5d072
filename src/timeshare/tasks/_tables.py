"""Sequences from a user's file: read, divided among the splits, checked, and scaled."""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeshare.storage.streams import seed_of
from timeshare.tasks._archives import load_npz, load_ts
from timeshare.tasks._columns import Columns, wide
from timeshare.tasks._frames import read_frame
from timeshare.tasks._loaded import Loaded, joined
from timeshare.tasks._long import load_long
from timeshare.tasks._wide import load_wide
from timeshare.tasks.base import NO_TARGET, Split, split_of

ROUNDING = 1e-12
"""Standard deviations below this share of the mean are those of rounding: a constant feature."""
FARTHEST = 1e9
"""The most standard deviations that a number may lie from the mean of the training sequences."""


@dataclass(frozen=True)
class Table:
    """N sequences of up to T steps.

    Arguments:
        features: `[N, T, D]`, zeros where padded.
        lengths: true lengths `[N]`.
        targets: classes or values, `[N, T]` when dense, else `[N]`.
        splits: the split of each sequence.
        names: names of the features.
        classes: names of the classes; empty where targets are values.
        sequences: names of the sequences.
    """

    features: NDArray[np.float64]
    lengths: NDArray[np.int64]
    targets: NDArray[Any]
    splits: tuple[Split, ...]
    names: tuple[str, ...]
    classes: tuple[str, ...]
    sequences: tuple[str, ...]

    def rows(self, split: Split) -> NDArray[np.int64]:
        """Rows of the sequences in a split."""
        return self._rows[split]

    @property
    def real(self) -> NDArray[np.bool_]:
        """Which steps are no padding, `[N, T]`."""
        return np.arange(self.features.shape[1]) < self.lengths[:, None]

    @cached_property
    def scaled(self) -> NDArray[np.float32]:
        """Features by the mean and deviation of the training sequences, zeros where padded."""
        return self.standardised().astype(np.float32)

    def standardised(self) -> NDArray[np.float64]:
        """The same in double precision."""
        mean, deviation = self.feature_scale
        return np.where(self.real[:, :, None], (self.features - mean) / deviation, 0)

    @cached_property
    def feature_scale(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean and standard deviation of each feature over the steps of training sequences.

        The deviation of a constant feature is 1.
        """
        training = self.rows(Split.TRAIN)
        return _scale(self.features[training][self.real[training]])

    @cached_property
    def target_scale(self) -> tuple[float, float]:
        """Mean and standard deviation of the values to predict, of the training sequences."""
        values = self.targets[self.rows(Split.TRAIN)]
        mean, deviation = _scale(values[np.isfinite(values)])
        return float(mean), float(deviation)

    @cached_property
    def _rows(self) -> dict[Split, NDArray[np.int64]]:
        own = np.array(self.splits, dtype=object)
        return {split: np.flatnonzero(own == split) for split in Split}


@cache
def read_table(path: Path, columns: Columns, test: Path | None, _changed: tuple[int, ...]) -> Table:
    """Read and check a table; `ValueError` says in one sentence what is wrong with it.

    Arguments:
        path: CSV, Parquet, `.npz` or `.ts`, as its name ends.
        columns: what to read it as.
        test: a second file, which has the test sequences; None where one file has all.
        _changed: when the files last changed, so that a changed file is read again.
    """
    loaded = _load(path, columns)
    count = len(loaded.names)
    if test is not None:
        loaded = joined(loaded, _load(test, columns), test)
    splits = _splits(loaded, columns, path, count)
    table = Table(
        loaded.features,
        loaded.lengths,
        loaded.targets,
        splits,
        loaded.feature_names,
        loaded.classes,
        loaded.names,
    )
    _check_targets(table, columns, path)
    _check_features(table, path)
    return table


def changed(*paths: Path) -> tuple[int, ...]:
    """When files last changed, 0 for one that is missing."""
    return tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in paths)


def _load(path: Path, columns: Columns) -> Loaded:
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file.")
    if path.suffix == ".npz":
        return load_npz(path, columns)
    if path.suffix == ".ts":
        return load_ts(path, columns)
    frame = read_frame(path, columns)
    try:
        found = wide(list(frame.columns), columns)
    except ValueError as error:
        raise ValueError(f"{path}: {error}.") from None
    return (
        load_long(frame, columns, path) if found is None else load_wide(frame, found, columns, path)
    )


def _splits(loaded: Loaded, columns: Columns, path: Path, first: int) -> tuple[Split, ...]:
    """The split of each sequence: the one in the table, or one by a hash of the sequence's name.

    Arguments:
        first: sequences of the first file; all others are test sequences.
    """
    if loaded.splits is None:
        own = [split_of(seed_of("csv", name)) for name in loaded.names[:first]]
        others = len(loaded.names) - first
        if others:
            own = [Split.TRAIN if each is Split.TEST else each for each in own]
        return (*own, *[Split.TEST] * others)
    known = {str(split): split for split in Split}
    for name, value in zip(loaded.names, loaded.splits, strict=True):
        if value not in known:
            raise ValueError(
                f"{path}: column {columns.split!r} of sequence {name!r} says {value!r} where it "
                f"must say one of {', '.join(repr(each) for each in known)}."
            )
    return tuple(known[value] for value in loaded.splits)


def _check_targets(table: Table, columns: Columns, path: Path) -> None:
    target = repr(columns.target)
    if table.classes and len(table.classes) < 2:
        raise ValueError(
            f"{path}: column {target} holds {len(table.classes)} class where two or more are "
            "needed."
        )
    for split in Split:
        if not len(table.rows(split)):
            raise ValueError(
                f"{path}: no sequence falls into the {split} split; give more sequences, or "
                "name a column that divides them in `split`."
            )
    for split in Split:
        targets = table.targets[table.rows(split)]
        asked = targets[targets != NO_TARGET] if table.classes else targets[np.isfinite(targets)]
        if not len(asked):
            raise ValueError(f"{path}: no {split} sequence has a target in column {target}.")
        if split is Split.TRAIN and len(np.unique(asked)) < 2:
            what = "class" if table.classes else "value"
            raise ValueError(f"{path}: the training sequences have one {what} only.")


def _check_features(table: Table, path: Path) -> None:
    """Refuse numbers that scaling leaves too far from those of training for single precision."""
    far = np.abs(table.standardised()).max(axis=1) > FARTHEST
    if far.any():
        row, feature = np.argwhere(far)[0]
        raise ValueError(
            f"{path}: sequence {table.sequences[row]!r} has a number in {table.names[feature]!r} "
            f"more than {FARTHEST:g} standard deviations from the mean of the training sequences; "
            "correct it or leave the sequence out."
        )


def _scale(values: NDArray[np.float64]) -> tuple[Any, Any]:
    """Mean and standard deviation over the first axis; 1 where values are constant."""
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    return mean, np.where(deviation > ROUNDING * np.abs(mean), deviation, 1)
