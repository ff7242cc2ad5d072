"""Outputs are scored against targets, member by member."""

import numpy as np
import pytest

from timeshare.tasks.metrics import Metric
from timeshare.training.scoring import scores


@pytest.mark.parametrize("metric", Metric)
def test_a_score_is_missing_where_chance_is_already_perfect(metric: Metric) -> None:
    chance = np.array([metric.perfect, 0.5, metric.perfect])
    found = scores(np.array([0.3, 0.5, metric.perfect]), chance, metric)
    assert np.isnan(found).tolist() == [True, False, True]
    assert found[1] == 0
