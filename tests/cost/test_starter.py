"""A configuration that is written from a table is valid at once and says what was found."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.data.tables import dense_waves, levels, signs, walks, waves
from timeshare.cost.forecast import forecast
from timeshare.cost.starter import SECONDS, SLOTS, starter
from timeshare.experiment import Experiment
from timeshare.tasks.base import Split


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (walks, "walks.csv"),
        (waves, "waves.csv"),
        (levels, "levels.csv"),
        (signs, "signs.npz"),
        (dense_waves, 'odd "name": {a}.csv'),
        (None, None),
    ],
)
def test_the_configuration_is_valid_and_done_in_minutes(
    write: Callable[[Path], Path] | None, name: str | None, tmp_path: Path
) -> None:
    data = write(tmp_path / name) if write and name else None
    text = starter("my-question", data, {}, tmp_path)
    assert "<" not in text.replace("<<: *lstm", "")
    experiment = Experiment.parse(yaml.safe_load(text), "my-question.yaml", tmp_path)
    assert experiment.name == "my-question"
    assert forecast(experiment).wall_seconds(SLOTS) <= SECONDS


def test_comments_say_what_was_found(tmp_path: Path) -> None:
    text = starter("q", walks(tmp_path / "walks.csv"), {}, tmp_path)
    assert "60 sequences of 8 steps; features: x, y" in text
    assert "3 classes, one for each sequence: left (20), right (20), still (20)" in text
    assert "by a hash of their names" in text
    text = starter("q", levels(tmp_path / "levels.csv"), {}, tmp_path)
    assert "60 sequences of 5 to 8 steps; features: inflow" in text
    assert "at the steps that have one" in text


def test_train_sizes_are_parts_of_what_there_is(tmp_path: Path) -> None:
    text = starter("q", walks(tmp_path / "walks.csv"), {}, tmp_path)
    experiment = Experiment.parse(yaml.safe_load(text), "q.yaml", tmp_path)
    available = experiment.task("walks").size(Split.TRAIN)
    assert experiment.members.train_sizes is not None
    assert experiment.members.train_sizes[-1] == available
    assert len(experiment.members.train_sizes) == 3


def test_a_table_elsewhere_is_named_from_where_the_configuration_lies(tmp_path: Path) -> None:
    data = walks(tmp_path / "walks.csv")
    folder = tmp_path / "experiments"
    folder.mkdir()
    text = starter("q", data, {}, folder)
    assert "file: ../walks.csv" in text
    assert Experiment.parse(yaml.safe_load(text), "q.yaml", folder).task("walks")


def test_long_sequences_are_cut_and_the_comment_says_so(tmp_path: Path) -> None:
    text = starter("q", waves(tmp_path / "waves.csv", count=400, steps=1500), {}, tmp_path)
    assert "of the 1500 that the longest sequence has" in text


@pytest.mark.parametrize("name", ["My question", "../up"])
def test_an_unfit_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unfit for a path"):
        starter(name, None, {}, tmp_path)
