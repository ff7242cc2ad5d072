"""The parts of a study: tables of finished experiments, kept whole, and joined into one.

A part is an experiment whose name begins with `study-`. What is kept of it is enough to judge and
to report, and small enough to be committed: its tables, its configuration, and what its runs were
made by; no weights. Parts whose names begin with `replicate-` repeat another one on other rules and
seeds; they are compared with it and never joined.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from timeshare.analysis.contracts import TABLES, cost, learning, read
from timeshare.analysis.tables import CONDITION
from timeshare.storage.files import read_json, read_table, sha256, write_json, write_table

REPLICATION = "replicate-"
"""What the names of parts begin with that repeat another part, and are not joined with it."""
PART = "study_part"
"""The column of joined tables that names the part a row comes from."""
FACTS, TIMES = "part.json", "times.parquet"
"""Files of a part: what it was made from, and the seconds of its jobs."""
CONCLUSIONS = ("claims", "outcomes")
"""Tables that are computed from the joined ones, and are not kept."""
KEPT = tuple(name for name in TABLES if name not in CONCLUSIONS)
"""Names of the tables that are kept of a part."""
COST = tuple(each.name for module in (cost, learning) for each in module.CONTRACTS)
"""Names of the tables of the compute-cost study."""
SECOND, MOMENTS = "seconds", ("started", "finished")
"""The unit of measured times, and columns of moments: two runs of one condition differ in them."""


class PartError(ValueError):
    """Parts that cannot be joined; the message is one sentence that names them."""


@dataclass(frozen=True)
class Joined:
    """Several parts as one experiment.

    Arguments:
        tables: all rows of all parts, each with the name of its part, by the table's name.
        times: jobs and seconds of each step.
        parts: what each part was made from, by its name.
    """

    tables: Mapping[str, pd.DataFrame]
    times: pd.DataFrame
    parts: Mapping[str, Mapping[str, Any]]

    def made(self) -> dict[str, Any]:
        """What they were made from, as `part.json` says it of one part.

        The projection of costs is that of the first part that measured any.
        """
        parts = list(self.parts.values())
        measuring = [part for part in parts if part["configuration"]["cost"]["enabled"]]
        return {
            "configuration": {name: part["configuration"] for name, part in self.parts.items()},
            "claims": parts[0]["claims"],
            "projection": (measuring or parts)[0]["projection"],
            "runs": [run for part in parts for run in part["runs"]],
        }


def keep(
    folder: Path,
    tables: Mapping[str, Path],
    times: pd.DataFrame | None,
    configuration: Mapping[str, Any],
    sources: str,
    runs: Sequence[Path],
) -> None:
    """Write what is kept of an experiment; `part.json`, which names the digests, comes last.

    Arguments:
        folder: where the part lies; its name is the part's.
        tables: the files of the tables of `KEPT`.
        times: jobs and seconds of each step, as Snakemake measured them.
        configuration: the resolved configuration, as plain values.
        sources: digest of the source files that made the runs.
        runs: the files `run.json`.
    """
    for name in KEPT:
        write_table(folder / f"{name}.parquet", read(name, tables[name]))
    empty = pd.DataFrame({"rule": [], "jobs": [], "seconds": []})
    write_table(folder / TIMES, empty if times is None else times)
    made = [read_json(path) for path in sorted(runs)]
    facts = {
        "configuration": configuration,
        "claims": configuration["claims"],
        "projection": configuration["cost"]["projection"],
        "sources": sources,
        "tables": {name: sha256(folder / f"{name}.parquet") for name in KEPT},
        "runs": [{key: run[key] for key in ("machine", "versions", "revision")} for run in made],
    }
    write_json(folder / FACTS, facts)


def digest_of(files: Sequence[str]) -> str:
    """One digest of the digest files of several sets of sources, in whatever order they come."""
    lines = {line for file in files for line in Path(file).read_text().splitlines()}
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def join(folders: Sequence[Path]) -> Joined:
    """Read parts and put their tables together.

    A condition that several parts hold is taken once, if its rows are the same in all of them but
    for times.

    Arguments:
        folders: of the parts, each named as its part.

    Raises `PartError` where a file is missing or was changed, where parts decide claims by
    different rules, and where they hold different rows for one condition.
    """
    if not folders:
        raise PartError("There is no part to join. Make one with `make study PART=map`.")
    parts = {folder.name: _facts(folder) for folder in folders}
    _same_rules(parts)
    tables = {
        name: _together(name, {folder.name: _table(folder, name) for folder in folders})
        for name in KEPT
    }
    times = pd.concat([read_table(folder / TIMES) for folder in folders])
    summed = times.groupby("rule", sort=False, as_index=False).sum()
    return Joined(tables, summed, parts)


def _facts(folder: Path) -> dict[str, Any]:
    facts = read_json(folder / FACTS)
    for name in KEPT:
        path = folder / f"{name}.parquet"
        if not path.exists():
            raise PartError(f"{path} is missing. Make the part again: {_command(folder.name)}.")
        if sha256(path) != facts["tables"].get(name):
            raise PartError(
                f"{path} is not the file that was kept: its sha256 differs from the one in "
                f"{folder / FACTS}. Make the part again: {_command(folder.name)}."
            )
    return facts


def _command(part: str) -> str:
    return f"`make study PART={part}`"


def _same_rules(parts: Mapping[str, Mapping[str, Any]]) -> None:
    first, *others = parts
    for other in others:
        rules, differing = (parts[name]["claims"] for name in (first, other))
        for key in sorted({*rules, *differing}):
            if rules.get(key) != differing.get(key):
                raise PartError(
                    f"The parts {first} and {other} decide claims differently: claims.{key} is "
                    f"{rules.get(key)} and {differing.get(key)}. Write the same in both."
                )


def _table(folder: Path, name: str) -> pd.DataFrame:
    return read(name, folder / f"{name}.parquet").assign(**{PART: folder.name})


def _together(name: str, found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The tables of all parts as one, in which what several hold occurs once."""
    filled = {part: table for part, table in found.items() if len(table)}
    if not filled:
        return next(iter(found.values()))
    table = pd.concat(filled.values(), ignore_index=True)
    if not set(CONDITION) <= set(table.columns):
        return table.drop_duplicates([each for each in table if each != PART], ignore_index=True)
    owners = table[[*CONDITION, PART]].drop_duplicates()
    for condition, several in owners.groupby(CONDITION):
        if len(several) > 1:
            _same_rows(name, condition, filled, list(several[PART]))
    first = owners.drop_duplicates(CONDITION)
    return table.merge(first, on=[*CONDITION, PART])


def _same_rows(
    name: str, condition: tuple[Any, ...], found: Mapping[str, pd.DataFrame], parts: Sequence[str]
) -> None:
    units = TABLES[name].units
    compared = [each for each in units if units[each] != SECOND and each not in MOMENTS]
    rows = []
    for part in parts:
        table = found[part]
        mine = (table[CONDITION] == list(condition)).all(axis=1)
        rows.append(table.loc[mine, compared].sort_values(compared, ignore_index=True))
    for part, other in zip(parts[1:], rows[1:], strict=True):
        if not rows[0].equals(other):
            task, variant, length, truncation = condition
            raise PartError(
                f"The parts {parts[0]} and {part} hold different rows of the table '{name}' for "
                f"{variant} on {task}, T = {length}, K = {truncation}. A condition belongs to one "
                "part, or is the same in both."
            )
