"""Pairs of shared and unshared members."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.analysis.synthetic import FAST, at, trained
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import Matching, pairs, strata


def test_networks_are_paired_at_equal_width_or_equal_parameters() -> None:
    everyone = ["shared", "unshared", "wide", "narrow", "time_features"]
    levels = at(shared=0.1, unshared=0.2, wide=0.4, narrow=0.8, time_features=1.0)
    evidence = Evidence(trained(levels, ["parity"], everyone, lengths=[16], spread=0.0), FAST)
    found = {
        matching: pairs(evidence.at_length, matching, 0.25)[["shared", "unshared"]].mean()
        for matching in Matching
    }
    assert found[Matching.WIDTH].tolist() == pytest.approx([0.1, 0.2])
    # Wide with unshared, and shared with narrow: two answers, which are never pooled.
    assert found[Matching.PARAMETERS].tolist() == pytest.approx([0.4, 0.2])
    assert found[Matching.NARROWED].tolist() == pytest.approx([0.1, 0.8])


def test_a_reference_is_never_one_of_a_pair() -> None:
    tables = trained(at(shared=0.1, mlp=0.9), ["recall"], ["shared", "mlp"], lengths=[16])
    conditions = tables.conditions.assign(schedule=["shared", "unshared"], plain=True)
    evidence = Evidence(replace(tables, conditions=conditions), FAST)
    assert all(pairs(evidence.at_length, matching, 0.25).empty for matching in Matching)


def test_rules_are_paired_with_themselves() -> None:
    def score(row: Mapping[str, Any]) -> float:
        return 0.5

    tables = trained(score, ["drift"], spread=0.1, seeds=6)
    table = pairs(Evidence(tables, FAST).at_length, Matching.WIDTH, 0.25)
    assert sorted(table["unit"]) == list(range(6))
    assert set(tables.scores["seed"]) == {0} and set(tables.scores["rule"]) == set(range(6))


def test_a_seed_that_a_setting_lacks_is_left_out_of_its_task() -> None:
    tables = trained(at(shared=0.5, unshared=0.9), ["parity"], train_sizes=(32, 64))
    scores = tables.scores
    fewer = scores[~((scores["train_size"] == 32) & (scores["unit"] > 2))]
    evidence = Evidence(replace(tables, scores=fewer), FAST)
    table = pairs(evidence.at_length, Matching.WIDTH, 0.25)
    assert strata(table, "shared")["parity"].shape == (3,)
