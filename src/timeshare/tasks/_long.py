"""Sequences from a table with one row a step."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from timeshare.tasks._columns import Columns
from timeshare.tasks._frames import numbers, refuse_index
from timeshare.tasks._loaded import Loaded, encoded, refuse_lengths, refuse_size
from timeshare.tasks.base import NO_TARGET

if TYPE_CHECKING:
    import pandas as pd


def load_long(frame: "pd.DataFrame", columns: Columns, path: Path) -> Loaded:
    """The sequences of a table with one row a step, in the order of their names.

    Raises `ValueError`, one sentence that says what is wrong with the table.
    """
    import pandas as pd

    features = _features(frame, columns, path)
    _refuse_missing(frame, columns, features, path)
    steps = numbers(frame, [columns.step], path)[:, 0]
    values = numbers(frame, features, path)
    codes, found = pd.factorize(frame[columns.sequence], sort=True)
    names = tuple(str(name) for name in found)
    order = np.lexsort((steps, codes))
    rows, lengths = codes[order], np.bincount(codes)
    places = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    _refuse_steps(names, rows, steps[order], path)
    if not columns.pad:
        refuse_lengths(names, lengths, path)
    refuse_size(len(names), int(lengths.max()), len(features), path)
    filled = np.zeros((len(names), int(lengths.max()), len(features)))
    filled[rows, places] = values[order]
    targets, classes = _targets(frame.iloc[order], columns, path)
    if columns.dense:
        dense = np.full(filled.shape[:2], NO_TARGET if columns.classes else np.nan, targets.dtype)
        dense[rows, places] = targets
    else:
        dense = _one_target(names, rows, targets, path)
    splits = _splits(frame, columns, names, codes, path)
    return Loaded(names, filled, lengths.astype(np.int64), dense, classes, tuple(features), splits)


def _features(frame: "pd.DataFrame", columns: Columns, path: Path) -> list[str]:
    names = columns.features
    if names is None:
        names = tuple(name for name in frame.columns if name not in columns.special)
        refuse_index(frame, names, path)
    if not names:
        raise ValueError(f"{path}: no column is left for the features.")
    for name in (*columns.special, *names):
        if name not in frame.columns:
            listed = ", ".join(repr(str(column)) for column in frame.columns[:20])
            more = ", ..." if len(frame.columns) > 20 else ""
            raise ValueError(
                f"{path}: there is no column {name!r}; its columns are {listed}{more}."
            )
    return list(names)


def _refuse_missing(
    frame: "pd.DataFrame", columns: Columns, features: list[str], path: Path
) -> None:
    for name in (*columns.special, *features):
        missing = np.flatnonzero(frame[name].isna())
        if len(missing) and name != columns.target:
            raise ValueError(
                f"{path}: column {name!r} has no value in {len(missing)} of {len(frame)} rows, "
                f"the first of them row {missing[0] + 1}; fill them or leave the sequences out."
            )


def _refuse_steps(
    names: tuple[str, ...], rows: NDArray[np.int64], steps: NDArray[np.float64], path: Path
) -> None:
    """Refuse steps that come twice or are not equally far apart in a sequence."""
    within = rows[1:] == rows[:-1]
    between = np.diff(steps)
    twice = np.flatnonzero(within & (between == 0))
    if len(twice):
        raise ValueError(f"{path}: sequence {names[rows[twice[0]]]!r} has a step twice.")
    first = np.full(len(names), np.nan)
    starts = np.flatnonzero(within & np.r_[True, ~within[:-1]]) if len(within) else within
    first[rows[starts]] = between[starts]
    uneven = np.flatnonzero(within & ~np.isclose(between, first[rows[1:]]))
    if len(uneven):
        raise ValueError(
            f"{path}: the steps of sequence {names[rows[uneven[0]]]!r} are not equally far apart; "
            "fill the gaps or cut the sequence there."
        )


def _targets(
    frame: "pd.DataFrame", columns: Columns, path: Path
) -> tuple[NDArray[Any], tuple[str, ...]]:
    if not columns.classes:
        return numbers(frame, [columns.target], path)[:, 0], ()
    return encoded(frame[columns.target])


def _one_target(
    names: tuple[str, ...], rows: NDArray[np.int64], targets: NDArray[Any], path: Path
) -> NDArray[Any]:
    """The target of each sequence, which is the same in all of its rows that have one."""
    classes = targets.dtype.kind == "i"
    known = targets != NO_TARGET if classes else ~np.isnan(targets)
    chosen = np.full(len(names), NO_TARGET if classes else np.nan, targets.dtype)
    chosen[rows[known]] = targets[known]
    counts = np.bincount(rows[known], minlength=len(names))
    different = known & (targets != chosen[rows])
    wrong = np.flatnonzero((counts == 0) | (np.bincount(rows[different], minlength=len(names)) > 0))
    if len(wrong):
        own = targets[known & (rows == wrong[0])]
        raise ValueError(
            f"{path}: sequence {names[wrong[0]]!r} has {len(np.unique(own))} different targets "
            "where one is needed; repeat it in each row, or say `asked: dense`."
        )
    return chosen


def _splits(
    frame: "pd.DataFrame",
    columns: Columns,
    names: tuple[str, ...],
    codes: NDArray[np.int64],
    path: Path,
) -> tuple[str, ...] | None:
    """What the table says of the split of each sequence, which all of its rows agree on."""
    if columns.split is None:
        return None
    values = frame[columns.split].astype(str).to_numpy()
    chosen = np.empty(len(names), dtype=object)
    chosen[codes] = values
    different = np.flatnonzero(values != chosen[codes])
    if len(different):
        row = different[0]
        raise ValueError(
            f"{path}: column {columns.split!r} of sequence {names[codes[row]]!r} says both "
            f"{values[row]!r} and {chosen[codes[row]]!r}."
        )
    return tuple(chosen)
