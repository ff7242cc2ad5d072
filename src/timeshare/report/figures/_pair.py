"""Tables of the cost study, of shared and unshared weights."""

import pandas as pd

from timeshare.report.results import PAIR, Results


def of_pair(results: Results, name: str) -> pd.DataFrame:
    """A table of the cost study with facts, of the compared pair at K = T; empty where missing."""
    if name not in results.cost:
        return pd.DataFrame()
    rows = results.evidence.comparable(results.with_facts(results.cost[name]))
    return rows[
        rows["schedule"].isin(PAIR)
        & (rows["truncation"] == rows["length"])
        & rows["learnable"].astype(bool)
    ]
