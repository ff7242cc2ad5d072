"""A difference that the page shows has the interval of the claim that makes the comparison."""

import pytest

from tests.analysis.synthetic import at, trained
from tests.report.conftest import results_of
from timeshare.analysis.comparison import Side, side
from timeshare.analysis.pairs import Matching, pairs
from timeshare.claims.judging import judge
from timeshare.experiment.thresholds import Thresholds
from timeshare.report.differences import jointly


def test_a_difference_has_the_interval_of_the_claim_that_makes_it() -> None:
    tables = trained(
        at(shared=0.6, unshared=0.75, wide=0.7),
        ["drift-0", "drift"],
        ["shared", "unshared", "wide"],
        spread=0.05,
        seeds=12,
        lengths=[16],
        train_sizes=(64, 256),
    )
    found = judge(tables, Thresholds())
    results = results_of(tables, claims=found["claims"])
    each = pairs(results.evidence.at_length, Matching.WIDTH, 0.25)
    each = each[(each["task"] == "drift") & (each["train_size"] == 64)]
    shown = jointly(results, each)
    rows = found["outcomes"].query("id == 'C14' and part == 'equal width'")
    claimed = rows[rows["level"] == "rate 100%, 64 sequences"].iloc[0]
    assert (shown.low, shown.high) == pytest.approx((claimed["low"], claimed["high"]))
    assert side(shown, results.margin) is Side.UNSHARED
