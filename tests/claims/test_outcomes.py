"""Where an effect lies relative to its threshold."""

import numpy as np

from timeshare.claims.outcomes import Outcome, Verdict

S, C, I = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.INCONCLUSIVE  # noqa: E741


def outcome(low: float, high: float, above: bool = True) -> Verdict:
    return Outcome("", 0.0, low, high, 0.5, "score", above).verdict


def test_an_interval_decides_where_it_leaves_the_threshold_out() -> None:
    found = [outcome(0.6, 0.7), outcome(0.3, 0.4), outcome(0.4, 0.6), outcome(0.5, 0.6)]
    assert found == [S, C, I, I]
    assert [outcome(0.6, 0.7, above=False), outcome(0.3, 0.4, above=False)] == [C, S]
    assert outcome(np.nan, np.nan) is I
