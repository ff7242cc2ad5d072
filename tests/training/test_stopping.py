"""When a member stops by itself."""

from collections.abc import Sequence

import pytest

from timeshare.experiment.plan import Updates
from timeshare.tasks.base import Split
from timeshare.training.history import Point
from timeshare.training.stopping import Plateau

RULE = Updates(least=10, most=1000, patience=20)
EVERY = 5
"""Updates between the evaluation points of these tests."""

Curve = Sequence[tuple[float, float, float]]
"""Training score, training loss and validation score at each evaluation point."""


def noted(curve: Curve, learnable: bool = True, rule: Updates | None = RULE) -> Plateau:
    plateau = Plateau(rule, learnable)
    for place, values in enumerate(curve):
        note(plateau, 0, place * EVERY, *values)
    return plateau


def note(
    plateau: Plateau, member: int, update: int, train: float, loss: float, held: float
) -> None:
    scores = {Split.TRAIN: (train, loss), Split.VALIDATION: (held, 1.0), Split.TEST: (held, 1.0)}
    points = [Point(update, member, split, 0.0, loss, 0.5) for split, (_, loss) in scores.items()]
    plateau.note(points, {(member, split): score for split, (score, _) in scores.items()})


def stops(curve: Curve, learnable: bool = True, rule: Updates | None = RULE) -> int | None:
    """The update after which a member with this curve stops."""
    plateau = Plateau(rule, learnable)
    for place, values in enumerate(curve):
        note(plateau, 0, place * EVERY, *values)
        if plateau.reached(0, place * EVERY):
            return place * EVERY
    return None


def test_a_member_without_progress_stops_when_its_patience_is_over() -> None:
    assert stops([(0.5, 1.0, 0.4)] * 20) == 20


def test_patience_counts_from_the_last_progress() -> None:
    rising = [(0.5, 1.0, 0.1 * place) for place in range(4)]
    assert stops(rising + rising[-1:] * 20) == 15 + 20


def test_no_member_stops_before_the_least_updates() -> None:
    rule = Updates(least=60, most=1000, patience=20)
    assert stops([(0.5, 1.0, 0.4)] * 20, rule=rule) == 60


def test_without_a_rule_no_member_stops_by_itself() -> None:
    assert stops([(0.5, 1.0, 0.4)] * 50, rule=None) is None


@pytest.mark.parametrize(("step", "expected"), [(1e-6, None), (0.0, 20), (-0.01, 20)])
def test_a_validation_score_has_to_rise_however_little(step: float, expected: int | None) -> None:
    assert stops([(0.5, 1.0, 0.2 + step * place) for place in range(20)]) == expected


def test_a_validation_score_that_comes_back_to_its_highest_is_no_progress() -> None:
    assert stops([(0.5, 1.0, 0.6), (0.5, 1.0, 0.1), (0.5, 1.0, 0.6)] * 10) == 20


@pytest.mark.parametrize(("factor", "expected"), [(0.98, None), (0.995, None), (0.999, 20)])
def test_the_training_loss_has_to_fall_by_one_per_cent_within_the_patience(
    factor: float, expected: int | None
) -> None:
    assert stops([(0.5, factor**place, 0.2) for place in range(60)]) == expected


def test_a_falling_loss_is_no_progress_where_the_training_score_is_perfect() -> None:
    assert stops([(1.0, 0.5**place, 0.2) for place in range(20)]) == 20


def test_a_rising_validation_score_is_progress_where_the_training_score_is_perfect() -> None:
    assert stops([(1.0, 0.1, 0.01 * place) for place in range(20)]) is None


@pytest.mark.parametrize(("score", "expected"), [(-0.1, None), (0.05, None), (0.06, 20)])
def test_a_member_at_chance_on_its_training_data_does_not_stop(
    score: float, expected: int | None
) -> None:
    assert stops([(score, 1.0, 0.0)] * 40) == expected


def test_a_member_that_leaves_chance_late_has_its_patience_then() -> None:
    curve = [(0.0, 1.0, 0.0)] * 20 + [(0.6, 0.4, 0.5)] * 20
    assert stops(curve) == 20 * EVERY + 20


def test_on_random_labels_the_training_score_alone_is_progress() -> None:
    falling = [(0.5, 0.9**place, 0.01 * place) for place in range(20)]
    assert stops(falling, learnable=False) == 20
    assert stops(falling) is None
    rising = [(0.3 + 0.01 * place, 1.0, 0.0) for place in range(20)]
    assert stops(rising, learnable=False) is None
    assert stops(rising) == 20


def test_a_loss_that_is_not_finite_is_no_progress() -> None:
    nothing = float("nan")
    assert stops([(0.5, 1.0, 0.4)] + [(0.5, nothing, nothing)] * 20) == 20


def test_test_scores_are_no_progress() -> None:
    plateau = noted([(0.5, 1.0, 0.4)])
    for update in range(5, 50, 5):
        point = Point(update, 0, Split.TEST, 0.0, 0.1, 0.5)
        plateau.note([point], {(0, Split.TEST): 0.01 * update})
    assert plateau.reached(0, 20)


def test_each_member_has_a_plateau_of_its_own() -> None:
    plateau = Plateau(RULE, learnable=True)
    for place in range(8):
        note(plateau, 0, place * EVERY, 0.5, 1.0, 0.4)
        note(plateau, 1, place * EVERY, 0.5, 1.0, 0.05 * place)
    assert plateau.reached(0, 35)
    assert not plateau.reached(1, 35)
