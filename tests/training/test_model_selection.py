"""The setting of each train size is chosen on units that are never reported."""

from collections.abc import Callable, Sequence

import pandas as pd
import pytest

from tests.conftest import small
from timeshare.experiment import Condition, Experiment, Member, Setting, expand
from timeshare.tasks.base import Split
from timeshare.training.history import Point, history_table
from timeshare.training.model_selection import chosen_settings, setting_scores

CHANCE = 0.5
Scores = dict[Split, Sequence[float]]
Behaviour = Callable[[Member], Scores]


@pytest.fixture
def searched() -> Condition:
    """Two train sizes, three settings, tried on two rules."""
    content = small()
    content["search"] = {
        "rules": 2,
        "settings": [{"learning_rate": rate} for rate in (0.1, 0.2, 0.3)],
    }
    return expand(Experiment.parse(content))["drift/shared/length-10/truncation-full"]


def points_of(members: Sequence[Member], behaviour: Behaviour, loss: float = 1.0) -> list[Point]:
    """Learning curves with these scores at updates 0, 4, 8, ..."""
    return [
        Point(4 * place, number, split, CHANCE + score * (1 - CHANCE), loss, CHANCE)
        for number, member in enumerate(members)
        for split, scores in behaviour(member).items()
        for place, score in enumerate(scores)
    ]


def chosen(
    condition: Condition, behaviour: Behaviour, diverged: Callable[[Member], bool] | None = None
) -> dict[int, int]:
    members = condition.search_members
    failed = [0 if diverged and diverged(member) else None for member in members]
    return chosen_settings(condition, members, points_of(members, behaviour), failed)


def test_each_train_size_has_the_setting_with_the_highest_validation_score(
    searched: Condition,
) -> None:
    best = {16: 2, 40: 1}

    def behaviour(member: Member) -> Scores:
        good = member.setting == best[member.train_size]
        return {Split.VALIDATION: [0.8 if good else 0.4], Split.TRAIN: [0.1 if good else 0.9]}

    assert chosen(searched, behaviour) == best


def test_the_highest_score_of_a_curve_counts_and_not_the_last(searched: Condition) -> None:
    def behaviour(member: Member) -> Scores:
        curve = [0.0, 0.9, 0.1] if member.setting == 1 else [0.0, 0.5, 0.6]
        return {Split.VALIDATION: curve}

    assert chosen(searched, behaviour) == {16: 1, 40: 1}


def test_the_mean_over_the_units_of_the_search_counts(searched: Condition) -> None:
    first = searched.search_units[0]

    def behaviour(member: Member) -> Scores:
        uneven = [0.95] if member.unit == first else [0.1]
        return {Split.VALIDATION: uneven if member.setting == 0 else [0.6]}

    assert chosen(searched, behaviour) == {16: 1, 40: 1}


def test_a_diverged_member_counts_as_chance(searched: Condition) -> None:
    def behaviour(member: Member) -> Scores:
        return {Split.VALIDATION: [1.0 if member.setting == 0 else 0.55]}

    first = searched.search_units[0]
    assert chosen(searched, behaviour) == {16: 0, 40: 0}
    assert chosen(searched, behaviour, lambda each: each.setting == 0 and each.unit == first) == {
        16: 1,
        40: 1,
    }


def test_a_tie_goes_to_the_lower_loss_and_then_to_the_smaller_number(searched: Condition) -> None:
    members = searched.search_members
    equal = points_of(members, lambda _: {Split.VALIDATION: [0.7]})
    none = [None] * len(members)
    assert chosen_settings(searched, members, equal, none) == {16: 0, 40: 0}
    lower = [
        Point(p.update, p.member, p.split, p.value, 0.3, p.chance)
        if members[p.member].setting == 2
        else p
        for p in equal
    ]
    assert chosen_settings(searched, members, lower, none) == {16: 2, 40: 2}


def test_of_equal_scores_of_a_curve_the_lower_loss_counts(searched: Condition) -> None:
    members = searched.search_members[:1]
    points = [
        Point(update, 0, Split.VALIDATION, 0.9, loss, CHANCE)
        for update, loss in ((0, 0.7), (4, 0.2), (8, 0.5))
    ]
    table = setting_scores(history_table(searched, members, points, [None]), learnable=True)
    assert table["loss"].tolist() == [0.2]


def test_random_labels_are_chosen_by_the_training_score() -> None:
    content = small(tasks={"labels": {}})
    content["sweeps"]["main"]["tasks"] = ["labels"]
    condition = expand(Experiment.parse(content))["labels/shared/length-10/truncation-full"]

    def behaviour(member: Member) -> Scores:
        good = member.setting == 1
        return {Split.TRAIN: [0.9 if good else 0.2], Split.VALIDATION: [0.0 if good else 0.3]}

    assert chosen(condition, behaviour) == {16: 1, 40: 1}


def test_scores_are_means_of_the_members_of_a_setting(searched: Condition) -> None:
    first = searched.search_units[0]
    members = searched.search_members
    points = points_of(
        members, lambda member: {Split.VALIDATION: [0.8 if member.unit == first else 0.4]}
    )
    history = history_table(searched, members, points, [None] * len(members))
    table = setting_scores(history, learnable=True)
    assert len(table) == 2 * 3
    assert table["score"].tolist() == pytest.approx([0.6] * 6)
    assert table["members"].tolist() == [2] * 6
    assert isinstance(table, pd.DataFrame)


def test_history_has_the_unit_and_the_setting_of_each_member(searched: Condition) -> None:
    members = searched.search_members
    points = points_of(members, lambda _: {Split.VALIDATION: [0.7]})
    table = history_table(searched, members, points, [0] + [None] * (len(members) - 1))
    assert table["unit"].tolist() == table["rule"].tolist() == [m.rule for m in members]
    rates = [searched.setting_of(member).learning_rate for member in members]
    assert table["learning_rate"].tolist() == rates
    assert table["diverged"].tolist() == [True] + [False] * (len(members) - 1)
    assert table["strength"].isna().all()
    strong = searched.model_copy(
        update={"settings": (Setting(learning_rate=0.1, strength=0.5),) * 3}
    )
    table = history_table(strong, members, points, [None] * len(members))
    assert set(table["strength"]) == {0.5}
