"""The generalisation gap and the random labels fitted."""

from tests.analysis.synthetic import FAST, fitted
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.gaps import gaps, memorised


def test_random_labels_stay_out_of_test_scores() -> None:
    evidence = Evidence(fitted(0.1, 0.2), FAST)
    assert set(evidence.tested["task"]) == {"parity"}
    assert set(gaps(evidence)["task"]) == {"parity"}
    assert set(memorised(evidence)["task"]) == {"labels"}
