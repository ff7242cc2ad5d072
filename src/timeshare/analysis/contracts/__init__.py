"""The definition of every table of the pipeline, and functions that read and write by it."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pandas as pd
from pandera.errors import SchemaError

from timeshare.analysis.contracts import conclusions, cost, learning, measurements
from timeshare.analysis.contracts.base import Contract
from timeshare.storage.files import read_table, write_table

MODULES = (measurements, cost, learning, conclusions)
TABLES: Mapping[str, Contract] = MappingProxyType(
    {each.name: each for module in MODULES for each in module.CONTRACTS}
)
"""The definition of every table, by name."""


class TableError(ValueError):
    """A table that differs from its definition; the message is one sentence."""


def checked(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The table, if it has the columns, types and values of its definition.

    A table without rows gets the columns and types of its definition, since pandas knows no types
    without values.

    Arguments:
        name: of the table's definition in `TABLES`.
        table: the table.

    Raises `TableError` with the first difference.
    """
    expected = TABLES[name]
    if table.empty:
        return expected.empty()
    if fault := _columns_fault(expected, [str(column) for column in table]):
        raise TableError(fault)
    try:
        expected.schema.validate(table)
    except SchemaError as error:
        raise TableError(_values_fault(expected, table, str(error.schema.name))) from None
    return table


def write(name: str, path: Path, table: pd.DataFrame) -> None:
    """Check a table and write it as Parquet.

    Arguments:
        name: of the table's definition in `TABLES`.
        path: of the file.
        table: the table.

    Raises `TableError` where the table differs from its definition.
    """
    write_table(path, checked(name, table))


def read(name: str, path: Path) -> pd.DataFrame:
    """Read a table from a Parquet file and check it.

    Arguments:
        name: of the table's definition in `TABLES`.
        path: of the file.

    Raises `TableError` where the table differs from its definition.
    """
    return checked(name, read_table(path))


def empty(name: str) -> pd.DataFrame:
    """A table without rows, with all columns and types of its definition."""
    return TABLES[name].empty()


def _columns_fault(expected: Contract, present: list[str]) -> str | None:
    """One sentence on the first column that is missing, unknown or out of order."""
    known = expected.columns
    listed = f"expected are, in this order: {', '.join(known)}"
    for name in known:
        if name not in present:
            return f"Table '{expected.name}' lacks the column '{name}'; {listed}."
    for name in present:
        if name not in known:
            return f"Table '{expected.name}' has the unknown column '{name}'; {listed}."
    if present != known:
        return f"Table '{expected.name}' has the columns {', '.join(present)}; {listed}."
    return None


def _values_fault(expected: Contract, table: pd.DataFrame, name: str) -> str:
    """One sentence on a column whose values are missing or of another type."""
    dtype, found = expected.dtypes[name], table[name]
    where = f"Column '{name}' of table '{expected.name}'"
    if found.isna().any() and not expected.schema.columns[name].nullable:
        rows = int(found.isna().sum())
        return f"{where} lacks a value in {rows} of {len(table)} rows; expected is one in each."
    return f"{where} has the type {found.dtype}; expected is {dtype} ({expected.types[name]})."
