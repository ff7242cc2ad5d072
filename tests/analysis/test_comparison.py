"""One interval and one word for each comparison."""

import numpy as np
import pandas as pd
import pytest

from timeshare.analysis.comparison import Side, confidence_of, family_in, side, together
from timeshare.analysis.statistics import Estimate, aggregate


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
