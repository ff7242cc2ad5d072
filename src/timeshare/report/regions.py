"""Who is better on the map of rates of rule change and train sizes: cell by cell, and in words."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import pandas as pd

from timeshare.analysis.comparison import Side, side
from timeshare.analysis.estimates import estimate_of, estimates, row_of
from timeshare.analysis.pairs import Matching, pairs
from timeshare.analysis.rate_map import main_length, of_the_map
from timeshare.report import wording
from timeshare.report.differences import jointly
from timeshare.report.results import Results
from timeshare.report.sides import BETTER

CELL = ["rule_change_rate", "train_size"]
FEWEST_OF_EACH = 2
"""Rates, and train sizes, that make a map."""
LITTLE = 0.25
"""The largest share of the rule that is a little of it."""
CHANGES = ("stays", "changes little", "changes much")
"""What a rule does, from one step to the next."""
ENDS = ("shared", "unshared")
NEITHER = "neither is clearly better"


def map_rows(results: Results) -> pd.DataFrame:
    """Test scores of all networks of the map, at the T that most of it was trained at."""
    rows = of_the_map(results.evidence).dropna(subset="score")
    return rows[rows["length"] == main_length(rows)] if len(rows) else rows


def map_cells(results: Results, rows: pd.DataFrame) -> pd.DataFrame:
    """A row a cell: the difference, and the networks that beat both shared and unshared ones.

    The column `solved` says whether both have a mean score of the threshold `solved` or more. The
    column `best` lists those within the margin of the best mean of a cell, and `ahead` those of
    them where neither the shared nor the unshared network is one. The table has no rows where there
    are too few rates or train sizes for a map.

    Arguments:
        results: what was measured.
        rows: of `map_rows`.
    """
    if rows.empty:
        return pd.DataFrame()
    thresholds = results.evidence.thresholds
    tolerance, solved = thresholds.equal_parameters, thresholds.solved
    pair = results.evidence.comparable(rows)
    each = pairs(pair, Matching.WIDTH, tolerance, ("rule_change_rate",)).dropna(subset="effect")
    means = estimates(rows, [*CELL, "schedule", "width", "plain", "label"])
    titles = rows.groupby("rule_change_rate")["task"].first().to_dict()
    found = []
    for (rate, size), part in each.groupby(CELL):
        here = means[(means["rule_change_rate"] == rate) & (means["train_size"] == size)]
        near = here[here["effect"] >= here["effect"].max() - results.margin]
        near = near.sort_values("effect", ascending=False)
        ends = near["schedule"].isin(ENDS) & near["plain"] & (near["width"] == "own")
        best = list(dict.fromkeys(near["label"]))
        found.append(
            {"task": titles[rate], "rule_change_rate": rate, "train_size": size}
            | row_of(jointly(results, part))
            | {"solved": bool(part[["shared", "unshared"]].mean().min() >= solved)}
            | {"best": ", ".join(best), "ahead": "" if ends.any() else ", ".join(best)}
        )
    table = pd.DataFrame(found)
    if table.empty or min(table[name].nunique() for name in CELL) < FEWEST_OF_EACH:
        return pd.DataFrame()
    return table


def sides(table: pd.DataFrame, margin: float) -> list[Side]:
    """What the interval of each row says."""
    return [side(estimate_of(row), margin) for row in table.to_dict("records")]


def by_change(table: pd.DataFrame, margin: float) -> str:
    """Who is better with few and with many training sequences, by what the rule does.

    Few and many are the smallest and the largest train size of the map.

    Arguments:
        table: of `map_cells`, at least one row.
        margin: the smallest difference that matters.
    """
    shown = table.assign(side=sides(table, margin), kind=table["rule_change_rate"].map(_kind))
    few, many = (
        _by_kind(shown[shown["train_size"] == size])
        for size in (shown["train_size"].min(), shown["train_size"].max())
    )
    if few == many:
        return f"In the map, with few and with many training sequences {_clauses(few)}."
    later = _clauses(many, subject="it", last="elsewhere")
    return f"In the map, with few training sequences {_clauses(few)}. With many, {later}."


def _by_kind(shown: pd.DataFrame) -> dict[str, list[str]]:
    """What the cells of one train size say, with what the rule does there."""
    found = {CHANGES[int(str(kind))]: set(part["side"]) for kind, part in shown.groupby("kind")}
    said: dict[str, list[str]] = {}
    for change, each in found.items():
        said.setdefault(_verdict(each), []).append(change)
    if len(said) == 1:
        return said
    # Beside another verdict, what is about the same and what cannot be told are one
    joined: dict[str, list[str]] = {}
    for change, each in found.items():
        neither = each <= {Side.SAME, Side.OPEN}
        joined.setdefault(NEITHER if neither else _verdict(each), []).append(change)
    return joined


def _clauses(said: Mapping[str, Sequence[str]], subject: str = "the rule", last: str = "") -> str:
    """Verdicts with where they hold.

    Arguments:
        said: what the rule does, by the verdict there.
        subject: what the rule is called first.
        last: what the last of several places is called, where that is clear.
    """
    if len(said) == 1:
        return next(iter(said))
    parts = []
    for place, (verdict, changes) in enumerate(said.items()):
        words = verdict if place == 0 else verdict.replace(" weights are", " ones", 1)
        where = f"where {'it' if place else subject} {' or '.join(changes)}"
        parts.append(f"{words} {last if last and place + 1 == len(said) else where}")
    return ", ".join(parts)


def _kind(rate: float) -> int:
    """Whether a rule stays, changes little or much, as a place in `CHANGES`."""
    return 0 if rate == 0 else 1 if rate <= LITTLE else 2


def _verdict(found: AbstractSet[Side]) -> str:
    """What several comparisons say together."""
    shared, unshared = Side.SHARED in found, Side.UNSHARED in found
    if len(found) == 1:
        return BETTER[next(iter(found))]
    if shared and unshared:
        return "now shared weights are better, now unshared ones"
    if shared or unshared:
        return f"{'shared' if shared else 'unshared'} weights are sometimes better"
    return NEITHER


def counted_sides(table: pd.DataFrame, margin: float) -> str:
    """How many cells either wins, and how many neither; and where both have all but solved it."""
    found = sides(table, margin)
    counts = [f"{each} in {found.count(each)}" for each in Side if each in found]
    solved = sum(
        each is Side.SAME and bool(done) for each, done in zip(found, table["solved"], strict=True)
    )
    told = (
        f" In {solved} of those about the same both score so high that no difference could show."
        if solved
        else ""
    )
    return f"Of {wording.counted(len(table), 'cell')}: {wording.listed(counts)}.{told}"
