"""New sequences without targets, from a table of the form that a task was trained on."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from timeshare.tasks._archives import ARCHIVES, load_archive_inputs
from timeshare.tasks._columns import ANY, STEP, Columns, wide
from timeshare.tasks._frames import read_frame
from timeshare.tasks._loaded import Loaded
from timeshare.tasks._long import load_long
from timeshare.tasks._wide import load_wide

if TYPE_CHECKING:
    import pandas as pd


def load_new(
    path: Path, columns: Columns, features: tuple[str, ...], longest: int
) -> tuple[Loaded, list[Any]]:
    """The sequences of a new table, whose targets and splits are not looked at.

    Arguments:
        path: CSV, Parquet, `.npz` or `.ts`.
        columns: what the task's own table is read as.
        features: names of the task's features.
        longest: steps of the longest sequence that the task knows; a table with columns for fewer
            steps is refused, since one may have been left out.

    Returns:
        the sequences, one target of 0 in the place of theirs, and the numbers of all their steps,
        sequence by sequence; empty where a row of the table is a sequence.

    Raises `ValueError`, one sentence that says what is wrong with the table.
    """
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file.")
    plain = replace(columns, split=None, classes=False, dense=False, pad=True)
    if path.suffix in ARCHIVES:
        found: tuple[Loaded, list[Any]] = load_archive_inputs(path, plain), []
    else:
        found = _of_frame(read_frame(path, columns), path, columns, plain, features, longest)
    loaded, steps = found
    if len(loaded.feature_names) != len(features):
        raise ValueError(
            f"{path}: its sequences have {len(loaded.feature_names)} features, and the network "
            f"was trained on {len(features)}: {', '.join(features)}."
        )
    return loaded, steps


def _of_frame(
    frame: "pd.DataFrame",
    path: Path,
    columns: Columns,
    plain: Columns,
    features: tuple[str, ...],
    longest: int,
) -> tuple[Loaded, list[Any]]:
    before, found, after = columns.target.partition(STEP)
    targets = [
        name
        for name in frame.columns
        if name == columns.target or (found and name.startswith(before) and name.endswith(after))
    ]
    unused = [*targets, *([columns.split] if columns.split in frame.columns else [])]
    target = columns.target if not found else f"{before}{after}" or "target"
    named = frame.drop(columns=unused).assign(**{target: 0.0})
    known = None if features == (ANY,) else features
    plain = replace(plain, target=target, features=known)
    try:
        form = wide([str(name) for name in named.columns], plain)
    except ValueError as error:
        raise ValueError(f"{path}: {error}.") from None
    if form is not None and len(form.columns) < longest:
        raise ValueError(
            f"{path}: it has columns for {len(form.columns)} steps, and the network's own table "
            f"for {longest}. Leave the cells of shorter sequences empty, and no column out."
        )
    if form is not None:
        return load_wide(named, form, plain, path), []
    present = [str(name) for name in frame.columns if name not in unused]
    read = (columns.sequence, columns.step, *features)
    if missing := [name for name in read if name not in present]:
        raise ValueError(
            f"{path}: there is no column {missing[0]!r}, which the network reads; the columns, but "
            f"for targets, are {', '.join(map(repr, present[:20]))}."
        )
    loaded = load_long(named, plain, path)
    ordered = named.sort_values([columns.sequence, columns.step], kind="stable")
    return loaded, np.asarray(ordered[columns.step]).tolist()
