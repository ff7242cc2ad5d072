"""Where runs go, what is said when that cannot be reached, and how they are opened."""

import socket
from pathlib import Path

import pytest

from timeshare.experiment.models import Tracking
from timeshare.experiment.paths import Paths
from timeshare.tracking.__main__ import command, free_port, served
from timeshare.tracking.run import Plan, prepare, track
from timeshare.tracking.store import Store, StoreError

from .servers import unused_port


def test_the_default_is_a_database_in_the_results_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store.of(Tracking(), Paths("mine"))
    assert store.uri == f"sqlite:///{tmp_path}/results/mine/mlflow/mlflow.db"
    assert store.artifacts == tmp_path / "results/mine/mlflow/artifacts"


def test_a_relative_database_becomes_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store.of(Tracking(store="sqlite:///runs.db"), Paths("mine"))
    assert store.uri == f"sqlite:///{tmp_path}/runs.db"


def test_a_server_keeps_its_own_artifacts() -> None:
    store = Store.of(Tracking(store="https://runs.example.org/"), Paths("mine"))
    assert (store.uri, store.artifacts) == ("https://runs.example.org", None)


def test_a_password_is_not_shown() -> None:
    store = Store.of(Tracking(store="postgresql://ann:se%cret@db.example.org/runs"), Paths("x"))
    assert store.shown == "postgresql://ann:***@db.example.org/runs"


def test_the_store_is_prepared_once(tmp_path: Path) -> None:
    paths = Paths("mine", str(tmp_path))
    first = prepare(Tracking(), paths)
    assert prepare(Tracking(), paths) == first


def test_a_server_that_is_down_is_one_clear_line(plan: Plan) -> None:
    address = f"http://127.0.0.1:{unused_port()}"
    plan = Plan(Tracking(store=address), plan.paths, plan.sweeps, plan.configuration)
    with pytest.raises(StoreError) as caught:
        track(plan)
    message = str(caught.value)
    assert message.startswith(f"the tracking server {address} does not answer")
    assert message.endswith("`snakemake track` logs what is missing.")
    assert "\n" not in message


def test_a_database_that_is_none_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "runs.db").write_text("this is no database " * 100)
    with pytest.raises(StoreError, match="not a database") as caught:
        prepare(Tracking(store=f"sqlite:///{tmp_path}/runs.db"), Paths("mine"))
    assert "\n" not in str(caught.value)


def test_the_pages_are_served_on_this_machine_alone(plan: Plan) -> None:
    serve = command(Store.of(plan.tracking, plan.paths), 5001)
    assert serve[serve.index("--host") + 1] == "127.0.0.1"
    store = Store.of(plan.tracking, plan.paths)
    assert served(store)["MLFLOW_BACKEND_STORE_URI"] == store.uri
    assert store.uri not in " ".join(serve)


def test_without_runs_the_pages_are_not_opened(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="`snakemake track` makes it"):
        command(Store.of(Tracking(), Paths("mine", str(tmp_path))), 5001)


def test_a_port_that_is_taken_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) > port
