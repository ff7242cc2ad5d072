"""A tracking database is whole or absent, whenever the process that makes it is killed."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from mlflow import MlflowClient
from mlflow.store.db import utils
from mlflow.store.tracking.dbmodels.initial_models import Base as InitialBase
from sqlalchemy import create_engine

from timeshare.experiment.models import Tracking
from timeshare.experiment.paths import Paths
from timeshare.tracking.database import (
    DatabaseError,
    inspect,
    make_whole,
    newest_revision,
    sqlite_uri,
)
from timeshare.tracking.run import prepare
from timeshare.tracking.store import StoreError

from .kills import sound

OLDER = "71994744cf8e"
"""A revision of the schema from before many of MLflow's releases."""


def older(path: Path, runs: int) -> None:
    """A database of an older MLflow, with runs in it."""
    engine = create_engine(sqlite_uri(path))
    InitialBase.metadata.create_all(engine)
    config = utils._get_alembic_config(str(engine.url))  # type: ignore[no-untyped-call]
    with engine.begin() as upgraded:
        config.attributes["connection"] = upgraded
        command.upgrade(config, OLDER)
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO experiments (experiment_id, name, lifecycle_stage) "
            "VALUES (1, 'timeshare', 'active')"
        )
        for number in range(runs):
            connection.execute(
                "INSERT INTO runs (run_uuid, name, user_id, source_type, status, start_time, "
                "lifecycle_stage, artifact_uri, experiment_id) "
                "VALUES (?, 'kept', 'me', 'LOCAL', 'FINISHED', 1, 'active', '/nowhere', 1)",
                (f"{number:032x}",),
            )


def test_processes_killed_while_they_make_it_leave_a_database_that_the_next_one_can_use(
    tmp_path: Path,
) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    arguments = [sys.executable, "-m", "tests.tracking.kills", str(tmp_path), "2"]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == '{"killed": 2, "recovered": 2}\n'


def test_a_whole_database_is_left_alone(schema: Path) -> None:
    before = schema.stat()
    make_whole(schema)
    assert schema.stat().st_ino == before.st_ino
    assert inspect(schema).whole


@pytest.mark.parametrize("content", [b"", None], ids=["empty", "without MLflow's last table"])
def test_an_unfinished_database_without_runs_is_made_anew(
    tmp_path: Path, schema: Path, content: bytes | None
) -> None:
    path = tmp_path / "mlflow.db"
    if content is None:
        shutil.copy(schema, path)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("DROP TABLE model_versions")
            connection.execute("CREATE TABLE _alembic_tmp_params (key TEXT)")
    else:
        path.write_bytes(content)
        (tmp_path / "mlflow.db-wal").write_bytes(b"of the unfinished database")
    make_whole(path)
    assert inspect(path).whole
    assert not inspect(path).foreign
    assert sound(path)
    assert {each.name for each in tmp_path.iterdir()} == {"mlflow.db"}


def test_a_database_of_an_older_mlflow_is_upgraded_and_a_copy_is_kept(tmp_path: Path) -> None:
    paths = Paths("mine", str(tmp_path))
    path = Path(paths.tracking("mlflow.db"))
    path.parent.mkdir(parents=True)
    older(path, runs=2)
    prepare(Tracking(), paths)
    assert inspect(path).revision == newest_revision()
    client = MlflowClient(sqlite_uri(path))
    assert [run.info.run_name for run in client.search_runs(["1"])] == ["kept", "kept"]
    kept = path.with_name(f"mlflow.before-{OLDER}.db")
    assert (inspect(kept).revision, inspect(kept).runs) == (OLDER, True)


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    older(path, runs=1)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE jobs (key TEXT)")
    before = inspect(path)
    with pytest.raises(DatabaseError, match=r"cannot be upgraded .* It is as it was; move"):
        make_whole(path)
    assert inspect(path) == before


def test_a_database_of_a_newer_mlflow_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    older(path, runs=1)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'fffffffffff'")
    with pytest.raises(DatabaseError, match="not known to the installed MLflow"):
        make_whole(path)


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE invoices (id INTEGER)")
    with pytest.raises(StoreError, match=r"tables that are not MLflow's \(invoices\)"):
        prepare(Tracking(store=sqlite_uri(path)), Paths("mine", str(tmp_path)))
    assert inspect(path).tables == {"invoices"}


@pytest.mark.parametrize("folder", ["a #folder", "100%25", "größer", "a&b=c", "{d}", "it's"])
def test_a_database_lies_inside_its_folder_whatever_that_is_called(
    tmp_path: Path, folder: str
) -> None:
    paths = Paths("mine", str(tmp_path / folder))
    prepare(Tracking(), paths)
    assert inspect(Path(paths.tracking("mlflow.db"))).whole
    assert [each.name for each in tmp_path.iterdir()] == [folder]


def test_a_folder_that_no_address_can_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"holds '\?', which the address"):
        prepare(Tracking(), Paths("mine", str(tmp_path / "why?")))
    assert list(tmp_path.iterdir()) == []
