"""A checkpoint is resumed from only where it is whole and of the same owner."""

import logging
from pathlib import Path

import pytest
import torch

from timeshare.storage.checkpoints import load_checkpoint, save_checkpoint

TENSORS = {
    "weights": torch.tensor([[0.1, -0.0], [float("inf"), 1e-40]]),
    "update": torch.tensor([7], dtype=torch.int64),
    "stopped": torch.tensor([True, False]),
}
FACTS = {"best": [0.25, None], "words": "naïve"}


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = tmp_path / "deeper" / "checkpoint"
    save_checkpoint(path, "owner", TENSORS, FACTS)
    return path


def test_every_bit_and_every_fact_comes_back(checkpoint: Path) -> None:
    loaded = load_checkpoint(checkpoint, "owner")
    assert loaded is not None
    tensors, facts = loaded
    assert facts == FACTS
    assert tensors.keys() == TENSORS.keys()
    for name, tensor in TENSORS.items():
        assert tensors[name].dtype == tensor.dtype
        assert tensors[name].numpy().tobytes() == tensor.numpy().tobytes()


def test_without_a_file_there_is_nothing_to_resume_from(tmp_path: Path) -> None:
    assert load_checkpoint(tmp_path / "checkpoint", "owner") is None


def test_another_owner_is_refused(checkpoint: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert load_checkpoint(checkpoint, "another") is None
    assert "another condition or version" in caplog.text


@pytest.mark.parametrize("damage", ["shorter", "changed", "empty"])
def test_a_damaged_file_is_refused(
    checkpoint: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    content = checkpoint.read_bytes()
    changed = content[:-1] + bytes([content[-1] ^ 1])
    damaged = {"shorter": content[:-8], "changed": changed, "empty": b""}
    checkpoint.write_bytes(damaged[damage])
    with caplog.at_level(logging.WARNING):
        assert load_checkpoint(checkpoint, "owner") is None
    assert "training starts over" in caplog.text


def test_a_later_checkpoint_takes_the_place_of_the_earlier_one(checkpoint: Path) -> None:
    save_checkpoint(checkpoint, "owner", {"update": torch.tensor([8])}, None)
    loaded = load_checkpoint(checkpoint, "owner")
    assert loaded is not None
    assert loaded[0].keys() == {"update"}
    assert loaded[0]["update"].tolist() == [8]
    assert loaded[1] is None
    assert list(checkpoint.parent.iterdir()) == [checkpoint]
