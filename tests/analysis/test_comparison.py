"""One interval and one word for each comparison."""

import numpy as np
import pandas as pd
import pytest

from tests.analysis.synthetic import at, trained
from timeshare.analysis.comparison import Side, compare, confidence_of, family_in, side, together
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import Matching, pairs
from timeshare.analysis.statistics import Estimate, aggregate
from timeshare.claims.judging import judge
from timeshare.experiment.thresholds import Thresholds


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (-0.04, 0.04, Side.SAME),
        (0.01, 0.04, Side.SAME),
        (0.01, 0.1, Side.UNSHARED),
        (-0.1, -0.01, Side.SHARED),
        (-0.04, 0.1, Side.OPEN),
    ],
)
def test_a_word_says_where_the_interval_lies(low: float, high: float, word: Side) -> None:
    assert side(Estimate((low + high) / 2, low, high, 12), 0.05) is word


def test_the_family_is_counted_in_the_table_of_claims() -> None:
    assert family_in(pd.DataFrame({"comparisons": [4, 0, 12]})) == 16
    assert family_in(None) == 1
    assert confidence_of(0.95, 10) == pytest.approx(0.995)


def test_units_that_are_all_equal_stay_so_in_a_family() -> None:
    found = aggregate({"one": np.full(12, 0.2)}, 0.95)
    assert together(found, 0.95, 40) == found


def test_a_comparison_has_the_interval_of_the_claim_that_makes_it() -> None:
    tables = trained(
        at(shared=0.6, unshared=0.75, wide=0.7),
        ["drift-0", "drift"],
        ["shared", "unshared", "wide"],
        spread=0.05,
        seeds=12,
        lengths=[16],
        train_sizes=(64, 256),
    )
    evidence, found = Evidence(tables), judge(tables, Thresholds())
    rows = found["outcomes"].query("id == 'C14' and part == 'equal width'")
    family = family_in(found["claims"])
    each = pairs(evidence.at_length, Matching.WIDTH, 0.25)
    each = each[(each["task"] == "drift") & (each["train_size"] == 64)]
    one = compare(evidence, each, family)
    assert one is not None and one.side is Side.UNSHARED
    claimed = rows[rows["level"] == "rate 100%, 64 sequences"].iloc[0]
    assert (one.found.low, one.found.high) == pytest.approx((claimed["low"], claimed["high"]))


def test_tasks_that_disagree_are_told_from_tasks_that_do_not() -> None:
    evidence, rng = (
        Evidence(trained(at(shared=1.0), ["parity"], ["shared"])),
        np.random.default_rng(1),
    )
    apart = pd.DataFrame(
        {
            "task": ["a"] * 12 + ["b"] * 12,
            "unit": [*range(12)] * 2,
            "effect": np.append(rng.normal(0.3, 0.02, 12), rng.normal(-0.3, 0.02, 12)),
        }
    )
    found = compare(evidence, apart, 1)
    assert found is not None and found.disagreement
    assert found.by_task == {"a": Side.UNSHARED, "b": Side.SHARED}
    alike = compare(evidence, apart.assign(effect=apart["effect"].abs()), 1)
    assert alike is not None and not alike.disagreement
    assert compare(evidence, apart.head(1), 1) is None
