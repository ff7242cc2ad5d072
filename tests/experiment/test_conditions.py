"""The experiment is the union of its sweeps; a condition holds all that its result depends on."""

from typing import Any

import pytest

from tests.conftest import small
from timeshare.experiment import Condition, ConfigurationError, Experiment, Member, expand
from timeshare.experiment.conditions import FRESH, SEARCH, size_name
from timeshare.experiment.plan import Updates


def test_a_sweep_is_the_full_grid(conditions: dict[str, Condition]) -> None:
    assert set(conditions) == {
        f"{task}/{variant}/length-10/truncation-{truncation}"
        for task in ("parity", "drift")
        for variant in ("shared", "unshared")
        for truncation in ("3", "full")
    }


def only(content: dict[str, Any]) -> Condition:
    """The one condition of a configuration."""
    [condition] = expand(Experiment.parse(content)).values()
    return condition


def of_task(task: str, **sweep: Any) -> dict[str, Any]:
    """A configuration of one condition."""
    one = {"tasks": [task], "variants": ["shared"], "lengths": [10]} | sweep
    return small(sweeps={"main": one})


def test_where_the_rule_is_random_members_are_every_rule_at_every_size() -> None:
    members = only(of_task("drift", rules=3)).members
    assert {(member.rule, member.seed, member.train_size) for member in members} == {
        (rule, 0, size) for rule in range(3) for size in (16, 40)
    }
    assert len(members) == 6


def test_where_there_is_one_rule_members_are_every_seed_at_every_size() -> None:
    members = only(of_task("parity", seeds=3)).members
    assert {(member.rule, member.seed, member.train_size) for member in members} == {
        (0, seed, size) for seed in range(3) for size in (16, 40)
    }


def test_a_rule_may_have_several_seeds() -> None:
    content = of_task("drift")
    content["members"] |= {"seeds_per_rule": 2, "first_seed": 5}
    condition = only(content)
    assert {tuple(unit) for unit in condition.units} == {(0, 5), (0, 6), (1, 5), (1, 6)}
    assert {condition.unit_of(member) for member in condition.members} == {0, 1}


@pytest.mark.parametrize(("task", "unit"), [("drift", "rule"), ("parity", "seed")])
def test_the_unit_is_the_rule_where_it_is_random_and_else_the_seed(task: str, unit: str) -> None:
    condition = only(of_task(task))
    assert condition.random_rule == (unit == "rule")
    for member in condition.members:
        assert condition.unit_of(member) == getattr(member, unit)


def test_reported_members_wait_for_the_setting_that_is_chosen_for_their_train_size() -> None:
    condition = only(of_task("drift"))
    assert {member.setting for member in condition.members} == {None}
    with pytest.raises(ValueError, match="no setting was chosen yet"):
        condition.setting_of(condition.members[0])
    chosen = condition.with_settings({16: 1, 40: 0})
    assert {(member.train_size, member.setting) for member in chosen} == {(16, 1), (40, 0)}
    assert condition.setting_of(chosen[0]) == condition.settings[1]


def test_new_sequences_at_each_update_are_the_largest_train_size() -> None:
    condition = only(of_task("drift", lengths=[30], train_sizes=["fresh", 16, 64]))
    assert condition.train_sizes == [16, 64, FRESH]
    assert size_name(condition.train_sizes[-1]) == "fresh"
    assert size_name(64) == "64"
    assert condition.drawn == 64
    assert only(of_task("drift", train_sizes=["fresh"])).drawn == 0


@pytest.mark.parametrize("task", ["drift", "parity"])
def test_settings_are_tried_on_units_that_are_never_reported(task: str) -> None:
    content = of_task(task, rules=40, seeds=40)
    content["members"] |= {"first_rule": 999_000, "first_seed": 999_000}
    content["search"]["rules"] = 3
    condition = only(content)
    assert len(condition.search_units) == 3
    assert not set(condition.search_units) & set(condition.units)
    rules, seeds = ({unit[i] for unit in condition.search_units} for i in (0, 1))
    assert (len(rules), len(seeds)) == ((3, 1) if task == "drift" else (1, 3))


def test_every_setting_is_tried_at_every_size_on_every_unit_of_the_search() -> None:
    content = of_task("drift", train_sizes=[16, "fresh"])
    content["search"]["rules"] = 2
    condition = only(content)
    members = condition.search_members
    assert len(members) == len(set(members)) == 2 * 2 * 2
    assert {member.unit for member in members} == set(condition.search_units)
    assert {(m.train_size, m.setting) for m in members} == {
        (size, setting) for size in (16, FRESH) for setting in (0, 1)
    }


