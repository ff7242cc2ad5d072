"""The files of a run hold what the jobs after it need."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import torch
from safetensors.torch import load_file

from tests.conftest import read_by
from timeshare.analysis.contracts import checked
from timeshare.experiment import Condition
from timeshare.storage.provenance import now
from timeshare.training.facts import reported_members
from timeshare.training.run_files import history_of, read_run, run_facts, write_run
from timeshare.training.train import Trained, train

STARTED = "2020-01-01T00:00:00.000+00:00"


@pytest.fixture
def trained(conditions: dict[str, Condition]) -> Trained:
    condition = conditions["parity/shared/length-10/truncation-3"]
    return train(condition, read_by(condition))


@pytest.fixture
def folder(tmp_path: Path, trained: Trained) -> Path:
    files = (tmp_path / name for name in ("weights.safetensors", "history.parquet", "run.json"))
    write_run(trained, STARTED, *files)
    return tmp_path


def test_the_condition_comes_back_from_its_run(folder: Path, trained: Trained) -> None:
    condition, facts = read_run(folder / "run.json")
    wanted = trained.condition
    assert condition.resolved() == wanted.resolved()
    assert condition.digest() == wanted.digest() == facts["digest"]
    assert facts["id"] == wanted.id


def test_the_weights_of_the_reported_members_come_back_to_the_bit(
    folder: Path, trained: Trained
) -> None:
    tensors, reported = load_file(folder / "weights.safetensors"), trained.reported
    assert tensors.keys() == reported.tensors.keys()
    assert {name.partition("/")[0] for name in tensors} == {"last", "best"}
    for name, tensor in tensors.items():
        assert torch.equal(tensor, reported.tensors[name])
        assert tensor.shape[0] == len(trained.condition.members)


def test_the_learning_curves_have_a_row_for_each_member_split_and_point(
    folder: Path, trained: Trained
) -> None:
    curves = pd.read_parquet(folder / "history.parquet")
    counts = curves.groupby("role").size()
    assert trained.search is not None
    assert counts["reported"] == len(trained.reported.members) * 3 * 4
    assert counts["search"] == len(trained.search.members) * 2 * 4
    assert set(curves["update"]) == {0, 4, 8, 12}
    units = curves.groupby("role")["unit"].agg(set)
    assert not units["search"] & units["reported"]
    assert set(curves.loc[curves["role"] == "search", "split"]) == {"train", "validation"}
    checked("curves", curves)


def test_the_reported_members_come_back_with_their_settings(folder: Path, trained: Trained) -> None:
    _, facts = read_run(folder / "run.json")
    assert reported_members(facts) == trained.reported.members
    assert all(member.setting is not None for member in trained.reported.members)


def test_the_run_tells_how_it_went_and_what_it_was_made_from(trained: Trained) -> None:
    facts = run_facts(trained, STARTED)
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    assert facts["started"] == STARTED < facts["finished"] <= now()
    assert {"torch", "numpy", "python"} <= facts["versions"].keys()
    assert facts["facts"]["members"] == len(trained.condition.members)
    for role, part in (("search", trained.search), ("reported", trained.reported)):
        assert part is not None
        told = facts[role]
        assert told["members"] == [member.model_dump() for member in part.members]
        assert told["diverged"] == [None] * len(part.members)
        assert told["updates"] == [12] * len(part.members)
        assert told["trained_out"] == [False] * len(part.members)
        assert told["resumed_at"] == []
        assert told["seconds"] > 0


def test_a_run_without_a_search_says_so(trained: Trained) -> None:
    facts = run_facts(replace(trained, search=None), STARTED)
    assert facts["search"] is None
    assert set(history_of(replace(trained, search=None))["role"]) == {"reported"}


def test_writing_a_run_leaves_nothing_but_its_files(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {
        "weights.safetensors",
        "history.parquet",
        "run.json",
    }
