"""Parts of the study: what is kept of an experiment, and how several are joined."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.analysis.synthetic import FAST, at, trained
from timeshare.analysis.contracts import TABLES, empty
from timeshare.analysis.parts import FACTS, KEPT, PART, PartError, digest_of, join, keep
from timeshare.storage.files import read_json, write_json, write_table

RUN: dict[str, Any] = {"machine": {"cores": 2}, "versions": {"torch": "2.13"}, "revision": "abc"}
Made = Callable[..., Path]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Keeps a part: shared and unshared scores on the given tasks."""

    def make(name: str, tasks: list[str], shared: float = 0.9, margin: float = 0.05) -> Path:
        found = trained(at(shared=shared, unshared=0.5), tasks)
        tables = {table: empty(table) for table in KEPT}
        tables |= {"scores": found.scores, "conditions": found.conditions.assign(started=name)}
        files = {table: tmp_path / name / "made" / f"{table}.parquet" for table in KEPT}
        for table, path in files.items():
            write_table(path, whole(table, tables[table]))
        run = tmp_path / name / "run.json"
        write_json(run, RUN)
        configuration = {
            "claims": FAST.model_dump(mode="json") | {"margin": margin},
            "cost": {"enabled": False, "projection": {}},
        }
        times = pd.DataFrame({"rule": ["train"], "jobs": [2], "seconds": [10.0]})
        folder = tmp_path / "parts" / name
        keep(folder, files, times, configuration, "digest", [run])
        return folder

    return make


def whole(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The table with whatever columns its definition has beyond those of the synthetic one."""
    expected = TABLES[name]
    values: dict[str, Any] = {"text": "", "integer": 0, "number": 0.0, "boolean": False}
    lacking = [column for column in expected.columns if column not in table]
    filled = table.assign(**{column: values[expected.types[column]] for column in lacking})
    return filled[expected.columns].astype(expected.dtypes)


def test_joined_parts_hold_the_rows_of_all_with_the_names_of_their_parts(made: Made) -> None:
    joined = join([made("map", ["drift"]), made("lengths", ["parity"])])
    parts = joined.tables["scores"].groupby("task")[PART].unique()
    assert parts["drift"] == ["map"]
    assert parts["parity"] == ["lengths"]
    assert joined.times.to_dict("records") == [{"rule": "train", "jobs": 4, "seconds": 20.0}]
    assert joined.made()["runs"] == [RUN, RUN]
    assert set(joined.made()["configuration"]) == {"map", "lengths"}


def test_a_condition_that_two_parts_hold_alike_occurs_once(made: Made) -> None:
    alone = join([made("map", ["drift"])])
    twice = join([made("map", ["drift"]), made("others", ["drift"])])
    for name in ("scores", "conditions"):
        assert len(twice.tables[name]) == len(alone.tables[name])


def test_parts_that_differ_in_a_condition_are_refused(made: Made) -> None:
    folders = [made("map", ["drift"]), made("others", ["drift"], shared=0.8)]
    with pytest.raises(PartError, match="map and others hold different rows of the table 'scores'"):
        join(folders)


def test_parts_that_decide_claims_by_different_rules_are_refused(made: Made) -> None:
    folders = [made("map", ["drift"]), made("lengths", ["parity"], margin=0.1)]
    with pytest.raises(PartError, match=r"claims\.margin is 0\.05 and 0\.1"):
        join(folders)


def test_a_table_that_was_replaced_is_refused(made: Made) -> None:
    folder = made("map", ["drift"])
    write_table(folder / "scores.parquet", empty("scores"))
    with pytest.raises(PartError, match=r"scores.parquet is not the file that was kept"):
        join([folder])


def test_a_missing_table_is_refused(made: Made) -> None:
    folder = made("map", ["drift"])
    (folder / "scores.parquet").unlink()
    with pytest.raises(PartError, match=r"scores.parquet is missing"):
        join([folder])


def test_without_parts_the_command_that_makes_one_is_named() -> None:
    with pytest.raises(PartError, match="make study PART=map"):
        join([])


def test_the_facts_of_a_part_name_its_sources_and_runs(made: Made) -> None:
    facts = read_json(made("map", ["drift"]) / FACTS)
    assert facts["sources"] == "digest"
    assert facts["runs"] == [RUN]
    assert set(facts["tables"]) == set(KEPT)


def test_the_digest_of_sources_does_not_depend_on_how_they_are_grouped(tmp_path: Path) -> None:
    one, two, all_ = (tmp_path / name for name in ("one", "two", "all"))
    one.write_text("1  a.py\n")
    two.write_text("2  b.py\n1  a.py\n")
    all_.write_text("2  b.py\n1  a.py\n")
    assert digest_of([str(one), str(two)]) == digest_of([str(all_)])
    assert digest_of([str(one)]) != digest_of([str(all_)])