def test_one_setting_needs_no_search() -> None:
    content = of_task("drift")
    content["search"]["settings"] = [{"learning_rate": 0.01}]
    condition = only(content)
    assert not condition.searches
    assert condition.search_units == []
    assert condition.search_members == ()


def test_no_reported_unit_can_have_the_number_of_a_search(condition: Condition) -> None:
    content = small()
    content["members"]["first_rule"] = SEARCH
    with pytest.raises(ConfigurationError, match=r"members\.first_rule: found 1000000"):
        Experiment.parse(content)
    assert min(unit.rule for unit in condition.search_units) == SEARCH


@pytest.mark.parametrize("key", ["rules", "seeds"])
def test_more_units_than_there_are_numbers_below_those_of_a_search_are_refused(key: str) -> None:
    content = of_task("drift" if key == "rules" else "parity", **{key: 2})
    content["members"][f"first_{key.removesuffix('s')}"] = SEARCH - 1
    with pytest.raises(ConfigurationError, match=rf"sweeps\.main\.{key}: .* 1000000, .* search"):
        Experiment.parse(content)


def test_rules_and_seeds_are_counted_from_the_first_ones() -> None:
    content = small()
    content["members"] |= {"first_rule": 100, "first_seed": 7, "rules": 2}
    content["sweeps"]["more"] = {
        "tasks": ["drift"],
        "variants": ["shared"],
        "lengths": [12],
        "rules": 3,
    }
    units = {name: one.units for name, one in expand(Experiment.parse(content)).items()}
    assert units["drift/shared/length-10/truncation-full"] == [(100, 7), (101, 7)]
    assert units["drift/shared/length-12/truncation-full"] == [(100, 7), (101, 7), (102, 7)]
    assert units["parity/shared/length-10/truncation-full"] == [(0, 7), (0, 8)]


def test_a_condition_that_two_sweeps_name_is_trained_once_with_the_members_of_both() -> None:
    sweep = {"tasks": ["parity"], "variants": ["shared"], "lengths": [10]}
    condition = only(
        small(
            sweeps={
                "one": sweep | {"train_sizes": [16], "seeds": 1},
                "two": sweep | {"train_sizes": [20, "fresh"], "seeds": 2},
            }
        )
    )
    assert condition.sweeps == ("one", "two")
    assert condition.members == (
        Member(rule=0, seed=0, train_size=16),
        Member(rule=0, seed=0, train_size=20),
        Member(rule=0, seed=1, train_size=20),
        Member(rule=0, seed=0, train_size=FRESH),
        Member(rule=0, seed=1, train_size=FRESH),
    )


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


def changed(condition: Condition, **changes: Any) -> bool:
    return condition.model_copy(update=changes).digest() != condition.digest()


def test_whatever_decides_the_result_changes_the_digest(condition: Condition) -> None:
    plan = condition.training
    assert changed(condition, training=plan.model_copy(update={"clip": 2.0}))
    by_itself = Updates(least=1, most=12, patience=3)
    assert changed(condition, training=plan.model_copy(update={"updates": by_itself}))
    assert changed(condition, settings=condition.settings[:1])
    assert changed(condition, search_rules=9)
    assert changed(condition, members=condition.members[:1])


def test_what_decides_nothing_does_not_change_the_digest(condition: Condition) -> None:
    plan = condition.training.model_copy(update={"checkpoint_seconds": 1.0})
    titled = condition.network.model_copy(update={"title": "a matrix for each step"})
    assert not changed(condition, training=plan)
    assert not changed(condition, network=titled)
    assert not changed(condition, sweeps=("main", "more"))


def test_titles_of_a_configuration_change_no_condition(conditions: dict[str, Condition]) -> None:
    content = small()
    for entry in (*content["tasks"].values(), *content["variants"].values()):
        entry["title"] = "what readers call it"
    content["sweeps"]["again"] = content["sweeps"]["main"] | {"claims": ["C5"]}
    titled = expand(Experiment.parse(content))
    for name, condition in conditions.items():
        assert titled[name].resolved() == condition.resolved()


def test_a_change_of_the_variant_that_is_matched_changes_the_digest() -> None:
    content = small()
    shared = {"cell": "lstm", "schedule": {"kind": "shared"}, "match": "unshared"}
    content["variants"]["wide"] = shared
    content["sweeps"]["main"]["variants"] = ["wide"]
    before = expand(Experiment.parse(content))
    content["variants"]["unshared"]["title"] = "a matrix for each step"
    assert expand(Experiment.parse(content)).keys() == before.keys()
    for name, condition in expand(Experiment.parse(content)).items():
        assert condition.digest() == before[name].digest()
    content["variants"]["unshared"]["hidden_size"] = 7
    for name, condition in expand(Experiment.parse(content)).items():
        assert condition.digest() != before[name].digest()
