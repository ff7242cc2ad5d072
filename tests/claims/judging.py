"""What a claim finds in tables."""

from tests.analysis.synthetic import FAST
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import Tables
from timeshare.claims.base import Claim, Judgement
from timeshare.experiment.thresholds import Thresholds

FAMILY = 45
"""Comparisons that share the error rate in these tests: about those of all claims' cases."""


def judged(
    claim: Claim, tables: Tables, thresholds: Thresholds = FAST, family: int = FAMILY
) -> Judgement:
    """The judgement of a claim that shares the error rate with others."""
    found, missing = claim.measure(Evidence(tables, thresholds))
    return claim.judge(found, thresholds, family, missing)
