"""Training that was interrupted anywhere goes on from its checkpoint to the same bits."""

from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import planned, read_by
from tests.training.test_train import Splits, same, until_plateau
from timeshare.experiment import Condition, Setting
from timeshare.storage.checkpoints import save_checkpoint
from timeshare.tasks.base import Split
from timeshare.training.train import Trained, TrainedMembers, checkpoints, train


class Interrupt(BaseException):
    """Stands for the end of the process."""


def interrupted(condition: Condition, splits: Splits, path: Path, saves: int) -> None:
    """Train until a checkpoint was saved so many times, after every update and at the end."""
    saved = 0

    def save(*arguments: object) -> None:
        nonlocal saved
        save_checkpoint(*arguments)  # type: ignore[arg-type]
        saved += 1
        if saved == saves:
            raise Interrupt

    with pytest.MonkeyPatch.context() as patches:
        patches.setattr("timeshare.training.resume.save_checkpoint", save)
        with pytest.raises(Interrupt):
            train(planned(condition, checkpoint_seconds=1e-9), splits, path)


def equal(one: TrainedMembers, other: TrainedMembers) -> bool:
    return (
        same(one, other)
        and repr(one.points) == repr(other.points)
        and (one.stopped, one.trained_out, one.diverged)
        == (other.stopped, other.trained_out, other.diverged)
    )


def assert_equal(resumed: Trained, undisturbed: Trained) -> None:
    assert resumed.search is not None
    assert undisturbed.search is not None
    assert equal(resumed.search, undisturbed.search)
    assert equal(resumed.reported, undisturbed.reported)


@pytest.fixture(scope="module")
def leaving() -> Condition:
    """A condition whose members leave at different times, one of them diverged."""
    condition = until_plateau("keyword/unshared")
    settings = (*condition.settings, Setting(learning_rate=1e38))
    return condition.model_copy(update={"settings": settings})


@pytest.fixture(scope="module")
def undisturbed(leaving: Condition) -> Trained:
    trained = train(leaving, read_by(leaving))
    assert trained.search is not None
    for members in (trained.search, trained.reported):
        assert len(set(members.stopped)) > 2
        assert members.stopped.count(60) < len(members.stopped)
    assert any(update is not None for update in trained.search.diverged)
    return trained


SEARCH = 61
"""Saves of the search: one an update, and one at its end."""


@pytest.mark.parametrize(
    ("saves", "searched", "reported"),
    [
        (5, [5], []),
        (46, [46], []),
        (SEARCH, [60], []),
        (SEARCH + 2, [60], [2]),
        (SEARCH + 45, [60], [45]),
        (2 * SEARCH, [60], [60]),
    ],
    ids=["search", "search, some left", "search done", "reported", "some left", "all done"],
)
def test_training_resumed_from_a_checkpoint_gives_the_same_bits(
    leaving: Condition,
    undisturbed: Trained,
    tmp_path: Path,
    saves: int,
    searched: list[int],
    reported: list[int],
) -> None:
    splits, path = read_by(leaving), tmp_path / "checkpoint"
    interrupted(leaving, splits, path, saves)
    resumed = train(leaving, splits, path)
    assert resumed.search is not None
    assert (resumed.search.resumed_at, resumed.reported.resumed_at) == (searched, reported)
    assert_equal(resumed, undisturbed)


def test_training_interrupted_twice_gives_the_same_bits(
    leaving: Condition, undisturbed: Trained, tmp_path: Path
) -> None:
    splits, path = read_by(leaving), tmp_path / "checkpoint"
    interrupted(leaving, splits, path, SEARCH + 30)
    # The search, which was finished, is saved again when it is taken up.
    interrupted(leaving, splits, path, 1 + 15)
    resumed = train(leaving, splits, path)
    assert resumed.reported.resumed_at == [30, 45]
    assert_equal(resumed, undisturbed)


def test_training_resumed_where_every_member_had_stopped_by_itself_gives_the_same_bits(
    tmp_path: Path,
) -> None:
    condition = until_plateau("keyword/unshared")
    small = condition.members[:2]
    condition = condition.model_copy(update={"members": small, "settings": condition.settings[:1]})
    splits, path = read_by(condition), tmp_path / "checkpoint"
    undisturbed = train(condition, splits)
    last = max(undisturbed.reported.stopped)
    assert last < 60
    assert all(undisturbed.reported.trained_out)
    interrupted(condition, splits, path, last)
    resumed = train(condition, splits, path)
    assert resumed.reported.resumed_at == [last]
    assert equal(resumed.reported, undisturbed.reported)


def test_search_and_reported_members_have_checkpoints_of_their_own(
    condition: Condition, splits: Splits, tmp_path: Path
) -> None:
    path = tmp_path / "checkpoint"
    train(condition, splits, path)
    assert {each.name for each in tmp_path.iterdir()} == {each.name for each in checkpoints(path)}
    assert len(set(checkpoints(path))) == 2


def test_a_checkpoint_of_other_settings_is_not_taken_up(
    condition: Condition, splits: Splits, tmp_path: Path
) -> None:
    path = tmp_path / "checkpoint"
    train(condition, splits, path)
    settings = (Setting(learning_rate=0.3), Setting(learning_rate=0.1))
    other = condition.model_copy(update={"settings": settings})
    resumed, undisturbed = train(other, splits, path), train(other, splits)
    assert resumed.reported.resumed_at == []
    assert_equal(resumed, undisturbed)


def test_a_checkpoint_of_other_data_is_not_taken_up(
    condition: Condition, splits: Splits, tmp_path: Path
) -> None:
    path = tmp_path / "checkpoint"
    train(condition, splits, path)
    one, other = (unit.part for unit in condition.units)
    training = splits[Split.TRAIN] | {one: splits[Split.TRAIN][other]}
    resumed = train(condition, splits | {Split.TRAIN: training}, path)
    assert resumed.reported.resumed_at == []


def test_the_seconds_before_an_interruption_are_counted(
    condition: Condition, splits: Splits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = count(0, 100)
    hurried = SimpleNamespace(monotonic=lambda: float(next(ticks)))
    monkeypatch.setattr("timeshare.training.resume.time", hurried)
    path = tmp_path / "checkpoint"
    first = train(condition, splits, path).reported
    assert first.seconds > 12 * 100
    again = train(condition, splits, path).reported
    assert again.resumed_at == [12]
    assert first.seconds <= again.seconds < 2 * first.seconds
