"""Which contestants are efficient: no cheaper one is as good."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

LOWER_IS_BETTER = ("gap",)


def efficient(table: pd.DataFrame, cost: str, score: str) -> list[dict[Hashable, Any]]:
    """The rows that are better than every cheaper one, from the cheapest to the dearest.

    Arguments:
        table: a row a contestant.
        cost: the column of what it costs; rows without a value are left out.
        score: the column of how good it is; of a gap, lower is better.
    """
    sign = -1.0 if score in LOWER_IS_BETTER else 1.0
    known = table.dropna(subset=[cost, score])
    ordered = known.assign(_good=sign * known[score]).sort_values(
        [cost, "_good"], ascending=[True, False]
    )
    before = ordered["_good"].cummax().shift(fill_value=float("-inf"))
    found: list[dict[Hashable, Any]] = ordered[ordered["_good"] > before].to_dict("records")
    return found
