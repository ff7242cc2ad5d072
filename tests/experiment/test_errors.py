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
        ("variants.shared.match", "unshared", ["variants.shared", "`hidden_size` or `match`"]),
        ("sweeps.main.tasks", ["party"], ["sweeps.main.tasks", "'party'", "'parity'"]),
        ("sweeps.main.variants", ["sharde"], ["sweeps.main.variants", "'shared'"]),
        ("sweeps.main.tasks", [], ["sweeps.main.tasks", "at least 1"]),
        ("sweeps.main.tasks", ["drift", "drift"], ["'drift' is named twice"]),
        ("sweeps.main.truncations", [32], ["32 is longer than every length", "(10)", "'full'"]),
        ("sweeps.main.truncations", ["all"], ["sweeps.main.truncations", "'all'", "'full'"]),
        ("sweeps.main.claims", ["C99"], ["sweeps.main.claims", "'C99'", "C1, C2", "C16"]),
        ("sweeps.main.claims", ["C3", "C3"], ["sweeps.main.claims", "'C3' is named twice"]),
        ("members.train_sizes", [0], ["members.train_sizes", "0"]),
        ("members.train_sizes", ["new"], ["members.train_sizes", "'new'", "'fresh'"]),
        ("members.train_sizes", ["fresh", "fresh"], ["'fresh' is named twice"]),
        ("members.first_rule", 1_000_000, ["members.first_rule", "1000000", "999999"]),
        ("members.rules", 0, ["members.rules", "0"]),
        ("members.learning_rates", [0.1], ["members", "'learning_rates'", "`search.settings`"]),
        ("sweeps.main.learning_rates", [1], ["sweeps.main", "Write `search.settings` instead"]),
        ("training.weight_decay", 0.1, ["training: 'weight_decay'", "`search.settings`"]),
        ("training.updates", {"least": 9, "most": 3, "patience": 1}, ["9 is more than most, 3"]),
        ("training.updates", {"least": 1, "most": 3}, ["training.updates", "patience", "missing"]),
        ("training.window_offset", "any", ["training.window_offset", "'fixed' or 'random'"]),
        ("search.settings", [], ["search.settings", "at least 1"]),
        ("search.settings", [{"weight_decay": 1}], ["search.settings.0.learning_rate", "missing"]),
        ("search.settings", [{"learning_rate": 0}], ["search.settings.0.learning_rate", "0"]),
        (
            "search.settings",
            [{"learning_rate": 0.1, "dropout": 1}],
            ["search.settings.0.dropout", "less than 1"],
        ),
        (
            "search.settings",
            [{"learning_rate": 0.1, "strenght": 1}],
            ["'strenght'", "did you mean 'strength'?"],
        ),
        (
            "search.settings",
            [{"learning_rate": 0.1}, {"learning_rate": 0.1, "weight_decay": 0}],
            ["search.settings", "is named twice"],
        ),
        ("search.rules", 0, ["search.rules", "0"]),
        (
            "variants.shared.settings",
            [{"learning_rate": 0.1}],
            ["task 'parity'", "shared 1, unshared 2", "`search.unequal: true`"],
        ),
        ("members.first_seed", -1, ["members.first_seed", "-1", "greater than or equal to 0"]),
        ("variants.shared.cell", "no.such:Cell", ["variants.shared.cell", "'no.such:Cell'", "gru"]),
        ("variants.shared.cell", "timeshare:", ["variants.shared.cell", "is no import path"]),
        ("variants.shared.schedule", {}, ["variants.shared.schedule", "missing", "blocks"]),
        (
            "variants.shared.schedule",
            {"kind": "pathlib:Path"},
            ["'pathlib:Path' does not derive from"],
        ),
        ("variants.shared.schedule", {"kind": "no.such:It"}, ["'no.such:It' cannot be imported"]),
        (
            "variants.old",
            {"cell": "gru", "schedule": {"kind": "shared"}, "hidden_size": 4, "forget_bias": 1},
            ["variants.old: forget_bias", "'gru' has no forget gate", "lstm"],
        ),
        (
            "tasks.parity",
            {"training": {"checkpoint_seconds": 9}},
            ["tasks.parity.training", "unknown key 'checkpoint_seconds'", "updates"],
        ),
        ("results", "mine", ["'results' is no longer a key", "results/<name>/", "`name: <name>`"]),
        ("reports", "mine", ["'reports' is no longer a key", "reports/<name>/", "`name: <name>`"]),
        ("variants.shared.hidden", 4, ["variants.shared: 'hidden'", "Write `hidden_size`"]),
        ("variants.shared.clock", 4, ["variants.shared: 'clock'", "Write `time_features`"]),
        ("variants.shared.recurrent_start", "orthogonal", ["Write `recurrent_init`"]),
        ("cost.hidden", 4, ["cost: 'hidden'", "Write `hidden_size`"]),
        ("cost.solved", 0.9, ["cost: 'solved'", "Write `claims.solved`"]),
        ("cost.projection", {"hidden": 4}, ["cost.projection: 'hidden'", "Write `hidden_size`"]),
        ("cost.projection", {"inputs": 4}, ["cost.projection: 'inputs'", "Write `input_size`"]),
        ("cost.projection", {"outputs": 4}, ["cost.projection: 'outputs'", "Write `output_size`"]),
        ("cost.task", "pariti", ["cost.task", "'pariti'", "did you mean 'parity'?"]),
        ("cost.variants", ["lstm"], ["cost.variants", "'lstm'", "shared, unshared"]),
        ("cost.device", "cuda:x", ["cost.device", "'cuda:x'", "cpu, cuda, cuda:<number>"]),
        ("cost.projection", {"cell": "lsm"}, ["cost.projection.cell", "'lsm'", "'lstm'"]),
        (
            "cost.projection",
            {"schedules": {"one": {"size": 4}}},
            ["cost.projection.schedules.one", "`kind` is missing", "blocks"],
        ),
        (
            "cost.projection",
            {"schedules": {"one": {"kind": "block", "size": 4}}},
            ["cost.projection.schedules.one", "'block'", "did you mean 'blocks'?"],
        ),
        (
            "cost.projection",
            {"schedules": {"one": {"kind": "blocks", "sise": 4}}},
            ["cost.projection.schedules.one", "'sise'", "did you mean 'size'?"],
        ),
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


