"""A file is whole or absent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from timeshare.storage.files import read_arrays, replacing, sha256, write_arrays


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "result"
    path.write_text("old")
    with pytest.raises(RuntimeError), replacing(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_left_goes_with_the_next_write(tmp_path: Path) -> None:
    path = tmp_path / "result"
    writing = (
        "import sys, os, signal, pathlib\n"
        "from timeshare.storage.files import replacing\n"
        "with replacing(pathlib.Path(sys.argv[1])) as temporary:\n"
        "    temporary.write_text('half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", writing, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    of_another_file = tmp_path / f".other{left.name}"
    of_a_living_process = tmp_path / f".result.{os.getppid()}.part"
    others = {of_another_file, of_a_living_process}
    for file in others:
        file.touch()
    with replacing(path) as temporary:
        temporary.write_text("whole")
    assert path.read_text() == "whole"
    assert set(tmp_path.iterdir()) == {path, *others}


def test_equal_arrays_give_equal_bytes_in_any_order(tmp_path: Path) -> None:
    arrays: dict[str, NDArray[np.generic]] = {
        "b": np.arange(6).reshape(2, 3).T,
        "a": np.ones(3, dtype=np.float32),
    }
    write_arrays(tmp_path / "one", arrays)
    write_arrays(tmp_path / "other", dict(reversed(arrays.items())))
    assert sha256(tmp_path / "one") == sha256(tmp_path / "other")
    read = read_arrays(tmp_path / "one")
    for name, array in arrays.items():
        np.testing.assert_array_equal(read[name], array)
