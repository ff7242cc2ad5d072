"""An SQLite database with MLflow's schema, which is whole or absent.

MLflow makes and upgrades its schema in many steps, each its own transaction, and cannot go on from
between two of them. So both are done on a file under another name, which then takes the place of
the database: a process that is killed meanwhile leaves the database as it was.
"""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from mlflow.store.db import utils
from mlflow.store.db.base_sql_model import Base
from sqlalchemy import URL, create_engine, event, make_url

from timeshare.storage.files import replacing

SCRATCH = "_alembic_tmp_"
"""How the names of tables begin that exist during a step of an upgrade."""
JOURNALS = ("-journal", "-wal", "-shm")
"""Endings of the files that SQLite keeps beside a database."""


class DatabaseError(RuntimeError):
    """A database that cannot be used as it is; the message says why and what to do."""


@dataclass(frozen=True)
class Found:
    """What a database file holds.

    Arguments:
        tables: the names of its tables.
        revision: of MLflow's schema; None where no step of making it was finished.
        runs: whether a run was logged.
    """

    tables: frozenset[str]
    revision: str | None
    runs: bool

    @property
    def whole(self) -> bool:
        """Whether its schema is the one of the installed MLflow, with nothing missing."""
        return self.revision == newest_revision() and self.tables >= set(Base.metadata.tables)

    @property
    def foreign(self) -> list[str]:
        """The tables that are not MLflow's."""
        own = {*Base.metadata.tables, "alembic_version"}
        return sorted(
            name for name in self.tables - own if not name.startswith((SCRATCH, "sqlite_"))
        )


def sqlite_uri(path: Path) -> str:
    """The address of an SQLite file; raises `DatabaseError` where no address can hold its path."""
    address = URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)
    if make_url(address).database != str(path):
        raise DatabaseError(
            f"the path {str(path)!r} holds '?', which the address of a database cannot. Rename "
            "the folder, or name another place as `tracking.store`"
        )
    return address


def newest_revision() -> str:
    """The revision of the schema that the installed MLflow reads and writes."""
    return str(utils._get_latest_schema_revision())  # type: ignore[no-untyped-call]


def make_whole(path: Path) -> None:
    """Make the database where it is missing or unfinished, and upgrade one of an older MLflow.

    An unfinished database that holds no run is made anew. One of an older MLflow is kept under
    another name beside it, `<name>.before-<revision>.db`, before it is upgraded.

    Raises `DatabaseError` where the file is another program's or a newer MLflow's, or holds runs
    and cannot be upgraded.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _make(path)
        return
    found = inspect(path)
    if found.whole:
        return
    if found.foreign and found.revision is None:
        raise DatabaseError(
            f"it holds tables that are not MLflow's ({', '.join(found.foreign[:5])}). Name a file "
            "of its own as `tracking.store`"
        )
    if not found.runs:
        _make(path)
    elif found.revision is None or not _known(found.revision):
        raise DatabaseError(
            f"its schema ({found.revision or 'without a revision'}) is not known to the installed "
            "MLflow. Install the MLflow that made it, or move the file away: its runs are logged "
            "again from the files"
        )
    else:
        _upgrade(path, found.revision)


def inspect(path: Path) -> Found:
    """What a database file holds; an empty file holds nothing."""
    with closing(_connect(path)) as connection:
        named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = frozenset(str(name) for (name,) in named)
        revision, runs = None, False
        if "alembic_version" in tables:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            revision = None if row is None else str(row[0])
        if "runs" in tables:
            runs = connection.execute("SELECT 1 FROM runs LIMIT 1").fetchone() is not None
    return Found(tables, revision, runs)


def _make(path: Path) -> None:
    with replacing(path) as temporary:
        temporary.unlink(missing_ok=True)
        _run(temporary, utils._initialize_tables)
        # Journals of an unfinished database would be applied to the one that takes its place
        path.unlink(missing_ok=True)
        for ending in JOURNALS:
            path.with_name(path.name + ending).unlink(missing_ok=True)


def _upgrade(path: Path, revision: str) -> None:
    kept = path.with_name(f"{path.stem}.before-{revision}{path.suffix}")
    # All is written into the one file, and another process that has it open is an error
    with closing(_connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    if not kept.exists():
        with replacing(kept) as temporary:
            _copy(path, temporary)
    try:
        with replacing(path) as temporary:
            _copy(path, temporary)
            _run(temporary, utils._upgrade_db)
    except Exception as error:  # MLflow's steps raise whatever the database or they themselves do
        reason = str(error).strip().partition("\n")[0]
        raise DatabaseError(
            f"it was made by an older MLflow and cannot be upgraded ({reason}). It is as it was; "
            "move the file away: its runs are logged again from the files"
        ) from error


def _run(path: Path, step: Any) -> None:
    """Run one of MLflow's functions on a file that no other process knows, and flush it to disk."""
    engine = create_engine(URL.create("sqlite", database=str(path)))
    event.listen(engine, "connect", _without_journal)
    try:
        step(engine)
    finally:
        engine.dispose()
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _without_journal(connection: sqlite3.Connection, _: object) -> None:
    """The file is deleted if anything goes wrong: it needs no journal beside it."""
    connection.execute("PRAGMA journal_mode = MEMORY")
    connection.execute("PRAGMA synchronous = OFF")


def _known(revision: str) -> bool:
    config = utils._get_alembic_config(db_url="")  # type: ignore[no-untyped-call]
    script = ScriptDirectory.from_config(config)
    try:
        return script.get_revision(revision) is not None
    except CommandError:
        return False


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)


def _copy(path: Path, target: Path) -> None:
    with closing(_connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
