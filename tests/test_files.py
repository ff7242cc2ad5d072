"""A file is whole or absent."""

from pathlib import Path

import numpy as np
import pytest

from timeshare.files import read_arrays, replacing, sha256, write_arrays


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "result"
    path.write_text("old")
    with pytest.raises(RuntimeError), replacing(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_equal_arrays_give_equal_bytes_in_any_order(tmp_path: Path) -> None:
    arrays = {"b": np.arange(6).reshape(2, 3).T, "a": np.ones(3, dtype=np.float32)}
    write_arrays(tmp_path / "one", arrays)
    write_arrays(tmp_path / "other", dict(reversed(arrays.items())))
    assert sha256(tmp_path / "one") == sha256(tmp_path / "other")
    read = read_arrays(tmp_path / "one")
    for name, array in arrays.items():
        np.testing.assert_array_equal(read[name], array)
