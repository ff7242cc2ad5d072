"""Processes that are killed while they make the schema of a tracking database.

python -m tests.tracking.kills FOLDER [KILLS]: kill that many processes (12) at statements spread
over the making, half of them while they make it as MLflow alone does, in place; print how many of
the databases the next process could use.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from mlflow.store.db import utils
from sqlalchemy import Engine, create_engine, event

from timeshare.experiment.models import Tracking
from timeshare.experiment.paths import Paths
from timeshare.tracking.database import inspect, make_whole, sqlite_uri
from timeshare.tracking.run import prepare

STATEMENTS = 1600
"""Nearly as many SQL statements as the making of a schema consists of; it has a test."""


def in_place(path: Path) -> None:
    """Make a schema as MLflow does, in the file itself."""
    path.parent.mkdir(parents=True)
    utils._initialize_tables(create_engine(sqlite_uri(path)))  # type: ignore[no-untyped-call]


def killed(make: Callable[[Path], None], path: Path, statement: int) -> bool:
    """Make a database in a process that is killed before a statement; whether it was.

    Arguments:
        make: what makes it.
        path: of the database.
        statement: number of the SQL statement, from 1.
    """
    child = os.fork()
    if child == 0:
        count = 0

        def execute(*_: Any) -> None:
            nonlocal count
            count += 1
            if count == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "before_cursor_execute", execute)
        make(path)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def recovers(root: Path, make: Callable[[Path], None], statement: int) -> bool:
    """Whether the next process has a whole, sound database after one was killed."""
    paths = Paths("mine", str(root))
    database = Path(paths.tracking("mlflow.db"))
    if not killed(make, database, statement):
        raise RuntimeError(f"the schema was made in fewer than {statement} statements")
    prepare(Tracking(), paths)
    left = [each.name for each in database.parent.iterdir() if each.name.endswith(".part")]
    return inspect(database).whole and sound(database) and not left


def sound(database: Path) -> bool:
    """Whether SQLite finds nothing wrong with a file."""
    import sqlite3

    with closing(sqlite3.connect(database)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))


def main() -> None:
    """Kill processes and print what became of their databases."""
    folder, kills = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 12
    counts = {"killed": 0, "recovered": 0}
    for number in range(kills):
        make = in_place if number % 2 else make_whole
        statement = 1 + number * STATEMENTS // kills
        counts["killed"] += 1
        counts["recovered"] += recovers(folder / f"kill-{number}", make, statement)
    print(json.dumps(counts))
    sys.exit(counts["killed"] != counts["recovered"])


if __name__ == "__main__":
    main()
