"""What the claims measure: fair to unshared networks, and with every member counted."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from tests.analysis.synthetic import FAST, at, held_out, trained, unseen
from tests.claims.judging import judged
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import Tables
from timeshare.claims.c1_variable_length import VariableLength
from timeshare.claims.c3_unseen_lengths import UnseenLengths
from timeshare.claims.c7_power import Power
from timeshare.claims.c8_not_more_powerful import NotMorePowerful
from timeshare.claims.c14_bottom_line import BottomLine
from timeshare.claims.outcomes import Verdict


def effects(tables: Tables, claim: Any) -> dict[str, float]:
    return {each.name: each.effect for each in judged(claim, tables).outcomes}


def test_an_unshared_member_has_its_best_extension() -> None:
    found = effects(unseen(1.0, 0.8), UnseenLengths())
    assert found["shared minus unshared, equal width"] == pytest.approx(0.2, abs=0.03)


def test_beyond_t_only_steps_past_t_count() -> None:
    tables = unseen(0.0, 0.0)
    whole = tables.scores.assign(score=0.9, value=0.95)
    found = effects(replace(tables, scores=whole), VariableLength())
    assert all(abs(effect) < 0.05 for effect in found.values())


def test_a_network_that_did_not_learn_its_task_says_nothing_of_lengths() -> None:
    def score(row: Any) -> float:
        return 1.0 if row["schedule"] == "shared" else 0.2

    tables = trained(score, ["parity"], evaluated=[16, 32])
    assert judged(UnseenLengths(), tables).verdict is Verdict.NOT_TESTED


def test_the_bottom_line_reads_whole_windows_and_trained_positions() -> None:
    def score(row: Any) -> float:
        if row["schedule"] == "shared":
            return 0.8
        return 1.0 if row["truncation"] == row["length"] else 0.0

    cut = trained(score, ["parity", "latch"], truncations=[None, 2])
    found = effects(cut, BottomLine())
    assert found["unshared minus shared, equal width"] == pytest.approx(0.2, abs=0.03)
    assert found["equal width, truncated"] == pytest.approx(-0.8, abs=0.03)
    held = held_out(1.0, 0.0)
    assert set(Evidence(held, FAST).at_length["group"]) == {"trained"}


def test_a_narrow_winner_does_not_make_the_shared_network_a_wide_one() -> None:
    levels = at(shared=0.5, unshared=1.0, narrow=1.0, time_features=0.5)
    tables = trained(levels, ["drift", "parity"], ["shared", "unshared", "narrow", "time_features"])
    assert judged(NotMorePowerful(), tables).verdict is Verdict.INCONCLUSIVE


def test_a_network_that_learned_nothing_tells_nothing_of_lengths() -> None:
    untaught = trained(lambda row: 0.0, ["parity"], evaluated=[16])
    assert judged(VariableLength(), untaught).verdict is Verdict.NOT_TESTED


def test_only_the_rate_that_validation_chose_counts() -> None:
    tables = trained(at(shared=0.5, unshared=0.5), ["parity", "drift"])
    better = tables.scores.assign(learning_rate=0.1, score=1.0, chosen=False)
    both = replace(tables, scores=pd.concat([tables.scores, better], ignore_index=True))
    assert effects(both, BottomLine()) == effects(tables, BottomLine())


def test_variants_are_known_by_their_factors_not_by_their_names() -> None:
    tables = trained(at(shared=0.5, unshared=0.9), ["drift"])
    names = {"shared": "zebra", "unshared": "alpha"}
    renamed = [
        table.assign(variant=table["variant"].map(names)) if len(table) else table
        for table in (tables.scores, tables.positions, tables.conditions)
    ]
    assert effects(Tables(*renamed), Power()) == effects(tables, Power())
