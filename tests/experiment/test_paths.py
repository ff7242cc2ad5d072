"""Where the files of an experiment lie, and the name that the folders have."""

from pathlib import Path

import pytest
import yaml

from tests.conftest import small
from timeshare.experiment import Condition, ConfigurationError, Experiment
from timeshare.experiment.paths import CONDITION, RUN, Paths


def test_two_experiments_share_no_folder() -> None:
    one, other = Paths("one"), Paths("other")
    assert (one.results, one.reports) == ("results/one", "reports/one")
    assert one.run(RUN, "x") != other.run(RUN, "x")
    assert Paths("one", "/data").results == "/data/results/one"


def test_a_path_without_values_is_the_pattern_of_the_path_with_them(condition: Condition) -> None:
    paths, task, length = Paths("mine"), condition.task, condition.length
    patterns = {
        paths.run(RUN): paths.run(RUN, condition.id),
        paths.evaluation("scores"): paths.evaluation("scores", task, length),
        paths.training_data("train"): paths.training_data("train", task, length),
        paths.training_manifest("train"): paths.training_manifest("train", task, length),
        paths.test_data(): paths.test_data(task),
        paths.test_manifest(): paths.test_manifest(task),
    }
    values = {"variant": condition.variant, "truncation": condition.truncation_name}
    for pattern, path in patterns.items():
        assert pattern.format(task=task, length=length, **values) == path
    assert CONDITION.format(task=task, length=length, **values) == condition.id


def test_the_name_is_the_configuration_s_or_that_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "my-study.yaml"
    path.write_text(yaml.safe_dump(small()))
    assert Experiment.read(path).paths == Paths("my-study")
    path.write_text(yaml.safe_dump(small(name="another")))
    assert Experiment.read(path).paths == Paths("another")


@pytest.mark.parametrize("name", ["My study", "../elsewhere", "a/b", ""])
def test_a_name_that_is_unfit_for_a_path_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"my\.yaml: name: .* is unfit for a path"):
        Experiment.parse(small(name=name), "my.yaml")


def test_a_file_whose_name_is_unfit_for_a_path_needs_a_name() -> None:
    with pytest.raises(ConfigurationError, match="'My study' is unfit for a path"):
        Experiment.parse(small(), "My study.yaml")
    assert Experiment.parse(small(name="mine"), "My study.yaml").name == "mine"


def test_logs_lie_aside_where_results_cannot_be_written() -> None:
    paths = Paths("mine")
    assert paths.aside(writable=True) == paths
    assert paths.aside(writable=False).log("report") != paths.log("report")
    assert not paths.aside(writable=False).log("report").startswith("results")
