"""The experiment is the union of its sweeps; a condition holds all that its result depends on."""

from tests.conftest import small
from timeshare.experiment import Condition, Experiment, Member, expand


def test_a_sweep_is_the_full_grid(conditions: dict[str, Condition]) -> None:
    assert set(conditions) == {
        f"{task}/{variant}/length-10/truncation-{truncation}"
        for task in ("parity", "drift")
        for variant in ("shared", "unshared")
        for truncation in ("3", "full")
    }


def test_members_are_every_seed_at_every_size_with_every_rate(condition: Condition) -> None:
    assert len(condition.members) == len(set(condition.members)) == 2 * 2 * 2


def test_seeds_are_counted_from_the_first_one() -> None:
    content = small()
    content["members"] |= {"first_seed": 100, "seeds": 2}
    content["sweeps"]["more"] = {
        "tasks": ["drift"],
        "variants": ["shared"],
        "lengths": [12],
        "seeds": 3,
    }
    seeds = {name: one.seeds for name, one in expand(Experiment.parse(content)).items()}
    assert seeds["drift/shared/length-10/truncation-full"] == [100, 101]
    assert seeds["drift/shared/length-12/truncation-full"] == [100, 101, 102]


def test_a_condition_that_two_sweeps_name_is_trained_once_with_the_members_of_both() -> None:
    sweep = {"tasks": ["parity"], "variants": ["shared"], "lengths": [10]}
    conditions = expand(
        Experiment.parse(
            small(
                sweeps={
                    "one": sweep | {"train_sizes": [16], "learning_rates": [0.01], "seeds": 1},
                    "two": sweep | {"train_sizes": [20], "learning_rates": [0.01], "seeds": 2},
                }
            )
        )
    )
    [condition] = conditions.values()
    assert condition.sweeps == ("one", "two")
    assert set(condition.members) == {
        Member(seed=0, train_size=16, learning_rate=0.01),
        Member(seed=0, train_size=20, learning_rate=0.01),
        Member(seed=1, train_size=20, learning_rate=0.01),
    }


def test_a_truncation_longer_than_one_of_the_lengths_is_left_out_there() -> None:
    sweep = {
        "tasks": ["parity"],
        "variants": ["shared"],
        "lengths": [8, 16],
        "truncations": [8, 12],
    }
    names = set(expand(Experiment.parse(small(sweeps={"main": sweep}))))
    assert names == {
        "parity/shared/length-8/truncation-full",
        "parity/shared/length-16/truncation-8",
        "parity/shared/length-16/truncation-12",
    }


def test_a_truncation_of_t_steps_is_full() -> None:
    sweep = {
        "tasks": ["parity"],
        "variants": ["shared"],
        "lengths": [8],
        "truncations": [8, "full"],
    }
    assert len(expand(Experiment.parse(small(sweeps={"main": sweep})))) == 1


def test_a_task_changes_the_training_of_all_its_variants_and_of_no_other_task() -> None:
    tasks = {"parity": {"training": {"updates": 99}}, "drift": {}}
    for condition in expand(Experiment.parse(small(tasks=tasks))).values():
        assert condition.training.updates == (99 if condition.task == "parity" else 12)


def test_a_condition_is_rebuilt_from_its_resolved_form(condition: Condition) -> None:
    again = Condition.of(condition.resolved())
    assert again.resolved() == condition.resolved()
    assert again.digest() == condition.digest()


def test_adding_a_variant_a_length_or_a_truncation_leaves_other_conditions_as_they_are(
    conditions: dict[str, Condition],
) -> None:
    content = small()
    content["variants"]["wide"] = {
        "cell": "lstm",
        "schedule": {"kind": "shared"},
        "match": "unshared",
    }
    content["sweeps"]["main"] |= {
        "variants": ["shared", "unshared", "wide"],
        "lengths": [10, 12],
        "truncations": [3, 5, "full"],
    }
    more = expand(Experiment.parse(content))
    assert len(more) > len(conditions)
    for name, condition in conditions.items():
        assert more[name].digest() == condition.digest()


def test_whatever_decides_the_result_changes_the_digest(condition: Condition) -> None:
    plan = condition.training.model_copy(update={"clip": 2.0})
    assert condition.model_copy(update={"training": plan}).digest() != condition.digest()


def test_how_often_a_checkpoint_is_saved_decides_nothing(condition: Condition) -> None:
    plan = condition.training.model_copy(update={"checkpoint_seconds": 1.0})
    assert condition.model_copy(update={"training": plan}).digest() == condition.digest()
