"""A wrong configuration gives one sentence that names the key, what was found, what is allowed."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import small
from timeshare.experiment import ConfigurationError, Experiment
from timeshare.experiment.reading import read_yaml


def changed(path: str, value: Any) -> dict[str, Any]:
    content = small()
    place: Any = content
    *parents, last = path.split(".")
    for parent in parents:
        place = place[parent]
    place[last] = value
    return content


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("training.updatess", 3, ["training", "'updatess'", "did you mean 'updates'?"]),
        ("training.updates", -3, ["training.updates", "-3", "greater than or equal to 1"]),
        ("training.update", "both", ["training.update", "'both'", "'sequence' or 'window'"]),
        ("tasks.prity", {}, ["tasks.prity", "unknown task 'prity'", "'parity'"]),
        ("tasks.drift", {"parameters": {"state": 3}}, ["'state'", "did you mean 'states'?"]),
        ("tasks.drift", {"parameters": {"states": 1}}, ["states", "1", "greater than or equal"]),
        ("tasks.My task", {"kind": "parity"}, ["'My task'", "unfit for a path"]),
        ("tasks", {}, ["tasks", "at least 1"]),
        ("variants.shared.cell", "lstn", ["variants.shared.cell", "'lstn'", "gru, lstm, rnn"]),
        ("variants.shared.schedule", {"kind": "shred"}, ["'shred'", "did you mean 'shared'?"]),
        ("variants.shared.schedule", {"kind": "blocks"}, ["size", "missing"]),
        ("variants.shared.match", "unshared", ["variants.shared", "`hidden` or `match`"]),
        ("sweeps.main.tasks", ["party"], ["sweeps.main.tasks", "'party'", "'parity'"]),
        ("sweeps.main.variants", ["sharde"], ["sweeps.main.variants", "'shared'"]),
        ("sweeps.main.tasks", [], ["sweeps.main.tasks", "at least 1"]),
        ("sweeps.main.tasks", ["drift", "drift"], ["'drift' is named twice"]),
        ("sweeps.main.truncations", [32], ["32 is longer than every length", "(10)", "'full'"]),
        ("sweeps.main.truncations", ["all"], ["sweeps.main.truncations", "'all'", "'full'"]),
        ("sweeps.main.claims", ["C15"], ["sweeps.main.claims", "'C15'", "'C1'", "'C14'"]),
        ("sweeps.main.claims", ["C3", "C3"], ["sweeps.main.claims", "'C3' is named twice"]),
        ("members.train_sizes", [0], ["members.train_sizes", "0"]),
    ],
)
def test_a_fault_is_named_with_its_place_and_remedy(
    path: str, value: Any, words: list[str]
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Experiment.parse(changed(path, value), "my.yaml")
    message = str(caught.value)
    assert message.startswith("my.yaml: ")
    for word in words:
        assert word in message


def test_a_match_of_a_match_is_refused() -> None:
    lstm = {"cell": "lstm", "schedule": {"kind": "shared"}}
    content = changed("variants.a", lstm | {"match": "b"})
    content["variants"]["b"] = lstm | {"match": "shared"}
    with pytest.raises(ConfigurationError, match="itself matches another variant"):
        Experiment.parse(content)


def test_a_length_a_real_data_set_lacks_is_refused() -> None:
    content = changed("tasks.vowels", {"evaluation_lengths": [7, 30]})
    content["sweeps"]["main"]["tasks"] = ["vowels"]
    with pytest.raises(ConfigurationError, match="1 to 29 frames, not 30"):
        Experiment.parse(content)


def test_more_training_sequences_than_there_are_is_refused() -> None:
    content = changed("tasks.vowels", {"evaluation_lengths": [7]})
    content["sweeps"]["main"] |= {"tasks": ["vowels"], "train_sizes": [500]}
    with pytest.raises(ConfigurationError, match="500 is more than the 216"):
        Experiment.parse(content)


def test_lengths_up_to_t_need_a_task_whose_prefixes_are_sequences() -> None:
    content = changed("training.lengths", "up-to")
    content["tasks"]["keyword"] = {}
    content["sweeps"]["main"] |= {"tasks": ["keyword"]}
    with pytest.raises(ConfigurationError, match="'up-to' crops sequences"):
        Experiment.parse(content)


def test_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.yaml"
    path.write_text("tasks:\n  parity: {}\n  parity: {}\n")
    with pytest.raises(ConfigurationError, match=r"twice.yaml: line 3: 'parity' is named twice"):
        read_yaml(path)


def test_what_is_not_yaml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("tasks: [")
    with pytest.raises(ConfigurationError, match=r"broken.yaml: cannot be read as YAML"):
        read_yaml(path)


def test_the_default_configuration_is_valid(root: Path) -> None:
    assert Experiment.read(root / "config.yaml").sweeps


def test_the_schema_in_the_repository_is_the_one_the_models_generate(root: Path) -> None:
    from timeshare.experiment.schema import schema

    assert (root / "workflow/schemas/config.schema.json").read_text() == schema()
