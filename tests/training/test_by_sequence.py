"""The metric on each test sequence of a real data set."""

import numpy as np

from tests.training.test_evaluate import evaluated, of_task
from timeshare.analysis.contracts import checked


def test_the_metric_of_each_test_sequence_has_the_score_as_its_mean() -> None:
    condition = of_task("vowels", seeds=3)
    diverged: list[int | None] = [None, 5, *[None] * (len(condition.members) - 2)]
    found = evaluated(condition, diverged=diverged, lengths=[10])
    checked("test_sequences", found.test_sequences)
    keys = ["train_size", "selection"]
    each = found.test_sequences.groupby(keys)
    assert (each.size() == 370).all()
    tests = found.scores[found.scores["split"] == "test"]
    means = tests.groupby(keys)["value"].mean()
    np.testing.assert_allclose(each["value"].mean(), means)


def test_sequences_of_tasks_that_each_unit_draws_for_itself_are_not_kept() -> None:
    assert evaluated(of_task("recall", seeds=3)).test_sequences.empty
