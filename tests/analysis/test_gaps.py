"""The generalisation gap and the random labels fitted."""

import numpy as np
import pytest

from tests.analysis.synthetic import FAST, at, fitted, trained
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.gaps import bits_per_label, gaps, memorised
from timeshare.experiment.conditions import FRESH


def test_random_labels_stay_out_of_test_scores() -> None:
    evidence = Evidence(fitted(0.1, 0.2), FAST)
    assert set(evidence.tested["task"]) == {"parity"}
    assert set(gaps(evidence)["task"]) == {"parity"}
    assert set(memorised(evidence)["task"]) == {"labels"}


def test_random_labels_are_scored_by_the_weights_of_the_last_update() -> None:
    evidence = Evidence(fitted(0.1, 0.2), FAST)
    assert set(memorised(evidence)["selection"]) == {"last"}


def test_bits_of_a_label_are_none_at_chance_and_all_when_always_right() -> None:
    accuracy = np.array([0.5, 1.0, 0.25, 1.0, 0.3])
    labels = np.array([2.0, 2.0, 4.0, 4.0, 2.0])
    assert bits_per_label(accuracy, labels).tolist() == pytest.approx([0, 1, 0, 2, 0])
    # One answer in ten wrong: one minus the entropy of a coin that falls so.
    entropy = -(0.9 * np.log2(0.9) + 0.1 * np.log2(0.1))
    assert bits_per_label(np.array([0.9]), np.array([2.0])) == pytest.approx(1 - entropy)


def test_new_sequences_have_no_gap() -> None:
    tables = trained(at(shared=0.5, unshared=0.5), ["parity"], train_sizes=(64, FRESH))
    assert set(gaps(Evidence(tables, FAST))["train_size"]) == {64}
