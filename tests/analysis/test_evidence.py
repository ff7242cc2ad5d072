"""Which rows of the tables a comparison may use."""

from dataclasses import replace

import numpy as np

from tests.analysis.synthetic import FAST, at, held_out, trained, unseen
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import Tables


def test_a_shorter_length_is_no_unseen_one_for_a_dense_task() -> None:
    tables = unseen(0.9, 0.9, evaluated=[4, 16])
    assert set(Evidence(tables, FAST).unseen["evaluated_length"]) == {16}
    final = unseen(0.9, 0.9, evaluated=[4, 16], tasks=["recall"])
    assert set(Evidence(final, FAST).unseen["evaluated_length"]) == {4, 16}


def test_a_rule_that_changes_says_nothing_of_unseen_lengths() -> None:
    assert Evidence(unseen(0.9, 0.9, tasks=["drift"]), FAST).unseen.empty


def test_positions_held_out_are_no_question_of_length() -> None:
    tables = held_out(1.0, 0.0, evaluated=(16,))
    assert Evidence(tables, FAST).unseen.empty


def test_diverged_members_count_at_chance() -> None:
    tables = unseen(1.0, 0.0)
    lost = (tables.scores["unit"] < 2) & (tables.scores["variant"] == "shared")
    scores = tables.scores.assign(diverged=lost, score=tables.scores["score"].where(~lost, 0.0))
    failed = tables.positions["unit"].lt(2) & (tables.positions["variant"] == "shared")
    kept = Tables(scores, tables.positions[~failed], tables.conditions)
    rows = Evidence(kept, FAST).unseen
    shared = rows[rows["variant"] == "shared"].groupby("unit")["score"].mean()
    assert len(shared) == 5
    assert shared[:2].tolist() == [0.0, 0.0] and (shared[2:] > 0.9).all()


def test_tasks_whose_length_is_their_speed_say_nothing_of_unseen_lengths() -> None:
    tables = unseen(0.9, 0.9)
    faster = replace(tables, conditions=tables.conditions.assign(resampled=True))
    assert Evidence(faster, FAST).unseen.empty


def test_shorter_lengths_are_seen_by_networks_trained_on_all_of_them() -> None:
    tables = unseen(0.9, 0.9, evaluated=[4, 16], tasks=["recall-up-to"])
    assert set(Evidence(tables, FAST).unseen["evaluated_length"]) == {16}


def test_only_real_data_share_their_test_sequences() -> None:
    tables = trained(at(shared=0.6, unshared=0.6), ["vowels", "recall"], sequences=100, spread=0.0)
    table = Evidence(tables, FAST).tested
    real = table.loc[table["task"] == "vowels", "item_variance"]
    # A score of .6 at a chance of .5 is an accuracy of .8.
    assert np.allclose(real, 0.8 * 0.2 / 100 / 0.5**2)
    assert (table.loc[table["task"] == "recall", "item_variance"] == 0).all()
