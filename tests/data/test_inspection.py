"""What a table holds is found in it: its form, its columns, classes or values."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.data.tables import dense_waves, levels, signs, walks, waves
from timeshare.data.inspection import inspected


@pytest.mark.parametrize(
    ("write", "name", "found"),
    [
        (
            walks,
            "walks.csv",
            {"sequence": "walk_id", "step": "step", "target": "direction", "asked": "final",
             "answer": "class"},
        ),
        (waves, "waves.csv", {"target": "frequency", "asked": "final", "answer": "value"}),
        (
            levels,
            "levels.csv",
            {"sequence": "series", "step": "time", "target": "level", "asked": "dense",
             "answer": "value"},
        ),
        (signs, "signs.npz", {"asked": "dense", "answer": "class"}),
        (
            dense_waves,
            "waves.csv",
            {"target": "label_{step}", "asked": "dense", "answer": "class"},
        ),
    ],
)  # fmt: skip
def test_a_table_says_itself_what_it_is(
    write: Callable[[Path], Path], name: str, found: dict[str, Any], tmp_path: Path
) -> None:
    assert inspected(write(tmp_path / name), {}) == found


def test_parquet_is_read_as_csv_is(tmp_path: Path) -> None:
    frame = pd.read_csv(walks(tmp_path / "walks.csv"))
    frame.to_parquet(tmp_path / "walks.parquet", index=False)
    one, other = (inspected(tmp_path / f"walks.{kind}", {}) for kind in ("csv", "parquet"))
    assert one == other


def test_what_is_given_is_not_looked_for(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    frame = pd.read_csv(walks(path)).drop(columns="direction")
    frame.assign(direction=frame["x"] > 0).to_csv(path, index=False)
    found = inspected(path, {"target": "direction"})
    assert (found["asked"], found["answer"]) == ("dense", "class")
    assert inspected(path, {"target": "x"})["answer"] == "value"


def test_whole_numbers_are_classes_where_they_are_few(tmp_path: Path) -> None:
    frame = pd.read_csv(waves(tmp_path / "waves.csv"))
    answers = {}
    for many in (3, 60):
        frame.assign(frequency=np.arange(len(frame)) % many).to_csv(
            tmp_path / "counts.csv", index=False
        )
        answers[many] = inspected(tmp_path / "counts.csv", {})["answer"]
    assert answers == {3: "class", 60: "value"}


def test_a_column_divides_the_sequences_where_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "walks.csv"
    frame = pd.read_csv(walks(path))
    splits = np.array(["train", "validation", "test"])[frame["walk_id"].str[-1].astype(int) % 3]
    frame.assign(split=splits).to_csv(path, index=False)
    assert inspected(path, {})["split"] == "split"
    frame.assign(split=0.5 * frame["x"]).to_csv(path, index=False)
    assert "split" not in inspected(path, {})


@pytest.mark.parametrize(
    ("columns", "given", "words"),
    [
        ({"walk_id": "a", "step": "b"}, {}, "numbers the steps"),
        ({}, {"target": "way"}, "there is no column 'way'; it has 'walk_id', 'step'"),
        ({"walk_id": "which"}, {}, None),
    ],
)
def test_a_column_that_cannot_be_found_is_asked_for(
    columns: dict[str, str], given: dict[str, str], words: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "walks.csv"
    pd.read_csv(walks(path)).rename(columns=columns).to_csv(path, index=False)
    if words is None:
        assert inspected(path, {"target": "direction"})["sequence"] == "which"
    else:
        with pytest.raises(ValueError, match=words):
            inspected(path, given)


def test_a_column_that_counts_up_in_each_sequence_numbers_the_steps(tmp_path: Path) -> None:
    path = tmp_path / "walks.csv"
    frame = pd.read_csv(walks(path)).rename(columns={"step": "hour"})
    frame.to_csv(path, index=False)
    assert inspected(path, {})["step"] == "hour"
    # Of two that count up, the one with the name of a time; of two without, neither
    frame.assign(line=range(len(frame))).to_csv(path, index=False)
    assert inspected(path, {})["step"] == "hour"
    frame.rename(columns={"hour": "n"}).assign(line=range(len(frame))).to_csv(path, index=False)
    with pytest.raises(ValueError, match="several columns could number the steps: 'n', 'line'"):
        inspected(path, {})
