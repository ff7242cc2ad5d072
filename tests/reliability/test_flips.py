"""A file of which a bit was flipped is refused, whatever kind it is."""

import logging
from pathlib import Path

import pytest

from tests.reliability.flips import files, flipped


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)


def test_no_flipped_bit_is_used_in_silence(tmp_path: Path) -> None:
    known = files(tmp_path)
    found = list(flipped(known, 10 * len(known)))
    assert len(found) == 10 * len(known)
    assert [path.name for path, refused in found if not refused] == []


def test_undamaged_files_are_read(tmp_path: Path) -> None:
    for path, read in files(tmp_path).items():
        assert read(path) is not None
