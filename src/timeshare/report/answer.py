"""The answer: two lines without numbers, three cards, and what sharing buys."""

from collections.abc import Mapping

import pandas as pd

from timeshare.analysis.comparison import Side, side
from timeshare.analysis.estimates import best
from timeshare.analysis.pairs import Matching, pairs
from timeshare.report import wording
from timeshare.report.cards import Card, price
from timeshare.report.differences import (
    FEWEST,
    MOST,
    by_group,
    comparisons,
    jointly,
    largest_gain,
    paired_scores,
)
from timeshare.report.regions import by_change, map_cells, map_rows
from timeshare.report.results import Results
from timeshare.report.sides import BETTER, CHANGES, REAL, STAYS
from timeshare.report.verdicts import VERDICTS

ON_REAL = BETTER | {Side.OPEN: "these runs cannot tell"}
AS_MANY = {
    Side.SHARED: "a shared network with as many parameters is better",
    Side.SAME: "a shared network with as many parameters does as well",
    Side.UNSHARED: "a shared network with as many parameters is worse",
    Side.OPEN: "whether a shared network with as many parameters does as well there is open",
}
"""What the comparison at equal parameters says of a task with a large gain at equal width."""
SOMETIMES = "a shared network with as many parameters sometimes does as well"
NEVER_SHOWN = "whether a shared network with as many parameters ever does as well there is open"
"""The same where comparisons at several numbers of training sequences say different things."""
CLAUSES = {
    "supported": "it buys {}",
    "by construction": "by construction it buys {}",
    "contradicted": "it does not buy {}",
    "depends": "whether it buys {} depends",
    "inconclusive": "whether it buys {} stays open",
    "not tested": "whether it buys {} was not tested",
}


def answer(results: Results) -> tuple[str, ...]:
    """The answer in two lines without numbers; one that says so where nothing was measured."""
    few, many = (
        {name: side(each, results.margin) for name, each in by_group(results, series).items()}
        for series in (FEWEST, MOST)
    )
    table = map_cells(results, map_rows(results))
    first = by_change(table, results.margin) if len(table) else _by_rule(few, many)
    second = " ".join(filter(None, (_much(results), _on_real(results, few, many))))
    return tuple(filter(None, (first, second))) or (
        "The tables hold nothing that could answer this.",
    )


def _on_real(results: Results, few: Mapping[str, Side], many: Mapping[str, Side]) -> str:
    """Who is better on real data, and how many data sets that rests on."""
    if REAL not in many:
        return ""
    each = paired_scores(results)
    sets = each.loc[each["group"] == REAL, "task"].nunique()
    where = "the one real data set" if sets == 1 else "the real data sets together"
    if few.get(REAL, many[REAL]) is many[REAL]:
        return f"On {where} {ON_REAL[many[REAL]]}."
    return (
        f"On {where} {ON_REAL[few[REAL]]} with few training sequences, and {ON_REAL[many[REAL]]} "
        "with many."
    )


def _much(results: Results) -> str:
    """Where unshared weights do much better at equal width, and whether parameters explain it."""
    much = results.evidence.thresholds.much_better
    table = comparisons(results)
    if table.empty:
        return ""
    ahead = table[table["low"] > much]
    if ahead.empty:
        if (table["high"] < much).all():
            return "Nowhere do unshared weights do much better."
        return "Nowhere are unshared weights shown to do much better."
    titles = list(dict.fromkeys(ahead["task"]))
    tasks = table["task"].nunique()
    if len(titles) == tasks:
        where = "on every task"
    elif len(titles) == 1:
        where = f"only on {wording.quoted(titles[0])}"
    else:
        where = f"on some tasks, most on {wording.quoted(best(ahead)['task'])}"
    wide = _at_equal_parameters(results, ahead)
    found = [AS_MANY[each] for each in wide]
    if len(wide) > 1:
        found = [SOMETIMES if wide & {Side.SAME, Side.SHARED} else NEVER_SHOWN]
    clauses = [f"At equal width unshared weights do much better {where}", *found]
    return f"{'; '.join(clauses)}."


