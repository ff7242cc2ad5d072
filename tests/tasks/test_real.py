"""The real data are the published ones."""

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from timeshare.data.drawing import draw
from timeshare.tasks.base import Split
from timeshare.tasks.digits import Digits
from timeshare.tasks.labels import Labels
from timeshare.tasks.mnist1d import Mnist1d
from timeshare.tasks.text import Text


def sorted_rows(inputs: np.ndarray) -> np.ndarray:
    rows = inputs.reshape(len(inputs), -1)
    ordered: np.ndarray = rows[np.lexsort(rows.T)]
    return ordered


def test_the_test_curves_are_those_the_package_makes() -> None:
    from mnist1d.data import get_dataset_args, make_dataset

    state = np.random.get_state()  # noqa: NPY002
    made = make_dataset(get_dataset_args())
    np.random.set_state(state)  # noqa: NPY002
    ours = draw(Mnist1d(), 1000, 40, Split.TEST)
    assert np.array_equal(sorted_rows(ours.inputs), sorted_rows(made["x_test"].astype(np.float32)))


def test_shuffling_moves_steps_and_changes_no_value() -> None:
    plain, shuffled = (
        draw(Mnist1d(shuffled=shuffled), 1000, 40, Split.TEST).inputs[:, :, 0]
        for shuffled in (False, True)
    )
    assert not np.array_equal(sorted_rows(plain), sorted_rows(shuffled))
    plain, shuffled = (sorted_rows(np.sort(inputs, axis=1)) for inputs in (plain, shuffled))
    assert np.allclose(plain, shuffled, atol=1e-5)


def test_another_length_shows_the_same_curves_at_another_resolution() -> None:
    rng = [np.random.default_rng(0) for _ in range(2)]
    task = Mnist1d()
    short, long = (task.sample(50, T, Split.TEST, r) for T, r in zip((40, 80), rng, strict=True))
    assert np.array_equal(short.targets, long.targets)
    middle = np.corrcoef(short.inputs[:, 1:-1:2, 0].ravel(), long.inputs[:, 2:-3:4, 0].ravel())
    assert middle[0, 1] > 0.9


def test_shuffled_curves_have_one_length() -> None:
    assert Mnist1d(shuffled=True).length_fault(80) == "shuffled curves have 40 steps, not 80"


def test_permuted_pixels_are_the_same_pixels() -> None:
    plain, permuted = (
        draw(Digits(permuted=permuted), 360, 64, Split.TEST).inputs for permuted in (False, True)
    )
    assert np.array_equal(
        sorted_rows(np.sort(plain, axis=1)), sorted_rows(np.sort(permuted, axis=1))
    )


def test_a_character_is_followed_by_its_target() -> None:
    sequences = draw(Text(years=(1905, 1905)), 20, 64, Split.TRAIN)
    assert np.array_equal(sequences.inputs[:, 1:], sequences.targets[:, :-1])


def test_a_longer_sequence_begins_with_the_shorter_one() -> None:
    task = Text(years=(1905, 1905))
    short, long = (
        task.sample(9, length, Split.TEST, np.random.default_rng(3)) for length in (16, 256)
    )
    assert np.array_equal(short.inputs, long.inputs[:, :16])


def test_the_spans_of_a_text_follow_one_another(tmp_path: Path) -> None:
    path = tmp_path / "own.txt"
    path.write_text("a" * 800 + "b" * 100 + "c" * 100, encoding="utf-8")
    task = Text(file=str(path), chunk=10)
    assert task.characters == ("a", "\N{REPLACEMENT CHARACTER}")
    assert task.files == (str(path),)
    assert [task.size(split) for split in Split] == [79, 9, 9]
    assert set(draw(task, 50, 10, Split.TRAIN).inputs.ravel().tolist()) == {0}
    assert set(draw(task, 50, 10, Split.TEST).inputs.ravel().tolist()) == {1}


def test_only_messages_of_the_years_are_read() -> None:
    assert Text(years=(1900, 1900)).size(Split.TRAIN) < Text(years=(1900, 1901)).size(Split.TRAIN)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "does not exist"),
        (b"too short", "too few for chunks"),
        (b"\xff" * 9000, "is not UTF-8 at byte 0"),
    ],
)
def test_a_faulty_text_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes | None, says: str
) -> None:
    path = tmp_path / "own.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValidationError, match=says) as fault:
        Text(file=str(path))
    assert str(fault.value.errors()[0]["ctx"]["error"]).count("\n") == 0


def test_labels_stay_with_their_sequence() -> None:
    task = Labels(of="vowels")
    one, other = (draw(task, 216, 10, Split.TRAIN, part) for part in ("seed-0", "seed-1"))
    labels = {row.tobytes(): label for row, label in zip(one.inputs, one.targets, strict=True)}
    assert all(labels[r.tobytes()] == y for r, y in zip(other.inputs, other.targets, strict=True))


def test_labels_of_another_seed_agree_by_accident_only() -> None:
    one, other = (
        Labels(rule_seed=seed).sample(2000, 32, Split.TRAIN, np.random.default_rng(0)).targets
        for seed in (0, 1)
    )
    assert 0.45 < (one == other).mean() < 0.55


@pytest.mark.parametrize(
    ("of", "parameters", "says"),
    [
        ("nonsense", {}, "'nonsense' is not"),
        ("labels", {}, "gives no inputs"),
        ("latch", {"values": 1}, "greater than or equal to 2"),
    ],
)
def test_labels_name_a_task_that_exists(of: str, parameters: dict[str, int], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Labels(of=of, parameters=parameters)
