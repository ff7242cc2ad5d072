"""A digest changes with the sources it stands for, and with nothing else."""

import errno
import os
from pathlib import Path

import pytest

from timeshare.experiment import digests
from timeshare.experiment.digests import Digests
from timeshare.experiment.strict import ConfigurationError
from timeshare.storage.files import sha256

LSTM = frozenset({("recurrent.cells", "lstm")})
LONG_AGO = 1_000_000_000


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tmp_path / "sources")


def test_a_digest_lists_every_source_with_its_sha256(folder: str, root: Path) -> None:
    content = Path(Digests(folder, write=True)("train", LSTM)).read_text()
    lines = {name: digest for digest, name in map(str.split, content.splitlines())}
    for name in ("workflow/scripts/train.py", "src/timeshare/recurrent/cells/lstm.py"):
        assert lines[name] == sha256(root / name)
    assert "src/timeshare/recurrent/cells/gru.py" not in lines


def test_each_set_of_names_has_a_digest_of_its_own(folder: str) -> None:
    find = Digests(folder, write=True)
    other = frozenset({("recurrent.cells", "gru")})
    assert len({find("train"), find("train", LSTM), find("train", other), find("evaluate")}) == 4


def test_an_unchanged_digest_keeps_its_time(folder: str) -> None:
    path = Path(Digests(folder, write=True)("train", LSTM))
    os.utime(path, (LONG_AGO, LONG_AGO))
    assert Digests(folder, write=True)("train", LSTM) == str(path)
    assert path.stat().st_mtime == LONG_AGO


def test_a_changed_source_writes_the_digest_again(folder: str, tmp_path: Path) -> None:
    page = tmp_path / "page.j2"
    page.write_text("one")
    path = Path(Digests(folder, write=True)("report", further=[page]))
    before = path.read_text()
    os.utime(path, (LONG_AGO, LONG_AGO))
    page.write_text("other")
    Digests(folder, write=True)("report", further=[page])
    assert path.read_text() != before
    assert path.stat().st_mtime > LONG_AGO


def test_other_sources_than_those_of_read_only_results_are_refused_in_one_sentence(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    path = Path(Digests(folder, write=True)("train", LSTM))
    monkeypatch.setattr(digests, "replacing", refuse)
    assert Digests(folder, write=True)("train", LSTM) == str(path)
    path.write_text("of other sources")
    with pytest.raises(ConfigurationError, match=r"cannot be written .* names their revision"):
        Digests(folder, write=True)("train", LSTM)


def test_a_job_reads_no_source_and_writes_nothing(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = Digests(folder, write=True)("train", LSTM)
    Path(planned).unlink()
    monkeypatch.setattr(digests, "sources", None)
    assert Digests(folder, write=False)("train", LSTM) == planned
    assert not Path(planned).exists()