def _at_equal_parameters(results: Results, ahead: pd.DataFrame) -> set[Side]:
    """What comparisons with a widened shared network say where unshared weights do much better."""
    keys = ["task", "length", "train_size"]
    rows = results.evidence.of_compared_cell(results.at_length)
    tolerance = results.evidence.thresholds.equal_parameters
    wide = pairs(rows, Matching.PARAMETERS, tolerance).dropna(subset="effect")
    wide = wide.merge(ahead[keys], on=keys)
    return {side(jointly(results, part), results.margin) for _, part in wide.groupby(keys)}


def _by_rule(few: Mapping[str, Side], many: Mapping[str, Side]) -> str:
    """Who is better where the rule stays and where it changes with the step."""
    stays, changes = (_clause(few.get(name), many.get(name)) for name in (STAYS, CHANGES))
    if stays and stays == changes:
        return f"Whether the rule stays the same or changes with the step, {stays}."
    clauses = [
        f"where {rule}, {words}"
        for rule, words in (
            ("the rule is the same at every step", stays),
            ("it changes with the step" if stays else "the rule changes with the step", changes),
        )
        if words
    ]
    sentence = "; ".join(clauses)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def _clause(few: Side | None, many: Side | None) -> str:
    """Who is better with few training sequences and with many, in one clause."""
    if many is None:
        return ""
    if few in (None, many):
        return BETTER[many]
    assert few is not None
    return f"{BETTER[few]} with few training sequences, and {BETTER[many]} with many"


def cards(results: Results) -> tuple[Card, Card, Card]:
    """The rule stays and sequences are few, the largest gain of unsharing, and its price."""
    return _few(results), _gain(results), price(results)


def _few(results: Results) -> Card:
    """The difference where the rule stays, with the fewest training sequences."""
    title = "Rule stays, few sequences"
    groups = by_group(results, FEWEST)
    found = groups.get(STAYS) or by_group(results, MOST).get(STAYS)
    if found is None:
        return Card(title, "", "not measured", "open")
    amount = wording.decimal(abs(found.effect))
    match side(found, results.margin):
        case Side.SHARED:
            return Card(title, amount, "higher score with shared weights", "shared")
        case Side.UNSHARED:
            return Card(title, amount, "higher score with unshared weights", "unshared")
        case Side.SAME:
            return Card(title, amount, "apart in score: about the same", "open")
    return Card(title, amount, "apart in score: these runs cannot tell", "open")


def _gain(results: Results) -> Card:
    """The largest clear gain of unshared weights at equal width, over all tasks and sizes."""
    title = "Largest gain of unsharing"
    if comparisons(results).empty:
        return Card(title, "", "not measured", "open")
    row = largest_gain(results)
    if row is None:
        return Card(title, wording.decimal(0), "no clear gain on any task", "open")
    return Card(title, wording.decimal(row["effect"]), "in score, equal width", "unshared")


def bought(claims: pd.DataFrame | None) -> str:
    """What sharing buys, by verdict, and how many of all arguments hold."""
    if claims is None or claims.empty:
        return ""
    gainful = claims[claims["buys"] != ""]
    clauses = []
    for verdict in VERDICTS:
        rows = gainful[gainful["verdict"] == verdict]
        names = [f"{gain} ({each})" for gain, each in zip(rows["buys"], rows["id"], strict=True)]
        if names:
            clauses.append(CLAUSES[verdict].format(wording.listed(names)))
    whole = tally(claims)
    if not clauses:
        return whole
    said = "; ".join([clauses[0].replace("it ", "sharing ", 1), *clauses[1:]])
    return f"{whole} {said[:1].upper()}{said[1:]}."


def tally(claims: pd.DataFrame | None) -> str:
    """How many of the arguments have each verdict."""
    if claims is None or claims.empty:
        return ""
    counts = claims["verdict"].value_counts()
    tallied = [f"{counts[verdict]} {verdict}" for verdict in VERDICTS if verdict in counts]
    return (
        f"Of all {wording.counted(len(claims), 'argument')}, the rules fixed before the run "
        f"find {wording.listed(tallied)}."
    )