def test_the_timed_task_may_be_any_that_is_registered() -> None:
    content = changed("cost.task", "recall")
    assert Experiment.parse(content).cost.task == "recall"
    with pytest.raises(ConfigurationError, match=r"cost\.task: unknown task 'recal'; did you mean"):
        Experiment.parse(changed("cost.task", "recal"))


@pytest.mark.parametrize(("length", "size", "most"), [(6, 65, 64), (8, 200, 165), (10, 700, 6)])
def test_more_training_sequences_than_a_rule_can_make_is_refused(
    length: int, size: int, most: int
) -> None:
    content = changed("sweeps.main.lengths", [20, length])
    content["sweeps"]["main"]["train_sizes"] = [16, size]
    words = rf"sweeps.main.train_sizes: task 'parity': .* only {most}\d* .* length {length} exist"
    with pytest.raises(ConfigurationError, match=words):
        Experiment.parse(content)


@pytest.mark.parametrize(("length", "size"), [(6, 64), (10, 600), (20, 100_000)])
def test_as_many_training_sequences_as_a_rule_can_make_are_accepted(length: int, size: int) -> None:
    content = changed("sweeps.main.lengths", [length])
    content["sweeps"]["main"] |= {"tasks": ["parity"], "train_sizes": [size], "truncations": [3]}
    assert Experiment.parse(content).sweeps


def test_a_task_whose_space_is_only_known_to_be_larger_is_drawn_from_before_it_is_refused() -> None:
    content = changed("tasks.copy", {"evaluation_lengths": [32]})
    content["sweeps"]["main"] |= {"tasks": ["copy"], "lengths": [32], "train_sizes": [4000]}
    assert Experiment.parse(content).task("copy").space(32) < 4000


def test_lengths_up_to_t_need_sequences_of_every_length() -> None:
    content = changed("training.lengths", "up-to")
    content["tasks"]["keyword"] = {}
    content["sweeps"]["main"]["tasks"] = ["keyword"]
    assert Experiment.parse(content)
    content["tasks"]["mnist1d"] = {}
    content["evaluation"]["lengths"] = [10]
    content["sweeps"]["main"] |= {"tasks": ["mnist1d"], "lengths": [20]}
    with pytest.raises(ConfigurationError, match="'up-to' needs sequences of every length"):
        Experiment.parse(content)


@pytest.mark.parametrize("name", ["vowels", "labels"])
def test_new_sequences_of_a_data_set_or_of_random_labels_are_refused(name: str) -> None:
    content = changed(f"tasks.{name}", {"evaluation_lengths": [10]})
    content["sweeps"]["main"] |= {"tasks": [name], "train_sizes": [16, "fresh"]}
    words = rf"sweeps\.main\.train_sizes: 'fresh' needs a task that .* '{name}' cannot"
    with pytest.raises(ConfigurationError, match=words):
        Experiment.parse(content)


def test_unequal_numbers_of_settings_are_accepted_where_the_configuration_says_so() -> None:
    content = changed("variants.shared.settings", [{"learning_rate": 0.1}])
    content["search"]["unequal"] = True
    assert len(Experiment.parse(content).settings_of("shared")) == 1


def test_variants_that_no_sweep_compares_may_have_unequal_numbers_of_settings() -> None:
    content = changed("variants.shared.settings", [{"learning_rate": 0.1}])
    main = content["sweeps"]["main"]
    content["sweeps"] = {
        "one": main | {"variants": ["shared"], "tasks": ["parity"]},
        "other": main | {"variants": ["unshared"], "tasks": ["drift"]},
    }
    assert Experiment.parse(content)


def test_one_task_s_variants_in_two_sweeps_need_equal_numbers_of_settings_too() -> None:
    content = changed("variants.shared.settings", [{"learning_rate": 0.1}])
    main = content["sweeps"]["main"]
    content["sweeps"] = {
        "one": main | {"variants": ["shared"]},
        "other": main | {"variants": ["unshared"]},
    }
    with pytest.raises(ConfigurationError, match="equally many settings"):
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


def test_the_schema_in_the_repository_is_the_one_the_models_generate(root: Path) -> None:
    from timeshare.experiment.schema import schema

    assert (root / "workflow/schemas/config.schema.json").read_text() == schema()
