"""Sequences from arrays: NumPy's `.npz`, and the `.ts` format of the UCR and UEA archives."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from timeshare.registry import first_line
from timeshare.tasks._columns import Columns
from timeshare.tasks._frames import refuse_extremes
from timeshare.tasks._loaded import Loaded, encoded, refuse_size, without_padding
from timeshare.tasks.base import NO_TARGET

if TYPE_CHECKING:
    import pandas as pd

ARCHIVES = (".npz", ".ts")
"""What the names of files of arrays end in."""
INPUTS, TARGETS = "X", "y"
"""Names of the arrays of a `.npz` file: `[N, T]` or `[N, T, D]`, and `[N]` or `[N, T]`."""


def load_npz(path: Path, columns: Columns) -> Loaded:
    """The sequences of a `.npz` file with the arrays `X` and `y`, named by their numbers from 0.

    Missing last steps are NaN. Raises `ValueError`, one sentence that says what is wrong.
    """
    arrays = _arrays(path, INPUTS, TARGETS, *([columns.split] if columns.split else []))
    splits = arrays[columns.split].tolist() if columns.split else None
    return _of_arrays(arrays[INPUTS], arrays[TARGETS], splits, path, columns)


def load_archive_inputs(path: Path, columns: Columns) -> Loaded:
    """As `load_npz` and `load_ts`, of inputs alone: each sequence has the target 0."""
    if path.suffix == ".npz":
        inputs = _arrays(path, INPUTS)[INPUTS]
    else:
        inputs, _ = _ts_arrays(path)
    return _of_arrays(inputs, np.zeros(len(inputs)), None, path, columns)


def load_ts(path: Path, columns: Columns) -> Loaded:
    """The sequences of a `.ts` file, named by their numbers from 0.

    Raises `ValueError`, one sentence that says what is wrong.
    """
    if columns.split or columns.dense:
        what = "split" if columns.split else "asked: dense"
        raise ValueError(f"{path}: a .ts file has no such thing as `{what}`; leave the key out.")
    features, targets = _ts_arrays(path)
    return _of_arrays(features, targets, None, path, columns)


def _arrays(path: Path, *needed: str) -> dict[str, NDArray[Any]]:
    """The arrays of a `.npz` file, among them those that are needed."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except Exception as error:  # the library raises errors of many kinds
        raise ValueError(f"{path}: it cannot be read as arrays ({first_line(error)}).") from None
    for name in needed:
        if name not in arrays:
            found = ", ".join(repr(each) for each in arrays) or "none"
            raise ValueError(f"{path}: there is no array {name!r}; its arrays are {found}.")
    return arrays


def _ts_arrays(path: Path) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Features `[N, T, D]` and targets of a `.ts` file."""
    from sktime.datasets import load_from_tsfile

    try:
        cases, targets = load_from_tsfile(str(path), return_data_type="nested_univ")
        return _of_cases(cases, path), np.asarray(targets)
    except Exception as error:  # the library raises errors of many kinds
        raise ValueError(
            f"{path}: it cannot be read as a .ts file ({first_line(error)})."
        ) from None


def _of_cases(cases: "pd.DataFrame", path: Path) -> NDArray[np.float64]:
    """Features `[N, T, D]` of a table of series, NaN after the last step of each."""
    columns = [[np.asarray(each, np.float64) for each in cases[name]] for name in cases.columns]
    longest = max(len(series) for column in columns for series in column)
    refuse_size(len(cases), longest, len(columns), path)
    features = np.full((len(cases), longest, len(columns)), np.nan)
    for feature, column in enumerate(columns):
        for row, series in enumerate(column):
            features[row, : len(series), feature] = series
    return features


def _of_arrays(
    inputs: NDArray[Any],
    given: NDArray[Any],
    splits: list[Any] | None,
    path: Path,
    columns: Columns,
) -> Loaded:
    if inputs.dtype.kind not in "biuf" or inputs.ndim not in (2, 3) or not inputs.size:
        raise ValueError(
            f"{path}: {INPUTS!r} is an array of numbers [sequences, steps] or [sequences, steps, "
            f"features], not of {inputs.dtype} with the shape {list(inputs.shape)}."
        )
    features = np.array(inputs if inputs.ndim == 3 else inputs[:, :, None], np.float64)
    expected = features.shape[: 2 if columns.dense else 1]
    if given.shape != expected:
        raise ValueError(
            f"{path}: {TARGETS!r} has the shape {list(given.shape)} where {list(expected)} is "
            f"needed, one target for each {'step' if columns.dense else 'sequence'}."
        )
    names = _feature_names(features.shape[2], columns, path)
    refuse_extremes(features, list(names), path)
    sequences = tuple(str(row) for row in range(len(features)))
    lengths = without_padding(features, sequences, columns.pad, path)
    targets, classes = _targets(given, columns, path)
    longest = int(lengths.max())
    return Loaded(
        sequences,
        features[:, :longest],
        lengths,
        targets[:, :longest] if columns.dense else targets,
        classes,
        names,
        None if splits is None else tuple(map(str, splits)),
    )


def _feature_names(size: int, columns: Columns, path: Path) -> tuple[str, ...]:
    if columns.features is None:
        return ("value",) if size == 1 else tuple(f"feature {each}" for each in range(1, size + 1))
    if len(columns.features) != size:
        raise ValueError(
            f"{path}: it has {size} features, and `features` names {len(columns.features)}; name "
            "all of them in order, or leave the key out."
        )
    return columns.features


def _targets(
    given: NDArray[Any], columns: Columns, path: Path
) -> tuple[NDArray[Any], tuple[str, ...]]:
    if columns.classes:
        integers = given.dtype.kind == "i"
        values = [
            None if (value == NO_TARGET and columns.dense and integers) or value != value else value
            for value in given.ravel().tolist()
        ]
        codes, classes = encoded(np.array(values, dtype=object))
        return codes.reshape(given.shape), classes
    try:
        values_given = given.astype(np.float64)
    except ValueError:
        raise ValueError(f"{path}: {TARGETS!r} holds text where numbers are needed.") from None
    refuse_extremes(values_given[..., None], [TARGETS], path)
    if not columns.dense and np.isnan(values_given).any():
        raise ValueError(f"{path}: {TARGETS!r} is missing for a sequence; leave the sequence out.")
    return values_given, ()
