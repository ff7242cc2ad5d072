"""Find out what a user's table holds: which columns are what, and whether targets are classes."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from timeshare.tasks._columns import STEP, Columns, wide
from timeshare.tasks._frames import read_frame
from timeshare.tasks.base import Split

if TYPE_CHECKING:
    import pandas as pd

USUAL = {
    "target": ("target", "label", "class", "y", "answer", "output"),
    "sequence": ("sequence", "series", "id", "case", "sample", "name"),
    "step": ("step", "time", "t", "frame", "position"),
    "split": ("split", "subset", "fold"),
}
"""Usual names of the columns that are no features, the likeliest first."""
TIMES = ("timestep", "epoch", "second", "minute", "hour", "day", "week", "month", "year")
"""Usual names of columns that count up within a sequence."""
MOST_CLASSES = 20
"""Whole numbers are classes where there are at most so many different ones."""
PER_CLASS = 5
"""Sequences of each class that whole numbers need to be taken for classes."""
_LAST_NUMBER = re.compile(r"\d+$")


def inspected(path: Path, given: Mapping[str, str]) -> dict[str, Any]:
    """The parameters by which the task `csv` reads a table, from its columns' names and contents.

    Arguments:
        path: CSV, Parquet, `.npz` or `.ts`.
        given: what is known already, by the parameter of the task.

    Raises `ValueError`, one sentence that says what is wrong with the table, or which column
    could not be found.
    """
    arrays = {".npz": _of_arrays, ".ts": _of_archive}.get(path.suffix)
    return {**(arrays(path) if arrays else _of_columns(path, given)), **given}


def _of_arrays(path: Path) -> dict[str, Any]:
    try:
        with np.load(path, allow_pickle=False) as file:
            targets = file["y"] if "y" in file.files else np.zeros(0)
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: it cannot be read as arrays ({error}).") from None
    return {"asked": "dense" if targets.ndim == 2 else "final", "answer": _answer(targets)}


def _of_archive(path: Path) -> dict[str, Any]:
    """A `.ts` file says in its head whether it has classes."""
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file.")
    with path.open(encoding="utf-8", errors="replace") as file:
        head = [line.lower() for line, _ in zip(file, range(100), strict=False) if "@" in line]
    values = any(line.startswith("@targetlabel true") for line in head)
    return {"answer": "value" if values else "class"}


def _of_columns(path: Path, given: Mapping[str, str]) -> dict[str, Any]:
    columns = Columns("", "", "", None, None, classes=False, dense=False, pad=True)
    frame = read_frame(path, columns)
    for column in given.values():
        if column not in frame.columns and STEP not in column:
            raise ValueError(f"{path}: there is no column {column!r}; it has {_listed(frame)}.")
    known = {
        role: given.get(role) or _usual(list(frame.columns), names) for role, names in USUAL.items()
    }
    if known["split"] and "split" not in given:
        values = set(frame[known["split"]].dropna().astype(str))
        if not values <= {str(split) for split in Split}:
            known["split"] = None
    dense = None if "target" in given else _dense_pattern(list(frame.columns))
    target = dense or given.get("target") or _text(frame, known) or known["target"]
    target = target or str(frame.columns[-1])
    named = {"target": target} | {
        role: name for role in ("sequence", "split") if (name := known[role]) is not None
    }
    step = known["step"]
    if step is None and _one_row_a_sequence(frame, path, named, dense is not None):
        targets = frame[_numbered(frame, target) if dense else [target]]
        return named | {"asked": "dense" if dense else "final", "answer": _answer(targets)}
    return _one_row_a_step(frame, path, named, step)


def _one_row_a_step(
    frame: "pd.DataFrame", path: Path, named: dict[str, str], step: str | None
) -> dict[str, Any]:
    if step is None:
        counting = _counting(frame, named)
        if len(counting) != 1:
            several = f"several columns could number the steps: {', '.join(map(repr, counting))}"
            none = "no column could be found that numbers the steps"
            raise ValueError(
                f"{path}: {several if counting else none}; its columns are {_listed(frame)}. Name "
                "it by `--step`."
            )
        step = counting[0]
    if "sequence" not in named:
        repeated = [
            str(name)
            for name in frame.columns
            if name not in (step, *named.values()) and _repeats(frame[name])
        ]
        if len(repeated) != 1:
            raise ValueError(
                f"{path}: no column could be found that names the sequence; its columns are "
                f"{_listed(frame)}. Name it by `--sequence`."
            )
        named["sequence"] = repeated[0]
    by_sequence = frame.groupby(named["sequence"])[named["target"]].nunique()
    final = bool((by_sequence == 1).all())
    values = frame.groupby(named["sequence"])[named["target"]].first() if final else None
    answer = _answer(frame[named["target"]] if values is None else values)
    return named | {"step": step, "asked": "final" if final else "dense", "answer": answer}


def _counting(frame: "pd.DataFrame", named: Mapping[str, str]) -> list[str]:
    """Columns of whole numbers that count up by one within each sequence; none without sequences.

    Of several, those with a usual name of a time.
    """
    if "sequence" not in named:
        return []
    groups = frame.groupby(named["sequence"], sort=False)
    others = [name for name in frame.columns if name not in named.values()]
    whole = [name for name in others if frame[name].dtype.kind in "iu"]
    found = [str(name) for name in whole if (groups[name].diff().dropna() == 1).all()]
    usual = [name for name in found if name.lower() in TIMES]
    return usual if len(found) > 1 and usual else found


def _one_row_a_sequence(
    frame: "pd.DataFrame", path: Path, named: dict[str, str], dense: bool
) -> bool:
    columns = Columns(
        named.get("sequence", "sequence"),
        "",
        named["target"],
        None,
        named.get("split"),
        classes=False,
        dense=dense,
        pad=True,
    )
    try:
        return wide([str(name) for name in frame.columns], columns) is not None
    except ValueError as error:
        raise ValueError(f"{path}: {error}.") from None


def _usual(columns: list[str], names: tuple[str, ...]) -> str | None:
    """The first column with a usual name, or one that ends in such a name, as in `walk_id`."""
    lower = {name.lower(): name for name in reversed(columns)}
    exact = [lower[name] for name in names if name in lower]
    ending = [
        lower[column] for name in names if len(name) > 1 for column in lower
        if column.endswith((f"_{name}", f" {name}"))
    ]  # fmt: skip
    return next(iter([*exact, *ending]), None)


def _text(frame: "pd.DataFrame", known: Mapping[str, str | None]) -> str | None:
    """The one column of text beside names and splits: features are numbers, so it is the target."""
    from pandas.api.types import is_numeric_dtype

    others = {known["sequence"], known["split"], known["step"]}
    text = [
        str(name)
        for name in frame.columns
        if name not in others and not is_numeric_dtype(frame[name])
    ]
    return text[0] if len(text) == 1 and known["sequence"] is not None else None


def _dense_pattern(columns: list[str]) -> str | None:
    """The pattern of columns that have a target for each step, such as `y_{step}`."""
    for usual in USUAL["target"]:
        own = [name for name in columns if re.fullmatch(rf"{usual}[ ._-]?\d+", name)]
        if len(own) > 1:
            return _LAST_NUMBER.sub(STEP, own[0])
    return None


def _numbered(frame: "pd.DataFrame", pattern: str) -> list[str]:
    before = pattern.removesuffix(STEP)
    return [name for name in frame.columns if re.fullmatch(rf"{re.escape(before)}\d+", name)]


def _answer(values: Any) -> str:
    """Whether targets are classes, as text, truth values and few whole numbers are, or values."""
    flat = np.asarray(values).reshape(-1)
    try:
        numbers = flat.astype(np.float64)
    except ValueError:
        return "class"
    present = numbers[np.isfinite(numbers)]
    different = len(np.unique(present))
    few = different <= min(MOST_CLASSES, max(2, len(present) // PER_CLASS))
    return "class" if flat.dtype == bool or (few and bool((present % 1 == 0).all())) else "value"


def _repeats(column: "pd.Series[Any]") -> bool:
    """Whether a column could name sequences: text or whole numbers, each several times."""
    whole = column.dtype.kind in "iu" or not np.issubdtype(np.dtype(column.dtype.kind), np.number)
    return whole and column.nunique() * 2 <= len(column)


def _listed(frame: "pd.DataFrame") -> str:
    names = ", ".join(repr(str(name)) for name in frame.columns[:20])
    return f"{names}, ..." if len(frame.columns) > 20 else names
