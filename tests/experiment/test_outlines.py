"""An experiment is counted without making its members, and the counts are those of its grid."""

from pathlib import Path

import pytest

from tests.conftest import small
from timeshare.experiment import Experiment, expand
from timeshare.experiment.outlines import exceeds, most_conditions, outlines
from timeshare.experiment.reading import read_yaml


@pytest.mark.parametrize("name", ["config.yaml", "studies/quick.yaml", "studies/drift-map.yaml"])
def test_counts_are_those_of_the_expanded_grid(root: Path, name: str) -> None:
    experiment = Experiment.parse(read_yaml(root / name))
    grid, outlined = expand(experiment), outlines(experiment)
    assert outlined.keys() == grid.keys()
    for key, condition in grid.items():
        assert outlined[key].members == len(condition.members)
        assert outlined[key].search_members == len(condition.search_members)
        assert outlined[key].drawn == condition.drawn


def test_a_condition_of_two_sweeps_counts_once_with_the_members_of_both() -> None:
    content = small()
    content["sweeps"] = {
        "few": content["sweeps"]["main"] | {"seeds": 2, "rules": 2, "train_sizes": [8]},
        "many": content["sweeps"]["main"] | {"seeds": 7, "rules": 7, "train_sizes": [8, 16]},
    }
    experiment = Experiment.parse(content)
    grid, outlined = expand(experiment), outlines(experiment)
    assert {key: each.members for key, each in outlined.items()} == {
        key: len(each.members) for key, each in grid.items()
    }
    assert most_conditions(experiment) == 2 * len(grid)
    assert not exceeds(experiment, len(grid))
    assert exceeds(experiment, len(grid) - 1)


def test_a_truncation_counts_where_it_is_no_longer_than_the_length() -> None:
    content = small()
    content["sweeps"]["main"] |= {"lengths": [10, 12], "truncations": [2, 12, "full"]}
    experiment = Experiment.parse(content)
    assert most_conditions(experiment) == len(expand(experiment))


def test_a_million_million_networks_are_counted_and_not_made() -> None:
    content = small()
    content["sweeps"]["main"] |= {
        "lengths": list(range(10, 1010)),
        "truncations": list(range(1, 1001)),
    }
    content["members"] = {"seeds": 900_000, "rules": 900_000, "train_sizes": [8]}
    experiment = Experiment.parse(content)
    assert most_conditions(experiment) > 1_000_000
    assert exceeds(experiment, 10_000)
