"""What the training of one network took: operations and seconds."""

import pandas as pd

from timeshare.analysis.tables import CONDITION
from timeshare.report.results import Results


def per_member(results: Results) -> pd.DataFrame:
    """Operations and seconds of the training of a reported network, a row a condition.

    The operations of an update are those of the table of time to quality; without it they are
    missing.
    """
    conditions = results.conditions
    table = conditions[[*CONDITION, "members", "updates_made"]].assign(
        seconds=conditions["seconds"] / conditions["members"]
    )
    updates = table["updates_made"] / table["members"]
    if "quality" not in results.cost:
        return table[[*CONDITION, "seconds"]].assign(flops=float("nan"))
    spent = results.cost["quality"].groupby(CONDITION)[["flops", "updates"]].sum()
    each = (spent["flops"] / spent["updates"]).rename("each")
    joined = table.join(each, on=CONDITION)
    return joined[[*CONDITION, "seconds"]].assign(flops=joined["each"] * updates)
