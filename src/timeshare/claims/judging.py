"""The registry of the claims, and the table of their verdicts."""

import pandas as pd

from timeshare.claims.base import Claim
from timeshare.claims.cost import Infeasible, TruncationIsCheaper
from timeshare.claims.evidence import Evidence, Tables
from timeshare.claims.lengths import FunctionOfTime, UnseenLengths, VariableLength
from timeshare.claims.overfitting import Data, Overfitting
from timeshare.claims.position import Position
from timeshare.claims.power import BottomLine, NotMorePowerful, Power
from timeshare.claims.structure import FeedForward, Parameters
from timeshare.claims.truncation import BeyondTruncation
from timeshare.experiment.thresholds import Thresholds

CLAIMS: tuple[Claim, ...] = (
    VariableLength(),
    Parameters(),
    UnseenLengths(),
    Position(),
    Overfitting(),
    Data(),
    Power(),
    NotMorePowerful(),
    FeedForward(),
    FunctionOfTime(),
    Infeasible(),
    TruncationIsCheaper(),
    BeyondTruncation(),
    BottomLine(),
)
"""C1 to C14, in order."""


def judge(tables: Tables, thresholds: Thresholds) -> pd.DataFrame:
    """Judge every claim.

    Arguments:
        tables: what the workflow wrote.
        thresholds: fixed before the run.

    Returns:
        one row a claim: what it says and how it is decided, the effect that decided with its
        simultaneous interval, the verdict, a sentence, what is missing where it is not tested, and
        all measured `parts`.
    """
    evidence = Evidence(tables, thresholds)
    return pd.DataFrame([claim.row(claim.judge(evidence), thresholds) for claim in CLAIMS])
