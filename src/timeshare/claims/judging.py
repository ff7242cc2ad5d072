"""Judge all claims and write down their verdicts and outcomes."""

from collections.abc import Mapping
from functools import cache

import pandas as pd

from timeshare import registry
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import Tables
from timeshare.claims.base import Claim, outcome_rows
from timeshare.experiment.claim_ids import GROUP, claim_id, claim_names
from timeshare.experiment.thresholds import Thresholds


class ClaimError(ValueError):
    """A claim cannot be judged; the message says why."""


@cache
def claims(further: tuple[str, ...] = ()) -> dict[str, Claim]:
    """All claims by id: those of the package in the order of their numbers, then further ones.

    Arguments:
        further: import paths of claims outside the package, `my_module:MyClaim`.

    Raises `ClaimError` where two claims have one id, and `registry.UnknownNameError` where an
    import path leads to no claim or to one that lacks something.
    """
    known = claim_names()
    for path in further:
        if known.setdefault(claim_id(path), path) != path:
            raise ClaimError(f"two claims have the id {claim_id(path)}; rename the class of {path}")
    return {name: registry.find_derived(GROUP, path, Claim)() for name, path in known.items()}


def judge(tables: Tables, thresholds: Thresholds) -> Mapping[str, pd.DataFrame]:
    """Judge every claim.

    Arguments:
        tables: what the workflow wrote.
        thresholds: fixed before the run; they also list the claims from outside the package.

    Returns:
        `claims`, one row a claim: its argument and rule, its main effect with the
        simultaneous interval, the verdict, a sentence, and what is missing where it is not tested;
        `outcomes`, one row a measured effect of a claim.
    """
    known = claims(tuple(thresholds.further))
    family = sum(claim.sampled for claim in known.values())
    evidence = Evidence(tables, thresholds, family)
    rows, outcomes = [], []
    for name, claim in known.items():
        judgement = claim.judge(evidence)
        rows.append(claim.row(name, judgement, thresholds))
        outcomes += outcome_rows(name, judgement)
    return {"claims": pd.DataFrame(rows), "outcomes": pd.DataFrame(outcomes)}
