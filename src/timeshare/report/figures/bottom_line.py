"""The bottom line: unshared minus shared weights, task by task."""

import pandas as pd

from timeshare.report import wording
from timeshare.report.estimates import Estimate, best, difference, estimate, worst
from timeshare.report.figures.dots import dots
from timeshare.report.findings import Finding, Section
from timeshare.report.tables import Tables

COLUMNS = ["task", "length", "train_size", "series", "centre", "low", "high", "seeds"]
MOST, FEWEST = "most training sequences", "fewest training sequences"


def section(tables: Tables) -> Section:
    """Would unshared weights do much better?"""
    table = differences(tables)
    missing = () if len(table) else (
        "No task was trained with both shared and unshared weights of one cell and width: name "
        "both variants in one sweep.",
    )  # fmt: skip
    return Section(
        "bottom-line",
        "The bottom line",
        "Over all tasks, would a network with its own weights at every step do much better?",
        (_finding(table),) if len(table) else (),
        missing,
    )


def differences(tables: Tables) -> pd.DataFrame:
    """Unshared minus shared test score at T, a row a task and T: with most and fewest sequences."""
    pair = tables.plain(tables.at_length)
    shared, unshared = (pair[pair["schedule"] == name] for name in ("shared", "unshared"))
    each = difference(unshared, shared, ["task", "length", "train_size", "seed"])
    if each.empty:
        return pd.DataFrame(columns=COLUMNS)
    rows = []
    for task, part in each.groupby("task"):
        longest = part[part["length"] == _usual_length(part)]
        sizes = sorted(longest["train_size"].unique())
        for size, series in {sizes[-1]: MOST, sizes[0]: FEWEST}.items():
            # A task with one train size is listed once, as the most it was given.
            named = MOST if len(sizes) == 1 else series
            found = estimate(longest.loc[longest["train_size"] == size, "difference"])
            facts = {"task": task, "length": longest["length"].iloc[0], "train_size": size}
            rows.append(facts | {"series": named} | vars(found))
    table = pd.DataFrame(rows, columns=COLUMNS)
    most = table[table["series"] == MOST].sort_values("centre", ascending=False)
    order = {task: place for place, task in enumerate(most["task"])}
    keys = pd.DataFrame({"place": table["task"].map(order), "less": table["series"] == FEWEST})
    ordered = table.loc[keys.sort_values(["place", "less"]).index].reset_index(drop=True)
    names = ordered["task"] + ", T=" + ordered["length"].astype(str)
    special = {task: _special(tables, task) for task in table["task"].unique()}
    return ordered.assign(
        panel="unshared minus shared",
        name=names,
        schedule="unshared",
        cell=ordered["task"].map(tables.cells),
        special=ordered["task"].map(special),
    )


def _special(tables: Tables, task: str) -> str:
    """What the tables know of a task that bears on sharing."""
    scores = tables.scores[tables.scores["task"] == task]
    change = pd.to_numeric(scores["change"].iloc[0])
    if pd.notna(change) and change > 0:
        return "whose rule changes with the step"
    return "whose rule is the same at every step" if change == 0 else ""


def _usual_length(part: pd.DataFrame) -> int:
    """The T with most train sizes, then the longest."""
    counts = part.groupby("length")["train_size"].nunique()
    return int(counts.index[counts == counts.max()].max())


def tally(table: pd.DataFrame, series: str, brief: bool = False) -> str:
    """On how many tasks unshared weights are ahead, behind, or neither."""
    found = [Estimate.of(row) for row in table[table["series"] == series].to_dict("records")]
    ahead = sum(each.clear and each.centre > 0 for each in found)
    behind = sum(each.clear and each.centre < 0 for each in found)
    subject = "higher" if brief else "unshared weights score clearly higher than shared ones"
    return (
        f"{subject} on {ahead}, {'' if brief else 'clearly '}lower on {behind}, and neither on "
        f"{len(found) - ahead - behind} of {wording.counted(len(found), 'task')}"
    )


def extremes(table: pd.DataFrame) -> str:
    """Where unshared weights do best and worst, given the most sequences."""
    most = table[table["series"] == MOST]
    high, low = best(most), worst(most)
    if len(most) == 1:
        return f"The one task is {high['name']}: {wording.spoken(Estimate.of(high))}."
    return (
        f"Unshared minus shared is largest on {high['name']}, "
        f"{wording.spoken(Estimate.of(high))}, and smallest on {low['name']}, "
        f"{wording.spoken(Estimate.of(low))}."
    )


def _finding(table: pd.DataFrame) -> Finding:
    sentence = f"Given the most training sequences, {tally(table, MOST)}"
    if (table["series"] == FEWEST).any():
        sentence += f"; given the fewest, {tally(table, FEWEST, brief=True)} that vary them"
    return Finding(
        "bottom-line",
        "Unshared minus shared, task by task",
        f"{sentence}. {extremes(table)}",
        "Difference of test scores at T, paired by seed, at equal width; right of zero unshared "
        "weights are better. Where positions are held out, the score at trained ones.",
        table,
        lambda columns: dots(table, 1 if columns == 1 else 2, "difference of test scores at T"),
        columns=2,
    )
