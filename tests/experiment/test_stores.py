"""The address of a store is refused where it is none, and without repeating its password."""

import sys

import pytest

from tests.conftest import small
from timeshare.experiment import ConfigurationError, Experiment


def refused(store: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        Experiment.parse(small(tracking={"store": store}), "my.yaml")
    message = str(caught.value)
    assert message.startswith("my.yaml: tracking.store: ")
    assert "\n" not in message
    assert "secret" not in message
    return message


@pytest.mark.parametrize(
    "store",
    [
        "",
        "runs",
        "/tmp/runs",
        "file:///tmp/runs",
        "databricks",
        "http://",
        "https://[::1",
        "postgresql://me:secret@host:port/runs",
        "postgresql+none://me:secret@host/runs",
    ],
)
def test_what_is_no_address_is_refused(store: str) -> None:
    assert "Write the address of a server" in refused(store)


def test_a_driver_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg2", None)
    message = refused("postgresql://me:secret@host/runs")
    assert "'psycopg2'" in message
    assert "pip install psycopg2-binary" in message


@pytest.mark.parametrize("store", ["sqlite:///runs.db", "https://me:secret@runs.example.org/a"])
def test_an_address_is_kept(store: str) -> None:
    assert Experiment.parse(small(tracking={"store": store})).tracking.store == store
