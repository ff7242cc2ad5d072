"""What a claim finds in tables."""

from tests.analysis.synthetic import FAST
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import Tables
from timeshare.claims.base import Claim, Judgement
from timeshare.claims.judging import claims
from timeshare.experiment.thresholds import Thresholds


def judged(claim: Claim, tables: Tables, thresholds: Thresholds = FAST) -> Judgement:
    """The judgement of a claim that shares the error rate with all claims of the package."""
    family = sum(each.sampled for each in claims().values())
    return claim.judge(Evidence(tables, thresholds, family))
