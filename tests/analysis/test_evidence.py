"""Which rows of the tables a comparison may use."""

import pytest

from tests.analysis.synthetic import FAST, held_out, unseen
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import Tables
from timeshare.claims.judging import claims


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
    lost = (tables.scores["seed"] < 2) & (tables.scores["variant"] == "shared")
    scores = tables.scores.assign(diverged=lost, score=tables.scores["score"].where(~lost, 0.0))
    failed = tables.positions["seed"].lt(2) & (tables.positions["variant"] == "shared")
    kept = Tables(scores, tables.positions[~failed], tables.conditions)
    rows = Evidence(kept, FAST).unseen
    shared = rows[rows["variant"] == "shared"].groupby("seed")["score"].mean()
    assert len(shared) == 5
    assert shared[:2].tolist() == [0.0, 0.0] and (shared[2:] > 0.9).all()


def test_the_error_rate_is_shared_by_the_claims_that_sample_seeds() -> None:
    family = sum(claim.sampled for claim in claims().values())
    evidence = Evidence(unseen(1.0, 1.0), FAST, family)
    assert evidence.confidence(2) == pytest.approx(1 - 0.05 / (2 * family))
