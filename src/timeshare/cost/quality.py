"""Time to quality: what a member costs until its validation score first reaches a level.

A member that never reaches it is not left out but censored at its last update: all that is known is
that it takes longer. The summary is therefore a survival curve (Kaplan & Meier 1958), not a mean.
"""

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from timeshare.cost.operations import flops_of
from timeshare.experiment.conditions import Role
from timeshare.tasks.base import Split

CONDITION = ["task", "variant", "length", "truncation"]
SETTING = ["setting", "learning_rate", "weight_decay", "strength", "dropout"]
MEMBER = [*CONDITION, "unit", "rule", "seed", "train_size", *SETTING]
GROUP = [*CONDITION, "train_size"]
QUANTITIES = ("updates", "seconds", "flops")


def quality(curves: pd.DataFrame, conditions: pd.DataFrame, level: float) -> pd.DataFrame:
    """What each reported member cost until its validation score reached the level.

    Arguments:
        curves: the experiment's learning curves.
        conditions: its conditions, with their seconds and the facts that give an update's
            operations.
        level: the validation score to reach.

    Returns:
        one row a member: whether it `reached` the level, and the `updates`, `seconds` and `flops`
        until then, or all it had where it did not. `updates` is the first evaluation point at or
        above the level. Seconds are an equal share for each update of a member.

    Raises `ValueError` where `conditions` lacks a condition of `curves`.
    """
    validation = curves[
        (curves["split"] == str(Split.VALIDATION)) & (curves["role"] == str(Role.REPORTED))
    ]
    reached = validation[validation["score"] >= level]
    arrived = reached.groupby(MEMBER, dropna=False)["update"].min()
    last = validation.groupby(MEMBER, dropna=False)["update"].max()
    table = pd.DataFrame({"updates": arrived.reindex(last.index), "last": last}).reset_index()
    table.insert(len(MEMBER), "reached", table["updates"].notna())
    table["updates"] = table["updates"].fillna(table.pop("last")).astype(int)
    shares = conditions.set_index(CONDITION)
    missing = table.set_index(CONDITION).index.difference(shares.index)
    if len(missing):
        raise ValueError(f"the table of conditions has no row for {list(missing)}")
    each = (shares["seconds"] / shares["updates_made"].clip(lower=1)).rename("share")
    flops = pd.Series(
        [flops_of(facts) for facts in conditions.to_dict("records")], shares.index, name="each"
    )
    table = table.join(each, on=CONDITION).join(flops, on=CONDITION)
    table["seconds"] = table["updates"] * table.pop("share")
    table["flops"] = table["updates"] * table.pop("each")
    table.insert(len(MEMBER), "level", level)
    return table


def survival(members: pd.DataFrame) -> pd.DataFrame:
    """The share of members that reached the level, against what they had spent.

    Arguments:
        members: as `quality` gives it.

    Returns:
        one row a condition, train size, quantity (updates, seconds, flops) and step of the curve:
        the `value` spent, the `share` that had reached the level by then, and its 95 % interval.
    """
    rows: list[pd.DataFrame] = []
    for facts, quantity, values, reached in _groups(members):
        steps, share, low, high = _curve(values, reached)
        table = pd.DataFrame({"value": steps, "share": share, "low": low, "high": high})
        rows.append(table.assign(**facts, quantity=quantity))
    columns = [*GROUP, "quantity", "value", "share", "low", "high"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


def medians(members: pd.DataFrame) -> pd.DataFrame:
    """What half of the members had spent when they reached the level.

    Returns:
        one row a condition, train size and quantity: `members`, how many `reached` the level, and
        the `median`, missing where fewer than half did.
    """
    rows = []
    for facts, quantity, values, reached in _groups(members):
        steps, share, _, _ = _curve(values, reached)
        there = steps[share >= 0.5 - 1e-9]
        rows.append(
            {
                **facts,
                "quantity": quantity,
                "members": len(values),
                "reached": int(reached.sum()),
                "median": there[0] if len(there) else np.nan,
            }
        )
    columns = [*GROUP, "quantity", "members", "reached", "median"]
    return pd.DataFrame(rows, columns=columns)


Facts = dict[str, Any]


def _groups(
    members: pd.DataFrame,
) -> Iterator[tuple[Facts, str, NDArray[np.float64], NDArray[np.bool_]]]:
    for names, group in members.groupby(GROUP):
        for quantity in QUANTITIES:
            values = group[quantity].to_numpy(float)
            yield (
                dict(zip(GROUP, names, strict=True)),
                quantity,
                values,
                group["reached"].to_numpy(),
            )


def _curve(
    values: NDArray[np.float64], reached: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], ...]:
    """Values, share that reached the level by then, and its interval; the first value is 0."""
    data = stats.CensoredData(uncensored=values[reached], right=values[~reached])
    found = stats.ecdf(data)
    steps = np.asarray(found.cdf.quantiles, float)
    share = np.asarray(found.cdf.probabilities, float)
    # At shares of 0 and 1 the interval's formula divides zero by zero: the interval is undefined.
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = found.cdf.confidence_interval(0.95, method="log-log")
    low = np.asarray(interval.low.probabilities, float)
    high = np.asarray(interval.high.probabilities, float)
    if steps[0] > 0:
        steps, share = np.insert(steps, 0, 0.0), np.insert(share, 0, 0.0)
        low, high = np.insert(low, 0, np.nan), np.insert(high, 0, np.nan)
    return steps, share, low, high
