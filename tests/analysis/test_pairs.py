"""Pairs of shared and unshared members."""

from dataclasses import replace

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
    # Wide with unshared, and shared with narrow.
    assert found[Matching.PARAMETERS].tolist() == pytest.approx([0.25, 0.5])


def test_a_seed_that_a_setting_lacks_is_left_out_of_its_task() -> None:
    tables = trained(at(shared=0.5, unshared=0.9), ["parity"], train_sizes=(32, 64))
    scores = tables.scores
    fewer = scores[~((scores["train_size"] == 32) & (scores["seed"] > 2))]
    evidence = Evidence(replace(tables, scores=fewer), FAST)
    table = pairs(evidence.at_length, Matching.WIDTH, 0.25)
    assert strata(table, "shared")["parity"].shape == (3,)
