"""Unshared minus shared test scores, task by task: what the answer and its figure are made from."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from timeshare.analysis.comparison import Side, side, together
from timeshare.analysis.estimates import estimate, estimate_of, pooled, row_of
from timeshare.analysis.pairs import Matching, pairs
from timeshare.analysis.statistics import FEWEST as FEWEST_UNITS
from timeshare.analysis.statistics import Estimate
from timeshare.report import wording
from timeshare.report.results import PAIR, Results
from timeshare.report.sides import CHANGES, REAL, STAYS, group_of

GROUPS = (STAYS, CHANGES, REAL)
FACTS = ["real", "rule_changes", "rule_change_rate"]
KEYS = ["task", "length", "train_size", "unit"]
COLUMNS = ["group", "task", "length", "train_size", "series", "effect", "low", "high", "units"]
MOST, FEWEST = "most training sequences", "fewest training sequences"


def pair_scores(results: Results) -> pd.DataFrame:
    """Test scores at T of shared and unshared networks of the compared cell and width."""
    rows = results.evidence.comparable(results.at_length)
    return rows[rows["schedule"].isin(PAIR)]


def paired_scores(results: Results) -> pd.DataFrame:
    """Unshared minus shared test score at T at equal width, a row a unit, with its group."""
    tolerance = results.evidence.thresholds.equal_parameters
    found = pairs(pair_scores(results), Matching.WIDTH, tolerance).dropna(subset="effect")
    each = found.groupby(KEYS, as_index=False)[["effect", "item_variance"]].mean()
    facts = results.conditions.drop_duplicates("task").set_index("task")[FACTS]
    joined = each.join(facts, on="task")
    groups = [
        group_of(bool(real), bool(changes))
        for real, changes in zip(joined["real"], joined["rule_changes"], strict=True)
    ]
    return joined.assign(group=pd.Series(groups, index=joined.index, dtype=object))


def jointly(results: Results, each: pd.DataFrame) -> Estimate:
    """The mean difference, with an interval that holds together with those of all claims.

    It is the one interval of a comparison wherever the page shows it.

    Arguments:
        results: what was measured.
        each: differences of one comparison, a row a unit, with the variance of shared test
            sequences as `item_variance`.
    """
    values = each.groupby("unit")["effect"].mean().to_numpy(float)
    if len(values) < FEWEST_UNITS:
        return estimate(values)
    items = float(each["item_variance"].mean())
    found = results.evidence.aggregate({"": values}, {"": items})
    return together(found, results.evidence.thresholds.confidence, results.family)


def comparisons(results: Results) -> pd.DataFrame:
    """Every comparison of shared and unshared weights at equal width: a row a task, T and size."""
    rows = []
    for key, part in paired_scores(results).groupby(["group", "task", "length", "train_size"]):
        assert isinstance(key, tuple)
        names = dict(zip(("group", "task", "length", "train_size"), key, strict=True))
        rows.append(names | row_of(jointly(results, part)))
    return pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "series"])


def largest_gain(results: Results) -> dict[Hashable, Any] | None:
    """The comparison with the largest clear gain of unshared weights, over all train sizes."""
    rows = comparisons(results).to_dict("records")
    ahead = [row for row in rows if side(estimate_of(row), results.margin) is Side.UNSHARED]
    return max(ahead, key=lambda row: float(row["effect"]), default=None)


def by_group(results: Results, series: str) -> dict[str, Estimate]:
    """The mean difference over the tasks of each group that was measured.

    Arguments:
        results: what was measured.
        series: whether with the most training sequences of each task and T, or with the fewest of
            several.
    """
    each = paired_scores(results)
    sizes = each.groupby(["task", "length"])["train_size"]
    if series == MOST:
        each = each[each["train_size"] == sizes.transform("max")]
    else:
        several = sizes.transform("nunique") > 1
        each = each[several & (each["train_size"] == sizes.transform("min"))]
    return {
        name: together(pooled(part), results.evidence.thresholds.confidence, results.family)
        if len(set(part["task"])) > 1
        else jointly(results, part)
        for name in GROUPS
        if len(part := each[each["group"] == name])
    }


def differences(results: Results) -> pd.DataFrame:
    """A row a task and series, with the most and with the fewest training sequences.

    A task that was trained at several T is shown at the one with the most train sizes. Tasks come
    by group, those that change by their rate, then by the difference.
    """
    rows = []
    for task, part in paired_scores(results).groupby("task"):
        usual = part[part["length"] == _usual_length(part)]
        facts = usual.iloc[0]
        sizes = sorted(usual["train_size"].unique())
        # A task with one train size is listed once, as the most it was given.
        wanted = {MOST: sizes[-1]} | ({FEWEST: sizes[0]} if len(sizes) > 1 else {})
        for series, size in wanted.items():
            found = jointly(results, usual[usual["train_size"] == size])
            rows.append(
                {"task": task, "train_size": size, "series": series}
                | {name: facts[name] for name in ("group", "length", "rule_change_rate")}
                | row_of(found)
            )
    return _ordered(pd.DataFrame(rows, columns=[*COLUMNS, "rule_change_rate"]))


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    most = table[table["series"] == MOST].set_index("task")["effect"]
    keys = table.assign(
        place=table["group"].map({name: place for place, name in enumerate(GROUPS)}),
        rate=table["rule_change_rate"].fillna(2.0).where(table["group"] == CHANGES, 0.0),
        middle=table["task"].map(most),
        less=table["series"] == FEWEST,
    ).sort_values(["place", "rate", "middle", "task", "less"])
    return table.loc[keys.index, COLUMNS].reset_index(drop=True)


def _usual_length(part: pd.DataFrame) -> int:
    """The T with most train sizes, then the longest."""
    counts = part.groupby("length")["train_size"].nunique()
    return int(counts.index[counts == counts.max()].max())


def tally(table: pd.DataFrame, margin: float) -> str:
    """On how many tasks either side is better, and on how many neither or nobody knows.

    Arguments:
        table: rows of `differences` of one series.
        margin: the smallest difference that matters.
    """
    found = [side(estimate_of(row), margin) for row in table.to_dict("records")]
    words = {
        Side.SHARED: "shared weights are better",
        Side.UNSHARED: "unshared weights are better",
        Side.SAME: "the two are about the same",
        Side.OPEN: "the interval cannot tell",
    }
    counts = [(text, found.count(each)) for each, text in words.items() if each in found]
    first, *rest = [f"{text} on {count}" for text, count in counts]
    return "; ".join([f"{first} of {wording.counted(len(found), 'task')}", *rest])
