"""Sequences from a user's table, which has one row for each step."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from timeshare.storage.streams import seed_of
from timeshare.tasks.base import NO_TARGET, Split, split_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Columns:
    """What a table is to be read as.

    Arguments:
        sequence, step, target: names of the columns.
        features: names of the input columns; all others when None.
        split: name of the column that divides the sequences, or None.
        classes: whether targets are classes, or values.
        dense: whether each step has a target, or each sequence one.
        pad: whether sequences may differ in their number of steps.
    """

    sequence: str
    step: str
    target: str
    features: tuple[str, ...] | None
    split: str | None
    classes: bool
    dense: bool
    pad: bool


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
    """

    features: NDArray[np.float64]
    lengths: NDArray[np.int64]
    targets: NDArray[Any]
    splits: tuple[Split, ...]
    names: tuple[str, ...]
    classes: tuple[str, ...]

    def rows(self, split: Split) -> NDArray[np.int64]:
        """Rows of the sequences in a split."""
        return np.array([row for row, own in enumerate(self.splits) if own is split], np.int64)


@cache
def read_table(path: Path, columns: Columns, _changed: int) -> Table:
    """Read and check a table; `ValueError` says in one sentence what is wrong with it.

    Arguments:
        path: CSV, or Parquet where the name ends in `.parquet`.
        columns: what to read it as.
        _changed: when the file last changed, so that a changed file is read again.
    """
    frame = _frame(path)
    names = _check(frame, path, columns)
    frame = frame.sort_values([columns.sequence, columns.step], kind="stable")
    sequences = {str(name): rows for name, rows in frame.groupby(columns.sequence, sort=True)}
    lengths = _lengths(sequences, path, columns)
    features = np.zeros((len(sequences), max(lengths), len(names)))
    for row, rows in enumerate(sequences.values()):
        features[row, : len(rows)] = rows[list(names)].to_numpy(dtype=np.float64)
    targets, classes = _targets(sequences, max(lengths), path, columns)
    splits = _splits(sequences, path, columns)
    table = Table(features, np.array(lengths), targets, splits, names, classes)
    _check_splits(table, path)
    return table


def _frame(path: Path) -> "pd.DataFrame":
    import pandas as pd

    if not path.is_file():
        raise ValueError(f"{path}: there is no such file.")
    try:
        frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except Exception as error:
        first = str(error).strip().splitlines()[0]
        raise ValueError(f"{path}: it cannot be read as a table ({first}).") from None
    if frame.empty:
        raise ValueError(f"{path}: it has no rows.")
    return frame


def _check(frame: "pd.DataFrame", path: Path, columns: Columns) -> tuple[str, ...]:
    """Names of the features, after a look at all columns."""
    from pandas.api.types import is_numeric_dtype

    special = [columns.sequence, columns.step, columns.target]
    special += [columns.split] if columns.split else []
    names = columns.features
    if names is None:
        names = tuple(str(name) for name in frame.columns if name not in special)
    if not names:
        raise ValueError(f"{path}: no column is left for the features.")
    for name in (*special, *names):
        if name not in frame.columns:
            found = ", ".join(repr(str(column)) for column in frame.columns)
            raise ValueError(f"{path}: there is no column {name!r}; its columns are {found}.")
    required = [name for name in (*special, *names) if name != columns.target]
    for name in required:
        missing = frame.index[frame[name].isna()]
        if len(missing):
            raise ValueError(
                f"{path}: column {name!r} has no value in {len(missing)} of {len(frame)} rows, "
                f"the first of them row {missing[0] + 1}; fill them or leave the sequences out."
            )
    numeric = [columns.step, *names] + ([] if columns.classes else [columns.target])
    for name in numeric:
        if not is_numeric_dtype(frame[name]):
            raise ValueError(f"{path}: column {name!r} holds text where numbers are needed.")
    if not np.isfinite(frame[list(names)].to_numpy(dtype=np.float64)).all():
        raise ValueError(f"{path}: a feature is infinite.")
    return names


def _lengths(sequences: dict[str, "pd.DataFrame"], path: Path, columns: Columns) -> list[int]:
    for name, rows in sequences.items():
        between = np.diff(rows[columns.step].to_numpy(dtype=np.float64))
        if (between == 0).any():
            raise ValueError(f"{path}: sequence {name!r} has a step twice.")
        if len(between) and not np.allclose(between, between[0]):
            raise ValueError(
                f"{path}: the steps of sequence {name!r} are not equally far apart; "
                "fill the gaps or cut the sequence there."
            )
    lengths = [len(rows) for rows in sequences.values()]
    if not columns.pad and len(set(lengths)) > 1:
        shortest, longest = np.argmin(lengths), np.argmax(lengths)
        names = list(sequences)
        raise ValueError(
            f"{path}: sequences differ in their number of steps ({names[shortest]!r} has "
            f"{lengths[shortest]}, {names[longest]!r} {lengths[longest]}); cut them alike, or "
            "say `pad: true`."
        )
    return lengths


def _targets(
    sequences: dict[str, "pd.DataFrame"], longest: int, path: Path, columns: Columns
) -> tuple[NDArray[Any], tuple[str, ...]]:
    given = {name: rows[columns.target] for name, rows in sequences.items()}
    known: list[Any] = sorted({value for column in given.values() for value in column.dropna()})
    if columns.classes and len(known) < 2:
        raise ValueError(
            f"{path}: column {columns.target!r} holds {len(known)} class where two or more are "
            "needed."
        )
    codes = {value: code for code, value in enumerate(known)} if columns.classes else None
    nothing = NO_TARGET if columns.classes else np.nan
    kind = np.int64 if columns.classes else np.float64
    targets = np.full((len(given), longest), nothing, dtype=kind)
    for row, (name, column) in enumerate(given.items()):
        values = column.dropna().unique()
        if not columns.dense and len(values) != 1:
            raise ValueError(
                f"{path}: sequence {name!r} has {len(values)} different targets where one is "
                "needed; repeat it in each row, or say `asked: dense`."
            )
        present = column.notna().to_numpy()
        coded = [codes[value] if codes else value for value in column[present]]
        targets[row, : len(column)][present] = coded
    names = tuple(str(value) for value in known) if columns.classes else ()
    if columns.dense:
        return targets, names
    first = (targets != NO_TARGET) if columns.classes else ~np.isnan(targets)
    return targets[np.arange(len(targets)), first.argmax(axis=1)], names


def _splits(
    sequences: dict[str, "pd.DataFrame"], path: Path, columns: Columns
) -> tuple[Split, ...]:
    """The split of each sequence: the one in the table, or one by a hash of the sequence's name."""
    if columns.split is None:
        return tuple(split_of(seed_of("csv", name)) for name in sequences)
    found = []
    for name, rows in sequences.items():
        values = rows[columns.split].unique().tolist()
        if len(values) != 1 or values[0] not in list(Split):
            raise ValueError(
                f"{path}: column {columns.split!r} of sequence {name!r} says "
                f"{', '.join(repr(str(value)) for value in values)} where it must say one of "
                f"{', '.join(repr(str(split)) for split in Split)}."
            )
        found.append(Split(values[0]))
    return tuple(found)


def _check_splits(table: Table, path: Path) -> None:
    for split in Split:
        if not len(table.rows(split)):
            raise ValueError(
                f"{path}: no sequence falls into the {split} split; give more sequences, or "
                "name a column that divides them in `split`."
            )
    trained = np.unique(table.targets[table.rows(Split.TRAIN)])
    if table.classes and len(trained[trained != NO_TARGET]) < 2:
        raise ValueError(f"{path}: the training sequences have one class only.")
