"""The page of the documentation that lists all tables, generated from their definitions."""

from timeshare.analysis.contracts import TABLES
from timeshare.analysis.contracts.base import DTYPES, Contract

INTRODUCTION = """\
# Tables

Every table of the pipeline is a Parquet file of the columns listed here, in this order; `<name>` is
the experiment's. A table is checked against its list whenever it is written, and one without rows
keeps its columns. A column can hold missing values only where its meaning says when.

This page is generated: `python -m timeshare.analysis.contracts docs/tables.md`. The definitions are
in `src/timeshare/analysis/contracts/`.
"""


def page() -> str:
    """The page in Markdown: a section for each table."""
    types = ", ".join(f"{type_} (`{dtype}`)" for type_, dtype in DTYPES.items())
    note = f"Types and their names in pandas: {types}; integers of which some are missing: `Int64`."
    contents = "\n".join(f"* [{name}](#{name}): {_start(each)}" for name, each in TABLES.items())
    sections = [_section(each) for each in TABLES.values()]
    return "\n".join([INTRODUCTION, f"{note}\n", f"{contents}\n", *sections]).rstrip() + "\n"


def _start(contract: Contract) -> str:
    return contract.row[:1].lower() + contract.row[1:]


def _section(contract: Contract) -> str:
    rows = [
        f"| `{name}` | {contract.types[name]} | {contract.units[name]} | "
        f"{_capital(str(each.description))}. |"
        for name, each in contract.schema.columns.items()
    ]
    files = ", ".join(f"`{file}`" for file in contract.files)
    head = f"## {contract.name}\n\n{contract.row}\n\nFiles: {files}\n"
    return "\n".join([head, "| column | type | unit | meaning |", "|---|---|---|---|", *rows, ""])


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
