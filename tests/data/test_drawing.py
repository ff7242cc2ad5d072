"""Data sets are drawn by name, divided without leakage, and checked when read."""

import json
from pathlib import Path

import numpy as np
import pytest

from timeshare.data.drawing import DIVISIBLE, DataError, draw, join
from timeshare.data.files import DamagedDataError, manifest_path, read_parts, write_parts
from timeshare.data.splits import Unit, draw_tests, draw_training
from timeshare.tasks.adding import Adding
from timeshare.tasks.base import Sequences, Split, Task
from timeshare.tasks.keyword import Keyword
from timeshare.tasks.parity import Parity
from timeshare.tasks.store import Store
from timeshare.tasks.vowels import Vowels

TASKS: list[tuple[Task, int]] = [
    (Parity(), 16),
    (Adding(), 8),
    (Keyword(), 9),
    (Store(), 9),
    (Vowels(), 10),
]

UNITS = (Unit(0, 0), Unit(1, 0))
PART = "rule-0-seed-0"


def equal(one: Sequences, other: Sequences) -> bool:
    pairs = zip(vars(one).values(), vars(other).values(), strict=True)
    return all(a is b is None or np.array_equal(a, b) for a, b in pairs)


@pytest.mark.parametrize(("task", "length"), TASKS)
def test_what_is_read_is_what_was_written(tmp_path: Path, task: Task, length: int) -> None:
    parts = draw_training(task, length, UNITS, count=40, held=30)
    for split, drawn in parts.items():
        write_parts(tmp_path / f"{split}.safetensors", drawn, {"task": "it"})
        read = read_parts(tmp_path / f"{split}.safetensors")
        assert set(read) == set(drawn)
        assert all(equal(read[part], drawn[part]) for part in drawn)


def test_the_manifest_names_what_the_data_were_made_from(tmp_path: Path) -> None:
    path = tmp_path / "tests.safetensors"
    write_parts(path, draw_tests(Keyword(), [8, 20], UNITS, 30), {"task": "keyword"})
    manifest = json.loads(manifest_path(path).read_text())
    assert manifest["made_from"] == {"task": "keyword"}
    assert manifest["arrays"][f"{PART}/length-20/inputs"] == ["int8", 30, 20]
    assert manifest["arrays"][f"{PART}/length-20/groups"] == ["int8", 30]
    assert {"python", "numpy"} <= set(manifest["versions"])


def test_writing_again_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        parts = draw_tests(Parity(), [16], UNITS, 30)
        write_parts(tmp_path / f"{name}.safetensors", parts, {})
    one, other = (tmp_path / f"{name}.safetensors" for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()


def test_damaged_data_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "test.safetensors"
    write_parts(path, draw_tests(Parity(), [16], UNITS, 30), {})
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedDataError, match="sha256 is not the one in its manifest"):
        read_parts(path)


def test_data_without_a_manifest_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "test.safetensors"
    write_parts(path, draw_tests(Parity(), [16], UNITS, 30), {})
    manifest_path(path).unlink()
    with pytest.raises(DamagedDataError, match=r"its manifest test\.manifest\.json is missing"):
        read_parts(path)


@pytest.mark.parametrize("length", [8, 9, 12])
def test_an_input_belongs_to_one_split_whoever_draws_it(length: int) -> None:
    assert Parity().space(length) >= DIVISIBLE
    rows = {split: set(map(bytes, draw(Parity(), 100, length, split).inputs)) for split in Split}
    assert not rows[Split.TRAIN] & (rows[Split.VALIDATION] | rows[Split.TEST])
    assert not rows[Split.VALIDATION] & rows[Split.TEST]


def test_sequences_may_be_so_long_that_no_float_counts_them() -> None:
    drawn = {split: draw(Parity(), 100, 2000, split) for split in Split}
    assert all(sequences.inputs.shape == (100, 2000) for sequences in drawn.values())


def test_a_small_space_is_shared_by_the_splits() -> None:
    train = draw(Parity(), 64, 6, Split.TRAIN)
    assert len(np.unique(train.inputs, axis=0)) == 64 == Parity().space(6)


def test_too_many_distinct_sequences_are_refused_with_their_number() -> None:
    with pytest.raises(DataError, match="only 64 distinct train sequences of length 6 exist"):
        draw(Parity(), 65, 6, Split.TRAIN)


@pytest.mark.parametrize(("task", "length"), TASKS)
def test_joined_parts_are_all_their_sequences_in_order(task: Task, length: int) -> None:
    one, other = (draw(task, 20, length, Split.TEST, part) for part in ("a", "b"))
    joined = join([one, other])
    assert equal(joined.first(20), one)
    assert equal(joined.select(np.arange(20, 40)), other)
