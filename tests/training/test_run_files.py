"""The files of a run hold what the jobs after it need."""

import json
from pathlib import Path

import pandas as pd
import pytest
import torch
from safetensors.torch import load_file

from tests.conftest import read_by
from timeshare.experiment import Condition
from timeshare.storage.provenance import now
from timeshare.training.run_files import read_run, run_facts, write_run
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


def test_the_weights_come_back_to_the_bit(folder: Path, trained: Trained) -> None:
    tensors = load_file(folder / "weights.safetensors")
    assert tensors.keys() == trained.tensors.keys()
    assert {name.partition("/")[0] for name in tensors} == {"last", "best"}
    for name, tensor in tensors.items():
        assert torch.equal(tensor, trained.tensors[name])
        assert tensor.shape[0] == len(trained.condition.members)


def test_the_learning_curves_have_a_row_for_each_member_split_and_point(
    folder: Path, trained: Trained
) -> None:
    curves = pd.read_parquet(folder / "history.parquet")
    points = len(trained.monitor.updates)
    assert len(curves) == len(trained.condition.members) * 3 * points
    assert set(curves["update"]) == trained.monitor.updates


def test_the_run_tells_how_it_went_and_what_it_was_made_from(trained: Trained) -> None:
    facts = run_facts(trained, STARTED)
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    assert facts["started"] == STARTED < facts["finished"] <= now()
    assert facts["diverged"] == [None] * len(trained.condition.members)
    assert facts["resumed_at"] == []
    assert facts["seconds"] > 0
    assert {"torch", "numpy", "python"} <= facts["versions"].keys()
    assert facts["facts"]["members"] == len(trained.condition.members)


def test_writing_a_run_leaves_nothing_but_its_files(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {
        "weights.safetensors",
        "history.parquet",
        "run.json",
    }
