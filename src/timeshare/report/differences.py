"""Unshared minus shared test scores, task by task: what the answer and its figure are made from."""

import pandas as pd

from timeshare.analysis.estimates import estimate, estimate_of, row_of
from timeshare.analysis.pairs import unshared_minus_shared
from timeshare.report import wording
from timeshare.report.results import Results

COLUMNS = ["task", "length", "train_size", "series", "effect", "low", "high", "units"]
MOST, FEWEST = "most training sequences", "fewest training sequences"


def differences(results: Results) -> pd.DataFrame:
    """Unshared minus shared test score at T, a row a task and T: with most and fewest sequences."""
    pair = results.evidence.comparable(results.at_length)
    each = unshared_minus_shared(pair, ["task", "length", "train_size", "unit"])
    if each.empty:
        return pd.DataFrame(columns=COLUMNS)
    rows = []
    for task, part in each.groupby("task"):
        longest = part[part["length"] == _usual_length(part)]
        sizes = sorted(longest["train_size"].unique())
        for size, series in {sizes[-1]: MOST, sizes[0]: FEWEST}.items():
            # A task with one train size is listed once, as the most it was given.
            listed = MOST if len(sizes) == 1 else series
            found = estimate(longest.loc[longest["train_size"] == size, "effect"])
            facts = {"task": task, "length": longest["length"].iloc[0], "train_size": size}
            rows.append(facts | {"series": listed} | row_of(found))
    return _described(results, pd.DataFrame(rows, columns=COLUMNS))


def _described(results: Results, table: pd.DataFrame) -> pd.DataFrame:
    """The rows from the largest difference to the smallest, with the columns that `dots` needs."""
    most = table[table["series"] == MOST].sort_values("effect", ascending=False)
    order = {task: place for place, task in enumerate(most["task"])}
    keys = pd.DataFrame({"place": table["task"].map(order), "less": table["series"] == FEWEST})
    ordered = table.loc[keys.sort_values(["place", "less"]).index].reset_index(drop=True)
    special = {task: _special(results, task) for task in table["task"].unique()}
    return ordered.assign(
        panel="unshared minus shared",
        name=ordered["task"] + ", T=" + ordered["length"].astype(str),
        schedule="unshared",
        cell=ordered["task"].map(results.evidence.cells),
        special=ordered["task"].map(special),
    )


def _special(results: Results, task: str) -> str:
    """What the tables know of a task that bears on sharing."""
    conditions = results.conditions
    if conditions.loc[conditions["task"] == task, "rule_changes"].iloc[0]:
        return "whose rule changes with the step"
    return "whose rule is the same at every step"


def _usual_length(part: pd.DataFrame) -> int:
    """The T with most train sizes, then the longest."""
    counts = part.groupby("length")["train_size"].nunique()
    return int(counts.index[counts == counts.max()].max())


def tally(table: pd.DataFrame, series: str, brief: bool = False) -> str:
    """On how many tasks unshared weights are ahead, behind, or neither."""
    found = [estimate_of(row) for row in table[table["series"] == series].to_dict("records")]
    ahead = sum(each.clear and each.effect > 0 for each in found)
    behind = sum(each.clear and each.effect < 0 for each in found)
    subject = "higher" if brief else "unshared weights score clearly higher than shared ones"
    return (
        f"{subject} on {ahead}, {'' if brief else 'clearly '}lower on {behind}, and neither on "
        f"{len(found) - ahead - behind} of {wording.counted(len(found), 'task')}"
    )
