"""Read a user's CSV or Parquet file, so that nothing in it changes its meaning on the way."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from timeshare.registry import first_line
from timeshare.tasks._columns import Columns

if TYPE_CHECKING:
    import pandas as pd

MISSING = ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "-nan", "NULL", "null", "None", "<NA>"]
"""How a CSV file writes that a number is missing. Names and classes are missing where empty."""
UNNAMED = "Unnamed: "
"""How pandas calls columns whose header is empty."""
LARGEST = 1e100
"""The largest number of a table: squares of larger ones are too near to infinity."""


def read_frame(path: Path, columns: Columns) -> "pd.DataFrame":
    """The rows of a file; `ValueError` says in one sentence why it cannot be read."""
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file.")
    try:
        frame = _parquet(path) if path.suffix == ".parquet" else _csv(path, columns)
    except Exception as error:  # the library raises errors of many kinds
        raise ValueError(f"{path}: it cannot be read as a table ({first_line(error)}).") from None
    if frame.empty:
        raise ValueError(f"{path}: it has no rows.")
    frame.columns = frame.columns.map(str)
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise ValueError(f"{path}: there are two columns {twice!r}.")
    return frame


def refuse_index(frame: "pd.DataFrame", names: tuple[str, ...], path: Path) -> None:
    """Refuse features that nobody meant: the index of a data frame, or the numbers of rows."""
    from pandas.api.types import is_numeric_dtype

    for name in names:
        values = frame[name]
        unnamed = name.startswith(UNNAMED) or name == "__index_level_0__"
        rows = np.arange(len(values))
        counts = is_numeric_dtype(values) and any(
            np.array_equal(values.to_numpy(), rows + first) for first in (0, 1)
        )
        if unnamed or (counts and len(values) > 1):
            what = "a column without a name" if unnamed else f"column {name!r}, the row's number,"
            raise ValueError(
                f"{path}: {what} looks like the index of a data frame and no feature; write the "
                "table without its index, or list the input columns in `features`."
            )


def numbers(frame: "pd.DataFrame", names: list[str], path: Path) -> NDArray[np.float64]:
    """Columns as numbers `[rows, columns]`; text, infinite and too large numbers are refused."""
    from pandas.api.types import is_numeric_dtype

    for name in names:
        if not is_numeric_dtype(frame[name]) and not frame[name].isna().all():
            raise ValueError(f"{path}: column {name!r} holds text where numbers are needed.")
    values = np.array(frame[names].to_numpy(dtype=np.float64, na_value=np.nan))
    refuse_extremes(values, names, path)
    return values


def refuse_extremes(values: NDArray[np.float64], names: list[str], path: Path) -> None:
    """Refuse infinite and too large numbers; the last axis of `values` has the `names`."""
    for place, name in enumerate(names):
        column = values[..., place]
        if np.isinf(column).any():
            raise ValueError(f"{path}: column {name!r} is infinite somewhere.")
        if (np.abs(column[~np.isnan(column)]) > LARGEST).any():
            raise ValueError(
                f"{path}: column {name!r} holds numbers beyond {LARGEST:g}; write them in "
                "another unit."
            )


def _parquet(path: Path) -> "pd.DataFrame":
    import pandas as pd

    return pd.read_parquet(path)


def _csv(path: Path, columns: Columns) -> "pd.DataFrame":
    """A CSV file, in which names and classes are text: NA is a class and a sequence's name."""
    import pandas as pd

    with path.open(encoding="utf-8-sig") as file:
        header = file.readline()
    separator = max(",;\t", key=header.count)
    known = [str(name) for name in pd.read_csv(path, sep=separator, nrows=0).columns]
    names = {columns.sequence, columns.split}
    if columns.classes:
        names |= {columns.target} | {name for name in known if _dense_target(name, columns)}
    options: dict[str, Any] = {"keep_default_na": False, "low_memory": False, "sep": separator}
    frame: pd.DataFrame = pd.read_csv(
        path,
        na_values={name: [""] if name in names else MISSING for name in known},
        dtype={name: str for name in names - {columns.sequence} if name in known},
        **options,
    )
    return frame


def _dense_target(name: str, columns: Columns) -> bool:
    before, found, after = columns.target.partition("{step}")
    return bool(found) and name.startswith(before) and name.endswith(after)
