"""A configuration of a few lines is enough for data of one's own, wherever it lies."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from timeshare.cost.fitting import fitted
from timeshare.cost.plan import counted_variants, measured_variants
from timeshare.experiment import ConfigurationError, Experiment, expand

EIGHT_LINES = """\
tasks:
  walks: {kind: csv, parameters: {file: walks.csv}}
variants:
  shared: {cell: lstm, schedule: {kind: shared}, hidden_size: 8}
  unshared: {cell: lstm, schedule: {kind: unshared}, hidden_size: 8}
sweeps:
  main:
    {tasks: [walks], variants: [shared, unshared], lengths: [12]}
"""


def write_walks(path: Path, sequences: int = 200, steps: int = 12) -> None:
    """Random walks, each of the class of its end's sign."""
    walks = np.random.default_rng(0).normal(size=(sequences, steps)).cumsum(axis=1)
    frame = pd.DataFrame(walks, columns=[f"x_{step}" for step in range(steps)])
    frame.assign(target=np.where(walks[:, -1] > 0, "up", "down")).to_csv(path, index=False)


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    write_walks(tmp_path / "walks.csv")
    path = tmp_path / "walks.yaml"
    path.write_text(EIGHT_LINES)
    return path


def test_eight_lines_are_a_configuration(configuration: Path) -> None:
    assert len(EIGHT_LINES.splitlines()) == 8
    experiment = Experiment.read(configuration)
    assert experiment.name == "walks"
    conditions = expand(experiment).values()
    assert len(conditions) == 2
    (available,) = {each.drawn for each in conditions}
    assert 100 < available < 150
    assert [each.train_sizes for each in conditions] == 2 * [
        [available // 4, available // 2, available]
    ]
    assert experiment.evaluated_lengths("walks") == [12]


def test_a_file_is_looked_for_beside_the_configuration(
    configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = configuration.parent
    files = []
    for working, read in (
        (folder, "walks.yaml"),
        (folder.parent, configuration),
        ("/", configuration),
    ):
        monkeypatch.chdir(working)
        files.append(Experiment.read(Path(read)).task("walks").files[0])
        assert Path(files[-1]).is_file()
    assert files[:2] == ["walks.csv", f"{folder.name}/walks.csv"]
    monkeypatch.chdir(folder.parent)
    (folder / "walks.csv").rename(folder.parent / "walks.csv")
    with pytest.raises(ConfigurationError, match=r"walks\.csv: there is no such file"):
        Experiment.read(configuration)


def test_an_absolute_path_stays(configuration: Path) -> None:
    absolute = str(configuration.parent / "walks.csv")
    content = yaml.safe_load(EIGHT_LINES)
    content["tasks"]["walks"]["parameters"]["file"] = absolute
    assert Experiment.parse(content, folder=Path("/nowhere")).task("walks").files == (absolute,)


def test_the_cost_study_fits_itself_to_the_data(configuration: Path) -> None:
    experiment = Experiment.read(configuration)
    cost = fitted(experiment, experiment.cost)
    assert cost.lengths == [3, 6, 12, 24, 48]
    assert cost.truncated_lengths == [48]
    assert measured_variants(experiment, experiment.cost) == ["shared", "unshared"]


def test_the_cost_study_can_be_turned_off(configuration: Path) -> None:
    configuration.write_text(EIGHT_LINES + "cost: {enabled: false}\n")
    experiment = Experiment.read(configuration)
    assert measured_variants(experiment, experiment.cost) == []
    assert counted_variants(experiment, experiment.cost) == []
