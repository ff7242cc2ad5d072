"""What a reader should know of the networks behind a result."""

import pandas as pd

from tests.analysis.flagged import flagged
from tests.analysis.synthetic import FAST, at, trained
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.flags import Flags, flags_of
from timeshare.analysis.pairs import Matching, pairs
from timeshare.analysis.tables import Tables

SEEDS = 5
ENDED = {"unshared": "cut off"}


def tables_of(ended: dict[str, str]) -> Tables:
    levels = at(shared=0.1, unshared=0.2)
    return flagged(trained(levels, ["parity"], evaluated=[16, 32], seeds=SEEDS), ended)


def test_networks_count_once_however_often_they_were_scored() -> None:
    evidence = Evidence(tables_of(ENDED), FAST)
    found = flags_of(evidence.tested)
    assert (found.networks, found.unfinished) == (2 * SEEDS, SEEDS)
    assert found.edges == ("learning rate of the the variant unshared",)


def test_diverged_networks_were_not_trained_out_and_those_of_a_fixed_plan_are_not_judged() -> None:
    for ending, expected in (("diverged", SEEDS), ("fixed", 0), ("trained out", 0)):
        evidence = Evidence(tables_of({"unshared": ending}), FAST)
        assert flags_of(evidence.tested).unfinished == expected, ending


def test_a_pair_has_the_flags_of_both_sides() -> None:
    evidence = Evidence(tables_of(ENDED | {"shared": "cut off"}), FAST)
    found = flags_of(pairs(evidence.at_length, Matching.WIDTH, 0.25))
    assert (found.networks, found.unfinished) == (2 * SEEDS, 2 * SEEDS)
    assert len(found.edges) == 2


def test_tables_without_endings_flag_nothing() -> None:
    evidence = Evidence(trained(at(shared=0.1, unshared=0.2), ["parity"], seeds=SEEDS), FAST)
    assert flags_of(evidence.tested) == Flags(2 * SEEDS)
    assert flags_of(pd.DataFrame({"effect": [1.0]})) == Flags()
