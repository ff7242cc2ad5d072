"""The password of a store stands in the configuration and in no file that a run writes."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tracking.servers import unused_port
from tests.workflow.conftest import Pipeline, tiny
from timeshare.experiment.models import Tracking
from timeshare.tracking.inputs import STORE, hide_store, with_store

PASSWORD = "a-secret-word"


def test_jobs_get_the_address_by_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STORE, raising=False)
    tracking = Tracking(store=f"https://me:{PASSWORD}@runs.example.org")
    config: dict[str, Any] = {"tracking": {"store": tracking.store}}
    parameters = hide_store(tracking, config)
    assert PASSWORD not in json.dumps([parameters, config])
    assert "https://me:***@runs.example.org" in json.dumps(parameters)
    assert with_store(parameters) == tracking


def test_without_a_store_jobs_find_the_default_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STORE, raising=False)
    config: dict[str, Any] = {}
    assert with_store(hide_store(Tracking(), config)) == Tracking()
    assert config == {}


def test_no_file_of_a_run_holds_the_password(tmp_path: Path) -> None:
    content = tiny()
    address = f"http://me:{PASSWORD}@127.0.0.1:{unused_port()}"
    content["tracking"] = {"store": address}
    pipeline = Pipeline(tmp_path, content)
    done = pipeline.run("--until", "track_store")
    assert "does not answer" in done.stdout + done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "tiny.yaml"]
    assert any(".snakemake" in path.parts for path in files)
    assert not [path for path in files if PASSWORD.encode() in path.read_bytes()]
