"""Judge all claims and write down their verdicts and outcomes."""

from collections.abc import Iterable, Mapping
from functools import cache

import pandas as pd

from timeshare import registry
from timeshare.analysis.contracts import TABLES
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import Tables
from timeshare.claims.base import Claim, outcome_rows
from timeshare.experiment.claim_ids import GROUP, claim_id, claim_names
from timeshare.experiment.thresholds import Thresholds


class ClaimError(registry.ContractError):
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

    All claims are measured first: how many comparisons they make together sets the confidence of
    the intervals that decide.

    Arguments:
        tables: what the workflow wrote.
        thresholds: fixed before the run; they also list the claims from outside the package.

    Returns:
        `claims`, one row a claim: its argument and rule, its main effect with the
        simultaneous interval, the verdict, a sentence, and what is missing where it is not tested;
        `outcomes`, one row a measured effect of a claim.
    """
    evidence = Evidence(tables, thresholds)
    known = claims(tuple(thresholds.further))
    measured = {name: claim.measure(evidence) for name, claim in known.items()}
    family = family_of(claim.comparisons(measured[name][0]) for name, claim in known.items())
    rows, outcomes = [], []
    for name, claim in known.items():
        found, missing = measured[name]
        judgement = claim.judge(found, thresholds, family, missing)
        rows.append(claim.row(name, judgement, thresholds))
        outcomes += outcome_rows(claim, name, judgement)
    return {"claims": _typed("claims", rows), "outcomes": _typed("outcomes", outcomes)}


def family_of(comparisons: Iterable[int]) -> int:
    """How many comparisons share the error rate; one where no claim samples anything."""
    return max(sum(comparisons), 1)


def _typed(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows as a table with the types of its definition."""
    return pd.DataFrame(rows).astype(TABLES[name].dtypes) if rows else TABLES[name].empty()
