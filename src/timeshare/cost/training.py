"""What training took, the search of settings apart: networks, updates, seconds and operations."""

import pandas as pd

from timeshare.cost.operations import flops_of
from timeshare.experiment.conditions import Role
from timeshare.training.endings import TRAINED_OUT

CONDITION = ["task", "variant", "length", "truncation"]
BY = [*CONDITION, "train_size", "role"]
SECONDS = {str(Role.REPORTED): "seconds", str(Role.SEARCH): "search_seconds"}
"""The column of `conditions` that holds the seconds of each role's networks."""


def training(members: pd.DataFrame, conditions: pd.DataFrame) -> pd.DataFrame:
    """What the networks of each condition, train size and role took until their training ended.

    Networks stop by themselves, so that they make unequal numbers of updates; the seconds of a job
    are shared among its networks of one role in proportion to these.

    Arguments:
        members: all networks, with their updates and how their training ended.
        conditions: their conditions, with the seconds of both roles and the facts that give an
            update's operations.

    Returns:
        one row a condition, train size and role, with the columns of its definition.
    """
    if members.empty:
        return pd.DataFrame()
    out = members.assign(trained_out=members["ending"] == TRAINED_OUT)
    table = out.groupby(BY, as_index=False).agg(
        networks=("updates", "size"),
        trained_out=("trained_out", "sum"),
        updates_least=("updates", "min"),
        updates_median=("updates", "median"),
        updates_most=("updates", "max"),
        updates=("updates", "sum"),
    )
    facts = conditions.set_index(CONDITION)
    flops = pd.Series(
        [flops_of(each) for each in conditions.to_dict("records")], facts.index, name="each"
    )
    table = table.join(flops, on=CONDITION).join(facts[list(SECONDS.values())], on=CONDITION)
    whole = table.groupby([*CONDITION, "role"])["updates"].transform("sum").clip(lower=1)
    searched = table["role"] == str(Role.SEARCH)
    seconds = table["search_seconds"].where(searched, table["seconds"])
    return table.assign(
        seconds=seconds * table["updates"] / whole, flops=table["updates"] * table["each"]
    ).drop(columns=["each", "search_seconds"])
