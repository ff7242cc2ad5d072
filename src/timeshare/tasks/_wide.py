"""Sequences from a table with one row a sequence."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from timeshare.tasks._columns import Columns, Wide
from timeshare.tasks._frames import numbers
from timeshare.tasks._loaded import Loaded, encoded, refuse_size, without_padding
from timeshare.tasks.base import NO_TARGET

if TYPE_CHECKING:
    import pandas as pd


def load_wide(frame: "pd.DataFrame", wide: Wide, columns: Columns, path: Path) -> Loaded:
    """The sequences of a table with one row a sequence, in the order of its rows.

    Where it has no column of names, a sequence is named by the number of its row, from 0.
    Numbers that are missing at the end of a row end its sequence where `columns.pad` allows it.

    Raises `ValueError`, one sentence that says what is wrong with the table.
    """
    names = _names(frame, columns, path)
    steps, size = len(wide.columns), len(wide.features)
    refuse_size(len(names), steps, size, path)
    flat = [name for step in wide.columns for name in step]
    features = numbers(frame, flat, path).reshape(len(names), steps, size)
    lengths = without_padding(features, names, columns.pad, path)
    targets, classes = _targets(frame, wide, columns, path)
    if not columns.dense:
        _refuse_missing(targets, names, columns, path)
    splits = None
    if columns.split is not None:
        splits = tuple(_column(frame, columns.split, path).astype(str))
    longest = int(lengths.max())
    return Loaded(
        names,
        features[:, :longest],
        lengths,
        targets[:, :longest] if columns.dense else targets,
        classes,
        wide.features,
        splits,
    )


def _names(frame: "pd.DataFrame", columns: Columns, path: Path) -> tuple[str, ...]:
    if columns.sequence not in frame.columns:
        return tuple(str(row) for row in range(len(frame)))
    named = frame[columns.sequence]
    if named.isna().any():
        raise ValueError(f"{path}: a sequence has no name in column {columns.sequence!r}.")
    if named.duplicated().any():
        twice = str(named[named.duplicated()].iloc[0])
        raise ValueError(
            f"{path}: two rows are named {twice!r} in column {columns.sequence!r}, and each row is "
            "one sequence."
        )
    return tuple(str(name) for name in named)


def _targets(
    frame: "pd.DataFrame", wide: Wide, columns: Columns, path: Path
) -> tuple[NDArray[Any], tuple[str, ...]]:
    if not columns.dense:
        column = _column(frame, columns.target, path)
        if not columns.classes:
            return numbers(frame, [columns.target], path)[:, 0], ()
        return encoded(column)
    listed = list(wide.targets)
    if not columns.classes:
        return numbers(frame, listed, path), ()
    flat, classes = encoded(frame[listed].to_numpy(dtype=object).ravel())
    return flat.reshape(len(frame), len(listed)), classes


def _column(frame: "pd.DataFrame", name: str, path: Path) -> "pd.Series[Any]":
    if name not in frame.columns:
        some = ", ".join(repr(each) for each in frame.columns if not each[-1:].isdigit())
        raise ValueError(
            f"{path}: there is no column {name!r}; beside those of steps its columns are "
            f"{some or 'none'}."
        )
    return frame[name]


def _refuse_missing(
    targets: NDArray[Any], names: tuple[str, ...], columns: Columns, path: Path
) -> None:
    missing = targets == NO_TARGET if columns.classes else np.isnan(targets)
    if missing.any():
        raise ValueError(
            f"{path}: sequence {names[int(np.argmax(missing))]!r} has no target in column "
            f"{columns.target!r}; leave it out, or write its target."
        )
