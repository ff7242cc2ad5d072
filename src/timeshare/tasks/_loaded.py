"""Sequences as they are in a user's file, before they are scaled and divided."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeshare.tasks.base import NO_TARGET

MOST = 500_000_000
"""The most numbers of features, with those of padding: 4 GB."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")


@dataclass(frozen=True)
class Loaded:
    """N sequences of up to T steps.

    Arguments:
        names: of the sequences.
        features: `[N, T, D]`, zeros where padded.
        lengths: true lengths `[N]`.
        targets: numbers of classes, or values; `[N, T]` when dense, else `[N]`; `NO_TARGET` or
            NaN where there is none.
        classes: names of the classes, in order; empty where targets are values.
        feature_names: names of the D features.
        splits: what the file says of the split of each sequence, or None.
    """

    names: tuple[str, ...]
    features: NDArray[np.float64]
    lengths: NDArray[np.int64]
    targets: NDArray[Any]
    classes: tuple[str, ...]
    feature_names: tuple[str, ...]
    splits: tuple[str, ...] | None


def encoded(values: Any) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Classes as numbers with `NO_TARGET` where missing, and the names of the classes in order.

    Arguments:
        values: one-dimensional, of text, numbers or truth values.
    """
    import pandas as pd

    codes, found = pd.factorize(pd.Series(values))
    names = class_names(found.tolist())
    order = ordered(names)
    places = np.full(len(names) + 1, NO_TARGET, np.int64)
    places[[names.index(name) for name in order]] = np.arange(len(order))
    return places[codes], tuple(order)


def class_names(values: Iterable[Any]) -> list[str]:
    """Names of classes: of numbers in their shortest spelling, where none becomes another's."""
    written = [str(value) for value in values]
    if not all(_NUMBER.fullmatch(name) for name in written):
        return written
    short = [_number_name(float(name)) for name in written]
    return short if len(set(short)) == len(short) else written


def ordered(names: Iterable[str]) -> list[str]:
    """Names of classes by their numbers where all are numbers, else by their letters."""
    listed = list(names)
    if all(_NUMBER.fullmatch(name) for name in listed):
        return sorted(listed, key=lambda name: (float(name), name))
    return sorted(listed)


def joined(one: Loaded, other: Loaded, path: Path) -> Loaded:
    """The sequences of two files of the same features, padded alike.

    Arguments:
        one, other: what was read.
        path: the second file, for messages.
    """
    if one.feature_names != other.feature_names:
        raise ValueError(
            f"{path}: its features are {', '.join(other.feature_names)}, and those of the other "
            f"file {', '.join(one.feature_names)}."
        )
    classes = tuple(ordered(dict.fromkeys([*one.classes, *other.classes])))
    steps = max(one.features.shape[1], other.features.shape[1])
    both = [_recoded(each, classes) for each in (one, other)]
    nothing = NO_TARGET if classes else np.nan
    targets = [padded(each, steps, nothing) if each.ndim > 1 else each for each in both]
    return Loaded(
        one.names + tuple(f"{path.name}: {name}" for name in other.names),
        np.concatenate([padded(each.features, steps, 0) for each in (one, other)]),
        np.concatenate([one.lengths, other.lengths]),
        np.concatenate(targets),
        classes,
        one.feature_names,
        None,
    )


def padded(array: NDArray[Any], steps: int, value: float) -> NDArray[Any]:
    """An array `[N, T, ...]` with `value` at further steps."""
    widths = [(0, 0), (0, steps - array.shape[1])] + [(0, 0)] * (array.ndim - 2)
    return np.pad(array, widths, constant_values=value)


def refuse_size(sequences: int, steps: int, features: int, path: Path) -> None:
    """Refuse sequences that would need too much memory once they are padded alike."""
    if sequences * steps * features > MOST:
        gigabytes = 8 * sequences * steps * features / 1e9
        raise ValueError(
            f"{path}: {sequences} sequences of {steps} steps and {features} features would need "
            f"{gigabytes:.0f} GB, more than the {8 * MOST / 1e9:.0f} GB allowed; cut the longest "
            "ones, or leave sequences out."
        )


def refuse_lengths(names: Sequence[str], lengths: NDArray[np.int64], path: Path) -> None:
    """Refuse sequences that differ in their number of steps."""
    shortest, longest = int(np.argmin(lengths)), int(np.argmax(lengths))
    if lengths[shortest] != lengths[longest]:
        raise ValueError(
            f"{path}: sequences differ in their number of steps ({names[shortest]!r} has "
            f"{lengths[shortest]}, {names[longest]!r} {lengths[longest]}); cut them alike, or "
            "say `pad: true`."
        )


def without_padding(
    features: NDArray[np.float64], names: Sequence[str], pad: bool, path: Path
) -> NDArray[np.int64]:
    """True lengths of sequences `[N, T, D]` whose missing last steps are NaN, made zero here.

    Raises `ValueError` where a number is missing before the end, or at all without `pad`.
    """
    known: NDArray[np.bool_] = np.isfinite(features).astype(np.bool_)
    present: NDArray[np.bool_] = np.any(known, axis=2).astype(np.bool_)
    lengths = np.asarray(features.shape[1] - np.argmax(present[:, ::-1], axis=1), np.int64)
    lengths[~present.any(axis=1)] = 0
    inside = np.arange(features.shape[1]) < lengths[:, None]
    gaps = (inside & ~known.all(axis=2)) | (lengths == 0)[:, None]
    if gaps.any():
        row, step = np.argwhere(gaps)[0]
        raise ValueError(
            f"{path}: sequence {names[row]!r} has no number at step {step + 1} of "
            f"{features.shape[1]}; fill it, or leave the sequence out."
        )
    if not pad:
        refuse_lengths(names, lengths, path)
    features[~inside] = 0
    return lengths


def _recoded(loaded: Loaded, classes: tuple[str, ...]) -> NDArray[Any]:
    if not classes:
        return loaded.targets
    places = np.array([*(classes.index(name) for name in loaded.classes), NO_TARGET], np.int64)
    recoded: NDArray[Any] = places[loaded.targets]
    return recoded


def _number_name(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
