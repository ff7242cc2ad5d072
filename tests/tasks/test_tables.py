"""A user's sequences are read alike from every kind of file, and nothing changes on the way."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from timeshare.tasks.base import NO_TARGET, Split
from timeshare.tasks.csv import Csv

RNG = np.random.default_rng(7)
SEQUENCES, STEPS = 60, 4
X = RNG.normal(size=(SEQUENCES, STEPS, 2)).round(3)
Y = RNG.choice(["left", "right"], SEQUENCES)


def long_frame(features: np.ndarray = X, targets: np.ndarray = Y) -> pd.DataFrame:
    count, steps = features.shape[:2]
    return pd.DataFrame(
        {
            "sequence": np.repeat(np.arange(count), steps),
            "step": np.tile(np.arange(steps), count),
            "a": features[..., 0].ravel(),
            "b": features[..., 1].ravel(),
            "target": np.repeat(targets, steps),
        }
    )


def wide_frame(pattern: str = "{feature}_{step}", first: int = 0) -> pd.DataFrame:
    columns = {
        pattern.format(feature=name, step=step + first): X[:, step, place]
        for place, name in enumerate("ab")
        for step in range(STEPS)
    }
    return pd.DataFrame(columns).assign(target=Y)


def saved(folder: Path, frame: pd.DataFrame, name: str = "own.csv") -> str:
    path = folder / name
    if name.endswith(".parquet"):
        frame.to_parquet(path, index=False)
    else:
        frame.to_csv(path, index=False)
    return str(path)


def write_ts(path: Path) -> str:
    lines = [
        "@problemName own",
        "@timeStamps false",
        "@univariate false",
        "@classLabel true left right",
    ]
    lines.append("@data")
    for sequence, target in zip(X, Y, strict=True):
        series = [",".join(map(str, feature)) for feature in sequence.T]
        lines.append(":".join([*series, target]))
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def test_every_kind_of_file_holds_the_same_sequences(tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", X=X, y=Y)
    files = [
        saved(tmp_path, long_frame()),
        saved(tmp_path, long_frame(), "long.parquet"),
        saved(tmp_path, wide_frame(), "wide.csv"),
        saved(tmp_path, wide_frame(), "wide.parquet"),
        str(tmp_path / "own.npz"),
        write_ts(tmp_path / "own.ts"),
    ]
    for file in files:
        table = Csv(file=file).table
        assert np.allclose(table.features, X)
        assert [table.classes[target] for target in table.targets] == Y.tolist()
        assert [len(table.rows(split)) for split in Split] == [
            len(Csv(file=files[0]).table.rows(split)) for split in Split
        ]


@pytest.mark.parametrize(
    ("pattern", "first"),
    [("{feature}_{step}", 0), ("{feature}{step}", 1), ("{feature}.{step}", 0)],
)
def test_columns_of_steps_are_found_by_their_names(
    tmp_path: Path, pattern: str, first: int
) -> None:
    task = Csv(file=saved(tmp_path, wide_frame(pattern, first)))
    assert task.input_names == ("a", "b")
    assert np.allclose(task.table.features, X)


def test_columns_may_be_numbers_of_steps_alone(tmp_path: Path) -> None:
    frame = pd.DataFrame(X[..., 0]).assign(target=Y)
    task = Csv(file=saved(tmp_path, frame))
    assert task.input_names == ("value",)
    assert np.allclose(task.table.features, X[..., :1])


def test_a_pattern_or_a_list_says_which_columns_are_steps(tmp_path: Path) -> None:
    frame = wide_frame("{step} of {feature}").assign(age=3.5)
    file = saved(tmp_path, frame)
    by_pattern = Csv(file=file, steps="{step} of {feature}")
    assert np.allclose(by_pattern.table.features, X)
    by_list = Csv(file=file, steps=["3 of b", "0 of a"])
    assert np.allclose(by_list.table.features[..., 0], X[:, [3, 0], [1, 0]])


def test_dense_targets_of_a_wide_table_have_columns_of_their_own(tmp_path: Path) -> None:
    targets = RNG.choice(["up", "down"], (SEQUENCES, STEPS))
    frame = wide_frame().drop(columns="target")
    for step in range(STEPS):
        frame[f"y_{step}"] = targets[:, step]
    frame.loc[0, "y_1"] = None
    task = Csv(file=saved(tmp_path, frame), target="y_{step}", asked="dense")
    assert task.input_names == ("a", "b")
    assert task.table.targets[0, 1] == NO_TARGET
    targets[0, 1] = ""
    assert (np.array([*task.table.classes, ""])[task.table.targets] == targets).all()


def test_shorter_sequences_of_a_wide_table_end_in_empty_cells(tmp_path: Path) -> None:
    frame = wide_frame()
    frame.loc[2, ["a_3", "b_3"]] = np.nan
    file = saved(tmp_path, frame)
    with pytest.raises(ValueError, match=r"sequences differ .*pad: true"):
        Csv(file=file)
    assert Csv(file=file, pad=True).table.lengths[2] == 3
    frame.loc[2, ["a_3", "b_3", "a_1"]] = [1, 1, np.nan]
    with pytest.raises(ValueError, match="sequence '2' has no number at step 2 of 4"):
        Csv(file=saved(tmp_path, frame), pad=True)


def test_a_second_file_holds_the_test_sequences(tmp_path: Path) -> None:
    files = {"file": saved(tmp_path, long_frame(X[:40], Y[:40]))}
    files["test_file"] = saved(tmp_path, long_frame(X[40:], Y[40:]), "test.csv")
    task = Csv(**files)
    assert task.files == (files["file"], files["test_file"])
    assert task.size(Split.TEST) == 20
    assert np.allclose(task.table.features[task.table.rows(Split.TEST)], X[40:])
    assert [task.table.classes[t] for t in task.table.targets] == Y.tolist()


def test_na_and_none_are_classes_and_names(tmp_path: Path) -> None:
    frame = long_frame(targets=np.where(Y == "left", "NA", "None"))
    frame["sequence"] = frame["sequence"].astype(str).replace("0", "NA")
    task = Csv(file=saved(tmp_path, frame))
    assert task.output_names == ("NA", "None")
    assert "NA" in task.table.sequences


def test_classes_that_are_numbers_keep_their_order_and_spelling(tmp_path: Path) -> None:
    frame = long_frame(targets=RNG.integers(9, 12, SEQUENCES))
    assert Csv(file=saved(tmp_path, frame)).output_names == ("9", "10", "11")
    frame["target"] = frame["target"].where(frame["step"] == 3)
    assert Csv(file=saved(tmp_path, frame)).output_names == ("9", "10", "11")


def test_values_to_predict_are_scaled_and_can_be_scaled_back(tmp_path: Path) -> None:
    values = 1e30 * (RNG.normal(size=SEQUENCES) + 5)
    task = Csv(file=saved(tmp_path, long_frame(targets=values)), answer="value")
    drawn = task.sample(100, STEPS, Split.TRAIN, np.random.default_rng(0))
    assert drawn.targets.mean() == pytest.approx(0, abs=1e-5)
    assert drawn.targets.std() == pytest.approx(1, abs=1e-5)
    own = values[task.table.rows(Split.TRAIN)]
    assert sorted(task.in_units(drawn.targets)) == pytest.approx(sorted(own))


def test_a_moved_file_is_read_in_the_same_order(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    one, other = (
        Csv(file=saved(folder, long_frame())) for folder in (tmp_path, tmp_path / "elsewhere")
    )
    assert one.stream_name == other.stream_name


def test_a_semicolon_may_separate_columns(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    long_frame().to_csv(path, index=False, sep=";")
    assert np.allclose(Csv(file=str(path)).table.features, X)


def index_written(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.reset_index().rename(columns={"index": ""})


def outlying() -> pd.DataFrame:
    """A table, the last of whose test sequences has an enormous number."""
    frame = long_frame()
    frame["part"] = np.repeat(["train", "validation", "test"], 80)
    frame.loc[239, "a"] = 1e60
    return frame


FAULTS: list[tuple[pd.DataFrame, dict[str, Any], str]] = [
    (index_written(long_frame()), {}, "a column without a name looks like the index"),
    (long_frame().reset_index(), {}, "column 'index', the row's number, looks like the index"),
    (long_frame(targets=RNG.choice([1, np.inf], SEQUENCES)), {"answer": "value"}, "is infinite"),
    (long_frame().assign(a=1e308), {}, "column 'a' holds numbers beyond 1e\\+100"),
    (long_frame(targets=np.full(SEQUENCES, 2.5)), {"answer": "value"}, "have one value only"),
    (wide_frame().drop(columns="b_2"), {}, "do not have columns of the same steps, step 2"),
    (wide_frame().drop(columns=["a_2", "b_2"]), {}, "'a' are not equally far apart"),
    (wide_frame().drop(columns="target"), {}, "no column 'target'; beside those of steps"),
    (wide_frame(), {"steps": "z_{step}"}, "no column's name is like 'z_{step}'"),
    (wide_frame(), {"steps": ["z"]}, "no column 'z', which `steps` names"),
    (wide_frame(), {"asked": "dense"}, "needs a target at each of the 4 steps, and 0 columns"),
    (wide_frame(), {"features": ["c"]}, "no column has steps of the feature 'c'; there are 'a'"),
    (wide_frame().assign(sequence="s"), {}, "two rows are named 's'"),
    (wide_frame().assign(part="learn"), {"split": "part", "steps": "{feature}_{step}"}, "'learn'"),
    (wide_frame(), {"split": "part", "test_file": "x"}, "both divide the sequences"),
    (outlying(), {"split": "part"}, "sequence '59' has a number in 'a' more than 1e\\+09"),
]


@pytest.mark.parametrize(("frame", "parameters", "says"), FAULTS, ids=[f[2] for f in FAULTS])
def test_what_would_be_wrong_without_a_word_is_refused(
    tmp_path: Path, frame: pd.DataFrame, parameters: dict[str, Any], says: str
) -> None:
    file = saved(tmp_path, frame)
    with pytest.raises(ValueError, match=says):
        Csv(file=file, **parameters)


ARRAYS: list[tuple[dict[str, np.ndarray], dict[str, Any], str]] = [
    ({"X": X}, {}, "there is no array 'y'; its arrays are 'X'"),
    ({"X": X, "y": Y[:5]}, {}, "'y' has the shape \\[5\\] where \\[60\\] is needed"),
    ({"X": Y, "y": Y}, {}, "'X' is an array of numbers"),
    ({"X": X, "y": Y}, {"answer": "value"}, "'y' holds text where numbers are needed"),
    ({"X": X, "y": Y}, {"features": ["a"]}, "it has 2 features, and `features` names 1"),
    ({"X": X, "y": np.array([None] * 60)}, {}, "it cannot be read as arrays"),
]


@pytest.mark.parametrize(("arrays", "parameters", "says"), ARRAYS, ids=[a[2] for a in ARRAYS])
def test_faulty_arrays_are_refused(
    tmp_path: Path, arrays: dict[str, np.ndarray], parameters: dict[str, Any], says: str
) -> None:
    np.savez(tmp_path / "own.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=says):
        Csv(file=str(tmp_path / "own.npz"), **parameters)


def test_published_ts_files_are_read() -> None:
    import sktime

    folder = Path(sktime.__file__).parent / "datasets" / "data"
    for name, sizes, steps, features in [
        ("BasicMotions", (40, 40), 100, 6),
        ("GunPoint", (50, 150), 150, 1),
    ]:
        files = [str(folder / name / f"{name}_{part}.ts") for part in ("TRAIN", "TEST")]
        task = Csv(file=files[0], test_file=files[1])
        assert task.size(Split.TRAIN) + task.size(Split.VALIDATION) == sizes[0]
        assert task.size(Split.TEST) == sizes[1]
        assert task.input_size == features
        assert task.length_fault(steps) is None
