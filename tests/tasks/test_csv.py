"""A user's own table becomes sequences, or a sentence that says what is wrong with it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from tests.tasks.examples import table
from timeshare.data.drawing import draw
from timeshare.tasks.base import Split, Targets
from timeshare.tasks.csv import Csv
from timeshare.tasks.metrics import Metric


def written(folder: Path, frame: pd.DataFrame, name: str = "own.csv") -> str:
    path = folder / name
    if name.endswith(".parquet"):
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False)
    return str(path)


@pytest.mark.parametrize("name", ["own.csv", "own.parquet"])
def test_a_table_becomes_sequences(tmp_path: Path, name: str) -> None:
    task = Csv(file=written(tmp_path, table(), name))
    assert (task.input_size, task.input_names) == (2, ("warmth", "rain"))
    assert (task.output_size, task.output_names) == (2, ("dry", "wet"))
    assert (task.targets, task.metric, task.files) == (Targets.FINAL, Metric.ACCURACY, (task.file,))
    assert sum(task.size(split) for split in Split) == 40
    drawn = draw(task, 10, 3, Split.TRAIN)
    assert drawn.inputs.shape == (10, 3, 2)
    assert drawn.lengths is None


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    plain = Csv(file=written(tmp_path, table()))
    mixed = Csv(file=written(tmp_path, table().sample(frac=1, random_state=0), "mixed.csv"))
    draws = [t.sample(10, 5, Split.TEST, np.random.default_rng(0)) for t in (plain, mixed)]
    assert np.array_equal(draws[0].inputs, draws[1].inputs)
    assert np.array_equal(draws[0].targets, draws[1].targets)


def test_training_features_are_scaled_by_themselves(tmp_path: Path) -> None:
    drawn = draw(Csv(file=written(tmp_path, table())), 40, 5, Split.TRAIN)
    assert np.allclose(drawn.inputs.mean(axis=(0, 1)), 0, atol=1e-5)
    assert np.allclose(drawn.inputs.std(axis=(0, 1)), 1, atol=1e-5)


def test_a_column_may_divide_the_sequences(tmp_path: Path) -> None:
    frame = table()
    number = frame["sequence"].str[1:].astype(int)
    frame["part"] = np.select([number < 20, number < 30], ["train", "validation"], "test")
    task = Csv(file=written(tmp_path, frame), split="part")
    assert [task.size(split) for split in Split] == [20, 10, 10]
    assert task.input_size == 2


def test_a_new_sequence_moves_no_other_to_another_split(tmp_path: Path) -> None:
    few = Csv(file=written(tmp_path, table(40)))
    many = Csv(file=written(tmp_path, table(50), "many.csv"))
    assert few.table.splits == many.table.splits[:40]


def test_shorter_sequences_keep_their_length_when_padded(tmp_path: Path) -> None:
    frame = table().drop(index=[3, 4])
    task = Csv(file=written(tmp_path, frame), pad=True)
    assert task.table.lengths[0] == 3
    drawn = [draw(task, 40, 4, split) for split in Split]
    shortest = [min(part.lengths.tolist()) for part in drawn if part.lengths is not None]
    assert min(shortest) == 3


def test_dense_values_are_asked_where_they_are_written(tmp_path: Path) -> None:
    frame = table()
    frame["target"] = frame["warmth"].where(frame["step"] != 0)
    task = Csv(file=written(tmp_path, frame), features=["rain"], asked="dense", answer="value")
    drawn = draw(task, 10, 5, Split.TRAIN)
    assert (task.input_size, task.output_size, task.metric) == (1, 1, Metric.ERROR)
    assert drawn.targets.shape == (10, 5)
    assert np.isnan(drawn.targets[:, 0]).all()
    assert np.isfinite(drawn.targets[:, 1:]).all()


def test_dense_classes_ask_nothing_where_they_are_missing(tmp_path: Path) -> None:
    frame = table()
    frame["target"] = frame["target"].where(frame["step"] != 0)
    drawn = draw(Csv(file=written(tmp_path, frame), asked="dense"), 10, 5, Split.TRAIN)
    assert (drawn.targets[:, 0] == -1).all()
    assert (drawn.targets[:, 1:] >= 0).all()


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    import os

    assert Csv(file=written(tmp_path, table(40))).size(Split.TRAIN) < 40
    path = written(tmp_path, table(80))
    os.utime(path, (1, 1))
    assert sum(Csv(file=path).size(split) for split in Split) == 80


FAULTS: list[tuple[Callable[[pd.DataFrame], pd.DataFrame], dict[str, Any], str]] = [
    (lambda t: t[:0], {}, "it has no rows"),
    (lambda t: t.rename(columns={"step": "time"}), {}, "there is no column 'step'; its"),
    (lambda t: t[["sequence", "step", "target"]], {}, "no column is left for the features"),
    (lambda t: t.assign(rain=t.rain.where(t.index != 7)), {}, "'rain' has no value in 1 of"),
    (lambda t: t.assign(rain=np.inf), {}, "column 'rain' is infinite somewhere"),
    (lambda t: t.assign(rain="much"), {}, "column 'rain' holds text"),
    (lambda t: t, {"answer": "value"}, "column 'target' holds text"),
    (lambda t: t.assign(step=0), {}, "sequence 's00' has a step twice"),
    (lambda t: t.drop(index=2), {}, "steps of sequence 's00' are not equally far apart"),
    (lambda t: t.drop(index=4), {}, "sequences differ in their number of steps"),
    (lambda t: t.assign(target="dry"), {}, "holds 1 class where two or more are needed"),
    (lambda t: t.assign(target=["dry", "wet"] * 100), {}, "has 2 different targets"),
    (lambda t: t.assign(part="learn"), {"split": "part"}, "says 'learn' where it must say one of"),
    (lambda t: t.assign(part="train"), {"split": "part"}, "no sequence falls into the validation"),
    (lambda t: t[:10], {}, "no sequence falls into the"),
]


@pytest.mark.parametrize(("change", "parameters", "says"), FAULTS, ids=[f[2] for f in FAULTS])
def test_a_faulty_table_is_refused_in_one_sentence(
    tmp_path: Path,
    change: Callable[[pd.DataFrame], pd.DataFrame],
    parameters: dict[str, Any],
    says: str,
) -> None:
    with pytest.raises(ValidationError, match=says) as fault:
        Csv(file=written(tmp_path, change(table())), **parameters)
    sentence = str(fault.value.errors()[0]["ctx"]["error"])
    assert sentence.startswith(str(tmp_path))
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_missing_or_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no such file"):
        Csv(file=str(tmp_path / "absent.csv"))
    (tmp_path / "picture.parquet").write_bytes(b"not a table")
    with pytest.raises(ValueError, match="it cannot be read as a table"):
        Csv(file=str(tmp_path / "picture.parquet"))


def test_a_length_beyond_the_sequences_is_refused(tmp_path: Path) -> None:
    task = Csv(file=written(tmp_path, table()))
    assert task.length_fault(5) is None
    assert "have 1 to 5 steps, not 6" in str(task.length_fault(6))
