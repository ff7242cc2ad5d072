"""The worked examples of `docs/nn.md` run as they stand there, with few updates."""

import re
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.conftest import read_by, small
from tests.guides import DOCS
from timeshare.experiment import Experiment, expand
from timeshare.nn import LSTM, Soft, TrainedNetwork
from timeshare.storage.provenance import now
from timeshare.training.run_files import write_run
from timeshare.training.train import train

LENGTH = 12


def blocks() -> list[str]:
    text = (DOCS / "nn.md").read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of parity where the page says that it lies."""
    content = small()
    content["variants"] = {"lstm-unshared": content["variants"]["unshared"]}
    content["sweeps"] = {
        "main": {
            "tasks": ["parity"],
            "variants": ["lstm-unshared"],
            "lengths": [LENGTH],
            "truncations": ["full"],
        }
    }
    (condition,) = expand(Experiment.parse(content)).values()
    folder = tmp_path / "results/default/runs" / condition.id
    folder.mkdir(parents=True)
    names = ("weights.safetensors", "history.parquet", "run.json")
    write_run(train(condition, read_by(condition)), now(), *(folder / name for name in names))
    monkeypatch.chdir(tmp_path)
    return folder


def test_the_page_runs_from_top_to_bottom(run: Path) -> None:
    code = "\n".join(blocks())
    assert code.count("updates = 200") == 1
    names: dict[str, Any] = {}
    exec(compile(code.replace("updates = 200", "updates = 2"), "docs/nn.md", "exec"), names)
    assert isinstance(names["layer"].architecture.schedule, Soft)
    assert isinstance(names["network"], TrainedNetwork)
    assert names["outputs"].shape[:2] == (5, LENGTH)
    assert names["output"].shape == (4, 8, 24, 32)
    assert names["second"].shape == (8, 12, 32)


def test_an_unshared_lstm_takes_twenty_lines_and_learns() -> None:
    code = blocks()[0]
    assert len([line for line in code.splitlines() if line]) <= 20
    names: dict[str, Any] = {}
    exec(compile(code.replace("updates = 200", "updates = 60"), "docs/nn.md", "exec"), names)
    assert isinstance(names["layer"], LSTM)
    assert names["loss"] < 0.5 * torch.var(names["targets"])
