"""What the definition of a table consists of."""

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd
import pandera.pandas as pa


class Type(StrEnum):
    """What the values of a column are; the documentation uses these words."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"


DTYPES = {Type.TEXT: "str", Type.INTEGER: "int64", Type.NUMBER: "float64", Type.BOOLEAN: "bool"}
"""The pandas type of each kind of column."""
OPTIONAL_INTEGER = "Int64"
"""The pandas type of integers of which some are missing."""


@dataclass(frozen=True)
class Contract:
    """The definition of a table.

    Arguments:
        name: under which the scripts write and read the table.
        row: one sentence that says what a row is.
        files: where the table lies, `<name>` being the experiment's.
        schema: the columns in order; each has a description and, as metadata, its unit.
    """

    name: str
    row: str
    files: tuple[str, ...]
    schema: pa.DataFrameSchema

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return [str(name) for name in self.schema.columns]

    @property
    def dtypes(self) -> dict[str, str]:
        """The pandas type of each column, by name."""
        return {name: self._metadata(name)["dtype"] for name in self.columns}

    @property
    def units(self) -> dict[str, str]:
        """The unit of each column, by name; empty where there is none."""
        return {name: self._metadata(name)["unit"] for name in self.columns}

    @property
    def types(self) -> dict[str, str]:
        """The kind of values of each column in words, by name."""
        return {name: self._metadata(name)["type"] for name in self.columns}

    def empty(self) -> pd.DataFrame:
        """The table without rows, with all columns and types."""
        return pd.DataFrame(columns=self.columns).astype(self.dtypes)

    def _metadata(self, name: str) -> dict[str, str]:
        metadata: dict[str, str] = self.schema.columns[name].metadata
        return metadata


def column(type_: Type, meaning: str, unit: str = "", missing: str = "") -> pa.Column:
    """A column of a table.

    Arguments:
        type_: what its values are.
        meaning: one sentence without the final full stop.
        unit: of its values; empty for names, counts without a unit and shares.
        missing: what a missing value means; empty where every row has a value.
    """
    optional = type_ is Type.INTEGER and missing
    dtype = OPTIONAL_INTEGER if optional else DTYPES[type_]
    return pa.Column(
        dtype,
        nullable=bool(missing),
        description=f"{meaning}; missing {missing}" if missing else meaning,
        metadata={"unit": unit, "type": str(type_), "dtype": dtype},
    )


def text(meaning: str, missing: str = "") -> pa.Column:
    """A column of names or sentences; see `column`."""
    return column(Type.TEXT, meaning, missing=missing)


def integer(meaning: str, unit: str = "", missing: str = "") -> pa.Column:
    """A column of integers; see `column`."""
    return column(Type.INTEGER, meaning, unit, missing)


def number(meaning: str, unit: str = "", missing: str = "") -> pa.Column:
    """A column of real numbers; see `column`."""
    return column(Type.NUMBER, meaning, unit, missing)


def boolean(meaning: str) -> pa.Column:
    """A column that is true or false in every row; see `column`."""
    return column(Type.BOOLEAN, meaning)


def contract(
    name: str, row: str, files: tuple[str, ...], columns: dict[str, pa.Column]
) -> Contract:
    """A table of exactly these columns in this order, whose values are never converted."""
    schema = pa.DataFrameSchema(
        columns, strict=True, ordered=True, coerce=False, unique_column_names=True, name=name
    )
    return Contract(name, row, files, schema)
