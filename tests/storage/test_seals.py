"""A sealed file is refused unless it has the very bytes that were written."""

import json
from pathlib import Path

import pandas as pd
import pytest
import torch
from safetensors.torch import load_file

from timeshare.storage.files import (
    read_json,
    read_table,
    read_tensors,
    write_json,
    write_table,
    write_tensors,
)
from timeshare.storage.seals import MARK, DamagedFileError, check_seal, seal

TABLE = pd.DataFrame({"task": ["parity", None], "score": [0.5, float("nan")]})


def test_other_programs_read_sealed_files_as_ever(tmp_path: Path) -> None:
    write_table(tmp_path / "table.parquet", TABLE)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "table.parquet"), TABLE)
    write_tensors(tmp_path / "weights", {"a": torch.ones(3)})
    assert torch.equal(load_file(tmp_path / "weights")["a"], torch.ones(3))
    write_json(tmp_path / "facts.json", {"done": 3})
    assert json.loads((tmp_path / "facts.json").read_text())["done"] == 3


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write_table(tmp_path / "table.parquet", TABLE)
    pd.testing.assert_frame_equal(read_table(tmp_path / "table.parquet"), TABLE)
    write_tensors(tmp_path / "weights", {"b": torch.arange(4), "a": torch.ones(2, 3)})
    read = read_tensors(tmp_path / "weights")
    assert torch.equal(read["a"], torch.ones(2, 3))
    assert torch.equal(read["b"], torch.arange(4))
    write_json(tmp_path / "facts.json", {"done": 3, "seals": MARK.decode()})
    assert read_json(tmp_path / "facts.json") == {"done": 3, "seals": MARK.decode()}


def test_equal_content_gives_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_table(tmp_path / name / "table", TABLE)
        write_tensors(tmp_path / name / "weights", {"a": torch.ones(3)})
    for kind in ("table", "weights"):
        assert (tmp_path / "one" / kind).read_bytes() == (tmp_path / "other" / kind).read_bytes()


@pytest.mark.parametrize("damage", ["empty", "shorter", "longer", "of an earlier version"])
def test_a_damaged_file_is_refused_with_what_to_run(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "table.parquet"
    write_table(path, TABLE)
    content = path.read_bytes()
    if damage == "of an earlier version":
        TABLE.to_parquet(path)
    else:
        ends = {"empty": b"", "shorter": content[:-1], "longer": content + b"\0"}
        path.write_bytes(ends[damage])
    with pytest.raises(DamagedFileError) as caught:
        read_table(path)
    message = str(caught.value)
    assert message.startswith(f"{path} is damaged: ")
    assert "Delete it and start the same command again" in message


def test_any_single_byte_that_changes_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    write_json(path, {"done": 3})
    content = path.read_bytes()
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 32]) + content[place + 1 :])
        with pytest.raises(DamagedFileError):
            check_seal(path)


def test_a_file_without_a_place_for_it_is_not_sealed(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("nothing")
    with pytest.raises(ValueError, match="without a seal"):
        seal(tmp_path / "plain")
