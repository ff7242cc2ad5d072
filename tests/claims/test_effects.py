"""What the claims measure: fair to unshared networks, and with every member counted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.analysis.flagged import flagged
from tests.analysis.synthetic import FAST, FRESH, at, fitted, held_out, joined, trained
from tests.claims.cases import CASES, lengths, power, rates, windows
from tests.claims.judging import judged
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import Tables
from timeshare.claims.base import Claim, Judgement
from timeshare.claims.judging import claims
from timeshare.claims.outcomes import Kind, Verdict

QUIET: dict[str, Any] = {"spread": 0.005, "seeds": 8}


def of(name: str) -> Claim:
    return claims()[name]


def effects(judgement: Judgement) -> dict[str, float]:
    return {each.name: each.effect for each in judgement.outcomes}


def test_an_unshared_member_has_its_best_extension() -> None:
    def score(row: Mapping[str, Any]) -> float:
        if row["schedule"] == "shared" or row["evaluated_length"] == row["length"]:
            return 1.0
        return 0.8 if row["extension"] == "cycle" else 0.1

    tables = trained(score, ["parity", "recall"], evaluated=[16, 32], **QUIET)
    found = effects(judged(of("C3"), tables))
    name = "shared minus unshared, equal width, asked at every step, the task parity"
    assert found[name] == pytest.approx(0.2, abs=0.03)


def test_beyond_t_only_steps_past_t_count() -> None:
    tables = lengths(0.0, 0.0, **QUIET)
    whole = tables.scores.assign(score=0.9, value=0.95)
    found = judged(of("C1"), replace(tables, scores=whole))
    dense = [each for each in found.outcomes if each.level[1] == "asked at every step"]
    assert len(dense) == 6 and all(abs(each.effect) < 0.05 for each in dense)


def test_a_network_that_did_not_learn_its_task_says_nothing_of_lengths() -> None:
    untaught = trained(lambda row: 0.0, ["parity", "recall"], evaluated=[16, 32, 64])
    assert judged(of("C1"), untaught).verdict is Verdict.NOT_TESTED
    assert judged(of("C3"), untaught).verdict is Verdict.NOT_TESTED


def test_every_range_of_lengths_has_the_same_tasks() -> None:
    """A final task that is tried up to twice its length stays out of all ranges."""
    whole = lengths(0.9, 0.9, **QUIET)
    short = trained(lambda row: 0.0, ["vowels"], ["shared"], [8], evaluated=[16], seeds=8)
    perfect = short.scores["evaluated_length"] == 8
    scores = short.scores.assign(score=short.scores["score"].where(~perfect, 1.0))
    tables = joined(whole, replace(short, scores=scores))
    assert effects(judged(of("C1"), tables)) == pytest.approx(effects(judged(of("C1"), whole)))


def test_one_hot_inputs_are_beside_a_shared_embedding() -> None:
    one_hot = held_out(1.0, 0.2, variants=["shared", "unshared"], **QUIET)
    assert judged(of("C4"), one_hot).verdict is Verdict.NOT_TESTED
    both = judged(of("C4"), joined(one_hot, held_out(0.5, 0.7, **QUIET)))
    assert both.verdict is Verdict.CONTRADICTED
    kinds = {each.name.split(", ")[-2]: each.kind for each in both.outcomes}
    assert kinds == {"shared embedding": Kind.PRIMARY, "one-hot inputs": Kind.SECONDARY}


def test_random_labels_give_bits_per_parameter_beside_the_gap() -> None:
    found = judged(of("C5"), fitted(0.3, 0.4))
    stored = [each for each in found.outcomes if each.units == "bits"]
    assert {each.threshold for each in stored} == {5.0}
    assert all(each.kind is Kind.SECONDARY and each.effect > 0 for each in stored)


def test_power_needs_trained_out_networks_on_a_hard_task_and_fresh_sequences() -> None:
    tables = power(0.3, 0.2, **QUIET)
    assert judged(of("C7"), tables).verdict is Verdict.SUPPORTED
    hasty = replace(tables, conditions=tables.conditions.assign(trained_out=0.5))
    easy = replace(tables, scores=tables.scores.assign(score=0.99))
    finite = replace(tables, scores=tables.scores[tables.scores["train_size"] != FRESH])
    for each in (hasty, easy, finite):
        assert judged(of("C7"), each).verdict is Verdict.NOT_TESTED


def test_a_narrow_winner_does_not_make_the_shared_network_a_wide_one() -> None:
    levels = at(shared=0.5, unshared=1.0, narrow=1.0, time_features=0.5)
    tables = trained(levels, ["drift", "parity"], ["shared", "unshared", "narrow", "time_features"])
    assert judged(of("C8"), tables).verdict is Verdict.INCONCLUSIVE


def test_unshared_networks_have_the_better_of_two_kinds_of_windows() -> None:
    found = {
        each.level: each for each in judged(of("C13"), windows(0.0, 0.4, -0.4, **QUIET)).outcomes
    }
    assert found["unshared weights", "K = 4"].effect == pytest.approx(0.0, abs=0.02)
    worse = judged(of("C13"), windows(0.0, 0.4, 0.2, **QUIET)).outcomes
    assert {round(each.effect, 1) for each in worse} == {0.0, -0.4}


def test_distances_that_a_window_holds_do_not_count() -> None:
    """The near group is one step away: only K = 1 would leave it beyond every window."""
    tables = windows(0.4, 0.4, **QUIET)
    near = tables.scores["group"] == "near"
    better = tables.scores.assign(score=tables.scores["score"].where(~near, 5.0))
    first, second = (judged(of("C13"), each) for each in (tables, replace(tables, scores=better)))
    assert effects(first) == effects(second)


def test_windows_say_nothing_where_k_full_does_not_solve_the_task() -> None:
    tables = windows(0.0, 0.0, **QUIET)
    worse = tables.scores.assign(score=tables.scores["score"] - 0.3)
    assert judged(of("C13"), replace(tables, scores=worse)).verdict is Verdict.NOT_TESTED


def test_the_map_has_a_cell_for_each_rate_and_train_size_at_both_matchings() -> None:
    found = judged(of("C14"), rates({0.0: -0.4, 0.5: 0.0, 1.0: 0.4}, wide=0.2, **QUIET))
    primary = [each for each in found.outcomes if each.primary]
    assert len(primary) == 2 * 3 * 2
    cell = {
        each.part: each.effect for each in primary if each.level == ("rate 100%", "64 sequences")
    }
    assert cell["equal width"] == pytest.approx(0.4, abs=0.02)
    assert cell["equal parameters"] == pytest.approx(0.2, abs=0.02)
    assert found.decision.levels["rate 100%", "64 sequences"] is Verdict.SUPPORTED
    assert found.verdict is Verdict.DEPENDS
    assert "depends on the rate of rule change" in found.sentence


def test_a_cell_without_equal_parameters_is_beside_the_map() -> None:
    tables = rates({0.0: -0.4, 1.0: 0.4}, **QUIET)
    drop = (tables.scores["variant"] == "wide") & (tables.scores["train_size"] == 64)
    found = judged(of("C14"), replace(tables, scores=tables.scores[~drop]))
    levels = {each.level[1] for each in found.outcomes if each.primary}
    assert levels == {"256 sequences"}
    assert found.verdict is Verdict.NOT_TESTED


def test_softly_tied_weights_are_held_against_what_validation_prefers() -> None:
    tables = rates({0.0: -0.4, 1.0: 0.4}, **QUIET)
    names = [each.name for each in judged(of("C15"), tables).outcomes if each.primary]
    assert [name.split(",")[0] for name in names] == [
        *["softly tied minus shared"] * 2,
        *["softly tied minus unshared"] * 2,
    ]
    lacking = replace(
        tables,
        scores=tables.scores[
            ~((tables.scores["variant"] == "soft") & (tables.scores["task"] == "drift"))
        ],
    )
    found = judged(of("C15"), lacking)
    assert found.verdict is Verdict.NOT_TESTED and "rate 100%, 64 sequences" in found.missing


def test_few_test_sequences_of_real_data_decide_nothing() -> None:
    """Seeds that agree on five of 130 test sequences do not show that these are typical."""
    options: dict[str, Any] = {"spread": 0.002, "seeds": 12}
    found = {}
    for sequences in (130, 100_000):
        tables = CASES["C16"][Verdict.SUPPORTED](**options, sequences=sequences)
        found[sequences] = judged(of("C16"), tables).decision.levels["real data",]
    assert found == {130: Verdict.INCONCLUSIVE, 100_000: Verdict.SUPPORTED}


def test_variants_are_known_by_their_factors_not_by_their_names() -> None:
    tables = power(0.3, 0.2, **QUIET)
    renamed = [
        table.assign(variant="z" + table["variant"]) if len(table) else table
        for table in (tables.scores, tables.positions, tables.conditions)
    ]
    assert effects(judged(of("C7"), Tables(*renamed))) == effects(judged(of("C7"), tables))


def test_what_rests_on_networks_that_were_not_trained_out_is_flagged() -> None:
    tables = flagged(rates({0.0: -0.4, 1.0: 0.4}, **QUIET), ended={"unshared": "cut off"})
    for each in judged(of("C14"), tables).outcomes:
        sides = 2 * each.n
        assert (each.flags.networks, each.flags.unfinished) == (sides, each.n), each.name
        assert each.flags.edges == ("learning rate of the the variant unshared",)


def test_evidence_of_the_bottom_line_holds_trained_positions_alone() -> None:
    assert set(Evidence(held_out(1.0, 0.0), FAST).at_length["group"]) == {"trained"}
